// altc import: resources that are there already become a stack's, by a change set that does
// nothing else.
#include "compiler/data/data.h"
#include "runtime/deploy/attend.h"
#include "runtime/deploy/import.h"
#include "runtime/deploy/parameters.h"
#include "runtime/deploy/run_priv.h"

// Looks for what a lost answer was about, and tries to delete what is still being made.
enum { MAX_LOOKS = 5 };

typedef struct Import {
    Console *console;
    StageStack *stack;
    ImportTargets targets;
    const Datum *deployed; // the template; NULL: there is none
    ManifestStack submitted;
    bool made_stack; // it is there for our change set only
    bool left;       // a change set may still be there: the next deployment looks for it
    Str token;       // names the change set and the operation
    Str change_set;  // ARN
    AssetsSetup setup;
    // What functions of a deployment's run want to know.
    Deployment deployment;
    StackRun run;
} Import;

static DeployResult fail(const Import *work, DeployResult result, Str text, Str hint)
{
    console_notify(
        work->console, work->stack, (Notice){.kind = NOTICE_PROBLEM, .text = text, .hint = hint});
    return result;
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
    const CfnStack *now = &work->stack->now;
    StackStatus status = stack_status(now->status);
    if (status.phase == PHASE_ABSENT || status.phase == PHASE_REVIEW || status.phase == PHASE_READY)
        return RESULT_DONE;
    bool busy = status.phase == PHASE_BUSY;
    return fail(work, busy ? RESULT_REFUSED : RESULT_STUCK,
        str_format(work->console->arena, "stack '%.*s' is in %.*s and takes no import",
            STR_FMT(work->stack->stack->name), STR_FMT(now->status)),
        busy ? STR("'altc watch' waits for its end, 'altc cancel' stops it") : status.hint);
}

// ---- what is submitted ----

static DeployResult read_deployed(Import *work)
{
    Console *console = work->console;
    Str text = STR_NONE;
    StackPhase phase = stack_status(work->stack->now.status).phase;
    work->made_stack = phase == PHASE_ABSENT;
    if (phase != PHASE_READY)
        return RESULT_DONE;
    AwsReply reply =
        cfn_get_template(&work->stack->client, console->arena, work->stack->now.id, &text);
    if (!reply.ok)
        return console_refused(console, work->stack, "its template cannot be read", &reply);
    work->deployed = run_parse_template(console->arena, text);
    return work->deployed ? RESULT_DONE
                          : fail(work, RESULT_REFUSED,
                                STR("the deployed template cannot be understood"), STR_NONE);
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

// ---- the request ----

static void set_up_run(Import *work)
{
    Console *console = work->console;
    work->deployment = (Deployment){.world = console->world,
        .arena = console->arena,
        .options = &console->options,
        .manifest = console->manifest,
        .listener = console->listener,
        .journal = console->journal,
        .id = work->token,
        .account = console->identity.account};
    work->run = (StackRun){.deployment = &work->deployment,
        .stack = &work->submitted,
        .client = work->stack->client,
        .arena = console->arena,
        .scratch = console->arena,
        .operation = OPERATION_CREATE};
}

// What is deployed keeps its value, for nothing else may change; what is new gets one.
static DeployResult fill_parameters(Import *work, Parameters *parameters)
{
    Arena *arena = work->console->arena;
    const Datum *all = datum_get(work->submitted.template_, STR("Parameters"));
    const Datum *before = datum_get(work->deployed, STR("Parameters"));
    Datum *added = datum_map(arena, NULL);
    for (size_t i = 0; all && i < all->entries.len; i++) {
        const DatumEntry *entry = &all->entries.items[i];
        if (datum_get(before, entry->key))
            VEC_ADD(arena, parameters, ((CfnParameter){.key = entry->key, .use_previous = true}));
        else
            datum_put(arena, added, entry->key, NULL, entry->value);
    }
    Datum *fresh = datum_map(arena, NULL);
    datum_put(arena, fresh, STR("Parameters"), NULL, added);
    ManifestStack stack = work->submitted;
    stack.template_ = fresh;
    work->run.stack = &stack;
    Str error = STR_NONE;
    bool filled = parameters_fill(&work->run, parameters, &error);
    work->run.stack = &work->submitted;
    return filled
               ? RESULT_DONE
               : fail(work, RESULT_UNFIT, error, STR("--parameter NAME=VALUE gives any of them"));
}

static DeployResult place_template(Import *work, CfnChangeSetRequest *request)
{
    Console *console = work->console;
    const CommandContext *context = console->context;
    Str bucket = console->options.asset_bucket;
    if (work->submitted.template_text.len <= ASSETS_LONGEST_BODY) {
        request->template_body = work->submitted.template_text;
        return RESULT_DONE;
    }
    work->setup = (AssetsSetup){.world = console->world,
        .http = context->http,
        .parallel = context->parallel,
        .keys = cred_keys(console->cred),
        .s3 = cred_endpoint_options(console->cred, console->arena, "S3"),
        .cloudfront = cred_endpoint_options(console->cred, console->arena, "CLOUDFRONT"),
        .manifest = console->manifest,
        .root = console->options.root,
        .folder = console->folder,
        .account = console->identity.account,
        .region = cred_region(console->cred),
        .bucket = bucket.len ? bucket : world_env(console->world, "ALTC_ASSET_BUCKET"),
        .listener = &console->listener};
    AssetsResult result = assets_template_url(
        assets_new(console->arena, &work->setup), &work->submitted, &request->template_url);
    return result == ASSETS_DONE        ? RESULT_DONE
           : result == ASSETS_IDENTITY  ? RESULT_IDENTITY
           : result == ASSETS_CANCELLED ? RESULT_DECLINED
           : result == ASSETS_FILES     ? RESULT_UNFIT
                                        : RESULT_REFUSED;
}

static CfnImport *list_imports(const Import *work)
{
    CfnImport *imports = ARENA_ARRAY(work->console->arena, CfnImport, work->targets.len);
    for (size_t i = 0; i < work->targets.len; i++) {
        const ImportTarget *target = &work->targets.items[i];
        imports[i] = (CfnImport){.type = target->type,
            .logical_id = target->logical_id,
            .identifier = target->identifier};
    }
    return imports;
}

// No answer told whether it is made: its name does.
static bool find_change_set(Import *work)
{
    const World *world = work->console->world;
    for (int i = 0; i < MAX_LOOKS; i++) {
        CfnChangeSets sets = {0};
        AwsReply reply = cfn_list_change_sets(
            &work->stack->client, work->console->arena, work->stack->stack->name, &sets);
        for (size_t j = 0; reply.ok && j < sets.len; j++) {
            if (!str_equal(sets.items[j].name, work->token))
                continue;
            work->change_set = sets.items[j].id;
            work->stack->now.id = sets.items[j].stack_id;
            return true;
        }
        world->sleep(world->context, work->deployment.pace.busy);
    }
    return false;
}

static DeployResult request_change_set(Import *work, const CfnChangeSetRequest *request)
{
    Console *console = work->console;
    StageStack *stack = work->stack;
    if (!console_record(console, stack, JOURNAL_CREATE_CHANGE_SET, work->token, STR_NONE))
        return RESULT_UNFIT;
    Str stack_id = STR_NONE;
    AwsReply reply = cfn_create_change_set(
        &stack->client, console->arena, request, &work->change_set, &stack_id);
    bool made = reply.ok || (cfn_is_ambiguous(&reply) && find_change_set(work));
    if (reply.ok)
        stack->now.id = stack_id;
    work->left = !made && cfn_is_ambiguous(&reply);
    console_record(console, stack, JOURNAL_CREATE_CHANGE_SET, work->token,
        made             ? STR("done")
        : reply.code.len ? reply.code
                         : STR("unknown"));
    return made ? RESULT_DONE
                : console_refused(console, stack, "AWS takes no change set for the import", &reply);
}

static DeployResult create_change_set(Import *work)
{
    Console *console = work->console;
    const Manifest *manifest = console->manifest;
    Parameters parameters = {0};
    CfnTexts capabilities = template_capabilities(console->arena, work->submitted.template_);
    CfnChangeSetRequest request = {.stack = work->stack->stack->name,
        .name = work->token,
        .kind = "IMPORT",
        .capabilities = capabilities.items,
        .capability_count = capabilities.len,
        .tags = manifest->tags.items,
        .tag_count = work->deployed ? 0 : manifest->tags.len,
        .has_tags = !work->deployed && manifest->tags.len > 0,
        .role = console->options.role,
        .token = work->token,
        .description = str_format(console->arena, "altc %s, import", ALTC_VERSION),
        .imports = list_imports(work),
        .import_count = work->targets.len};
    DeployResult result = fill_parameters(work, &parameters);
    if (result == RESULT_DONE)
        result = place_template(work, &request);
    if (result != RESULT_DONE)
        return result;
    request.parameters = parameters.items;
    request.parameter_count = parameters.len;
    return request_change_set(work, &request);
}

// ---- waiting and asking ----

static DeployResult not_made(Import *work, Str reason)
{
    work->run.change_set_id = work->change_set;
    if (run_tell_findings(&work->run, "FAIL", NOTICE_PROBLEM))
        return RESULT_REFUSED;
    return fail(work, RESULT_REFUSED,
        str_format(work->console->arena, "AWS refuses the import: %.*s", STR_FMT(reason)),
        STR_NONE);
}

static DeployResult await_change_set(Import *work)
{
    Console *console = work->console;
    const World *world = console->world;
    for (int unseen = 0;;) {
        CfnChangeSet set = {0};
        AwsReply reply =
            cfn_change_set_status(&work->stack->client, console->arena, work->change_set, &set);
        bool passes = cfn_is_ambiguous(&reply) || cfn_is_throttled(&reply) ||
                      (cfn_is_missing(&reply) && ++unseen < MAX_LOOKS);
        if (!reply.ok && !passes)
            return console_refused(console, work->stack, "the change set cannot be read", &reply);
        if (reply.ok && str_is(set.status, "FAILED"))
            return not_made(work, set.reason);
        if (reply.ok && str_is(set.status, "CREATE_COMPLETE"))
            return RESULT_DONE;
        world->sleep(world->context, work->deployment.pace.busy);
        show_tick(console->screen.show);
        if (world->host->cancelled(world->host->context))
            return RESULT_DECLINED;
    }
}

// AWS takes nothing else into a change set of this type; what people are asked about has to be so.
static DeployResult check_changes(Import *work)
{
    Console *console = work->console;
    CfnChangeSet set = {0};
    AwsReply reply = cfn_describe_change_set(
        &work->stack->client, console->arena, work->change_set, false, &set);
    if (!reply.ok)
        return console_refused(console, work->stack, "the change set cannot be read", &reply);
    for (size_t i = 0; i < set.changes.len; i++) {
        const CfnChange *change = &set.changes.items[i];
        if (change->action != CFN_IMPORT)
            return fail(work, RESULT_GUARDED,
                str_format(console->arena, "the import would change '%.*s' as well: %.*s",
                    STR_FMT(change->logical_id), STR_FMT(change->action_text)),
                STR_NONE);
    }
    return RESULT_DONE;
}

static bool confirm(Import *work)
{
    Console *console = work->console;
    size_t count = work->targets.len;
    return console_confirm(console,
        str_format(console->arena,
            "import %zu resource%s into %sstack '%.*s' (%.*s, account %.*s)? [y/N] ", count,
            count == 1 ? "" : "s", work->made_stack ? "the new " : "",
            STR_FMT(work->stack->stack->name), STR_FMT(work->stack->client.region),
            STR_FMT(console->identity.account)),
        STR("yes"));
}

// ---- what is not carried out ----

// A stack that exists only because of our change set goes with it, unless somebody uses it.
static void delete_empty_stack(Import *work)
{
    Console *console = work->console;
    StageStack *stack = work->stack;
    CfnStack now = {0};
    CfnChangeSets sets = {0};
    AwsReply reply = cfn_describe_stack(&stack->client, console->arena, stack->now.id, &now);
    if (!reply.ok || !str_is(now.status, "REVIEW_IN_PROGRESS"))
        return;
    reply = cfn_list_change_sets(&stack->client, console->arena, stack->now.id, &sets);
    bool used = !reply.ok;
    for (size_t i = 0; i < sets.len; i++)
        used = used || !str_equal(sets.items[i].id, work->change_set);
    Str token = console_token(console, "discard");
    if (used || !console_record(console, stack, JOURNAL_DELETE_STACK, work->token, STR_NONE))
        return;
    CfnDeleteRequest request = {.stack = stack->now.id, .token = token};
    reply = cfn_delete_stack(&stack->client, console->arena, &request);
    console_record(
        console, stack, JOURNAL_DELETE_STACK, work->token, reply.ok ? STR("done") : reply.code);
}

static void discard(Import *work)
{
    Console *console = work->console;
    const World *world = console->world;
    AwsReply reply = {0};
    if (!work->change_set.len ||
        !console_record(console, work->stack, JOURNAL_DELETE_CHANGE_SET, work->token, STR_NONE))
        return;
    for (int i = 0; i < MAX_LOOKS && !reply.ok; i++) {
        if (i > 0)
            world->sleep(world->context, work->deployment.pace.busy);
        reply = cfn_delete_change_set(&work->stack->client, console->arena, work->change_set);
    }
    console_record(console, work->stack, JOURNAL_DELETE_CHANGE_SET, work->token,
        reply.ok ? STR("done") : reply.code);
    work->left = !reply.ok;
    if (!reply.ok)
        console_notify(console, work->stack,
            (Notice){.kind = NOTICE_WARNING,
                .text = str_format(console->arena, "change set %.*s stays: %.*s",
                    STR_FMT(work->token), STR_FMT(run_reason(&reply)))});
    if (work->made_stack)
        delete_empty_stack(work);
}

// ---- carrying it out ----

// A lost answer may hide a success: the change set tells.
static bool took_effect(Import *work, const AwsReply *reply)
{
    CfnChangeSet set = {0};
    if (reply->ok)
        return true;
    AwsReply look =
        cfn_change_set_status(&work->stack->client, work->console->arena, work->change_set, &set);
    return look.ok && str_starts(set.execution_status, STR("EXECUTE_"));
}

static DeployResult execute(Import *work, bool *begun)
{
    Console *console = work->console;
    StageStack *stack = work->stack;
    if (!console_record(console, stack, JOURNAL_EXECUTE, work->token, STR_NONE))
        return RESULT_UNFIT;
    AwsReply reply = cfn_execute_change_set(
        &stack->client, console->arena, work->change_set, work->token, false);
    *begun = took_effect(work, &reply);
    console_record(console, stack, JOURNAL_EXECUTE, work->token, *begun ? STR("done") : reply.code);
    if (!*begun)
        return console_refused(console, stack, "AWS does not carry out the import", &reply);
    Attended item = {.stack = stack, .operation = OPERATION_IMPORT, .token = work->token};
    DeployResult result = attend(console, &item, 1);
    attend_release(&item, 1);
    if (result == RESULT_DONE)
        console_notify(console, stack,
            (Notice){.kind = NOTICE_NOTE,
                .text = STR("AWS does not compare what it takes in with the template"),
                .hint = STR("'altc drift' tells what differs; deploy only when that is right")});
    return result;
}

static DeployResult carry_out(Import *work)
{
    Console *console = work->console;
    bool begun = false;
    console_notify(console, work->stack,
        (Notice){.kind = NOTICE_STEP, .text = STR("making a change set for the import")});
    DeployResult result = create_change_set(work);
    if (result == RESULT_DONE)
        result = await_change_set(work);
    if (result == RESULT_DONE)
        result = check_changes(work);
    const World *world = console->world;
    bool fine = result == RESULT_DONE || result == RESULT_DECLINED;
    if (fine && world->host->cancelled(world->host->context))
        result = fail(work, RESULT_DECLINED, STR("interrupted: nothing was changed"), STR_NONE);
    else if (result == RESULT_DONE && !confirm(work))
        result = RESULT_DECLINED;
    if (result == RESULT_DONE)
        result = execute(work, &begun);
    if (!begun)
        discard(work);
    if (result != RESULT_RUNNING && !work->left)
        console_record(console, work->stack, JOURNAL_SETTLED, work->token, notice_result(result));
    return result;
}

static DeployResult import(Import *work)
{
    Console *console = work->console;
    DeployResult (*const STEPS[])(Import *) = {
        choose_stack, judge_status, read_deployed, make_template, identify};
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++) {
        DeployResult result = STEPS[i](work);
        if (result != RESULT_DONE)
            return result;
    }
    for (size_t i = 0; i < work->targets.len; i++)
        show_target(work, &work->targets.items[i]);
    work->token = console_token(console, "import");
    set_up_run(work);
    work->deployment.pace =
        console->options.poll ? pace_scaled(console->options.poll) : pace_default();
    return carry_out(work);
}

int command_import(const CommandContext *context)
{
    Console console;
    Import work = {.console = &console};
    ImportProblem problem = {0};
    const DeployOptions *options = context->options;
    if (!import_read(context->arena, options->resources.items, options->resources.len,
            &work.targets, &problem))
        return command_fail(
            EXIT_TROUBLE, str_format(context->arena, "%.*s%s%.*s", STR_FMT(problem.text),
                              problem.hint.len ? ": " : "", STR_FMT(problem.hint)));
    DeployResult result = console_open(&console, context);
    if (result == RESULT_DONE)
        result = console_lock(&console, "import");
    if (result == RESULT_DONE)
        result = console_look(&console);
    if (result == RESULT_DONE)
        result = import(&work);
    console_close(&console);
    return notice_exit_code(result);
}
