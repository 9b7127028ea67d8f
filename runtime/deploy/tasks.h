// The tasks of a manifest, which CloudFormation has no resources for: sites.
#ifndef ALTC_DEPLOY_TASKS_H
#define ALTC_DEPLOY_TASKS_H

#include "runtime/deploy/run.h"

// Builds all that can be built before the stacks are there. Anything but ASSETS_DONE has been told,
// and has cost nothing.
AssetsResult tasks_build(const Deployment *deployment);
// Does the tasks once every stack of the stage stands; until then a note says that they wait. One
// that fails, which is told, keeps no other from being done. RESULT_UNCHANGED: nothing failed.
DeployResult tasks_run(const Deployment *deployment);

#endif
