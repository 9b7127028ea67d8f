#include "runtime/cred/cred_priv.h"

enum { CONTAINER_TIMEOUT = 2000, CONTAINER_TRIES = 3 };

static HttpResponse fetch(
    Cred *cred, Str method, Str url, const NamedText *header, int64_t timeout, int tries)
{
    HttpRequest request = {.method = method,
        .url = url,
        .headers = header,
        .header_count = header && header->value.len ? 1 : 0,
        .connect_timeout = timeout,
        .timeout = timeout,
        .max_body = CRED_MAX_TEXT,
        .direct = true};
    return cred_fetch(cred, &request, tries);
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
    HttpResponse response =
        fetch(cred, STR("GET"), url, &header, CONTAINER_TIMEOUT, CONTAINER_TRIES);
    const Datum *object = data_parse_json(cred->arena, response.body);
    if (response.failure != HTTP_ANSWERED || response.status != 200 ||
        !cred_keys_of_json(object, "Token", keys))
        return cred_fail(cred, error,
            "the container's endpoint gives no credentials (HTTP status %d)", response.status);
    keys->source = STR("the container");
    return CRED_FOUND;
}

// The service of an instance's metadata, version 2:
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
typedef struct Metadata {
    Cred *cred;
    Str base;
    int64_t timeout;
    int tries;
    Str token;
    bool refused; // it does not understand us: something is set up wrongly
} Metadata;

static int64_t setting(Cred *cred, const char *variable, int64_t otherwise)
{
    enum { MOST = 60 };
    Str text = world_env(cred->world, variable);
    int64_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9' || value > MOST)
            return otherwise;
        value = value * 10 + (text.ptr[i] - '0');
    }
    return value >= 1 && value <= MOST ? value : otherwise;
}

static Metadata metadata_of(Cred *cred)
{
    Str base = world_env(cred->world, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
    Str mode =
        str_lower(cred->arena, world_env(cred->world, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"));
    if (!base.len)
        base = str_is(mode, "ipv6") ? STR("http://[fd00:ec2::254]") : STR("http://169.254.169.254");
    if (str_ends(base, STR("/")))
        base = str_slice(base, 0, base.len - 1);
    return (Metadata){.cred = cred,
        .base = base,
        .timeout = setting(cred, "AWS_METADATA_SERVICE_TIMEOUT", 1) * 1000,
        .tries = (int)setting(cred, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", 1)};
}

static bool get_token(Metadata *metadata)
{
    Cred *cred = metadata->cred;
    NamedText lifetime = {STR("x-aws-ec2-metadata-token-ttl-seconds"), STR("21600")};
    Str url = str_format(cred->arena, "%.*s/latest/api/token", STR_FMT(metadata->base));
    HttpResponse answer =
        fetch(cred, STR("PUT"), url, &lifetime, metadata->timeout, metadata->tries);
    metadata->token = str_trim(answer.body);
    metadata->refused = answer.failure == HTTP_ANSWERED && answer.status == 400;
    return answer.failure == HTTP_ANSWERED && answer.status == 200 && metadata->token.len &&
           http_header_is_valid(metadata->token);
}

// What is below "latest/meta-data/". A token that does not count any more is replaced once.
static HttpResponse get(Metadata *metadata, Str path)
{
    Cred *cred = metadata->cred;
    Str url = str_format(
        cred->arena, "%.*s/latest/meta-data/%.*s", STR_FMT(metadata->base), STR_FMT(path));
    HttpResponse response = {0};
    for (int i = 0; i < 2; i++) {
        NamedText bearer = {STR("x-aws-ec2-metadata-token"), metadata->token};
        response = fetch(cred, STR("GET"), url, &bearer, metadata->timeout, metadata->tries);
        bool stale = response.failure == HTTP_ANSWERED && response.status == 401;
        if (!stale || !get_token(metadata))
            break;
    }
    return response;
}

// When the service is late with newer keys, the old ones are used on, and it is asked again soon.
static void extend(Cred *cred, AwsKeys *keys)
{
    enum { EARLY = 15 * 60, LATER = 20 * 60 };
    int64_t now = cred->world->now(cred->world->context) / 1000;
    if (keys->expires && keys->expires < now + EARLY)
        keys->expires = now + LATER;
}

// False: it may not be asked, this is no instance, or one that only speaks the old protocol.
static bool open_metadata(Cred *cred, Metadata *metadata)
{
    *metadata = metadata_of(cred);
    if (world_env_is_true(cred->world, cred->arena, "AWS_EC2_METADATA_DISABLED"))
        return false;
    return get_token(metadata);
}

Str cred_instance_region(Cred *cred)
{
    Metadata metadata;
    if (!open_metadata(cred, &metadata))
        return STR_NONE;
    HttpResponse answer = get(&metadata, STR("placement/region"));
    Str region = str_trim(answer.body);
    bool good = answer.failure == HTTP_ANSWERED && answer.status == 200;
    return good && endpoint_region_is_valid(region) ? str_copy(cred->arena, region) : STR_NONE;
}

CredResult cred_from_instance(Cred *cred, AwsKeys *keys, Str *error)
{
    Metadata metadata;
    Str folder = STR("iam/security-credentials/");
    if (!open_metadata(cred, &metadata))
        return metadata.refused
                   ? cred_fail(cred, error,
                         "the instance's metadata refuse the request for a token (HTTP "
                         "status 400)")
                   : CRED_ABSENT;
    HttpResponse role = get(&metadata, folder);
    if (role.failure != HTTP_ANSWERED || role.status == 404)
        return CRED_ABSENT;
    Str name = str_trim(role.body);
    if (role.status != 200 || !name.len || !http_header_is_valid(name))
        return cred_fail(
            cred, error, "the instance's metadata name no role (HTTP status %d)", role.status);
    HttpResponse response =
        get(&metadata, str_format(cred->arena, "%.*s%.*s", STR_FMT(folder), STR_FMT(name)));
    const Datum *object = data_parse_json(cred->arena, response.body);
    if (response.status != 200 || !str_is(cred_json_text(object, "Code"), "Success") ||
        !cred_keys_of_json(object, "Token", keys))
        return cred_fail(cred, error, "the instance's metadata hold no credentials");
    extend(cred, keys);
    keys->source = STR("the instance's metadata");
    return CRED_FOUND;
}
