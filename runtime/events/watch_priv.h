// One stream of events and how far it has been read. Used by the follower alone.
#ifndef ALTC_EVENTS_WATCH_PRIV_H
#define ALTC_EVENTS_WATCH_PRIV_H

#include "compiler/base/map.h"
#include "runtime/events/stream.h"
#include "runtime/notice/notice.h"

// How far below the newest known event new ones may still appear, in milliseconds.
enum { WATCH_OVERLAP = 10 * 1000, WATCH_LAST_OVERLAP = 30 * 1000 };

typedef struct Watch Watch;
struct Watch {
    EventStream *stream;
    Watch *parent;     // NULL at the top
    Str token;         // what began the operation; empty: anything
    int64_t from;      // nothing before it belongs to the operation; 0: not known
    bool began;        // its first event is known
    bool working;      // it goes on: one that is over is not the one that is meant
    bool gap;          // there are older events that could not be read
    bool denied;       // AWS does not let us read it
    int due;           // polls that it is owed since the parent told something of it
    NoticePlace place; // of the resource that is a nested stack
    Map seen;          // ids
    StackEvent last;   // newest of the stack itself; without a status before there is one
    int64_t newest;    // time of the newest known event
    int64_t overlap;
};

// An event as it was read.
typedef struct DatedEvent {
    const CfnEvent *cfn;
    int64_t time;
} DatedEvent;

typedef VEC(DatedEvent) DatedEvents;

// Reads pages until what is new is complete. `batch` gets what belongs to the operation and was not
// known, oldest first; when the reply is not ok it holds what came before. What it holds lives in
// `scratch`; `arena` lives as long as the watch.
AwsReply watch_read(
    Watch *watch, AwsClient *client, Arena *arena, Arena *scratch, DatedEvents *batch);
// Takes one of the batch into the stream, copied. NULL: it belongs to a later operation.
const StackEvent *watch_take(Watch *watch, Arena *arena, DatedEvent event);
// The stack is at rest, as its events tell.
bool watch_is_at_rest(const Watch *watch);

#endif
