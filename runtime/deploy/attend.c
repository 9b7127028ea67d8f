#include "runtime/deploy/attend.h"

#include "runtime/deploy/stage.h"
#include "runtime/events/cause.h"

StackOperation attend_operation_of(Str status)
{
    static const struct {
        const char *start;
        StackOperation operation;
    } ROWS[] = {{"CREATE_", OPERATION_CREATE}, {"ROLLBACK_", OPERATION_CREATE},
        {"UPDATE_", OPERATION_UPDATE}, {"DELETE_", OPERATION_DELETE},
        {"IMPORT_", OPERATION_IMPORT}};
    if (stack_status(status).phase != PHASE_BUSY)
        return OPERATION_NONE;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        if (str_starts(status, str_of(ROWS[i].start)))
            return ROWS[i].operation;
    return OPERATION_UPDATE;
}

static void start(Console *console, Attended *item)
{
    FollowTarget target = {.client = &item->stack->client,
        .stack = item->stack->now.id,
        .stack_id = item->stack->stack->id,
        .token = item->token,
        .working = true,
        .manifest = console->manifest,
        .pace = console->options.poll ? pace_scaled(console->options.poll) : pace_default()};
    item->follower = follower_new(console->world, &target, console->listener);
    item->result = RESULT_NONE;
}

static void settle(Console *console, Attended *item, DeployResult result)
{
    item->result = result;
    console_notify(console, item->stack,
        (Notice){.kind = NOTICE_RESULT,
            .status = notice_result(result),
            .physical_id = item->stack->now.id});
}

static bool is_of_stack_itself(const Cause *cause)
{
    return str_equal(cause->logical_id, cause->stack_name);
}

// Without a resource that failed the cause of a rollback is the stack's own: the cancelling, of
// which who did it just now needs no telling.
static void tell_causes(Console *console, const Attended *item, bool cancelled)
{
    Diagnosis *diagnosis = diagnosis_new(
        console->arena, follower_events(item->follower), console->manifest, item->stack->stack->id);
    if (cancelled && diagnosis->causes.len && is_of_stack_itself(&diagnosis->causes.items[0]))
        diagnosis->causes.len = 0;
    diagnosis_tell(
        diagnosis, item->stack->stack->id, item->stack->client.region, console->listener);
}

static void end(Console *console, Attended *item, const FollowStep *step)
{
    item->status = str_copy(console->arena, step->status);
    DeployResult result = stack_status_result(item->status, item->operation);
    result = result == RESULT_NONE ? RESULT_STUCK : result;
    if (!item->keep_quiet)
        tell_causes(console, item, item->operation == OPERATION_CANCEL && result == RESULT_DONE);
    if (result != RESULT_DONE && stack_status(item->status).hint.len)
        console_notify(console, item->stack,
            (Notice){.kind = NOTICE_NOTE,
                .text = str_format(console->arena, "the stack is in %.*s", STR_FMT(item->status)),
                .hint = stack_status(item->status).hint});
    settle(console, item, result);
}

static void poll(Console *console, Attended *item)
{
    FollowStep step = follower_poll(item->follower);
    const World *world = console->world;
    if (step.state == FOLLOW_ENDED) {
        end(console, item, &step);
    } else if (step.state == FOLLOW_LOST) {
        console_refused(
            console, item->stack, "the operation goes on, but cannot be followed", &step.trouble);
        settle(console, item, RESULT_RUNNING);
    }
    item->wake = world->steady(world->context) + step.wait;
}

bool attend_is_stopped(const Console *console)
{
    const World *world = console->world;
    return world->host->cancelled(world->host->context) ||
           (console->deadline && world->steady(world->context) >= console->deadline);
}

void attend_wait(const Console *console, int64_t until)
{
    enum { TICK = 200 };
    const World *world = console->world;
    for (int64_t left = until - world->steady(world->context); left > 0;
         left = until - world->steady(world->context)) {
        world->sleep(world->context, left < TICK ? left : TICK);
        show_tick(console->screen.show);
        if (world->host->cancelled(world->host->context))
            return;
    }
}

// The moment of the next poll; INT64_MAX when nothing is left to be polled.
static int64_t next_wake(const Attended *items, size_t count)
{
    int64_t wake = INT64_MAX;
    for (size_t i = 0; i < count; i++)
        if (items[i].result == RESULT_NONE && items[i].wake < wake)
            wake = items[i].wake;
    return wake;
}

static void leave_alone(Console *console, Attended *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (items[i].result != RESULT_NONE)
            continue;
        console_notify(console, items[i].stack,
            (Notice){.kind = NOTICE_NOTE,
                .text = STR("the operation goes on without altc"),
                .hint = STR("'altc watch' attaches to it, 'altc cancel' stops it")});
        settle(console, &items[i], RESULT_RUNNING);
    }
}

DeployResult attend(Console *console, Attended *items, size_t count)
{
    const World *world = console->world;
    int64_t deadline = console->deadline;
    for (size_t i = 0; i < count; i++)
        start(console, &items[i]);
    for (int64_t wake = 0; wake != INT64_MAX; wake = next_wake(items, count)) {
        attend_wait(console, deadline && wake > deadline ? deadline : wake);
        if (console->options.no_wait || attend_is_stopped(console)) {
            leave_alone(console, items, count);
            break;
        }
        for (size_t i = 0; i < count; i++)
            if (items[i].result == RESULT_NONE && items[i].wake <= world->steady(world->context))
                poll(console, &items[i]);
        show_tick(console->screen.show);
    }
    DeployResult result = RESULT_UNCHANGED;
    for (size_t i = 0; i < count; i++)
        result = stage_worse(result, items[i].result);
    return result;
}

void attend_release(Attended *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        follower_free(items[i].follower);
        items[i].follower = NULL;
    }
}
