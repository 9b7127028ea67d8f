// Test cases as folders. A folder with an `input.alt` or an `args` file is a case; what is compared
// is said by the files `expect.*` in it:
//
//   expect.json            the template; expect.yaml in YAML
//   expect.STACK.json      the template of a further stack
//   expect.STAGE.json      with `all`: of each stage (and expect.STAGE.STACK.json)
//   expect.manifest.json   the manifest (with `all`: expect.STAGE.manifest.json)
//   expect.diag            the findings as text; without this file there must be none
//   expect.report          the findings in the format of `report`
//   expect.exit            the exit code
//   expect.test            what `altc test` prints
//   expect.stages          what `altc stages` prints
//   expect.why             what `altc why` prints
//
// `args` has an option a line: file F · stage S · all · check · set N=V · values F · allow N ·
// report json|sarif|github · test [TEXT] · stages · why POINTER. `env` has NAME=value lines: the
// whole environment of the case.
#ifndef ALTC_TESTS_CASE_H
#define ALTC_TESTS_CASE_H

#include "compiler/base/vec.h"
#include "compiler/driver/altc.h"

typedef VEC(Str) CaseNames;

// A text that the case gave, by the name of the file it is compared with ("expect.json").
typedef struct CaseOutput {
    Str name;
    Str text;
} CaseOutput;

typedef VEC(CaseOutput) CaseOutputs;

// ---- case_files.c ----

// Folders below `root` that are cases, sorted. Names start with `root`.
void case_find(Arena *arena, Str root, CaseNames *names);
// Whether `name` matches `pattern`, which may have '*'; an empty pattern matches all.
bool case_matches(Str name, Str pattern);
// Names of the files `expect.*` of the current folder.
void case_expected(Arena *arena, CaseNames *names);
// STR_NONE when there is no such file.
Str case_read(Arena *arena, const char *path);
// False when it cannot be written.
bool case_write(const char *path, Str text);

// ---- case_run.c ----

// Runs the case in the current folder and adds what it gave. False: `problem` says what is wrong
// with the case itself or with its outputs (no JSON, two runs that differ).
bool case_run(Arena *arena, CaseOutputs *outputs, Str *problem);

#endif
