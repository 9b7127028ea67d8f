// What was done to a stack before: its events, taken apart into operations.
#ifndef ALTC_EVENTS_HISTORY_H
#define ALTC_EVENTS_HISTORY_H

#include "runtime/events/cause.h"

typedef struct PastOperation {
    Str kind;      // "CREATE", "UPDATE", "DELETE", "IMPORT", "ROLLBACK"
    Str status;    // the stack's at its end, or now
    Str token;     // ClientRequestToken, or empty
    int64_t start; // milliseconds since 1970
    int64_t end;
    bool open;        // it goes on
    size_t resources; // that it worked on
    Causes causes;    // why it failed, if it did
} PastOperation;

typedef VEC(PastOperation) PastOperations; // newest first

// Reads the newest operations of a stack, at most `most`, and of nested stacks that failed what
// happened in them, for the causes. All results live in the arena.
AwsReply history_read(
    AwsClient *client, Arena *arena, Str stack, size_t most, PastOperations *operations);

#endif
