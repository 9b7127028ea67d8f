#include "runtime/deploy/identity.h"

#include "compiler/base/buf.h"
#include "runtime/aws/query.h"

static AwsReply ask(Arena *arena, AwsClient *client)
{
    Buf form;
    buf_init(&form, 0);
    query_start(&form, STR("GetCallerIdentity"), STR("2011-06-15"));
    AwsReply reply = aws_call(client, arena, buf_str(&form));
    buf_release(&form);
    return reply;
}

// "aws" of "arn:aws:iam::123456789012:user/x".
static Str partition_of(Arena *arena, Str arn)
{
    size_t start = str_find(arn, STR(":"), 0);
    size_t end = start == SIZE_MAX ? start : str_find(arn, STR(":"), start + 1);
    return end == SIZE_MAX ? STR_NONE : str_copy(arena, str_slice(arn, start + 1, end));
}

bool identity_get(Arena *arena, const World *world, HttpTransport http, Cred *cred,
    Identity *identity, bool *asked, Str *error)
{
    Endpoint endpoint;
    AwsKeys keys;
    AwsKeySource source = cred_keys(cred);
    *asked = false;
    if (!cred_endpoint(cred, arena, STR("sts"), "STS", &endpoint, error) ||
        !source.get(source.context, arena, false, &keys, error))
        return false;
    *asked = true;
    AwsClient client;
    aws_client_init(&client, world, http, source, STR("sts"), cred_region(cred), endpoint);
    AwsReply reply = ask(arena, &client);
    const XmlNode *result = reply.ok ? xml_child(reply.root, "GetCallerIdentityResult") : NULL;
    identity->account = xml_text(result, "Account");
    identity->arn = xml_text(result, "Arn");
    identity->user = xml_text(result, "UserId");
    identity->partition = partition_of(arena, identity->arn);
    identity->source = keys.source;
    if (!reply.ok)
        *error = str_format(arena, "AWS does not say who you are: %.*s%s%.*s", STR_FMT(reply.code),
            reply.code.len ? ": " : "", STR_FMT(reply.message));
    else
        *error = STR("the answer of STS holds no account");
    return identity->account.len > 0;
}
