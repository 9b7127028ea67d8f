#include "compiler/cli/host.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compiler/base/buf.h"

static FileResult failure(Arena *arena, FileStatus status, const char *why)
{
    return (FileResult){.status = status, .error = str_copy(arena, str_of(why))};
}

static FileResult failed_call(Arena *arena, int error)
{
    FileStatus status = error == ENOENT || error == ENOTDIR ? FILE_MISSING : FILE_UNREADABLE;
    return failure(arena, status, strerror(error));
}

FileResult host_read_all(Arena *arena, int descriptor, size_t max)
{
    Buf buf;
    buf_init(&buf, max + 1);
    char block[64 * 1024];
    FileResult result = {.status = FILE_OK};
    while (buf.len <= max) {
        ssize_t got = read(descriptor, block, sizeof block);
        if (got == 0)
            break;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            result = failed_call(arena, errno);
            break;
        }
        buf_add(&buf, (Str){block, (size_t)got});
    }
    if (result.status == FILE_OK && (buf.len > max || buf.overflowed))
        result = failure(arena, FILE_TOO_LARGE, "the file is too large");
    if (result.status == FILE_OK)
        result.text = buf_copy(&buf, arena);
    buf_release(&buf);
    return result;
}

// A regular file of known size is read straight into the arena.
static FileResult read_sized(Arena *arena, int descriptor, size_t size, size_t max)
{
    if (size == 0) // of /proc and its like the size is not known
        return host_read_all(arena, descriptor, max);
    char *bytes = arena_alloc(arena, size + 1);
    size_t len = 0;
    while (len < size) {
        ssize_t got = read(descriptor, bytes + len, size - len);
        if (got == 0)
            break;
        if (got < 0 && errno != EINTR)
            return failed_call(arena, errno);
        if (got > 0)
            len += (size_t)got;
    }
    return (FileResult){.status = FILE_OK, .text = {bytes, len}};
}

static FileResult read_open_file(Arena *arena, int descriptor, size_t max)
{
    struct stat info;
    if (fstat(descriptor, &info) != 0)
        return failed_call(arena, errno);
    if (S_ISDIR(info.st_mode))
        return failure(arena, FILE_NOT_REGULAR, "it is a directory");
    if (!S_ISREG(info.st_mode))
        return failure(arena, FILE_NOT_REGULAR, "it is not a regular file");
    if ((uintmax_t)info.st_size > max)
        return failure(arena, FILE_TOO_LARGE, "the file is too large");
    return read_sized(arena, descriptor, (size_t)info.st_size, max);
}

static FileResult real_read_file(void *context, Arena *arena, Str path, size_t max)
{
    (void)context;
    Str name = str_copy(arena, path);
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    int descriptor = open(name.ptr, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return failed_call(arena, errno);
    FileResult result = read_open_file(arena, descriptor, max);
    close(descriptor);
    return result;
}

static Str real_real_path(void *context, Arena *arena, Str path)
{
    (void)context;
    Str name = path.len ? str_copy(arena, path) : STR(".");
    char *resolved = realpath(name.ptr, NULL);
    if (!resolved)
        return STR_NONE;
    Str result = str_copy(arena, str_of(resolved));
    free(resolved);
    return result;
}

static Str real_get_env(void *context, Str name)
{
    (void)context;
    char text[256];
    if (name.len == 0 || name.len >= sizeof text)
        return STR_NONE;
    memcpy(text, name.ptr, name.len);
    text[name.len] = '\0';
    return str_of(getenv(text));
}

static Str no_env(void *context, Str name)
{
    (void)context;
    (void)name;
    return STR_NONE;
}

static bool real_cancelled(void *context)
{
    (void)context;
    sigset_t waiting;
    if (sigpending(&waiting) != 0)
        return false;
    return sigismember(&waiting, SIGINT) == 1 || sigismember(&waiting, SIGTERM) == 1;
}

static const Host REAL = {NULL, real_read_file, real_real_path, real_get_env, real_cancelled};
static const Host REAL_WITHOUT_ENV = {NULL, real_read_file, real_real_path, no_env, real_cancelled};

const Host *host_real(void)
{
    return &REAL;
}

const Host *host_without_env(void)
{
    return &REAL_WITHOUT_ENV;
}
