#include "runtime/deploy/stage.h"

#include "runtime/deploy/run_priv.h"

typedef enum Readiness { READY, LATER, NEVER } Readiness;

DeployResult stage_worse(DeployResult a, DeployResult b)
{
    static const unsigned char RANKS[RESULT_COUNT] = {
        [RESULT_UNCHANGED] = 0,
        [RESULT_DONE] = 1,
        [RESULT_DIFFERENT] = 2,
        [RESULT_NOT_STARTED] = 3,
        [RESULT_DECLINED] = 4,
        [RESULT_GUARDED] = 5,
        [RESULT_UNFIT] = 6,
        [RESULT_REFUSED] = 7,
        [RESULT_IDENTITY] = 8,
        [RESULT_RUNNING] = 9,
        [RESULT_ROLLED_BACK] = 10,
        [RESULT_STUCK] = 11,
        [RESULT_NONE] = 12,
    };
    return RANKS[a] >= RANKS[b] ? a : b;
}

// A run that took its first action is past the question.
static Readiness readiness(const StackRun *run)
{
    Readiness result = READY;
    for (size_t i = 0; i < run->stack->depends_on.len; i++) {
        const StackRun *needed = run_find(run->deployment, run->stack->depends_on.items[i]);
        if (needed && needed->state != STATE_SETTLED)
            result = LATER;
        else if (needed && !run_is_fine(needed))
            return NEVER;
    }
    return result;
}

static void settle_as_not_started(StackRun *run, Str why)
{
    run->state = STATE_SETTLED;
    run->result = RESULT_NOT_STARTED;
    run_notify(
        run, (Notice){.kind = NOTICE_RESULT, .status = notice_result(run->result), .text = why});
}

static bool settle_unstarted(StackRun *run)
{
    if (run->state != STATE_LOOK || run->attempt || readiness(run) != NEVER)
        return false;
    settle_as_not_started(run, STR("a stack that it depends on is not as it needs"));
    return true;
}

static void tick(const Deployment *deployment)
{
    if (deployment->face.tick)
        deployment->face.tick(deployment->face.context);
}

// Takes one turn of each run whose time has come. Gives how long nothing has to be done, or -1
// when all are settled.
static int64_t take_turns(Deployment *deployment)
{
    const World *world = deployment->world;
    int64_t wait = -1;
    for (size_t i = 0; i < deployment->runs.len; i++) {
        StackRun *run = deployment->runs.items[i];
        if (run->state == STATE_SETTLED || settle_unstarted(run) || readiness(run) != READY)
            continue;
        int64_t now = world->steady(world->context);
        if (run->wake <= now || run_stopped(run))
            run_step(run);
        tick(deployment);
        int64_t left = run->state == STATE_SETTLED ? 0 : run->wake - now;
        left = left > 0 ? left : 0;
        wait = wait < 0 || left < wait ? left : wait;
    }
    return wait;
}

// In pieces, so that what counts seconds goes on counting.
static void pass_time(const Deployment *deployment, int64_t milliseconds)
{
    enum { TICK = 200 };
    const World *world = deployment->world;
    int64_t end = world->steady(world->context) + milliseconds;
    for (int64_t left = milliseconds; left > 0; left = end - world->steady(world->context)) {
        world->sleep(world->context, left < TICK ? left : TICK);
        tick(deployment);
        if (world->host->cancelled(world->host->context))
            return;
    }
}

DeployResult stage_run(Deployment *deployment)
{
    for (int64_t wait = 0; wait >= 0; wait = take_turns(deployment))
        pass_time(deployment, wait);
    DeployResult result = RESULT_UNCHANGED;
    for (size_t i = 0; i < deployment->runs.len; i++) {
        StackRun *run = deployment->runs.items[i];
        // What waits for itself in a circle never began.
        if (run->state != STATE_SETTLED)
            settle_as_not_started(run, STR("stacks depend on each other in a circle"));
        result = stage_worse(result, run->result);
    }
    return result;
}
