// altc history: what was done to the stacks of a stage, newest first, and what waits to be done.
#include "runtime/deploy/console.h"
#include "runtime/events/history.h"
#include "runtime/notice/text.h"

enum { USUAL = 10 };

static Str time_text(Arena *arena, int64_t milliseconds)
{
    return world_format_time(arena, milliseconds / 1000);
}

static void add_json(Buf *out, Arena *arena, const StageStack *stack, const PastOperation *past)
{
    console_add_member(out, "{", "stack", stack->stack->id);
    console_add_known(out, "stackName", stack->stack->name);
    console_add_known(out, "operation", past->kind);
    console_add_known(out, "status", past->status);
    console_add_known(out, "started", time_text(arena, past->start));
    console_add_known(out, "token", past->token);
    buf_add_format(out, ",\"milliseconds\":%lld,\"running\":%s,\"resources\":%zu,\"causes\":[",
        (long long)(past->end - past->start), past->open ? "true" : "false", past->resources);
    for (size_t i = 0; i < past->causes.len; i++) {
        console_add_member(out, i ? ",{" : "{", "logicalId", past->causes.items[i].logical_id);
        if (past->causes.items[i].depth)
            console_add_known(out, "stackName", past->causes.items[i].stack_name);
        console_add_known(out, "reason", past->causes.items[i].reason);
        console_add_known(out, "code", past->causes.items[i].code);
        buf_add_char(out, '}');
    }
    buf_add_text(out, "]}\n");
}

static void add_text(Buf *out, Arena *arena, const PastOperation *past)
{
    buf_add_format(out, "  %.*s  ", STR_FMT(time_text(arena, past->start)));
    notice_add_clean(out, str_lower(arena, past->kind));
    buf_add_text(out, past->open ? ", in " : " ended in ");
    notice_add_clean(out, past->status);
    buf_add_text(out, past->open ? ", so far " : " after ");
    notice_add_duration(out, past->end - past->start);
    buf_add_format(out, ", %zu resource%s\n", past->resources, past->resources == 1 ? "" : "s");
    for (size_t i = 0; i < past->causes.len; i++) {
        buf_add_text(out, "    ");
        notice_add_clean(out, past->causes.items[i].logical_id);
        if (past->causes.items[i].depth) {
            buf_add_text(out, " in ");
            notice_add_clean(out, past->causes.items[i].stack_name);
        }
        buf_add_text(out, ": ");
        notice_add_clean(out, past->causes.items[i].reason);
        buf_add_char(out, '\n');
    }
}

// Change sets that nobody has carried out.
static void add_waiting(Console *console, StageStack *stack, Buf *out)
{
    CfnChangeSets sets = {0};
    AwsReply reply = cfn_list_change_sets(&stack->client, console->arena, stack->now.id, &sets);
    for (size_t i = 0; reply.ok && i < sets.len && !console->options.json; i++) {
        const CfnChangeSet *set = &sets.items[i];
        buf_add_text(out, "  ");
        notice_add_clean(out, set->created);
        buf_add_text(out, "  change set ");
        notice_add_clean(out, set->name);
        buf_add_text(out, str_is(set->execution_status, "AVAILABLE") ? " waits to be carried out"
                                                                     : " is left over");
        buf_add_char(out, '\n');
    }
}

static DeployResult add_stack(Console *console, StageStack *stack)
{
    Buf *out = &console->answer;
    PastOperations operations = {0};
    size_t most = console->options.limit ? (size_t)console->options.limit : USUAL;
    if (!console->options.json) {
        notice_add_clean(out, stack->stack->name);
        buf_add_format(out, " (%.*s)%s\n", STR_FMT(stack->client.region),
            stack->now.id.len ? "" : ": not deployed");
    }
    if (!stack->now.id.len)
        return RESULT_DONE;
    AwsReply reply = history_read(&stack->client, console->arena, stack->now.id, most, &operations);
    if (!reply.ok)
        return console_refused(console, stack, "the events cannot be read", &reply);
    add_waiting(console, stack, out);
    for (size_t i = 0; i < operations.len; i++) {
        if (console->options.json)
            add_json(out, console->arena, stack, &operations.items[i]);
        else
            add_text(out, console->arena, &operations.items[i]);
    }
    return RESULT_DONE;
}

int command_history(const CommandContext *context)
{
    return console_run(context, &(ConsoleCommand){.answers = true, .each = add_stack});
}
