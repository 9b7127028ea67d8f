#include "tests/support/case.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static int compare_names(const void *left, const void *right)
{
    return str_compare(*(const Str *)left, *(const Str *)right);
}

static bool exists(Arena *arena, Str folder, const char *name)
{
    struct stat info;
    return stat(str_format(arena, "%.*s/%s", STR_FMT(folder), name).ptr, &info) == 0;
}

static void find_below(Arena *arena, Str folder, CaseNames *names)
{
    if (exists(arena, folder, "input.alt") || exists(arena, folder, "args")) {
        VEC_ADD(arena, names, folder);
        return;
    }
    DIR *stream = opendir(folder.ptr);
    if (!stream)
        return;
    for (struct dirent *entry = readdir(stream); entry; entry = readdir(stream)) {
        if (entry->d_name[0] == '.')
            continue;
        Str path = str_format(arena, "%.*s/%s", STR_FMT(folder), entry->d_name);
        struct stat info;
        if (stat(path.ptr, &info) == 0 && S_ISDIR(info.st_mode))
            find_below(arena, path, names);
    }
    closedir(stream);
}

void case_find(Arena *arena, Str root, CaseNames *names)
{
    size_t first = names->len;
    find_below(arena, root, names);
    if (names->len > first)
        qsort(names->items + first, names->len - first, sizeof *names->items, compare_names);
}

bool case_matches(Str name, Str pattern)
{
    if (!pattern.len)
        return true;
    size_t star = str_find(pattern, STR("*"), 0);
    if (star == SIZE_MAX)
        return str_find(name, pattern, 0) != SIZE_MAX;
    Str head = str_slice(pattern, 0, star);
    Str tail = str_slice(pattern, star + 1, pattern.len);
    size_t at = head.len ? str_find(name, head, 0) : 0;
    if (at == SIZE_MAX)
        return false;
    return case_matches(str_slice(name, at + head.len, name.len), tail);
}

void case_expected(Arena *arena, CaseNames *names)
{
    DIR *stream = opendir(".");
    if (!stream)
        return;
    for (struct dirent *entry = readdir(stream); entry; entry = readdir(stream)) {
        Str name = str_copy(arena, str_of(entry->d_name));
        if (str_starts(name, STR("expect.")))
            VEC_ADD(arena, names, name);
    }
    closedir(stream);
    if (names->len)
        qsort(names->items, names->len, sizeof *names->items, compare_names);
}

Str case_read(Arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return STR_NONE;
    char *text = NULL;
    size_t len = 0, size = 0;
    for (int c = getc(file); c != EOF; c = getc(file)) {
        if (len + 1 >= size) {
            size = size ? size * 2 : 1024;
            text = base_realloc(text, size);
        }
        text[len++] = (char)c;
    }
    fclose(file);
    Str result = str_copy(arena, (Str){text ? text : "", len});
    free(text);
    return result;
}

bool case_write(const char *path, Str text)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return false;
    bool fine = fwrite(text.ptr, 1, text.len, file) == text.len;
    return fclose(file) == 0 && fine;
}
