// Where everything of a graph stands: ranks from left to right, what needs something left of what
// it needs; parts that have nothing to do with each other are packed side by side. Whole numbers
// only, so that every machine gives the same picture.
#ifndef ALTC_GRAPH_LAYOUT_H
#define ALTC_GRAPH_LAYOUT_H

#include "compiler/graph/graph.h"

enum {
    NODE_HEIGHT = 42,
    GROUP_HEADER = 24, // above the first node of a group
    GROUP_PAD = 12,    // around what a group holds
};

typedef struct Box {
    int x;
    int y;
    int w;
    int h;
} Box;

// A piece of an edge, from left to right; several edges to one node share their last pieces.
typedef struct Segment {
    int x1;
    int y1;
    int x2;
    int y2;
    size_t to;   // the node it leads to
    bool arrow;  // it ends there
    bool order;  // only DependsOn goes along it
    bool across; // from one stack to another
} Segment;

typedef struct Layout {
    int width;
    int height;
    Box *nodes;  // by index
    Box *groups; // by index; group 0 has none
    VEC(Segment) segments;
} Layout;

// `widths` of the nodes, by index. The layout lives in the arena.
Layout *layout_graph(Arena *arena, const Graph *graph, const int *widths);

#endif
