// The shape of a template's sections and their entries, walking every expression on the way.
#include "compiler/check/check_priv.h"

static const char *const top_names[] = {"AWSTemplateFormatVersion", "Description", "Metadata",
    "Parameters", "Rules", "Mappings", "Conditions", "Transform", "Resources", "Outputs", "Hooks",
    "Fn::Transform"};
static const char *const resource_names[] = {"Type", "Properties", "DependsOn", "Condition",
    "DeletionPolicy", "UpdateReplacePolicy", "CreationPolicy", "UpdatePolicy", "Metadata",
    "Fn::Transform"};
static const char *const output_names[] = {
    "Value", "Description", "Export", "Condition", "Fn::Transform"};
static const char *const rule_names[] = {"RuleCondition", "Assertions"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool is_one_of(Str name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_is(name, names[i]))
            return true;
    return false;
}

static void suggest(Check *check, Diag *diag, const Origin *origin, Str name,
    const char *const *names, size_t count)
{
    VEC(Str) list = {0};
    for (size_t i = 0; i < count; i++)
        VEC_ADD(check->arena, &list, str_of(names[i]));
    check_did_you_mean(check, diag, origin, name, list.items, list.len);
}

void check_entry_names(
    Check *check, const Datum *map, const char *what, const char *const *names, size_t count)
{
    if (check->custom_macro || check->serverless)
        return;
    for (size_t i = 0; i < map->entries.len; i++) {
        const DatumEntry *entry = &map->entries.items[i];
        if (is_one_of(entry->key, names, count))
            continue;
        const Origin *origin = check_key_origin(entry);
        Diag *diag =
            check_report(check, DIAG_UNKNOWN_ENTRY, origin, str_of(what), entry->key, DIAG_END);
        suggest(check, diag, origin, entry->key, names, count);
    }
}

static void bad_shape(Check *check, Str what, const char *wanted, const DatumEntry *entry)
{
    check_report(check, DIAG_BAD_SHAPE, check_entry_origin(entry), what, str_of(wanted),
        check_show(check, entry->value), DIAG_END);
}

static Str quoted(Check *check, Str name)
{
    return str_format(check->arena, "'%.*s'", STR_FMT(name));
}

static const DatumEntry *entry_of(const Datum *map, const char *key)
{
    for (size_t i = 0; i < map->entries.len; i++)
        if (str_is(map->entries.items[i].key, key))
            return &map->entries.items[i];
    return NULL;
}

static Scope scope_at(Place place, const char *place_name)
{
    return (Scope){.place = place, .place_name = place_name, .property = {"", 0}};
}

// A text without functions, which `what` must be.
static bool check_literal(Check *check, const DatumEntry *entry, const char *what)
{
    if (entry->value->kind == DATUM_STRING)
        return true;
    const DatumEntry *call = check_function(entry->value);
    if (call)
        check_report(check, DIAG_FUNCTION_NOT_HERE, check_entry_origin(entry), call->key,
            str_of(what), DIAG_END);
    else
        bad_shape(check, str_of(what), "a string", entry);
    return false;
}

// ---- resources ----

static void check_depends_on_name(
    Check *check, const Scope *scope, const Datum *name, const Origin *outer)
{
    const Origin *origin = name->origin ? name->origin : outer;
    if (name->kind != DATUM_STRING) {
        const DatumEntry *call = check_function(name);
        if (call)
            check_report(
                check, DIAG_FUNCTION_NOT_HERE, origin, call->key, STR("'DependsOn'"), DIAG_END);
        else
            check_report(check, DIAG_BAD_SHAPE, origin, STR("'DependsOn'"),
                STR("names of resources"), check_show(check, name), DIAG_END);
        return;
    }
    const CheckResource *target = map_find(&check->resources, name->text);
    if (!target) {
        if (map_find(&check->parameters, name->text))
            check_report(check, DIAG_BAD_SHAPE, origin, STR("'DependsOn'"),
                STR("names of resources"), STR("a parameter"), DIAG_END);
        else
            check_ref(check, scope, name->text, origin, STR("DependsOn"));
        return;
    }
    Scope inner = *scope;
    inner.property = (Str){"", 0};
    check_add_edge(check, &inner, target, origin, STR("DependsOn"));
}

static void check_depends_on(Check *check, const Scope *scope, const DatumEntry *entry)
{
    const Origin *origin = check_entry_origin(entry);
    if (entry->value->kind != DATUM_LIST) {
        check_depends_on_name(check, scope, entry->value, origin);
        return;
    }
    for (size_t i = 0; i < entry->value->items.len; i++)
        check_depends_on_name(check, scope, entry->value->items.items[i], origin);
}

static void check_policy(Check *check, const Scope *scope, const DatumEntry *entry)
{
    const Datum *value = entry->value;
    const Origin *origin = check_entry_origin(entry);
    if (value->kind != DATUM_STRING) {
        Scope inner = *scope;
        inner.place = PLACE_POLICY;
        inner.place_name =
            str_is(entry->key, "DeletionPolicy") ? "'DeletionPolicy'" : "'UpdateReplacePolicy'";
        if (check_function(value))
            check_walk(check, &inner, value);
        else
            bad_shape(check, quoted(check, entry->key), "a string", entry);
        return;
    }
    static const char *const policies[] = {"Delete", "Retain", "Snapshot", "RetainExceptOnCreate"};
    size_t count = str_is(entry->key, "DeletionPolicy") ? COUNT(policies) : COUNT(policies) - 1;
    if (!is_one_of(value->text, policies, count)) {
        Diag *diag =
            check_report(check, DIAG_BAD_POLICY, origin, value->text, entry->key, DIAG_END);
        suggest(check, diag, origin, value->text, policies, count);
        return;
    }
    SchemaType type = scope->resource->schema;
    if (str_is(value->text, "Snapshot") && schema_type_exists(type) &&
        !schema_type_has(type, SCHEMA_TYPE_CAN_SNAPSHOT))
        check_report(check, DIAG_NO_SNAPSHOT, origin, scope->resource->type, DIAG_END);
}

static void check_properties(Check *check, const Scope *scope, const DatumEntry *entry)
{
    const Datum *value = entry->value;
    if (value->hole)
        return;
    if (value->kind != DATUM_MAP) {
        bad_shape(check, STR("'Properties'"), "a map", entry);
        return;
    }
    if (check_function(value)) {
        check_walk(check, scope, value);
        return;
    }
    Scope inner = *scope;
    inner.allows_no_value = true;
    for (size_t i = 0; i < value->entries.len; i++) {
        const DatumEntry *property = &value->entries.items[i];
        inner.property = property->key;
        if (check_is_foreach(property->key))
            check_walk(check, scope, value); // the rare case: loops over properties
        else
            check_walk(check, &inner, property->value);
    }
}

static void check_resource_entry(Check *check, const Scope *scope, const DatumEntry *entry)
{
    Str key = entry->key;
    if (str_is(key, "Properties"))
        check_properties(check, scope, entry);
    else if (str_is(key, "DependsOn"))
        check_depends_on(check, scope, entry);
    else if (str_is(key, "DeletionPolicy") || str_is(key, "UpdateReplacePolicy"))
        check_policy(check, scope, entry);
    else if (str_is(key, "Type"))
        check_literal(check, entry, "'Type'");
    else if (str_is(key, "Condition")) {
        if (check_literal(check, entry, "'Condition'"))
            check_condition_name(check, scope, entry->value->text, check_entry_origin(entry));
    } else {
        Scope inner = *scope;
        inner.property = key;
        check_walk(check, &inner, entry->value);
    }
}

static void check_resource(Check *check, const Scope *outer, const DatumEntry *entry)
{
    if (str_is(entry->key, "Fn::Transform"))
        return;
    if (entry->value->kind != DATUM_MAP) {
        bad_shape(check, str_format(check->arena, "the resource '%.*s'", STR_FMT(entry->key)),
            "a map", entry);
        return;
    }
    CheckResource *resource = outer->loops ? NULL : map_find(&check->resources, entry->key);
    if (!resource)
        resource = check_resource_of(check, entry);
    Scope scope = *outer;
    scope.resource = resource;
    Fact fact = {resource->condition, true, NULL};
    if (resource->condition.len)
        scope.facts = &fact;
    check_entry_names(check, entry->value, "a resource", resource_names, COUNT(resource_names));
    if (!datum_get(entry->value, STR("Type")) && !check->custom_macro)
        check_report(check, DIAG_MISSING_ENTRY, check_key_origin(entry),
            str_format(check->arena, "the resource '%.*s'", STR_FMT(entry->key)), STR("Type"),
            DIAG_END);
    for (size_t i = 0; i < entry->value->entries.len; i++)
        check_resource_entry(check, &scope, &entry->value->entries.items[i]);
    check_resource_schema(check, resource);
}

// ---- outputs ----

static void check_output_value(Check *check, const Scope *scope, const DatumEntry *entry)
{
    const Datum *value = entry->value;
    if (value->hole)
        return;
    if (value->kind == DATUM_NULL || value->kind == DATUM_LIST ||
        (value->kind == DATUM_MAP && !check_function(value))) {
        bad_shape(check, STR("the value of an output"), "a text", entry);
        return;
    }
    check_walk(check, scope, value);
    const DatumEntry *call = check_function(value);
    if (!call)
        return;
    const Origin *origin = check_entry_origin(entry);
    check_text_kind(
        check, check_show(check, value), check_value_kind(check, value), STR("an output"), origin);
    Str id = STR_NONE;
    Str attribute =
        str_is(call->key, "Fn::GetAtt") ? check_get_att(check->arena, call->value, &id) : STR_NONE;
    if (attribute.ptr)
        check_text_attribute(check, id, attribute, STR("an output"), origin);
}

static bool is_export_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':' ||
           c == '-';
}

static void check_export(Check *check, const Scope *outer, const DatumEntry *entry)
{
    if (entry->value->kind != DATUM_MAP) {
        bad_shape(check, STR("'Export'"), "a map", entry);
        return;
    }
    Scope scope = *outer;
    scope.place = PLACE_EXPORT;
    scope.place_name = "the name of an export";
    check_walk(check, &scope, entry->value);
    const DatumEntry *name = entry_of(entry->value, "Name");
    if (!name) {
        if (!check_function(entry->value))
            check_report(check, DIAG_MISSING_ENTRY, check_key_origin(entry), STR("'Export'"),
                STR("Name"), DIAG_END);
        return;
    }
    if (name->value->kind != DATUM_STRING || check_is_loop_text(outer, name->value->text))
        return;
    Str text = name->value->text;
    bool fits = text.len > 0 && text.len <= 255;
    for (size_t i = 0; i < text.len && fits; i++)
        fits = is_export_char(text.ptr[i]);
    if (!fits)
        check_report(check, DIAG_BAD_EXPORT_NAME, check_entry_origin(name), text, DIAG_END);
}

static void check_output(Check *check, const Scope *outer, const DatumEntry *entry)
{
    if (str_is(entry->key, "Fn::Transform"))
        return;
    Str what = str_format(check->arena, "the output '%.*s'", STR_FMT(entry->key));
    if (entry->value->kind != DATUM_MAP) {
        bad_shape(check, what, "a map", entry);
        return;
    }
    const Datum *body = entry->value;
    Scope scope = *outer;
    const DatumEntry *condition = entry_of(body, "Condition");
    Fact fact = {STR_NONE, true, NULL};
    if (condition && check_literal(check, condition, "'Condition'")) {
        check_condition_name(check, &scope, condition->value->text, check_entry_origin(condition));
        fact.condition = condition->value->text;
        scope.facts = &fact;
    }
    check_entry_names(check, body, "an output", output_names, COUNT(output_names));
    const DatumEntry *value = entry_of(body, "Value");
    if (value)
        check_output_value(check, &scope, value);
    else if (!datum_get(body, STR("Fn::Transform")))
        check_report(
            check, DIAG_MISSING_ENTRY, check_key_origin(entry), what, STR("Value"), DIAG_END);
    const DatumEntry *description = entry_of(body, "Description");
    if (description)
        check_literal(check, description, "the description of an output");
    const DatumEntry *export = entry_of(body, "Export");
    if (export)
        check_export(check, &scope, export);
}

// ---- conditions, rules, mappings ----

static void check_condition(Check *check, const Scope *outer, const DatumEntry *entry)
{
    if (str_is(entry->key, "Fn::Transform"))
        return;
    Scope scope = *outer;
    scope.condition = outer->loops ? NULL : map_find(&check->conditions, entry->key);
    const DatumEntry *only = datum_only_entry(entry->value);
    bool is_condition = only && (check_function(entry->value) || str_is(only->key, "Condition"));
    if (!is_condition)
        bad_shape(check, str_format(check->arena, "the condition '%.*s'", STR_FMT(entry->key)),
            "a comparison", entry);
    else
        check_walk(check, &scope, entry->value);
}

static void check_rule(Check *check, const Scope *scope, const DatumEntry *entry)
{
    if (entry->value->kind != DATUM_MAP) {
        bad_shape(check, str_format(check->arena, "the rule '%.*s'", STR_FMT(entry->key)), "a map",
            entry);
        return;
    }
    check_entry_names(check, entry->value, "a rule", rule_names, COUNT(rule_names));
    if (!datum_get(entry->value, STR("Assertions")))
        check_report(check, DIAG_MISSING_ENTRY, check_key_origin(entry),
            str_format(check->arena, "the rule '%.*s'", STR_FMT(entry->key)), STR("Assertions"),
            DIAG_END);
    check_walk(check, scope, entry->value);
}

static bool is_scalar(const Datum *datum)
{
    return datum->kind == DATUM_STRING || datum->kind == DATUM_NUMBER || datum->kind == DATUM_BOOL;
}

static void check_mapping_value(Check *check, const DatumEntry *entry)
{
    const Datum *value = entry->value;
    const DatumEntry *call = check_function(value);
    bool fits = is_scalar(value) || value->kind == DATUM_LIST;
    for (size_t i = 0; fits && value->kind == DATUM_LIST && i < value->items.len; i++) {
        fits = is_scalar(value->items.items[i]);
        if (!fits)
            call = check_function(value->items.items[i]);
    }
    if (fits)
        return;
    if (call)
        check_report(check, DIAG_FUNCTION_NOT_HERE, check_entry_origin(entry), call->key,
            STR("a mapping"), DIAG_END);
    else
        bad_shape(check, STR("a value of a mapping"), "a scalar or a list of scalars", entry);
}

static void check_mapping(Check *check, const Scope *scope, const DatumEntry *entry)
{
    (void)scope;
    const Datum *map = entry->value;
    if (str_is(entry->key, "Fn::Transform"))
        return;
    if (map->kind != DATUM_MAP) {
        bad_shape(check, str_format(check->arena, "the mapping '%.*s'", STR_FMT(entry->key)),
            "a map of maps", entry);
        return;
    }
    for (size_t i = 0; i < map->entries.len; i++) {
        const DatumEntry *level = &map->entries.items[i];
        if (str_is(level->key, "Fn::Transform"))
            continue;
        if (level->value->kind != DATUM_MAP || check_function(level->value)) {
            bad_shape(
                check, quoted(check, level->key), "a map, as a mapping has two levels", level);
            continue;
        }
        for (size_t j = 0; j < level->value->entries.len; j++)
            check_mapping_value(check, &level->value->entries.items[j]);
    }
}

// ---- all sections ----

static void check_section(Check *check, Section section, const Scope *scope, EntryVisitor visit)
{
    const Datum *map = check->sections[section];
    for (size_t i = 0; map && i < map->entries.len; i++) {
        const DatumEntry *entry = &map->entries.items[i];
        if (check_is_foreach(entry->key))
            check_foreach(check, scope, entry, visit);
        else
            visit(check, scope, entry);
    }
}

static void check_top(Check *check)
{
    const Datum *map = check->template_;
    for (size_t i = 0; i < map->entries.len; i++) {
        const DatumEntry *entry = &map->entries.items[i];
        const Origin *origin = check_key_origin(entry);
        if (!is_one_of(entry->key, top_names, COUNT(top_names))) {
            if (check->custom_macro || check->serverless)
                continue;
            Diag *diag = check_report(check, DIAG_UNKNOWN_SECTION, origin, entry->key, DIAG_END);
            suggest(check, diag, origin, entry->key, top_names, COUNT(top_names));
        } else if (str_is(entry->key, "Description")) {
            check_literal(check, entry, "'Description'");
        } else if (!str_is(entry->key, "Transform") && !str_is(entry->key, "Fn::Transform") &&
                   !str_is(entry->key, "AWSTemplateFormatVersion") &&
                   entry->value->kind != DATUM_MAP) {
            bad_shape(check, quoted(check, entry->key), "a map", entry);
        }
    }
}

void check_sections(Check *check)
{
    check_top(check);
    check_parameters(check);
    Scope mapping = scope_at(PLACE_MAPPING, "a mapping");
    check_section(check, SECTION_MAPPINGS, &mapping, check_mapping);
    Scope condition = scope_at(PLACE_CONDITION, "a condition");
    check_section(check, SECTION_CONDITIONS, &condition, check_condition);
    Scope rule = scope_at(PLACE_RULE, "a rule");
    check_section(check, SECTION_RULES, &rule, check_rule);
    Scope value = scope_at(PLACE_VALUE, "a property");
    check_section(check, SECTION_RESOURCES, &value, check_resource);
    Scope output = scope_at(PLACE_OUTPUT, "an output");
    check_section(check, SECTION_OUTPUTS, &output, check_output);
}
