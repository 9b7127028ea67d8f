#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/eval/value_text.h"

typedef struct Fixture {
    Arena *arena;
    Sources *sources;
    DiagSink *diags;
} Fixture;

static Fixture fixture_new(void)
{
    Fixture fixture = {.arena = arena_new()};
    fixture.sources = sources_new(fixture.arena);
    fixture.diags = diag_sink_new(fixture.arena);
    return fixture;
}

static Value *value_from(Fixture *fixture, const char *text)
{
    Datum *datum = read_text(fixture->arena, fixture->sources, fixture->diags, text);
    assert_non_null(datum);
    return read_value(fixture->arena, datum);
}

static void test_scalars_are_equal_by_their_text(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool equal;
    } rows[] = {
        {"'1'", "1", true},
        {"1.0", "1", false},
        {"'true'", "true", true},
        {"true", "false", false},
        {"null", "null", true},
        {"null", "''", false},
        {"null", "'null'", false},
        {"[1,'2']", "['1',2]", true},
        {"[1]", "[1,2]", false},
        {"[]", "{}", false},
        {"{'a':1,'b':[2]}", "{'b':[2],'a':'1'}", true},
        {"{'a':1}", "{'b':1}", false},
        {"{'a':1}", "{'a':1,'b':1}", false},
        {"123456789012345678901", "'123456789012345678901'", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Fixture fixture = fixture_new();
        Value *a = value_from(&fixture, rows[i].a), *b = value_from(&fixture, rows[i].b);
        assert_int_equal(value_equal(a, b), rows[i].equal);
        assert_int_equal(value_equal(b, a), rows[i].equal);
        arena_free(fixture.arena);
    }
}

static void test_whole_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_int;
        int64_t n;
    } rows[] = {
        {"0", true, 0},
        {"'12'", true, 12},
        {"'010'", true, 10},
        {"-7", true, -7},
        {"9223372036854775807", true, INT64_MAX},
        {"9223372036854775808", false, 0},
        {"-9223372036854775808", true, INT64_MIN},
        {"-9223372036854775809", false, 0},
        {"1.0", false, 0},
        {"1e3", false, 0},
        {"''", false, 0},
        {"'-'", false, 0},
        {"'+1'", false, 0},
        {"' 1'", false, 0},
        {"true", false, 0},
        {"[1]", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Fixture fixture = fixture_new();
        int64_t n = 0;
        assert_int_equal(value_to_int(value_from(&fixture, rows[i].text), &n), rows[i].is_int);
        assert_true(n == rows[i].n);
        arena_free(fixture.arena);
    }
}

static void test_the_first_unknown_part_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *unknown; // as described, or NULL
    } rows[] = {
        {"null", NULL},
        {"['a',{'b':[1,true]}]", NULL},
        {"{'Param':'Env'}", "the parameter 'Env'"},
        {"['a',{'b':[{'Ref':'AWS::Region'}]}]", "the deploy-time value 'AWS::Region'"},
        {"{'a':{'Resource':'B'},'c':{'Param':'Env'}}", "the resource 'B'"},
        {"[{'GetAtt':['B','Arn']}]", "the deploy-time value 'B.Arn'"},
        {"[{'Mapping':'M'}]", "the mapping 'M'"},
        {"{'If':['IsProd',1,2]}", "a choice made when deploying"},
        {"{'Sub':['a',{'Ref':'B'}]}", "a string with deploy-time parts"},
        {"{'Cond':'IsProd'}", "the condition 'IsProd'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Fixture fixture = fixture_new();
        Value *value = value_from(&fixture, rows[i].text);
        const Value *unknown = value_unknown_part(value);
        assert_int_equal(value_is_known(value), rows[i].unknown == NULL);
        if (rows[i].unknown)
            assert_string_equal(value_describe(fixture.arena, unknown).ptr, rows[i].unknown);
        else
            assert_null(unknown);
        arena_free(fixture.arena);
    }
}

// Each list holds the one before twice: 2^60 ways to the innermost.
static Value *shared_lists(Arena *arena)
{
    Value *list = value_list(arena, NULL);
    for (int i = 0; i < 60; i++) {
        Value *outer = value_list(arena, NULL);
        value_append(arena, outer, list);
        value_append(arena, outer, list);
        list = outer;
    }
    return list;
}

static void test_shared_parts_are_looked_at_once(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Value *list = shared_lists(arena), *other = shared_lists(arena);
    assert_true(value_is_known(list));
    assert_true(value_equal(list, other));
    value_append(arena, list, value_deploy(arena, NULL, DEPLOY_REF));
    assert_false(value_is_known(list));
    assert_false(value_equal(list, other));
    arena_free(arena);
}

static void test_parts_are_counted_as_written_out(void **state)
{
    (void)state;
    Fixture fixture = fixture_new();
    Value *value = value_from(&fixture, "[1,{'a':2,'b':{'If':['C',3,{'Sub':['x',{'Ref':'Y'}]}]}}]");
    assert_true(value_has_more_parts(value, 9));
    assert_false(value_has_more_parts(value, 10));
    assert_true(value_has_more_parts(shared_lists(fixture.arena), 1000000));
    arena_free(fixture.arena);
}

static void test_values_are_shown_short(void **state)
{
    (void)state;
    static const struct {
        const char *text, *shown;
    } rows[] = {
        {"null", "null"},
        {"true", "true"},
        {"1.50", "1.50"},
        {"'a'", "\"a\""},
        {"'\\u00e9\\n'", "\"é\\n\""},
        {"[]", "[]"},
        {"[1]", "[1 item]"},
        {"[1,2,3]", "[3 items]"},
        {"{}", "{}"},
        {"{'a':1}", "{1 entry}"},
        {"{'a':1,'b':2}", "{2 entries}"},
        {"{'Resource':'Api'}", "the resource 'Api'"},
        {"'0123456789012345678901234567890123456789012345678901234é67890'",
            "\"0123456789012345678901234567890123456789012345678901234\"…"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Fixture fixture = fixture_new();
        Str shown = value_show(fixture.arena, value_from(&fixture, rows[i].text));
        assert_string_equal(shown.ptr, rows[i].shown);
        arena_free(fixture.arena);
    }
}

static void test_a_copy_does_not_share_its_growth(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Value *list = value_list(arena, NULL);
    value_append(arena, list, value_int(arena, NULL, 1));
    Origin origin = {0};
    Value *copy = value_at(arena, list, &origin);
    assert_ptr_equal(copy->origin, &origin);
    value_append(arena, list, value_int(arena, NULL, 2));
    value_append(arena, copy, value_int(arena, NULL, 3));
    assert_string_equal(list->list.items[1]->text.ptr, "2");
    assert_string_equal(copy->list.items[1]->text.ptr, "3");
    arena_free(arena);
}

static void test_an_entry_keeps_its_place(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Value *map = value_map(arena, NULL);
    value_put(arena, map, STR("a"), NULL, value_int(arena, NULL, 1));
    value_put(arena, map, STR("b"), NULL, value_int(arena, NULL, 2));
    value_put(arena, map, STR("a"), NULL, value_int(arena, NULL, 3));
    assert_string_equal(compact(arena, show_value(arena, map)).ptr, "{\"a\":3,\"b\":2}");
    assert_null(value_get(map, STR("c")));
    assert_null(value_get(value_get(map, STR("a")), STR("c")));
    arena_free(arena);
}

static void test_conditions(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Value *nothing = value_null(arena, NULL);
    assert_true(value_is_condition(value_deploy(arena, NULL, DEPLOY_NOT)));
    assert_true(value_is_condition(value_function(arena, NULL, STR("Fn::Contains"), nothing)));
    assert_false(value_is_condition(value_function(arena, NULL, STR("Fn::Join"), nothing)));
    assert_false(value_is_condition(value_deploy(arena, NULL, DEPLOY_IF)));
    assert_false(value_is_condition(value_bool(arena, NULL, true)));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scalars_are_equal_by_their_text),
        cmocka_unit_test(test_whole_numbers),
        cmocka_unit_test(test_the_first_unknown_part_is_found),
        cmocka_unit_test(test_shared_parts_are_looked_at_once),
        cmocka_unit_test(test_parts_are_counted_as_written_out),
        cmocka_unit_test(test_values_are_shown_short),
        cmocka_unit_test(test_a_copy_does_not_share_its_growth),
        cmocka_unit_test(test_an_entry_keeps_its_place),
        cmocka_unit_test(test_conditions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
