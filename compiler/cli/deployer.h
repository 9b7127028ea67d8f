// Starting altc-deploy, the program that talks to AWS.
#ifndef ALTC_CLI_DEPLOYER_H
#define ALTC_CLI_DEPLOYER_H

#include "compiler/cli/cli.h"

// Compiles the stage of FILE (or takes FILE as it is, a manifest), and becomes the deployer with
// this command and its options. `formats` are the words that --format may have; NULL: it takes
// none. Comes back with an exit code when that fails.
int deployer_start(Cli *cli, const char *const *formats);

#endif
