// One stage from start to end.
#include "compiler/eval/evaluate.h"

#include "compiler/eval/eval_priv.h"

Evaluation *evaluation_new(
    Arena *arena, Analysis *analysis, RegexCache *regexes, const EvalOptions *options)
{
    Evaluation *ev = ARENA_NEW(arena, Evaluation);
    ev->arena = arena;
    ev->analysis = analysis;
    ev->program = analysis->program;
    ev->diags = analysis->program->diags;
    ev->regexes = regexes;
    ev->options = *options;
    ev->files = ARENA_ARRAY(arena, Instance *, analysis->program->modules.len + 1);
    StackPart *main_stack = ARENA_NEW(arena, StackPart);
    main_stack->id = STR("main");
    VEC_ADD(arena, &ev->stacks, main_stack);
    return ev;
}

// Every stated field is looked at, also those that nothing asks for.
static void evaluate_app(Evaluation *ev)
{
    const Decl *app = ev->analysis->app;
    for (size_t i = 0; app && i < app->items.len; i++) {
        const Item *item = app->items.items[i];
        if (item->kind == ITEM_ENTRY && item->key->kind == EXPR_NAME)
            evaluation_app_field(ev, item->key->name);
    }
}

void evaluation_run(Evaluation *ev)
{
    if (!ev->program->modules.len)
        return;
    evaluate_app(ev);
    elaborate_program(ev);
}

Value *evaluation_expr(Evaluation *ev, const Module *module, const Expr *expr)
{
    Env env = env_of_file(ev, module);
    return eval_expr(&env, expr);
}

void evaluation_explain_parts(
    Evaluation *ev, const Module *module, const Expr *condition, Diag *diag)
{
    Env env = env_of_file(ev, module);
    eval_explain_parts(&env, condition, diag);
}

// ---- tables that all stages share ----

// @suppress and `with` stand once in the source but are met once a stage: whether they were of
// use is remembered by their place.
static void *by_place(Evaluation *ev, Map *table, Span span, size_t size)
{
    Arena *arena = ev->program->arena;
    Str key = {arena_copy(arena, &span, sizeof span), sizeof span};
    void *found = map_find(table, key);
    if (!found) {
        found = arena_alloc(arena, size);
        map_set(table, arena, key, found);
    }
    return found;
}

const Suppression *suppression_at(Evaluation *ev, Span span, Str code, const Suppression *outer)
{
    bool *used = by_place(ev, &ev->options.shared->suppressions, span, sizeof(bool));
    Suppression *suppression = ARENA_NEW(ev->arena, Suppression);
    *suppression = (Suppression){.code = code, .span = span, .outer = outer, .used = used};
    return suppression;
}

PatchUse *patch_use(Evaluation *ev, const Item *item)
{
    PatchUse *use = by_place(ev, &ev->options.shared->patches, item->span, sizeof *use);
    use->path = item->path->span;
    return use;
}
