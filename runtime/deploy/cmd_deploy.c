// altc deploy: the stacks of a manifest, from its files to what runs.
#include <stdio.h>

#include "runtime/deploy/commands.h"
#include "runtime/deploy/identity.h"
#include "runtime/deploy/outputs.h"
#include "runtime/deploy/parameters.h"
#include "runtime/deploy/screen.h"
#include "runtime/deploy/stage.h"

typedef struct Work {
    const CommandContext *context;
    DeployOptions options;
    Deployment deployment;
    AssetsSetup setup;
    Cred *cred;
} Work;

static int fail(DeployResult result, Str text)
{
    return command_fail(notice_exit_code(result), text);
}

static Str new_id(Arena *arena, const World *world)
{
    Str time = world_format_time(arena, world->now(world->context) / 1000);
    Str id = str_format(arena, "altc-%.4s%.2s%.5s%.2s%.2s-%08x", time.ptr, time.ptr + 5,
        time.ptr + 8, time.ptr + 14, time.ptr + 17, world->random(world->context));
    return id;
}

static bool needs_assets(const Manifest *manifest)
{
    bool needed = manifest->assets.len || manifest->tasks.len;
    for (size_t i = 0; i < manifest->stacks.len; i++)
        needed = needed || manifest->stacks.items[i].template_text.len > ASSETS_LONGEST_BODY;
    return needed;
}

static bool fits(Work *work, Str *error)
{
    Deployment *deployment = &work->deployment;
    const World *world = work->context->world;
    Arena *arena = work->context->arena;
    const Host *host = world->host;
    Str root = host->real_path(host->context, arena, work->options.root);
    if (!root.len) {
        *error = str_format(arena, "there is no folder '%.*s'", STR_FMT(work->options.root));
        return false;
    }
    work->options.root = root;
    deployment->manifest = manifest_read(arena, host, work->options.manifest, error);
    if (!deployment->manifest)
        return false;
    Str unknown = parameters_unknown(deployment);
    if (unknown.len)
        *error = str_format(arena, "no template has the parameter '%.*s'", STR_FMT(unknown));
    return !unknown.len;
}

// The program says the region; --region must not say another one.
static bool settle_region(Work *work, Str *error)
{
    const Manifest *manifest = work->deployment.manifest;
    Str programs = manifest->stacks.len ? manifest->stacks.items[0].region : STR_NONE;
    CredOptions *options = &work->options.cred;
    if (options->region.len && programs.len && !str_equal(options->region, programs)) {
        *error = str_format(work->context->arena,
            "the program belongs to region %.*s, but --region says %.*s", STR_FMT(programs),
            STR_FMT(options->region));
        return false;
    }
    if (programs.len)
        options->region = programs;
    return true;
}

// The account, partition and region are those that the program expects. Nothing was changed yet.
static bool guard_identity(Work *work, Str *error)
{
    Arena *arena = work->context->arena;
    Deployment *deployment = &work->deployment;
    const Manifest *manifest = deployment->manifest;
    Identity identity = {0};
    bool asked = false;
    if (!settle_region(work, error))
        return false;
    work->cred = command_credentials(work->context, &work->options.cred, error);
    if (!work->cred || !identity_get(arena, work->context->world, work->context->http, work->cred,
                           &identity, &asked, error))
        return false;
    deployment->account = identity.account;
    deployment->partition = identity.partition;
    if (manifest->account.len && !str_equal(manifest->account, identity.account)) {
        *error = str_format(arena,
            "the program belongs to account %.*s, but the credentials (%.*s) are of account %.*s",
            STR_FMT(manifest->account), STR_FMT(identity.source), STR_FMT(identity.account));
        return false;
    }
    for (size_t i = 0; i < manifest->stacks.len; i++) {
        const ManifestStack *stack = &manifest->stacks.items[i];
        Str region = stack->region.len ? stack->region : cred_region(work->cred);
        if (identity.partition.len && !str_equal(endpoint_partition(region), identity.partition)) {
            *error = str_format(arena,
                "stack '%.*s' goes to %.*s of partition %.*s, but the credentials are of %.*s",
                STR_FMT(stack->id), STR_FMT(region), STR_FMT(endpoint_partition(region)),
                STR_FMT(identity.partition));
            return false;
        }
    }
    cred_expect_account(work->cred, identity.account);
    return true;
}

static DeployResult result_of(AssetsResult result)
{
    return result == ASSETS_DONE       ? RESULT_DONE
           : result == ASSETS_FILES    ? RESULT_UNFIT
           : result == ASSETS_IDENTITY ? RESULT_IDENTITY
           : result == ASSETS_REFUSED  ? RESULT_REFUSED
                                       : RESULT_DECLINED;
}

static void set_up_assets(Work *work, Str folder)
{
    const CommandContext *context = work->context;
    Str bucket = work->options.asset_bucket;
    if (!needs_assets(work->deployment.manifest))
        return;
    work->setup = (AssetsSetup){.world = context->world,
        .http = context->http,
        .parallel = context->parallel,
        .keys = cred_keys(work->cred),
        .s3 = cred_endpoint_options(work->cred, context->arena, "S3"),
        .cloudfront = cred_endpoint_options(work->cred, context->arena, "CLOUDFRONT"),
        .manifest = work->deployment.manifest,
        .root = work->options.root,
        .folder = folder,
        .account = work->deployment.account,
        .region = cred_region(work->cred),
        .bucket = bucket.len ? bucket : world_env(context->world, "ALTC_ASSET_BUCKET"),
        .jobs = (size_t)work->options.jobs,
        .listener = &work->deployment.listener};
    work->deployment.assets = assets_new(context->arena, &work->setup);
}

static DeployResult deploy_stacks(Work *work)
{
    Deployment *deployment = &work->deployment;
    Str error = STR_NONE;
    AssetsResult uploaded = ASSETS_DONE;
    if (deployment->assets) {
        uploaded = assets_prepare(deployment->assets);
        if (uploaded == ASSETS_DONE)
            uploaded = assets_upload(deployment->assets);
    }
    if (uploaded != ASSETS_DONE)
        return result_of(uploaded);
    const Manifest *manifest = deployment->manifest;
    for (size_t i = 0; i < manifest->stacks.len; i++) {
        if (run_new(
                deployment, &manifest->stacks.items[i], work->cred, work->context->http, &error))
            continue;
        fail(RESULT_UNFIT, error);
        return RESULT_UNFIT;
    }
    DeployResult result = stage_run(deployment);
    if (!outputs_write(deployment, &error)) {
        fail(RESULT_UNFIT, error);
        result = stage_worse(result, RESULT_UNFIT);
    }
    return result;
}

static int deploy(Work *work)
{
    Deployment *deployment = &work->deployment;
    Arena *arena = work->context->arena;
    Str error = STR_NONE;
    if (!fits(work, &error))
        return fail(RESULT_UNFIT, error);
    if (!guard_identity(work, &error))
        return fail(RESULT_IDENTITY, error);
    Str stage = deployment->manifest->stage.len ? deployment->manifest->stage : STR("main");
    Str folder = str_format(arena, "%.*s/.altc/%.*s", STR_FMT(work->options.root), STR_FMT(stage));
    deployment->journal = journal_open(arena, work->context->world, folder, &error);
    if (!deployment->journal)
        return fail(RESULT_UNFIT, error);
    journal_announce(deployment->journal, arena, deployment->id);
    set_up_assets(work, folder);
    DeployResult result = deploy_stacks(work);
    for (size_t i = 0; i < deployment->runs.len; i++)
        run_release(deployment->runs.items[i]);
    journal_close(deployment->journal);
    return notice_exit_code(result);
}

static void show_plan(void *context, const Plan *plan)
{
    const Screen *screen = context;
    Buf text;
    buf_init(&text, 0);
    if (screen->json)
        plan_write_json(&text, plan);
    else
        plan_write_text(&text, plan, &(PlanView){.color = screen->color});
    show_text(screen->show, buf_str(&text));
    buf_release(&text);
}

static void pause_screen(void *context)
{
    show_pause(((Screen *)context)->show);
}

static void tick_screen(void *context)
{
    show_tick(((Screen *)context)->show);
}

int command_deploy(const CommandContext *context)
{
    const World *world = context->world;
    const DeployOptions *options = context->options;
    Work work = {.context = context, .options = *options};
    Screen screen;
    screen_open(&screen, world, options);
    work.deployment = (Deployment){.world = world,
        .arena = context->arena,
        .listener = show_listener(screen.show),
        .face = {&screen, show_plan, pause_screen, tick_screen},
        .options = &work.options,
        .id = new_id(context->arena, world),
        .pace = options->poll ? pace_scaled(options->poll) : pace_default()};
    if (options->timeout)
        work.deployment.deadline = world->steady(world->context) + options->timeout * 60 * 1000;
    int status = deploy(&work);
    screen_close(&screen);
    return status;
}
