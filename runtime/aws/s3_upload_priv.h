// Uploads under way: whole ones (s3_upload.c) and those in parts (s3_parts.c).
#ifndef ALTC_AWS_S3_UPLOAD_PRIV_H
#define ALTC_AWS_S3_UPLOAD_PRIV_H

#include "runtime/aws/s3_priv.h"

typedef struct Uploader Uploader;
typedef struct Job Job;

// What a kind of request asks for, and what its settled answer leads to.
typedef struct JobKind {
    bool (*prepare)(Uploader *uploader, Job *job, Arena *arena); // fills in `call`
    void (*settle)(Uploader *uploader, Job *job, Arena *arena, AwsReply *reply);
} JobKind;

typedef struct Part {
    unsigned char digest[SHA256_BYTES];
    bool done;
    Str etag;     // with its quotes, as S3 wants it back
    Str checksum; // of what S3 has of it already, in base64; or empty
} Part;

// An upload in parts.
typedef struct Parts {
    S3Upload *upload;
    int descriptor;
    Str id;     // UploadId; empty until it is known
    Str marker; // of the list of parts that S3 has
    uint64_t part_size;
    size_t count;
    size_t next; // part to be sent
    size_t done;
    Sha256 *whole; // of the file, up to `next`
    Part *parts;
    bool completed; // or gone: nothing is to be taken back
    struct Parts *other;
} Parts;

// A request and all its attempts.
struct Job {
    const JobKind *kind;
    S3Upload *upload;
    Parts *parts; // or NULL
    size_t part;
    AwsExchange exchange;
    S3Call call;
    AwsRequest request;
    HttpFile file;
    const unsigned char *hash; // of the body, where it is known beforehand
    int descriptor;            // opened for an attempt, or -1
    int64_t due;               // of the next attempt
    uint64_t size;             // of the body, for the progress
    uint64_t sent;             // in this attempt
    uint64_t told;             // to the listener
    Job *next;
};

struct Uploader {
    S3Bucket *bucket;
    Arena *arena;
    const S3Progress *progress;
    S3Upload *uploads;
    size_t count;
    size_t next;
    Job *spare;
    Job *waiting; // for their next attempt
    Parts *open;
    bool failed; // nothing new is begun
    bool stopped;
};

Job *upload_job(Uploader *uploader, const JobKind *kind, S3Upload *upload, Parts *parts);
// Puts the job into the list of those to be sent, at once.
void upload_again(Uploader *uploader, Job *job);
// Tells that `bytes` of the body are there, whichever attempt brought them.
void upload_tell(Uploader *uploader, Job *job, uint64_t bytes);
// The upload is over; `text` says more when the file is to blame.
void upload_end(Uploader *uploader, S3Upload *upload, S3Outcome outcome, const AwsReply *reply);
void upload_end_changed(Uploader *uploader, S3Upload *upload, const char *why);
// An open file that is still as large as it was, or -1: then the upload has ended.
int upload_open(Uploader *uploader, S3Upload *upload);
void upload_add_types(S3Call *call, const S3Upload *upload);

// Begins an upload in parts: the first job of it, or NULL when it has ended already.
Job *parts_begin(Uploader *uploader, S3Upload *upload);
// The next part of any upload that can be sent now, or NULL.
Job *parts_next(Uploader *uploader);
// Closes files, and takes back on S3 what was not completed.
void parts_end(Uploader *uploader);

#endif
