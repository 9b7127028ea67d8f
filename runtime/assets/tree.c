#include "runtime/assets/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compiler/base/utf8.h"

typedef struct Walk {
    Arena *arena;
    Str top; // real path of the folder
    bool follow;
    Tree *tree;
    TreeProblem *problem;
    Str open[TREE_MAX_DEPTH]; // real paths of the folders being read
} Walk;

static bool refuse(Walk *walk, Str path, const char *why)
{
    *walk->problem = (TreeProblem){.path = str_copy(walk->arena, path), .text = str_of(why)};
    return false;
}

static bool refuse_errno(Walk *walk, Str path)
{
    return refuse(walk, path, str_copy(walk->arena, str_of(strerror(errno))).ptr);
}

static bool is_below(Str path, Str top)
{
    return str_equal(path, top) || str_is(top, "/") ||
           (str_starts(path, top) && path.ptr[top.len] == '/');
}

static Str real_path(Arena *arena, Str path)
{
    char *resolved = realpath(str_copy(arena, path).ptr, NULL);
    Str result = resolved ? str_copy(arena, str_of(resolved)) : STR_NONE;
    free(resolved);
    return result;
}

static bool add(Walk *walk, TreeEntry entry)
{
    if (walk->tree->entries.len >= TREE_MAX_ENTRIES)
        return refuse(walk, entry.path, "the folder holds more than 250,000 files");
    walk->tree->size += entry.size;
    VEC_ADD(walk->arena, &walk->tree->entries, entry);
    return true;
}

static bool read_folder(Walk *walk, Str path, Str name, size_t depth);

static bool read_entry(Walk *walk, Str path, Str name, const struct stat *info, size_t depth)
{
    if (S_ISDIR(info->st_mode))
        return read_folder(walk, path, name, depth + 1);
    if (!S_ISREG(info->st_mode))
        return refuse(walk, path, "it is neither a file nor a folder");
    return add(walk, (TreeEntry){.kind = TREE_FILE,
                         .name = name,
                         .path = path,
                         .size = (uint64_t)info->st_size,
                         .executable = (info->st_mode & S_IXUSR) != 0});
}

static bool read_link(Walk *walk, Str path, Str name, size_t depth)
{
    char target[PATH_MAX];
    ssize_t len = readlink(path.ptr, target, sizeof target);
    if (len < 0 || len == (ssize_t)sizeof target)
        return refuse_errno(walk, path);
    Str real = real_path(walk->arena, path);
    if (!real.ptr)
        return refuse(walk, path, "the link leads to nothing");
    if (!is_below(real, walk->top))
        return refuse(walk, path, "the link leads out of the folder");
    if (!walk->follow && target[0] == '/')
        return refuse(walk, path, "the link names its target from the root of this machine");
    struct stat info;
    if (!walk->follow)
        return add(walk, (TreeEntry){.kind = TREE_LINK,
                             .name = name,
                             .path = path,
                             .target = str_copy(walk->arena, (Str){target, (size_t)len})});
    return stat(real.ptr, &info) == 0 ? read_entry(walk, real, name, &info, depth)
                                      : refuse_errno(walk, path);
}

// What altc writes into a project itself. Packed, it would make each deployment a change, as each
// writes there.
static bool is_of_altc(const char *file, const struct stat *info)
{
    return S_ISDIR(info->st_mode) && (strcmp(file, ".altc") == 0 || strcmp(file, ".sst") == 0);
}

// A name in a folder that is open as `open`, has the path `folder`, and is called `above`.
static bool read_name(Walk *walk, DIR *open, Str folder, Str above, const char *file, size_t depth)
{
    Arena *arena = walk->arena;
    Str path = str_format(arena, "%.*s/%s", STR_FMT(folder), file);
    Str name = above.len ? str_format(arena, "%.*s/%s", STR_FMT(above), file)
                         : str_copy(arena, str_of(file));
    struct stat info;
    if (!utf8_is_valid(str_of(file)))
        return refuse(walk, path, "its name is not UTF-8");
    if (fstatat(dirfd(open), file, &info, AT_SYMLINK_NOFOLLOW) != 0)
        return refuse_errno(walk, path);
    if (is_of_altc(file, &info))
        return true;
    if (S_ISLNK(info.st_mode))
        return read_link(walk, path, name, depth);
    return read_entry(walk, path, name, &info, depth);
}

static bool read_folder(Walk *walk, Str path, Str name, size_t depth)
{
    if (depth >= TREE_MAX_DEPTH)
        return refuse(walk, path, "folders are nested too deeply");
    walk->open[depth] = path;
    for (size_t i = 0; i < depth; i++) // only a link can lead back
        if (str_equal(walk->open[i], path))
            return refuse(walk, path, "a link in it leads back to it");
    DIR *folder = opendir(path.ptr);
    if (!folder)
        return refuse_errno(walk, path);
    bool fine = true;
    size_t before = walk->tree->entries.len;
    errno = 0;
    for (struct dirent *entry; fine && (entry = readdir(folder)) != NULL; errno = 0)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            fine = read_name(walk, folder, path, name, entry->d_name, depth);
    if (fine && errno)
        fine = refuse_errno(walk, path);
    closedir(folder);
    if (fine && name.len && walk->tree->entries.len == before)
        fine = add(walk, (TreeEntry){.kind = TREE_FOLDER, .name = name, .path = path});
    return fine;
}

static int compare_entries(const void *left, const void *right)
{
    return str_compare(((const TreeEntry *)left)->name, ((const TreeEntry *)right)->name);
}

bool tree_read(Arena *arena, Str root, Str path, bool follow, Tree *tree, TreeProblem *problem)
{
    *tree = (Tree){0};
    Walk walk = {.arena = arena, .follow = follow, .tree = tree, .problem = problem};
    walk.top = real_path(arena, path);
    struct stat info;
    if (!walk.top.ptr || stat(walk.top.ptr, &info) != 0) {
        refuse_errno(&walk, path);
        problem->missing = true;
        return false;
    }
    if (!is_below(walk.top, root))
        return refuse(&walk, path, "it lies outside of the project");
    if (!S_ISDIR(info.st_mode)) {
        const char *slash = strrchr(walk.top.ptr, '/');
        return read_entry(&walk, walk.top, str_of(slash + 1), &info, 0);
    }
    if (!read_folder(&walk, walk.top, STR(""), 0))
        return false;
    if (tree->entries.len)
        qsort(tree->entries.items, tree->entries.len, sizeof(TreeEntry), compare_entries);
    return true;
}
