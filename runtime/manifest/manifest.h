// The manifest of a stage and its templates, as the deployer reads them from files: the format is
// spec/manifest.md. Whatever is read is checked; a file that is none is refused with the reason.
#ifndef ALTC_MANIFEST_MANIFEST_H
#define ALTC_MANIFEST_MANIFEST_H

#include "compiler/base/map.h"
#include "compiler/base/vec.h"
#include "compiler/data/datum.h"
#include "compiler/source/host.h"
#include "runtime/notice/notice.h"

typedef enum ManifestSource {
    MANIFEST_USER,
    MANIFEST_SECRET,
    MANIFEST_ASSET_BUCKET,
    MANIFEST_ASSET_KEY,
    MANIFEST_OUTPUT,
} ManifestSource;

typedef struct ManifestParameter {
    Str name;
    ManifestSource source;
    Str asset;      // MANIFEST_ASSET_…: its id
    Str from_stack; // MANIFEST_OUTPUT
    Str from_output;
    Str variable; // MANIFEST_SECRET
    VEC(Str) env; // variables of the environment, in order
    Str values;   // path of the values file, or empty
    bool given;   // there was one when compiling
    NoticePlace place;
} ManifestParameter;

typedef struct ManifestStack {
    Str id;
    Str name;
    Str region; // empty: wherever the deployer is told
    VEC(Str) depends_on;
    VEC(ManifestParameter) parameters;
    Str policy;        // the stack policy as JSON, or empty
    Str sha256;        // of the template's file in hex; empty: not told
    Str template_path; // of the file
    Str template_text; // compact JSON as it goes to AWS
    const Datum *template_;
    Map *places; // pointer to a place of the source map; made when first asked for
} ManifestStack;

typedef struct ManifestAsset {
    Str id;
    Str kind; // "zip"
    Str path; // below the project root
    NoticePlace place;
} ManifestAsset;

typedef struct ManifestTask {
    Str stack;
    Str id;
    Str type;      // "Alt::Site::Files"
    Str condition; // the output of the stack that is there when it is to be done; empty: always
    const Datum *properties;
    NoticePlace place;
} ManifestTask;

typedef struct ManifestProtection {
    Str title;
    Str stack;
    bool add; // what it denies
    bool modify;
    bool replace;
    bool remove;
    VEC(Str) resources; // logical ids
    VEC(Str) types;
    Str allow;   // the name that lifts it; empty: nothing does
    bool lifted; // when compiling
    NoticePlace place;
} ManifestProtection;

typedef struct ManifestRename {
    Str stack;
    Str from;
    Str to;
    NoticePlace place;
} ManifestRename;

typedef struct Manifest {
    Arena *arena; // that it lives in
    Str path;     // of its file
    Str compiler;
    Str app;
    Str stage; // empty for a program without stages
    Str account;
    bool termination_protection;
    VEC(NamedText) tags;
    VEC(ManifestStack) stacks; // main first
    VEC(ManifestAsset) assets;
    VEC(ManifestTask) tasks;
    VEC(ManifestProtection) protections;
    VEC(ManifestRename) renames;
    const Datum *source_map;
} Manifest;

enum { MANIFEST_MAX_BYTES = 64 * 1024 * 1024, MANIFEST_MAX_TEMPLATE = 4 * 1024 * 1024 };

// Reads X.manifest.json and, beside it, X.json (or X.yaml), and X.ID.json for the stacks other than
// main. NULL: `error` says what is wrong with which file; a template that is not the one the
// manifest was written with is wrong too.
Manifest *manifest_read(Arena *arena, const Host *host, Str path, Str *error);
// A manifest alone, without its templates. `name` is for messages.
Manifest *manifest_parse(Arena *arena, Str name, Str text, Str *error);
const ManifestStack *manifest_stack(const Manifest *manifest, Str id); // or NULL
const ManifestAsset *manifest_asset(const Manifest *manifest, Str id); // or NULL
// Where the value at a JSON pointer of the stack's template was written; the nearest enclosing one
// that the source map has. An empty file when it knows none.
NoticePlace manifest_place(const Manifest *manifest, Str stack, Str pointer);
// The place of a resource: its logical id's. Memory comes from the arena of the manifest's reading
// (manifest->arena) or from `arena`, which must not die first.
NoticePlace manifest_resource_place(
    const Manifest *manifest, Arena *arena, Str stack, Str logical_id);
// The component instance that a resource was made in.
typedef struct ManifestInstance {
    Str name;          // "Identity.Network"; empty: the program itself wrote the resource
    NoticePlace place; // where the program declares the outermost one
} ManifestInstance;

ManifestInstance manifest_resource_instance(
    const Manifest *manifest, Arena *arena, Str stack, Str logical_id);

#endif
