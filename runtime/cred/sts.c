#include "runtime/aws/query.h"
#include "runtime/cred/cred_priv.h"

static bool give(void *context, Arena *arena, bool renew, AwsKeys *keys, Str *error)
{
    (void)arena;
    *keys = *(const AwsKeys *)context;
    if (renew)
        *error = STR("the credentials that it is done with have expired");
    return !renew;
}

AwsReply cred_call_sts(Cred *cred, const AwsKeys *with, Str form)
{
    AwsReply reply = {.no_keys = true};
    AwsKeys given = {0};
    AwsClient client;
    if (!cred_client(cred, cred->arena, STR("sts"), STR_NONE, &client, &reply.message))
        return reply;
    if (with)
        given = *with;
    client.keys = (AwsKeySource){&given, with ? give : NULL};
    return aws_call(&client, cred->arena, form);
}

// Sends the form and reads the keys it gives.
static CredResult exchange(
    Cred *cred, const AwsKeys *with, Str form, const char *path, AwsKeys *keys, Str *error)
{
    AwsReply reply = cred_call_sts(cred, with, form);
    if (!reply.ok)
        return cred_fail(cred, error, "cannot assume the role: %.*s%s%.*s", STR_FMT(reply.code),
            reply.code.len ? ": " : "", STR_FMT(reply.message));
    const XmlNode *found = xml_child(xml_child(reply.root, path), "Credentials");
    *keys = (AwsKeys){.key = {xml_text(found, "AccessKeyId"), xml_text(found, "SecretAccessKey")},
        .token = xml_text(found, "SessionToken")};
    if (!keys->key.access_key.len || !keys->key.secret_key.len ||
        !world_parse_time(xml_text(found, "Expiration"), &keys->expires))
        return cred_fail(cred, error, "the answer to assuming the role holds no credentials");
    return CRED_FOUND;
}

static void add_given(Buf *form, const char *field, Str value)
{
    if (value.len)
        query_add(form, str_of(field), value);
}

static Str session_name(Cred *cred, Str given)
{
    if (given.len)
        return given;
    return str_format(
        cred->arena, "altc-%lld", (long long)(cred->world->now(cred->world->context) / 1000));
}

static CredResult source_keys(Cred *cred, Str profile, size_t depth, AwsKeys *keys, Str *error)
{
    Str source = profile_get(cred->profiles, profile, "source_profile");
    Str kind = profile_get(cred->profiles, profile, "credential_source");
    CredResult result = CRED_ABSENT;
    if (source.len && kind.len)
        return cred_fail(cred, error,
            "profile '%.*s' has both source_profile and credential_source", STR_FMT(profile));
    if (source.len && !profile_exists(cred->profiles, source))
        return cred_fail(cred, error, "there is no profile '%.*s', the source of '%.*s'",
            STR_FMT(source), STR_FMT(profile));
    if (source.len && str_equal(source, profile))
        result = cred_from_profile_keys(cred, source, keys, error);
    else if (source.len)
        result = cred_from_role(cred, source, depth + 1, keys, error);
    if (source.len && result == CRED_ABSENT && !str_equal(source, profile))
        result = cred_from_profile(cred, source, keys, error);
    if (str_is(kind, "Environment"))
        result = cred_from_env(cred, keys, error);
    else if (str_is(kind, "EcsContainer"))
        result = cred_from_container(cred, keys, error);
    else if (str_is(kind, "Ec2InstanceMetadata"))
        result = cred_from_instance(cred, keys, error);
    if (result == CRED_ABSENT)
        return cred_fail(cred, error, "profile '%.*s' has no credentials to assume its role with",
            STR_FMT(profile));
    return result;
}

CredResult cred_from_role(Cred *cred, Str profile, size_t depth, AwsKeys *keys, Str *error)
{
    const Profiles *all = cred->profiles;
    Str role = profile_get(all, profile, "role_arn");
    if (!role.len || profile_get(all, profile, "web_identity_token_file").len)
        return CRED_ABSENT;
    if (depth >= CRED_MAX_ROLES)
        return cred_fail(
            cred, error, "the source_profile of '%.*s' leads in a circle", STR_FMT(profile));
    AwsKeys source;
    CredResult result = source_keys(cred, profile, depth, &source, error);
    if (result != CRED_FOUND)
        return result;
    Str serial = profile_get(all, profile, "mfa_serial");
    Str code = STR_NONE;
    Str question = str_format(cred->arena, "MFA code for %.*s: ", STR_FMT(serial));
    cred->asks = cred->asks || serial.len;
    if (serial.len && !cred->world->ask(cred->world->context, cred->arena, question, &code))
        return cred_fail(cred, error, "profile '%.*s' needs an MFA code, and nobody can be asked",
            STR_FMT(profile));
    Buf form;
    buf_init(&form, 0);
    query_start(&form, STR("AssumeRole"), STR("2011-06-15"));
    query_add(&form, STR("RoleArn"), role);
    query_add(&form, STR("RoleSessionName"),
        session_name(cred, profile_get(all, profile, "role_session_name")));
    add_given(&form, "DurationSeconds", profile_get(all, profile, "duration_seconds"));
    add_given(&form, "ExternalId", profile_get(all, profile, "external_id"));
    add_given(&form, "SerialNumber", serial);
    add_given(&form, "TokenCode", str_trim(code));
    Str body = buf_copy(&form, cred->arena);
    buf_release(&form);
    result = exchange(cred, &source, body, "AssumeRoleResult", keys, error);
    keys->source = str_format(cred->arena, "the role of profile '%.*s'", STR_FMT(profile));
    return result;
}

CredResult cred_from_web_identity(Cred *cred, Str profile, AwsKeys *keys, Str *error)
{
    Str file = profile_get(cred->profiles, profile, "web_identity_token_file");
    Str role = profile_get(cred->profiles, profile, "role_arn");
    Str name = profile_get(cred->profiles, profile, "role_session_name");
    if (!file.len) {
        file = world_env(cred->world, "AWS_WEB_IDENTITY_TOKEN_FILE");
        role = world_env(cred->world, "AWS_ROLE_ARN");
        name = world_env(cred->world, "AWS_ROLE_SESSION_NAME");
    }
    if (!file.len)
        return CRED_ABSENT;
    if (!role.len)
        return cred_fail(cred, error, "a web identity token needs a role: AWS_ROLE_ARN is not set");
    const Host *host = cred->world->host;
    FileResult token = host->read_file(host->context, cred->arena, file, CRED_MAX_TEXT);
    if (token.status != FILE_OK)
        return cred_fail(cred, error, "cannot read the web identity token '%.*s': %.*s",
            STR_FMT(file), STR_FMT(token.error));
    Buf form;
    buf_init(&form, 0);
    query_start(&form, STR("AssumeRoleWithWebIdentity"), STR("2011-06-15"));
    query_add(&form, STR("RoleArn"), role);
    query_add(&form, STR("RoleSessionName"), session_name(cred, name));
    query_add(&form, STR("WebIdentityToken"), str_trim(token.text));
    Str body = buf_copy(&form, cred->arena);
    buf_release(&form);
    CredResult result = exchange(cred, NULL, body, "AssumeRoleWithWebIdentityResult", keys, error);
    keys->source = STR("a web identity");
    return result;
}

void cred_expect_account(Cred *cred, Str account)
{
    cred->account = str_copy(cred->arena, account);
}

bool cred_is_of_account(Cred *cred, const AwsKeys *keys, Str *error)
{
    Buf form;
    buf_init(&form, 0);
    query_start(&form, STR("GetCallerIdentity"), STR("2011-06-15"));
    AwsReply reply = cred_call_sts(cred, keys, buf_str(&form));
    buf_release(&form);
    Str account = xml_text(xml_child(reply.root, "GetCallerIdentityResult"), "Account");
    if (reply.ok && str_equal(account, cred->account))
        return true;
    if (reply.ok)
        cred_fail(cred, error, "the renewed credentials are of account %.*s, expected %.*s",
            STR_FMT(account), STR_FMT(cred->account));
    else
        cred_fail(cred, error, "AWS does not say whose the renewed credentials are: %.*s%s%.*s",
            STR_FMT(reply.code), reply.code.len ? ": " : "", STR_FMT(reply.message));
    return false;
}
