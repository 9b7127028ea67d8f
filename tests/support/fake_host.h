// A host for tests: files, folders and links in a list, paths as texts. The current folder is
// /prog.
#ifndef ALTC_TESTS_FAKE_HOST_H
#define ALTC_TESTS_FAKE_HOST_H

#include "compiler/module/paths.h"
#include "compiler/source/host.h"

typedef struct FakeFile {
    const char *path; // absolute
    const char *text; // NULL for a folder
    const char *link; // where a link leads, absolute; or NULL
} FakeFile;

typedef struct FakeHost {
    const FakeFile *files;
    size_t count;
    size_t reads;
    bool is_cancelled;
} FakeHost;

static inline const FakeFile *fake_find(const FakeHost *host, Str path)
{
    for (size_t i = 0; i < host->count; i++)
        if (str_equal(path, str_of(host->files[i].path)))
            return &host->files[i];
    return NULL;
}

// Step by step from the top, so that a link to a folder leads to what is in it.
static inline Str fake_real_path(void *context, Arena *arena, Str path)
{
    FakeHost *host = context;
    Str whole = path_join(arena, STR("/prog"), path);
    Str real = STR("/");
    for (size_t start = 1; start < whole.len;) {
        size_t slash = str_find(whole, STR("/"), start);
        size_t end = slash == SIZE_MAX ? whole.len : slash;
        real = path_join(arena, real, str_slice(whole, start, end));
        const FakeFile *file = fake_find(host, real);
        if (!file)
            return STR_NONE;
        if (file->link)
            real = fake_real_path(context, arena, str_of(file->link));
        if (!real.ptr)
            return STR_NONE;
        start = end + 1;
    }
    return real;
}

static inline FileResult fake_read_file(void *context, Arena *arena, Str path, size_t max)
{
    FakeHost *host = context;
    host->reads++;
    Str real = fake_real_path(context, arena, path);
    const FakeFile *file = real.ptr ? fake_find(host, real) : NULL;
    if (!file)
        return (FileResult){.status = FILE_MISSING, .error = STR("no such file")};
    if (!file->text)
        return (FileResult){.status = FILE_NOT_REGULAR, .error = STR("it is a directory")};
    Str text = str_of(file->text);
    if (text.len > max)
        return (FileResult){.status = FILE_TOO_LARGE, .error = STR("the file is too large")};
    return (FileResult){.status = FILE_OK, .text = text};
}

static inline Str fake_get_env(void *context, Str name)
{
    (void)context;
    (void)name;
    return STR_NONE;
}

static inline bool fake_cancelled(void *context)
{
    return ((FakeHost *)context)->is_cancelled;
}

static inline Host fake_host(FakeHost *host)
{
    return (Host){host, fake_read_file, fake_real_path, fake_get_env, fake_cancelled};
}

#endif
