// The low-level functions, although OpenSSL would rather see EVP: EVP drags the provider machinery
// into a static program (3.8 MB instead of 35 KB) and spends over a millisecond to start it, more
// than a whole small compilation takes.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "compiler/base/sha256.h"

#include <openssl/sha.h>

_Static_assert((int)SHA256_BYTES == (int)SHA256_DIGEST_LENGTH, "the size of a SHA-256 digest");

void sha256_digest(Str data, unsigned char digest[SHA256_BYTES])
{
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, data.ptr, data.len);
    SHA256_Final(digest, &context);
}

Str sha256_digits(Arena *arena, const unsigned char digest[SHA256_BYTES])
{
    static const char hex[] = "0123456789abcdef";
    char *text = arena_alloc(arena, SHA256_HEX_DIGITS + 1);
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        text[2 * i] = hex[digest[i] >> 4];
        text[2 * i + 1] = hex[digest[i] & 15];
    }
    return (Str){text, SHA256_HEX_DIGITS};
}

Str sha256_hex(Arena *arena, Str data)
{
    unsigned char digest[SHA256_BYTES];
    sha256_digest(data, digest);
    return sha256_digits(arena, digest);
}

struct Sha256 {
    SHA256_CTX context;
};

Sha256 *sha256_new(Arena *arena)
{
    Sha256 *sha256 = ARENA_NEW(arena, Sha256);
    SHA256_Init(&sha256->context);
    return sha256;
}

void sha256_add(Sha256 *sha256, Str data)
{
    SHA256_Update(&sha256->context, data.ptr, data.len);
}

void sha256_take(Sha256 *sha256, unsigned char digest[SHA256_BYTES])
{
    SHA256_Final(digest, &sha256->context);
    SHA256_Init(&sha256->context);
}
