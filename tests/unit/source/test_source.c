#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "compiler/base/buf.h"
#include "compiler/source/source.h"

typedef struct Fixture {
    Arena *arena;
    Sources *sources;
} Fixture;

static int set_up(void **state)
{
    Fixture *fixture = base_alloc(sizeof *fixture);
    fixture->arena = arena_new();
    fixture->sources = sources_new(fixture->arena);
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

static void assert_str(Str text, const char *expected)
{
    if (!str_is(text, expected))
        fail_msg("'%.*s', expected '%s'", STR_FMT(text), expected);
}

static void assert_position(
    Position at, uint32_t line, uint32_t column, uint32_t byte_column, uint32_t utf16_column)
{
    assert_int_equal(at.line, line);
    assert_int_equal(at.column, column);
    assert_int_equal(at.byte_column, byte_column);
    assert_int_equal(at.utf16_column, utf16_column);
}

static void files_count_from_one(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(sources_count(fixture->sources), 0);
    assert_int_equal(sources_add(fixture->sources, STR("a.alt"), STR("one")), 1);
    assert_int_equal(sources_add(fixture->sources, STR("b.alt"), STR("two")), 2);
    assert_int_equal(sources_count(fixture->sources), 2);
    assert_str(source_name(fixture->sources, 2), "b.alt");
    assert_str(source_text(fixture->sources, 1), "one");
    assert_str(source_slice(fixture->sources, (Span){2, 1, 3}), "wo");
}

static void a_text_within_its_quotes(void **state)
{
    Fixture *fixture = *state;
    FileId file = sources_add(fixture->sources, STR("a.alt"), STR("x \"ab\" 'ab' (ab)"));
    Span inner = source_within_quotes(fixture->sources, (Span){file, 2, 6}, STR("ab"));
    assert_int_equal(inner.start, 3);
    assert_str(source_slice(fixture->sources, inner), "ab");
    inner = source_within_quotes(fixture->sources, (Span){file, 7, 11}, STR("ab"));
    assert_str(source_slice(fixture->sources, inner), "ab");
    assert_false(source_within_quotes(fixture->sources, (Span){file, 12, 16}, STR("ab")).file);
    assert_false(source_within_quotes(fixture->sources, (Span){file, 2, 6}, STR("ac")).file);
    assert_false(source_within_quotes(fixture->sources, (Span){0}, STR("")).file);
}

static void texts_have_digests(void **state)
{
    Fixture *fixture = *state;
    FileId file = sources_add(fixture->sources, STR("a.txt"), STR("abc"));
    const char *digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_str(source_sha256(fixture->sources, file), digest);
    assert_str(source_sha256(fixture->sources, file), digest);
}

static void no_file_is_empty(void **state)
{
    Fixture *fixture = *state;
    assert_str(source_name(fixture->sources, 0), "");
    assert_str(source_slice(fixture->sources, (Span){0}), "");
    assert_str(source_line(fixture->sources, 0, 1), "");
    assert_position(source_position(fixture->sources, 0, 7), 1, 1, 1, 1);
}

static void more_than_a_gibibyte_is_refused(void **state)
{
    Fixture *fixture = *state;
    // The length alone counts; the bytes are not looked at.
    assert_int_equal(sources_add(fixture->sources, STR("a"), (Str){"x", (size_t)1 << 30}), 1);
    assert_int_equal(sources_add(fixture->sources, STR("b"), STR("y")), 0);
    assert_int_equal(sources_add(fixture->sources, STR("c"), STR("")), 2);
}

static void positions_of_lines(void **state)
{
    Fixture *fixture = *state;
    FileId file = sources_add(fixture->sources, STR("a"), STR("ab\ncd\r\n\nx"));
    assert_position(source_position(fixture->sources, file, 0), 1, 1, 1, 1);
    assert_position(source_position(fixture->sources, file, 2), 1, 3, 3, 3);
    assert_position(source_position(fixture->sources, file, 3), 2, 1, 1, 1);
    assert_position(source_position(fixture->sources, file, 7), 3, 1, 1, 1);
    assert_position(source_position(fixture->sources, file, 9), 4, 2, 2, 2);
    assert_position(source_position(fixture->sources, file, 999), 4, 2, 2, 2);
}

static void lines_lose_their_breaks(void **state)
{
    Fixture *fixture = *state;
    FileId file = sources_add(fixture->sources, STR("a"), STR("ab\ncd\r\n\nx"));
    assert_str(source_line(fixture->sources, file, 1), "ab");
    assert_str(source_line(fixture->sources, file, 2), "cd");
    assert_str(source_line(fixture->sources, file, 3), "");
    assert_str(source_line(fixture->sources, file, 4), "x");
    assert_str(source_line(fixture->sources, file, 5), "");
    assert_str(source_line(fixture->sources, file, 0), "");
}

static void an_empty_file_has_one_line(void **state)
{
    Fixture *fixture = *state;
    FileId file = sources_add(fixture->sources, STR("a"), STR(""));
    assert_position(source_position(fixture->sources, file, 0), 1, 1, 1, 1);
    assert_str(source_line(fixture->sources, file, 1), "");
}

static void columns_count_points_bytes_and_utf16(void **state)
{
    Fixture *fixture = *state;
    // é has 2 bytes, € 3, 𝄞 4 bytes and two UTF-16 units.
    FileId file =
        sources_add(fixture->sources, STR("a"), STR("\n\xC3\xA9\xE2\x82\xAC\xF0\x9D\x84\x9Ex"));
    assert_position(source_position(fixture->sources, file, 3), 2, 2, 3, 2);
    assert_position(source_position(fixture->sources, file, 6), 2, 3, 6, 3);
    assert_position(source_position(fixture->sources, file, 10), 2, 4, 10, 5);
    assert_position(source_position(fixture->sources, file, 11), 2, 5, 11, 6);
}

// What the checkpoints give must be what counting from the start of the line gives.
static void long_lines_are_counted_the_same(void **state)
{
    Fixture *fixture = *state;
    Buf text;
    buf_init(&text, 0);
    for (int i = 0; i < 3000; i++)
        buf_add_text(&text, i == 700 ? "\n" : i % 3 ? "\xE2\x82\xAC" : "\xF0\x9D\x84\x9E");
    FileId file = sources_add(fixture->sources, STR("a"), buf_str(&text));
    uint32_t line = 1, column = 1, byte_column = 1, utf16_column = 1;
    for (uint32_t i = 0; i <= text.len; i++) {
        unsigned char c = i < text.len ? (unsigned char)text.ptr[i] : 'x';
        if ((c & 0xC0) != 0x80)
            assert_position(source_position(fixture->sources, file, i), line, column, byte_column,
                utf16_column);
        byte_column++;
        if ((c & 0xC0) != 0x80) {
            column++;
            utf16_column += c >= 0xF0 ? 2 : 1;
        }
        if (c == '\n') {
            line++;
            column = byte_column = utf16_column = 1;
        }
    }
    buf_release(&text);
}

static void spans_join(void **state)
{
    (void)state;
    Span joined = span_join((Span){1, 2, 4}, (Span){1, 7, 9});
    assert_int_equal(joined.start, 2);
    assert_int_equal(joined.end, 9);
    assert_int_equal(span_join((Span){0}, (Span){1, 7, 9}).start, 7);
    assert_int_equal(span_join((Span){1, 2, 4}, (Span){0}).end, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files_count_from_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_text_within_its_quotes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_have_digests, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_file_is_empty, set_up, tear_down),
        cmocka_unit_test_setup_teardown(more_than_a_gibibyte_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(positions_of_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lines_lose_their_breaks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_empty_file_has_one_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(columns_count_points_bytes_and_utf16, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_lines_are_counted_the_same, set_up, tear_down),
        cmocka_unit_test(spans_join),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
