// Who the deployer is: settings and keys, looked for where AWS's own tools look.
#ifndef ALTC_CRED_CRED_H
#define ALTC_CRED_CRED_H

#include "runtime/aws/client.h"
#include "runtime/cred/profile.h"

typedef struct CredOptions {
    Str profile; // named on the command line: then keys in the environment do not count
    Str region;
    Str endpoint;
} CredOptions;

typedef struct Cred Cred;

// Reads the shared files and settles profile and region; the instance is asked for its region when
// nothing else names one. NULL: `error` says why not. Lives in the
// arena; keys are looked for when they are asked for and kept. Sources in their order: environment,
// role of the profile, web identity, SSO, keys in the credentials file, sign-in of `aws login`,
// process of the profile, keys in the config file, container, instance metadata. From fifteen
// minutes before keys expire newer ones are looked for, once a minute; when ten minutes are left,
// it is an error that there are none. Where somebody has to type an MFA code, both is a minute. The
// same order and times as AWS's tools:
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
Cred *cred_new(
    Arena *arena, const World *world, HttpTransport http, const CredOptions *options, Str *error);
AwsKeySource cred_keys(Cred *cred);
Str cred_region(const Cred *cred);
Str cred_profile(const Cred *cred);
// A file of certificates that AWS_CA_BUNDLE or the profile names, for http_curl_trust; or empty.
Str cred_ca_bundle(const Cred *cred);
// What may surprise: AWS_PROFILE is set, but keys in the environment go before it. STR_NONE when
// nothing does.
Str cred_warning(const Cred *cred);
// From now on renewed keys must be of this account, of which AWS is asked each time.
void cred_expect_account(Cred *cred, Str account);
// What decides where a service is found: AWS_ENDPOINT_URL and its like, FIPS and dual stack of
// environment and profile. `id` is the service's name in AWS_ENDPOINT_URL_… ("STS").
EndpointOptions cred_endpoint_options(Cred *cred, Arena *arena, const char *id);
// Where a service of the settled region is found, by these.
bool cred_endpoint(
    Cred *cred, Arena *arena, Str service, const char *id, Endpoint *endpoint, Str *error);
// A client of a service ("cloudformation") in a region, or with none in the settled one: with
// these endpoints, keys, and as many attempts as AWS_MAX_ATTEMPTS, AWS_RETRY_MODE and the profile
// say. It holds as long as `cred` and `arena`.
bool cred_client(Cred *cred, Arena *arena, Str service, Str region, AwsClient *client, Str *error);

#endif
