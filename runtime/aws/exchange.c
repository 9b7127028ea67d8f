#include <stdio.h>

#include "compiler/base/sha256.h"
#include "compiler/base/utf8.h"
#include "runtime/aws/client_priv.h"

enum { MAX_REPLY = XML_MAX_BYTES };

// ---- the request ----

static Str amz_date(AwsClient *client, Arena *arena)
{
    int64_t now = client->world->now(client->world->context) / 1000 + client->skew;
    Str iso = world_format_time(arena, now);
    return str_format(arena, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", iso.ptr, iso.ptr + 5, iso.ptr + 8,
        iso.ptr + 11, iso.ptr + 14, iso.ptr + 17);
}

static void add_header(NamedText *headers, size_t *count, const char *name, Str value)
{
    headers[(*count)++] = (NamedText){str_of(name), value};
}

static Str url_of(AwsClient *client, Arena *arena, const AwsRequest *request)
{
    if (!request->path.len && !request->query.len)
        return client->endpoint.url;
    size_t origin = client->endpoint.url.len - client->endpoint.path.len;
    Str path = request->path.len ? request->path : client->endpoint.path;
    return str_format(arena, "%.*s%.*s%s%.*s", (int)origin, client->endpoint.url.ptr, STR_FMT(path),
        request->query.len ? "?" : "", STR_FMT(request->query));
}

// A random UUID (RFC 9562, version 4).
static void make_id(AwsClient *client, AwsExchange *exchange)
{
    uint32_t words[4];
    for (size_t i = 0; i < 4; i++)
        words[i] = client->world->random(client->world->context);
    snprintf(exchange->id, sizeof exchange->id, "%08x-%04x-4%03x-%04x-%04x%08x", words[0],
        words[1] >> 16, words[1] & 0xfff, 0x8000 | (words[2] >> 16 & 0x3fff), words[2] & 0xffff,
        words[3]);
}

// All headers, signed when there are keys.
static NamedText *make_headers(AwsClient *client, const AwsExchange *exchange, Arena *arena,
    const AwsRequest *request, const AwsKeys *keys, size_t *count)
{
    NamedText *headers = ARENA_ARRAY(arena, NamedText, AWS_MAX_HEADERS + 8);
    Str hash = request->hash.len ? request->hash : sha256_hex(arena, request->body);
    Str date = amz_date(client, arena);
    *count = 0;
    add_header(headers, count, "Host", client->endpoint.host);
    for (size_t i = 0; i < request->header_count && i < AWS_MAX_HEADERS; i++)
        headers[(*count)++] = request->headers[i];
    add_header(headers, count, "X-Amz-Date", date);
    add_header(headers, count, "amz-sdk-invocation-id", str_copy(arena, str_of(exchange->id)));
    add_header(headers, count, "amz-sdk-request",
        str_format(arena, "attempt=%d; max=%d", exchange->attempt + 1, client->max_attempts));
    if (request->s3)
        add_header(headers, count, "X-Amz-Content-Sha256", hash);
    if (keys && keys->token.len)
        add_header(headers, count, "X-Amz-Security-Token", keys->token);
    if (keys) {
        SignInput input = {.method = request->method,
            .path = request->path.len ? request->path : client->endpoint.path,
            .encode_path = !request->s3,
            .simplify_path = !request->s3,
            .query = request->query,
            .headers = headers,
            .header_count = *count,
            .payload_hash = hash,
            .region = client->region,
            .service = client->service,
            .date = date};
        Signature signature = sign_request(arena, &input, &keys->key, &client->signing);
        add_header(headers, count, "Authorization", signature.authorization);
    }
    add_header(headers, count, "User-Agent", STR("altc-deploy/" ALTC_VERSION));
    return headers;
}

bool aws_exchange_begin(AwsClient *client, AwsExchange *exchange, Arena *arena,
    const AwsRequest *request, HttpRequest *out, AwsReply *reply)
{
    AwsKeys keys = {0};
    *reply = (AwsReply){.attempts = ++exchange->calls, .uncertain = exchange->uncertain};
    if (client->keys.get &&
        !client->keys.get(client->keys.context, arena, exchange->renew, &keys, &reply->message)) {
        reply->no_keys = true;
        return false;
    }
    exchange->renew = false;
    exchange->started = client->world->steady(client->world->context);
    if (!exchange->id[0])
        make_id(client, exchange);
    *out = (HttpRequest){.method = request->method,
        .url = url_of(client, arena, request),
        .body = request->body,
        .file = request->file,
        .stall = request->stall,
        .raw = request->any_body,
        .max_body = MAX_REPLY};
    out->headers = make_headers(
        client, exchange, arena, request, client->keys.get ? &keys : NULL, &out->header_count);
    return true;
}

// ---- the answer ----

static bool is_error(const XmlNode *root)
{
    return root && str_is(root->name, "Error");
}

// What an answer that is no XML says, for people: JSON and text, but no page.
static Str excerpt(Arena *arena, Str body)
{
    enum { MOST = 200 };
    body = str_trim(body);
    if (!body.len || body.ptr[0] == '<' || !utf8_is_valid(str_slice(body, 0, MOST)))
        return STR_NONE;
    char *text = arena_copy(arena, body.ptr, body.len < MOST ? body.len : MOST);
    size_t len = body.len < MOST ? body.len : MOST;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 127)
            text[i] = ' ';
    return (Str){text, len};
}

// S3 has the error as the root, the others below it.
static void read_error(
    Arena *arena, const HttpResponse *response, const XmlNode *root, AwsReply *reply)
{
    const XmlNode *error = is_error(root) ? root : xml_child(root, "Error");
    if (!error)
        error = xml_child(xml_child(root, "Errors"), "Error");
    reply->code = xml_text(error, "Code");
    reply->message = xml_text(error, "Message");
    Str id = xml_text(root, "RequestId");
    reply->request_id = id.len ? id : xml_text(root, "RequestID");
    // Services that speak JSON: "ThrottlingException:http://…"
    Str type = http_header(response, "x-amzn-errortype");
    if (!reply->code.len && type.ptr)
        reply->code = str_slice(type, 0, str_find(type, STR(":"), 0));
    if (reply->message.len)
        return;
    Str said = root ? STR_NONE : excerpt(arena, response->body);
    reply->message = str_format(arena, "the service answered with HTTP status %d%s%.*s",
        response->status, said.len ? ": " : "", STR_FMT(said));
}

static AwsReply read_reply(
    Arena *arena, const AwsRequest *request, const HttpResponse *response, const XmlStop *stop)
{
    AwsReply reply = {.status = response->status};
    if (response->failure != HTTP_ANSWERED) {
        reply.status = 0;
        reply.message = response->error;
        return reply;
    }
    reply.response = response;
    bool good = response->status >= 200 && response->status < 300;
    Str why = STR_NONE;
    const XmlNode *root =
        good && request->any_body ? NULL : xml_read_until(arena, response->body, stop, &why);
    if (!good || is_error(root)) { // S3 may find out after it has sent the status
        read_error(arena, response, root, &reply);
    } else {
        bool fits = !root || !request->root.len || str_equal(root->name, request->root);
        if (!fits)
            why = str_format(arena, "it is '%.*s', expected '%.*s'", STR_FMT(root->name),
                STR_FMT(request->root));
        reply.ok = (root && fits) || request->any_body;
        reply.root = reply.ok ? root : NULL;
        reply.request_id = xml_text(root, "ResponseMetadata/RequestId");
        if (!reply.ok)
            reply.message = str_format(arena, "the answer cannot be read: %.*s", STR_FMT(why));
    }
    if (!reply.request_id.len)
        reply.request_id = http_header(response, "x-amzn-requestid");
    if (!reply.request_id.len)
        reply.request_id = http_header(response, "x-amz-request-id");
    return reply;
}

// ---- what it means ----

// What was called, for the log: the operation of a form, else method and path. Bodies, queries and
// headers never get there.
static Str name_of(const AwsRequest *request)
{
    const Str field = STR("Action=");
    if (!str_starts(request->body, field))
        return request->path;
    return str_slice(request->body, field.len, str_find(request->body, STR("&"), 0));
}

static void log_attempt(const AwsClient *client, const AwsExchange *exchange,
    const AwsRequest *request, const AwsReply *reply)
{
    const World *world = client->world;
    if (!world->log)
        return;
    Str name = name_of(request);
    Str result = reply->ok ? STR("ok") : reply->code.len ? reply->code : reply->message;
    world_log(world, "%.*s %.*s %.*s %.*s: %d %.*s, %lld ms, attempt %d of %d, call %s%s%.*s",
        STR_FMT(client->service), STR_FMT(client->region), STR_FMT(request->method), STR_FMT(name),
        reply->status, STR_FMT(result),
        (long long)(world->steady(world->context) - exchange->started), exchange->attempt + 1,
        client->max_attempts, exchange->id, reply->request_id.len ? ", request " : "",
        STR_FMT(reply->request_id));
}

bool aws_exchange_end(AwsClient *client, AwsExchange *exchange, Arena *arena,
    const AwsRequest *request, const HttpResponse *response, AwsReply *reply, int64_t *wait)
{
    *wait = 0;
    *reply = read_reply(arena, request, response, client->stop);
    reply->attempts = exchange->calls;
    log_attempt(client, exchange, request, reply);
    return retry_is_wanted(client, exchange, arena, response, reply, wait);
}
