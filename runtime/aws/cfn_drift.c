#include "runtime/aws/cfn_priv.h"

AwsReply cfn_detect_drift(AwsClient *client, Arena *arena, Str stack, Str *detection_id)
{
    CfnCall call = cfn_stack_call(client, arena, "DetectStackDrift", stack);
    const XmlNode *result;
    AwsReply reply = cfn_send(&call, &result);
    *detection_id = xml_text(result, "StackDriftDetectionId");
    return reply;
}

AwsReply cfn_drift_status(
    AwsClient *client, Arena *arena, Str detection_id, Str *status, Str *reason, Str *stack_drift)
{
    CfnCall call = cfn_call(client, arena, "DescribeStackDriftDetectionStatus");
    query_add(&call.form, STR("StackDriftDetectionId"), detection_id);
    const XmlNode *result;
    AwsReply reply = cfn_send(&call, &result);
    *status = xml_text(result, "DetectionStatus");
    *reason = xml_text(result, "DetectionStatusReason");
    *stack_drift = xml_text(result, "StackDriftStatus");
    return reply;
}

static CfnDrift read_drift(Arena *arena, const XmlNode *node)
{
    static const CfnField FIELDS[] = {
        CFN_FIELD(CfnDrift, logical_id, "LogicalResourceId"),
        CFN_FIELD(CfnDrift, physical_id, "PhysicalResourceId"),
        CFN_FIELD(CfnDrift, type, "ResourceType"),
        CFN_FIELD(CfnDrift, status, "StackResourceDriftStatus"),
        CFN_FIELD(CfnDrift, reason, "DriftStatusReason"),
    };
    static const CfnField DIFFERENCE[] = {
        CFN_FIELD(CfnDifference, path, "PropertyPath"),
        CFN_FIELD(CfnDifference, expected, "ExpectedValue"),
        CFN_FIELD(CfnDifference, actual, "ActualValue"),
        CFN_FIELD(CfnDifference, kind, "DifferenceType"),
    };
    CfnDrift drift = {0};
    CFN_READ(node, FIELDS, &drift);
    const XmlNode *differences = xml_child(node, "PropertyDifferences");
    for (size_t i = 0; i < xml_count(differences); i++) {
        CfnDifference difference;
        CFN_READ(differences->children.items[i], DIFFERENCE, &difference);
        VEC_ADD(arena, &drift.differences, difference);
    }
    return drift;
}

static void take_drifts(void *context, Arena *arena, const XmlNode *result)
{
    CfnDrifts *drifts = context;
    const XmlNode *list = xml_child(result, "StackResourceDrifts");
    for (size_t i = 0; i < xml_count(list); i++)
        VEC_ADD(arena, drifts, read_drift(arena, list->children.items[i]));
}

AwsReply cfn_list_drifts(AwsClient *client, Arena *arena, Str stack, CfnDrifts *result)
{
    CfnCall call = cfn_stack_call(client, arena, "DescribeStackResourceDrifts", stack);
    return cfn_send_list(&call, take_drifts, result, sizeof *result);
}
