#include "runtime/cred/cred_priv.h"

CredResult cred_from_env(Cred *cred, AwsKeys *keys, Str *error)
{
    Str access = world_env(cred->world, "AWS_ACCESS_KEY_ID");
    Str secret = world_env(cred->world, "AWS_SECRET_ACCESS_KEY");
    if (!access.len && !secret.len)
        return CRED_ABSENT;
    if (!access.len || !secret.len)
        return cred_fail(
            cred, error, "of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only one is set");
    Str token = world_env(cred->world, "AWS_SESSION_TOKEN");
    if (!token.len)
        token = world_env(cred->world, "AWS_SECURITY_TOKEN");
    *keys = (AwsKeys){.key = {str_trim(access), str_trim(secret)},
        .token = str_trim(token),
        .source = STR("the environment")};
    Str expires = world_env(cred->world, "AWS_CREDENTIAL_EXPIRATION");
    if (expires.len && !world_parse_time(expires, &keys->expires))
        return cred_fail(cred, error, "AWS_CREDENTIAL_EXPIRATION is no time");
    return CRED_FOUND;
}
