// The page of each diagnostic: what it means, why, a wrong and a right example. The pages are the
// files spec/diagnostics/ALTnnnn.md, embedded into the program.
#ifndef ALTC_DIAG_PAGES_H
#define ALTC_DIAG_PAGES_H

#include "compiler/base/buf.h"
#include "compiler/diag/diag.h"

// The Markdown text; empty when the code has none.
Str diag_page(DiagCode code);

// Adds the page laid out for a terminal: headings stand out (bold with `colour`), code blocks are
// indented and kept as they are, inline marks are dropped or coloured. Without a page: the code,
// its severity and its message.
void explain_render(Buf *out, DiagCode code, bool colour);

#endif
