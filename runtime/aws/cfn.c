#include "runtime/aws/cfn.h"

#include <string.h>

#include "compiler/base/map.h"
#include "runtime/aws/cfn_priv.h"

// ---- what a reply says ----

bool cfn_is_missing(const AwsReply *reply)
{
    static const char *const CODES[] = {"ChangeSetNotFound", "ChangeSetNotFoundException",
        "StackNotFoundException", "StackRefactorNotFoundException", NULL};
    for (size_t i = 0; CODES[i]; i++)
        if (str_is(reply->code, CODES[i]))
            return true;
    // Nothing but the text tells it from other errors: "Stack with id X does not exist", "Stack
    // [X] does not exist", "ChangeSet [X] does not exist", "Resource X does not exist for stack Y".
    Str message = reply->message;
    bool of_ours = str_starts(message, STR("Stack ")) || str_starts(message, STR("ChangeSet ")) ||
                   str_starts(message, STR("Resource "));
    return str_is(reply->code, "ValidationError") && of_ours &&
           str_find(message, STR(" does not exist"), 0) != SIZE_MAX;
}

bool cfn_is_denied(const AwsReply *reply)
{
    return str_is(reply->code, "AccessDenied") || str_is(reply->code, "AccessDeniedException") ||
           str_is(reply->code, "UnauthorizedOperation");
}

bool cfn_is_ambiguous(const AwsReply *reply)
{
    return !reply->ok && reply->uncertain;
}

bool cfn_is_throttled(const AwsReply *reply)
{
    return aws_is_throttled(reply);
}

// ---- calls ----

CfnCall cfn_call(AwsClient *client, Arena *arena, const char *action)
{
    CfnCall call = {client, arena, action, {0}};
    buf_init(&call.form, 0);
    query_start(&call.form, str_of(action), STR("2010-05-15"));
    return call;
}

CfnCall cfn_stack_call(AwsClient *client, Arena *arena, const char *action, Str stack)
{
    CfnCall call = cfn_call(client, arena, action);
    query_add(&call.form, STR("StackName"), stack);
    return call;
}

void cfn_add(CfnCall *call, const char *name, Str value)
{
    if (value.len)
        query_add(&call->form, str_of(name), value);
}

void cfn_add_member(CfnCall *call, const char *list, size_t number, const char *name, Str value)
{
    query_add(&call->form, str_format(call->arena, "%s.member.%zu.%s", list, number, name), value);
}

void cfn_add_texts(CfnCall *call, const char *name, const Str *values, size_t count)
{
    if (count)
        query_add_list(&call->form, str_of(name), values, count);
}

// Sends the form as it stands; it stays.
static AwsReply exchange(CfnCall *call, const XmlNode **result)
{
    Str root = str_format(call->arena, "%sResponse", call->action);
    AwsReply reply = aws_call_for(call->client, call->arena, buf_str(&call->form), root);
    *result = xml_child(reply.root, str_format(call->arena, "%sResult", call->action).ptr);
    return reply;
}

AwsReply cfn_send(CfnCall *call, const XmlNode **result)
{
    AwsReply reply = exchange(call, result);
    buf_release(&call->form);
    return reply;
}

AwsReply cfn_send_only(CfnCall *call)
{
    const XmlNode *result;
    return cfn_send(call, &result);
}

AwsReply cfn_send_pages(CfnCall *call, CfnTakePage *take, void *context)
{
    Map seen = {0};
    Buf first = call->form;
    buf_init(&call->form, 0);
    buf_add(&call->form, buf_str(&first));
    AwsReply reply;
    const XmlNode *result;
    for (;;) {
        reply = exchange(call, &result);
        if (!reply.ok)
            break;
        take(context, call->arena, result);
        Str token = xml_text(result, "NextToken");
        if (!token.len || map_set(&seen, call->arena, token, call))
            break;
        buf_clear(&call->form);
        buf_add(&call->form, buf_str(&first));
        cfn_add(call, "NextToken", token);
    }
    buf_release(&first);
    buf_release(&call->form);
    return reply;
}

AwsReply cfn_send_list(CfnCall *call, CfnTakePage *take, void *list, size_t size)
{
    memset(list, 0, size);
    AwsReply reply = cfn_send_pages(call, take, list);
    if (!reply.ok)
        memset(list, 0, size);
    return reply;
}

// ---- reading ----

void cfn_read_fields(const XmlNode *node, const CfnField *fields, size_t count, void *object)
{
    for (size_t i = 0; i < count; i++)
        *(Str *)(void *)((char *)object + fields[i].offset) = xml_text(node, fields[i].path);
}

void cfn_read_texts(Arena *arena, const XmlNode *node, const char *list, CfnTexts *texts)
{
    const XmlNode *members = xml_child(node, list);
    for (size_t i = 0; i < xml_count(members); i++)
        VEC_ADD(arena, texts, members->children.items[i]->text);
}

void cfn_read_pairs(Arena *arena, const XmlNode *node, const char *list, const char *name,
    const char *value, CfnPairs *pairs)
{
    const XmlNode *members = xml_child(node, list);
    for (size_t i = 0; i < xml_count(members); i++) {
        const XmlNode *member = members->children.items[i];
        NamedText pair = {xml_text(member, name), xml_text(member, value)};
        VEC_ADD(arena, pairs, pair);
    }
}

bool cfn_read_flag(const XmlNode *node, const char *name)
{
    return str_is(xml_text(node, name), "true");
}

CfnParameter cfn_read_parameter(const XmlNode *node)
{
    return (CfnParameter){xml_text(node, "ParameterKey"), xml_text(node, "ParameterValue"),
        cfn_read_flag(node, "UsePreviousValue")};
}
