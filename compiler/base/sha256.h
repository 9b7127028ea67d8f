// SHA-256, to tell whether an input has changed.
#ifndef ALTC_BASE_SHA256_H
#define ALTC_BASE_SHA256_H

#include "compiler/base/str.h"

enum { SHA256_BYTES = 32, SHA256_HEX_DIGITS = 64 };

void sha256_digest(Str data, unsigned char digest[SHA256_BYTES]);
// The digest in lower-case hex, 64 digits.
Str sha256_hex(Arena *arena, Str data);

#endif
