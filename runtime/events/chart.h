// Where did the minutes go: how long each resource of an operation took, and the chain of those
// that the operation's length is made of.
#ifndef ALTC_EVENTS_CHART_H
#define ALTC_EVENTS_CHART_H

#include "compiler/base/buf.h"
#include "runtime/events/stream.h"

typedef struct ChartBar {
    Str stack_name;
    Str logical_id;
    Str type;
    Str status;    // at its end
    int64_t start; // milliseconds since the operation began
    int64_t end;
    size_t depth;
    bool critical; // it lies on the chain
    bool open;     // not at its end yet
} ChartBar;

typedef struct Chart {
    Str stack_name;
    int64_t began;      // milliseconds since 1970
    int64_t length;     // milliseconds
    bool open;          // the operation goes on
    VEC(ChartBar) bars; // by start
} Chart;

// `now` (milliseconds since 1970 by AWS's clock) ends what still runs.
Chart *chart_new(Arena *arena, const EventStream *events, int64_t now);

// The longest on the chain that is no nested stack itself; NULL without any.
const ChartBar *chart_longest(const Chart *chart);

typedef struct ChartView {
    size_t width; // columns of the terminal
    size_t rows;  // the longest ones only; 0: all
    bool color;
} ChartView;

void chart_write(Buf *out, const Chart *chart, const ChartView *view);
// One JSON object.
void chart_write_json(Buf *out, const Chart *chart);

#endif
