// What whoever deploys must be allowed to do for a plan, printed as an IAM policy.
#ifndef ALTC_DEPLOY_PERMISSIONS_H
#define ALTC_DEPLOY_PERMISSIONS_H

#include "runtime/deploy/run.h"
#include "runtime/plan/policy.h"

// Asks the registry of the account for the schemas of the plan's types. Prints to standard output,
// and what is not known to standard error. Gives the exit code.
int permissions_print(Arena *arena, AwsClient *client, const Plan *plan, const PolicyScope *scope);
// The ARNs of the buckets and distributions of the sites, if all are known already; else none.
void permissions_add_sites(const Deployment *deployment, PolicyScope *scope);

#endif
