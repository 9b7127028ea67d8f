// Running a program whose output matters line by line, such as a build.
#ifndef ALTC_WORLD_PROGRAM_H
#define ALTC_WORLD_PROGRAM_H

#include "compiler/source/host.h"

typedef struct Program {
    const Str *words; // found by PATH
    size_t count;
    Str folder;           // where it runs; empty: where this process does
    const NamedText *env; // beside and above what this process has
    size_t env_count;
    void *context;
    void (*line)(void *context, Str line); // each line it writes to either output, as it comes
} Program;

typedef struct ProgramEnd {
    bool ended; // it was started, and ended by itself
    bool cancelled;
    int status; // its exit code; 128 and more: the signal that ended it
    Str error;  // why it could not be started
} ProgramEnd;

// The real one. Nothing on its standard input. With host->cancelled it, and what it started, is
// asked to end (SIGTERM) and, five seconds later, ended.
ProgramEnd program_run(Arena *arena, const Host *host, const Program *program);

#endif
