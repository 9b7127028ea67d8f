// What comes back over the network: any bytes as the answer to each of CloudFormation's calls are
// either refused, with nothing of a result, or read. The first byte picks the call, the second the
// status; up to a line's end follows the Date header, then the body.
#include <stdlib.h>

#include "runtime/aws/cfn.h"
#include "tests/support/fake_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Fuzzed {
    Arena *arena;
    FakeWorld fake;
    World world;
    AwsClient client;
} Fuzzed;

typedef AwsReply Call(Fuzzed *fuzzed, size_t *count);

static AwsReply describe_stack(Fuzzed *fuzzed, size_t *count)
{
    CfnStack stack;
    AwsReply reply = cfn_describe_stack(&fuzzed->client, fuzzed->arena, STR("s"), &stack);
    *count = stack.id.len + stack.outputs.len;
    return reply;
}

static AwsReply describe_change_set(Fuzzed *fuzzed, size_t *count)
{
    CfnChangeSet set;
    AwsReply reply = cfn_describe_change_set(&fuzzed->client, fuzzed->arena, STR("c"), true, &set);
    *count = set.changes.len + set.id.len;
    return reply;
}

static AwsReply stack_events(Fuzzed *fuzzed, size_t *count)
{
    CfnEvents events;
    Str next;
    AwsReply reply =
        cfn_stack_events(&fuzzed->client, fuzzed->arena, STR("s"), STR_NONE, &events, &next);
    *count = events.len + next.len;
    return reply;
}

static AwsReply findings(Fuzzed *fuzzed, size_t *count)
{
    CfnFindings list;
    AwsReply reply = cfn_change_set_findings(&fuzzed->client, fuzzed->arena, STR("c"), &list);
    *count = list.len;
    return reply;
}

static AwsReply template_summary(Fuzzed *fuzzed, size_t *count)
{
    CfnSummary summary;
    AwsReply reply = cfn_template_summary(
        &fuzzed->client, fuzzed->arena, STR("{}"), STR_NONE, STR_NONE, &summary);
    *count = summary.parameters.len + summary.identifiers.len;
    return reply;
}

static AwsReply list_drifts(Fuzzed *fuzzed, size_t *count)
{
    CfnDrifts drifts;
    AwsReply reply = cfn_list_drifts(&fuzzed->client, fuzzed->arena, STR("s"), &drifts);
    *count = drifts.len;
    return reply;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Call *const CALLS[] = {
        describe_stack, describe_change_set, stack_events, findings, template_summary, list_drifts};
    static const int STATUSES[] = {200, 400, 403, 503};
    if (size < 2)
        return 0;
    Fuzzed fuzzed = {.arena = arena_new()};
    Str text = str_copy(fuzzed.arena, (Str){(const char *)data + 2, size - 2});
    size_t line = str_find(text, STR("\n"), 0);
    Str date = str_copy(fuzzed.arena, str_slice(text, 0, line));
    Str body = str_copy(fuzzed.arena, str_slice(text, date.len + 1, text.len));
    FakeAnswer answers[FAKE_MAX_CALLS];
    for (size_t i = 0; i < FAKE_MAX_CALLS; i++)
        answers[i] = (FakeAnswer){HTTP_ANSWERED, STATUSES[data[1] % 4], body.ptr, date.ptr};
    fuzzed.fake = (FakeWorld){.answers = answers, .answer_count = FAKE_MAX_CALLS, .logs = true};
    fuzzed.world = fake_world(&fuzzed.fake);
    const Endpoint endpoint = {STR("https://h/"), STR("h"), STR("/")};
    aws_client_init(&fuzzed.client, &fuzzed.world, (HttpTransport){&fuzzed.fake, fake_world_send},
        (AwsKeySource){0}, STR("cloudformation"), STR("eu-west-1"), endpoint);
    size_t count = 0;
    AwsReply reply = CALLS[data[0] % (sizeof CALLS / sizeof *CALLS)](&fuzzed, &count);
    if (reply.ok ? cfn_is_ambiguous(&reply) : count > 0 || !reply.message.len)
        abort();
    for (const char *at = fuzzed.fake.logged; *at; at++)
        if ((unsigned char)*at < ' ' && *at != '\n')
            abort();
    arena_free(fuzzed.arena);
    return 0;
}
