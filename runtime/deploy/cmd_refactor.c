// altc refactor: the part of a deployment that renames what the program has moved, and no more.
#include "runtime/deploy/console.h"
#include "runtime/deploy/run_priv.h"
#include "runtime/deploy/stage.h"

static bool add_runs(Console *console, Deployment *deployment, Str *error)
{
    for (size_t i = 0; i < console->stacks.len; i++) {
        StackRun *run = run_new(deployment, console->stacks.items[i].stack, console->cred, error);
        if (!run)
            return false;
        // Of a stack that moves nothing there is nothing to tell.
        deployment->runs.len -= !run_has_moved(run);
        if (!run_has_moved(run))
            run_release(run);
    }
    return true;
}

static DeployResult refactor_stage(Console *console)
{
    Str error = STR_NONE;
    Deployment deployment = console_deployment(console, console_token(console, "refactor"));
    deployment.only_rename = true;
    DeployResult result = add_runs(console, &deployment, &error)
                              ? stage_run(&deployment)
                              : console_fail(console, NULL, RESULT_IDENTITY, error, STR_NONE);
    if (result == RESULT_UNCHANGED)
        console_notify(console, NULL,
            (Notice){.kind = NOTICE_NOTE,
                .text = STR("there is nothing to rename: what the program moves is moved, or not "
                            "deployed")});
    for (size_t i = 0; i < deployment.runs.len; i++)
        run_release(deployment.runs.items[i]);
    return result;
}

int command_refactor(const CommandContext *context)
{
    return console_run(context, &(ConsoleCommand){.lock = "refactor", .work = refactor_stage});
}
