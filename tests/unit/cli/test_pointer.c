#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "compiler/cli/pointer.h"

typedef struct Fixture {
    Arena *arena;
    Datum *root;
    Origin list_origin;
} Fixture;

// {"a": {"b/c": [true, "x"]}, "~": null}; only the list has an origin.
static int set_up(void **state)
{
    Arena *arena = arena_new();
    Fixture *fixture = ARENA_NEW(arena, Fixture);
    fixture->arena = arena;
    fixture->list_origin.span = (Span){1, 2, 3};
    Datum *list = datum_list(arena, &fixture->list_origin);
    datum_append(arena, list, datum_bool(arena, NULL, true));
    datum_append(arena, list, datum_string(arena, NULL, STR("x")));
    Datum *inner = datum_map(arena, NULL);
    datum_put(arena, inner, STR("b/c"), NULL, list);
    fixture->root = datum_map(arena, NULL);
    datum_put(arena, fixture->root, STR("a"), NULL, inner);
    datum_put(arena, fixture->root, STR("~"), NULL, datum_null(arena, NULL));
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((Fixture *)*state)->arena);
    return 0;
}

static void escapes_are_undone(void **state)
{
    Fixture *fixture = *state;
    PointerTarget target = pointer_follow(fixture->arena, fixture->root, STR("/a/b~1c/1"));
    assert_non_null(target.value);
    assert_true(datum_is_string(target.value, "x"));
    target = pointer_follow(fixture->arena, fixture->root, STR("/~0"));
    assert_int_equal(target.value->kind, DATUM_NULL);
}

static void the_empty_pointer_is_the_whole(void **state)
{
    Fixture *fixture = *state;
    assert_ptr_equal(pointer_follow(fixture->arena, fixture->root, STR("")).value, fixture->root);
    assert_non_null(pointer_follow(fixture->arena, fixture->root, STR("a")).value);
}

static void values_without_a_place_have_that_of_what_is_around(void **state)
{
    Fixture *fixture = *state;
    PointerTarget target = pointer_follow(fixture->arena, fixture->root, STR("/a/b~1c/0"));
    assert_ptr_equal(target.origin, &fixture->list_origin);
    assert_null(pointer_follow(fixture->arena, fixture->root, STR("/a")).origin);
}

static void what_leads_nowhere_says_how_far_it_came(void **state)
{
    static const struct {
        const char *pointer;
        size_t reached;
    } ROWS[] = {
        {"/b", 0},
        {"/a/x", 2},
        {"/a/b~1c/2", 7},
        {"/a/b~1c/-", 7},
        {"/a/b~1c/01234567890", 7},
        {"/~0/x", 3},
        {"/a/b~1c/", 7},
    };
    Fixture *fixture = *state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        PointerTarget target =
            pointer_follow(fixture->arena, fixture->root, str_of(ROWS[i].pointer));
        assert_null(target.value);
        assert_int_equal(target.reached, ROWS[i].reached);
    }
}

static void keys_are_escaped(void **state)
{
    (void)state;
    Buf out;
    buf_init(&out, 0);
    pointer_add_key(&out, STR("a~b/c"));
    assert_string_equal(buf_str(&out).ptr, "/a~0b~1c");
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(escapes_are_undone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_empty_pointer_is_the_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            values_without_a_place_have_that_of_what_is_around, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_leads_nowhere_says_how_far_it_came, set_up, tear_down),
        cmocka_unit_test(keys_are_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
