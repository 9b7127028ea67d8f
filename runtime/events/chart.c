#include "runtime/events/chart.h"

#include "compiler/base/map.h"

// What starts up to this many milliseconds before another ended may have waited for it: AWS's times
// are those of its messages.
enum { HANDOVER = 1000 };

typedef VEC(size_t) Indices;

// A bar while its stream is read; `ready` is when dependants could start.
typedef struct OpenBar {
    size_t index;
    bool open;
} OpenBar;

typedef struct Making {
    Arena *arena;
    Chart *chart;
    VEC(int64_t) ready; // of each bar
    int64_t now;
} Making;

static void start_bar(
    Making *making, const EventStream *stream, const StackEvent *event, OpenBar *open)
{
    open->index = making->chart->bars.len;
    open->open = true;
    ChartBar bar = {.stack_name = stream->stack_name,
        .logical_id = event->cfn.logical_id,
        .type = event->cfn.type,
        .status = event->cfn.status,
        .start = event->time - making->chart->began,
        .end = making->now - making->chart->began,
        .depth = stream->depth,
        .open = true};
    VEC_ADD(making->arena, &making->chart->bars, bar);
    VEC_ADD(making->arena, &making->ready, INT64_MAX);
}

// One bar for each time a resource was worked on: made, and perhaps deleted again by the rollback.
static void read_event(
    Making *making, const EventStream *stream, Map *open_bars, const StackEvent *event)
{
    const CfnEvent *cfn = &event->cfn;
    OpenBar *open = map_find(open_bars, cfn->logical_id);
    bool rests = status_is_at_rest(cfn->status);
    if (!open) {
        open = ARENA_NEW(making->arena, OpenBar);
        map_set(open_bars, making->arena, cfn->logical_id, open);
    }
    if (!open->open && rests)
        return; // its beginning is not known
    if (!open->open)
        start_bar(making, stream, event, open);
    int64_t time = event->time - making->chart->began;
    if (str_is(cfn->detailed_status, "CONFIGURATION_COMPLETE"))
        making->ready.items[open->index] = time;
    if (!rests)
        return;
    ChartBar *bar = &making->chart->bars.items[open->index];
    bar->end = time;
    bar->status = cfn->status;
    bar->open = open->open = false;
    if (making->ready.items[open->index] > time)
        making->ready.items[open->index] = time;
}

// The bar that was ready last when the given one began.
static size_t last_before(const Making *making, const Indices *bars, const ChartBar *next)
{
    size_t best = SIZE_MAX;
    int64_t best_time = -1;
    for (size_t i = 0; i < bars->len; i++) {
        const ChartBar *bar = &making->chart->bars.items[bars->items[i]];
        int64_t ready = making->ready.items[bars->items[i]];
        int64_t done = ready < bar->end ? ready : bar->end;
        if (bar->start < next->start && done <= next->start + HANDOVER && done > best_time) {
            best = bars->items[i];
            best_time = done;
        }
    }
    return best;
}

// Backwards from what ended last, each time to what ended last before it began: whoever wants the
// operation shorter has to shorten one of these.
static void mark_chain(Making *making, const Indices *bars)
{
    size_t at = SIZE_MAX;
    for (size_t i = 0; i < bars->len; i++)
        if (at == SIZE_MAX ||
            making->chart->bars.items[bars->items[i]].end > making->chart->bars.items[at].end)
            at = bars->items[i];
    while (at != SIZE_MAX) {
        ChartBar *bar = &making->chart->bars.items[at];
        bar->critical = true;
        at = last_before(making, bars, bar);
    }
}

// What is in a nested stack counts only while the nested stack itself does.
static bool is_critical(const Making *making, const Indices *bars, Str logical_id)
{
    for (size_t i = 0; i < bars->len; i++) {
        const ChartBar *bar = &making->chart->bars.items[bars->items[i]];
        if (bar->critical && str_equal(bar->logical_id, logical_id))
            return true;
    }
    return false;
}

static void read_stream(Making *making, const EventStream *stream, bool critical)
{
    Map open_bars = {0};
    Indices own = {0};
    for (size_t i = 0; i < stream->events.len; i++) {
        const StackEvent *event = stream->events.items[i];
        size_t before = making->chart->bars.len;
        if (!event_is_of_stack(&event->cfn))
            read_event(making, stream, &open_bars, event);
        if (making->chart->bars.len > before)
            VEC_ADD(making->arena, &own, before);
    }
    if (critical)
        mark_chain(making, &own);
    for (size_t i = 0; i < stream->children.len; i++) {
        const EventStream *child = stream->children.items[i];
        read_stream(making, child, is_critical(making, &own, child->logical_id));
    }
}

Chart *chart_new(Arena *arena, const EventStream *events, int64_t now)
{
    Chart *chart = ARENA_NEW(arena, Chart);
    chart->stack_name = events->stack_name;
    if (!events->events.len)
        return chart;
    const StackEvent *last = stream_stack_event(events);
    chart->began = events->events.items[0]->time;
    chart->open = !last || !status_is_at_rest(last->cfn.status);
    int64_t end = chart->open ? now : last->time;
    chart->length = end > chart->began ? end - chart->began : 0;
    Making making = {.arena = arena, .chart = chart, .now = end};
    read_stream(&making, events, true);
    return chart;
}

const ChartBar *chart_longest(const Chart *chart)
{
    const ChartBar *longest = NULL;
    for (size_t i = 0; i < chart->bars.len; i++) {
        const ChartBar *bar = &chart->bars.items[i];
        bool nested = str_is(bar->type, "AWS::CloudFormation::Stack");
        if (bar->critical && !nested &&
            (!longest || bar->end - bar->start > longest->end - longest->start))
            longest = bar;
    }
    return longest;
}
