// A text that grows, with a maximum: what would pass it is dropped and remembered.
#ifndef ALTC_BASE_BUF_H
#define ALTC_BASE_BUF_H

#include "compiler/base/str.h"

typedef struct Buf {
    char *ptr;
    size_t len;
    size_t cap;
    size_t max;
    bool overflowed;
} Buf;

// An empty text of at most `max` bytes; 0 means no maximum. Owns malloc memory: buf_release.
void buf_init(Buf *buf, size_t max);
void buf_release(Buf *buf);
// Empty again; keeps its memory.
void buf_clear(Buf *buf);
// Makes room for `extra` more bytes at once, where the maximum allows them: for what has a length
// that is known.
void buf_reserve(Buf *buf, size_t extra);
void buf_add(Buf *buf, Str text);
void buf_add_char(Buf *buf, char c);
void buf_add_text(Buf *buf, const char *text);
// In decimal; much faster than buf_add_format.
void buf_add_number(Buf *buf, size_t number);
// As text of XML and HTML, also between double quotes. Control characters, which XML has no way to
// write, are left out.
void buf_add_escaped(Buf *buf, Str text);
void buf_add_repeat(Buf *buf, char c, size_t count);
void buf_add_format(Buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
// A view that holds until the next change; NUL-terminated.
Str buf_str(const Buf *buf);
// A copy that lives in the arena.
Str buf_copy(const Buf *buf, Arena *arena);
// Gives the text itself to the arena, for what is too large to be copied. The buffer is released.
Str buf_move(Buf *buf, Arena *arena);

#endif
