// Who AWS takes the deployer for.
#ifndef ALTC_DEPLOY_IDENTITY_H
#define ALTC_DEPLOY_IDENTITY_H

#include "runtime/cred/cred.h"
#include "runtime/manifest/manifest.h"

typedef struct Identity {
    Str account;
    Str arn;
    Str user;
    Str partition;   // of the ARN
    Str source;      // where the keys come from, for people
    int64_t expires; // seconds since 1970; 0 is never
} Identity;

// GetCallerIdentity of STS. False: `error` says why not.
bool identity_get(Arena *arena, Cred *cred, Identity *identity, Str *error);
// The region of the program's main stack, when it says one, becomes that of the options. False:
// they name another one.
bool identity_settle_region(
    Arena *arena, const Manifest *manifest, CredOptions *options, Str *error);
// Asks who it is, and holds it against the account that the program belongs to and the partitions
// of its stacks' regions. From then on renewed keys must be of the same account.
bool identity_guard(
    Arena *arena, Cred *cred, const Manifest *manifest, Identity *identity, Str *error);

#endif
