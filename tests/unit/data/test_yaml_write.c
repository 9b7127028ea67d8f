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

static Str yaml_of(Arena *arena, const Datum *datum)
{
    Buf buf;
    buf_init(&buf, 0);
    data_write_yaml(&buf, datum);
    Str text = buf_copy(&buf, arena);
    buf_release(&buf);
    return text;
}

// The datum must come back from its YAML.
static void check_round_trip(const Datum *datum)
{
    Arena *arena = arena_new();
    Str yaml = yaml_of(arena, datum);
    Fixture fixture = fixture_of(yaml);
    const Datum *back = data_read_yaml(&fixture.context, fixture.file);
    if (!back || !datum_equal(datum, back))
        print_message("%s\n%s\n", yaml.ptr, fixture_result(&fixture, back).ptr);
    assert_non_null(back);
    assert_true(datum_equal(datum, back));
    arena_free(fixture.arena);
    arena_free(arena);
}

static const struct {
    Str json;
    const char *yaml;
} rows[] = {
    {TEXT("{}"), "{}\n"},
    {TEXT("[]"), "[]\n"},
    {TEXT("\"a\\nb\\n\""), "|\n  a\n  b\n"},
    {TEXT("[[1, [2]], {\"a\": [3]}, {}]"), "- - 1\n  - - 2\n- a:\n    - 3\n- {}\n"},
    {TEXT("{\"a\": {\"b\": null, \"c\": []}, \"d\": true}"), "a:\n  b: null\n  c: []\nd: true\n"},
    {TEXT("[\"yes\", \"010\", \"1.0\", \"2012-10-17\", \"~\", \"\", \"null\", \"1:30\", \"=\"]"),
        "- 'yes'\n- '010'\n- '1.0'\n- '2012-10-17'\n- '~'\n- ''\n- 'null'\n- '1:30'\n- '='\n"},
    {TEXT("[\"a b\", \" a\", \"a \", \"a: b\", \"a:\", \"a #b\", \"a#b\", \"*\", "
          "\"it's\", \"'q'\"]"),
        "- a b\n- ' a'\n- 'a '\n- 'a: b'\n- 'a:'\n- 'a #b'\n- a#b\n- '*'\n- it's\n- '''q'''\n"},
    {TEXT("[\"\\u0000\\t\", \"\\u0085\\u2028\\r\\n\", \"a\\tb\", \"\\\"\\\\\\u0001\"]"),
        "- \"\\x00\t\"\n- \"\\x85\\u2028\\r\\n\"\n- 'a\tb'\n- \"\\\"\\\\\\x01\"\n"},
    {TEXT("{\"a\": \"x\\n\", \"b\": \"x\\ny\", \"c\": \"x\\n\\n\", \"d\": \" x\\n\", "
          "\"e\": \"\\n\"}"),
        "a: |\n  x\nb: |-\n  x\n  y\nc: |+\n  x\n\nd: |2\n   x\ne: \"\\n\"\n"},
    {TEXT("{\"yes\": 1, \"a\\nb\": 2, \"<<\": 3, \"AWS::X\": 4}"),
        "'yes': 1\n\"a\\nb\": 2\n'<<': 3\nAWS::X: 4\n"},
    {TEXT("{\"Ref\": \"A\"}"), "!Ref A\n"},
    {TEXT("{\"a\": {\"Fn::GetAtt\": [\"A\", \"b.c\"]}, \"b\": {\"Fn::GetAtt\": [\"A.b\", \"c\"]}}"),
        "a: !GetAtt A.b.c\nb: !GetAtt\n  - A.b\n  - c\n"},
    {TEXT("{\"a\": {\"Fn::Join\": [\",\", \"x\"]}, \"b\": [{\"Fn::If\": [\"c\", "
          "{\"Ref\": \"d\"}, 1]}]}"),
        "a: !Join\n  - ','\n  - x\nb:\n  - !If\n    - c\n    - !Ref d\n    - 1\n"},
    {TEXT("{\"a\": {\"Fn::Sub\": \"x\\n${y}\"}, \"b\": {\"Fn::Base64\": {\"Fn::Sub\": \"z\"}}}"),
        "a: !Sub |-\n  x\n  ${y}\nb:\n  Fn::Base64: !Sub z\n"},
    {TEXT("{\"a\": {\"Fn::GetAtt\": \"A.b\"}, \"b\": {\"Ref\": {\"Ref\": \"c\"}}, "
          "\"c\": {\"Ref\": 1}}"),
        "a:\n  Fn::GetAtt: A.b\nb:\n  Ref: !Ref c\nc:\n  Ref: 1\n"},
    {TEXT("{\"a\": {\"Condition\": {\"x\": 1}}, \"b\": {\"Condition\": \"c\"}, "
          "\"d\": {\"Fn::GetAZs\": \"\"}}"),
        "a:\n  Condition:\n    x: 1\nb: !Condition c\nd: !GetAZs ''\n"},
    {TEXT("{\"a\": {\"Fn::Transform\": {\"Name\": \"n\"}}, \"b\": {\"Fn::Length\": [1]}}"),
        "a: !Transform\n  Name: 'n'\nb:\n  Fn::Length:\n    - 1\n"},
};

static void test_how_it_looks(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        Fixture fixture = fixture_of(rows[i].json);
        const Datum *datum = data_read_json(&fixture.context, fixture.file);
        assert_non_null(datum);
        assert_string_equal(yaml_of(fixture.arena, datum).ptr, rows[i].yaml);
        check_round_trip(datum);
        arena_free(fixture.arena);
    }
}

// ---- random data ----

static uint32_t next_random(uint32_t *seed, uint32_t limit)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed % limit;
}

static Str random_text(Arena *arena, uint32_t *seed)
{
    static const char *const pieces[] = {"a", "Z", " ", " ", "\n", "\n", "\t", "\r", ":", "#", "-",
        "?", "'", "\"", "\\", "%", "@", "`", "!", "&", "*", "|", ">", "{", "}", "[", "]", ",", "0",
        "1", "9", ".", "e", "_", "+", "x", "yes", "null", "~", "<<", "---", "...", "\xC2\x85",
        "\xE2\x80\xA8", "\xEF\xBB\xBF", "\xC3\xA9", "\xF0\x9F\x98\x80", "\x7F", "\x01", "${X}",
        "!Ref", "2012-10-17", "  ", "\n\n"};
    Str text = STR("");
    if (!next_random(seed, 200)) {
        char *fill = arena_alloc(arena, 1500);
        memset(fill, 'k', 1500);
        text = (Str){fill, 1500};
    }
    for (uint32_t count = next_random(seed, 7); count; count--)
        text = str_format(arena, "%.*s%s", STR_FMT(text), pieces[next_random(seed, ROWS(pieces))]);
    return text;
}

static Datum *random_datum(Arena *arena, uint32_t *seed, int depth);

static Datum *random_map(Arena *arena, uint32_t *seed, int depth)
{
    static const Str intrinsics[] = {TEXT("Ref"), TEXT("Fn::GetAtt"), TEXT("Fn::Sub"),
        TEXT("Condition"), TEXT("Fn::Join"), TEXT("Fn::Transform"), TEXT("Fn::Length")};
    Datum *map = datum_map(arena, NULL);
    if (!next_random(seed, 2)) {
        Str key = intrinsics[next_random(seed, ROWS(intrinsics))];
        datum_put(arena, map, key, NULL, random_datum(arena, seed, depth - 1));
        return map;
    }
    for (uint32_t count = next_random(seed, 4); count; count--) {
        Str key = random_text(arena, seed);
        if (!datum_get(map, key))
            datum_put(arena, map, key, NULL, random_datum(arena, seed, depth - 1));
    }
    return map;
}

static Datum *random_datum(Arena *arena, uint32_t *seed, int depth)
{
    static const Str numbers[] = {TEXT("0"), TEXT("-0"), TEXT("1.0"), TEXT("1e5"), TEXT("0e1"),
        TEXT("-0.5E-03"), TEXT("112233445566"), TEXT("99999999999999999999999999.10")};
    uint32_t kind = next_random(seed, depth > 0 ? 8 : 5);
    if (kind == 0)
        return datum_null(arena, NULL);
    if (kind == 1)
        return datum_bool(arena, NULL, next_random(seed, 2));
    if (kind == 2)
        return datum_number(arena, NULL, numbers[next_random(seed, ROWS(numbers))]);
    if (kind < 5)
        return datum_string(arena, NULL, random_text(arena, seed));
    if (kind < 7)
        return random_map(arena, seed, depth);
    Datum *list = datum_list(arena, NULL);
    for (uint32_t count = next_random(seed, 4); count; count--)
        datum_append(arena, list, random_datum(arena, seed, depth - 1));
    return list;
}

static void test_random_data_come_back(void **state)
{
    (void)state;
    uint32_t seed = 20240229;
    for (int i = 0; i < 3000; i++) {
        Arena *arena = arena_new();
        check_round_trip(random_datum(arena, &seed, 5));
        arena_free(arena);
    }
}

static void test_long_numbers_and_keys_come_back(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    char *digits = arena_alloc(arena, 3001);
    memset(digits, '7', 3000);
    check_round_trip(datum_number(arena, NULL, (Str){digits, 3000}));
    check_round_trip(datum_string(arena, NULL, (Str){digits, 3000}));
    char *unprintable = arena_alloc(arena, 251);
    memset(unprintable, 1, 250);
    for (size_t len = 249; len <= 250; len++) {
        Datum *map = datum_map(arena, NULL), *inner = datum_map(arena, NULL);
        datum_put(arena, inner, (Str){digits, 2000}, NULL, datum_list(arena, NULL));
        datum_put(arena, map, (Str){unprintable, len}, NULL, inner);
        datum_put(arena, map, (Str){digits, len + 2}, NULL, inner);
        check_round_trip(map);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_how_it_looks),
        cmocka_unit_test(test_random_data_come_back),
        cmocka_unit_test(test_long_numbers_and_keys_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
