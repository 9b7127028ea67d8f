// The events of one operation on a stack, and on the stacks nested in it. An operation begins with
// the first stack event "…_IN_PROGRESS" after the stack was at rest, and ends when it is at rest
// again: a rollback belongs to what it undoes. Pure data: filled by the follower, read by those who
// look for causes and durations.
#ifndef ALTC_EVENTS_STREAM_H
#define ALTC_EVENTS_STREAM_H

#include "runtime/aws/cfn.h"

typedef struct StackEvent {
    CfnEvent cfn;
    int64_t time; // milliseconds since 1970 by AWS's clock
} StackEvent;

typedef struct EventStream EventStream;
struct EventStream {
    Str stack_id; // ARN
    Str stack_name;
    Str logical_id;                 // in the stack that holds this one; empty at the top
    size_t depth;                   // 0 at the top
    VEC(const StackEvent *) events; // oldest first; of the same time in AWS's order
    VEC(EventStream *) children;    // in the order in which they appeared
};

// Milliseconds since 1970 of a time as AWS writes it, or 0 when it is none.
int64_t event_time(Str text);
// It is about the stack whose stream it stands in, not about a resource or a nested stack.
bool event_is_of_stack(const CfnEvent *event);
// The ARN of the nested stack that the event is about, or STR_NONE.
Str event_nested_stack(const CfnEvent *event);
// "shop-dev" of "arn:aws:cloudformation:eu-west-1:123456789012:stack/shop-dev/6f0c…"; a name as it
// is.
Str stack_name_of(Str stack);

// A status of AWS's at which nothing goes on any more: also those that are not known here, unless
// they end with _IN_PROGRESS. REVIEW_IN_PROGRESS is at rest.
bool status_is_at_rest(Str status);
// "…_FAILED".
bool status_is_failure(Str status);
// A rollback, or its end.
bool status_is_rollback(Str status);

// A reason without what wraps it and without its ids: "Files already exists" of "Resource handler
// returned message: "Files already exists (Service: S3, …)" (RequestToken: …)". A part of the text.
Str reason_plain(Str reason);
// The HandlerErrorCode, or the service's error code when that says nothing; or empty.
Str reason_code(Str reason);

// The newest event of the stack itself; NULL before there is one.
const StackEvent *stream_stack_event(const EventStream *stream);

#endif
