// What the files of S3's calls share.
#ifndef ALTC_AWS_S3_PRIV_H
#define ALTC_AWS_S3_PRIV_H

#include "compiler/base/buf.h"
#include "runtime/aws/s3.h"

typedef struct S3Call {
    const char *method;
    Str key;   // empty: the bucket itself
    Str query; // percent-encoded
    NamedText headers[AWS_MAX_HEADERS];
    size_t header_count;
    Str body;
    bool any_body;
} S3Call;

void s3_add_header(S3Call *call, const char *name, Str value);
// The request of a call. Its headers live in `call`.
AwsRequest s3_request(const S3Bucket *bucket, Arena *arena, S3Call *call);
// Sends it; follows the bucket to its region once.
AwsReply s3_send(S3Bucket *bucket, Arena *arena, S3Call *call);
// Adds the header of a checksum.
void s3_add_checksum(S3Call *call, Arena *arena, const unsigned char digest[SHA256_BYTES]);
Str s3_base64(Arena *arena, const unsigned char *bytes, size_t count);
Str s3_unquote(Str etag);
void s3_add_xml(Buf *out, Str text);
// A key as a list tells it, of which `encoded` says whether it is percent-encoded.
Str s3_read_key(Arena *arena, const XmlNode *node, bool encoded);
uint64_t s3_read_number(Str digits);

#endif
