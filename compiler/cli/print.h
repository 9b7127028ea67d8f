// What commands print, apart from the commands, so that tests can compare it without a process.
#ifndef ALTC_CLI_PRINT_H
#define ALTC_CLI_PRINT_H

#include "compiler/cli/pointer.h"
#include "compiler/driver/altc.h"

// The stage matrix as a table, or as JSON.
void stages_add_text(Arena *arena, Buf *out, const StageMatrix *matrix);
void stages_add_json(Arena *arena, Buf *out, const StageMatrix *matrix);
// A line for a test, and its failures with their places.
void test_add_result(Buf *out, Sources *sources, const TestResult *result, bool color);
// The place in the source that wrote `target`, which `pointer` led to, and the instances it came
// through. False: it has no place.
bool why_add(
    Arena *arena, Buf *out, Compilation *run, Str pointer, const PointerTarget *target, bool color);

#endif
