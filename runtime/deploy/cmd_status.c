// altc status: how each stack of a stage is. altc outputs: what they give out.
#include "compiler/data/data.h"
#include "runtime/deploy/console.h"
#include "runtime/deploy/stage.h"
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

static void add_field(Buf *out, const char *name, Str value)
{
    if (!value.len)
        return;
    buf_add_format(out, ",\"%s\":", name);
    data_write_json_string(out, value);
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
    buf_add_text(out, "{\"stack\":");
    data_write_json_string(out, stack->stack->id);
    add_field(out, "stackName", stack->stack->name);
    add_field(out, "region", stack->client.region);
    add_field(out, "phase", str_of(phase_word(status->phase)));
    add_field(out, "status", stack->now.status);
    add_field(out, "detailedStatus", stack->now.detailed_status);
    add_field(out, "reason", stack->now.reason);
    add_field(out, "id", stack->now.id);
    add_field(out, "created", stack->now.created);
    add_field(out, "updated", stack->now.updated);
    add_field(out, "drift", stack->now.drift_status);
    buf_add_format(
        out, ",\"terminationProtection\":%s", stack->now.termination_protection ? "true" : "false");
    add_field(out, "hint", hint_of(status));
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
                                  : RESULT_DONE;
}

int command_status(const CommandContext *context)
{
    Console console;
    DeployResult result = console_open_answer(&console, context);
    if (result == RESULT_DONE)
        result = console_look(&console);
    Buf out;
    buf_init(&out, 0);
    bool looked = result == RESULT_DONE;
    for (size_t i = 0; looked && i < console.stacks.len; i++) {
        const StageStack *stack = &console.stacks.items[i];
        StackStatus status = stack_status(stack->now.status);
        if (context->options->json)
            add_json(&out, stack, &status);
        else
            add_text(&out, stack, &status);
        result = stage_worse(result, result_of(status.phase));
    }
    show_text(console.screen.show, buf_str(&out));
    buf_release(&out);
    console_close(&console);
    return notice_exit_code(result);
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

int command_outputs(const CommandContext *context)
{
    Console console;
    DeployResult result = console_open_answer(&console, context);
    if (result == RESULT_DONE)
        result = console_look(&console);
    Buf out;
    buf_init(&out, 0);
    bool looked = result == RESULT_DONE;
    bool deployed = false;
    for (size_t i = 0; looked && i < console.stacks.len; i++) {
        deployed = deployed || console.stacks.items[i].now.id.len;
        if (!context->options->json)
            add_outputs_text(&out, &console.stacks.items[i]);
    }
    if (looked && context->options->json)
        add_outputs_json(&out, &console);
    show_text(console.screen.show, buf_str(&out));
    if (looked && !deployed) {
        console_notify(&console, NULL,
            (Notice){.kind = NOTICE_PROBLEM,
                .text = STR("no stack of the stage is deployed"),
                .hint = STR("'altc deploy' deploys it")});
        result = RESULT_REFUSED;
    }
    buf_release(&out);
    console_close(&console);
    return notice_exit_code(result);
}
