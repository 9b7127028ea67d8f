// Who AWS takes the deployer for.
#ifndef ALTC_DEPLOY_IDENTITY_H
#define ALTC_DEPLOY_IDENTITY_H

#include "runtime/cred/cred.h"

typedef struct Identity {
    Str account;
    Str arn;
    Str user;
    Str partition; // of the ARN
    Str source;    // where the keys come from, for people
} Identity;

// GetCallerIdentity of STS. False: `error` says why not; `asked` whether AWS was reached at all.
bool identity_get(Arena *arena, const World *world, HttpTransport http, Cred *cred,
    Identity *identity, bool *asked, Str *error);

#endif
