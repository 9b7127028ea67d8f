#include "compiler/check/check_priv.h"

// What all implications of one template together may cost, in evaluated parts of conditions.
enum { IMPLICATION_BUDGET = 500000 };

static const char *const section_names[SECTION_COUNT] = {
    [SECTION_METADATA] = "Metadata",
    [SECTION_PARAMETERS] = "Parameters",
    [SECTION_RULES] = "Rules",
    [SECTION_MAPPINGS] = "Mappings",
    [SECTION_CONDITIONS] = "Conditions",
    [SECTION_TRANSFORM] = "Transform",
    [SECTION_RESOURCES] = "Resources",
    [SECTION_OUTPUTS] = "Outputs",
};

static Str text_of(const Datum *map, Str key)
{
    const Datum *value = datum_get(map, key);
    return value && value->kind == DATUM_STRING ? value->text : (Str){"", 0};
}

bool check_is_foreach(Str key)
{
    return str_starts(key, STR("Fn::ForEach::"));
}

bool check_is_lenient(const Check *check)
{
    return check->serverless || check->custom_macro || check->includes;
}

bool check_may_appear(const Check *check, Str name)
{
    for (size_t i = 0; i < check->patterns.len; i++) {
        IdPattern pattern = check->patterns.items[i];
        if (name.len >= pattern.prefix.len + pattern.suffix.len &&
            str_starts(name, pattern.prefix) && str_ends(name, pattern.suffix))
            return true;
    }
    return false;
}

static void index_transform(Check *check, const Datum *transform)
{
    if (!transform)
        return;
    if (transform->kind == DATUM_LIST) {
        for (size_t i = 0; i < transform->items.len; i++)
            index_transform(check, transform->items.items[i]);
        return;
    }
    Str name = transform->kind == DATUM_STRING ? transform->text : text_of(transform, STR("Name"));
    if (str_is(name, "AWS::LanguageExtensions"))
        check->language_extensions = true;
    else if (str_starts(name, STR("AWS::Serverless-")))
        check->serverless = true;
    else if (str_starts(name, STR("AWS::SecretsManager-")) ||
             str_starts(name, STR("AWS::CodeDeployBlueGreen")))
        check->serverless = true;
    else if (str_is(name, "AWS::Include"))
        check->includes = true;
    else
        check->custom_macro = true;
}

// What Ref of a parameter of this type gives.
static ValueKind parameter_kind(Str type)
{
    if (check_is_list_type(type))
        return VALUE_LIST;
    if (str_is(type, "Number"))
        return VALUE_NUMBER;
    return VALUE_STRING;
}

static void index_parameters(Check *check)
{
    const Datum *section = check->sections[SECTION_PARAMETERS];
    for (size_t i = 0; section && i < section->entries.len; i++) {
        const DatumEntry *entry = &section->entries.items[i];
        CheckParameter *parameter = ARENA_NEW(check->arena, CheckParameter);
        parameter->name = entry->key;
        parameter->entry = entry;
        parameter->type = text_of(entry->value, STR("Type"));
        parameter->kind = parameter_kind(parameter->type);
        VEC_ADD(check->arena, &check->parameter_list, parameter);
        map_set(&check->parameters, check->arena, entry->key, parameter);
    }
}

// Remembers the constant ends of the keys that a loop makes, inner loops included.
static void index_foreach(Check *check, const DatumEntry *loop)
{
    const Datum *arguments = loop->value;
    if (arguments->kind != DATUM_LIST || arguments->items.len != 3)
        return;
    const Datum *body = arguments->items.items[2];
    for (size_t i = 0; body->kind == DATUM_MAP && i < body->entries.len; i++) {
        const DatumEntry *entry = &body->entries.items[i];
        if (check_is_foreach(entry->key)) {
            index_foreach(check, entry);
            continue;
        }
        Str key = entry->key;
        size_t first = 0;
        while (first < key.len && key.ptr[first] != '$' && key.ptr[first] != '&')
            first++;
        size_t last = key.len;
        while (last > first && key.ptr[last - 1] != '}')
            last--;
        IdPattern pattern = {str_slice(key, 0, first), str_slice(key, last, key.len)};
        VEC_ADD(check->arena, &check->patterns, pattern);
    }
}

static void index_conditions(Check *check)
{
    const Datum *section = check->sections[SECTION_CONDITIONS];
    for (size_t i = 0; section && i < section->entries.len; i++) {
        const DatumEntry *entry = &section->entries.items[i];
        if (check_is_foreach(entry->key))
            index_foreach(check, entry);
        if (str_starts(entry->key, STR("Fn::")))
            continue;
        CheckCondition *condition = ARENA_NEW(check->arena, CheckCondition);
        condition->name = entry->key;
        condition->entry = entry;
        condition->index = check->condition_list.len;
        VEC_ADD(check->arena, &check->condition_list, condition);
        map_set(&check->conditions, check->arena, entry->key, condition);
    }
    check->condition_graph.count = check->condition_list.len;
}

CheckResource *check_resource_of(const Check *check, const DatumEntry *entry)
{
    CheckResource *resource = ARENA_NEW(check->arena, CheckResource);
    resource->id = entry->key;
    resource->entry = entry;
    resource->body = entry->value;
    resource->type = text_of(entry->value, STR("Type"));
    resource->condition = text_of(entry->value, STR("Condition"));
    if (check->context->schema.bytes && !schema_is_open_name(resource->type))
        resource->schema = schema_find_type(check->context->schema, resource->type);
    resource->index = SIZE_MAX;
    return resource;
}

static void index_resources(Check *check)
{
    const Datum *section = check->sections[SECTION_RESOURCES];
    for (size_t i = 0; section && i < section->entries.len; i++) {
        const DatumEntry *entry = &section->entries.items[i];
        if (check_is_foreach(entry->key)) {
            index_foreach(check, entry);
            continue;
        }
        if (str_is(entry->key, "Fn::Transform")) {
            check->includes = true;
            continue;
        }
        CheckResource *resource = check_resource_of(check, entry);
        resource->index = check->resource_list.len;
        VEC_ADD(check->arena, &check->resource_list, resource);
        map_set(&check->resources, check->arena, entry->key, resource);
    }
    check->resource_graph.count = check->resource_list.len;
}

static void index_includes(Check *check)
{
    if (datum_get(check->template_, STR("Fn::Transform")))
        check->includes = true;
    for (int i = 0; i < SECTION_COUNT; i++)
        if (i != SECTION_METADATA && datum_get(check->sections[i], STR("Fn::Transform")))
            check->includes = true;
}

void check_index(Check *check, const CheckContext *context, const Stack *stack)
{
    *check = (Check){0};
    check->context = context;
    check->arena = context->arena;
    check->template_ = stack->template_;
    check->region = stack->region;
    check->implication_budget = IMPLICATION_BUDGET;
    for (int i = 0; i < SECTION_COUNT; i++) {
        const Datum *section = datum_get(stack->template_, str_of(section_names[i]));
        if (section && section->kind == DATUM_MAP)
            check->sections[i] = section;
    }
    index_transform(check, datum_get(stack->template_, STR("Transform")));
    index_includes(check);
    index_parameters(check);
    index_conditions(check);
    index_resources(check);
}
