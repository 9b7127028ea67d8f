// The files of a program: the root, what it imports, and the standard library inside altc. Reads
// only through the host, and only below the project root, symbolic links followed.
#ifndef ALTC_MODULE_MODULE_H
#define ALTC_MODULE_MODULE_H

#include "compiler/diag/diag.h"
#include "compiler/source/host.h"
#include "compiler/syntax/tree.h"

typedef struct Module Module;

typedef struct Import {
    const Decl *decl; // the `import` declaration
    Module *target;   // NULL when it could not be read (reported)
} Import;

struct Module {
    uint32_t index; // position in the program's list
    FileId file;
    Str name;   // as reports show it
    Str folder; // of the file, "" for the current one, without a trailing slash
    Str place;  // of that folder below the project root, "" for the root itself and for std
    bool is_std;
    const SyntaxTree *tree;
    VEC(Import) imports; // in source order
};

// A file that was looked for: for depfiles, --watch and the manifest.
typedef struct ProgramInput {
    Str path;    // as opened
    FileId file; // 0 when it was not found
    Str kind;    // "source" "file" "values"
} ProgramInput;

typedef struct Program {
    Arena *arena;
    const Host *host;
    Sources *sources;
    DiagSink *diags;
    VEC(Module *) modules; // the root first, then in the order first imported
    Str root;              // the project root as a path usable with the host ("." at least)
    Str real_root;         // its absolute path, links followed; STR_NONE when the host has none
    VEC(ProgramInput) inputs;
    struct ProgramFiles *files; // what was read so far; private to `module`
} Program;

typedef struct ProgramOptions {
    Str file;
    bool has_text; // the root's text is `text`, not read
    Str text;
} ProgramOptions;

// Loads the root and all it imports, each file once. Circular imports are fine. The project root
// is the folder named by `app { root: "…" }` (a literal string, seen from the file it stands in,
// which may be imported), else the folder of the file with `app`, else the root file's folder; it
// must hold the root file. Mistakes are findings; a module that cannot be read is left out. Never
// NULL; `modules` is empty when the root itself cannot be read. Limits: 64 MiB a file, 256 MiB
// in all, 2,000 files.
Program *program_load(Arena *arena, const Host *host, Sources *sources, DiagSink *diags,
    const ProgramOptions *options);

// Reads a file named by an expression in `from`: "./x" and "../x" are seen from the module's
// folder, anything else from the project root. Outside of the root, through a link too, is a
// finding at `span`. Each file is read once. False after a finding.
bool program_read(
    Program *program, const Module *from, Str path, Span span, size_t max, FileId *file);
// The same for a path that is not read but named (an asset): its place below the project root,
// normalised, no ".." left; STR_NONE after a finding. Need not exist.
Str program_asset_path(Program *program, const Module *from, Str path, Span span);
// Like program_read, but a missing file is no finding: gives false with *missing true.
bool program_read_optional(
    Program *program, Str path_below_root, Span span, size_t max, FileId *file, bool *missing);

#endif
