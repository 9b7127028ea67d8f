// Shared by the files of show.
#ifndef ALTC_SHOW_SHOW_PRIV_H
#define ALTC_SHOW_SHOW_PRIV_H

#include "runtime/show/board.h"
#include "runtime/show/show.h"

struct Show {
    ShowKind kind;
    ShowOutput output;
    ShowStyle style;
    Arena *arena;
    int64_t start; // steady
    // AWS's clock is not ours: its times are told from the first of them on.
    int64_t aws_time;  // milliseconds since 1970; 0: none came yet
    int64_t aws_since; // milliseconds since the start when that came
    // Whoever looks at an operation that began long ago hears of hours in a moment: by so much the
    // time since the start is ahead of what has passed here.
    int64_t ahead;
    Buf out; // what is written next
    // The view:
    Board board;
    Buf frame;      // what stands in the terminal
    size_t columns; // of the terminal then
    int64_t drawn;  // when, in milliseconds since the start
    bool dirty;
    bool hidden; // the cursor
    // The lines:
    int64_t progress_told; // when, in milliseconds since the start
};

// Milliseconds since the start, now; or at a time of AWS's, which counts as now when it is 0.
int64_t show_elapsed(const Show *show);
int64_t show_elapsed_at(Show *show, int64_t aws_time);
// Writes what `out` holds, and empties it.
void show_flush(Show *show);

void show_lines_notify(Show *show, const Notice *notice);
void show_json_notify(Show *show, const Notice *notice);
void show_view_notify(Show *show, const Notice *notice);
void show_view_tick(Show *show);
// Puts text above the moving part, which is drawn anew below it.
void show_view_print(Show *show, Str text);
void show_view_pause(Show *show);
void show_view_end(Show *show);

// A notice that is no event of a stack or resource, as lines for people.
void show_add_message(Buf *out, const Notice *notice, const char *indent, bool color);
// "creating", "created", "failed"; an unknown status as it is.
Str show_status_word(Str status);
// "12.3 MB".
void show_add_bytes(Buf *out, uint64_t bytes);
// "[====>     ]" of `columns` columns.
void show_add_bar(Buf *out, uint64_t done, uint64_t total, size_t columns);
// Without "AWS::".
Str show_short_type(Str type);

#endif
