// What the view shows: each stack that is worked on with its resources, and what is being uploaded.
// Plain state, made of notices.
#ifndef ALTC_SHOW_BOARD_H
#define ALTC_SHOW_BOARD_H

#include "compiler/base/map.h"
#include "compiler/base/vec.h"
#include "runtime/notice/notice.h"

typedef enum RowState {
    ROW_WORKING,
    ROW_DONE,
    ROW_FAILED,
    ROW_CANCELLED, // because another one failed
    ROW_STATE_COUNT
} RowState;

typedef struct BoardRow BoardRow;
struct BoardRow {
    Str logical_id;
    Str type;
    Str status;
    Str reason; // why it failed; stays when it is undone
    RowState state;
    int64_t start; // milliseconds since the program's start
    int64_t end;
    size_t depth;
    size_t order; // of appearance in its stack
    bool shown;   // in the frame that is being drawn
    VEC(BoardRow *) children;
};

typedef struct BoardStack {
    Str id;
    Str name;
    Str region;
    Str status;
    int64_t start;
    int64_t end;    // when it was settled; 0 before
    uint64_t total; // resources that change, if known
    size_t count[ROW_STATE_COUNT];
    VEC(BoardRow *) tops; // resources of the stack itself
    VEC(BoardRow *) rows; // these and those of nested stacks, by appearance
    Map by_name;          // STACK_NAME/LOGICAL_ID
    Map nested;           // name of a nested stack: its row
} BoardStack;

typedef struct BoardProgress {
    Str text;
    uint64_t done;
    uint64_t total;
    int64_t start;
} BoardProgress;

typedef struct Board {
    Arena *arena;
    VEC(BoardStack *) stacks;    // those at work, by appearance
    VEC(BoardProgress) progress; // what is not complete
} Board;

// Takes a notice of a stack, a resource, progress or a result; `elapsed` is its time since the
// start.
void board_take(Board *board, const Notice *notice, int64_t elapsed);
// How many of a stack's resources there are to do: known, or seen so far.
uint64_t board_total(const BoardStack *stack);

#endif
