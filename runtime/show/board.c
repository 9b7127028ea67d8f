#include "runtime/show/board.h"

static BoardStack *stack_of(Board *board, const Notice *notice, int64_t elapsed)
{
    for (size_t i = 0; i < board->stacks.len; i++)
        if (str_equal(board->stacks.items[i]->id, notice->stack))
            return board->stacks.items[i];
    BoardStack *stack = ARENA_NEW(board->arena, BoardStack);
    stack->id = str_copy(board->arena, notice->stack);
    stack->name = str_copy(board->arena, notice->stack_name);
    stack->region = str_copy(board->arena, notice->region);
    stack->start = elapsed;
    VEC_ADD(board->arena, &board->stacks, stack);
    return stack;
}

static BoardRow *row_of(Board *board, BoardStack *stack, const Notice *notice, int64_t elapsed)
{
    Str key = str_format(
        board->arena, "%.*s/%.*s", STR_FMT(notice->stack_name), STR_FMT(notice->logical_id));
    BoardRow *row = map_find(&stack->by_name, key);
    if (row)
        return row;
    row = ARENA_NEW(board->arena, BoardRow);
    row->logical_id = str_copy(board->arena, notice->logical_id);
    row->type = str_copy(board->arena, notice->type);
    row->start = elapsed;
    row->state = ROW_STATE_COUNT; // not counted yet
    row->order = stack->rows.len;
    map_set(&stack->by_name, board->arena, key, row);
    VEC_ADD(board->arena, &stack->rows, row);
    BoardRow *parent = map_find(&stack->nested, notice->stack_name);
    row->depth = parent ? parent->depth + 1 : 0;
    if (parent)
        VEC_ADD(board->arena, &parent->children, row);
    else
        VEC_ADD(board->arena, &stack->tops, row);
    return row;
}

static RowState state_of(const Notice *notice)
{
    if (str_ends(notice->status, STR("_IN_PROGRESS")))
        return ROW_WORKING;
    if (!str_ends(notice->status, STR("_FAILED")))
        return ROW_DONE;
    bool cancelled = str_find(notice->reason, STR("cancelled"), 0) != SIZE_MAX;
    return cancelled ? ROW_CANCELLED : ROW_FAILED;
}

// A nested stack fails because something in it did, which has its own row.
static bool says_why(const Notice *notice)
{
    return !notice->nested.len ||
           str_find(notice->reason, STR("was not successfully"), 0) == SIZE_MAX;
}

static void take_resource(Board *board, const Notice *notice, int64_t elapsed)
{
    BoardStack *stack = stack_of(board, notice, elapsed);
    BoardRow *row = row_of(board, stack, notice, elapsed);
    RowState state = state_of(notice);
    if (row->state != ROW_STATE_COUNT)
        stack->count[row->state]--;
    stack->count[state]++;
    if (state == ROW_WORKING && row->state != ROW_WORKING)
        row->start = elapsed;
    row->end = elapsed;
    row->state = state;
    row->status = str_copy(board->arena, notice->status);
    if (state == ROW_FAILED && says_why(notice))
        row->reason = str_copy(board->arena, notice->reason);
    if (notice->nested.len && !map_find(&stack->nested, notice->nested))
        map_set(&stack->nested, board->arena, str_copy(board->arena, notice->nested), row);
}

static void take_stack(Board *board, const Notice *notice, int64_t elapsed)
{
    BoardStack *stack = stack_of(board, notice, elapsed);
    if (notice->total)
        stack->total = notice->total;
    if (notice->depth == 0 && notice->status.len) {
        stack->status = str_copy(board->arena, notice->status);
        stack->end = elapsed;
    }
}

static void take_progress(Board *board, const Notice *notice, int64_t elapsed)
{
    size_t at = 0;
    while (at < board->progress.len && !str_equal(board->progress.items[at].text, notice->text))
        at++;
    if (notice->total && notice->done >= notice->total) {
        if (at == board->progress.len)
            return;
        board->progress.len--;
        for (; at < board->progress.len; at++)
            board->progress.items[at] = board->progress.items[at + 1];
        return;
    }
    if (at == board->progress.len) {
        BoardProgress progress = {.text = str_copy(board->arena, notice->text), .start = elapsed};
        VEC_ADD(board->arena, &board->progress, progress);
    }
    board->progress.items[at].done = notice->done;
    board->progress.items[at].total = notice->total;
}

static void drop_stack(Board *board, Str id)
{
    size_t kept = 0;
    for (size_t i = 0; i < board->stacks.len; i++)
        if (!str_equal(board->stacks.items[i]->id, id))
            board->stacks.items[kept++] = board->stacks.items[i];
    board->stacks.len = kept;
}

void board_take(Board *board, const Notice *notice, int64_t elapsed)
{
    switch (notice->kind) {
    case NOTICE_RESOURCE:
        take_resource(board, notice, elapsed);
        break;
    case NOTICE_STACK:
        take_stack(board, notice, elapsed);
        break;
    case NOTICE_PROGRESS:
        take_progress(board, notice, elapsed);
        break;
    case NOTICE_RESULT:
        drop_stack(board, notice->stack);
        break;
    default:
        break;
    }
}

uint64_t board_total(const BoardStack *stack)
{
    return stack->total > stack->rows.len ? stack->total : stack->rows.len;
}
