// A hash table from texts to pointers. It has no order: who needs one keeps a list beside it.
#ifndef ALTC_BASE_MAP_H
#define ALTC_BASE_MAP_H

#include "compiler/base/str.h"

typedef struct MapSlot {
    Str key;
    uint32_t hash;
    void *value;
} MapSlot;

// Zero is an empty map. Its memory belongs to the arena given to map_set; keys are not copied.
typedef struct Map {
    MapSlot *slots;
    size_t cap;
    size_t len;
} Map;

// NULL when absent.
void *map_find(const Map *map, Str key);
// Adds or replaces; `value` must not be NULL. Gives back what was there before, or NULL.
void *map_set(Map *map, Arena *arena, Str key, void *value);

#endif
