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

typedef struct Row {
    Str text;
    const char *result;
} Row;

static void check_rows(const Row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Fixture fixture = fixture_of(rows[i].text);
        const Datum *datum = data_read_yaml(&fixture.context, fixture.file);
        assert_string_equal(fixture_result(&fixture, datum).ptr, rows[i].result);
        assert_int_equal(datum == NULL, diag_error_count(fixture.context.diags) > 0);
        arena_free(fixture.arena);
    }
}

static void test_values(void **state)
{
    (void)state;
    static const Row rows[] = {
        {TEXT(""), "null"},
        {TEXT("# nothing\n"), "null"},
        {TEXT("---\n...\n"), "null"},
        {TEXT("\xEF\xBB\xBF"
              "a: 1\r\nb: Yes\r\n"),
            "{\"a\":1,\"b\":true}"},
        {TEXT("a: 010\nb: 0x1F\nc: 1_000\nd: .5\ne: 1.0\nf: 2012-10-17\ng: '010'\nh: \"yes\""),
            "{\"a\":8,\"b\":31,\"c\":1000,\"d\":0.5,\"e\":1.0,\"f\":\"2012-10-17\",\"g\":\"010\","
            "\"h\":\"yes\"}"},
        {TEXT("yes: 1\n010: 2\n2012-10-17: 3\n~: 4\n'': 5\n!!str 7: 6\n"),
            "{\"yes\":1,\"010\":2,\"2012-10-17\":3,\"~\":4,\"\":5,\"7\":6}"},
        {TEXT("- a\n-\n- - b\n  - c\n- {x: [], y: {}}\n"),
            "[\"a\",null,[\"b\",\"c\"],{\"x\":[],\"y\":{}}]"},
        {TEXT("a: |\n  x\n   y\n\nb: >-\n  x\n  y\n"), "{\"a\":\"x\\n y\\n\",\"b\":\"x y\"}"},
        {TEXT("\"\\u00e9\\0\\x41\\n\\\n  z\""), "\"\xC3\xA9\\u0000A\\nz\""},
        {TEXT("{\"json\": [1, true, null, \"x\\/\\\"\"]}"), "{\"json\":[1,true,null,\"x/\\\"\"]}"},
        {TEXT("- !!str 1\n- ! 1\n- !!int '7'\n- !!float 1\n- !!bool on\n- !!null ''\n"
              "- !!map {}\n- !!seq []\n- !<tag:yaml.org,2002:str> 5\n"),
            "[\"1\",\"1\",7,1,true,null,{},[],\"5\"]"},
    };
    check_rows(rows, ROWS(rows));
}

static void test_short_tags(void **state)
{
    (void)state;
    static const Row rows[] = {
        {TEXT("!Ref A"), "{\"Ref\":\"A\"}"},
        {TEXT("!Ref 123"), "{\"Ref\":\"123\"}"},
        {TEXT("!GetAZs"), "{\"Fn::GetAZs\":\"\"}"},
        {TEXT("!Condition C"), "{\"Condition\":\"C\"}"},
        {TEXT("!GetAtt A.B"), "{\"Fn::GetAtt\":[\"A\",\"B\"]}"},
        {TEXT("!GetAtt Db.Endpoint.Port"), "{\"Fn::GetAtt\":[\"Db\",\"Endpoint.Port\"]}"},
        {TEXT("!GetAtt [A, !Sub '${B}']"), "{\"Fn::GetAtt\":[\"A\",{\"Fn::Sub\":\"${B}\"}]}"},
        {TEXT("!Sub ['${x}', {x: !Ref A}]"), "{\"Fn::Sub\":[\"${x}\",{\"x\":{\"Ref\":\"A\"}}]}"},
        {TEXT("!Join\n- ','\n- - !ImportValue x\n  - !Base64 y\n"),
            "{\"Fn::Join\":[\",\",[{\"Fn::ImportValue\":\"x\"},{\"Fn::Base64\":\"y\"}]]}"},
        {TEXT("!And [!Not [!Equals [1, 2]], !Or [a, b]]"),
            "{\"Fn::And\":[{\"Fn::Not\":[{\"Fn::Equals\":[1,2]}]},{\"Fn::Or\":[\"a\",\"b\"]}]}"},
        {TEXT("!Select [0, !Split [',', !FindInMap [a, b, c]]]"),
            "{\"Fn::Select\":[0,{\"Fn::Split\":[\",\",{\"Fn::FindInMap\":[\"a\",\"b\",\"c\"]}]}]}"},
        {TEXT("!Cidr [!If [c, x, y], 6, 8]"),
            "{\"Fn::Cidr\":[{\"Fn::If\":[\"c\",\"x\",\"y\"]},6,8]}"},
        {TEXT("!Transform {Name: N}"), "{\"Fn::Transform\":{\"Name\":\"N\"}}"},
        {TEXT("Fn::GetAtt: A.B"), "{\"Fn::GetAtt\":\"A.B\"}"},
    };
    check_rows(rows, ROWS(rows));
}

static void test_anchors_and_merges(void **state)
{
    (void)state;
    static const Row rows[] = {
        {TEXT("- &a {x: 1}\n- *a\n- &a 2\n- *a"), "[{\"x\":1},{\"x\":1},2,2]"},
        {TEXT("&k key: *k"), "{\"key\":\"key\"}"},
        {TEXT("- &a {x: 1, y: 2}\n- <<: *a\n  y: 3\n  z: 4"),
            "[{\"x\":1,\"y\":2},{\"x\":1,\"y\":3,\"z\":4}]"},
        {TEXT("<<: [{a: 1}, {a: 2, b: 3}]\nc: 4"), "{\"a\":1,\"b\":3,\"c\":4}"},
        {TEXT("a: 1\n<<: {a: 2, b: 3}\n"), "{\"b\":3,\"a\":1}"},
        {TEXT("'<<': {a: 1}"), "{\"<<\":{\"a\":1}}"},
        {TEXT("<<: {}"), "{}"},
        {TEXT("- *x"), "ALT1042@2..4 no anchor '&x' stands before this alias"},
        {TEXT("&x [1, *x]"), "ALT1043@7..9 alias '*x' stands inside of what it names"},
        {TEXT("<<: 1"), "ALT1048@0..2 '<<' expects a map or a list of maps"},
        {TEXT("<<: [{}, []]"), "ALT1048@0..2 '<<' expects a map or a list of maps"},
    };
    check_rows(rows, ROWS(rows));
}

static void test_refusals(void **state)
{
    (void)state;
    static const Row rows[] = {
        {TEXT("a: 1\nb: 2\na: 3\n"), "ALT1021@10..11 key 'a' is used twice in one map"},
        {TEXT("a: [1\nb: 2\n"), "ALT1040@7..8 not YAML: did not find expected ',' or ']'"},
        {TEXT("\xC3\xA9: '\xC3\xA9\n"), "ALT1040@8..8 not YAML: found unexpected end of stream"},
        {TEXT("a: \x01\n"), "ALT1040@3..3 not YAML: control characters are not allowed"},
        {TEXT("a\n---\nb\n"), "ALT1041@2..3 a second document begins here, expected one"},
        {TEXT("a: !Reff x\n"), "ALT1045@3..8 unknown tag '!Reff'"},
        {TEXT("a: !!binary x\n"), "ALT1045@3..11 unknown tag '!!binary'"},
        {TEXT("!!set {a: 1}\n"), "ALT1045@0..5 unknown tag '!!set'"},
        {TEXT("!<x> y\n"), "ALT1045@0..1 unknown tag 'x'"},
        {TEXT("!GetAtt A\n"), "ALT1046@0..9 '!GetAtt' expects 'Name.Attribute' or a list"},
        {TEXT("!GetAtt .A\n"), "ALT1046@0..10 '!GetAtt' expects 'Name.Attribute' or a list"},
        {TEXT("!!int x\n"), "ALT1046@0..7 '!!int' expects a number"},
        {TEXT("!!bool 1\n"), "ALT1046@0..8 '!!bool' expects a bool"},
        {TEXT("!!null 1\n"), "ALT1046@0..8 '!!null' expects nothing or 'null'"},
        {TEXT("!!map x\n"), "ALT1046@0..7 '!!map' expects a map"},
        {TEXT("!!seq {a: 1}\n"), "ALT1046@0..12 '!!seq' expects a list"},
        {TEXT("!!map [a]\n"), "ALT1046@0..9 '!!map' expects a map"},
        {TEXT("!!str [a]\n"), "ALT1046@0..9 '!!str' expects a text"},
        {TEXT("{[a]: 1}"), "ALT1047@1..2 found a list as a key, expected a text"},
        {TEXT("? {a: b}\n: 1"), "ALT1047@2..3 found a map as a key, expected a text"},
        {TEXT("a: &x b\n*x : 1"), "ALT1047@8..9 found an alias as a key, expected a text"},
        {TEXT("?\n: 1"), "ALT1047@1..2 found nothing as a key, expected a text"},
        {TEXT("!Ref a: 1"), "ALT1047@0..1 found '!Ref' as a key, expected a text"},
        {TEXT("[.inf, '.inf']"),
            "ALT1049@1..5 '.inf' has no JSON form, expected a finite number or a quoted text"},
        {TEXT("a: \xC0\x80"), "ALT1020@3..4 byte 0xC0 is not UTF-8"},
    };
    check_rows(rows, ROWS(rows));
}

// Every string of these texts is found at its place by its first character.
static void test_places_are_bytes(void **state)
{
    (void)state;
    static const Str texts[] = {
        TEXT("k: [a, b]\nl: c\n"),
        TEXT("\xEF\xBB\xBF# \xE2\x82\xAC\xF0\x9F\x98\x80\r\nk: [a, b]\r\nl:\r\n- c\r\n"),
        TEXT("# \xC2\x85"
             "k: a # \xE2\x80\xA8l: \xC3\xA9\n"),
        TEXT("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
             "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
             "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
             "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9: x\n"
             "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
             "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
             "y: y\nz: z\n"),
    };
    for (size_t i = 0; i < ROWS(texts); i++) {
        Fixture fixture = fixture_of(texts[i]);
        const Datum *map = data_read_yaml(&fixture.context, fixture.file);
        assert_non_null(map);
        for (size_t j = 0; j < map->entries.len; j++) {
            const DatumEntry *entry = &map->entries.items[j];
            Str key = source_slice(fixture.context.sources, entry->origin->span);
            assert_true(str_equal(key, entry->key));
            const Datum *value =
                entry->value->items.len ? entry->value->items.items[0] : entry->value;
            Str text = source_slice(fixture.context.sources, value->origin->span);
            assert_true(str_equal(text, value->text));
        }
        arena_free(fixture.arena);
    }
}

static void test_spans_of_collections_and_blocks(void **state)
{
    (void)state;
    Fixture fixture = fixture_of(STR("a:\n  - x\n  - [1, 2]\n\nb: |\n  t\n\n# c\nc: !Ref R\n"));
    const Datum *map = data_read_yaml(&fixture.context, fixture.file);
    static const char *const slices[] = {"- x\n  - [1, 2]", "|\n  t", "!Ref R"};
    for (size_t i = 0; i < ROWS(slices); i++) {
        Span span = map->entries.items[i].value->origin->span;
        assert_true(str_is(source_slice(fixture.context.sources, span), slices[i]));
    }
    assert_int_equal(map->origin->span.start, 0);
    arena_free(fixture.arena);
}

static void check_finding(Str text, const char *start)
{
    Fixture fixture = fixture_of(text);
    assert_null(data_read_yaml(&fixture.context, fixture.file));
    Str findings = fixture_findings(&fixture);
    assert_true(str_starts(findings, str_of(start)));
    arena_free(fixture.arena);
}

static Str repeat(Arena *arena, const char *piece, size_t count)
{
    Buf buf;
    buf_init(&buf, 0);
    for (size_t i = 0; i < count; i++)
        buf_add_text(&buf, piece);
    Str text = buf_copy(&buf, arena);
    buf_release(&buf);
    return text;
}

static void test_limits(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Buf buf;
    buf_init(&buf, 0);
    // Ten levels of ten aliases each.
    buf_add_text(&buf, "- &a0 x\n");
    for (int i = 1; i <= 10; i++) {
        buf_add_format(&buf, "- &a%d [", i);
        for (int j = 0; j < 10; j++)
            buf_add_format(&buf, "%s*a%d", j ? "," : "", i - 1);
        buf_add_text(&buf, "]\n");
    }
    check_finding(buf_copy(&buf, arena), "ALT1044");
    // Each level is shallow, all of them together are not.
    buf_clear(&buf);
    buf_add_text(&buf, "- &a0 x\n");
    for (int i = 1; i <= 60; i++)
        buf_add_format(&buf, "- &a%d [[[[[[[[[[*a%d]]]]]]]]]]\n", i, i - 1);
    check_finding(buf_copy(&buf, arena), "ALT1022");
    check_finding(repeat(arena, "[", 100000), "ALT1022@512..513");
    check_finding(repeat(arena, "- ", 100000), "ALT1022");
    check_finding(repeat(arena, "{a: !Not [", 400), "ALT1022");
    buf_release(&buf);
    // Large but plain is fine.
    Fixture fixture = fixture_of(repeat(arena, "- 1\n", 150000));
    const Datum *list = data_read_yaml(&fixture.context, fixture.file);
    assert_non_null(list);
    assert_int_equal(list->items.len, 150000);
    arena_free(fixture.arena);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_short_tags),
        cmocka_unit_test(test_anchors_and_merges),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_places_are_bytes),
        cmocka_unit_test(test_spans_of_collections_and_blocks),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
