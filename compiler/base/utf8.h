// UTF-8 as Unicode defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
#ifndef ALTC_BASE_UTF8_H
#define ALTC_BASE_UTF8_H

#include "compiler/base/str.h"

enum { UTF8_MAX_BYTES = 4, UTF8_LAST_CODE = 0x10FFFF };

// The code point that begins at byte `at`, which must lie in the text. Gives its length in bytes,
// 1 to 4, or 0 when no valid sequence begins there (`*code` is then left alone).
size_t utf8_decode(Str text, size_t at, uint32_t *code);
// Writes the code point and gives the number of bytes, 1 to 4; 0 when it is no Unicode scalar
// value (a surrogate, too large).
size_t utf8_encode(uint32_t code, char bytes[UTF8_MAX_BYTES]);
// The offset of the first byte that belongs to no valid sequence, or SIZE_MAX.
size_t utf8_find_invalid(Str text);
bool utf8_is_valid(Str text);
// How many code points; a byte that belongs to no valid sequence counts as one.
size_t utf8_count(Str text);
// U+D800..U+DFFF, which stand in pairs in UTF-16 and in JSON's \u escapes.
bool utf8_is_high_surrogate(uint32_t code);
bool utf8_is_low_surrogate(uint32_t code);
// The code point of a high and a low surrogate.
uint32_t utf8_join(uint32_t high, uint32_t low);

#endif
