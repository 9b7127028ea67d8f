// Parts of a graph that have nothing to do with each other, each laid out by itself and packed.
#include "compiler/graph/layout.h"

#include <stdlib.h>

#include "compiler/graph/layout_priv.h"

enum {
    PIECE_GAP = 26,
    WIDE = 20, // how wide for TALL high a whole should be
    TALL = 10
};

// ---- parts ----

static size_t find_root(size_t *parents, size_t i)
{
    while (parents[i] != i) {
        parents[i] = parents[parents[i]];
        i = parents[i];
    }
    return i;
}

// The first of the nodes stands for all that are joined.
static void join(size_t *parents, size_t a, size_t b)
{
    size_t x = find_root(parents, a), y = find_root(parents, b);
    if (x != y)
        parents[x < y ? y : x] = x < y ? x : y;
}

// The stack or the outermost instance around a node; 0 when it stands alone.
static size_t outer_group(const Graph *graph, size_t group)
{
    while (group && graph->groups.items[group].parent)
        group = graph->groups.items[group].parent;
    return group;
}

static size_t *join_nodes(Arena *arena, const Graph *graph)
{
    size_t *parents = ARENA_ARRAY(arena, size_t, graph->nodes.len);
    size_t *of_group = ARENA_ARRAY(arena, size_t, graph->groups.len); // a node in it + 1
    for (size_t i = 0; i < graph->nodes.len; i++)
        parents[i] = i;
    for (size_t i = 0; i < graph->nodes.len; i++) {
        size_t outer = outer_group(graph, graph->nodes.items[i].group);
        if (outer && of_group[outer])
            join(parents, of_group[outer] - 1, i);
        of_group[outer] = i + 1;
    }
    for (size_t i = 0; i < graph->edges.len; i++)
        join(parents, graph->edges.items[i].from, graph->edges.items[i].to);
    return parents;
}

typedef VEC(Piece *) PieceList;

// A group's own rows, then those of the groups in it.
static void number_lanes(const Graph *graph, size_t group, size_t *order, size_t *next)
{
    order[group] = (*next)++;
    for (size_t g = group + 1; g < graph->groups.len; g++)
        if (graph->groups.items[g].parent == group)
            number_lanes(graph, g, order, next);
}

static PieceList make_pieces(Arena *arena, const Graph *graph, const int *widths)
{
    size_t *parents = join_nodes(arena, graph);
    size_t *order = ARENA_ARRAY(arena, size_t, graph->groups.len);
    size_t next = 0;
    number_lanes(graph, 0, order, &next);
    Piece **by_root = ARENA_ARRAY(arena, Piece *, graph->nodes.len);
    PieceList pieces = {0};
    for (size_t i = 0; i < graph->nodes.len; i++) {
        size_t root = find_root(parents, i);
        if (!by_root[root]) {
            Piece *piece = ARENA_NEW(arena, Piece);
            *piece = (Piece){.arena = arena,
                .graph = graph,
                .widths = widths,
                .lane_order = order,
                .ranks = ARENA_ARRAY(arena, size_t, graph->nodes.len)};
            by_root[root] = piece;
            VEC_ADD(arena, &pieces, piece);
        }
        VEC_ADD(arena, &by_root[root]->nodes, i);
    }
    for (size_t i = 0; i < graph->edges.len; i++) {
        Piece *piece = by_root[find_root(parents, graph->edges.items[i].from)];
        VEC_ADD(arena, &piece->edges, i);
    }
    return pieces;
}

// ---- packing ----

static int compare_heights(const void *a, const void *b)
{
    const Piece *x = *(Piece *const *)a, *y = *(Piece *const *)b;
    if (x->box.h != y->box.h)
        return x->box.h > y->box.h ? -1 : 1;
    return x->nodes.items[0] < y->nodes.items[0] ? -1 : 1;
}

// Shelves, the highest piece first; on a shelf, low pieces stand below each other.
static Box pack_within(const PieceList *pieces, int most)
{
    int shelf_y = 0, shelf_h = 0, column_x = 0, column_w = 0, column_y = 0;
    Box all = {0};
    for (size_t i = 0; i < pieces->len; i++) {
        Box *box = &pieces->items[i]->box;
        bool below = column_w && box->w <= column_w && column_y + box->h <= shelf_h;
        if (!below) {
            column_x += column_w ? column_w + PIECE_GAP : 0;
            column_y = 0;
            column_w = box->w;
            if (column_x && column_x + box->w > most) {
                shelf_y += shelf_h + PIECE_GAP;
                shelf_h = column_x = 0;
            }
            shelf_h = box->h > shelf_h ? box->h : shelf_h;
        }
        box->x = column_x;
        box->y = shelf_y + column_y;
        column_y += box->h + PIECE_GAP;
        all.w = box->x + box->w > all.w ? box->x + box->w : all.w;
        all.h = box->y + box->h > all.h ? box->y + box->h : all.h;
    }
    return all;
}

// The width whose whole fits into the smallest screen.
static Box pack(const PieceList *pieces)
{
    enum { TRIES = 24 };
    int widest = 0, best = 0;
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < pieces->len; i++)
        widest = pieces->items[i]->box.w > widest ? pieces->items[i]->box.w : widest;
    for (int i = 0; i < TRIES; i++) {
        int width = widest + widest * i / 4;
        Box box = pack_within(pieces, width);
        int64_t across = (int64_t)box.w * TALL, down = (int64_t)box.h * WIDE;
        int64_t size = across > down ? across : down;
        if (size >= least)
            continue;
        least = size;
        best = width;
    }
    return pack_within(pieces, best);
}

static void move_piece(Piece *piece, Layout *layout)
{
    const Graph *graph = piece->graph;
    int dx = piece->box.x, dy = piece->box.y;
    for (size_t i = 0; i < piece->nodes.len; i++) {
        layout->nodes[piece->nodes.items[i]].x += dx;
        layout->nodes[piece->nodes.items[i]].y += dy;
    }
    bool *moved = ARENA_ARRAY(piece->arena, bool, graph->groups.len);
    for (size_t i = 0; i < piece->nodes.len; i++) {
        size_t group = graph->nodes.items[piece->nodes.items[i]].group;
        for (; group && !moved[group]; group = graph->groups.items[group].parent) {
            layout->groups[group].x += dx;
            layout->groups[group].y += dy;
            moved[group] = true;
        }
    }
    piece_draw_edges(piece, layout, dx, dy);
}

// ---- the whole ----

static void draw_odd_edges(Arena *arena, const Graph *graph, const IndexList *odd, Layout *layout)
{
    for (size_t i = 0; i < odd->len; i++) {
        const GraphEdge *edge = &graph->edges.items[odd->items[i]];
        Box from = layout->nodes[edge->from], to = layout->nodes[edge->to];
        Segment segment = {
            .x1 = from.x + from.w,
            .y1 = from.y + from.h / 2,
            .x2 = to.x,
            .y2 = to.y + to.h / 2,
            .to = edge->to,
            .arrow = true,
        };
        VEC_ADD(arena, &layout->segments, segment);
    }
}

Layout *layout_graph(Arena *arena, const Graph *graph, const int *widths)
{
    Layout *layout = ARENA_NEW(arena, Layout);
    layout->nodes = ARENA_ARRAY(arena, Box, graph->nodes.len);
    layout->groups = ARENA_ARRAY(arena, Box, graph->groups.len);
    PieceList pieces = make_pieces(arena, graph, widths);
    IndexList odd = {0};
    for (size_t i = 0; i < pieces.len; i++) {
        piece_rank(pieces.items[i], &odd);
        piece_split_edges(pieces.items[i]);
        piece_order(pieces.items[i]);
        piece_place(pieces.items[i], layout);
    }
    if (pieces.len)
        qsort(pieces.items, pieces.len, sizeof *pieces.items, compare_heights);
    Box box = pack(&pieces);
    for (size_t i = 0; i < pieces.len; i++)
        move_piece(pieces.items[i], layout);
    layout->width = box.w;
    layout->height = box.h;
    draw_odd_edges(arena, graph, &odd, layout);
    return layout;
}
