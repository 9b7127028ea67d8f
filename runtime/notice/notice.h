// What the deployer tells while it works. The work knows nothing about terminals: it hands notices
// to a listener, which shows them as a view, as lines or as JSON lines. A notice lives only during
// the call; who keeps parts of it copies them. Secrets of ours never stand in one; those that
// others repeat are taken out by mask.h.
#ifndef ALTC_NOTICE_NOTICE_H
#define ALTC_NOTICE_NOTICE_H

#include "compiler/base/str.h"

typedef enum NoticeKind {
    NOTICE_STEP,     // what begins now: `text`
    NOTICE_NOTE,     // worth knowing
    NOTICE_WARNING,  // worth looking at
    NOTICE_PROBLEM,  // why it does not go on: `text`, `hint`, and `code` if it has one
    NOTICE_PROGRESS, // `text` says of what; `done` of `total` bytes
    NOTICE_STACK,    // a stack's `status` and `reason`; `total` of its resources change, if not 0
    NOTICE_RESOURCE, // a resource's `status` and `reason`
    NOTICE_OUTPUT,   // an output of a stack: `logical_id` is its key, `text` its value
    NOTICE_RESULT,   // a stack is settled: `status` is a word of notice_result
    NOTICE_COUNT
} NoticeKind;

// Where the source has what a notice is about; `file` is empty when that is not known.
typedef struct NoticePlace {
    Str file;
    size_t line; // from 1
    size_t column;
    Str instance; // the component instance that is declared there and holds it; or empty
} NoticePlace;

typedef struct Notice {
    NoticeKind kind;
    Str stack;      // id in the manifest, "main"; empty when it is about no single stack
    Str stack_name; // physical; of a nested stack its own
    Str region;
    Str logical_id;
    Str physical_id;
    Str nested; // name of the nested stack that the resource is; or empty
    Str type;
    Str status;
    Str reason;
    Str text;
    Str hint; // what to do about it; or empty
    Str code; // of AWS, or of altc ("ALT8003"); or empty
    NoticePlace place;
    int64_t time; // milliseconds since 1970 by AWS's clock; 0 when it does not matter
    size_t depth; // of nested stacks; 0 is the stack itself
    uint64_t done;
    uint64_t total; // 0 when not known
} Notice;

typedef struct Listener {
    void *context;
    void (*notify)(void *context, const Notice *notice);
} Listener;

static inline void listener_notify(const Listener *listener, const Notice *notice)
{
    listener->notify(listener->context, notice);
}

// How a stack ended.
typedef enum DeployResult {
    RESULT_NONE, // not settled
    RESULT_DONE,
    RESULT_DIFFERENT, // looked at: AWS has something else than it should
    RESULT_UNCHANGED,
    RESULT_UNFIT,       // files, parameters or the command line do not fit
    RESULT_DECLINED,    // the person said no, or nobody could be asked
    RESULT_GUARDED,     // a guard, or what is stateful, forbids it
    RESULT_IDENTITY,    // no credentials, or of another account, region or partition
    RESULT_REFUSED,     // AWS refused before anything was changed
    RESULT_ROLLED_BACK, // failed; the former state is back
    RESULT_STUCK,       // failed; somebody has to decide how to go on
    RESULT_RUNNING,     // left alone while it goes on
    RESULT_NOT_STARTED, // what it needs failed
    RESULT_COUNT
} DeployResult;

// "done", "unchanged", "declined"…
Str notice_result(DeployResult result);
// The exit code of a result: spec/deploy.md has them in a table.
int notice_exit_code(DeployResult result);

#endif
