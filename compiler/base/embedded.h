// Files that are part of the program: pages of diagnostics ("diagnostics/ALT1203.md") and the
// standard library ("std/web.alt"). The table is generated from spec/diagnostics and
// templates/std by spec/tools/embed.c; it is constant and costs nothing at start-up.
#ifndef ALTC_BASE_EMBEDDED_H
#define ALTC_BASE_EMBEDDED_H

#include "compiler/base/str.h"

// Both texts are NUL-terminated and live for ever.
typedef struct EmbeddedFile {
    Str name;
    Str text;
} EmbeddedFile;

// NULL when there is no such file.
const EmbeddedFile *embedded_find(Str name);
// The files whose names start with `prefix`, by name; `count` is how many follow each other.
const EmbeddedFile *embedded_list(Str prefix, size_t *count);

// The generated table, sorted by name without repeats. Used by the functions above.
extern const EmbeddedFile embedded_files[];
extern const size_t embedded_count;

#endif
