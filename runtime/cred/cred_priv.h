// What the sources share. Each gives CRED_ABSENT when nothing of it is set up, CRED_FAILED (with
// `error`) when something is and does not work: then later sources are not tried, as the keys of
// somebody else would be worse than none.
#ifndef ALTC_CRED_CRED_PRIV_H
#define ALTC_CRED_CRED_PRIV_H

#include "compiler/data/data.h"
#include "runtime/cred/cred.h"

typedef enum CredResult { CRED_ABSENT, CRED_FOUND, CRED_FAILED } CredResult;

struct Cred {
    Arena *arena;
    const World *world;
    HttpTransport http;
    CredOptions options;
    Profiles *profiles;
    Str profile;
    Str region;
    Str account; // that all keys must be of; or empty
    bool asks;   // somebody was asked for an MFA code
    bool known;
    AwsKeys keys;
    int64_t next_look; // by the steady clock
};

enum { CRED_MAX_TEXT = 256 * 1024, CRED_MAX_ROLES = 8 };

CredResult cred_from_env(Cred *cred, AwsKeys *keys, Str *error);
// The sign-in of `aws login`.
CredResult cred_from_login(Cred *cred, Str profile, AwsKeys *keys, Str *error);
// The keys of both files, without what goes between them.
CredResult cred_from_profile_keys(Cred *cred, Str profile, AwsKeys *keys, Str *error);
CredResult cred_from_process(Cred *cred, Str profile, AwsKeys *keys, Str *error);
CredResult cred_from_role(Cred *cred, Str profile, size_t depth, AwsKeys *keys, Str *error);
CredResult cred_from_web_identity(Cred *cred, Str profile, AwsKeys *keys, Str *error);
CredResult cred_from_sso(Cred *cred, Str profile, AwsKeys *keys, Str *error);
CredResult cred_from_container(Cred *cred, AwsKeys *keys, Str *error);
CredResult cred_from_instance(Cred *cred, AwsKeys *keys, Str *error);
// The region that the instance is in; or empty.
Str cred_instance_region(Cred *cred);
// All sources of a profile but its role, as they are tried in their order.
CredResult cred_from_profile(Cred *cred, Str profile, AwsKeys *keys, Str *error);

// Asks AWS whether the keys are of the account that is expected. False: `error` says whose.
bool cred_is_of_account(Cred *cred, const AwsKeys *keys, Str *error);
// Calls STS, signed with `with` unless that is NULL.
AwsReply cred_call_sts(Cred *cred, const AwsKeys *with, Str form);
// Sends a request up to `tries` times while no answer comes, or 429 or a server's error, with waits
// of 0.2 s, 0.4 s…
HttpResponse cred_fetch(Cred *cred, const HttpRequest *request, int tries);
// "FOLDER/HASH.json", with the bytes of the hash in hex.
Str cred_cache_file(Cred *cred, Str folder, const unsigned char *hash, size_t size);

Str cred_json_text(const Datum *object, const char *key);
// Of a whole number up to 15 digits; 0 when it is none.
int64_t cred_json_number(const Datum *object, const char *key);
// Keys of the document of processes, containers and instances. False: it lacks some.
bool cred_keys_of_json(const Datum *object, const char *token_key, AwsKeys *keys);
CredResult cred_fail(Cred *cred, Str *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
