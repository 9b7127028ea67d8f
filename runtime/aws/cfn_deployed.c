#include "runtime/aws/cfn_priv.h"

AwsReply cfn_get_template(AwsClient *client, Arena *arena, Str stack, Str *text)
{
    CfnCall call = cfn_stack_call(client, arena, "GetTemplate", stack);
    query_add(&call.form, STR("TemplateStage"), STR("Original"));
    const XmlNode *result;
    AwsReply reply = cfn_send(&call, &result);
    *text = xml_text(result, "TemplateBody");
    return reply;
}

AwsReply cfn_type_schema(AwsClient *client, Arena *arena, Str type, Str *schema)
{
    CfnCall call = cfn_call(client, arena, "DescribeType");
    cfn_add(&call, "Type", STR("RESOURCE"));
    cfn_add(&call, "TypeName", type);
    const XmlNode *result;
    AwsReply reply = cfn_send(&call, &result);
    *schema = xml_text(result, "Schema");
    return reply;
}

static void read_summary_parameters(Arena *arena, const XmlNode *node, CfnSummary *summary)
{
    const XmlNode *list = xml_child(node, "Parameters");
    for (size_t i = 0; i < xml_count(list); i++) {
        const XmlNode *member = list->children.items[i];
        CfnSummaryParameter parameter = {.key = xml_text(member, "ParameterKey"),
            .type = xml_text(member, "ParameterType"),
            .default_value = xml_text(member, "DefaultValue"),
            .has_default = xml_child(member, "DefaultValue") != NULL,
            .no_echo = cfn_read_flag(member, "NoEcho")};
        VEC_ADD(arena, &summary->parameters, parameter);
    }
}

static void read_identifiers(Arena *arena, const XmlNode *node, CfnSummary *summary)
{
    const XmlNode *list = xml_child(node, "ResourceIdentifierSummaries");
    for (size_t i = 0; i < xml_count(list); i++) {
        const XmlNode *member = list->children.items[i];
        CfnIdentifier identifier = {.type = xml_text(member, "ResourceType")};
        cfn_read_texts(arena, member, "LogicalResourceIds", &identifier.logical_ids);
        cfn_read_texts(arena, member, "ResourceIdentifiers", &identifier.properties);
        VEC_ADD(arena, &summary->identifiers, identifier);
    }
}

AwsReply cfn_template_summary(
    AwsClient *client, Arena *arena, Str body, Str url, Str stack, CfnSummary *result)
{
    CfnCall call = cfn_call(client, arena, "GetTemplateSummary");
    cfn_add(&call, "TemplateBody", body);
    cfn_add(&call, "TemplateURL", url);
    cfn_add(&call, "StackName", stack);
    const XmlNode *found;
    AwsReply reply = cfn_send(&call, &found);
    *result = (CfnSummary){.capabilities_reason = xml_text(found, "CapabilitiesReason")};
    read_summary_parameters(arena, found, result);
    cfn_read_texts(arena, found, "Capabilities", &result->capabilities);
    cfn_read_texts(arena, found, "DeclaredTransforms", &result->transforms);
    read_identifiers(arena, found, result);
    return reply;
}

static void take_resources(void *context, Arena *arena, const XmlNode *result)
{
    static const CfnField FIELDS[] = {
        CFN_FIELD(CfnResource, logical_id, "LogicalResourceId"),
        CFN_FIELD(CfnResource, physical_id, "PhysicalResourceId"),
        CFN_FIELD(CfnResource, type, "ResourceType"),
        CFN_FIELD(CfnResource, updated, "LastUpdatedTimestamp"),
        CFN_FIELD(CfnResource, status, "ResourceStatus"),
        CFN_FIELD(CfnResource, reason, "ResourceStatusReason"),
        CFN_FIELD(CfnResource, drift_status, "DriftInformation/StackResourceDriftStatus"),
    };
    CfnResources *resources = context;
    const XmlNode *list = xml_child(result, "StackResourceSummaries");
    for (size_t i = 0; i < xml_count(list); i++) {
        CfnResource resource;
        CFN_READ(list->children.items[i], FIELDS, &resource);
        VEC_ADD(arena, resources, resource);
    }
}

AwsReply cfn_list_resources(AwsClient *client, Arena *arena, Str stack, CfnResources *result)
{
    CfnCall call = cfn_stack_call(client, arena, "ListStackResources", stack);
    return cfn_send_list(&call, take_resources, result, sizeof *result);
}

static void take_imports(void *context, Arena *arena, const XmlNode *result)
{
    cfn_read_texts(arena, result, "Imports", context);
}

AwsReply cfn_list_imports(AwsClient *client, Arena *arena, Str export_name, CfnTexts *result)
{
    CfnCall call = cfn_call(client, arena, "ListImports");
    query_add(&call.form, STR("ExportName"), export_name);
    *result = (CfnTexts){0};
    AwsReply reply = cfn_send_pages(&call, take_imports, result);
    if (!reply.ok)
        *result = (CfnTexts){0};
    // AWS calls it an error: "Export 'X' is not imported by any stack."
    if (str_find(reply.message, STR(" is not imported by any stack"), 0) != SIZE_MAX)
        reply.ok = true;
    return reply;
}
