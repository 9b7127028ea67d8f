// What is deployed, and what has to end or go before a change set can be made.
#include "runtime/deploy/run_priv.h"
#include "runtime/events/cause.h"

enum { MAX_CHANGE_SETS = 5 };

const JournalEntry *run_unfinished(const StackRun *run, JournalStep step)
{
    const Deployment *deployment = run->deployment;
    return journal_unfinished(
        deployment->journal, deployment->account, run->client.region, run->stack->name, step);
}

static MachineOutcome refuse_status(StackRun *run, StackStatus status)
{
    run_problem(run, RESULT_STUCK,
        str_format(run->scratch, "stack '%.*s' is in %.*s and takes no %s",
            STR_FMT(run->stack->name), STR_FMT(run->status),
            run->deployment->only_rename ? "refactor" : "change set"),
        status.hint);
    return OUTCOME_REFUSED;
}

// What comes before a change set, once nothing stands in its way.
static MachineOutcome go_on(StackRun *run)
{
    bool deployed = stack_status(run->status).phase == PHASE_READY;
    if (run->deployment->only_rename && (run->renamed || !deployed)) {
        run->result = run->renamed ? RESULT_DONE : RESULT_UNCHANGED;
        return OUTCOME_ENOUGH;
    }
    return deployed && !run->renamed && run_has_moved(run) ? OUTCOME_MOVED : OUTCOME_DONE;
}

// The stack takes a change set; one that a broken off deployment left is deleted before.
static MachineOutcome begin(StackRun *run, StackOperation operation)
{
    run->operation = operation;
    if (run->attempt >= MAX_CHANGE_SETS) {
        run_problem(run, RESULT_REFUSED,
            STR("others keep changing this stack, so that no change set holds"),
            STR("find out who else deploys it, and try again"));
        return OUTCOME_REFUSED;
    }
    const JournalEntry *left =
        run->attempt == 0 && !run->renamed ? run_unfinished(run, JOURNAL_CREATE_CHANGE_SET) : NULL;
    if (!left || !run->exists)
        return go_on(run);
    run->made_stack = str_is(run->status, "REVIEW_IN_PROGRESS");
    return OUTCOME_UNTIDY;
}

static MachineOutcome judge_status(StackRun *run)
{
    StackStatus status = stack_status(run->status);
    bool keep_going =
        run->deployment->options->no_rollback &&
        (str_is(run->status, "UPDATE_FAILED") || str_is(run->status, "CREATE_FAILED"));
    switch (status.phase) {
    case PHASE_ABSENT:
    case PHASE_REVIEW:
        return begin(run, OPERATION_CREATE);
    case PHASE_READY:
        return begin(run, OPERATION_UPDATE);
    case PHASE_BUSY:
        run->ours = run_unfinished(run, JOURNAL_EXECUTE) != NULL;
        return OUTCOME_BUSY;
    case PHASE_DEAD:
        if (run->deployment->options->replace_failed && !run->replaced)
            return OUTCOME_DEAD;
        return refuse_status(run, status);
    case PHASE_STUCK:
        break;
    }
    return keep_going ? begin(run, OPERATION_UPDATE) : refuse_status(run, status);
}

MachineOutcome run_look(StackRun *run)
{
    CfnStack stack = {0};
    run->exists = false;
    run->status = STR_NONE;
    AwsReply reply = cfn_describe_stack(&run->client, run->scratch, run->stack->name, &stack);
    if (reply.ok)
        run_take_stack(run, &stack);
    if (reply.ok || cfn_is_missing(&reply))
        return judge_status(run);
    run_problem_of(run, RESULT_REFUSED, "AWS does not say what is deployed", &reply);
    return OUTCOME_REFUSED;
}

// ---- operations that go on already ----

static void tell_attached(StackRun *run)
{
    const JournalEntry *entry = run->ours ? run_unfinished(run, JOURNAL_EXECUTE) : NULL;
    Str text =
        str_format(run->scratch, "%.*s goes on: altc waits for its end", STR_FMT(run->status));
    if (entry)
        text = str_format(run->scratch, "taking up deployment %.*s, which was broken off in %.*s",
            STR_FMT(entry->deployment), STR_FMT(run->status));
    run_notify(run, (Notice){.kind = NOTICE_NOTE, .text = text});
}

static MachineOutcome attached_ended(StackRun *run, Str status)
{
    run->status = str_copy(run->arena, status);
    bool creation = str_starts(status, STR("CREATE_")) || str_starts(status, STR("ROLLBACK_"));
    bool import = str_starts(status, STR("IMPORT_"));
    DeployResult result = stack_status_result(status, creation ? OPERATION_CREATE
                                                      : import ? OPERATION_IMPORT
                                                               : OPERATION_UPDATE);
    if (!run->ours || result == RESULT_DONE || result == RESULT_NONE) {
        run->changed = run->changed || run->ours;
        return OUTCOME_DONE;
    }
    Diagnosis *diagnosis = diagnosis_new(
        run->scratch, follower_events(run->follower), run->deployment->manifest, run->stack->id);
    diagnosis_tell(diagnosis, run->stack->id, run->client.region, run->deployment->listener);
    run_problem(run, result,
        str_format(
            run->scratch, "the deployment that was broken off ended in %.*s", STR_FMT(status)),
        stack_status(status).hint);
    return OUTCOME_FAILED;
}

MachineOutcome run_attach(StackRun *run)
{
    if (!run->follower) {
        tell_attached(run);
        run_start_following(run, STR_NONE, STR_NONE);
    }
    FollowStep step = follower_poll(run->follower);
    if (step.state == FOLLOW_ENDED) {
        MachineOutcome outcome = attached_ended(run, step.status);
        run_stop_following(run);
        return outcome;
    }
    if (step.state != FOLLOW_LOST)
        return run_wait(run, step.wait);
    run_problem_of(run, RESULT_RUNNING, "the operation cannot be followed", &step.trouble);
    run_stop_following(run);
    return OUTCOME_REFUSED;
}

// ---- stacks that can only be deleted ----

MachineOutcome run_replace(StackRun *run)
{
    run_step_note(run, "deleting the stack whose creation failed");
    Str token = run_token(run, "replace");
    if (!run_begin(run, JOURNAL_DELETE_STACK, run->stack_id, token))
        return OUTCOME_REFUSED;
    CfnDeleteRequest request = {
        .stack = run->stack_id, .token = token, .role = run->deployment->options->role};
    AwsReply reply = cfn_delete_stack(&run->client, run->scratch, &request);
    run_end(run, JOURNAL_DELETE_STACK, run->stack_id, &reply);
    if (reply.ok || cfn_is_ambiguous(&reply))
        return OUTCOME_DONE;
    run_problem_of(run, RESULT_STUCK, "AWS does not delete the failed stack", &reply);
    return OUTCOME_REFUSED;
}

MachineOutcome run_deleting(StackRun *run)
{
    CfnStack stack = {0};
    AwsReply reply = cfn_describe_stack(&run->client, run->scratch, run->stack_id, &stack);
    if (cfn_is_missing(&reply) || (reply.ok && str_is(stack.status, "DELETE_COMPLETE"))) {
        run->replaced = true;
        return OUTCOME_DONE;
    }
    if (!reply.ok || str_ends(stack.status, STR("_IN_PROGRESS")))
        return run_wait(run, run->deployment->pace.busy);
    // The deletion may not be seen yet, or never have arrived: then it is begun again.
    if (!str_is(stack.status, "DELETE_FAILED"))
        return run_retry(run, OUTCOME_DONE);
    run_problem(run, RESULT_STUCK,
        str_format(run->scratch, "the failed stack cannot be deleted: %.*s", STR_FMT(stack.reason)),
        stack_status(stack.status).hint);
    return OUTCOME_FAILED;
}

// ---- what broken off deployments left ----

MachineOutcome run_tidy(StackRun *run)
{
    const JournalEntry *left = run_unfinished(run, JOURNAL_CREATE_CHANGE_SET);
    CfnChangeSets sets = {0};
    AwsReply reply = cfn_list_change_sets(&run->client, run->scratch, run->stack_id, &sets);
    for (size_t i = 0; reply.ok && left && i < sets.len; i++) {
        const CfnChangeSet *set = &sets.items[i];
        if (!str_starts(set->name, left->deployment) ||
            str_is(set->execution_status, "EXECUTE_IN_PROGRESS"))
            continue;
        if (!run_begin(run, JOURNAL_DELETE_CHANGE_SET, set->id, STR_NONE))
            break;
        AwsReply gone = cfn_delete_change_set(&run->client, run->scratch, set->id);
        run_end(run, JOURNAL_DELETE_CHANGE_SET, set->id, &gone);
    }
    // What stays does no harm: the next execution deletes all other change sets.
    if (!reply.ok)
        run_notify(run, (Notice){.kind = NOTICE_NOTE,
                            .text = str_format(run->scratch,
                                "change sets that were left cannot be looked for: %.*s",
                                STR_FMT(run_reason(&reply)))});
    return go_on(run);
}
