// Text as pointer and length. The bytes are immutable, belong to an arena or are constant, and
// are followed by a NUL unless the Str is a slice of a longer text.
#ifndef ALTC_BASE_STR_H
#define ALTC_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "compiler/base/arena.h"

typedef struct Str {
    const char *ptr;
    size_t len;
} Str;

typedef struct NamedText {
    Str name;
    Str value;
} NamedText;

// A Str of a string literal.
#define STR(literal) ((Str){(literal), sizeof(literal) - 1})
#define STR_NONE ((Str){NULL, 0})
// For printf's "%.*s".
#define STR_FMT(str) (int)(str).len, (str).ptr

// Of a NUL-terminated string; NULL gives STR_NONE.
Str str_of(const char *text);
Str str_copy(Arena *arena, Str text);
// printf into an arena.
Str str_format(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

// What is asked all the time is written here, where the compiler knows the length of a literal.
static inline bool str_equal(Str a, Str b)
{
    return a.len == b.len && (a.ptr == b.ptr || !a.len || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool str_is(Str a, const char *literal)
{
    return str_equal(a, (Str){literal, strlen(literal)});
}

static inline bool str_starts(Str text, Str prefix)
{
    return text.len >= prefix.len && (!prefix.len || !memcmp(text.ptr, prefix.ptr, prefix.len));
}

static inline bool str_ends(Str text, Str suffix)
{
    return text.len >= suffix.len &&
           (!suffix.len || !memcmp(text.ptr + text.len - suffix.len, suffix.ptr, suffix.len));
}

// By bytes: <0, 0, >0.
int str_compare(Str a, Str b);
// From byte `start` up to, not including, byte `end`; both are cut to the text.
Str str_slice(Str text, size_t start, size_t end);
// Where `needle` begins at or behind `from`, or SIZE_MAX.
size_t str_find(Str text, Str needle, size_t from);
// Without ASCII white space at both ends.
Str str_trim(Str text);
Str str_lower(Arena *arena, Str text);
Str str_upper(Arena *arena, Str text);
// FNV-1a, for hash tables within one process; never emitted.
uint32_t str_hash(Str text);
// Optimal string alignment distance, at most `limit` + 1 (then it stopped early).
size_t str_distance(Str a, Str b, size_t limit);

#endif
