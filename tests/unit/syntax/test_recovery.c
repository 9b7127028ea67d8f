// One mistake, one finding; what is sound around it is in the tree.

#include "tests/unit/syntax/syntax_fixture.h"

#include "compiler/syntax/lexer.h"

static void test_signs_that_look_alike(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"resource A: T {\n  a = 1\n  b: 2\n}", "(resource A : T {a:1 b:2})", "1206@2:5"},
        {"resource A = T {}", "(resource A : T {})", "1206@1:12"},
        {"type A: int\ncondition C: a", "(type A : int) (condition C = a)", "1207@1:7 1207@2:12"},
        {"let x = a & b\nlet y = a | b", "(let x = (&& a b)) (let y = (|| a b))",
            "1120@1:11 1120@2:11"},
        {"if a = 1 {\n}", "(if = (== a 1))", "1120@1:6"},
        {"let x = a -b", "(let x = (- a b))", "1119@1:11"},
        {"let x = match a { b => 1, c: 2 }", "(let x = (match a [b: 1] [c: 2]))", "1120@1:21"},
        {"type A = string[]\ntype B = int?", "(type A : string) (type B : int)",
            "1219@1:10 1219@2:10"},
        {"let x = 1; let y = 2;\nlet z = 3", "(let x = 1) (let y = 2) (let z = 3)",
            "1121@1:10 1121@1:21"},
        {"let x = a < b < c", "(let x = (< (< a b) c))", "1214@1:15"},
    };
    CHECK_ROWS(rows);
}

static void test_line_breaks_in_the_wrong_place(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"resource A: T\n{\n  a: 1\n}", "(resource A : T {a:1})", "1208@2:1"},
        {"if a {\n}\nelse {\n  let b = 1\n}", "(if = a else (let b = 1))", "1209@3:1"},
        {"on dev\n{\n  let a = 1\n}", "(on on dev (let a = 1))", "1208@2:1"},
        {"let a = 1 let b = 2", "(let a = 1) (let b = 2)", "1221@1:11"},
        {"let a = 1 +\nlet b = 2", "(let a = (+ 1 <error>)) (let b = 2)", "1201@1:12"},
        {"let a =\nlet b = 2", "(let a = <error>) (let b = 2)", "1212@1:5"},
    };
    CHECK_ROWS(rows);
}

static void test_keys_and_values(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"let x = {\n  aws:SourceArn: 1\n  a.b: 2\n  64: 3\n  if: 4\n  c: 5\n}",
            "(let x = {<error> <error> <error> <error> c:5})",
            "1210@2:3 1210@3:3 1210@4:3 1210@5:3"},
        {"let x = {\n  a:\n  b: 1\n  c:\n}", "(let x = {a:<error> b:1 c:<error>})",
            "1212@2:3 1212@4:3"},
        {"let x = {\n  a\n  b: 1\n}", "(let x = {<error> b:1})", "1201@2:4"},
        {"let x = [1 2 3]", "(let x = [1 2 3])", "1205@1:12 1205@1:14"},
        {"let x = f(a b)", "(let x = f(a b))", "1205@1:13"},
        {"let x = { a: 1 b: 2 }", "(let x = {a:1 b:2})", "1205@1:16"},
        {"let x = { a: !Ref B, b: !Sub \"c\", c: !d }", "(let x = {a:<error> b:<error> c:(! d)})",
            "1217@1:14 1217@1:25"},
        {"let x = { Fn::Join: [\",\", a] }", "(let x = {<error>})", "1218@1:11"},
        {"resource A: T {\n  if a {\n    b: 1\n  } else {\n    b: 2\n  }\n  c: 3\n}",
            "(resource A : T {c:3})", "1224@2:3"},
        {"let m = { @retain }", "(let m = {})", "1220@1:11"},
    };
    CHECK_ROWS(rows);
}

static void test_names_and_types_that_are_missing(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"let for = 1\nlet y = 2", "(let for = 1) (let y = 2)", "1211@1:5"},
        {"var x = 5\nvar y", "(var x : <error> = 5) (var y : <error>)", "1213@1:5 1213@2:5"},
        {"let = 1\nlet y = 2", "(let = 1) (let y = 2)", "1201@1:5"},
        {"resource : T {}\nlet y = 2", "(resource : T {}) (let y = 2)", "1201@1:10"},
        {"let x: int\nlet y = 2", "(let x : int = <error>) (let y = 2)", "1212@1:5"},
        {"resource \"t\" \"n\" {\n  a: 1\n}\nlet y = 2", "(resource {a:1}) (let y = 2)",
            "1201@1:10"},
        {"resource A T {\n}", NULL, "1201@1:12"},
        {"fn f(a, b: int): int = b", "(fn f (a:<error> b:int) : int = b)", "1213@1:6"},
        {"guard \"a ${b}\" {\n}", NULL, "1223@1:7"},
        {"@retain\n", "", "1220@1:1"},
    };
    CHECK_ROWS(rows);
}

static void test_brackets_that_are_not_closed(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"resource A: T {\n  a: 1\n\nresource B: T {\n  b: 2\n}",
            "(resource A : T {a:1}) (resource B : T {b:2})", "1203@1:15"},
        {"let a = [1, 2\nlet b = (1\nlet c = f(1\nlet d = 4",
            "(let a = [1 2]) (let b = 1) (let c = f(1)) (let d = 4)",
            "1203@1:9 1203@2:9 1203@3:10"},
        {"on dev {\n  if x {\n    let a = 1\n\n  let b = 2\n}\n\non prod {\n  let c = 3\n}",
            "(on on dev (if = x (let a = 1)) (let b = 2)) (on on prod (let c = 3))", "1203@2:8"},
        {"let a = {\n  b: {\n    c: 1\n  d: 2\n}\nlet e = 3", "(let a = {b:{c:1} d:2}) (let e = 3)",
            "1203@2:6"},
        {"let a = {\n  b: [1, 2\n  c: 3\n}", "(let a = {b:[1 2] c:3})", "1203@2:6"},
        {"component C(a: int {\n  let b = a\n}\nlet c = 1",
            "(component C (a:int) (let b = a)) (let c = 1)", "1203@1:12"},
        {"on dev {\n  let a = 1", "(on on dev (let a = 1))", "1203@1:8"},
        {"let a = [1, 2}\nlet b = 1", NULL, "1203@1:9"},
        {"let a = {\n  b: [1, 2}\n  c: 3\n}\nlet d = 1", "(let a = {b:[1 2] c:3}) (let d = 1)",
            "1201@2:11"},
    };
    CHECK_ROWS(rows);
}

static void test_brackets_too_many(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"}\nlet a = 1", "(let a = 1)", "1204@1:1"},
        {"let a = {\n  b: 1 }\n  c: 2\n}\nlet d = 3", "(let a = {b:1 c:2}) (let d = 3)",
            "1204@2:8"},
        {"let a = f(1))\nlet b = 2", NULL, "1201@1:13"},
    };
    CHECK_ROWS(rows);
}

static void test_quotes_break_one_line(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"let a = \"x\nlet b = 2", "(let a = <error>) (let b = 2)", "1110@1:9"},
        {"let a = [\"x\", \"y, \"z\"]\nlet b = 2", NULL, "1110@1:21"},
        {"let a = {\n  b: \"x }\n  c: 1\n}\nlet d = 2", NULL, "1110@2:6"},
        {"test \"t {\n  assert a\n}\nlet b = 1", "(test (assert a)) (let b = 1)", "1110@1:6"},
        {"let a = \"x ${y\"\nlet b = 2", "(let a = <error>) (let b = 2)", "1112@1:12"},
        {"let a = \"x ${y z\"\nlet b = 2", NULL, "1112@1:12"},
        {"let a = \"${}\"\nlet b = 2", "(let a = \"${<error>}\") (let b = 2)", "1222@1:10"},
        {"let a = \"\"\"\n  ${X:-y} ${z}\n  \"\"\"\nlet b = 1", NULL, "1201@2:6"},
    };
    CHECK_ROWS(rows);
}

static void test_words_that_begin_no_declaration(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"resorce A: T {\n  a: 1\n}\nlet b = 2", "(resorce A : T {a:1}) (let b = 2)", "1202@1:1"},
        {"foo bar {\n  let a = 1\n}\nlet b = 2", "(<error>) (let b = 2)", "1202@1:1"},
        {"a: 1\nb: 2\nlet c = 3", "(<error>) (<error>) (let c = 3)", "1202@1:1"},
        {"if a {\n} elif b {\n}", "(if = a else (elif = b))", "1201@2:3"},
        {"if a then {\n  let b = 1\n}", "(if = a (let b = 1))", "1201@1:6"},
    };
    CHECK_ROWS(rows);
}

// `count` times the text, parsed.
static Parsed parse_repeated(const char *text, size_t count)
{
    size_t len = strlen(text);
    char *all = malloc(len * count);
    for (size_t i = 0; i < count; i++)
        memcpy(all + i * len, text, len);
    Parsed parsed = parse_text((Str){all, len * count});
    free(all);
    return parsed;
}

static void test_nesting_has_a_limit_and_one_finding(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"let x = ", "["},
        {"let x = ", "!"},
        {"let x = ", "("},
        {"let x = ", "a ? "},
        {"let x = ", "match a { b: "},
        {"let x = ", "\"${"},
        {"let x = ", "[{a: ("},
        {"type A = ", "{a: "},
        {"", "if a { "},
        {"if a {}", " else if b {}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Buf text;
        buf_init(&text, 0);
        buf_add_text(&text, rows[i][0]);
        for (size_t j = 0; j < 20000; j++)
            buf_add_text(&text, rows[i][1]);
        Parsed parsed = parse_text(buf_str(&text));
        size_t found = 0;
        DiagList list = diag_sorted(parsed.diags);
        for (size_t j = 0; j < list.len; j++)
            found += list.items[j]->code == DIAG_NESTED_TOO_DEEP;
        if (found != 1 || list.len > 3)
            print_error("%s: %s\n", rows[i][1], findings_of(&parsed).ptr);
        assert_int_equal(found, 1);
        assert_true(list.len <= 3);
        parsed_free(&parsed);
        buf_release(&text);
    }
}

static void test_long_chains_do_not_make_deep_trees(void **state)
{
    (void)state;
    static const char *const units[] = {" + a", ".a", "[0]", " && a", "(1)"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        Buf text;
        buf_init(&text, 0);
        buf_add_text(&text, "let x = a");
        for (size_t j = 0; j < SYNTAX_NESTING_MAX + 50; j++)
            buf_add_text(&text, units[i]);
        Parsed parsed = parse_text(buf_str(&text));
        assert_int_equal(diag_error_count(parsed.diags), 1);
        assert_int_equal(diag_sorted(parsed.diags).items[0]->code, DIAG_NESTED_TOO_DEEP);
        parsed_free(&parsed);
        buf_release(&text);
    }
}

static void test_findings_of_a_file_are_bounded(void **state)
{
    (void)state;
    Parsed parsed = parse_repeated("let a = 1;\n", 5000);
    DiagList list = diag_sorted(parsed.diags);
    assert_int_equal(list.len, SYNTAX_ERRORS_MAX + 1);
    assert_int_equal(list.items[SYNTAX_ERRORS_MAX]->code, DIAG_TOO_MANY_SYNTAX_ERRORS);
    parsed_free(&parsed);
}

// A sanitizer gives each node a block of its own, gigabytes here; the limit is the same without it.
#if !defined(__SANITIZE_ADDRESS__)
static void test_values_of_a_file_are_bounded(void **state)
{
    (void)state;
    size_t count = SYNTAX_VALUES_MAX + 100;
    char *text = malloc(count * 2 + 9);
    memcpy(text, "let a = [", 9);
    for (size_t i = 0; i < count; i++)
        memcpy(text + 9 + i * 2, "1,", 2);
    Parsed parsed = parse_text((Str){text, count * 2 + 9});
    DiagList list = diag_sorted(parsed.diags);
    assert_int_equal(list.len, 1);
    assert_int_equal(list.items[0]->code, DIAG_FILE_TOO_MANY_VALUES);
    parsed_free(&parsed);
    free(text);
}
#endif

// Applies the first fix of the first finding.
static Str fixed(Parsed *parsed)
{
    const Diag *diag = diag_sorted(parsed->diags).items[0];
    assert_true(diag->fixes.len > 0);
    const DiagFix *fix = &diag->fixes.items[0];
    Str text = source_text(parsed->sources, parsed->file);
    Str before = str_slice(text, 0, fix->span.start);
    Str behind = str_slice(text, fix->span.end, text.len);
    return str_format(
        parsed->arena, "%.*s%.*s%.*s", STR_FMT(before), STR_FMT(fix->replacement), STR_FMT(behind));
}

static void test_fixes_mend(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "let x = { a = 1 }",
        "let x = { a=1 }",
        "type A: int",
        "let x = 1;",
        "# x\nlet a = 1",
        "let x = a & b",
        "let x = a- b",
        "let x = f(a)-1",
        "let x = a -b",
        "resource A: T\n{\n}",
        "if a {\n}\nelse {\n}",
        "let x = { aws:SourceArn: 1 }",
        "let x = [1 2]",
        "let x = 2012-10-17",
        "type A = string[]",
        "type A = int?",
        "let x = \"abc",
        "let x = `a`",
        "let x = \xE2\x80\x9C"
        "a\xE2\x80\x9D",
        "let x = a\xC2\xA0+ 1",
        "let x = \"\\d\"",
        "let x = {\n  a: [1}\n}",
        "resource A: \"AWS::SNS::Topic\" {}",
        "let a = 1 let b = 2",
        "resorce A: T {}",
        "let x = list.0",
        "let x = [for a of b: a]",
        "if a {\n} elif b {\n}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Parsed parsed = parse_text(str_of(texts[i]));
        assert_int_equal(diag_error_count(parsed.diags), 1);
        Parsed again = parse_text(fixed(&parsed));
        if (diag_error_count(again.diags))
            print_error("still wrong: %s\n", texts[i]);
        assert_int_equal(diag_error_count(again.diags), 0);
        parsed_free(&again);
        parsed_free(&parsed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signs_that_look_alike),
        cmocka_unit_test(test_line_breaks_in_the_wrong_place),
        cmocka_unit_test(test_keys_and_values),
        cmocka_unit_test(test_names_and_types_that_are_missing),
        cmocka_unit_test(test_brackets_that_are_not_closed),
        cmocka_unit_test(test_brackets_too_many),
        cmocka_unit_test(test_quotes_break_one_line),
        cmocka_unit_test(test_words_that_begin_no_declaration),
        cmocka_unit_test(test_nesting_has_a_limit_and_one_finding),
        cmocka_unit_test(test_long_chains_do_not_make_deep_trees),
        cmocka_unit_test(test_findings_of_a_file_are_bounded),
#if !defined(__SANITIZE_ADDRESS__)
        cmocka_unit_test(test_values_of_a_file_are_bounded),
#endif
        cmocka_unit_test(test_fixes_mend),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
