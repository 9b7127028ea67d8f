// What the change set would do, whether that is allowed, and whether the person wants it.
#include "runtime/deploy/parameters.h"
#include "runtime/deploy/run_priv.h"

// ---- reading ----

// With values, and without: with them AWS may leave changes out. Of a new stack the program has all
// values.
MachineOutcome run_read(StackRun *run)
{
    CfnChangeSet *sets[2] = {NULL, NULL};
    int ways = run->operation == OPERATION_CREATE ? 1 : 2;
    run_forget_review(run);
    for (int values = 0; values < ways; values++) {
        sets[values] = ARENA_NEW(run->review, CfnChangeSet);
        AwsReply reply = cfn_describe_change_set(
            &run->client, run->review, run->change_set_id, values == 1, sets[values]);
        if (cfn_is_missing(&reply))
            return OUTCOME_GONE;
        if (!reply.ok) {
            run_problem_of(run, RESULT_REFUSED, "the change set cannot be read", &reply);
            return OUTCOME_REFUSED;
        }
        run_take_new_names(run, sets[values]);
    }
    run->without_values = sets[0];
    run->with_values = sets[1];
    run_tell_findings(run, "WARN", NOTICE_WARNING);
    return OUTCOME_DONE;
}

void run_forget_review(StackRun *run)
{
    run->plan = NULL;
    run->with_values = NULL;
    run->without_values = NULL;
    arena_reset(run->review);
}

// ---- judging ----

// The deployed template as data. NULL: there is none, or it cannot be had.
static const Datum *deployed_template(StackRun *run, bool *known)
{
    *known = true;
    if (run->operation == OPERATION_CREATE)
        return NULL;
    Str text = STR_NONE;
    AwsReply reply = cfn_get_template(&run->client, run->review, run->stack_id, &text);
    const Datum *template_ = reply.ok ? run_parse_template(run->review, text) : NULL;
    *known = template_ != NULL;
    if (!*known)
        run_notify(run,
            (Notice){.kind = NOTICE_WARNING,
                .text = STR("the deployed template cannot be read: only AWS tells what changes"),
                .reason = run_reason(&reply)});
    return template_;
}

static void make_plan(StackRun *run)
{
    const Deployment *deployment = run->deployment;
    bool known = false;
    const Datum *before = deployed_template(run, &known);
    const Datum *after = run->stack->template_;
    PlanStack *stack = plan_stack(
        run->review, known ? before : after, after, deployment->manifest, run->stack->id);
    plan_merge(run->review, stack, run->with_values, run->without_values);
    Plan *plan = ARENA_NEW(run->review, Plan);
    *plan = (Plan){.app = deployment->manifest->app, .stage = deployment->manifest->stage};
    VEC_ADD(run->review, &plan->stacks, *stack);
    const DeployOptions *options = deployment->options;
    plan_judge(
        run->review, plan, deployment->manifest, options->allowed.items, options->allowed.len);
    run->plan = plan;
}

void run_plan_by_templates(StackRun *run)
{
    make_plan(run);
    run->result = RESULT_DONE;
}

void run_plan_of_names(StackRun *run)
{
    run->without_values = ARENA_NEW(run->review, CfnChangeSet);
    make_plan(run);
    run->result = RESULT_DONE;
}

static bool replaces(const PlanResource *resource)
{
    return resource->action == PLAN_MODIFY && resource->effect == PLAN_REPLACES;
}

static bool loses_data(const PlanResource *resource)
{
    bool goes = resource->action == PLAN_REMOVE ||
                (resource->action == PLAN_MODIFY && resource->effect != PLAN_IN_PLACE);
    return goes && resource->data.len && !resource->kept;
}

static bool tell_obstacles(StackRun *run)
{
    for (size_t i = 0; i < run->plan->obstacles.len; i++) {
        const PlanObstacle *obstacle = &run->plan->obstacles.items[i];
        Str hint = STR("nothing lifts this guard but a change of the program");
        if (obstacle->allow.len)
            hint = str_format(
                run->scratch, "if that is wanted: --allow %.*s", STR_FMT(obstacle->allow));
        run_notify(
            run, (Notice){.kind = NOTICE_PROBLEM,
                     .text = obstacle->text,
                     .hint = hint,
                     .logical_id = obstacle->resource ? obstacle->resource->logical_id : STR_NONE,
                     .place = obstacle->place});
    }
    return run->plan->obstacles.len > 0;
}

MachineOutcome run_judge(StackRun *run)
{
    make_plan(run);
    const RunFace *face = &run->deployment->face;
    if (face->plan)
        face->plan(face->context, run->plan);
    const PlanStack *stack = &run->plan->stacks.items[0];
    const PlanResource *replaced = NULL;
    if (run->deployment->only_plan)
        return OUTCOME_DONE;
    run->data_at_stake = false;
    for (size_t i = 0; i < stack->resources.len; i++) {
        run->data_at_stake = run->data_at_stake || loses_data(&stack->resources.items[i]);
        if (replaces(&stack->resources.items[i]))
            replaced = &stack->resources.items[i];
    }
    run->result = RESULT_GUARDED;
    if (tell_obstacles(run))
        return OUTCOME_FORBIDDEN;
    if (!replaced || !run->deployment->options->no_rollback)
        return OUTCOME_DONE;
    run_problem(run, RESULT_GUARDED,
        str_format(run->scratch, "AWS replaces nothing without rollback, but '%.*s' is replaced",
            STR_FMT(replaced->logical_id)),
        STR("deploy without --no-rollback"));
    return OUTCOME_FORBIDDEN;
}

// ---- asking ----

const char *run_nothing_changed(const StackRun *run)
{
    return run->renamed ? "nothing but logical ids was changed" : "nothing was changed";
}

MachineOutcome run_ask(StackRun *run, Str question, Str wanted)
{
    const World *world = run->deployment->world;
    const RunFace *face = &run->deployment->face;
    Str answer = STR_NONE;
    if (run->deployment->options->yes)
        return OUTCOME_DONE;
    if (face->pause)
        face->pause(face->context);
    bool answered = world->ask(world->context, run->scratch, question, &answer);
    if (run_stopped(run))
        return run_wait(run, 1); // the next turn takes it back
    Str small = str_lower(run->scratch, answer);
    bool yes = wanted.len ? str_equal(answer, wanted) : str_is(small, "y") || str_is(small, "yes");
    if (answered && yes)
        return OUTCOME_DONE;
    if (answered)
        run_problem(run, RESULT_DECLINED,
            str_format(run->scratch, "declined: %s", run_nothing_changed(run)), STR_NONE);
    else
        run_problem(run, RESULT_DECLINED,
            str_format(run->scratch, "nobody said yes, so %s", run_nothing_changed(run)),
            STR("without a terminal only --yes goes on"));
    return OUTCOME_DECLINED;
}

static void tell_capabilities(StackRun *run)
{
    CfnTexts list = template_capabilities(run->scratch, run->stack->template_);
    Buf text;
    buf_init(&text, 0);
    for (size_t i = 0; i < list.len; i++)
        buf_add_format(
            &text, "%s%.*s", i ? ", " : "the change is allowed ", STR_FMT(list.items[i]));
    if (list.len)
        run_notify(run, (Notice){.kind = NOTICE_NOTE, .text = buf_str(&text)});
    buf_release(&text);
}

MachineOutcome run_confirm(StackRun *run)
{
    if (run->deployment->only_plan) {
        run->result = RESULT_DONE;
        return OUTCOME_DECLINED;
    }
    tell_capabilities(run);
    Str name = run->stack->name;
    Str question = str_format(run->scratch, "deploy stack '%.*s' to account %.*s, %.*s? [y/N] ",
        STR_FMT(name), STR_FMT(run->deployment->account), STR_FMT(run->client.region));
    if (run->data_at_stake)
        question = str_format(run->scratch,
            "data may be lost for ever. Type the stack's name, %.*s, to go on: ", STR_FMT(name));
    return run_ask(run, question, run->data_at_stake ? name : STR_NONE);
}
