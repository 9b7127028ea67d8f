#include "runtime/cred/cred_priv.h"

enum { CONTAINER_TIMEOUT = 2000, INSTANCE_TIMEOUT = 1000, CONTAINER_TRIES = 3 };

static HttpResponse fetch(Cred *cred, Str method, Str url, const NamedText *header, int64_t timeout)
{
    HttpRequest request = {.method = method,
        .url = url,
        .headers = header,
        .header_count = header && header->value.len ? 1 : 0,
        .connect_timeout = timeout,
        .timeout = timeout,
        .max_body = CRED_MAX_TEXT,
        .direct = true};
    return cred->http.send(cred->http.context, cred->arena, &request);
}

static bool url_is_allowed(Str url)
{
    static const char *const HOSTS[] = {"http://localhost", "http://127.0.0.1", "http://[::1]",
        "http://169.254.170.2", "http://169.254.170.23", "http://[fd00:ec2::23]", NULL};
    if (str_starts(url, STR("https://")))
        return true;
    for (size_t i = 0; HOSTS[i]; i++) {
        Str host = str_of(HOSTS[i]);
        bool ends = url.len == host.len ||
                    (url.len > host.len && (url.ptr[host.len] == '/' || url.ptr[host.len] == ':'));
        if (str_starts(url, host) && ends && str_find(url, STR("@"), 0) == SIZE_MAX)
            return true;
    }
    return false;
}

static bool container_token(Cred *cred, Str *token, Str *error)
{
    Str file = world_env(cred->world, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    *token = world_env(cred->world, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
    if (file.len) {
        const Host *host = cred->world->host;
        FileResult read = host->read_file(host->context, cred->arena, file, CRED_MAX_TEXT);
        *token = str_trim(read.text);
        if (read.status != FILE_OK)
            *error = str_format(
                cred->arena, "cannot read '%.*s': %.*s", STR_FMT(file), STR_FMT(read.error));
        if (read.status != FILE_OK)
            return false;
    }
    if (!http_header_is_valid(*token))
        *error = STR("the container's authorization token holds control characters");
    return http_header_is_valid(*token);
}

CredResult cred_from_container(Cred *cred, AwsKeys *keys, Str *error)
{
    Str path = world_env(cred->world, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    Str url = world_env(cred->world, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (path.len)
        url = str_format(cred->arena, "http://169.254.170.2%.*s", STR_FMT(path));
    if (!url.len)
        return CRED_ABSENT;
    if (!url_is_allowed(url))
        return cred_fail(cred, error,
            "AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor an address of this machine");
    NamedText header = {STR("Authorization"), STR_NONE};
    if (!container_token(cred, &header.value, error))
        return CRED_FAILED;
    HttpResponse response = {0};
    for (int i = 0; i < CONTAINER_TRIES; i++) {
        response = fetch(cred, STR("GET"), url, &header, CONTAINER_TIMEOUT);
        if (response.failure == HTTP_ANSWERED && response.status < 500)
            break;
    }
    const Datum *object = cred_read_json(cred->arena, response.body);
    if (response.failure != HTTP_ANSWERED || response.status != 200 ||
        !cred_keys_of_json(cred->arena, object, "Token", keys))
        return cred_fail(cred, error,
            "the container's endpoint gives no credentials (HTTP status %d)", response.status);
    keys->source = STR("the container");
    return CRED_FOUND;
}

CredResult cred_from_instance(Cred *cred, AwsKeys *keys, Str *error)
{
    if (world_env_is_true(cred->world, cred->arena, "AWS_EC2_METADATA_DISABLED"))
        return CRED_ABSENT;
    Str base = world_env(cred->world, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
    if (!base.len)
        base = STR("http://169.254.169.254");
    if (str_ends(base, STR("/")))
        base = str_slice(base, 0, base.len - 1);
    NamedText lifetime = {STR("x-aws-ec2-metadata-token-ttl-seconds"), STR("21600")};
    Str token_url = str_format(cred->arena, "%.*s/latest/api/token", STR_FMT(base));
    HttpResponse token = fetch(cred, STR("PUT"), token_url, &lifetime, INSTANCE_TIMEOUT);
    if (token.failure != HTTP_ANSWERED || token.status != 200)
        return CRED_ABSENT; // not on an instance, or one that only speaks the old protocol
    NamedText bearer = {STR("x-aws-ec2-metadata-token"), str_trim(token.body)};
    Str roles =
        str_format(cred->arena, "%.*s/latest/meta-data/iam/security-credentials/", STR_FMT(base));
    HttpResponse role = fetch(cred, STR("GET"), roles, &bearer, INSTANCE_TIMEOUT);
    if (role.failure != HTTP_ANSWERED || role.status == 404)
        return CRED_ABSENT;
    Str url = str_format(cred->arena, "%.*s%.*s", STR_FMT(roles), STR_FMT(str_trim(role.body)));
    HttpResponse response = fetch(cred, STR("GET"), url, &bearer, INSTANCE_TIMEOUT);
    const Datum *object = cred_read_json(cred->arena, response.body);
    if (role.status != 200 || response.status != 200 ||
        !str_is(cred_json_text(object, "Code"), "Success") ||
        !cred_keys_of_json(cred->arena, object, "Token", keys))
        return cred_fail(cred, error, "the instance's metadata hold no credentials");
    keys->source = STR("the instance's metadata");
    return CRED_FOUND;
}
