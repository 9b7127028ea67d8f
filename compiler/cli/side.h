// One side of a comparison: a program, as it is or as it was in a revision, with its stages.
#ifndef ALTC_CLI_SIDE_H
#define ALTC_CLI_SIDE_H

#include "compiler/cli/findings.h"
#include "compiler/cli/git_host.h"

// Zero until it is opened; side_close frees what it holds, also after a failure.
typedef struct Side {
    Str name; // as written
    Findings *findings;
    GitHost *git; // NULL: files as they are
    Session *session;
    VEC(Compilation *) runs; // one for all stages, or one for each that is named
    VEC(const StageModel *) stages;
    VEC(Compilation *) stage_runs; // that of each stage
} Side;

// Splits "HEAD~1:infra.alt" into revision and file, unless a file has just that name.
bool side_split(Str operand, Str *revision, Str *file);
// Compiles the program for the stages; `stages` counts for STAGES_NAMED. Gives EXIT_FINE, or
// another exit code after saying why.
int side_open(const Cli *cli, Side *side, Str operand, StageChoice choice, const StrList *stages);
// The same, where `git` (which becomes the side's; NULL: none) has opened the revision already.
int side_open_at(
    const Cli *cli, Side *side, Str file, GitHost *git, StageChoice choice, const StrList *stages);
void side_close(Side *side);
// By its canonical name; NULL when the program has no such stage.
const StageModel *side_stage(const Side *side, Str name);

#endif
