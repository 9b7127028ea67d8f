#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/base/utf8.h"

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }
#define ROWS(table) (sizeof(table) / sizeof *(table))

static const struct {
    Str text;
    size_t invalid; // SIZE_MAX: none
    size_t count;
} texts[] = {
    {TEXT(""), SIZE_MAX, 0},
    {TEXT("abc"), SIZE_MAX, 3},
    {TEXT("a\0b"), SIZE_MAX, 3},
    {TEXT("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"), SIZE_MAX, 3},
    {TEXT("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF"), SIZE_MAX, 3},
    {TEXT("a\x80"), 1, 2},            // continuation without a lead
    {TEXT("\xC0\x80"), 0, 2},         // overlong NUL
    {TEXT("\xC1\xBF"), 0, 2},         // overlong
    {TEXT("\xE0\x9F\xBF"), 0, 3},     // overlong
    {TEXT("\xF0\x8F\xBF\xBF"), 0, 4}, // overlong
    {TEXT("\xED\xA0\x80"), 0, 3},     // high surrogate
    {TEXT("\xED\xBF\xBF"), 0, 3},     // low surrogate
    {TEXT("\xF4\x90\x80\x80"), 0, 4}, // above U+10FFFF
    {TEXT("\xF8\x88\x80\x80\x80"), 0, 5},
    {TEXT("xy\xE2\x82"), 2, 4}, // cut short
    {TEXT("\xE2(\xAC"), 0, 3},
};

static void test_what_is_valid_and_how_long(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(texts); i++) {
        assert_int_equal(utf8_find_invalid(texts[i].text), texts[i].invalid);
        assert_int_equal(utf8_is_valid(texts[i].text), texts[i].invalid == SIZE_MAX);
        assert_int_equal(utf8_count(texts[i].text), texts[i].count);
    }
}

static void test_every_code_point_round_trips(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= UTF8_LAST_CODE + 1; code++) {
        char bytes[UTF8_MAX_BYTES];
        size_t len = utf8_encode(code, bytes);
        if (utf8_is_high_surrogate(code) || utf8_is_low_surrogate(code) || code > UTF8_LAST_CODE) {
            assert_int_equal(len, 0);
            continue;
        }
        uint32_t back = 0;
        assert_int_equal(utf8_decode((Str){bytes, len}, 0, &back), len);
        assert_int_equal(back, code);
        assert_int_equal(utf8_decode((Str){bytes, len - 1 ? len - 1 : 1}, 0, &back) != 0, len == 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_valid_and_how_long),
        cmocka_unit_test(test_every_code_point_round_trips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
