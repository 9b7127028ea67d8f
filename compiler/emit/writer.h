// JSON written as a stream: two spaces, one entry a line.
#ifndef ALTC_EMIT_WRITER_H
#define ALTC_EMIT_WRITER_H

#include "compiler/base/buf.h"
#include "compiler/source/source.h"

// Zero but for `out` before the first value.
typedef struct Writer {
    Buf *out;
    size_t depth;
    bool has_entries; // of the innermost open list or map
} Writer;

// `bracket` is '{' or '[', and the closing one. What is open must be closed.
void writer_open(Writer *writer, char bracket);
void writer_close(Writer *writer, char bracket);
// Begins an entry of a map; its value must follow.
void writer_key(Writer *writer, const char *key);
void writer_key_text(Writer *writer, Str key);
// Begins an element of a list; it must follow.
void writer_item(Writer *writer);

// Entries of a map.
void writer_text(Writer *writer, const char *key, Str value);
void writer_bool(Writer *writer, const char *key, bool value);
// On one line.
void writer_texts(Writer *writer, const char *key, const Str *values, size_t count);
// `"at": {"file": …, "line": …, "column": …}`; null for a nowhere span.
void writer_place(Writer *writer, Sources *sources, Span span);

#endif
