#include "compiler/cli/owner.h"

#include <sys/stat.h>

#include "compiler/module/module.h"

static const char PROGRAM[] = "infra.alt";

typedef struct Candidate {
    Str path;
    bool found;
    VEC(struct stat) files; // of what it imports, itself too
} Candidate;

typedef struct Candidates {
    const Cli *cli;
    Arena *arena;
    VEC(Candidate) tried; // so that a folder of many files loads its program once
} Candidates;

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

// Only looks at what is imported: findings come when the program is compiled.
static void load_files(const Candidates *all, Candidate *candidate)
{
    Arena *scratch = arena_new();
    ProgramOptions options = {.file = candidate->path};
    Program *program = program_load(
        scratch, all->cli->host, sources_new(scratch), diag_sink_new(scratch), &options);
    for (size_t i = 0; i < program->inputs.len; i++) {
        struct stat info;
        if (program->inputs.items[i].file && stat(program->inputs.items[i].path.ptr, &info) == 0)
            VEC_ADD(all->arena, &candidate->files, info);
    }
    arena_free(scratch);
}

static const Candidate *candidate_at(Candidates *all, Str path)
{
    for (size_t i = 0; i < all->tried.len; i++)
        if (str_equal(all->tried.items[i].path, path))
            return &all->tried.items[i];
    Candidate candidate = {.path = path};
    struct stat info;
    candidate.found = stat(path.ptr, &info) == 0 && S_ISREG(info.st_mode);
    if (candidate.found)
        load_files(all, &candidate);
    VEC_ADD(all->arena, &all->tried, candidate);
    return &all->tried.items[all->tried.len - 1];
}

static bool imports(const Candidate *candidate, const struct stat *file)
{
    for (size_t i = 0; i < candidate->files.len; i++)
        if (same_file(&candidate->files.items[i], file))
            return true;
    return false;
}

// The length of the folder's path with its slash, 0 when there is none in it.
static size_t folder_len(Str path)
{
    size_t len = path.len;
    while (len && path.ptr[len - 1] != '/')
        len--;
    return len;
}

static Str owner_of(Candidates *all, Str operand)
{
    struct stat file;
    Str path = str_copy(all->arena, operand);
    size_t len = folder_len(path);
    if (str_is(str_slice(path, len, path.len), PROGRAM) || stat(path.ptr, &file) != 0 ||
        !S_ISREG(file.st_mode))
        return operand;
    for (;;) {
        Str place = str_format(all->arena, "%.*s%s", (int)len, path.ptr, PROGRAM);
        const Candidate *candidate = candidate_at(all, place);
        if (candidate->found)
            return imports(candidate, &file) ? candidate->path : operand;
        if (len == 0 || (len == 1 && path.ptr[0] == '/'))
            return operand;
        len = folder_len(str_slice(path, 0, len - 1));
    }
}

static void add_once(Arena *arena, StrList *programs, Str program)
{
    for (size_t i = 0; i < programs->len; i++)
        if (str_equal(programs->items[i], program))
            return;
    VEC_ADD(arena, programs, program);
}

StrList owner_programs(const Cli *cli, Arena *arena)
{
    StrList programs = {0};
    const StrList *operands = &cli->args->operands;
    Candidates all = {.cli = cli, .arena = arena};
    for (size_t i = 0; i < operands->len; i++)
        add_once(arena, &programs, owner_of(&all, operands->items[i]));
    if (!operands->len)
        VEC_ADD(arena, &programs, STR_NONE);
    return programs;
}
