#include <stdarg.h>
#include <stdio.h>

#include "compiler/data/data.h"
#include "runtime/cred/cred_priv.h"

enum { RENEW_BEFORE = 10 * 60 };

CredResult cred_fail(Cred *cred, Str *error, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    *error = str_copy(cred->arena, str_of(text));
    return CRED_FAILED;
}

const Datum *cred_read_json(Arena *arena, Str text)
{
    Sources *sources = sources_new(arena);
    FileId file = sources_add(sources, STR("credentials"), text);
    DataContext context = {arena, sources, diag_sink_new(arena)};
    return file ? data_read_json(&context, file) : NULL;
}

Str cred_json_text(const Datum *object, const char *key)
{
    const Datum *value = datum_get(object, str_of(key));
    return value && value->kind == DATUM_STRING ? value->text : STR_NONE;
}

bool cred_keys_of_json(Arena *arena, const Datum *object, const char *token_key, AwsKeys *keys)
{
    (void)arena;
    *keys = (AwsKeys){
        .key = {cred_json_text(object, "AccessKeyId"), cred_json_text(object, "SecretAccessKey")},
        .token = cred_json_text(object, token_key)};
    Str expires = cred_json_text(object, "Expiration");
    return keys->key.access_key.len && keys->key.secret_key.len &&
           (!expires.len || world_parse_time(expires, &keys->expires));
}

CredResult cred_from_profile_keys(Cred *cred, Str profile, AwsKeys *keys, Str *error)
{
    Str access = profile_get(cred->profiles, profile, "aws_access_key_id");
    Str secret = profile_get(cred->profiles, profile, "aws_secret_access_key");
    if (!access.len && !secret.len)
        return CRED_ABSENT;
    if (!access.len || !secret.len)
        return cred_fail(cred, error,
            "profile '%.*s' has only one of aws_access_key_id and aws_secret_access_key",
            STR_FMT(profile));
    *keys = (AwsKeys){.key = {access, secret},
        .token = profile_get(cred->profiles, profile, "aws_session_token"),
        .source = str_format(cred->arena, "profile '%.*s'", STR_FMT(profile))};
    return CRED_FOUND;
}

CredResult cred_from_profile(Cred *cred, Str profile, AwsKeys *keys, Str *error)
{
    static CredResult (*const SOURCES[])(Cred *, Str, AwsKeys *, Str *) = {
        cred_from_web_identity, cred_from_sso, cred_from_profile_keys, cred_from_process};
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
            "or "
            "on an instance",
            STR_FMT(cred->profile));
    return result;
}

static bool get_keys(void *context, Arena *arena, bool renew, AwsKeys *keys, Str *error)
{
    (void)arena; // keys live as long as the chain
    Cred *cred = context;
    int64_t now = cred->world->now(cred->world->context) / 1000;
    bool old = cred->known && cred->keys.expires && cred->keys.expires - now < RENEW_BEFORE;
    if (!cred->known || renew || old) {
        AwsKeys found = {0};
        CredResult result = look(cred, &found, error);
        bool usable = cred->known && !renew && cred->keys.expires > now;
        if (result != CRED_FOUND && !usable)
            return false;
        if (result == CRED_FOUND) {
            cred->keys = found;
            cred->known = true;
            world_log(cred->world, "credentials from %.*s", STR_FMT(found.source));
        }
    }
    *keys = cred->keys;
    return true;
}

AwsKeySource cred_keys(Cred *cred)
{
    return (AwsKeySource){cred, get_keys};
}

static Str first_of(Str a, Str b)
{
    return a.len ? a : b;
}

Cred *cred_new(
    Arena *arena, const World *world, HttpTransport http, const CredOptions *options, Str *error)
{
    Cred *cred = ARENA_NEW(arena, Cred);
    *cred = (Cred){.arena = arena, .world = world, .http = http, .options = *options};
    cred->profiles = profiles_read(arena, world, error);
    if (!cred->profiles)
        return NULL;
    Str named = first_of(options->profile, world_env(world, "AWS_PROFILE"));
    cred->profile = first_of(named, STR("default"));
    if (named.len && !str_is(named, "default") && !profile_exists(cred->profiles, named)) {
        *error = str_format(arena, "there is no profile '%.*s'", STR_FMT(named));
        return NULL;
    }
    Str variable = first_of(world_env(world, "AWS_REGION"), world_env(world, "AWS_DEFAULT_REGION"));
    Str set = first_of(options->region, variable);
    cred->region = first_of(set, profile_get(cred->profiles, cred->profile, "region"));
    if (!cred->region.len)
        *error = STR("no region is set: use --region, AWS_REGION or 'region' of the profile");
    return cred->region.len ? cred : NULL;
}

Str cred_region(const Cred *cred)
{
    return cred->region;
}

Str cred_profile(const Cred *cred)
{
    return cred->profile;
}

static bool is_true(Cred *cred, Arena *arena, const char *variable, const char *key)
{
    if (world_env(cred->world, variable).len)
        return world_env_is_true(cred->world, arena, variable);
    return str_is(str_lower(arena, profile_get(cred->profiles, cred->profile, key)), "true");
}

static Str custom_endpoint(Cred *cred, Arena *arena, const char *id)
{
    if (cred->options.endpoint.len || is_true(cred, arena, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                                          "ignore_configured_endpoint_urls"))
        return cred->options.endpoint;
    Str own = world_env(cred->world, str_format(arena, "AWS_ENDPOINT_URL_%s", id).ptr);
    Str found = first_of(own, world_env(cred->world, "AWS_ENDPOINT_URL"));
    Str services = profile_get(cred->profiles, cred->profile, "services");
    Str section = str_format(arena, "services %.*s", STR_FMT(services));
    Str key = str_format(arena, "%.*s.endpoint_url", STR_FMT(str_lower(arena, str_of(id))));
    if (services.len)
        found = first_of(found, profile_get(cred->profiles, section, key.ptr));
    return first_of(found, profile_get(cred->profiles, cred->profile, "endpoint_url"));
}

EndpointOptions cred_endpoint_options(Cred *cred, Arena *arena, const char *id)
{
    return (EndpointOptions){.custom = custom_endpoint(cred, arena, id),
        .fips = is_true(cred, arena, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
        .dual_stack = is_true(cred, arena, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")};
}

bool cred_endpoint(
    Cred *cred, Arena *arena, Str service, const char *id, Endpoint *endpoint, Str *error)
{
    EndpointOptions options = cred_endpoint_options(cred, arena, id);
    return endpoint_resolve(arena, service, cred->region, &options, endpoint, error);
}
