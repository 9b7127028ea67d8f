// The resource graph of a stage: what its templates hold, and what needs what. It is read off the
// emitted templates alone, so it shows what CloudFormation will see.
#ifndef ALTC_GRAPH_GRAPH_H
#define ALTC_GRAPH_GRAPH_H

#include "compiler/base/buf.h"
#include "compiler/model/model.h"

// How one resource needs another; flags of an edge.
enum {
    NEED_REF = 1,       // Ref
    NEED_ATTRIBUTE = 2, // Fn::GetAtt
    NEED_TEXT = 4,      // inside a Fn::Sub
    NEED_ORDER = 8,     // DependsOn
    NEED_OUTPUT = 16,   // an output of another stack of the stage
};

typedef struct GraphNode {
    Str id;      // logical id
    Str label;   // the id without what its group says already
    Str type;    // "AWS::S3::Bucket"
    Str service; // "S3"; of other types what stands before the first "::"
    Str kind;    // the type without the service: "Bucket"
    Str stack;   // id of the stack
    size_t group;
    const Origin *origin; // of its entry in the template; may be NULL
} GraphNode;

// `from` needs `to`.
typedef struct GraphEdge {
    size_t from;
    size_t to;
    unsigned needs;
} GraphEdge;

// A stack, or an instance of a component. Group 0 is the whole; parents come first.
typedef struct GraphGroup {
    Str name; // "Identity.Network", or a stack's id
    Str label;
    size_t parent;
    size_t depth;
    bool is_stack;
} GraphGroup;

typedef struct Graph {
    Str title;              // "alternun-infra, stage production"
    VEC(GraphNode) nodes;   // in the order of the templates
    VEC(GraphEdge) edges;   // by `from`, then in the order of the source; no pair twice
    VEC(GraphGroup) groups; // stacks are groups only when there are several
} Graph;

// Reads the graph off a stage. It refers to the model's texts and lives in the arena.
Graph *graph_of_stage(Arena *arena, const StageModel *model);
// The edge's needs as words: "Ref, DependsOn".
Str graph_needs_text(Arena *arena, unsigned needs);
// The service's colour on a light and on a dark ground, as "#rrggbb", and what its services have
// in common ("storage"). All texts are constant.
typedef struct ServiceLook {
    const char *family;
    const char *light;
    const char *dark;
} ServiceLook;
ServiceLook graph_service_look(Str service);

// ---- forms ----

// A picture that stands alone: light and dark grounds, no script, nothing from outside. With
// `embedded` it is an element of an HTML page: no XML head.
void graph_add_svg(Buf *out, const Graph *graph, bool embedded);
// Graphviz's language, a cluster for each group.
void graph_add_dot(Buf *out, const Graph *graph);
void graph_add_mermaid(Buf *out, const Graph *graph);
// {"title", "groups", "nodes", "edges"}.
void graph_add_json(Buf *out, const Graph *graph);

#endif
