#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "compiler/diag/diag.h"

typedef struct Fixture {
    Arena *arena;
    DiagSink *sink;
} Fixture;

static int set_up(void **state)
{
    Fixture *fixture = base_alloc(sizeof *fixture);
    fixture->arena = arena_new();
    fixture->sink = diag_sink_new(fixture->arena);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    arena_free(fixture->arena);
    free(fixture);
    return 0;
}

static Diag *add(Fixture *fixture, Span span, const char *file, const char *why)
{
    return diag_add(
        fixture->sink, DIAG_CANNOT_READ_FILE, span, str_of(file), str_of(why), DIAG_END);
}

static void assert_str(Str text, const char *expected)
{
    if (!str_is(text, expected))
        fail_msg("'%.*s', expected '%s'", STR_FMT(text), expected);
}

static void messages_are_filled_in(void **state)
{
    Fixture *fixture = *state;
    const Diag *diag = add(fixture, (Span){0}, "a {1} b", "no luck");
    assert_str(diag_message(fixture->arena, diag), "cannot read 'a {1} b': no luck");
    assert_int_equal(diag->severity, SEVERITY_ERROR);
    assert_int_equal(diag_error_count(fixture->sink), 1);
    assert_int_equal(diag_warning_count(fixture->sink), 0);
}

static void arguments_are_copied(void **state)
{
    Fixture *fixture = *state;
    char name[] = "name";
    const Diag *diag = diag_add(
        fixture->sink, DIAG_CANNOT_READ_FILE, (Span){0}, (Str){name, 4}, STR("why"), DIAG_END);
    name[0] = '?';
    assert_str(diag->args.items[0], "name");
}

static void repeats_are_one_finding(void **state)
{
    Fixture *fixture = *state;
    Diag *first = add(fixture, (Span){1, 2, 3}, "a", "b");
    assert_ptr_equal(add(fixture, (Span){1, 2, 3}, "a", "b"), first);
    assert_ptr_not_equal(add(fixture, (Span){1, 2, 4}, "a", "b"), first);
    assert_ptr_not_equal(add(fixture, (Span){2, 2, 3}, "a", "b"), first);
    assert_ptr_not_equal(add(fixture, (Span){1, 2, 3}, "ab", ""), first);
    assert_int_equal(diag_error_count(fixture->sink), 4);
    assert_int_equal(diag_sorted(fixture->sink).len, 4);
}

static void repeats_take_no_second_notes(void **state)
{
    Fixture *fixture = *state;
    for (int i = 0; i < 3; i++) {
        Diag *diag = add(fixture, (Span){1, 2, 3}, "a", "b");
        diag_note(fixture->sink, diag, (Span){0}, "seen %d", i);
        diag_fix(fixture->sink, diag, (Span){1, 2, 3}, STR("x"), true);
    }
    const Diag *diag = diag_sorted(fixture->sink).items[0];
    assert_int_equal(diag->notes.len, 1);
    assert_str(diag->notes.items[0].text, "seen 0");
    assert_int_equal(diag->fixes.len, 1);
    assert_true(diag->fixes.items[0].safe);
}

static void notes_may_come_after_all_stages(void **state)
{
    Fixture *fixture = *state;
    diag_set_stage(fixture->sink, STR("dev"));
    add(fixture, (Span){1, 2, 3}, "a", "b");
    diag_set_stage(fixture->sink, STR("prod"));
    Diag *diag = add(fixture, (Span){1, 2, 3}, "a", "b");
    diag_note(fixture->sink, diag, (Span){0}, "one");
    diag_note(fixture->sink, diag, (Span){0}, "two");
    assert_int_equal(diag->notes.len, 2);
}

static void stages_are_merged(void **state)
{
    Fixture *fixture = *state;
    diag_set_stage(fixture->sink, STR("dev"));
    const Diag *diag = add(fixture, (Span){1, 2, 3}, "a", "b");
    diag_set_stage(fixture->sink, STR("prod"));
    add(fixture, (Span){1, 2, 3}, "a", "b");
    add(fixture, (Span){1, 2, 3}, "a", "b");
    diag_set_stage(fixture->sink, STR("dev"));
    add(fixture, (Span){1, 2, 3}, "a", "b");
    assert_int_equal(diag->stages.len, 2);
    assert_str(diag->stages.items[0], "dev");
    assert_str(diag->stages.items[1], "prod");
    assert_int_equal(diag_error_count(fixture->sink), 1);
}

static void what_is_found_without_a_stage_has_none(void **state)
{
    Fixture *fixture = *state;
    diag_set_stage(fixture->sink, STR("dev"));
    const Diag *diag = add(fixture, (Span){1, 2, 3}, "a", "b");
    diag_set_stage(fixture->sink, STR_NONE);
    add(fixture, (Span){1, 2, 3}, "a", "b");
    diag_set_stage(fixture->sink, STR("prod"));
    add(fixture, (Span){1, 2, 3}, "a", "b");
    assert_int_equal(diag->stages.len, 0);
}

static void findings_are_sorted_by_place(void **state)
{
    Fixture *fixture = *state;
    static const Span spans[] = {{2, 1, 2}, {1, 9, 9}, {1, 3, 8}, {1, 3, 4}, {0, 0, 0}, {1, 0, 1}};
    static const char *const expected[] = {"4", "5", "2", "3", "1", "0"};
    for (size_t i = 0; i < 6; i++) {
        const char name[] = {(char)('0' + i), '\0'};
        add(fixture, spans[i], name, "");
    }
    DiagList list = diag_sorted(fixture->sink);
    assert_int_equal(list.len, 6);
    for (size_t i = 0; i < 6; i++)
        assert_str(list.items[i]->args.items[0], expected[i]);
    // One more is sorted in at the next call.
    add(fixture, (Span){1, 1, 1}, "new", "");
    assert_str(diag_sorted(fixture->sink).items[2]->args.items[0], "new");
}

static void sorting_nothing_is_fine(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(diag_sorted(fixture->sink).len, 0);
}

// 200,000 findings and as many repeats: with a list to search this would take minutes.
static void floods_are_counted_but_not_kept(void **state)
{
    Fixture *fixture = *state;
    enum { FLOOD = 200000, KEPT = 10000 };
    for (uint32_t i = 0; i < FLOOD; i++) {
        Diag *diag = add(fixture, (Span){1, FLOOD - i, FLOOD - i}, "a", "b");
        diag_note(fixture->sink, diag, (Span){0}, "a note");
        diag_did_you_mean(fixture->sink, diag, diag->span, STR("aaa"), &STR("aab"), 1);
    }
    for (uint32_t i = 0; i < KEPT; i++)
        add(fixture, (Span){1, FLOOD - i, FLOOD - i}, "a", "b");
    assert_int_equal(diag_error_count(fixture->sink), FLOOD);
    assert_int_equal(diag_dropped_count(fixture->sink), FLOOD - KEPT);
    DiagList list = diag_sorted(fixture->sink);
    assert_int_equal(list.len, KEPT);
    for (size_t i = 1; i < list.len; i++)
        assert_true(list.items[i - 1]->span.start < list.items[i]->span.start);
}

static void long_texts_are_cut_between_characters(void **state)
{
    Fixture *fixture = *state;
    char text[1003];
    memset(text, 'x', sizeof text);
    memcpy(text + 999, "\xE2\x82\xAC", 3);
    Str name = {text, sizeof text};
    const Diag *first =
        diag_add(fixture->sink, DIAG_CANNOT_READ_FILE, (Span){0}, name, STR(""), DIAG_END);
    assert_int_equal(first->args.items[0].len, 999);
    const Diag *again =
        diag_add(fixture->sink, DIAG_CANNOT_READ_FILE, (Span){0}, name, STR(""), DIAG_END);
    assert_ptr_equal(first, again);
}

static void one_finding_takes_few_notes(void **state)
{
    Fixture *fixture = *state;
    Diag *diag = add(fixture, (Span){0}, "a", "b");
    for (int i = 0; i < 1000; i++)
        diag_note(fixture->sink, diag, (Span){0}, "note %d", i);
    assert_int_equal(diag->notes.len, 32);
}

typedef struct NearRow {
    const char *name;
    const char *expected; // NULL: no suggestion
} NearRow;

static void nearest_names_are_suggested(void **state)
{
    Fixture *fixture = *state;
    static const NearRow rows[] = {
        {"BuketName", "BucketName"},
        {"BucketNmae", "BucketName"},
        {"bucketname", "BucketName"},
        {"TAGS", "Tags"},
        {"Tag", "Tags"},
        {"Tgas", "Tags"},
        {"xy", "x1"},
        {"q", NULL},
        {"X1", "x1"},
        {"Completely", NULL},
        {"Tags", NULL},
        {"", NULL},
    };
    const Str names[] = {STR("Tags"), STR("BucketName"), STR("BucketNames"), STR("x1")};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Diag *diag = add(fixture, (Span){1, (uint32_t)i, (uint32_t)i}, "a", "b");
        diag_did_you_mean(fixture->sink, diag, (Span){1, 5, 6}, str_of(rows[i].name), names, 4);
        assert_int_equal(diag->notes.len, rows[i].expected ? 1 : 0);
        assert_int_equal(diag->fixes.len, diag->notes.len);
        if (!rows[i].expected)
            continue;
        Str expected = str_format(fixture->arena, "did you mean '%s'?", rows[i].expected);
        assert_str(diag->notes.items[0].text, expected.ptr);
        assert_str(diag->fixes.items[0].replacement, rows[i].expected);
        assert_int_equal(diag->fixes.items[0].span.start, 5);
        assert_false(diag->fixes.items[0].safe);
    }
}

static void ties_go_to_the_first(void **state)
{
    Fixture *fixture = *state;
    const Str names[] = {STR("cart"), STR("card"), STR("care")};
    Diag *diag = add(fixture, (Span){0}, "a", "b");
    diag_did_you_mean(fixture->sink, diag, (Span){0}, STR("carx"), names, 3);
    assert_str(diag->fixes.items[0].replacement, "cart");
}

static void codes_have_texts(void **state)
{
    Fixture *fixture = *state;
    DiagCode code = DIAG_CANNOT_READ_FILE;
    assert_str(diag_code_text(fixture->arena, code), "ALT1001");
    assert_str(diag_slug(fixture->arena, code), "cannot-read-file");
    assert_int_equal(diag_number(code), 1001);
    static const char *const spellings[] = {"ALT1001", "alt1001", "Alt1001", "1001"};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(diag_code_of(str_of(spellings[i])), code);
    static const char *const wrong[] = {
        "", "ALT", "1", "0000", "ALT0000", "ALT1001 ", "ALT-1001", "10O1", "ALT01001", "XXX1001"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(diag_code_of(str_of(wrong[i])), DIAG_NONE);
}

static void every_code_is_found_by_its_text(void **state)
{
    Fixture *fixture = *state;
    for (int code = DIAG_NONE + 1; code < DIAG_COUNT; code++) {
        assert_int_equal(diag_code_of(diag_code_text(fixture->arena, (DiagCode)code)), code);
        assert_true(diag_default_severity((DiagCode)code) != SEVERITY_NONE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(messages_are_filled_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(arguments_are_copied, set_up, tear_down),
        cmocka_unit_test_setup_teardown(repeats_are_one_finding, set_up, tear_down),
        cmocka_unit_test_setup_teardown(repeats_take_no_second_notes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(notes_may_come_after_all_stages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stages_are_merged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_found_without_a_stage_has_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(findings_are_sorted_by_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sorting_nothing_is_fine, set_up, tear_down),
        cmocka_unit_test_setup_teardown(floods_are_counted_but_not_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_texts_are_cut_between_characters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_finding_takes_few_notes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nearest_names_are_suggested, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ties_go_to_the_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(codes_have_texts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_code_is_found_by_its_text, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
