#include "compiler/cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEMPORARY_NAME_TRIES = 100 };

// strerror's texts of the errors that can come here are constant.
static bool failed(Str *error)
{
    *error = str_of(strerror(errno));
    return false;
}

bool output_write_all(int descriptor, Str bytes, Str *error)
{
    size_t done = 0;
    while (done < bytes.len) {
        ssize_t wrote = write(descriptor, bytes.ptr + done, bytes.len - done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return failed(error);
        done += (size_t)wrote;
    }
    return true;
}

bool output_close_stdout(Str *error)
{
    return close(STDOUT_FILENO) == 0 || failed(error);
}

static bool write_in_place(const char *path, Str bytes, Str *error)
{
    int descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0)
        return failed(error);
    bool fine = output_write_all(descriptor, bytes, error);
    if (close(descriptor) != 0 && fine)
        fine = failed(error);
    return fine;
}

static bool holds_already(const char *path, const struct stat *info, Str bytes)
{
    if ((uintmax_t)info->st_size != bytes.len)
        return false;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    char block[64 * 1024];
    size_t done = 0;
    while (done < bytes.len) {
        size_t want = bytes.len - done < sizeof block ? bytes.len - done : sizeof block;
        ssize_t got = read(descriptor, block, want);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 || memcmp(block, bytes.ptr + done, (size_t)got) != 0)
            break;
        done += (size_t)got;
    }
    close(descriptor);
    return done == bytes.len;
}

// A new file in the folder of `path`; its name goes to `name`. -1: errno says why not.
static int open_beside(Arena *arena, const char *path, Str *name)
{
    const char *slash = strrchr(path, '/');
    int folder_len = slash ? (int)(slash - path) + 1 : 0;
    const char *base = slash ? slash + 1 : path;
    for (int try = 0; try < TEMPORARY_NAME_TRIES; try++) {
        *name = str_format(
            arena, "%.*s.%.200s.%ld.%d.tmp", folder_len, path, base, (long)getpid(), try);
        int descriptor = open(name->ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor >= 0 || errno != EEXIST)
            return descriptor;
    }
    return -1;
}

static bool fill_and_rename(
    int descriptor, Str temporary, const char *path, const struct stat *old, Str bytes, Str *error)
{
    bool fine = output_write_all(descriptor, bytes, error);
    if (fine && old && fchmod(descriptor, old->st_mode & 07777) != 0)
        fine = failed(error);
    if (close(descriptor) != 0 && fine)
        fine = failed(error);
    if (fine && rename(temporary.ptr, path) != 0)
        fine = failed(error);
    if (!fine)
        unlink(temporary.ptr);
    return fine;
}

// `old` is NULL when there is no file yet. Ctrl-C waits until no temporary file is left.
static bool replace_file(
    Arena *arena, const char *path, const struct stat *old, Str bytes, Str *error)
{
    sigset_t interrupts, before;
    sigemptyset(&interrupts);
    sigaddset(&interrupts, SIGINT);
    sigaddset(&interrupts, SIGTERM);
    sigaddset(&interrupts, SIGHUP);
    sigprocmask(SIG_BLOCK, &interrupts, &before);
    Str temporary = STR_NONE;
    int descriptor = open_beside(arena, path, &temporary);
    bool fine = descriptor >= 0 ? fill_and_rename(descriptor, temporary, path, old, bytes, error)
                                : failed(error);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return fine;
}

bool output_write(Arena *arena, Str path, Str bytes, Str *error)
{
    if (str_is(path, "-"))
        return output_write_all(STDOUT_FILENO, bytes, error);
    Str name = str_copy(arena, path);
    struct stat old;
    if (stat(name.ptr, &old) != 0) {
        if (errno != ENOENT)
            return failed(error);
        return replace_file(arena, name.ptr, NULL, bytes, error);
    }
    if (S_ISDIR(old.st_mode)) {
        errno = EISDIR;
        return failed(error);
    }
    if (!S_ISREG(old.st_mode))
        return write_in_place(name.ptr, bytes, error);
    if (holds_already(name.ptr, &old, bytes))
        return true;
    // A link stays a link: what it points to is replaced.
    char *resolved = realpath(name.ptr, NULL);
    if (!resolved)
        return failed(error);
    bool fine = replace_file(arena, resolved, &old, bytes, error);
    free(resolved);
    return fine;
}

static bool regular_file(Arena *arena, Str path, struct stat *info)
{
    return stat(str_copy(arena, path).ptr, info) == 0 && S_ISREG(info->st_mode);
}

bool output_is_device(Str path)
{
    struct stat info;
    return path.len && stat(path.ptr, &info) == 0 && !S_ISREG(info.st_mode) &&
           !S_ISDIR(info.st_mode);
}

bool output_is_one_of(Arena *arena, Str path, const Str *files, size_t count)
{
    struct stat target, file;
    if (!regular_file(arena, path, &target))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (regular_file(arena, files[i], &file) && file.st_dev == target.st_dev &&
            file.st_ino == target.st_ino)
            return true;
    }
    return false;
}

bool output_create(Arena *arena, Str path, Str bytes, Str *error)
{
    Str name = str_copy(arena, path);
    int descriptor = open(name.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return failed(error);
    bool fine = output_write_all(descriptor, bytes, error);
    if (close(descriptor) != 0 && fine)
        fine = failed(error);
    if (!fine)
        unlink(name.ptr);
    return fine;
}

bool output_make_folder(Arena *arena, Str path, Str *error)
{
    for (size_t i = 1; i <= path.len; i++) {
        if (i < path.len && path.ptr[i] != '/')
            continue;
        Str folder = str_copy(arena, str_slice(path, 0, i));
        if (mkdir(folder.ptr, 0777) != 0 && errno != EEXIST)
            return failed(error);
    }
    struct stat info;
    Str whole = str_copy(arena, path);
    if (stat(whole.ptr, &info) != 0)
        return failed(error);
    if (!S_ISDIR(info.st_mode)) {
        errno = ENOTDIR;
        return failed(error);
    }
    return true;
}
