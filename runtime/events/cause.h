// Why an operation failed: the first true causes, not the cascade of what was cancelled after them.
#ifndef ALTC_EVENTS_CAUSE_H
#define ALTC_EVENTS_CAUSE_H

#include "runtime/events/stream.h"
#include "runtime/manifest/manifest.h"

typedef struct Cause {
    Str stack_name;
    Str logical_id;
    Str physical_id; // or empty
    Str type;
    Str status; // "CREATE_FAILED"
    Str reason; // as AWS says it, without request ids
    Str code;   // HandlerErrorCode, or of the service: "AlreadyExists"; or empty
    Str hint;   // what to do; or empty
    NoticePlace place;
    int64_t time;
    size_t depth;
} Cause;

typedef VEC(Cause) Causes; // oldest first, each resource once

typedef struct Diagnosis {
    Causes causes;  // what failed by itself before anything was rolled back
    Causes undoing; // what failed while rolling back: why a stack is stuck
    Causes orphans; // what the cleanup after an update could not delete: left alone by AWS
} Diagnosis;

// What to do about a failure, by the type of the resource, AWS's code and the reason, each of which
// may be empty; empty when nothing is known.
Str cause_hint(Str type, Str code, Str reason);
// Looks through nested stacks: a failed one is not a cause itself if something in it is.
// `manifest` (or NULL) and `stack_id` give places. The diagnosis lives in the arena,
// its texts in the events.
Diagnosis *diagnosis_new(
    Arena *arena, const EventStream *events, const Manifest *manifest, Str stack_id);
// Tells it: a NOTICE_PROBLEM for each cause and what failed in undoing, a NOTICE_WARNING for each
// orphan.
void diagnosis_tell(const Diagnosis *diagnosis, Str stack_id, Str region, Listener listener);

#endif
