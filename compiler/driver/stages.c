// Which stages a command means, and the matrix of all of them.
#include "compiler/driver/driver_priv.h"

bool stage_named_allowed(const Compilation *run, Str name)
{
    for (size_t i = 0; i < run->options.allowed_count; i++)
        if (str_equal(run->options.allowed[i], name))
            return true;
    return false;
}

static void add_stage(Compilation *run, ChosenStages *chosen, const StageDef *def, Str name)
{
    ChosenStage stage = {.def = def, .name = name};
    VEC_ADD(run->arena, chosen, stage);
}

static void report_unknown(Compilation *run, Str name)
{
    Diag *diag = diag_add(run->diags, DIAG_UNKNOWN_STAGE, (Span){0}, name, DIAG_END);
    VEC(Str) names = {0};
    for (size_t i = 0; i < run->analysis->stages.len; i++) {
        const StageDef *def = &run->analysis->stages.items[i];
        VEC_ADD(run->arena, &names, def->name);
        for (size_t a = 0; a < def->aliases.len; a++)
            VEC_ADD(run->arena, &names, def->aliases.items[a]);
    }
    diag_did_you_mean(
        run->diags, diag, (Span){0}, stage_normalise(run->arena, name), names.items, names.len);
}

static void choose_named(Compilation *run, ChosenStages *chosen, Str asked)
{
    const StageDef *def = stage_find(run->analysis, run->arena, asked);
    if (!def) {
        report_unknown(run, asked);
        return;
    }
    Str name = def->is_pattern ? stage_normalise(run->arena, asked) : def->name;
    if (def->retired.len) {
        diag_add(run->diags, DIAG_RETIRED_STAGE, (Span){0}, def->name, def->retired, DIAG_END);
        return;
    }
    bool needs_allow = def->hatch_of.len && !run->options.check_only && !run->options.reads_only;
    if (needs_allow && !stage_named_allowed(run, name)) {
        diag_add(run->diags, DIAG_HATCH_NEEDS_ALLOW, (Span){0}, name, def->hatch_of, DIAG_END);
        return;
    }
    add_stage(run, chosen, def, name);
}

static void choose_all(Compilation *run, ChosenStages *chosen)
{
    for (size_t i = 0; i < run->analysis->stages.len; i++) {
        const StageDef *def = &run->analysis->stages.items[i];
        if (!def->is_pattern && !def->retired.len)
            add_stage(run, chosen, def, def->name);
    }
}

// `defaultStage` says nothing that depends on a stage, so any will do to read it.
static Str default_stage(Compilation *run)
{
    Arena *arena = arena_new();
    EvalOptions options = {
        .shared = &run->shared,
        .stage = &run->analysis->stages.items[0],
        .stage_name = run->analysis->stages.items[0].name,
        .settings = run->options.settings,
        .setting_count = run->options.setting_count,
    };
    Evaluation *ev = evaluation_new(arena, run->analysis, run->session->regexes, &options);
    ev->diags = diag_sink_new(arena);
    Str name = evaluation_app_text(ev, "defaultStage");
    name = name.ptr ? str_copy(run->arena, name) : STR_NONE;
    arena_free(arena);
    return name;
}

static void choose_default(Compilation *run, ChosenStages *chosen)
{
    Str name = default_stage(run);
    if (name.ptr) {
        choose_named(run, chosen, name);
        return;
    }
    const StageDef *first = &run->analysis->stages.items[0];
    if (run->analysis->stages.len == 1 && !first->is_pattern) {
        add_stage(run, chosen, first, first->name);
        return;
    }
    diag_add(run->diags, DIAG_NO_DEFAULT_STAGE, (Span){0},
        str_format(run->arena, "%zu stages", run->analysis->stages.len), DIAG_END);
}

ChosenStages choose_stages(Compilation *run)
{
    ChosenStages chosen = {0};
    if (run->options.choice == STAGES_NAMED)
        choose_named(run, &chosen, run->options.stage);
    else if (run->options.choice == STAGES_ALL)
        choose_all(run, &chosen);
    else
        choose_default(run, &chosen);
    return chosen;
}

// ---- the matrix ----

Str join_texts(Arena *arena, const Str *items, size_t count)
{
    Buf out;
    buf_init(&out, 0);
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_add_text(&out, ", ");
        buf_add(&out, items[i]);
    }
    Str text = buf_copy(&out, arena);
    buf_release(&out);
    return text;
}

Str stage_attributes(Compilation *run, const StageDef *def)
{
    Buf out;
    buf_init(&out, 0);
    for (size_t i = 0; def->entry && i < def->entry->items.len; i++) {
        const Item *item = def->entry->items.items[i];
        bool own = item->kind == ITEM_ENTRY && item->key->kind == EXPR_NAME &&
                   (str_is(item->key->name, "aliases") || str_is(item->key->name, "hatchOf") ||
                       str_is(item->key->name, "retired"));
        if (own || item->kind != ITEM_ENTRY)
            continue;
        Str value = source_slice(run->sources, item->value->span);
        if (item->value->kind == EXPR_STRING && value.len >= 2)
            value = str_slice(value, 1, value.len - 1);
        buf_add_format(&out, "%s%.*s: %.*s", out.len ? ", " : "",
            STR_FMT(source_slice(run->sources, item->key->span)), STR_FMT(value));
    }
    Str text = buf_copy(&out, run->arena);
    buf_release(&out);
    return text;
}

static void add_once(Arena *arena, StageRow *row, Str family)
{
    for (size_t i = 0; i < row->families.len; i++)
        if (str_equal(row->families.items[i], family))
            return;
    VEC_ADD(arena, &row->families, str_copy(arena, family));
}

// A family is the file that gives a stage its resources: one file a surface.
static Str family_of(const Compilation *run, const Resource *resource)
{
    Str name = source_name(run->sources, resource->decl->span.file);
    const Instance *owner = resource->owner;
    if (owner->decl) {
        while (owner->owner && owner->owner->decl)
            owner = owner->owner;
        name = source_name(run->sources, owner->decl->span.file);
    }
    size_t start = name.len;
    while (start > 0 && name.ptr[start - 1] != '/')
        start--;
    name = str_slice(name, start, name.len);
    return str_ends(name, STR(".alt")) ? str_slice(name, 0, name.len - 4) : name;
}

static void fill_from_stage(Compilation *run, StageRow *row, const StageDef *def)
{
    StageResult result = compile_stage(run, def, def->name, NULL, run->diags);
    Evaluation *ev = result.evaluation;
    for (size_t i = 0; i < ev->resources.len; i++) {
        const Resource *resource = ev->resources.items[i];
        // The deployer's own work is no resource of the stack.
        if (!str_starts(resource->type, STR("Alt::")))
            row->resources++;
        add_once(run->arena, row, family_of(run, resource));
    }
    for (size_t i = 0; i < run->claims.len; i++)
        if (run->claims.items[i].stage == def)
            VEC_ADD(run->arena, &row->hosts, run->claims.items[i].host);
    arena_free(result.arena);
}

const StageMatrix *compilation_matrix(Compilation *run)
{
    if (run->matrix)
        return run->matrix;
    run->matrix = ARENA_NEW(run->arena, StageMatrix);
    run->shares = true;
    for (size_t i = 0; !run->broken && i < run->analysis->stages.len; i++) {
        const StageDef *def = &run->analysis->stages.items[i];
        StageRow row = {
            .name = def->name,
            .aliases = join_texts(run->arena, def->aliases.items, def->aliases.len),
            .attributes = stage_attributes(run, def),
            .hatch_of = def->hatch_of.len ? def->hatch_of : STR(""),
            .retired = def->retired.len ? def->retired : STR(""),
            .is_pattern = def->is_pattern,
        };
        if (!def->is_pattern && !def->retired.len)
            fill_from_stage(run, &row, def);
        VEC_ADD(run->arena, &run->matrix->rows, row);
    }
    diag_forget_common_stages(run->diags, run->analysis->stages.len);
    return run->matrix;
}
