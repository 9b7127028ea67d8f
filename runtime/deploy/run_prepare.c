// Having a change set made, and waiting until AWS has worked it out.
#include <string.h>

#include "compiler/base/sha256.h"
#include "runtime/deploy/parameters.h"
#include "runtime/deploy/run_priv.h"

// So often a change set is asked for anew after no answer came.
enum { MAX_UNHEARD = 3 };

// What is common to all change sets of a deployment; the first keeps the deployment's name.
static void name_change_set(StackRun *run)
{
    run->attempt++;
    run->change_set = run->deployment->id;
    if (run->attempt > 1)
        run->change_set =
            str_format(run->arena, "%.*s-%d", STR_FMT(run->deployment->id), run->attempt);
    run->change_set_id = STR_NONE;
    run->executions = 0;
}

bool run_place_template(StackRun *run, const ManifestStack *stack, Str *body, Str *url)
{
    if (stack->template_text.len <= ASSETS_LONGEST_BODY) {
        *body = stack->template_text;
        return true;
    }
    AssetsResult result = ASSETS_REFUSED;
    if (run->deployment->assets)
        result = assets_template_url(run->deployment->assets, stack, url);
    run->result = run_assets_result(result);
    return result == ASSETS_DONE;
}

static bool fill_request(StackRun *run, CfnChangeSetRequest *request, Parameters *parameters)
{
    Str error = STR_NONE;
    bool filled = parameters_fill(run, parameters, &error);
    if (!filled && run->deployment->only_plan) {
        run_notify(run, (Notice){.kind = NOTICE_WARNING,
                            .text = error,
                            .hint = STR("only the templates tell what changes")});
        run_plan_by_templates(run);
        return false;
    }
    if (!filled) {
        run_problem(run, RESULT_UNFIT, error, STR_NONE);
        return false;
    }
    if (!run_place_template(
            run, run_under_old_names(run), &request->template_body, &request->template_url))
        return false;
    const Manifest *manifest = run->deployment->manifest;
    CfnTexts capabilities = template_capabilities(run->scratch, run->stack->template_);
    // By name: not every server takes an ARN here, and the answer tells whose change set it is.
    request->stack = run->stack->name;
    request->name = run->change_set;
    request->kind = run->operation == OPERATION_CREATE ? "CREATE" : "UPDATE";
    request->parameters = parameters->items;
    request->parameter_count = parameters->len;
    request->capabilities = capabilities.items;
    request->capability_count = capabilities.len;
    request->tags = manifest->tags.items;
    request->tag_count = manifest->tags.len;
    // Without any, AWS would keep those that are deployed.
    request->has_tags = manifest->tags.len > 0 || run->deployed_tags > 0;
    request->role = run->deployment->options->role;
    request->token = run_token(run, "create");
    request->description = str_format(run->scratch, "altc %s, template %.16s", ALTC_VERSION,
        sha256_hex(run->scratch, run->stack->template_text).ptr);
    return true;
}

// The stack is not as it was when it was looked at.
static bool is_about_state(const AwsReply *reply)
{
    static const char *const PARTS[] = {
        "can not be updated", "already exists and cannot be created", "does not exist", "is in "};
    if (!str_is(reply->code, "ValidationError"))
        return false;
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        if (str_find(reply->message, str_of(PARTS[i]), 0) != SIZE_MAX)
            return true;
    return false;
}

static MachineOutcome not_created(StackRun *run, const AwsReply *reply)
{
    if (cfn_is_ambiguous(reply) || str_is(reply->code, "AlreadyExistsException"))
        return OUTCOME_AMBIGUOUS;
    if (str_starts(reply->message, STR("No updates are to be performed"))) {
        // Some servers tell it at once. There is no change set to be waited for.
        run->change_set_id = STR_NONE;
        return OUTCOME_DONE;
    }
    if (is_about_state(reply)) {
        world_log(
            run->deployment->world, "the stack changed meanwhile: %.*s", STR_FMT(reply->message));
        return OUTCOME_STALE;
    }
    run_problem_of(run, RESULT_REFUSED, "AWS takes no change set", reply);
    return OUTCOME_REFUSED;
}

MachineOutcome run_request_change_set(StackRun *run, const CfnChangeSetRequest *request)
{
    Str id = STR_NONE;
    Str stack_id = STR_NONE;
    if (!run_begin(run, JOURNAL_CREATE_CHANGE_SET, run->change_set, request->token))
        return OUTCOME_REFUSED;
    AwsReply reply = cfn_create_change_set(&run->client, run->scratch, request, &id, &stack_id);
    run_end(run, JOURNAL_CREATE_CHANGE_SET, id.len ? id : run->change_set, &reply);
    run->made_stack = run->made_stack || !run->exists;
    if (!reply.ok)
        return not_created(run, &reply);
    if (run->exists && !str_equal(stack_id, run->stack_id)) {
        world_log(run->deployment->world, "the stack was made anew meanwhile");
        cfn_delete_change_set(&run->client, run->scratch, id);
        return OUTCOME_STALE;
    }
    run->change_set_id = str_copy(run->arena, id);
    run->stack_id = str_copy(run->arena, stack_id);
    return OUTCOME_DONE;
}

MachineOutcome run_prepare(StackRun *run)
{
    CfnChangeSetRequest request = {0};
    Parameters parameters = {0};
    // Of what is new all is added: AWS would tell no more, and keep an empty stack for it.
    if (run->deployment->only_plan && run->operation == OPERATION_CREATE) {
        run_plan_by_templates(run);
        return OUTCOME_REFUSED;
    }
    // One of which nothing was heard is asked for again by the same name.
    if (run->came_as != OUTCOME_GONE)
        name_change_set(run);
    run_step_note(run, run->operation == OPERATION_CREATE ? "making a change set for a new stack"
                                                          : "making a change set");
    return fill_request(run, &request, &parameters) ? run_request_change_set(run, &request)
                                                    : OUTCOME_REFUSED;
}

// No answer told whether the change set is made: its name does.
MachineOutcome run_find_change_set(StackRun *run)
{
    CfnChangeSets sets = {0};
    Str stack = run->exists ? run->stack_id : run->stack->name;
    AwsReply reply = cfn_list_change_sets(&run->client, run->scratch, stack, &sets);
    for (size_t i = 0; reply.ok && i < sets.len; i++) {
        if (!str_equal(sets.items[i].name, run->change_set))
            continue;
        run->change_set_id = str_copy(run->arena, sets.items[i].id);
        run->stack_id = str_copy(run->arena, sets.items[i].stack_id);
        return OUTCOME_DONE;
    }
    bool known = reply.ok || cfn_is_missing(&reply);
    // Listings lag behind: an absence is believed when it lasts.
    MachineOutcome outcome = run_retry(run, known ? OUTCOME_GONE : OUTCOME_REFUSED);
    run->left = outcome == OUTCOME_REFUSED;
    if (run->left)
        run_problem_of(run, RESULT_REFUSED,
            "no answer tells whether the change set is made; the next deployment looks for it",
            &reply);
    if (outcome == OUTCOME_GONE && ++run->unheard >= MAX_UNHEARD) {
        run_problem(run, RESULT_REFUSED, STR("AWS does not answer when a change set is made"),
            STR("nothing was changed: try again"));
        return OUTCOME_REFUSED;
    }
    return outcome;
}

// ---- waiting ----

static bool is_empty(Str reason)
{
    return str_starts(reason, STR("The submitted information didn't contain changes")) ||
           str_starts(reason, STR("No updates are to be performed"));
}

// A nested change set fails with a reason of its own.
static Str nested_reason(StackRun *run, Str reason)
{
    Str start = STR("Nested change set ");
    if (!str_starts(reason, start))
        return STR_NONE;
    size_t end = str_find(reason, STR(" "), start.len);
    CfnChangeSet child = {0};
    Str id = str_slice(reason, start.len, end);
    AwsReply reply = cfn_change_set_status(&run->client, run->scratch, id, &child);
    return reply.ok ? child.reason : STR_NONE;
}

static MachineOutcome not_made(StackRun *run, Str reason)
{
    Str nested = nested_reason(run, reason);
    if (is_empty(reason) || is_empty(nested))
        return OUTCOME_EMPTY;
    run->result = RESULT_REFUSED;
    bool validation = str_find(reason, STR("AWS::EarlyValidation::"), 0) != SIZE_MAX;
    if (validation && run_tell_findings(run, "FAIL", NOTICE_PROBLEM))
        return OUTCOME_REFUSED;
    Str hint = STR_NONE;
    if (str_find(reason, STR("hook(s) failed"), 0) != SIZE_MAX)
        hint = STR("a hook of this account forbids it: ask who runs the account");
    if (str_find(reason, STR("Requires capabilities"), 0) != SIZE_MAX)
        hint = STR("altc works out what a template needs; this is a mistake in altc");
    run_problem(run, RESULT_REFUSED,
        str_format(run->scratch, "AWS refuses the %s: %.*s",
            run->operation == OPERATION_IMPORT ? "import" : "change",
            STR_FMT(nested.len ? nested : reason)),
        hint);
    return OUTCOME_REFUSED;
}

MachineOutcome run_await(StackRun *run)
{
    if (!run->change_set_id.len)
        return OUTCOME_EMPTY;
    CfnChangeSet set = {0};
    AwsReply reply = cfn_change_set_status(&run->client, run->scratch, run->change_set_id, &set);
    // A new one is not known everywhere at once.
    if (cfn_is_missing(&reply))
        return run_retry(run, OUTCOME_GONE);
    if (!reply.ok && (cfn_is_ambiguous(&reply) || cfn_is_throttled(&reply)))
        return run_wait(run, run->deployment->pace.quiet);
    if (!reply.ok) {
        run_problem_of(run, RESULT_REFUSED, "the change set cannot be read", &reply);
        return OUTCOME_REFUSED;
    }
    run->change_set_created = str_copy(run->arena, set.created);
    if (str_is(set.status, "FAILED"))
        return not_made(run, set.reason);
    if (str_starts(set.status, STR("DELETE_")))
        return OUTCOME_GONE;
    if (str_is(set.execution_status, "OBSOLETE"))
        return OUTCOME_STALE;
    if (str_is(set.status, "CREATE_COMPLETE") && str_is(set.execution_status, "AVAILABLE"))
        return OUTCOME_DONE;
    return run_wait(run, run->deployment->pace.busy);
}
