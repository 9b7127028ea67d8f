#include "compiler/base/map.h"

enum { FIRST_SLOTS = 16 };

// The slot of `key`, or the free one where it would go. The table is never full.
static MapSlot *slot_of(MapSlot *slots, size_t cap, Str key, uint32_t hash)
{
    size_t at = hash & (cap - 1);
    while (slots[at].value && (slots[at].hash != hash || !str_equal(slots[at].key, key)))
        at = (at + 1) & (cap - 1);
    return &slots[at];
}

void *map_find(const Map *map, Str key)
{
    if (!map->len)
        return NULL;
    return slot_of(map->slots, map->cap, key, str_hash(key))->value;
}

static void grow(Map *map, Arena *arena)
{
    size_t cap = map->cap ? map->cap * 2 : FIRST_SLOTS;
    MapSlot *slots = ARENA_ARRAY(arena, MapSlot, cap);
    for (size_t i = 0; i < map->cap; i++)
        if (map->slots[i].value)
            *slot_of(slots, cap, map->slots[i].key, map->slots[i].hash) = map->slots[i];
    map->slots = slots;
    map->cap = cap;
}

void *map_set(Map *map, Arena *arena, Str key, void *value)
{
    if (map->len * 4 >= map->cap * 3)
        grow(map, arena);
    uint32_t hash = str_hash(key);
    MapSlot *slot = slot_of(map->slots, map->cap, key, hash);
    void *before = slot->value;
    if (!before)
        map->len++;
    *slot = (MapSlot){.key = key, .hash = hash, .value = value};
    return before;
}
