// Places from the source map: spec/manifest.md, "sourceMap".
#include <stdlib.h>

#include "runtime/manifest/manifest.h"

// The number at an index of a list, or `none`.
static size_t number_at(const Datum *list, size_t index, size_t none)
{
    if (!list || list->kind != DATUM_LIST || index >= list->items.len ||
        list->items.items[index]->kind != DATUM_NUMBER)
        return none;
    return (size_t)strtoul(list->items.items[index]->text.ptr, NULL, 10);
}

static const Datum *item_at(const Datum *list, size_t index)
{
    if (!list || list->kind != DATUM_LIST || index >= list->items.len)
        return NULL;
    return list->items.items[index];
}

// The stack's table, made at its first use: thousands of entries are looked up by hash.
static const Map *places_of(const Manifest *manifest, Str stack_id)
{
    for (size_t i = 0; manifest->source_map && i < manifest->stacks.len; i++) {
        ManifestStack *stack = &manifest->stacks.items[i];
        if (!str_equal(stack->id, stack_id))
            continue;
        if (stack->places)
            return stack->places;
        stack->places = ARENA_NEW(manifest->arena, Map);
        const Datum *entries = datum_get(datum_get(manifest->source_map, STR("stacks")), stack_id);
        for (size_t j = 0; entries && j < entries->entries.len; j++)
            map_set(stack->places, manifest->arena, entries->entries.items[j].key,
                entries->entries.items[j].value);
        return stack->places;
    }
    return NULL;
}

// What the source map has of the pointer, or of the nearest value around it.
static const Datum *entry_of(const Map *places, Str pointer)
{
    for (;;) {
        const Datum *entry = places ? map_find(places, pointer) : NULL;
        if (entry && entry->kind == DATUM_LIST)
            return entry;
        if (!pointer.len)
            return NULL;
        size_t end = pointer.len - 1;
        while (end > 0 && pointer.ptr[end] != '/')
            end--;
        pointer = str_slice(pointer, 0, end);
    }
}

// File, line and column, which begin at `index` of an entry.
static NoticePlace place_at(const Manifest *manifest, const Datum *entry, size_t index)
{
    const Datum *files = datum_get(manifest->source_map, STR("files"));
    const Datum *file = item_at(files, number_at(entry, index, SIZE_MAX));
    if (!file || file->kind != DATUM_STRING)
        return (NoticePlace){0};
    return (NoticePlace){.file = file->text,
        .line = number_at(entry, index + 1, 0),
        .column = number_at(entry, index + 2, 0)};
}

NoticePlace manifest_place(const Manifest *manifest, Str stack, Str pointer)
{
    return place_at(manifest, entry_of(places_of(manifest, stack), pointer), 0);
}

static Str pointer_of(Arena *arena, Str logical_id)
{
    return str_format(arena, "/Resources/%.*s", STR_FMT(logical_id));
}

ManifestInstance manifest_resource_instance(
    const Manifest *manifest, Arena *arena, Str stack, Str logical_id)
{
    const Datum *entry = entry_of(places_of(manifest, stack), pointer_of(arena, logical_id));
    const Datum *table = datum_get(manifest->source_map, STR("instances"));
    const Datum *inner = item_at(table, number_at(entry, 3, SIZE_MAX));
    const Datum *name = item_at(inner, 0);
    if (!name || name->kind != DATUM_STRING)
        return (ManifestInstance){0};
    const Datum *outer = inner;
    // A table that names itself would go round: no chain is longer than the table.
    for (size_t i = 0; i < table->items.len; i++) {
        const Datum *next = item_at(table, number_at(outer, 4, SIZE_MAX));
        if (!next)
            break;
        outer = next;
    }
    return (ManifestInstance){name->text, place_at(manifest, outer, 1)};
}

NoticePlace manifest_resource_place(
    const Manifest *manifest, Arena *arena, Str stack, Str logical_id)
{
    ManifestInstance instance = manifest_resource_instance(manifest, arena, stack, logical_id);
    if (!instance.place.file.len)
        return manifest_place(manifest, stack, pointer_of(arena, logical_id));
    instance.place.instance = instance.name;
    return instance.place;
}
