#include "compiler/driver/altc.h"

#include <stdlib.h>

#include "compiler/check/check.h"
#include "compiler/data/data.h"
#include "compiler/driver/driver_priv.h"
#include "compiler/sema/sema.h"

// ---- session ----

Session *session_new(const Host *host)
{
    Session *session = base_alloc(sizeof *session);
    *session = (Session){
        .host = host,
        .regexes = regex_cache_new(),
        .schema = schema_builtin(),
        .arena = arena_new(),
    };
    return session;
}

void session_free(Session *session)
{
    if (!session)
        return;
    regex_cache_free(session->regexes);
    arena_free(session->arena);
    free(session);
}

// ---- one stage ----

static Datum *parse_values(Compilation *run, FileId file, Str name)
{
    DataContext context = {.arena = run->arena, .sources = run->sources, .diags = run->diags};
    bool yaml = str_ends(name, STR(".yaml")) || str_ends(name, STR(".yml"));
    Datum *values = yaml ? data_read_yaml(&context, file) : data_read_json(&context, file);
    if (values && values->kind != DATUM_MAP) {
        diag_add(run->diags, DIAG_VALUES_FILE, values->origin->span,
            str_of(values->kind == DATUM_LIST ? "a list" : "a single value"), DIAG_END);
        return NULL;
    }
    return values;
}

enum { LARGEST_VALUES = 4 * 1024 * 1024 };

static Datum *given_values(Compilation *run)
{
    const Host *host = run->session->host;
    Str path = run->options.values_file;
    FileResult result = host->read_file(host->context, run->arena, path, LARGEST_VALUES);
    if (result.status != FILE_OK) {
        diag_add(run->diags, DIAG_CANNOT_READ_FILE, (Span){0}, path, result.error, DIAG_END);
        return NULL;
    }
    return parse_values(run, sources_add(run->sources, path, result.text), path);
}

Datum *stage_values(Compilation *run, Evaluation *ev)
{
    if (run->options.values_file.len)
        return given_values(run);
    Str path = evaluation_app_text(ev, "values");
    if (!path.ptr || !path.len)
        return NULL;
    FileId file = 0;
    bool missing = false;
    if (!program_read_optional(
            run->program, path, run->analysis->app->span, LARGEST_VALUES, &file, &missing))
        return NULL;
    return parse_values(run, file, path);
}

static void check_stacks(Compilation *run, const StageResult *result, DiagSink *diags)
{
    Arena *scratch = arena_new();
    CheckContext context = {
        .arena = scratch,
        .diags = diags,
        .regexes = run->session->regexes,
        .schema = run->session->schema,
    };
    for (size_t i = 0; i < result->model->stacks.len; i++)
        check_template(&context, result->model->stacks.items[i]);
    check_stage(&context, result->model);
    arena_free(scratch);
}

EvalOptions stage_options(
    Compilation *run, const StageDef *stage, Str name, const EvalOptions *extra)
{
    EvalOptions options = extra ? *extra : (EvalOptions){0};
    options.shared = &run->shared;
    options.stage = stage;
    options.stage_name = name;
    options.allowed = run->options.allowed;
    options.allowed_count = run->options.allowed_count;
    if (!extra) {
        options.settings = run->options.settings;
        options.setting_count = run->options.setting_count;
    }
    return options;
}

// The first of several stages makes what all of them share.
static void share_values(Compilation *run, Evaluation *ev)
{
    if (!run->common) {
        run->common_arena = arena_new();
        run->common = evaluation_common(
            run->common_arena, run->analysis, run->session->regexes, &ev->options);
        run->common->diags = run->diags;
    }
    ev->options.common = run->common;
}

StageResult compile_stage(
    Compilation *run, const StageDef *stage, Str name, const EvalOptions *extra, DiagSink *diags)
{
    StageResult result = {.arena = arena_new()};
    EvalOptions options = stage_options(run, stage, name, extra);
    Evaluation *ev = evaluation_new(result.arena, run->analysis, run->session->regexes, &options);
    ev->diags = diags;
    result.evaluation = ev;
    diag_set_stage(diags, name);
    if (!options.empty_environment)
        ev->options.values = stage_values(run, ev);
    if (run->shares && !extra)
        share_values(run, ev);
    evaluation_run(ev);
    result.model = lower_stage(ev, run->session->schema);
    check_claims(run, &result, diags);
    // What a limit cut off proves nothing.
    if (!ev->stopped)
        check_stacks(run, &result, diags);
    diag_set_stage(diags, STR_NONE);
    return result;
}

// ---- settings ----

static bool program_has_var(const Compilation *run, Str name)
{
    size_t open = str_find(name, STR("["), 0);
    Str base = open == SIZE_MAX ? name : str_slice(name, 0, open);
    for (size_t i = 0; i < run->program->modules.len; i++) {
        const Symbol *symbol = map_find(&run->analysis->modules[i].scope->names, base);
        if (symbol && symbol->kind == SYMBOL_DECL && symbol->decl->kind == DECL_VAR)
            return true;
    }
    return false;
}

static void suggest_vars(Compilation *run, Diag *diag, Str name)
{
    VEC(Str) names = {0};
    for (size_t i = 0; i < run->program->modules.len; i++) {
        const Scope *scope = run->analysis->modules[i].scope;
        for (size_t s = 0; s < scope->symbols.len; s++)
            if (scope->symbols.items[s]->decl && scope->symbols.items[s]->decl->kind == DECL_VAR)
                VEC_ADD(run->arena, &names, scope->symbols.items[s]->name);
    }
    diag_did_you_mean(run->diags, diag, (Span){0}, name, names.items, names.len);
}

static void check_settings(Compilation *run)
{
    for (size_t i = 0; i < run->options.setting_count; i++) {
        Str name = run->options.settings[i].name;
        if (program_has_var(run, name))
            continue;
        Diag *diag = diag_add(run->diags, DIAG_SETTING_WITHOUT_VAR, (Span){0}, name, DIAG_END);
        suggest_vars(run, diag, name);
    }
}

static void check_values(Compilation *run, const Datum *values)
{
    for (size_t i = 0; values && i < values->entries.len; i++) {
        const DatumEntry *entry = &values->entries.items[i];
        if (program_has_var(run, entry->key))
            continue;
        Span span = entry->origin ? entry->origin->span : (Span){0};
        Diag *diag = diag_add(run->diags, DIAG_UNKNOWN_VALUE, span, entry->key, DIAG_END);
        suggest_vars(run, diag, entry->key);
    }
}

// ---- the compilation ----

static bool has_errors(const Compilation *run)
{
    return diag_error_count(run->diags) > 0;
}

Compilation *compilation_open(Session *session, const CompileOptions *options)
{
    Arena *arena = arena_new();
    Compilation *run = ARENA_NEW(arena, Compilation);
    run->session = session;
    run->arena = arena;
    run->options = *options;
    run->sources = sources_new(arena);
    run->diags = diag_sink_new(arena);
    ProgramOptions program_options = {
        .file = options->file, .has_text = options->has_text, .text = options->text};
    run->program = program_load(arena, session->host, run->sources, run->diags, &program_options);
    if (!run->program->modules.len) {
        run->broken = true;
        return run;
    }
    // What a wrong text hides would be reported as unknown: names wait until it is mended.
    run->broken = has_errors(run);
    run->analysis = sema_analyse(arena, run->program);
    run->broken = run->broken || run->analysis->recurs;
    diag_settle(run->diags);
    return run;
}

static void report_unused_suppressions(Compilation *run)
{
    Map *table = &run->shared.suppressions;
    for (size_t i = 0; i < table->cap; i++) {
        const MapSlot *slot = &table->slots[i];
        if (!slot->value || *(const bool *)slot->value)
            continue;
        Span span;
        memcpy(&span, slot->key.ptr, sizeof span);
        diag_add(run->diags, DIAG_SUPPRESS_UNUSED, span, DIAG_END);
    }
}

// A library file holds nothing by itself, so only what is to be written is looked at.
static void report_empty(Compilation *run, const StageResult *result)
{
    const Evaluation *ev = result->evaluation;
    if (ev->resources.len || has_errors(run))
        return;
    const StageEntry *entry = ev->options.stage->entry;
    Span span = entry ? entry->name.span : (Span){.file = run->program->modules.items[0]->file};
    Str stage = ev->options.stage_name;
    diag_add(run->diags, DIAG_STAGE_IS_EMPTY, span,
        stage.len ? str_format(run->arena, "the stage '%.*s'", STR_FMT(stage)) : STR("the program"),
        DIAG_END);
}

static void report_unused_patches(Compilation *run)
{
    Map *table = &run->shared.patches;
    for (size_t i = 0; i < table->cap; i++) {
        const PatchUse *use = table->slots[i].value;
        if (use && !use->used)
            diag_add(run->diags, DIAG_WITH_CHANGES_NOTHING, use->path,
                source_slice(run->sources, use->path), DIAG_END);
    }
}

// To the caller, or kept until compilation_free.
static void hand_over(Compilation *run, StageResult result)
{
    if (!run->options.take_stage) {
        VEC_ADD(run->arena, &run->stages, result);
        return;
    }
    if (!has_errors(run))
        run->options.take_stage(run->options.take_context, run, result.model);
    arena_free(result.arena);
}

static void compile_stages(Compilation *run, const ChosenStages *chosen)
{
    for (size_t i = 0; i < chosen->len; i++) {
        StageResult result =
            compile_stage(run, chosen->items[i].def, chosen->items[i].name, NULL, run->diags);
        if (i == 0)
            check_values(run, result.evaluation->options.values);
        if (run->options.check_only) {
            arena_free(result.arena);
            continue;
        }
        report_empty(run, &result);
        bool hatch = chosen->items[i].def->hatch_of.len > 0 && run->options.choice == STAGES_ALL;
        if (hatch && !run->options.reads_only && !stage_named_allowed(run, chosen->items[i].name)) {
            const StageEntry *entry = chosen->items[i].def->entry;
            diag_add(
                run->diags, DIAG_HATCH_LEFT_OUT, entry->name.span, chosen->items[i].name, DIAG_END);
            arena_free(result.arena);
            continue;
        }
        hand_over(run, result);
    }
    bool all = run->options.choice == STAGES_ALL || run->analysis->stages.len == 1;
    if (all && !has_errors(run)) {
        report_unused_suppressions(run);
        report_unused_patches(run);
    }
    diag_forget_common_stages(run->diags, chosen->len);
}

Compilation *compile(Session *session, const CompileOptions *options)
{
    Compilation *run = compilation_open(session, options);
    if (run->broken)
        return run;
    check_settings(run);
    ChosenStages chosen = choose_stages(run);
    collect_claims(run, NULL, run->diags);
    run->shares = chosen.len > 1;
    compile_stages(run, &chosen);
    return run;
}

void compilation_free(Compilation *run)
{
    if (!run)
        return;
    for (size_t i = 0; i < run->stages.len; i++)
        arena_free(run->stages.items[i].arena);
    arena_free(run->common_arena);
    arena_free(run->arena);
}

// ---- answers ----

DiagSink *compilation_diags(Compilation *run)
{
    return run->diags;
}

Sources *compilation_sources(Compilation *run)
{
    return run->sources;
}

bool compilation_ok(const Compilation *run)
{
    return diag_error_count(run->diags) == 0;
}

size_t compilation_stage_count(const Compilation *run)
{
    return run->stages.len;
}

const StageModel *compilation_stage(const Compilation *run, size_t index)
{
    return run->stages.items[index].model;
}

size_t compilation_input_count(const Compilation *run)
{
    return run->program->inputs.len;
}

Str compilation_input(const Compilation *run, size_t index)
{
    return run->program->inputs.items[index].path;
}

Str compilation_root(const Compilation *run)
{
    return run->program->root;
}
