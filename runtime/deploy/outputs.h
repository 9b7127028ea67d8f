// The outputs of a stage as a file, for programs that need them.
#ifndef ALTC_DEPLOY_OUTPUTS_H
#define ALTC_DEPLOY_OUTPUTS_H

#include "runtime/deploy/run.h"

// Writes one JSON object, the outputs of all stacks that ended well by their key, to
// ROOT/.sst/outputs.json and to --outputs-file. Keys that stacks share get the stack's id in front
// ("edge.Url"), but for those of the main stack. False: `error` says why not.
bool outputs_write(const Deployment *deployment, Str *error);
// The folder of --outputs-file is there: asked before anything is done. False: `error` tells.
bool outputs_can_be_written(const Deployment *deployment, Str *error);

#endif
