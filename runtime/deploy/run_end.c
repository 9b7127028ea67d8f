// What is left to do once it is clear how a change set ends.
#include "compiler/data/data.h"
#include "runtime/deploy/run_priv.h"

// ---- change sets that are not carried out ----

// A stack that exists only because of our change set goes with it, unless somebody uses it.
static void delete_empty_stack(StackRun *run)
{
    CfnStack stack = {0};
    CfnChangeSets sets = {0};
    AwsReply reply = cfn_describe_stack(&run->client, run->scratch, run->stack_id, &stack);
    if (!reply.ok || !str_is(stack.status, "REVIEW_IN_PROGRESS"))
        return;
    reply = cfn_list_change_sets(&run->client, run->scratch, run->stack_id, &sets);
    bool used = !reply.ok;
    for (size_t i = 0; i < sets.len; i++)
        used = used || !str_equal(sets.items[i].id, run->change_set_id);
    Str token = run_token(run, "discard");
    if (used || !run_begin(run, JOURNAL_DELETE_STACK, run->stack_id, token))
        return;
    CfnDeleteRequest request = {.stack = run->stack_id, .token = token};
    reply = cfn_delete_stack(&run->client, run->scratch, &request);
    run_end(run, JOURNAL_DELETE_STACK, run->stack_id, &reply);
}

// False: it is being worked on, and must be tried again.
static bool delete_change_set(StackRun *run)
{
    if (!run->change_set_id.len ||
        !run_begin(run, JOURNAL_DELETE_CHANGE_SET, run->change_set_id, STR_NONE))
        return true;
    AwsReply reply = cfn_delete_change_set(&run->client, run->scratch, run->change_set_id);
    run_end(run, JOURNAL_DELETE_CHANGE_SET, run->change_set_id, &reply);
    if (str_find(reply.message, STR("currently in progress"), 0) != SIZE_MAX ||
        cfn_is_throttled(&reply))
        return false;
    if (!reply.ok)
        run_notify(run, (Notice){.kind = NOTICE_WARNING,
                            .text = str_format(run->scratch, "change set %.*s stays: %.*s",
                                STR_FMT(run->change_set), STR_FMT(run_reason(&reply)))});
    return true;
}

// A stack that failed without rollback is not well because there is nothing to change.
static bool is_still_failed(StackRun *run)
{
    if (run->deployment->only_plan || stack_status(run->status).phase != PHASE_STUCK)
        return false;
    run_problem(run, RESULT_STUCK,
        str_format(run->scratch, "there is nothing to change, but the stack is in %.*s",
            STR_FMT(run->status)),
        STR("change what failed ('altc events' tells) and deploy again, or 'altc rollback'"));
    return true;
}

MachineOutcome run_discard(StackRun *run)
{
    if (!delete_change_set(run)) {
        MachineOutcome outcome = run_retry(run, OUTCOME_DONE);
        if (outcome == OUTCOME_WAITING)
            return outcome;
    }
    if (run->came_as == OUTCOME_STALE) {
        run_notify(run, (Notice){.kind = NOTICE_NOTE,
                            .text = STR("the stack was changed meanwhile: the change set is made "
                                        "anew")});
        return OUTCOME_STALE;
    }
    if (run->came_as == OUTCOME_EMPTY) {
        if (is_still_failed(run))
            return OUTCOME_DONE;
        run->result = run->changed ? RESULT_DONE : RESULT_UNCHANGED;
        if (run->deployment->only_plan && run->renames.len)
            run_plan_of_names(run);
        return run->deployment->only_plan ? OUTCOME_DONE : OUTCOME_EMPTY;
    }
    if (run->made_stack)
        delete_empty_stack(run);
    return OUTCOME_DONE;
}

// ---- outputs ----

static MachineOutcome tell_outputs(StackRun *run)
{
    for (size_t i = 0; i < run->outputs.len; i++)
        run_notify(run, (Notice){.kind = NOTICE_OUTPUT,
                            .logical_id = run->outputs.items[i].key,
                            .text = run->outputs.items[i].value});
    return OUTCOME_DONE;
}

MachineOutcome run_outputs(StackRun *run)
{
    CfnStack stack = {0};
    if (!run->carried_out)
        return tell_outputs(run); // they were read when it was looked at
    AwsReply reply = cfn_describe_stack(&run->client, run->scratch, run->stack_id, &stack);
    if (!reply.ok) {
        run_problem_of(
            run, RESULT_STUCK, "the stack stands, but its outputs cannot be read", &reply);
        return OUTCOME_REFUSED;
    }
    // Descriptions lag behind events.
    if (str_ends(stack.status, STR("_IN_PROGRESS"))) {
        MachineOutcome outcome = run_retry(run, OUTCOME_DONE);
        if (outcome == OUTCOME_WAITING)
            return outcome;
    }
    run_take_stack(run, &stack);
    return tell_outputs(run);
}
