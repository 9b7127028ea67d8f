#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "compiler/base/arena.h"
#include "compiler/base/buf.h"
#include "compiler/base/str.h"

enum { MEGABYTE = 1024 * 1024 };

static bool all_zero(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i])
            return false;
    }
    return true;
}

static void objects_of_any_size_are_zeroed_aligned_and_apart(void **state)
{
    static const size_t SIZES[] = {0, 1, 15, 16, 17, 16 * 1024, 100000, MEGABYTE, 2 * MEGABYTE - 32,
        2 * MEGABYTE, 3 * MEGABYTE, 20 * MEGABYTE};
    enum { COUNT = sizeof SIZES / sizeof *SIZES };
    (void)state;
    Arena *arena = arena_new();
    unsigned char *objects[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        objects[i] = arena_alloc(arena, SIZES[i]);
        assert_true((uintptr_t)objects[i] % 16 == 0);
        assert_true(all_zero(objects[i], SIZES[i]));
        for (size_t j = 0; j < SIZES[i]; j++)
            objects[i][j] = (unsigned char)(i + 1);
    }
    for (size_t i = 0; i < COUNT; i++) {
        assert_true(!SIZES[i] || objects[i][0] == i + 1);
        assert_true(!SIZES[i] || objects[i][SIZES[i] - 1] == i + 1);
    }
    arena_free(arena);
}

static void many_small_objects_pass_every_size_of_chunk(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    uint64_t **objects = arena_alloc(arena, 500000 * sizeof *objects);
    for (uint64_t i = 0; i < 500000; i++) {
        objects[i] = ARENA_ARRAY(arena, uint64_t, 8);
        assert_int_equal(*objects[i], 0);
        *objects[i] = i;
    }
    for (uint64_t i = 0; i < 500000; i++)
        assert_true(*objects[i] == i);
    assert_true(arena_used(arena) >= 500000 * 9 * sizeof(uint64_t));
    arena_free(arena);
}

static void a_reset_arena_begins_anew(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    arena_alloc(arena, 3 * MEGABYTE);
    arena_reset(arena);
    assert_int_equal(arena_used(arena), 0);
    Str copy = str_copy(arena, STR("text"));
    assert_string_equal(copy.ptr, "text");
    arena_free(arena);
    arena_free(NULL);
}

// Under AddressSanitizer also: what was moved is freed once, with the arena.
static void a_moved_text_is_the_arena_s_and_the_buffer_is_empty(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Buf buf;
    buf_init(&buf, 0);
    assert_string_equal(buf_move(&buf, arena).ptr, "");
    buf_add_repeat(&buf, 'x', MEGABYTE);
    const char *before = buf.ptr;
    Str text = buf_move(&buf, arena);
    assert_ptr_equal(text.ptr, before);
    assert_int_equal(text.len, MEGABYTE);
    assert_int_equal(buf_str(&buf).len, 0);
    buf_add_text(&buf, "next");
    assert_int_equal(text.ptr[0], 'x');
    buf_release(&buf);
    arena_reset(arena);
    arena_free(arena);
}

static void test_room_within_the_maximum(void **state)
{
    (void)state;
    Buf buf;
    buf_init(&buf, 8);
    buf_reserve(&buf, 9); // more than it may hold: nothing is taken
    assert_int_equal(buf.cap, 0);
    buf_reserve(&buf, 8);
    const char *room = buf.ptr;
    buf_add_text(&buf, "12345678");
    assert_ptr_equal(buf.ptr, room);
    buf_add_char(&buf, '9');
    assert_true(buf.overflowed);
    assert_string_equal(buf.ptr, "12345678");
    buf_release(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_of_any_size_are_zeroed_aligned_and_apart),
        cmocka_unit_test(many_small_objects_pass_every_size_of_chunk),
        cmocka_unit_test(a_reset_arena_begins_anew),
        cmocka_unit_test(a_moved_text_is_the_arena_s_and_the_buffer_is_empty),
        cmocka_unit_test(test_room_within_the_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
