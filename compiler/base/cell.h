// What a text takes on a terminal, and how it is made harmless there: no text of a program, a
// template or AWS may move the cursor or change how the rest is read.
#ifndef ALTC_BASE_CELL_H
#define ALTC_BASE_CELL_H

#include "compiler/base/buf.h"

enum { CELL_TAB_WIDTH = 4 };

// Reads the character at `*at` and moves behind it. A byte that is not UTF-8 gives U+FFFD.
uint32_t cell_next(Str text, size_t *at);
// Adds the character so that it can neither move the cursor nor change how the rest is read, and
// gives the columns it takes: a tab is filled up from `column`, controls are spelled <U+001B>.
size_t cell_add(Buf *out, uint32_t c, size_t column);
// How many bytes at the beginning are printable ASCII: harmless, and a column each.
size_t cell_plain_run(Str text);
// A text on one line, made harmless in the same way; line breaks become \n. Gives its columns.
size_t cell_add_plain(Buf *out, Str text);

#endif
