#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "compiler/module/paths.h"

static void assert_text(Str found, const char *expected)
{
    assert_int_equal(found.len, strlen(expected));
    assert_memory_equal(found.ptr, expected, found.len);
}

static void test_normalising_removes_what_does_not_count(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        {"a/b", "a/b"},
        {"./a//b/.", "a/b"},
        {"a/../b", "b"},
        {"a/..", ""},
        {".", ""},
        {"", ""},
        {"../a", "../a"},
        {"../../a", "../../a"},
        {"a/../../b", "../b"},
        {"/", "/"},
        {"/..", "/"},
        {"/a/../..//b/", "/b"},
        {"...", "..."},
    };
    Arena *arena = arena_new();
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        assert_text(path_normalise(arena, str_of(ROWS[i][0])), ROWS[i][1]);
    arena_free(arena);
}

static void test_joining_leaves_absolute_paths_alone(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    assert_text(path_join(arena, STR("a/b"), STR("../c")), "a/c");
    assert_text(path_join(arena, STR(""), STR("./c")), "c");
    assert_text(path_join(arena, STR("."), STR("c")), "c");
    assert_text(path_join(arena, STR("/"), STR("c")), "/c");
    assert_text(path_join(arena, STR("a"), STR("/c")), "/c");
    assert_text(path_join(arena, STR("a"), STR("../../c")), "../c");
    arena_free(arena);
}

static void test_the_folder_is_all_but_the_last_step(void **state)
{
    (void)state;
    assert_text(path_folder(STR("a/b/c")), "a/b");
    assert_text(path_folder(STR("c")), "");
    assert_text(path_folder(STR("/c")), "/");
    assert_text(path_folder(STR("../c")), "..");
}

static void test_only_what_is_below_is_below(void **state)
{
    (void)state;
    assert_text(path_below(STR("a"), STR("a/b/c")), "b/c");
    assert_text(path_below(STR("a"), STR("a")), "");
    assert_null(path_below(STR("a"), STR("ab")).ptr);
    assert_null(path_below(STR("a/b"), STR("a")).ptr);
    assert_text(path_below(STR(""), STR("a")), "a");
    assert_null(path_below(STR(""), STR("../a")).ptr);
    assert_null(path_below(STR(""), STR("/a")).ptr);
    assert_text(path_below(STR("/"), STR("/a")), "a");
}

static void test_paths_with_a_dot_are_seen_from_the_file(void **state)
{
    (void)state;
    assert_true(path_is_relative_to_file(STR("./a")));
    assert_true(path_is_relative_to_file(STR("../a")));
    assert_true(path_is_relative_to_file(STR(".")));
    assert_false(path_is_relative_to_file(STR("a/./b")));
    assert_false(path_is_relative_to_file(STR(".a")));
    assert_false(path_is_relative_to_file(STR("/a")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_normalising_removes_what_does_not_count),
        cmocka_unit_test(test_joining_leaves_absolute_paths_alone),
        cmocka_unit_test(test_the_folder_is_all_but_the_last_step),
        cmocka_unit_test(test_only_what_is_below_is_below),
        cmocka_unit_test(test_paths_with_a_dot_are_seen_from_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
