// altc-deploy's command line: what fits is taken, the rest refused with the reason.
#include "runtime/deploy/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

enum { MAX_WORDS = 32 };

static bool read_line(Arena *arena, const char *line, DeployOptions *options, Str *error)
{
    char *words[MAX_WORDS];
    int count = 0;
    for (char *word = strtok(arena_copy(arena, line, strlen(line)), " "); word;
         word = strtok(NULL, " "))
        words[count++] = word;
    return options_read(arena, count, words, options, error);
}

static void test_options_are_taken(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    DeployOptions options;
    Str error = STR_NONE;
    assert_true(read_line(arena,
        "altc-deploy deploy --manifest m.json --root r --yes --allow a --allow b --parameter A=1=2 "
        "--timeout 5 --format json",
        &options, &error));
    assert_string_equal(options.manifest.ptr, "m.json");
    assert_true(options.yes && options.json);
    assert_int_equal(options.allowed.len, 2);
    assert_string_equal(options.parameters.items[0].value.ptr, "1=2");
    assert_int_equal(options.timeout, 5);
    arena_free(arena);
}

static void test_what_does_not_fit_is_refused(void **state)
{
    (void)state;
    static const char *const LINES[] = {
        "altc-deploy",
        "altc-deploy nothing",
        "altc-deploy deploy --nonsense",
        "altc-deploy whoami --yes",
        "altc-deploy deploy --manifest",
        "altc-deploy deploy --timeout soon",
        "altc-deploy deploy --timeout -1",
        "altc-deploy deploy --timeout 99999999999999999999",
        "altc-deploy deploy --parameter A",
        "altc-deploy deploy --parameter =A",
        "altc-deploy deploy --format yaml",
    };
    Arena *arena = arena_new();
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++) {
        DeployOptions options;
        Str error = STR_NONE;
        if (read_line(arena, LINES[i], &options, &error))
            fail_msg("taken: %s", LINES[i]);
        assert_true(error.len > 0);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options_are_taken),
        cmocka_unit_test(test_what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
