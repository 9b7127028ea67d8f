// The low-level function, as in base/sha256.c: SHA-1 only names a file here.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/sha.h>

#include "compiler/base/buf.h"
#include "runtime/cred/cred_priv.h"

enum { SSO_TIMEOUT = 10 * 1000 };

static Str cache_file(Cred *cred, Str name)
{
    unsigned char digest[SHA_DIGEST_LENGTH];
    SHA1((const unsigned char *)name.ptr, name.len, digest);
    Buf path;
    buf_init(&path, 0);
    buf_add_format(&path, "%.*s/.aws/sso/cache/", STR_FMT(world_env(cred->world, "HOME")));
    for (size_t i = 0; i < sizeof digest; i++)
        buf_add_format(&path, "%02x", digest[i]);
    buf_add_text(&path, ".json");
    Str result = buf_copy(&path, cred->arena);
    buf_release(&path);
    return result;
}

static CredResult cached_token(Cred *cred, Str profile, Str session, Str *token, Str *error)
{
    const Host *host = cred->world->host;
    FileResult file =
        host->read_file(host->context, cred->arena, cache_file(cred, session), CRED_MAX_TEXT);
    const Datum *object = file.status == FILE_OK ? cred_read_json(cred->arena, file.text) : NULL;
    *token = cred_json_text(object, "accessToken");
    int64_t expires;
    bool timed = world_parse_time(cred_json_text(object, "expiresAt"), &expires);
    if (token->len && timed && expires > cred->world->now(cred->world->context) / 1000)
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
    const Datum *object = cred_read_json(cred->arena, response->body);
    const Datum *role = datum_get(object, STR("roleCredentials"));
    const Datum *expires = datum_get(role, STR("expiration"));
    *keys = (AwsKeys){
        .key = {cred_json_text(role, "accessKeyId"), cred_json_text(role, "secretAccessKey")},
        .token = cred_json_text(role, "sessionToken"),
        .source = str_format(cred->arena, "the sign-in of profile '%.*s'", STR_FMT(profile))};
    for (size_t i = 0; expires && i < expires->text.len && i < 13; i++)
        if (expires->text.ptr[i] >= '0' && expires->text.ptr[i] <= '9')
            keys->expires = keys->expires * 10 + (expires->text.ptr[i] - '0');
    keys->expires /= 1000; // the portal counts milliseconds
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
    CredResult result =
        cached_token(cred, profile, session.len ? session : start, &bearer.value, error);
    if (result != CRED_FOUND)
        return result;
    HttpRequest request = {.method = STR("GET"),
        .url = str_format(cred->arena,
            "https://portal.sso.%.*s.%.*s/federation/credentials?account_id=%.*s&role_name=%.*s",
            STR_FMT(region), STR_FMT(endpoint_suffix(region)),
            STR_FMT(sign_encode(cred->arena, account, false)),
            STR_FMT(sign_encode(cred->arena, role, false))),
        .headers = &bearer,
        .header_count = 1,
        .timeout = SSO_TIMEOUT,
        .max_body = CRED_MAX_TEXT};
    HttpResponse response = cred->http.send(cred->http.context, cred->arena, &request);
    return read_answer(cred, profile, &response, keys, error);
}
