#include "runtime/events/follow.h"

#include "runtime/events/watch_priv.h"

enum {
    NESTED_AT_ONCE = 4, // nested stacks that are asked in one poll
    OWED_POLLS = 2,     // of a nested stack, after news of it
    QUIET_POLLS = 3,    // without news before the stack itself is asked
    SURE_LOOKS = 3,     // that agree, when its answer may be a stale one
    LAST_POLLS = 3,     // for the last events
    SILENT_POLLS = 3,   // before it is said that AWS does not answer
    REFUSALS = 2,       // in a row before the follower gives up
    MAX_DEPTH = 8,      // of nested stacks
};

typedef VEC(Watch *) Watches;

// An event that is to be told when all streams have been read.
typedef struct News {
    const Watch *watch;
    DatedEvent event;
} News;

struct Follower {
    const World *world;
    FollowTarget target;
    Listener listener;
    Arena *arena;
    Arena *scratch;  // of one poll
    Watches watches; // that of the stack itself, then nested ones
    size_t turn;     // the nested one that is asked next
    FollowState state;
    Str status; // as the stack itself was described, where its events do not tell
    Str reason;
    int64_t wait;
    int quiet;          // polls in a row without news
    int looks;          // at the stack, in a row, that found it at rest
    bool worked;        // a look found it at work
    bool found_resting; // by looks that may be believed
    bool missing;       // AWS knows no events of the stack
    int last_polls;     // since it is at rest
    int failures;
    int refusals;
    AwsReply trouble;
    VEC(News) batch; // of this poll, by time
    size_t news;     // told in this poll
};

Pace pace_default(void)
{
    return pace_scaled(2000);
}

Pace pace_scaled(int64_t busy)
{
    return (Pace){.busy = busy, .quiet = busy * 5, .most = busy * 30, .settle = busy / 2};
}

static Watch *add_watch(Follower *follower, Str stack, Watch *parent, Str logical_id)
{
    Arena *arena = follower->arena;
    Watch *watch = ARENA_NEW(arena, Watch);
    watch->stream = ARENA_NEW(arena, EventStream);
    watch->stream->stack_id = str_copy(arena, stack);
    watch->stream->stack_name = stack_name_of(watch->stream->stack_id);
    watch->stream->logical_id = logical_id;
    watch->parent = parent;
    watch->overlap = WATCH_OVERLAP;
    if (parent) {
        watch->stream->depth = parent->stream->depth + 1;
        // Its own beginning is not before that of the operation above it.
        watch->from = parent->from;
        VEC_ADD(arena, &parent->stream->children, watch->stream);
    }
    VEC_ADD(arena, &follower->watches, watch);
    return watch;
}

Follower *follower_new(const World *world, const FollowTarget *target, Listener listener)
{
    Arena *arena = arena_new();
    Follower *follower = ARENA_NEW(arena, Follower);
    follower->world = world;
    follower->arena = arena;
    follower->scratch = arena_new();
    follower->listener = listener;
    follower->target = *target;
    follower->target.stack_id = str_copy(arena, target->stack_id);
    follower->wait = target->pace.busy;
    Watch *top = add_watch(follower, target->stack, NULL, STR_NONE);
    top->token = str_copy(arena, target->token);
    top->from = event_time(target->since);
    top->working = target->working && !top->token.len && !top->from;
    return follower;
}

void follower_free(Follower *follower)
{
    if (!follower)
        return;
    arena_free(follower->scratch);
    arena_free(follower->arena);
}

const EventStream *follower_events(const Follower *follower)
{
    return follower->watches.items[0]->stream;
}

// ---- telling ----

static NoticePlace place_of(const Follower *follower, const Watch *watch, Str logical_id)
{
    if (watch->parent)
        return watch->place; // its template is not of this program
    const Manifest *manifest = follower->target.manifest;
    if (!manifest || !logical_id.len)
        return (NoticePlace){0};
    return manifest_resource_place(
        manifest, manifest->arena, follower->target.stack_id, logical_id);
}

static Notice notice_about(const Follower *follower, const Watch *watch, NoticeKind kind)
{
    return (Notice){.kind = kind,
        .stack = follower->target.stack_id,
        .stack_name = watch->stream->stack_name,
        .region = follower->target.client->region,
        .depth = watch->stream->depth};
}

static void tell_event(Follower *follower, const Watch *watch, DatedEvent event)
{
    const CfnEvent *cfn = event.cfn;
    bool of_stack = event_is_of_stack(cfn);
    Notice notice = notice_about(follower, watch, of_stack ? NOTICE_STACK : NOTICE_RESOURCE);
    notice.logical_id = cfn->logical_id;
    notice.physical_id = cfn->physical_id;
    notice.nested = stack_name_of(event_nested_stack(cfn));
    notice.type = cfn->type;
    notice.status = cfn->status;
    Str reason = cfn->hook_reason.len ? cfn->hook_reason : cfn->reason;
    notice.reason = reason_plain(reason);
    notice.code = reason_code(reason);
    notice.text = cfn->hook_type.len ? cfn->hook_type : cfn->detailed_status;
    notice.place = place_of(follower, watch, of_stack ? STR_NONE : cfn->logical_id);
    notice.time = event.time;
    listener_notify(&follower->listener, &notice);
    follower->news++;
}

static void warn(Follower *follower, const Watch *watch, Str text, const AwsReply *reply)
{
    Notice notice = notice_about(follower, watch, NOTICE_WARNING);
    notice.text = text;
    notice.reason = reply->message;
    notice.code = reply->code;
    listener_notify(&follower->listener, &notice);
}

// ---- reading ----

static void add_news(Follower *follower, const News *news)
{
    VEC_ADD(follower->scratch, &follower->batch, *news);
    News *items = follower->batch.items;
    size_t at = follower->batch.len - 1;
    for (; at > 0 && items[at - 1].event.time > news->event.time; at--)
        items[at] = items[at - 1];
    items[at] = *news;
}

static void tell_news(Follower *follower)
{
    for (size_t i = 0; i < follower->batch.len; i++)
        tell_event(follower, follower->batch.items[i].watch, follower->batch.items[i].event);
}

static void note_nested_stack(Follower *follower, Watch *parent, const CfnEvent *event)
{
    Str stack = event_nested_stack(event);
    if (!stack.len || parent->stream->depth + 1 > MAX_DEPTH)
        return;
    Watch *watch = NULL;
    for (size_t i = 1; i < follower->watches.len && !watch; i++)
        if (str_equal(follower->watches.items[i]->stream->stack_id, stack))
            watch = follower->watches.items[i];
    if (!watch) {
        watch = add_watch(follower, stack, parent, event->logical_id);
        watch->place = place_of(follower, parent, event->logical_id);
    }
    watch->due = OWED_POLLS;
}

// A throttled or lost answer is no news; what AWS refuses may be a passing state too, but not
// twice.
static void note_failure(Follower *follower, const AwsReply *reply)
{
    bool passes = cfn_is_throttled(reply) || cfn_is_ambiguous(reply);
    follower->failures++;
    follower->refusals = passes ? 0 : follower->refusals + 1;
    follower->trouble = *reply;
    follower->trouble.root = NULL;
    follower->trouble.response = NULL;
    follower->trouble.code = str_copy(follower->arena, reply->code);
    follower->trouble.message = str_copy(follower->arena, reply->message);
    follower->trouble.request_id = str_copy(follower->arena, reply->request_id);
    if (follower->failures == SILENT_POLLS)
        warn(follower, follower->watches.items[0],
            STR("AWS does not answer for some time: what happens there goes on, and is asked for "
                "again"),
            reply);
}

static void note_denied(Follower *follower, Watch *watch, const AwsReply *reply)
{
    watch->denied = true;
    warn(follower, watch,
        watch->parent ? STR("the events of this nested stack cannot be read: what happens in it is "
                            "not shown; allow cloudformation:DescribeStackEvents")
                      : STR("the events of this stack cannot be read: only its status is shown; "
                            "allow cloudformation:DescribeStackEvents"),
        reply);
}

// False: AWS did not answer.
static bool read_watch(Follower *follower, Watch *watch)
{
    DatedEvents batch = {0};
    AwsReply reply =
        watch_read(watch, follower->target.client, follower->arena, follower->scratch, &batch);
    for (size_t i = 0; i < batch.len; i++) {
        const StackEvent *event = watch_take(watch, follower->arena, batch.items[i]);
        if (!event)
            continue;
        // A name may come to stand for another stack, an ARN never.
        if (!str_starts(watch->stream->stack_id, STR("arn:")) && event->cfn.stack_id.len)
            watch->stream->stack_id = event->cfn.stack_id;
        News news = {watch, batch.items[i]};
        add_news(follower, &news);
        note_nested_stack(follower, watch, &event->cfn);
    }
    if (reply.ok || (watch->parent && cfn_is_missing(&reply)))
        watch->due = batch.len ? OWED_POLLS : watch->due - (watch->due > 0);
    if (!watch->parent)
        follower->missing = cfn_is_missing(&reply);
    if (reply.ok || cfn_is_missing(&reply))
        return true;
    if (cfn_is_denied(&reply)) {
        note_denied(follower, watch, &reply);
        return true;
    }
    note_failure(follower, &reply);
    return false;
}

static bool wants_poll(const Watch *watch)
{
    if (watch->denied)
        return false;
    return watch->due > 0 || watch->gap || (watch->began && !watch_is_at_rest(watch));
}

// Nested stacks that are at work, in turns; those that were found in this poll wait for the next.
static bool read_nested(Follower *follower, bool all)
{
    size_t asked = 0;
    for (size_t left = follower->watches.len - 1; left > 0; left--) {
        follower->turn = follower->turn + 1 < follower->watches.len ? follower->turn + 1 : 1;
        Watch *watch = follower->watches.items[follower->turn];
        if (!wants_poll(watch))
            continue;
        if (!read_watch(follower, watch))
            return false;
        if (++asked == NESTED_AT_ONCE && !all)
            break;
    }
    return true;
}

// ---- looking at the stack itself ----

static void tell_status(Follower *follower, const CfnStack *stack)
{
    if (str_equal(stack->status, follower->status))
        return;
    follower->status = str_copy(follower->arena, stack->status);
    follower->reason = str_copy(follower->arena, stack->reason);
    if (!follower->watches.items[0]->denied)
        return; // its events will tell
    Notice notice = notice_about(follower, follower->watches.items[0], NOTICE_STACK);
    notice.logical_id = notice.stack_name;
    notice.physical_id = stack->id;
    notice.type = STR("AWS::CloudFormation::Stack");
    notice.status = stack->status;
    notice.reason = stack->reason;
    Str time = stack->deleted.len ? stack->deleted : stack->updated;
    notice.time = event_time(time.len ? time : stack->created);
    listener_notify(&follower->listener, &notice);
    follower->news++;
}

// Whether a stack that is described as being at rest may be believed: just after an operation began
// AWS may still give the state before it.
static bool is_fresh(const Follower *follower, const CfnStack *stack)
{
    const Watch *top = follower->watches.items[0];
    if (!top->from)
        return !top->token.len;
    return event_time(stack->updated) >= top->from || event_time(stack->deleted) >= top->from;
}

// Asks for the stack's status: when its events may not be read, when they say nothing for long, and
// when they end with a failure after which AWS may go on.
static bool look(Follower *follower)
{
    Watch *top = follower->watches.items[0];
    CfnStack stack = {0};
    AwsReply reply = cfn_describe_stack(
        follower->target.client, follower->scratch, top->stream->stack_id, &stack);
    if (!reply.ok && !cfn_is_missing(&reply)) {
        note_failure(follower, &reply);
        return false;
    }
    if (!reply.ok)
        stack = (CfnStack){.status = STR("DELETE_COMPLETE"), .reason = STR("the stack is gone")};
    bool resting = status_is_at_rest(stack.status) && !str_is(stack.status, "REVIEW_IN_PROGRESS");
    follower->worked = follower->worked || !status_is_at_rest(stack.status);
    follower->looks = resting ? follower->looks + 1 : 0;
    bool sure = follower->looks >= SURE_LOOKS && (follower->worked || top->began || !reply.ok);
    follower->found_resting = resting && (sure || (reply.ok && is_fresh(follower, &stack)));
    // It has ended meanwhile, so it is the newest that is over.
    top->working = top->working && !follower->found_resting;
    tell_status(follower, &stack);
    return true;
}

static bool is_at_rest(const Follower *follower)
{
    return follower->found_resting || watch_is_at_rest(follower->watches.items[0]);
}

static bool wants_look(const Follower *follower, bool last)
{
    const Watch *top = follower->watches.items[0];
    const StackEvent *event = stream_stack_event(top->stream);
    return top->denied || follower->missing ||
           (follower->quiet > 0 && follower->quiet % QUIET_POLLS == 0) ||
           (last && !follower->found_resting && event && status_is_failure(event->cfn.status));
}

// ---- a poll ----

// True when AWS answered everything.
static bool ask(Follower *follower, bool last)
{
    Watch *top = follower->watches.items[0];
    top->overlap = last ? WATCH_LAST_OVERLAP : WATCH_OVERLAP;
    bool read = (top->denied || read_watch(follower, top)) && read_nested(follower, last);
    tell_news(follower);
    if (!read)
        return false;
    follower->quiet = follower->news ? 0 : follower->quiet + 1;
    return !wants_look(follower, last) || look(follower);
}

static bool is_complete(const Follower *follower)
{
    for (size_t i = 1; i < follower->watches.len; i++)
        if (wants_poll(follower->watches.items[i]))
            return false;
    return !follower->watches.items[0]->gap;
}

// The stack was looked at because its events ended with a failure, and is at work all the same.
static bool goes_on(const Follower *follower)
{
    const StackEvent *event = stream_stack_event(follower_events(follower));
    return follower->looks == 0 && follower->worked && event &&
           status_is_failure(event->cfn.status) && !status_is_at_rest(follower->status);
}

static FollowState next_state(Follower *follower, bool answered, bool last)
{
    if (follower->refusals >= REFUSALS)
        return FOLLOW_LOST;
    if (!is_at_rest(follower) || goes_on(follower)) {
        follower->last_polls = 0;
        bool began = follower->watches.items[0]->began || follower->worked;
        return began ? FOLLOW_RUNNING : FOLLOW_WAITING;
    }
    bool over = last && answered && is_complete(follower);
    return over || ++follower->last_polls > LAST_POLLS ? FOLLOW_ENDED : FOLLOW_RUNNING;
}

static int64_t next_wait(const Follower *follower, bool answered)
{
    const Pace *pace = &follower->target.pace;
    if (!answered)
        return follower->wait * 2 < pace->most ? follower->wait * 2 : pace->most;
    if (is_at_rest(follower))
        return pace->settle;
    int64_t longer = follower->wait * 3 / 2;
    if (follower->news || longer < pace->busy)
        return pace->busy;
    return longer < pace->quiet ? longer : pace->quiet;
}

static FollowStep step_of(const Follower *follower)
{
    const StackEvent *event = stream_stack_event(follower_events(follower));
    bool described = follower->found_resting && !watch_is_at_rest(follower->watches.items[0]);
    bool by_events = event && !described && !follower->watches.items[0]->denied;
    // Up to a tenth longer, so that deployers do not ask in step.
    int64_t jitter =
        follower->wait * (int64_t)(follower->world->random(follower->world->context) >> 22) / 10240;
    bool over = follower->state == FOLLOW_ENDED || follower->state == FOLLOW_LOST;
    return (FollowStep){.state = follower->state,
        .status = by_events ? event->cfn.status : follower->status,
        .reason = by_events ? event->cfn.reason : follower->reason,
        .news = follower->news,
        .wait = over ? 0 : follower->wait + jitter,
        .failures = follower->failures,
        .trouble = follower->trouble};
}

FollowStep follower_poll(Follower *follower)
{
    follower->news = 0;
    if (follower->state == FOLLOW_ENDED || follower->state == FOLLOW_LOST)
        return step_of(follower);
    arena_reset(follower->scratch);
    memset(&follower->batch, 0, sizeof follower->batch);
    bool last = is_at_rest(follower);
    bool answered = ask(follower, last);
    if (answered)
        follower->failures = follower->refusals = 0;
    follower->state = next_state(follower, answered, last);
    follower->wait = next_wait(follower, answered);
    return step_of(follower);
}
