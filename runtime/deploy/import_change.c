#include "runtime/deploy/import_change.h"

#include "runtime/deploy/attend.h"
#include "runtime/deploy/parameters.h"
#include "runtime/deploy/run_priv.h"

// The actions are those of a deployment's run, one after the other.
typedef struct Work {
    Console *console;
    const ImportChange *change;
    Deployment deployment;
    StackRun *run;
} Work;

// ---- the request ----

// What is deployed keeps its value, for nothing else may change; what is new gets one.
static bool fill_parameters(Work *work, Parameters *parameters)
{
    StackRun *run = work->run;
    Arena *arena = work->console->arena;
    const Datum *all = datum_get(run->stack->template_, STR("Parameters"));
    const Datum *before = datum_get(work->change->deployed, STR("Parameters"));
    Datum *added = datum_map(arena, NULL);
    for (size_t i = 0; all && i < all->entries.len; i++) {
        const DatumEntry *entry = &all->entries.items[i];
        if (datum_get(before, entry->key))
            VEC_ADD(arena, parameters, ((CfnParameter){.key = entry->key, .use_previous = true}));
        else
            datum_put(arena, added, entry->key, NULL, entry->value);
    }
    Datum *fresh = datum_map(arena, NULL);
    datum_put(arena, fresh, STR("Parameters"), NULL, added);
    ManifestStack stack = *run->stack;
    stack.template_ = fresh;
    Str error = STR_NONE;
    run->stack = &stack;
    bool filled = parameters_fill(run, parameters, &error);
    run->stack = work->change->submitted;
    if (!filled)
        run_problem(run, RESULT_UNFIT, error, STR("--parameter NAME=VALUE gives any of them"));
    return filled;
}

static CfnImport *list_imports(Arena *arena, const ImportTargets *targets)
{
    CfnImport *imports = ARENA_ARRAY(arena, CfnImport, targets->len);
    for (size_t i = 0; i < targets->len; i++) {
        const ImportTarget *target = &targets->items[i];
        imports[i] = (CfnImport){.type = target->type,
            .logical_id = target->logical_id,
            .identifier = target->identifier};
    }
    return imports;
}

static MachineOutcome request(Work *work)
{
    StackRun *run = work->run;
    const Manifest *manifest = work->console->manifest;
    Parameters parameters = {0};
    CfnTexts capabilities = template_capabilities(run->scratch, run->stack->template_);
    bool fresh = !work->change->deployed;
    CfnChangeSetRequest made = {.stack = run->stack->name,
        .name = run->change_set,
        .kind = "IMPORT",
        .capabilities = capabilities.items,
        .capability_count = capabilities.len,
        .tags = manifest->tags.items,
        .tag_count = fresh ? manifest->tags.len : 0,
        .has_tags = fresh && manifest->tags.len > 0,
        .role = work->console->options.role,
        .token = run->change_set,
        .description = str_format(run->scratch, "altc %s, import", ALTC_VERSION),
        .imports = list_imports(run->scratch, work->change->targets),
        .import_count = work->change->targets->len};
    run_step_note(run, "making a change set for the import");
    if (!fill_parameters(work, &parameters) ||
        !run_place_template(run, run->stack, &made.template_body, &made.template_url))
        return OUTCOME_REFUSED;
    made.parameters = parameters.items;
    made.parameter_count = parameters.len;
    return run_request_change_set(run, &made);
}

// ---- one action after the other ----

// Takes an action until it is over. What is stoppable gives STOPPED after an interrupt or too long.
static MachineOutcome take(Work *work, MachineOutcome (*action)(StackRun *run), bool stoppable)
{
    const World *world = work->console->world;
    StackRun *run = work->run;
    for (;;) {
        MachineOutcome outcome = action(run);
        if (outcome != OUTCOME_WAITING) {
            run->tries = 0;
            return outcome;
        }
        show_tick(work->console->screen.show);
        world->sleep(world->context, run->wait);
        if (stoppable && run_stopped(run))
            return OUTCOME_STOPPED;
    }
}

// AWS takes nothing else into a change set of this type; what people are asked about has to be so.
static MachineOutcome check_changes(StackRun *run)
{
    CfnChangeSet set = {0};
    AwsReply reply =
        cfn_describe_change_set(&run->client, run->scratch, run->change_set_id, false, &set);
    if (!reply.ok) {
        run_problem_of(run, RESULT_REFUSED, "the change set cannot be read", &reply);
        return OUTCOME_REFUSED;
    }
    for (size_t i = 0; i < set.changes.len; i++) {
        const CfnChange *change = &set.changes.items[i];
        if (change->action == CFN_IMPORT)
            continue;
        run_problem(run, RESULT_GUARDED,
            str_format(run->scratch, "the import would change '%.*s' as well: %.*s",
                STR_FMT(change->logical_id), STR_FMT(change->action_text)),
            STR_NONE);
        return OUTCOME_FORBIDDEN;
    }
    return OUTCOME_DONE;
}

static MachineOutcome confirm(Work *work)
{
    StackRun *run = work->run;
    size_t count = work->change->targets->len;
    Str question = str_format(run->scratch,
        "import %zu resource%s into %sstack '%.*s' (%.*s, account %.*s)? [y/N] ", count,
        count == 1 ? "" : "s", run->made_stack ? "the new " : "", STR_FMT(run->stack->name),
        STR_FMT(run->client.region), STR_FMT(work->deployment.account));
    run->result = RESULT_DECLINED;
    return console_confirm(work->console, question, STR("yes")) ? OUTCOME_DONE : OUTCOME_DECLINED;
}

// Until the change set is as it was asked for, and wanted.
static MachineOutcome prepare(Work *work)
{
    StackRun *run = work->run;
    MachineOutcome outcome = request(work);
    if (outcome == OUTCOME_AMBIGUOUS) {
        outcome = take(work, run_find_change_set, true);
        run->left = run->left || outcome == OUTCOME_STOPPED;
    }
    if (outcome == OUTCOME_DONE)
        outcome = take(work, run_await, true);
    if (outcome == OUTCOME_DONE)
        outcome = check_changes(run);
    if (outcome == OUTCOME_DONE && run_stopped(run))
        outcome = OUTCOME_STOPPED;
    return outcome == OUTCOME_DONE ? confirm(work) : outcome;
}

// Also when no answer came: then the change set tells.
static MachineOutcome execute(Work *work)
{
    MachineOutcome outcome = run_execute(work->run);
    if (outcome == OUTCOME_AMBIGUOUS)
        outcome = take(work, run_check, false);
    return outcome;
}

// Tells what an action has not told itself.
static void tell_end(Work *work, MachineOutcome outcome)
{
    StackRun *run = work->run;
    const World *world = work->console->world;
    bool interrupted = world->host->cancelled(world->host->context);
    if (outcome == OUTCOME_STOPPED)
        run_problem(run, interrupted ? RESULT_DECLINED : RESULT_REFUSED,
            interrupted ? STR("interrupted: nothing was changed")
                        : STR("the time limit is reached: nothing was changed"),
            STR_NONE);
    else if (outcome == OUTCOME_GONE || outcome == OUTCOME_STALE || outcome == OUTCOME_EMPTY)
        run_problem(run, RESULT_REFUSED,
            outcome == OUTCOME_GONE ? STR("the change set of the import is not there")
            : outcome == OUTCOME_STALE
                ? STR("the stack was changed meanwhile, so that the import does not fit any more")
                : STR("AWS does not carry out the import"),
            STR("nothing was changed: try again"));
}

static DeployResult follow(Work *work)
{
    Console *console = work->console;
    StageStack *stack = work->change->stack;
    stack->now.id = work->run->stack_id;
    Attended item = {.stack = stack, .operation = OPERATION_IMPORT, .token = work->run->token};
    DeployResult result = attend(console, &item, 1);
    attend_release(&item, 1);
    if (result != RESULT_DONE)
        return result;
    // A stack that is there gets them with its next deployment.
    work->run->changed = true;
    if (!work->change->deployed && run_secure(work->run) != OUTCOME_DONE)
        result = work->run->result;
    console_notify(console, stack,
        (Notice){.kind = NOTICE_NOTE,
            .text = STR("AWS does not compare what it takes in with the template"),
            .hint = STR("'altc drift' tells what differs; deploy only when that is right")});
    return result;
}

static DeployResult carry_out(Work *work)
{
    StackRun *run = work->run;
    MachineOutcome outcome = prepare(work);
    if (outcome == OUTCOME_DONE)
        outcome = execute(work);
    if (outcome == OUTCOME_DONE)
        return follow(work);
    tell_end(work, outcome);
    DeployResult result = run->result;
    if (run->change_set_id.len)
        take(work, run_discard, false);
    return result;
}

DeployResult import_carry_out(Console *console, const ImportChange *change)
{
    Work work = {.console = console, .change = change};
    const CfnStack *now = &change->stack->now;
    Str token = console_token(console, "import");
    Str error = STR_NONE;
    work.deployment = console_deployment(console, token);
    work.run = run_new(&work.deployment, change->submitted, console->cred, &error);
    if (!work.run)
        return console_fail(console, change->stack, RESULT_IDENTITY, error, STR_NONE);
    work.run->operation = OPERATION_IMPORT;
    work.run->exists = now->id.len > 0;
    work.run->stack_id = now->id;
    work.run->change_set = token;
    DeployResult result = carry_out(&work);
    if (result != RESULT_RUNNING && !work.run->left)
        console_record(console, change->stack, JOURNAL_SETTLED, token, notice_result(result));
    run_release(work.run);
    return result;
}
