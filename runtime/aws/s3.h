// S3's operations on one bucket, as far as uploads need them: the pages of the same names in the
// Amazon S3 API Reference. Keys are any bytes; they are encoded here. A bucket of another region
// than was thought is found by AWS's answer, once. Replies are as of aws_send: unless `ok`, nothing
// of the result is filled in. Results live in the arena.
#ifndef ALTC_AWS_S3_H
#define ALTC_AWS_S3_H

#include "compiler/base/sha256.h"
#include "compiler/base/vec.h"
#include "runtime/aws/client.h"

// Fill in with s3_bucket_init.
typedef struct S3Bucket {
    AwsClient client; // of the bucket's region and address
    EndpointOptions options;
    Arena *arena;
    Str name;
    Str region;
    Str owner;    // the account that must own it; empty: whoever does
    bool in_path; // the name stands in the path, not in the host
} S3Bucket;

// False: `error` says why the address cannot be made.
bool s3_bucket_init(S3Bucket *bucket, Arena *arena, const World *world, HttpTransport http,
    AwsKeySource keys, const EndpointOptions *options, Str name, Str region, Str *error);
// "https://BUCKET.s3.REGION.amazonaws.com/KEY", or with another origin, "http://localhost:4566".
Str s3_object_url(const S3Bucket *bucket, Arena *arena, Str key, Str origin);

// ---- buckets ----

// Makes a private, encrypted bucket that speaks TLS only and forgets uploads that were left half
// done after a week. Nothing is left behind when a setting is refused.
AwsReply s3_create_bucket(S3Bucket *bucket, Arena *arena);

// ---- objects ----

typedef struct S3Object {
    Str key;
    Str version; // when versions are listed
    Str etag;    // without quotes
    uint64_t size;
} S3Object;

typedef VEC(S3Object) S3Objects;

// ListObjectsV2 to the end; a token that comes twice ends it with an error.
AwsReply s3_list(S3Bucket *bucket, Arena *arena, Str prefix, S3Objects *objects);
// ListObjectVersions, delete markers too.
AwsReply s3_list_versions(S3Bucket *bucket, Arena *arena, S3Objects *objects);
// GetObject of a text that fits into memory.
AwsReply s3_get(S3Bucket *bucket, Arena *arena, Str key, Str *body);
// DeleteObjects, a thousand a call. What is gone already counts as deleted.
AwsReply s3_delete(S3Bucket *bucket, Arena *arena, const S3Object *objects, size_t count);

// ---- uploads ----

// How an upload ended.
typedef enum S3Outcome {
    S3_PENDING, // it was not tried, because something else failed before
    S3_STORED,
    S3_EXISTED, // `once`, and it is there
    S3_CHANGED, // the file is gone or is not what its size and hash say: `reply.message`
    S3_FAILED,  // `reply` says why
    S3_STOPPED  // cancelled
} S3Outcome;

typedef struct S3Upload {
    Str key;
    Str path;       // of a file; or empty, then
    int descriptor; // of an open file if not -1, else
    Str body;
    uint64_t size;
    unsigned char hash[SHA256_BYTES];
    Str content_type;  // or empty
    Str cache_control; // or empty
    bool once;         // only if the key does not exist
    bool unhashed; // `hash` is a result: the file has at most S3_IN_MEMORY bytes; not with `once`
    S3Outcome outcome; // result
    Str etag;          // result of S3_STORED, without quotes; or empty
    AwsReply reply;    // result: of what failed; without `root` and `response`
} S3Upload;

enum {
    S3_JOBS = 16,
    S3_IN_MEMORY = 256 * 1024,   // files up to this size are read, whole, when their turn comes
    S3_WHOLE = 16 * 1024 * 1024, // larger ones go in parts
    S3_PART = 8 * 1024 * 1024,   // more when it would be over S3_MAX_PARTS
    S3_MAX_PARTS = 10000
};

typedef struct S3Progress {
    void *context;
    void (*sent)(void *context, uint64_t bytes);             // so many more are there
    void (*finished)(void *context, const S3Upload *upload); // may be NULL
} S3Progress;

// Uploads all, `jobs` requests at once. The first that fails for good keeps others from starting.
// Parts of an upload that an earlier process left half done are found by their checksums and kept;
// unless all is well, uploads begun here are taken back. `parallel` sends. True: each is S3_STORED
// or S3_EXISTED.
bool s3_upload_all(S3Bucket *bucket, Arena *arena, HttpParallel parallel, S3Upload *uploads,
    size_t count, size_t jobs, const S3Progress *progress);

#endif
