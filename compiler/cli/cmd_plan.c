// What deploying a program would do to what is there: against something saved, a revision or
// another stage here; against AWS by altc-deploy.
#include <unistd.h>

#include "compiler/cli/deployable.h"
#include "compiler/cli/deployer.h"
#include "compiler/cli/program.h"
#include "compiler/cli/saved.h"
#include "compiler/cli/side.h"

enum { EXIT_CHANGES = 10, EXIT_FORBIDDEN = 12 };

static const char *const FORMATS[] = {"text", "json", "markdown", NULL};

// What there is already: stages of a program, or what was saved.
typedef struct Before {
    bool is_program;
    Side side;
    Str stage; // this one for every stage; empty: the one of the same name
    Saved saved;
    GitHost *git; // of what is saved in a revision
} Before;

// A stage that would be deployed.
typedef struct Target {
    const Manifest *manifest;
    const Deployable *deployable; // NULL: the manifest was read from a file
} Target;

typedef VEC(Plan) Plans;

typedef struct After {
    Side side;
    VEC(Target) targets;
} After;

// ---- the new side ----

static int open_manifest(const Cli *cli, After *after, Str path)
{
    Str error;
    Target target = {.manifest = manifest_read(cli->arena, cli->host, path, &error)};
    if (!target.manifest)
        return cli_fail(cli, "%.*s", STR_FMT(error));
    VEC_ADD(cli->arena, &after->targets, target);
    return EXIT_FINE;
}

static int open_after(const Cli *cli, After *after)
{
    const Args *args = cli->args;
    Str file = program_operand(cli, 0);
    if (str_ends(file, STR(".manifest.json")))
        return open_manifest(cli, after, file);
    StageChoice choice = args->given[OPTION_ALL]     ? STAGES_ALL
                         : args->given[OPTION_STAGE] ? STAGES_NAMED
                                                     : STAGES_DEFAULT;
    int status = side_open(cli, &after->side, file, choice, &args->values[OPTION_STAGE]);
    for (size_t i = 0; status == EXIT_FINE && i < after->side.stages.len; i++) {
        Target target = {.deployable = deployable_new(cli->arena, after->side.stage_runs.items[i],
                             after->side.stages.items[i])};
        target.manifest = &target.deployable->manifest;
        VEC_ADD(cli->arena, &after->targets, target);
    }
    return status;
}

// ---- the old side ----

// Where to look: a file now or in a revision; a bare revision is the program itself there.
static int find_before(const Cli *cli, Before *before, Str against, Str *file)
{
    Str revision, error;
    *file = against;
    if (!side_split(against, &revision, file)) {
        if (access(against.ptr, F_OK) == 0)
            return EXIT_FINE;
        revision = against;
        *file = program_operand(cli, 0);
        if (!file->ptr)
            *file = STR("infra.alt");
    }
    before->git = git_host_new(cli->arena, cli->host, revision, &error);
    if (!before->git)
        return cli_fail(cli, "'%.*s' is no file, and no revision of git: %.*s", STR_FMT(against),
            STR_FMT(error));
    if (str_is(*file, "-"))
        return cli_fail(cli, "standard input has no revisions; '--against' wants REVISION:FILE");
    return EXIT_FINE;
}

static int open_program(const Cli *cli, Before *before, const After *after, Str file)
{
    before->is_program = true;
    StrList stages = {0};
    for (size_t i = 0; i < after->targets.len; i++)
        VEC_ADD(cli->arena, &stages, after->targets.items[i].manifest->stage);
    StageChoice choice = STAGES_NAMED;
    if (cli->args->given[OPTION_ALL])
        choice = STAGES_ALL;
    else if (!stages.len || !stages.items[0].len)
        choice = STAGES_DEFAULT;
    GitHost *git = before->git;
    before->git = NULL; // the side frees it
    return side_open_at(cli, &before->side, file, git, choice, &stages);
}

static int open_stage(const Cli *cli, Before *before)
{
    const StrList *named = &cli->args->values[OPTION_AGAINST_STAGE];
    before->is_program = true;
    StrList last = {.items = &named->items[named->len - 1], .len = 1};
    int status = side_open(cli, &before->side, program_operand(cli, 0), STAGES_NAMED, &last);
    if (status == EXIT_FINE)
        before->stage = before->side.stages.items[0]->stage;
    return status;
}

static int open_before(const Cli *cli, Before *before, const After *after)
{
    if (cli->args->given[OPTION_AGAINST_STAGE])
        return open_stage(cli, before);
    Str against = args_value(cli->args, OPTION_AGAINST), file;
    int status = find_before(cli, before, against, &file);
    if (status != EXIT_FINE)
        return status;
    if (str_ends(file, STR(".alt")))
        return open_program(cli, before, after, file);
    const Host *host = before->git ? git_host_get(before->git) : cli->host;
    if (!saved_open(cli, host, file, &before->saved))
        return EXIT_TROUBLE;
    if (cli->args->given[OPTION_ALL] && !before->saved.folder)
        return cli_fail(cli, "'%.*s' is of one stage; for '--all' give a folder of templates",
            STR_FMT(against));
    return EXIT_FINE;
}

// A program without stages is compared with the default stage of the other.
static const StageModel *stage_before(const Before *before, Str stage)
{
    if (before->stage.len)
        stage = before->stage;
    if (!stage.len && before->side.stages.len)
        return before->side.stages.items[0];
    return side_stage(&before->side, stage);
}

// The stacks that were there; of what was saved without a manifest, nothing but templates is known.
typedef VEC(ManifestStack) Stacks;

static Stacks stacks_before(Arena *arena, const Before *before, Str stage)
{
    Stacks stacks = {0};
    const StageModel *model = before->is_program ? stage_before(before, stage) : NULL;
    for (size_t i = 0; model && i < model->stacks.len; i++) {
        const Stack *stack = model->stacks.items[i];
        ManifestStack taken = {.id = stack->id,
            .name = stack->name,
            .region = stack->region,
            .template_ = stack->template_};
        VEC_ADD(arena, &stacks, taken);
    }
    const Manifest *manifest = before->saved.manifest;
    for (size_t i = 0; manifest && i < manifest->stacks.len; i++)
        VEC_ADD(arena, &stacks, manifest->stacks.items[i]);
    return stacks;
}

// Another name or region is another stack. Stages that are compared never have the same, and a
// program without stages is called like its file, which says nothing.
static bool is_same_stack(
    const Before *before, const Manifest *new, const ManifestStack *a, const ManifestStack *b)
{
    if (!str_equal(a->id, b->id))
        return false;
    return before->stage.len || !new->stage.len ||
           (str_equal(a->name, b->name) && str_equal(a->region, b->region));
}

static const ManifestStack *find_stack(const Before *before, const Manifest *new,
    const ManifestStack *stacks, size_t count, const ManifestStack *stack)
{
    for (size_t i = 0; i < count; i++)
        if (is_same_stack(before, new, &stacks[i], stack))
            return &stacks[i];
    return NULL;
}

// ---- planning ----

static bool plan_one(const Cli *cli, Before *before, const Stacks *olds, const Target *target,
    const ManifestStack *stack, Plan *plan)
{
    const Manifest *manifest = target->manifest;
    const Datum *old = NULL;
    const ManifestStack *was = find_stack(before, manifest, olds->items, olds->len, stack);
    if (was)
        old = was->template_;
    else if (!before->is_program && !before->saved.manifest &&
             !saved_template(&before->saved, manifest->stage, stack->id, &old))
        return false;
    PlanStack *planned = plan_stack(cli->arena, old, stack->template_, manifest, stack->id);
    if (target->deployable) {
        PlanPlaces places = deployable_places(target->deployable);
        plan_locate(cli->arena, planned, &places);
    }
    VEC_ADD(cli->arena, &plan->stacks, *planned);
    return true;
}

static bool plan_target(const Cli *cli, Before *before, const Target *target, Plan *plan)
{
    const Manifest *manifest = target->manifest;
    *plan = (Plan){.app = manifest->app, .stage = manifest->stage};
    Stacks olds = stacks_before(cli->arena, before, manifest->stage);
    for (size_t i = 0; i < manifest->stacks.len; i++)
        if (!plan_one(cli, before, &olds, target, &manifest->stacks.items[i], plan))
            return false;
    for (size_t i = 0; i < olds.len; i++) {
        const ManifestStack *old = &olds.items[i];
        PlanStack left = {.id = old->id, .name = old->name, .region = old->region, .is_left = true};
        if (!find_stack(before, manifest, manifest->stacks.items, manifest->stacks.len, old))
            VEC_ADD(cli->arena, &plan->stacks, left);
    }
    // Nothing is deployed over another stage: guards have no say in a comparison.
    const StrList *allowed = &cli->args->values[OPTION_ALLOW];
    if (!before->stage.len)
        plan_judge(cli->arena, plan, manifest, allowed->items, allowed->len);
    return true;
}

// ---- printing ----

static void add_plan(const Cli *cli, Buf *out, const Plan *plan)
{
    Str format = args_value(cli->args, OPTION_FORMAT);
    PlanView view = {.color = cli->color_out, .width = cli_width()};
    if (out->len && !str_is(format, "json"))
        buf_add_char(out, '\n');
    if (str_is(format, "json"))
        plan_write_json(out, plan);
    else if (str_is(format, "markdown"))
        plan_write_markdown(out, plan);
    else
        plan_write_text(out, plan, &view);
}

// Several plans as JSON are a list.
static void add_bracket(const Cli *cli, Buf *out, const char *bracket)
{
    if (str_is(args_value(cli->args, OPTION_FORMAT), "json") && cli->args->given[OPTION_ALL])
        buf_add_text(out, bracket);
}

static bool has_target(const After *after, Str stage)
{
    for (size_t i = 0; i < after->targets.len; i++)
        if (str_equal(after->targets.items[i].manifest->stage, stage))
            return true;
    return false;
}

// With --all also the stages that are no more.
static void plan_gone_stages(const Cli *cli, const Before *before, const After *after, Plans *plans)
{
    const Side *side = &before->side;
    for (size_t i = 0; cli->args->given[OPTION_ALL] && i < side->stages.len; i++) {
        const StageModel *model = side->stages.items[i];
        if (before->stage.len || has_target(after, model->stage))
            continue;
        Plan plan = {.app = model->app, .stage = model->stage};
        for (size_t j = 0; j < model->stacks.len; j++) {
            const Stack *stack = model->stacks.items[j];
            PlanStack left = {
                .id = stack->id, .name = stack->name, .region = stack->region, .is_left = true};
            VEC_ADD(cli->arena, &plan.stacks, left);
        }
        VEC_ADD(cli->arena, plans, plan);
    }
}

static int print_plans(const Cli *cli, const Plans *plans)
{
    Buf out;
    buf_init(&out, 0);
    int status = EXIT_FINE;
    add_bracket(cli, &out, "[\n");
    for (size_t i = 0; i < plans->len; i++) {
        const Plan *plan = &plans->items[i];
        add_bracket(cli, &out, i ? ",\n" : "");
        add_plan(cli, &out, plan);
        int one = plan->obstacles.len      ? EXIT_FORBIDDEN
                  : plan_has_changes(plan) ? EXIT_CHANGES
                                           : EXIT_FINE;
        status = one > status ? one : status;
    }
    add_bracket(cli, &out, "]\n");
    if (cli_print(cli, buf_str(&out)) != EXIT_FINE)
        status = EXIT_TROUBLE;
    buf_release(&out);
    return status;
}

static int plan_all(const Cli *cli, Before *before, const After *after)
{
    Plans plans = {0};
    for (size_t i = 0; i < after->targets.len; i++) {
        Plan plan;
        if (!plan_target(cli, before, &after->targets.items[i], &plan))
            return EXIT_TROUBLE;
        VEC_ADD(cli->arena, &plans, plan);
    }
    plan_gone_stages(cli, before, after, &plans);
    return print_plans(cli, &plans);
}

int command_plan(Cli *cli)
{
    const Args *args = cli->args;
    bool offline = args->given[OPTION_AGAINST] || args->given[OPTION_AGAINST_STAGE];
    if (!offline && args->given[OPTION_ALL])
        return cli_fail(cli, "'--all' goes with '--against'; what is deployed is of one stage");
    if (args->given[OPTION_ALL] && args->given[OPTION_STAGE])
        return cli_fail(cli, "'--all' and '--stage' exclude each other");
    if (args->given[OPTION_AGAINST] && args->given[OPTION_AGAINST_STAGE])
        return cli_fail(cli, "'--against' and '--against-stage' exclude each other");
    if (!offline)
        return deployer_start(cli, FORMATS);
    if (!cli_operands(cli, 0, 1) || !cli_one_of(cli, OPTION_FORMAT, FORMATS) ||
        !findings_options_valid(cli))
        return EXIT_TROUBLE;
    After after = {0};
    Before before = {0};
    int status = open_after(cli, &after);
    if (status == EXIT_FINE)
        status = open_before(cli, &before, &after);
    if (status == EXIT_FINE)
        status = plan_all(cli, &before, &after);
    side_close(&before.side);
    side_close(&after.side);
    git_host_free(before.git);
    return status;
}
