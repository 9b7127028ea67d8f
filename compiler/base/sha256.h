// SHA-256, to tell whether an input has changed.
#ifndef ALTC_BASE_SHA256_H
#define ALTC_BASE_SHA256_H

#include "compiler/base/str.h"

enum { SHA256_BYTES = 32, SHA256_HEX_DIGITS = 64 };

void sha256_digest(Str data, unsigned char digest[SHA256_BYTES]);
// The digest in lower-case hex, 64 digits.
Str sha256_hex(Arena *arena, Str data);
// The same of a digest.
Str sha256_digits(Arena *arena, const unsigned char digest[SHA256_BYTES]);

// Of data that comes in pieces.
typedef struct Sha256 Sha256;
Sha256 *sha256_new(Arena *arena);
void sha256_add(Sha256 *sha256, Str data);
// The digest of all pieces so far; what comes then begins anew.
void sha256_take(Sha256 *sha256, unsigned char digest[SHA256_BYTES]);

#endif
