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

// Reads the shared files and settles profile and region. NULL: `error` says why not. Lives in the
// arena; keys are looked for when they are asked for, kept, and renewed ten minutes before they
// expire. Sources in their order: environment, role of the profile, web identity, SSO, keys of the
// profile, process of the profile, container, instance metadata.
Cred *cred_new(
    Arena *arena, const World *world, HttpTransport http, const CredOptions *options, Str *error);
AwsKeySource cred_keys(Cred *cred);
Str cred_region(const Cred *cred);
Str cred_profile(const Cred *cred);
// What decides where a service is found: AWS_ENDPOINT_URL and its like, FIPS and dual stack of
// environment and profile. `id` is the service's name in AWS_ENDPOINT_URL_… ("STS").
EndpointOptions cred_endpoint_options(Cred *cred, Arena *arena, const char *id);
// Where a service of the settled region is found, by these.
bool cred_endpoint(
    Cred *cred, Arena *arena, Str service, const char *id, Endpoint *endpoint, Str *error);

#endif
