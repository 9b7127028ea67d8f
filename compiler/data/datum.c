#include "compiler/data/datum.h"

static Datum *new_datum(Arena *arena, DatumKind kind, const Origin *origin)
{
    Datum *datum = ARENA_NEW(arena, Datum);
    datum->kind = kind;
    datum->origin = origin;
    return datum;
}

Datum *datum_null(Arena *arena, const Origin *origin)
{
    return new_datum(arena, DATUM_NULL, origin);
}

Datum *datum_bool(Arena *arena, const Origin *origin, bool value)
{
    Datum *datum = new_datum(arena, DATUM_BOOL, origin);
    datum->boolean = value;
    return datum;
}

Datum *datum_number(Arena *arena, const Origin *origin, Str digits)
{
    Datum *datum = new_datum(arena, DATUM_NUMBER, origin);
    datum->text = digits;
    return datum;
}

Datum *datum_string(Arena *arena, const Origin *origin, Str text)
{
    Datum *datum = new_datum(arena, DATUM_STRING, origin);
    datum->text = text;
    return datum;
}

Datum *datum_list(Arena *arena, const Origin *origin)
{
    return new_datum(arena, DATUM_LIST, origin);
}

Datum *datum_map(Arena *arena, const Origin *origin)
{
    return new_datum(arena, DATUM_MAP, origin);
}

void datum_append(Arena *arena, Datum *list, Datum *item)
{
    VEC_ADD(arena, &list->items, item);
}

void datum_put(Arena *arena, Datum *map, Str key, const Origin *key_origin, Datum *value)
{
    DatumEntry entry = {.key = key, .origin = key_origin, .value = value};
    VEC_ADD(arena, &map->entries, entry);
}

Datum *datum_get(const Datum *map, Str key)
{
    if (!map || map->kind != DATUM_MAP)
        return NULL;
    for (size_t i = 0; i < map->entries.len; i++)
        if (str_equal(map->entries.items[i].key, key))
            return map->entries.items[i].value;
    return NULL;
}

const DatumEntry *datum_only_entry(const Datum *datum)
{
    if (!datum || datum->kind != DATUM_MAP || datum->entries.len != 1)
        return NULL;
    return &datum->entries.items[0];
}

static bool lists_equal(const Datum *a, const Datum *b)
{
    if (a->items.len != b->items.len)
        return false;
    for (size_t i = 0; i < a->items.len; i++)
        if (!datum_equal(a->items.items[i], b->items.items[i]))
            return false;
    return true;
}

static bool maps_equal(const Datum *a, const Datum *b)
{
    if (a->entries.len != b->entries.len)
        return false;
    for (size_t i = 0; i < a->entries.len; i++) {
        const DatumEntry *left = &a->entries.items[i];
        const DatumEntry *right = &b->entries.items[i];
        if (!str_equal(left->key, right->key) || !datum_equal(left->value, right->value))
            return false;
    }
    return true;
}

bool datum_equal(const Datum *a, const Datum *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->kind != b->kind)
        return false;
    switch (a->kind) {
    case DATUM_BOOL:
        return a->boolean == b->boolean;
    case DATUM_NUMBER:
    case DATUM_STRING:
        return str_equal(a->text, b->text);
    case DATUM_LIST:
        return lists_equal(a, b);
    case DATUM_MAP:
        return maps_equal(a, b);
    case DATUM_NULL:
    case DATUM_COUNT:
        break;
    }
    return true;
}

bool datum_is_string(const Datum *datum, const char *text)
{
    return datum && datum->kind == DATUM_STRING && str_is(datum->text, text);
}
