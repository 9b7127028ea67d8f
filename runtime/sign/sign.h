// AWS Signature Version 4. Each step's text is kept, so that whoever compares can name the step
// in which two signatures begin to differ.
#ifndef ALTC_SIGN_SIGN_H
#define ALTC_SIGN_SIGN_H

#include "compiler/base/str.h"

typedef struct SignKey {
    Str access_key;
    Str secret_key;
} SignKey;

typedef struct SignInput {
    Str method;
    Str path;           // "" is "/"
    bool encode_path;   // percent-encode its bytes (again); not for S3
    bool simplify_path; // take out "//", "." and ".."; not for S3
    Str query;          // behind the '?', percent-encoded, in any order
    // All headers to be signed, "host" and "x-amz-date" among them. Those that may change on the
    // way (user-agent, connection…) are left out by themselves.
    const NamedText *headers;
    size_t header_count;
    Str payload_hash; // SHA-256 of the body in hex, or UNSIGNED-PAYLOAD
    Str region;
    Str service;
    Str date; // "20150830T123600Z"
} SignInput;

typedef struct Signature {
    Str canonical_request;
    Str string_to_sign;
    Str signature;     // 64 hex digits
    Str authorization; // the value of the header
} Signature;

// What is derived from a secret for one day, region and service. Zero is an empty one; whoever
// signs often keeps it and hands it in again.
typedef struct SignCache {
    char scope[256]; // whose it is
    unsigned char key[32];
} SignCache;

// `cache` may be NULL.
Signature sign_request(Arena *arena, const SignInput *input, const SignKey *key, SignCache *cache);
// Percent-encodes all but letters, digits, "-_.~" and, if asked for, "/".
Str sign_encode(Arena *arena, Str text, bool keep_slash);

#endif
