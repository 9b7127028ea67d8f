#include "runtime/aws/client.h"

#include "compiler/base/sha256.h"

enum {
    RETRY_COST = 5,
    TIMEOUT_COST = 10,
    FIRST_WAIT = 1000,
    LONGEST_WAIT = 20 * 1000,
    SKEW_THAT_MATTERS = 4 * 60,
    MAX_REPLY = XML_MAX_BYTES
};

void aws_client_init(AwsClient *client, const World *world, HttpTransport http, AwsKeySource keys,
    Str service, Str region, Endpoint endpoint)
{
    *client = (AwsClient){.world = world,
        .http = http,
        .keys = keys,
        .service = service,
        .region = region,
        .endpoint = endpoint,
        .max_attempts = AWS_ATTEMPTS,
        .tokens = AWS_RETRY_TOKENS};
}

static bool is_one_of(Str word, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        if (str_is(word, words[i]))
            return true;
    return false;
}

static bool may_pass(const HttpResponse *response, const AwsReply *reply)
{
    static const char *const CODES[] = {"RequestTimeout", "RequestTimeoutException",
        "PriorRequestNotComplete", "InternalFailure", "ServiceUnavailable", "IDPCommunicationError",
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
        "RequestThrottledException", "TooManyRequestsException", "RequestLimitExceeded",
        "BandwidthLimitExceeded", "SlowDown", "ProvisionedThroughputExceededException",
        "TransactionInProgressException", "EC2ThrottledException", NULL};
    if (response->failure != HTTP_ANSWERED)
        return response->failure == HTTP_UNREACHABLE || response->failure == HTTP_BROKEN ||
               response->failure == HTTP_TIMEOUT;
    if (reply->ok)
        return false;
    int status = reply->status;
    bool broken_body = status >= 200 && status < 300;
    return status == 429 || status == 500 || status == 502 || status == 503 || status == 504 ||
           broken_body || is_one_of(reply->code, CODES);
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

static Str amz_date(AwsClient *client, Arena *arena)
{
    int64_t now = client->world->now(client->world->context) / 1000 + client->skew;
    Str iso = world_format_time(arena, now);
    return str_format(arena, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", iso.ptr, iso.ptr + 5, iso.ptr + 8,
        iso.ptr + 11, iso.ptr + 14, iso.ptr + 17);
}

enum { MAX_HEADERS = 6 };

static HttpResponse send_once(AwsClient *client, Arena *arena, Str form, const AwsKeys *keys)
{
    NamedText headers[MAX_HEADERS] = {
        {STR("Host"), client->endpoint.host},
        {STR("Content-Type"), STR("application/x-www-form-urlencoded; charset=utf-8")},
        {STR("X-Amz-Date"), amz_date(client, arena)},
    };
    size_t count = 3;
    if (keys && keys->token.len)
        headers[count++] = (NamedText){STR("X-Amz-Security-Token"), keys->token};
    if (keys) {
        SignInput input = {.method = STR("POST"),
            .path = client->endpoint.path,
            .encode_path = true,
            .simplify_path = true,
            .headers = headers,
            .header_count = count,
            .payload_hash = sha256_hex(arena, form),
            .region = client->region,
            .service = client->service,
            .date = headers[2].value};
        Signature signature = sign_request(arena, &input, &keys->key);
        headers[count++] = (NamedText){STR("Authorization"), signature.authorization};
    }
    headers[count++] = (NamedText){STR("User-Agent"), STR("altc-deploy/" ALTC_VERSION)};
    HttpRequest request = {.method = STR("POST"),
        .url = client->endpoint.url,
        .headers = headers,
        .header_count = count,
        .body = form,
        .max_body = MAX_REPLY};
    return client->http.send(client->http.context, arena, &request);
}

static void read_error(
    Arena *arena, const HttpResponse *response, const XmlNode *root, AwsReply *reply)
{
    const XmlNode *error = xml_child(root, "Error");
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

static AwsReply read_reply(Arena *arena, const HttpResponse *response)
{
    AwsReply reply = {.status = response->status};
    if (response->failure != HTTP_ANSWERED) {
        reply.status = 0;
        reply.message = response->error;
        return reply;
    }
    Str why = STR_NONE;
    const XmlNode *root = xml_read(arena, response->body, &why);
    if (response->status >= 200 && response->status < 300) {
        reply.ok = root != NULL;
        reply.root = root;
        reply.request_id = xml_text(root, "ResponseMetadata/RequestId");
        if (!root)
            reply.message = str_format(arena, "the answer cannot be read: %.*s", STR_FMT(why));
    } else {
        read_error(arena, response, root, &reply);
    }
    if (!reply.request_id.len)
        reply.request_id = http_header(response, "x-amzn-requestid");
    return reply;
}

// Takes the price of another attempt and waits; false when there shall be none.
static bool wait_for_retry(AwsClient *client, const HttpResponse *response, int attempt, int *paid)
{
    int cost = response->failure == HTTP_TIMEOUT ? TIMEOUT_COST : RETRY_COST;
    if (attempt >= client->max_attempts || client->tokens < cost)
        return false;
    client->tokens -= cost;
    *paid = cost;
    int64_t longest = FIRST_WAIT;
    for (int i = 1; i < attempt && longest < LONGEST_WAIT; i++)
        longest *= 2;
    longest = longest < LONGEST_WAIT ? longest : LONGEST_WAIT;
    const World *world = client->world;
    int64_t wait =
        (int64_t)((double)world->random(world->context) / 4294967296.0 * (double)longest);
    world_log(world, "attempt %d failed; waiting %lld ms", attempt, (long long)wait);
    world->sleep(world->context, wait);
    return true;
}

static bool is_expired(const AwsReply *reply)
{
    static const char *const CODES[] = {
        "ExpiredToken", "ExpiredTokenException", "RequestExpired", NULL};
    return is_one_of(reply->code, CODES);
}

AwsReply aws_call(AwsClient *client, Arena *arena, Str form)
{
    bool renewed = false;
    bool corrected = false;
    bool renew = false;
    int paid = 0;
    for (int attempt = 1, calls = 1;; calls++) {
        AwsKeys keys = {0};
        AwsReply reply = {.attempts = calls};
        if (client->keys.get &&
            !client->keys.get(client->keys.context, arena, renew, &keys, &reply.message))
            return reply;
        renew = false;
        HttpResponse response = send_once(client, arena, form, client->keys.get ? &keys : NULL);
        reply = read_reply(arena, &response);
        reply.attempts = calls;
        if (reply.ok) {
            client->tokens += paid ? paid : 1;
            if (client->tokens > AWS_RETRY_TOKENS)
                client->tokens = AWS_RETRY_TOKENS;
            return reply;
        }
        if (!corrected && correct_clock(client, arena, &response, &reply)) {
            corrected = true;
        } else if (client->keys.get && !renewed && is_expired(&reply)) {
            renewed = true;
            renew = true;
        } else if (!may_pass(&response, &reply) ||
                   !wait_for_retry(client, &response, attempt++, &paid)) {
            return reply;
        }
    }
}
