// Watches operations on several stacks until all are over, in turns.
#ifndef ALTC_DEPLOY_ATTEND_H
#define ALTC_DEPLOY_ATTEND_H

#include "runtime/deploy/console.h"
#include "runtime/events/follow.h"

typedef struct Attended {
    StageStack *stack;
    StackOperation operation; // what was asked for: decides how its end is judged
    Str token;                // of the operation; empty: whoever began it
    bool keep_quiet;          // why it failed is told by the caller
    Follower *follower;       // until attend_release
    int64_t wake;             // by World.steady
    Str status;               // at the end
    DeployResult result;
} Attended;

// The operation that a status belongs to, as a guess for one that was begun by somebody else;
// OPERATION_NONE when nothing goes on.
StackOperation attend_operation_of(Str status);
// Follows all to their ends, tells why what failed did and how each ended. The worst result; what
// is left alone, by an interrupt or --timeout, is RESULT_RUNNING.
DeployResult attend(Console *console, Attended *items, size_t count);
void attend_release(Attended *items, size_t count);

// ---- for who waits for something else ----

// Somebody interrupted, or the command's deadline has passed.
bool attend_is_stopped(const Console *console);
// Waits until a moment by World.steady, in pieces, so that what counts seconds goes on counting; an
// interrupt ends it.
void attend_wait(const Console *console, int64_t until);

#endif
