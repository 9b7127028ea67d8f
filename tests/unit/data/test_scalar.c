#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "compiler/data/scalar.h"

#define ROWS(table) (sizeof(table) / sizeof *(table))

static const struct {
    const char *text;
    ScalarForm form;
    const char *digits; // of a number
} rows[] = {
    {"", SCALAR_NULL, NULL},
    {"~", SCALAR_NULL, NULL},
    {"Null", SCALAR_NULL, NULL},
    {"nULL", SCALAR_STRING, NULL},
    {"Yes", SCALAR_TRUE, NULL},
    {"on", SCALAR_TRUE, NULL},
    {"y", SCALAR_STRING, NULL},
    {"OFF", SCALAR_FALSE, NULL},
    {"oFF", SCALAR_STRING, NULL},
    {"0", SCALAR_DECIMAL, "0"},
    {"-0", SCALAR_DECIMAL, "-0"},
    {"+80", SCALAR_DECIMAL, "80"},
    {"1_000_", SCALAR_DECIMAL, "1000"},
    {"112233445566", SCALAR_DECIMAL, "112233445566"},
    {"123456789012345678901234567890", SCALAR_DECIMAL, "123456789012345678901234567890"},
    {"_1", SCALAR_STRING, NULL},
    {"1-2", SCALAR_STRING, NULL},
    {"- 1", SCALAR_STRING, NULL},
    {"+", SCALAR_STRING, NULL},
    {"010", SCALAR_RADIX, "8"},
    {"-0_17", SCALAR_RADIX, "-15"},
    {"00", SCALAR_RADIX, "0"},
    {"0b1_01", SCALAR_RADIX, "5"},
    {"0b", SCALAR_STRING, NULL},
    {"0b2", SCALAR_STRING, NULL},
    {"0x1F", SCALAR_RADIX, "31"},
    {"-0xff", SCALAR_RADIX, "-255"},
    {"0x_", SCALAR_STRING, NULL},
    {"0xfg", SCALAR_STRING, NULL},
    {"0xFFFFFFFFFFFFFFFFFFFFFFFF", SCALAR_RADIX, "79228162514264337593543950335"},
    {"0o17", SCALAR_STRING, NULL},
    {"1:30", SCALAR_SEXAGESIMAL, "90"},
    {"-190:20:30", SCALAR_SEXAGESIMAL, "-685230"},
    {"1:60", SCALAR_STRING, NULL},
    {"1:5:9", SCALAR_SEXAGESIMAL, "3909"},
    {"1:300", SCALAR_STRING, NULL},
    {"1:", SCALAR_STRING, NULL},
    {"00:30", SCALAR_STRING, NULL},
    {"1:30.50", SCALAR_SEXAGESIMAL_FLOAT, "90.50"},
    {"0:30.", SCALAR_SEXAGESIMAL_FLOAT, "30.0"},
    {"1:30.x", SCALAR_STRING, NULL},
    {"1.0", SCALAR_FLOAT, "1.0"},
    {"1.", SCALAR_FLOAT, "1.0"},
    {"-.5", SCALAR_FLOAT, "-0.5"},
    {"1_0.5_0", SCALAR_FLOAT, "10.50"},
    {"089", SCALAR_FLOAT, "89"},
    {"00.25", SCALAR_FLOAT, "0.25"},
    {"1e3", SCALAR_FLOAT, "1e3"},
    {"1.5E+03", SCALAR_FLOAT, "1.5E+03"},
    {"1e", SCALAR_STRING, NULL},
    {"1e+", SCALAR_STRING, NULL},
    {"e1", SCALAR_STRING, NULL},
    {".e1", SCALAR_STRING, NULL},
    {".", SCALAR_STRING, NULL},
    {"._5", SCALAR_STRING, NULL},
    {"1.2.3", SCALAR_STRING, NULL},
    {"10.0.0.0/16", SCALAR_STRING, NULL},
    {"-.INF", SCALAR_NOT_FINITE, NULL},
    {".nan", SCALAR_NOT_FINITE, NULL},
    {"-.nan", SCALAR_STRING, NULL},
    {"2012-10-17", SCALAR_STRING, NULL},
    {"2001-12-14t21:59:43.10-05:00", SCALAR_STRING, NULL},
    {"<<", SCALAR_STRING, NULL},
};

static void test_forms_and_digits(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    for (size_t i = 0; i < ROWS(rows); i++) {
        Str text = str_of(rows[i].text);
        ScalarForm form = scalar_form(text);
        if (form != rows[i].form)
            print_message("'%s'\n", rows[i].text);
        assert_int_equal(form, rows[i].form);
        assert_int_equal(scalar_is_number(form), rows[i].digits != NULL);
        if (rows[i].digits)
            assert_string_equal(scalar_json_digits(arena, text).ptr, rows[i].digits);
    }
    arena_free(arena);
}

static Str fill_up(Arena *arena, const char *start, const char *fill, size_t len)
{
    Str text = str_of(start);
    while (text.len < len)
        text = str_format(arena, "%.*s%s", STR_FMT(text), fill);
    return text;
}

static void test_long_numbers(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    // To base ten any length is a number, to another one only so much.
    static const char *const tens[][2] = {{"1", "9"}, {"-0.", "9"}, {"1e1", "0"}};
    static const char *const others[][2] = {{"0x", "f"}, {"5:5", ":5"}, {"-0b", "1"}, {"0", "7"}};
    for (size_t i = 0; i < ROWS(tens); i++) {
        Str text = fill_up(arena, tens[i][0], tens[i][1], 5000);
        assert_true(scalar_is_number(scalar_form(text)));
        assert_true(str_equal(scalar_json_digits(arena, text), text));
    }
    for (size_t i = 0; i < ROWS(others); i++) {
        Str text = fill_up(arena, others[i][0], others[i][1], 399);
        assert_true(scalar_is_number(scalar_form(text)));
        assert_int_equal(scalar_form(scalar_json_digits(arena, text)), SCALAR_DECIMAL);
        text = fill_up(arena, others[i][0], others[i][1], 402);
        assert_int_equal(scalar_form(text), SCALAR_STRING);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms_and_digits),
        cmocka_unit_test(test_long_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
