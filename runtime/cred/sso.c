// The low-level function, as in base/sha256.c: SHA-1 only names a file here.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/sha.h>

#include "compiler/base/buf.h"
#include "runtime/cred/cred_priv.h"

enum { SSO_TIMEOUT = 10 * 1000, SSO_TRIES = 3, RENEW_EARLY = 15 * 60 };

// What `aws sso login` has left.
typedef struct SignIn {
    Str path;
    const Datum *object; // the whole file; NULL when there is none
    Str token;
    int64_t expires;
} SignIn;

static SignIn read_sign_in(Cred *cred, Str name)
{
    unsigned char digest[SHA_DIGEST_LENGTH];
    SHA1((const unsigned char *)name.ptr, name.len, digest);
    Str folder =
        str_format(cred->arena, "%.*s/.aws/sso/cache", STR_FMT(world_env(cred->world, "HOME")));
    SignIn sign_in = {.path = cred_cache_file(cred, folder, digest, sizeof digest)};
    const Host *host = cred->world->host;
    FileResult file = host->read_file(host->context, cred->arena, sign_in.path, CRED_MAX_TEXT);
    sign_in.object = file.status == FILE_OK ? data_parse_json(cred->arena, file.text) : NULL;
    sign_in.token = cred_json_text(sign_in.object, "accessToken");
    if (!world_parse_time(cred_json_text(sign_in.object, "expiresAt"), &sign_in.expires))
        sign_in.token = STR_NONE;
    return sign_in;
}

static Str origin_of(Cred *cred, const char *id, const char *host, Str region)
{
    Str custom = cred_endpoint_options(cred, cred->arena, id).custom;
    if (custom.len && str_ends(custom, STR("/")))
        return str_slice(custom, 0, custom.len - 1);
    if (custom.len)
        return custom;
    return str_format(cred->arena, "https://%s.%.*s.%.*s", host, STR_FMT(region),
        STR_FMT(endpoint_suffix(region)));
}

// Keeps what the file held, but for what is new.
static void write_back(Cred *cred, SignIn *sign_in, Str refresh)
{
    const NamedText news[] = {{STR("accessToken"), sign_in->token},
        {STR("expiresAt"), world_format_time(cred->arena, sign_in->expires)},
        {STR("refreshToken"), refresh}};
    Datum *changed = datum_map(cred->arena, NULL);
    for (size_t i = 0; i < sign_in->object->entries.len; i++) {
        const DatumEntry *entry = &sign_in->object->entries.items[i];
        Datum *value = entry->value;
        for (size_t j = 0; j < sizeof news / sizeof *news; j++)
            if (str_equal(entry->key, news[j].name))
                value = datum_string(cred->arena, NULL, news[j].value);
        datum_put(cred->arena, changed, entry->key, NULL, value);
    }
    Buf text;
    buf_init(&text, 0);
    data_write_json(&text, changed);
    const World *world = cred->world;
    if (!world->write_private ||
        !world->write_private(world->context, sign_in->path, buf_str(&text)))
        world_log(world, "the renewed sign-in cannot be kept");
    buf_release(&text);
}

// Exchanges the refresh token for a newer sign-in. False: there is none, or AWS gives nothing for
// it; the old one may hold yet.
static bool renew(Cred *cred, SignIn *sign_in, Str region)
{
    static const char *const FIELDS[] = {"clientId", "clientSecret", "refreshToken"};
    int64_t now = cred->world->now(cred->world->context) / 1000;
    int64_t registered = 0;
    if (!world_parse_time(cred_json_text(sign_in->object, "registrationExpiresAt"), &registered) ||
        registered <= now)
        return false;
    Buf body;
    buf_init(&body, 0);
    buf_add_text(&body, "{\"grantType\":\"refresh_token\"");
    bool whole = true;
    for (size_t i = 0; i < 3; i++) {
        Str value = cred_json_text(sign_in->object, FIELDS[i]);
        whole = whole && value.len;
        buf_add_format(&body, ",\"%s\":", FIELDS[i]);
        data_write_json_string(&body, value);
    }
    buf_add_char(&body, '}');
    NamedText type = {STR("Content-Type"), STR("application/json")};
    HttpRequest request = {.method = STR("POST"),
        .url = str_format(
            cred->arena, "%.*s/token", STR_FMT(origin_of(cred, "SSO_OIDC", "oidc", region))),
        .headers = &type,
        .header_count = 1,
        .body = buf_copy(&body, cred->arena),
        .timeout = SSO_TIMEOUT,
        .max_body = CRED_MAX_TEXT};
    buf_release(&body);
    if (!whole)
        return false;
    HttpResponse response = cred_fetch(cred, &request, SSO_TRIES);
    const Datum *answer = response.failure == HTTP_ANSWERED && response.status == 200
                              ? data_parse_json(cred->arena, response.body)
                              : NULL;
    Str token = cred_json_text(answer, "accessToken");
    int64_t seconds = cred_json_number(answer, "expiresIn");
    if (!token.len || seconds <= 0)
        return false;
    sign_in->token = token;
    sign_in->expires = now + seconds;
    Str refresh = cred_json_text(answer, "refreshToken");
    write_back(
        cred, sign_in, refresh.len ? refresh : cred_json_text(sign_in->object, "refreshToken"));
    return true;
}

static CredResult current_token(
    Cred *cred, Str profile, Str session, Str start, Str region, Str *token, Str *error)
{
    SignIn sign_in = read_sign_in(cred, session.len ? session : start);
    int64_t left = sign_in.expires - cred->world->now(cred->world->context) / 1000;
    // The old form, without a session, has nothing to renew by.
    if (session.len && sign_in.token.len && left < RENEW_EARLY && renew(cred, &sign_in, region))
        left = RENEW_EARLY;
    *token = sign_in.token;
    if (token->len && left > 0)
        return CRED_FOUND;
    return cred_fail(cred, error, "there is no valid sign-in: run 'aws sso login --profile %.*s'",
        STR_FMT(profile));
}

static CredResult read_answer(
    Cred *cred, Str profile, const HttpResponse *response, AwsKeys *keys, Str *error)
{
    if (response->failure != HTTP_ANSWERED)
        return cred_fail(
            cred, error, "cannot reach the sign-in portal: %.*s", STR_FMT(response->error));
    if (response->status == 401)
        return cred_fail(cred, error, "the sign-in has ended: run 'aws sso login --profile %.*s'",
            STR_FMT(profile));
    const Datum *object = data_parse_json(cred->arena, response->body);
    const Datum *role = datum_get(object, STR("roleCredentials"));
    *keys = (AwsKeys){
        .key = {cred_json_text(role, "accessKeyId"), cred_json_text(role, "secretAccessKey")},
        .token = cred_json_text(role, "sessionToken"),
        .source = str_format(cred->arena, "the sign-in of profile '%.*s'", STR_FMT(profile))};
    keys->expires = cred_json_number(role, "expiration") / 1000; // the portal counts milliseconds
    if (response->status == 200 && keys->key.access_key.len && keys->key.secret_key.len)
        return CRED_FOUND;
    return cred_fail(cred, error,
        "the sign-in portal gives no credentials for the account and role of profile '%.*s' (HTTP "
        "status %d)",
        STR_FMT(profile), response->status);
}

CredResult cred_from_sso(Cred *cred, Str profile, AwsKeys *keys, Str *error)
{
    const Profiles *all = cred->profiles;
    Str account = profile_get(all, profile, "sso_account_id");
    Str role = profile_get(all, profile, "sso_role_name");
    if (!account.len || !role.len)
        return CRED_ABSENT;
    Str session = profile_get(all, profile, "sso_session");
    Str section =
        session.len ? str_format(cred->arena, "sso-session %.*s", STR_FMT(session)) : profile;
    Str region = profile_get(all, section, "sso_region");
    Str start = profile_get(all, section, "sso_start_url");
    if (!endpoint_region_is_valid(region) || !start.len)
        return cred_fail(cred, error,
            "the sign-in of profile '%.*s' lacks sso_start_url or sso_region", STR_FMT(profile));
    NamedText bearer = {STR("x-amz-sso_bearer_token"), STR_NONE};
    CredResult result = current_token(cred, profile, session, start, region, &bearer.value, error);
    if (result != CRED_FOUND)
        return result;
    HttpRequest request = {.method = STR("GET"),
        .url = str_format(cred->arena, "%.*s/federation/credentials?account_id=%.*s&role_name=%.*s",
            STR_FMT(origin_of(cred, "SSO", "portal.sso", region)),
            STR_FMT(sign_encode(cred->arena, account, false)),
            STR_FMT(sign_encode(cred->arena, role, false))),
        .headers = &bearer,
        .header_count = 1,
        .timeout = SSO_TIMEOUT,
        .max_body = CRED_MAX_TEXT};
    HttpResponse response = cred_fetch(cred, &request, SSO_TRIES);
    return read_answer(cred, profile, &response, keys, error);
}
