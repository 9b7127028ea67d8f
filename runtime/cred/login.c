#include "compiler/base/sha256.h"
#include "runtime/cred/cred_priv.h"

// The keys that `aws login` has left, while they hold. Making newer ones takes a proof of
// possession that only AWS's tool gives.
CredResult cred_from_login(Cred *cred, Str profile, AwsKeys *keys, Str *error)
{
    Str session = profile_get(cred->profiles, profile, "login_session");
    if (!session.len)
        return CRED_ABSENT;
    Str folder = world_env(cred->world, "AWS_LOGIN_CACHE_DIRECTORY");
    if (!folder.len)
        folder = str_format(
            cred->arena, "%.*s/.aws/login/cache", STR_FMT(world_env(cred->world, "HOME")));
    Str path = str_format(
        cred->arena, "%.*s/%.*s.json", STR_FMT(folder), STR_FMT(sha256_hex(cred->arena, session)));
    const Host *host = cred->world->host;
    FileResult file = host->read_file(host->context, cred->arena, path, CRED_MAX_TEXT);
    const Datum *object = file.status == FILE_OK ? data_parse_json(cred->arena, file.text) : NULL;
    const Datum *token = datum_get(object, STR("accessToken"));
    *keys = (AwsKeys){
        .key = {cred_json_text(token, "accessKeyId"), cred_json_text(token, "secretAccessKey")},
        .token = cred_json_text(token, "sessionToken"),
        .source = str_format(cred->arena, "the sign-in of profile '%.*s'", STR_FMT(profile))};
    bool timed = world_parse_time(cred_json_text(token, "expiresAt"), &keys->expires);
    bool holds = timed && keys->expires > cred->world->now(cred->world->context) / 1000;
    if (keys->key.access_key.len && keys->key.secret_key.len && holds)
        return CRED_FOUND;
    return cred_fail(
        cred, error, "there is no valid sign-in: run 'aws login --profile %.*s'", STR_FMT(profile));
}
