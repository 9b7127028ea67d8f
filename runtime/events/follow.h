// Follows an operation of CloudFormation until its stack is at rest, and tells what happens. Each
// poll reads what is new in the events of the stack and of the stacks nested in it; each event is
// told once, whatever the order in which AWS gives them, and events of other operations never.
// Throttling and lost answers are no news, never a failure of the operation. Nothing here sleeps:
// who polls waits as long as it is told, and may poll several followers in turns.
#ifndef ALTC_EVENTS_FOLLOW_H
#define ALTC_EVENTS_FOLLOW_H

#include "runtime/events/stream.h"
#include "runtime/manifest/manifest.h"

// How often AWS is asked; milliseconds. pace_default() has what suits people and AWS's limits.
typedef struct Pace {
    int64_t busy;   // after news: 2,000
    int64_t quiet;  // at most, after a while without: 10,000
    int64_t most;   // at most, while AWS throttles or does not answer: 60,000
    int64_t settle; // between the end and the last look at the events: 1,000
} Pace;

Pace pace_default(void);
// Scaled so that `busy` is the given number of milliseconds: for tests.
Pace pace_scaled(int64_t busy);

typedef struct FollowTarget {
    AwsClient *client; // of the stack's region
    Str stack;         // ARN; a name works as long as nobody makes the stack anew
    Str stack_id;      // in the manifest; "main" when there is none
    // The ClientRequestToken of the operation. Empty: whoever began it; then, if `since` is empty
    // too, the newest operation is followed, or told if it is over already.
    Str token;
    // A time of AWS's (the change set's creation) before which the operation did not begin, so that
    // old events are not read. Empty: not known.
    Str since;
    // Without token and time: something is known to go on, so an operation that is over is not
    // meant, also when AWS's events lag behind and end with it.
    bool working;
    const Manifest *manifest; // for places; or NULL
    Pace pace;
} FollowTarget;

typedef enum FollowState {
    FOLLOW_WAITING, // it has not been seen to begin
    FOLLOW_RUNNING,
    FOLLOW_ENDED, // the stack is at rest, and the last events have been told
    FOLLOW_LOST,  // AWS refuses to answer, for a reason that does not pass by itself
} FollowState;

typedef struct FollowStep {
    FollowState state;
    Str status;       // newest of the stack: "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"; or empty
    Str reason;       // of that
    size_t news;      // events told in this poll
    int64_t wait;     // until it is worth asking again
    int failures;     // polls in a row without an answer
    AwsReply trouble; // the last of them; of FOLLOW_LOST why
} FollowStep;

typedef struct Follower Follower;

// Copies the target's texts; the client and the manifest must live as long. `world` gives chance
// for jitter. The listener gets NOTICE_RESOURCE and NOTICE_STACK in the order of their times, and
// NOTICE_WARNING about what cannot be read.
Follower *follower_new(const World *world, const FollowTarget *target, Listener listener);
void follower_free(Follower *follower); // NULL is fine
// Asks AWS once: usually one call, one more for each nested stack at work (at most four). What the
// step holds lives until the next poll.
FollowStep follower_poll(Follower *follower);
// The events of the operation so far; they live as long as the follower.
const EventStream *follower_events(const Follower *follower);

#endif
