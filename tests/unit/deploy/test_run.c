// Deployments of one stack against a script of AWS: every transition of the machine is taken here,
// which the last test holds to the table.
#include "runtime/deploy/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "compiler/data/data.h"
#include "runtime/deploy/stage.h"
#include "tests/unit/deploy/aws_script.h"

#define STACK_ARN "arn:aws:cloudformation:eu-west-1:123456789012:stack/shop-dev/1"
#define SET_ARN "arn:aws:cloudformation:eu-west-1:123456789012:changeSet/altc-test/1"
#define TEMPLATE                                                                                   \
    "{\"Resources\":{\"Orders\":{\"Type\":\"AWS::SQS::Queue\",\"Properties\":{\"DelaySeconds\":"   \
    "5}}}}"
#define OLD_TEMPLATE "{\"Resources\":{\"Orders\":{\"Type\":\"AWS::SQS::Queue\"}}}"

#define STACK_MORE(status, more)                                                                   \
    SCRIPT_XML("DescribeStacks",                                                                   \
        "<Stacks><member><StackId>" STACK_ARN "</StackId><StackName>shop-dev</StackName>"          \
        "<StackStatus>" status "</StackStatus><CreationTime>2026-01-31T09:00:00Z</CreationTime>"   \
        "" more "<Outputs><member><OutputKey>Url</OutputKey><OutputValue>https://x</OutputValue>"  \
        "</member></Outputs></member></Stacks>")
#define STACK(status)                                                                              \
    {                                                                                              \
        "DescribeStacks", 200, STACK_MORE(status, "")                                              \
    }
#define NO_STACK                                                                                   \
    {                                                                                              \
        "DescribeStacks", 400,                                                                     \
            SCRIPT_ERROR("ValidationError", "Stack with id shop-dev does not exist")               \
    }
#define CREATED                                                                                    \
    {                                                                                              \
        "CreateChangeSet", 200,                                                                    \
            SCRIPT_XML("CreateChangeSet", "<Id>" SET_ARN "</Id><StackId>" STACK_ARN "</StackId>")  \
    }
#define SET(status, execution, reason)                                                             \
    {                                                                                              \
        "DescribeChangeSet", 200,                                                                  \
            SCRIPT_XML("DescribeChangeSet",                                                        \
                "<ChangeSetName>altc-test</ChangeSetName><ChangeSetId>" SET_ARN                    \
                "</ChangeSetId><StackId>" STACK_ARN "</StackId><Status>" status                    \
                "</Status><ExecutionStatus>" execution "</ExecutionStatus><StatusReason>" reason   \
                "</StatusReason><CreationTime>2026-01-31T09:59:00Z</CreationTime><Changes>"        \
                "<member><Type>Resource</Type><ResourceChange><Action>Modify</Action>"             \
                "<LogicalResourceId>Orders</LogicalResourceId><ResourceType>AWS::SQS::Queue"       \
                "</ResourceType><Replacement>False</Replacement></ResourceChange></member>"        \
                "</Changes>")                                                                      \
    }
#define SET_READY SET("CREATE_COMPLETE", "AVAILABLE", "")
#define SET_EMPTY                                                                                  \
    SET("FAILED", "UNAVAILABLE",                                                                   \
        "The submitted information didn&apos;t contain changes. Submit different information to "  \
        "create a change set.")
#define NO_SET                                                                                     \
    {                                                                                              \
        "DescribeChangeSet", 404,                                                                  \
            SCRIPT_ERROR("ChangeSetNotFound", "ChangeSet [x] does not exist")                      \
    }
#define FINDINGS                                                                                   \
    {                                                                                              \
        "DescribeEvents", 200, SCRIPT_XML("DescribeEvents", "<OperationEvents/>")                  \
    }
#define EXECUTED                                                                                   \
    {                                                                                              \
        "ExecuteChangeSet", 200, SCRIPT_XML("ExecuteChangeSet", "")                                \
    }
#define SET_DELETED                                                                                \
    {                                                                                              \
        "DeleteChangeSet", 200, SCRIPT_XML("DeleteChangeSet", "")                                  \
    }
#define OLD_BODY                                                                                   \
    {                                                                                              \
        "GetTemplate", 200,                                                                        \
            SCRIPT_XML("GetTemplate", "<TemplateBody>" OLD_TEMPLATE "</TemplateBody>")             \
    }
#define NAMED(name)                                                                                \
    {                                                                                              \
        "GetTemplate", 200,                                                                        \
            SCRIPT_XML("GetTemplate",                                                              \
                "<TemplateBody>{&quot;Resources&quot;:{&quot;" name                                \
                "&quot;:{&quot;Type&quot;:&quot;AWS::SQS::Queue&quot;}}}</TemplateBody>")          \
    }
#define REFACTOR_MADE                                                                              \
    {                                                                                              \
        "CreateStackRefactor", 200,                                                                \
            SCRIPT_XML("CreateStackRefactor", "<StackRefactorId>r-1</StackRefactorId>")            \
    }
#define REFACTOR(status, execution)                                                                \
    {                                                                                              \
        "DescribeStackRefactor", 200,                                                              \
            SCRIPT_XML("DescribeStackRefactor", "<Status>" status "</Status><ExecutionStatus>"     \
                                                "" execution "</ExecutionStatus><StatusReason>"    \
                                                "no such thing</StatusReason>")                    \
    }
#define REFACTOR_READY REFACTOR("CREATE_COMPLETE", "AVAILABLE")
#define REFACTOR_GOES REFACTOR("CREATE_COMPLETE", "EXECUTE_IN_PROGRESS")
#define REFACTOR_DONE REFACTOR("CREATE_COMPLETE", "EXECUTE_COMPLETE")
#define REFACTOR_BEGUN                                                                             \
    {                                                                                              \
        "ExecuteStackRefactor", 200, "<ExecuteStackRefactorResponse/>"                             \
    }
#define EVENT(id, time, status)                                                                    \
    "<member><StackId>" STACK_ARN "</StackId><EventId>" id "</EventId><StackName>shop-dev"         \
    "</StackName><LogicalResourceId>shop-dev</LogicalResourceId><PhysicalResourceId>" STACK_ARN    \
    "</PhysicalResourceId><ResourceType>AWS::CloudFormation::Stack</ResourceType><Timestamp>"      \
    "2026-01-31T" time "Z</Timestamp><ResourceStatus>" status "</ResourceStatus></member>"
#define EVENTS(members)                                                                            \
    {                                                                                              \
        "DescribeStackEvents", 200,                                                                \
            SCRIPT_XML("DescribeStackEvents", "<StackEvents>" members "</StackEvents>")            \
    }
#define WENT(verb)                                                                                 \
    EVENTS(EVENT("e2", "10:00:05", verb "_COMPLETE") EVENT("e1", "10:00:01", verb "_IN_PROGRESS"))
#define GOES(verb) EVENTS(EVENT("e1", "10:00:01", verb "_IN_PROGRESS"))
#define WENT_BACK                                                                                  \
    EVENTS(EVENT("e4", "10:00:08", "UPDATE_ROLLBACK_COMPLETE") EVENT("e3", "10:00:07",             \
        "UPDATE_ROLLBACK_IN_PROGRESS") EVENT("e1", "10:00:01", "UPDATE_IN_PROGRESS"))
#define NO_SETS                                                                                    \
    {                                                                                              \
        "ListChangeSets", 200, SCRIPT_XML("ListChangeSets", "<Summaries/>")                        \
    }
#define OUR_SET                                                                                    \
    {                                                                                              \
        "ListChangeSets", 200,                                                                     \
            SCRIPT_XML("ListChangeSets",                                                           \
                "<Summaries><member><StackId>" STACK_ARN "</StackId><ChangeSetId>" SET_ARN         \
                "</ChangeSetId><ChangeSetName>altc-test</ChangeSetName><Status>CREATE_COMPLETE"    \
                "</Status><ExecutionStatus>AVAILABLE</ExecutionStatus></member></Summaries>")      \
    }
#define STACK_DELETED                                                                              \
    {                                                                                              \
        "DeleteStack", 200, "<DeleteStackResponse><ResponseMetadata/></DeleteStackResponse>"       \
    }
#define DENIED(action)                                                                             \
    {                                                                                              \
        action, 403, SCRIPT_ERROR("AccessDenied", "User is not authorized to perform it")          \
    }
#define BROKEN(action)                                                                             \
    {                                                                                              \
        action, 0, NULL                                                                            \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, 0, NULL                                                                              \
    }

enum { TAKEN_MAX = 200 };

// Which transitions were taken by any test.
typedef struct Taken {
    bool taken[TAKEN_MAX];
} Taken;

typedef struct Scenario {
    const char *name;
    DeployOptions options;
    ScriptReply replies[SCRIPT_MAX_REPLIES];
    DeployResult result;
    const char *states;          // through which it goes
    const char *typed;           // at the prompt
    const char *interrupt_after; // an action during whose call it is interrupted
    int timeout;                 // seconds; 0: none
    const char *journal;         // of earlier runs
    bool protect;                // the program asks for termination protection
    const char *policy;
    bool only_rename;
    const char *needs; // a text that was told
    Manifest manifest;
} Scenario;

typedef struct Bench {
    Script script;
    Arena *arena;
    Deployment deployment;
    Manifest manifest;
    Cred *cred;
    char folder[64];
    Buf states;
    Buf told;
    Taken *taken;
} Bench;

static void moved(void *context, const StackRun *run, MachineState from, MachineOutcome outcome)
{
    Bench *bench = context;
    size_t count;
    const MachineTransition *table = machine_transitions(&count);
    assert_true(count <= TAKEN_MAX);
    for (size_t i = 0; i < count; i++)
        if (table[i].from == from && table[i].outcome == outcome)
            bench->taken->taken[i] = true;
    buf_add_format(&bench->states, " %s", machine_state_word(run->state));
}

static void told(void *context, const Notice *notice)
{
    Bench *bench = context;
    buf_add_format(&bench->told, "%.*s %.*s %.*s\n", STR_FMT(notice->status), STR_FMT(notice->text),
        STR_FMT(notice->hint));
}

static void write_journal(Bench *bench, const char *lines)
{
    char path[128];
    snprintf(path, sizeof path, "%s/journal.jsonl", bench->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(lines, file);
    fclose(file);
}

static FileResult read_real(void *context, Arena *arena, Str path, size_t max)
{
    (void)context;
    FILE *file = fopen(str_copy(arena, path).ptr, "r");
    if (!file)
        return (FileResult){.status = FILE_MISSING, .error = STR("no such file")};
    char *text = arena_alloc(arena, max < 65536 ? max : 65536);
    size_t len = fread(text, 1, max < 65536 ? max : 65536, file);
    fclose(file);
    return (FileResult){.status = FILE_OK, .text = {text, len}};
}

static void set_manifest(Bench *bench, const Scenario *scenario)
{
    bench->manifest = scenario->manifest;
    bench->manifest.app = STR("shop");
    bench->manifest.stage = STR("dev");
    bench->manifest.termination_protection = scenario->protect;
    ManifestStack stack = {.id = STR("main"),
        .name = STR("shop-dev"),
        .region = STR("eu-west-1"),
        .template_text = STR(TEMPLATE),
        .policy = str_of(scenario->policy)};
    Sources *sources = sources_new(bench->arena);
    DataContext context = {bench->arena, sources, diag_sink_new(bench->arena)};
    stack.template_ =
        data_read_json(&context, sources_add(sources, STR("t.json"), stack.template_text));
    VEC_ADD(bench->arena, &bench->manifest.stacks, stack);
}

static void set_up(Bench *bench, Taken *taken, const Scenario *scenario)
{
    *bench = (Bench){.arena = arena_new(), .taken = taken, .folder = "/tmp/altc-run-XXXXXX"};
    assert_non_null(mkdtemp(bench->folder));
    buf_init(&bench->states, 0);
    buf_init(&bench->told, 0);
    Script *script = &bench->script;
    script->replies = scenario->replies;
    script->interrupt_after = scenario->interrupt_after;
    NamedText *env = ARENA_ARRAY(bench->arena, NamedText, 3);
    env[0] = (NamedText){STR("AWS_ACCESS_KEY_ID"), STR("AKID")};
    env[1] = (NamedText){STR("AWS_SECRET_ACCESS_KEY"), STR("secret")};
    env[2] = (NamedText){STR("HOME"), STR("/h")};
    script->fake.env = env;
    script->fake.env_count = 3;
    script->fake.typed = scenario->typed;
    script_start(script);
    if (scenario->journal)
        write_journal(bench, scenario->journal);
    set_manifest(bench, scenario);
    Str error = STR_NONE;
    CredOptions options = {.region = STR("eu-west-1")};
    HttpTransport http = {script, script_send};
    bench->cred = cred_new(bench->arena, &script->world, http, &options, &error);
    assert_non_null(bench->cred);
    script->fake.host.read_file = read_real;
    bench->deployment = (Deployment){.world = &script->world,
        .arena = bench->arena,
        .options = &scenario->options,
        .manifest = &bench->manifest,
        .listener = {bench, told},
        .journal = journal_open(bench->arena, &script->world, str_of(bench->folder), &error),
        .id = STR("altc-test"),
        .account = STR("123456789012"),
        .only_rename = scenario->only_rename,
        .pace = pace_default(),
        .trace = {bench, moved}};
    if (scenario->timeout)
        bench->deployment.deadline = script->fake.now + scenario->timeout * 1000;
    assert_non_null(bench->deployment.journal);
    const ManifestStack *stack = &bench->manifest.stacks.items[0];
    assert_non_null(run_new(&bench->deployment, stack, bench->cred, &error));
}

static void tear_down(Bench *bench)
{
    char command[128];
    for (size_t i = 0; i < bench->deployment.runs.len; i++)
        run_release(bench->deployment.runs.items[i]);
    journal_close(bench->deployment.journal);
    buf_release(&bench->states);
    buf_release(&bench->told);
    arena_free(bench->arena);
    snprintf(command, sizeof command, "rm -rf %s", bench->folder);
    assert_int_equal(system(command), 0);
}

// How a scenario ended otherwise than it should, or NULL.
static const char *difference(const Bench *bench, const Scenario *scenario, DeployResult result)
{
    Str states = buf_str(&bench->states);
    if (!str_is(str_slice(states, 1, states.len), scenario->states))
        return "it went through other states";
    if (result != scenario->result)
        return "it ended otherwise";
    if (scenario->needs && str_find(buf_str(&bench->told), str_of(scenario->needs), 0) == SIZE_MAX)
        return "it was not told";
    return NULL;
}

static bool play(Taken *taken, const Scenario *scenario)
{
    Bench bench;
    set_up(&bench, taken, scenario);
    DeployResult result = stage_run(&bench.deployment);
    const char *problem = difference(&bench, scenario, result);
    if (problem)
        print_message("%s: %s\n  expected: %s: %s: %s\n  found:   %s: %s\n%s\n", scenario->name,
            problem, scenario->states, notice_result(scenario->result).ptr,
            scenario->needs ? scenario->needs : "", bench.states.ptr, notice_result(result).ptr,
            bench.told.ptr ? bench.told.ptr : "");
    tear_down(&bench);
    return problem == NULL;
}

#include "tests/unit/deploy/scenarios_moved.h"

static void test_scenarios(void **state)
{
    size_t failed = 0;
    for (size_t i = 0; i < sizeof SCENARIOS / sizeof *SCENARIOS; i++)
        failed += !play(*state, &SCENARIOS[i]);
    for (size_t i = 0; i < sizeof MOVED_SCENARIOS / sizeof *MOVED_SCENARIOS; i++)
        failed += !play(*state, &MOVED_SCENARIOS[i]);
    assert_int_equal(failed, 0);
}

// Keep last: what the scenarios above have not been through is not proven.
static void test_every_transition_was_taken(void **state)
{
    const Taken *taken = *state;
    size_t count;
    size_t missing = 0;
    const MachineTransition *table = machine_transitions(&count);
    for (size_t i = 0; i < count; i++) {
        if (taken->taken[i])
            continue;
        missing++;
        print_message("not taken: %s, %s\n", machine_state_word(table[i].from),
            machine_outcome_word(table[i].outcome));
    }
    assert_int_equal(missing, 0);
}

int main(void)
{
    Taken *taken = calloc(1, sizeof *taken);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_scenarios, taken),
        cmocka_unit_test_prestate(test_every_transition_was_taken, taken),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(taken);
    return failed;
}
