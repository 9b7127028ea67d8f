// References to definitions, cycles among definitions, and paths.
#include "spec/tools/specc/specc.h"

#include <stdio.h>
#include <stdlib.h>

typedef void (*NodeVisit)(Node *node, void *data);

static void visit_list(const NodeList *list, NodeVisit visit, void *data)
{
    for (size_t i = 0; i < list->len; i++)
        visit(list->items[i], data);
}

// Calls `visit` for the nodes directly below; never through a reference.
static void visit_children(Node *node, NodeVisit visit, void *data)
{
    for (size_t i = 0; i < node->properties.len; i++)
        visit(node->properties.items[i].node, data);
    for (size_t i = 0; i < node->keys.len; i++)
        visit(node->keys.items[i].node, data);
    for (size_t i = 0; i < 3; i++)
        visit_list(&node->branches[i], visit, data);
    for (size_t i = 0; i < node->conditions.len; i++) {
        const Condition *condition = &node->conditions.items[i];
        visit(condition->if_node, data);
        if (condition->then_node)
            visit(condition->then_node, data);
        if (condition->else_node)
            visit(condition->else_node, data);
    }
    if (node->items)
        visit(node->items, data);
    if (node->additional)
        visit(node->additional, data);
    if (node->not_node)
        visit(node->not_node, data);
}

static void bind_node(Node *node, void *data)
{
    const Map *defs = data;
    if (node->ref.len && !node->def) {
        node->def = map_find(defs, node->ref);
        if (!node->def) {
            fprintf(stderr, "specc: there is no definition '%.*s'\n", STR_FMT(node->ref));
            exit(1);
        }
        if (node->fields || node->types) {
            fprintf(stderr, "specc: '@%.*s' must stand alone\n", STR_FMT(node->ref));
            exit(1);
        }
        bind_node(node->def->node, data);
        return;
    }
    if (!node->ref.len)
        visit_children(node, bind_node, data);
}

typedef struct CycleSearch {
    const Def *wanted;
    uint32_t round;
    bool found;
} CycleSearch;

static void search_node(Node *node, void *data)
{
    CycleSearch *search = data;
    if (search->found)
        return;
    if (!node->def) {
        visit_children(node, search_node, data);
        return;
    }
    if (node->def == search->wanted) {
        search->found = true;
    } else if (node->def->visited != search->round) {
        node->def->visited = search->round;
        search_node(node->def->node, data);
    }
}

void resolve_type_refs(Database *database, Type *type)
{
    (void)database;
    bind_node(type->root, type->defs);
}

void resolve_all(Database *database)
{
    for (size_t i = 0; i < database->types.len; i++)
        resolve_type_refs(database, database->types.items[i]);
    for (size_t i = 0; i < database->defs.len; i++)
        database->defs.items[i]->visited = 0;
    for (size_t i = 0; i < database->defs.len; i++) {
        Def *def = database->defs.items[i];
        CycleSearch search = {def, (uint32_t)i + 1, false};
        search_node(def->node, &search);
        def->cyclic = search.found;
    }
}

Node *node_behind(Node *node)
{
    // A definition may be no more than another's name; a ring of names says nothing.
    for (int hops = 0; node && node->def; hops++) {
        if (hops == 32)
            return NULL;
        node = node->def->node;
    }
    return node;
}

static Node *step(Node *node, Str part, int depth)
{
    node = node_behind(node);
    if (!node || depth > 4)
        return NULL;
    if (str_is(part, "*") && (node->items || node->additional))
        return node->items ? node->items : node->additional;
    if (str_is(part, "*") && node->keys.len)
        return node->keys.items[0].node;
    for (size_t i = 0; i < node->properties.len; i++)
        if (str_equal(node->properties.items[i].name, part))
            return node->properties.items[i].node;
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j < node->branches[i].len; j++) {
            Node *found = step(node->branches[i].items[j], part, depth + 1);
            if (found)
                return found;
        }
    }
    return NULL;
}

Node *node_at(Node *root, Str path)
{
    Node *node = root;
    for (size_t start = 0; node && start <= path.len;) {
        size_t end = str_find(path, STR("."), start);
        node = step(node, str_slice(path, start, end), 0);
        if (end == SIZE_MAX)
            return node;
        start = end + 1;
    }
    return node;
}
