#include "runtime/deploy/run.h"

#include "runtime/deploy/run_priv.h"

typedef MachineOutcome (*Action)(StackRun *run);

static const Action ACTIONS[STATE_COUNT] = {
    [STATE_LOOK] = run_look,
    [STATE_ATTACH] = run_attach,
    [STATE_REPLACE] = run_replace,
    [STATE_DELETING] = run_deleting,
    [STATE_TIDY] = run_tidy,
    [STATE_RENAME] = run_rename,
    [STATE_REFACTOR] = run_refactor,
    [STATE_VERIFY] = run_verify,
    [STATE_MOVE] = run_move,
    [STATE_MOVING] = run_moving,
    [STATE_PREPARE] = run_prepare,
    [STATE_FIND] = run_find_change_set,
    [STATE_AWAIT] = run_await,
    [STATE_READ] = run_read,
    [STATE_JUDGE] = run_judge,
    [STATE_CONFIRM] = run_confirm,
    [STATE_PROTECT] = run_protect,
    [STATE_EXECUTE] = run_execute,
    [STATE_CHECK] = run_check,
    [STATE_FOLLOW] = run_follow,
    [STATE_CANCEL] = run_cancel,
    [STATE_DISCARD] = run_discard,
    [STATE_SECURE] = run_secure,
    [STATE_OUTPUTS] = run_outputs,
};

StackRun *run_new(Deployment *deployment, const ManifestStack *stack, Cred *cred, Str *error)
{
    Arena *arena = deployment->arena;
    StackRun *run = ARENA_NEW(arena, StackRun);
    *run = (StackRun){.deployment = deployment, .stack = stack, .arena = arena};
    if (!cred_client(cred, arena, STR("cloudformation"), stack->region, &run->client, error))
        return NULL;
    run->scratch = arena_new();
    run->review = arena_new();
    VEC_ADD(arena, &deployment->runs, run);
    return run;
}

void run_release(StackRun *run)
{
    run_stop_following(run);
    arena_free(run->scratch);
    arena_free(run->review);
    run->scratch = NULL;
    run->review = NULL;
}

StackRun *run_find(const Deployment *deployment, Str id)
{
    for (size_t i = 0; i < deployment->runs.len; i++)
        if (str_equal(deployment->runs.items[i]->stack->id, id))
            return deployment->runs.items[i];
    return NULL;
}

bool run_is_fine(const StackRun *run)
{
    return run->state == STATE_SETTLED &&
           (run->result == RESULT_DONE || run->result == RESULT_UNCHANGED);
}

static void settle(StackRun *run)
{
    run_stop_following(run);
    Str word = notice_result(run->result);
    Str error = STR_NONE;
    // What goes on without us, or may be there, stays unfinished in the journal.
    bool over = run->result != RESULT_RUNNING && !run->left;
    JournalEntry entry = {.step = JOURNAL_SETTLED,
        .deployment = run->deployment->id,
        .account = run->deployment->account,
        .region = run->client.region,
        .stack = run->stack->name,
        .subject = run->stack_id,
        .outcome = word};
    if (over && !journal_add(run->deployment->journal, run->scratch, entry, &error))
        run_notify(run, (Notice){.kind = NOTICE_WARNING, .text = error});
    run_notify(run, (Notice){.kind = NOTICE_RESULT, .status = word, .physical_id = run->stack_id});
}

// The only place where a state changes.
static void move(StackRun *run, MachineOutcome outcome)
{
    MachineState from = run->state;
    if (!machine_next(from, outcome, &run->state)) {
        run_problem(run, RESULT_STUCK,
            str_format(run->scratch,
                "altc has no way on from '%s' after '%s', which is a mistake "
                "in altc",
                machine_state_word(from), machine_outcome_word(outcome)),
            STR_NONE);
        run->state = STATE_SETTLED;
    }
    if (outcome != OUTCOME_WAITING) {
        run->tries = 0;
        run->came_as = outcome;
    }
    const RunTrace *trace = &run->deployment->trace;
    if (trace->moved && outcome != OUTCOME_WAITING)
        trace->moved(trace->context, run, from, outcome);
    if (outcome != OUTCOME_WAITING)
        world_log(run->deployment->world, "stack %.*s: %s, %s: %s", STR_FMT(run->stack->id),
            machine_state_word(from), machine_outcome_word(outcome),
            machine_state_word(run->state));
    if (run->state == STATE_SETTLED)
        settle(run);
}

// Nothing was carried out yet: what was prepared is taken back. Otherwise it goes on by itself.
static MachineOutcome stop(StackRun *run)
{
    const Deployment *deployment = run->deployment;
    bool late = !deployment->world->host->cancelled(deployment->world->host->context);
    const char *why = late ? "the time limit is reached" : "interrupted";
    bool under_way = run->state == STATE_FOLLOW || run->state == STATE_ATTACH ||
                     run->state == STATE_DELETING || run->state == STATE_CHECK ||
                     run->state == STATE_MOVING;
    if (!under_way) {
        run_problem(run, late ? RESULT_REFUSED : RESULT_DECLINED,
            str_format(run->scratch, "%s: %s", why, run_nothing_changed(run)), STR_NONE);
        return OUTCOME_STOPPED;
    }
    if (run->state == STATE_FOLLOW && deployment->options->cancel_on_interrupt && !late)
        return OUTCOME_CANCELLING;
    run->result = RESULT_RUNNING;
    run_notify(
        run, (Notice){.kind = NOTICE_NOTE,
                 .text = str_format(run->scratch, "%s: the operation goes on without altc", why),
                 .hint = STR("'altc watch' attaches to it, 'altc cancel' stops it")});
    return OUTCOME_STOPPED;
}

void run_step(StackRun *run)
{
    MachineState next;
    const World *world = run->deployment->world;
    arena_reset(run->scratch);
    run->wait = 0;
    bool stoppable = machine_next(run->state, OUTCOME_STOPPED, &next) && !run->cancelling;
    MachineOutcome outcome = stoppable && run_stopped(run) ? stop(run) : ACTIONS[run->state](run);
    move(run, outcome);
    run->wake = world->steady(world->context) + run->wait;
}
