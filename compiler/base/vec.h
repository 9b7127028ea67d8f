// The one typed vector of the code base: items in an arena, doubled as it grows.
//
//     typedef VEC(Span) SpanList;
//     SpanList spans = {0};
//     VEC_ADD(arena, &spans, span);
//     for (size_t i = 0; i < spans.len; i++) use(spans.items[i]);
#ifndef ALTC_BASE_VEC_H
#define ALTC_BASE_VEC_H

#include <string.h>

#include "compiler/base/arena.h"

#define VEC(Type)                                                                                  \
    struct {                                                                                       \
        Type *items;                                                                               \
        size_t len;                                                                                \
        size_t cap;                                                                                \
    }

#define VEC_ADD(arena, vec, item)                                                                  \
    do {                                                                                           \
        if ((vec)->len == (vec)->cap)                                                              \
            (vec)->items = vec_grow((arena), (vec)->items, &(vec)->cap, sizeof *(vec)->items);     \
        (vec)->items[(vec)->len++] = (item);                                                       \
    } while (0)

// Room for twice as many items (at least four), the old ones copied. Used by VEC_ADD alone.
static inline void *vec_grow(Arena *arena, const void *items, size_t *cap, size_t item_size)
{
    size_t grown_cap = *cap ? *cap * 2 : 4;
    void *grown = arena_alloc(arena, grown_cap * item_size);
    if (items)
        memcpy(grown, items, *cap * item_size);
    *cap = grown_cap;
    return grown;
}

#endif
