// altc policy: what whoever deploys, imports, renames or deletes must be allowed to do. What a
// deployment would change tells it, but of a deletion what is deployed.
#include "runtime/deploy/console.h"
#include "runtime/deploy/permissions.h"

static DeployResult add_stack(Console *console, StageStack *stack, Plan *plan)
{
    const Datum *template_ = NULL;
    if (!stack->now.id.len || str_is(stack->now.status, "REVIEW_IN_PROGRESS"))
        return RESULT_DONE;
    DeployResult result = console_template(console, stack, &template_);
    if (result != RESULT_DONE)
        return result;
    PlanStack *added =
        plan_stack(console->arena, template_, NULL, console->manifest, stack->stack->id);
    added->name = stack->stack->name;
    added->region = stack->client.region;
    VEC_ADD(console->arena, &plan->stacks, *added);
    return RESULT_DONE;
}

static DeployResult print_for_destroy(Console *console)
{
    Plan plan = {.app = console->manifest->app, .stage = console->manifest->stage};
    PolicyScope scope = {.purpose = POLICY_FOR_DESTROY,
        .partition = console->identity.partition,
        .account = console->identity.account,
        .role = console->options.role};
    for (size_t i = 0; i < console->stacks.len; i++) {
        DeployResult result = add_stack(console, &console->stacks.items[i], &plan);
        if (result != RESULT_DONE)
            return result;
        scope.protection = scope.protection || console->stacks.items[i].now.termination_protection;
    }
    if (!plan.stacks.len)
        return console_fail(console, NULL, RESULT_REFUSED,
            STR("no stack of the stage is deployed, so that none can be deleted"), STR_NONE);
    int code = permissions_print(console->arena, &console->stacks.items[0].client, &plan, &scope);
    return code == EXIT_FINE ? RESULT_DONE : RESULT_REFUSED;
}

int command_policy(const CommandContext *context)
{
    PolicyPurpose purpose;
    Str word = context->options->purpose;
    if (!policy_purpose(word, &purpose))
        return command_fail(EXIT_TROUBLE,
            str_format(context->arena,
                "'--for %.*s' is none of deploy, import, refactor and destroy", STR_FMT(word)));
    if (purpose == POLICY_FOR_DESTROY)
        return console_run(context, &(ConsoleCommand){.answers = true, .work = print_for_destroy});
    return command_plan(context);
}
