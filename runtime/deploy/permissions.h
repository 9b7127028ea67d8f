// What whoever deploys must be allowed to do for a plan, printed as an IAM policy.
#ifndef ALTC_DEPLOY_PERMISSIONS_H
#define ALTC_DEPLOY_PERMISSIONS_H

#include "runtime/deploy/run.h"

// Asks the registry of the account for the schemas of the plan's types. `bucket` is where assets
// go; empty when nothing is uploaded. Prints to standard output, and what is not known to standard
// error. Gives the exit code.
int permissions_print(const Deployment *deployment, const Plan *plan, Str bucket);

#endif
