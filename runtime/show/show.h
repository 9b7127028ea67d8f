// How notices are shown: as a view that is redrawn in a terminal, as plain lines, or as JSON lines
// for programs (spec/events.md). What comes from AWS is cleaned before it is written.
#ifndef ALTC_SHOW_SHOW_H
#define ALTC_SHOW_SHOW_H

#include "compiler/base/buf.h"
#include "runtime/notice/notice.h"

typedef enum ShowKind {
    SHOW_LINES,  // a line for each notice, with the time since the start: logs and CI
    SHOW_VIEW,   // each stack with its resources, redrawn in place: a terminal
    SHOW_JSON,   // an object for each notice
    SHOW_REMARKS // messages as lines without the time, beside an answer that is a text
} ShowKind;

// Where it is written. All functions are called with `context`.
typedef struct ShowOutput {
    void *context;
    void (*write)(void *context, Str text); // in one piece, so that nothing flickers
    // Of the terminal, asked at each drawing. False, or NULL: 80 columns, 24 rows.
    bool (*size)(void *context, size_t *columns, size_t *rows);
    int64_t (*steady)(void *context); // milliseconds since some moment; never goes back
    // What is said beside the answer of a command that only answers; NULL: `write`.
    void (*remark)(void *context, Str text);
} ShowOutput;

typedef struct ShowStyle {
    bool color;
    bool quiet; // only warnings, problems, outputs and results
} ShowStyle;

// Gives back a terminal that was left in the middle of a drawing: for signal handlers.
#define SHOW_RESTORE "\x1b[?25h\x1b[0m"

typedef struct Show Show;

Show *show_new(ShowKind kind, const ShowOutput *output, const ShowStyle *style);
void show_free(Show *show); // NULL is fine; show_end first
Listener show_listener(Show *show);
// Time has passed: the view counts on, and lines of events that came together are written
// together. To be called after each turn, and some times a second while waiting; cheap.
void show_tick(Show *show);
// A text of the caller's own that stays, as a plan: whole lines, already clean. JSON: a line of its
// own, which the caller has made.
void show_text(Show *show, Str text);
// Takes the moving part away, so that a question can be asked; it comes back by itself.
void show_pause(Show *show);
// The last state stays, the cursor is back.
void show_end(Show *show);

// Whether to colour: `choice` is "always", "never" or "auto" (anything else); for "auto" a
// terminal, no NO_COLOR and a TERM other than "dumb".
bool show_wants_color(Str choice, bool terminal, Str no_color, Str term);

#endif
