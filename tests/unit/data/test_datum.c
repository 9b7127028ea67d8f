#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/data/datum.h"

// One datum of each form, told apart by datum_equal.
static size_t make_all(Arena *arena, Datum *all[], size_t room)
{
    Datum *list = datum_list(arena, NULL), *map = datum_map(arena, NULL);
    Datum *other = datum_map(arena, NULL), *longer = datum_list(arena, NULL);
    datum_append(arena, list, datum_null(arena, NULL));
    datum_append(arena, longer, datum_null(arena, NULL));
    datum_append(arena, longer, datum_null(arena, NULL));
    datum_put(arena, map, STR("a"), NULL, datum_number(arena, NULL, STR("1")));
    datum_put(arena, other, STR("b"), NULL, datum_number(arena, NULL, STR("1")));
    Datum *made[] = {datum_null(arena, NULL), datum_bool(arena, NULL, true),
        datum_bool(arena, NULL, false), datum_number(arena, NULL, STR("1")),
        datum_number(arena, NULL, STR("1.0")), datum_string(arena, NULL, STR("1")),
        datum_string(arena, NULL, STR("")), datum_list(arena, NULL), datum_map(arena, NULL), list,
        longer, map, other};
    size_t count = sizeof made / sizeof *made;
    assert_true(count <= room);
    for (size_t i = 0; i < count; i++)
        all[i] = made[i];
    return count;
}

static void test_equality_is_of_kind_text_and_order(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Datum *left[20], *right[20];
    size_t count = make_all(arena, left, 20);
    make_all(arena, right, 20);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            assert_int_equal(datum_equal(left[i], right[j]), i == j);
    assert_false(datum_equal(left[0], NULL));
    assert_true(datum_equal(NULL, NULL));
    arena_free(arena);
}

static void test_looking_into_maps(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Datum *map = datum_map(arena, NULL), *value = datum_string(arena, NULL, STR("x"));
    assert_null(datum_only_entry(map));
    datum_put(arena, map, STR("Ref"), NULL, value);
    assert_ptr_equal(datum_get(map, STR("Ref")), value);
    assert_null(datum_get(map, STR("ref")));
    assert_null(datum_get(value, STR("Ref")));
    assert_null(datum_get(NULL, STR("Ref")));
    assert_ptr_equal(datum_only_entry(map)->value, value);
    datum_put(arena, map, STR("b"), NULL, value);
    assert_null(datum_only_entry(map));
    assert_null(datum_only_entry(value));
    assert_true(datum_is_string(value, "x"));
    assert_false(datum_is_string(map, "x"));
    assert_false(datum_is_string(NULL, "x"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equality_is_of_kind_text_and_order),
        cmocka_unit_test(test_looking_into_maps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
