// The graph in the languages of other tools, and as data.
#include "compiler/data/data.h"
#include "compiler/graph/graph.h"

// ---- Graphviz ----

// A quoted text; backslashes and quotes escaped, which JSON does alike.
static void add_quoted(Buf *out, Str text)
{
    data_write_json_string(out, text);
}

static void add_node_name(Buf *out, const Graph *graph, size_t node)
{
    const GraphNode *at = &graph->nodes.items[node];
    bool staged = graph->groups.len > 1 && graph->groups.items[1].is_stack;
    Buf name;
    buf_init(&name, 0);
    if (staged)
        buf_add_format(&name, "%.*s/", STR_FMT(at->stack));
    buf_add(&name, at->id);
    add_quoted(out, buf_str(&name));
    buf_release(&name);
}

static void add_dot_group(Buf *out, const Graph *graph, size_t group)
{
    size_t depth = 2 * (graph->groups.items[group].depth + 1);
    for (size_t i = 0; i < graph->nodes.len; i++) {
        const GraphNode *node = &graph->nodes.items[i];
        if (node->group != group)
            continue;
        buf_add_repeat(out, ' ', depth);
        add_node_name(out, graph, i);
        buf_add_text(out, " [label=\"");
        buf_add_format(out, "%.*s\\n%.*s %.*s\", color=\"%s\"];\n", STR_FMT(node->label),
            STR_FMT(node->service), STR_FMT(node->kind), graph_service_look(node->service).light);
    }
    for (size_t g = group + 1; g < graph->groups.len; g++) {
        if (graph->groups.items[g].parent != group)
            continue;
        buf_add_repeat(out, ' ', depth);
        buf_add_format(out, "subgraph cluster_%zu {\n", g);
        buf_add_repeat(out, ' ', depth + 2);
        buf_add_text(out, "label=");
        add_quoted(out, graph->groups.items[g].label);
        buf_add_text(out, ";\n");
        add_dot_group(out, graph, g);
        buf_add_repeat(out, ' ', depth);
        buf_add_text(out, "}\n");
    }
}

void graph_add_dot(Buf *out, const Graph *graph)
{
    buf_add_text(out, "digraph ");
    add_quoted(out, graph->title);
    buf_add_text(out, " {\n  rankdir=LR;\n  label=");
    add_quoted(out, graph->title);
    buf_add_text(out, ";\n  labelloc=t;\n  fontname=\"sans-serif\";\n"
                      "  node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=10];\n");
    add_dot_group(out, graph, 0);
    for (size_t i = 0; i < graph->edges.len; i++) {
        const GraphEdge *edge = &graph->edges.items[i];
        buf_add_text(out, "  ");
        add_node_name(out, graph, edge->from);
        buf_add_text(out, " -> ");
        add_node_name(out, graph, edge->to);
        buf_add_text(out, edge->needs == NEED_ORDER   ? " [style=dashed];\n"
                          : edge->needs & NEED_OUTPUT ? " [style=dotted];\n"
                                                      : ";\n");
    }
    buf_add_text(out, "}\n");
}

// ---- Mermaid ----

// Its texts know only entities; names of nodes are made by number, so that no word of the
// language can be one.
static void add_mermaid_text(Buf *out, Str text)
{
    buf_add_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '"' || c == '#' || c == '<' || c == '>' || c == '&' || c == '`')
            buf_add_format(out, "#%d;", c);
        else
            buf_add_char(out, c);
    }
    buf_add_char(out, '"');
}

static void add_mermaid_group(Buf *out, const Graph *graph, size_t group)
{
    size_t depth = 2 * (graph->groups.items[group].depth + 1);
    for (size_t i = 0; i < graph->nodes.len; i++) {
        const GraphNode *node = &graph->nodes.items[i];
        if (node->group != group)
            continue;
        buf_add_repeat(out, ' ', depth);
        buf_add_format(out, "n%zu[\"%.*s<br><small>%.*s %.*s</small>\"]:::%s\n", i,
            STR_FMT(node->label), STR_FMT(node->service), STR_FMT(node->kind),
            graph_service_look(node->service).family);
    }
    for (size_t g = group + 1; g < graph->groups.len; g++) {
        if (graph->groups.items[g].parent != group)
            continue;
        buf_add_repeat(out, ' ', depth);
        buf_add_format(out, "subgraph g%zu[", g);
        add_mermaid_text(out, graph->groups.items[g].label);
        buf_add_text(out, "]\n");
        add_mermaid_group(out, graph, g);
        buf_add_repeat(out, ' ', depth);
        buf_add_text(out, "end\n");
    }
}

static void add_mermaid_classes(Buf *out, const Graph *graph)
{
    for (size_t i = 0; i < graph->nodes.len; i++) {
        ServiceLook look = graph_service_look(graph->nodes.items[i].service);
        bool known = false;
        for (size_t j = 0; j < i && !known; j++)
            known = graph_service_look(graph->nodes.items[j].service).family == look.family;
        if (!known)
            buf_add_format(
                out, "  classDef %s stroke:%s,stroke-width:2px\n", look.family, look.light);
    }
}

void graph_add_mermaid(Buf *out, const Graph *graph)
{
    buf_add_text(out, "---\ntitle: ");
    add_quoted(out, graph->title);
    buf_add_text(out, "\n---\nflowchart LR\n");
    add_mermaid_group(out, graph, 0);
    for (size_t i = 0; i < graph->edges.len; i++) {
        const GraphEdge *edge = &graph->edges.items[i];
        buf_add_format(out, "  n%zu %s n%zu\n", edge->from,
            edge->needs == NEED_ORDER || edge->needs & NEED_OUTPUT ? "-.->" : "-->", edge->to);
    }
    add_mermaid_classes(out, graph);
}

// ---- JSON ----

static void put_text(Arena *arena, Datum *map, const char *key, Str text)
{
    datum_put(arena, map, str_of(key), NULL,
        text.len ? datum_string(arena, NULL, text) : datum_null(arena, NULL));
}

static void put_number(Arena *arena, Datum *map, const char *key, size_t number)
{
    datum_put(
        arena, map, str_of(key), NULL, datum_number(arena, NULL, str_format(arena, "%zu", number)));
}

static Datum *groups_datum(Arena *arena, const Graph *graph)
{
    Datum *list = datum_list(arena, NULL);
    for (size_t i = 1; i < graph->groups.len; i++) {
        const GraphGroup *group = &graph->groups.items[i];
        Datum *map = datum_map(arena, NULL);
        put_number(arena, map, "group", i);
        put_text(arena, map, "name", group->name);
        put_text(arena, map, "kind", group->is_stack ? STR("stack") : STR("component"));
        put_number(arena, map, "parent", group->parent);
        datum_append(arena, list, map);
    }
    return list;
}

static Datum *nodes_datum(Arena *arena, const Graph *graph)
{
    Datum *list = datum_list(arena, NULL);
    for (size_t i = 0; i < graph->nodes.len; i++) {
        const GraphNode *node = &graph->nodes.items[i];
        Datum *map = datum_map(arena, NULL);
        put_text(arena, map, "stack", node->stack);
        put_text(arena, map, "id", node->id);
        put_text(arena, map, "type", node->type);
        put_number(arena, map, "group", node->group);
        datum_append(arena, list, map);
    }
    return list;
}

static Datum *needs_datum(Arena *arena, unsigned needs)
{
    Datum *list = datum_list(arena, NULL);
    for (unsigned flag = NEED_REF; flag <= NEED_OUTPUT; flag *= 2)
        if (needs & flag)
            datum_append(arena, list, datum_string(arena, NULL, graph_needs_text(arena, flag)));
    return list;
}

static Datum *edges_datum(Arena *arena, const Graph *graph)
{
    Datum *list = datum_list(arena, NULL);
    for (size_t i = 0; i < graph->edges.len; i++) {
        const GraphEdge *edge = &graph->edges.items[i];
        Datum *map = datum_map(arena, NULL);
        put_number(arena, map, "from", edge->from);
        put_number(arena, map, "to", edge->to);
        datum_put(arena, map, STR("needs"), NULL, needs_datum(arena, edge->needs));
        datum_append(arena, list, map);
    }
    return list;
}

void graph_add_json(Buf *out, const Graph *graph)
{
    Arena *arena = arena_new();
    Datum *root = datum_map(arena, NULL);
    put_text(arena, root, "title", graph->title);
    datum_put(arena, root, STR("groups"), NULL, groups_datum(arena, graph));
    datum_put(arena, root, STR("nodes"), NULL, nodes_datum(arena, graph));
    datum_put(arena, root, STR("edges"), NULL, edges_datum(arena, graph));
    data_write_json(out, root);
    arena_free(arena);
}
