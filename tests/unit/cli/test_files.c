// The real host and the writing of outputs, in a temporary folder.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compiler/cli/host.h"
#include "compiler/cli/output.h"

typedef struct Fixture {
    Arena *arena;
    char folder[64];
} Fixture;

static int set_up(void **state)
{
    Fixture *fixture = calloc(1, sizeof *fixture);
    fixture->arena = arena_new();
    strcpy(fixture->folder, "/tmp/altc-files-XXXXXX");
    *state = fixture;
    return mkdtemp(fixture->folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    static const char *const NAMES[] = {"a", "fifo", "link", "deep/er", "deep"};
    Fixture *fixture = *state;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        remove(str_format(fixture->arena, "%s/%s", fixture->folder, NAMES[i]).ptr);
    int status = rmdir(fixture->folder); // fails when something else is left there
    arena_free(fixture->arena);
    free(fixture);
    return status;
}

static Str path_of(Fixture *fixture, const char *name)
{
    return str_format(fixture->arena, "%s/%s", fixture->folder, name);
}

static FileResult read_file(Fixture *fixture, const char *name, size_t max)
{
    const Host *host = host_real();
    return host->read_file(host->context, fixture->arena, path_of(fixture, name), max);
}

static void what_is_written_is_read(void **state)
{
    Fixture *fixture = *state;
    Str error, text = {"two\0parts", 9};
    assert_true(output_write(fixture->arena, path_of(fixture, "a"), text, &error));
    FileResult read = read_file(fixture, "a", 100);
    assert_int_equal(read.status, FILE_OK);
    assert_true(str_equal(read.text, text));
}

static void empty_files_are_fine(void **state)
{
    Fixture *fixture = *state;
    Str error;
    assert_true(output_write(fixture->arena, path_of(fixture, "a"), STR(""), &error));
    FileResult read = read_file(fixture, "a", 0);
    assert_int_equal(read.status, FILE_OK);
    assert_int_equal(read.text.len, 0);
}

static void limits_are_exact(void **state)
{
    Fixture *fixture = *state;
    Str error;
    assert_true(output_write(fixture->arena, path_of(fixture, "a"), STR("12345"), &error));
    assert_int_equal(read_file(fixture, "a", 5).status, FILE_OK);
    FileResult read = read_file(fixture, "a", 4);
    assert_int_equal(read.status, FILE_TOO_LARGE);
    assert_true(read.error.len > 0);
}

static void other_things_than_files_are_told_apart(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(mkfifo(path_of(fixture, "fifo").ptr, 0600), 0);
    assert_int_equal(read_file(fixture, "fifo", 5).status, FILE_NOT_REGULAR);
    assert_int_equal(read_file(fixture, ".", 5).status, FILE_NOT_REGULAR);
    assert_int_equal(read_file(fixture, "none", 5).status, FILE_MISSING);
    assert_int_equal(read_file(fixture, "fifo/below", 5).status, FILE_MISSING);
    const Host *host = host_real();
    FileResult read = host->read_file(host->context, fixture->arena, STR("/dev/zero"), 5);
    assert_int_equal(read.status, FILE_NOT_REGULAR);
}

static void links_are_followed(void **state)
{
    Fixture *fixture = *state;
    Str error;
    assert_true(output_write(fixture->arena, path_of(fixture, "a"), STR("old"), &error));
    assert_int_equal(symlink("a", path_of(fixture, "link").ptr), 0);
    assert_true(output_write(fixture->arena, path_of(fixture, "link"), STR("new"), &error));
    assert_true(str_is(read_file(fixture, "a", 10).text, "new"));
    struct stat info;
    assert_int_equal(lstat(path_of(fixture, "link").ptr, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    const Host *host = host_real();
    Str real = host->real_path(host->context, fixture->arena, path_of(fixture, "link"));
    assert_true(str_ends(real, STR("/a")));
    assert_null(host->real_path(host->context, fixture->arena, path_of(fixture, "none")).ptr);
}

static void unchanged_files_keep_their_identity(void **state)
{
    Fixture *fixture = *state;
    Str error;
    struct stat before, after;
    Str path = path_of(fixture, "a");
    assert_true(output_write(fixture->arena, path, STR("same"), &error));
    assert_int_equal(stat(path.ptr, &before), 0);
    assert_true(output_write(fixture->arena, path, STR("same"), &error));
    assert_int_equal(stat(path.ptr, &after), 0);
    assert_true(before.st_ino == after.st_ino);
    assert_true(output_write(fixture->arena, path, STR("else"), &error));
    assert_int_equal(stat(path.ptr, &after), 0);
    assert_true(before.st_ino != after.st_ino);
}

static void modes_are_kept(void **state)
{
    Fixture *fixture = *state;
    Str error;
    struct stat info;
    Str path = path_of(fixture, "a");
    assert_true(output_write(fixture->arena, path, STR("1"), &error));
    assert_int_equal(chmod(path.ptr, 0640), 0);
    assert_true(output_write(fixture->arena, path, STR("2"), &error));
    assert_int_equal(stat(path.ptr, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
}

static void failures_say_why(void **state)
{
    Fixture *fixture = *state;
    Str error = STR_NONE;
    assert_false(output_write(fixture->arena, path_of(fixture, "."), STR("x"), &error));
    assert_true(error.len > 0);
    assert_false(output_write(fixture->arena, path_of(fixture, "no/such"), STR("x"), &error));
    assert_false(output_write(fixture->arena, STR("/dev/full"), STR("x"), &error));
    assert_string_equal(error.ptr, "No space left on device");
}

static void folders_are_made_with_those_they_lie_in(void **state)
{
    Fixture *fixture = *state;
    Str error;
    assert_true(output_make_folder(fixture->arena, path_of(fixture, "deep/er"), &error));
    assert_true(output_make_folder(fixture->arena, path_of(fixture, "deep/er"), &error));
    assert_true(output_write(fixture->arena, path_of(fixture, "a"), STR("x"), &error));
    assert_false(output_make_folder(fixture->arena, path_of(fixture, "a/b"), &error));
    assert_false(output_make_folder(fixture->arena, path_of(fixture, "a"), &error));
}

static void the_environment_can_be_left_out(void **state)
{
    (void)state;
    setenv("ALTC_TEST_VARIABLE", "set", 1);
    const Host *host = host_real(), *bare = host_without_env();
    assert_true(str_is(host->get_env(host->context, STR("ALTC_TEST_VARIABLE")), "set"));
    assert_null(host->get_env(host->context, STR("ALTC_TEST_VARIABLE_2")).ptr);
    assert_null(host->get_env(host->context, STR("")).ptr);
    assert_null(bare->get_env(bare->context, STR("ALTC_TEST_VARIABLE")).ptr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(empty_files_are_fine, set_up, tear_down),
        cmocka_unit_test_setup_teardown(limits_are_exact, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_things_than_files_are_told_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(links_are_followed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unchanged_files_keep_their_identity, set_up, tear_down),
        cmocka_unit_test_setup_teardown(modes_are_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(failures_say_why, set_up, tear_down),
        cmocka_unit_test_setup_teardown(folders_are_made_with_those_they_lie_in, set_up, tear_down),
        cmocka_unit_test(the_environment_can_be_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
