// What was built before: a template, a manifest, or a folder of both as `altc build -d` leaves it.
#ifndef ALTC_CLI_SAVED_H
#define ALTC_CLI_SAVED_H

#include "compiler/cli/findings.h"
#include "runtime/manifest/manifest.h"

typedef struct Saved {
    const Cli *cli;
    const Host *host; // files as they are, or as they were in a revision
    Str path;
    bool folder;
    const Manifest *manifest; // when `path` is one
    Findings *findings;
} Saved;

// False after saying what is wrong.
bool saved_open(const Cli *cli, const Host *host, Str path, Saved *saved);
// The template of a stack; `*found` is NULL when there is none. False after saying why it cannot
// be read.
bool saved_template(Saved *saved, Str stage, Str stack, const Datum **found);

#endif
