// The files that a compilation of stages becomes: a template for each stack, a manifest for each
// stage. All bytes are made before the first file is touched.
#ifndef ALTC_CLI_ARTIFACTS_H
#define ALTC_CLI_ARTIFACTS_H

#include "compiler/base/buf.h"
#include "compiler/cli/cli.h"

// A file that is to be written.
typedef struct Artifact {
    Str path;
    Buf bytes;
} Artifact;

// Zero but for what is said; artifacts_release frees the bytes.
typedef struct Artifacts {
    Arena *arena;
    bool yaml;      // templates in YAML
    bool manifest;  // manifests as well
    Str directory;  // STAGE.json, STAGE.ID.json, STAGE.manifest.json below it; or empty:
    Str output;     // the main template's file, others beside it; "-" is standard output
    StrList inputs; // what was read: never written over
    VEC(Artifact) items;
    StrList notes; // said when all is fine
    Str problem;   // why nothing can be written, or STR_NONE
} Artifacts;

// An empty file, to be filled before the next call.
Buf *artifacts_add(Artifacts *artifacts, Str path);
// A compilation's `take_stage`: `context` is an Artifacts.
void artifacts_take_stage(void *context, Compilation *run, const StageModel *model);
// Where the manifest of a stage goes.
Str artifacts_manifest_path(const Artifacts *artifacts, Str stage);
// Writes all; gives EXIT_FINE, or EXIT_TROUBLE after saying why not.
int artifacts_write(const Cli *cli, Artifacts *artifacts);
void artifacts_release(Artifacts *artifacts);
// The part of a path before the ending of its last component: "out/a.json" gives "out/a".
Str path_without_ending(Str path);

#endif
