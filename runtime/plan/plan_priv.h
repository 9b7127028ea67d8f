// What the files of the plan share: the two sides of a resource while they are compared.
#ifndef ALTC_PLAN_PLAN_PRIV_H
#define ALTC_PLAN_PLAN_PRIV_H

#include "compiler/base/map.h"
#include "runtime/plan/plan.h"

// One value that differs. `path` is a JSON pointer from where the comparison began.
typedef struct PlanDifference {
    Str path;
    const Datum *before; // NULL: not there
    const Datum *after;
} PlanDifference;

typedef VEC(PlanDifference) PlanDifferences;

// A resource of the new template with its former self, or of the old one without a new self.
typedef struct PlanPair {
    const Datum *before; // NULL: not there
    const Datum *after;
    SchemaType type; // may not exist
    bool replaced;   // it may be, and what refers to it has been told
    bool indexed;    // `paths` holds what is changed
    Map paths;
    PlanResource plan;
} PlanPair;

typedef struct PlanPairs {
    VEC(PlanPair) items;
    Map places; // logical id of the new template to its place + 1
} PlanPairs;

// ---- compare.c ----

// What differs below the two values, in the order of `after`, removed ones behind. `tags` has the
// schema's word on which list is one of tags; they are told apart by their keys.
void plan_compare(Arena *arena, Str path, const Datum *before, const Datum *after,
    const SchemaTags *tags, PlanDifferences *differences);
// The same for CloudFormation: scalars by their text, the rest by kind and order.
bool plan_same(const Datum *before, const Datum *after);
// Both are texts that Fn::Join or Fn::Sub puts together of the same literals, references and
// attributes. False also when that cannot be told.
bool plan_same_text(const Datum *before, const Datum *after);
// {"Ref": …}, {"Fn::…": …}
bool plan_is_function(const Datum *datum);
// Adds "/" and the key as a JSON pointer has it.
void plan_add_key(Buf *path, Str key);
Str plan_join(Arena *arena, Str path, Str key);

// ---- effect.c ----

// What it means that the value at a pointer below the resource becomes another.
PlanEffect plan_effect(SchemaType type, Str path, const Datum *before, const Datum *after);
PlanEffect plan_worse(PlanEffect a, PlanEffect b);
// "a database" for a type that holds data; else empty.
Str plan_data(SchemaType type);
// What DeletionPolicy or, for a replacement, UpdateReplacePolicy makes of the deployed resource.
Str plan_policy(const Datum *before, const Datum *after, Str type, bool replaced);

// ---- value.c ----

// Compact JSON with "****" for what looks like a secret; empty for NULL.
Str plan_value(Arena *arena, Str path, const Datum *value);
Str plan_masked(const Datum *value);

// ---- flow.c, names.c ----

// Follows what changes to all that refers to it.
void plan_flow(Arena *arena, PlanPairs *pairs, const Datum *before, const Datum *after);
// Physical names that are taken.
void plan_names(Arena *arena, PlanPairs *pairs);

#endif
