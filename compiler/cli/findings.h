// Findings of one or more compilations, gathered so that one report holds them all: a file that
// two programs import is reported once.
#ifndef ALTC_CLI_FINDINGS_H
#define ALTC_CLI_FINDINGS_H

#include "compiler/cli/cli.h"

typedef struct Findings Findings;

// Lives in the arena.
Findings *findings_new(Arena *arena);
// Copies what it needs: the compilation may be freed afterwards.
void findings_add(Findings *findings, Compilation *run);
// Prints them as the options say (text to standard error, --format to standard output, --report
// to files) and gives the exit code: EXIT_TROUBLE when a program could not be read at all.
int findings_report(const Cli *cli, Findings *findings);
// The exit code alone.
int findings_status(const Cli *cli, Findings *findings);
// The files that the compilations have read.
const StrList *findings_inputs(const Findings *findings);
Sources *findings_sources(Findings *findings);
DiagSink *findings_sink(Findings *findings);
// The values of --format (for `check`) and --report are formats that exist, --max-errors is a
// number; else says so and gives false. Called before any work.
bool findings_options_valid(const Cli *cli);

#endif
