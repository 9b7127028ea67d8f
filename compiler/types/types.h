// TypeScript declarations of what functions can be linked to, as the `sst` package reads them.
#ifndef ALTC_TYPES_TYPES_H
#define ALTC_TYPES_TYPES_H

#include "compiler/base/buf.h"
#include "compiler/driver/inventory.h"

// Adds a declaration file for the links of one or more stages. A value that only some stages give
// is optional, one of several kinds is a union. `file_name` is what the file itself is called,
// without its folder.
void types_add(Buf *out, const LinkList *const *stages, size_t count, Str file_name);

#endif
