// Values of tasks, which may hold CloudFormation's functions, once the stack stands.
#ifndef ALTC_DEPLOY_RESOLVE_H
#define ALTC_DEPLOY_RESOLVE_H

#include "runtime/deploy/run.h"

// Ref of resources, parameters and pseudo parameters, Fn::Sub, Fn::Join, and Fn::GetAtt of what an
// output of the stack tells, as CloudFormation gives no attributes otherwise.
typedef struct Resolver Resolver;

// Asks AWS for the stack's resources when the first one is needed. Lives in the run's arena.
Resolver *resolver_new(StackRun *run);
// An AssetsResolver's function.
bool resolver_resolve(
    void *resolver, Arena *arena, Str stack, const Datum *value, Str *text, Str *error);

#endif
