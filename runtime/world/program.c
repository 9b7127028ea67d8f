// For posix_spawn_file_actions_addchdir_np and POSIX_SPAWN_SETPGROUP.
#define _GNU_SOURCE
#include "runtime/world/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "compiler/base/buf.h"
#include "compiler/base/vec.h"

extern char **environ;

enum { LONGEST_LINE = 4096, LOOK_EVERY = 100, PATIENCE = 5 * 1000 }; // milliseconds

typedef VEC(char *) Words;

static bool is_replaced(const Program *program, const char *entry)
{
    for (size_t i = 0; i < program->env_count; i++) {
        Str name = program->env[i].name;
        if (strncmp(entry, name.ptr, name.len) == 0 && entry[name.len] == '=')
            return true;
    }
    return false;
}

static char **make_env(Arena *arena, const Program *program)
{
    Words words = {0};
    for (char **entry = environ; *entry; entry++)
        if (!is_replaced(program, *entry))
            VEC_ADD(arena, &words, *entry);
    for (size_t i = 0; i < program->env_count; i++) {
        Str text = str_format(
            arena, "%.*s=%.*s", STR_FMT(program->env[i].name), STR_FMT(program->env[i].value));
        VEC_ADD(arena, &words, arena_copy(arena, text.ptr, text.len));
    }
    VEC_ADD(arena, &words, NULL);
    return words.items;
}

static int start(Arena *arena, const Program *program, int out, pid_t *child)
{
    Words words = {0};
    for (size_t i = 0; i < program->count; i++)
        VEC_ADD(arena, &words, arena_copy(arena, program->words[i].ptr, program->words[i].len));
    VEC_ADD(arena, &words, NULL);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    // The deployer holds signals back for itself; programs get theirs as usual.
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    if (program->folder.len)
        posix_spawn_file_actions_addchdir_np(&actions, str_copy(arena, program->folder).ptr);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_adddup2(&actions, out, 2);
    int error = posix_spawnp(
        child, words.items[0], &actions, &attributes, words.items, make_env(arena, program));
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

// Gives whole lines away; of a longer one its parts.
static void give_lines(const Program *program, Buf *text, bool all)
{
    Str rest = buf_str(text);
    for (size_t end; (end = str_find(rest, STR("\n"), 0)) != SIZE_MAX;) {
        size_t cut = end > 0 && rest.ptr[end - 1] == '\r' ? end - 1 : end;
        program->line(program->context, str_slice(rest, 0, cut));
        rest = str_slice(rest, end + 1, rest.len);
    }
    if (rest.len && (all || rest.len >= LONGEST_LINE)) {
        program->line(program->context, rest);
        rest = STR("");
    }
    Buf left;
    buf_init(&left, 0);
    buf_add(&left, rest);
    buf_release(text);
    *text = left;
}

static int64_t steady(void)
{
    struct timespec time = {0};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

typedef struct Child {
    pid_t id;
    bool gone;
    int status;
} Child;

static void await(Child *child, int flags)
{
    pid_t got;
    do
        got = waitpid(child->id, &child->status, flags);
    while (got < 0 && errno == EINTR);
    child->gone = got == child->id;
}

// Reads until the other end is closed, or nothing comes any more and the program has ended: what it
// left running may keep the other end open. True when it was cancelled.
static bool follow(const Program *program, const Host *host, int pipe_end, Child *child)
{
    Buf text;
    buf_init(&text, 0);
    int64_t asked = 0; // when it was asked to end
    for (;;) {
        if (!asked && host->cancelled && host->cancelled(host->context)) {
            asked = steady();
            kill(-child->id, SIGTERM);
        }
        if (asked && !child->gone && steady() - asked > PATIENCE)
            kill(-child->id, SIGKILL);
        struct pollfd wait = {pipe_end, POLLIN, 0};
        if (poll(&wait, 1, LOOK_EVERY) <= 0) {
            if (child->gone)
                break;
            await(child, WNOHANG);
            continue;
        }
        char block[4096];
        ssize_t got = read(pipe_end, block, sizeof block);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        buf_add(&text, (Str){block, (size_t)got});
        give_lines(program, &text, false);
    }
    give_lines(program, &text, true);
    buf_release(&text);
    return asked != 0;
}

ProgramEnd program_run(Arena *arena, const Host *host, const Program *program)
{
    int ends[2];
    Child child = {0};
    if (pipe(ends) != 0)
        return (ProgramEnd){.error = str_copy(arena, str_of(strerror(errno)))};
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    int error = start(arena, program, ends[1], &child.id);
    close(ends[1]);
    if (error) {
        close(ends[0]);
        return (ProgramEnd){.error = str_copy(arena, str_of(strerror(error)))};
    }
    ProgramEnd end = {.cancelled = follow(program, host, ends[0], &child)};
    close(ends[0]);
    if (!child.gone)
        await(&child, 0);
    end.ended = !end.cancelled;
    end.status = WIFEXITED(child.status) ? WEXITSTATUS(child.status) : 128 + WTERMSIG(child.status);
    return end;
}
