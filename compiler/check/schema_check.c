// Every resource against the schema of its type.
#include "compiler/check/judge.h"

enum { MAX_STEPS = 200000, MAX_NEAREST = 8 };

// The day the runtimes' table was taken from AWS: what ends later has not ended for sure, and a
// compiler that asked the clock would not give the same answer twice.
static const char runtimes_as_of[] = "2026-11-01";

static const Origin *type_origin(const CheckResource *resource)
{
    const Datum *type = datum_get(resource->body, STR("Type"));
    return type && type->origin ? type->origin : check_key_origin(resource->entry);
}

static void report_unknown_type(Check *check, const CheckResource *resource)
{
    DiagCode code = check->custom_macro ? DIAG_UNSURE_RESOURCE_TYPE : DIAG_UNKNOWN_RESOURCE_TYPE;
    const Origin *origin = type_origin(resource);
    Diag *diag = check_report(check, code, origin, resource->type, DIAG_END);
    Str names[MAX_NEAREST];
    size_t count = schema_nearest_types(check->context->schema, resource->type, names, MAX_NEAREST);
    check_did_you_mean(check, diag, origin, resource->type, names, count);
}

static void check_type(Check *check, const CheckResource *resource)
{
    SchemaType type = resource->schema;
    const Origin *origin = type_origin(resource);
    Str note = schema_type_note(type);
    bool ended = schema_type_has(type, SCHEMA_TYPE_NOT_CREATABLE);
    if (ended || schema_type_has(type, SCHEMA_TYPE_DEPRECATED)) {
        DiagCode code = ended ? DIAG_TYPE_NOT_CREATABLE : DIAG_DEPRECATED_RESOURCE_TYPE;
        Diag *diag = check_report(check, code, origin, resource->type, DIAG_END);
        if (note.len)
            check_note(check, diag, NULL, note);
    }
    if (check->region.len && schema_type_in_region(type, check->region) == SCHEMA_REGION_NO)
        check_report(
            check, DIAG_TYPE_NOT_IN_REGION, origin, resource->type, check->region, DIAG_END);
}

// ---- read-only properties ----

typedef struct ReadOnly {
    Check *check;
    const CheckResource *resource;
    Str path;
} ReadOnly;

static void find_read_only(const ReadOnly *wanted, const Datum *value, size_t start);

static void find_in_all(const ReadOnly *wanted, const Datum *value, size_t start)
{
    for (size_t i = 0; value->kind == DATUM_LIST && i < value->items.len; i++)
        find_read_only(wanted, value->items.items[i], start);
    for (size_t i = 0; value->kind == DATUM_MAP && i < value->entries.len; i++)
        find_read_only(wanted, value->entries.items[i].value, start);
}

// Follows the path from byte `start` on; what stands at its end was set.
static void find_read_only(const ReadOnly *wanted, const Datum *value, size_t start)
{
    if (check_function(value))
        return;
    size_t dot = str_find(wanted->path, STR("."), start);
    size_t end = dot == SIZE_MAX ? wanted->path.len : dot;
    Str name = str_slice(wanted->path, start, end);
    if (str_is(name, "*")) {
        if (dot != SIZE_MAX)
            find_in_all(wanted, value, dot + 1);
        return;
    }
    if (value->kind != DATUM_MAP)
        return;
    for (size_t i = 0; i < value->entries.len; i++) {
        const DatumEntry *entry = &value->entries.items[i];
        if (!str_equal(entry->key, name))
            continue;
        if (dot != SIZE_MAX)
            find_read_only(wanted, entry->value, dot + 1);
        else if (!check_is_no_value(entry->value))
            check_report(wanted->check, DIAG_READ_ONLY_PROPERTY, check_key_origin(entry),
                wanted->path, DIAG_END);
    }
}

static void check_read_only(Check *check, const CheckResource *resource, const Datum *properties)
{
    SchemaTexts paths = schema_type_paths(resource->schema, SCHEMA_READ_ONLY);
    SchemaFacts root = schema_node_facts(schema_type_root(resource->schema));
    for (size_t i = 0; i < paths.len; i++) {
        ReadOnly wanted = {check, resource, schema_text_at(paths, i)};
        // Some schemas require what they call read-only; then the requirement is the truth.
        if (!schema_texts_contain(root.required, wanted.path))
            find_read_only(&wanted, properties, 0);
    }
}

// ---- properties ----

static void check_runtime(Check *check, const CheckResource *resource, const Datum *properties)
{
    const Datum *runtime = datum_get(properties, STR("Runtime"));
    SchemaRuntime found;
    if (!str_starts(resource->type, STR("AWS::Lambda::")) || !runtime ||
        runtime->kind != DATUM_STRING ||
        !schema_find_runtime(check->context->schema, runtime->text, &found))
        return;
    if (!found.deprecated.len || str_compare(found.deprecated, str_of(runtimes_as_of)) > 0)
        return;
    Diag *diag = check_report(check, DIAG_RUNTIME_ENDED,
        runtime->origin ? runtime->origin : check_key_origin(resource->entry), runtime->text,
        found.deprecated, DIAG_END);
    if (found.successor.len)
        check_note(check, diag, NULL,
            str_format(
                check->arena, "AWS names '%.*s' as its successor", STR_FMT(found.successor)));
}

static void check_properties(Check *check, const CheckResource *resource)
{
    const Datum *properties = datum_get(resource->body, STR("Properties"));
    if (!properties) {
        // A transform beside Type may bring them.
        if (datum_get(resource->body, STR("Fn::Transform")))
            return;
        properties = datum_map(check->arena, NULL);
    }
    Judge judge = {.check = check, .resource = resource, .report = true, .steps = MAX_STEPS};
    Path root = {NULL, {"", 0}, 0, check_key_origin(resource->entry)};
    if (properties->kind != DATUM_MAP)
        return;
    judge_node(&judge, schema_type_root(resource->schema), properties, &root);
    if (check_function(properties))
        return;
    check_read_only(check, resource, properties);
    check_runtime(check, resource, properties);
}

// `AS::S3::Bucket`: a vendor that is one letter away from AWS, and a type that AWS has.
static bool is_misspelt_vendor(const Check *check, Str type)
{
    size_t end = str_find(type, STR("::"), 0);
    if (end == SIZE_MAX || str_distance(str_slice(type, 0, end), STR("AWS"), 1) > 1)
        return false;
    Str meant = str_format(check->arena, "AWS%.*s", STR_FMT(str_slice(type, end, type.len)));
    return schema_type_exists(schema_find_type(check->context->schema, meant));
}

void check_resource_schema(Check *check, const CheckResource *resource)
{
    check_sizes(check, resource);
    if (!check->context->schema.bytes || resource->type.len == 0)
        return;
    if (schema_is_open_name(resource->type) && !is_misspelt_vendor(check, resource->type))
        return;
    if (!schema_type_exists(resource->schema)) {
        report_unknown_type(check, resource);
        return;
    }
    check_type(check, resource);
    check_properties(check, resource);
}
