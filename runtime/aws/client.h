// Calls of the Query protocol: signed, sent, sent again where that may help, and understood.
#ifndef ALTC_AWS_CLIENT_H
#define ALTC_AWS_CLIENT_H

#include "runtime/aws/endpoint.h"
#include "runtime/aws/xml.h"
#include "runtime/http/http.h"
#include "runtime/sign/sign.h"
#include "runtime/world/world.h"

typedef struct AwsKeys {
    SignKey key;
    Str token;       // of temporary ones; or empty
    int64_t expires; // seconds since 1970; 0 is never
    Str source;      // for people: "the environment"
} AwsKeys;

// Who gives the keys. `renew` asks for others than those given before, which AWS found expired.
// False: `error` says why there are none.
typedef struct AwsKeySource {
    void *context;
    bool (*get)(void *context, Arena *arena, bool renew, AwsKeys *keys, Str *error);
} AwsKeySource;

// CloudFormation is given more attempts than other services, as everybody who polls in an account
// shares its rate.
enum { AWS_RETRY_TOKENS = 500, AWS_ATTEMPTS = 3, AWS_CLOUDFORMATION_ATTEMPTS = 7 };

// Fill in with aws_client_init; one thread.
typedef struct AwsClient {
    const World *world;
    HttpTransport http;
    AwsKeySource keys; // without a `get` requests are not signed
    Str service;       // as signatures name it
    Str region;
    Endpoint endpoint;
    int max_attempts;    // of one call; corrections of clock and keys are not counted
    int tokens;          // left for trying again
    int64_t skew;        // seconds that AWS's clock is ahead of ours
    const XmlStop *stop; // how far good answers are read; NULL: to their end
    SignCache signing;
} AwsClient;

typedef struct AwsReply {
    bool ok;
    const XmlNode *root; // of a good reply; NULL when it may be anything
    int status;          // 0 when no answer came
    Str code;            // "ExpiredToken"; empty when no answer, or none that says
    Str message;         // for people
    Str request_id;      // or empty
    int attempts;
    const HttpResponse *response; // the answer itself, for its headers and body; NULL without one
    // An attempt may have been carried out although its answer was lost or cannot be read: then
    // even an error of a later attempt ("exists already") may tell of that one's success.
    bool uncertain;
    bool no_keys; // nothing was sent: there were no keys, `message` says why
} AwsReply;

// There were no keys to sign with (no answer then, and no code), or AWS does not accept them.
bool aws_is_unauthenticated(const AwsReply *reply);
// AWS refuses because too many requests were made.
bool aws_is_throttled(const AwsReply *reply);

// One call. What every call carries (Host, date, token, signature, User-Agent) is added to it.
typedef struct AwsRequest {
    Str method;
    Str path;  // as it is sent, percent-encoded; empty: the endpoint's
    Str query; // percent-encoded, without '?'
    const NamedText *headers;
    size_t header_count; // at most AWS_MAX_HEADERS
    Str body;
    const HttpFile *file; // instead of `body`
    Str hash;             // SHA-256 of the file in hex; that of `body` is worked out
    Str root;             // what the root of a good answer is called; empty: anything
    bool any_body;        // a good answer may be anything, also empty; else it is XML
    bool s3;              // S3's rules of signing
    int64_t stall;        // see HttpRequest
} AwsRequest;

enum { AWS_MAX_HEADERS = 16 };

void aws_client_init(AwsClient *client, const World *world, HttpTransport http, AwsKeySource keys,
    Str service, Str region, Endpoint endpoint);
// Posts a form (query.h). Tries again after failures that may pass: at most max_attempts in all,
// after a random wait whose limit doubles (20 s at most; AWS may ask for up to 5 s more), while the
// client's tokens last. Once more after a correction of the clock, and once with renewed keys. For
// calls that may be repeated. This is the standard mode of AWS's SDKs:
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
AwsReply aws_call(AwsClient *client, Arena *arena, Str form);
// The same, when the root element of a good answer must have this name.
AwsReply aws_call_for(AwsClient *client, Arena *arena, Str form, Str root);
// Sends any request by the same rules.
AwsReply aws_send(AwsClient *client, Arena *arena, const AwsRequest *request);

// The same in steps, for whoever has many calls under way at once: aws_exchange_begin makes the
// request to be sent, aws_exchange_end says what the answer means and whether to begin again.
typedef struct AwsExchange { // zero is a new call
    char id[37];             // of all attempts, by which AWS knows that they are one call
    int64_t started;         // the attempt, by the steady clock
    int calls;
    int attempt;
    int paid;
    bool renew;
    bool renewed;
    bool corrected;
    bool uncertain;
} AwsExchange;

// False: there are no keys, which `reply` says. What `out` points to lives in the arena.
bool aws_exchange_begin(AwsClient *client, AwsExchange *exchange, Arena *arena,
    const AwsRequest *request, HttpRequest *out, AwsReply *reply);
// True: begin again after `wait` milliseconds. False: `reply` is how it ended.
bool aws_exchange_end(AwsClient *client, AwsExchange *exchange, Arena *arena,
    const AwsRequest *request, const HttpResponse *response, AwsReply *reply, int64_t *wait);

#endif
