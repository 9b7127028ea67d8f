// Uploads in parts: look for one that was left half done, else begin one; send the parts; complete
// it. What is not completed is taken back.
#include "runtime/aws/s3_upload_priv.h"

#include <string.h>
#include <unistd.h>

enum { BLOCK = 256 * 1024 };

static const JobKind FIND;
static const JobKind LIST;
static const JobKind CREATE;
static const JobKind SEND;
static const JobKind COMPLETE;
static const JobKind VERIFY;

static Str upload_query(const Parts *parts, Arena *arena)
{
    return str_format(arena, "uploadId=%.*s", STR_FMT(sign_encode(arena, parts->id, false)));
}

// A step that follows another of the same upload.
static void go_on(Uploader *uploader, Parts *parts, const JobKind *kind)
{
    upload_again(uploader, upload_job(uploader, kind, parts->upload, parts));
}

static void fail(Uploader *uploader, const Job *job, const AwsReply *reply)
{
    if (job->upload->outcome == S3_PENDING)
        upload_end(uploader, job->upload, S3_FAILED, reply);
}

// ---- looking for one that was left half done ----

static bool prepare_find(Uploader *uploader, Job *job, Arena *arena)
{
    (void)uploader;
    job->call = (S3Call){.method = "GET",
        .query = str_format(arena, "uploads=&encoding-type=url&prefix=%.*s",
            STR_FMT(sign_encode(arena, job->upload->key, false)))};
    return true;
}

static void settle_find(Uploader *uploader, Job *job, Arena *arena, AwsReply *reply)
{
    Parts *parts = job->parts;
    bool encoded = str_is(xml_text(reply->root, "EncodingType"), "url");
    Str begun = STR("");
    for (size_t i = 0; reply->ok && i < reply->root->children.len; i++) {
        const XmlNode *node = reply->root->children.items[i];
        Str when = xml_text(node, "Initiated");
        if (!str_is(node->name, "Upload") || str_compare(when, begun) < 0 ||
            !str_equal(s3_read_key(arena, node, encoded), job->upload->key))
            continue;
        begun = when;
        parts->id = str_copy(uploader->arena, xml_text(node, "UploadId"));
    }
    // Who may not list uploads can still make one.
    go_on(uploader, parts, parts->id.len ? &LIST : &CREATE);
}

static const JobKind FIND = {prepare_find, settle_find};

static bool prepare_list(Uploader *uploader, Job *job, Arena *arena)
{
    (void)uploader;
    Str query = upload_query(job->parts, arena);
    if (job->parts->marker.len)
        query = str_format(arena, "%.*s&part-number-marker=%.*s", STR_FMT(query),
            STR_FMT(sign_encode(arena, job->parts->marker, false)));
    job->call = (S3Call){.method = "GET", .key = job->upload->key, .query = query};
    return true;
}

static void take_part(Uploader *uploader, Parts *parts, const XmlNode *node)
{
    uint64_t number = s3_read_number(xml_text(node, "PartNumber"));
    if (!str_is(node->name, "Part") || number < 1 || number > parts->count)
        return;
    Part *part = &parts->parts[number - 1];
    part->etag = str_copy(uploader->arena, xml_text(node, "ETag"));
    part->checksum = str_copy(uploader->arena, xml_text(node, "ChecksumSHA256"));
}

static void settle_list(Uploader *uploader, Job *job, Arena *arena, AwsReply *reply)
{
    (void)arena;
    Parts *parts = job->parts;
    for (size_t i = 0; reply->ok && i < reply->root->children.len; i++)
        take_part(uploader, parts, reply->root->children.items[i]);
    Str next = xml_text(reply->root, "NextPartNumberMarker");
    bool more = str_is(xml_text(reply->root, "IsTruncated"), "true") && next.len &&
                !str_equal(next, parts->marker);
    if (!reply->ok) { // gone meanwhile, or not to be seen
        parts->id = STR_NONE;
        go_on(uploader, parts, &CREATE);
    } else if (more) {
        parts->marker = str_copy(uploader->arena, next);
        go_on(uploader, parts, &LIST);
    } else {
        parts->next = 0;
    }
}

static const JobKind LIST = {prepare_list, settle_list};

// ---- beginning one ----

static bool prepare_create(Uploader *uploader, Job *job, Arena *arena)
{
    (void)uploader;
    (void)arena;
    job->call = (S3Call){.method = "POST", .key = job->upload->key, .query = STR("uploads=")};
    upload_add_types(&job->call, job->upload);
    s3_add_header(&job->call, "X-Amz-Checksum-Algorithm", STR("SHA256"));
    return true;
}

static void settle_create(Uploader *uploader, Job *job, Arena *arena, AwsReply *reply)
{
    (void)arena;
    Str id = xml_text(reply->root, "UploadId");
    if (reply->ok && id.len) {
        job->parts->id = str_copy(uploader->arena, id);
        job->parts->next = 0;
        return;
    }
    if (reply->ok)
        reply->message = STR("S3 gave no id for an upload");
    reply->ok = false;
    fail(uploader, job, reply);
}

static const JobKind CREATE = {prepare_create, settle_create};

// ---- parts ----

static uint64_t part_length(const Parts *parts, size_t part)
{
    uint64_t start = part * parts->part_size;
    uint64_t left = parts->upload->size - start;
    return left < parts->part_size ? left : parts->part_size;
}

// Reads a part for its digest, and the file's so far.
static bool digest_part(Parts *parts, size_t part, Arena *arena)
{
    Sha256 *sha256 = sha256_new(arena);
    char *block = arena_alloc(arena, BLOCK);
    uint64_t at = part * parts->part_size;
    for (uint64_t left = part_length(parts, part); left > 0;) {
        ssize_t got =
            pread(parts->descriptor, block, left < BLOCK ? (size_t)left : BLOCK, (off_t)at);
        if (got <= 0)
            return false;
        Str piece = {block, (size_t)got};
        sha256_add(sha256, piece);
        sha256_add(parts->whole, piece);
        at += piece.len;
        left -= piece.len;
    }
    sha256_take(sha256, parts->parts[part].digest);
    return true;
}

static bool prepare_part(Uploader *uploader, Job *job, Arena *arena)
{
    (void)uploader;
    const Parts *parts = job->parts;
    job->size = part_length(parts, job->part);
    job->hash = parts->parts[job->part].digest;
    job->file = (HttpFile){parts->descriptor, job->part * parts->part_size, job->size};
    job->call = (S3Call){.method = "PUT",
        .key = job->upload->key,
        .query = str_format(
            arena, "partNumber=%zu&%.*s", job->part + 1, STR_FMT(upload_query(parts, arena))),
        .any_body = true};
    s3_add_checksum(&job->call, arena, parts->parts[job->part].digest);
    return true;
}

static void part_is_there(Uploader *uploader, Parts *parts, size_t part)
{
    unsigned char digest[SHA256_BYTES];
    parts->parts[part].done = true;
    if (++parts->done < parts->count)
        return;
    sha256_take(parts->whole, digest);
    if (memcmp(digest, parts->upload->hash, sizeof digest) == 0)
        go_on(uploader, parts, &COMPLETE);
    else
        upload_end_changed(uploader, parts->upload, "it changed after it was looked at");
}

static void settle_part(Uploader *uploader, Job *job, Arena *arena, AwsReply *reply)
{
    (void)arena;
    if (!reply->ok) {
        fail(uploader, job, reply);
        return;
    }
    upload_tell(uploader, job, job->size);
    job->parts->parts[job->part].etag =
        str_copy(uploader->arena, http_header(reply->response, "etag"));
    part_is_there(uploader, job->parts, job->part);
}

static const JobKind SEND = {prepare_part, settle_part};

// The next part of one upload that is not there yet.
static Job *next_part(Uploader *uploader, Parts *parts)
{
    while (parts->id.len && parts->next < parts->count && !uploader->failed) {
        size_t number = parts->next++;
        const Part *part = &parts->parts[number];
        Arena *scratch = arena_new();
        bool read = digest_part(parts, number, scratch);
        bool there = read && part->checksum.len && part->etag.len &&
                     str_equal(part->checksum, s3_base64(scratch, part->digest, SHA256_BYTES));
        arena_free(scratch);
        if (!read) {
            upload_end_changed(uploader, parts->upload, "it became shorter while it was sent");
            return NULL;
        }
        if (!there) {
            Job *job = upload_job(uploader, &SEND, parts->upload, parts);
            job->part = number;
            return job;
        }
        uploader->progress->sent(uploader->progress->context, part_length(parts, number));
        part_is_there(uploader, parts, number);
    }
    return NULL;
}

// ---- completing ----

static bool prepare_complete(Uploader *uploader, Job *job, Arena *arena)
{
    (void)uploader;
    const Parts *parts = job->parts;
    Buf body;
    buf_init(&body, 0);
    buf_add_text(
        &body, "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    for (size_t i = 0; i < parts->count; i++) {
        buf_add_format(&body, "<Part><PartNumber>%zu</PartNumber><ETag>", i + 1);
        s3_add_xml(&body, parts->parts[i].etag);
        buf_add_format(&body, "</ETag><ChecksumSHA256>%s</ChecksumSHA256></Part>",
            s3_base64(arena, parts->parts[i].digest, SHA256_BYTES).ptr);
    }
    buf_add_text(&body, "</CompleteMultipartUpload>");
    job->call = (S3Call){.method = "POST",
        .key = job->upload->key,
        .query = upload_query(parts, arena),
        .body = buf_copy(&body, arena)};
    buf_release(&body);
    s3_add_header(&job->call, "Content-Type", STR("application/xml"));
    if (job->upload->once)
        s3_add_header(&job->call, "If-None-Match", STR("*"));
    return true;
}

static void settle_complete(Uploader *uploader, Job *job, Arena *arena, AwsReply *reply)
{
    (void)arena;
    if (reply->ok) {
        job->parts->completed = true;
        job->upload->etag = str_copy(uploader->arena, s3_unquote(xml_text(reply->root, "ETag")));
        upload_end(uploader, job->upload, S3_STORED, reply);
    } else if (job->upload->once && reply->status == 412) {
        upload_end(uploader, job->upload, S3_EXISTED, reply);
    } else if (str_is(reply->code, "NoSuchUpload")) {
        // The attempt before may have worked and its answer been lost.
        job->parts->completed = true;
        go_on(uploader, job->parts, &VERIFY);
    } else {
        fail(uploader, job, reply);
    }
}

static const JobKind COMPLETE = {prepare_complete, settle_complete};

static bool prepare_verify(Uploader *uploader, Job *job, Arena *arena)
{
    (void)uploader;
    (void)arena;
    job->call = (S3Call){.method = "HEAD", .key = job->upload->key, .any_body = true};
    return true;
}

static void settle_verify(Uploader *uploader, Job *job, Arena *arena, AwsReply *reply)
{
    (void)arena;
    bool same = reply->ok &&
                s3_read_number(http_header(reply->response, "content-length")) == job->upload->size;
    if (reply->ok && !same)
        reply->message = STR("the upload was gone before it was completed");
    reply->ok = same;
    if (same)
        job->upload->etag =
            str_copy(uploader->arena, s3_unquote(http_header(reply->response, "etag")));
    upload_end(uploader, job->upload, same ? S3_STORED : S3_FAILED, reply);
}

static const JobKind VERIFY = {prepare_verify, settle_verify};

// ---- all of it ----

Job *parts_begin(Uploader *uploader, S3Upload *upload)
{
    int descriptor = upload_open(uploader, upload);
    if (descriptor < 0)
        return NULL;
    Parts *parts = ARENA_NEW(uploader->arena, Parts);
    uint64_t size = S3_PART;
    while ((upload->size + size - 1) / size > S3_MAX_PARTS)
        size *= 2;
    size_t count = (size_t)((upload->size + size - 1) / size);
    *parts = (Parts){.upload = upload,
        .descriptor = descriptor,
        .part_size = size,
        .count = count,
        .next = count, // none until the upload's id is known
        .whole = sha256_new(uploader->arena),
        .parts = ARENA_ARRAY(uploader->arena, Part, count),
        .other = uploader->open};
    uploader->open = parts;
    return upload_job(uploader, &FIND, upload, parts);
}

Job *parts_next(Uploader *uploader)
{
    for (Parts *parts = uploader->open; parts; parts = parts->other) {
        Job *job = next_part(uploader, parts);
        if (job)
            return job;
    }
    return NULL;
}

void parts_end(Uploader *uploader)
{
    for (Parts *parts = uploader->open; parts; parts = parts->other) {
        if (parts->upload->path.len)
            close(parts->descriptor);
        if (!parts->id.len || parts->completed)
            continue;
        Arena *scratch = arena_new();
        S3Call call = {.method = "DELETE",
            .key = parts->upload->key,
            .query = upload_query(parts, scratch),
            .any_body = true};
        s3_send(uploader->bucket, scratch, &call);
        arena_free(scratch);
    }
}
