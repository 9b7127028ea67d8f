// Which programs the operands of check and test stand for.
#ifndef ALTC_CLI_OWNER_H
#define ALTC_CLI_OWNER_H

#include "compiler/cli/cli.h"

// Editors and hooks name the files that somebody changed, and a part of a program is not one by
// itself. So a file that the nearest infra.alt (in its folder or one above it, up to the current
// one or the file system's root) imports stands for that infra.alt; any other stands for itself.
// Each program is listed once, in the order of the operands; STR_NONE alone, the default program,
// when there are none.
StrList owner_programs(const Cli *cli, Arena *arena);

#endif
