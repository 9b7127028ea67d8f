// Which column everything stands in, and where edges pass columns on their way.
#include "compiler/base/map.h"
#include "compiler/graph/layout_priv.h"

// ---- circles ----

typedef struct Search {
    Piece *piece;
    unsigned char *state; // by node: 0 new, 1 on the way, 2 done
    IndexList *out;       // by node: edges
    bool *odd;            // by edge
} Search;

static void visit(const Search *search, size_t node)
{
    search->state[node] = 1;
    for (size_t i = 0; i < search->out[node].len; i++) {
        size_t edge = search->out[node].items[i];
        size_t to = search->piece->graph->edges.items[edge].to;
        if (search->state[to] == 1)
            search->odd[edge] = true;
        else if (search->state[to] == 0)
            visit(search, to);
    }
    search->state[node] = 2;
}

static void leave_out_circles(Piece *piece, IndexList *odd)
{
    const Graph *graph = piece->graph;
    Search search = {
        .piece = piece,
        .state = ARENA_ARRAY(piece->arena, unsigned char, graph->nodes.len),
        .out = ARENA_ARRAY(piece->arena, IndexList, graph->nodes.len),
        .odd = ARENA_ARRAY(piece->arena, bool, graph->edges.len),
    };
    for (size_t i = 0; i < piece->edges.len; i++) {
        size_t from = graph->edges.items[piece->edges.items[i]].from;
        VEC_ADD(piece->arena, &search.out[from], piece->edges.items[i]);
    }
    for (size_t i = 0; i < piece->nodes.len; i++)
        if (!search.state[piece->nodes.items[i]])
            visit(&search, piece->nodes.items[i]);
    IndexList kept = {0};
    for (size_t i = 0; i < piece->edges.len; i++) {
        size_t edge = piece->edges.items[i];
        if (search.odd[edge])
            VEC_ADD(piece->arena, odd, edge);
        else
            VEC_ADD(piece->arena, &kept, edge);
    }
    piece->edges = kept;
}

// ---- ranks ----

static const GraphEdge *edge_at(const Piece *piece, size_t i)
{
    return &piece->graph->edges.items[piece->edges.items[i]];
}

static void longest_ways(Piece *piece)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < piece->edges.len; i++) {
            const GraphEdge *edge = edge_at(piece, i);
            if (piece->ranks[edge->to] > piece->ranks[edge->from])
                continue;
            piece->ranks[edge->to] = piece->ranks[edge->from] + 1;
            changed = true;
        }
    }
}

// Moves a node between its neighbours to where its edges are shortest.
static bool pull(Piece *piece, size_t node)
{
    size_t least = 0, most = SIZE_MAX, in = 0, out = 0;
    for (size_t i = 0; i < piece->edges.len; i++) {
        const GraphEdge *edge = edge_at(piece, i);
        if (edge->to == node) {
            in++;
            least = piece->ranks[edge->from] + 1 > least ? piece->ranks[edge->from] + 1 : least;
        } else if (edge->from == node) {
            out++;
            most = piece->ranks[edge->to] - 1 < most ? piece->ranks[edge->to] - 1 : most;
        }
    }
    size_t wanted = out > in ? most : in > out ? least : piece->ranks[node];
    bool moved = wanted != piece->ranks[node];
    piece->ranks[node] = wanted;
    return moved;
}

static bool *connected_nodes(const Piece *piece)
{
    bool *connected = ARENA_ARRAY(piece->arena, bool, piece->graph->nodes.len);
    for (size_t i = 0; i < piece->edges.len; i++) {
        connected[edge_at(piece, i)->from] = true;
        connected[edge_at(piece, i)->to] = true;
    }
    return connected;
}

static size_t square_root(size_t n)
{
    size_t root = 0;
    while (root * root < n)
        root++;
    return root;
}

// Nodes without an edge fill the columns of their group evenly.
static void spread_lone_nodes(Piece *piece)
{
    const bool *connected = connected_nodes(piece);
    size_t lone = 0, columns = 1;
    for (size_t i = 0; i < piece->nodes.len; i++) {
        size_t node = piece->nodes.items[i];
        lone += !connected[node];
        if (connected[node] && piece->ranks[node] >= columns)
            columns = piece->ranks[node] + 1;
    }
    if (square_root(lone) > columns)
        columns = square_root(lone);
    size_t *filled = ARENA_ARRAY(piece->arena, size_t, columns * piece->graph->groups.len);
    for (int turn = 0; turn < 2; turn++) { // connected ones are there first
        for (size_t i = 0; i < piece->nodes.len; i++) {
            size_t node = piece->nodes.items[i];
            if (connected[node] == (turn == 1))
                continue;
            size_t *lane = &filled[columns * piece->graph->nodes.items[node].group];
            size_t best = piece->ranks[node];
            for (size_t c = 0; turn == 1 && c < columns; c++)
                best = lane[c] < lane[best] ? c : best;
            piece->ranks[node] = best;
            lane[best]++;
        }
    }
}

void piece_rank(Piece *piece, IndexList *odd)
{
    enum { PULLS = 8 };
    leave_out_circles(piece, odd);
    longest_ways(piece);
    for (int turn = 0; turn < PULLS; turn++) {
        bool moved = false;
        for (size_t i = 0; i < piece->nodes.len; i++)
            moved = pull(piece, piece->nodes.items[i]) || moved;
        if (!moved)
            break;
    }
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < piece->nodes.len; i++)
        if (piece->ranks[piece->nodes.items[i]] < least)
            least = piece->ranks[piece->nodes.items[i]];
    for (size_t i = 0; i < piece->nodes.len; i++)
        piece->ranks[piece->nodes.items[i]] -= least;
    spread_lone_nodes(piece);
}

// ---- edges over several columns ----

enum { PASSING_HEIGHT = 6 };

static size_t add_vertex(Piece *piece, size_t node, size_t lane, size_t rank)
{
    Vertex vertex = {.node = node,
        .lane = lane,
        .rank = rank,
        .h = node == SIZE_MAX ? PASSING_HEIGHT : NODE_HEIGHT};
    VEC_ADD(piece->arena, &piece->vertices, vertex);
    while (piece->columns.len <= rank)
        VEC_ADD(piece->arena, &piece->columns, (IndexList){0});
    size_t index = piece->vertices.len - 1;
    VEC_ADD(piece->arena, &piece->columns.items[rank], index);
    return index;
}

// What a line looks like is that of all its edges.
typedef struct Look {
    bool order;
    bool across;
} Look;

static void add_step(Piece *piece, size_t from, size_t to, size_t target, Look look)
{
    for (size_t i = piece->steps.len; i-- > 0;) {
        Step *step = &piece->steps.items[i];
        if (step->from != from || step->to != to)
            continue;
        step->order = step->order && look.order;
        step->across = step->across && look.across;
        return;
    }
    Step step = {
        .from = from, .to = to, .target = target, .order = look.order, .across = look.across};
    VEC_ADD(piece->arena, &piece->steps, step);
    VEC_ADD(piece->arena, &piece->vertices.items[from].after, to);
    VEC_ADD(piece->arena, &piece->vertices.items[to].before, from);
}

// The innermost group around both.
static size_t common_group(const Graph *graph, size_t a, size_t b)
{
    while (a != b) {
        size_t *deeper = graph->groups.items[a].depth >= graph->groups.items[b].depth ? &a : &b;
        *deeper = graph->groups.items[*deeper].parent;
    }
    return a;
}

// Edges to one node share the places where they pass a column.
static size_t passing(Piece *piece, Map *known, size_t target, size_t lane, size_t rank)
{
    Str key = str_format(piece->arena, "%zu %zu %zu", target, lane, rank);
    uintptr_t found = (uintptr_t)map_find(known, key);
    if (found)
        return found - 1;
    size_t index = add_vertex(piece, SIZE_MAX, lane, rank);
    map_set(known, piece->arena, key, (void *)(uintptr_t)(index + 1));
    return index;
}

void piece_split_edges(Piece *piece)
{
    const Graph *graph = piece->graph;
    size_t *vertices = ARENA_ARRAY(piece->arena, size_t, graph->nodes.len);
    for (size_t i = 0; i < piece->nodes.len; i++) {
        size_t node = piece->nodes.items[i];
        vertices[node] =
            add_vertex(piece, node, graph->nodes.items[node].group, piece->ranks[node]);
    }
    Map known = {0};
    for (size_t i = 0; i < piece->edges.len; i++) {
        const GraphEdge *edge = edge_at(piece, i);
        size_t lane = common_group(
            graph, graph->nodes.items[edge->from].group, graph->nodes.items[edge->to].group);
        const Look look = {edge->needs == NEED_ORDER, (edge->needs & NEED_OUTPUT) != 0};
        size_t next = vertices[edge->to];
        for (size_t rank = piece->ranks[edge->to] - 1; rank > piece->ranks[edge->from]; rank--) {
            size_t here = passing(piece, &known, edge->to, lane, rank);
            add_step(piece, here, next, edge->to, look);
            next = here;
        }
        add_step(piece, vertices[edge->from], next, edge->to, look);
    }
}
