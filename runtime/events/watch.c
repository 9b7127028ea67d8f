#include "runtime/events/watch_priv.h"

#include <stdlib.h>

enum {
    MAX_PAGES = 1000,
    MAX_TEXT = 16 * 1024, // of one field that is kept
    // Below so many known events in a row nothing new is looked for until the end, when more are
    // read: what comes so late is told late.
    KNOWN_IN_A_ROW = 16,
    KNOWN_AT_THE_END = 128,
};

// A page while it is read.
typedef struct PageStop {
    const Watch *watch;
    size_t known; // events in a row
} PageStop;

// With its place in AWS's order.
typedef struct ReadEvent {
    DatedEvent event;
    size_t order; // from the newest
} ReadEvent;

typedef VEC(ReadEvent) ReadEvents;

static int compare_age(const void *left, const void *right)
{
    const ReadEvent *a = left;
    const ReadEvent *b = right;
    if (a->event.time != b->event.time)
        return a->event.time < b->event.time ? -1 : 1;
    return a->order > b->order ? -1 : a->order < b->order;
}

// The operation ran into a failure and goes on with undoing it: one operation for people.
static bool goes_on(const CfnEvent *rest, const CfnEvent *next)
{
    bool undoable = rest && status_is_failure(rest->status) && !status_is_rollback(rest->status) &&
                    !str_is(rest->status, "DELETE_FAILED");
    bool undoes = status_is_rollback(next->status) || str_is(next->status, "DELETE_IN_PROGRESS");
    return undoable && undoes && str_equal(rest->token, next->token);
}

static bool may_begin(const Watch *watch, DatedEvent event)
{
    const CfnEvent *cfn = event.cfn;
    return event.time >= watch->from && (watch->parent || !watch->token.len || !cfn->token.len ||
                                            str_equal(cfn->token, watch->token));
}

// Where the operation begins in a list that is sorted by age; `count` when that is not in it. With
// a time to begin at, it is the first from there, otherwise the newest.
static size_t find_start(const Watch *watch, const ReadEvents *events)
{
    size_t start = events->len;
    const CfnEvent *rest = NULL;
    bool resting = true;
    for (size_t i = 0; i < events->len; i++) {
        DatedEvent event = events->items[i].event;
        if (!event_is_of_stack(event.cfn))
            continue;
        bool now_resting = status_is_at_rest(event.cfn->status);
        if (resting && !now_resting && !goes_on(rest, event.cfn)) {
            start = may_begin(watch, event) ? i : events->len;
            if (start == i && watch->from)
                return start;
        }
        resting = now_resting;
        rest = resting ? event.cfn : NULL;
    }
    return watch->working && resting ? events->len : start;
}

// The pages read so far hold an operation from its beginning: behind (below) it the stack rested.
static bool holds_operation(const ReadEvents *events)
{
    bool working = false;
    for (size_t i = 0; i < events->len; i++) {
        const CfnEvent *cfn = events->items[i].event.cfn;
        if (!event_is_of_stack(cfn))
            continue;
        bool rests = status_is_at_rest(cfn->status);
        if (working && rests && !status_is_failure(cfn->status))
            return true;
        working = working || !rests;
    }
    return false;
}

// No page further down can hold anything new.
static bool reaches_back(const Watch *watch, const ReadEvents *events)
{
    if (events->len == 0)
        return false;
    DatedEvent last = events->items[events->len - 1].event;
    if (last.time < watch->from)
        return true;
    if (!watch->began)
        return !watch->from && holds_operation(events);
    return !watch->gap && last.time < watch->newest - watch->overlap &&
           map_find(&watch->seen, last.cfn->id) != NULL;
}

// Of an element of the answer: it is an event below which nothing can be new, so that a page of a
// thousand known events costs nothing.
static bool is_enough(void *context, const XmlNode *element)
{
    PageStop *stop = context;
    const Watch *watch = stop->watch;
    if (!watch->began || watch->gap || !str_is(element->name, "member"))
        return false;
    bool known = map_find(&watch->seen, xml_text(element, "EventId")) != NULL;
    stop->known = known ? stop->known + 1 : 0;
    bool at_end = watch->overlap >= WATCH_LAST_OVERLAP;
    return stop->known >= (at_end ? KNOWN_AT_THE_END : KNOWN_IN_A_ROW) ||
           (known && event_time(xml_text(element, "Timestamp")) < watch->newest - watch->overlap);
}

static void add_page(ReadEvents *events, Map *ids, Arena *scratch, const CfnEvents *page)
{
    for (size_t i = 0; i < page->len; i++) {
        const CfnEvent *cfn = &page->items[i];
        // Pages move down when events come in between: what was read stands on the next one again.
        if (!cfn->id.len || map_find(ids, cfn->id))
            continue;
        map_set(ids, scratch, cfn->id, &page->items[i]);
        ReadEvent read = {{cfn, event_time(cfn->time)}, events->len};
        VEC_ADD(scratch, events, read);
    }
}

static AwsReply read_pages(Watch *watch, AwsClient *client, Arena *scratch, ReadEvents *events)
{
    Map ids = {0};
    Str token = STR_NONE;
    AwsReply reply;
    for (int page_count = 0; page_count < MAX_PAGES; page_count++) {
        CfnEvents page = {0};
        Str next = STR_NONE;
        PageStop context = {.watch = watch};
        XmlStop stop = {&context, is_enough};
        client->stop = &stop;
        reply = cfn_stack_events(client, scratch, watch->stream->stack_id, token, &page, &next);
        client->stop = NULL;
        if (!reply.ok) {
            watch->gap = watch->gap || page_count > 0;
            return reply;
        }
        add_page(events, &ids, scratch, &page);
        if (!next.len || str_equal(next, token) || reaches_back(watch, events))
            break;
        token = next;
    }
    watch->gap = false;
    return reply;
}

// What stands before the beginning is known from now on, also what has its time.
static void begin(Watch *watch, Arena *arena, const ReadEvents *events, size_t first)
{
    watch->began = true;
    watch->from = events->items[first].event.time;
    for (size_t i = first; i-- > 0 && events->items[i].event.time == watch->from;)
        map_set(&watch->seen, arena, str_copy(arena, events->items[i].event.cfn->id), watch);
}

AwsReply watch_read(
    Watch *watch, AwsClient *client, Arena *arena, Arena *scratch, DatedEvents *batch)
{
    ReadEvents events = {0};
    AwsReply reply = read_pages(watch, client, scratch, &events);
    if (events.len)
        qsort(events.items, events.len, sizeof *events.items, compare_age);
    size_t first = watch->began ? 0 : find_start(watch, &events);
    if (first < events.len && !watch->began)
        begin(watch, arena, &events, first);
    for (size_t i = first; i < events.len; i++) {
        DatedEvent event = events.items[i].event;
        if (event.time >= watch->from && !map_find(&watch->seen, event.cfn->id))
            VEC_ADD(scratch, batch, event);
    }
    return reply;
}

static Str keep(Arena *arena, Str text)
{
    return text.len ? str_copy(arena, str_slice(text, 0, MAX_TEXT)) : STR_NONE;
}

static CfnEvent keep_event(Arena *arena, const CfnEvent *event)
{
    return (CfnEvent){.id = keep(arena, event->id),
        .stack_id = keep(arena, event->stack_id),
        .stack_name = keep(arena, event->stack_name),
        .logical_id = keep(arena, event->logical_id),
        .physical_id = keep(arena, event->physical_id),
        .type = keep(arena, event->type),
        .time = keep(arena, event->time),
        .status = keep(arena, event->status),
        .reason = keep(arena, event->reason),
        .detailed_status = keep(arena, event->detailed_status),
        .token = keep(arena, event->token),
        .operation_id = keep(arena, event->operation_id),
        .hook_type = keep(arena, event->hook_type),
        .hook_status = keep(arena, event->hook_status),
        .hook_reason = keep(arena, event->hook_reason)};
}

// A nested stack goes back to work when the stack above it is rolled back; at the top, what comes
// after the end is another operation.
static bool belongs(const Watch *watch, DatedEvent event)
{
    const StackEvent *last = &watch->last;
    if (watch->parent || !status_is_at_rest(last->cfn.status))
        return true;
    return event.time <= last->time ||
           (event_is_of_stack(event.cfn) && goes_on(&last->cfn, event.cfn));
}

const StackEvent *watch_take(Watch *watch, Arena *arena, DatedEvent event)
{
    if (!belongs(watch, event))
        return NULL;
    EventStream *stream = watch->stream;
    StackEvent *kept = ARENA_NEW(arena, StackEvent);
    *kept = (StackEvent){keep_event(arena, event.cfn), event.time};
    map_set(&watch->seen, arena, kept->cfn.id, watch);
    watch->newest = kept->time > watch->newest ? kept->time : watch->newest;
    if (event_is_of_stack(&kept->cfn) && kept->time >= watch->last.time)
        watch->last = *kept;
    VEC_ADD(arena, &stream->events, kept);
    size_t at = stream->events.len - 1;
    for (; at > 0 && stream->events.items[at - 1]->time > kept->time; at--)
        stream->events.items[at] = stream->events.items[at - 1];
    stream->events.items[at] = kept;
    return kept;
}

bool watch_is_at_rest(const Watch *watch)
{
    return status_is_at_rest(watch->last.cfn.status);
}
