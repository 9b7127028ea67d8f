#include "runtime/deploy/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_HOLDER = 512 };

static bool failed(Arena *arena, Str path, Str *error)
{
    *error = str_format(arena, "cannot write '%.*s': %s", STR_FMT(path), strerror(errno));
    return false;
}

bool files_make_folder(Arena *arena, Str path, Str *error)
{
    for (size_t i = 1; i <= path.len; i++) {
        if (i < path.len && path.ptr[i] != '/')
            continue;
        Str folder = str_copy(arena, str_slice(path, 0, i));
        if (mkdir(folder.ptr, 0777) != 0 && errno != EEXIST && errno != EROFS)
            return failed(arena, folder, error);
    }
    struct stat info;
    if (stat(str_copy(arena, path).ptr, &info) == 0 && S_ISDIR(info.st_mode))
        return true;
    errno = ENOTDIR;
    return failed(arena, path, error);
}

static bool write_all(int descriptor, Str bytes)
{
    for (size_t done = 0; done < bytes.len;) {
        ssize_t wrote = write(descriptor, bytes.ptr + done, bytes.len - done);
        if (wrote < 0 && errno != EINTR)
            return false;
        if (wrote > 0)
            done += (size_t)wrote;
    }
    return true;
}

static bool holds_already(const char *path, Arena *arena, Str bytes)
{
    struct stat info;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return false;
    bool same = fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode) &&
                (uintmax_t)info.st_size == bytes.len;
    char *old = arena_alloc(arena, same ? bytes.len + 1 : 1);
    same = same && read(descriptor, old, bytes.len + 1) == (ssize_t)bytes.len &&
           memcmp(old, bytes.ptr, bytes.len) == 0;
    close(descriptor);
    return same;
}

// Devices, pipes and the like are written to, never replaced.
static bool write_in_place(Arena *arena, Str path, Str bytes, Str *error)
{
    int descriptor = open(path.ptr, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    bool fine = descriptor >= 0 && write_all(descriptor, bytes);
    int why = errno;
    if (descriptor >= 0 && close(descriptor) != 0 && fine) {
        fine = false;
        why = errno;
    }
    errno = why;
    return fine || failed(arena, path, error);
}

static bool write_beside(Arena *arena, Str path, Str bytes, mode_t mode, Str *error)
{
    Str temporary = str_format(arena, "%.*s.%ld.tmp", STR_FMT(path), (long)getpid());
    int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
    int descriptor = open(temporary.ptr, flags, mode);
    if (descriptor < 0)
        return failed(arena, path, error);
    bool fine = write_all(descriptor, bytes) && fsync(descriptor) == 0;
    fine = close(descriptor) == 0 && fine && rename(temporary.ptr, path.ptr) == 0;
    if (fine)
        return true;
    failed(arena, path, error);
    unlink(temporary.ptr);
    return false;
}

bool files_write(Arena *arena, Str path, Str bytes, bool private_, Str *error)
{
    Str name = str_copy(arena, path);
    struct stat info;
    bool exists = stat(name.ptr, &info) == 0;
    if (exists && !S_ISREG(info.st_mode))
        return write_in_place(arena, name, bytes, error);
    if (exists && holds_already(name.ptr, arena, bytes))
        return true;
    // A link stays a link: what it points to is replaced.
    char *resolved = exists ? realpath(name.ptr, NULL) : NULL;
    if (resolved)
        name = str_copy(arena, str_of(resolved));
    free(resolved);
    return write_beside(arena, name, bytes, private_ ? 0600 : 0666, error);
}

int files_open_log(Arena *arena, Str path, Str *error)
{
    int log = open(str_copy(arena, path).ptr,
        O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (log < 0)
        failed(arena, path, error);
    return log;
}

bool files_add(int log, Str bytes, Str *error)
{
    if (write_all(log, bytes) && fsync(log) == 0)
        return true;
    *error = str_of(strerror(errno)); // its texts of what can come here are constant
    return false;
}

int files_lock(Arena *arena, Str path, Str *holder, Str *error)
{
    int lock = open(str_copy(arena, path).ptr, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    *error = STR_NONE;
    if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
        return lock;
    if (lock < 0 || errno != EWOULDBLOCK)
        failed(arena, path, error);
    char text[MAX_HOLDER];
    ssize_t got = lock < 0 ? 0 : pread(lock, text, sizeof text, 0);
    *holder = str_trim(str_copy(arena, (Str){text, got > 0 ? (size_t)got : 0}));
    if (lock >= 0)
        close(lock);
    return -1;
}

void files_set_holder(int lock, Str text)
{
    // It is only told to others; the lock itself does not need it.
    if (ftruncate(lock, 0) == 0)
        (void)!pwrite(lock, text.ptr, text.len, 0);
}
