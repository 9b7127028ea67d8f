#include "runtime/aws/cfn_priv.h"

static void add_place(CfnCall *call, size_t number, const char *side, Str stack, Str id)
{
    Arena *arena = call->arena;
    cfn_add_member(
        call, "ResourceMappings", number, str_format(arena, "%s.StackName", side).ptr, stack);
    cfn_add_member(
        call, "ResourceMappings", number, str_format(arena, "%s.LogicalResourceId", side).ptr, id);
}

AwsReply cfn_create_refactor(AwsClient *client, Arena *arena, const CfnRefactorStack *stacks,
    size_t stack_count, const CfnRefactorMove *moves, size_t move_count, Str *id)
{
    CfnCall call = cfn_call(client, arena, "CreateStackRefactor");
    for (size_t i = 0; i < stack_count; i++) {
        cfn_add_member(&call, "StackDefinitions", i + 1, "StackName", stacks[i].name);
        if (stacks[i].template_body.len)
            cfn_add_member(
                &call, "StackDefinitions", i + 1, "TemplateBody", stacks[i].template_body);
        else
            cfn_add_member(&call, "StackDefinitions", i + 1, "TemplateURL", stacks[i].template_url);
    }
    for (size_t i = 0; i < move_count; i++) {
        add_place(&call, i + 1, "Source", moves[i].from_stack, moves[i].from_id);
        add_place(&call, i + 1, "Destination", moves[i].to_stack, moves[i].to_id);
    }
    const XmlNode *result;
    AwsReply reply = cfn_send(&call, &result);
    *id = xml_text(result, "StackRefactorId");
    return reply;
}

AwsReply cfn_refactor_status(AwsClient *client, Arena *arena, Str id, Str *status, Str *reason,
    Str *execution_status, Str *execution_reason)
{
    CfnCall call = cfn_call(client, arena, "DescribeStackRefactor");
    query_add(&call.form, STR("StackRefactorId"), id);
    const XmlNode *result;
    AwsReply reply = cfn_send(&call, &result);
    *status = xml_text(result, "Status");
    *reason = xml_text(result, "StatusReason");
    *execution_status = xml_text(result, "ExecutionStatus");
    *execution_reason = xml_text(result, "ExecutionStatusReason");
    return reply;
}

AwsReply cfn_execute_refactor(AwsClient *client, Arena *arena, Str id)
{
    CfnCall call = cfn_call(client, arena, "ExecuteStackRefactor");
    query_add(&call.form, STR("StackRefactorId"), id);
    return cfn_send_only(&call);
}
