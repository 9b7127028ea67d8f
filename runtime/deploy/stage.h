// The stacks of a stage in the order in which they need each other. They take turns in one thread,
// so that what does not depend on each other goes on at the same time.
#ifndef ALTC_DEPLOY_STAGE_H
#define ALTC_DEPLOY_STAGE_H

#include "runtime/deploy/run.h"

// Runs all of the deployment's runs until each is settled. A stack begins when those that it
// depends on ended well; when one of them did not, it is not started. Gives the worst result.
DeployResult stage_run(Deployment *deployment);
// The worse of two results, as a whole deployment is judged by.
DeployResult stage_worse(DeployResult a, DeployResult b);

#endif
