#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "compiler/base/utf8.h"
#include "compiler/report/report.h"

typedef struct Fixture {
    Arena *arena;
    Sources *sources;
    DiagSink *sink;
    Buf out;
} Fixture;

static int set_up(void **state)
{
    Fixture *fixture = base_alloc(sizeof *fixture);
    fixture->arena = arena_new();
    fixture->sources = sources_new(fixture->arena);
    fixture->sink = diag_sink_new(fixture->arena);
    buf_init(&fixture->out, 0);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    arena_free(fixture->arena);
    buf_release(&fixture->out);
    free(fixture);
    return 0;
}

// A finding over the first `needle` of a file of one text.
static Diag *add_at(Fixture *fixture, const char *text, const char *needle)
{
    FileId file = sources_add(fixture->sources, STR("a.alt"), str_of(text));
    size_t at = str_find(str_of(text), str_of(needle), 0);
    assert_true(at != SIZE_MAX);
    Span span = {file, (uint32_t)at, (uint32_t)(at + strlen(needle))};
    return diag_add(fixture->sink, DIAG_CANNOT_READ_FILE, span, STR("x"), STR("y"), DIAG_END);
}

static void assert_report(Fixture *fixture, ReportOptions options, const char *expected)
{
    buf_clear(&fixture->out);
    report_render(&fixture->out, REPORT_TEXT, &options, fixture->sources, fixture->sink);
    assert_string_equal(buf_str(&fixture->out).ptr, expected);
}

#define QUIET ((ReportOptions){.quiet = true})

static void formats_have_names(void **state)
{
    (void)state;
    assert_int_equal(report_format_of(STR("text")), REPORT_TEXT);
    assert_int_equal(report_format_of(STR("sarif")), REPORT_SARIF);
    assert_int_equal(report_format_of(STR("")), REPORT_NONE);
    assert_int_equal(report_format_of(STR("JSON")), REPORT_NONE);
    assert_true(str_is(report_format_name(REPORT_GITHUB), "github"));
}

static void nothing_found_is_nothing_written(void **state)
{
    assert_report(*state, (ReportOptions){0}, "");
}

static void a_finding_has_a_line_and_an_excerpt(void **state)
{
    Fixture *fixture = *state;
    add_at(fixture, "let a = 1\nlet b = foo\n", "foo");
    assert_report(fixture, (ReportOptions){0},
        "a.alt:2:9: error: cannot read 'x': y [ALT1001]\n"
        "   2 | let b = foo\n"
        "     |         ^~~\n"
        "\n"
        "1 error\n");
}

static void a_finding_without_a_place_has_no_excerpt(void **state)
{
    Fixture *fixture = *state;
    diag_add(fixture->sink, DIAG_CANNOT_READ_FILE, (Span){0}, STR("x"), STR("y"), DIAG_END);
    assert_report(fixture, QUIET, "altc: error: cannot read 'x': y [ALT1001]\n\n");
}

static void tabs_are_filled_up(void **state)
{
    Fixture *fixture = *state;
    add_at(fixture, "\ta\tfoo", "foo");
    assert_report(fixture, QUIET,
        "a.alt:1:4: error: cannot read 'x': y [ALT1001]\n"
        "   1 |     a   foo\n"
        "     |         ^~~\n\n");
}

static void wide_and_joining_characters_align(void **state)
{
    Fixture *fixture = *state;
    // Two wide characters, and an e with a combining accent.
    add_at(fixture, "\xE6\xBC\xA2\xE5\xAD\x97 e\xCC\x81 \xE6\xBC\xA2!", "\xE6\xBC\xA2!");
    FileId file =
        sources_add(fixture->sources, STR("b.alt"), STR("\xE6\xBC\xA2\xE5\xAD\x97 e\xCC\x81 foo"));
    diag_add(
        fixture->sink, DIAG_CANNOT_READ_FILE, (Span){file, 11, 14}, STR("x"), STR("y"), DIAG_END);
    assert_report(fixture, QUIET,
        "a.alt:1:7: error: cannot read 'x': y [ALT1001]\n"
        "   1 | \xE6\xBC\xA2\xE5\xAD\x97 e\xCC\x81 \xE6\xBC\xA2!\n"
        "     |        ^~~\n\n"
        "b.alt:1:7: error: cannot read 'x': y [ALT1001]\n"
        "   1 | \xE6\xBC\xA2\xE5\xAD\x97 e\xCC\x81 foo\n"
        "     |        ^~~\n\n");
}

static void the_end_of_a_line_can_be_marked(void **state)
{
    Fixture *fixture = *state;
    FileId file = sources_add(fixture->sources, STR("a.alt"), STR("abc\n"));
    diag_add(
        fixture->sink, DIAG_CANNOT_READ_FILE, (Span){file, 3, 3}, STR("x"), STR("y"), DIAG_END);
    diag_add(
        fixture->sink, DIAG_CANNOT_READ_FILE, (Span){file, 4, 4}, STR("x"), STR("y"), DIAG_END);
    assert_report(fixture, QUIET,
        "a.alt:1:4: error: cannot read 'x': y [ALT1001]\n"
        "   1 | abc\n"
        "     |    ^\n\n"
        "a.alt:2:1: error: cannot read 'x': y [ALT1001]\n"
        "   2 | \n"
        "     | ^\n\n");
}

static void of_several_lines_the_first_is_shown(void **state)
{
    Fixture *fixture = *state;
    add_at(fixture, "a {\n  b\n}", "{\n  b\n}");
    assert_report(fixture, QUIET,
        "a.alt:1:3: error: cannot read 'x': y [ALT1001]\n"
        "   1 | a {\n"
        "     |   ^\n\n");
}

static void long_lines_are_seen_through_a_window(void **state)
{
    Fixture *fixture = *state;
    Buf line;
    buf_init(&line, 0);
    buf_add_repeat(&line, 'a', 5000);
    buf_add_text(&line, "foo");
    buf_add_repeat(&line, 'b', 5000000);
    Str text = buf_copy(&line, fixture->arena);
    buf_release(&line);
    add_at(fixture, text.ptr, "foo");
    Str lead = STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert_int_equal(lead.len, 40);
    Buf expected;
    buf_init(&expected, 0);
    buf_add_text(&expected, "a.alt:1:5001: error: cannot read 'x': y [ALT1001]\n   1 | …");
    buf_add(&expected, lead);
    buf_add_text(&expected, "foo");
    buf_add_repeat(&expected, 'b', 120 - 44);
    buf_add_text(&expected, "…\n     | ");
    buf_add_repeat(&expected, ' ', 41);
    buf_add_text(&expected, "^~~\n\n");
    assert_report(fixture, QUIET, buf_str(&expected).ptr);
    buf_release(&expected);
}

static void a_mark_ends_with_the_window(void **state)
{
    Fixture *fixture = *state;
    Buf line;
    buf_init(&line, 0);
    buf_add_repeat(&line, 'a', 300);
    add_at(fixture, buf_str(&line).ptr, buf_str(&line).ptr);
    ReportOptions options = QUIET;
    report_render(&fixture->out, REPORT_TEXT, &options, fixture->sources, fixture->sink);
    buf_release(&line);
    Str out = buf_str(&fixture->out);
    size_t mark = str_find(out, STR("^"), 0);
    assert_int_equal(str_find(out, STR("\n"), mark) - mark, 120);
}

static void controls_are_made_visible(void **state)
{
    Fixture *fixture = *state;
    FileId file =
        sources_add(fixture->sources, STR("a\x1b.alt"), STR("x\x1b[31m \xE2\x80\xAE \xFF foo"));
    diag_add(fixture->sink, DIAG_CANNOT_READ_FILE, (Span){file, 13, 16}, STR("\x1b[2J"),
        STR("two\nlines\t"), DIAG_END);
    assert_report(fixture, QUIET,
        "a<U+001B>.alt:1:12: error: cannot read '<U+001B>[2J': two\\nlines\\t [ALT1001]\n"
        "   1 | x<U+001B>[31m <U+202E> \xEF\xBF\xBD foo\n"
        "     |                          ^~~\n\n");
}

static void stages_stand_below_once(void **state)
{
    Fixture *fixture = *state;
    diag_set_stage(fixture->sink, STR("dashboard-dev"));
    add_at(fixture, "foo", "foo");
    diag_set_stage(fixture->sink, STR("api-dev"));
    diag_add(fixture->sink, DIAG_CANNOT_READ_FILE, (Span){1, 0, 3}, STR("x"), STR("y"), DIAG_END);
    assert_report(fixture, QUIET,
        "a.alt:1:1: error: cannot read 'x': y [ALT1001]\n"
        "   1 | foo\n"
        "     | ^~~\n"
        "     = on stages dashboard-dev, api-dev\n\n");
}

static void notes_and_fixes_follow(void **state)
{
    Fixture *fixture = *state;
    Diag *diag = add_at(fixture, "one\ntwo foo\n", "foo");
    diag->severity = SEVERITY_WARNING;
    diag_note(fixture->sink, diag, (Span){0}, "a remark of %d", 1);
    diag_note(fixture->sink, diag, (Span){1, 0, 3}, "declared here");
    const Str names[] = {STR("food")};
    diag_did_you_mean(fixture->sink, diag, diag->span, STR("foo"), names, 1);
    diag_fix(fixture->sink, diag, (Span){1, 8, 11}, STR("bar"), true);
    diag_fix(fixture->sink, diag, (Span){1, 0, 3}, STR(""), true);
    diag_fix(fixture->sink, diag, (Span){1, 8, 8}, STR("!\n"), true);
    assert_report(fixture, QUIET,
        "a.alt:2:5: warning: cannot read 'x': y [ALT1001]\n"
        "   2 | two foo\n"
        "     |     ^~~\n"
        "     = note: a remark of 1\n"
        "     = help: did you mean 'food'?\n"
        "     = help: replace 'foo' with 'bar'\n"
        "     = help: remove 'one' at a.alt:1:1\n"
        "     = help: insert '!\\n'\n"
        "a.alt:1:1: note: declared here\n"
        "   1 | one\n"
        "     | ^~~\n\n");
}

static void colours_are_only_added(void **state)
{
    Fixture *fixture = *state;
    Diag *diag = add_at(fixture, "foo", "foo");
    diag_note(fixture->sink, diag, (Span){1, 0, 1}, "here");
    diag_fix(fixture->sink, diag, (Span){1, 0, 1}, STR("g"), true);
    ReportOptions options = {.colour = true};
    report_render(&fixture->out, REPORT_TEXT, &options, fixture->sources, fixture->sink);
    Str coloured = buf_str(&fixture->out);
    Buf bare;
    buf_init(&bare, 0);
    for (size_t i = 0; i < coloured.len; i++) {
        if (coloured.ptr[i] == '\033')
            i = str_find(coloured, STR("m"), i);
        else
            buf_add_char(&bare, coloured.ptr[i]);
    }
    assert_true(bare.len < coloured.len);
    assert_report(fixture, (ReportOptions){0}, buf_str(&bare).ptr);
    buf_release(&bare);
}

static void a_limit_hides_the_rest(void **state)
{
    Fixture *fixture = *state;
    sources_add(fixture->sources, STR("a.alt"), STR("abcdef"));
    for (uint32_t i = 0; i < 5; i++) {
        Diag *diag = diag_add(fixture->sink, DIAG_CANNOT_READ_FILE, (Span){1, i, i + 1}, STR("x"),
            STR("y"), DIAG_END);
        if (i == 4)
            diag->severity = SEVERITY_WARNING;
    }
    ReportOptions options = {.limit = 1};
    assert_report(fixture, options,
        "a.alt:1:1: error: cannot read 'x': y [ALT1001]\n"
        "   1 | abcdef\n"
        "     | ^\n\n"
        "a.alt:1:5: warning: cannot read 'x': y [ALT1001]\n"
        "   1 | abcdef\n"
        "     |     ^\n\n"
        "4 errors, 1 warning; 3 more findings are not shown\n");
}

// A fixed sequence of numbers that looks random.
static uint32_t next_number(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

// Whatever the bytes and places: valid UTF-8 without controls, one mark below each excerpt.
static void any_bytes_are_rendered(void **state)
{
    Fixture *fixture = *state;
    static const char pool[] = "ab \t\n\r\x1b\x7f\xC3\xA9\xE6\xBC\xA2\xCC\x81\xF0\x9D\xFF\xC2\x9B";
    uint32_t seed = 1;
    for (int round = 0; round < 500; round++) {
        char *bytes = arena_alloc(fixture->arena, 300);
        Str text = {bytes, next_number(&seed) % 300};
        for (size_t i = 0; i < text.len; i++)
            bytes[i] = pool[next_number(&seed) % (sizeof pool - 1)];
        FileId file = sources_add(fixture->sources, text, text);
        uint32_t start = next_number(&seed) % 301, len = next_number(&seed) % 200;
        DiagSink *sink = diag_sink_new(fixture->arena);
        diag_add(
            sink, DIAG_CANNOT_READ_FILE, (Span){file, start, start + len}, text, text, DIAG_END);
        ReportOptions options = {0};
        buf_clear(&fixture->out);
        report_render(&fixture->out, REPORT_TEXT, &options, fixture->sources, sink);
        Str out = buf_str(&fixture->out);
        assert_true(utf8_is_valid(out));
        for (size_t i = 0; i < out.len; i++)
            assert_true((unsigned char)out.ptr[i] >= ' ' || out.ptr[i] == '\n');
        assert_true(str_find(out, STR("\n     | "), 0) != SIZE_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_have_names),
        cmocka_unit_test_setup_teardown(nothing_found_is_nothing_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_finding_has_a_line_and_an_excerpt, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_finding_without_a_place_has_no_excerpt, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tabs_are_filled_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wide_and_joining_characters_align, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_end_of_a_line_can_be_marked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_several_lines_the_first_is_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_lines_are_seen_through_a_window, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_mark_ends_with_the_window, set_up, tear_down),
        cmocka_unit_test_setup_teardown(controls_are_made_visible, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stages_stand_below_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(notes_and_fixes_follow, set_up, tear_down),
        cmocka_unit_test_setup_teardown(colours_are_only_added, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_limit_hides_the_rest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(any_bytes_are_rendered, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
