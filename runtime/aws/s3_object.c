#include "runtime/aws/s3_priv.h"

enum { DELETES_A_CALL = 1000 };

// ---- lists ----

static void take_objects(Arena *arena, const XmlNode *root, bool versions, S3Objects *objects)
{
    bool encoded = str_is(xml_text(root, "EncodingType"), "url");
    for (size_t i = 0; root && i < root->children.len; i++) {
        const XmlNode *node = root->children.items[i];
        bool wanted = versions ? str_is(node->name, "Version") || str_is(node->name, "DeleteMarker")
                               : str_is(node->name, "Contents");
        if (!wanted)
            continue;
        S3Object object = {.key = s3_read_key(arena, node, encoded),
            .version = xml_text(node, "VersionId"),
            .etag = s3_unquote(xml_text(node, "ETag")),
            .size = s3_read_number(xml_text(node, "Size"))};
        VEC_ADD(arena, objects, object);
    }
}

static AwsReply repeated(AwsReply reply)
{
    reply.ok = false;
    reply.message = STR("S3 gave the same page of a list twice");
    return reply;
}

AwsReply s3_list(S3Bucket *bucket, Arena *arena, Str prefix, S3Objects *objects)
{
    Str token = STR("");
    for (;;) {
        Str query = str_format(arena, "list-type=2&encoding-type=url&prefix=%.*s%s%.*s",
            STR_FMT(sign_encode(arena, prefix, false)), token.len ? "&continuation-token=" : "",
            STR_FMT(sign_encode(arena, token, false)));
        S3Call call = {.method = "GET", .query = query};
        AwsReply reply = s3_send(bucket, arena, &call);
        if (!reply.ok)
            return reply;
        take_objects(arena, reply.root, false, objects);
        Str next = xml_text(reply.root, "NextContinuationToken");
        if (!next.len || !str_is(xml_text(reply.root, "IsTruncated"), "true"))
            return reply;
        if (str_equal(next, token))
            return repeated(reply);
        token = next;
    }
}

AwsReply s3_list_versions(S3Bucket *bucket, Arena *arena, S3Objects *objects)
{
    Str key = STR("");
    Str version = STR("");
    for (;;) {
        Str query = STR("versions=&encoding-type=url");
        if (key.len)
            query = str_format(arena, "%.*s&key-marker=%.*s&version-id-marker=%.*s", STR_FMT(query),
                STR_FMT(sign_encode(arena, key, false)),
                STR_FMT(sign_encode(arena, version, false)));
        S3Call call = {.method = "GET", .query = query};
        AwsReply reply = s3_send(bucket, arena, &call);
        if (!reply.ok)
            return reply;
        take_objects(arena, reply.root, true, objects);
        if (!str_is(xml_text(reply.root, "IsTruncated"), "true") || !objects->len)
            return reply;
        const S3Object *last = &objects->items[objects->len - 1];
        if (str_equal(last->key, key) && str_equal(last->version, version))
            return repeated(reply);
        key = last->key;
        version = last->version;
    }
}

// ---- single objects ----

AwsReply s3_get(S3Bucket *bucket, Arena *arena, Str key, Str *body)
{
    S3Call call = {.method = "GET", .key = key, .any_body = true};
    AwsReply reply = s3_send(bucket, arena, &call);
    if (reply.ok)
        *body = reply.response->body;
    return reply;
}

// ---- deleting ----

// XML cannot say what has control characters.
static bool fits_in_xml(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ' && text.ptr[i] != '\t' && text.ptr[i] != '\n' &&
            text.ptr[i] != '\r')
            return false;
    return true;
}

static AwsReply delete_one(S3Bucket *bucket, Arena *arena, const S3Object *object)
{
    S3Call call = {.method = "DELETE", .key = object->key, .any_body = true};
    if (object->version.len)
        call.query = str_format(
            arena, "versionId=%.*s", STR_FMT(sign_encode(arena, object->version, false)));
    return s3_send(bucket, arena, &call);
}

static AwsReply delete_some(S3Bucket *bucket, Arena *arena, const S3Object *objects, size_t count)
{
    Buf body;
    buf_init(&body, 0);
    buf_add_text(&body, "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true"
                        "</Quiet>");
    for (size_t i = 0; i < count; i++) {
        buf_add_text(&body, "<Object><Key>");
        s3_add_xml(&body, objects[i].key);
        buf_add_text(&body, "</Key>");
        if (objects[i].version.len) {
            buf_add_text(&body, "<VersionId>");
            s3_add_xml(&body, objects[i].version);
            buf_add_text(&body, "</VersionId>");
        }
        buf_add_text(&body, "</Object>");
    }
    buf_add_text(&body, "</Delete>");
    S3Call call = {.method = "POST", .query = STR("delete="), .body = buf_copy(&body, arena)};
    buf_release(&body);
    unsigned char digest[SHA256_BYTES];
    sha256_digest(call.body, digest);
    s3_add_header(&call, "Content-Type", STR("application/xml"));
    s3_add_checksum(&call, arena, digest);
    AwsReply reply = s3_send(bucket, arena, &call);
    const XmlNode *error = reply.ok ? xml_child(reply.root, "Error") : NULL;
    if (error) {
        reply.ok = false;
        reply.code = xml_text(error, "Code");
        reply.message = str_format(arena, "%.*s (%.*s)", STR_FMT(xml_text(error, "Message")),
            STR_FMT(xml_text(error, "Key")));
    }
    return reply;
}

AwsReply s3_delete(S3Bucket *bucket, Arena *arena, const S3Object *objects, size_t count)
{
    AwsReply reply = {.ok = true};
    S3Object *batch = ARENA_ARRAY(arena, S3Object, DELETES_A_CALL);
    size_t len = 0;
    for (size_t i = 0; reply.ok && i < count; i++) {
        if (fits_in_xml(objects[i].key))
            batch[len++] = objects[i];
        else
            reply = delete_one(bucket, arena, &objects[i]);
        if (reply.ok && len == DELETES_A_CALL) {
            reply = delete_some(bucket, arena, batch, len);
            len = 0;
        }
    }
    return reply.ok && len ? delete_some(bucket, arena, batch, len) : reply;
}
