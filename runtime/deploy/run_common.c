// What all actions of a run use.
#include "compiler/data/data.h"
#include "runtime/deploy/run_priv.h"
#include "runtime/events/cause.h"

// To learn what the deployment can do without.
enum { OPTIONAL_ATTEMPTS = 2 };

void run_notify(StackRun *run, Notice notice)
{
    notice.stack = run->stack->id;
    notice.stack_name = run->stack->name;
    notice.region = run->client.region;
    listener_notify(&run->deployment->listener, &notice);
}

void run_step_note(StackRun *run, const char *text)
{
    run_notify(run, (Notice){.kind = NOTICE_STEP, .text = str_of(text)});
}

void run_problem(StackRun *run, DeployResult result, Str text, Str hint)
{
    run->result = result;
    run_notify(run, (Notice){.kind = NOTICE_PROBLEM, .text = text, .hint = hint});
}

bool run_is_allowed(const StackRun *run, Str name)
{
    const DeployOptions *options = run->deployment->options;
    for (size_t i = 0; name.len && i < options->allowed.len; i++)
        if (str_equal(options->allowed.items[i], name))
            return true;
    return false;
}

Str run_reason(const AwsReply *reply)
{
    if (!reply->message.len)
        return reply->code.len ? reply->code : STR("no answer");
    return reply->message;
}

void run_problem_of(StackRun *run, DeployResult result, const char *what, const AwsReply *reply)
{
    bool keys = result == RESULT_REFUSED && aws_is_unauthenticated(reply);
    run->result = keys ? RESULT_IDENTITY : result;
    Str hint = STR_NONE;
    if (cfn_is_denied(reply))
        hint = STR("whoever deploys lacks a permission: 'altc policy' lists those it needs");
    if (keys)
        hint = STR("'altc whoami' shows which credentials are used");
    run_notify(
        run, (Notice){.kind = NOTICE_PROBLEM,
                 .text = str_format(run->scratch, "%s: %.*s", what, STR_FMT(run_reason(reply))),
                 .code = reply->code,
                 .hint = hint});
}

DeployResult run_assets_result(AssetsResult result)
{
    return result == ASSETS_DONE        ? RESULT_DONE
           : result == ASSETS_FILES     ? RESULT_UNFIT
           : result == ASSETS_IDENTITY  ? RESULT_IDENTITY
           : result == ASSETS_CANCELLED ? RESULT_DECLINED
                                        : RESULT_REFUSED;
}

static JournalEntry entry_of(const StackRun *run, JournalStep step, Str subject)
{
    return (JournalEntry){.step = step,
        .deployment = run->deployment->id,
        .account = run->deployment->account,
        .region = run->client.region,
        .stack = run->stack->name,
        .subject = subject};
}

bool run_begin(StackRun *run, JournalStep step, Str subject, Str token)
{
    Str error = STR_NONE;
    JournalEntry entry = entry_of(run, step, subject);
    entry.token = token;
    if (journal_add(run->deployment->journal, run->scratch, entry, &error))
        return true;
    run_problem(run, RESULT_UNFIT, error,
        STR("without its journal altc cannot take up what is broken off, so it changes nothing"));
    return false;
}

void run_end(StackRun *run, JournalStep step, Str subject, const AwsReply *reply)
{
    Str error = STR_NONE;
    JournalEntry entry = entry_of(run, step, subject);
    entry.outcome = reply->ok                 ? STR("done")
                    : cfn_is_ambiguous(reply) ? STR("unknown")
                    : reply->code.len         ? reply->code
                                              : STR("refused");
    if (!journal_add(run->deployment->journal, run->scratch, entry, &error))
        run_notify(run, (Notice){.kind = NOTICE_WARNING, .text = error});
}

MachineOutcome run_wait(StackRun *run, int64_t milliseconds)
{
    run->wait = milliseconds > 1 ? milliseconds : 1;
    return OUTCOME_WAITING;
}

MachineOutcome run_retry(StackRun *run, MachineOutcome outcome)
{
    if (++run->tries >= RUN_TRIES)
        return outcome;
    return run_wait(run, run->deployment->pace.busy << (run->tries - 1));
}

// A token stands for one operation in an account and region, so each stack has its own.
Str run_token(StackRun *run, const char *what)
{
    const Manifest *manifest = run->deployment->manifest;
    return str_format(run->arena, "%.*s-%d-%s",
        STR_FMT(run->change_set.len ? run->change_set : run->deployment->id),
        (int)(manifest_stack(manifest, run->stack->id) - manifest->stacks.items), what);
}

bool run_stopped(const StackRun *run)
{
    const World *world = run->deployment->world;
    int64_t deadline = run->deployment->deadline;
    return world->host->cancelled(world->host->context) ||
           (deadline && world->steady(world->context) >= deadline);
}

void run_start_following(StackRun *run, Str token, Str since)
{
    run_stop_following(run);
    FollowTarget target = {.client = &run->client,
        .stack = run->stack_id,
        .stack_id = run->stack->id,
        .token = token,
        .since = since,
        .manifest = run->deployment->manifest,
        .pace = run->deployment->pace};
    run->follower = follower_new(run->deployment->world, &target, run->deployment->listener);
}

void run_stop_following(StackRun *run)
{
    follower_free(run->follower);
    run->follower = NULL;
}

void run_take_stack(StackRun *run, const CfnStack *stack)
{
    run->exists = true;
    run->stack_id = str_copy(run->arena, stack->id);
    run->status = str_copy(run->arena, stack->status);
    run->updated = str_copy(run->arena, stack->updated);
    run->protected_ = stack->termination_protection;
    run->deployed_tags = stack->tags.len;
    run->deployed_parameters.len = 0;
    for (size_t i = 0; i < stack->parameters.len; i++)
        VEC_ADD(run->arena, &run->deployed_parameters,
            str_copy(run->arena, stack->parameters.items[i].key));
    run->outputs.len = 0;
    for (size_t i = 0; i < stack->outputs.len; i++) {
        const CfnOutput *from = &stack->outputs.items[i];
        CfnOutput output = {str_copy(run->arena, from->key), str_copy(run->arena, from->value),
            str_copy(run->arena, from->description), str_copy(run->arena, from->export_name)};
        VEC_ADD(run->arena, &run->outputs, output);
    }
}

const Datum *run_parse_template(Arena *arena, Str text)
{
    Str start = str_trim(text);
    if (!start.len)
        return NULL;
    if (start.ptr[0] == '{')
        return data_parse_json(arena, text);
    DataContext context = {arena, sources_new(arena), diag_sink_new(arena)};
    FileId file = sources_add(context.sources, STR("template"), text);
    return file ? data_read_yaml(&context, file) : NULL;
}

bool run_tell_findings(StackRun *run, const char *mode, NoticeKind kind)
{
    CfnFindings findings = {0};
    // Nobody waits long for what may be missing.
    AwsClient client = run->client;
    client.max_attempts = OPTIONAL_ATTEMPTS;
    AwsReply reply = cfn_change_set_findings(&client, run->scratch, run->change_set_id, &findings);
    if (kind == NOTICE_PROBLEM && cfn_is_denied(&reply))
        run_notify(run, (Notice){.kind = NOTICE_NOTE,
                            .text = STR("what early validation found cannot be read"),
                            .hint = STR("allow cloudformation:DescribeEvents to whoever deploys")});
    bool told = false;
    for (size_t i = 0; reply.ok && i < findings.len; i++) {
        const CfnFinding *finding = &findings.items[i];
        if (!str_is(finding->mode, mode))
            continue;
        told = true;
        run_notify(run, (Notice){.kind = kind,
                            .text = finding->reason.len ? finding->reason : finding->name,
                            .logical_id = finding->logical_id,
                            .code = finding->name,
                            .hint = cause_hint(STR_NONE, STR_NONE, finding->reason),
                            .place = manifest_resource_place(run->deployment->manifest,
                                run->scratch, run->stack->id, finding->logical_id)});
    }
    return told;
}
