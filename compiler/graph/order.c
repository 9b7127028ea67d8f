// The order within columns: each vertex near the middle of its neighbours, while the rows of a
// group stay together; the order with the fewest crossings is kept.
#include <stdlib.h>

#include "compiler/graph/layout_priv.h"

enum {
    SWEEPS = 24,
    STEPS_TRIED = 3000, // a larger piece stays in the order of its source
    SCALE = 1000
};

typedef struct Rank {
    size_t vertex;
    size_t lane;
    int64_t wish;
    size_t place;
} Rank;

static int compare_ranks(const void *a, const void *b)
{
    const Rank *x = a, *y = b;
    if (x->lane != y->lane)
        return x->lane < y->lane ? -1 : 1;
    if (x->wish != y->wish)
        return x->wish < y->wish ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static int64_t middle(const Piece *piece, const IndexList *neighbours, size_t own)
{
    if (!neighbours->len)
        return (int64_t)own * SCALE;
    int64_t sum = 0;
    for (size_t i = 0; i < neighbours->len; i++)
        sum += (int64_t)piece->vertices.items[neighbours->items[i]].place * SCALE;
    return sum / (int64_t)neighbours->len;
}

static void number_column(Piece *piece, const IndexList *column)
{
    for (size_t i = 0; i < column->len; i++)
        piece->vertices.items[column->items[i]].place = i;
}

// Neighbours to the left count going right, those to the right going left.
static void sort_column(Piece *piece, size_t rank, bool going_right)
{
    IndexList *column = &piece->columns.items[rank];
    Rank *order = ARENA_ARRAY(piece->arena, Rank, column->len);
    for (size_t i = 0; i < column->len; i++) {
        const Vertex *vertex = &piece->vertices.items[column->items[i]];
        order[i] = (Rank){
            .vertex = column->items[i],
            .lane = piece->lane_order[vertex->lane],
            .wish = middle(piece, going_right ? &vertex->before : &vertex->after, i),
            .place = i,
        };
    }
    qsort(order, column->len, sizeof *order, compare_ranks);
    for (size_t i = 0; i < column->len; i++)
        column->items[i] = order[i].vertex;
    number_column(piece, column);
}

// ---- crossings ----

// Between the edges of two vertices of a column, `upper` standing above `lower`.
static size_t crossings_of(const Piece *piece, const IndexList *upper, const IndexList *lower)
{
    size_t count = 0;
    for (size_t i = 0; i < upper->len; i++)
        for (size_t j = 0; j < lower->len; j++)
            count += piece->vertices.items[upper->items[i]].place >
                     piece->vertices.items[lower->items[j]].place;
    return count;
}

static size_t count_crossings(const Piece *piece)
{
    size_t count = 0;
    for (size_t rank = 0; rank < piece->columns.len; rank++) {
        const IndexList *column = &piece->columns.items[rank];
        for (size_t i = 0; i < column->len; i++)
            for (size_t j = i + 1; j < column->len; j++)
                count += crossings_of(piece, &piece->vertices.items[column->items[i]].after,
                    &piece->vertices.items[column->items[j]].after);
    }
    return count;
}

// Exchanges neighbours of a column as long as that saves crossings.
static bool exchange_in_column(Piece *piece, IndexList *column)
{
    bool changed = false;
    for (size_t i = 0; i + 1 < column->len; i++) {
        Vertex *upper = &piece->vertices.items[column->items[i]];
        Vertex *lower = &piece->vertices.items[column->items[i + 1]];
        if (upper->lane != lower->lane)
            continue;
        size_t now = crossings_of(piece, &upper->after, &lower->after) +
                     crossings_of(piece, &upper->before, &lower->before);
        size_t then = crossings_of(piece, &lower->after, &upper->after) +
                      crossings_of(piece, &lower->before, &upper->before);
        if (then >= now)
            continue;
        size_t moved = column->items[i];
        column->items[i] = column->items[i + 1];
        column->items[i + 1] = moved;
        upper->place = i + 1;
        lower->place = i;
        changed = true;
    }
    return changed;
}

static void exchange(Piece *piece)
{
    bool changed = true;
    for (int turn = 0; changed && turn < SWEEPS; turn++) {
        changed = false;
        for (size_t rank = 0; rank < piece->columns.len; rank++)
            changed = exchange_in_column(piece, &piece->columns.items[rank]) || changed;
    }
}

// ---- the best of several orders ----

static IndexList *copy_columns(const Piece *piece)
{
    IndexList *copy = ARENA_ARRAY(piece->arena, IndexList, piece->columns.len);
    for (size_t rank = 0; rank < piece->columns.len; rank++)
        for (size_t i = 0; i < piece->columns.items[rank].len; i++)
            VEC_ADD(piece->arena, &copy[rank], piece->columns.items[rank].items[i]);
    return copy;
}

static void sweep(Piece *piece, bool going_right)
{
    size_t count = piece->columns.len;
    for (size_t i = 0; i < count; i++)
        sort_column(piece, going_right ? i : count - 1 - i, going_right);
}

void piece_order(Piece *piece)
{
    for (size_t rank = 0; rank < piece->columns.len; rank++)
        number_column(piece, &piece->columns.items[rank]);
    sweep(piece, true);
    if (piece->steps.len > STEPS_TRIED)
        return;
    IndexList *best = copy_columns(piece);
    size_t fewest = count_crossings(piece);
    for (int turn = 0; fewest && turn < SWEEPS; turn++) {
        sweep(piece, turn % 2 == 0);
        if (turn % 4 == 3)
            exchange(piece);
        size_t crossings = count_crossings(piece);
        if (crossings >= fewest)
            continue;
        fewest = crossings;
        best = copy_columns(piece);
    }
    for (size_t rank = 0; rank < piece->columns.len; rank++) {
        piece->columns.items[rank] = best[rank];
        number_column(piece, &best[rank]);
    }
}
