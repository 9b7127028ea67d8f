#include "compiler/types/types.h"

#include <stdlib.h>

#include "compiler/base/map.h"
#include "compiler/data/data.h"

// What is known of one value: a sample for each stage that has it.
typedef VEC(const Datum *) Samples;
typedef VEC(Str) Names;

static int compare_names(const void *a, const void *b)
{
    return str_compare(*(const Str *)a, *(const Str *)b);
}

static void sort_names(Names *names)
{
    if (names->len)
        qsort(names->items, names->len, sizeof *names->items, compare_names);
}

static void add_name(Arena *arena, Names *names, Str name)
{
    for (size_t i = 0; i < names->len; i++)
        if (str_equal(names->items[i], name))
            return;
    VEC_ADD(arena, names, name);
}

// ---- types of samples ----

static void add_type(Arena *arena, Buf *out, const Samples *samples, size_t depth);

static bool all_are(const Samples *samples, DatumKind kind)
{
    for (size_t i = 0; i < samples->len; i++)
        if (samples->items[i]->kind != kind)
            return false;
    return true;
}

static void add_member(Arena *arena, Buf *out, const Samples *maps, Str key, size_t depth)
{
    Samples inner = {0};
    for (size_t i = 0; i < maps->len; i++) {
        const Datum *value = datum_get(maps->items[i], key);
        if (value)
            VEC_ADD(arena, &inner, value);
    }
    buf_add_repeat(out, ' ', depth);
    data_write_json_string(out, key);
    buf_add_text(out, inner.len < maps->len ? "?: " : ": ");
    add_type(arena, out, &inner, depth);
    buf_add_char(out, '\n');
}

static void add_object(Arena *arena, Buf *out, const Samples *maps, size_t depth)
{
    Names keys = {0};
    for (size_t i = 0; i < maps->len; i++)
        for (size_t k = 0; k < maps->items[i]->entries.len; k++)
            add_name(arena, &keys, maps->items[i]->entries.items[k].key);
    sort_names(&keys);
    buf_add_text(out, "{\n");
    for (size_t k = 0; k < keys.len; k++)
        add_member(arena, out, maps, keys.items[k], depth + 2);
    buf_add_repeat(out, ' ', depth);
    buf_add_char(out, '}');
}

// Elements of all the lists; an empty list is one of texts, which only deploying shows.
static void add_array(Arena *arena, Buf *out, const Samples *lists, size_t depth)
{
    Samples elements = {0};
    for (size_t i = 0; i < lists->len; i++)
        for (size_t k = 0; k < lists->items[i]->items.len; k++)
            VEC_ADD(arena, &elements, lists->items[i]->items.items[k]);
    buf_add_text(out, "Array<");
    if (elements.len)
        add_type(arena, out, &elements, depth);
    else
        buf_add_text(out, "string");
    buf_add_char(out, '>');
}

static const char *scalar_type(DatumKind kind)
{
    switch (kind) {
    case DATUM_BOOL:
        return "boolean";
    case DATUM_NUMBER:
        return "number";
    case DATUM_STRING:
        return "string";
    case DATUM_NULL:
        return "null";
    default:
        return "unknown";
    }
}

static void add_type(Arena *arena, Buf *out, const Samples *samples, size_t depth)
{
    if (all_are(samples, DATUM_MAP)) {
        add_object(arena, out, samples, depth);
        return;
    }
    if (all_are(samples, DATUM_LIST)) {
        add_array(arena, out, samples, depth);
        return;
    }
    Names kinds = {0};
    for (size_t i = 0; i < samples->len; i++)
        add_name(arena, &kinds, str_of(scalar_type(samples->items[i]->kind)));
    sort_names(&kinds);
    for (size_t i = 0; i < kinds.len; i++)
        buf_add_format(out, "%s%.*s", i ? " | " : "", STR_FMT(kinds.items[i]));
}

// ---- links ----

typedef struct Linked {
    Samples samples;
    Names types;
} Linked;

static void add_types_of(Buf *out, const Names *types)
{
    for (size_t i = 0; i < types->len; i++) {
        buf_add_text(out, i ? " | " : "");
        data_write_json_string(out, types->items[i]);
    }
}

// Members by name, "type" among them: the literal by which programs tell resources apart.
static void add_link(Arena *arena, Buf *out, Str name, const Linked *linked)
{
    Names keys = {0};
    for (size_t i = 0; i < linked->samples.len; i++)
        for (size_t k = 0; k < linked->samples.items[i]->entries.len; k++)
            add_name(arena, &keys, linked->samples.items[i]->entries.items[k].key);
    add_name(arena, &keys, STR("type"));
    sort_names(&keys);
    buf_add_text(out, "    ");
    data_write_json_string(out, name);
    buf_add_text(out, ": {\n");
    for (size_t k = 0; k < keys.len; k++) {
        if (!str_is(keys.items[k], "type")) {
            add_member(arena, out, &linked->samples, keys.items[k], 6);
            continue;
        }
        buf_add_text(out, "      \"type\": ");
        add_types_of(out, &linked->types);
        buf_add_char(out, '\n');
    }
    buf_add_text(out, "    }\n");
}

void types_add(Buf *out, const LinkList *const *stages, size_t count, Str file_name)
{
    Arena *arena = arena_new();
    Map by_name = {0};
    Names names = {0};
    for (size_t s = 0; s < count; s++)
        for (size_t i = 0; i < stages[s]->items.len; i++) {
            const LinkRecord *link = &stages[s]->items.items[i];
            Linked *linked = map_find(&by_name, link->name);
            if (!linked) {
                linked = ARENA_NEW(arena, Linked);
                map_set(&by_name, arena, link->name, linked);
                VEC_ADD(arena, &names, link->name);
            }
            VEC_ADD(arena, &linked->samples, link->values);
            add_name(arena, &linked->types, link->type);
        }
    sort_names(&names);
    buf_add_text(out, "// Written by altc types: run it again instead of editing.\n"
                      "/* tslint:disable */\n/* eslint-disable */\n/* deno-fmt-ignore-file */\n\n"
                      "declare module \"sst\" {\n  export interface Resource {\n");
    for (size_t i = 0; i < names.len; i++)
        add_link(arena, out, names.items[i], map_find(&by_name, names.items[i]));
    buf_add_format(out, "  }\n}\n/// <reference path=\"%.*s\" />\n\nimport \"sst\"\nexport {}\n",
        STR_FMT(file_name));
    arena_free(arena);
}
