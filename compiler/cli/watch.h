// --watch: run, wait until a file changes, run again.
#ifndef ALTC_CLI_WATCH_H
#define ALTC_CLI_WATCH_H

#include "compiler/cli/cli.h"

// One run. Adds the files it read, and those it looked for in vain, to `inputs` (names live in
// the arena given). The arena is emptied before the next run.
typedef int (*WatchedRun)(Cli *cli, Arena *arena, StrList *inputs);

// Runs until SIGINT or SIGTERM; gives EXIT_FINE then. Without --watch: one run and its exit code.
// A change is seen by time, size and identity of the file, so editors that save by renaming are
// seen too; a run starts when nothing has changed for a moment.
int watch(Cli *cli, WatchedRun run);

#endif
