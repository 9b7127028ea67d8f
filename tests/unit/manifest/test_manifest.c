#include "runtime/manifest/manifest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "compiler/base/sha256.h"

static const char HEAD[] = "{\"manifest\":1,\"compiler\":\"0\",\"app\":\"shop\",\"stage\":\"dev\","
                           "\"account\":null,\"terminationProtection\":false,"
                           "\"tags\":{\"team\":\"a\"},\"stacks\":[";
static const char MAIN[] = "{\"id\":\"main\",\"name\":\"shop-dev\",\"region\":null,\"sha256\":null,"
                           "\"dependsOn\":[],\"parameters\":[]}";
static const char TAIL[] =
    "],\"assets\":[],\"tasks\":[],\"protections\":[],\"renames\":[],"
    "\"inputs\":[],\"sourceMap\":{\"stacks\":{\"main\":{\"\":null,"
    "\"/Resources\":null,\"/Resources/A\":[0,3,1],\"/Resources/B\":[1,9,2,1]}},"
    "\"instances\":[[\"Net\",0,5,1],[\"Net.Inner\",1,7,3,0]],"
    "\"files\":[\"infra.alt\",\"std/vpc.alt\"]}}";

static Str whole(Arena *arena, const char *stacks, const char *tail)
{
    return str_format(arena, "%s%s%s", HEAD, stacks, tail);
}

// ---- what is read ----

static void test_reads_what_it_holds(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Str error = STR_NONE;
    const Manifest *manifest =
        manifest_parse(arena, STR("dev.manifest.json"), whole(arena, MAIN, TAIL), &error);
    assert_non_null(manifest);
    assert_true(str_is(manifest->app, "shop"));
    assert_true(str_is(manifest->stage, "dev"));
    assert_int_equal(manifest->account.len, 0);
    assert_int_equal(manifest->tags.len, 1);
    assert_true(str_is(manifest->tags.items[0].value, "a"));
    assert_true(str_is(manifest_stack(manifest, STR("main"))->name, "shop-dev"));
    assert_null(manifest_stack(manifest, STR("edge")));
    arena_free(arena);
}

static void test_knows_each_source_of_a_parameter(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Str error = STR_NONE;
    static const char STACKS[] =
        "{\"id\":\"main\",\"name\":\"s\",\"region\":\"us-east-1\",\"dependsOn\":[\"edge\"],"
        "\"policy\":{\"Statement\":[]},\"parameters\":["
        "{\"name\":\"U\",\"from\":\"user\",\"at\":null},"
        "{\"name\":\"S\",\"from\":\"secret\",\"variable\":\"pw\",\"env\":[\"PW\",\"PASS\"],"
        "\"values\":\"dev.yaml\",\"given\":true,\"at\":{\"file\":\"a.alt\",\"line\":3,\"column\":5}"
        "},"
        "{\"name\":\"O\",\"from\":\"output\",\"stack\":\"edge\",\"output\":\"Arn\",\"at\":null}]},"
        "{\"id\":\"edge\",\"name\":\"e\",\"region\":null,\"dependsOn\":[],\"parameters\":[]}";
    const Manifest *manifest = manifest_parse(arena, STR("m"), whole(arena, STACKS, TAIL), &error);
    assert_non_null(manifest);
    const ManifestStack *stack = manifest_stack(manifest, STR("main"));
    assert_true(str_is(stack->policy, "{\"Statement\":[]}"));
    assert_int_equal(stack->parameters.items[0].source, MANIFEST_USER);
    const ManifestParameter *secret = &stack->parameters.items[1];
    assert_int_equal(secret->source, MANIFEST_SECRET);
    assert_int_equal(secret->env.len, 2);
    assert_true(str_is(secret->values, "dev.yaml"));
    assert_true(secret->given);
    assert_int_equal(secret->place.line, 3);
    assert_int_equal(stack->parameters.items[2].source, MANIFEST_OUTPUT);
    assert_true(str_is(stack->parameters.items[2].from_output, "Arn"));
    arena_free(arena);
}

static void test_reads_what_guards_deny(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Str error = STR_NONE;
    static const char REST[] =
        "],\"assets\":[],\"tasks\":[],\"protections\":[{\"title\":\"t\",\"stack\":\"main\","
        "\"deny\":[\"replace\",\"delete\"],\"resources\":[\"Db\"],\"types\":[],\"allow\":null,"
        "\"lifted\":false,\"at\":null}],\"renames\":[{\"stack\":\"main\",\"from\":\"A\",\"to\":"
        "\"B\","
        "\"at\":null}],\"inputs\":[],\"sourceMap\":{}}";
    const Manifest *manifest = manifest_parse(arena, STR("m"), whole(arena, MAIN, REST), &error);
    assert_non_null(manifest);
    const ManifestProtection *protection = &manifest->protections.items[0];
    assert_true(protection->replace && protection->remove);
    assert_false(protection->add || protection->modify);
    assert_true(str_is(protection->resources.items[0], "Db"));
    assert_true(str_is(manifest->renames.items[0].to, "B"));
    arena_free(arena);
}

// ---- what is refused ----

static void test_says_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *stacks;
        const char *tail;
        const char *error;
    } ROWS[] = {
        {"", TAIL, "m: it has no stacks"},
        {"{\"id\":\"main\",\"name\":1}", TAIL, "m: 'name' should be a text, found something else"},
        {"{\"id\":\"../x\",\"name\":\"n\",\"dependsOn\":[],\"parameters\":[]}", TAIL,
            "m: '../x' is no id of a stack"},
        {"{\"id\":\"main\",\"name\":\"n\",\"dependsOn\":[\"edge\"],\"parameters\":[]}", TAIL,
            "m: the stack 'main' depends on 'edge', which is not there"},
        {"{\"id\":\"main\",\"name\":\"n\",\"dependsOn\":[],\"parameters\":[{\"name\":\"P\","
         "\"from\":"
         "\"moon\"}]}",
            TAIL, "m: a parameter is from 'moon', which this altc does not know"},
        {MAIN, "],\"assets\":[]", "m: line 1: "},
        {MAIN,
            "],\"assets\":[],\"tasks\":[],\"renames\":[],\"protections\":[{\"title\":\"t\","
            "\"stack\":\"main\",\"deny\":[\"shrink\"],\"resources\":[],\"types\":[],\"lifted\":"
            "false}],"
            "\"inputs\":[]}",
            "m: the guard 't' denies 'shrink', which this altc does not know"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        Arena *arena = arena_new();
        Str error = STR_NONE;
        assert_null(
            manifest_parse(arena, STR("m"), whole(arena, ROWS[i].stacks, ROWS[i].tail), &error));
        if (!str_starts(error, str_of(ROWS[i].error)))
            fail_msg("row %zu: %.*s", i, STR_FMT(error));
        arena_free(arena);
    }
}

static void test_another_format_is_refused(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Str error = STR_NONE;
    assert_null(manifest_parse(arena, STR("m"), STR("{\"manifest\":2}"), &error));
    assert_true(str_is(error, "m: it is no manifest of format 1, the one this altc reads"));
    arena_free(arena);
}

// ---- places ----

static void test_places_are_those_around_a_value(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Str error = STR_NONE;
    const Manifest *manifest = manifest_parse(arena, STR("m"), whole(arena, MAIN, TAIL), &error);
    assert_non_null(manifest);
    NoticePlace place = manifest_place(manifest, STR("main"), STR("/Resources/A/Properties/Name"));
    assert_true(str_is(place.file, "infra.alt"));
    assert_int_equal(place.line, 3);
    assert_int_equal(manifest_place(manifest, STR("main"), STR("/Resources/B")).line, 9);
    NoticePlace used = manifest_resource_place(manifest, arena, STR("main"), STR("B"));
    assert_true(str_is(used.file, "infra.alt"));
    assert_int_equal(used.line, 5);
    assert_true(str_is(used.instance, "Net.Inner"));
    assert_int_equal(manifest_resource_place(manifest, arena, STR("main"), STR("C")).file.len, 0);
    assert_int_equal(manifest_place(manifest, STR("edge"), STR("")).file.len, 0);
    arena_free(arena);
}

static void test_places_outlive_the_arena_of_the_question(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Arena *scratch = arena_new();
    Str error = STR_NONE;
    const Manifest *manifest = manifest_parse(arena, STR("m"), whole(arena, MAIN, TAIL), &error);
    assert_non_null(manifest);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(manifest_resource_place(manifest, scratch, STR("main"), STR("B")).line, 5);
        arena_reset(scratch);
    }
    arena_free(scratch);
    arena_free(arena);
}

static void test_instances_lead_to_the_program(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Str error = STR_NONE;
    const Manifest *manifest = manifest_parse(arena, STR("m"), whole(arena, MAIN, TAIL), &error);
    assert_non_null(manifest);
    ManifestInstance instance = manifest_resource_instance(manifest, arena, STR("main"), STR("B"));
    assert_true(str_is(instance.name, "Net.Inner"));
    assert_true(str_is(instance.place.file, "infra.alt"));
    assert_int_equal(instance.place.line, 5);
    assert_int_equal(
        manifest_resource_instance(manifest, arena, STR("main"), STR("A")).name.len, 0);
    arena_free(arena);
}

// ---- files ----

typedef struct Files {
    const NamedText *items;
    size_t count;
} Files;

static FileResult read_file(void *context, Arena *arena, Str path, size_t max)
{
    const Files *files = context;
    (void)arena;
    for (size_t i = 0; i < files->count; i++)
        if (str_equal(files->items[i].name, path) && files->items[i].value.len <= max)
            return (FileResult){.status = FILE_OK, .text = files->items[i].value};
    return (FileResult){.status = FILE_MISSING, .error = STR("no such file or directory")};
}

static void test_templates_stand_beside_it(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Str template_ = STR("{ \"Resources\": { } }");
    Str hash = sha256_hex(arena, template_);
    Str stack = str_format(arena,
        "{\"id\":\"main\",\"name\":\"n\",\"sha256\":\"%.*s\",\"dependsOn\":[],\"parameters\":[]}",
        STR_FMT(hash));
    Str text = whole(arena, stack.ptr, TAIL);
    const struct {
        const char *file;
        const char *text;
        const char *error;
    } rows[] = {{"d/dev.json", "{ \"Resources\": { } }", ""},
        {"d/dev.yaml", "Resources: {}\n",
            "d/dev.yaml: it is not the template that the manifest was written with"},
        {"d/dev.json", "{}",
            "d/dev.json: it is not the template that the manifest was written with"},
        {"d/prod.json", "{}",
            "d/dev.json: the template of the stack 'main' cannot be read: no such file or "
            "directory"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        NamedText items[] = {
            {STR("d/dev.manifest.json"), text}, {str_of(rows[i].file), str_of(rows[i].text)}};
        Files files = {items, 2};
        Host host = {.context = &files, .read_file = read_file};
        Str error = STR_NONE;
        const Manifest *manifest = manifest_read(arena, &host, STR("d/dev.manifest.json"), &error);
        if (!str_equal(error, str_of(rows[i].error)))
            fail_msg("row %zu: %.*s", i, STR_FMT(error));
        assert_true(!manifest == (error.len > 0));
        if (manifest)
            assert_true(str_is(manifest->stacks.items[0].template_text, "{\"Resources\":{}}"));
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_what_it_holds),
        cmocka_unit_test(test_knows_each_source_of_a_parameter),
        cmocka_unit_test(test_reads_what_guards_deny),
        cmocka_unit_test(test_says_what_is_wrong),
        cmocka_unit_test(test_another_format_is_refused),
        cmocka_unit_test(test_places_are_those_around_a_value),
        cmocka_unit_test(test_places_outlive_the_arena_of_the_question),
        cmocka_unit_test(test_instances_lead_to_the_program),
        cmocka_unit_test(test_templates_stand_beside_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
