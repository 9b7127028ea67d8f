// TypeScript declarations: of what functions can be linked to, as the `sst` package reads them, and
// of the variables that builds of Vite see.
#ifndef ALTC_TYPES_TYPES_H
#define ALTC_TYPES_TYPES_H

#include "compiler/base/buf.h"
#include "compiler/driver/inventory.h"

// Adds a declaration file for the links of one or more stages. A value that only some stages give
// is optional, one of several kinds is a union. `file_name` is what the file itself is called,
// without its folder.
void types_add(Buf *out, const LinkList *const *stages, size_t count, Str file_name);

// A file for Vite, and what is said of it.
typedef struct ViteFile {
    Str path; // as ViteRecord has it
    Str text;
} ViteFile;

typedef struct ViteFiles {
    VEC(ViteFile) items;
} ViteFiles;

// A file for each path that sites of the stages name, in the order first named. A variable that
// only some of those who name the file give is optional.
ViteFiles types_vite(Arena *arena, const ViteList *const *stages, size_t count);

#endif
