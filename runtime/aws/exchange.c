#include "compiler/base/sha256.h"
#include "runtime/aws/client.h"

enum {
    RETRY_COST = 5,
    TIMEOUT_COST = 10,
    FIRST_WAIT = 1000,
    LONGEST_WAIT = 20 * 1000,
    SKEW_THAT_MATTERS = 4 * 60,
    MAX_REPLY = XML_MAX_BYTES
};

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

// All headers, signed when there are keys.
static NamedText *make_headers(
    AwsClient *client, Arena *arena, const AwsRequest *request, const AwsKeys *keys, size_t *count)
{
    NamedText *headers = ARENA_ARRAY(arena, NamedText, AWS_MAX_HEADERS + 6);
    Str hash = request->hash.len ? request->hash : sha256_hex(arena, request->body);
    Str date = amz_date(client, arena);
    *count = 0;
    add_header(headers, count, "Host", client->endpoint.host);
    for (size_t i = 0; i < request->header_count && i < AWS_MAX_HEADERS; i++)
        headers[(*count)++] = request->headers[i];
    add_header(headers, count, "X-Amz-Date", date);
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
        Signature signature = sign_request(arena, &input, &keys->key);
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
        !client->keys.get(client->keys.context, arena, exchange->renew, &keys, &reply->message))
        return false;
    exchange->renew = false;
    *out = (HttpRequest){.method = request->method,
        .url = url_of(client, arena, request),
        .body = request->body,
        .file = request->file,
        .stall = request->stall,
        .max_body = MAX_REPLY};
    out->headers =
        make_headers(client, arena, request, client->keys.get ? &keys : NULL, &out->header_count);
    return true;
}

// ---- the answer ----

static bool is_error(const XmlNode *root)
{
    return root && str_is(root->name, "Error");
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
    if (!reply->message.len)
        reply->message =
            str_format(arena, "the service answered with HTTP status %d", response->status);
}

static AwsReply read_reply(Arena *arena, const AwsRequest *request, const HttpResponse *response)
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
    const XmlNode *root = good && request->any_body ? NULL : xml_read(arena, response->body, &why);
    if (!good || is_error(root)) { // S3 may find out after it has sent the status
        read_error(arena, response, root, &reply);
    } else {
        reply.ok = root || request->any_body;
        reply.root = root;
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

// ---- whether to try again ----

static bool is_one_of(Str word, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        if (str_is(word, words[i]))
            return true;
    return false;
}

bool aws_is_throttled(const AwsReply *reply)
{
    static const char *const CODES[] = {"Throttling", "ThrottlingException", "ThrottledException",
        "RequestThrottled", "RequestThrottledException", "TooManyRequestsException",
        "RequestLimitExceeded", "BandwidthLimitExceeded", "SlowDown",
        "ProvisionedThroughputExceededException", "TransactionInProgressException",
        "EC2ThrottledException", NULL};
    return !reply->ok && (reply->status == 429 || is_one_of(reply->code, CODES));
}

// The request may have been carried out, and this answer does not tell.
static bool is_uncertain(const HttpResponse *response, const AwsReply *reply)
{
    if (response->failure != HTTP_ANSWERED)
        return response->failure == HTTP_BROKEN || response->failure == HTTP_TIMEOUT ||
               response->failure == HTTP_TOO_LARGE || response->failure == HTTP_CANCELLED;
    int status = reply->status;
    bool unreadable = status >= 200 && status < 300 && !reply->code.len;
    return !reply->ok && !aws_is_throttled(reply) &&
           (unreadable || status == 500 || status == 502 || status == 503 || status == 504);
}

static bool may_pass(const HttpResponse *response, const AwsReply *reply)
{
    static const char *const CODES[] = {"RequestTimeout", "RequestTimeoutException",
        "PriorRequestNotComplete", "InternalFailure", "InternalError", "ServiceUnavailable",
        "IDPCommunicationError", NULL};
    if (response->failure != HTTP_ANSWERED)
        return response->failure == HTTP_UNREACHABLE || response->failure == HTTP_BROKEN ||
               response->failure == HTTP_TIMEOUT;
    return is_uncertain(response, reply) || aws_is_throttled(reply) ||
           is_one_of(reply->code, CODES);
}

// "Tue, 24 Nov 2026 05:07:53 GMT" as seconds since 1970.
static bool parse_http_date(Arena *arena, Str date, int64_t *seconds)
{
    static const char MONTHS[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    size_t comma = str_find(date, STR(", "), 0);
    if (comma == SIZE_MAX || date.len < comma + 25)
        return false;
    const char *at = date.ptr + comma + 2;
    size_t month = str_find(STR(MONTHS), (Str){at + 3, 3}, 0);
    if (month == SIZE_MAX || month % 3)
        return false;
    Str iso = str_format(arena, "%.4s-%02zu-%.2sT%.8sZ", at + 7, month / 3 + 1, at, at + 12);
    return world_parse_time(iso, seconds);
}

// The other clock differs so much that this is why the signature was refused; notes by how much.
static bool correct_clock(
    AwsClient *client, Arena *arena, const HttpResponse *response, const AwsReply *reply)
{
    static const char *const CODES[] = {"AccessDeniedException", "AuthFailure",
        "InvalidSignatureException", "RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed",
        "SignatureDoesNotMatch", NULL};
    int64_t theirs;
    if (response->failure != HTTP_ANSWERED || !is_one_of(reply->code, CODES) ||
        http_header(response, "age").ptr ||
        !parse_http_date(arena, http_header(response, "date"), &theirs))
        return false;
    int64_t skew = theirs - client->world->now(client->world->context) / 1000;
    int64_t change = skew - client->skew;
    if (change < SKEW_THAT_MATTERS && change > -SKEW_THAT_MATTERS)
        return false;
    world_log(client->world, "clock corrected by %lld s", (long long)skew);
    client->skew = skew;
    return true;
}

// Takes the price of another attempt; false when there shall be none.
static bool may_try_again(
    AwsClient *client, AwsExchange *exchange, const HttpResponse *response, int64_t *wait)
{
    int cost = response->failure == HTTP_TIMEOUT ? TIMEOUT_COST : RETRY_COST;
    int attempt = ++exchange->attempt;
    if (attempt >= client->max_attempts || client->tokens < cost)
        return false;
    client->tokens -= cost;
    exchange->paid = cost;
    int64_t longest = FIRST_WAIT;
    for (int i = 1; i < attempt && longest < LONGEST_WAIT; i++)
        longest *= 2;
    longest = longest < LONGEST_WAIT ? longest : LONGEST_WAIT;
    const World *world = client->world;
    *wait = (int64_t)((double)world->random(world->context) / 4294967296.0 * (double)longest);
    world_log(world, "attempt %d failed; waiting %lld ms", attempt, (long long)*wait);
    return true;
}

static bool is_expired(const AwsReply *reply)
{
    static const char *const CODES[] = {
        "ExpiredToken", "ExpiredTokenException", "RequestExpired", NULL};
    return is_one_of(reply->code, CODES);
}

static void give_back(AwsClient *client, const AwsExchange *exchange)
{
    client->tokens += exchange->paid ? exchange->paid : 1;
    if (client->tokens > AWS_RETRY_TOKENS)
        client->tokens = AWS_RETRY_TOKENS;
}

bool aws_exchange_end(AwsClient *client, AwsExchange *exchange, Arena *arena,
    const AwsRequest *request, const HttpResponse *response, AwsReply *reply, int64_t *wait)
{
    *wait = 0;
    *reply = read_reply(arena, request, response);
    reply->attempts = exchange->calls;
    reply->uncertain = exchange->uncertain = exchange->uncertain || is_uncertain(response, reply);
    if (reply->ok) {
        give_back(client, exchange);
        return false;
    }
    if (!exchange->corrected && correct_clock(client, arena, response, reply))
        return exchange->corrected = true;
    if (client->keys.get && !exchange->renewed && is_expired(reply))
        return exchange->renewed = exchange->renew = true;
    return may_pass(response, reply) && may_try_again(client, exchange, response, wait);
}
