// altc history: what was done to the stacks of a stage, newest first, and what waits to be done.
#include "compiler/data/data.h"
#include "runtime/deploy/console.h"
#include "runtime/deploy/stage.h"
#include "runtime/events/history.h"
#include "runtime/notice/text.h"

enum { USUAL = 10 };

static Str time_text(Arena *arena, int64_t milliseconds)
{
    return world_format_time(arena, milliseconds / 1000);
}

static void add_field(Buf *out, const char *name, Str value)
{
    if (!value.len)
        return;
    buf_add_format(out, ",\"%s\":", name);
    data_write_json_string(out, value);
}

static void add_json(Buf *out, Arena *arena, const StageStack *stack, const PastOperation *past)
{
    buf_add_text(out, "{\"stack\":");
    data_write_json_string(out, stack->stack->id);
    add_field(out, "stackName", stack->stack->name);
    add_field(out, "operation", past->kind);
    add_field(out, "status", past->status);
    add_field(out, "started", time_text(arena, past->start));
    add_field(out, "token", past->token);
    buf_add_format(out, ",\"milliseconds\":%lld,\"running\":%s,\"resources\":%zu,\"causes\":[",
        (long long)(past->end - past->start), past->open ? "true" : "false", past->resources);
    for (size_t i = 0; i < past->causes.len; i++) {
        buf_add_text(out, i ? ",{\"logicalId\":" : "{\"logicalId\":");
        data_write_json_string(out, past->causes.items[i].logical_id);
        add_field(out, "reason", past->causes.items[i].reason);
        add_field(out, "code", past->causes.items[i].code);
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

static DeployResult add_stack(Console *console, StageStack *stack, Buf *out)
{
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
    Console console;
    DeployResult result = console_open_answer(&console, context);
    if (result == RESULT_DONE)
        result = console_look(&console);
    bool looked = result == RESULT_DONE;
    Buf out;
    buf_init(&out, 0);
    for (size_t i = 0; looked && i < console.stacks.len; i++)
        result = stage_worse(result, add_stack(&console, &console.stacks.items[i], &out));
    show_text(console.screen.show, buf_str(&out));
    buf_release(&out);
    console_close(&console);
    return notice_exit_code(result);
}
