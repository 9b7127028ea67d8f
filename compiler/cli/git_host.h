// A host that reads files as they were in a revision of the git repository around the current
// folder. It asks one `git cat-file --batch` process, started without a shell.
#ifndef ALTC_CLI_GIT_HOST_H
#define ALTC_CLI_GIT_HOST_H

#include "compiler/source/host.h"

typedef struct GitHost GitHost;

// NULL: `error` says why (no git, no repository, no such revision). Variables of the environment
// are those of `base`.
GitHost *git_host_new(Arena *arena, const Host *base, Str revision, Str *error);
const Host *git_host_get(const GitHost *git);
// Ends the process; NULL is fine.
void git_host_free(GitHost *git);

#endif
