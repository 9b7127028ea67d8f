// altc deploy: the stacks of a manifest, from its files to what runs; altc plan: what that would
// do.
#include <stdio.h>
#include <unistd.h>

#include "compiler/base/cell.h"
#include "compiler/data/data.h"
#include "runtime/deploy/commands.h"
#include "runtime/deploy/identity.h"
#include "runtime/deploy/outputs.h"
#include "runtime/deploy/parameters.h"
#include "runtime/deploy/permissions.h"
#include "runtime/deploy/run_priv.h"
#include "runtime/deploy/screen.h"
#include "runtime/deploy/stage.h"
#include "runtime/deploy/tasks.h"

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
    // What is renamed is the deployed template, which may be longer than the program's.
    bool needed = manifest->assets.len || manifest->tasks.len || manifest->renames.len;
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
    return !unknown.len && outputs_can_be_written(deployment, error);
}

// Nothing was changed yet.
static bool guard_identity(Work *work, Str *error)
{
    Arena *arena = work->context->arena;
    Deployment *deployment = &work->deployment;
    Identity identity = {0};
    if (!identity_settle_region(arena, deployment->manifest, &work->options.cred, error))
        return false;
    work->cred = command_credentials(work->context, &work->options.cred, error);
    if (!work->cred || !identity_guard(arena, work->cred, deployment->manifest, &identity, error))
        return false;
    deployment->account = identity.account;
    deployment->partition = identity.partition;
    return true;
}

static void set_up_assets(Work *work, Str folder)
{
    const CommandContext *context = work->context;
    if (!needs_assets(work->deployment.manifest))
        return;
    work->setup = command_assets(context, &work->options, work->cred);
    work->setup.manifest = work->deployment.manifest;
    work->setup.folder = folder;
    work->setup.account = work->deployment.account;
    work->setup.listener = &work->deployment.listener;
    work->deployment.assets = assets_new(context->arena, &work->setup);
}

// What is to be uploaded before the stacks change. For a plan it is only looked at.
static AssetsResult bring_assets(const Deployment *deployment)
{
    AssetsResult result = ASSETS_DONE;
    if (!deployment->assets)
        return ASSETS_DONE;
    result = assets_prepare(deployment->assets);
    if (result == ASSETS_DONE && !deployment->only_plan)
        result = tasks_build(deployment);
    if (result == ASSETS_DONE && !deployment->only_plan)
        result = assets_upload(deployment->assets);
    return result;
}

static DeployResult deploy_stacks(Work *work)
{
    Deployment *deployment = &work->deployment;
    Str error = STR_NONE;
    const Manifest *manifest = deployment->manifest;
    for (size_t i = 0; i < manifest->stacks.len; i++) {
        if (run_new(deployment, &manifest->stacks.items[i], work->cred, &error))
            continue;
        fail(RESULT_UNFIT, error);
        return RESULT_UNFIT;
    }
    AssetsResult brought = bring_assets(deployment);
    if (brought != ASSETS_DONE)
        return run_assets_result(brought);
    DeployResult result = stage_run(deployment);
    if (!deployment->only_plan && !outputs_write(deployment, &error)) {
        fail(RESULT_STUCK, error);
        result = stage_worse(result, RESULT_STUCK);
    }
    if (!deployment->only_plan)
        result = stage_worse(result, tasks_run(deployment));
    return result;
}

// ---- a plan ----

enum { EXIT_CHANGES = 10 };

// The plans of all stacks as one, in their order.
static Plan whole_plan(const Deployment *deployment)
{
    Plan whole = {.app = deployment->manifest->app, .stage = deployment->manifest->stage};
    for (size_t i = 0; i < deployment->runs.len; i++) {
        const StackRun *run = deployment->runs.items[i];
        PlanStack stack = {.id = run->stack->id, .name = run->stack->name};
        if (run->plan)
            stack = run->plan->stacks.items[0];
        stack.region = run->client.region;
        VEC_ADD(deployment->arena, &whole.stacks, stack);
        for (size_t j = 0; run->plan && j < run->plan->obstacles.len; j++)
            VEC_ADD(deployment->arena, &whole.obstacles, run->plan->obstacles.items[j]);
    }
    return whole;
}

static Str bucket_of(const Work *work)
{
    if (!work->deployment.assets)
        return STR_NONE;
    return work->setup.bucket.len ? work->setup.bucket
                                  : str_format(work->context->arena, "altc-assets-%.*s-*",
                                        STR_FMT(work->deployment.account));
}

static int print_policy(const Work *work, const Plan *plan)
{
    const Deployment *deployment = &work->deployment;
    const Manifest *manifest = deployment->manifest;
    PolicyScope scope = {.partition = deployment->partition,
        .account = deployment->account,
        .bucket = bucket_of(work),
        .sites = manifest->tasks.len > 0,
        .protection = manifest->termination_protection,
        .role = work->options.role};
    policy_purpose(work->options.purpose, &scope.purpose);
    for (size_t i = 0; i < manifest->stacks.len; i++)
        scope.stack_policy = scope.stack_policy || manifest->stacks.items[i].policy.len;
    permissions_add_sites(deployment, &scope);
    return permissions_print(deployment->arena, &deployment->runs.items[0]->client, plan, &scope);
}

static int print_plan(const Work *work)
{
    const DeployOptions *options = &work->options;
    const World *world = work->context->world;
    Plan plan = whole_plan(&work->deployment);
    if (str_is(options->command, "policy"))
        return print_policy(work, &plan);
    PlanView view = {.color = show_wants_color(options->color, isatty(STDOUT_FILENO),
                         world_env(world, "NO_COLOR"), world_env(world, "TERM")),
        .width = screen_width()};
    Buf text;
    buf_init(&text, 0);
    if (options->json)
        plan_write_json(&text, &plan);
    else if (options->markdown)
        plan_write_markdown(&text, &plan);
    else
        plan_write_text(&text, &plan, &view);
    bool written = fwrite(text.ptr, 1, text.len, stdout) == text.len && fflush(stdout) == 0;
    buf_release(&text);
    if (!written)
        return command_fail(EXIT_TROUBLE, STR("cannot write standard output"));
    return plan.obstacles.len        ? notice_exit_code(RESULT_GUARDED)
           : plan_has_changes(&plan) ? EXIT_CHANGES
                                     : EXIT_FINE;
}

// Of what happens meanwhile only trouble is told.
static void tell_trouble(void *context, const Notice *notice)
{
    (void)context;
    bool problem = notice->kind == NOTICE_PROBLEM;
    if (!problem && notice->kind != NOTICE_WARNING)
        return;
    Buf line;
    buf_init(&line, 0);
    cell_add_plain(&line, notice->text);
    if (notice->hint.len) {
        buf_add_text(&line, "; ");
        cell_add_plain(&line, notice->hint);
    }
    fprintf(stderr, "altc: %s: %s\n", problem ? "error" : "warning", buf_str(&line).ptr);
    buf_release(&line);
}

// ---- the whole ----

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
    bool planned = deployment->only_plan && (result == RESULT_DONE || result == RESULT_UNCHANGED);
    int status = planned ? print_plan(work) : notice_exit_code(result);
    for (size_t i = 0; i < deployment->runs.len; i++)
        run_release(deployment->runs.items[i]);
    journal_close(deployment->journal);
    return status;
}

// {"event":"plan","plan":{…}} on one line, beside those of spec/events.md.
static void write_plan_line(Buf *out, const Plan *plan)
{
    Arena *arena = arena_new();
    Buf text;
    buf_init(&text, 0);
    plan_write_json(&text, plan);
    Datum *map = datum_map(arena, NULL);
    datum_put(arena, map, STR("event"), NULL, datum_string(arena, NULL, STR("plan")));
    Datum *data = data_parse_json(arena, buf_str(&text));
    datum_put(arena, map, STR("plan"), NULL, data ? data : datum_null(arena, NULL));
    data_write_json_compact(out, map);
    buf_add_char(out, '\n');
    buf_release(&text);
    arena_free(arena);
}

static void show_plan(void *context, const Plan *plan)
{
    const Screen *screen = context;
    Buf text;
    buf_init(&text, 0);
    if (screen->json)
        write_plan_line(&text, plan);
    else
        plan_write_text(&text, plan, &(PlanView){.color = screen->color, .width = screen_width()});
    show_text(screen->show, buf_str(&text));
    buf_release(&text);
}

int command_deploy(const CommandContext *context)
{
    const World *world = context->world;
    const DeployOptions *options = context->options;
    Work work = {.context = context, .options = *options};
    Screen screen;
    screen_open(&screen, world, options);
    Mask *mask = mask_new(context->arena, show_listener(screen.show));
    work.deployment = (Deployment){.world = world,
        .arena = context->arena,
        .listener = mask_listener(mask),
        .mask = mask,
        .face = {&screen, show_plan, screen_pause, screen_tick},
        .options = &work.options,
        .id = new_id(context->arena, world),
        .pace = options->poll ? pace_scaled(options->poll) : pace_default()};
    if (options->timeout)
        work.deployment.deadline = world->steady(world->context) + options->timeout * 60 * 1000;
    int status = deploy(&work);
    screen_close(&screen);
    return status;
}

int command_plan(const CommandContext *context)
{
    const DeployOptions *options = context->options;
    Work work = {.context = context, .options = *options};
    Mask *mask = mask_new(context->arena, (Listener){NULL, tell_trouble});
    work.deployment = (Deployment){.world = context->world,
        .arena = context->arena,
        .listener = mask_listener(mask),
        .mask = mask,
        .options = &work.options,
        .id = new_id(context->arena, context->world),
        .only_plan = true,
        .pace = options->poll ? pace_scaled(options->poll) : pace_default()};
    return deploy(&work);
}
