#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "compiler/data/data.h"
#include "compiler/emit/emit.h"

#define ROWS(table) (sizeof(table) / sizeof *(table))

// Two files, a main stack whose resource came through two instances, and one of everything else.
typedef struct Program {
    Arena *arena;
    Sources *sources;
    FileId root;
    FileId parts;
    StageModel model;
} Program;

static const Origin *origin_at(
    Program *program, FileId file, const char *text, const Origin *via, const char *instance)
{
    size_t start = str_find(source_text(program->sources, file), str_of(text), 0);
    assert_true(start != SIZE_MAX);
    Origin *origin = ARENA_NEW(program->arena, Origin);
    origin->span = (Span){file, (uint32_t)start, (uint32_t)(start + strlen(text))};
    origin->via = via;
    origin->instance = str_of(instance);
    return origin;
}

static Datum *make_template(Program *program)
{
    Arena *arena = program->arena;
    const Origin *site = origin_at(program, program->root, "resource Site", NULL, NULL);
    const Origin *inner = origin_at(program, program->parts, "resource Inner", site, "Site");
    const Origin *bucket = origin_at(program, program->parts, "Bucket: \"b\"", inner, "Site.Inner");
    const Origin *key = origin_at(program, program->parts, "Name", inner, "Site.Inner");
    Datum *template_ = datum_map(arena, NULL), *resources = datum_map(arena, NULL);
    Datum *resource = datum_map(arena, bucket), *list = datum_list(arena, NULL);
    datum_put(arena, resource, STR("a/b~c"), key, datum_string(arena, NULL, STR("x")));
    datum_append(arena, list, datum_number(arena, site, STR("1")));
    datum_append(arena, list, datum_number(arena, NULL, STR("2")));
    datum_put(arena, resource, STR("List"), NULL, list);
    datum_put(arena, resources, STR("SiteInnerBucket"), NULL, resource);
    datum_put(arena, template_, STR("Resources"), NULL, resources);
    return template_;
}

static Program make_program(void)
{
    Program program = {.arena = arena_new()};
    program.sources = sources_new(program.arena);
    sources_add(program.sources, STR("unused.alt"), STR(""));
    program.root = sources_add(program.sources, STR("infra.alt"),
        STR("app { name: \"a\" }\n\xC3\xA9 resource Site: Part {}\n"));
    program.parts = sources_add(program.sources, STR("parts.alt"),
        STR("resource Inner: X {}\n  Bucket: \"b\"\n    Name\n"));
    program.model.app = STR("shop");
    program.model.stage = STR("dev");
    Stack *stack = ARENA_NEW(program.arena, Stack);
    stack->id = STR("main");
    stack->name = STR("shop-dev");
    stack->template_ = make_template(&program);
    VEC_ADD(program.arena, &program.model.stacks, stack);
    return program;
}

static Str manifest_of(Program *program)
{
    Buf buf;
    buf_init(&buf, 0);
    emit_manifest(&buf, &program->model, NULL, program->sources);
    Str text = buf_copy(&buf, program->arena);
    buf_release(&buf);
    return text;
}

static void test_source_map(void **state)
{
    (void)state;
    Program program = make_program();
    assert_string_equal(manifest_of(&program).ptr,
        "{\n"
        "  \"manifest\": 1,\n"
        "  \"compiler\": \"" ALTC_VERSION "\",\n"
        "  \"app\": \"shop\",\n"
        "  \"stage\": \"dev\",\n"
        "  \"account\": null,\n"
        "  \"terminationProtection\": false,\n"
        "  \"tags\": {},\n"
        "  \"stacks\": [\n"
        "    {\n"
        "      \"id\": \"main\",\n"
        "      \"name\": \"shop-dev\",\n"
        "      \"region\": null,\n"
        "      \"sha256\": null,\n"
        "      \"dependsOn\": [],\n"
        "      \"parameters\": []\n"
        "    }\n"
        "  ],\n"
        "  \"assets\": [],\n"
        "  \"tasks\": [],\n"
        "  \"protections\": [],\n"
        "  \"renames\": [],\n"
        "  \"inputs\": [],\n"
        "  \"sourceMap\": {\n"
        "    \"stacks\": {\n"
        "      \"main\": {\n"
        "        \"\": null,\n"
        "        \"/Resources\": null,\n"
        "        \"/Resources/SiteInnerBucket\": [0, 2, 3, 1],\n"
        "        \"/Resources/SiteInnerBucket/a~1b~0c\": [0, 3, 5, 1],\n"
        "        \"/Resources/SiteInnerBucket/List\": [0, 2, 3, 1],\n"
        "        \"/Resources/SiteInnerBucket/List/0\": [1, 2, 3],\n"
        "        \"/Resources/SiteInnerBucket/List/1\": [0, 2, 3, 1]\n"
        "      }\n"
        "    },\n"
        "    \"instances\": [\n"
        "      [\"Site\", 1, 2, 3],\n"
        "      [\"Site.Inner\", 0, 1, 1, 0]\n"
        "    ],\n"
        "    \"files\": [\n"
        "      \"parts.alt\",\n"
        "      \"infra.alt\"\n"
        "    ]\n"
        "  }\n"
        "}\n");
    arena_free(program.arena);
}

static void add_parameters(Program *program)
{
    const Str names[] = {STR("DB_PASSWORD"), STR("PASSWORD")};
    StackParameter rows[] = {
        {.stack = STR("main"), .name = STR("Env"), .source = PARAMETER_FROM_USER},
        {.stack = STR("other"), .name = STR("Elsewhere"), .source = PARAMETER_FROM_USER},
        {.stack = STR("main"),
            .name = STR("Password"),
            .source = PARAMETER_FROM_SECRET,
            .variable = STR("password"),
            .values_path = STR("values.json"),
            .given = true},
        {.stack = STR("main"),
            .name = STR("B"),
            .source = PARAMETER_FROM_ASSET_BUCKET,
            .asset = STR("a1")},
        {.stack = STR("main"),
            .name = STR("K"),
            .source = PARAMETER_FROM_ASSET_KEY,
            .asset = STR("a1")},
        {.stack = STR("main"),
            .name = STR("O"),
            .source = PARAMETER_FROM_OUTPUT,
            .from_stack = STR("edge"),
            .from_output = STR("Arn"),
            .span = {program->root, 0, 3}},
    };
    for (size_t i = 0; i < ROWS(names); i++)
        VEC_ADD(program->arena, &rows[2].env, names[i]);
    for (size_t i = 0; i < ROWS(rows); i++)
        VEC_ADD(program->arena, &program->model.parameters, rows[i]);
}

static void add_work(Program *program)
{
    Arena *arena = program->arena;
    StageModel *model = &program->model;
    model->account = STR("112233445566");
    model->tags = datum_map(arena, NULL);
    datum_put(arena, model->tags, STR("App"), NULL, datum_string(arena, NULL, STR("shop")));
    Asset asset = {STR("a1"), STR("zip"), STR("dist"), {program->root, 0, 3}};
    VEC_ADD(arena, &model->assets, asset);
    Datum *properties = datum_map(arena, NULL);
    datum_put(arena, properties, STR("n"), NULL, datum_number(arena, NULL, STR("1.0")));
    Task task = {STR("main"), STR("Files"), STR("Alt::Site::Files"), STR_NONE, properties, {0}};
    VEC_ADD(arena, &model->tasks, task);
    Protection protection = {.title = STR("never \"lost\""), .stack = STR("main")};
    Str action = STR("delete"), id = STR("Db");
    VEC_ADD(arena, &protection.actions, action);
    VEC_ADD(arena, &protection.logical_ids, id);
    VEC_ADD(arena, &model->protections, protection);
    Rename rename = {STR("main"), STR("Old"), STR("New"), {0}};
    VEC_ADD(arena, &model->renames, rename);
    Input input = {.kind = STR("env"), .name = STR("ZONE"), .hash = STR("ab")};
    Input secret = {.kind = STR("env"), .name = STR("PW"), .hash = STR("")};
    VEC_ADD(arena, &model->inputs, input);
    VEC_ADD(arena, &model->inputs, secret);
}

// One that the manifest's compact form must hold.
static const char *const parts[] = {
    "\"account\":\"112233445566\",\"terminationProtection\":false,\"tags\":{\"App\":\"shop\"}",
    "{\"name\":\"Env\",\"from\":\"user\",\"at\":null}",
    "{\"name\":\"Password\",\"from\":\"secret\",\"variable\":\"password\",\"env\":[\"DB_PASSWORD\","
    "\"PASSWORD\"],\"values\":\"values.json\",\"given\":true,\"at\":null}",
    "{\"name\":\"B\",\"from\":\"assetBucket\",\"asset\":\"a1\",\"at\":null}",
    "{\"name\":\"K\",\"from\":\"assetKey\",\"asset\":\"a1\",\"at\":null}",
    "{\"name\":\"O\",\"from\":\"output\",\"stack\":\"edge\",\"output\":\"Arn\","
    "\"at\":{\"file\":\"infra.alt\",\"line\":1,\"column\":1}}",
    "\"assets\":[{\"id\":\"a1\",\"kind\":\"zip\",\"path\":\"dist\",\"at\":{\"file\":",
    "\"tasks\":[{\"stack\":\"main\",\"id\":\"Files\",\"type\":\"Alt::Site::Files\","
    "\"condition\":null,"
    "\"properties\":{\"n\":1.0},\"at\":null}]",
    "\"protections\":[{\"title\":\"never \\\"lost\\\"\",\"stack\":\"main\",\"deny\":[\"delete\"],"
    "\"resources\":[\"Db\"],\"types\":[],\"allow\":null,\"lifted\":false,\"at\":null}]",
    "\"renames\":[{\"stack\":\"main\",\"from\":\"Old\",\"to\":\"New\",\"at\":null}]",
    "\"inputs\":[{\"kind\":\"env\",\"name\":\"ZONE\",\"sha256\":\"ab\"},"
    "{\"kind\":\"env\",\"name\":\"PW\",\"sha256\":null}]",
};

static void test_everything_is_in_the_manifest(void **state)
{
    (void)state;
    Program program = make_program();
    add_parameters(&program);
    add_work(&program);
    FileId file = sources_add(program.sources, STR("m.json"), manifest_of(&program));
    DataContext context = {program.arena, program.sources, diag_sink_new(program.arena)};
    const Datum *manifest = data_read_json(&context, file);
    assert_non_null(manifest);
    Buf buf;
    buf_init(&buf, 0);
    data_write_json_compact(&buf, manifest);
    for (size_t i = 0; i < ROWS(parts); i++) {
        if (str_find(buf_str(&buf), str_of(parts[i]), 0) == SIZE_MAX)
            print_message("%s\n%s\n", parts[i], buf.ptr);
        assert_true(str_find(buf_str(&buf), str_of(parts[i]), 0) != SIZE_MAX);
    }
    assert_true(str_find(buf_str(&buf), STR("Elsewhere"), 0) == SIZE_MAX);
    buf_release(&buf);
    arena_free(program.arena);
}

static void test_templates(void **state)
{
    (void)state;
    Program program = make_program();
    Buf buf;
    buf_init(&buf, 0);
    emit_template(&buf, program.model.stacks.items[0], EMIT_YAML);
    assert_string_equal(
        buf.ptr, "Resources:\n  SiteInnerBucket:\n    a/b~c: x\n    List:\n      - 1\n      - 2\n");
    buf_clear(&buf);
    emit_template(&buf, program.model.stacks.items[0], EMIT_JSON);
    assert_true(str_starts(buf_str(&buf), STR("{\n  \"Resources\": {\n")));
    assert_true(str_ends(buf_str(&buf), STR("\n}\n")));
    buf_release(&buf);
    arena_free(program.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_source_map),
        cmocka_unit_test(test_everything_is_in_the_manifest),
        cmocka_unit_test(test_templates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
