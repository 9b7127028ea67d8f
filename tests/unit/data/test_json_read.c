#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "tests/unit/data/data_fixture.h"

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }
#define ROWS(table) (sizeof(table) / sizeof *(table))

static const struct {
    Str text;
    const char *result;
} texts[] = {
    // what is read
    {TEXT("null"), "null"},
    {TEXT("\xEF\xBB\xBF true "), "true"},
    {TEXT("\r\n\t false\n"), "false"},
    {TEXT("[]"), "[]"},
    {TEXT("{ }"), "{}"},
    {TEXT("[1, -0, 1.50, 1e+9, 12345678901234567890123, 0.1E-2]"),
        "[1,-0,1.50,1e+9,12345678901234567890123,0.1E-2]"},
    {TEXT("{\"b\":{\"a\":[null]},\"\":\"\"}"), "{\"b\":{\"a\":[null]},\"\":\"\"}"},
    {TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), "\"\\\"\\\\/\\b\\f\\n\\r\\t\""},
    {TEXT("\"\\u0041\\u00e9\\u20AC\\uD83D\\uDE00\\u0000\\u001f\x7f\""),
        "\"A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\\u0000\\u001f\x7f\""},
    {TEXT("\"h\xC3\xA9\""), "\"h\xC3\xA9\""},
    // what is refused
    {TEXT(""), "ALT1025@0..0 found the end of the file, expected a value"},
    {TEXT("[1"), "ALT1025@2..2 found the end of the file, expected ',' or ']'"},
    {TEXT("1 2"), "ALT1025@2..3 found '2', expected the end of the file"},
    {TEXT("{a:1}"), "ALT1025@1..2 found 'a', expected a key in double quotes"},
    {TEXT("{\"a\" 1}"), "ALT1025@5..6 found '1', expected ':'"},
    {TEXT("{\"a\":}"), "ALT1025@5..6 found '}', expected a value"},
    {TEXT("{\"a\":1]"), "ALT1025@6..7 found ']', expected ',' or '}'"},
    {TEXT("[,1]"), "ALT1025@1..2 found ',', expected a value"},
    {TEXT("[\0]"), "ALT1025@1..2 found U+0000, expected a value"},
    {TEXT("[\xE2\x82\xAC]"), "ALT1025@1..4 found '\xE2\x82\xAC', expected a value"},
    {TEXT("True"), "ALT1025@0..4 found 'True', expected a value"},
    {TEXT("[1,]"), "ALT1027@2..3 trailing comma before ']'"},
    {TEXT("{\"a\":1 , }"), "ALT1027@7..8 trailing comma before '}'"},
    {TEXT("// no\n[/* a */1] // end"),
        "ALT1026@0..5 JSON has no comments; "
        "ALT1026@7..14 JSON has no comments; ALT1026@17..23 JSON has no comments"},
    {TEXT("[01, +1, .5, 1., 1e, 0x1F, -, NaN]"),
        "ALT1028@1..3 '01' is not a JSON number; "
        "ALT1028@5..7 '+1' is not a JSON number; ALT1028@9..11 '.5' is not a JSON number; "
        "ALT1028@13..15 '1.' is not a JSON number; ALT1028@17..19 '1e' is not a JSON number; "
        "ALT1028@21..25 '0x1F' is not a JSON number; ALT1028@27..28 '-' is not a JSON number; "
        "ALT1025@30..33 found 'NaN', expected a value"},
    {TEXT("{\"a\":1,\"b\":2,\"a\":3}"), "ALT1021@13..16 key 'a' is used twice in one map"},
    {TEXT("[\"abc]"), "ALT1029@1..6 string does not end on its line, expected '\"'"},
    {TEXT("\"a\nb\""), "ALT1029@0..2 string does not end on its line, expected '\"'"},
    {TEXT("\"\\"), "ALT1029@0..2 string does not end on its line, expected '\"'"},
    {TEXT("\"a\tb\0\""), "ALT1030@2..3 U+0009 in a string must be written as an escape; "
                         "ALT1030@4..5 U+0000 in a string must be written as an escape"},
    {TEXT("\"\\x41\\'\\u12G4\\u\""),
        "ALT1031@1..3 '\\x' is not an escape of JSON; "
        "ALT1031@5..7 '\\'' is not an escape of JSON; ALT1031@7..9 '\\u' is not an escape of JSON; "
        "ALT1031@13..15 '\\u' is not an escape of JSON"},
    {TEXT("\"\\uD83D \\uDE00 \\uD83D\\uD83D\\uDE00\""),
        "ALT1032@1..7 '\\uD83D' is half of a surrogate pair; "
        "ALT1032@8..14 '\\uDE00' is half of a surrogate pair; "
        "ALT1032@15..21 '\\uD83D' is half of a surrogate pair"},
    {TEXT("\"a\xFF\""), "ALT1020@2..3 byte 0xFF is not UTF-8"},
    {TEXT("\xFF\xFE[\0]\0"), "ALT1020@0..1 byte 0xFF is not UTF-8"},
};

static void test_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(texts); i++) {
        Fixture fixture = fixture_of(texts[i].text);
        const Datum *datum = data_read_json(&fixture.context, fixture.file);
        assert_string_equal(fixture_result(&fixture, datum).ptr, texts[i].result);
        assert_int_equal(datum == NULL, diag_error_count(fixture.context.diags) > 0);
        arena_free(fixture.arena);
    }
}

static void test_every_value_knows_its_place(void **state)
{
    (void)state;
    Fixture fixture = fixture_of(STR("{\"k\": [1, \"x\", true, null, {}]}"));
    Datum *map = data_read_json(&fixture.context, fixture.file);
    assert_non_null(map);
    Datum *list = datum_get(map, STR("k"));
    const Origin *origins[] = {map->origin, map->entries.items[0].origin, list->origin,
        list->items.items[0]->origin, list->items.items[1]->origin, list->items.items[2]->origin,
        list->items.items[3]->origin, list->items.items[4]->origin};
    static const uint32_t spans[][2] = {
        {0, 31}, {1, 4}, {6, 30}, {7, 8}, {10, 13}, {15, 19}, {21, 25}, {27, 29}};
    for (size_t i = 0; i < ROWS(spans); i++) {
        assert_int_equal(origins[i]->span.file, fixture.file);
        assert_int_equal(origins[i]->span.start, spans[i][0]);
        assert_int_equal(origins[i]->span.end, spans[i][1]);
    }
    arena_free(fixture.arena);
}

static Str nested(Arena *arena, size_t levels)
{
    char *text = arena_alloc(arena, 2 * levels + 1);
    memset(text, '[', levels);
    memset(text + levels, ']', levels);
    return (Str){text, 2 * levels};
}

static void test_depth_is_limited(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    static const size_t levels[] = {512, 513, 100000};
    for (size_t i = 0; i < ROWS(levels); i++) {
        Fixture fixture = fixture_of(nested(arena, levels[i]));
        const Datum *datum = data_read_json(&fixture.context, fixture.file);
        assert_int_equal(datum != NULL, levels[i] == 512);
        if (!datum)
            assert_string_equal(
                fixture_findings(&fixture).ptr, "ALT1022@512..513 nested deeper than 512 levels");
        arena_free(fixture.arena);
    }
    arena_free(arena);
}

// Large maps look keys up in a table.
static void test_duplicates_are_found_in_large_maps(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    for (size_t count = 2; count < 40; count++) {
        for (size_t same = 0; same + 1 < count; same++) {
            Buf buf;
            buf_init(&buf, 0);
            for (size_t i = 0; i < count; i++)
                buf_add_format(&buf, "%c\"k%zu\":%zu", i ? ',' : '{', i + 1 < count ? i : same, i);
            buf_add_char(&buf, '}');
            Fixture fixture = fixture_of(buf_copy(&buf, arena));
            assert_null(data_read_json(&fixture.context, fixture.file));
            DiagList list = diag_sorted(fixture.context.diags);
            assert_int_equal(list.len, 1);
            assert_int_equal(list.items[0]->code, DIAG_DATA_DUPLICATE_KEY);
            assert_int_equal(list.items[0]->notes.len, 1);
            assert_true(list.items[0]->notes.items[0].span.start < list.items[0]->span.start);
            buf_release(&buf);
            arena_free(fixture.arena);
        }
    }
    arena_free(arena);
}

// The same values and the same texts refused, without places and findings.
static void test_parsing_alone(void **state)
{
    (void)state;
    const Str text = STR("{\"a\": [1, {\"\\u0041b\": \"c\"}], \"plain\": null}");
    Fixture fixture = fixture_of(text);
    const Datum *read = data_read_json(&fixture.context, fixture.file);
    const Datum *parsed = data_parse_json(fixture.arena, text);
    assert_true(datum_equal(read, parsed));
    assert_non_null(read->origin);
    assert_null(parsed->origin);
    assert_null(parsed->entries.items[0].origin);
    assert_non_null(datum_get(parsed->entries.items[0].value->items.items[1], STR("Ab")));
    assert_null(data_parse_json(fixture.arena, STR("{\"a\": 1, \"a\": 2}")));
    assert_null(data_parse_json(fixture.arena, STR("{\"a")));
    assert_null(data_parse_json(fixture.arena, STR("{\"a\nb\": 1}")));
    assert_null(data_parse_json(fixture.arena, STR("")));
    arena_free(fixture.arena);
}

static void test_pretty_form(void **state)
{
    (void)state;
    Fixture fixture = fixture_of(STR("{\"a\":[1,{}],\"b\":[],\"c\":{\"d\":null}}"));
    const Datum *datum = data_read_json(&fixture.context, fixture.file);
    Buf buf;
    buf_init(&buf, 0);
    data_write_json(&buf, datum);
    assert_string_equal(buf.ptr, "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": [],\n"
                                 "  \"c\": {\n    \"d\": null\n  }\n}\n");
    buf_release(&buf);
    arena_free(fixture.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_every_value_knows_its_place),
        cmocka_unit_test(test_depth_is_limited),
        cmocka_unit_test(test_duplicates_are_found_in_large_maps),
        cmocka_unit_test(test_parsing_alone),
        cmocka_unit_test(test_pretty_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
