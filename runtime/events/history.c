#include "runtime/events/history.h"

#include <stdlib.h>

#include "compiler/base/map.h"

enum { MAX_PAGES = 1000, MAX_DEPTH = 8 };

typedef struct Dated {
    StackEvent event;
    size_t order; // from the newest
} Dated;

typedef VEC(Dated) DatedEvents;
typedef VEC(EventStream) Operations;

static int compare_age(const void *left, const void *right)
{
    const Dated *a = left;
    const Dated *b = right;
    if (a->event.time != b->event.time)
        return a->event.time < b->event.time ? -1 : 1;
    return a->order > b->order ? -1 : a->order < b->order;
}

static bool begins(const CfnEvent *event, bool resting)
{
    return resting && event_is_of_stack(event) && !status_is_at_rest(event->status);
}

// Reads, and puts in order, until there are more beginnings than wanted or what comes is older than
// `from`.
static AwsReply read_events(
    AwsClient *client, Arena *arena, Str stack, size_t most, int64_t from, DatedEvents *events)
{
    Str token = STR_NONE;
    Map ids = {0};
    size_t rests = 0;
    AwsReply reply;
    for (int pages = 0; pages < MAX_PAGES; pages++) {
        CfnEvents page = {0};
        Str next = STR_NONE;
        reply = cfn_stack_events(client, arena, stack, token, &page, &next);
        if (!reply.ok)
            return reply;
        for (size_t i = 0; i < page.len; i++) {
            const CfnEvent *cfn = &page.items[i];
            if (map_find(&ids, cfn->id))
                continue;
            map_set(&ids, arena, cfn->id, &page.items[i]);
            Dated dated = {{*cfn, event_time(cfn->time)}, events->len};
            VEC_ADD(arena, events, dated);
            rests += event_is_of_stack(cfn) && status_is_at_rest(cfn->status);
        }
        bool old = page.len && event_time(page.items[page.len - 1].time) < from;
        if (!next.len || str_equal(next, token) || rests > most + 1 || old)
            break;
        token = next;
    }
    if (events->len)
        qsort(events->items, events->len, sizeof *events->items, compare_age);
    return reply;
}

static Str kind_of(Str status)
{
    size_t end = str_find(status, STR("_IN_PROGRESS"), 0);
    Str kind = str_slice(status, 0, end == SIZE_MAX ? status.len : end);
    return str_is(kind, "UPDATE_ROLLBACK") ? STR("ROLLBACK") : kind;
}

static size_t count_resources(Arena *arena, const EventStream *stream)
{
    Map names = {0};
    for (size_t i = 0; i < stream->events.len; i++)
        if (!event_is_of_stack(&stream->events.items[i]->cfn))
            map_set(&names, arena, stream->events.items[i]->cfn.logical_id, &names);
    return names.len;
}

// ---- nested stacks ----

static bool has_child(const EventStream *stream, Str stack)
{
    for (size_t i = 0; i < stream->children.len; i++)
        if (str_equal(stream->children.items[i]->stack_id, stack))
            return true;
    return false;
}

// What happened meanwhile in the nested stack that failed. One whose events cannot be read is left
// out: then its failure is told as the stack around it tells it.
static EventStream *read_child(
    AwsClient *client, Arena *arena, const EventStream *parent, const CfnEvent *cfn)
{
    const StackEvent *first = parent->events.items[0];
    const StackEvent *last = parent->events.items[parent->events.len - 1];
    Str stack = event_nested_stack(cfn);
    DatedEvents events = {0};
    AwsReply reply = read_events(client, arena, stack, SIZE_MAX / 2, first->time, &events);
    EventStream *child = ARENA_NEW(arena, EventStream);
    *child = (EventStream){.stack_id = stack,
        .stack_name = stack_name_of(stack),
        .logical_id = cfn->logical_id,
        .depth = parent->depth + 1};
    for (size_t i = 0; reply.ok && i < events.len; i++) {
        const StackEvent *event = &events.items[i].event;
        if (event->time >= first->time && event->time <= last->time)
            VEC_ADD(arena, &child->events, event);
    }
    return child->events.len ? child : NULL;
}

static void add_failed_children(AwsClient *client, Arena *arena, EventStream *stream)
{
    for (size_t i = 0; i < stream->events.len && stream->depth < MAX_DEPTH; i++) {
        const CfnEvent *cfn = &stream->events.items[i]->cfn;
        Str stack = event_nested_stack(cfn);
        if (!stack.len || !status_is_failure(cfn->status) || has_child(stream, stack))
            continue;
        EventStream *child = read_child(client, arena, stream, cfn);
        if (!child)
            continue;
        VEC_ADD(arena, &stream->children, child);
        add_failed_children(client, arena, child);
    }
}

// ---- operations ----

static PastOperation make_operation(AwsClient *client, Arena *arena, EventStream *stream)
{
    add_failed_children(client, arena, stream);
    const StackEvent *first = stream->events.items[0];
    const StackEvent *last = stream_stack_event(stream);
    PastOperation past = {.kind = kind_of(first->cfn.status),
        .status = last->cfn.status,
        .token = first->cfn.token,
        .start = first->time,
        .end = last->time,
        .open = !status_is_at_rest(last->cfn.status),
        .resources = count_resources(arena, stream)};
    Diagnosis *found = diagnosis_new(arena, stream, NULL, STR_NONE);
    past.causes = found->causes.len ? found->causes : found->undoing;
    return past;
}

static void end_operation(Arena *arena, EventStream *stream, Operations *operations)
{
    if (!stream->events.len)
        return;
    VEC_ADD(arena, operations, *stream);
    stream->events.items = NULL;
    stream->events.len = stream->events.cap = 0;
}

// Oldest first.
static Operations take_apart(Arena *arena, Str stack, const DatedEvents *events)
{
    Operations operations = {0};
    EventStream stream = {.stack_id = stack, .stack_name = stack_name_of(stack)};
    bool resting = true;
    for (size_t i = 0; i < events->len; i++) {
        const CfnEvent *cfn = &events->items[i].event.cfn;
        if (begins(cfn, resting))
            end_operation(arena, &stream, &operations);
        if (event_is_of_stack(cfn))
            resting = status_is_at_rest(cfn->status);
        // What stands before the first beginning belongs to an operation that was not read whole.
        if (stream.events.len || begins(cfn, true))
            VEC_ADD(arena, &stream.events, &events->items[i].event);
    }
    end_operation(arena, &stream, &operations);
    return operations;
}

AwsReply history_read(
    AwsClient *client, Arena *arena, Str stack, size_t most, PastOperations *operations)
{
    DatedEvents events = {0};
    AwsReply reply = read_events(client, arena, stack, most, 0, &events);
    if (!reply.ok)
        return reply;
    Operations found = take_apart(arena, stack, &events);
    for (size_t i = found.len; i-- > 0 && operations->len < most;) {
        PastOperation past = make_operation(client, arena, &found.items[i]);
        VEC_ADD(arena, operations, past);
    }
    return reply;
}
