// Runs all cases below the given folders: case_runner FOLDER…
//
// In the environment: CASE, a part of names or a pattern with '*', runs only those; UPDATE=1
// rewrites what is expected but findings, UPDATE=diag findings alone; SEED orders the cases as an
// earlier run did. Exit code 1 when a case failed or there was none.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/case.h"

typedef enum Update { UPDATE_NONE, UPDATE_OUTPUTS, UPDATE_FINDINGS } Update;

static const char ACTUAL_FILE[] = "case.actual.tmp";

static Str from_environment(const char *name)
{
    const char *value = getenv(name);
    return str_of(value ? value : "");
}

static void shuffle(CaseNames *names, unsigned long seed)
{
    uint64_t state = seed * 2654435761u + 1;
    for (size_t i = names->len; i > 1; i--) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        size_t other = (size_t)(state % i);
        Str swapped = names->items[i - 1];
        names->items[i - 1] = names->items[other];
        names->items[other] = swapped;
    }
}

// Shows how the file differs from what came out, by diff, whose output people know.
static void show_difference(const char *expected, Str actual)
{
    if (!case_write(ACTUAL_FILE, actual))
        return;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        dup2(STDOUT_FILENO, STDERR_FILENO);
        execlp("diff", "diff", "-u", "--label", expected, "--label", "what came out", expected,
            ACTUAL_FILE, (char *)NULL);
        _exit(127);
    }
    int status;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    unlink(ACTUAL_FILE);
}

static bool fail(Str name, const char *what, const char *which)
{
    printf("FAIL %.*s: %s%s\n", STR_FMT(name), which, what);
    return false;
}

static const CaseOutput *find_output(const CaseOutputs *outputs, Str name)
{
    for (size_t i = 0; i < outputs->len; i++) {
        if (str_equal(outputs->items[i].name, name))
            return &outputs->items[i];
    }
    return NULL;
}

static bool compare_expected(
    Arena *arena, Str name, const CaseNames *expected, const CaseOutputs *outputs)
{
    bool fine = true;
    for (size_t i = 0; i < expected->len; i++) {
        Str file = expected->items[i];
        const CaseOutput *output = find_output(outputs, file);
        if (!output) {
            fine = fail(name, " is expected but nothing like it came out", file.ptr);
            continue;
        }
        if (str_equal(case_read(arena, file.ptr), output->text))
            continue;
        fine = fail(name, " differs", file.ptr);
        show_difference(file.ptr, output->text);
    }
    return fine;
}

static bool is_expected(const CaseNames *expected, const char *name)
{
    for (size_t i = 0; i < expected->len; i++) {
        if (str_is(expected->items[i], name))
            return true;
    }
    return false;
}

// What came out and nobody expected.
static bool compare_rest(Str name, const CaseNames *expected, const CaseOutputs *outputs)
{
    if (!expected->len)
        return fail(name, "no file expect.* says what is expected", "");
    const CaseOutput *findings = find_output(outputs, STR("expect.diag"));
    if (!findings || is_expected(expected, "expect.diag"))
        return true;
    fail(name, "findings that are not expected", "");
    printf("%.*s", STR_FMT(findings->text));
    return false;
}

// Only findings have a name of their own; an exit code is written by hand.
static bool may_update(Update update, Str name)
{
    if (str_is(name, "expect.diag"))
        return update == UPDATE_FINDINGS;
    return update == UPDATE_OUTPUTS && !str_is(name, "expect.exit");
}

static void rewrite(
    Arena *arena, Update update, Str name, CaseNames *expected, const CaseOutputs *outputs)
{
    for (size_t i = 0; i < outputs->len; i++) {
        const CaseOutput *output = &outputs->items[i];
        Str old = case_read(arena, output->name.ptr);
        if (!may_update(update, output->name) || (old.ptr && str_equal(old, output->text)))
            continue;
        if (case_write(output->name.ptr, output->text))
            printf("wrote %.*s/%s\n", STR_FMT(name), output->name.ptr);
    }
    for (size_t i = 0; i < expected->len; i++) {
        Str file = expected->items[i];
        if (may_update(update, file) && !find_output(outputs, file) && unlink(file.ptr) == 0)
            printf("removed %.*s/%s\n", STR_FMT(name), file.ptr);
    }
    *expected = (CaseNames){0};
    case_expected(arena, expected);
}

// A case below diag/ is named after the code that it shows.
static bool shows_its_code(Arena *arena, Str name, const CaseOutputs *outputs)
{
    size_t at = str_find(name, STR("diag/ALT"), 0);
    if (at == SIZE_MAX)
        return true;
    Str code = str_slice(name, at + 5, at + 12);
    Str wanted = str_format(arena, "[%.*s]", STR_FMT(code));
    for (size_t i = 0; i < outputs->len; i++) {
        if (str_find(outputs->items[i].text, wanted, 0) != SIZE_MAX)
            return true;
    }
    fail(name, "the code that it is named after is not found", "");
    const CaseOutput *findings = find_output(outputs, STR("expect.diag"));
    if (findings)
        printf("%.*s", STR_FMT(findings->text));
    return false;
}

// In the case's folder.
static bool run_case(Arena *arena, Update update, Str name)
{
    CaseOutputs outputs = {0};
    CaseNames expected = {0};
    Str problem = STR_NONE;
    case_expected(arena, &expected);
    if (!case_run(arena, &outputs, &problem))
        return fail(name, "", problem.ptr);
    if (!shows_its_code(arena, name, &outputs))
        return false;
    if (update != UPDATE_NONE)
        rewrite(arena, update, name, &expected, &outputs);
    bool fine = compare_expected(arena, name, &expected, &outputs);
    return compare_rest(name, &expected, &outputs) && fine;
}

int main(int argc, char **argv)
{
    Arena *names_arena = arena_new(), *arena = arena_new();
    CaseNames names = {0};
    for (int i = 1; i < argc; i++)
        case_find(names_arena, str_of(argv[i]), &names);
    Str pattern = from_environment("CASE"), update_text = from_environment("UPDATE");
    Update update = !update_text.len              ? UPDATE_NONE
                    : str_is(update_text, "diag") ? UPDATE_FINDINGS
                                                  : UPDATE_OUTPUTS;
    Str seed_text = from_environment("SEED");
    unsigned long seed =
        seed_text.len ? strtoul(seed_text.ptr, NULL, 10) : (unsigned long)time(NULL);
    shuffle(&names, seed);
    size_t passed = 0, failed = 0;
    char *home = realpath(".", NULL);
    for (size_t i = 0; home && i < names.len; i++) {
        if (!case_matches(names.items[i], pattern))
            continue;
        arena_reset(arena);
        bool fine = chdir(names.items[i].ptr) == 0 && run_case(arena, update, names.items[i]);
        passed += fine;
        failed += !fine;
        if (chdir(home) != 0)
            break;
    }
    free(home);
    arena_free(arena);
    arena_free(names_arena);
    if (passed + failed == 0)
        printf("FAIL no case was found\n");
    if (failed)
        printf("the order was that of SEED=%lu\n", seed);
    printf("cases: %zu passed, %zu failed\n", passed, failed);
    return failed || !passed ? 1 : 0;
}
