#include "compiler/cli/git_host.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compiler/base/buf.h"
#include "compiler/base/vec.h"
#include "compiler/cli/host.h"
#include "compiler/cli/output.h"

extern char **environ;

enum { HEADER_MAX = 8192, ANSWER_MAX = 64 * 1024 };

struct GitHost {
    Host host;
    const Host *base;
    Arena *arena;
    Str revision; // a commit's hash
    Str top;      // the work tree's absolute path
    Str here;     // the current folder's
    pid_t process;
    int requests; // pipe to the process
    int answers;  // pipe from it
};

// Starts git with its input from `input` and its output to `output`; -1 when that fails. Its
// messages go nowhere: they are worded here.
static pid_t start_git(const char *const *arguments, int input, int output)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (input >= 0)
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    else
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t process;
    // POSIX's prototype predates const; the words are not written to.
    int failed = posix_spawnp(&process, "git", &actions, NULL, (char *const *)arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed ? -1 : process;
}

// A pipe whose ends are closed in other programs.
static bool make_pipe(int *ends)
{
    if (pipe(ends) != 0)
        return false;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return true;
}

static bool wait_for(pid_t process)
{
    int status;
    while (waitpid(process, &status, 0) < 0) {
        if (errno != EINTR)
            return false;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// The trimmed output of one git command, or STR_NONE when it fails.
static Str ask_git(Arena *arena, const char *const *arguments)
{
    int ends[2];
    if (!make_pipe(ends))
        return STR_NONE;
    pid_t process = start_git(arguments, -1, ends[1]);
    close(ends[1]);
    FileResult answer = {.status = FILE_UNREADABLE};
    if (process > 0)
        answer = host_read_all(arena, ends[0], ANSWER_MAX);
    close(ends[0]);
    bool fine = process > 0 && wait_for(process);
    return fine && answer.status == FILE_OK ? str_trim(answer.text) : STR_NONE;
}

// The path below the work tree's top, without "." and ".."; false when it leads out of it.
static bool path_in_tree(const GitHost *git, Arena *arena, Str path, Str *inside)
{
    Str whole = str_starts(path, STR("/"))
                    ? path
                    : str_format(arena, "%.*s/%.*s", STR_FMT(git->here), STR_FMT(path));
    VEC(Str) parts = {0};
    size_t start = 0;
    while (start < whole.len) {
        size_t slash = str_find(whole, STR("/"), start);
        size_t end = slash == SIZE_MAX ? whole.len : slash;
        Str part = str_slice(whole, start, end);
        if (str_is(part, "..")) {
            if (parts.len)
                parts.len--;
        } else if (part.len && !str_is(part, ".")) {
            VEC_ADD(arena, &parts, part);
        }
        start = end + 1;
    }
    Buf out;
    buf_init(&out, 0);
    for (size_t i = 0; i < parts.len; i++)
        buf_add_format(&out, "/%.*s", STR_FMT(parts.items[i]));
    Str absolute = buf_copy(&out, arena);
    buf_release(&out);
    if (str_equal(absolute, git->top)) {
        *inside = STR("");
        return true;
    }
    Str prefix = str_format(arena, "%.*s/", STR_FMT(git->top));
    *inside = str_slice(absolute, prefix.len, absolute.len);
    return str_starts(absolute, prefix);
}

static bool read_exactly(int descriptor, char *bytes, size_t len)
{
    size_t done = 0;
    while (done < len) {
        ssize_t got = read(descriptor, bytes + done, len - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

static bool read_line(int descriptor, char *line, size_t size)
{
    for (size_t len = 0; len + 1 < size; len++) {
        if (!read_exactly(descriptor, &line[len], 1))
            return false;
        if (line[len] == '\n') {
            line[len] = '\0';
            return true;
        }
    }
    return false;
}

// The first line of an answer of `git cat-file --batch --follow-symlinks`.
typedef enum AnswerKind {
    ANSWER_NOTHING, // "<request> missing"
    ANSWER_BLOB,    // "<hash> blob <size>", content, newline
    ANSWER_TREE,    // "<hash> tree <size>", content, newline
    ANSWER_OTHER    // "symlink <size>", "dangling <size>" …: text, newline
} AnswerKind;

static AnswerKind parse_answer(const char *line, size_t *size)
{
    static const char *const OTHERS[] = {"symlink ", "dangling ", "loop ", "notdir "};
    *size = 0;
    size_t hash = strspn(line, "0123456789abcdef");
    const char *rest = line + hash;
    if (hash >= 40 && (strncmp(rest, " blob ", 6) == 0 || strncmp(rest, " tree ", 6) == 0)) {
        *size = (size_t)strtoull(rest + 6, NULL, 10);
        return rest[1] == 'b' ? ANSWER_BLOB : ANSWER_TREE;
    }
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++) {
        size_t len = strlen(OTHERS[i]);
        if (strncmp(line, OTHERS[i], len) != 0)
            continue;
        *size = (size_t)strtoull(line + len, NULL, 10);
        return ANSWER_OTHER;
    }
    return ANSWER_NOTHING;
}

static FileResult failure(FileStatus status, const char *why)
{
    return (FileResult){.status = status, .error = str_of(why)};
}

static FileResult read_object(GitHost *git, Arena *arena, Str path, size_t max)
{
    Str inside;
    if (!path_in_tree(git, arena, path, &inside) || str_find(inside, STR("\n"), 0) != SIZE_MAX)
        return failure(FILE_MISSING, "not in the repository");
    Str request = str_format(arena, "%.*s:%.*s\n", STR_FMT(git->revision), STR_FMT(inside));
    Str error;
    char line[HEADER_MAX];
    if (!output_write_all(git->requests, request, &error) ||
        !read_line(git->answers, line, sizeof line))
        return failure(FILE_UNREADABLE, "git gave no answer");
    size_t size;
    AnswerKind kind = parse_answer(line, &size);
    if (kind == ANSWER_NOTHING)
        return failure(FILE_MISSING, "not in this revision");
    char *bytes = arena_alloc(arena, size + 1);
    if (!read_exactly(git->answers, bytes, size + 1))
        return failure(FILE_UNREADABLE, "git gave half an answer");
    bytes[size] = '\0';
    if (kind == ANSWER_TREE)
        return failure(FILE_NOT_REGULAR, "it is a directory");
    if (kind == ANSWER_OTHER)
        return failure(FILE_MISSING, "a link that leads nowhere in this revision");
    if (size > max)
        return failure(FILE_TOO_LARGE, "the file is too large");
    return (FileResult){.status = FILE_OK, .text = {bytes, size}};
}

static FileResult git_read_file(void *context, Arena *arena, Str path, size_t max)
{
    return read_object(context, arena, path, max);
}

static Str git_real_path(void *context, Arena *arena, Str path)
{
    GitHost *git = context;
    FileResult found = read_object(git, arena, path, SIZE_MAX);
    if (found.status != FILE_OK && found.status != FILE_NOT_REGULAR)
        return STR_NONE;
    Str inside;
    path_in_tree(git, arena, path, &inside);
    return str_format(
        arena, "%.*s%s%.*s", STR_FMT(git->top), inside.len ? "/" : "", STR_FMT(inside));
}

static Str git_get_env(void *context, Str name)
{
    const GitHost *git = context;
    return git->base->get_env(git->base->context, name);
}

static bool git_cancelled(void *context)
{
    const GitHost *git = context;
    return git->base->cancelled(git->base->context);
}

// ---- its life ----

static bool find_repository(GitHost *git, Str revision, Str *error)
{
    const char *const ask_top[] = {"git", "rev-parse", "--show-toplevel", NULL};
    git->top = ask_git(git->arena, ask_top);
    if (!git->top.len) {
        *error = STR("this folder is not in a git repository");
        return false;
    }
    Str commit = str_format(git->arena, "%.*s^{commit}", STR_FMT(revision));
    const char *const ask_commit[] = {
        "git", "rev-parse", "--verify", "--quiet", "--end-of-options", commit.ptr, NULL};
    git->revision = ask_git(git->arena, ask_commit);
    if (!git->revision.len) {
        *error = str_format(git->arena, "git knows no revision '%.*s'", STR_FMT(revision));
        return false;
    }
    git->top = git->base->real_path(git->base->context, git->arena, git->top);
    git->here = git->base->real_path(git->base->context, git->arena, STR("."));
    return git->top.len && git->here.len;
}

static bool start_process(GitHost *git)
{
    int to[2], from[2];
    if (!make_pipe(to))
        return false;
    if (!make_pipe(from)) {
        close(to[0]);
        close(to[1]);
        return false;
    }
    const char *const arguments[] = {"git", "cat-file", "--batch", "--follow-symlinks", NULL};
    git->process = start_git(arguments, to[0], from[1]);
    close(to[0]);
    close(from[1]);
    git->requests = to[1];
    git->answers = from[0];
    if (git->process > 0)
        return true;
    close(to[1]);
    close(from[0]);
    return false;
}

GitHost *git_host_new(Arena *arena, const Host *base, Str revision, Str *error)
{
    GitHost *git = ARENA_NEW(arena, GitHost);
    git->base = base;
    git->arena = arena;
    git->host = (Host){git, git_read_file, git_real_path, git_get_env, git_cancelled};
    if (!find_repository(git, revision, error))
        return NULL;
    if (start_process(git))
        return git;
    *error = STR("git could not be started");
    return NULL;
}

const Host *git_host_get(const GitHost *git)
{
    return &git->host;
}

void git_host_free(GitHost *git)
{
    if (!git)
        return;
    close(git->requests);
    close(git->answers);
    wait_for(git->process);
}
