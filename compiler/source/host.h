// The outside world, as the compiler sees it: one struct of functions. The command line gives the
// real one (cli/host.h), an editor one with its unsaved texts, tests a scripted one. No module
// below `cli` reads a file, a variable or a clock in any other way.
#ifndef ALTC_SOURCE_HOST_H
#define ALTC_SOURCE_HOST_H

#include "compiler/base/str.h"

typedef enum FileStatus {
    FILE_OK,
    FILE_MISSING,
    FILE_NOT_REGULAR, // a directory, FIFO, socket or device
    FILE_TOO_LARGE,   // larger than asked for
    FILE_UNREADABLE   // any other failure
} FileStatus;

typedef struct FileResult {
    FileStatus status;
    Str text;  // FILE_OK: the bytes, in the arena
    Str error; // otherwise: why, for people ("permission denied")
} FileResult;

typedef struct Host {
    void *context;
    // The whole file, at most `max` bytes. Never blocks on a FIFO or device.
    FileResult (*read_file)(void *context, Arena *arena, Str path, size_t max);
    // The absolute path with every symbolic link followed, or STR_NONE when nothing is there.
    Str (*real_path)(void *context, Arena *arena, Str path);
    // An environment variable's value; STR_NONE when it is not set.
    Str (*get_env)(void *context, Str name);
    // True when the work should stop soon (Ctrl-C, a newer edit).
    bool (*cancelled)(void *context);
} Host;

#endif
