// Uploads in parallel. A job is a request with all its attempts; it waits in a list between them.
// One job is a whole small upload; a large one has a job for each part and each step.
#include "runtime/aws/s3_upload_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STALL = 60 * 1000 };

// ---- jobs ----

Job *upload_job(Uploader *uploader, const JobKind *kind, S3Upload *upload, Parts *parts)
{
    Job *job = uploader->spare;
    if (job)
        uploader->spare = job->next;
    else
        job = ARENA_NEW(uploader->arena, Job);
    *job = (Job){.kind = kind, .upload = upload, .parts = parts, .descriptor = -1};
    return job;
}

void upload_again(Uploader *uploader, Job *job)
{
    job->next = uploader->waiting;
    uploader->waiting = job;
}

static void let_go(Uploader *uploader, Job *job)
{
    job->next = uploader->spare;
    uploader->spare = job;
}

void upload_tell(Uploader *uploader, Job *job, uint64_t bytes)
{
    if (bytes <= job->told)
        return;
    uploader->progress->sent(uploader->progress->context, bytes - job->told);
    job->told = bytes;
}

void upload_end(Uploader *uploader, S3Upload *upload, S3Outcome outcome, const AwsReply *reply)
{
    Arena *arena = uploader->arena;
    upload->outcome = outcome;
    upload->reply = (AwsReply){.ok = reply->ok, .status = reply->status, .no_keys = reply->no_keys};
    if (!reply->ok) {
        upload->reply.code = str_copy(arena, reply->code);
        upload->reply.message = str_copy(arena, reply->message);
        upload->reply.request_id = str_copy(arena, reply->request_id);
    }
    uploader->failed = uploader->failed || (outcome != S3_STORED && outcome != S3_EXISTED);
    if (uploader->progress->finished)
        uploader->progress->finished(uploader->progress->context, upload);
}

void upload_end_changed(Uploader *uploader, S3Upload *upload, const char *why)
{
    AwsReply reply = {.message = str_of(why)};
    upload_end(uploader, upload, S3_CHANGED, &reply);
}

// ---- files ----

int upload_open(Uploader *uploader, S3Upload *upload)
{
    bool own = upload->path.len > 0;
    int descriptor = upload->descriptor;
    if (own)
        descriptor = open(str_copy(uploader->arena, upload->path).ptr,
            O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat info;
    if (descriptor < 0 || fstat(descriptor, &info) != 0) {
        upload_end_changed(uploader, upload, strerror(errno));
        if (own && descriptor >= 0)
            close(descriptor);
        return -1;
    }
    if (S_ISREG(info.st_mode) && (uint64_t)info.st_size == upload->size)
        return descriptor;
    if (own)
        close(descriptor);
    upload_end_changed(uploader, upload, "it changed after it was looked at");
    return -1;
}

static bool read_whole(int descriptor, char *bytes, size_t size)
{
    for (size_t len = 0; len < size;) {
        ssize_t got = pread(descriptor, bytes + len, size - len, (off_t)len);
        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        len += got > 0 ? (size_t)got : 0;
    }
    return true;
}

// That the bytes are those that were hashed before, S3 finds out.
static bool read_body(Uploader *uploader, Job *job, Arena *arena, int descriptor)
{
    S3Upload *upload = job->upload;
    char *bytes = arena_alloc(arena, (size_t)upload->size + 1);
    job->call.body = (Str){bytes, (size_t)upload->size};
    if (read_whole(descriptor, bytes, (size_t)upload->size)) {
        if (upload->unhashed)
            sha256_digest(job->call.body, upload->hash);
        return true;
    }
    upload_end_changed(uploader, upload, "it changed after it was looked at");
    return false;
}

// ---- whole uploads ----

void upload_add_types(S3Call *call, const S3Upload *upload)
{
    if (upload->content_type.len)
        s3_add_header(call, "Content-Type", upload->content_type);
    if (upload->cache_control.len)
        s3_add_header(call, "Cache-Control", upload->cache_control);
}

static bool prepare_put(Uploader *uploader, Job *job, Arena *arena)
{
    S3Upload *upload = job->upload;
    job->call = (S3Call){.method = "PUT", .key = upload->key, .any_body = true};
    job->size = upload->size;
    job->hash = upload->hash;
    upload_add_types(&job->call, upload);
    // The signature holds the body's hash already; what is kept for long has it beside it as well.
    if (upload->once) {
        s3_add_checksum(&job->call, arena, upload->hash);
        s3_add_header(&job->call, "If-None-Match", STR("*"));
    }
    if (!upload->path.len && upload->descriptor < 0) {
        job->call.body = upload->body;
        return true;
    }
    int descriptor = upload_open(uploader, upload);
    if (descriptor < 0)
        return false;
    if (upload->path.len)
        job->descriptor = descriptor;
    job->file = (HttpFile){descriptor, 0, upload->size};
    if (upload->size > S3_IN_MEMORY)
        return true;
    job->file.size = 0;
    return read_body(uploader, job, arena, descriptor);
}

static bool blames_body(const AwsReply *reply)
{
    return str_is(reply->code, "BadDigest") || str_is(reply->code, "XAmzContentSHA256Mismatch") ||
           str_is(reply->code, "XAmzContentChecksumMismatch");
}

static void settle_put(Uploader *uploader, Job *job, Arena *arena, AwsReply *reply)
{
    (void)arena;
    if (reply->ok) {
        upload_tell(uploader, job, job->size);
        job->upload->etag =
            str_copy(uploader->arena, s3_unquote(http_header(reply->response, "etag")));
        upload_end(uploader, job->upload, S3_STORED, reply);
    } else if (job->upload->once && reply->status == 412) {
        upload_end(uploader, job->upload, S3_EXISTED, reply);
    } else if (blames_body(reply)) {
        upload_end_changed(uploader, job->upload, "it changed while it was sent");
    } else {
        upload_end(uploader, job->upload, S3_FAILED, reply);
    }
}

static const JobKind PUT_WHOLE = {prepare_put, settle_put};

// ---- the feed ----

static void close_attempt(Job *job)
{
    if (job->descriptor >= 0)
        close(job->descriptor);
    job->descriptor = -1;
}

static int64_t steady(const Uploader *uploader)
{
    const World *world = uploader->bucket->client.world;
    return world->steady(world->context);
}

// A job whose time has come; else `wait` says how long it is until the first one's.
static Job *take_due(Uploader *uploader, int64_t *wait)
{
    int64_t now = uploader->waiting ? steady(uploader) : 0;
    *wait = 0;
    for (Job **at = &uploader->waiting; *at; at = &(*at)->next) {
        Job *job = *at;
        if (job->due <= now) {
            *at = job->next;
            return job;
        }
        if (!*wait || job->due - now < *wait)
            *wait = job->due - now;
    }
    return NULL;
}

static Job *next_upload(Uploader *uploader)
{
    while (uploader->next < uploader->count && !uploader->failed) {
        S3Upload *upload = &uploader->uploads[uploader->next++];
        Job *job = upload->size > S3_WHOLE ? parts_begin(uploader, upload)
                                           : upload_job(uploader, &PUT_WHOLE, upload, NULL);
        if (job)
            return job;
    }
    return NULL;
}

// False: the job is over before anything was sent.
static bool begin(Uploader *uploader, Job *job, Arena *arena, HttpRequest *out)
{
    S3Bucket *bucket = uploader->bucket;
    job->file = (HttpFile){0};
    job->sent = 0;
    if (!job->kind->prepare(uploader, job, arena)) {
        close_attempt(job);
        let_go(uploader, job);
        return false;
    }
    job->request = s3_request(bucket, arena, &job->call);
    if (job->file.size) {
        job->request.file = &job->file;
        job->request.stall = STALL;
    }
    if (job->hash)
        job->request.hash = sha256_digits(arena, job->hash);
    AwsReply reply;
    if (aws_exchange_begin(&bucket->client, &job->exchange, arena, &job->request, out, &reply))
        return true;
    close_attempt(job);
    upload_end(uploader, job->upload, S3_FAILED, &reply);
    let_go(uploader, job);
    return false;
}

static HttpPull pull(
    void *context, Arena *arena, HttpRequest *request, void **ticket, int64_t *wait)
{
    Uploader *uploader = context;
    while (!uploader->failed) {
        Job *job = take_due(uploader, wait);
        if (!job)
            job = parts_next(uploader);
        if (!job && !uploader->failed)
            job = next_upload(uploader);
        if (!job)
            break;
        if (begin(uploader, job, arena, request)) {
            *ticket = job;
            return HTTP_PULL_READY;
        }
    }
    return uploader->waiting && !uploader->failed ? HTTP_PULL_LATER : HTTP_PULL_END;
}

static void answer(void *context, void *ticket, const HttpResponse *response)
{
    Uploader *uploader = context;
    Job *job = ticket;
    close_attempt(job);
    if (response->failure == HTTP_CANCELLED) {
        uploader->stopped = true;
        let_go(uploader, job);
        return;
    }
    Arena *arena = arena_new();
    AwsReply reply;
    int64_t wait;
    if (aws_exchange_end(&uploader->bucket->client, &job->exchange, arena, &job->request, response,
            &reply, &wait)) {
        job->due = steady(uploader) + wait;
        upload_again(uploader, job);
    } else {
        job->kind->settle(uploader, job, arena, &reply);
        let_go(uploader, job);
    }
    arena_free(arena);
}

static void sent(void *context, void *ticket, uint64_t bytes)
{
    Job *job = ticket;
    job->sent += bytes;
    upload_tell(context, job, job->sent);
}

static bool cancelled(void *context)
{
    Uploader *uploader = context;
    const Host *host = uploader->bucket->client.world->host;
    uploader->stopped = host->cancelled && host->cancelled(host->context);
    return uploader->stopped;
}

bool s3_upload_all(S3Bucket *bucket, Arena *arena, HttpParallel parallel, S3Upload *uploads,
    size_t count, size_t jobs, const S3Progress *progress)
{
    Uploader uploader = {
        .bucket = bucket, .arena = arena, .progress = progress, .uploads = uploads, .count = count};
    const HttpFeed feed = {&uploader, pull, answer, sent, cancelled};
    parallel.send_all(parallel.context, &feed, jobs ? jobs : S3_JOBS);
    parts_end(&uploader);
    bool all = true;
    for (size_t i = 0; i < count; i++) {
        if (uploads[i].outcome == S3_PENDING && uploader.stopped)
            uploads[i].outcome = S3_STOPPED;
        all = all && (uploads[i].outcome == S3_STORED || uploads[i].outcome == S3_EXISTED);
    }
    return all;
}
