#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "compiler/base/regex.h"

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }
#define ROWS(table) (sizeof(table) / sizeof *(table))

static int setup(void **state)
{
    *state = regex_cache_new();
    return 0;
}

static int teardown(void **state)
{
    regex_cache_free(*state);
    return 0;
}

static const struct {
    Str pattern;
    Str text;
    RegexResult result;
} searches[] = {
    {TEXT("b"), TEXT("abc"), REGEX_MATCH},
    {TEXT(""), TEXT(""), REGEX_MATCH},
    {TEXT("^b"), TEXT("abc"), REGEX_NO_MATCH},
    {TEXT("c$"), TEXT("abc\n"), REGEX_NO_MATCH}, // `$` is not before a last newline
    {TEXT("^a.c$"),
        TEXT("a\xC3\xA9"
             "c"),
        REGEX_MATCH},
    {TEXT("^a.c$"), TEXT("a\rc"), REGEX_NO_MATCH},
    {TEXT("^\\u0061$"), TEXT("a"), REGEX_MATCH},
    {TEXT("^[\\u0020-\\uD7FF\\uE000-\\uFFFD]+$"), TEXT("a b"), REGEX_MATCH},
    {TEXT("^[\\u{1F600}]$"), TEXT("\xF0\x9F\x98\x80"), REGEX_MATCH},
    {TEXT("^[\\uD800\\uDC00-\\uDBFF\\uDFFF]$"), TEXT("\xF0\x9F\x98\x80"), REGEX_MATCH},
    {TEXT("^\\\\\\uD83D\\uDE00$"), TEXT("\\\xF0\x9F\x98\x80"), REGEX_MATCH},
    {TEXT("^\\\\uD83D"), TEXT("\\uD83D"), REGEX_MATCH}, // an escaped backslash, then letters
    {TEXT("\\uD83D|b"), TEXT("b"), REGEX_MATCH},
    {TEXT("^\\p{L}+$"), TEXT("h\xC3\xA9"), REGEX_MATCH},
    {TEXT("^\\d$"), TEXT("\xD9\xA3"), REGEX_NO_MATCH}, // an Arabic digit is none here
    {TEXT("^(a)?\\1b$"), TEXT("b"), REGEX_MATCH},      // an unset group matches nothing, as empty
    {TEXT("a\\/b\\-c\\_"), TEXT("a/b-c_"), REGEX_MATCH},
    {TEXT("a"), TEXT("a\x80"), REGEX_NO_MATCH}, // no UTF-8
    {TEXT("^a\0b$"), TEXT("a\0b"), REGEX_MATCH},
};

static void test_searches_like_ecma(void **state)
{
    for (size_t i = 0; i < ROWS(searches); i++) {
        const Regex *regex = regex_get(*state, searches[i].pattern, NULL);
        assert_non_null(regex);
        assert_int_equal(regex_matches(regex, searches[i].text), searches[i].result);
    }
}

static void test_a_pattern_is_compiled_once(void **state)
{
    const Regex *regex = regex_get(*state, STR("(a)(b)?"), NULL);
    assert_ptr_equal(regex, regex_get(*state, STR("(a)(b)?"), NULL));
    assert_ptr_not_equal(regex, regex_get(*state, STR("(a)(b)"), NULL));
    assert_int_equal(regex_group_count(regex), 2);
}

static void test_a_wrong_pattern_says_where(void **state)
{
    for (int again = 0; again < 2; again++) {
        RegexError error = {0};
        assert_null(regex_get(*state, STR("ab(cd"), &error));
        assert_string_equal(error.text.ptr, "missing closing parenthesis");
        assert_int_equal(error.offset, 5);
    }
    assert_null(regex_get(*state, STR("\x80"), NULL));
    assert_null(regex_get(*state, STR("((a{1000}){1000}){1000}"), NULL));
}

static void test_groups(void **state)
{
    const Regex *regex = regex_get(*state, STR("(b)|(c)"), NULL);
    RegexGroup groups[4];
    assert_int_equal(regex_find(regex, STR("abc"), 2, groups, 4), REGEX_MATCH);
    assert_int_equal(groups[0].start, 2);
    assert_int_equal(groups[0].end, 3);
    assert_true(groups[1].start == SIZE_MAX && groups[1].end == SIZE_MAX);
    assert_int_equal(groups[2].start, 2);
    assert_true(groups[3].start == SIZE_MAX);
    assert_int_equal(regex_find(regex, STR("abc"), 3, groups, 4), REGEX_NO_MATCH);
    assert_int_equal(regex_find(regex, STR("abc"), 4, groups, 4), REGEX_NO_MATCH);
    // A start inside a character is moved behind it.
    const Regex *any = regex_get(*state, STR("."), NULL);
    assert_int_equal(regex_find(any, STR("\xE2\x82\xAC!"), 1, groups, 1), REGEX_MATCH);
    assert_int_equal(groups[0].start, 3);
}

static const struct {
    const char *pattern, *text, *replacement, *out;
} replacements[] = {
    {"b", "abcb", "x", "axcx"},
    {"x", "abc", "y", "abc"},
    {"",
        "\xC3\xA9"
        "b",
        "-", "-\xC3\xA9-b-"},
    {"b*", "abb", "x", "xaxx"},
    {"(a)(b)?", "aab", "[$1|$2]", "[a|][a|b]"},
    {"(a)", "a", "$$1 $& $2 $10 $0 $", "$1 a $2 a0 $0 $"},
    {"(?<name>a)", "a", "<$<name>$<other>$<", "<a$<other>$<"},
    {"(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)", "abcdefghij", "$10$01", "ja"},
    {"^(.*)-(.*)$", "left-right", "$2-$1", "right-left"},
    {"$", "a", "$&$1", "a$1"},
};

static void test_replacements(void **state)
{
    Arena *arena = arena_new();
    for (size_t i = 0; i < ROWS(replacements); i++) {
        const Regex *regex = regex_get(*state, str_of(replacements[i].pattern), NULL);
        Str out;
        Str text = str_of(replacements[i].text);
        RegexResult result =
            regex_replace(regex, arena, text, str_of(replacements[i].replacement), &out);
        assert_string_equal(out.ptr, replacements[i].out);
        assert_int_equal(result, i == 1 ? REGEX_NO_MATCH : REGEX_MATCH);
    }
    arena_free(arena);
}

static Str repeat(Arena *arena, char c, size_t count)
{
    char *text = arena_alloc(arena, count + 1);
    memset(text, c, count);
    return (Str){text, count};
}

// Each of these would run for minutes to years without limits.
static void test_costly_patterns_end(void **state)
{
    Arena *arena = arena_new();
    static const char *const patterns[] = {"(a+)+$", "^(a|aa)+$", "(.*)*(.*)*(.*)*[xy]",
        "^(([a-z])+.)+[A-Z]([a-z])+$", "(a?){40}a{40}[bc]"};
    Str text = str_format(arena, "%.*s!", STR_FMT(repeat(arena, 'a', 60)));
    for (size_t i = 0; i < ROWS(patterns); i++) {
        const Regex *regex = regex_get(*state, str_of(patterns[i]), NULL);
        assert_non_null(regex);
        Str out;
        assert_int_equal(regex_matches(regex, text), REGEX_TOO_COSTLY);
        assert_int_equal(regex_replace(regex, arena, text, STR("x"), &out), REGEX_TOO_COSTLY);
    }
    const Regex *polynomial = regex_get(*state, STR("(?:a|b)*c"), NULL);
    assert_int_equal(regex_matches(polynomial, repeat(arena, 'a', 100000)), REGEX_NO_MATCH);
    Str grown;
    const Regex *each = regex_get(*state, STR("a"), NULL);
    assert_int_equal(
        regex_replace(each, arena, repeat(arena, 'a', 20000), repeat(arena, 'b', 20000), &grown),
        REGEX_TOO_COSTLY);
    arena_free(arena);
}

static void test_ordinary_patterns_manage_long_texts(void **state)
{
    Arena *arena = arena_new();
    Str text = repeat(arena, 'a', 100000), out;
    assert_int_equal(regex_matches(regex_get(*state, STR("^(a|b)*$"), NULL), text), REGEX_MATCH);
    const Regex *each = regex_get(*state, STR("a"), NULL);
    assert_int_equal(regex_replace(each, arena, text, STR("bc"), &out), REGEX_MATCH);
    assert_int_equal(out.len, 200000);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_searches_like_ecma, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_pattern_is_compiled_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_wrong_pattern_says_where, setup, teardown),
        cmocka_unit_test_setup_teardown(test_groups, setup, teardown),
        cmocka_unit_test_setup_teardown(test_replacements, setup, teardown),
        cmocka_unit_test_setup_teardown(test_costly_patterns_end, setup, teardown),
        cmocka_unit_test_setup_teardown(test_ordinary_patterns_manage_long_texts, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
