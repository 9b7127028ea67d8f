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

enum { AWS_RETRY_TOKENS = 500, AWS_ATTEMPTS = 3 };

// Fill in with aws_client_init; one thread.
typedef struct AwsClient {
    const World *world;
    HttpTransport http;
    AwsKeySource keys; // without a `get` requests are not signed
    Str service;       // as signatures name it
    Str region;
    Endpoint endpoint;
    int max_attempts;
    int tokens;   // left for trying again
    int64_t skew; // seconds that AWS's clock is ahead of ours
} AwsClient;

typedef struct AwsReply {
    bool ok;
    const XmlNode *root; // of a good reply
    int status;          // 0 when no answer came
    Str code;            // "ExpiredToken"; empty when no answer, or none that says
    Str message;         // for people
    Str request_id;      // or empty
    int attempts;
} AwsReply;

void aws_client_init(AwsClient *client, const World *world, HttpTransport http, AwsKeySource keys,
    Str service, Str region, Endpoint endpoint);
// Posts a form (query.h). Tries again after failures that may pass: at most max_attempts in all,
// after a random wait that doubles (20 s at most), while the client's tokens last. Once more after
// a correction of the clock, and once with renewed keys. For calls that may be repeated.
AwsReply aws_call(AwsClient *client, Arena *arena, Str form);

#endif
