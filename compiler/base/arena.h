// Memory by lifetime: everything allocated from an arena is freed with it, never alone.
#ifndef ALTC_BASE_ARENA_H
#define ALTC_BASE_ARENA_H

#include <stddef.h>

typedef struct Arena Arena;

// Never NULL: running out of memory ends the process (see base_out_of_memory).
Arena *arena_new(void);
// Frees the arena and all that came from it. NULL is fine.
void arena_free(Arena *arena);
// Frees all that came from it; the arena stays usable.
void arena_reset(Arena *arena);
// `size` bytes, zeroed, aligned for any type. Never NULL; a size of 0 gives a valid pointer.
// Under AddressSanitizer each object is a malloc block of its own, so that misuse is caught.
void *arena_alloc(Arena *arena, size_t size);
// A copy of `size` bytes at `data`, with a NUL behind it.
void *arena_copy(Arena *arena, const void *data, size_t size);
// From now on a block that came from malloc is the arena's and is freed with what is in it.
void arena_adopt(Arena *arena, void *block);
// Bytes handed out so far (what limits on evaluation are measured by).
size_t arena_used(const Arena *arena);

#define ARENA_NEW(arena, Type) ((Type *)arena_alloc((arena), sizeof(Type)))
#define ARENA_ARRAY(arena, Type, count)                                                            \
    ((Type *)arena_alloc((arena), sizeof(Type) * (size_t)(count)))

// Prints one line to stderr and exits with 2. The only exit below `cli`.
_Noreturn void base_out_of_memory(void);
// malloc and realloc that never return NULL.
void *base_alloc(size_t size);
void *base_realloc(void *block, size_t size);
// For a program that frees much and soon needs as much again, as with each answer of AWS: memory
// that was freed stays with the process (up to 32 MiB) instead of being asked for anew. Called
// once, by main.
void base_keep_memory(void);

#endif
