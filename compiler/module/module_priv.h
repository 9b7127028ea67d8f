// What the files of `module` share.
#ifndef ALTC_MODULE_MODULE_PRIV_H
#define ALTC_MODULE_MODULE_PRIV_H

#include "compiler/base/map.h"
#include "compiler/module/module.h"

enum {
    MAX_FILE_BYTES = 64 * 1024 * 1024,
    MAX_PROGRAM_BYTES = 256 * 1024 * 1024,
    MAX_MODULES = 2000
};

// A file of the project, once it was asked for.
typedef struct FileRecord {
    FileStatus status;
    Str path;       // as opened
    Str error;      // why it could not be read
    FileId file;    // FILE_OK
    Module *module; // when it is one
    size_t input;   // in the program's inputs
    bool refused;   // it would have passed the limit of the whole program
} FileRecord;

typedef struct ProgramFiles {
    Map records;     // place -> FileRecord *
    Map std_modules; // "std/web.alt" -> Module *
    Map confined;    // places that were found to be below the project root
    size_t total_bytes;
    Str entry_folder; // of the root file, as opened
    Str entry_place;  // the same below the project root
    bool too_many;    // reported
} ProgramFiles;

// How a place below the project root is opened: through the root file's folder where it can be,
// so that reports show short paths.
Str files_open_path(const Program *program, Str place);
// What `path` means in `from` (NULL: the root), as a place below the project root. False after a
// finding.
bool files_locate(Program *program, const Module *from, Str path, Span span, Str *place);
// The record of a place, read now or before. Never NULL; nothing is reported.
FileRecord *files_read(Program *program, Str place, size_t max, Str kind);
// Says why the record's file cannot be had.
void files_report(Program *program, const FileRecord *record, Str path, Span span, size_t max);
// Does the path, links followed, lie below the root? True also when nothing is there.
bool files_is_confined(const Program *program, Str open_path);

// ---- root.c ----
// Sets the program's root and where the compiled file lies below it. `entry` is its tree.
void root_find(Program *program, const SyntaxTree *entry);
// Reports what is wrong with the roots that are named, once all files are loaded.
void root_check(Program *program);

#endif
