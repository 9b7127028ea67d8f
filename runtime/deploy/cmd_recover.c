// altc cancel, altc continue and altc rollback: ways out of an operation that goes wrong, or went.
#include "runtime/deploy/attend.h"
#include "runtime/deploy/stage.h"
#include "runtime/events/cause.h"

typedef struct Recovery Recovery;
struct Recovery {
    const char *what;     // the command: "rollback"
    const char *verb;     // what it does, in a sentence: "roll back"
    const char *question; // before the stack's name
    JournalStep step;
    // What the operation would be; OPERATION_NONE when the stack's status does not allow it.
    StackOperation (*fits)(Str status);
    // Before the question: what somebody needs to know.
    void (*explain)(Console *console, StageStack *stack);
    AwsReply (*call)(Console *console, StageStack *stack, Str token);
};

// ---- cancel ----

// There is no cancelling of a creation: the stack is deleted.
static StackOperation cancel_fits(Str status)
{
    if (str_is(status, "UPDATE_IN_PROGRESS"))
        return OPERATION_CANCEL;
    return str_is(status, "CREATE_IN_PROGRESS") ? OPERATION_DELETE : OPERATION_NONE;
}

static void cancel_explain(Console *console, StageStack *stack)
{
    bool creation = str_is(stack->now.status, "CREATE_IN_PROGRESS");
    console_notify(console, stack,
        (Notice){.kind = NOTICE_NOTE,
            .text = creation ? STR("the stack is being created: cancelling deletes it and what it "
                                   "has made so far")
                             : STR("the update is stopped and rolled back")});
}

static AwsReply cancel_call(Console *console, StageStack *stack, Str token)
{
    CfnDeleteRequest request = {.stack = stack->now.id, .token = token};
    return str_is(stack->now.status, "CREATE_IN_PROGRESS")
               ? cfn_delete_stack(&stack->client, console->arena, &request)
               : cfn_cancel_update(&stack->client, console->arena, stack->now.id, token);
}

// ---- continue ----

static StackOperation continue_fits(Str status)
{
    return str_is(status, "UPDATE_ROLLBACK_FAILED") ? OPERATION_CONTINUE : OPERATION_NONE;
}

static void ignore(void *context, const Notice *notice)
{
    (void)context;
    (void)notice;
}

// Tells what blocked the rollback, from the events of the newest operation.
static void continue_explain(Console *console, StageStack *stack)
{
    FollowTarget target = {.client = &stack->client,
        .stack = stack->now.id,
        .stack_id = stack->stack->id,
        .manifest = console->manifest,
        .pace = pace_default()};
    Follower *follower = follower_new(console->world, &target, (Listener){NULL, ignore});
    while (follower_poll(follower).news > 0)
        continue;
    Diagnosis *found = diagnosis_new(
        console->arena, follower_events(follower), console->manifest, stack->stack->id);
    found->causes.len = found->orphans.len = 0;
    diagnosis_tell(found, stack->stack->id, stack->client.region, console->listener);
    follower_free(follower);
    if (console->options.skip.len)
        console_notify(console, stack,
            (Notice){.kind = NOTICE_WARNING,
                .text = STR("what is skipped counts as rolled back, though it is not: it then "
                            "differs from its template"),
                .hint = STR("set it right by hand before the next deployment")});
}

static AwsReply continue_call(Console *console, StageStack *stack, Str token)
{
    return cfn_continue_rollback(&stack->client, console->arena, stack->now.id, token,
        console->options.skip.items, console->options.skip.len);
}

// ---- rollback ----

static StackOperation rollback_fits(Str status)
{
    // Before a creation there was nothing to go back to.
    if (str_is(status, "CREATE_FAILED"))
        return OPERATION_DELETE;
    return str_is(status, "UPDATE_FAILED") ? OPERATION_ROLLBACK : OPERATION_NONE;
}

static void rollback_explain(Console *console, StageStack *stack)
{
    bool creation = str_is(stack->now.status, "CREATE_FAILED");
    console_notify(console, stack,
        (Notice){.kind = NOTICE_NOTE,
            .text = creation ? STR("the stack was never whole: rolling back deletes what it has")
                             : STR("the stack goes back to its state before the failed update")});
}

static AwsReply rollback_call(Console *console, StageStack *stack, Str token)
{
    return cfn_rollback_stack(&stack->client, console->arena, stack->now.id, token);
}

static const Recovery CANCEL = {"cancel", "cancel", "cancel the operation on", JOURNAL_CANCEL,
    cancel_fits, cancel_explain, cancel_call};
static const Recovery CONTINUE = {"continue", "continue", "continue the rollback of",
    JOURNAL_CONTINUE, continue_fits, continue_explain, continue_call};
static const Recovery ROLLBACK = {"rollback", "roll back", "roll back", JOURNAL_ROLLBACK,
    rollback_fits, rollback_explain, rollback_call};

// ---- all three ----

// A lost answer may hide a success, of which the refusal of a second try tells as well (libcurl,
// too, sends again on a new connection): the stack knows.
static bool took_effect(Console *console, StageStack *stack, const AwsReply *reply)
{
    if (reply->ok)
        return true;
    CfnStack now = {0};
    AwsReply look = cfn_describe_stack(&stack->client, console->arena, stack->now.id, &now);
    return look.ok ? !str_equal(now.status, stack->now.status) : cfn_is_missing(&look);
}

static DeployResult recover_stack(
    Console *console, const Recovery *recovery, StageStack *stack, Attended *item)
{
    recovery->explain(console, stack);
    Str question = str_format(console->arena, "%s '%.*s' (%.*s, account %.*s)? [y/N] ",
        recovery->question, STR_FMT(stack->stack->name), STR_FMT(stack->client.region),
        STR_FMT(console->identity.account));
    if (!console_confirm(console, question, STR("yes")))
        return RESULT_DECLINED;
    Str token = console_token(console, recovery->what);
    if (!console_record(console, stack, recovery->step, token, STR_NONE))
        return RESULT_UNFIT;
    AwsReply reply = recovery->call(console, stack, token);
    bool done = took_effect(console, stack, &reply);
    console_record(console, stack, recovery->step, token, done ? STR("done") : reply.code);
    if (!done)
        return console_refused(console, stack, "AWS refuses it", &reply);
    StackOperation operation = recovery->fits(stack->now.status);
    // The cancel of an update belongs to the update; other operations have their own beginning.
    bool own = operation != OPERATION_CANCEL && reply.ok;
    *item = (Attended){.stack = stack, .operation = operation, .token = own ? token : STR_NONE};
    return RESULT_DONE;
}

static DeployResult recover(Console *console)
{
    const Recovery *recovery = console->about;
    Attended *items = ARENA_ARRAY(console->arena, Attended, console->stacks.len);
    size_t count = 0;
    DeployResult result = RESULT_UNCHANGED;
    for (size_t i = 0; i < console->stacks.len; i++) {
        StageStack *stack = &console->stacks.items[i];
        if (recovery->fits(stack->now.status) == OPERATION_NONE) {
            Str state = stack->now.id.len ? stack->now.status : STR("not deployed");
            Str text = str_format(console->arena, "there is nothing to %s: '%.*s' is %s%.*s",
                recovery->verb, STR_FMT(stack->stack->name), stack->now.id.len ? "in " : "",
                STR_FMT(state));
            console_notify(console, stack,
                (Notice){.kind = NOTICE_NOTE,
                    .text = text,
                    .hint = stack_status(stack->now.status).hint});
            continue;
        }
        DeployResult begun = recover_stack(console, recovery, stack, &items[count]);
        count += begun == RESULT_DONE;
        result = stage_worse(result, begun);
    }
    DeployResult ended = attend(console, items, count);
    attend_release(items, count);
    for (size_t i = 0; i < count; i++)
        if (items[i].result != RESULT_RUNNING)
            console_record(console, items[i].stack, JOURNAL_SETTLED, items[i].token,
                notice_result(items[i].result));
    return stage_worse(result, ended);
}

// Cancelling is for what a deployer, that has the lock, is watching.
int command_cancel(const CommandContext *context)
{
    return console_run(context, &(ConsoleCommand){.work = recover, .about = &CANCEL});
}

int command_continue(const CommandContext *context)
{
    return console_run(
        context, &(ConsoleCommand){.lock = CONTINUE.what, .work = recover, .about = &CONTINUE});
}

int command_rollback(const CommandContext *context)
{
    return console_run(
        context, &(ConsoleCommand){.lock = ROLLBACK.what, .work = recover, .about = &ROLLBACK});
}
