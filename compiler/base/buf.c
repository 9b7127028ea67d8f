#include "compiler/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

void buf_init(Buf *buf, size_t max)
{
    *buf = (Buf){.max = max};
}

void buf_release(Buf *buf)
{
    free(buf->ptr);
    *buf = (Buf){0};
}

void buf_clear(Buf *buf)
{
    buf->len = 0;
    buf->overflowed = false;
    if (buf->ptr)
        buf->ptr[0] = '\0';
}

static bool grow(Buf *buf, size_t extra)
{
    if (extra > SIZE_MAX / 4 || (buf->max && extra > buf->max - buf->len)) {
        buf->overflowed = true;
        return false;
    }
    size_t need = buf->len + extra + 1;
    if (need <= buf->cap)
        return true;
    size_t cap = buf->cap ? buf->cap : FIRST_CAPACITY;
    while (cap < need)
        cap *= 2;
    buf->ptr = base_realloc(buf->ptr, cap);
    buf->cap = cap;
    return true;
}

// Room for `extra` bytes and the NUL; false when the maximum forbids it.
static inline bool reserve(Buf *buf, size_t extra)
{
    bool has_room = !buf->max && extra < buf->cap - buf->len;
    return has_room || grow(buf, extra);
}

void buf_reserve(Buf *buf, size_t extra)
{
    size_t need = buf->len + extra + 1;
    if (need <= buf->cap || (buf->max && extra > buf->max - buf->len))
        return;
    buf->ptr = base_realloc(buf->ptr, need);
    buf->cap = need;
}

void buf_add(Buf *buf, Str text)
{
    if (!text.len || !reserve(buf, text.len))
        return;
    memcpy(buf->ptr + buf->len, text.ptr, text.len);
    buf->len += text.len;
    buf->ptr[buf->len] = '\0';
}

void buf_add_char(Buf *buf, char c)
{
    if (!reserve(buf, 1))
        return;
    buf->ptr[buf->len++] = c;
    buf->ptr[buf->len] = '\0';
}

void buf_add_text(Buf *buf, const char *text)
{
    buf_add(buf, str_of(text));
}

void buf_add_escaped(Buf *buf, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '&')
            buf_add_text(buf, "&amp;");
        else if (c == '<')
            buf_add_text(buf, "&lt;");
        else if (c == '>')
            buf_add_text(buf, "&gt;");
        else if (c == '"')
            buf_add_text(buf, "&quot;");
        else if ((unsigned char)c >= 0x20 || c == '\n' || c == '\t')
            buf_add_char(buf, c);
    }
}

void buf_add_number(Buf *buf, size_t number)
{
    char digits[24];
    size_t start = sizeof digits;
    do {
        digits[--start] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    buf_add(buf, (Str){digits + start, sizeof digits - start});
}

void buf_add_repeat(Buf *buf, char c, size_t count)
{
    if (!count || !reserve(buf, count))
        return;
    memset(buf->ptr + buf->len, c, count);
    buf->len += count;
    buf->ptr[buf->len] = '\0';
}

void buf_add_format(Buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len > 0 && reserve(buf, (size_t)len)) {
        vsnprintf(buf->ptr + buf->len, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

Str buf_str(const Buf *buf)
{
    return buf->ptr ? (Str){buf->ptr, buf->len} : STR("");
}

Str buf_copy(const Buf *buf, Arena *arena)
{
    return str_copy(arena, buf_str(buf));
}

Str buf_move(Buf *buf, Arena *arena)
{
    Str text = buf_str(buf);
    if (buf->ptr)
        arena_adopt(arena, buf->ptr);
    *buf = (Buf){0};
    return text;
}
