// For madvise, which POSIX lacks.
#define _DEFAULT_SOURCE
#include "compiler/base/arena.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_BLOCK_PER_OBJECT 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_BLOCK_PER_OBJECT 1
#endif
#endif
#ifndef ARENA_BLOCK_PER_OBJECT
#define ARENA_BLOCK_PER_OBJECT 0
#endif

enum {
    FIRST_CHUNK = 16 * 1024,
    LARGEST_CHUNK = 8 * 1024 * 1024,
    HUGE_PAGE = 2 * 1024 * 1024,
    POPULATED = 32 * 1024, // and larger
    PAGE = 4096,
    ALIGNMENT = 16
};

typedef struct Chunk Chunk;
struct Chunk {
    Chunk *next;
    size_t size;
    size_t used;
    // Pads the header so that what follows it is aligned for any type.
    size_t reserved;
};

// A block that came from elsewhere; its record is an object of the arena.
typedef struct Adopted Adopted;
struct Adopted {
    Adopted *next;
    void *block;
};

struct Arena {
    Chunk *chunks;
    Adopted *adopted;
    size_t used;
    size_t held; // in all chunks
};

void base_out_of_memory(void)
{
    fputs("altc: out of memory\n", stderr);
    exit(2);
}

void *base_alloc(size_t size)
{
    void *block = malloc(size ? size : 1);
    if (!block)
        base_out_of_memory();
    return block;
}

void *base_realloc(void *block, size_t size)
{
    void *grown = realloc(block, size ? size : 1);
    if (!grown)
        base_out_of_memory();
    return grown;
}

void base_keep_memory(void)
{
#ifdef __GLIBC__
    enum { KEPT = 32 * 1024 * 1024 };
    mallopt(M_MMAP_THRESHOLD, LARGEST_CHUNK);
    mallopt(M_TRIM_THRESHOLD, KEPT);
#endif
}

Arena *arena_new(void)
{
    Arena *arena = base_alloc(sizeof *arena);
    *arena = (Arena){0};
    return arena;
}

void arena_reset(Arena *arena)
{
    for (const Adopted *adopted = arena->adopted; adopted; adopted = adopted->next)
        free(adopted->block);
    Chunk *chunk = arena->chunks;
    while (chunk) {
        Chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    *arena = (Arena){0};
}

void arena_free(Arena *arena)
{
    if (!arena)
        return;
    arena_reset(arena);
    free(arena);
}

// Programs that need large chunks touch all of them: with huge pages the kernel is asked for
// memory once where it would be 512 times.
static void *alloc_huge(size_t size)
{
    void *block = aligned_alloc(HUGE_PAGE, size);
    if (!block)
        base_out_of_memory();
    // Only advice: without huge pages it is ordinary memory.
    (void)madvise(block, size, MADV_HUGEPAGE);
    return block;
}

// A chunk that is larger than the one before will be used: its pages are asked for at once, where
// each would be a fault of its own.
static void *alloc_pages(size_t size)
{
    void *block = aligned_alloc(PAGE, size);
    if (!block)
        base_out_of_memory();
#ifdef MADV_POPULATE_WRITE
    // Only advice: older kernels do not know it.
    (void)madvise(block, size, MADV_POPULATE_WRITE);
#endif
    return block;
}

static Chunk *add_chunk(Arena *arena, size_t size)
{
    size_t bytes = sizeof(Chunk) + size;
    Chunk *chunk = bytes % HUGE_PAGE == 0                    ? alloc_huge(bytes)
                   : bytes % PAGE == 0 && bytes >= POPULATED ? alloc_pages(bytes)
                                                             : base_alloc(bytes);
    *chunk = (Chunk){.next = arena->chunks, .size = size};
    arena->chunks = chunk;
    arena->held += bytes;
    return chunk;
}

// A quarter of what is held: the last chunk, of which much may stay empty, is never most of it.
static size_t next_chunk(const Arena *arena)
{
    size_t size = arena->held / 4;
    if (size < FIRST_CHUNK)
        return FIRST_CHUNK;
    if (size > LARGEST_CHUNK)
        return LARGEST_CHUNK;
    return size - size % (size < HUGE_PAGE ? PAGE : HUGE_PAGE);
}

static Chunk *chunk_with_room(Arena *arena, size_t size)
{
    if (ARENA_BLOCK_PER_OBJECT)
        return add_chunk(arena, size);
    Chunk *chunk = arena->chunks;
    if (chunk && chunk->size - chunk->used >= size)
        return chunk;
    size_t chunk_size = next_chunk(arena) - sizeof(Chunk);
    return add_chunk(arena, size > chunk_size ? size : chunk_size);
}

// Not zeroed.
static void *take(Arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        base_out_of_memory();
    size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (!rounded)
        rounded = ALIGNMENT;
    Chunk *chunk = chunk_with_room(arena, rounded);
    char *object = (char *)(chunk + 1) + chunk->used;
    chunk->used += rounded;
    arena->used += rounded;
    return object;
}

void *arena_alloc(Arena *arena, size_t size)
{
    return memset(take(arena, size), 0, size);
}

void *arena_copy(Arena *arena, const void *data, size_t size)
{
    char *copy = take(arena, size + 1);
    if (size)
        memcpy(copy, data, size);
    copy[size] = '\0';
    return copy;
}

void arena_adopt(Arena *arena, void *block)
{
    Adopted *adopted = ARENA_NEW(arena, Adopted);
    *adopted = (Adopted){arena->adopted, block};
    arena->adopted = adopted;
}

size_t arena_used(const Arena *arena)
{
    return arena->used;
}
