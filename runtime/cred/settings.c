#include "runtime/cred/cred_priv.h"

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
        cred->region = cred_instance_region(cred);
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

Str cred_ca_bundle(const Cred *cred)
{
    return first_of(world_env(cred->world, "AWS_CA_BUNDLE"),
        profile_get(cred->profiles, cred->profile, "ca_bundle"));
}

Str cred_warning(const Cred *cred)
{
    Str named = world_env(cred->world, "AWS_PROFILE");
    if (cred->options.profile.len || !named.len || !world_env(cred->world, "AWS_ACCESS_KEY_ID").len)
        return STR_NONE;
    return str_format(cred->arena,
        "the keys in AWS_ACCESS_KEY_ID are used, not those of AWS_PROFILE '%.*s': to use these, "
        "give --profile or unset AWS_ACCESS_KEY_ID",
        STR_FMT(named));
}

// How often a call is tried. False: what is set is no number.
static bool attempts(Cred *cred, Arena *arena, int *count, Str *error)
{
    enum { LEGACY = 5, MOST = 100 };
    Str number = first_of(world_env(cred->world, "AWS_MAX_ATTEMPTS"),
        profile_get(cred->profiles, cred->profile, "max_attempts"));
    Str mode = first_of(world_env(cred->world, "AWS_RETRY_MODE"),
        profile_get(cred->profiles, cred->profile, "retry_mode"));
    if (str_is(mode, "legacy") && *count < LEGACY)
        *count = LEGACY;
    int value = 0;
    for (size_t i = 0; i < number.len; i++) {
        bool digit = number.ptr[i] >= '0' && number.ptr[i] <= '9';
        value = digit && value >= 0 && value <= MOST ? value * 10 + (number.ptr[i] - '0') : -1;
    }
    if (number.len && (value < 1 || value > MOST)) {
        *error = str_format(
            arena, "the number of attempts is '%.*s', expected 1 to %d", STR_FMT(number), MOST);
        return false;
    }
    if (number.len)
        *count = value;
    return true;
}

bool cred_client(Cred *cred, Arena *arena, Str service, Str region, AwsClient *client, Str *error)
{
    Endpoint endpoint;
    Str id = str_upper(arena, service);
    EndpointOptions options = cred_endpoint_options(cred, arena, id.ptr);
    region = first_of(region, cred->region);
    if (!endpoint_resolve(arena, service, region, &options, &endpoint, error))
        return false;
    aws_client_init(client, cred->world, cred->http, cred_keys(cred), service, region, endpoint);
    return attempts(cred, arena, &client->max_attempts, error);
}
