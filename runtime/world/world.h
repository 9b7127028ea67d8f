// What the deployer needs of the machine beside files and variables: clocks, chance, a terminal,
// programs. Like `Host`, one struct of functions, so that tests script all of it.
#ifndef ALTC_WORLD_WORLD_H
#define ALTC_WORLD_WORLD_H

#include "compiler/source/host.h"
#include "runtime/world/program.h"

typedef struct ProcessResult {
    bool ended; // it was started, and ended by itself in time
    int status; // its exit code
    Str output; // at most 64 KiB
    Str errors; // its standard error, or why it did not end
} ProcessResult;

typedef struct World {
    const Host *host; // files and the environment
    void *context;    // of the functions below
    // Milliseconds since 1970, as this machine believes.
    int64_t (*now)(void *context);
    // Milliseconds since some moment; never goes back.
    int64_t (*steady)(void *context);
    void (*sleep)(void *context, int64_t milliseconds);
    uint32_t (*random)(void *context);
    // Asks the person at the terminal for a line. False: there is none, or no answer.
    bool (*ask)(void *context, Arena *arena, Str question, Str *answer);
    // Runs a program (found by PATH) without a shell, nothing on its standard input.
    ProcessResult (*run)(
        void *context, Arena *arena, const Str *words, size_t count, int64_t timeout);
    // Writes a file that only its owner may read, all or nothing. NULL where nothing can be
    // written.
    bool (*write_private)(void *context, Str path, Str text);
    // Runs a program and hands its lines on (program.h); NULL where nothing may be run.
    ProgramEnd (*build)(void *context, Arena *arena, const Host *host, const Program *program);
    // A line of the debug log; NULL when nobody wants it. Callers never hand it secrets.
    void (*log)(void *context, Str line);
} World;

// The variable's value, or STR_NONE when it is not set or empty.
Str world_env(const World *world, const char *name);
// The variable says yes: "true" in any case, or "1".
bool world_env_is_true(const World *world, Arena *arena, const char *name);
// printf to the debug log: one line of at most 1,023 bytes, control characters replaced.
void world_log(const World *world, const char *format, ...) __attribute__((format(printf, 2, 3)));

// "2026-01-31T10:00:00Z" as seconds since 1970, with fractions and offsets ("+01:00", "UTC")
// allowed. False when it is none.
bool world_parse_time(Str text, int64_t *seconds);
// The other way round.
Str world_format_time(Arena *arena, int64_t seconds);

#endif
