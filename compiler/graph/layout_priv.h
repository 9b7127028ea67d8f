// What the files of the layout share.
#ifndef ALTC_GRAPH_LAYOUT_PRIV_H
#define ALTC_GRAPH_LAYOUT_PRIV_H

#include "compiler/graph/layout.h"

typedef VEC(size_t) IndexList;

// A node, or a place where an edge passes a rank.
typedef struct Vertex {
    size_t node; // SIZE_MAX: an edge passes
    size_t lane; // the group in whose own rows it stands
    size_t rank;
    size_t place; // within its rank
    int y;        // top
    int h;
    IndexList before; // neighbours one rank to the left
    IndexList after;  // and to the right
} Vertex;

// Between neighbouring ranks.
typedef struct Step {
    size_t from; // vertices
    size_t to;
    size_t target; // node
    bool order;
    bool across;
} Step;

// A connected part of the graph, laid out by itself. Stacks are frames like others.
typedef struct Piece {
    Arena *arena;
    const Graph *graph;
    const int *widths;
    const size_t *lane_order; // by group: its own rows stand in this order
    IndexList nodes;
    IndexList edges; // inside, from left to right
    size_t *ranks;   // by node
    VEC(Vertex) vertices;
    VEC(Step) steps;
    VEC(IndexList) columns; // vertices by rank, in their order
    VEC(int) column_x;
    VEC(int) column_width;
    Box box;
} Piece;

// rank.c: fills `ranks` of the piece's nodes from 0; edges that close a circle leave `edges` and
// go to `odd`.
void piece_rank(Piece *piece, IndexList *odd);
// rank.c: vertices, steps and columns.
void piece_split_edges(Piece *piece);
// order.c: the order within columns, so that few edges cross.
void piece_order(Piece *piece);
// place.c: boxes of nodes and groups and the piece's own, with its corner at 0, 0.
void piece_place(Piece *piece, Layout *layout);
// place.c: the pieces of the piece's edges.
void piece_draw_edges(const Piece *piece, Layout *layout, int dx, int dy);

#endif
