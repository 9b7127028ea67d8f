#include "runtime/events/history.h"

#include <stdlib.h>

#include "compiler/base/map.h"

enum { MAX_PAGES = 1000 };

typedef struct Dated {
    StackEvent event;
    size_t order; // from the newest
} Dated;

typedef VEC(Dated) DatedEvents;

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

// Reads until there are more beginnings than wanted.
static AwsReply read_events(
    AwsClient *client, Arena *arena, Str stack, size_t most, DatedEvents *events)
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
        if (!next.len || str_equal(next, token) || rests > most + 1)
            break;
        token = next;
    }
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
        if (!event_is_of_stack(&stream->events.items[i].cfn))
            map_set(
                &names, arena, stream->events.items[i].cfn.logical_id, &stream->events.items[i]);
    return names.len;
}

static PastOperation make_operation(Arena *arena, const EventStream *stream)
{
    const StackEvent *first = &stream->events.items[0];
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

static void add_operation(Arena *arena, EventStream *stream, PastOperations *operations)
{
    if (!stream->events.len)
        return;
    PastOperation past = make_operation(arena, stream);
    VEC_ADD(arena, operations, past);
    stream->events.items = NULL;
    stream->events.len = stream->events.cap = 0;
}

static void reverse(PastOperations *operations)
{
    for (size_t i = 0; i < operations->len / 2; i++) {
        PastOperation other = operations->items[operations->len - 1 - i];
        operations->items[operations->len - 1 - i] = operations->items[i];
        operations->items[i] = other;
    }
}

AwsReply history_read(
    AwsClient *client, Arena *arena, Str stack, size_t most, PastOperations *operations)
{
    DatedEvents events = {0};
    AwsReply reply = read_events(client, arena, stack, most, &events);
    if (!reply.ok || !events.len)
        return reply;
    qsort(events.items, events.len, sizeof *events.items, compare_age);
    EventStream stream = {.stack_id = stack, .stack_name = stack_name_of(stack)};
    bool resting = true;
    for (size_t i = 0; i < events.len; i++) {
        const CfnEvent *cfn = &events.items[i].event.cfn;
        if (begins(cfn, resting))
            add_operation(arena, &stream, operations);
        if (event_is_of_stack(cfn))
            resting = status_is_at_rest(cfn->status);
        // What stands before the first beginning belongs to an operation that was not read whole.
        if (stream.events.len || begins(cfn, true))
            VEC_ADD(arena, &stream.events, events.items[i].event);
    }
    add_operation(arena, &stream, operations);
    reverse(operations);
    if (operations->len > most)
        operations->len = most;
    return reply;
}
