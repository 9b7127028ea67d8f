#include "compiler/base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

Str str_of(const char *text)
{
    return text ? (Str){text, strlen(text)} : STR_NONE;
}

Str str_copy(Arena *arena, Str text)
{
    return (Str){arena_copy(arena, text.ptr, text.len), text.len};
}

Str str_format(Arena *arena, const char *format, ...)
{
    char first[512]; // most are shorter, and need not be formatted twice
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(first, sizeof first, format, args);
    va_end(args);
    Str result = STR("");
    if (len >= 0 && (size_t)len < sizeof first) {
        result = str_copy(arena, (Str){first, (size_t)len});
    } else if (len >= 0) {
        char *text = arena_alloc(arena, (size_t)len + 1);
        vsnprintf(text, (size_t)len + 1, format, again);
        result = (Str){text, (size_t)len};
    }
    va_end(again);
    return result;
}

int str_compare(Str a, Str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;
    if (order)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

Str str_slice(Str text, size_t start, size_t end)
{
    if (!text.len)
        return text; // it may be no text at all, which has no places
    if (end > text.len)
        end = text.len;
    if (start > end)
        start = end;
    return (Str){text.ptr + start, end - start};
}

size_t str_find(Str text, Str needle, size_t from)
{
    if (from > text.len || needle.len > text.len - from)
        return SIZE_MAX;
    if (!needle.len)
        return from;
    const char *at = text.ptr + from;
    const char *last = text.ptr + (text.len - needle.len);
    while (at <= last) {
        at = memchr(at, needle.ptr[0], (size_t)(last - at) + 1);
        if (!at)
            return SIZE_MAX;
        if (!memcmp(at, needle.ptr, needle.len))
            return (size_t)(at - text.ptr);
        at++;
    }
    return SIZE_MAX;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

Str str_trim(Str text)
{
    size_t start = 0, end = text.len;
    while (start < end && is_blank(text.ptr[start]))
        start++;
    while (end > start && is_blank(text.ptr[end - 1]))
        end--;
    return str_slice(text, start, end);
}

Str str_lower(Arena *arena, Str text)
{
    char *copy = arena_copy(arena, text.ptr, text.len);
    for (size_t i = 0; i < text.len; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z')
            copy[i] = (char)(copy[i] + ('a' - 'A'));
    return (Str){copy, text.len};
}

Str str_upper(Arena *arena, Str text)
{
    char *copy = arena_copy(arena, text.ptr, text.len);
    for (size_t i = 0; i < text.len; i++)
        if (copy[i] >= 'a' && copy[i] <= 'z')
            copy[i] = (char)(copy[i] - ('a' - 'A'));
    return (Str){copy, text.len};
}

uint32_t str_hash(Str text)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * 16777619u;
    return hash;
}

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

enum { DISTANCE_MAX_LEN = 96 };

size_t str_distance(Str a, Str b, size_t limit)
{
    size_t gap = a.len > b.len ? a.len - b.len : b.len - a.len;
    if (gap > limit || a.len > DISTANCE_MAX_LEN || b.len > DISTANCE_MAX_LEN)
        return limit + 1;
    size_t rows[3][DISTANCE_MAX_LEN + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b.len; j++)
        above[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t best = row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t change = above[j - 1] + (a.ptr[i - 1] != b.ptr[j - 1]);
            row[j] = min_size(change, min_size(above[j], row[j - 1]) + 1);
            bool swapped =
                i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1];
            if (swapped)
                row[j] = min_size(row[j], before[j - 2] + 1);
            best = min_size(best, row[j]);
        }
        if (best > limit)
            return limit + 1;
        size_t *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return min_size(above[b.len], limit + 1);
}
