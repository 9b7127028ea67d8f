// altc destroy: deletes the stacks of a stage, those that use others first. What guards protect
// stays, and nobody loses data without having been asked.
#include "runtime/deploy/attend.h"
#include "runtime/deploy/stage.h"
#include "runtime/plan/plan.h"

typedef struct Doomed {
    StageStack *stack;
    Attended item;
    bool gone;
} Doomed;

typedef struct Destruction {
    Console *console;
    Plan plan;
    VEC(Doomed) stacks;
} Destruction;

static DeployResult add_plan(Destruction *work, StageStack *stack)
{
    Console *console = work->console;
    const Datum *before = NULL;
    if (str_is(stack->now.status, "REVIEW_IN_PROGRESS"))
        return RESULT_DONE; // it never had one
    DeployResult result = console_template(console, stack, &before);
    if (result != RESULT_DONE)
        return result;
    PlanStack *plan = plan_stack(console->arena, before, NULL, console->manifest, stack->stack->id);
    VEC_ADD(console->arena, &work->plan.stacks, *plan);
    return RESULT_DONE;
}

// Obstacles that a typed confirmation clears: data is lost, but no guard speaks.
static bool is_about_data(const PlanObstacle *obstacle)
{
    return obstacle->resource && str_equal(obstacle->allow, obstacle->resource->logical_id);
}

// --allow data: all data may go, as when a stage for a branch is thrown away.
static bool allows_data(const Console *console)
{
    for (size_t i = 0; i < console->options.allowed.len; i++)
        if (str_is(console->options.allowed.items[i], "data"))
            return true;
    return false;
}

static DeployResult tell_obstacles(Destruction *work)
{
    Console *console = work->console;
    DeployResult result = RESULT_DONE;
    for (size_t i = 0; i < work->plan.obstacles.len; i++) {
        const PlanObstacle *obstacle = &work->plan.obstacles.items[i];
        if (is_about_data(obstacle) && allows_data(console))
            continue;
        bool asked = is_about_data(obstacle) && !console->options.yes;
        Str hint = STR("nothing lifts this guard but a change of the program");
        if (obstacle->allow.len)
            hint = str_format(
                console->arena, "if that is wanted: --allow %.*s", STR_FMT(obstacle->allow));
        console_notify(console, NULL,
            (Notice){.kind = asked ? NOTICE_WARNING : NOTICE_PROBLEM,
                .text = obstacle->text,
                .hint = asked ? STR_NONE : hint,
                .logical_id = obstacle->resource ? obstacle->resource->logical_id : STR_NONE,
                .place = obstacle->place});
        result = asked ? result : RESULT_GUARDED;
    }
    return result;
}

static DeployResult judge(Destruction *work)
{
    Console *console = work->console;
    DeployResult result = RESULT_DONE;
    for (size_t i = 0; i < work->stacks.len && result == RESULT_DONE; i++) {
        StageStack *stack = work->stacks.items[i].stack;
        bool busy = stack_status(stack->now.status).phase == PHASE_BUSY;
        if (busy && !str_is(stack->now.status, "DELETE_IN_PROGRESS"))
            result = console_refuse_status(console, stack, "cannot be deleted now");
        else if (stack->now.termination_protection && !console->options.unprotect)
            result = console_fail(console, stack, RESULT_GUARDED,
                str_format(console->arena, "stack '%.*s' is protected from termination",
                    STR_FMT(stack->stack->name)),
                STR("if that is wanted: --unprotect"));
        else
            result = add_plan(work, stack);
    }
    if (result != RESULT_DONE)
        return result;
    Buf text;
    buf_init(&text, 0);
    PlanView view = {.color = console->screen.color, .width = screen_width()};
    plan_write_text(&text, &work->plan, &view);
    if (!console->options.json)
        show_text(console->screen.show, buf_str(&text));
    buf_release(&text);
    plan_judge(console->arena, &work->plan, console->manifest, console->options.allowed.items,
        console->options.allowed.len);
    return tell_obstacles(work);
}

static bool confirm(Destruction *work)
{
    Console *console = work->console;
    Str name = console->manifest->stage.len ? console->manifest->stage : console->manifest->app;
    Buf text;
    buf_init(&text, 0);
    buf_add_text(&text, "this deletes for ever:");
    for (size_t i = 0; i < work->stacks.len; i++)
        buf_add_format(
            &text, "%s %.*s", i ? "," : "", STR_FMT(work->stacks.items[i].stack->now.name));
    buf_add_format(&text, " of account %.*s. Type the stage's name, %.*s, to go on: ",
        STR_FMT(console->identity.account), STR_FMT(name));
    bool yes = console_confirm(console, buf_str(&text), name);
    buf_release(&text);
    return yes;
}

// ---- emptying buckets ----

static bool is_kept(const Destruction *work, const StageStack *stack, Str logical_id)
{
    for (size_t i = 0; i < work->plan.stacks.len; i++) {
        const PlanStack *plan = &work->plan.stacks.items[i];
        for (size_t j = 0; str_equal(plan->id, stack->stack->id) && j < plan->resources.len; j++)
            if (str_equal(plan->resources.items[j].logical_id, logical_id))
                return plan->resources.items[j].kept;
    }
    return true; // not known: not touched
}

static bool empty_bucket(Destruction *work, StageStack *stack, Str name)
{
    Console *console = work->console;
    size_t count = 0;
    if (assets_empty_bucket(console_assets(console), name, stack->client.region, &count) !=
        ASSETS_DONE)
        return false;
    if (count)
        console_notify(console, stack,
            (Notice){.kind = NOTICE_NOTE,
                .text = str_format(console->arena, "bucket '%.*s' is emptied of %zu object%s",
                    STR_FMT(name), count, count == 1 ? "" : "s and versions")});
    return true;
}

static bool empty_buckets(Destruction *work, StageStack *stack)
{
    Console *console = work->console;
    CfnResources resources = {0};
    AwsReply reply = cfn_list_resources(&stack->client, console->arena, stack->now.id, &resources);
    if (!reply.ok) {
        console_refused(console, stack, "its buckets cannot be found", &reply);
        return false;
    }
    for (size_t i = 0; i < resources.len; i++) {
        const CfnResource *resource = &resources.items[i];
        bool bucket = str_is(resource->type, "AWS::S3::Bucket") && resource->physical_id.len &&
                      !str_is(resource->status, "DELETE_COMPLETE");
        if (bucket && !is_kept(work, stack, resource->logical_id) &&
            !empty_bucket(work, stack, resource->physical_id))
            return false;
    }
    return true;
}

// ---- deleting ----

static DeployResult call_delete(
    Destruction *work, Doomed *doomed, const Str *retain, size_t retain_count)
{
    Console *console = work->console;
    StageStack *stack = doomed->stack;
    Str token = console_token(console, "destroy");
    if (!console_record(console, stack, JOURNAL_DELETE_STACK, token, STR_NONE))
        return RESULT_UNFIT;
    CfnDeleteRequest request = {.stack = stack->now.id,
        .token = token,
        .role = console->options.role,
        .retain = retain,
        .retain_count = retain_count};
    AwsReply reply = cfn_delete_stack(&stack->client, console->arena, &request);
    console_record(
        console, stack, JOURNAL_DELETE_STACK, token, reply.ok ? STR("done") : reply.code);
    if (!reply.ok && !cfn_is_ambiguous(&reply))
        return console_refused(console, stack, "AWS does not delete it", &reply);
    doomed->item = (Attended){.stack = stack, .operation = OPERATION_DELETE, .token = token};
    return RESULT_DONE;
}

static DeployResult begin(Destruction *work, Doomed *doomed)
{
    Console *console = work->console;
    StageStack *stack = doomed->stack;
    if (str_is(stack->now.status, "DELETE_IN_PROGRESS")) {
        doomed->item = (Attended){.stack = stack, .operation = OPERATION_DELETE};
        return RESULT_DONE;
    }
    if (stack->now.termination_protection) {
        AwsReply reply =
            cfn_set_termination_protection(&stack->client, console->arena, stack->now.id, false);
        if (!reply.ok)
            return console_refused(console, stack, "its protection cannot be lifted", &reply);
    }
    if (console->options.empty_buckets && !empty_buckets(work, stack))
        return RESULT_STUCK;
    return call_delete(work, doomed, NULL, 0);
}

static bool is_among(const Str *items, size_t count, Str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(items[i], name))
            return true;
    return false;
}

// What could not be deleted and may stay by --retain.
static CfnTexts retained(Destruction *work, StageStack *stack)
{
    Console *console = work->console;
    CfnResources resources = {0};
    CfnTexts names = {0};
    cfn_list_resources(&stack->client, console->arena, stack->now.id, &resources);
    for (size_t i = 0; i < resources.len; i++)
        if (str_is(resources.items[i].status, "DELETE_FAILED") &&
            is_among(console->options.retain.items, console->options.retain.len,
                resources.items[i].logical_id))
            VEC_ADD(console->arena, &names, resources.items[i].logical_id);
    return names;
}

static DeployResult retry_without(Destruction *work, Doomed *doomed)
{
    if (!str_is(doomed->item.status, "DELETE_FAILED") || !work->console->options.retain.len)
        return doomed->item.result;
    CfnTexts names = retained(work, doomed->stack);
    if (!names.len)
        return doomed->item.result;
    console_notify(work->console, doomed->stack,
        (Notice){.kind = NOTICE_STEP,
            .text = str_format(work->console->arena,
                "deleting the stack without %zu resource%s, which AWS keeps and forgets", names.len,
                names.len == 1 ? "" : "s")});
    DeployResult result = call_delete(work, doomed, names.items, names.len);
    if (result != RESULT_DONE)
        return result;
    result = attend(work->console, &doomed->item, 1);
    attend_release(&doomed->item, 1);
    return result;
}

// Another stack that is still there uses it.
static bool is_used(const Destruction *work, const StageStack *stack)
{
    for (size_t i = 0; i < work->stacks.len; i++) {
        const Doomed *other = &work->stacks.items[i];
        const ManifestStack *from = other->stack->stack;
        if (!other->gone &&
            is_among(from->depends_on.items, from->depends_on.len, stack->stack->id))
            return true;
    }
    return false;
}

// Those that nothing uses, at once.
static DeployResult delete_wave(Destruction *work)
{
    Arena *arena = work->console->arena;
    Doomed **wave = ARENA_ARRAY(arena, Doomed *, work->stacks.len);
    size_t count = 0;
    for (size_t i = 0; i < work->stacks.len; i++)
        if (!work->stacks.items[i].gone && !is_used(work, work->stacks.items[i].stack))
            wave[count++] = &work->stacks.items[i];
    if (!count)
        return console_fail(work->console, NULL, RESULT_STUCK,
            STR("stacks depend on each other in a circle"), STR_NONE);
    Attended *items = ARENA_ARRAY(arena, Attended, count);
    DeployResult result = RESULT_DONE;
    size_t begun = 0;
    for (size_t i = 0; i < count; i++) {
        DeployResult started = begin(work, wave[i]);
        result = stage_worse(result, started);
        if (started == RESULT_DONE)
            wave[begun++] = wave[i];
    }
    for (size_t i = 0; i < begun; i++)
        items[i] = wave[i]->item;
    attend(work->console, items, begun);
    attend_release(items, begun);
    for (size_t i = 0; i < begun; i++) {
        wave[i]->item = items[i];
        DeployResult ended = retry_without(work, wave[i]);
        wave[i]->gone = ended == RESULT_DONE;
        if (ended != RESULT_RUNNING)
            console_record(work->console, wave[i]->stack, JOURNAL_SETTLED, wave[i]->item.token,
                notice_result(ended));
        result = stage_worse(result, ended);
    }
    return result;
}

static DeployResult destroy(Console *console)
{
    Destruction destruction = {.console = console,
        .plan = {.app = console->manifest->app, .stage = console->manifest->stage}};
    Destruction *work = &destruction;
    for (size_t i = 0; i < console->stacks.len; i++)
        if (console->stacks.items[i].now.id.len)
            VEC_ADD(console->arena, &work->stacks, ((Doomed){.stack = &console->stacks.items[i]}));
    if (!work->stacks.len) {
        console_notify(console, NULL,
            (Notice){.kind = NOTICE_NOTE, .text = STR("no stack of the stage is deployed")});
        return RESULT_UNCHANGED;
    }
    DeployResult result = judge(work);
    if (result == RESULT_DONE && !confirm(work))
        result = RESULT_DECLINED;
    for (size_t left = work->stacks.len; left > 0 && result == RESULT_DONE;) {
        result = delete_wave(work);
        left = 0;
        for (size_t i = 0; i < work->stacks.len; i++)
            left += !work->stacks.items[i].gone;
    }
    return result;
}

int command_destroy(const CommandContext *context)
{
    return console_run(context, &(ConsoleCommand){.lock = "destroy", .work = destroy});
}
