// altc refactor: carries out the program's `moved` by stack refactors, in which CloudFormation
// gives what is deployed another logical id and touches nothing else.
#include "compiler/data/data.h"
#include "runtime/deploy/attend.h"
#include "runtime/deploy/rename.h"
#include "runtime/deploy/run_priv.h"

enum { MAX_UNHEARD = 10 };

typedef struct Refactor {
    StageStack *stack;
    Renames renames;
    ManifestStack target; // what is deployed, with the renames done
    Str url;              // of its template; empty: it goes along
    Str id;               // once AWS has made the refactor
    Str token;
} Refactor;

typedef struct RefactorState {
    Str status;
    Str reason;
    Str execution;
    Str execution_reason;
} RefactorState;

// What is waited for. Unsure: it was refused, or no answer came, so it may have begun or not.
typedef enum Wait { WAIT_CREATION, WAIT_EXECUTION, WAIT_UNSURE } Wait;

typedef struct Refactoring {
    Console *console;
    VEC(Refactor) refactors;
} Refactoring;

// ---- what is to be done ----

static bool has_renames(const Manifest *manifest, Str stack)
{
    for (size_t i = 0; i < manifest->renames.len; i++)
        if (str_equal(manifest->renames.items[i].stack, stack))
            return true;
    return false;
}

static Str compact(Arena *arena, const Datum *template_)
{
    Buf text;
    buf_init(&text, 0);
    data_write_json_compact(&text, template_);
    Str result = buf_copy(&text, arena);
    buf_release(&text);
    return result;
}

static DeployResult add_refactor(Refactoring *work, StageStack *stack)
{
    Console *console = work->console;
    Arena *arena = console->arena;
    const Datum *deployed = NULL;
    if (!stack->now.id.len || str_is(stack->now.status, "REVIEW_IN_PROGRESS") ||
        !has_renames(console->manifest, stack->stack->id))
        return RESULT_DONE;
    DeployResult result = console_template(console, stack, &deployed);
    if (result != RESULT_DONE)
        return result;
    Refactor refactor = {.stack = stack,
        .renames = rename_pending(arena, console->manifest, stack->stack, deployed),
        .target = *stack->stack};
    if (!refactor.renames.len)
        return RESULT_DONE;
    if (stack_status(stack->now.status).phase != PHASE_READY)
        return console_refuse_status(console, stack, "takes no refactor");
    refactor.target.template_ = rename_template(arena, deployed, &refactor.renames);
    refactor.target.template_text = compact(arena, refactor.target.template_);
    VEC_ADD(arena, &work->refactors, refactor);
    return RESULT_DONE;
}

static bool confirm(Refactoring *work)
{
    Console *console = work->console;
    size_t count = 0;
    for (size_t i = 0; i < work->refactors.len; i++) {
        const Refactor *refactor = &work->refactors.items[i];
        count += refactor->renames.len;
        for (size_t j = 0; j < refactor->renames.len; j++) {
            const ManifestRename *rename = refactor->renames.items[j];
            Str text = str_format(console->arena, "'%.*s' becomes '%.*s' and stays what it is",
                STR_FMT(rename->from), STR_FMT(rename->to));
            console_notify(console, refactor->stack,
                (Notice){.kind = NOTICE_NOTE,
                    .text = text,
                    .logical_id = rename->to,
                    .place = rename->place});
        }
    }
    Str name = console->manifest->stage.len ? console->manifest->stage : console->manifest->app;
    Str question =
        str_format(console->arena, "rename %zu resource%s of '%.*s' (account %.*s)? [y/N] ", count,
            count == 1 ? "" : "s", STR_FMT(name), STR_FMT(console->identity.account));
    return console_confirm(console, question, STR("yes"));
}

// ---- a template that is too long to go along ----

static DeployResult place_template(Refactoring *work, Refactor *refactor)
{
    if (refactor->target.template_text.len <= ASSETS_LONGEST_BODY)
        return RESULT_DONE;
    return run_assets_result(
        assets_template_url(console_assets(work->console), &refactor->target, &refactor->url));
}

// ---- carrying it out ----

static DeployResult create(Refactoring *work, Refactor *refactor)
{
    Console *console = work->console;
    StageStack *stack = refactor->stack;
    Str name = stack->stack->name;
    CfnRefactorMove *moves = ARENA_ARRAY(console->arena, CfnRefactorMove, refactor->renames.len);
    for (size_t i = 0; i < refactor->renames.len; i++)
        moves[i] = (CfnRefactorMove){
            name, refactor->renames.items[i]->from, name, refactor->renames.items[i]->to};
    CfnRefactorStack definition = {.name = name, .template_url = refactor->url};
    if (!refactor->url.len)
        definition.template_body = refactor->target.template_text;
    refactor->token = console_token(console, "refactor");
    if (!console_record(console, stack, JOURNAL_CREATE_REFACTOR, refactor->token, STR_NONE))
        return RESULT_UNFIT;
    AwsReply reply = cfn_create_refactor(&stack->client, console->arena, &definition, 1, moves,
        refactor->renames.len, &refactor->id);
    console_record(console, stack, JOURNAL_CREATE_REFACTOR, refactor->token,
        reply.ok ? refactor->id : reply.code);
    return reply.ok ? RESULT_DONE
                    : console_refused(console, stack, "AWS refuses the refactor", &reply);
}

static bool is_over(Wait wait, const RefactorState *state)
{
    switch (wait) {
    case WAIT_CREATION:
        return !str_is(state->status, "CREATE_IN_PROGRESS") &&
               !(str_is(state->status, "CREATE_COMPLETE") &&
                   str_is(state->execution, "UNAVAILABLE"));
    case WAIT_EXECUTION:
        return !str_is(state->execution, "AVAILABLE") &&
               !str_ends(state->execution, STR("_IN_PROGRESS"));
    case WAIT_UNSURE:
        return !str_ends(state->execution, STR("_IN_PROGRESS"));
    }
    return true;
}

// Asks until the creation, or the execution, is over. RESULT_DONE: it is, whatever came of it;
// RESULT_RUNNING: nobody waits any longer. Else a call failed, which has been told.
static DeployResult wait_for(
    Refactoring *work, const Refactor *refactor, Wait wait, RefactorState *state)
{
    Console *console = work->console;
    const World *world = console->world;
    int64_t pause = console->options.poll ? console->options.poll : pace_default().busy;
    for (int unheard = 0;;) {
        AwsReply reply = cfn_refactor_status(&refactor->stack->client, console->arena, refactor->id,
            &state->status, &state->reason, &state->execution, &state->execution_reason);
        if (reply.ok && is_over(wait, state))
            return RESULT_DONE;
        bool passes = cfn_is_ambiguous(&reply) || cfn_is_throttled(&reply);
        unheard = reply.ok ? 0 : unheard + 1;
        if (!reply.ok && (!passes || unheard >= MAX_UNHEARD))
            return console_refused(
                console, refactor->stack, "the refactor cannot be followed", &reply);
        attend_wait(console, world->steady(world->context) + pause);
        if (attend_is_stopped(console))
            return RESULT_RUNNING;
    }
}

static DeployResult await_creation(Refactoring *work, const Refactor *refactor)
{
    RefactorState state = {0};
    DeployResult result = wait_for(work, refactor, WAIT_CREATION, &state);
    if (result == RESULT_RUNNING)
        return console_fail(work->console, refactor->stack, RESULT_DECLINED,
            STR("the refactor was not carried out: nothing was changed"), STR("begin again"));
    if (result != RESULT_DONE)
        return result;
    if (str_is(state.status, "CREATE_COMPLETE") && str_is(state.execution, "AVAILABLE"))
        return RESULT_DONE;
    Str reason = state.reason.len ? state.reason : state.execution_reason;
    Str text = str_format(work->console->arena, "AWS refuses the refactor: %.*s",
        STR_FMT(reason.len ? reason : state.status));
    return console_fail(work->console, refactor->stack, RESULT_REFUSED, text,
        STR("nothing was changed; what AWS cannot rename is deployed anew with --allow and the old "
            "logical id"));
}

static DeployResult judge_execution(
    Refactoring *work, const Refactor *refactor, const RefactorState *state)
{
    Console *console = work->console;
    if (str_is(state->execution, "EXECUTE_COMPLETE"))
        return RESULT_DONE;
    bool undone = str_is(state->execution, "ROLLBACK_COMPLETE");
    Str text =
        str_format(console->arena, "the refactor ended in %.*s%s%.*s", STR_FMT(state->execution),
            state->execution_reason.len ? ": " : "", STR_FMT(state->execution_reason));
    return console_fail(work->console, refactor->stack, undone ? RESULT_ROLLED_BACK : RESULT_STUCK,
        text,
        undone ? STR("the logical ids are what they were")
               : STR("'altc status' tells how the stack is"));
}

static DeployResult execute(Refactoring *work, const Refactor *refactor)
{
    Console *console = work->console;
    StageStack *stack = refactor->stack;
    RefactorState state = {0};
    if (!console_record(console, stack, JOURNAL_EXECUTE_REFACTOR, refactor->token, STR_NONE))
        return RESULT_UNFIT;
    AwsReply reply = cfn_execute_refactor(&stack->client, console->arena, refactor->id);
    console_record(console, stack, JOURNAL_EXECUTE_REFACTOR, refactor->token,
        reply.ok ? STR("done") : reply.code);
    DeployResult result = wait_for(work, refactor, reply.ok ? WAIT_EXECUTION : WAIT_UNSURE, &state);
    // A lost answer may hide a success, of which the refactor itself knows.
    bool begun = result == RESULT_DONE ? !str_is(state.execution, "AVAILABLE")
                                       : reply.ok || cfn_is_ambiguous(&reply);
    if (!begun)
        return console_refused(console, stack, "AWS does not carry out the refactor", &reply);
    if (result == RESULT_DONE)
        return judge_execution(work, refactor, &state);
    console_notify(console, stack,
        (Notice){.kind = NOTICE_NOTE,
            .text = STR("the refactor goes on without altc"),
            .hint = STR("'altc refactor' tells later whether anything is left to be renamed")});
    return RESULT_RUNNING;
}

static DeployResult carry_out(Refactoring *work, Refactor *refactor)
{
    Console *console = work->console;
    console_notify(console, refactor->stack,
        (Notice){.kind = NOTICE_STEP,
            .text = str_format(
                console->arena, "renaming in '%.*s'", STR_FMT(refactor->stack->stack->name))});
    DeployResult result = place_template(work, refactor);
    if (result == RESULT_DONE)
        result = create(work, refactor);
    if (result == RESULT_DONE)
        result = await_creation(work, refactor);
    if (result == RESULT_DONE)
        result = execute(work, refactor);
    if (refactor->token.len && result != RESULT_RUNNING)
        console_record(
            console, refactor->stack, JOURNAL_SETTLED, refactor->token, notice_result(result));
    console_notify(console, refactor->stack,
        (Notice){.kind = NOTICE_RESULT,
            .status = notice_result(result),
            .physical_id = refactor->stack->now.id});
    return result;
}

static DeployResult refactor_stage(Console *console)
{
    Refactoring refactoring = {.console = console};
    Refactoring *work = &refactoring;
    DeployResult result = RESULT_DONE;
    for (size_t i = 0; i < console->stacks.len && result == RESULT_DONE; i++)
        result = add_refactor(work, &console->stacks.items[i]);
    if (result != RESULT_DONE)
        return result;
    if (!work->refactors.len) {
        console_notify(console, NULL,
            (Notice){.kind = NOTICE_NOTE,
                .text = STR("there is nothing to rename: what the program moves is moved, or not "
                            "deployed")});
        return RESULT_UNCHANGED;
    }
    if (!confirm(work))
        return RESULT_DECLINED;
    for (size_t i = 0; i < work->refactors.len && result == RESULT_DONE; i++)
        result = carry_out(work, &work->refactors.items[i]);
    return result;
}

int command_refactor(const CommandContext *context)
{
    return console_run(context, &(ConsoleCommand){.lock = "refactor", .work = refactor_stage});
}
