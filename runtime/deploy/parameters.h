// The values of a template's parameters, from wherever each is said to come from.
#ifndef ALTC_DEPLOY_PARAMETERS_H
#define ALTC_DEPLOY_PARAMETERS_H

#include "runtime/deploy/run.h"

typedef VEC(CfnParameter) Parameters;

// One for each parameter of the stack's template that gets a value: --parameter, asset, output,
// secret; else the deployed value stays; else the template's default counts, and the parameter is
// left out. False: `error` names all that have none, and says of each where it may come from.
bool parameters_fill(StackRun *run, Parameters *parameters, Str *error);
// The value that a parameter gets now. STR_NONE when it has none, or keeps the one that is
// deployed; the template's default counts only `with_default`, when it is known what is deployed.
Str parameters_value(StackRun *run, Str name, bool with_default);
// --parameter names that no template has; the first of them, or STR_NONE.
Str parameters_unknown(const Deployment *deployment);

// What the template needs to be acknowledged, as AWS wants it: CAPABILITY_NAMED_IAM when it gives
// names to IAM resources, CAPABILITY_IAM when it makes any, CAPABILITY_AUTO_EXPAND when it has
// transforms. Nested stacks may need all of it.
CfnTexts template_capabilities(Arena *arena, const Datum *template_);

#endif
