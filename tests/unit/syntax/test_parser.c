#include "tests/unit/syntax/syntax_fixture.h"

// `let x = …` around an expression.
static void check_exprs(const char *const rows[][2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Arena *arena = arena_new();
        Str text = str_format(arena, "let x = %s", rows[i][0]);
        Str tree = str_format(arena, "(let x = %s)", rows[i][1]);
        check_row(&(Row){text.ptr, tree.ptr, NULL});
        arena_free(arena);
    }
}

#define CHECK_EXPRS(rows) check_exprs((rows), sizeof(rows) / sizeof *(rows))

static void test_operators_bind_by_priority(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"a + b * c", "(+ a (* b c))"},
        {"a * b + c", "(+ (* a b) c)"},
        {"a - b - c", "(- (- a b) c)"},
        {"a || b && c", "(|| a (&& b c))"},
        {"a ?? b || c", "(?? a (|| b c))"},
        {"a == b && c != d", "(&& (== a b) (!= c d))"},
        {"a + 1 < b % 2", "(< (+ a 1) (% b 2))"},
        {"!a.b && -c", "(&& (! a.b) (- c))"},
        {"!!a", "(! (! a))"},
        {"a in b && c", "(&& (in a b) c)"},
        {"a is string || b", "(|| (is a string) b)"},
        {"a is list<string>", "(is a list<string>)"},
        {"a ? b : c ? d : e", "(? a b (? c d e))"},
        {"a ? b ? c : d : e", "(? a (? b c d) e)"},
        {"a ?? b ? c : d", "(? (?? a b) c d)"},
        {"(a + b) * c", "(* (+ a b) c)"},
    };
    CHECK_EXPRS(rows);
}

static void test_operands(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"1.0", "1.0"},
        {"null", "null"},
        {"a.b-c[0].d(1, 2)", "a.b-c[0].d(1 2)"},
        {"f()", "f()"},
        {"f(\n  a\n  b,\n)", "f(a b)"},
        {"[]", "[]"},
        {"{}", "{}"},
        {"[1, 2,]", "[1 2]"},
        {"[1\n2\n\n3]", "[1 2 3]"},
        {"[[1], {a: 2}]", "[[1] {a:2}]"},
        {"{ a: 1, \"b c\": 2, \"${k}\": 3 }", "{a:1 \"b c\":2 \"${k}\":3}"},
        {"{ domain: a, with: b, require: c, type: d }", "{domain:a with:b require:c type:d}"},
        {"{ ...a, ...b ? {} : null }", "{...a ...(? b {} null)}"},
        {"[...a, for l in link: ...l.link.permissions]",
            "[...a (for l in link: ...l.link.permissions)]"},
        {"[for a, b in c if d: e]", "[(for a,b in c if d: e)]"},
        {"[for a in b: for c in a: c]", "[(for a in b: (for c in a: c))]"},
        {"{ for k, v in m: \"${k}\": v }", "{(for k,v in m: \"${k}\":v)}"},
        {"{ ...match a { b: c, else: d } }", "{...(match a [b: c] [else: d])}"},
        {"match a.b { x, y-*: 1\n \"z\", 2, true, null: { c: 3 } }",
            "(match a.b [x y-*: 1] [\"z\" 2 true null: {c:3}])"},
        {"{ @suppress(\"ALT1\", \"why\") a: 1 }", "{@suppress(\"ALT1\" \"why\") a:1}"},
    };
    CHECK_EXPRS(rows);
}

static void test_strings_mean_their_text(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"\"a\\tb\\\"\\\\\"", "\"a\tb\"\\\""},
        {"\"\\u{e9}\\u{1F600}\"", "\"\xC3\xA9\xF0\x9F\x98\x80\""},
        {"\"$${a}$\"", "\"${a}$\""},
        {"\"a${b}c${d}\"", "\"a${b}c${d}\""},
        {"'a\\n${b}'", "\"a\\n${b}\""},
        {"\"${\"$\"}${e}\"", "\"${\"$\"}${e}\""},
        {"\"\"", "\"\""},
        {"\"\"\"\n  a\n    b\n  \"\"\"", "\"a\\n  b\\n\""},
        {"\"\"\"\n  a\n    b\"\"\"", "\"a\\n  b\""},
        {"\"\"\"\n    a\n  \"\"\"", "\"  a\\n\""},
        {"\"\"\"\n  a\n\n  b\n  \"\"\"", "\"a\\n\\nb\\n\""},
        {"\"\"\"\n  ${a}\n   b ${c}\n  \"\"\"", "\"${a}\\n b ${c}\\n\""},
        {"\"\"\"\n  \\n $${x} $y\n  \"\"\"", "\"\\n ${x} $y\\n\""},
        {"'''\n  ${x} $${y}\n  '''", "\"${x} $${y}\\n\""},
        {"\"\"\"\r\n  a\r\n  b\r\n  \"\"\"", "\"a\\nb\\n\""},
        {"\"\"\"\n  \"\"\"", "\"\""},
        {"\"\"\"\n\ta\n\tb  \n\t\"\"\"", "\"a\\nb  \\n\""},
    };
    CHECK_EXPRS(rows);
}

static void test_lines_go_on_with_operators(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"let a =\n  b\n  ? c\n  : d", "(let a = (? b c d))", NULL},
        {"let a = b ||\n  c\nlet d = e\n  .f", "(let a = (|| b c)) (let d = e.f)", NULL},
        {"let a = [\n  b\n  [c]\n  (d)\n  -e\n]", "(let a = [b [c] d (- e)])", NULL},
        {"let a = 1\r\nlet b = 2\r\n", "(let a = 1) (let b = 2)", NULL},
        {"\xEF\xBB\xBFlet a = 1", "(let a = 1)", NULL},
        {"", "", NULL},
        {"// nothing\n", "", NULL},
    };
    CHECK_ROWS(rows);
}

static void test_types(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"type A = string | null", "(type A : string|null)", NULL},
        {"type A = \"x\" | 1 | true", "(type A : \"x\"|1|true)", NULL},
        {"type A =\n  \"x\"\n  | \"y\"", "(type A : \"x\"|\"y\")", NULL},
        {"type A = list<map<list<int>>>", "(type A : list<map<list<int>>>)", NULL},
        {"type A = { a: int = 1, b: { c: string }\n d: any }",
            "(type A : {a:int=1 b:{c:string} d:any})", NULL},
        {"var a: list<string>= []", "(var a : list<string> = [])", NULL},
        {"param P: AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>",
            "(param P : AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>)", NULL},
        {"param S: List<AWS::EC2::Subnet::Id> { Default: \"a\" }",
            "(param S : List<AWS::EC2::Subnet::Id> {Default:\"a\"})", NULL},
        {"param S: List<String>\nlet a = 1", "(param S : List<String>) (let a = 1)", NULL},
    };
    CHECK_ROWS(rows);
}

static void test_declarations(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"app { name: \"a\", tags: { x: y } }", "(app {name:\"a\" tags:{x:y}})", NULL},
        {"stages {\n  dev: {}\n  pr-*: { tier: \"dev\" }, \"x\": {}\n}",
            "(stages dev:{} pr-*:{tier:\"dev\"} x:{})", NULL},
        {"template { Description: \"a\" }", "(template {Description:\"a\"})", NULL},
        {"import \"./a.alt\"", "(import ./a.alt)", NULL},
        {"import \"std/web.alt\" { A, B }", "(import std/web.alt {A,B})", NULL},
        {"component C(a: int\n  b: int = a) {\n  output x = a\n}",
            "(component C (a:int b:int=a) (output x = a))", NULL},
        {"component C { }", "(component C)", NULL},
        {"fn f(a: int, b: int = 2): int = a + b", "(fn f (a:int b:int=2) : int = (+ a b))", NULL},
        {"fn f() = 1", "(fn f = 1)", NULL},
        {"var a[k]: int = 1 { env: \"A\", require it > 0, \"too small\"\n secret: true }",
            "(var a[k] : int = 1 {env:\"A\" (require (> it 0) \"too small\") secret:true})", NULL},
        {"var a: int { require it > 0, env: \"A\" }",
            "(var a : int {(require (> it 0)) env:\"A\"})", NULL},
        {"let a[k]: int = 1", "(let a[k] : int = 1)", NULL},
        {"domain d on dev, api-* { host: \"h\" }", "(domain d on dev,api-* {host:\"h\"})", NULL},
        {"condition C = a == \"b\"", "(condition C = (== a \"b\"))", NULL},
        {"mapping M { us-east-1: { \"64\": \"ami\" } }", "(mapping M {us-east-1:{\"64\":\"ami\"}})",
            NULL},
        {"rule R { Assertions: [] }", "(rule R {Assertions:[]})", NULL},
        {"output O[k]: Arn = A.Arn { Export: {} }", "(output O[k] : Arn = A.Arn {Export:{}})",
            NULL},
        {"moved a.b[\"c\"] to d", "(moved a.b[\"c\"] to d)", NULL},
        {"require a && b, \"both ${a}\"", "(require = (&& a b) \"both ${a}\")", NULL},
        {"require a,\n  'text'\nlet b = 1", "(require = a \"text\") (let b = 1)", NULL},
        {"on dev, \"x\", p-* {\n  let a = 1\n}", "(on on dev,x,p-* (let a = 1))", NULL},
        {"stack edge in \"us-east-1\" { let a = 1 }", "(stack edge = \"us-east-1\" (let a = 1))",
            NULL},
        {"if a { let b = 1 } else if c { let d = 2 } else { let e = 3 }",
            "(if = a (let b = 1) else (if = c (let d = 2) else (let e = 3)))", NULL},
        {"for k, v in m if k != \"a\" {\n  let b[k] = v\n}",
            "(for k,v in m if (!= k \"a\") (let b[k] = v))", NULL},
    };
    CHECK_ROWS(rows);
}

static void test_resources(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"resource A: AWS::SNS::Topic\nresource B: AWS::SNS::Topic {}",
            "(resource A : AWS::SNS::Topic) (resource B : AWS::SNS::Topic {})", NULL},
        {"resource A[\"${h}-${t}\"]: C { a: 1 }", "(resource A[\"${h}-${t}\"] : C {a:1})", NULL},
        {"resource A: C {\n  with Bucket.Inner { a: it }\n  @retain(x) with B {}\n}",
            "(resource A : C {(with Bucket.Inner {a:it}) @retain(x) (with B {})})", NULL},
        {"resource A: C {\n  @retain\n  with B {}\n}", "(resource A : C {@retain (with B {})})",
            NULL},
        {"resource A: C {\n  ...x ? { a: 1 } : { a: 2 }\n  for k in ks: \"${k}\": 1\n}",
            "(resource A : C {...(? x {a:1} {a:2}) (for k in ks: \"${k}\":1)})", NULL},
    };
    CHECK_ROWS(rows);
}

static void test_annotations_belong_to_declaration_body_or_entry(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"@retain\n@DependsOn(A, B) resource R: T {}",
            "(@retain @DependsOn(A B) resource R : T {})", NULL},
        {"resource R: T {\n  @id(\"X\")\n  a: 1\n}", "(resource R : T {<@id(\"X\") > a:1})", NULL},
        {"resource R: T {\n  a: 1\n  @retain\n}", "(resource R : T {a:1 <@retain >})", NULL},
        {"resource R: T { @retain, a: 1 }", "(resource R : T {<@retain > a:1})", NULL},
        {"resource R: T { @suppress(\"x\") a: 1 }", "(resource R : T {@suppress(\"x\") a:1})",
            NULL},
        {"resource R: T {\n  @id(\"X\")\n  @suppress(\"x\")\n  a: 1\n}",
            "(resource R : T {<@id(\"X\") > @suppress(\"x\") a:1})", NULL},
    };
    CHECK_ROWS(rows);
}

static void test_guards_and_tests(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"guard \"t\" on a-* {\n  require b,\n    \"m\"\n}", "(guard t on a-* (require b \"m\"))",
            NULL},
        {"guard \"t\"\n  on a unless allowed \"n\" {\n  deny add, delete of A.B, "
         "AWS::S3::Bucket\n}",
            "(guard t on a allow n (deny add,delete of A.B AWS::S3::Bucket))", NULL},
        {"guard \"t\" {\n}", "(guard t)", NULL},
        {"test \"t\" on dev {\n  set a = 1\n  set env.B = \"c\"\n  assert a == 1, \"m\"\n"
         "  refuse \"no\"\n}",
            "(test t on dev (set a 1) (set env.B \"c\") (assert (== a 1)) (refuse \"no\"))", NULL},
    };
    CHECK_ROWS(rows);
}

static void test_words_are_names_where_no_declaration_stands(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"let on = output", "(let on = output)", NULL},
        {"resource resource: T { on: dev, app: stages }",
            "(resource resource : T {on:dev app:stages})", NULL},
        {"let m = {\n  type: \"x\"\n  on: 1\n  resource: 2\n  import: 3\n}",
            "(let m = {type:\"x\" on:1 resource:2 import:3})", NULL},
        {"let l = [\n  type\n  output\n]", "(let l = [type output])", NULL},
        {"on on {\n}", "(on on on)", NULL},
    };
    CHECK_ROWS(rows);
}

static void test_comments_document(void **state)
{
    (void)state;
    Parsed parsed = parse_text(STR("/// one\n///  two\n@retain\nresource A: T {}\n"
                                   "/// gone\n\n/// kept\nlet x = 1\n//// no\nlet y = 2\n"
                                   "component C(\n  /// in\n  a: int\n) {}\n"
                                   "stages {\n  /// st\n  dev: {}\n}\n"));
    const DeclList *decls = &parsed.tree->decls;
    assert_true(str_is(decls->items[0]->doc, "one\n two"));
    assert_true(str_is(decls->items[1]->doc, "kept"));
    assert_int_equal(decls->items[2]->doc.len, 0);
    assert_true(str_is(decls->items[3]->fields.items[0].doc, "in"));
    assert_true(str_is(decls->items[4]->stages.items[0].doc, "st"));
    assert_string_equal(findings_of(&parsed).ptr, "");
    parsed_free(&parsed);
}

static void test_spans_cover_what_is_written(void **state)
{
    (void)state;
    Parsed parsed = parse_text(STR("let x = (a + b).c[1]  // end\n"));
    const Decl *decl = parsed.tree->decls.items[0];
    assert_int_equal(decl->span.start, 0);
    assert_int_equal(decl->span.end, 20);
    assert_int_equal(decl->name.span.start, 4);
    assert_int_equal(decl->value->span.start, 8);
    assert_int_equal(decl->value->span.end, 20);
    const Expr *member = decl->value->index.object;
    assert_int_equal(member->span.end, 17);
    assert_int_equal(member->member.object->span.end, 15);
    parsed_free(&parsed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operators_bind_by_priority),
        cmocka_unit_test(test_operands),
        cmocka_unit_test(test_strings_mean_their_text),
        cmocka_unit_test(test_lines_go_on_with_operators),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_declarations),
        cmocka_unit_test(test_resources),
        cmocka_unit_test(test_annotations_belong_to_declaration_body_or_entry),
        cmocka_unit_test(test_guards_and_tests),
        cmocka_unit_test(test_words_are_names_where_no_declaration_stands),
        cmocka_unit_test(test_comments_document),
        cmocka_unit_test(test_spans_cover_what_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
