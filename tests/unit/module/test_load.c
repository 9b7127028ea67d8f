#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "compiler/base/buf.h"
#include "compiler/base/sha256.h"
#include "compiler/module/module.h"
#include "tests/support/fake_host.h"

typedef struct Fixture {
    Arena *arena;
    FakeHost files;
    Host host;
    Sources *sources;
    DiagSink *diags;
    Program *program;
} Fixture;

static Fixture fixture(const FakeFile *files, size_t count)
{
    Fixture f = {.arena = arena_new(), .files = {.files = files, .count = count}};
    f.sources = sources_new(f.arena);
    f.diags = diag_sink_new(f.arena);
    return f;
}

static void run(Fixture *f, const char *root)
{
    f->host = fake_host(&f->files);
    ProgramOptions options = {.file = str_of(root)};
    f->program = program_load(f->arena, &f->host, f->sources, f->diags, &options);
}

// "ALT1301 main.alt:1:8; …" of all findings.
static void assert_findings(Fixture *f, const char *expected)
{
    Buf text;
    buf_init(&text, 0);
    DiagList list = diag_sorted(f->diags);
    for (size_t i = 0; i < list.len; i++) {
        const Diag *diag = list.items[i];
        buf_add_format(
            &text, "%s%.*s", i ? "; " : "", STR_FMT(diag_code_text(f->arena, diag->code)));
        if (!diag->span.file)
            continue;
        Position at = source_position(f->sources, diag->span.file, diag->span.start);
        buf_add_format(&text, " %.*s:%u:%u", STR_FMT(source_name(f->sources, diag->span.file)),
            at.line, at.column);
    }
    buf_add_char(&text, '\0');
    assert_string_equal(text.ptr, expected);
    buf_release(&text);
}

static void assert_modules(const Fixture *f, const char *expected)
{
    Buf text;
    buf_init(&text, 0);
    for (size_t i = 0; i < f->program->modules.len; i++)
        buf_add_format(&text, "%s%.*s", i ? " " : "", STR_FMT(f->program->modules.items[i]->name));
    buf_add_char(&text, '\0');
    assert_string_equal(text.ptr, expected);
    buf_release(&text);
}

static void assert_text(Str found, const char *expected)
{
    assert_non_null(found.ptr);
    assert_int_equal(found.len, strlen(expected));
    assert_memory_equal(found.ptr, expected, found.len);
}

#define WITH(...)                                                                                  \
    static const FakeFile FILES[] = {{"/prog", NULL, NULL}, __VA_ARGS__};                          \
    Fixture f = fixture(FILES, sizeof FILES / sizeof *FILES)

static void test_each_file_is_read_once_and_circles_are_fine(void **state)
{
    (void)state;
    WITH({"/prog/main.alt", "app {}\nimport \"./a.alt\"\nimport \"b.alt\"\n", NULL},
        {"/prog/a.alt", "import \"./b.alt\" { x }\nimport \"./main.alt\"\n", NULL},
        {"/prog/b.alt", "let x = 1\nimport \"./a.alt\"\n", NULL});
    run(&f, "main.alt");
    assert_findings(&f, "");
    assert_modules(&f, "main.alt a.alt b.alt");
    assert_int_equal(f.files.reads, 3);
    const Module *a = f.program->modules.items[1];
    assert_int_equal(a->imports.len, 2);
    assert_ptr_equal(a->imports.items[1].target, f.program->modules.items[0]);
    arena_free(f.arena);
}

static void test_a_path_with_a_dot_is_seen_from_its_file(void **state)
{
    (void)state;
    WITH({"/prog/main.alt", "import \"./sub/a.alt\"\n", NULL}, {"/prog/sub", NULL, NULL},
        {"/prog/sub/a.alt", "import \"./b.alt\"\nimport \"../c.alt\"\nimport \"c.alt\"\n", NULL},
        {"/prog/sub/b.alt", "", NULL}, {"/prog/c.alt", "", NULL});
    run(&f, "main.alt");
    assert_findings(&f, "");
    assert_modules(&f, "main.alt sub/a.alt sub/b.alt c.alt");
    assert_text(f.program->modules.items[1]->folder, "sub");
    assert_text(f.program->modules.items[1]->place, "sub");
    arena_free(f.arena);
}

static void test_the_root_may_lie_above_the_file(void **state)
{
    (void)state;
    WITH({"/prog/infra", NULL, NULL}, {"/prog/apps", NULL, NULL},
        {"/prog/infra/main.alt",
            "app { root: \"..\" }\nimport \"./a.alt\"\nimport \"apps/b.alt\"\n", NULL},
        {"/prog/infra/a.alt", "import \"../apps/b.alt\"\n", NULL},
        {"/prog/apps/b.alt", "import \"../../etc/c.alt\"\n", NULL});
    run(&f, "infra/main.alt");
    assert_findings(&f, "ALT1302 apps/b.alt:1:8");
    assert_modules(&f, "infra/main.alt infra/a.alt apps/b.alt");
    assert_text(f.program->root, ".");
    assert_text(f.program->real_root, "/prog");
    arena_free(f.arena);
}

static void test_what_cannot_be_imported_is_reported(void **state)
{
    (void)state;
    WITH({"/prog/main.alt",
             "import \"./gone.alt\"\nimport \"/etc/x.alt\"\nimport \"../x.alt\"\nimport \"\"\n"
             "import \"./sub\"\nimport \"std/nothing.alt\"\nimport \"./gone.alt\"\n",
             NULL},
        {"/prog/sub", NULL, NULL});
    run(&f, "main.alt");
    assert_findings(&f,
        "ALT1301 main.alt:1:8; ALT1303 main.alt:2:8; ALT1302 main.alt:3:8; ALT1304 main.alt:4:8; "
        "ALT1305 main.alt:5:8; ALT1309 main.alt:6:8; ALT1301 main.alt:7:8");
    assert_modules(&f, "main.alt");
    assert_null(f.program->modules.items[0]->imports.items[0].target);
    arena_free(f.arena);
}

static void test_a_link_that_leads_out_is_refused(void **state)
{
    (void)state;
    WITH({"/prog/main.alt", "import \"./out/x.alt\"\nimport \"./in/a.alt\"\nimport \"./x.alt\"\n",
             NULL},
        {"/prog/sub", NULL, NULL}, {"/prog/sub/a.alt", "", NULL}, {"/secret", NULL, NULL},
        {"/secret/x.alt", "let secret = 1", NULL}, {"/prog/out", NULL, "/secret"},
        {"/prog/in", NULL, "/prog/sub"}, {"/prog/x.alt", NULL, "/secret/x.alt"});
    run(&f, "main.alt");
    assert_findings(&f, "ALT1302 main.alt:1:8; ALT1302 main.alt:3:8");
    assert_modules(&f, "main.alt in/a.alt");
    arena_free(f.arena);
}

static void test_a_part_of_a_program_has_the_root_of_the_whole(void **state)
{
    (void)state;
    WITH({"/prog/infra", NULL, NULL}, {"/prog/infra/parts", NULL, NULL},
        {"/prog/infra/main.alt", "app { root: \"..\" }\nimport \"./parts/a.alt\"\n", NULL},
        {"/prog/infra/parts/a.alt", "import \"./b.alt\"\nimport \"lib.alt\"\n", NULL},
        {"/prog/infra/parts/b.alt", "import \"../main.alt\"\n", NULL}, {"/prog/lib.alt", "", NULL});
    run(&f, "infra/parts/a.alt");
    assert_findings(&f, "");
    assert_modules(&f, "infra/parts/a.alt infra/parts/b.alt lib.alt infra/main.alt");
    assert_text(f.program->real_root, "/prog");
    arena_free(f.arena);
}

static void test_a_root_that_cannot_be_used_is_reported(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        {"app { root: \"/\" }", "ALT1303 main.alt:1:13"},
        {"app { root: \"sub\" }", "ALT1312 main.alt:1:13"},
        {"app { root: \"gone\" }", "ALT1311 main.alt:1:13"},
        {"app { root: \"${stage.name}\" }", "ALT1310 main.alt:1:13"},
        {"app { root: \".\" }", ""},
        {"import \"./a.alt\"", ""},
        {"import \"./sub/b.alt\"", "ALT1312 sub/b.alt:1:13"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const FakeFile files[] = {{"/prog", NULL, NULL}, {"/prog/sub", NULL, NULL},
            {"/prog/main.alt", ROWS[i][0], NULL}, {"/prog/a.alt", "app { root: \".\" }", NULL},
            {"/prog/sub/b.alt", "app { root: \".\" }", NULL}};
        Fixture f = fixture(files, sizeof files / sizeof *files);
        run(&f, "main.alt");
        assert_findings(&f, ROWS[i][1]);
        arena_free(f.arena);
    }
}

static void test_a_root_file_that_is_not_there_leaves_no_modules(void **state)
{
    (void)state;
    WITH({"/prog/other.alt", "", NULL});
    run(&f, "main.alt");
    assert_findings(&f, "ALT1001");
    assert_int_equal(f.program->modules.len, 0);
    assert_int_equal(f.program->inputs.len, 1);
    assert_int_equal(f.program->inputs.items[0].file, 0);
    arena_free(f.arena);
}

static void test_a_given_text_stands_for_the_root_file(void **state)
{
    (void)state;
    WITH({"/prog/main.alt", "import \"./gone.alt\"", NULL}, {"/prog/a.alt", "", NULL});
    f.host = fake_host(&f.files);
    ProgramOptions options = {
        .file = STR("main.alt"), .has_text = true, .text = STR("import \"./a.alt\"")};
    f.program = program_load(f.arena, &f.host, f.sources, f.diags, &options);
    assert_findings(&f, "");
    assert_modules(&f, "main.alt a.alt");
    arena_free(f.arena);
}

static void test_inputs_name_what_was_read(void **state)
{
    (void)state;
    WITH({"/prog/main.alt", "import \"./gone.alt\"", NULL}, {"/prog/data.txt", "abc", NULL});
    run(&f, "main.alt");
    FileId file = 0;
    Span span = {f.program->modules.items[0]->file, 0, 1};
    assert_true(
        program_read(f.program, f.program->modules.items[0], STR("./data.txt"), span, 10, &file));
    assert_text(source_text(f.sources, file), "abc");
    assert_int_equal(f.program->inputs.len, 3);
    assert_text(f.program->inputs.items[0].kind, "source");
    assert_text(f.program->inputs.items[1].path, "gone.alt");
    assert_int_equal(f.program->inputs.items[1].file, 0);
    assert_text(f.program->inputs.items[2].kind, "file");
    assert_int_equal(f.program->inputs.items[2].file, file);
    arena_free(f.arena);
}

static void test_files_are_read_once_and_within_their_limit(void **state)
{
    (void)state;
    WITH({"/prog/main.alt", "", NULL}, {"/prog/data.txt", "abcdef", NULL});
    run(&f, "main.alt");
    Module *module = f.program->modules.items[0];
    Span span = {module->file, 0, 0};
    FileId first = 0, second = 0, third = 0;
    assert_false(program_read(f.program, module, STR("data.txt"), span, 3, &first));
    assert_true(program_read(f.program, module, STR("data.txt"), span, 6, &first));
    assert_true(program_read(f.program, module, STR("./data.txt"), span, 60, &second));
    assert_int_equal(first, second);
    assert_int_equal(f.files.reads, 3);
    assert_findings(&f, "ALT1306 main.alt:1:1");
    assert_false(program_read(f.program, module, STR("data.txt"), span, 4, &third));
    assert_int_equal(third, 0);
    arena_free(f.arena);
}

static void test_an_optional_file_may_be_missing_but_not_elsewhere(void **state)
{
    (void)state;
    WITH({"/prog/main.alt", "", NULL}, {"/prog/values.json", "{}", NULL});
    run(&f, "main.alt");
    Span span = {f.program->modules.items[0]->file, 0, 0};
    FileId file = 0;
    bool missing = false;
    assert_false(program_read_optional(f.program, STR("no.json"), span, 100, &file, &missing));
    assert_true(missing);
    assert_true(program_read_optional(f.program, STR("values.json"), span, 100, &file, &missing));
    assert_false(missing);
    assert_findings(&f, "");
    assert_false(program_read_optional(f.program, STR("../no.json"), span, 100, &file, &missing));
    assert_false(missing);
    assert_findings(&f, "ALT1302 main.alt:1:1");
    arena_free(f.arena);
}

static void test_assets_are_places_below_the_root(void **state)
{
    (void)state;
    WITH({"/prog/infra", NULL, NULL}, {"/secret", NULL, NULL}, {"/prog/out", NULL, "/secret"},
        {"/prog/infra/main.alt", "app { root: \"..\" }", NULL});
    run(&f, "infra/main.alt");
    Module *module = f.program->modules.items[0];
    Span span = {module->file, 0, 0};
    assert_text(program_asset_path(f.program, module, STR("apps/api"), span), "apps/api");
    assert_text(program_asset_path(f.program, module, STR("./dist"), span), "infra/dist");
    assert_text(program_asset_path(f.program, module, STR(".."), span), ".");
    assert_findings(&f, "");
    // Nothing is there, but the folder above is a link that leads out.
    assert_null(program_asset_path(f.program, module, STR("out/x/y"), span).ptr);
    assert_findings(&f, "ALT1302 infra/main.alt:1:1");
    arena_free(f.arena);
}

static void test_a_cancelled_load_stops_early(void **state)
{
    (void)state;
    WITH({"/prog/main.alt", "import \"./a.alt\"", NULL}, {"/prog/a.alt", "", NULL});
    f.files.is_cancelled = true;
    run(&f, "main.alt");
    assert_modules(&f, "main.alt");
    arena_free(f.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_file_is_read_once_and_circles_are_fine),
        cmocka_unit_test(test_a_path_with_a_dot_is_seen_from_its_file),
        cmocka_unit_test(test_the_root_may_lie_above_the_file),
        cmocka_unit_test(test_what_cannot_be_imported_is_reported),
        cmocka_unit_test(test_a_link_that_leads_out_is_refused),
        cmocka_unit_test(test_a_part_of_a_program_has_the_root_of_the_whole),
        cmocka_unit_test(test_a_root_that_cannot_be_used_is_reported),
        cmocka_unit_test(test_a_root_file_that_is_not_there_leaves_no_modules),
        cmocka_unit_test(test_a_given_text_stands_for_the_root_file),
        cmocka_unit_test(test_inputs_name_what_was_read),
        cmocka_unit_test(test_files_are_read_once_and_within_their_limit),
        cmocka_unit_test(test_an_optional_file_may_be_missing_but_not_elsewhere),
        cmocka_unit_test(test_assets_are_places_below_the_root),
        cmocka_unit_test(test_a_cancelled_load_stops_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
