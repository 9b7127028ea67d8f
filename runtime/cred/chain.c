#include "runtime/cred/cred_priv.h"

// In seconds before keys expire: from when newer ones are looked for, and from when the old ones
// do not count any more. AWS's own tools have the same times.
enum { RENEW_EARLY = 15 * 60, RENEW_LATE = 10 * 60 };
// Keys for which somebody has to type a code are used until they end.
enum { RENEW_ASKING = 60 };
enum { BETWEEN_LOOKS = 60 * 1000 };

// Keys of the profile, from the one of the two files that holds its access key.
static CredResult stored_keys(Cred *cred, Str profile, bool shared, AwsKeys *keys, Str *error)
{
    const Profiles *all = cred->profiles;
    Str access = profile_get(all, profile, "aws_access_key_id");
    Str secret = profile_get(all, profile, "aws_secret_access_key");
    if ((!access.len && !secret.len) ||
        shared != (profile_is_shared(all, profile, "aws_access_key_id") ||
                      profile_is_shared(all, profile, "aws_secret_access_key")))
        return CRED_ABSENT;
    if (!access.len || !secret.len)
        return cred_fail(cred, error,
            "profile '%.*s' has only one of aws_access_key_id and aws_secret_access_key",
            STR_FMT(profile));
    *keys = (AwsKeys){.key = {access, secret},
        .token = profile_get(all, profile, "aws_session_token"),
        .source = str_format(cred->arena, "profile '%.*s'", STR_FMT(profile))};
    return CRED_FOUND;
}

static CredResult from_shared_keys(Cred *cred, Str profile, AwsKeys *keys, Str *error)
{
    return stored_keys(cred, profile, true, keys, error);
}

static CredResult from_config_keys(Cred *cred, Str profile, AwsKeys *keys, Str *error)
{
    return stored_keys(cred, profile, false, keys, error);
}

CredResult cred_from_profile_keys(Cred *cred, Str profile, AwsKeys *keys, Str *error)
{
    CredResult result = from_shared_keys(cred, profile, keys, error);
    return result == CRED_ABSENT ? from_config_keys(cred, profile, keys, error) : result;
}

CredResult cred_from_profile(Cred *cred, Str profile, AwsKeys *keys, Str *error)
{
    static CredResult (*const SOURCES[])(Cred *, Str, AwsKeys *, Str *) = {cred_from_web_identity,
        cred_from_sso, from_shared_keys, cred_from_login, cred_from_process, from_config_keys};
    CredResult result = CRED_ABSENT;
    for (size_t i = 0; i < sizeof SOURCES / sizeof *SOURCES && result == CRED_ABSENT; i++)
        result = SOURCES[i](cred, profile, keys, error);
    return result;
}

static CredResult look(Cred *cred, AwsKeys *keys, Str *error)
{
    CredResult result = CRED_ABSENT;
    if (!cred->options.profile.len)
        result = cred_from_env(cred, keys, error);
    if (result == CRED_ABSENT)
        result = cred_from_role(cred, cred->profile, 0, keys, error);
    if (result == CRED_ABSENT)
        result = cred_from_profile(cred, cred->profile, keys, error);
    if (result == CRED_ABSENT)
        result = cred_from_container(cred, keys, error);
    if (result == CRED_ABSENT)
        result = cred_from_instance(cred, keys, error);
    if (result == CRED_ABSENT)
        return cred_fail(cred, error,
            "no credentials were found: not in the environment, in profile '%.*s', in a container "
            "or on an instance; name a profile by --profile or AWS_PROFILE, or sign in with 'aws "
            "sso login' or 'aws login'",
            STR_FMT(cred->profile));
    return result;
}

static bool are_same(const AwsKeys *a, const AwsKeys *b)
{
    return str_equal(a->key.access_key, b->key.access_key) && str_equal(a->token, b->token);
}

// Looks for keys and takes them. False: there are none, or none that may be used.
static bool take_keys(Cred *cred, bool renew, Str *error)
{
    AwsKeys found = {0};
    cred->asks = false;
    if (look(cred, &found, error) != CRED_FOUND)
        return false;
    bool same = cred->known && are_same(&found, &cred->keys);
    if (renew && same) {
        cred_fail(cred, error,
            "the credentials from %.*s have expired, and there are no newer ones",
            STR_FMT(found.source));
        return false;
    }
    if (cred->account.len && !same && !cred_is_of_account(cred, &found, error))
        return false;
    cred->keys = found;
    cred->known = true;
    cred->next_look = cred->world->steady(cred->world->context) + BETWEEN_LOOKS;
    world_log(cred->world, "credentials from %.*s", STR_FMT(found.source));
    return true;
}

static bool get_keys(void *context, Arena *arena, bool renew, AwsKeys *keys, Str *error)
{
    (void)arena; // keys live as long as the chain
    Cred *cred = context;
    const World *world = cred->world;
    // What looks expired is still used: the clock may be wrong, and AWS says so if it is not.
    int64_t left = cred->known && cred->keys.expires
                       ? cred->keys.expires - world->now(world->context) / 1000
                       : INT64_MAX;
    bool due = left < (cred->asks ? RENEW_ASKING : RENEW_EARLY) &&
               world->steady(world->context) >= cred->next_look;
    if (!cred->known || renew || due) {
        bool needed = !cred->known || renew || left < (cred->asks ? RENEW_ASKING : RENEW_LATE);
        if (!take_keys(cred, renew, error)) {
            if (needed)
                return false;
            world_log(world, "no newer credentials yet: %.*s", STR_FMT(*error));
            cred->next_look = world->steady(world->context) + BETWEEN_LOOKS;
        }
    }
    *keys = cred->keys;
    return true;
}

AwsKeySource cred_keys(Cred *cred)
{
    return (AwsKeySource){cred, get_keys};
}
