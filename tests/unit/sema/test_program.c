// Imports, stages, components and `match`: what needs more than one declaration to go wrong.
#include "tests/unit/sema/sema_fixture.h"

#define ANALYSE(...)                                                                               \
    const FakeFile FILES[] = {__VA_ARGS__, {"/prog", NULL, NULL}};                                 \
    Analysed a = analyse_files(FILES, sizeof FILES / sizeof *FILES)

// ---- imports ----

static void imports_show_names_and_types(void **state)
{
    (void)state;
    ANALYSE({"/prog/main.alt",
                "import \"./a.alt\"\nimport \"./b.alt\" { T, f }\n"
                "let x = a + f()\nvar y: T = 1\nresource r: C { s: 1 }\n",
                NULL},
        {"/prog/a.alt",
            "import \"./b.alt\"\nlet a = 1\nif true { resource R: AWS::SNS::Topic }\n"
            "component C(s: T) { let q = a }",
            NULL},
        {"/prog/b.alt", "type T = int\nfn f(): int = g()\nfn g(): int = 1", NULL});
    assert_findings(&a, "imports", "");
    arena_free(a.arena);
}

static void imports_are_not_passed_on(void **state)
{
    (void)state;
    ANALYSE({"/prog/main.alt", "import \"./a.alt\" { b, c, aa }\nlet x = b\nlet y = c\nlet z = aa",
                NULL},
        {"/prog/a.alt", "import \"./b.alt\"\nlet a = b\noutput c = a", NULL},
        {"/prog/b.alt", "let b = 1", NULL});
    assert_findings(&a, "passed on", "1320 1:20; 1320 1:23; 1320 1:26");
    assert_true(has_note(&a, "declared in 'b.alt'"));
    assert_true(has_note(&a, "an output is no name"));
    assert_true(has_note(&a, "did you mean 'a'"));
    arena_free(a.arena);
}

static void imports_must_not_clash(void **state)
{
    (void)state;
    ANALYSE(
        {"/prog/main.alt",
            "import \"./a.alt\"\nimport \"./b.alt\"\nimport \"./c.alt\" { w }\nlet own = 1", NULL},
        {"/prog/a.alt", "let v = 1\nlet own = 2\ntype T = int", NULL},
        {"/prog/b.alt", "let v = 1\ntype T = int", NULL}, {"/prog/c.alt", "let w = 1", NULL});
    assert_findings(&a, "clash", "1322 1:8; 1321 2:8; 1321 2:8");
    arena_free(a.arena);
}

static void a_name_of_a_file_that_is_not_imported_is_pointed_at(void **state)
{
    (void)state;
    ANALYSE({"/prog/main.alt", "import \"./a.alt\" {}\nlet x = far", NULL},
        {"/prog/a.alt", "let far = 1", NULL});
    assert_findings(&a, "not imported", "2001 2:9");
    assert_true(has_note(&a, "declared in 'a.alt', which this file does not import"));
    arena_free(a.arena);
}

// ---- components ----

#define SITE                                                                                       \
    "component Site(path: string, host: Host | null, open: bool = true) {\n"                       \
    "  resource Files: AWS::S3::Bucket\n  resource Inner: Part { size: 1 }\n"                      \
    "  output url = path\n}\n"                                                                     \
    "component Part(size: int) { resource Topic: AWS::SNS::Topic }\n"

static void instances_give_the_inputs_of_their_component(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {SITE "resource S: Site { path: \"a\", open: false, Tags: {} }", ""},
        {SITE "resource S: Site { host: null }", "2019 7:10"},
        {SITE "resource S: Site { pth: \"a\", path: \"b\" }", "2018 7:20"},
        {SITE "resource S: Site { ...{ path: \"a\" } }", ""},
        {SITE "resource S: Site { path: a }", "2001 7:26"},
        {SITE "resource S: Sight {}", "2004 7:13"},
        {"type T = int\nresource S: T {}", "2004 2:13"},
        {"resource S: Alt::Site::Files {}\nresource U: Custom::Thing {}", ""},
        {"component A() { resource B: B {} }\ncomponent B() { resource A: A {} }", "2016 1:11"},
        {"component A() { resource B: A {} }", "2016 1:11"},
    };
    CHECK_ROWS(ROWS);
}

static void members_of_instances_are_known(void **state)
{
    (void)state;
#define S SITE "resource S: Site { path: \"a\" }\n"
    static const Row ROWS[] = {
        {S "let a = [S.url, S.Files, S.Files.Arn, S.Inner.Topic, S.Inner.Topic.TopicName]", ""},
        {S "let a = S.ulr", "2017 8:11"},
        {S "let a = S.Inner.Topik", "2017 8:17"},
        {S "let a = S.url.anything.goes", ""},
        {SITE "for k in [\"a\"] { resource S[k]: Site { path: k } }\nlet a = S[\"a\"].urk",
            "2017 8:16"},
        {SITE "for k in [\"a\"] { resource S[k]: Site { path: k } }\nlet a = S.a", ""},
        {"domain d { host: \"a.b\" }\nlet a = [d.url, d.host, d.zone]\nlet b = d.hots",
            "2017 3:11"},
        {"domain d { hots: \"a.b\" }", "2031 1:12"},
        {"let a = aws.regoin", "2017 1:13"},
        {"let a = app.nme", "2017 1:13"},
        {"component C() { let a = self.nmae }", "2017 1:30"},
    };
#undef S
    CHECK_ROWS(ROWS);
}

static void with_reaches_what_is_in_the_component(void **state)
{
    (void)state;
#define S(text) SITE "resource S: Site {\n  path: \"a\"\n  " text "\n}\n"
    static const Row ROWS[] = {
        {S("with Files { BucketName: it }"), ""},
        {S("with Inner.Topic { DisplayName: it }"), ""},
        {S("with Inner { with Topic { DisplayName: it } }"), ""},
        {S("with Inner { size: it + 1 }"), ""},
        {S("with Inner { sise: 1 }"), "2018 9:16"},
        {S("with File { A: 1 }"), "2020 9:8"},
        {S("with Inner.Topik { A: 1 }"), "2020 9:14"},
        {S("with Files.Topic { A: 1 }"), "2021 9:14"},
        {S("@retain(true) with Files {}"), ""},
        {S("with Files { A: nothing }"), "2001 9:19"},
        {"resource T: AWS::SNS::Topic { with A { B: 1 } }", "2021 1:31"},
    };
#undef S
    CHECK_ROWS(ROWS);
}

// ---- stages ----

#define STAGES                                                                                     \
    "stages {\n  dev: { tier: \"dev\", aliases: [\"test\"] }\n"                                    \
    "  api-dev: { tier: \"dev\" }\n  prod: { tier: \"live\" }\n  old: { retired: \"gone\" }\n}\n"

static void stages_are_named_as_they_are_declared(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {STAGES "on dev, api-*, PROD { let a = stage.tier }", ""},
        {STAGES "on dew { let a = 1 }", "4001 7:4"},
        {STAGES "on app-* { let a = 1 }", "4002 7:4"},
        {STAGES "on test { let a = 1 }", "4007 7:4"},
        {STAGES "domain d on nowhere { host: \"a.b\" }", "4001 7:13"},
        {STAGES "let a = stage.teir", "2017 7:15"},
        {STAGES "app { defaultStage: \"Test\" }", ""},
        {STAGES "app { defaultStage: \"nix\" }", "4001 7:21"},
        {"on dev { let a = 1 }", "4003 1:4"},
        {"stages { a: {}, A: {} }", "4004 1:17"},
        {"stages { a: { aliases: [\"c\"] }, b: { aliases: [\"C\"] } }", "4004 1:48"},
        {"stages { a: {}, b: { aliases: [\"a\"] } }", "4004 1:32"},
        {"stages { a: { aliases: [\"a b\"] }, \"c d\": {} }", "4005 1:25; 4005 1:35"},
        {"stages { a: { aliases: [a] } }", "2001 1:25; 4006 1:25"},
        {"stages { a: { aliases: \"b\" } }", "4006 1:24"},
        {"stages { a: { hatchOf: \"b\" } }", "4001 1:24"},
        {"stages { a: { hatchOf: \"a\" } }", "4008 1:24"},
        {"stages { a: { hatchOf: \"c\" }, b: { aliases: [\"c\"] } }", "4007 1:24"},
        {"stages { a: { name: \"x\" } }", "4009 1:15"},
        {"stages { pr-*: {} }\non pr-12 { let a = 1 }\non pr-* { let b = 1 }\non p-* { let c = 1 }",
            "4002 4:4"},
    };
    CHECK_ROWS(ROWS);
}

static void a_match_covers_what_can_come(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {STAGES "let a = match stage.tier { dev: 1, live: 2, null: 3 }", ""},
        {STAGES "let a = match stage.tier { dev: 1, else: 2 }", ""},
        {STAGES "let a = match stage.tier { live: 2, null: 3 }", "2028 7:9"},
        {STAGES "on dev, api-* { let a = match stage.tier { dev: 1 } }", ""},
        {STAGES "on dev, prod { let a = match stage.tier { dev: 1 } }", "2028 7:24"},
        {STAGES "let a = match stage.tier { dev: 1, live: 2, null: 3, lief: 4 }", "2029 7:54"},
        {STAGES "on dev { let a = match stage.tier { dev: 1, live: 2 } }", ""},
        {STAGES "let a = match stage.name { dev: 1, api-*: 2, prod: 3 }", ""},
        {STAGES "let a = match stage.name { dev: 1, prod: 3 }", "2028 7:9"},
        {STAGES "component C() { let a = match stage.tier { dev: 1, live: 2 } }", ""},
        {"type T = \"a\" | U\ntype U = \"b\" | null\nfn f(t: T): int = match t { a: 1, b: 2 }",
            "2028 3:19"},
        {"type T = \"a\" | 1 | true\nfn f(t: T): int = match t { a: 1, 1: 2, true: 3 }", ""},
        {"component C(t: \"a\" | \"b\" = null) { let x = match t { a: 1, b: 2 } }", "2028 1:44"},
        {"var b: bool = true\nlet x = match b { true: 1 }", "2028 2:9"},
        {"let x = match 1 + 1 { 2: 1 }", ""},
        {"let y = 1\nlet x = match y { a: 1, b: 2, \"a\": 3 }", "2027 2:31"},
        {"fn f(s: string): int = match s { a: 1 }", ""},
    };
    CHECK_ROWS(ROWS);
}

static void a_stage_is_found_by_any_of_its_names(void **state)
{
    (void)state;
    Analysed a = analyse("stages { dev: { aliases: [\"test_one\"] }, pr-*: {}, pr-x-*: {} }");
    static const char *const ROWS[][2] = {{"dev", "dev"}, {" DEV ", "dev"}, {"Test-One", "dev"},
        {"pr-1", "pr-*"}, {"pr-x-1", "pr-x-*"}};
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const StageDef *stage = stage_find(a.analysis, a.arena, str_of(ROWS[i][0]));
        assert_non_null(stage);
        assert_true(str_is(stage->name, ROWS[i][1]));
    }
    assert_null(stage_find(a.analysis, a.arena, STR("prod")));
    arena_free(a.arena);
    a = analyse("let a = 1");
    assert_int_equal(a.analysis->stages.len, 1);
    assert_int_equal(a.analysis->stages.items[0].name.len, 0);
    assert_non_null(stage_find(a.analysis, a.arena, STR("")));
    arena_free(a.arena);
}

// ---- tables ----

static void blocks_hold_declarations_in_order(void **state)
{
    (void)state;
    Analysed a = analyse("let a = 1\nif true { let b = 1 } else if false { let c = 1 }\n"
                         "for k in [] { let d[k] = 1 }\nrequire true\n");
    const Scope *scope = a.analysis->modules[0].scope;
    assert_int_equal(scope->slot_count, 4);
    assert_int_equal(scope->block_count, 5);
    const Block *root = scope->root;
    assert_int_equal(root->entries.len, 5);
    assert_non_null(root->entries.items[0].symbol);
    assert_int_equal(root->entries.items[1].block->kind, BLOCK_THEN);
    const Block *otherwise = root->entries.items[2].block;
    assert_int_equal(otherwise->kind, BLOCK_ELSE);
    assert_int_equal(otherwise->entries.items[0].block->kind, BLOCK_THEN);
    assert_int_equal(root->entries.items[3].block->kind, BLOCK_FOR);
    assert_int_equal(root->entries.items[4].decl->kind, DECL_REQUIRE);
    assert_null(root->entries.items[4].symbol);
    const Symbol *d = map_find(&scope->names, STR("d"));
    assert_ptr_equal(d->block, root->entries.items[3].block);
    assert_ptr_equal(scope->symbols.items[d->slot], d);
    arena_free(a.arena);
}

static void answers_are_found_by_place(void **state)
{
    (void)state;
    ANALYSE({"/prog/main.alt", "import \"./a.alt\"\nresource r: C {}", NULL},
        {"/prog/a.alt", "component C() {}", NULL});
    const Decl *resource = a.program->modules.items[0]->tree->decls.items[1];
    const Decl *component = a.analysis->modules[0].resource_components[resource->id];
    assert_ptr_equal(component, a.program->modules.items[1]->tree->decls.items[0]);
    const ModuleInfo *info = analysis_info_at(a.analysis, component->span);
    assert_ptr_equal(info, &a.analysis->modules[1]);
    assert_int_equal(info->decl_scopes[component->id]->kind, SCOPE_COMPONENT);
    assert_null(analysis_info_at(a.analysis, (Span){0}));
    arena_free(a.arena);
}

// ---- size ----

static Str common_names(const Analysed *a)
{
    Buf names;
    buf_init(&names, 0);
    const Scope *scope = a->analysis->modules[0].scope;
    for (size_t i = 0; i < scope->symbols.len; i++)
        if (scope->symbols.items[i]->is_common)
            buf_add_format(
                &names, "%s%.*s", names.len ? " " : "", STR_FMT(scope->symbols.items[i]->name));
    Str text = buf_copy(&names, a->arena);
    buf_release(&names);
    return text;
}

static void values_that_name_no_stage_are_common(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"let a = [1]\nvar b: int = length(a)\nlet c = stage.name", "a b"},
        {"let a = b\nlet b = c\nlet c = app.name\nlet d = aws.region", ""},
        {"let a = f(1)\nlet b = g(1)\nfn f(x: int): int = x\n"
         "fn g(x: int, y: string = stage.name): int = x",
            "a"},
        {"type T = { a: string = stage.name }\nlet a: T = {}\nlet b: list<T> = []", ""},
        {"var a: string = \"\" { secret: true }\nvar b: string = a", ""},
        {"domain d { host: \"a.b\" }\nlet a = d.host\nlet b = zip(\"c\")", ""},
        {"for x in [1] { let a[x] = x }\nfor x in [stage.name] { let b[x] = 1 }", "a"},
        {"if length([1]) == 1 { let a = 1 } else { let b = 1 }\nif stage.name == \"\" {\n"
         "  for x in [1] { let c[x] = x }\n}",
            "a b"},
        {"app { values: \"v.json\" }\nvar a: int = 1", "a"},
        {"app { values: \"${stage.name}.json\" }\nvar a: int = 1\nlet b = 1", "b"},
        {"stages { x: { n: 1 } }\nlet a = stages\non x { let b = 1 }\nlet c = b", "a"},
        {"stages { x: { n: m } }\nlet a = stages\nlet m = app.name", ""},
        {"component C(i: int) { let inner = 1 }\nlet a = 1", "a"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Analysed a = analyse(rows[i].text);
        assert_findings(&a, rows[i].text, "");
        assert_string_equal(common_names(&a).ptr, rows[i].expected);
        arena_free(a.arena);
    }
}

static void long_chains_and_many_names_are_no_problem(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    Buf text;
    buf_init(&text, 0);
    for (int i = 0; i < COUNT; i++)
        buf_add_format(&text, "fn f%d(): int = %s%d()\n", i, i + 1 < COUNT ? "f" : "g", i + 1);
    buf_add_format(&text, "fn g%d(): int = 1\nlet all = [", COUNT);
    for (int i = 0; i < COUNT; i++)
        buf_add_format(&text, "f%d(),", i);
    buf_add_text(&text, "]\n");
    Analysed a = analyse(text.ptr);
    assert_findings(&a, "a long program", "");
    arena_free(a.arena);
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(imports_show_names_and_types),
        cmocka_unit_test(imports_are_not_passed_on),
        cmocka_unit_test(imports_must_not_clash),
        cmocka_unit_test(a_name_of_a_file_that_is_not_imported_is_pointed_at),
        cmocka_unit_test(instances_give_the_inputs_of_their_component),
        cmocka_unit_test(members_of_instances_are_known),
        cmocka_unit_test(with_reaches_what_is_in_the_component),
        cmocka_unit_test(stages_are_named_as_they_are_declared),
        cmocka_unit_test(a_match_covers_what_can_come),
        cmocka_unit_test(a_stage_is_found_by_any_of_its_names),
        cmocka_unit_test(blocks_hold_declarations_in_order),
        cmocka_unit_test(answers_are_found_by_place),
        cmocka_unit_test(values_that_name_no_stage_are_common),
        cmocka_unit_test(long_chains_and_many_names_are_no_problem),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
