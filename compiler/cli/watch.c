#include "compiler/cli/watch.h"

#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>

enum {
    POLL_NANOSECONDS = 100 * 1000 * 1000,
    // Editors and git write several files, and one file in several steps.
    QUIET_POLLS = 2,
    // Time stamps of files come from a clock that ticks this slowly on some kernels.
    CLOCK_SLACK_NANOSECONDS = 20 * 1000 * 1000
};

// What is looked at to see a change. All zero: there is no such file.
typedef struct FileState {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec modified;
} FileState;

static FileState file_state(Str path)
{
    struct stat info;
    if (stat(path.ptr, &info) != 0)
        return (FileState){0};
    return (FileState){info.st_dev, info.st_ino, info.st_size, info.st_mtim};
}

static bool same_state(const FileState *a, const FileState *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->modified.tv_sec == b->modified.tv_sec && a->modified.tv_nsec == b->modified.tv_nsec;
}

// Takes the state of all files; true when one differs from what it was.
static bool look(const StrList *inputs, FileState *states)
{
    bool changed = false;
    for (size_t i = 0; i < inputs->len; i++) {
        FileState now = file_state(inputs->items[i]);
        if (!same_state(&now, &states[i]))
            changed = true;
        states[i] = now;
    }
    return changed;
}

// What was saved while the program was being read may or may not have been seen.
static bool changed_since(const StrList *inputs, const FileState *states, struct timespec start)
{
    start.tv_nsec -= CLOCK_SLACK_NANOSECONDS;
    if (start.tv_nsec < 0) {
        start.tv_sec--;
        start.tv_nsec += 1000 * 1000 * 1000;
    }
    for (size_t i = 0; i < inputs->len; i++) {
        struct timespec at = states[i].modified;
        if (at.tv_sec > start.tv_sec || (at.tv_sec == start.tv_sec && at.tv_nsec > start.tv_nsec))
            return true;
    }
    return false;
}

// True when a signal asks to stop.
static bool pause_or_stop(const sigset_t *stops)
{
    struct timespec time = {0, POLL_NANOSECONDS};
    int signal_number = sigtimedwait(stops, NULL, &time);
    return signal_number > 0;
}

// False when a signal asks to stop.
static bool wait_for_change(
    const StrList *inputs, FileState *states, bool changed, const sigset_t *stops)
{
    int quiet = 0;
    while (!changed || quiet < QUIET_POLLS) {
        if (pause_or_stop(stops))
            return false;
        if (look(inputs, states)) {
            changed = true;
            quiet = 0;
        } else {
            quiet++;
        }
    }
    return true;
}

int watch(Cli *cli, WatchedRun run)
{
    Arena *arena = arena_new();
    StrList inputs = {0};
    int status = EXIT_FINE;
    if (!cli->args->given[OPTION_WATCH]) {
        status = run(cli, arena, &inputs);
        arena_free(arena);
        return status;
    }
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    sigprocmask(SIG_BLOCK, &stops, NULL);
    bool again = true;
    while (again) {
        arena_reset(arena);
        inputs = (StrList){0};
        struct timespec start;
        clock_gettime(CLOCK_REALTIME, &start);
        run(cli, arena, &inputs);
        FileState *states = ARENA_ARRAY(arena, FileState, inputs.len);
        look(&inputs, states);
        bool changed = changed_since(&inputs, states, start);
        cli_note(cli, "watching %zu file%s; Ctrl-C ends", inputs.len, inputs.len == 1 ? "" : "s");
        again = wait_for_change(&inputs, states, changed, &stops);
    }
    arena_free(arena);
    return status;
}
