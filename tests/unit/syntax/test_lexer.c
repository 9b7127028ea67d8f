#include "tests/unit/syntax/syntax_fixture.h"

#include "compiler/syntax/lexer.h"

// The kinds of all tokens up to the end, by their spelling or name; findings by code behind them.
static Str tokens_of(Arena *arena, Str text)
{
    SyntaxErrors errors = {.sink = diag_sink_new(arena), .file = 1};
    Lexer *lexer = ARENA_NEW(arena, Lexer);
    lexer_init(lexer, text, &errors);
    Str all = STR("");
    Token token;
    uint32_t last_end = 0;
    do {
        lexer_next(lexer, &token);
        assert_true(token.start >= last_end && token.end >= token.start && token.end <= text.len);
        last_end = token.end;
        Str slice = str_slice(text, token.start, token.end);
        bool shown = !(token_traits(token.kind) & TOKEN_FIXED) && slice.len;
        if (token.kind == TOK_NEWLINE)
            all = str_format(arena, "%.*s NL", STR_FMT(all));
        else if (token.kind == TOK_SIGN)
            all = str_format(arena, "%.*s sign", STR_FMT(all));
        else if (token.kind != TOK_END)
            all = str_format(
                arena, "%.*s %.*s", STR_FMT(all), STR_FMT(shown ? slice : token_text(token.kind)));
    } while (token.kind != TOK_END);
    DiagList list = diag_sorted(errors.sink);
    for (size_t i = 0; i < list.len; i++)
        all = str_format(arena, "%.*s !%d", STR_FMT(all), diag_number(list.items[i]->code));
    return all;
}

typedef struct TokenRow {
    const char *text;
    const char *tokens;
} TokenRow;

static void check_tokens(const TokenRow *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Arena *arena = arena_new();
        Str tokens = tokens_of(arena, str_of(rows[i].text));
        if (!str_is(tokens, rows[i].tokens))
            print_error("in: %s\n", rows[i].text);
        assert_string_equal(tokens.ptr, rows[i].tokens);
        arena_free(arena);
    }
}

#define CHECK_TOKENS(rows) check_tokens((rows), sizeof(rows) / sizeof *(rows))

static void test_names_hold_dashes(void **state)
{
    (void)state;
    static const TokenRow rows[] = {
        {"dashboard-dev a_b _x x9", " dashboard-dev a_b _x x9"},
        {"dashboard-*, api-*", " dashboard-* , api-*"},
        {"AWS::S3::Bucket Custom::X a::b_c", " AWS::S3::Bucket Custom::X a::b_c"},
        {"a:b a: :b", " a : b a : : b"},
        {"true truely null-x for in is if else match",
            " true truely null-x for in is if else match"},
    };
    CHECK_TOKENS(rows);
}

static void test_minus_is_told_by_blanks(void **state)
{
    (void)state;
    static const TokenRow rows[] = {
        {"a - b", " a - b"},
        {"a-b", " a-b"},
        {"-1 (-a) [-b]", " sign 1 ( sign a ) [ sign b ]"},
        {"a -b", " a sign b"},
        {"a- b", " a - b !1119"},
        {"f(x)-1", " f ( x ) - 1 !1119"},
        {"a\n- b", " a - b"},
        {"a\n-b", " a NL sign b"},
    };
    CHECK_TOKENS(rows);
}

static void test_line_breaks_end_entries_only_where_they_can(void **state)
{
    (void)state;
    static const TokenRow rows[] = {
        {"a\nb", " a NL b"},
        {"\n\na\n\n\nb\n", " a NL b"},
        {"a +\nb", " a + b"},
        {"a\n+ b", " a + b"},
        {"a\n? b\n: c", " a ? b : c"},
        {"{\na\n}", " { a }"},
        {"a,\nb", " a , b"},
        {"a\n, b", " a , b"},
        {"a\n...b", " a NL ... b"},
        {"a\n.b", " a . b"},
        {"a\n!b", " a NL ! b"},
        {"a\n!= b", " a != b"},
        {"a\n[b]\n(c)\n{", " a NL [ b ] NL ( c ) NL {"},
        {"T<x>\ny", " T < x > NL y"},
        {"a\nin b", " a NL in b"},
        {"a // x\n// y\nb", " a NL b"},
        {"a\r\nb\r\n", " a NL b"},
        {"a // no break at the end", " a"},
    };
    CHECK_TOKENS(rows);
}

static void test_numbers_are_digits_alone(void **state)
{
    (void)state;
    static const TokenRow rows[] = {
        {"1 1.0 0 0.10 112233445566", " 1 1.0 0 0.10 112233445566"},
        {"010", " 010 !1118"},
        {"00.5", " 00.5 !1118"},
        {"1e5", " 1e5 !1117"},
        {"0x10", " 0x10 !1117"},
        {"10GB", " 10GB !1117"},
        {"1_000", " 1_000 !1117"},
        {"2012-10-17", " 2012-10-17 !1118"},
        {"2012-10-17T00:00:00Z", " 2012-10-17T00:00:00Z !1118"},
        {"10.0.0.0/16", " 10.0.0.0/16 !1118"},
        {"2-1", " 2-1 !1118"},
        {"1 - 1", " 1 - 1"},
        {"a?1:2", " a ? 1 : 2"},
        {"1.x", " 1 . x"},
    };
    CHECK_TOKENS(rows);
}

static void test_strings_nest(void **state)
{
    (void)state;
    static const TokenRow rows[] = {
        {"\"a\" 'b' \"\" ''", " \"a\" 'b' \"\" ''"},
        {"\"a${b}c\"", " \"a${ b }c\""},
        {"\"${a}${b}\"", " \"${ a }${ b }\""},
        {"\"${f(\"x${y}\")}\"", " \"${ f ( \"x${ y }\" ) }\""},
        {"\"${ {a: 1} }\"", " \"${ { a : 1 } }\""},
        {"\"$${a} $ $$ $$${b}\"", " \"$${a} $ $$ $$${b}\""},
        {"'${a}'", " '${a}'"},
        {"\"a\\\"b\\\\\" x", " \"a\\\"b\\\\\" x"},
        {"\"\\u{e9}\\u{1F600}\"", " \"\\u{e9}\\u{1F600}\""},
        {"\"${[\na\nb\n]}\"", " \"${ [ a NL b ] }\""},
    };
    CHECK_TOKENS(rows);
}

static void test_broken_strings_end_with_their_line(void **state)
{
    (void)state;
    static const TokenRow rows[] = {
        {"\"a\nb", " \"a NL b !1110"},
        {"'a\nb", " 'a NL b !1110"},
        {"\"a ${b\nc", " \"a ${ b '}' of a string NL c !1112"},
        {"\"a ${b\"\nc", " \"a ${ b \" '}' of a string NL c !1112"},
        {"\"${a", " \"${ a '}' of a string !1112"},
        {"\"\"\"\na", " \"\"\"\na !1111"},
        {"\"\"\"a\"\"\"", " \"\"\"a\"\"\" !1115"},
        {"\"\\d\"", " \"\\d\" !1113"},
        {"\"\\u{110000}\" \"\\u12\" \"\\u{d800}\"",
            " \"\\u{110000}\" \"\\u12\" \"\\u{d800}\" !1114 !1114 !1114"},
        {"\"a\x01\"", " \"a\x01\" !1104"},
        {"\"${[\nlet x = 1", " \"${ [ '}' of a string NL let x = 1 !1112"},
    };
    CHECK_TOKENS(rows);
}

static void test_bytes_of_other_languages_are_named(void **state)
{
    (void)state;
    static const TokenRow rows[] = {
        {"a;b;\n", " a NL b !1121 !1121"},
        {"# x\na", " a !1122"},
        {"/* x\ny */ a", " a !1123"},
        {"a === b !== c", " a == b != c !1120 !1120"},
        {"a & b => c", " a && b : c !1120 !1120"},
        {"a?.b [0..1]", " a . b [ 0 ... 1 ] !1120 !1120"},
        {"`a` b", " `a` b !1116"},
        {"\xE2\x80\x9C"
         "a\xE2\x80\x9D b",
            " \xE2\x80\x9C"
            "a\xE2\x80\x9D b !1105"},
        {"a\xC2\xA0+ b", " a + b !1106"},
        {"gr\xC3\xB6\xC3\x9F"
         "e",
            " gr\xC3\xB6\xC3\x9F"
            "e !1107"},
        {"a\rb", " a b !1108"},
        {"// \xE2\x80\xAE\na", " a !1109"},
        {"\xFF\xFE a", " \xFF\xFE a !1101"},
        {"\"\xC3(\"", " \"\xC3(\" !1101"},
        {"$x \xC2\xA7", " $x \xC2\xA7 !1103 !1103"},
        {"\xEF\xBB\xBF"
         "a",
            " a"},
        {"a\xEF\xBB\xBF b", " a b !1106"},
    };
    CHECK_TOKENS(rows);
}

static void test_zero_bytes_are_blanks(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    assert_string_equal(tokens_of(arena, STR("a\0\0b")).ptr, " a b !1102");
    SyntaxErrors errors = {.sink = diag_sink_new(arena), .file = 1};
    Lexer *lexer = ARENA_NEW(arena, Lexer);
    lexer_init(lexer, STR("\"a\0b\""), &errors);
    Token token;
    lexer_next(lexer, &token);
    assert_int_equal(token.kind, TOK_STRING);
    assert_int_equal(token.end, 5);
    assert_int_equal(diag_sorted(errors.sink).items[0]->code, DIAG_CONTROL_CHARACTER);
    arena_free(arena);
}

static void test_a_lexer_needs_no_sink(void **state)
{
    (void)state;
    SyntaxErrors errors = {0};
    Lexer *lexer = malloc(sizeof *lexer);
    lexer_init(lexer, STR("\"\\q\" # ; \xFF"), &errors);
    Token token;
    do
        lexer_next(lexer, &token);
    while (token.kind != TOK_END);
    assert_int_equal(errors.count, 0);
    free(lexer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_hold_dashes),
        cmocka_unit_test(test_minus_is_told_by_blanks),
        cmocka_unit_test(test_line_breaks_end_entries_only_where_they_can),
        cmocka_unit_test(test_numbers_are_digits_alone),
        cmocka_unit_test(test_strings_nest),
        cmocka_unit_test(test_broken_strings_end_with_their_line),
        cmocka_unit_test(test_bytes_of_other_languages_are_named),
        cmocka_unit_test(test_zero_bytes_are_blanks),
        cmocka_unit_test(test_a_lexer_needs_no_sink),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
