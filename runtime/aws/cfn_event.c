#include "runtime/aws/cfn_priv.h"

static CfnEvent read_event(const XmlNode *node)
{
    static const CfnField FIELDS[] = {
        CFN_FIELD(CfnEvent, id, "EventId"),
        CFN_FIELD(CfnEvent, stack_id, "StackId"),
        CFN_FIELD(CfnEvent, stack_name, "StackName"),
        CFN_FIELD(CfnEvent, logical_id, "LogicalResourceId"),
        CFN_FIELD(CfnEvent, physical_id, "PhysicalResourceId"),
        CFN_FIELD(CfnEvent, type, "ResourceType"),
        CFN_FIELD(CfnEvent, time, "Timestamp"),
        CFN_FIELD(CfnEvent, status, "ResourceStatus"),
        CFN_FIELD(CfnEvent, reason, "ResourceStatusReason"),
        CFN_FIELD(CfnEvent, detailed_status, "DetailedStatus"),
        CFN_FIELD(CfnEvent, token, "ClientRequestToken"),
        CFN_FIELD(CfnEvent, operation_id, "OperationId"),
        CFN_FIELD(CfnEvent, hook_type, "HookType"),
        CFN_FIELD(CfnEvent, hook_status, "HookStatus"),
        CFN_FIELD(CfnEvent, hook_reason, "HookStatusReason"),
    };
    CfnEvent event;
    CFN_READ(node, FIELDS, &event);
    return event;
}

AwsReply cfn_stack_events(
    AwsClient *client, Arena *arena, Str stack, Str token, CfnEvents *result, Str *next)
{
    CfnCall call = cfn_stack_call(client, arena, "DescribeStackEvents", stack);
    cfn_add(&call, "NextToken", token);
    const XmlNode *found;
    AwsReply reply = cfn_send(&call, &found);
    const XmlNode *events = xml_child(found, "StackEvents");
    *result = (CfnEvents){0};
    for (size_t i = 0; i < xml_count(events); i++)
        VEC_ADD(arena, result, read_event(events->children.items[i]));
    *next = xml_text(found, "NextToken");
    if (str_equal(*next, token))
        *next = STR_NONE;
    return reply;
}

static Str first_text(const XmlNode *node, const char *first, const char *second)
{
    Str text = xml_text(node, first);
    return text.len ? text : xml_text(node, second);
}

static void take_findings(void *context, Arena *arena, const XmlNode *result)
{
    CfnFindings *findings = context;
    const XmlNode *events = xml_child(result, "OperationEvents");
    for (size_t i = 0; i < xml_count(events); i++) {
        const XmlNode *event = events->children.items[i];
        CfnFinding finding = {.logical_id = xml_text(event, "LogicalResourceId"),
            .name = first_text(event, "ValidationName", "HookType"),
            .mode = first_text(event, "ValidationFailureMode", "HookFailureMode"),
            .path = xml_text(event, "ValidationPath"),
            .reason = first_text(event, "ValidationStatusReason", "HookStatusReason"),
            .type = xml_text(event, "EventType")};
        if (!finding.reason.len)
            finding.reason = xml_text(event, "ResourceStatusReason");
        VEC_ADD(arena, findings, finding);
    }
}

AwsReply cfn_change_set_findings(AwsClient *client, Arena *arena, Str id, CfnFindings *result)
{
    CfnCall call = cfn_call(client, arena, "DescribeEvents");
    query_add(&call.form, STR("ChangeSetName"), id);
    query_add_bool(&call.form, STR("Filters.FailedEvents"), true);
    return cfn_send_list(&call, take_findings, result, sizeof *result);
}
