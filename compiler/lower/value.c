// Values to plain data.
#include "compiler/lower/lower_priv.h"

const Origin *spot_origin(const Spot *spot, const Origin *origin)
{
    if (!spot->suppressions || (origin && origin->suppressions))
        return origin;
    Origin *placed = ARENA_NEW(spot->lowerer->arena, Origin);
    if (origin)
        *placed = *origin;
    placed->suppressions = spot->suppressions;
    return placed;
}

Spot spot_in(Lowerer *lowerer, StackBuild *build, Place place)
{
    return (Spot){.lowerer = lowerer, .build = build, .place = place};
}

Datum *single(Arena *arena, const Origin *origin, const char *key, Datum *value)
{
    Datum *map = datum_map(arena, origin);
    datum_put(arena, map, str_of(key), origin, value);
    return map;
}

static Datum *reference(const Spot *spot, const Origin *origin, Str id)
{
    Arena *arena = spot->lowerer->arena;
    return single(arena, origin, "Ref", datum_string(arena, origin, id));
}

// Stands where a value is in error.
Datum *hole(const Spot *spot, const Origin *origin)
{
    Datum *datum = datum_null(spot->lowerer->arena, origin);
    datum->hole = true;
    return datum;
}

static Datum *refuse(const Spot *spot, const Value *value, const char *hint)
{
    Evaluation *ev = spot->lowerer->ev;
    Span span = value->origin ? value->origin->span : (Span){0};
    Diag *diag =
        diag_add(ev->diags, DIAG_NOT_IN_TEMPLATE, span, value_describe(ev->arena, value), DIAG_END);
    if (hint)
        diag_note(ev->diags, diag, (Span){0}, "%s", hint);
    evaluation_explain_origin(ev, diag, value->origin);
    return hole(spot, value->origin);
}

// ---- lists and maps ----

static SchemaNode item_node(SchemaNode node)
{
    return schema_node_exists(node) ? schema_node_facts(node).items : node;
}

static SchemaNode property_node(SchemaNode node, Str name)
{
    SchemaProperty property;
    if (schema_node_exists(node) && schema_find_property(node, name, &property))
        return property.node;
    return (SchemaNode){0};
}

static Datum *lower_list(const Spot *spot, const Value *value, const Origin *origin)
{
    Datum *list = datum_list(spot->lowerer->arena, origin);
    Spot inner = *spot;
    inner.node = item_node(spot->node);
    for (size_t i = 0; i < value->list.len; i++)
        datum_append(spot->lowerer->arena, list, lower_value(&inner, value->list.items[i]));
    return list;
}

// A template takes each name of a loop once.
Str unique_loop_name(const Spot *spot, Str name)
{
    Arena *arena = spot->lowerer->arena;
    Str unique = name;
    for (int i = 2;; i++) {
        Str key = str_format(arena, "e %.*s", STR_FMT(unique));
        if (!map_set(&spot->build->known, arena, key, spot->build))
            return unique;
        unique = str_format(arena, "%.*sNo%d", STR_FMT(name), i);
    }
}

static Datum *lower_map(const Spot *spot, const Value *value, const Origin *origin)
{
    Datum *map = datum_map(spot->lowerer->arena, origin);
    for (size_t i = 0; i < value->map.entries.len; i++) {
        const ValueEntry *entry = &value->map.entries.items[i];
        Spot inner = *spot;
        inner.node = property_node(spot->node, entry->key);
        const Origin *at = entry->origin ? entry->origin : origin;
        if (at && at->suppressions)
            inner.suppressions = at->suppressions;
        bool loops = str_starts(entry->key, STR("Fn::ForEach::"));
        Str key = loops ? unique_loop_name(spot, entry->key) : entry->key;
        datum_put(spot->lowerer->arena, map, key, spot_origin(&inner, at),
            lower_value(&inner, entry->value));
    }
    return map;
}

// ---- assets ----

static bool wants(SchemaNode node, const char *name)
{
    return schema_node_exists(property_node(node, str_of(name)));
}

static Datum *parameter_reference(const Spot *spot, Parameter *parameter, const Origin *origin)
{
    declare_parameter(spot->lowerer, spot->build, parameter);
    return reference(spot, origin, parameter->id);
}

static Datum *lower_asset(const Spot *spot, const Value *value, const Origin *origin)
{
    Evaluation *ev = spot->lowerer->ev;
    const char *bucket = wants(spot->node, "S3Bucket") ? "S3Bucket" : "Bucket";
    const char *key = wants(spot->node, "S3Key")         ? "S3Key"
                      : wants(spot->node, "S3ObjectKey") ? "S3ObjectKey"
                                                         : "Key";
    if (!wants(spot->node, bucket) || !wants(spot->node, key)) {
        Span span = value->origin ? value->origin->span : (Span){0};
        Diag *diag = diag_add(ev->diags, DIAG_ASSET_HAS_NO_PLACE, span, spot->type, DIAG_END);
        diag_note(ev->diags, diag, (Span){0}, "'zip(\"…\").bucket' and '.key' give its parts");
        return hole(spot, origin);
    }
    Arena *arena = spot->lowerer->arena;
    Datum *map = datum_map(arena, origin);
    datum_put(arena, map, str_of(bucket), origin,
        parameter_reference(spot, value->asset->bucket, origin));
    datum_put(
        arena, map, str_of(key), origin, parameter_reference(spot, value->asset->key, origin));
    return map;
}

// ---- deploy-time values ----

static Datum *lower_ref(const Spot *spot, const Value *value, const Origin *origin)
{
    if (value->deploy->parameter)
        return parameter_reference(spot, value->deploy->parameter, origin);
    if (value->deploy->resource)
        return lower_resource(spot, value->deploy->resource, STR_NONE, origin);
    if (value->deploy->args.len)
        return single(
            spot->lowerer->arena, origin, "Ref", lower_value(spot, value->deploy->args.items[0]));
    return reference(spot, origin, value->deploy->text);
}

static Datum *lower_get_att(const Spot *spot, const Value *value, const Origin *origin)
{
    Arena *arena = spot->lowerer->arena;
    if (value->deploy->resource)
        return lower_resource(spot, value->deploy->resource, value->deploy->attribute, origin);
    Datum *args = datum_list(arena, origin);
    if (value->deploy->args.len) {
        for (size_t i = 0; i < value->deploy->args.len; i++)
            datum_append(arena, args, lower_value(spot, value->deploy->args.items[i]));
    } else {
        datum_append(arena, args, datum_string(arena, origin, value->deploy->text));
        datum_append(arena, args, datum_string(arena, origin, value->deploy->attribute));
    }
    return single(arena, origin, "Fn::GetAtt", args);
}

static Datum *choice(const Spot *spot, const Value *condition, Datum *yes, Datum *no)
{
    Arena *arena = spot->lowerer->arena;
    Datum *args = datum_list(arena, yes->origin);
    datum_append(
        arena, args, datum_string(arena, condition->origin, condition_name(spot, condition)));
    datum_append(arena, args, yes);
    datum_append(arena, args, no);
    return single(arena, yes->origin, "Fn::If", args);
}

static Datum *lower_if(const Spot *spot, const Value *value, const Origin *origin)
{
    Datum *yes = lower_value(spot, value->deploy->args.items[1]);
    Datum *no = lower_value(spot, value->deploy->args.items[2]);
    Datum *result = choice(spot, value->deploy->args.items[0], yes, no);
    result->origin = origin;
    return result;
}

// A condition where a value is wanted.
static Datum *lower_truth(const Spot *spot, const Value *value, const Origin *origin)
{
    Arena *arena = spot->lowerer->arena;
    bool negated = value->deploy->op == DEPLOY_NOT;
    if (negated)
        value = value->deploy->args.items[0];
    return choice(
        spot, value, datum_bool(arena, origin, !negated), datum_bool(arena, origin, negated));
}

static Datum *lower_find_in_map(const Spot *spot, const Value *value, const Origin *origin)
{
    Arena *arena = spot->lowerer->arena;
    Datum *args = datum_list(arena, origin);
    for (size_t i = 0; i < value->deploy->args.len; i++) {
        const Value *arg = value->deploy->args.items[i];
        if (arg->kind == VALUE_MAPPING) {
            declare_mapping(spot->lowerer, spot->build, arg->mapping.mapping);
            datum_append(arena, args, datum_string(arena, origin, arg->mapping.mapping->id));
        } else if (i == 3) {
            datum_append(
                arena, args, single(arena, origin, "DefaultValue", lower_value(spot, arg)));
        } else {
            datum_append(arena, args, lower_value(spot, arg));
        }
    }
    return single(arena, origin, "Fn::FindInMap", args);
}

static Datum *lower_deploy(const Spot *spot, const Value *value, const Origin *origin)
{
    if (value_is_condition(value)) {
        if (spot->place == PLACE_VALUE)
            return lower_truth(spot, value, origin);
        return lower_condition(spot, value);
    }
    Spot inner = *spot;
    switch (value->deploy->op) {
    case DEPLOY_REF:
        return lower_ref(spot, value, origin);
    case DEPLOY_GETATT:
        return lower_get_att(spot, value, origin);
    case DEPLOY_SUB:
        return lower_sub(spot, value);
    case DEPLOY_IF:
        return lower_if(spot, value, origin);
    case DEPLOY_FIND_IN_MAP:
        return lower_find_in_map(spot, value, origin);
    case DEPLOY_FUNCTION:
        inner.node = (SchemaNode){0};
        return single(spot->lowerer->arena, origin, value->deploy->text.ptr,
            lower_value(&inner, value->deploy->args.items[0]));
    default:
        return refuse(spot, value, NULL);
    }
}

bool too_many_values(const Spot *spot, const Origin *origin)
{
    Lowerer *lowerer = spot->lowerer;
    if (++lowerer->values < LIMIT_VALUES)
        return false;
    if (!lowerer->ev->stopped)
        diag_add(lowerer->ev->diags, DIAG_TEMPLATE_WITHOUT_END, origin ? origin->span : (Span){0},
            str_format(lowerer->arena, "%d", LIMIT_VALUES), DIAG_END);
    lowerer->ev->stopped = true;
    return true;
}

Datum *lower_value(const Spot *spot, const Value *value)
{
    Arena *arena = spot->lowerer->arena;
    const Origin *origin = spot_origin(spot, value->origin);
    Evaluation *ev = spot->lowerer->ev;
    if (too_many_values(spot, origin))
        return hole(spot, origin);
    switch (value->kind) {
    case VALUE_NULL:
        return reference(spot, origin, STR("AWS::NoValue"));
    case VALUE_BOOL:
        return datum_bool(arena, origin, value->boolean);
    case VALUE_NUMBER:
        return datum_number(arena, origin, value->text);
    case VALUE_STRING:
        return datum_string(arena, origin, value->text);
    case VALUE_LIST:
        return lower_list(spot, value, origin);
    case VALUE_MAP:
        return lower_map(spot, value, origin);
    case VALUE_RESOURCE:
        return lower_resource(spot, value->resource, STR_NONE, origin);
    case VALUE_ASSET:
        return lower_asset(spot, value, origin);
    case VALUE_DEPLOY:
        return lower_deploy(spot, value, origin);
    case VALUE_INSTANCE:
        diag_add(ev->diags, DIAG_NO_REF, origin ? origin->span : (Span){0}, value->instance->name,
            DIAG_END);
        return hole(spot, origin);
    case VALUE_DOMAIN:
        return refuse(spot, value, "'.host' and '.url' of a domain are texts");
    case VALUE_MAPPING:
        return refuse(spot, value, "a mapping is asked with two keys: 'Map[a][b]'");
    case VALUE_ERROR:
        return hole(spot, origin);
    case VALUE_NAMESPACE:
    case VALUE_COUNT:
        break;
    }
    return refuse(spot, value, NULL);
}

// ---- strings ----

typedef struct SubBuild {
    const Spot *spot;
    Buf text;
    Datum *variables; // NULL: none so far
} SubBuild;

// What Fn::Sub would take for a variable is written with '!'.
static void add_literal(SubBuild *build, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        buf_add_char(&build->text, text.ptr[i]);
        if (text.ptr[i] == '$' && i + 1 < text.len && text.ptr[i + 1] == '{') {
            buf_add_text(&build->text, "{!");
            i++;
        }
    }
}

static bool add_named(SubBuild *build, const Datum *part)
{
    const DatumEntry *entry = datum_only_entry(part);
    if (!entry)
        return false;
    if (str_is(entry->key, "Ref") && entry->value->kind == DATUM_STRING) {
        buf_add_format(&build->text, "${%.*s}", STR_FMT(entry->value->text));
        return true;
    }
    if (!str_is(entry->key, "Fn::GetAtt") || entry->value->kind != DATUM_LIST ||
        entry->value->items.len != 2)
        return false;
    const Datum *id = entry->value->items.items[0], *attribute = entry->value->items.items[1];
    if (id->kind != DATUM_STRING || attribute->kind != DATUM_STRING)
        return false;
    buf_add_format(&build->text, "${%.*s.%.*s}", STR_FMT(id->text), STR_FMT(attribute->text));
    return true;
}

static void add_variable(SubBuild *build, Datum *part)
{
    Arena *arena = build->spot->lowerer->arena;
    if (!build->variables)
        build->variables = datum_map(arena, part->origin);
    // Equal parts share a variable.
    for (size_t i = 0; i < build->variables->entries.len; i++)
        if (datum_equal(build->variables->entries.items[i].value, part)) {
            buf_add_format(
                &build->text, "${%.*s}", STR_FMT(build->variables->entries.items[i].key));
            return;
        }
    Str name = str_format(arena, "v%zu", build->variables->entries.len);
    datum_put(arena, build->variables, name, part->origin, part);
    buf_add_format(&build->text, "${%.*s}", STR_FMT(name));
}

Datum *lower_sub(const Spot *spot, const Value *value)
{
    Arena *arena = spot->lowerer->arena;
    const Origin *origin = spot_origin(spot, value->origin);
    SubBuild build = {.spot = spot};
    buf_init(&build.text, 0);
    Spot inner = *spot;
    inner.node = (SchemaNode){0};
    for (size_t i = 0; i < value->deploy->args.len; i++) {
        const Value *part = value->deploy->args.items[i];
        if (part->kind == VALUE_STRING) {
            add_literal(&build, part->text);
            continue;
        }
        Datum *lowered = lower_value(&inner, part);
        if (!add_named(&build, lowered))
            add_variable(&build, lowered);
    }
    Datum *text = datum_string(arena, origin, buf_copy(&build.text, arena));
    buf_release(&build.text);
    if (!build.variables)
        return single(arena, origin, "Fn::Sub", text);
    Datum *args = datum_list(arena, origin);
    datum_append(arena, args, text);
    datum_append(arena, args, build.variables);
    return single(arena, origin, "Fn::Sub", args);
}
