// Text to tokens and to a tree. Neither ever fails: mistakes are findings, and what is sound
// around them is still in the result.
#ifndef ALTC_SYNTAX_SYNTAX_H
#define ALTC_SYNTAX_SYNTAX_H

#include "compiler/diag/diag.h"
#include "compiler/syntax/tree.h"

// Parses a file that was added to the sources. Reports to `diags`. Linear in the text; nesting
// beyond 200 levels is a finding, not a crash. Trees and texts live in the arena.
const SyntaxTree *syntax_parse(Arena *arena, const Sources *sources, FileId file, DiagSink *diags);

#endif
