// The real world behind `Host`: files, links and the environment of the process.
#ifndef ALTC_CLI_HOST_H
#define ALTC_CLI_HOST_H

#include "compiler/source/host.h"

// Keeps nothing and never changes. `cancelled` is true once SIGINT or SIGTERM is blocked and
// waiting (which only --watch does).
const Host *host_real(void);
// With an environment in which nothing is set: tests must not depend on who runs them.
const Host *host_without_env(void);
// All of a descriptor, at most `max` bytes.
FileResult host_read_all(Arena *arena, int descriptor, size_t max);

#endif
