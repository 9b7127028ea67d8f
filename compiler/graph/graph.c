// From templates to nodes, groups and edges.
#include "compiler/graph/graph.h"

#include "compiler/base/map.h"
#include "compiler/graph/graph_priv.h"

// ---- services ----

typedef enum Family {
    FAMILY_OTHER,
    FAMILY_COMPUTE,
    FAMILY_NETWORK,
    FAMILY_DELIVERY,
    FAMILY_STORAGE,
    FAMILY_DATA,
    FAMILY_SECURITY,
    FAMILY_OPERATION,
    FAMILY_MESSAGE,
    FAMILY_DELIVER_CODE,
    FAMILY_COUNT
} Family;

static const ServiceLook LOOKS[FAMILY_COUNT] = {
    [FAMILY_OTHER] = {"other", "#6b7280", "#9ca3af"},
    [FAMILY_COMPUTE] = {"compute", "#c2570c", "#fb923c"},
    [FAMILY_NETWORK] = {"network", "#7c3aed", "#b794f6"},
    [FAMILY_DELIVERY] = {"delivery", "#0e7490", "#38bdd1"},
    [FAMILY_STORAGE] = {"storage", "#3f7d0f", "#84cc3a"},
    [FAMILY_DATA] = {"database", "#1d5fd1", "#74a9f9"},
    [FAMILY_SECURITY] = {"security", "#c81e3c", "#fb7185"},
    [FAMILY_OPERATION] = {"operation", "#9a6a00", "#e3b341"},
    [FAMILY_MESSAGE] = {"messages", "#b5179e", "#f07ad9"},
    [FAMILY_DELIVER_CODE] = {"code", "#0a7a5c", "#34d3a3"},
};

ServiceLook graph_service_look(Str service)
{
    static const struct {
        const char *name;
        Family family;
    } SERVICES[] = {
#define SERVICE(name, family) {name, FAMILY_##family},
#include "compiler/graph/service.def"
#undef SERVICE
    };
    for (size_t i = 0; i < sizeof SERVICES / sizeof *SERVICES; i++)
        if (str_is(service, SERVICES[i].name))
            return LOOKS[SERVICES[i].family];
    return LOOKS[FAMILY_OTHER];
}

// "AWS::S3::Bucket" is the service "S3" and the kind "Bucket"; "Custom::Thing" is "Custom".
static void split_type(GraphNode *node)
{
    Str rest = node->type;
    if (str_starts(rest, STR("AWS::")) || str_starts(rest, STR("Alt::")))
        rest = str_slice(rest, 5, rest.len);
    size_t colon = str_find(rest, STR("::"), 0);
    node->service = colon == SIZE_MAX ? rest : str_slice(rest, 0, colon);
    node->kind = colon == SIZE_MAX ? rest : str_slice(rest, colon + 2, rest.len);
}

// ---- groups ----

static size_t add_group(Arena *arena, Graph *graph, Str name, size_t parent, bool is_stack)
{
    for (size_t i = 1; i < graph->groups.len; i++) {
        const GraphGroup *group = &graph->groups.items[i];
        if (group->parent == parent && group->is_stack == is_stack && str_equal(group->name, name))
            return i;
    }
    Str around = graph->groups.items[parent].name;
    bool repeats = !is_stack && !graph->groups.items[parent].is_stack && around.len &&
                   name.len > around.len + 1 && str_starts(name, around) &&
                   name.ptr[around.len] == '.';
    GraphGroup group = {
        .name = name,
        .label = repeats ? str_slice(name, around.len + 1, name.len) : name,
        .parent = parent,
        .depth = graph->groups.items[parent].depth + 1,
        .is_stack = is_stack,
    };
    VEC_ADD(arena, &graph->groups, group);
    return graph->groups.len - 1;
}

// The instances around a place, outermost first.
static size_t group_of(Arena *arena, Graph *graph, const Origin *origin, size_t outside)
{
    if (!origin)
        return outside;
    size_t around = group_of(arena, graph, origin->via, outside);
    return origin->instance.len ? add_group(arena, graph, origin->instance, around, false) : around;
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

// An id without the words of its group's name; the whole id when it does not begin with them.
static Str short_label(Str id, Str group)
{
    size_t at = 0;
    for (size_t i = 0; i < group.len; i++) {
        if (!is_word(group.ptr[i]))
            continue;
        if (at >= id.len || lower(id.ptr[at]) != lower(group.ptr[i]))
            return id;
        at++;
    }
    return at < id.len ? str_slice(id, at, id.len) : id;
}

// ---- nodes ----

typedef struct Builder {
    Arena *arena;
    const StageModel *model;
    Graph *graph;
    Map nodes; // "stack id" -> index + 1
} Builder;

static Str node_key(Arena *arena, Str stack, Str id)
{
    return str_format(arena, "%.*s %.*s", STR_FMT(stack), STR_FMT(id));
}

// Of "Fn::ForEach::X": [variable, list, {id: resource}] the resource; else the value itself.
static const Datum *resource_body(const Datum *value)
{
    if (value->kind != DATUM_LIST || value->items.len < 3)
        return value;
    const Datum *body = value->items.items[2];
    return body->kind == DATUM_MAP && body->entries.len ? body->entries.items[0].value : body;
}

static void add_node(Builder *builder, const Stack *stack, size_t group, const DatumEntry *entry)
{
    const Datum *type = datum_get(resource_body(entry->value), STR("Type"));
    const Origin *origin = entry->origin ? entry->origin : entry->value->origin;
    GraphNode node = {
        .id = entry->key,
        .type = type && type->kind == DATUM_STRING ? type->text : STR("?"),
        .stack = stack->id,
        .group = group_of(builder->arena, builder->graph, origin, group),
        .origin = origin,
    };
    const GraphGroup *owner = &builder->graph->groups.items[node.group];
    node.label = node.group && !owner->is_stack ? short_label(node.id, owner->name) : node.id;
    split_type(&node);
    VEC_ADD(builder->arena, &builder->graph->nodes, node);
    map_set(&builder->nodes, builder->arena, node_key(builder->arena, stack->id, node.id),
        (void *)(uintptr_t)builder->graph->nodes.len);
}

static const Datum *stack_section(const Stack *stack, const char *section)
{
    const Datum *map = datum_get(stack->template_, str_of(section));
    return map && map->kind == DATUM_MAP ? map : NULL;
}

static void add_nodes(Builder *builder)
{
    const StageModel *model = builder->model;
    for (size_t i = 0; i < model->stacks.len; i++) {
        const Stack *stack = model->stacks.items[i];
        const Datum *resources = stack_section(stack, "Resources");
        size_t group = 0;
        if (model->stacks.len > 1)
            group = add_group(builder->arena, builder->graph, stack->id, 0, true);
        for (size_t r = 0; resources && r < resources->entries.len; r++)
            add_node(builder, stack, group, &resources->entries.items[r]);
    }
}

// ---- edges ----

typedef struct EdgeContext {
    Builder *builder;
    const Stack *stack; // whose names are looked up
    size_t from;
    bool across; // inside another stack's output
} EdgeContext;

static void add_edge(Builder *builder, size_t from, size_t to, unsigned need)
{
    if (from == to)
        return;
    Graph *graph = builder->graph;
    for (size_t i = graph->edges.len; i-- > 0 && graph->edges.items[i].from == from;) {
        if (graph->edges.items[i].to != to)
            continue;
        graph->edges.items[i].needs |= need;
        return;
    }
    GraphEdge edge = {.from = from, .to = to, .needs = need};
    VEC_ADD(builder->arena, &graph->edges, edge);
}

static void take_reference(void *context, Str id, unsigned need);

// What fills a parameter may be an output of another stack.
static void take_parameter(const EdgeContext *edges, Str name)
{
    const StageModel *model = edges->builder->model;
    for (size_t i = 0; i < model->parameters.len; i++) {
        const StackParameter *parameter = &model->parameters.items[i];
        if (parameter->source != PARAMETER_FROM_OUTPUT || !str_equal(parameter->name, name) ||
            !str_equal(parameter->stack, edges->stack->id))
            continue;
        for (size_t s = 0; s < model->stacks.len; s++) {
            const Stack *stack = model->stacks.items[s];
            if (!str_equal(stack->id, parameter->from_stack))
                continue;
            EdgeContext other = *edges;
            other.stack = stack;
            other.across = true;
            references_each(
                datum_get(datum_get(stack_section(stack, "Outputs"), parameter->from_output),
                    STR("Value")),
                take_reference, &other);
        }
    }
}

static void take_reference(void *context, Str id, unsigned need)
{
    const EdgeContext *edges = context;
    Builder *builder = edges->builder;
    Arena *arena = builder->arena;
    uintptr_t found = (uintptr_t)map_find(&builder->nodes, node_key(arena, edges->stack->id, id));
    if (found)
        add_edge(builder, edges->from, found - 1, edges->across ? NEED_OUTPUT : need);
    else if (!edges->across)
        take_parameter(edges, id);
}

static void add_edges(Builder *builder)
{
    const StageModel *model = builder->model;
    size_t node = 0;
    for (size_t i = 0; i < model->stacks.len; i++) {
        const Datum *resources = stack_section(model->stacks.items[i], "Resources");
        for (size_t r = 0; resources && r < resources->entries.len; r++) {
            EdgeContext edges = {
                .builder = builder, .stack = model->stacks.items[i], .from = node++};
            const Datum *body = resource_body(resources->entries.items[r].value);
            references_each(body, take_reference, &edges);
            dependencies_each(datum_get(body, STR("DependsOn")), take_reference, &edges);
        }
    }
}

Graph *graph_of_stage(Arena *arena, const StageModel *model)
{
    Graph *graph = ARENA_NEW(arena, Graph);
    graph->title = model->stage.len ? str_format(arena, "%.*s, stage %.*s", STR_FMT(model->app),
                                          STR_FMT(model->stage))
                                    : model->app;
    VEC_ADD(arena, &graph->groups, (GraphGroup){0});
    Builder builder = {.arena = arena, .model = model, .graph = graph};
    add_nodes(&builder);
    add_edges(&builder);
    return graph;
}

Str graph_needs_text(Arena *arena, unsigned needs)
{
    static const struct {
        unsigned flag;
        const char *word;
    } WORDS[] = {{NEED_REF, "Ref"}, {NEED_ATTRIBUTE, "GetAtt"}, {NEED_TEXT, "Sub"},
        {NEED_ORDER, "DependsOn"}, {NEED_OUTPUT, "output of another stack"}};
    Buf out;
    buf_init(&out, 0);
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (needs & WORDS[i].flag)
            buf_add_format(&out, "%s%s", out.len ? ", " : "", WORDS[i].word);
    Str text = buf_copy(&out, arena);
    buf_release(&out);
    return text;
}
