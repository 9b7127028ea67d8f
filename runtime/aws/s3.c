#include "runtime/aws/s3.h"

#include "runtime/aws/s3_priv.h"

// ---- addresses ----

static bool fits_in_host(Str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
            return false; // a dot would not match AWS's certificate
    }
    return name.len >= 3 && name.len <= 63;
}

static Str aws_origin(const S3Bucket *bucket, Arena *arena)
{
    const EndpointOptions *options = &bucket->options;
    return str_format(arena, "https://%.*s%ss3%s%s.%.*s.%.*s", STR_FMT(bucket->name),
        bucket->in_path ? "" : ".", options->fips ? "-fips" : "",
        options->dual_stack ? ".dualstack" : "", STR_FMT(bucket->region),
        STR_FMT(endpoint_suffix(bucket->region)));
}

static bool resolve(S3Bucket *bucket, Endpoint *endpoint, Str *error)
{
    Arena *arena = bucket->arena;
    EndpointOptions options = bucket->options;
    bucket->in_path = options.custom.len || !fits_in_host(bucket->name);
    if (!options.custom.len && endpoint_region_is_valid(bucket->region)) {
        S3Bucket plain = *bucket;
        if (bucket->in_path)
            plain.name = STR("");
        options = (EndpointOptions){.custom = aws_origin(&plain, arena)};
    }
    return endpoint_resolve(arena, STR("s3"), bucket->region, &options, endpoint, error);
}

bool s3_bucket_init(S3Bucket *bucket, Arena *arena, const World *world, HttpTransport http,
    AwsKeySource keys, const EndpointOptions *options, Str name, Str region, Str *error)
{
    *bucket = (S3Bucket){.arena = arena, .options = *options, .name = name, .region = region};
    Endpoint endpoint;
    if (!resolve(bucket, &endpoint, error))
        return false;
    aws_client_init(&bucket->client, world, http, keys, STR("s3"), region, endpoint);
    return true;
}

static Str path_of(const S3Bucket *bucket, Arena *arena, Str base, Str key)
{
    Str encoded = sign_encode(arena, key, true);
    if (!bucket->in_path)
        return str_format(arena, "/%.*s", STR_FMT(encoded));
    bool slash = str_ends(base, STR("/"));
    return str_format(arena, "%.*s%s%.*s%s%.*s", STR_FMT(base), slash ? "" : "/",
        STR_FMT(sign_encode(arena, bucket->name, false)), key.len ? "/" : "", STR_FMT(encoded));
}

Str s3_object_url(const S3Bucket *bucket, Arena *arena, Str key, Str origin)
{
    S3Bucket own = *bucket;
    own.in_path = origin.len || !fits_in_host(bucket->name);
    if (!origin.len) {
        S3Bucket plain = own;
        if (own.in_path)
            plain.name = STR("");
        origin = aws_origin(&plain, arena);
    }
    Str base = str_ends(origin, STR("/")) ? str_slice(origin, 0, origin.len - 1) : origin;
    return str_format(
        arena, "%.*s%.*s", STR_FMT(base), STR_FMT(path_of(&own, arena, STR(""), key)));
}

// ---- calls ----

void s3_add_header(S3Call *call, const char *name, Str value)
{
    call->headers[call->header_count++] = (NamedText){str_of(name), value};
}

Str s3_base64(Arena *arena, const unsigned char *bytes, size_t count)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *text = arena_alloc(arena, (count + 2) / 3 * 4 + 1);
    size_t len = 0;
    for (size_t i = 0; i < count; i += 3) {
        unsigned group = (unsigned)bytes[i] << 16;
        group |= i + 1 < count ? (unsigned)bytes[i + 1] << 8 : 0;
        group |= i + 2 < count ? (unsigned)bytes[i + 2] : 0;
        text[len++] = digits[group >> 18];
        text[len++] = digits[group >> 12 & 63];
        text[len++] = i + 1 < count ? digits[group >> 6 & 63] : '=';
        text[len++] = i + 2 < count ? digits[group & 63] : '=';
    }
    return (Str){text, len};
}

void s3_add_checksum(S3Call *call, Arena *arena, const unsigned char digest[SHA256_BYTES])
{
    s3_add_header(call, "X-Amz-Checksum-Sha256", s3_base64(arena, digest, SHA256_BYTES));
}

AwsRequest s3_request(const S3Bucket *bucket, Arena *arena, S3Call *call)
{
    if (bucket->owner.len)
        s3_add_header(call, "X-Amz-Expected-Bucket-Owner", bucket->owner);
    return (AwsRequest){.method = str_of(call->method),
        .path = path_of(bucket, arena, bucket->client.endpoint.path, call->key),
        .query = call->query,
        .headers = call->headers,
        .header_count = call->header_count,
        .body = call->body,
        .any_body = call->any_body,
        .s3 = true};
}

// The region that AWS says the bucket is in, or an empty one.
static Str region_told(Arena *arena, const AwsReply *reply)
{
    if (reply->ok || !reply->response)
        return STR_NONE;
    Str region = http_header(reply->response, "x-amz-bucket-region");
    Str error;
    if (!region.len && reply->response->body.len)
        region = xml_text(xml_read(arena, reply->response->body, &error), "Region");
    return endpoint_region_is_valid(region) ? region : STR_NONE;
}

AwsReply s3_send(S3Bucket *bucket, Arena *arena, S3Call *call)
{
    size_t own_headers = call->header_count;
    AwsRequest request = s3_request(bucket, arena, call);
    AwsReply reply = aws_send(&bucket->client, arena, &request);
    Str region = region_told(arena, &reply);
    if (!region.len || str_equal(region, bucket->region))
        return reply;
    S3Bucket moved = *bucket;
    moved.region = str_copy(bucket->arena, region);
    Str error;
    if (!resolve(&moved, &moved.client.endpoint, &error))
        return reply;
    moved.client.region = moved.region;
    *bucket = moved;
    world_log(bucket->client.world, "bucket %.*s is in %.*s", STR_FMT(bucket->name),
        STR_FMT(bucket->region));
    call->header_count = own_headers;
    request = s3_request(bucket, arena, call);
    return aws_send(&bucket->client, arena, &request);
}

// ---- texts ----

Str s3_unquote(Str etag)
{
    bool quoted = etag.len >= 2 && etag.ptr[0] == '"' && etag.ptr[etag.len - 1] == '"';
    return quoted ? str_slice(etag, 1, etag.len - 1) : etag;
}

void s3_add_xml(Buf *out, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '&')
            buf_add_text(out, "&amp;");
        else if (c == '<')
            buf_add_text(out, "&lt;");
        else if (c == '>')
            buf_add_text(out, "&gt;");
        else if (c == '\r')
            buf_add_text(out, "&#13;");
        else
            buf_add_char(out, c);
    }
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

Str s3_read_key(Arena *arena, const XmlNode *node, bool encoded)
{
    Str text = xml_text(node, "Key");
    if (!encoded)
        return text;
    char *bytes = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        int high = text.ptr[i] == '%' && i + 2 < text.len ? digit_of(text.ptr[i + 1]) : -1;
        int low = high >= 0 ? digit_of(text.ptr[i + 2]) : -1;
        bytes[len++] = low >= 0 ? (char)(high * 16 + low) : text.ptr[i] == '+' ? ' ' : text.ptr[i];
        if (low >= 0)
            i += 2;
    }
    return (Str){bytes, len};
}

uint64_t s3_read_number(Str digits)
{
    uint64_t number = 0;
    for (size_t i = 0; i < digits.len && digits.ptr[i] >= '0' && digits.ptr[i] <= '9'; i++)
        number = number * 10 + (uint64_t)(digits.ptr[i] - '0');
    return number;
}
