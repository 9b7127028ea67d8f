// altc import: resources that are there already become a stack's, by a change set that does
// nothing else.
#include "compiler/data/data.h"
#include "runtime/deploy/import_change.h"

typedef struct Import {
    Console *console;
    StageStack *stack;
    ImportTargets targets;
    const Datum *deployed; // the template; NULL: there is none
    ManifestStack submitted;
} Import;

static DeployResult fail(const Import *work, DeployResult result, Str text, Str hint)
{
    return console_fail(work->console, work->stack, result, text, hint);
}

static DeployResult unfit(const Import *work, const ImportProblem *problem)
{
    const Console *console = work->console;
    console_notify(work->console, work->stack,
        (Notice){.kind = NOTICE_PROBLEM,
            .text = problem->text,
            .hint = problem->hint,
            .logical_id = problem->logical_id,
            .place = manifest_resource_place(
                console->manifest, console->arena, work->stack->stack->id, problem->logical_id)});
    return RESULT_UNFIT;
}

// ---- which stack ----

static bool has_targets(const Import *work, const StageStack *stack, size_t count)
{
    const Datum *resources = datum_get(stack->stack->template_, STR("Resources"));
    for (size_t i = 0; i < count; i++)
        if (!datum_get(resources, work->targets.items[i].logical_id))
            return false;
    return true;
}

static DeployResult choose_stack(Import *work)
{
    Console *console = work->console;
    Str first = work->targets.items[0].logical_id;
    size_t whole = 0;
    size_t part = 0;
    for (size_t i = 0; i < console->stacks.len; i++) {
        StageStack *stack = &console->stacks.items[i];
        part += has_targets(work, stack, 1);
        if (!has_targets(work, stack, work->targets.len))
            continue;
        whole++;
        work->stack = stack;
    }
    if (whole > 1) {
        work->stack = NULL;
        return fail(work, RESULT_UNFIT,
            str_format(console->arena, "several stacks have a '%.*s'", STR_FMT(first)),
            STR("--stack ID says which is meant"));
    }
    if (!whole && part && console->stacks.len > 1)
        return fail(work, RESULT_UNFIT, STR("no stack has all of these resources"),
            STR("import into one stack at a time"));
    if (!whole) // whoever makes the template says which one is unknown
        work->stack = &console->stacks.items[0];
    return RESULT_DONE;
}

static DeployResult judge_status(Import *work)
{
    StackPhase phase = stack_status(work->stack->now.status).phase;
    if (phase == PHASE_ABSENT || phase == PHASE_REVIEW || phase == PHASE_READY)
        return RESULT_DONE;
    return console_refuse_status(work->console, work->stack, "takes no import");
}

// ---- what is submitted ----

static DeployResult read_deployed(Import *work)
{
    bool deployed = stack_status(work->stack->now.status).phase == PHASE_READY;
    return deployed ? console_template(work->console, work->stack, &work->deployed) : RESULT_DONE;
}

static Str text_of(const Import *work, const Datum *datum)
{
    Buf text;
    buf_init(&text, 0);
    data_write_json_compact(&text, datum);
    Str copy = buf_copy(&text, work->console->arena);
    buf_release(&text);
    return copy;
}

static DeployResult make_template(Import *work)
{
    Console *console = work->console;
    ImportProblem problem = {0};
    Datum *template_ = import_template(
        console->arena, work->stack->stack->template_, work->deployed, &work->targets, &problem);
    if (!template_)
        return unfit(work, &problem);
    work->submitted = *work->stack->stack;
    work->submitted.template_ = template_;
    work->submitted.template_text = text_of(work, template_);
    return RESULT_DONE;
}

static const CfnTexts *identifiers_of(const CfnSummary *summary, Str type)
{
    static const CfnTexts NOTHING = {0};
    for (size_t i = 0; i < summary->identifiers.len; i++)
        if (str_equal(summary->identifiers.items[i].type, type))
            return &summary->identifiers.items[i].properties;
    return &NOTHING;
}

static DeployResult identify(Import *work)
{
    Console *console = work->console;
    CfnSummary summary = {0};
    Str types = text_of(work, import_types(console->arena, &work->targets));
    AwsReply reply = cfn_template_summary(
        &work->stack->client, console->arena, types, STR_NONE, STR_NONE, &summary);
    if (!reply.ok)
        return console_refused(
            console, work->stack, "AWS does not say what identifies these resources", &reply);
    for (size_t i = 0; i < work->targets.len; i++) {
        ImportProblem problem = {0};
        ImportTarget *target = &work->targets.items[i];
        if (!import_identify(console->arena, work->stack->stack->template_, target,
                identifiers_of(&summary, target->type), &problem))
            return unfit(work, &problem);
    }
    return RESULT_DONE;
}

static void show_target(Import *work, const ImportTarget *target)
{
    Console *console = work->console;
    Buf text;
    buf_init(&text, 0);
    buf_add_format(&text, "%.*s (%.*s) is taken in, by its", STR_FMT(target->logical_id),
        STR_FMT(target->type));
    for (size_t i = 0; i < target->identifier.len; i++)
        buf_add_format(&text, "%s %.*s %.*s", i ? "," : "",
            STR_FMT(target->identifier.items[i].name), STR_FMT(target->identifier.items[i].value));
    console_notify(console, work->stack,
        (Notice){.kind = NOTICE_NOTE,
            .text = buf_str(&text),
            .logical_id = target->logical_id,
            .type = target->type,
            .place = manifest_resource_place(
                console->manifest, console->arena, work->stack->stack->id, target->logical_id)});
    buf_release(&text);
}

// ---- the command ----

static DeployResult import(Console *console)
{
    const ImportTargets *targets = console->about;
    Import work = {.console = console, .targets = *targets};
    DeployResult (*const STEPS[])(Import *) = {
        choose_stack, judge_status, read_deployed, make_template, identify};
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++) {
        DeployResult result = STEPS[i](&work);
        if (result != RESULT_DONE)
            return result;
    }
    for (size_t i = 0; i < work.targets.len; i++)
        show_target(&work, &work.targets.items[i]);
    ImportChange change = {.stack = work.stack,
        .targets = &work.targets,
        .deployed = work.deployed,
        .submitted = &work.submitted};
    return import_carry_out(console, &change);
}

int command_import(const CommandContext *context)
{
    ImportTargets targets = {0};
    ImportProblem problem = {0};
    const DeployOptions *options = context->options;
    if (!import_read(
            context->arena, options->resources.items, options->resources.len, &targets, &problem))
        return command_fail(
            EXIT_TROUBLE, str_format(context->arena, "%.*s%s%.*s", STR_FMT(problem.text),
                              problem.hint.len ? ": " : "", STR_FMT(problem.hint)));
    return console_run(
        context, &(ConsoleCommand){.lock = "import", .work = import, .about = &targets});
}
