#include "runtime/aws/cfn_priv.h"

// ---- making one ----

static void add_template(CfnCall *call, const CfnChangeSetRequest *request)
{
    cfn_add(call, "TemplateBody", request->template_body);
    cfn_add(call, "TemplateURL", request->template_url);
    if (!request->template_body.len && !request->template_url.len)
        query_add_bool(&call->form, STR("UsePreviousTemplate"), true);
}

static void add_parameters(CfnCall *call, const CfnParameter *parameters, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const CfnParameter *parameter = &parameters[i];
        cfn_add_member(call, "Parameters", i + 1, "ParameterKey", parameter->key);
        if (parameter->use_previous)
            cfn_add_member(call, "Parameters", i + 1, "UsePreviousValue", STR("true"));
        else
            cfn_add_member(call, "Parameters", i + 1, "ParameterValue", parameter->value);
    }
}

static void add_imports(CfnCall *call, const CfnImport *imports, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const CfnImport *import = &imports[i];
        cfn_add_member(call, "ResourcesToImport", i + 1, "ResourceType", import->type);
        cfn_add_member(call, "ResourcesToImport", i + 1, "LogicalResourceId", import->logical_id);
        for (size_t j = 0; j < import->identifier.len; j++) {
            const NamedText *pair = &import->identifier.items[j];
            Str entry = str_format(call->arena, "ResourceIdentifier.entry.%zu.", j + 1);
            cfn_add_member(call, "ResourcesToImport", i + 1,
                str_format(call->arena, "%.*skey", STR_FMT(entry)).ptr, pair->name);
            cfn_add_member(call, "ResourcesToImport", i + 1,
                str_format(call->arena, "%.*svalue", STR_FMT(entry)).ptr, pair->value);
        }
    }
}

static void add_tags(CfnCall *call, const CfnChangeSetRequest *request)
{
    if (request->has_tags && request->tag_count == 0)
        query_add(&call->form, STR("Tags"), STR(""));
    for (size_t i = 0; request->has_tags && i < request->tag_count; i++) {
        cfn_add_member(call, "Tags", i + 1, "Key", request->tags[i].name);
        cfn_add_member(call, "Tags", i + 1, "Value", request->tags[i].value);
    }
}

AwsReply cfn_create_change_set(
    AwsClient *client, Arena *arena, const CfnChangeSetRequest *request, Str *id, Str *stack_id)
{
    CfnCall call = cfn_call(client, arena, "CreateChangeSet");
    query_add(&call.form, STR("StackName"), request->stack);
    query_add(&call.form, STR("ChangeSetName"), request->name);
    cfn_add(&call, "ChangeSetType", str_of(request->kind));
    add_template(&call, request);
    add_parameters(&call, request->parameters, request->parameter_count);
    cfn_add_texts(&call, "Capabilities", request->capabilities, request->capability_count);
    add_tags(&call, request);
    cfn_add(&call, "RoleARN", request->role);
    cfn_add(&call, "ClientToken", request->token);
    cfn_add(&call, "Description", request->description);
    cfn_add(&call, "OnStackFailure", request->on_stack_failure);
    if (request->nested)
        query_add_bool(&call.form, STR("IncludeNestedStacks"), true);
    if (request->import_existing)
        query_add_bool(&call.form, STR("ImportExistingResources"), true);
    add_imports(&call, request->imports, request->import_count);
    cfn_add_texts(&call, "NotificationARNs", request->notifications, request->notification_count);
    const XmlNode *result;
    AwsReply reply = cfn_send(&call, &result);
    *id = xml_text(result, "Id");
    *stack_id = xml_text(result, "StackId");
    return reply;
}

// ---- reading one ----

typedef struct Word {
    const char *text;
    int value;
} Word;

// The value of the word among those up to the one without a text, whose value stands for all
// others.
static int value_of(Str text, const Word *words)
{
    while (words->text && !str_is(text, words->text))
        words++;
    return words->value;
}

static CfnAction action_of(Str text)
{
    static const Word WORDS[] = {{"Add", CFN_ADD}, {"Modify", CFN_MODIFY}, {"Remove", CFN_REMOVE},
        {"Import", CFN_IMPORT}, {"Dynamic", CFN_DYNAMIC}, {"SyncWithActual", CFN_SYNC_WITH_ACTUAL},
        {NULL, CFN_ACTION_UNKNOWN}};
    return (CfnAction)value_of(text, WORDS);
}

static CfnReplacement replacement_of(Str text)
{
    static const Word WORDS[] = {{"True", CFN_REPLACEMENT_TRUE}, {"False", CFN_REPLACEMENT_FALSE},
        {"Conditional", CFN_REPLACEMENT_CONDITIONAL}, {NULL, CFN_REPLACEMENT_NONE}};
    return (CfnReplacement)value_of(text, WORDS);
}

static CfnRecreation recreation_of(Str text)
{
    static const Word WORDS[] = {{"Never", CFN_RECREATION_NEVER},
        {"Conditionally", CFN_RECREATION_CONDITIONALLY}, {"Always", CFN_RECREATION_ALWAYS},
        {NULL, CFN_RECREATION_NONE}};
    return (CfnRecreation)value_of(text, WORDS);
}

static CfnDetail read_detail(const XmlNode *node)
{
    static const CfnField FIELDS[] = {
        CFN_FIELD(CfnDetail, attribute, "Target/Attribute"),
        CFN_FIELD(CfnDetail, name, "Target/Name"),
        CFN_FIELD(CfnDetail, path, "Target/Path"),
        CFN_FIELD(CfnDetail, before, "Target/BeforeValue"),
        CFN_FIELD(CfnDetail, after, "Target/AfterValue"),
        CFN_FIELD(CfnDetail, change_type, "Target/AttributeChangeType"),
        CFN_FIELD(CfnDetail, source, "ChangeSource"),
        CFN_FIELD(CfnDetail, cause, "CausingEntity"),
    };
    CfnDetail detail = {.recreation = recreation_of(xml_text(node, "Target/RequiresRecreation")),
        .dynamic = str_is(xml_text(node, "Evaluation"), "Dynamic")};
    CFN_READ(node, FIELDS, &detail);
    return detail;
}

static CfnChange read_change(Arena *arena, const XmlNode *node)
{
    static const CfnField FIELDS[] = {
        CFN_FIELD(CfnChange, action_text, "Action"),
        CFN_FIELD(CfnChange, logical_id, "LogicalResourceId"),
        CFN_FIELD(CfnChange, physical_id, "PhysicalResourceId"),
        CFN_FIELD(CfnChange, type, "ResourceType"),
        CFN_FIELD(CfnChange, policy_action, "PolicyAction"),
        CFN_FIELD(CfnChange, change_set_id, "ChangeSetId"),
        CFN_FIELD(CfnChange, before_context, "BeforeContext"),
        CFN_FIELD(CfnChange, after_context, "AfterContext"),
    };
    CfnChange change = {0};
    CFN_READ(node, FIELDS, &change);
    change.action = action_of(change.action_text);
    // With values requested AWS has said "True" of what is added, too.
    if (change.action == CFN_MODIFY)
        change.replacement = replacement_of(xml_text(node, "Replacement"));
    cfn_read_texts(arena, node, "Scope", &change.scope);
    const XmlNode *details = xml_child(node, "Details");
    for (size_t i = 0; i < xml_count(details); i++)
        VEC_ADD(arena, &change.details, read_detail(details->children.items[i]));
    return change;
}

// All but the changes.
static CfnChangeSet read_change_set(Arena *arena, const XmlNode *node)
{
    static const CfnField FIELDS[] = {
        CFN_FIELD(CfnChangeSet, id, "ChangeSetId"),
        CFN_FIELD(CfnChangeSet, name, "ChangeSetName"),
        CFN_FIELD(CfnChangeSet, stack_id, "StackId"),
        CFN_FIELD(CfnChangeSet, stack_name, "StackName"),
        CFN_FIELD(CfnChangeSet, status, "Status"),
        CFN_FIELD(CfnChangeSet, reason, "StatusReason"),
        CFN_FIELD(CfnChangeSet, execution_status, "ExecutionStatus"),
        CFN_FIELD(CfnChangeSet, created, "CreationTime"),
        CFN_FIELD(CfnChangeSet, description, "Description"),
        CFN_FIELD(CfnChangeSet, parent_id, "ParentChangeSetId"),
        CFN_FIELD(CfnChangeSet, root_id, "RootChangeSetId"),
    };
    CfnChangeSet set = {0};
    CFN_READ(node, FIELDS, &set);
    const XmlNode *parameters = xml_child(node, "Parameters");
    for (size_t i = 0; i < xml_count(parameters); i++)
        VEC_ADD(arena, &set.parameters, cfn_read_parameter(parameters->children.items[i]));
    cfn_read_texts(arena, node, "Capabilities", &set.capabilities);
    cfn_read_pairs(arena, node, "Tags", "Key", "Value", &set.tags);
    return set;
}

typedef struct Pages {
    CfnChangeSet *set;
    bool begun; // all but the changes is the same on each page
} Pages;

static void take_changes(void *context, Arena *arena, const XmlNode *result)
{
    Pages *pages = context;
    CfnChangeSet *set = pages->set;
    if (!pages->begun)
        *set = read_change_set(arena, result);
    pages->begun = true;
    const XmlNode *changes = xml_child(result, "Changes");
    for (size_t i = 0; i < xml_count(changes); i++) {
        const XmlNode *change = xml_child(changes->children.items[i], "ResourceChange");
        if (change)
            VEC_ADD(arena, &set->changes, read_change(arena, change));
    }
}

AwsReply cfn_describe_change_set(
    AwsClient *client, Arena *arena, Str id, bool values, CfnChangeSet *result)
{
    CfnCall call = cfn_call(client, arena, "DescribeChangeSet");
    query_add(&call.form, STR("ChangeSetName"), id);
    if (values)
        query_add_bool(&call.form, STR("IncludePropertyValues"), true);
    *result = (CfnChangeSet){0};
    Pages pages = {.set = result};
    AwsReply reply = cfn_send_pages(&call, take_changes, &pages);
    if (!reply.ok)
        *result = (CfnChangeSet){0};
    return reply;
}

AwsReply cfn_change_set_status(AwsClient *client, Arena *arena, Str id, CfnChangeSet *result)
{
    CfnCall call = cfn_call(client, arena, "DescribeChangeSet");
    query_add(&call.form, STR("ChangeSetName"), id);
    const XmlNode *found;
    AwsReply reply = cfn_send(&call, &found);
    *result = read_change_set(arena, found);
    return reply;
}

static void take_change_sets(void *context, Arena *arena, const XmlNode *result)
{
    CfnChangeSets *sets = context;
    const XmlNode *list = xml_child(result, "Summaries");
    for (size_t i = 0; i < xml_count(list); i++)
        VEC_ADD(arena, sets, read_change_set(arena, list->children.items[i]));
}

AwsReply cfn_list_change_sets(AwsClient *client, Arena *arena, Str stack, CfnChangeSets *result)
{
    CfnCall call = cfn_stack_call(client, arena, "ListChangeSets", stack);
    return cfn_send_list(&call, take_change_sets, result, sizeof *result);
}

// ---- using one ----

AwsReply cfn_execute_change_set(
    AwsClient *client, Arena *arena, Str id, Str token, bool disable_rollback)
{
    CfnCall call = cfn_call(client, arena, "ExecuteChangeSet");
    query_add(&call.form, STR("ChangeSetName"), id);
    cfn_add(&call, "ClientRequestToken", token);
    if (disable_rollback)
        query_add_bool(&call.form, STR("DisableRollback"), true);
    return cfn_send_only(&call);
}

AwsReply cfn_delete_change_set(AwsClient *client, Arena *arena, Str id)
{
    CfnCall call = cfn_call(client, arena, "DeleteChangeSet");
    query_add(&call.form, STR("ChangeSetName"), id);
    AwsReply reply = cfn_send_only(&call);
    if (cfn_is_missing(&reply))
        reply.ok = true;
    return reply;
}
