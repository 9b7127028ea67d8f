#include "runtime/deploy/system.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "compiler/base/buf.h"
#include "compiler/cli/host.h"
#include "runtime/deploy/files.h"
#include "runtime/show/show.h"

extern char **environ;

enum { MAX_OUTPUT = 64 * 1024, MAX_WORDS = 256 };

static int64_t read_clock(clockid_t id)
{
    struct timespec time = {0};
    clock_gettime(id, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int64_t now(void *context)
{
    (void)context;
    return read_clock(CLOCK_REALTIME);
}

static int64_t steady(void *context)
{
    (void)context;
    return read_clock(CLOCK_MONOTONIC);
}

// The signals that ask to stop.
static sigset_t interrupts(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    return set;
}

// Leaves at once, but not without the cursor.
static void leave(int signal_number)
{
    if (isatty(STDOUT_FILENO))
        (void)!write(STDOUT_FILENO, SHOW_RESTORE, sizeof SHOW_RESTORE - 1);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

// Takes note of the first one; from then on they end the process.
static bool cancelled(void *context)
{
    System *system = context;
    struct signalfd_siginfo info;
    if (system->signals < 0 || read(system->signals, &info, sizeof info) != (ssize_t)sizeof info)
        return system->interrupted;
    system->interrupted = true;
    close(system->signals);
    system->signals = -1;
    signal(SIGINT, leave);
    signal(SIGTERM, leave);
    signal(SIGHUP, leave);
    sigset_t set = interrupts();
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    return true;
}

static void pause_for(void *context, int64_t milliseconds)
{
    System *system = context;
    int64_t end = read_clock(CLOCK_MONOTONIC) + milliseconds;
    for (int64_t left = milliseconds; left > 0; left = end - read_clock(CLOCK_MONOTONIC)) {
        struct pollfd wait = {system->signals, POLLIN, 0};
        int step = left < INT32_MAX ? (int)left : INT32_MAX;
        if (poll(&wait, 1, step) > 0 && cancelled(context))
            return;
    }
}

static uint32_t chance(void *context)
{
    (void)context;
    uint32_t value = 0;
    if (getrandom(&value, sizeof value, 0) != (ssize_t)sizeof value)
        value = (uint32_t)read_clock(CLOCK_MONOTONIC) * 2654435761U;
    return value;
}

// Waits for a line of the terminal. False: there is none, or an interrupt came first.
static bool read_answer(System *system, int terminal, char *line, size_t size)
{
    for (;;) {
        struct pollfd wait[2] = {{terminal, POLLIN, 0}, {system->signals, POLLIN, 0}};
        if (poll(wait, 2, -1) < 0 && errno != EINTR)
            return false;
        if (wait[1].revents && cancelled(system))
            return false;
        if (!wait[0].revents)
            continue;
        ssize_t got = read(terminal, line, size - 1);
        line[got > 0 ? got : 0] = '\0';
        return got > 0;
    }
}

static bool ask(void *context, Arena *arena, Str question, Str *answer)
{
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0)
        return false;
    char line[1024];
    bool given = write(terminal, question.ptr, question.len) == (ssize_t)question.len &&
                 read_answer(context, terminal, line, sizeof line);
    close(terminal);
    *answer = given ? str_copy(arena, str_trim(str_of(line))) : STR_NONE;
    return answer->len > 0;
}

static void log_line(void *context, Str line)
{
    (void)context;
    fprintf(stderr, "altc-deploy: debug: %.*s\n", STR_FMT(line));
}

// Reads both pipes until they end; false when time ran out.
static bool drain(int pipes[2], Buf texts[2], int64_t deadline)
{
    int open_count = 2;
    while (open_count > 0) {
        struct pollfd wait[2] = {{pipes[0], POLLIN, 0}, {pipes[1], POLLIN, 0}};
        int64_t left = deadline - read_clock(CLOCK_MONOTONIC);
        if (left <= 0 || (poll(wait, 2, (int)left) < 0 && errno != EINTR))
            return false;
        for (int i = 0; i < 2; i++) {
            char block[4096];
            if (pipes[i] < 0 || !wait[i].revents)
                continue;
            ssize_t got = read(pipes[i], block, sizeof block);
            if (got > 0) {
                buf_add(&texts[i], (Str){block, (size_t)got});
                continue;
            }
            close(pipes[i]);
            pipes[i] = -1;
            open_count--;
        }
    }
    return true;
}

// Programs get signals as they are for anyone, whatever this process does with its own.
static void set_signals(posix_spawnattr_t *attributes)
{
    sigset_t none;
    sigset_t usual = interrupts();
    sigemptyset(&none);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_init(attributes);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &usual);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

static int start(char **words, int out, int errors, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    set_signals(&attributes);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_adddup2(&actions, errors, 2);
    int error = posix_spawnp(child, words[0], &actions, &attributes, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}

static bool make_pipe(int ends[2])
{
    if (pipe(ends) != 0)
        return false;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return true;
}

static void collect(Arena *arena, pid_t child, int pipes[2], int64_t timeout, ProcessResult *result)
{
    Buf texts[2];
    buf_init(&texts[0], MAX_OUTPUT);
    buf_init(&texts[1], MAX_OUTPUT);
    bool in_time = drain(pipes, texts, read_clock(CLOCK_MONOTONIC) + timeout);
    if (!in_time)
        kill(child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    result->ended = in_time && WIFEXITED(status);
    result->status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    result->output = buf_copy(&texts[0], arena);
    result->errors = in_time ? buf_copy(&texts[1], arena) : STR("it took too long");
    buf_release(&texts[0]);
    buf_release(&texts[1]);
}

static ProcessResult run(
    void *context, Arena *arena, const Str *words, size_t count, int64_t timeout)
{
    (void)context;
    ProcessResult result = {.errors = STR("it cannot be started")};
    char *list[MAX_WORDS + 1] = {NULL};
    int out[2];
    int errors[2];
    if (count > MAX_WORDS || !make_pipe(out))
        return result;
    if (!make_pipe(errors)) {
        close(out[0]);
        close(out[1]);
        return result;
    }
    for (size_t i = 0; i < count; i++)
        list[i] = arena_copy(arena, words[i].ptr, words[i].len);
    pid_t child;
    int error = start(list, out[1], errors[1], &child);
    close(out[1]);
    close(errors[1]);
    int pipes[2] = {out[0], errors[0]};
    if (error)
        result.errors = str_copy(arena, str_of(strerror(error)));
    else
        collect(arena, child, pipes, timeout, &result);
    for (int i = 0; i < 2; i++)
        if (pipes[i] >= 0)
            close(pipes[i]);
    return result;
}

static ProgramEnd build(void *context, Arena *arena, const Host *host, const Program *program)
{
    (void)context;
    return program_run(arena, host, program);
}

static bool write_private(void *context, Str path, Str text)
{
    (void)context;
    Arena *arena = arena_new();
    Str error;
    bool written = files_write(arena, path, text, true, &error);
    arena_free(arena);
    return written;
}

void system_init(System *system, bool debug)
{
    *system = (System){.host = *host_real(), .signals = -1};
    system->host.context = system;
    system->host.cancelled = cancelled;
    system->world = (World){.host = &system->host,
        .context = system,
        .now = now,
        .steady = steady,
        .sleep = pause_for,
        .random = chance,
        .ask = ask,
        .run = run,
        .write_private = write_private,
        .build = build,
        .log = debug ? log_line : NULL};
}

bool system_catch_interrupts(System *system)
{
    sigset_t set = interrupts();
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return false;
    system->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return system->signals >= 0;
}

bool system_forbid_dumps(void)
{
    struct rlimit none = {0, 0};
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && setrlimit(RLIMIT_CORE, &none) == 0;
}
