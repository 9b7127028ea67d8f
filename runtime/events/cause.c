#include "runtime/events/cause.h"

#include "compiler/base/buf.h"

// What is known of the whole operation while its streams are searched.
typedef struct Search {
    Arena *arena;
    const Manifest *manifest;
    Str stack_id;
    int64_t undone_at; // when the stack at the top began to roll back
    Diagnosis *found;
} Search;

// ---- reasons ----

Str cause_hint(Str type, Str code, Str reason)
{
    static const struct {
        const char *type;
        const char *code;
        const char *text;
        const char *hint;
    } HINTS[] = {
#define CAUSE_HINT(TYPE, CODE, TEXT, HINT) {TYPE, CODE, TEXT, HINT},
#include "runtime/events/hints.def"
#undef CAUSE_HINT
    };
    for (size_t i = 0; i < sizeof HINTS / sizeof *HINTS; i++)
        if (str_starts(type, str_of(HINTS[i].type)) &&
            (!*HINTS[i].code || str_is(code, HINTS[i].code)) &&
            str_find(reason, str_of(HINTS[i].text), 0) != SIZE_MAX)
            return str_of(HINTS[i].hint);
    return STR_NONE;
}

// Another failure is behind these.
static bool is_consequence(Str reason)
{
    static const char *const SIGNS[] = {
        "cancelled", "The following resource(s) failed to", "was not successfully"};
    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++)
        if (str_find(reason, str_of(SIGNS[i]), 0) != SIZE_MAX)
            return true;
    return false;
}

// ---- searching ----

static Cause make_cause(const EventStream *stream, const StackEvent *event, NoticePlace place)
{
    const CfnEvent *cfn = &event->cfn;
    Str said = cfn->hook_reason.len ? cfn->hook_reason : cfn->reason;
    Cause cause = {.stack_name = stream->stack_name,
        .logical_id = cfn->logical_id,
        .physical_id = cfn->physical_id,
        .type = cfn->type,
        .status = cfn->status,
        .reason = reason_plain(said),
        .code = reason_code(said),
        .place = place,
        .time = event->time,
        .depth = stream->depth};
    cause.hint = cause_hint(cause.type, cause.code, said);
    return cause;
}

// AWS tries to delete again: what went in the end is no failure.
static bool was_deleted_after(const EventStream *stream, size_t at)
{
    const CfnEvent *failed = &stream->events.items[at]->cfn;
    for (size_t i = at + 1; i < stream->events.len; i++) {
        const CfnEvent *later = &stream->events.items[i]->cfn;
        if (str_is(later->status, "DELETE_COMPLETE") &&
            str_equal(later->logical_id, failed->logical_id) &&
            str_equal(later->physical_id, failed->physical_id))
            return true;
    }
    return false;
}

static void add_once(Arena *arena, Causes *causes, const Cause *cause)
{
    for (size_t i = 0; i < causes->len; i++)
        if (str_equal(causes->items[i].stack_name, cause->stack_name) &&
            str_equal(causes->items[i].logical_id, cause->logical_id) &&
            str_equal(causes->items[i].status, cause->status))
            return;
    VEC_ADD(arena, causes, *cause);
    size_t at = causes->len - 1;
    for (; at > 0 && causes->items[at - 1].time > cause->time; at--)
        causes->items[at] = causes->items[at - 1];
    causes->items[at] = *cause;
}

static bool is_failure(const EventStream *stream, size_t at)
{
    const CfnEvent *event = &stream->events.items[at]->cfn;
    if (event_is_of_stack(event) || !status_is_failure(event->status))
        return false;
    return !str_is(event->status, "DELETE_FAILED") || !was_deleted_after(stream, at);
}

// Something in it, or in a stack nested in it, failed by itself.
static bool holds_failure(const EventStream *stream)
{
    for (size_t i = 0; i < stream->events.len; i++)
        if (is_failure(stream, i) && !is_consequence(stream->events.items[i]->cfn.reason))
            return true;
    for (size_t i = 0; i < stream->children.len; i++)
        if (holds_failure(stream->children.items[i]))
            return true;
    return false;
}

static const EventStream *child_of(const EventStream *stream, Str logical_id)
{
    for (size_t i = 0; i < stream->children.len; i++)
        if (str_equal(stream->children.items[i]->logical_id, logical_id))
            return stream->children.items[i];
    return NULL;
}

// A nested stack's failure is told by what failed in it, unless that could not be read.
static bool is_cause(const EventStream *stream, const CfnEvent *event)
{
    const EventStream *child = child_of(stream, event->logical_id);
    if (child)
        return !holds_failure(child);
    return event_nested_stack(event).len > 0 || !is_consequence(event->reason);
}

static NoticePlace place_in(
    const Search *search, const EventStream *stream, Str logical_id, NoticePlace outer)
{
    if (stream->depth > 0)
        return outer; // a nested stack's template is not of this program
    if (!search->manifest)
        return (NoticePlace){0};
    return manifest_resource_place(
        search->manifest, search->manifest->arena, search->stack_id, logical_id);
}

static void search_stream(Search *search, const EventStream *stream, NoticePlace outer)
{
    Diagnosis *found = search->found;
    bool cleaning = false;
    bool undoing = false;
    for (size_t i = 0; i < stream->events.len; i++) {
        const StackEvent *event = stream->events.items[i];
        if (event_is_of_stack(&event->cfn)) {
            cleaning = str_ends(event->cfn.status, STR("CLEANUP_IN_PROGRESS"));
            undoing = status_is_rollback(event->cfn.status);
        }
        if (!is_failure(stream, i) || !is_cause(stream, &event->cfn))
            continue;
        Causes *list = cleaning ? &found->orphans : &found->causes;
        if (!cleaning && (undoing || event->time > search->undone_at))
            list = &found->undoing;
        NoticePlace place = place_in(search, stream, event->cfn.logical_id, outer);
        Cause cause = make_cause(stream, event, place);
        add_once(search->arena, list, &cause);
    }
    for (size_t i = 0; i < stream->children.len; i++) {
        const EventStream *child = stream->children.items[i];
        search_stream(search, child, place_in(search, stream, child->logical_id, outer));
    }
}

// When no resource failed: what AWS says of the stack itself, as that an export is in use, an alarm
// went off, or somebody cancelled.
static void search_stack(Search *search, const EventStream *stream)
{
    bool first = true;
    for (size_t i = 0; i < stream->events.len; i++) {
        const StackEvent *event = stream->events.items[i];
        if (!event_is_of_stack(&event->cfn))
            continue;
        bool failed = status_is_failure(event->cfn.status) ||
                      (status_is_rollback(event->cfn.status) && !first);
        first = false;
        if (!failed || !event->cfn.reason.len || is_consequence(event->cfn.reason))
            continue;
        Cause cause = make_cause(stream, event, (NoticePlace){0});
        if (str_is(cause.reason, "User Initiated")) {
            cause.reason = STR("somebody cancelled the operation");
            cause.hint = STR("deploy again if that was not meant");
        }
        add_once(search->arena, &search->found->causes, &cause);
        return;
    }
}

static int64_t rollback_time(const EventStream *stream)
{
    for (size_t i = 0; i < stream->events.len; i++)
        if (event_is_of_stack(&stream->events.items[i]->cfn) &&
            status_is_rollback(stream->events.items[i]->cfn.status))
            return stream->events.items[i]->time;
    return INT64_MAX;
}

Diagnosis *diagnosis_new(
    Arena *arena, const EventStream *events, const Manifest *manifest, Str stack_id)
{
    Diagnosis *found = ARENA_NEW(arena, Diagnosis);
    Search search = {arena, manifest, stack_id, rollback_time(events), found};
    search_stream(&search, events, (NoticePlace){0});
    if (!found->causes.len && !found->undoing.len)
        search_stack(&search, events);
    return found;
}

// ---- telling ----

static const char *what_failed(Str status)
{
    static const struct {
        const char *status;
        const char *text;
    } TEXTS[] = {{"CREATE_FAILED", "could not be created"},
        {"UPDATE_FAILED", "could not be updated"}, {"DELETE_FAILED", "could not be deleted"},
        {"IMPORT_FAILED", "could not be imported"}};
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        if (str_is(status, TEXTS[i].status))
            return TEXTS[i].text;
    return "failed";
}

static void tell(const Cause *cause, NoticeKind kind, const char *what, Str stack_id, Str region,
    Listener listener)
{
    Buf text;
    buf_init(&text, 0);
    buf_add_format(&text, "'%.*s' ", STR_FMT(cause->logical_id));
    if (cause->depth)
        buf_add_format(&text, "in the nested stack '%.*s' ", STR_FMT(cause->stack_name));
    buf_add_text(&text, what);
    if (cause->reason.len) {
        buf_add_text(&text, ": ");
        buf_add(&text, cause->reason);
    }
    Notice notice = {.kind = kind,
        .stack = stack_id,
        .stack_name = cause->stack_name,
        .region = region,
        .logical_id = cause->logical_id,
        .physical_id = cause->physical_id,
        .type = cause->type,
        .status = cause->status,
        .reason = cause->reason,
        .text = buf_str(&text),
        .hint = cause->hint,
        .code = cause->code,
        .place = cause->place,
        .time = cause->time,
        .depth = cause->depth};
    listener_notify(&listener, &notice);
    buf_release(&text);
}

void diagnosis_tell(const Diagnosis *diagnosis, Str stack_id, Str region, Listener listener)
{
    const Causes *causes = &diagnosis->causes;
    for (size_t i = 0; i < causes->len; i++)
        tell(&causes->items[i], NOTICE_PROBLEM, what_failed(causes->items[i].status), stack_id,
            region, listener);
    const Causes *undoing = &diagnosis->undoing;
    for (size_t i = 0; i < undoing->len; i++)
        tell(&undoing->items[i], NOTICE_PROBLEM, "could not be rolled back", stack_id, region,
            listener);
    for (size_t i = 0; i < diagnosis->orphans.len; i++) {
        Cause orphan = diagnosis->orphans.items[i];
        if (!orphan.hint.len)
            orphan.hint = STR("AWS does not manage it any more: delete it by hand");
        Buf what;
        buf_init(&what, 0);
        buf_add_format(&what, "is left over: '%.*s' could not be deleted after the update",
            STR_FMT(orphan.physical_id));
        tell(&orphan, NOTICE_WARNING, buf_str(&what).ptr, stack_id, region, listener);
        buf_release(&what);
    }
}
