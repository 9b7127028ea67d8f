#include "runtime/aws/cfn_priv.h"

// ---- asking ----

static CfnStack read_stack(Arena *arena, const XmlNode *node)
{
    static const CfnField FIELDS[] = {
        CFN_FIELD(CfnStack, id, "StackId"),
        CFN_FIELD(CfnStack, name, "StackName"),
        CFN_FIELD(CfnStack, status, "StackStatus"),
        CFN_FIELD(CfnStack, detailed_status, "DetailedStatus"),
        CFN_FIELD(CfnStack, reason, "StackStatusReason"),
        CFN_FIELD(CfnStack, created, "CreationTime"),
        CFN_FIELD(CfnStack, updated, "LastUpdatedTime"),
        CFN_FIELD(CfnStack, deleted, "DeletionTime"),
        CFN_FIELD(CfnStack, change_set_id, "ChangeSetId"),
        CFN_FIELD(CfnStack, description, "Description"),
        CFN_FIELD(CfnStack, role, "RoleARN"),
        CFN_FIELD(CfnStack, parent_id, "ParentId"),
        CFN_FIELD(CfnStack, root_id, "RootId"),
        CFN_FIELD(CfnStack, drift_status, "DriftInformation/StackDriftStatus"),
    };
    static const CfnField OUTPUT[] = {
        CFN_FIELD(CfnOutput, key, "OutputKey"),
        CFN_FIELD(CfnOutput, value, "OutputValue"),
        CFN_FIELD(CfnOutput, description, "Description"),
        CFN_FIELD(CfnOutput, export_name, "ExportName"),
    };
    CfnStack stack = {.termination_protection = cfn_read_flag(node, "EnableTerminationProtection"),
        .rollback_disabled = cfn_read_flag(node, "DisableRollback")};
    CFN_READ(node, FIELDS, &stack);
    const XmlNode *outputs = xml_child(node, "Outputs");
    for (size_t i = 0; i < xml_count(outputs); i++) {
        CfnOutput output;
        CFN_READ(outputs->children.items[i], OUTPUT, &output);
        VEC_ADD(arena, &stack.outputs, output);
    }
    const XmlNode *parameters = xml_child(node, "Parameters");
    for (size_t i = 0; i < xml_count(parameters); i++)
        VEC_ADD(arena, &stack.parameters, cfn_read_parameter(parameters->children.items[i]));
    cfn_read_texts(arena, node, "Capabilities", &stack.capabilities);
    cfn_read_pairs(arena, node, "Tags", "Key", "Value", &stack.tags);
    cfn_read_pairs(
        arena, node, "LastOperations", "OperationType", "OperationId", &stack.last_operations);
    return stack;
}

AwsReply cfn_describe_stack(AwsClient *client, Arena *arena, Str stack, CfnStack *result)
{
    CfnCall call = cfn_call(client, arena, "DescribeStacks");
    // Without a name all stacks of the region would be described, and the first taken.
    query_add(&call.form, STR("StackName"), stack);
    const XmlNode *found;
    AwsReply reply = cfn_send(&call, &found);
    const XmlNode *stacks = xml_child(found, "Stacks");
    *result = (CfnStack){0};
    if (reply.ok && !xml_count(stacks)) {
        reply.ok = false;
        reply.code = STR("ValidationError");
        reply.message = str_format(arena, "Stack with id %.*s does not exist", STR_FMT(stack));
    }
    if (reply.ok)
        *result = read_stack(arena, stacks->children.items[0]);
    return reply;
}

static void take_stacks(void *context, Arena *arena, const XmlNode *result)
{
    CfnStacks *stacks = context;
    const XmlNode *list = xml_child(result, "StackSummaries");
    for (size_t i = 0; i < xml_count(list); i++)
        VEC_ADD(arena, stacks, read_stack(arena, list->children.items[i]));
}

AwsReply cfn_list_stacks(AwsClient *client, Arena *arena, bool deleted, CfnStacks *result)
{
    // All but DELETE_COMPLETE; AWS has no way to say it shorter.
    const Str alive[] = {STR("CREATE_IN_PROGRESS"), STR("CREATE_FAILED"), STR("CREATE_COMPLETE"),
        STR("ROLLBACK_IN_PROGRESS"), STR("ROLLBACK_FAILED"), STR("ROLLBACK_COMPLETE"),
        STR("DELETE_IN_PROGRESS"), STR("DELETE_FAILED"), STR("UPDATE_IN_PROGRESS"),
        STR("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"), STR("UPDATE_COMPLETE"), STR("UPDATE_FAILED"),
        STR("UPDATE_ROLLBACK_IN_PROGRESS"), STR("UPDATE_ROLLBACK_FAILED"),
        STR("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"), STR("UPDATE_ROLLBACK_COMPLETE"),
        STR("REVIEW_IN_PROGRESS"), STR("IMPORT_IN_PROGRESS"), STR("IMPORT_COMPLETE"),
        STR("IMPORT_ROLLBACK_IN_PROGRESS"), STR("IMPORT_ROLLBACK_FAILED"),
        STR("IMPORT_ROLLBACK_COMPLETE")};
    CfnCall call = cfn_call(client, arena, "ListStacks");
    if (!deleted)
        cfn_add_texts(&call, "StackStatusFilter", alive, sizeof alive / sizeof *alive);
    return cfn_send_list(&call, take_stacks, result, sizeof *result);
}

// ---- operations ----

static CfnCall call_with_token(
    AwsClient *client, Arena *arena, const char *action, Str stack, Str token)
{
    CfnCall call = cfn_call(client, arena, action);
    query_add(&call.form, STR("StackName"), stack);
    cfn_add(&call, "ClientRequestToken", token);
    return call;
}

AwsReply cfn_delete_stack(AwsClient *client, Arena *arena, const CfnDeleteRequest *request)
{
    CfnCall call = call_with_token(client, arena, "DeleteStack", request->stack, request->token);
    cfn_add(&call, "RoleARN", request->role);
    cfn_add_texts(&call, "RetainResources", request->retain, request->retain_count);
    if (request->force)
        cfn_add(&call, "DeletionMode", STR("FORCE_DELETE_STACK"));
    return cfn_send_only(&call);
}

AwsReply cfn_cancel_update(AwsClient *client, Arena *arena, Str stack, Str token)
{
    CfnCall call = call_with_token(client, arena, "CancelUpdateStack", stack, token);
    return cfn_send_only(&call);
}

AwsReply cfn_continue_rollback(
    AwsClient *client, Arena *arena, Str stack, Str token, const Str *skip, size_t skip_count)
{
    CfnCall call = call_with_token(client, arena, "ContinueUpdateRollback", stack, token);
    cfn_add_texts(&call, "ResourcesToSkip", skip, skip_count);
    return cfn_send_only(&call);
}

AwsReply cfn_rollback_stack(AwsClient *client, Arena *arena, Str stack, Str token)
{
    CfnCall call = call_with_token(client, arena, "RollbackStack", stack, token);
    return cfn_send_only(&call);
}

AwsReply cfn_set_stack_policy(AwsClient *client, Arena *arena, Str stack, Str policy)
{
    CfnCall call = call_with_token(client, arena, "SetStackPolicy", stack, STR_NONE);
    query_add(&call.form, STR("StackPolicyBody"), policy);
    return cfn_send_only(&call);
}

AwsReply cfn_get_stack_policy(AwsClient *client, Arena *arena, Str stack, Str *policy)
{
    CfnCall call = call_with_token(client, arena, "GetStackPolicy", stack, STR_NONE);
    const XmlNode *result;
    AwsReply reply = cfn_send(&call, &result);
    Str body = xml_text(result, "StackPolicyBody");
    *policy = body.len ? body : STR_NONE;
    return reply;
}

AwsReply cfn_set_termination_protection(AwsClient *client, Arena *arena, Str stack, bool on)
{
    CfnCall call = call_with_token(client, arena, "UpdateTerminationProtection", stack, STR_NONE);
    query_add_bool(&call.form, STR("EnableTerminationProtection"), on);
    return cfn_send_only(&call);
}
