// Texts and places in them. A file's text never changes once added; places are byte offsets, and
// lines and columns are worked out only when somebody is to read them.
#ifndef ALTC_SOURCE_SOURCE_H
#define ALTC_SOURCE_SOURCE_H

#include "compiler/base/str.h"

// 0 is no file; others count from 1 in the order they were added.
typedef uint32_t FileId;

// Bytes start..end (end not included) of a file. All zero: nowhere.
typedef struct Span {
    FileId file;
    uint32_t start;
    uint32_t end;
} Span;

// 1-based. `column` counts Unicode code points (what people and GNU tools count); `byte_column`
// UTF-8 bytes; `utf16_column` UTF-16 units (what LSP and SARIF count).
typedef struct Position {
    uint32_t line;
    uint32_t column;
    uint32_t byte_column;
    uint32_t utf16_column;
} Position;

typedef struct Sources Sources;

// Lives as long as the arena.
Sources *sources_new(Arena *arena);
// Adds a text under the name that reports show (relative to where the program runs, forward
// slashes). Name and text must live as long as the arena. At most 1 GiB of text in all:
// what would pass that is not added and gives 0.
FileId sources_add(Sources *sources, Str name, Str text);
size_t sources_count(const Sources *sources);
Str source_name(const Sources *sources, FileId file);
Str source_text(const Sources *sources, FileId file);
// SHA-256 of the text in hex. Worked out at the first call.
Str source_sha256(Sources *sources, FileId file);
// The text of the span.
Str source_slice(const Sources *sources, Span span);
// Where the text stands within its quotes, if the span is it in quotes and nothing else (no escape
// in it); else nowhere.
Span source_within_quotes(const Sources *sources, Span span, Str text);
// Where a byte offset is. Builds the file's line table at the first call.
Position source_position(Sources *sources, FileId file, uint32_t offset);
// The line (1-based) without its line break.
Str source_line(Sources *sources, FileId file, uint32_t line);
// From the start of a to the end of b, which lie in one file; a nowhere span gives the other.
Span span_join(Span a, Span b);

#endif
