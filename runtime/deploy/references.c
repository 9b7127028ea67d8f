#include "runtime/deploy/references.h"

typedef struct Walk {
    ReferenceVisit *visit;
    void *context;
} Walk;

// A name, or a name with attributes behind a dot.
static void tell(const Walk *walk, Reference kind, Str text)
{
    Str name = str_slice(text, 0, str_find(text, STR("."), 0));
    if (name.len && !str_starts(name, STR("AWS::")))
        walk->visit(walk->context, kind, name);
}

static const Datum *first_of(const Datum *datum)
{
    return datum->kind == DATUM_LIST && datum->items.len ? datum->items.items[0] : datum;
}

static void tell_text(const Walk *walk, Reference kind, const Datum *datum)
{
    if (datum->kind == DATUM_STRING)
        tell(walk, kind, datum->text);
}

// ${Name} and ${Name.Attribute}; ${!Literal} is text, and `locals` are names of the Fn::Sub's own.
static void tell_sub(const Walk *walk, const Datum *argument)
{
    const Datum *text = first_of(argument);
    const Datum *locals = argument->items.len > 1 ? argument->items.items[1] : NULL;
    if (text->kind != DATUM_STRING)
        return;
    size_t at = str_find(text->text, STR("${"), 0);
    while (at != SIZE_MAX) {
        size_t end = str_find(text->text, STR("}"), at);
        if (end == SIZE_MAX)
            return;
        Str name = str_trim(str_slice(text->text, at + 2, end));
        if (!str_starts(name, STR("!")) && !datum_get(locals, name))
            tell(walk, REFERENCE_VALUE, name);
        at = str_find(text->text, STR("${"), end);
    }
}

static void tell_function(const Walk *walk, const DatumEntry *entry)
{
    const Datum *argument = entry->value;
    if (str_is(entry->key, "Ref") || str_is(entry->key, "Fn::GetAtt"))
        tell_text(walk, REFERENCE_VALUE, first_of(argument));
    else if (str_is(entry->key, "Fn::Sub"))
        tell_sub(walk, argument);
    else if (str_is(entry->key, "Fn::If") || str_is(entry->key, "Condition"))
        tell_text(walk, REFERENCE_CONDITION, first_of(argument));
    else if (str_is(entry->key, "Fn::FindInMap"))
        tell_text(walk, REFERENCE_MAPPING, first_of(argument));
}

// Readers of data bound how deep it is.
static void walk_value(const Walk *walk, const Datum *value)
{
    const DatumEntry *only = datum_only_entry(value);
    if (only)
        tell_function(walk, only);
    for (size_t i = 0; i < value->items.len; i++)
        walk_value(walk, value->items.items[i]);
    for (size_t i = 0; i < value->entries.len; i++)
        walk_value(walk, value->entries.items[i].value);
}

void references_each(const Datum *value, ReferenceVisit *visit, void *context)
{
    Walk walk = {visit, context};
    if (value)
        walk_value(&walk, value);
}

void references_of_resource(const Datum *resource, ReferenceVisit *visit, void *context)
{
    Walk walk = {visit, context};
    const Datum *depends = datum_get(resource, STR("DependsOn"));
    const Datum *condition = datum_get(resource, STR("Condition"));
    if (condition)
        tell_text(&walk, REFERENCE_CONDITION, condition);
    if (depends)
        tell_text(&walk, REFERENCE_VALUE, depends);
    for (size_t i = 0; depends && i < depends->items.len; i++)
        tell_text(&walk, REFERENCE_VALUE, depends->items.items[i]);
    walk_value(&walk, resource);
}
