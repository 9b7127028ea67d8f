// Fn::Sub and Fn::FindInMap, the two functions that look into something by name.
#include "compiler/check/check_priv.h"

typedef struct SubCall {
    Check *check;
    const Scope *scope;
    const Datum *variables; // or NULL
    const Origin *origin;
} SubCall;

static bool is_sub_name(Str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '.' || c == ':' || c == '_';
        if (!fits)
            return false;
    }
    return name.len > 0;
}

static void check_sub_attribute(const SubCall *call, Str name, size_t dot)
{
    Str id = str_slice(name, 0, dot);
    Str attribute = str_slice(name, dot + 1, name.len);
    check_attribute(call->check, call->scope, id, attribute, call->origin);
    check_text_kind(call->check, str_format(call->check->arena, "'%.*s'", STR_FMT(name)),
        check_attribute_kind(call->check, id, attribute), STR("Fn::Sub"), call->origin);
    check_text_attribute(call->check, id, attribute, STR("Fn::Sub"), call->origin);
}

static bool check_sub_name(void *context, Str name)
{
    const SubCall *call = context;
    if (datum_get(call->variables, name))
        return true;
    if (!is_sub_name(name)) {
        Diag *diag = check_report(call->check, DIAG_BAD_SUB_NAME, call->origin, name, DIAG_END);
        check_note(call->check, diag, NULL,
            str_format(call->check->arena, "for the text itself, Fn::Sub wants '${!%.*s}'",
                STR_FMT(name)));
        return true;
    }
    size_t dot = str_find(name, STR("."), 0);
    if (dot != SIZE_MAX && dot > 0) {
        check_sub_attribute(call, name, dot);
        return true;
    }
    check_ref(call->check, call->scope, name, call->origin, STR("Fn::Sub"));
    const CheckParameter *parameter = map_find(&call->check->parameters, name);
    if (parameter)
        check_text_kind(call->check, str_format(call->check->arena, "'%.*s'", STR_FMT(name)),
            parameter->kind, STR("Fn::Sub"), call->origin);
    return true;
}

static void check_sub_variables(const SubCall *call)
{
    const Datum *map = call->variables;
    for (size_t i = 0; i < map->entries.len; i++) {
        const Datum *value = map->entries.items[i].value;
        check_walk(call->check, call->scope, value);
        check_text_kind(call->check, check_show(call->check, value),
            check_value_kind(call->check, value), STR("Fn::Sub"),
            value->origin ? value->origin : call->origin);
    }
}

void check_sub(Check *check, const Scope *scope, const Datum *arguments, const Origin *origin)
{
    const Datum *text = arguments;
    Scope inner = *scope;
    inner.allows_no_value = false;
    SubCall call = {check, &inner, NULL, origin};
    if (arguments->kind == DATUM_LIST && arguments->items.len == 2) {
        text = arguments->items.items[0];
        call.variables = arguments->items.items[1];
    }
    if (text->kind != DATUM_STRING || (call.variables && call.variables->kind != DATUM_MAP)) {
        check_report(check, DIAG_BAD_ARGUMENTS, origin, STR("Fn::Sub"),
            STR("a text, or a text and a map"), check_show(check, arguments), DIAG_END);
        return;
    }
    if (text->origin)
        call.origin = text->origin;
    if (call.variables && !check_function(call.variables))
        check_sub_variables(&call);
    check_sub_names(text->text, check_sub_name, &call);
}

// ---- Fn::FindInMap ----

static void report_no_key(Check *check, const DatumEntry *mapping, const Datum *level,
    const Datum *key, const Origin *origin)
{
    VEC(Str) names = {0};
    for (size_t i = 0; i < level->entries.len; i++)
        VEC_ADD(check->arena, &names, level->entries.items[i].key);
    const Origin *at = key->origin ? key->origin : origin;
    Diag *diag =
        check_report(check, DIAG_UNKNOWN_MAPPING_KEY, at, mapping->key, key->text, DIAG_END);
    check_did_you_mean(check, diag, at, key->text, names.items, names.len);
    check_note(check, diag, check_key_origin(mapping),
        str_format(check->arena, "the mapping '%.*s' is declared here", STR_FMT(mapping->key)));
}

static bool is_literal_key(const Scope *scope, const Datum *key)
{
    return (key->kind == DATUM_STRING || key->kind == DATUM_NUMBER) &&
           !check_is_loop_text(scope, key->text);
}

// Keys that are written out must be there; computed ones may be anything.
static void check_keys(Check *check, const Scope *scope, const DatumEntry *mapping,
    const Datum *arguments, const Origin *origin)
{
    const Datum *first = arguments->items.items[1];
    const Datum *second = arguments->items.items[2];
    const Datum *map = mapping->value;
    if (map->kind != DATUM_MAP || datum_get(map, STR("Fn::Transform")))
        return;
    if (is_literal_key(scope, first)) {
        const Datum *level = datum_get(map, first->text);
        if (!level)
            report_no_key(check, mapping, map, first, origin);
        else if (level->kind == DATUM_MAP && is_literal_key(scope, second) &&
                 !datum_get(level, second->text))
            report_no_key(check, mapping, level, second, origin);
        return;
    }
    if (!is_literal_key(scope, second))
        return;
    for (size_t i = 0; i < map->entries.len; i++)
        if (datum_get(map->entries.items[i].value, second->text))
            return;
    if (map->entries.len > 0)
        report_no_key(check, mapping, map->entries.items[0].value, second, origin);
}

static void check_mapping_name(Check *check, const Scope *scope, const Datum *arguments,
    bool has_default, const Origin *origin)
{
    const Datum *name = arguments->items.items[0];
    if (name->kind != DATUM_STRING) {
        const DatumEntry *inner = check_function(name);
        bool is_plain = inner && (str_is(inner->key, "Ref") || str_is(inner->key, "Fn::FindInMap"));
        if (!is_plain && !check->language_extensions)
            check_needs_extensions(check, STR("a function in 'Fn::FindInMap'"), origin);
        else
            check_walk(check, scope, name);
        return;
    }
    const Datum *section = check->sections[SECTION_MAPPINGS];
    for (size_t i = 0; section && i < section->entries.len; i++) {
        if (!str_equal(section->entries.items[i].key, name->text))
            continue;
        if (!has_default)
            check_keys(check, scope, &section->entries.items[i], arguments, origin);
        return;
    }
    if (check_is_loop_text(scope, name->text) || check->custom_macro || check->includes)
        return;
    const Origin *at = name->origin ? name->origin : origin;
    Diag *diag = check_report(check, DIAG_UNKNOWN_MAPPING, at, name->text, DIAG_END);
    VEC(Str) names = {0};
    for (size_t i = 0; section && i < section->entries.len; i++)
        VEC_ADD(check->arena, &names, section->entries.items[i].key);
    check_did_you_mean(check, diag, at, name->text, names.items, names.len);
}

// The fourth argument: {"DefaultValue": …}. True when it is there.
static bool check_default(
    Check *check, const Scope *scope, const Datum *arguments, const Origin *origin)
{
    if (arguments->items.len < 4)
        return false;
    const DatumEntry *entry = datum_only_entry(arguments->items.items[3]);
    if (!entry || !str_is(entry->key, "DefaultValue"))
        check_report(check, DIAG_BAD_ARGUMENTS, origin, STR("Fn::FindInMap"),
            STR("'DefaultValue' as its fourth argument"),
            check_show(check, arguments->items.items[3]), DIAG_END);
    else if (!check->language_extensions)
        check_needs_extensions(check, STR("a default in 'Fn::FindInMap'"), origin);
    else
        check_walk(check, scope, arguments->items.items[3]);
    return true;
}

void check_find_in_map(
    Check *check, const Scope *scope, const Datum *arguments, const Origin *origin)
{
    if (arguments->kind != DATUM_LIST || arguments->items.len < 3 || arguments->items.len > 4) {
        check_report(check, DIAG_BAD_ARGUMENTS, origin, STR("Fn::FindInMap"),
            STR("a mapping and two keys"), check_show(check, arguments), DIAG_END);
        return;
    }
    Scope inner = *scope;
    inner.allows_no_value = false;
    bool has_default = check_default(check, scope, arguments, origin);
    check_mapping_name(check, &inner, arguments, has_default, origin);
    check_walk(check, &inner, arguments->items.items[1]);
    check_walk(check, &inner, arguments->items.items[2]);
}
