// Rows: each group has a band of rows for its own vertices and, below them, those of the groups
// in it; inside its band a vertex stands as near to its neighbours as the order allows.
#include "compiler/graph/layout_priv.h"

enum {
    COLUMN_GAP = 66,
    NODE_GAP = 14,
    PASSING_GAP = 8,
    GROUP_GAP = 16, // between frames
    LEAST_COLUMN = 30,
    SETTLINGS = 10
};

typedef struct Band {
    bool used;  // it, or a group in it, holds a vertex
    int height; // of its own rows
    int top;    // of its own rows
} Band;

static int gap_between(const Vertex *upper, const Vertex *lower)
{
    bool passing = upper->node == SIZE_MAX || lower->node == SIZE_MAX;
    return passing ? PASSING_GAP : NODE_GAP;
}

// ---- columns ----

static void place_columns(Piece *piece)
{
    int x = 0;
    for (size_t rank = 0; rank < piece->columns.len; rank++) {
        const IndexList *column = &piece->columns.items[rank];
        int width = LEAST_COLUMN;
        for (size_t i = 0; i < column->len; i++) {
            const Vertex *vertex = &piece->vertices.items[column->items[i]];
            if (vertex->node != SIZE_MAX && piece->widths[vertex->node] > width)
                width = piece->widths[vertex->node];
        }
        VEC_ADD(piece->arena, &piece->column_x, x);
        VEC_ADD(piece->arena, &piece->column_width, width);
        x += width + COLUMN_GAP;
    }
}

// ---- bands ----

// The vertices of one lane in a column, which stand together.
typedef struct Stretch {
    const IndexList *column;
    size_t start;
    size_t end;
} Stretch;

static Vertex *vertex_of(const Piece *piece, const Stretch *stretch, size_t i)
{
    return &piece->vertices.items[stretch->column->items[i]];
}

static Stretch stretch_at(const Piece *piece, const IndexList *column, size_t start)
{
    Stretch stretch = {.column = column, .start = start, .end = start};
    size_t lane = vertex_of(piece, &stretch, start)->lane;
    while (stretch.end < column->len && vertex_of(piece, &stretch, stretch.end)->lane == lane)
        stretch.end++;
    return stretch;
}

static int stretch_height(const Piece *piece, const Stretch *stretch)
{
    int height = 0;
    for (size_t i = stretch->start; i < stretch->end; i++) {
        const Vertex *vertex = vertex_of(piece, stretch, i);
        height += vertex->h;
        if (i > stretch->start)
            height += gap_between(vertex_of(piece, stretch, i - 1), vertex);
    }
    return height;
}

static void measure_bands(const Piece *piece, Band *bands)
{
    const Graph *graph = piece->graph;
    for (size_t rank = 0; rank < piece->columns.len; rank++) {
        const IndexList *column = &piece->columns.items[rank];
        for (size_t start = 0; start < column->len;) {
            Stretch stretch = stretch_at(piece, column, start);
            size_t lane = vertex_of(piece, &stretch, start)->lane;
            int height = stretch_height(piece, &stretch);
            if (height > bands[lane].height)
                bands[lane].height = height;
            for (size_t g = lane; g; g = graph->groups.items[g].parent)
                bands[g].used = true;
            bands[0].used = true;
            start = stretch.end;
        }
    }
}

// Gives the bottom of all that the group holds.
static int stack_bands(const Piece *piece, Band *bands, size_t group, int y)
{
    const Graph *graph = piece->graph;
    bool framed = group != 0;
    if (framed)
        y += GROUP_HEADER;
    bands[group].top = y;
    y += bands[group].height;
    bool first = bands[group].height == 0;
    for (size_t g = group + 1; g < graph->groups.len; g++) {
        if (graph->groups.items[g].parent != group || !bands[g].used)
            continue;
        y = stack_bands(piece, bands, g, first ? y : y + GROUP_GAP);
        first = false;
    }
    return framed ? y + GROUP_PAD : y;
}

// ---- rows ----

static int middle_of(const Vertex *vertex)
{
    return vertex->y + vertex->h / 2;
}

// Where the vertex would like its top to be.
static int wish(const Piece *piece, const Vertex *vertex, bool left, bool right)
{
    int sum = 0, count = 0;
    for (size_t i = 0; left && i < vertex->before.len; i++, count++)
        sum += middle_of(&piece->vertices.items[vertex->before.items[i]]);
    for (size_t i = 0; right && i < vertex->after.len; i++, count++)
        sum += middle_of(&piece->vertices.items[vertex->after.items[i]]);
    return count ? sum / count - vertex->h / 2 : vertex->y;
}

// Moves tops down until none is above `floor` or inside the one before it.
static void push_down(const Piece *piece, const Stretch *stretch, int *tops, int floor)
{
    for (size_t i = 0; i < stretch->end - stretch->start; i++) {
        const Vertex *vertex = vertex_of(piece, stretch, stretch->start + i);
        if (i)
            floor += gap_between(vertex_of(piece, stretch, stretch->start + i - 1), vertex);
        tops[i] = tops[i] > floor ? tops[i] : floor;
        floor = tops[i] + vertex->h;
    }
}

// Moves tops up until none ends below `ceiling` or inside the one after it.
static void push_up(const Piece *piece, const Stretch *stretch, int *tops, int ceiling)
{
    for (size_t i = stretch->end - stretch->start; i-- > 0;) {
        const Vertex *vertex = vertex_of(piece, stretch, stretch->start + i);
        if (stretch->start + i + 1 < stretch->end)
            ceiling -= gap_between(vertex, vertex_of(piece, stretch, stretch->start + i + 1));
        tops[i] = tops[i] < ceiling - vertex->h ? tops[i] : ceiling - vertex->h;
        ceiling = tops[i];
    }
}

// The mean of the lowest and the highest arrangement that honours wishes, order and band.
static void settle_stretch(
    Piece *piece, const Stretch *stretch, const Band *band, bool left, bool right)
{
    size_t count = stretch->end - stretch->start;
    int *high = ARENA_ARRAY(piece->arena, int, count);
    int *low = ARENA_ARRAY(piece->arena, int, count);
    for (size_t i = 0; i < count; i++)
        high[i] = low[i] = wish(piece, vertex_of(piece, stretch, stretch->start + i), left, right);
    int floor = band->top, ceiling = band->top + band->height;
    push_down(piece, stretch, low, floor);
    push_up(piece, stretch, low, ceiling);
    push_up(piece, stretch, high, ceiling);
    push_down(piece, stretch, high, floor);
    for (size_t i = 0; i < count; i++)
        vertex_of(piece, stretch, stretch->start + i)->y = (high[i] + low[i]) / 2;
}

static void settle_column(Piece *piece, const Band *bands, size_t rank, bool left, bool right)
{
    const IndexList *column = &piece->columns.items[rank];
    for (size_t start = 0; start < column->len;) {
        Stretch stretch = stretch_at(piece, column, start);
        size_t lane = vertex_of(piece, &stretch, start)->lane;
        settle_stretch(piece, &stretch, &bands[lane], left, right);
        start = stretch.end;
    }
}

static void place_rows(Piece *piece, const Band *bands)
{
    size_t count = piece->columns.len;
    for (size_t i = 0; i < piece->vertices.len; i++)
        piece->vertices.items[i].y = bands[piece->vertices.items[i].lane].top;
    for (size_t rank = 0; rank < count; rank++)
        settle_column(piece, bands, rank, false, false);
    for (int turn = 0; turn < SETTLINGS; turn++) {
        for (size_t rank = 0; rank < count; rank++)
            settle_column(piece, bands, rank, true, turn + 2 > SETTLINGS);
        for (size_t rank = count; rank-- > 0;)
            settle_column(piece, bands, rank, turn + 2 > SETTLINGS, true);
    }
}

// ---- boxes ----

static void widen(Box *box, bool *used, Box other)
{
    if (!*used) {
        *box = other;
        *used = true;
        return;
    }
    int right = box->x + box->w, bottom = box->y + box->h;
    right = other.x + other.w > right ? other.x + other.w : right;
    bottom = other.y + other.h > bottom ? other.y + other.h : bottom;
    box->x = other.x < box->x ? other.x : box->x;
    box->y = other.y < box->y ? other.y : box->y;
    box->w = right - box->x;
    box->h = bottom - box->y;
}

static Box framed(Box box)
{
    return (Box){box.x - GROUP_PAD, box.y - GROUP_HEADER, box.w + 2 * GROUP_PAD,
        box.h + GROUP_HEADER + GROUP_PAD};
}

static void shift(Box *box, int dx, int dy)
{
    box->x += dx;
    box->y += dy;
}

// Frames from the inside out: a group's number is above its parent's.
static void place_boxes(Piece *piece, Layout *layout)
{
    const Graph *graph = piece->graph;
    bool *used = ARENA_ARRAY(piece->arena, bool, graph->groups.len);
    bool any = false;
    for (size_t i = 0; i < piece->vertices.len; i++) {
        const Vertex *vertex = &piece->vertices.items[i];
        Box box = {piece->column_x.items[vertex->rank], vertex->y,
            piece->column_width.items[vertex->rank], vertex->h};
        widen(&piece->box, &any, box);
        if (vertex->lane)
            widen(&layout->groups[vertex->lane], &used[vertex->lane], box);
        if (vertex->node != SIZE_MAX)
            layout->nodes[vertex->node] = box;
    }
    for (size_t g = graph->groups.len; g-- > 1;) {
        if (!used[g])
            continue;
        layout->groups[g] = framed(layout->groups[g]);
        widen(&piece->box, &any, layout->groups[g]);
        size_t parent = graph->groups.items[g].parent;
        if (parent)
            widen(&layout->groups[parent], &used[parent], layout->groups[g]);
    }
    int dx = -piece->box.x, dy = -piece->box.y;
    for (size_t i = 0; i < piece->nodes.len; i++)
        shift(&layout->nodes[piece->nodes.items[i]], dx, dy);
    for (size_t g = 1; g < graph->groups.len; g++)
        if (used[g])
            shift(&layout->groups[g], dx, dy);
    for (size_t i = 0; i < piece->vertices.len; i++)
        piece->vertices.items[i].y += dy;
    for (size_t i = 0; i < piece->column_x.len; i++)
        piece->column_x.items[i] += dx;
    piece->box = (Box){0, 0, piece->box.w, piece->box.h};
}

void piece_place(Piece *piece, Layout *layout)
{
    place_columns(piece);
    Band *bands = ARENA_ARRAY(piece->arena, Band, piece->graph->groups.len);
    measure_bands(piece, bands);
    stack_bands(piece, bands, 0, 0);
    place_rows(piece, bands);
    place_boxes(piece, layout);
}

// ---- edges ----

static bool passes_alone(const Piece *piece, size_t vertex, const Step *step)
{
    const Vertex *at = &piece->vertices.items[vertex];
    return at->node == SIZE_MAX && at->after.len && at->after.items[0] == step->to;
}

void piece_draw_edges(const Piece *piece, Layout *layout, int dx, int dy)
{
    for (size_t i = 0; i < piece->steps.len; i++) {
        const Step *step = &piece->steps.items[i];
        const Vertex *from = &piece->vertices.items[step->from];
        const Vertex *to = &piece->vertices.items[step->to];
        int right = piece->column_x.items[from->rank] + piece->column_width.items[from->rank];
        Segment segment = {
            .x1 = right + dx,
            .y1 = middle_of(from) + dy,
            .x2 = piece->column_x.items[to->rank] + dx,
            .y2 = middle_of(to) + dy,
            .to = step->target,
            .arrow = to->node != SIZE_MAX,
            .order = step->order,
            .across = step->across,
        };
        if (passes_alone(piece, step->from, step)) {
            Segment through = segment; // along the column that it passes
            through.x1 = piece->column_x.items[from->rank] + dx;
            through.x2 = segment.x1;
            through.y2 = segment.y1;
            through.arrow = false;
            VEC_ADD(piece->arena, &layout->segments, through);
        }
        VEC_ADD(piece->arena, &layout->segments, segment);
    }
}
