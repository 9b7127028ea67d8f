// What the files of `graph` share.
#ifndef ALTC_GRAPH_GRAPH_PRIV_H
#define ALTC_GRAPH_GRAPH_PRIV_H

#include "compiler/graph/graph.h"

// ---- references.c ----

typedef void (*ReferenceTaker)(void *context, Str id, unsigned need);

// Calls `take` for every name that a value refers to, with the kind of need, in the order of the
// value; names may repeat. `value` may be NULL.
void references_each(const Datum *value, ReferenceTaker take, void *context);
// The same for a DependsOn: a name or a list of them.
void dependencies_each(const Datum *value, ReferenceTaker take, void *context);

#endif
