// From the options of the command line to those of a compilation.
#ifndef ALTC_CLI_PROGRAM_H
#define ALTC_CLI_PROGRAM_H

#include "compiler/cli/cli.h"

// Options for one program: `operand`, or ./infra.alt when it is STR_NONE, or standard input for
// "-". Takes --stage (the last one), --set, --values, --allow, --stdin-filename and --filter.
// False after saying what is wrong.
bool program_options(const Cli *cli, Arena *arena, Str operand, CompileOptions *options);
// The operand at `index`, or STR_NONE for the default program when there is none.
Str program_operand(const Cli *cli, size_t index);
// What a command makes of a program without errors; `inputs` are the files that were read. Gives
// the exit code.
typedef int ProgramUse(const Cli *cli, Compilation *run, const StrList *inputs);
// Compiles and calls `use`, or prints the errors. Warnings are check's business: here they would
// hide the answer.
int program_use(const Cli *cli, const CompileOptions *options, ProgramUse *use);
// --watch and standard input exclude each other; says so and gives false.
bool program_may_watch(const Cli *cli);

#endif
