// altc drift: what was changed in AWS past the program, and what AWS does not look at.
#include "runtime/deploy/console.h"
#include "runtime/notice/text.h"

enum { FIRST_LOOK = 2000 };

typedef struct DriftReport {
    const StageStack *stack;
    CfnDrifts drifts;
    CfnResources uncovered; // AWS compares nothing of them
    size_t drifted;
} DriftReport;

// ---- asking AWS ----

static DeployResult stopped(Console *console, const StageStack *stack)
{
    console_notify(console, stack,
        (Notice){
            .kind = NOTICE_NOTE, .text = STR("AWS goes on looking; nothing is changed by it")});
    return RESULT_RUNNING;
}

// Waits until AWS has compared what the stack should be with what there is.
static DeployResult detect(Console *console, StageStack *stack)
{
    Str id = STR_NONE;
    AwsReply reply = cfn_detect_drift(&stack->client, console->arena, stack->now.id, &id);
    if (!reply.ok)
        return console_refused(console, stack, "AWS does not look for drift", &reply);
    const World *world = console->world;
    int64_t wait = console->options.poll ? console->options.poll : FIRST_LOOK;
    for (;;) {
        world->sleep(world->context, wait);
        if (world->host->cancelled(world->host->context))
            return stopped(console, stack);
        Str status = STR_NONE;
        Str reason = STR_NONE;
        Str drift = STR_NONE;
        reply = cfn_drift_status(&stack->client, console->arena, id, &status, &reason, &drift);
        if (!reply.ok)
            return console_refused(console, stack, "AWS does not say how far it is", &reply);
        // What could be compared is known even when some of it could not.
        if (!str_is(status, "DETECTION_IN_PROGRESS")) {
            if (str_is(status, "DETECTION_FAILED"))
                console_notify(console, stack,
                    (Notice){.kind = NOTICE_WARNING,
                        .text = STR("AWS could not compare every resource"),
                        .reason = reason});
            return RESULT_DONE;
        }
    }
}

static bool is_compared(const CfnDrifts *drifts, Str logical_id)
{
    for (size_t i = 0; i < drifts->len; i++) {
        Str status = drifts->items[i].status;
        if (str_equal(drifts->items[i].logical_id, logical_id))
            return str_is(status, "IN_SYNC") || str_is(status, "MODIFIED") ||
                   str_is(status, "DELETED");
    }
    return false;
}

static bool has_drifted(const CfnDrift *drift)
{
    return str_is(drift->status, "MODIFIED") || str_is(drift->status, "DELETED");
}

static DeployResult look(Console *console, StageStack *stack, DriftReport *report)
{
    *report = (DriftReport){.stack = stack};
    DeployResult result = detect(console, stack);
    if (result != RESULT_DONE)
        return result;
    AwsReply reply =
        cfn_list_drifts(&stack->client, console->arena, stack->now.id, &report->drifts);
    CfnResources all = {0};
    if (reply.ok)
        reply = cfn_list_resources(&stack->client, console->arena, stack->now.id, &all);
    if (!reply.ok)
        return console_refused(console, stack, "AWS does not say what it found", &reply);
    for (size_t i = 0; i < report->drifts.len; i++)
        report->drifted += has_drifted(&report->drifts.items[i]);
    for (size_t i = 0; i < all.len; i++)
        if (!is_compared(&report->drifts, all.items[i].logical_id))
            VEC_ADD(console->arena, &report->uncovered, all.items[i]);
    return RESULT_DONE;
}

// ---- telling ----

static void add_change(Buf *out, const CfnDifference *difference)
{
    buf_add_text(out, "      ");
    notice_add_clean(out, difference->path);
    buf_add_text(out, "  ");
    notice_add_clean(
        out, str_is(difference->kind, "ADD") ? STR("not stated") : difference->expected);
    buf_add_text(out, " → ");
    notice_add_clean(
        out, str_is(difference->kind, "REMOVE") ? STR("taken away") : difference->actual);
    buf_add_char(out, '\n');
}

static void add_place(Buf *out, const NoticePlace *place)
{
    if (!place->file.len)
        return;
    buf_add_text(out, "  ");
    notice_add_clean(out, place->file);
    buf_add_format(out, ":%zu", place->line);
    if (place->instance.len) {
        buf_add_text(out, " in ");
        notice_add_clean(out, place->instance);
    }
}

static void add_resource(
    Console *console, Buf *out, const DriftReport *report, const CfnDrift *drift)
{
    bool gone = str_is(drift->status, "DELETED");
    buf_add_text(out, gone ? "  - " : "  ~ ");
    notice_add_clean(out, drift->logical_id);
    buf_add_text(out, "  ");
    notice_add_clean(out, drift->type);
    buf_add_text(out, gone ? "  is gone" : "  was changed");
    NoticePlace place = manifest_resource_place(
        console->manifest, console->arena, report->stack->stack->id, drift->logical_id);
    add_place(out, &place);
    buf_add_char(out, '\n');
    for (size_t i = 0; i < drift->differences.len; i++)
        add_change(out, &drift->differences.items[i]);
}

static void add_text(Console *console, const DriftReport *report)
{
    Buf *out = &console->answer;
    notice_add_clean(out, report->stack->stack->name);
    buf_add_format(out, " (%.*s): ", STR_FMT(report->stack->client.region));
    if (report->drifted)
        buf_add_format(out, "%zu changed past the program\n", report->drifted);
    else
        buf_add_text(out, "as deployed, as far as AWS looks\n");
    for (size_t i = 0; i < report->drifts.len; i++)
        if (has_drifted(&report->drifts.items[i]))
            add_resource(console, out, report, &report->drifts.items[i]);
    if (report->uncovered.len)
        buf_add_format(out, "  not looked at, as AWS has no drift detection for them: %zu\n",
            report->uncovered.len);
    for (size_t i = 0; i < report->uncovered.len; i++) {
        buf_add_text(out, "    ");
        notice_add_clean(out, report->uncovered.items[i].logical_id);
        buf_add_text(out, "  ");
        notice_add_clean(out, report->uncovered.items[i].type);
        buf_add_char(out, '\n');
    }
    buf_add_format(out, "  %s what the template states was compared\n",
        report->uncovered.len ? "of the others only" : "only");
}

static void add_json(Buf *out, const DriftReport *report)
{
    console_add_member(out, "{", "stack", report->stack->stack->id);
    console_add_member(out, ",", "stackName", report->stack->stack->name);
    console_add_member(out, ",", "region", report->stack->client.region);
    buf_add_text(out, ",\"resources\":[");
    for (size_t i = 0; i < report->drifts.len; i++) {
        const CfnDrift *drift = &report->drifts.items[i];
        console_add_member(out, i ? ",{" : "{", "logicalId", drift->logical_id);
        console_add_member(out, ",", "physicalId", drift->physical_id);
        console_add_member(out, ",", "type", drift->type);
        console_add_member(out, ",", "status", drift->status);
        buf_add_text(out, ",\"differences\":[");
        for (size_t j = 0; j < drift->differences.len; j++) {
            const CfnDifference *difference = &drift->differences.items[j];
            console_add_member(out, j ? ",{" : "{", "path", difference->path);
            console_add_member(out, ",", "kind", difference->kind);
            console_add_member(out, ",", "expected", difference->expected);
            console_add_member(out, ",", "actual", difference->actual);
            buf_add_char(out, '}');
        }
        buf_add_text(out, "]}");
    }
    buf_add_text(out, "],\"notCompared\":[");
    for (size_t i = 0; i < report->uncovered.len; i++) {
        console_add_member(out, i ? ",{" : "{", "logicalId", report->uncovered.items[i].logical_id);
        console_add_member(out, ",", "type", report->uncovered.items[i].type);
        buf_add_char(out, '}');
    }
    buf_add_text(out, "]}\n");
}

// ---- the command ----

static DeployResult report_stack(Console *console, StageStack *stack)
{
    StackStatus status = stack_status(stack->now.status);
    if (status.phase == PHASE_ABSENT || status.phase == PHASE_REVIEW)
        return console_fail(console, stack, RESULT_REFUSED,
            STR("it is not deployed, so nothing can differ from it"),
            STR("'altc deploy' deploys it"));
    if (status.phase != PHASE_READY)
        return console_fail(console, stack, RESULT_REFUSED,
            STR("AWS looks for drift only when nothing goes on and the stack is sound"),
            STR("see 'altc status'"));
    DriftReport report;
    DeployResult result = look(console, stack, &report);
    if (result != RESULT_DONE)
        return result;
    if (console->options.json)
        add_json(&console->answer, &report);
    else
        add_text(console, &report);
    return report.drifted ? RESULT_DIFFERENT : RESULT_DONE;
}

int command_drift(const CommandContext *context)
{
    return console_run(context, &(ConsoleCommand){.answers = true, .each = report_stack});
}
