// altc status: how each stack of a stage is. altc outputs: what they give out.
#include "compiler/data/data.h"
#include "runtime/deploy/console.h"
#include "runtime/notice/text.h"

static const char *phase_word(StackPhase phase)
{
    static const char *const WORDS[] = {[PHASE_ABSENT] = "absent",
        [PHASE_REVIEW] = "review",
        [PHASE_READY] = "ready",
        [PHASE_BUSY] = "busy",
        [PHASE_DEAD] = "dead",
        [PHASE_STUCK] = "stuck"};
    return WORDS[phase];
}

static Str changed_at(const CfnStack *stack)
{
    return stack->deleted.len   ? stack->deleted
           : stack->updated.len ? stack->updated
                                : stack->created;
}

static Str hint_of(const StackStatus *status)
{
    if (status->phase == PHASE_BUSY)
        return STR("'altc watch' shows what happens, 'altc cancel' stops it");
    return status->hint;
}

static void add_json(Buf *out, const StageStack *stack, const StackStatus *status)
{
    console_add_member(out, "{", "stack", stack->stack->id);
    console_add_known(out, "stackName", stack->stack->name);
    console_add_known(out, "region", stack->client.region);
    console_add_known(out, "phase", str_of(phase_word(status->phase)));
    console_add_known(out, "status", stack->now.status);
    console_add_known(out, "detailedStatus", stack->now.detailed_status);
    console_add_known(out, "reason", stack->now.reason);
    console_add_known(out, "id", stack->now.id);
    console_add_known(out, "created", stack->now.created);
    console_add_known(out, "updated", stack->now.updated);
    console_add_known(out, "drift", stack->now.drift_status);
    buf_add_format(
        out, ",\"terminationProtection\":%s", stack->now.termination_protection ? "true" : "false");
    console_add_known(out, "hint", hint_of(status));
    buf_add_text(out, "}\n");
}

static void add_text(Buf *out, const StageStack *stack, const StackStatus *status)
{
    notice_add_clean(out, stack->stack->name);
    buf_add_format(out, " (%.*s): ", STR_FMT(stack->client.region));
    if (!stack->now.id.len) {
        buf_add_text(out, "not deployed\n");
        return;
    }
    notice_add_clean(out, stack->now.status);
    buf_add_text(out, " since ");
    notice_add_clean(out, changed_at(&stack->now));
    buf_add_char(out, '\n');
    const struct {
        const char *label;
        Str value;
    } LINES[] = {{"reason: ", stack->now.reason},
        {"protected from termination", stack->now.termination_protection ? STR(" ") : STR_NONE},
        {"drift, when last looked for: ",
            str_is(stack->now.drift_status, "NOT_CHECKED") ? STR_NONE : stack->now.drift_status},
        {"help: ", hint_of(status)}};
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++) {
        if (!LINES[i].value.len)
            continue;
        buf_add_format(out, "  %s", LINES[i].label);
        notice_add_clean(out, str_trim(LINES[i].value));
        buf_add_char(out, '\n');
    }
}

static DeployResult result_of(StackPhase phase)
{
    return phase == PHASE_BUSY    ? RESULT_RUNNING
           : phase == PHASE_STUCK ? RESULT_STUCK
           : phase == PHASE_DEAD  ? RESULT_ROLLED_BACK
           : phase == PHASE_READY ? RESULT_DONE
                                  : RESULT_DIFFERENT;
}

static DeployResult add_status(Console *console, StageStack *stack)
{
    StackStatus status = stack_status(stack->now.status);
    if (console->options.json)
        add_json(&console->answer, stack, &status);
    else
        add_text(&console->answer, stack, &status);
    return result_of(status.phase);
}

int command_status(const CommandContext *context)
{
    return console_run(context, &(ConsoleCommand){.answers = true, .each = add_status});
}

// {"main": {"Url": "https://…"}}
static void add_outputs_json(Buf *out, const Console *console)
{
    buf_add_char(out, '{');
    for (size_t i = 0; i < console->stacks.len; i++) {
        const StageStack *stack = &console->stacks.items[i];
        buf_add_text(out, i ? ",\n  " : "\n  ");
        data_write_json_string(out, stack->stack->id);
        buf_add_text(out, ": {");
        for (size_t j = 0; j < stack->now.outputs.len; j++) {
            buf_add_text(out, j ? ",\n    " : "\n    ");
            data_write_json_string(out, stack->now.outputs.items[j].key);
            buf_add_text(out, ": ");
            data_write_json_string(out, stack->now.outputs.items[j].value);
        }
        buf_add_text(out, stack->now.outputs.len ? "\n  }" : "}");
    }
    buf_add_text(out, "\n}\n");
}

// KEY=VALUE, of stacks other than main ID.KEY=VALUE.
static void add_outputs_text(Buf *out, const StageStack *stack)
{
    for (size_t i = 0; i < stack->now.outputs.len; i++) {
        if (!str_is(stack->stack->id, "main"))
            buf_add_format(out, "%.*s.", STR_FMT(stack->stack->id));
        notice_add_clean(out, stack->now.outputs.items[i].key);
        buf_add_char(out, '=');
        notice_add_clean(out, stack->now.outputs.items[i].value);
        buf_add_char(out, '\n');
    }
}

static DeployResult add_outputs(Console *console)
{
    bool deployed = false;
    for (size_t i = 0; i < console->stacks.len; i++) {
        deployed = deployed || console->stacks.items[i].now.id.len;
        if (!console->options.json)
            add_outputs_text(&console->answer, &console->stacks.items[i]);
    }
    if (console->options.json)
        add_outputs_json(&console->answer, console);
    return deployed
               ? RESULT_DONE
               : console_fail(console, NULL, RESULT_REFUSED,
                     STR("no stack of the stage is deployed"), STR("'altc deploy' deploys it"));
}

int command_outputs(const CommandContext *context)
{
    return console_run(context, &(ConsoleCommand){.answers = true, .work = add_outputs});
}
