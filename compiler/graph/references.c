// Names inside values of a template.
#include "compiler/graph/graph_priv.h"

// "Name" of "Name.Attribute".
static Str base_name(Str path)
{
    size_t dot = str_find(path, STR("."), 0);
    return dot == SIZE_MAX ? path : str_slice(path, 0, dot);
}

static void each_in_text(Str text, const Datum *own, ReferenceTaker take, void *context)
{
    for (size_t at = str_find(text, STR("${"), 0); at != SIZE_MAX;
         at = str_find(text, STR("${"), at + 2)) {
        size_t end = str_find(text, STR("}"), at);
        if (end == SIZE_MAX)
            return;
        Str path = str_trim(str_slice(text, at + 2, end));
        if (!str_starts(path, STR("!")) && !datum_get(own, path))
            take(context, base_name(path), NEED_TEXT);
    }
}

static void each_in_sub(const Datum *value, ReferenceTaker take, void *context)
{
    if (value->kind == DATUM_STRING) {
        each_in_text(value->text, NULL, take, context);
    } else if (value->kind == DATUM_LIST && value->items.len == 2 &&
               value->items.items[0]->kind == DATUM_STRING) {
        each_in_text(value->items.items[0]->text, value->items.items[1], take, context);
        references_each(value->items.items[1], take, context);
    }
}

static void each_in_get_att(const Datum *value, ReferenceTaker take, void *context)
{
    if (value->kind == DATUM_STRING)
        take(context, base_name(value->text), NEED_ATTRIBUTE);
    else if (value->kind == DATUM_LIST && value->items.len &&
             value->items.items[0]->kind == DATUM_STRING)
        take(context, value->items.items[0]->text, NEED_ATTRIBUTE);
}

void references_each(const Datum *value, ReferenceTaker take, void *context)
{
    if (!value)
        return;
    for (size_t i = 0; value->kind == DATUM_LIST && i < value->items.len; i++)
        references_each(value->items.items[i], take, context);
    if (value->kind != DATUM_MAP)
        return;
    const DatumEntry *only = datum_only_entry(value);
    if (only && str_is(only->key, "Ref") && only->value->kind == DATUM_STRING) {
        take(context, only->value->text, NEED_REF);
    } else if (only && str_is(only->key, "Fn::GetAtt")) {
        each_in_get_att(only->value, take, context);
    } else if (only && str_is(only->key, "Fn::Sub")) {
        each_in_sub(only->value, take, context);
    } else {
        for (size_t i = 0; i < value->entries.len; i++)
            references_each(value->entries.items[i].value, take, context);
    }
}

void dependencies_each(const Datum *value, ReferenceTaker take, void *context)
{
    if (!value)
        return;
    if (value->kind == DATUM_STRING)
        take(context, value->text, NEED_ORDER);
    for (size_t i = 0; value->kind == DATUM_LIST && i < value->items.len; i++)
        dependencies_each(value->items.items[i], take, context);
}
