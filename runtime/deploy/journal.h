// What a deployment has done and is about to do, line by line in a file of the project, so that the
// next one can take up where this one stopped, however it stopped. Values of parameters never stand
// in it. Each line is an object: at, deployment, account, region, stack, step, subject, token,
// outcome.
#ifndef ALTC_DEPLOY_JOURNAL_H
#define ALTC_DEPLOY_JOURNAL_H

#include "runtime/world/world.h"

// Steps that change something, in their order; JOURNAL_SETTLED ends what concerns a stack.
typedef enum JournalStep {
    JOURNAL_NONE,
    JOURNAL_DELETE_STACK,
    JOURNAL_CREATE_CHANGE_SET,
    JOURNAL_DELETE_CHANGE_SET,
    JOURNAL_PROTECT,
    JOURNAL_EXECUTE,
    JOURNAL_CANCEL,
    JOURNAL_CONTINUE,
    JOURNAL_ROLLBACK,
    JOURNAL_CREATE_REFACTOR,
    JOURNAL_EXECUTE_REFACTOR,
    JOURNAL_SETTLED,
    JOURNAL_STEP_COUNT
} JournalStep;

typedef struct JournalEntry {
    JournalStep step;
    Str at; // "2026-01-31T10:00:00Z" by this machine's clock; filled in by journal_add
    Str deployment;
    Str account;
    Str region;
    Str stack;   // physical name
    Str subject; // change set or stack, by name before AWS has given an ARN
    Str token;   // ClientToken or ClientRequestToken
    Str outcome; // empty: it is about to be done
} JournalEntry;

typedef struct Journal Journal;

// A journal that is longer than the second is cut to its end; a longer one than the first is none.
enum {
    JOURNAL_MAX_BYTES = 64 * 1024 * 1024,
    JOURNAL_LONG_BYTES = 1024 * 1024,
    JOURNAL_KEEP_BYTES = 256 * 1024
};

// Opens the journal in a folder, made when it is missing, for this process alone. NULL: `error`
// says why not, also that somebody else deploys. Lines that are none are passed over.
Journal *journal_open(Arena *arena, const World *world, Str folder, Str *error);
void journal_close(Journal *journal); // NULL is fine
// Adds a line and waits until it is on the disk. False: `error` says why not; then what it tells
// of must not be done.
bool journal_add(Journal *journal, Arena *arena, JournalEntry entry, Str *error);
// The newest entry of a stack in the account and region when its deployment was not settled, or
// NULL; `step` NONE means of any step.
const JournalEntry *journal_unfinished(
    const Journal *journal, Str account, Str region, Str stack, JournalStep step);
// Tells others who find the journal locked what goes on.
void journal_announce(Journal *journal, Arena *arena, Str deployment);

#endif
