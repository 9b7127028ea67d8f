// What the program has moved gets its new logical id by a stack refactor, which touches nothing
// else, before a change set is made.
#include "compiler/data/data.h"
#include "runtime/deploy/run_priv.h"

// So often a refactor is made of which AWS then carries out none.
enum { MAX_REFACTORS = 3 };

typedef struct RefactorState {
    Str status;
    Str reason;
    Str execution;
    Str execution_reason;
} RefactorState;

bool run_has_moved(const StackRun *run)
{
    const Manifest *manifest = run->deployment->manifest;
    for (size_t i = 0; i < manifest->renames.len; i++)
        if (str_equal(manifest->renames.items[i].stack, run->stack->id))
            return true;
    return false;
}

// ---- what is to be done ----

static bool is_conditional(const Datum *deployed, Str id)
{
    const Datum *resource = datum_get(datum_get(deployed, STR("Resources")), id);
    return datum_get(resource, STR("Condition")) != NULL;
}

static bool is_listed(const CfnResources *resources, Str id)
{
    for (size_t i = 0; i < resources->len; i++)
        if (str_equal(resources->items[i].logical_id, id))
            return true;
    return false;
}

// A condition may keep a resource of the template from being there, and then nothing is to be
// renamed. Only AWS knows; when it does not tell, the refactor shows.
static bool is_kept_out(StackRun *run, const Datum *deployed, Str id)
{
    CfnResources there = {0};
    if (!is_conditional(deployed, id))
        return false;
    AwsReply reply = cfn_list_resources(&run->client, run->scratch, run->stack_id, &there);
    return reply.ok && !is_listed(&there, id);
}

// What may be removed by its old logical id is made anew, as AWS cannot rename everything.
static void find_renames(StackRun *run, const Datum *deployed)
{
    Renames all = rename_pending(run->arena, run->deployment->manifest, run->stack, deployed);
    run->renames.len = 0;
    for (size_t i = 0; i < all.len; i++)
        if (!run_is_allowed(run, all.items[i]->from) &&
            !is_kept_out(run, deployed, all.items[i]->from))
            VEC_ADD(run->arena, &run->renames, all.items[i]);
}

static Str text_of(Arena *arena, const Datum *template_)
{
    Buf text;
    buf_init(&text, 0);
    data_write_json_compact(&text, template_);
    Str result = buf_copy(&text, arena);
    buf_release(&text);
    return result;
}

static MachineOutcome confirm(StackRun *run)
{
    size_t count = run->renames.len;
    for (size_t i = 0; i < count; i++) {
        const ManifestRename *rename = run->renames.items[i];
        run_notify(
            run, (Notice){.kind = NOTICE_NOTE,
                     .text = str_format(run->scratch, "'%.*s' becomes '%.*s' and stays what it is",
                         STR_FMT(rename->from), STR_FMT(rename->to)),
                     .logical_id = rename->to,
                     .place = rename->place});
    }
    return run_ask(run,
        str_format(run->scratch,
            "rename %zu resource%s of stack '%.*s' (account %.*s, %.*s)? [y/N] ", count,
            count == 1 ? "" : "s", STR_FMT(run->stack->name), STR_FMT(run->deployment->account),
            STR_FMT(run->client.region)),
        STR_NONE);
}

// A refactor that a broken off run may have begun: whether it did decides what is left.
static bool take_up(StackRun *run)
{
    const JournalEntry *left = run_unfinished(run, JOURNAL_EXECUTE_REFACTOR);
    if (run->took_up || run->deployment->only_plan || !left)
        return false;
    run->took_up = true;
    run->refactor_id = left->subject;
    return true;
}

MachineOutcome run_rename(StackRun *run)
{
    const Deployment *deployment = run->deployment;
    Str text = STR_NONE;
    if (take_up(run))
        return OUTCOME_UNTIDY;
    run_forget_review(run);
    AwsReply reply = cfn_get_template(&run->client, run->review, run->stack_id, &text);
    const Datum *deployed = reply.ok ? run_parse_template(run->review, text) : NULL;
    if (!deployed && deployment->only_rename) {
        run_problem_of(run, RESULT_REFUSED, "the deployed template cannot be read", &reply);
        return OUTCOME_REFUSED;
    }
    find_renames(run, deployed);
    if (!run->renames.len && deployment->only_rename) {
        run->result = RESULT_UNCHANGED;
        return OUTCOME_ENOUGH;
    }
    if (!run->renames.len || deployment->only_plan)
        return OUTCOME_EMPTY;
    if (run->refactors >= MAX_REFACTORS) {
        run_problem(run, RESULT_REFUSED, STR("AWS does not begin to carry out the refactor"),
            STR("nothing was changed: try again"));
        return OUTCOME_REFUSED;
    }
    run->renamed_template =
        text_of(run->review, rename_template(run->review, deployed, &run->renames));
    return run->refactors ? OUTCOME_DONE : confirm(run);
}

// ---- the refactor ----

static MachineOutcome refuse(StackRun *run, Str reason)
{
    Str old = run->renames.items[0]->from;
    run_problem(run, RESULT_REFUSED,
        str_format(run->scratch, "AWS refuses the refactor: %.*s", STR_FMT(reason)),
        str_format(run->scratch,
            "nothing was changed; what AWS cannot rename is deleted and made anew with 'altc "
            "deploy "
            "--allow' and the old logical id, as --allow %.*s",
            STR_FMT(old)));
    return OUTCOME_REFUSED;
}

MachineOutcome run_refactor(StackRun *run)
{
    Str name = run->stack->name;
    CfnRefactorStack definition = {.name = name};
    ManifestStack target = *run->stack;
    target.template_text = run->renamed_template;
    run_step_note(run, "renaming what the program has moved");
    if (!run_place_template(run, &target, &definition.template_body, &definition.template_url))
        return OUTCOME_REFUSED;
    CfnRefactorMove *moves = ARENA_ARRAY(run->scratch, CfnRefactorMove, run->renames.len);
    for (size_t i = 0; i < run->renames.len; i++)
        moves[i] =
            (CfnRefactorMove){name, run->renames.items[i]->from, name, run->renames.items[i]->to};
    run->refactors++;
    run->refactor_id = run->refactor_refusal = STR_NONE;
    if (!run_begin(run, JOURNAL_CREATE_REFACTOR, run->deployment->id, STR_NONE))
        return OUTCOME_REFUSED;
    Str id = STR_NONE;
    AwsReply reply = cfn_create_refactor(
        &run->client, run->scratch, &definition, 1, moves, run->renames.len, &id);
    run->refactor_id = str_copy(run->arena, id);
    run_end(run, JOURNAL_CREATE_REFACTOR, reply.ok ? id : run->deployment->id, &reply);
    run_forget_review(run);
    if (reply.ok)
        return OUTCOME_DONE;
    if (str_is(reply.code, "ValidationError"))
        return refuse(run, reply.message);
    run_problem_of(run, RESULT_REFUSED, "AWS refuses the refactor", &reply);
    return OUTCOME_REFUSED;
}

static AwsReply look(StackRun *run, RefactorState *state)
{
    return cfn_refactor_status(&run->client, run->scratch, run->refactor_id, &state->status,
        &state->reason, &state->execution, &state->execution_reason);
}

static bool passes(const AwsReply *reply)
{
    return cfn_is_ambiguous(reply) || cfn_is_throttled(reply);
}

MachineOutcome run_verify(StackRun *run)
{
    RefactorState state = {0};
    AwsReply reply = look(run, &state);
    if (!reply.ok && passes(&reply))
        return run_wait(run, run->deployment->pace.quiet);
    if (!reply.ok) {
        run_problem_of(run, RESULT_REFUSED, "the refactor cannot be read", &reply);
        return OUTCOME_REFUSED;
    }
    bool made = str_is(state.status, "CREATE_COMPLETE");
    if (made && str_is(state.execution, "AVAILABLE"))
        return OUTCOME_DONE;
    if (str_is(state.status, "CREATE_IN_PROGRESS") ||
        (made && str_is(state.execution, "UNAVAILABLE")))
        return run_wait(run, run->deployment->pace.busy);
    Str reason = state.reason.len ? state.reason : state.execution_reason;
    return refuse(run, reason.len ? reason : state.status);
}

// But for who may not, the refactor itself knows whether it is carried out, whatever the answer.
MachineOutcome run_move(StackRun *run)
{
    if (!run_begin(run, JOURNAL_EXECUTE_REFACTOR, run->refactor_id, STR_NONE))
        return OUTCOME_REFUSED;
    AwsReply reply = cfn_execute_refactor(&run->client, run->scratch, run->refactor_id);
    run_end(run, JOURNAL_EXECUTE_REFACTOR, run->refactor_id, &reply);
    if (cfn_is_denied(&reply)) {
        run_problem_of(run, RESULT_REFUSED, "AWS does not carry out the refactor", &reply);
        return OUTCOME_REFUSED;
    }
    if (!reply.ok && !passes(&reply))
        run->refactor_refusal = str_copy(run->arena, run_reason(&reply));
    return OUTCOME_DONE;
}

// ---- its end ----

// It was made, but AWS has not begun with it: the wish was refused, or was never heard.
static MachineOutcome not_begun(StackRun *run)
{
    MachineOutcome outcome = run_retry(run, OUTCOME_EMPTY);
    if (outcome == OUTCOME_WAITING || !run->refactor_refusal.len)
        return outcome;
    run_problem(run, RESULT_REFUSED,
        str_format(run->scratch, "AWS does not carry out the refactor: %.*s",
            STR_FMT(run->refactor_refusal)),
        STR("nothing was changed: try again"));
    return OUTCOME_REFUSED;
}

static MachineOutcome ended_badly(StackRun *run, const RefactorState *state)
{
    bool undone = str_is(state->execution, "ROLLBACK_COMPLETE");
    Str text =
        str_format(run->scratch, "the refactor ended in %.*s%s%.*s", STR_FMT(state->execution),
            state->execution_reason.len ? ": " : "", STR_FMT(state->execution_reason));
    run_problem(run, undone ? RESULT_ROLLED_BACK : RESULT_STUCK, text,
        undone ? STR("the logical ids are what they were")
               : STR("'altc status' tells how the stack is"));
    return OUTCOME_FAILED;
}

static MachineOutcome leave_alone(StackRun *run, const AwsReply *reply)
{
    run->result = RESULT_RUNNING;
    Str hint = STR("begin again later: what is left to be renamed is found out then");
    if (reply->ok)
        run_notify(run, (Notice){.kind = NOTICE_NOTE,
                            .text = STR("the refactor goes on without altc"),
                            .hint = hint});
    else
        run_problem_of(run, RESULT_RUNNING, "the refactor goes on, but cannot be followed", reply);
    return OUTCOME_STOPPED;
}

MachineOutcome run_moving(StackRun *run)
{
    RefactorState state = {0};
    AwsReply reply = look(run, &state);
    if (!reply.ok && passes(&reply))
        return run_wait(run, run->deployment->pace.quiet);
    // One of an earlier run, of which AWS knows no more.
    if (!reply.ok && !run->refactors)
        return OUTCOME_EMPTY;
    if (!reply.ok)
        return leave_alone(run, &reply);
    if (str_is(state.execution, "EXECUTE_COMPLETE")) {
        run->renamed = run->changed = true;
        return OUTCOME_DONE;
    }
    if (str_is(state.execution, "AVAILABLE"))
        return not_begun(run);
    if (!str_ends(state.execution, STR("_IN_PROGRESS")))
        return ended_badly(run, &state);
    if (run->deployment->only_rename && run->deployment->options->no_wait)
        return leave_alone(run, &reply);
    return run_wait(run, run->deployment->pace.busy);
}

// ---- a plan, in which nothing is renamed ----

const ManifestStack *run_under_old_names(StackRun *run)
{
    if (!run->deployment->only_plan || !run->renames.len)
        return run->stack;
    Renames back = {0};
    for (size_t i = 0; i < run->renames.len; i++) {
        ManifestRename *rename = ARENA_NEW(run->scratch, ManifestRename);
        *rename =
            (ManifestRename){.from = run->renames.items[i]->to, .to = run->renames.items[i]->from};
        VEC_ADD(run->scratch, &back, rename);
    }
    ManifestStack *stack = ARENA_NEW(run->scratch, ManifestStack);
    *stack = *run->stack;
    stack->template_ = rename_template(run->scratch, run->stack->template_, &back);
    stack->template_text = text_of(run->scratch, stack->template_);
    return stack;
}

// "Name" or "Name.Attribute".
static Str new_name(const StackRun *run, Arena *arena, Str path)
{
    size_t dot = str_find(path, STR("."), 0);
    size_t end = dot == SIZE_MAX ? path.len : dot;
    for (size_t i = 0; i < run->renames.len; i++) {
        const ManifestRename *rename = run->renames.items[i];
        if (str_equal(rename->from, str_slice(path, 0, end)))
            return str_format(
                arena, "%.*s%.*s", STR_FMT(rename->to), STR_FMT(str_slice(path, end, path.len)));
    }
    return path;
}

void run_take_new_names(StackRun *run, CfnChangeSet *set)
{
    for (size_t i = 0; run->deployment->only_plan && i < set->changes.len; i++) {
        CfnChange *change = &set->changes.items[i];
        change->logical_id = new_name(run, run->review, change->logical_id);
        for (size_t j = 0; j < change->details.len; j++)
            change->details.items[j].cause =
                new_name(run, run->review, change->details.items[j].cause);
    }
}
