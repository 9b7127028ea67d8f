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

static Loop loop_of(const Condition *condition)
{
    return (Loop){condition->id, condition->id_value, condition->each, condition->origin};
}

static Str declared_name(const Spot *spot, Condition *condition)
{
    declare_condition(spot->lowerer, spot->build, condition);
    const Loop loop = loop_of(condition);
    return loop_key(spot, &loop);
}

Datum *lower_condition(const Spot *spot, const Value *value)
{
    Arena *arena = spot->lowerer->arena;
    Spot inside = *spot;
    if (inside.place == PLACE_VALUE)
        inside.place = PLACE_CONDITION;
    inside.node = (SchemaNode){0};
    const Origin *origin = spot_origin(spot, value->origin);
    if (too_many_values(spot, origin))
        return hole(spot, origin);
    if (value->kind == VALUE_BOOL)
        return literal_condition(spot, value);
    if (value->kind != VALUE_DEPLOY)
        return lower_value(&inside, value);
    Datum *args;
    switch (value->deploy->op) {
    case DEPLOY_CONDITION:
        return single(arena, origin, "Condition",
            datum_string(arena, origin, declared_name(spot, value->deploy->condition)));
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
    if (name->len > LONGEST_NAME)
        return; // what follows would be cut off, and parts that are shared may be many
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
    bool taken = datum_get(spot->build->conditions, text) ||
                 map_set(&spot->build->known, arena, str_format(arena, "f %.*s", STR_FMT(text)),
                     spot->build);
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

static bool mentions(Arena *arena, const ForEach *each, Str json)
{
    Str ref = str_format(arena, "{\"Ref\":\"%.*s\"}", STR_FMT(each->variable));
    Str sub = str_format(arena, "${%.*s}", STR_FMT(each->variable));
    return str_find(json, ref, 0) != SIZE_MAX || str_find(json, sub, 0) != SIZE_MAX;
}

// The loops that a condition has to stand in: none when it mentions no variable of theirs.
static const ForEach *loops_of(Arena *arena, const ForEach *each, Str json)
{
    for (const ForEach *loop = each; loop; loop = loop->outer)
        if (mentions(arena, loop, json))
            return each;
    return NULL;
}

// What tells a condition in loops from others: the loops are a part of it.
static Str with_loops(const Spot *spot, const ForEach *each, Str json)
{
    Arena *arena = spot->lowerer->arena;
    for (; each; each = each->outer) {
        Str subject = compact(arena, lower_value(spot, each->subject));
        json = str_format(
            arena, "%.*s %.*s in %.*s", STR_FMT(json), STR_FMT(each->variable), STR_FMT(subject));
    }
    return json;
}

// "IfNameIsX${Name}": one name for each turn.
static Value *repeated_id(Arena *arena, const Loop *loop)
{
    ValueList parts = {0};
    VEC_ADD(arena, &parts, value_string(arena, loop->origin, loop->id));
    for (const ForEach *each = loop->each; each; each = each->outer) {
        Value *variable = value_deploy(arena, loop->origin, DEPLOY_REF);
        variable->deploy->text = each->variable;
        VEC_ADD(arena, &parts, variable);
    }
    return evaluation_interpolate(arena, loop->origin, &parts);
}

Str condition_name(const Spot *spot, const Value *value)
{
    if (value->kind == VALUE_DEPLOY && value->deploy->op == DEPLOY_CONDITION) {
        return declared_name(spot, value->deploy->condition);
    }
    Arena *arena = spot->lowerer->arena;
    Spot inside = *spot;
    inside.place = PLACE_CONDITION;
    Datum *datum = lower_condition(&inside, value);
    Str json = compact(arena, datum);
    const ForEach *each = loops_of(arena, spot->each, json);
    Str same = each ? with_loops(spot, each, json) : json;
    const Str *known = map_find(&spot->build->by_condition, same);
    if (known)
        return *known;
    Loop loop = {fresh_name(spot, value, same), NULL, each, value->origin};
    if (each)
        loop.id_value = repeated_id(arena, &loop);
    put_repeated(spot, spot->build->conditions, &loop, datum);
    Str name = loop_key(spot, &loop);
    remember(spot->lowerer, spot->build, same, name);
    return name;
}

void declare_condition(Lowerer *lowerer, StackBuild *build, Condition *condition)
{
    Spot spot = spot_in(lowerer, build, PLACE_CONDITION);
    const Loop loop = loop_of(condition);
    Str name = loop_key(&spot, &loop);
    Str key = str_format(lowerer->arena, "c %.*s", STR_FMT(name));
    if (map_set(&build->known, lowerer->arena, key, condition))
        return;
    Datum *datum = lower_condition(&spot, condition->value);
    if (loop.each || !datum_get(build->conditions, loop.id))
        put_repeated(&spot, build->conditions, &loop, datum);
    if (!condition->each)
        remember(lowerer, build, compact(lowerer->arena, datum), name);
}
