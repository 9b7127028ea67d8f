// Files that change between being looked at and being packed, on a real disk. What zips hold is
// looked at by another program (tests/uploads).
#include "runtime/assets/pack.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

typedef struct Fixture {
    Arena *arena;
    Str root;
    Host host;
    bool cancel;
    Pack pack;
    TreeProblem problem;
    PackedFile packed;
} Fixture;

static bool cancelled(void *context)
{
    return ((Fixture *)context)->cancel;
}

static Str path_of(Fixture *fixture, const char *name)
{
    return str_format(fixture->arena, "%.*s/%s", STR_FMT(fixture->root), name);
}

static void write_file(Fixture *fixture, const char *name, const char *text)
{
    FILE *file = fopen(path_of(fixture, name).ptr, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int set_up(void **state)
{
    Fixture *fixture = calloc(1, sizeof *fixture);
    char root[] = "/tmp/pack-XXXXXX";
    fixture->arena = arena_new();
    fixture->root = str_copy(fixture->arena, str_of(mkdtemp(root)));
    fixture->host = (Host){.context = fixture, .cancelled = cancelled};
    mkdir(path_of(fixture, "code").ptr, 0755);
    write_file(fixture, "code/a.js", "first");
    write_file(fixture, "code/b.js", "second");
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    unlink(path_of(fixture, "code/a.js").ptr);
    unlink(path_of(fixture, "code/b.js").ptr);
    rmdir(path_of(fixture, "code").ptr);
    rmdir(fixture->root.ptr);
    arena_free(fixture->arena);
    free(fixture);
    return 0;
}

static bool look(Fixture *fixture)
{
    return pack_read(fixture->arena, &fixture->host, fixture->root, path_of(fixture, "code"),
        &fixture->pack, &fixture->problem);
}

static bool pack(Fixture *fixture)
{
    return pack_write(fixture->arena, &fixture->host, fixture->root, &fixture->pack,
        &fixture->packed, &fixture->problem);
}

static void refuses(Fixture *fixture, const char *file, const char *why)
{
    assert_false(pack(fixture));
    assert_int_equal(fixture->packed.descriptor, -1);
    assert_true(str_ends(fixture->problem.path, str_of(file)));
    assert_string_equal(fixture->problem.text.ptr, why);
}

static void test_what_is_packed_has_its_size_and_hash(void **state)
{
    Fixture *fixture = *state;
    assert_true(look(fixture));
    assert_true(pack(fixture));
    char bytes[4096];
    ssize_t len = pread(fixture->packed.descriptor, bytes, sizeof bytes, 0);
    assert_int_equal(len, fixture->packed.size);
    unsigned char digest[SHA256_BYTES];
    sha256_digest((Str){bytes, (size_t)len}, digest);
    assert_memory_equal(digest, fixture->packed.hash, sizeof digest);
    close(fixture->packed.descriptor);
}

static void test_another_content_of_the_same_size(void **state)
{
    Fixture *fixture = *state;
    assert_true(look(fixture));
    write_file(fixture, "code/b.js", "SECOND");
    refuses(fixture, "b.js", "it changed while it was packed");
}

static void test_a_file_that_grew(void **state)
{
    Fixture *fixture = *state;
    assert_true(look(fixture));
    write_file(fixture, "code/a.js", "first and more");
    refuses(fixture, "a.js", "it changed while it was packed");
}

static void test_a_file_that_shrank(void **state)
{
    Fixture *fixture = *state;
    assert_true(look(fixture));
    write_file(fixture, "code/a.js", "");
    refuses(fixture, "a.js", "it changed while it was packed");
}

static void test_a_file_that_vanished(void **state)
{
    Fixture *fixture = *state;
    assert_true(look(fixture));
    unlink(path_of(fixture, "code/a.js").ptr);
    refuses(fixture, "a.js", "No such file or directory");
}

static void test_a_link_in_the_place_of_a_file(void **state)
{
    Fixture *fixture = *state;
    assert_true(look(fixture));
    unlink(path_of(fixture, "code/a.js").ptr);
    assert_int_equal(symlink("/etc/hostname", path_of(fixture, "code/a.js").ptr), 0);
    refuses(fixture, "a.js", "Too many levels of symbolic links");
}

static void test_a_folder_that_cannot_be_written(void **state)
{
    Fixture *fixture = *state;
    assert_true(look(fixture));
    assert_false(pack_write(fixture->arena, &fixture->host, path_of(fixture, "none"),
        &fixture->pack, &fixture->packed, &fixture->problem));
    assert_string_equal(fixture->problem.text.ptr, "No such file or directory");
}

static void test_what_is_too_large_is_not_read(void **state)
{
    Fixture *fixture = *state;
    int hole = open(path_of(fixture, "code/a.js").ptr, O_WRONLY);
    assert_int_equal(ftruncate(hole, (off_t)6 << 30), 0);
    close(hole);
    assert_false(look(fixture));
    assert_string_equal(fixture->problem.text.ptr, "it holds more than 5 GiB");
}

static void test_cancelling_tells_nothing(void **state)
{
    Fixture *fixture = *state;
    assert_true(look(fixture));
    fixture->cancel = true;
    assert_false(pack(fixture));
    assert_int_equal(fixture->problem.text.len, 0);
    assert_false(look(fixture));
    assert_int_equal(fixture->problem.text.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_what_is_packed_has_its_size_and_hash, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_another_content_of_the_same_size, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_file_that_grew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_file_that_shrank, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_file_that_vanished, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_link_in_the_place_of_a_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_folder_that_cannot_be_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_too_large_is_not_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cancelling_tells_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
