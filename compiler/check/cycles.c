// Cycles: of each knot of things that need each other the shortest way round is shown, with the
// place that makes each step, and the one reference without which there would be none.
#include "compiler/check/check_priv.h"

// What the search for the shortest way may cost per knot, in edges looked at; beyond it the best
// one so far is shown. And how many single references are tried.
enum { SEARCH_BUDGET = 400000, MAX_TRIED = 64 };

typedef struct Knots {
    const Graph *graph;
    Arena *arena;
    size_t *first; // edges of node n: order[first[n]] .. order[first[n + 1] - 1]
    size_t *order;
    size_t *knot; // of a node, counted from 1
    size_t count;
} Knots;

static const GraphEdge *edge_at(const Knots *knots, size_t place)
{
    return &knots->graph->edges.items[knots->order[place]];
}

// Sorts the edges by their start, in their own order.
static void sort_edges(Knots *knots)
{
    const Graph *graph = knots->graph;
    knots->first = ARENA_ARRAY(knots->arena, size_t, graph->count + 2);
    knots->order = ARENA_ARRAY(knots->arena, size_t, graph->edges.len + 1);
    for (size_t i = 0; i < graph->edges.len; i++)
        knots->first[graph->edges.items[i].from + 2]++;
    for (size_t i = 2; i < graph->count + 2; i++)
        knots->first[i] += knots->first[i - 1];
    for (size_t i = 0; i < graph->edges.len; i++)
        knots->order[knots->first[graph->edges.items[i].from + 1]++] = i;
}

// ---- strongly connected components (Tarjan), without recursion ----

typedef struct Visit {
    size_t *number; // 0: not yet
    size_t *low;
    size_t *next; // edge to look at next
    bool *open;
    size_t *path; // nodes of the walk
    size_t path_len;
    size_t *stack; // nodes not yet in a knot
    size_t stack_len;
    size_t counter;
} Visit;

static void visit_enter(Visit *visit, const Knots *knots, size_t node)
{
    visit->number[node] = visit->low[node] = ++visit->counter;
    visit->next[node] = knots->first[node];
    visit->open[node] = true;
    visit->stack[visit->stack_len++] = node;
    visit->path[visit->path_len++] = node;
}

static void visit_leave(Visit *visit, Knots *knots, size_t node)
{
    visit->path_len--;
    if (visit->path_len > 0) {
        size_t parent = visit->path[visit->path_len - 1];
        if (visit->low[node] < visit->low[parent])
            visit->low[parent] = visit->low[node];
    }
    if (visit->low[node] != visit->number[node])
        return;
    knots->count++;
    size_t member;
    do {
        member = visit->stack[--visit->stack_len];
        visit->open[member] = false;
        knots->knot[member] = knots->count;
    } while (member != node);
}

static void visit_from(Visit *visit, Knots *knots, size_t start)
{
    visit_enter(visit, knots, start);
    while (visit->path_len > 0) {
        size_t node = visit->path[visit->path_len - 1];
        if (visit->next[node] == knots->first[node + 1]) {
            visit_leave(visit, knots, node);
            continue;
        }
        size_t to = edge_at(knots, visit->next[node]++)->to;
        if (!visit->number[to])
            visit_enter(visit, knots, to);
        else if (visit->open[to] && visit->number[to] < visit->low[node])
            visit->low[node] = visit->number[to];
    }
}

static void find_knots(Knots *knots)
{
    size_t count = knots->graph->count;
    Arena *arena = knots->arena;
    knots->knot = ARENA_ARRAY(arena, size_t, count);
    Visit visit = {.number = ARENA_ARRAY(arena, size_t, count),
        .low = ARENA_ARRAY(arena, size_t, count),
        .next = ARENA_ARRAY(arena, size_t, count),
        .open = ARENA_ARRAY(arena, bool, count),
        .path = ARENA_ARRAY(arena, size_t, count),
        .stack = ARENA_ARRAY(arena, size_t, count)};
    for (size_t node = 0; node < count; node++)
        if (!visit.number[node])
            visit_from(&visit, knots, node);
}

// ---- the shortest way round ----

typedef VEC(const GraphEdge *) EdgeList;

// Its arrays are as long as the graph and serve all knots.
typedef struct Search {
    const Knots *knots;
    size_t knot;
    size_t *queue;
    const GraphEdge **came_by; // NULL: not reached
    size_t *reached;           // the start it was reached from, plus 1
    size_t *distance;
    size_t *needed;
    size_t budget;
    EdgeList best;
} Search;

static void keep_way(Search *search, size_t start, const GraphEdge *last)
{
    EdgeList way = {0};
    for (const GraphEdge *at = last;; at = search->came_by[at->from]) {
        VEC_ADD(search->knots->arena, &way, at);
        if (at->from == start)
            break;
    }
    for (size_t i = 0; i < way.len / 2; i++) {
        const GraphEdge *edge = way.items[i];
        way.items[i] = way.items[way.len - 1 - i];
        way.items[way.len - 1 - i] = edge;
    }
    search->best = way;
}

// Breadth first from `start` until it comes back, or has gone as far as the best way known.
static void search_from(Search *search, size_t start)
{
    const Knots *knots = search->knots;
    size_t head = 0;
    size_t tail = 0;
    search->queue[tail++] = start;
    search->reached[start] = start + 1;
    search->distance[start] = 0;
    while (head < tail) {
        size_t node = search->queue[head++];
        if (search->best.len && search->distance[node] + 1 >= search->best.len)
            return;
        for (size_t i = knots->first[node]; i < knots->first[node + 1]; i++) {
            const GraphEdge *edge = edge_at(knots, i);
            if (search->budget)
                search->budget--;
            if (edge->to == start) {
                keep_way(search, start, edge);
                return;
            }
            if (knots->knot[edge->to] != search->knot || search->reached[edge->to] == start + 1)
                continue;
            search->reached[edge->to] = start + 1;
            search->distance[edge->to] = search->distance[node] + 1;
            search->came_by[edge->to] = edge;
            search->queue[tail++] = edge->to;
        }
    }
}

// ---- the one reference to remove ----

// Is the knot free of cycles without `removed`? Takes away nodes nothing needs any more.
static bool breaks_knot(
    const Search *search, const size_t *members, size_t count, const GraphEdge *removed)
{
    const Knots *knots = search->knots;
    size_t *needed = search->needed;
    for (size_t i = 0; i < count; i++)
        needed[members[i]] = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = knots->first[members[i]]; j < knots->first[members[i] + 1]; j++) {
            const GraphEdge *edge = edge_at(knots, j);
            if (edge != removed && knots->knot[edge->to] == search->knot)
                needed[edge->to]++;
        }
    size_t tail = 0;
    for (size_t i = 0; i < count; i++)
        if (needed[members[i]] == 0)
            search->queue[tail++] = members[i];
    for (size_t head = 0; head < tail; head++) {
        size_t node = search->queue[head];
        for (size_t j = knots->first[node]; j < knots->first[node + 1]; j++) {
            const GraphEdge *edge = edge_at(knots, j);
            if (edge != removed && knots->knot[edge->to] == search->knot && --needed[edge->to] == 0)
                search->queue[tail++] = edge->to;
        }
    }
    return tail == count;
}

// DependsOn first: it is the only kind that carries no value.
static const GraphEdge *find_breaker(const Search *search, const size_t *members, size_t count)
{
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < search->best.len && i < MAX_TRIED; i++) {
            const GraphEdge *edge = search->best.items[i];
            bool is_depends_on = str_is(edge->how, "DependsOn");
            if (is_depends_on == (round == 0) && breaks_knot(search, members, count, edge))
                return edge;
        }
    }
    return NULL;
}

// ---- reporting ----

static void report_cycle(const Check *check, const Search *search, const Str *names, DiagCode code,
    const GraphEdge *breaker)
{
    const EdgeList *way = &search->best;
    Buf chain;
    buf_init(&chain, 0);
    for (size_t i = 0; i < way->len; i++)
        buf_add_format(&chain, "%.*s → ", STR_FMT(names[way->items[i]->from]));
    Str first = names[way->items[0]->from];
    buf_add(&chain, first);
    Diag *diag = check_report(
        check, code, way->items[0]->origin, first, buf_copy(&chain, check->arena), DIAG_END);
    buf_release(&chain);
    for (size_t i = 0; i < way->len; i++) {
        const GraphEdge *edge = way->items[i];
        Str in = edge->property.len
                     ? str_format(check->arena, " in '%.*s'", STR_FMT(edge->property))
                     : (Str){"", 0};
        check_note(check, diag, edge->origin,
            str_format(check->arena, "'%.*s' needs '%.*s' by its '%.*s'%.*s",
                STR_FMT(names[edge->from]), STR_FMT(names[edge->to]), STR_FMT(edge->how),
                STR_FMT(in)));
    }
    if (breaker && way->len > 1)
        check_note(check, diag, NULL,
            str_format(check->arena, "without the '%.*s' of '%.*s' to '%.*s' there is no cycle",
                STR_FMT(breaker->how), STR_FMT(names[breaker->from]), STR_FMT(names[breaker->to])));
}

static bool has_cycle(const Knots *knots, const size_t *members, size_t count)
{
    if (count > 1)
        return true;
    for (size_t i = knots->first[members[0]]; i < knots->first[members[0] + 1]; i++)
        if (edge_at(knots, i)->to == members[0])
            return true;
    return false;
}

static Search search_new(const Knots *knots)
{
    size_t count = knots->graph->count;
    return (Search){.knots = knots,
        .queue = ARENA_ARRAY(knots->arena, size_t, count),
        .came_by = ARENA_ARRAY(knots->arena, const GraphEdge *, count),
        .reached = ARENA_ARRAY(knots->arena, size_t, count),
        .distance = ARENA_ARRAY(knots->arena, size_t, count),
        .needed = ARENA_ARRAY(knots->arena, size_t, count)};
}

// The best way of a knot is left in the search.
static void search_knot(Search *search, size_t knot, const size_t *members, size_t count)
{
    search->knot = knot;
    search->budget = SEARCH_BUDGET;
    search->best = (EdgeList){0};
    for (size_t i = 0; i < count && search->budget > 0; i++)
        search_from(search, members[i]);
}

void check_graph(const Check *check, const Graph *graph, const Str *names, DiagCode code)
{
    if (graph->count == 0 || graph->edges.len == 0)
        return;
    Knots knots = {.graph = graph, .arena = check->arena};
    sort_edges(&knots);
    find_knots(&knots);
    // Members of each knot, in source order.
    size_t *first = ARENA_ARRAY(check->arena, size_t, knots.count + 2);
    size_t *members = ARENA_ARRAY(check->arena, size_t, graph->count);
    for (size_t node = 0; node < graph->count; node++)
        first[knots.knot[node]]++;
    for (size_t i = 1; i < knots.count + 2; i++)
        first[i] += first[i - 1];
    for (size_t node = graph->count; node-- > 0;)
        members[--first[knots.knot[node]]] = node;
    Search search = search_new(&knots);
    for (size_t knot = 1; knot <= knots.count; knot++) {
        const size_t *start = members + first[knot];
        size_t count = first[knot + 1] - first[knot];
        if (!has_cycle(&knots, start, count))
            continue;
        search_knot(&search, knot, start, count);
        report_cycle(check, &search, names, code, find_breaker(&search, start, count));
    }
}

void check_cycles(Check *check)
{
    VEC(Str) names = {0};
    for (size_t i = 0; i < check->resource_list.len; i++)
        VEC_ADD(check->arena, &names, check->resource_list.items[i]->id);
    check_graph(check, &check->resource_graph, names.items, DIAG_DEPENDENCY_CYCLE);
    VEC(Str) conditions = {0};
    for (size_t i = 0; i < check->condition_list.len; i++)
        VEC_ADD(check->arena, &conditions, check->condition_list.items[i]->name);
    check_graph(check, &check->condition_graph, conditions.items, DIAG_CONDITION_CYCLE);
}
