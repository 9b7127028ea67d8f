#include "compiler/data/scalar.h"

// Numbers to another base than ten are calculated with, longer ones are texts.
enum { OTHER_BASE_MAX_BYTES = 400, DECIMAL_MAX_DIGITS = 512 };

static char char_at(Str text, size_t at)
{
    return at < text.len ? text.ptr[at] : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// The value of a hex digit, or 16.
static unsigned digit_value(char c)
{
    if (is_digit(c))
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10 : 16;
}

// Behind digits of the base and underscores that begin at `at`. `*digits` says how many digits.
static size_t skip_digits(Str text, size_t at, unsigned base, size_t *digits)
{
    *digits = 0;
    for (; at < text.len; at++) {
        if (digit_value(text.ptr[at]) < base)
            ++*digits;
        else if (text.ptr[at] != '_')
            break;
    }
    return at;
}

static bool is_any_of(Str text, const char *const *words)
{
    for (; *words; words++)
        if (str_is(text, *words))
            return true;
    return false;
}

static ScalarForm word_form(Str text)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const trues[] = {
        "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", NULL};
    static const char *const falses[] = {
        "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", NULL};
    static const char *const not_finite[] = {".inf", ".Inf", ".INF", "-.inf", "-.Inf", "-.INF",
        "+.inf", "+.Inf", "+.INF", ".nan", ".NaN", ".NAN", NULL};
    if (is_any_of(text, nulls))
        return SCALAR_NULL;
    if (is_any_of(text, trues))
        return SCALAR_TRUE;
    if (is_any_of(text, falses))
        return SCALAR_FALSE;
    return is_any_of(text, not_finite) ? SCALAR_NOT_FINITE : SCALAR_STRING;
}

// 0b, 0x or just 0 in front of digits: the base, and in `*at` where they begin.
static unsigned radix_of(Str unsigned_text, size_t *at)
{
    *at = 2;
    if (str_starts(unsigned_text, STR("0b")))
        return 2;
    if (str_starts(unsigned_text, STR("0x")))
        return 16;
    *at = 1;
    return char_at(unsigned_text, 0) == '0' && unsigned_text.len > 1 ? 8 : 0;
}

static bool is_radix(Str text)
{
    size_t at, digits;
    unsigned base = text.len <= OTHER_BASE_MAX_BYTES ? radix_of(text, &at) : 0;
    return base && skip_digits(text, at, base, &digits) == text.len && (digits || base == 8);
}

// Behind (":" [0-5]? [0-9])+, or `at` itself when that does not stand there.
static size_t skip_sixtieths(Str text, size_t at)
{
    if (text.len > OTHER_BASE_MAX_BYTES)
        return at;
    while (char_at(text, at) == ':' && is_digit(char_at(text, at + 1))) {
        bool two = is_digit(char_at(text, at + 2));
        if (two && text.ptr[at + 1] > '5')
            return at;
        at += two ? 3 : 2;
    }
    return at;
}

// Text that begins with a digit and is no radix form.
static ScalarForm digits_form(Str text)
{
    size_t digits;
    bool zero = text.ptr[0] == '0';
    size_t at = skip_digits(text, 0, 10, &digits);
    if (at == text.len && zero && text.len > 1)
        return text.len <= OTHER_BASE_MAX_BYTES ? SCALAR_FLOAT : SCALAR_STRING;
    if (at == text.len)
        return SCALAR_DECIMAL;
    size_t behind = skip_sixtieths(text, at);
    if (behind > at) {
        if (behind == text.len)
            return zero ? SCALAR_STRING : SCALAR_SEXAGESIMAL;
        bool is_float =
            char_at(text, behind) == '.' && skip_digits(text, behind + 1, 10, &digits) == text.len;
        return is_float ? SCALAR_SEXAGESIMAL_FLOAT : SCALAR_STRING;
    }
    return SCALAR_FLOAT;
}

// digits? ("." digits?)? ([eE] [-+]? digit+)?, with a digit before the exponent.
static bool is_float(Str text)
{
    size_t whole, fraction = 0;
    size_t at = skip_digits(text, 0, 10, &whole);
    if (char_at(text, at) == '.')
        at = skip_digits(text, at + 1, 10, &fraction);
    if (!whole && (!fraction || char_at(text, 1) == '_'))
        return false;
    if (char_at(text, at) == 'e' || char_at(text, at) == 'E') {
        at += char_at(text, at + 1) == '-' || char_at(text, at + 1) == '+' ? 2 : 1;
        if (!is_digit(char_at(text, at)))
            return false;
        while (is_digit(char_at(text, at)))
            at++;
    }
    return at == text.len;
}

static Str without_sign(Str text)
{
    char sign = char_at(text, 0);
    return sign == '-' || sign == '+' ? str_slice(text, 1, text.len) : text;
}

ScalarForm scalar_form(Str text)
{
    ScalarForm form = word_form(text);
    Str number = without_sign(text);
    char first = char_at(number, 0);
    if (form != SCALAR_STRING || (!is_digit(first) && first != '.'))
        return form;
    if (is_radix(number))
        return SCALAR_RADIX;
    if (is_digit(first)) {
        form = digits_form(number);
        if (form != SCALAR_FLOAT)
            return form;
    }
    return is_float(number) ? SCALAR_FLOAT : SCALAR_STRING;
}

bool scalar_is_number(ScalarForm form)
{
    switch (form) {
    case SCALAR_DECIMAL:
    case SCALAR_RADIX:
    case SCALAR_SEXAGESIMAL:
    case SCALAR_FLOAT:
    case SCALAR_SEXAGESIMAL_FLOAT:
        return true;
    default:
        return false;
    }
}

// ---- as JSON ----

// A number of any size in decimal digits, the last one first.
typedef struct Decimal {
    unsigned char digits[DECIMAL_MAX_DIGITS];
    size_t len;
} Decimal;

// decimal = decimal * factor + more. OTHER_BASE_MAX_BYTES hex digits stay within its room.
static void decimal_shift(Decimal *decimal, unsigned factor, unsigned more)
{
    for (size_t i = 0; i < decimal->len; i++) {
        unsigned value = decimal->digits[i] * factor + more;
        decimal->digits[i] = (unsigned char)(value % 10);
        more = value / 10;
    }
    for (; more; more /= 10)
        decimal->digits[decimal->len++] = (unsigned char)(more % 10);
}

// What is being written: never longer than the room in scalar_json_digits.
typedef struct Digits {
    char *ptr;
    size_t len;
} Digits;

static void add_decimal(Digits *out, const Decimal *decimal)
{
    if (!decimal->len)
        out->ptr[out->len++] = '0';
    for (size_t i = decimal->len; i > 0; i--)
        out->ptr[out->len++] = (char)('0' + decimal->digits[i - 1]);
}

static void add_radix(Digits *out, Str text)
{
    Decimal decimal = {.len = 0};
    size_t at;
    unsigned base = radix_of(text, &at);
    for (; at < text.len; at++)
        if (text.ptr[at] != '_')
            decimal_shift(&decimal, base, digit_value(text.ptr[at]));
    add_decimal(out, &decimal);
}

// Up to the end or a point: each part counts sixty of the next one.
static size_t add_sexagesimal(Digits *out, Str text)
{
    Decimal decimal = {.len = 0};
    size_t at = 0;
    for (; at < text.len && (is_digit(text.ptr[at]) || text.ptr[at] == '_'); at++)
        if (text.ptr[at] != '_')
            decimal_shift(&decimal, 10, digit_value(text.ptr[at]));
    while (char_at(text, at) == ':') {
        unsigned part = 0;
        for (at++; is_digit(char_at(text, at)); at++)
            part = part * 10 + digit_value(text.ptr[at]);
        decimal_shift(&decimal, 60, part);
    }
    add_decimal(out, &decimal);
    return at;
}

// The digits from `at` on, without underscores; gives where they end.
static size_t add_digits(Digits *out, Str text, size_t at)
{
    for (; is_digit(char_at(text, at)) || char_at(text, at) == '_'; at++)
        if (text.ptr[at] != '_')
            out->ptr[out->len++] = text.ptr[at];
    return at;
}

// JSON wants a digit on both sides of the point.
static size_t add_fraction(Digits *out, Str text, size_t at)
{
    if (char_at(text, at) != '.')
        return at;
    out->ptr[out->len++] = '.';
    size_t before = out->len;
    at = add_digits(out, text, at + 1);
    if (out->len == before)
        out->ptr[out->len++] = '0';
    return at;
}

static void add_float(Digits *out, Str text)
{
    size_t at = 0;
    while (char_at(text, at) == '0' || char_at(text, at) == '_')
        at++;
    if (!is_digit(char_at(text, at)))
        out->ptr[out->len++] = '0';
    at = add_digits(out, text, at);
    at = add_fraction(out, text, at);
    for (; at < text.len; at++)
        out->ptr[out->len++] = text.ptr[at];
}

Str scalar_json_digits(Arena *arena, Str text)
{
    Str number = without_sign(text);
    ScalarForm form = scalar_form(text);
    // A hex digit takes less than two decimal ones; a point gets a zero on each side at most.
    Digits out = {.ptr = arena_alloc(arena, 2 * text.len + 8), .len = 0};
    if (char_at(text, 0) == '-')
        out.ptr[out.len++] = '-';
    if (form == SCALAR_RADIX)
        add_radix(&out, number);
    else if (form == SCALAR_SEXAGESIMAL || form == SCALAR_SEXAGESIMAL_FLOAT)
        add_fraction(&out, number, add_sexagesimal(&out, number));
    else
        add_float(&out, number);
    return (Str){out.ptr, out.len};
}
