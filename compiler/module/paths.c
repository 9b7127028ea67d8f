#include "compiler/module/paths.h"

#include "compiler/base/vec.h"

bool path_is_absolute(Str path)
{
    return path.len > 0 && path.ptr[0] == '/';
}

bool path_is_relative_to_file(Str path)
{
    return str_is(path, ".") || str_is(path, "..") || str_starts(path, STR("./")) ||
           str_starts(path, STR("../"));
}

// The step that begins at `start`, up to the next slash.
static Str step_at(Str path, size_t start)
{
    size_t slash = str_find(path, STR("/"), start);
    return str_slice(path, start, slash == SIZE_MAX ? path.len : slash);
}

typedef struct StepList {
    bool absolute;
    VEC(Str) steps;
} StepList;

static void add_step(Arena *arena, StepList *list, Str step)
{
    if (!step.len || str_is(step, "."))
        return;
    bool up = str_is(step, "..");
    bool can_go_up = list->steps.len && !str_is(list->steps.items[list->steps.len - 1], "..");
    if (up && can_go_up)
        list->steps.len--;
    else if (!up || !list->absolute)
        VEC_ADD(arena, &list->steps, step);
}

static Str join_steps(Arena *arena, const StepList *list)
{
    size_t len = list->absolute ? 1 : 0;
    for (size_t i = 0; i < list->steps.len; i++)
        len += list->steps.items[i].len + (i ? 1 : 0);
    char *text = arena_alloc(arena, len + 1);
    size_t at = 0;
    if (list->absolute)
        text[at++] = '/';
    for (size_t i = 0; i < list->steps.len; i++) {
        if (i)
            text[at++] = '/';
        memcpy(text + at, list->steps.items[i].ptr, list->steps.items[i].len);
        at += list->steps.items[i].len;
    }
    return (Str){text, len};
}

Str path_normalise(Arena *arena, Str path)
{
    StepList list = {.absolute = path_is_absolute(path)};
    for (size_t start = 0; start < path.len;) {
        Str step = step_at(path, start);
        add_step(arena, &list, step);
        start += step.len + 1;
    }
    return join_steps(arena, &list);
}

Str path_join(Arena *arena, Str folder, Str path)
{
    if (path_is_absolute(path) || !folder.len)
        return path_normalise(arena, path);
    return path_normalise(arena, str_format(arena, "%.*s/%.*s", STR_FMT(folder), STR_FMT(path)));
}

Str path_folder(Str path)
{
    for (size_t end = path.len; end > 0; end--)
        if (path.ptr[end - 1] == '/')
            return str_slice(path, 0, end == 1 ? 1 : end - 1);
    return STR("");
}

bool path_leaves(Str path)
{
    return str_is(path, "..") || str_starts(path, STR("../"));
}

Str path_below(Str folder, Str path)
{
    if (!folder.len)
        return path_is_absolute(path) || path_leaves(path) ? STR_NONE : path;
    if (str_equal(folder, path))
        return STR("");
    if (!str_starts(path, folder))
        return STR_NONE;
    if (str_is(folder, "/"))
        return str_slice(path, 1, path.len);
    return path.ptr[folder.len] == '/' ? str_slice(path, folder.len + 1, path.len) : STR_NONE;
}
