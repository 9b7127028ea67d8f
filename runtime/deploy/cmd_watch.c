// altc watch: looks on while operations go on. altc events: what the newest one did, and with
// --chart how long each resource took.
#include "runtime/deploy/attend.h"
#include "runtime/events/cause.h"
#include "runtime/events/chart.h"

static void show_chart(Console *console, const EventStream *events)
{
    enum { LONGEST = 40 };
    const World *world = console->world;
    // AWS's clock may differ from ours; what has ended does not need it.
    Chart *chart = chart_new(console->arena, events, world->now(world->context));
    Buf out;
    buf_init(&out, 0);
    ChartView view = {.width = screen_width(),
        .rows = console->options.limit ? (size_t)console->options.limit : LONGEST,
        .color = console->screen.color};
    if (console->options.json)
        chart_write_json(&out, chart);
    else
        chart_write(&out, chart, &view);
    show_text(console->screen.show, buf_str(&out));
    buf_release(&out);
}

static DeployResult watch(Console *console)
{
    Attended *items = ARENA_ARRAY(console->arena, Attended, console->stacks.len);
    size_t count = 0;
    for (size_t i = 0; i < console->stacks.len; i++) {
        StageStack *stack = &console->stacks.items[i];
        StackOperation operation = attend_operation_of(stack->now.status);
        if (operation != OPERATION_NONE)
            items[count++] = (Attended){.stack = stack, .operation = operation};
    }
    if (!count)
        console_notify(console, NULL,
            (Notice){.kind = NOTICE_NOTE,
                .text = STR("nothing is under way"),
                .hint = STR("'altc events' tells what happened last")});
    DeployResult result = attend(console, items, count);
    for (size_t i = 0; i < count && console->options.chart; i++)
        show_chart(console, follower_events(items[i].follower));
    attend_release(items, count);
    return result;
}

int command_watch(const CommandContext *context)
{
    return console_run(context, &(ConsoleCommand){.work = watch});
}

// Reads the newest operation of a stack, as far as it has come.
static DeployResult tell_events(Console *console, StageStack *stack)
{
    if (!stack->now.id.len) {
        console_notify(console, stack,
            (Notice){.kind = NOTICE_NOTE,
                .text = str_format(
                    console->arena, "stack '%.*s' is not deployed", STR_FMT(stack->stack->name))});
        return RESULT_DONE;
    }
    FollowTarget target = {.client = &stack->client,
        .stack = stack->now.id,
        .stack_id = stack->stack->id,
        .manifest = console->manifest,
        .pace = pace_default()};
    Follower *follower = follower_new(console->world, &target, console->listener);
    FollowStep step;
    // The first poll reads the stack's own events, the next those of stacks nested in it.
    do {
        step = follower_poll(follower);
    } while (step.state == FOLLOW_RUNNING && step.news > 0);
    DeployResult result = RESULT_DONE;
    if (step.state == FOLLOW_LOST || step.failures)
        result = console_refused(console, stack, "the events cannot be read", &step.trouble);
    Diagnosis *diagnosis = diagnosis_new(
        console->arena, follower_events(follower), console->manifest, stack->stack->id);
    diagnosis_tell(diagnosis, stack->stack->id, stack->client.region, console->listener);
    if (console->options.chart)
        show_chart(console, follower_events(follower));
    follower_free(follower);
    return result;
}

int command_events(const CommandContext *context)
{
    return console_run(context, &(ConsoleCommand){.each = tell_events});
}
