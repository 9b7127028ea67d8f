// Carrying a change set out, and following until the stack is at rest.
#include "runtime/deploy/run_priv.h"
#include "runtime/events/cause.h"
#include "runtime/events/chart.h"
#include "runtime/notice/text.h"

// So often a change set that stays available is to be carried out.
enum { MAX_EXECUTIONS = 3 };

// ---- protection ----

// --allow lifts a guard that was not lifted when compiling, as that of a manifest.
static bool lifts_guard(const StackRun *run)
{
    const Manifest *manifest = run->deployment->manifest;
    for (size_t i = 0; i < manifest->protections.len; i++) {
        const ManifestProtection *guard = &manifest->protections.items[i];
        if (!guard->lifted && str_equal(guard->stack, run->stack->id) &&
            run_is_allowed(run, guard->allow))
            return true;
    }
    return false;
}

// Empty: none. A policy cannot be told apart by guards, so one that is lifted here lifts it all for
// this update; the change set is held against the other guards all the same.
static Str wanted_policy(const StackRun *run)
{
    Str policy = run->stack->policy;
    return policy.len && run->operation != OPERATION_CREATE && lifts_guard(run)
               ? STR("{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"Update:*\","
                     "\"Principal\":\"*\",\"Resource\":\"*\"}]}")
               : policy;
}

// The stack policy that is set differs from the one that the program asks for.
static bool policy_differs(StackRun *run, Str wanted)
{
    if (!wanted.len)
        return false;
    Str policy = STR_NONE;
    AwsReply reply = cfn_get_stack_policy(&run->client, run->scratch, run->stack_id, &policy);
    if (!reply.ok || !policy.ptr)
        return true;
    const Datum *set = run_parse_template(run->scratch, policy);
    return !set || !datum_equal(set, run_parse_template(run->scratch, wanted));
}

static bool set_policy(StackRun *run)
{
    Str wanted = wanted_policy(run);
    if (!policy_differs(run, wanted))
        return true;
    if (!run_begin(run, JOURNAL_PROTECT, run->stack_id, STR_NONE))
        return false;
    AwsReply reply = cfn_set_stack_policy(&run->client, run->scratch, run->stack_id, wanted);
    run_end(run, JOURNAL_PROTECT, run->stack_id, &reply);
    if (!reply.ok)
        run_problem_of(run, RESULT_REFUSED, "AWS does not take the stack policy", &reply);
    return reply.ok;
}

// Protection is never taken away: whoever set it by hand had a reason.
static bool set_protection(StackRun *run)
{
    if (!run->deployment->manifest->termination_protection || run->protected_)
        return true;
    if (!run_begin(run, JOURNAL_PROTECT, run->stack_id, STR_NONE))
        return false;
    AwsReply reply =
        cfn_set_termination_protection(&run->client, run->scratch, run->stack_id, true);
    run_end(run, JOURNAL_PROTECT, run->stack_id, &reply);
    run->protected_ = reply.ok;
    if (!reply.ok)
        run_problem_of(run, RESULT_REFUSED, "AWS does not protect the stack from deletion", &reply);
    return reply.ok;
}

// Before an update, so that a guard that was lifted is lifted. A new stack gets both once it
// stands: one whose creation fails must be deletable.
MachineOutcome run_protect(StackRun *run)
{
    if (run->operation == OPERATION_CREATE)
        return OUTCOME_DONE;
    if (!set_policy(run) || !set_protection(run))
        return OUTCOME_REFUSED;
    run->secured = true;
    return OUTCOME_DONE;
}

MachineOutcome run_secure(StackRun *run)
{
    if (run->secured || (set_policy(run) && set_protection(run)))
        return OUTCOME_DONE;
    if (run->changed)
        run->result = RESULT_STUCK; // it is live, but not as safe as the program says
    return OUTCOME_REFUSED;
}

// ---- execution ----

static MachineOutcome not_executed(StackRun *run, const AwsReply *reply)
{
    if (cfn_is_ambiguous(reply))
        return OUTCOME_AMBIGUOUS;
    if (cfn_is_missing(reply))
        return OUTCOME_GONE;
    // It may be ours that goes on already, when an earlier attempt was heard: its state tells.
    if (str_is(reply->code, "InvalidChangeSetStatus") ||
        str_is(reply->code, "TokenAlreadyExistsException"))
        return OUTCOME_AMBIGUOUS;
    if (str_is(reply->code, "ValidationError") &&
        str_find(reply->message, STR("can not be updated"), 0) != SIZE_MAX)
        return OUTCOME_STALE;
    run_problem_of(run, RESULT_REFUSED, "AWS does not carry out the change set", reply);
    return OUTCOME_REFUSED;
}

MachineOutcome run_execute(StackRun *run)
{
    if (++run->executions > MAX_EXECUTIONS) {
        run_problem(run, RESULT_REFUSED, STR("AWS does not begin to carry out the change set"),
            STR("nothing was changed: try again"));
        return OUTCOME_REFUSED;
    }
    run->token = run_token(run, "execute");
    run_step_note(run, "carrying out the change set");
    run_forget_review(run);
    if (!run_begin(run, JOURNAL_EXECUTE, run->change_set_id, run->token))
        return OUTCOME_REFUSED;
    AwsReply reply = cfn_execute_change_set(&run->client, run->scratch, run->change_set_id,
        run->token, run->deployment->options->no_rollback);
    run_end(run, JOURNAL_EXECUTE, run->change_set_id, &reply);
    return reply.ok ? OUTCOME_DONE : not_executed(run, &reply);
}

MachineOutcome run_check(StackRun *run)
{
    CfnChangeSet set = {0};
    AwsReply reply = cfn_change_set_status(&run->client, run->scratch, run->change_set_id, &set);
    if (cfn_is_missing(&reply))
        return OUTCOME_GONE;
    if (!reply.ok)
        return run_wait(run, run->deployment->pace.quiet);
    Str status = set.execution_status;
    if (str_starts(status, STR("EXECUTE_"))) {
        run->token = STR_NONE; // by us, or by somebody else: then the token is not ours
        return OUTCOME_DONE;
    }
    if (!str_is(status, "AVAILABLE"))
        return OUTCOME_STALE;
    return run_retry(run, OUTCOME_EMPTY);
}

// ---- following ----

// Why it failed; or what the clean-up after a good update left behind.
static void tell_causes(StackRun *run)
{
    Diagnosis *diagnosis = diagnosis_new(
        run->scratch, follower_events(run->follower), run->deployment->manifest, run->stack->id);
    diagnosis_tell(diagnosis, run->stack->id, run->client.region, run->deployment->listener);
}

// After a long wait: what took so long.
static void tell_length(StackRun *run)
{
    enum { LONG = 5 * 60 * 1000 };
    Chart *chart = chart_new(run->scratch, follower_events(run->follower), 0);
    const ChartBar *longest = chart_longest(chart);
    if (chart->length < LONG || !longest)
        return;
    Buf text;
    buf_init(&text, 0);
    buf_add_text(&text, "it took ");
    notice_add_duration(&text, chart->length);
    buf_add_format(&text, ", of which '%.*s' ", STR_FMT(longest->logical_id));
    notice_add_duration(&text, longest->end - longest->start);
    run_notify(run, (Notice){.kind = NOTICE_NOTE,
                        .text = buf_str(&text),
                        .hint = STR("'altc events --chart' shows where the time went")});
    buf_release(&text);
}

static MachineOutcome ended_badly(StackRun *run, DeployResult result, Str status, Str reason)
{
    tell_causes(run);
    bool deleted = str_is(status, "DELETE_COMPLETE") && run->operation == OPERATION_UPDATE;
    if (deleted)
        result = RESULT_STUCK;
    Str text = str_format(run->scratch, "the deployment failed: the stack is in %.*s%s%.*s",
        STR_FMT(status), reason.len ? ": " : "", STR_FMT(reason));
    if (deleted)
        text = STR("somebody deleted the stack during the deployment");
    run_problem(run, result, text, stack_status(status).hint);
    return OUTCOME_FAILED;
}

static MachineOutcome ended(StackRun *run, const FollowStep *step)
{
    run->changed = true;
    run->carried_out = true;
    run->status = str_copy(run->arena, step->status);
    Str reason = str_copy(run->scratch, step->reason);
    StackOperation operation = run->cancelling ? OPERATION_CANCEL : run->operation;
    DeployResult result = stack_status_result(run->status, run->operation);
    MachineOutcome outcome = OUTCOME_DONE;
    if (run->cancelling && result != RESULT_DONE &&
        (run->operation == OPERATION_CREATE ||
            stack_status_result(run->status, operation) == RESULT_DONE)) {
        run_problem(run, RESULT_ROLLED_BACK,
            str_format(run->scratch, "cancelled: the stack is in %.*s", STR_FMT(run->status)),
            STR_NONE);
        outcome = OUTCOME_FAILED;
    } else if (result != RESULT_DONE) {
        outcome =
            ended_badly(run, result == RESULT_NONE ? RESULT_STUCK : result, run->status, reason);
    } else {
        run->result = RESULT_DONE;
        tell_causes(run);
        tell_length(run);
    }
    run_stop_following(run);
    return outcome;
}

MachineOutcome run_follow(StackRun *run)
{
    if (run->deployment->options->no_wait && !run->cancelling) {
        run->result = RESULT_RUNNING;
        run_notify(run, (Notice){.kind = NOTICE_NOTE,
                            .text = STR("the operation goes on without altc"),
                            .hint = STR("'altc watch' attaches to it, 'altc cancel' stops it")});
        return OUTCOME_STOPPED;
    }
    if (!run->follower)
        run_start_following(run, run->token, run->change_set_created);
    FollowStep step = follower_poll(run->follower);
    if (step.state == FOLLOW_ENDED)
        return ended(run, &step);
    if (step.state != FOLLOW_LOST)
        return run_wait(run, step.wait);
    run_problem_of(
        run, RESULT_RUNNING, "the operation goes on, but cannot be followed", &step.trouble);
    return OUTCOME_STOPPED;
}

// An update is rolled back; a creation can only be deleted.
MachineOutcome run_cancel(StackRun *run)
{
    run->cancelling = true;
    run_step_note(run, "cancelling the operation");
    Str token = run_token(run, "cancel");
    if (!run_begin(run, JOURNAL_CANCEL, run->stack_id, token))
        return OUTCOME_DONE;
    CfnDeleteRequest request = {.stack = run->stack_id, .token = token};
    AwsReply reply = run->operation == OPERATION_CREATE
                         ? cfn_delete_stack(&run->client, run->scratch, &request)
                         : cfn_cancel_update(&run->client, run->scratch, run->stack_id, token);
    run_end(run, JOURNAL_CANCEL, run->stack_id, &reply);
    if (!reply.ok)
        run_notify(
            run, (Notice){.kind = NOTICE_WARNING,
                     .text = str_format(run->scratch, "it cannot be cancelled and goes on: %.*s",
                         STR_FMT(run_reason(&reply)))});
    // The deletion of a creation is an operation of its own, with its own token.
    if (reply.ok && run->operation == OPERATION_CREATE)
        run_start_following(run, token, STR_NONE);
    return OUTCOME_DONE;
}
