// Values of tasks (spec/tasks.md): {"Ref": ID} and {"Output": NAME} of the task's stack.
#ifndef ALTC_DEPLOY_RESOLVE_H
#define ALTC_DEPLOY_RESOLVE_H

#include "runtime/deploy/run.h"

typedef struct Resolver Resolver;

// Before the stack stands (`early`) only what is given to parameters is known. Afterwards AWS is
// asked for the stack's resources when the first one is needed. Lives in the run's arena.
Resolver *resolver_new(StackRun *run, bool early);
// An AssetsResolver's function.
bool resolver_resolve(
    void *resolver, Arena *arena, Str stack, const Datum *value, Str *text, Str *error);

#endif
