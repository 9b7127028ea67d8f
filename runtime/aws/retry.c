#include <stdlib.h>

#include "runtime/aws/client_priv.h"

// Times in milliseconds, but for the clock's: seconds.
enum {
    RETRY_COST = 5,
    TIMEOUT_COST = 10,
    FIRST_WAIT = 1000,
    LONGEST_WAIT = 20 * 1000,
    MOST_BEYOND = 5 * 1000,
    SKEW_THAT_MATTERS = 4 * 60
};

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

// A random part of a limit that doubles with each attempt. Where AWS says how long, that counts,
// but for no less than our own, and no more than five seconds beyond.
static int64_t wait_before(
    const AwsClient *client, Arena *arena, int attempt, const HttpResponse *response)
{
    int64_t longest = FIRST_WAIT;
    for (int i = 1; i < attempt && longest < LONGEST_WAIT; i++)
        longest *= 2;
    longest = longest < LONGEST_WAIT ? longest : LONGEST_WAIT;
    const World *world = client->world;
    int64_t own = (int64_t)((double)world->random(world->context) / 4294967296.0 * (double)longest);
    Str hint = http_header(response, "x-amz-retry-after");
    char *end = NULL;
    long long asked = hint.len ? strtoll(str_copy(arena, hint).ptr, &end, 10) : 0;
    if (!hint.len || *end || asked < own)
        return own;
    return asked < own + MOST_BEYOND ? asked : own + MOST_BEYOND;
}

// Takes the price of another attempt; false when there shall be none.
static bool may_try_again(AwsClient *client, AwsExchange *exchange, Arena *arena,
    const HttpResponse *response, int64_t *wait)
{
    int cost = response->failure == HTTP_TIMEOUT ? TIMEOUT_COST : RETRY_COST;
    int attempt = ++exchange->attempt;
    if (attempt >= client->max_attempts || client->tokens < cost)
        return false;
    client->tokens -= cost;
    exchange->paid = cost;
    *wait = wait_before(client, arena, attempt, response);
    world_log(client->world, "waiting %lld ms before attempt %d", (long long)*wait, attempt + 1);
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

bool aws_is_unauthenticated(const AwsReply *reply)
{
    static const char *const CODES[] = {"ExpiredToken", "ExpiredTokenException", "RequestExpired",
        "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "InvalidToken",
        "SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature",
        "MissingAuthenticationToken", "MissingAuthenticationTokenException", "AuthFailure",
        "RequestTimeTooSkewed", "RequestInTheFuture", "OptInRequired", NULL};
    return reply->no_keys || (!reply->ok && is_one_of(reply->code, CODES));
}

bool retry_is_wanted(AwsClient *client, AwsExchange *exchange, Arena *arena,
    const HttpResponse *response, AwsReply *reply, int64_t *wait)
{
    reply->uncertain = exchange->uncertain = exchange->uncertain || is_uncertain(response, reply);
    if (reply->ok) {
        give_back(client, exchange);
        return false;
    }
    if (!exchange->corrected && correct_clock(client, arena, response, reply))
        return exchange->corrected = true;
    if (client->keys.get && !exchange->renewed && is_expired(reply))
        return exchange->renewed = exchange->renew = true;
    return may_pass(response, reply) && may_try_again(client, exchange, arena, response, wait);
}
