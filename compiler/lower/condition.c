// Conditions: their data, and names for those that the source does not name.
#include "compiler/base/sha256.h"
#include "compiler/data/data.h"
#include "compiler/lower/lower_priv.h"

enum { MOST_OPERANDS = 10, LONGEST_NAME = 120 };

// ---- data ----

static Datum *join_operands(
    const Spot *spot, const Origin *origin, const char *function, Datum **operands, size_t count)
{
    Arena *arena = spot->lowerer->arena;
    Datum *args = datum_list(arena, origin);
    if (count <= MOST_OPERANDS) {
        for (size_t i = 0; i < count; i++)
            datum_append(arena, args, operands[i]);
        return single(arena, origin, function, args);
    }
    // CloudFormation takes two to ten: longer chains become groups, as even as can be.
    size_t groups = (count + MOST_OPERANDS - 1) / MOST_OPERANDS;
    if (groups > MOST_OPERANDS)
        groups = MOST_OPERANDS;
    for (size_t g = 0, start = 0; g < groups; g++) {
        size_t end = count * (g + 1) / groups;
        Datum *group = end - start == 1
                           ? operands[start]
                           : join_operands(spot, origin, function, operands + start, end - start);
        datum_append(arena, args, group);
        start = end;
    }
    return single(arena, origin, function, args);
}

static Datum *join_all(const Spot *spot, const Value *value, const char *function)
{
    size_t count = value->deploy->args.len;
    Datum **operands = ARENA_ARRAY(spot->lowerer->arena, Datum *, count);
    for (size_t i = 0; i < count; i++)
        operands[i] = lower_condition(spot, value->deploy->args.items[i]);
    return join_operands(spot, spot_origin(spot, value->origin), function, operands, count);
}

static Datum *lower_equals(const Spot *spot, const Value *value)
{
    Arena *arena = spot->lowerer->arena;
    const Origin *origin = spot_origin(spot, value->origin);
    Datum *args = datum_list(arena, origin);
    for (size_t i = 0; i < value->deploy->args.len; i++)
        datum_append(arena, args, lower_value(spot, value->deploy->args.items[i]));
    return single(arena, origin, "Fn::Equals", args);
}

static Datum *literal_condition(const Spot *spot, const Value *value)
{
    Arena *arena = spot->lowerer->arena;
    const Origin *origin = value->origin;
    Datum *args = datum_list(arena, origin);
    datum_append(arena, args, datum_string(arena, origin, STR("true")));
    datum_append(
        arena, args, datum_string(arena, origin, value->boolean ? STR("true") : STR("false")));
    return single(arena, origin, "Fn::Equals", args);
}

Datum *lower_condition(const Spot *spot, const Value *value)
{
    Arena *arena = spot->lowerer->arena;
    Spot inside = *spot;
    if (inside.place == PLACE_VALUE)
        inside.place = PLACE_CONDITION;
    inside.node = (SchemaNode){0};
    const Origin *origin = spot_origin(spot, value->origin);
    if (value->kind == VALUE_BOOL)
        return literal_condition(spot, value);
    if (value->kind != VALUE_DEPLOY)
        return lower_value(&inside, value);
    Datum *args;
    switch (value->deploy->op) {
    case DEPLOY_CONDITION:
        declare_condition(spot->lowerer, spot->build, value->deploy->condition);
        return single(
            arena, origin, "Condition", datum_string(arena, origin, value->deploy->condition->id));
    case DEPLOY_EQUALS:
        return lower_equals(&inside, value);
    case DEPLOY_NOT:
        args = datum_list(arena, origin);
        datum_append(arena, args, lower_condition(&inside, value->deploy->args.items[0]));
        return single(arena, origin, "Fn::Not", args);
    case DEPLOY_AND:
        return join_all(&inside, value, "Fn::And");
    case DEPLOY_OR:
        return join_all(&inside, value, "Fn::Or");
    case DEPLOY_FUNCTION:
        return single(arena, origin, value->deploy->text.ptr,
            lower_value(&inside, value->deploy->args.items[0]));
    default:
        return lower_value(&inside, value);
    }
}

// ---- names ----

static void add_words(Arena *arena, Buf *name, Str text)
{
    if (str_starts(text, STR("AWS::")))
        text = str_slice(text, 5, text.len);
    buf_add(name, evaluation_key_words(arena, text));
}

static void describe(Arena *arena, Buf *name, const Value *value);

static void describe_all(Arena *arena, Buf *name, const Value *value, const char *between)
{
    for (size_t i = 0; i < value->deploy->args.len; i++) {
        if (i)
            buf_add_text(name, between);
        describe(arena, name, value->deploy->args.items[i]);
    }
}

static void describe_not(Arena *arena, Buf *name, const Value *inner)
{
    if (inner->kind == VALUE_DEPLOY && inner->deploy->op == DEPLOY_EQUALS) {
        describe_all(arena, name, inner, "IsNot");
        return;
    }
    buf_add_text(name, "Not");
    describe(arena, name, inner);
}

static void describe_deploy(Arena *arena, Buf *name, const Value *value)
{
    switch (value->deploy->op) {
    case DEPLOY_REF:
        add_words(arena, name,
            value->deploy->parameter ? value->deploy->parameter->id : value->deploy->text);
        break;
    case DEPLOY_CONDITION:
        buf_add(name, value->deploy->condition->id);
        break;
    case DEPLOY_EQUALS:
        describe_all(arena, name, value, "Is");
        break;
    case DEPLOY_NOT:
        describe_not(arena, name, value->deploy->args.items[0]);
        break;
    case DEPLOY_AND:
        describe_all(arena, name, value, "And");
        break;
    case DEPLOY_OR:
        describe_all(arena, name, value, "Or");
        break;
    case DEPLOY_FUNCTION:
        add_words(arena, name, value->deploy->text);
        break;
    default:
        describe_all(arena, name, value, "");
    }
}

static void describe(Arena *arena, Buf *name, const Value *value)
{
    Str text = value_scalar_text(value);
    if (value->kind == VALUE_DEPLOY)
        describe_deploy(arena, name, value);
    else if (value->kind == VALUE_MAPPING)
        buf_add(name, value->mapping.mapping->id);
    else if (text.ptr && text.len)
        add_words(arena, name, text);
    else
        buf_add_text(name, "Empty");
}

static Str fresh_name(const Spot *spot, const Value *value, Str json)
{
    Arena *arena = spot->lowerer->arena;
    Buf name;
    buf_init(&name, 0);
    buf_add_text(&name, "If");
    describe(arena, &name, value);
    Str text = buf_copy(&name, arena);
    buf_release(&name);
    bool taken = datum_get(spot->build->conditions, text) != NULL;
    if (taken || text.len > LONGEST_NAME)
        text =
            str_format(arena, "%.*s%.8s", (int)(text.len > LONGEST_NAME ? LONGEST_NAME : text.len),
                text.ptr, sha256_hex(arena, json).ptr);
    return text;
}

static Str compact(Arena *arena, const Datum *datum)
{
    Buf json;
    buf_init(&json, 0);
    data_write_json_compact(&json, datum);
    Str text = buf_copy(&json, arena);
    buf_release(&json);
    return text;
}

static void remember(Lowerer *lowerer, StackBuild *build, Str json, Str name)
{
    Str *kept = ARENA_NEW(lowerer->arena, Str);
    *kept = name;
    if (!map_find(&build->by_condition, json))
        map_set(&build->by_condition, lowerer->arena, json, kept);
}

Str condition_name(const Spot *spot, const Value *value)
{
    if (value->kind == VALUE_DEPLOY && value->deploy->op == DEPLOY_CONDITION) {
        declare_condition(spot->lowerer, spot->build, value->deploy->condition);
        return value->deploy->condition->id;
    }
    Arena *arena = spot->lowerer->arena;
    Spot inside = *spot;
    inside.place = PLACE_CONDITION;
    Datum *datum = lower_condition(&inside, value);
    Str json = compact(arena, datum);
    const Str *known = map_find(&spot->build->by_condition, json);
    if (known)
        return *known;
    Str name = fresh_name(spot, value, json);
    datum_put(arena, spot->build->conditions, name, value->origin, datum);
    remember(spot->lowerer, spot->build, json, name);
    return name;
}

void declare_condition(Lowerer *lowerer, StackBuild *build, Condition *condition)
{
    Str key = str_format(lowerer->arena, "c %.*s", STR_FMT(condition->id));
    if (map_set(&build->known, lowerer->arena, key, condition))
        return;
    Spot spot = spot_in(lowerer, build, PLACE_CONDITION);
    Datum *datum = lower_condition(&spot, condition->value);
    datum_put(lowerer->arena, build->conditions, condition->id, condition->origin, datum);
    remember(lowerer, build, compact(lowerer->arena, datum), condition->id);
}
