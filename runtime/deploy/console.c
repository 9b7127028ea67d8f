#include "runtime/deploy/console.h"

#include "compiler/data/data.h"
#include "runtime/deploy/run_priv.h"
#include "runtime/deploy/stage.h"

void console_notify(Console *console, const StageStack *stack, Notice notice)
{
    if (stack) {
        notice.stack = stack->stack->id;
        notice.stack_name = stack->stack->name;
        notice.region = stack->client.region;
    }
    listener_notify(&console->listener, &notice);
}

DeployResult console_fail(
    Console *console, const StageStack *stack, DeployResult result, Str text, Str hint)
{
    console_notify(console, stack, (Notice){.kind = NOTICE_PROBLEM, .text = text, .hint = hint});
    return result;
}

// ---- the program and the account ----

static bool read_program(Console *console, Str *error)
{
    const Host *host = console->world->host;
    Str root = host->real_path(host->context, console->arena, console->options.root);
    if (!root.len) {
        *error =
            str_format(console->arena, "there is no folder '%.*s'", STR_FMT(console->options.root));
        return false;
    }
    console->options.root = root;
    console->manifest = manifest_read(console->arena, host, console->options.manifest, error);
    if (!console->manifest)
        return false;
    Str stage = console->manifest->stage.len ? console->manifest->stage : STR("main");
    console->folder = str_format(console->arena, "%.*s/.altc/%.*s", STR_FMT(root), STR_FMT(stage));
    return true;
}

static bool guard_identity(Console *console, Str *error)
{
    Arena *arena = console->arena;
    CredOptions *options = &console->options.cred;
    if (!identity_settle_region(arena, console->manifest, options, error))
        return false;
    console->cred = command_credentials(console->context, options, error);
    return console->cred &&
           identity_guard(arena, console->cred, console->manifest, &console->identity, error);
}

// ---- stacks ----

static bool is_wanted(const Console *console, Str id)
{
    for (size_t i = 0; i < console->options.stacks.len; i++)
        if (str_equal(console->options.stacks.items[i], id))
            return true;
    return !console->options.stacks.len;
}

static bool add_stack(Console *console, const ManifestStack *stack, Str *error)
{
    StageStack added = {.stack = stack};
    if (!cred_client(console->cred, console->arena, STR("cloudformation"), stack->region,
            &added.client, error))
        return false;
    VEC_ADD(console->arena, &console->stacks, added);
    return true;
}

static bool choose_stacks(Console *console, Str *error)
{
    for (size_t i = 0; i < console->options.stacks.len; i++) {
        Str id = console->options.stacks.items[i];
        if (manifest_stack(console->manifest, id))
            continue;
        *error = str_format(console->arena, "the stage has no stack '%.*s'", STR_FMT(id));
        return false;
    }
    return true;
}

static DeployResult open_stage(Console *console)
{
    Str error = STR_NONE;
    if (!read_program(console, &error) || !choose_stacks(console, &error))
        return console_fail(console, NULL, RESULT_UNFIT, error, STR_NONE);
    if (!guard_identity(console, &error))
        return console_fail(console, NULL, RESULT_IDENTITY, error, STR_NONE);
    for (size_t i = 0; i < console->manifest->stacks.len; i++) {
        const ManifestStack *stack = &console->manifest->stacks.items[i];
        if (is_wanted(console, stack->id) && !add_stack(console, stack, &error))
            return console_fail(console, NULL, RESULT_IDENTITY, error, STR_NONE);
    }
    return RESULT_DONE;
}

// Takes the stage for this process alone and opens its journal.
static DeployResult lock(Console *console, const char *what)
{
    Str error = STR_NONE;
    console->journal = journal_open(console->arena, console->world, console->folder, &error);
    if (!console->journal)
        return console_fail(console, NULL, RESULT_UNFIT, error, STR_NONE);
    journal_announce(console->journal, console->arena, console_token(console, what));
    return RESULT_DONE;
}

bool console_record(
    Console *console, const StageStack *stack, JournalStep step, Str token, Str outcome)
{
    Str error = STR_NONE;
    JournalEntry entry = {.step = step,
        .deployment = token,
        .account = console->identity.account,
        .region = stack->client.region,
        .stack = stack->stack->name,
        .subject = stack->now.id,
        .token = token,
        .outcome = outcome};
    if (!console->journal || journal_add(console->journal, console->arena, entry, &error))
        return true;
    console_notify(console, stack, (Notice){.kind = NOTICE_PROBLEM, .text = error});
    return false;
}

static DeployResult look(Console *console)
{
    for (size_t i = 0; i < console->stacks.len; i++) {
        StageStack *stack = &console->stacks.items[i];
        // A name may stand for another stack by now; what was seen before is asked for by its ARN.
        Str name = stack->now.id.len ? stack->now.id : stack->stack->name;
        AwsReply reply = cfn_describe_stack(&stack->client, console->arena, name, &stack->now);
        if (cfn_is_missing(&reply))
            stack->now = (CfnStack){0};
        else if (!reply.ok)
            return console_refused(console, stack, "the stack cannot be looked at", &reply);
    }
    return RESULT_DONE;
}

DeployResult console_template(Console *console, StageStack *stack, const Datum **template_)
{
    Str text = STR_NONE;
    AwsReply reply = cfn_get_template(&stack->client, console->arena, stack->now.id, &text);
    if (!reply.ok)
        return console_refused(console, stack, "its template cannot be read", &reply);
    *template_ = run_parse_template(console->arena, text);
    return *template_ ? RESULT_DONE
                      : console_fail(console, stack, RESULT_REFUSED,
                            STR("its template cannot be understood"), STR_NONE);
}

Assets *console_assets(Console *console)
{
    const CommandContext *context = console->context;
    if (!console->assets) {
        console->setup = command_assets(context, &console->options, console->cred);
        console->setup.manifest = console->manifest;
        console->setup.folder = console->folder;
        console->setup.account = console->identity.account;
        console->setup.listener = &console->listener;
        console->assets = assets_new(console->arena, &console->setup);
    }
    return console->assets;
}

void console_add_member(Buf *out, const char *before, const char *name, Str value)
{
    buf_add_format(out, "%s\"%s\":", before, name);
    data_write_json_string(out, value);
}

void console_add_known(Buf *out, const char *name, Str value)
{
    if (value.len)
        console_add_member(out, ",", name, value);
}

// ---- the whole ----

DeployResult console_each(
    Console *console, DeployResult (*each)(Console *console, StageStack *stack))
{
    DeployResult result = RESULT_DONE;
    for (size_t i = 0; i < console->stacks.len; i++)
        result = stage_worse(result, each(console, &console->stacks.items[i]));
    return result;
}

static DeployResult run(Console *console, const ConsoleCommand *command)
{
    DeployResult result = open_stage(console);
    if (result == RESULT_DONE && command->lock)
        result = lock(console, command->lock);
    if (result == RESULT_DONE)
        result = look(console);
    if (result != RESULT_DONE)
        return result;
    return command->work ? command->work(console) : console_each(console, command->each);
}

int console_run(const CommandContext *context, const ConsoleCommand *command)
{
    Console console = {.context = context,
        .arena = context->arena,
        .world = context->world,
        .options = *context->options,
        .about = command->about};
    const World *world = context->world;
    if (context->options->timeout)
        console.deadline = world->steady(world->context) + context->options->timeout * 60 * 1000;
    if (command->answers)
        screen_open_answer(&console.screen, world, context->options);
    else
        screen_open(&console.screen, world, context->options);
    console.listener = show_listener(console.screen.show);
    buf_init(&console.answer, 0);
    DeployResult result = run(&console, command);
    show_text(console.screen.show, buf_str(&console.answer));
    buf_release(&console.answer);
    journal_close(console.journal);
    bool told = screen_close(&console.screen);
    return command->answers && !told ? EXIT_TROUBLE : notice_exit_code(result);
}

// ---- talking ----

DeployResult console_refuse_status(
    Console *console, const StageStack *stack, const char *takes_no_what)
{
    StackStatus status = stack_status(stack->now.status);
    bool busy = status.phase == PHASE_BUSY;
    return console_fail(console, stack, busy ? RESULT_REFUSED : RESULT_STUCK,
        str_format(console->arena, "stack '%.*s' is in %.*s and %s", STR_FMT(stack->stack->name),
            STR_FMT(stack->now.status), takes_no_what),
        busy ? STR("'altc watch' waits for its end, 'altc cancel' stops it") : status.hint);
}

DeployResult console_refused(
    Console *console, const StageStack *stack, const char *what, const AwsReply *reply)
{
    bool keys = aws_is_unauthenticated(reply);
    Str hint = STR_NONE;
    if (cfn_is_denied(reply))
        hint = STR("whoever deploys lacks a permission: 'altc policy' lists those it needs");
    if (keys)
        hint = STR("'altc whoami' shows which credentials are used");
    console_notify(console, stack,
        (Notice){.kind = NOTICE_PROBLEM,
            .text = str_format(console->arena, "%s: %.*s", what, STR_FMT(run_reason(reply))),
            .code = reply->code,
            .hint = hint});
    return keys ? RESULT_IDENTITY : RESULT_REFUSED;
}

bool console_confirm(Console *console, Str question, Str wanted)
{
    const World *world = console->world;
    if (console->options.yes)
        return true;
    Str answer = STR_NONE;
    show_pause(console->screen.show);
    bool answered = world->ask(world->context, console->arena, question, &answer);
    bool yes = str_equal(answer, wanted) ||
               (str_is(wanted, "yes") && str_is(str_lower(console->arena, answer), "y"));
    if (answered && yes && !world->host->cancelled(world->host->context))
        return true;
    console_notify(console, NULL,
        (Notice){.kind = NOTICE_PROBLEM,
            .text = answered ? STR("declined: nothing was changed")
                             : STR("nobody said yes, so nothing was changed"),
            .hint = answered ? STR_NONE : STR("without a terminal only --yes goes on")});
    return false;
}

Str console_token(const Console *console, const char *what)
{
    const World *world = console->world;
    return str_format(console->arena, "altc-%s-%lld-%08x", what,
        (long long)(world->now(world->context) / 1000), world->random(world->context));
}

Deployment console_deployment(Console *console, Str id)
{
    Mask *mask = mask_new(console->arena, console->listener);
    return (Deployment){.world = console->world,
        .arena = console->arena,
        .options = &console->options,
        .manifest = console->manifest,
        .listener = mask_listener(mask),
        .mask = mask,
        .face = {.context = &console->screen, .pause = screen_pause, .tick = screen_tick},
        .journal = console->journal,
        .assets = console_assets(console),
        .id = id,
        .account = console->identity.account,
        .deadline = console->deadline,
        .pace = console->options.poll ? pace_scaled(console->options.poll) : pace_default()};
}
