#include "runtime/deploy/tasks.h"

#include "runtime/deploy/resolve.h"
#include "runtime/deploy/run_priv.h"
#include "runtime/deploy/stage.h"

AssetsResult tasks_build(const Deployment *deployment)
{
    const Manifest *manifest = deployment->manifest;
    AssetsResult result = ASSETS_DONE;
    for (size_t i = 0; i < manifest->tasks.len && result == ASSETS_DONE; i++) {
        const ManifestTask *task = &manifest->tasks.items[i];
        StackRun *run = run_find(deployment, task->stack);
        AssetsResolver resolver = {.resolve = resolver_resolve};
        if (!run)
            continue;
        resolver.context = resolver_new(run, true);
        result = assets_build_task(deployment->assets, task, &resolver);
    }
    return result;
}

// Pages that are published speak to all stacks of their stage, not only to the one of their bucket.
static bool all_stand(const Deployment *deployment)
{
    for (size_t i = 0; i < deployment->runs.len; i++)
        if (!run_is_fine(deployment->runs.items[i]))
            return false;
    return true;
}

static DeployResult run_task(const Deployment *deployment, const ManifestTask *task)
{
    StackRun *run = run_find(deployment, task->stack);
    if (!run)
        return RESULT_UNCHANGED;
    AssetsResolver resolver = {.context = resolver_new(run, false), .resolve = resolver_resolve};
    AssetsResult result = assets_run_task(deployment->assets, task, &resolver);
    // The stacks are live, the site is as it was.
    bool failed = result == ASSETS_REFUSED || result == ASSETS_FILES;
    return result == ASSETS_DONE ? RESULT_UNCHANGED
           : failed              ? RESULT_STUCK
                                 : run_assets_result(result);
}

DeployResult tasks_run(const Deployment *deployment)
{
    const Manifest *manifest = deployment->manifest;
    DeployResult worst = RESULT_UNCHANGED;
    if (manifest->tasks.len && !all_stand(deployment)) {
        Notice note = {.kind = NOTICE_NOTE,
            .text = STR("sites stay as they are until every stack of the stage stands"),
            .hint = STR("the next deployment brings them")};
        listener_notify(&deployment->listener, &note);
        return RESULT_UNCHANGED;
    }
    for (size_t i = 0; i < manifest->tasks.len; i++) {
        DeployResult result = run_task(deployment, &manifest->tasks.items[i]);
        worst = stage_worse(worst, result);
        if (result == RESULT_DECLINED || result == RESULT_IDENTITY)
            break;
    }
    return worst;
}
