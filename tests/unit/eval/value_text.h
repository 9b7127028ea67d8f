// Values from short texts and back, for tables of tests. The text is JSON with ' for ", in which
// maps of one of these keys are no maps:
//     {'Ref':'X'}               a raw reference            {'Resource':'B'}   a resource
//     {'Param':'Env'}           a parameter: `Names` and `List…` are lists, `Safe` has no quotes
//     {'GetAtt':['B','Arn']}    an attribute               {'Cond':'IsProd'}  a condition
//     {'If':['IsProd',a,b]}     a choice                   {'Mapping':'M'}    a mapping
//     {'Sub':['a-',x]}          a string with parts
// What is known only when deploying is shown as CloudFormation's JSON, with ' for ".
#ifndef ALTC_TESTS_UNIT_EVAL_VALUE_TEXT_H
#define ALTC_TESTS_UNIT_EVAL_VALUE_TEXT_H

#include "compiler/data/data.h"
#include "compiler/eval/entity.h"

static inline Str with_quotes(Arena *arena, Str text, char from, char to)
{
    char *copy = arena_copy(arena, text.ptr, text.len);
    for (size_t i = 0; i < text.len; i++)
        if (copy[i] == from)
            copy[i] = to;
    return (Str){copy, text.len};
}

// ---- reading ----

static inline Value *read_value(Arena *arena, const Datum *datum);

static inline void read_args(Arena *arena, Value *value, const Datum *list, size_t first)
{
    for (size_t i = first; i < list->items.len; i++) {
        Value *arg = read_value(arena, list->items.items[i]);
        VEC_ADD(arena, &value->deploy->args, arg);
    }
}

static inline Value *read_condition(Arena *arena, Str id)
{
    Value *value = value_deploy(arena, NULL, DEPLOY_CONDITION);
    value->deploy->condition = ARENA_NEW(arena, Condition);
    value->deploy->condition->id = id;
    return value;
}

static inline Value *read_parameter(Arena *arena, Str name)
{
    Value *value = value_deploy(arena, NULL, DEPLOY_REF);
    Parameter *parameter = ARENA_NEW(arena, Parameter);
    parameter->name = parameter->id = name;
    parameter->is_list = str_is(name, "Names") || str_starts(name, STR("List"));
    parameter->may_hold_quote = !str_starts(name, STR("Safe"));
    value->deploy->parameter = parameter;
    value->deploy->is_list = parameter->is_list;
    return value;
}

static inline Value *read_thing(Arena *arena, ValueKind kind, Str name)
{
    Value *value = value_null(arena, NULL);
    value->kind = kind;
    if (kind == VALUE_RESOURCE) {
        value->resource = ARENA_NEW(arena, Resource);
        value->resource->name = value->resource->id = name;
    } else {
        value->mapping.mapping = ARENA_NEW(arena, Mapping);
        value->mapping.mapping->id = name;
        value->mapping.key = NULL;
    }
    return value;
}

// NULL when the entry means a map.
static inline Value *read_special(Arena *arena, Str key, const Datum *datum)
{
    Value *value = NULL;
    if (str_is(key, "Ref")) {
        value = value_deploy(arena, NULL, DEPLOY_REF);
        value->deploy->text = datum->text;
    } else if (str_is(key, "Param")) {
        value = read_parameter(arena, datum->text);
    } else if (str_is(key, "Resource")) {
        value = read_thing(arena, VALUE_RESOURCE, datum->text);
    } else if (str_is(key, "Mapping")) {
        value = read_thing(arena, VALUE_MAPPING, datum->text);
    } else if (str_is(key, "Cond")) {
        value = read_condition(arena, datum->text);
    } else if (str_is(key, "GetAtt")) {
        value = value_deploy(arena, NULL, DEPLOY_GETATT);
        value->deploy->text = datum->items.items[0]->text;
        value->deploy->attribute = datum->items.items[1]->text;
    } else if (str_is(key, "If")) {
        value = value_deploy(arena, NULL, DEPLOY_IF);
        Value *condition = read_condition(arena, datum->items.items[0]->text);
        VEC_ADD(arena, &value->deploy->args, condition);
        read_args(arena, value, datum, 1);
    } else if (str_is(key, "Sub")) {
        value = value_deploy(arena, NULL, DEPLOY_SUB);
        read_args(arena, value, datum, 0);
    }
    return value;
}

static inline Value *read_value(Arena *arena, const Datum *datum)
{
    const DatumEntry *only = datum_only_entry(datum);
    Value *value = only ? read_special(arena, only->key, only->value) : NULL;
    if (value)
        return value;
    if (datum->kind != DATUM_LIST && datum->kind != DATUM_MAP)
        return value_of_datum(arena, datum);
    value = datum->kind == DATUM_LIST ? value_list(arena, NULL) : value_map(arena, NULL);
    for (size_t i = 0; i < datum->items.len; i++)
        value_append(arena, value, read_value(arena, datum->items.items[i]));
    for (size_t i = 0; i < datum->entries.len; i++) {
        const DatumEntry *entry = &datum->entries.items[i];
        value_put(arena, value, entry->key, NULL, read_value(arena, entry->value));
    }
    return value;
}

// ---- showing ----

static inline Datum *show_value(Arena *arena, const Value *value);

static inline Datum *show_list(Arena *arena, const ValueList *values, size_t first)
{
    Datum *list = datum_list(arena, NULL);
    for (size_t i = first; i < values->len; i++)
        datum_append(arena, list, show_value(arena, values->items[i]));
    return list;
}

static inline Datum *show_one(Arena *arena, const char *key, Datum *value)
{
    Datum *map = datum_map(arena, NULL);
    datum_put(arena, map, str_of(key), NULL, value);
    return map;
}

static inline Str compact(Arena *arena, const Datum *datum)
{
    Buf buf;
    buf_init(&buf, 0);
    data_write_json_compact(&buf, datum);
    Str text = buf_copy(&buf, arena);
    buf_release(&buf);
    return text;
}

static inline Str name_of(const Value *value)
{
    if (value->kind == VALUE_RESOURCE)
        return value->resource->id;
    if (value->deploy->resource)
        return value->deploy->resource->id;
    return value->deploy->parameter ? value->deploy->parameter->id : value->deploy->text;
}

// "${X}", "${X.Y}", and the whole JSON in braces for what Fn::Sub needs a variable for.
static inline Str show_part(Arena *arena, const Value *part)
{
    if (part->kind == VALUE_STRING)
        return part->text;
    bool is_ref = part->kind == VALUE_RESOURCE ||
                  (part->kind == VALUE_DEPLOY && part->deploy->op == DEPLOY_REF);
    if (is_ref)
        return str_format(arena, "${%.*s}", STR_FMT(name_of(part)));
    if (part->kind == VALUE_DEPLOY && part->deploy->op == DEPLOY_GETATT)
        return str_format(
            arena, "${%.*s.%.*s}", STR_FMT(name_of(part)), STR_FMT(part->deploy->attribute));
    return str_format(arena, "${%.*s}", STR_FMT(compact(arena, show_value(arena, part))));
}

static inline Datum *show_deploy(Arena *arena, const Value *value)
{
    Datum *list;
    Str text = STR("");
    switch (value->deploy->op) {
    case DEPLOY_REF:
        return show_one(arena, "Ref", datum_string(arena, NULL, name_of(value)));
    case DEPLOY_GETATT:
        list = datum_list(arena, NULL);
        datum_append(arena, list, datum_string(arena, NULL, name_of(value)));
        datum_append(arena, list, datum_string(arena, NULL, value->deploy->attribute));
        return show_one(arena, "Fn::GetAtt", list);
    case DEPLOY_SUB:
        for (size_t i = 0; i < value->deploy->args.len; i++)
            text = str_format(arena, "%.*s%.*s", STR_FMT(text),
                STR_FMT(show_part(arena, value->deploy->args.items[i])));
        return show_one(arena, "Fn::Sub", datum_string(arena, NULL, text));
    case DEPLOY_IF:
        list = show_list(arena, &value->deploy->args, 0);
        list->items.items[0] = list->items.items[0]->entries.items[0].value;
        return show_one(arena, "Fn::If", list);
    case DEPLOY_FIND_IN_MAP:
        return show_one(arena, "Fn::FindInMap", show_list(arena, &value->deploy->args, 0));
    case DEPLOY_FUNCTION:
        return show_one(
            arena, value->deploy->text.ptr, show_value(arena, value->deploy->args.items[0]));
    case DEPLOY_CONDITION:
        return show_one(
            arena, "Condition", datum_string(arena, NULL, value->deploy->condition->id));
    case DEPLOY_EQUALS:
        return show_one(arena, "Fn::Equals", show_list(arena, &value->deploy->args, 0));
    case DEPLOY_NOT:
        return show_one(arena, "Fn::Not", show_list(arena, &value->deploy->args, 0));
    case DEPLOY_AND:
        return show_one(arena, "Fn::And", show_list(arena, &value->deploy->args, 0));
    default:
        return show_one(arena, "Fn::Or", show_list(arena, &value->deploy->args, 0));
    }
}

static inline Datum *show_value(Arena *arena, const Value *value)
{
    Datum *map;
    switch (value->kind) {
    case VALUE_NULL:
        return datum_null(arena, NULL);
    case VALUE_BOOL:
        return datum_bool(arena, NULL, value->boolean);
    case VALUE_NUMBER:
        return datum_number(arena, NULL, value->text);
    case VALUE_STRING:
        return datum_string(arena, NULL, value->text);
    case VALUE_LIST:
        return show_list(arena, &value->list, 0);
    case VALUE_MAP:
        map = datum_map(arena, NULL);
        for (size_t i = 0; i < value->map.entries.len; i++)
            datum_put(arena, map, value->map.entries.items[i].key, NULL,
                show_value(arena, value->map.entries.items[i].value));
        return map;
    case VALUE_RESOURCE:
        return show_one(arena, "Ref", datum_string(arena, NULL, value->resource->id));
    case VALUE_MAPPING:
        return datum_string(arena, NULL, value->mapping.mapping->id);
    case VALUE_DEPLOY:
        return show_deploy(arena, value);
    default:
        return datum_string(arena, NULL, STR("(error)"));
    }
}

// The JSON of a text with ' for ".
static inline Datum *read_text(Arena *arena, Sources *sources, DiagSink *diags, const char *text)
{
    DataContext context = {.arena = arena, .sources = sources, .diags = diags};
    Str json = with_quotes(arena, str_of(text), '\'', '"');
    return data_read_json(&context, sources_add(sources, STR("row"), json));
}

#endif
