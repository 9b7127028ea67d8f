#include "compiler/base/utf8.h"

bool utf8_is_high_surrogate(uint32_t code)
{
    return code >= 0xD800 && code <= 0xDBFF;
}

bool utf8_is_low_surrogate(uint32_t code)
{
    return code >= 0xDC00 && code <= 0xDFFF;
}

uint32_t utf8_join(uint32_t high, uint32_t low)
{
    return 0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF);
}

static bool is_scalar(uint32_t code)
{
    return code <= UTF8_LAST_CODE && !utf8_is_high_surrogate(code) && !utf8_is_low_surrogate(code);
}

// By the lead byte; 0 for a byte that leads nothing.
static size_t sequence_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

size_t utf8_decode(Str text, size_t at, uint32_t *code)
{
    // The smallest code point that needs so many bytes: below it the form is overlong.
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char lead = (unsigned char)text.ptr[at];
    size_t len = sequence_length(lead);
    if (!len || len > text.len - at)
        return 0;
    uint32_t value = len == 1 ? lead : lead & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++) {
        unsigned char byte = (unsigned char)text.ptr[at + i];
        if ((byte & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (byte & 0x3Fu);
    }
    if (value < smallest[len] || !is_scalar(value))
        return 0;
    *code = value;
    return len;
}

size_t utf8_encode(uint32_t code, char bytes[UTF8_MAX_BYTES])
{
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    if (!is_scalar(code))
        return 0;
    if (code < 0x80) {
        bytes[0] = (char)code;
        return 1;
    }
    size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    bytes[0] = (char)(leads[len] | code);
    return len;
}

size_t utf8_find_invalid(Str text)
{
    size_t at = 0;
    while (at < text.len) {
        uint32_t code;
        size_t len = (unsigned char)text.ptr[at] < 0x80 ? 1 : utf8_decode(text, at, &code);
        if (!len)
            return at;
        at += len;
    }
    return SIZE_MAX;
}

bool utf8_is_valid(Str text)
{
    return utf8_find_invalid(text) == SIZE_MAX;
}

size_t utf8_count(Str text)
{
    size_t count = 0, at = 0;
    while (at < text.len) {
        uint32_t code;
        size_t len = utf8_decode(text, at, &code);
        at += len ? len : 1;
        count++;
    }
    return count;
}
