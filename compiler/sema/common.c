// Which values are the same in every stage: those whose making names nothing that differs between
// stages, nor another value that does.
#include "compiler/sema/sema_priv.h"

// ---- what a declaration is by itself ----

// Which file holds the settings' values may depend on the stage.
static bool settings_differ(const Sema *sema)
{
    const Decl *app = sema->analysis->app;
    const Expr *values = app ? items_find(&app->items, "values") : NULL;
    Str text;
    return values && !expr_plain_text(values, &text);
}

static bool is_of_stage(const Walk *walk, const Decl *decl)
{
    if (walk->scope->kind == SCOPE_COMPONENT)
        return true;
    switch (decl->kind) {
    case DECL_VAR:
        return items_find(&decl->items, "secret") || settings_differ(walk->sema);
    case DECL_LET:
    case DECL_FN:
    case DECL_TYPE:
    case DECL_STAGES:
    case DECL_FOR:
    case DECL_IF:
        return false;
    default:
        return true;
    }
}

static void add_user(const Walk *walk, StageUse *used)
{
    if (!walk->maker->of_stage)
        VEC_ADD(walk->sema->arena, &used->users, walk->maker);
}

Walk common_walk(const Walk *walk, const Decl *decl)
{
    Walk inner = *walk;
    inner.maker = &walk->state->stage_uses[decl->id];
    inner.maker->of_stage |= is_of_stage(walk, decl);
    if (walk->block && walk->block->decl)
        add_user(&inner, &walk->state->stage_uses[walk->block->decl->id]);
    return inner;
}

// ---- what it names ----

void common_use(const Walk *walk, const Decl *used)
{
    ModuleState *state = used ? sema_state_at(walk->sema, used->span) : NULL;
    if (state)
        add_user(walk, &state->stage_uses[used->id]);
}

// Functions that look at what the stage makes, or at what the program says of its template.
static bool looks_at_stage(Str function)
{
    return lookup_is_of_tests(function) || str_is(function, "zip") ||
           str_is(function, "toJsonString");
}

void common_use_name(const Walk *walk, const Symbol *symbol)
{
    if (!symbol)
        return;
    switch (symbol->kind) {
    case SYMBOL_DECL:
        common_use(walk, symbol->decl);
        break;
    case SYMBOL_GIVEN:
        if (symbol->given == GIVEN_STAGES)
            common_use(walk, walk->sema->stages_decl);
        else
            walk->maker->of_stage = true;
        break;
    case SYMBOL_BUILTIN:
        walk->maker->of_stage |= looks_at_stage(symbol->name);
        break;
    default:
        break;
    }
}

// ---- the answers ----

static void spread(Sema *sema)
{
    VEC(StageUse *) found = {0};
    for (size_t m = 0; m < sema->program->modules.len; m++)
        for (size_t i = 0; i < sema->program->modules.items[m]->tree->decl_count; i++)
            if (sema->states[m].stage_uses[i].of_stage)
                VEC_ADD(sema->arena, &found, &sema->states[m].stage_uses[i]);
    for (size_t i = 0; i < found.len; i++)
        for (size_t u = 0; u < found.items[i]->users.len; u++) {
            StageUse *user = found.items[i]->users.items[u];
            if (!user->of_stage)
                VEC_ADD(sema->arena, &found, user);
            user->of_stage = true;
        }
}

void common_settle(Sema *sema)
{
    spread(sema);
    for (size_t m = 0; m < sema->program->modules.len; m++) {
        const Scope *scope = sema->analysis->modules[m].scope;
        for (size_t i = 0; i < scope->symbols.len; i++) {
            Symbol *symbol = scope->symbols.items[i];
            bool has_value = symbol->kind == SYMBOL_DECL &&
                             (symbol->decl->kind == DECL_LET || symbol->decl->kind == DECL_VAR);
            symbol->is_common = has_value && !sema->states[m].stage_uses[symbol->decl->id].of_stage;
        }
    }
}
