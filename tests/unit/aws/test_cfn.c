#include "runtime/aws/cfn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "tests/support/fake_world.h"

#define NAMESPACE "http://cloudformation.amazonaws.com/doc/2010-05-15/"
#define REPLY(action, result)                                                                      \
    "<" action "Response xmlns=\"" NAMESPACE "\"><" action "Result>" result "</" action            \
    "Result><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></" action "Response>"
#define BARE(action)                                                                               \
    "<" action "Response xmlns=\"" NAMESPACE "\"><ResponseMetadata><RequestId>r-1</RequestId>"     \
    "</ResponseMetadata></" action "Response>"
#define ERROR(code, message)                                                                       \
    "<ErrorResponse xmlns=\"" NAMESPACE "\"><Error><Type>Sender</Type><Code>" code                 \
    "</Code><Message>" message "</Message></Error><RequestId>r-2</RequestId></ErrorResponse>"
#define GOOD(body)                                                                                 \
    {                                                                                              \
        HTTP_ANSWERED, 200, body, NULL                                                             \
    }
#define BAD(status, body)                                                                          \
    {                                                                                              \
        HTTP_ANSWERED, status, body, NULL                                                          \
    }
#define ARN "arn:aws:cloudformation:eu-west-1:1:stack/s/id"

typedef struct Fixture {
    Arena *arena;
    FakeWorld fake;
    World world;
    AwsClient client;
} Fixture;

static Fixture *begin(const FakeAnswer *answers, size_t count)
{
    Arena *arena = arena_new();
    Fixture *fixture = ARENA_NEW(arena, Fixture);
    fixture->arena = arena;
    fixture->fake = (FakeWorld){.answers = answers, .answer_count = count};
    fixture->world = fake_world(&fixture->fake);
    Endpoint endpoint = {STR("https://h/"), STR("h"), STR("/")};
    aws_client_init(&fixture->client, &fixture->world,
        (HttpTransport){&fixture->fake, fake_world_send}, (AwsKeySource){0}, STR("cloudformation"),
        STR("eu-west-1"), endpoint);
    return fixture;
}

// Every answer was asked for.
static void end(Fixture *fixture)
{
    assert_int_equal(fixture->fake.calls, fixture->fake.answer_count);
    arena_free(fixture->arena);
}

static void expect_form(const Fixture *fixture, size_t call, const char *fields)
{
    const char *action = strchr(fields, '&');
    size_t len = action ? (size_t)(action - fields) : strlen(fields);
    Str wanted = str_format(
        fixture->arena, "Action=%.*s&Version=2010-05-15%s", (int)len, fields, action ? action : "");
    assert_string_equal(fixture->fake.bodies[call].ptr, wanted.ptr);
}

static void test_a_stack_is_described(void **state)
{
    (void)state;
    const FakeAnswer answers[] = {GOOD(REPLY("DescribeStacks",
        "<Stacks><member><StackId>" ARN "</StackId><StackName>s</StackName>"
        "<StackStatus>UPDATE_COMPLETE</StackStatus><CreationTime>2026-01-31T10:00:00.123Z"
        "</CreationTime><NewThing><x>1</x></NewThing><DisableRollback>false</DisableRollback>"
        "<EnableTerminationProtection>true</EnableTerminationProtection><Capabilities>"
        "<member>CAPABILITY_IAM</member></Capabilities><Outputs><member><OutputKey>Url</OutputKey>"
        "<OutputValue>a&amp;b</OutputValue><ExportName>e</ExportName></member></Outputs>"
        "<Parameters><member><ParameterKey>P</ParameterKey><ParameterValue>****</ParameterValue>"
        "</member></Parameters><Tags/><DriftInformation><StackDriftStatus>NOT_CHECKED"
        "</StackDriftStatus></DriftInformation><LastOperations><member><OperationType>UPDATE_STACK"
        "</OperationType><OperationId>op</OperationId></member></LastOperations></member>"
        "</Stacks>"))};
    Fixture *fixture = begin(answers, 1);
    CfnStack stack;
    AwsReply reply = cfn_describe_stack(&fixture->client, fixture->arena, STR("s"), &stack);
    assert_true(reply.ok);
    assert_string_equal(reply.request_id.ptr, "r-1");
    expect_form(fixture, 0, "DescribeStacks&StackName=s");
    assert_string_equal(stack.id.ptr, ARN);
    assert_string_equal(stack.status.ptr, "UPDATE_COMPLETE");
    assert_string_equal(stack.created.ptr, "2026-01-31T10:00:00.123Z");
    assert_int_equal(stack.updated.len, 0);
    assert_true(stack.termination_protection);
    assert_false(stack.rollback_disabled);
    assert_string_equal(stack.outputs.items[0].value.ptr, "a&b");
    assert_string_equal(stack.outputs.items[0].export_name.ptr, "e");
    assert_string_equal(stack.parameters.items[0].value.ptr, "****");
    assert_string_equal(stack.capabilities.items[0].ptr, "CAPABILITY_IAM");
    assert_int_equal(stack.tags.len, 0);
    assert_string_equal(stack.drift_status.ptr, "NOT_CHECKED");
    assert_string_equal(stack.last_operations.items[0].name.ptr, "UPDATE_STACK");
    assert_string_equal(stack.last_operations.items[0].value.ptr, "op");
    end(fixture);
}

typedef enum Meaning { OTHER, MISSING, DENIED, THROTTLED, AMBIGUOUS } Meaning;

typedef struct Verdict {
    FakeAnswer answer;
    Meaning meaning;
    bool again; // tried as often as may be
} Verdict;

static void test_replies_are_told_apart(void **state)
{
    (void)state;
    const Verdict verdicts[] = {
        {BAD(400, ERROR("ValidationError", "Stack with id s does not exist")), MISSING, false},
        {BAD(400, ERROR("ValidationError", "Stack [s] does not exist")), MISSING, false},
        {BAD(400, ERROR("ValidationError", "Resource X does not exist for stack s")), MISSING,
            false},
        {BAD(404, ERROR("ChangeSetNotFound", "ChangeSet [c] does not exist")), MISSING, false},
        {BAD(404, ERROR("StackNotFoundException", "")), MISSING, false},
        {BAD(400, ERROR("ValidationError", "Template error: bucket does not exist")), OTHER, false},
        {BAD(400, ERROR("ValidationError", "No updates are to be performed.")), OTHER, false},
        {BAD(400, ERROR("LimitExceededException", "ChangeSet limit exceeded")), OTHER, false},
        {BAD(400, ERROR("NewCode", "")), OTHER, false},
        {BAD(403, ERROR("AccessDenied", "User: x is not authorized")), DENIED, false},
        {BAD(400, ERROR("Throttling", "Rate exceeded")), THROTTLED, true},
        {BAD(429, ""), THROTTLED, true},
        {BAD(503, ERROR("SlowDown", "")), THROTTLED, true},
        {BAD(500, "<!doctype html><p>x"), AMBIGUOUS, true},
        {BAD(502, ""), AMBIGUOUS, true},
        {GOOD("<DescribeStacksResponse><Desc"), AMBIGUOUS, true},
        {GOOD("<html><body>Sign in to the hotel</body></html>"), AMBIGUOUS, true},
        {{HTTP_BROKEN, 0, "", NULL}, AMBIGUOUS, true},
        {{HTTP_TIMEOUT, 0, "", NULL}, AMBIGUOUS, true},
        {{HTTP_UNREACHABLE, 0, "", NULL}, OTHER, true},
        {{HTTP_UNTRUSTED, 0, "", NULL}, OTHER, false},
    };
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        const Verdict *verdict = &verdicts[i];
        FakeAnswer answers[AWS_CLOUDFORMATION_ATTEMPTS];
        for (size_t j = 0; j < AWS_CLOUDFORMATION_ATTEMPTS; j++)
            answers[j] = verdict->answer;
        Fixture *fixture = begin(answers, verdict->again ? AWS_CLOUDFORMATION_ATTEMPTS : 1);
        CfnStack stack;
        AwsReply reply = cfn_describe_stack(&fixture->client, fixture->arena, STR("s"), &stack);
        assert_false(reply.ok);
        if (cfn_is_missing(&reply) != (verdict->meaning == MISSING) ||
            cfn_is_denied(&reply) != (verdict->meaning == DENIED) ||
            cfn_is_throttled(&reply) != (verdict->meaning == THROTTLED) ||
            cfn_is_ambiguous(&reply) != (verdict->meaning == AMBIGUOUS))
            fail_msg("row %zu is taken for something else", i);
        assert_true(reply.message.len > 0);
        assert_null(stack.id.ptr);
        end(fixture);
    }
}

// The first attempt was carried out, its answer lost, and the second is refused because of it.
static void test_an_error_after_a_lost_answer_is_ambiguous(void **state)
{
    (void)state;
    const FakeAnswer answers[] = {{HTTP_BROKEN, 0, "", NULL},
        BAD(400, ERROR("InvalidChangeSetStatus", "cannot be executed in its current status"))};
    Fixture *fixture = begin(answers, 2);
    AwsReply reply = cfn_execute_change_set(
        &fixture->client, fixture->arena, STR("arn:c"), STR("token-1"), false);
    assert_string_equal(reply.code.ptr, "InvalidChangeSetStatus");
    assert_true(cfn_is_ambiguous(&reply));
    expect_form(fixture, 0, "ExecuteChangeSet&ChangeSetName=arn%3Ac&ClientRequestToken=token-1");
    assert_string_equal(fixture->fake.bodies[0].ptr, fixture->fake.bodies[1].ptr);
    end(fixture);
}

static void test_a_change_set_is_created(void **state)
{
    (void)state;
    const FakeAnswer answers[] = {
        GOOD(REPLY("CreateChangeSet", "<Id>arn:c</Id><StackId>" ARN "</StackId>")),
        GOOD(REPLY("CreateChangeSet", "<Id>arn:d</Id><StackId>" ARN "</StackId>"))};
    Fixture *fixture = begin(answers, 2);
    const CfnParameter parameters[] = {{STR("A"), STR(""), false}, {STR("B"), STR("unused"), true}};
    const Str capabilities[] = {STR("CAPABILITY_NAMED_IAM")};
    const NamedText tags[] = {{STR("k"), STR("v w")}};
    NamedText identifier = {STR("BucketName"), STR("b")};
    CfnImport import = {.type = STR("AWS::S3::Bucket"), .logical_id = STR("X")};
    VEC_ADD(fixture->arena, &import.identifier, identifier);
    const Str topics[] = {STR("arn:t")};
    CfnChangeSetRequest request = {.stack = STR("s"),
        .name = STR("altc-1"),
        .kind = "IMPORT",
        .template_body = STR("{}"),
        .parameters = parameters,
        .parameter_count = 2,
        .capabilities = capabilities,
        .capability_count = 1,
        .tags = tags,
        .tag_count = 1,
        .has_tags = true,
        .role = STR("arn:r"),
        .token = STR("t-1"),
        .description = STR("altc 1.0"),
        .on_stack_failure = STR("DELETE"),
        .nested = true,
        .import_existing = true,
        .imports = &import,
        .import_count = 1,
        .notifications = topics,
        .notification_count = 1};
    Str id;
    Str stack_id;
    AwsReply reply =
        cfn_create_change_set(&fixture->client, fixture->arena, &request, &id, &stack_id);
    assert_true(reply.ok);
    assert_string_equal(id.ptr, "arn:c");
    assert_string_equal(stack_id.ptr, ARN);
    expect_form(fixture, 0,
        "CreateChangeSet&StackName=s&ChangeSetName=altc-1&ChangeSetType=IMPORT&TemplateBody=%7B%7D"
        "&Parameters.member.1.ParameterKey=A&Parameters.member.1.ParameterValue="
        "&Parameters.member.2.ParameterKey=B&Parameters.member.2.UsePreviousValue=true"
        "&Capabilities.member.1=CAPABILITY_NAMED_IAM&Tags.member.1.Key=k&Tags.member.1.Value=v%20w"
        "&RoleARN=arn%3Ar&ClientToken=t-1&Description=altc%201.0&OnStackFailure=DELETE"
        "&IncludeNestedStacks=true&ImportExistingResources=true"
        "&ResourcesToImport.member.1.ResourceType=AWS%3A%3AS3%3A%3ABucket"
        "&ResourcesToImport.member.1.LogicalResourceId=X"
        "&ResourcesToImport.member.1.ResourceIdentifier.entry.1.key=BucketName"
        "&ResourcesToImport.member.1.ResourceIdentifier.entry.1.value=b"
        "&NotificationARNs.member.1=arn%3At");
    // Nothing said of the template or of tags: the template stays; "no tags" is not "as before".
    const CfnChangeSetRequest bare = {
        .stack = STR("s"), .name = STR("c"), .kind = "UPDATE", .has_tags = true};
    cfn_create_change_set(&fixture->client, fixture->arena, &bare, &id, &stack_id);
    expect_form(fixture, 1,
        "CreateChangeSet&StackName=s&ChangeSetName=c&ChangeSetType=UPDATE&UsePreviousTemplate=true"
        "&Tags=");
    end(fixture);
}

#define HEAD                                                                                       \
    "<ChangeSetName>c</ChangeSetName><ChangeSetId>arn:c</ChangeSetId><Status>CREATE_COMPLETE"      \
    "</Status><ExecutionStatus>AVAILABLE</ExecutionStatus>"
#define MODIFY                                                                                     \
    "<member><Type>Resource</Type><ResourceChange><Action>Modify</Action><LogicalResourceId>Queue" \
    "</LogicalResourceId><PhysicalResourceId>q</PhysicalResourceId><ResourceType>AWS::SQS::Queue"  \
    "</ResourceType><Replacement>True</Replacement><PolicyAction>ReplaceAndDelete</PolicyAction>"  \
    "<Scope><member>Properties</member></Scope><Details><member><Target><Attribute>Properties"     \
    "</Attribute><Name>QueueName</Name><Path>/Properties/QueueName</Path><RequiresRecreation>"     \
    "Always</RequiresRecreation><BeforeValue>a</BeforeValue><AfterValue>b</AfterValue>"            \
    "<AttributeChangeType>Modify</AttributeChangeType></Target><Evaluation>Static</Evaluation>"    \
    "<ChangeSource>ParameterReference</ChangeSource><CausingEntity>Name</CausingEntity></member>"  \
    "<member><Evaluation>Dynamic</Evaluation></member></Details></ResourceChange></member>"
#define ADD                                                                                        \
    "<member><Type>Resource</Type><ResourceChange><Action>Add</Action><LogicalResourceId>T"        \
    "</LogicalResourceId><Replacement>True</Replacement></ResourceChange></member>"
#define NOVEL                                                                                      \
    "<member><Type>Resource</Type><ResourceChange><Action>Teleport</Action></ResourceChange>"      \
    "</member><member><Type>Hook</Type></member>"

static void test_changes_are_read_from_all_pages(void **state)
{
    (void)state;
    const FakeAnswer answers[] = {GOOD(REPLY("DescribeChangeSet", HEAD
                                      "<Changes>" MODIFY "</Changes><NextToken>n/1</NextToken>")),
        GOOD(REPLY("DescribeChangeSet", HEAD "<NextToken>n2</NextToken>")), // an empty page
        GOOD(REPLY("DescribeChangeSet",
            HEAD "<Changes>" ADD NOVEL "</Changes><NextToken>n/1</NextToken>"))};
    Fixture *fixture = begin(answers, 3);
    CfnChangeSet set;
    AwsReply reply =
        cfn_describe_change_set(&fixture->client, fixture->arena, STR("arn:c"), true, &set);
    assert_true(reply.ok);
    expect_form(fixture, 0, "DescribeChangeSet&ChangeSetName=arn%3Ac&IncludePropertyValues=true");
    expect_form(fixture, 1,
        "DescribeChangeSet&ChangeSetName=arn%3Ac&IncludePropertyValues=true&NextToken=n%2F1");
    assert_string_equal(set.execution_status.ptr, "AVAILABLE");
    assert_int_equal(set.changes.len, 3);
    const CfnChange *modify = &set.changes.items[0];
    assert_int_equal(modify->action, CFN_MODIFY);
    assert_int_equal(modify->replacement, CFN_REPLACEMENT_TRUE);
    assert_string_equal(modify->policy_action.ptr, "ReplaceAndDelete");
    assert_string_equal(modify->scope.items[0].ptr, "Properties");
    assert_int_equal(modify->details.len, 2);
    assert_string_equal(modify->details.items[0].path.ptr, "/Properties/QueueName");
    assert_string_equal(modify->details.items[0].after.ptr, "b");
    assert_string_equal(modify->details.items[0].source.ptr, "ParameterReference");
    assert_int_equal(modify->details.items[0].recreation, CFN_RECREATION_ALWAYS);
    assert_false(modify->details.items[0].dynamic);
    assert_int_equal(modify->details.items[1].recreation, CFN_RECREATION_NONE);
    assert_true(modify->details.items[1].dynamic);
    assert_int_equal(set.changes.items[1].action, CFN_ADD);
    assert_int_equal(set.changes.items[1].replacement, CFN_REPLACEMENT_NONE);
    assert_int_equal(set.changes.items[2].action, CFN_ACTION_UNKNOWN);
    assert_string_equal(set.changes.items[2].action_text.ptr, "Teleport");
    end(fixture);
}

static void test_a_page_that_fails_leaves_nothing(void **state)
{
    (void)state;
    const FakeAnswer answers[] = {
        GOOD(REPLY("DescribeChangeSet", HEAD "<Changes>" ADD "</Changes><NextToken>n</NextToken>")),
        BAD(400, ERROR("ValidationError", "Invalid NextToken"))};
    Fixture *fixture = begin(answers, 2);
    CfnChangeSet set;
    AwsReply reply =
        cfn_describe_change_set(&fixture->client, fixture->arena, STR("arn:c"), false, &set);
    assert_false(reply.ok);
    assert_int_equal(set.changes.len, 0);
    assert_null(set.id.ptr);
    end(fixture);
}

static void test_change_sets_are_waited_for_listed_and_deleted(void **state)
{
    (void)state;
    const FakeAnswer answers[] = {GOOD(REPLY("DescribeChangeSet", HEAD
                                      "<Changes>" ADD "</Changes><NextToken>more</NextToken>")),
        GOOD(REPLY("ListChangeSets",
            "<Summaries><member><ChangeSetId>arn:a</ChangeSetId><Status>"
            "FAILED</Status></member></Summaries><NextToken>t</NextToken>")),
        GOOD(REPLY("ListChangeSets",
            "<Summaries><member><ChangeSetId>arn:b</ChangeSetId></member></Summaries>")),
        GOOD(REPLY("DeleteChangeSet", "")), BAD(404, ERROR("ChangeSetNotFound", "gone")),
        BAD(400, ERROR("ValidationError", "Stack [s] does not exist")),
        BAD(400, ERROR("InvalidChangeSetStatus",
                     "An operation on this ChangeSet is currently in progress."))};
    Fixture *fixture = begin(answers, 7);
    CfnChangeSet set;
    AwsClient *client = &fixture->client;
    assert_true(cfn_change_set_status(client, fixture->arena, STR("arn:c"), &set).ok);
    assert_string_equal(set.status.ptr, "CREATE_COMPLETE");
    assert_int_equal(set.changes.len, 0);
    CfnChangeSets sets;
    assert_true(cfn_list_change_sets(client, fixture->arena, STR("s"), &sets).ok);
    assert_int_equal(sets.len, 2);
    assert_string_equal(sets.items[1].id.ptr, "arn:b");
    expect_form(fixture, 2, "ListChangeSets&StackName=s&NextToken=t");
    assert_true(cfn_delete_change_set(client, fixture->arena, STR("arn:c")).ok);
    assert_true(cfn_delete_change_set(client, fixture->arena, STR("arn:c")).ok);
    assert_true(cfn_delete_change_set(client, fixture->arena, STR("arn:c")).ok);
    assert_false(cfn_delete_change_set(client, fixture->arena, STR("arn:c")).ok);
    end(fixture);
}

static void test_events_come_in_pages(void **state)
{
    (void)state;
    const FakeAnswer answers[] = {
        GOOD(REPLY("DescribeStackEvents",
            "<StackEvents><member><StackId>" ARN "</StackId><EventId>e2</EventId><StackName>s"
            "</StackName><OperationId>o</OperationId><LogicalResourceId>Q</LogicalResourceId>"
            "<PhysicalResourceId/><ResourceType>AWS::SQS::Queue</ResourceType><Timestamp>"
            "2026-01-31T10:00:00.123Z</Timestamp><ResourceStatus>CREATE_FAILED</ResourceStatus>"
            "<ResourceStatusReason>it &lt;broke&gt;&#xA;</ResourceStatusReason>"
            "<ClientRequestToken>t</ClientRequestToken></member><member><EventId>e1</EventId>"
            "</member></StackEvents><NextToken>n</NextToken>")),
        GOOD(REPLY("DescribeStackEvents", "<StackEvents/><NextToken>n</NextToken>")),
        BAD(400, ERROR("ValidationError", "Stack [s] does not exist"))};
    Fixture *fixture = begin(answers, 3);
    CfnEvents events;
    Str next;
    AwsClient *client = &fixture->client;
    assert_true(cfn_stack_events(client, fixture->arena, STR("s"), STR_NONE, &events, &next).ok);
    expect_form(fixture, 0, "DescribeStackEvents&StackName=s");
    assert_int_equal(events.len, 2);
    assert_string_equal(events.items[0].id.ptr, "e2");
    assert_int_equal(events.items[0].physical_id.len, 0);
    assert_string_equal(events.items[0].reason.ptr, "it <broke>\n");
    assert_string_equal(events.items[0].token.ptr, "t");
    assert_string_equal(events.items[0].operation_id.ptr, "o");
    assert_string_equal(next.ptr, "n");
    // The token that led here again: there is nothing behind.
    assert_true(cfn_stack_events(client, fixture->arena, STR("s"), next, &events, &next).ok);
    expect_form(fixture, 1, "DescribeStackEvents&StackName=s&NextToken=n");
    assert_int_equal(events.len, 0);
    assert_int_equal(next.len, 0);
    AwsReply reply = cfn_stack_events(client, fixture->arena, STR("s"), STR_NONE, &events, &next);
    assert_true(cfn_is_missing(&reply));
    end(fixture);
}

static void test_findings_of_early_validation(void **state)
{
    (void)state;
    const FakeAnswer answers[] = {GOOD(REPLY("DescribeEvents",
        "<OperationEvents><member><EventType>VALIDATION_ERROR</EventType><LogicalResourceId>B"
        "</LogicalResourceId><ValidationName>NAME_CONFLICT_VALIDATION</ValidationName>"
        "<ValidationFailureMode>FAIL</ValidationFailureMode><ValidationPath>/Resources/B"
        "</ValidationPath><ValidationStatusReason>taken</ValidationStatusReason></member>"
        "<member><EventType>HOOK_INVOCATION_ERROR</EventType><HookType>My::Hook</HookType>"
        "<HookStatusReason>no</HookStatusReason><HookFailureMode>WARN</HookFailureMode></member>"
        "<member><EventType>PROVISIONING_ERROR</EventType><ResourceStatusReason>x"
        "</ResourceStatusReason></member></OperationEvents>"))};
    Fixture *fixture = begin(answers, 1);
    CfnFindings findings;
    assert_true(
        cfn_change_set_findings(&fixture->client, fixture->arena, STR("arn:c"), &findings).ok);
    expect_form(fixture, 0, "DescribeEvents&ChangeSetName=arn%3Ac&Filters.FailedEvents=true");
    assert_int_equal(findings.len, 3);
    assert_string_equal(findings.items[0].name.ptr, "NAME_CONFLICT_VALIDATION");
    assert_string_equal(findings.items[0].reason.ptr, "taken");
    assert_string_equal(findings.items[1].name.ptr, "My::Hook");
    assert_string_equal(findings.items[1].mode.ptr, "WARN");
    assert_string_equal(findings.items[2].reason.ptr, "x");
    end(fixture);
}

static void test_operations_on_stacks(void **state)
{
    (void)state;
    const FakeAnswer answers[] = {GOOD(BARE("DeleteStack")), GOOD(BARE("DeleteStack")),
        GOOD(BARE("CancelUpdateStack")), GOOD(REPLY("ContinueUpdateRollback", "")),
        GOOD(REPLY("RollbackStack", "<StackId>" ARN "</StackId>")), GOOD(BARE("SetStackPolicy")),
        GOOD(REPLY("GetStackPolicy", "<StackPolicyBody>{}</StackPolicyBody>")),
        GOOD(REPLY("GetStackPolicy", "")),
        GOOD(REPLY("UpdateTerminationProtection", "<StackId>" ARN "</StackId>"))};
    Fixture *fixture = begin(answers, 9);
    AwsClient *client = &fixture->client;
    Arena *arena = fixture->arena;
    const Str ids[] = {STR("A"), STR("B")};
    CfnDeleteRequest request = {STR("s"), STR("t"), STR("arn:r"), ids, 2, false};
    assert_true(cfn_delete_stack(client, arena, &request).ok);
    request = (CfnDeleteRequest){.stack = STR("s"), .token = STR("t"), .force = true};
    assert_true(cfn_delete_stack(client, arena, &request).ok);
    assert_true(cfn_cancel_update(client, arena, STR("s"), STR("t")).ok);
    assert_true(cfn_continue_rollback(client, arena, STR("s"), STR("t"), ids, 1).ok);
    assert_true(cfn_rollback_stack(client, arena, STR("s"), STR("t")).ok);
    assert_true(cfn_set_stack_policy(client, arena, STR("s"), STR("{}")).ok);
    Str policy;
    assert_true(cfn_get_stack_policy(client, arena, STR("s"), &policy).ok);
    assert_string_equal(policy.ptr, "{}");
    assert_true(cfn_get_stack_policy(client, arena, STR("s"), &policy).ok);
    assert_null(policy.ptr);
    assert_true(cfn_set_termination_protection(client, arena, STR("s"), false).ok);
    static const char *const FORMS[] = {
        "DeleteStack&StackName=s&ClientRequestToken=t&RoleARN=arn%3Ar&RetainResources.member.1=A"
        "&RetainResources.member.2=B",
        "DeleteStack&StackName=s&ClientRequestToken=t&DeletionMode=FORCE_DELETE_STACK",
        "CancelUpdateStack&StackName=s&ClientRequestToken=t",
        "ContinueUpdateRollback&StackName=s&ClientRequestToken=t&ResourcesToSkip.member.1=A",
        "RollbackStack&StackName=s&ClientRequestToken=t",
        "SetStackPolicy&StackName=s&StackPolicyBody=%7B%7D", "GetStackPolicy&StackName=s",
        "GetStackPolicy&StackName=s",
        "UpdateTerminationProtection&StackName=s&EnableTerminationProtection=false"};
    for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++)
        expect_form(fixture, i, FORMS[i]);
    end(fixture);
}

static void test_what_is_deployed(void **state)
{
    (void)state;
    const FakeAnswer answers[] = {
        GOOD(REPLY("GetTemplate", "<TemplateBody>{&#xA;&quot;a&quot;: 1&#xD;}</TemplateBody>")),
        GOOD(REPLY("GetTemplateSummary",
            "<Parameters><member><ParameterKey>A</ParameterKey><ParameterType>String"
            "</ParameterType><DefaultValue/><NoEcho>true</NoEcho></member><member><ParameterKey>B"
            "</ParameterKey></member></Parameters><Capabilities><member>CAPABILITY_IAM</member>"
            "</Capabilities><CapabilitiesReason>why</CapabilitiesReason><DeclaredTransforms>"
            "<member>AWS::Include</member></DeclaredTransforms><ResourceIdentifierSummaries>"
            "<member><ResourceType>AWS::S3::Bucket</ResourceType><LogicalResourceIds><member>X"
            "</member></LogicalResourceIds><ResourceIdentifiers><member>BucketName</member>"
            "</ResourceIdentifiers></member></ResourceIdentifierSummaries>")),
        GOOD(REPLY("ListStackResources",
            "<StackResourceSummaries><member><LogicalResourceId>Q</LogicalResourceId>"
            "<DriftInformation><StackResourceDriftStatus>IN_SYNC</StackResourceDriftStatus>"
            "</DriftInformation></member></StackResourceSummaries>")),
        BAD(400, ERROR("ValidationError", "Export 'e' is not imported by any stack.")),
        GOOD(REPLY("ListImports", "<Imports><member>one</member><member>two</member></Imports>")),
        GOOD(REPLY("ListStacks", "<StackSummaries><member><StackName>s</StackName></member>"
                                 "</StackSummaries>"))};
    Fixture *fixture = begin(answers, 6);
    AwsClient *client = &fixture->client;
    Arena *arena = fixture->arena;
    Str text;
    assert_true(cfn_get_template(client, arena, STR("s"), &text).ok);
    assert_string_equal(text.ptr, "{\n\"a\": 1\r}");
    CfnSummary summary;
    assert_true(cfn_template_summary(client, arena, STR("{}"), STR_NONE, STR_NONE, &summary).ok);
    expect_form(fixture, 1, "GetTemplateSummary&TemplateBody=%7B%7D");
    assert_true(summary.parameters.items[0].has_default);
    assert_true(summary.parameters.items[0].no_echo);
    assert_false(summary.parameters.items[1].has_default);
    assert_string_equal(summary.capabilities.items[0].ptr, "CAPABILITY_IAM");
    assert_string_equal(summary.transforms.items[0].ptr, "AWS::Include");
    assert_string_equal(summary.identifiers.items[0].properties.items[0].ptr, "BucketName");
    CfnResources resources;
    assert_true(cfn_list_resources(client, arena, STR("s"), &resources).ok);
    assert_string_equal(resources.items[0].drift_status.ptr, "IN_SYNC");
    CfnTexts names;
    assert_true(cfn_list_imports(client, arena, STR("e"), &names).ok);
    assert_int_equal(names.len, 0);
    assert_true(cfn_list_imports(client, arena, STR("e"), &names).ok);
    assert_string_equal(names.items[1].ptr, "two");
    CfnStacks stacks;
    assert_true(cfn_list_stacks(client, arena, true, &stacks).ok);
    expect_form(fixture, 5, "ListStacks");
    assert_string_equal(stacks.items[0].name.ptr, "s");
    end(fixture);
}

static void test_drift_and_refactoring(void **state)
{
    (void)state;
    const FakeAnswer answers[] = {
        GOOD(REPLY("DetectStackDrift", "<StackDriftDetectionId>d</StackDriftDetectionId>")),
        GOOD(REPLY("DescribeStackDriftDetectionStatus",
            "<DetectionStatus>DETECTION_COMPLETE</DetectionStatus><StackDriftStatus>DRIFTED"
            "</StackDriftStatus>")),
        GOOD(REPLY("DescribeStackResourceDrifts",
            "<StackResourceDrifts><member><LogicalResourceId>Q</LogicalResourceId>"
            "<StackResourceDriftStatus>MODIFIED</StackResourceDriftStatus><PropertyDifferences>"
            "<member><PropertyPath>/A</PropertyPath><ExpectedValue>1</ExpectedValue><ActualValue>2"
            "</ActualValue><DifferenceType>NOT_EQUAL</DifferenceType></member>"
            "</PropertyDifferences></member></StackResourceDrifts>")),
        GOOD(REPLY("CreateStackRefactor", "<StackRefactorId>f</StackRefactorId>")),
        GOOD(REPLY("DescribeStackRefactor", "<Status>CREATE_COMPLETE</Status><ExecutionStatus>"
                                            "AVAILABLE</ExecutionStatus>")),
        GOOD(BARE("ExecuteStackRefactor"))};
    Fixture *fixture = begin(answers, 6);
    AwsClient *client = &fixture->client;
    Arena *arena = fixture->arena;
    Str id, status, reason, other, other_reason;
    assert_true(cfn_detect_drift(client, arena, STR("s"), &id).ok);
    assert_string_equal(id.ptr, "d");
    assert_true(cfn_drift_status(client, arena, id, &status, &reason, &other).ok);
    assert_string_equal(status.ptr, "DETECTION_COMPLETE");
    assert_string_equal(other.ptr, "DRIFTED");
    CfnDrifts drifts;
    assert_true(cfn_list_drifts(client, arena, STR("s"), &drifts).ok);
    assert_string_equal(drifts.items[0].status.ptr, "MODIFIED");
    assert_string_equal(drifts.items[0].differences.items[0].actual.ptr, "2");
    const CfnRefactorStack stacks[] = {
        {STR("a"), STR("{}"), STR_NONE}, {STR("b"), STR_NONE, STR("https://t")}};
    const CfnRefactorMove move = {STR("a"), STR("X"), STR("b"), STR("Y")};
    assert_true(cfn_create_refactor(client, arena, stacks, 2, &move, 1, &id).ok);
    expect_form(fixture, 3,
        "CreateStackRefactor&StackDefinitions.member.1.StackName=a"
        "&StackDefinitions.member.1.TemplateBody=%7B%7D&StackDefinitions.member.2.StackName=b"
        "&StackDefinitions.member.2.TemplateURL=https%3A%2F%2Ft"
        "&ResourceMappings.member.1.Source.StackName=a"
        "&ResourceMappings.member.1.Source.LogicalResourceId=X"
        "&ResourceMappings.member.1.Destination.StackName=b"
        "&ResourceMappings.member.1.Destination.LogicalResourceId=Y");
    assert_true(cfn_refactor_status(client, arena, id, &status, &reason, &other, &other_reason).ok);
    assert_string_equal(other.ptr, "AVAILABLE");
    assert_true(cfn_execute_refactor(client, arena, id).ok);
    expect_form(fixture, 5, "ExecuteStackRefactor&StackRefactorId=f");
    end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_stack_is_described),
        cmocka_unit_test(test_replies_are_told_apart),
        cmocka_unit_test(test_an_error_after_a_lost_answer_is_ambiguous),
        cmocka_unit_test(test_a_change_set_is_created),
        cmocka_unit_test(test_changes_are_read_from_all_pages),
        cmocka_unit_test(test_a_page_that_fails_leaves_nothing),
        cmocka_unit_test(test_change_sets_are_waited_for_listed_and_deleted),
        cmocka_unit_test(test_events_come_in_pages),
        cmocka_unit_test(test_findings_of_early_validation),
        cmocka_unit_test(test_operations_on_stacks),
        cmocka_unit_test(test_what_is_deployed),
        cmocka_unit_test(test_drift_and_refactoring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
