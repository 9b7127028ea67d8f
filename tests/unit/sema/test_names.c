#include "tests/unit/sema/sema_fixture.h"

static void names_mean_what_is_declared(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {"let a = b\nlet b = 1", ""},
        {"let a = c\nlet b = 1", "2001 1:9"},
        {"let a = \"${b} ${c}\"\nlet b = 1", "2001 1:17"},
        {"let a = { b: c, \"${d}\": 1 }", "2001 1:14; 2001 1:20"},
        {"let a = [b, ...c]", "2001 1:10; 2001 1:16"},
        {"let a = b ? c : d", "2001 1:9; 2001 1:13; 2001 1:17"},
        {"let a = b + c * d", "2001 1:9; 2001 1:13; 2001 1:17"},
        {"let a = stage.name\nlet b = app.name\nlet c = aws.region", ""},
        {"let a = { b: 1 }.b", ""},
        {"let a = self.name", "2008 1:9"},
        {"let a = it", "2008 1:9"},
        {"let a = template", "2008 1:9"},
        {"var a: int = 1 { require it > 0 }", ""},
        {"var a: int = it", "2008 1:14"},
        {"component C() { let a = self.name\n output b = a }", ""},
        {"component C() { output a = 1\n let b = a }", "2001 2:10"},
        {"component C(a: int, b: int = a) { let c = b }", ""},
        {"fn f(a: int): int = a\nlet b = a", "2001 2:9"},
        {"fn f(a: int, a: int): int = a", "2005 1:14"},
        {"let a = 1\nlet a = 2", "2005 2:5"},
        {"let a = 1\nif true { let a = 2 }", "2005 2:15"},
        {"component C(a: int) { let a = 1 }", "2005 1:27"},
        {"let a = 1\ncomponent C(a: int) { let b = a }\nfn f(a: int): int = a", ""},
        {"component Bucket() { resource Bucket: AWS::S3::Bucket }", ""},
        {"let stage = 1\nlet it = 2\nlet join = 3", "2006 1:5; 2006 2:5"},
        {"type string = int\ncomponent Host() {}", "2006 1:6; 2006 2:11"},
        {"output a = 1\noutput a = 2", "2005 2:8"},
        {"if true { output a = 1 } else { output a = 2 }", ""},
        {"rule A { Assertions: [] }\nrule A { Assertions: [] }", "2005 2:6"},
        {"app { name: \"a\" }\napp { name: \"b\" }", "2005 2:1"},
    };
    CHECK_ROWS(ROWS);
}

static void a_name_declared_in_a_block_is_known_outside(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {"let a = b\nif true { let b = 1 } else { let c = 1 }\nlet d = c", ""},
        {"let a = b[\"x\"]\nfor k in [\"x\"] { let b[k] = k }", ""},
        {"component C() { if true { stack s { resource R: AWS::SNS::Topic } }\n output r = R }",
            ""},
    };
    CHECK_ROWS(ROWS);
}

static void loops_bind_and_must_not_hide(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {"let a = [for x in [1]: x]\nlet b = x", "2001 2:9"},
        {"let a = [for x in y: x]", "2001 1:19"},
        {"let a = { for k, v in {} if v: \"${k}\": v }", ""},
        {"let a = [for x in [1] if y: x]", "2001 1:26"},
        {"let x = 1\nlet a = [for x in [1]: x]", "2007 2:14"},
        {"let a = [for x in [1]: [for x in [1]: x]]", "2007 1:29"},
        {"let a = [for x, x in [1]: x]", "2007 1:17"},
        {"fn f(x: int): any = [for x in [1]: x]", "2007 1:26"},
        {"let a = [for stage in [1]: 1]", "2006 1:14"},
        {"let a = [for upper in [1]: upper]", ""},
        {"for k in [\"a\"] { let a[k] = k }\nlet b = k", "2001 2:9"},
        {"for k in [\"a\"] { for k in [\"b\"] { let a[k] = k } }", "2007 1:22"},
        {"for k in [\"a\"] { let a = k\n resource T: AWS::SNS::Topic }", "2013 1:22; 2013 2:11"},
        {"for k in [\"a\"] { param P: String }", "2012 1:18"},
    };
    CHECK_ROWS(ROWS);
}

static void functions_are_called_with_what_they_take(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {"fn f(a: int, b: int = 1): int = a + b\nlet x = f(1) + f(1, 2)", ""},
        {"fn f(a: int, b: int = 1): int = a + b\nlet x = f() + f(1, 2, 3)", "2011 2:9; 2011 2:15"},
        {"let x = upper(\"a\", \"b\")", "2011 1:9"},
        {"let x = uper(\"a\")", "2002 1:9"},
        {"let x = upper", "2010 1:9"},
        {"fn f(): int = 1\nlet x = f", "2010 2:9"},
        {"let y = 1\nlet x = y()", "2009 2:9"},
        {"let y = {}\nlet x = y.z()", "2009 2:9"},
        {"fn upper(s: string): string = s\nlet x = upper(\"a\")", ""},
        {"let x = cfn.join(\",\", [])", ""},
        {"let x = cfn.Whatever({})", ""},
        {"let x = count(\"a\")", "2008 1:9"},
        {"fn f(n: int): int = f(n)", "2014 1:4"},
        {"fn f(n: int): int = g(n)\nfn g(n: int): int = h(n)\nfn h(n: int): int = g(n)",
            "2014 2:4"},
        {"fn f(n: int): int = g(n)\nfn g(n: int): int = n\nfn h(n: int): int = g(f(n))", ""},
    };
    CHECK_ROWS(ROWS);
}

static void wrong_names_are_told_the_right_one(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *note;
    } ROWS[] = {
        {"let colour = 1\nlet a = colur", "did you mean 'colour'"},
        {"let a = [for item in [1]: itme]", "did you mean 'item'"},
        {"let a = uper(\"\")", "did you mean 'upper'"},
        {"let a = aws.regoin", "did you mean 'region'"},
        {"type Size = int\nlet a = Size", "which is no value"},
        {"component Site() {}\nlet a = Site", "resource Name: Site"},
        {"component C() { output a = 1\n let b = a }", "give its value a name"},
        {"var a: strng = \"\"", "did you mean 'string'"},
        {"param A: string", "did you mean 'String'"},
        {"@Dependson(a)\nresource a: AWS::SNS::Topic", "did you mean 'DependsOn'"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        Analysed a = analyse(ROWS[i].text);
        if (!has_note(&a, ROWS[i].note))
            fail_msg("%s: no note '%s'", ROWS[i].text, ROWS[i].note);
        arena_free(a.arena);
    }
}

static void types_are_known_names(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {"type A = { b: list<B>, c: \"x\" | 1 | true | null }\ntype B = string", ""},
        {"type A = list<C>", "2003 1:15"},
        {"type A = string<int>", "2030 1:17"},
        {"component C(a: AWS::S3::Bucket | D) {}\ncomponent D() {}", ""},
        {"let a = 1 is int\nlet b = 1 is C", "2003 2:14"},
        {"param A: List<AWS::EC2::Subnet::Id>\nparam B: Number", ""},
        {"param A: int", "2003 1:10"},
        {"type A = { b: A }", "2015 1:6"},
        {"type A = B | null\ntype B = list<A>", "2015 1:6"},
        {"type A = { b: int, b: int }", "2026 1:20"},
        {"type A = { b: int = c }", "2001 1:21"},
        {"type A = int\ntype A = string", "2005 2:6"},
        {"type A = int\ncomponent A() {}", "2005 2:11"},
    };
    CHECK_ROWS(ROWS);
}

static void keys_are_written_once(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {"let a = { b: 1, b: 2 }", "2026 1:17"},
        {"let a = { b: 1, \"b\": 2 }", "2026 1:17"},
        {"let a = { b: 1, ...{ b: 2 }, for k in [\"b\"]: \"${k}\": 1 }", ""},
        {"let a = { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1, i: 1, c: 2, j: 1, j: 1 }",
            "2026 1:65; 2026 1:77"},
        {"resource T: AWS::SNS::Topic { A: 1, A: 2 }", "2026 1:37"},
        {"app { name: \"a\", name: \"b\" }", "2026 1:18"},
    };
    CHECK_ROWS(ROWS);
}

static void declarations_stand_where_they_may(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {"if true { fn f(): int = 1 }", "2012 1:11"},
        {"component C() { component D() {} }", "2012 1:17"},
        {"component C() { var a: int = 1 }", "2012 1:17"},
        {"component C() { if true { domain d { host: \"a.b\" } } }", "2012 1:27"},
        {"if true { test \"t\" { assert true } }", "2012 1:11"},
        {"stack a { if true { stack b {} } }", "2012 1:21"},
        {"if true { var a: int = 1\n guard \"g\" { require true } }", ""},
    };
    CHECK_ROWS(ROWS);
}

static void tests_know_more_names(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {"test \"t\" { assert count(\"A::B\") == 1\n assert template.Resources == templates.a }",
            ""},
        {"test \"t\" { assert count() == 1 }", "2011 1:19"},
        {"test \"t\" { assert count == 1 }", "2010 1:19"},
        {"var a: int = 1\nlet b = a\ntest \"t\" { set a = 2\n set b = 3\n set env.X = \"1\" }", ""},
        {"test \"t\" { set a = 2 }", "2001 1:16"},
        {"resource a: AWS::SNS::Topic\ntest \"t\" { set a = 2 }", "2032 2:16"},
        {"var env: string = \"a\"\ntest \"t\" { set env.X = \"1\"\n assert env == \"a\" }", ""},
        {"var count: int = 1\ntest \"t\" { assert count(\"A\") == count }", ""},
        {"test \"t\" { refuse b }", "2001 1:19"},
    };
    CHECK_ROWS(ROWS);
}

static void guards_and_moves_may_name_what_is_gone(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {"guard \"g\" { deny delete, replace of Gone, AWS::RDS::DBInstance, Gone.Inner[\"a\"] }",
            ""},
        {"guard \"g\" { deny drop of Gone }", "2034 1:18"},
        {"guard \"g\" { require gone }", "2001 1:21"},
        {"resource a: AWS::SNS::Topic\nmoved Old to a\nmoved Old[\"x\"] to b", "2001 3:19"},
        {"let a = 1\nmoved Old to a", "2033 2:14"},
        {"guard \"g\" { deny delete of Gone[k] }", "2001 1:33"},
    };
    CHECK_ROWS(ROWS);
}

static void annotations_are_known_and_fit(void **state)
{
    (void)state;
#define T "resource T: AWS::SNS::Topic\n"
    static const Row ROWS[] = {
        {T "@DependsOn(T)\n@retain\n@id(\"X\")\nresource U: AWS::SNS::Topic", ""},
        {"@DependsOn(V)\n" T, "2001 1:12"},
        {"@DependsOn\n" T, "2011 1:1"},
        {"@retain(true, false)\n" T, "2011 1:1"},
        {"@nothing\n" T, "2022 1:2"},
        {"@retain\nlet a = 1", "2023 1:1"},
        {"@retain\n@retain\n" T, "2024 2:1"},
        {"@attribute(\"A\", 1)\n@attribute(\"B\", 1)\n" T, ""},
        {"@suppress(\"ALT1001\", \"why\")\nlet a = 1", ""},
        {"@suppress(\"ALT9\", \"why\")\nlet a = 1", "2025 1:11"},
        {"@suppress(\"ALT1001\")\nlet a = 1", "2011 1:1"},
        {"resource T: AWS::SNS::Topic {\n  @DeletionPolicy(\"Retain\") A: 1\n}", "2023 2:3"},
    };
#undef T
    CHECK_ROWS(ROWS);
}

static void a_mistake_is_reported_once_and_causes_no_other(void **state)
{
    (void)state;
    Analysed a = analyse("import \"./gone.alt\"\nlet x = y + z");
    assert_findings(&a, "an import that failed", "1301 1:8");
    arena_free(a.arena);
    a = analyse("import \"./gone.alt\" { y }\nlet x = y + z");
    assert_findings(&a, "an import of one name that failed", "1301 1:8; 2001 2:13");
    arena_free(a.arena);
}

// The parser's findings come first; only what does not follow from them is added.
static void text_that_cannot_be_parsed_causes_no_findings_about_names(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {"lte a = 1\nlet b = a", "1202 1:1"},
        {"lte a = 1\nlet b = a\nlet c = wrong", "1202 1:1; 2001 3:9"},
        {"let a = = 1\nlet b = a\nlet c = aws.x", "1201 1:9; 2017 3:13"},
        {"component C() {\n  let a = 1\nlet b = a\nvar c: int = b\n", "1203 1:15"},
    };
    CHECK_ROWS(ROWS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_mean_what_is_declared),
        cmocka_unit_test(a_name_declared_in_a_block_is_known_outside),
        cmocka_unit_test(loops_bind_and_must_not_hide),
        cmocka_unit_test(functions_are_called_with_what_they_take),
        cmocka_unit_test(wrong_names_are_told_the_right_one),
        cmocka_unit_test(types_are_known_names),
        cmocka_unit_test(keys_are_written_once),
        cmocka_unit_test(declarations_stand_where_they_may),
        cmocka_unit_test(tests_know_more_names),
        cmocka_unit_test(guards_and_moves_may_name_what_is_gone),
        cmocka_unit_test(annotations_are_known_and_fit),
        cmocka_unit_test(text_that_cannot_be_parsed_causes_no_findings_about_names),
        cmocka_unit_test(a_mistake_is_reported_once_and_causes_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
