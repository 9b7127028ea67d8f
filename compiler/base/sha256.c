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

Str sha256_hex(Arena *arena, Str data)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char digest[SHA256_BYTES];
    sha256_digest(data, digest);
    char *text = arena_alloc(arena, SHA256_HEX_DIGITS + 1);
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        text[2 * i] = hex[digest[i] >> 4];
        text[2 * i + 1] = hex[digest[i] & 15];
    }
    return (Str){text, SHA256_HEX_DIGITS};
}
