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

bool identity_get(Arena *arena, Cred *cred, Identity *identity, Str *error)
{
    AwsClient client;
    AwsKeys keys;
    AwsKeySource source = cred_keys(cred);
    if (!cred_client(cred, arena, STR("sts"), STR_NONE, &client, error) ||
        !source.get(source.context, arena, false, &keys, error))
        return false;
    AwsReply reply = ask(arena, &client);
    const XmlNode *result = reply.ok ? xml_child(reply.root, "GetCallerIdentityResult") : NULL;
    identity->account = xml_text(result, "Account");
    identity->arn = xml_text(result, "Arn");
    identity->user = xml_text(result, "UserId");
    identity->partition = partition_of(arena, identity->arn);
    identity->source = keys.source;
    identity->expires = keys.expires;
    if (!reply.ok)
        *error = str_format(arena, "AWS does not say who you are: %.*s%s%.*s", STR_FMT(reply.code),
            reply.code.len ? ": " : "", STR_FMT(reply.message));
    else
        *error = STR("the answer of STS holds no account");
    return identity->account.len > 0;
}

bool identity_settle_region(
    Arena *arena, const Manifest *manifest, CredOptions *options, Str *error)
{
    Str programs = manifest->stacks.len ? manifest->stacks.items[0].region : STR_NONE;
    if (options->region.len && programs.len && !str_equal(options->region, programs)) {
        *error = str_format(arena, "the program belongs to region %.*s, but --region says %.*s",
            STR_FMT(programs), STR_FMT(options->region));
        return false;
    }
    if (programs.len)
        options->region = programs;
    return true;
}

static bool fits_partition(
    Arena *arena, const Cred *cred, const ManifestStack *stack, Str partition, Str *error)
{
    Str region = stack->region.len ? stack->region : cred_region(cred);
    if (!partition.len || str_equal(endpoint_partition(region), partition))
        return true;
    *error = str_format(arena,
        "stack '%.*s' goes to %.*s of partition %.*s, but the credentials are of %.*s",
        STR_FMT(stack->id), STR_FMT(region), STR_FMT(endpoint_partition(region)),
        STR_FMT(partition));
    return false;
}

bool identity_guard(
    Arena *arena, Cred *cred, const Manifest *manifest, Identity *identity, Str *error)
{
    if (!identity_get(arena, cred, identity, error))
        return false;
    if (manifest->account.len && !str_equal(manifest->account, identity->account)) {
        *error = str_format(arena,
            "the program belongs to account %.*s, but the credentials (%.*s) are of account %.*s",
            STR_FMT(manifest->account), STR_FMT(identity->source), STR_FMT(identity->account));
        return false;
    }
    for (size_t i = 0; i < manifest->stacks.len; i++)
        if (!fits_partition(arena, cred, &manifest->stacks.items[i], identity->partition, error))
            return false;
    cred_expect_account(cred, identity->account);
    return true;
}
