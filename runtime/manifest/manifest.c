#include "runtime/manifest/manifest.h"

#include "compiler/base/sha256.h"
#include "compiler/data/data.h"
#include "runtime/manifest/read_priv.h"

static const char FORMAT[] = "1";

// ---- the parts of a manifest ----

static ManifestSource source_of(FieldReader *reader, const Datum *map)
{
    static const struct {
        const char *word;
        ManifestSource source;
    } SOURCES[] = {{"user", MANIFEST_USER}, {"secret", MANIFEST_SECRET},
        {"assetBucket", MANIFEST_ASSET_BUCKET}, {"assetKey", MANIFEST_ASSET_KEY},
        {"output", MANIFEST_OUTPUT}};
    Str from = field_text(reader, map, "from", false);
    for (size_t i = 0; i < sizeof SOURCES / sizeof *SOURCES; i++)
        if (str_is(from, SOURCES[i].word))
            return SOURCES[i].source;
    field_fail(reader, "a parameter is from '%.*s', which this altc does not know", STR_FMT(from));
    return MANIFEST_USER;
}

static ManifestParameter read_parameter(FieldReader *reader, const Datum *map)
{
    ManifestParameter parameter = {.name = field_text(reader, map, "name", false),
        .source = source_of(reader, map),
        .place = field_place(reader, map)};
    switch (parameter.source) {
    case MANIFEST_USER:
        break;
    case MANIFEST_SECRET: {
        parameter.variable = field_text(reader, map, "variable", false);
        FieldTexts env = field_texts(reader, map, "env");
        for (size_t i = 0; i < env.len; i++)
            VEC_ADD(reader->arena, &parameter.env, env.items[i]);
        parameter.values = field_text(reader, map, "values", true);
        parameter.given = field_bool(reader, map, "given");
        break;
    }
    case MANIFEST_ASSET_BUCKET:
    case MANIFEST_ASSET_KEY:
        parameter.asset = field_text(reader, map, "asset", false);
        break;
    case MANIFEST_OUTPUT:
        parameter.from_stack = field_text(reader, map, "stack", false);
        parameter.from_output = field_text(reader, map, "output", false);
        break;
    }
    return parameter;
}

static ManifestStack read_stack(FieldReader *reader, const Datum *map)
{
    ManifestStack stack = {.id = field_text(reader, map, "id", false),
        .name = field_text(reader, map, "name", false),
        .region = field_text(reader, map, "region", true),
        .sha256 = field_text(reader, map, "sha256", true)};
    FieldTexts needs = field_texts(reader, map, "dependsOn");
    for (size_t i = 0; i < needs.len; i++)
        VEC_ADD(reader->arena, &stack.depends_on, needs.items[i]);
    const Datum *policy = datum_get(map, STR("policy"));
    if (policy && policy->kind == DATUM_MAP) {
        Buf text;
        buf_init(&text, 0);
        data_write_json_compact(&text, policy);
        stack.policy = buf_copy(&text, reader->arena);
        buf_release(&text);
    }
    const Datum *parameters = field_list(reader, map, "parameters");
    for (size_t i = 0; i < parameters->items.len; i++) {
        ManifestParameter parameter = read_parameter(reader, parameters->items.items[i]);
        VEC_ADD(reader->arena, &stack.parameters, parameter);
    }
    return stack;
}

static ManifestProtection read_protection(FieldReader *reader, const Datum *map)
{
    ManifestProtection protection = {.title = field_text(reader, map, "title", false),
        .stack = field_text(reader, map, "stack", false),
        .allow = field_text(reader, map, "allow", true),
        .lifted = field_bool(reader, map, "lifted"),
        .place = field_place(reader, map)};
    FieldTexts deny = field_texts(reader, map, "deny");
    for (size_t i = 0; i < deny.len; i++) {
        bool *which = str_is(deny.items[i], "add")       ? &protection.add
                      : str_is(deny.items[i], "modify")  ? &protection.modify
                      : str_is(deny.items[i], "replace") ? &protection.replace
                      : str_is(deny.items[i], "delete")  ? &protection.remove
                                                         : NULL;
        // What is not understood may be what keeps somebody's data.
        if (which)
            *which = true;
        else
            field_fail(reader, "the guard '%.*s' denies '%.*s', which this altc does not know",
                STR_FMT(protection.title), STR_FMT(deny.items[i]));
    }
    FieldTexts resources = field_texts(reader, map, "resources");
    for (size_t i = 0; i < resources.len; i++)
        VEC_ADD(reader->arena, &protection.resources, resources.items[i]);
    FieldTexts types = field_texts(reader, map, "types");
    for (size_t i = 0; i < types.len; i++)
        VEC_ADD(reader->arena, &protection.types, types.items[i]);
    return protection;
}

static void read_work(FieldReader *reader, const Datum *root, Manifest *manifest)
{
    const Datum *assets = field_list(reader, root, "assets");
    for (size_t i = 0; i < assets->items.len; i++) {
        const Datum *map = assets->items.items[i];
        ManifestAsset asset = {field_text(reader, map, "id", false),
            field_text(reader, map, "kind", false), field_text(reader, map, "path", false),
            field_place(reader, map)};
        VEC_ADD(reader->arena, &manifest->assets, asset);
    }
    const Datum *tasks = field_list(reader, root, "tasks");
    for (size_t i = 0; i < tasks->items.len; i++) {
        const Datum *map = tasks->items.items[i];
        ManifestTask task = {field_text(reader, map, "stack", false),
            field_text(reader, map, "id", false), field_text(reader, map, "type", false),
            field_text(reader, map, "condition", true), datum_get(map, STR("properties")),
            field_place(reader, map)};
        VEC_ADD(reader->arena, &manifest->tasks, task);
    }
    const Datum *renames = field_list(reader, root, "renames");
    for (size_t i = 0; i < renames->items.len; i++) {
        const Datum *map = renames->items.items[i];
        ManifestRename rename = {field_text(reader, map, "stack", false),
            field_text(reader, map, "from", false), field_text(reader, map, "to", false),
            field_place(reader, map)};
        VEC_ADD(reader->arena, &manifest->renames, rename);
    }
}

static void read_tags(FieldReader *reader, const Datum *root, Manifest *manifest)
{
    const Datum *tags = datum_get(root, STR("tags"));
    for (size_t i = 0; tags && i < tags->entries.len; i++) {
        const DatumEntry *entry = &tags->entries.items[i];
        NamedText tag = {entry->key, entry->value->text};
        VEC_ADD(reader->arena, &manifest->tags, tag);
        if (entry->value->kind != DATUM_STRING)
            field_fail(reader, "the tag '%.*s' should be a text", STR_FMT(entry->key));
    }
}

// ---- whether it fits together ----

static void check_stack(FieldReader *reader, const Manifest *manifest, size_t index)
{
    const ManifestStack *stack = &manifest->stacks.items[index];
    if (manifest_stack(manifest, stack->id) != stack)
        field_fail(reader, "two stacks have the id '%.*s'", STR_FMT(stack->id));
    for (size_t i = 0; i < stack->depends_on.len; i++)
        if (!manifest_stack(manifest, stack->depends_on.items[i]))
            field_fail(reader, "the stack '%.*s' depends on '%.*s', which is not there",
                STR_FMT(stack->id), STR_FMT(stack->depends_on.items[i]));
    for (size_t i = 0; i < stack->parameters.len; i++) {
        const ManifestParameter *parameter = &stack->parameters.items[i];
        if (parameter->asset.len && !manifest_asset(manifest, parameter->asset))
            field_fail(reader, "the parameter '%.*s' is of the asset '%.*s', which is not there",
                STR_FMT(parameter->name), STR_FMT(parameter->asset));
        if (parameter->from_stack.len && !manifest_stack(manifest, parameter->from_stack))
            field_fail(reader, "the parameter '%.*s' is of the stack '%.*s', which is not there",
                STR_FMT(parameter->name), STR_FMT(parameter->from_stack));
    }
}

// Words that become part of file names and calls.
static void check_id(FieldReader *reader, Str id)
{
    bool plain = id.len > 0;
    for (size_t i = 0; i < id.len; i++) {
        char c = id.ptr[i];
        plain = plain && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') || c == '-' || c == '_');
    }
    if (!plain)
        field_fail(reader, "'%.*s' is no id of a stack", STR_FMT(id));
}

static void check(FieldReader *reader, const Manifest *manifest)
{
    if (!manifest->stacks.len)
        field_fail(reader, "it has no stacks");
    for (size_t i = 0; i < manifest->stacks.len; i++) {
        check_id(reader, manifest->stacks.items[i].id);
        check_stack(reader, manifest, i);
    }
}

Manifest *manifest_parse(Arena *arena, Str name, Str text, Str *error)
{
    FieldReader reader = {.arena = arena, .file = name};
    const Datum *root = field_parse(&reader, text, false);
    const Datum *format = datum_get(root, STR("manifest"));
    if (root && (!format || !str_is(format->text, FORMAT)))
        field_fail(&reader, "it is no manifest of format %s, the one this altc reads", FORMAT);
    if (reader.error.len) {
        *error = reader.error;
        return NULL;
    }
    Manifest *manifest = ARENA_NEW(arena, Manifest);
    manifest->arena = arena;
    manifest->path = name;
    manifest->compiler = field_text(&reader, root, "compiler", false);
    manifest->app = field_text(&reader, root, "app", false);
    manifest->stage = field_text(&reader, root, "stage", true);
    manifest->account = field_text(&reader, root, "account", true);
    manifest->termination_protection = field_bool(&reader, root, "terminationProtection");
    manifest->source_map = datum_get(root, STR("sourceMap"));
    read_tags(&reader, root, manifest);
    const Datum *stacks = field_list(&reader, root, "stacks");
    for (size_t i = 0; i < stacks->items.len; i++) {
        ManifestStack stack = read_stack(&reader, stacks->items.items[i]);
        VEC_ADD(arena, &manifest->stacks, stack);
    }
    read_work(&reader, root, manifest);
    const Datum *protections = field_list(&reader, root, "protections");
    for (size_t i = 0; i < protections->items.len; i++) {
        ManifestProtection protection = read_protection(&reader, protections->items.items[i]);
        VEC_ADD(arena, &manifest->protections, protection);
    }
    check(&reader, manifest);
    *error = reader.error;
    return reader.error.len ? NULL : manifest;
}

// ---- the files ----

// BASE.json, or BASE.yaml where only that is there.
static FileResult read_either(Arena *arena, const Host *host, Str base, Str *path, bool *yaml)
{
    *path = str_format(arena, "%.*s.json", STR_FMT(base));
    *yaml = false;
    FileResult json = host->read_file(host->context, arena, *path, MANIFEST_MAX_TEMPLATE);
    if (json.status != FILE_MISSING)
        return json;
    Str other = str_format(arena, "%.*s.yaml", STR_FMT(base));
    FileResult found = host->read_file(host->context, arena, other, MANIFEST_MAX_TEMPLATE);
    if (found.status == FILE_MISSING)
        return json;
    *path = other;
    *yaml = true;
    return found;
}

static bool read_template(
    Arena *arena, const Host *host, Str stem, ManifestStack *stack, Str *error)
{
    bool is_main = str_is(stack->id, "main");
    Str base = is_main ? stem : str_format(arena, "%.*s.%.*s", STR_FMT(stem), STR_FMT(stack->id));
    FieldReader reader = {.arena = arena};
    bool yaml;
    FileResult file = read_either(arena, host, base, &reader.file, &yaml);
    if (file.status != FILE_OK)
        field_fail(&reader, "the template of the stack '%.*s' cannot be read: %.*s",
            STR_FMT(stack->id), STR_FMT(file.error));
    else if (stack->sha256.len && !str_equal(sha256_hex(arena, file.text), stack->sha256))
        field_fail(&reader, "it is not the template that the manifest was written with");
    else
        stack->template_ = field_parse(&reader, file.text, yaml);
    *error = reader.error;
    stack->template_path = reader.file;
    if (reader.error.len)
        return false;
    Buf text;
    buf_init(&text, 0);
    data_write_json_compact(&text, stack->template_);
    stack->template_text = buf_copy(&text, arena);
    buf_release(&text);
    return true;
}

Manifest *manifest_read(Arena *arena, const Host *host, Str path, Str *error)
{
    static const char ENDING[] = ".manifest.json";
    if (!str_ends(path, STR(ENDING))) {
        *error = str_format(arena, "%.*s: a manifest's name ends in '%s'", STR_FMT(path), ENDING);
        return NULL;
    }
    FileResult file = host->read_file(host->context, arena, path, MANIFEST_MAX_BYTES);
    if (file.status != FILE_OK) {
        *error = str_format(arena, "%.*s: %.*s", STR_FMT(path), STR_FMT(file.error));
        return NULL;
    }
    Manifest *manifest = manifest_parse(arena, path, file.text, error);
    Str stem = str_copy(arena, str_slice(path, 0, path.len - (sizeof ENDING - 1)));
    for (size_t i = 0; manifest && i < manifest->stacks.len; i++)
        if (!read_template(arena, host, stem, &manifest->stacks.items[i], error))
            return NULL;
    return manifest;
}

const ManifestStack *manifest_stack(const Manifest *manifest, Str id)
{
    for (size_t i = 0; i < manifest->stacks.len; i++)
        if (str_equal(manifest->stacks.items[i].id, id))
            return &manifest->stacks.items[i];
    return NULL;
}

const ManifestAsset *manifest_asset(const Manifest *manifest, Str id)
{
    for (size_t i = 0; i < manifest->assets.len; i++)
        if (str_equal(manifest->assets.items[i].id, id))
            return &manifest->assets.items[i];
    return NULL;
}
