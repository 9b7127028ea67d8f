// A compiled stage as the deployer's modules know it: a manifest that was never written.
#ifndef ALTC_CLI_DEPLOYABLE_H
#define ALTC_CLI_DEPLOYABLE_H

#include "compiler/driver/altc.h"
#include "runtime/plan/plan.h"

typedef struct Deployable {
    Manifest manifest; // stacks with their templates, protections, renames
    const StageModel *model;
    Sources *sources;
} Deployable;

// What is in it lives as long as the compilation and the arena.
const Deployable *deployable_new(Arena *arena, Compilation *run, const StageModel *model);
// Places out of the compilation: those of the source map.
PlanPlaces deployable_places(const Deployable *deployable);

#endif
