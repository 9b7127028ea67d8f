// The commands of altc-deploy, a file each: cmd_NAME.c. They alone print and give the exit code.
#ifndef ALTC_DEPLOY_COMMANDS_H
#define ALTC_DEPLOY_COMMANDS_H

#include "runtime/assets/assets.h"
#include "runtime/deploy/options.h"

typedef struct CommandContext {
    Arena *arena; // freed at the end
    const World *world;
    HttpTransport http;
    HttpParallel parallel;
    HttpCurl *curl; // that both are of
    const DeployOptions *options;
} CommandContext;

enum { EXIT_FINE = 0, EXIT_FINDINGS = 1, EXIT_TROUBLE = 2 };

// Prints "altc: error: …" and gives the status back.
int command_fail(int status, Str text);
// cred_new with all that comes with it: certificates that the profile names count from now on, and
// what may surprise is printed. NULL: `error` says why not.
Cred *command_credentials(const CommandContext *context, const CredOptions *options, Str *error);

// What the command line and the environment say of uploads; the rest is the caller's to fill in.
AssetsSetup command_assets(const CommandContext *context, const DeployOptions *options, Cred *cred);

int command_plan(const CommandContext *context);
int command_policy(const CommandContext *context);
int command_deploy(const CommandContext *context);
int command_whoami(const CommandContext *context);
int command_status(const CommandContext *context);
int command_outputs(const CommandContext *context);
int command_watch(const CommandContext *context);
int command_events(const CommandContext *context);
int command_history(const CommandContext *context);
int command_drift(const CommandContext *context);
int command_cancel(const CommandContext *context);
int command_continue(const CommandContext *context);
int command_rollback(const CommandContext *context);
int command_refactor(const CommandContext *context);
int command_destroy(const CommandContext *context);
int command_import(const CommandContext *context);

#endif
