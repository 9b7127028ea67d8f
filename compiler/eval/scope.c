// Instances of scopes, their blocks for this stage, and the values behind names.
#include "compiler/eval/eval_priv.h"

// ---- instances ----

Instance *instance_new(Evaluation *ev, Scope *scope)
{
    Instance *instance = ARENA_NEW(ev->arena, Instance);
    instance->evaluation = ev;
    instance->scope = scope;
    instance->slots = ARENA_ARRAY(ev->arena, Slot, scope->slot_count + 1);
    instance->inputs = ARENA_ARRAY(ev->arena, InputCell, scope->slot_count + 1);
    instance->runs = ARENA_ARRAY(ev->arena, BlockRun *, scope->block_count + 1);
    return instance;
}

Instance *instance_of_file(Evaluation *ev, const Module *module)
{
    Instance **file = &ev->files[module->index];
    if (!*file) {
        *file = instance_new(ev, ev->analysis->modules[module->index].scope);
        (*file)->stack = ev->stacks.items[0];
    }
    return *file;
}

Env env_of_run(Instance *instance, BlockRun *run)
{
    return (Env){
        .ev = instance->evaluation,
        .module = instance->scope->module,
        .instance = instance,
        .run = run,
        .via = instance->via,
        .via_name = instance->name,
    };
}

void env_inherit(Env *inner, const Env *outer)
{
    inner->via = outer->via;
    inner->via_name = outer->via_name;
}

Env env_of_file(Evaluation *ev, const Module *module)
{
    return env_of_run(instance_of_file(ev, module), NULL);
}

// ---- cycles ----

// From what is asked for again, step by step, back to it.
static void explain_cycle(Evaluation *ev, Diag *diag, const Active *first, const Active *last)
{
    size_t count = 0;
    for (const Active *step = ev->active; step != first; step = step->outer)
        count++;
    const Active **steps = ARENA_ARRAY(ev->arena, const Active *, count + 1);
    size_t at = count;
    for (const Active *step = ev->active; step != first; step = step->outer)
        steps[--at] = step;
    steps[count] = last;
    for (size_t i = 0; i <= count; i++) {
        Str user = i ? steps[i - 1]->name : first->name;
        diag_note(ev->diags, diag, steps[i]->span, "'%.*s' needs '%.*s'", STR_FMT(user),
            STR_FMT(steps[i]->name));
    }
}

bool eval_enter(Evaluation *ev, Active *active)
{
    for (const Active *other = ev->active; other; other = other->outer) {
        if (other->what != active->what)
            continue;
        Diag *diag = diag_add(ev->diags, DIAG_CYCLE, other->span, other->name, DIAG_END);
        explain_cycle(ev, diag, other, active);
        return false;
    }
    active->outer = ev->active;
    ev->active = active;
    return true;
}

void eval_leave(Evaluation *ev, const Active *active)
{
    ev->active = (Active *)(uintptr_t)active->outer;
}

// ---- blocks ----

static StackPart *stack_of_block(const Env *env, const Decl *decl, StackPart *around)
{
    Evaluation *ev = env->ev;
    Value *region = NULL;
    if (decl->value) {
        region = eval_known(env, decl->value, "a stack's region");
        if (value_is_error(region))
            return around;
        Str home = evaluation_app_text(ev, "region");
        if (home.ptr && str_equal(home, value_scalar_text(region)))
            return around;
    }
    for (size_t i = 0; i < ev->stacks.len; i++)
        if (str_equal(ev->stacks.items[i]->id, decl->name.text))
            return ev->stacks.items[i];
    StackPart *stack = ARENA_NEW(ev->arena, StackPart);
    *stack = (StackPart){
        .id = decl->name.text, .region = region, .span = decl->name.span, .index = ev->stacks.len};
    VEC_ADD(ev->arena, &ev->stacks, stack);
    return stack;
}

static BlockRun *run_inside(Instance *instance, const Block *block, BlockRun *parent)
{
    BlockRun *run = ARENA_NEW(instance->evaluation->arena, BlockRun);
    *run = (BlockRun){.block = block,
        .instance = instance,
        .parent = parent,
        .live = parent ? parent->live : true,
        .condition = parent ? parent->condition : instance->condition,
        .stack = parent ? parent->stack : instance->stack,
        .each = parent ? parent->each : instance->each};
    return run;
}

static void decide_if(const Env *env, BlockRun *run)
{
    const Expr *asked = run->block->decl->value;
    Value *truth = eval_truth(env, eval_expr(env, asked), asked->span);
    bool is_else = run->block->kind == BLOCK_ELSE;
    if (value_is_error(truth)) {
        run->live = false;
    } else if (truth->kind == VALUE_BOOL) {
        run->live = truth->boolean != is_else;
    } else {
        if (is_else)
            truth = eval_not(env, truth->origin, truth);
        run->condition = eval_and(env, truth->origin, run->condition, truth);
    }
}

static void decide_run(const Env *env, BlockRun *run)
{
    switch (run->block->kind) {
    case BLOCK_ON:
        run->live = stage_in(&run->block->decl->on, env->ev->options.stage->name);
        break;
    case BLOCK_THEN:
    case BLOCK_ELSE:
        decide_if(env, run);
        break;
    case BLOCK_STACK:
        run->stack = stack_of_block(env, run->block->decl, run->stack);
        break;
    case BLOCK_ROOT:
    case BLOCK_FOR:
        break;
    }
}

typedef struct Iterations {
    Instance *instance;
    const Block *block;
    BlockRun *parent;
    RunList *runs;
} Iterations;

static void add_iteration(
    const Iterations *turns, Value *first, Value *second, bool index_is_no_key)
{
    BlockRun *run = run_inside(turns->instance, turns->block, turns->parent);
    run->first = first;
    run->second = second;
    run->index_is_no_key = index_is_no_key;
    VEC_ADD(turns->instance->evaluation->arena, turns->runs, run);
}

static bool iteration_wanted(const Env *env, const Iterations *turns, Value *first, Value *second)
{
    const ForHead *head = turns->block->decl->head;
    if (!head->filter)
        return true;
    BlockRun *trial = run_inside(turns->instance, turns->block, turns->parent);
    trial->first = first;
    trial->second = second;
    Env inner = *env;
    inner.run = trial;
    Value *keep = eval_truth(
        &inner, eval_known(&inner, head->filter, "the filter of a loop"), head->filter->span);
    return keep->kind == VALUE_BOOL && keep->boolean;
}

static void iterate_known(const Env *env, const Iterations *turns, const Value *subject)
{
    Arena *arena = env->ev->arena;
    bool pairs = turns->block->decl->head->second.text.len > 0;
    bool is_map = subject->kind == VALUE_MAP;
    size_t count = is_map ? subject->map.entries.len : subject->list.len;
    for (size_t i = 0; i < count && !env->ev->stopped; i++) {
        Value *item = is_map ? subject->map.entries.items[i].value : subject->list.items[i];
        Value *index = NULL;
        if (pairs && is_map)
            index = value_string(
                arena, subject->map.entries.items[i].origin, subject->map.entries.items[i].key);
        else if (pairs)
            index = value_int(arena, item->origin, (int64_t)i);
        Value *first = pairs ? index : item;
        Value *second = pairs ? item : NULL;
        if (iteration_wanted(env, turns, first, second))
            add_iteration(turns, first, second, pairs && !is_map);
    }
}

static void iterate_for_each(const Env *env, const Iterations *turns, Value *subject)
{
    Arena *arena = env->ev->arena;
    const ForHead *head = turns->block->decl->head;
    Value *variable = value_deploy(arena, eval_origin(env, head->first.span), DEPLOY_REF);
    variable->deploy->text = head->first.text;
    add_iteration(turns, variable, NULL, false);
    ForEach *each = ARENA_NEW(arena, ForEach);
    BlockRun *run = turns->runs->items[turns->runs->len - 1];
    *each = (ForEach){.variable = head->first.text, .subject = subject, .outer = run->each};
    run->each = each;
}

static void iterate(const Env *env, const Iterations *turns)
{
    const ForHead *head = turns->block->decl->head;
    Value *subject = eval_expr(env, head->subject);
    if (subject->kind == VALUE_LIST || subject->kind == VALUE_MAP) {
        iterate_known(env, turns, subject);
    } else if (subject->kind == VALUE_DEPLOY && !head->second.text.len && !head->filter) {
        iterate_for_each(env, turns, subject);
    } else if (!value_is_error(subject)) {
        Diag *diag = diag_add(env->ev->diags, DIAG_CANNOT_LOOP, head->subject->span,
            value_describe(env->ev->arena, subject), DIAG_END);
        eval_explain(env, diag);
    }
}

static void add_runs_below(Instance *instance, const Block *block, BlockRun *parent, RunList *runs)
{
    for (size_t i = 0; i < parent->children.len; i++)
        if (parent->children.items[i]->block == block) {
            VEC_ADD(instance->evaluation->arena, runs, parent->children.items[i]);
            if (block->kind != BLOCK_FOR)
                return;
        }
}

static void make_runs_below(Instance *instance, const Block *block, BlockRun *parent, RunList *runs)
{
    Evaluation *ev = instance->evaluation;
    Env env = env_of_run(instance, parent);
    RunList made = {0};
    Active active = {.name = block->decl->keyword.text,
        .span = block->decl->keyword.span,
        .what = (const char *)parent + block->index % sizeof *parent};
    if (!eval_enter(ev, &active))
        return;
    if (block->kind == BLOCK_FOR) {
        Iterations turns = {instance, block, parent, &made};
        iterate(&env, &turns);
    } else {
        BlockRun *run = run_inside(instance, block, parent);
        decide_run(&env, run);
        VEC_ADD(ev->arena, &made, run);
    }
    eval_leave(ev, &active);
    for (size_t i = 0; i < made.len; i++) {
        VEC_ADD(ev->arena, &parent->children, made.items[i]);
        VEC_ADD(ev->arena, runs, made.items[i]);
    }
}

// Is the block inside a loop, so that there may be several of it?
static bool in_loop(const Block *block)
{
    for (; block; block = block->parent)
        if (block->kind == BLOCK_FOR)
            return true;
    return false;
}

void block_runs_below(Instance *instance, const Block *block, BlockRun *parent, RunList *runs)
{
    size_t before = runs->len;
    add_runs_below(instance, block, parent, runs);
    if (runs->len == before)
        make_runs_below(instance, block, parent, runs);
    if (!in_loop(block) && runs->len == before + 1)
        instance->runs[block->index] = runs->items[before];
}

void block_runs(Instance *instance, const Block *block, RunList *runs)
{
    Evaluation *ev = instance->evaluation;
    BlockRun **known = in_loop(block) ? NULL : &instance->runs[block->index];
    if (known && *known) {
        if ((*known)->live)
            VEC_ADD(ev->arena, runs, *known);
        return;
    }
    if (block->kind == BLOCK_ROOT) {
        *known = run_inside(instance, block, NULL);
        VEC_ADD(ev->arena, runs, *known);
        return;
    }
    RunList parents = {0}, all = {0};
    block_runs(instance, block->parent, &parents);
    for (size_t i = 0; i < parents.len; i++)
        block_runs_below(instance, block, parents.items[i], &all);
    for (size_t i = 0; i < all.len; i++)
        if (all.items[i]->live)
            VEC_ADD(ev->arena, runs, all.items[i]);
}

// ---- declarations ----

bool symbol_is_keyed(const Symbol *symbol)
{
    return symbol->kind == SYMBOL_DECL && (symbol->decl->key || in_loop(symbol->block));
}

static void add_cell(Instance *instance, Slot *slot, BlockRun *run, Str key)
{
    Cell *cell = ARENA_NEW(instance->evaluation->arena, Cell);
    *cell = (Cell){.run = run, .key = key};
    VEC_ADD(instance->evaluation->arena, &slot->cells, cell);
}

static const Expr *loop_name(const Env *env, const Expr *key, Symbol **symbol)
{
    if (key->kind != EXPR_NAME)
        return NULL;
    *symbol = env->ev->analysis->modules[env->module->index].expr_symbols[key->id];
    return *symbol && (*symbol)->kind == SYMBOL_LOCAL && (*symbol)->loop ? key : NULL;
}

// An index changes when the list does: as a key it would rename what is deployed.
static bool key_is_stable(const Env *env, const Expr *key)
{
    Symbol *symbol;
    if (!loop_name(env, key, &symbol) || symbol->is_second)
        return true;
    for (const BlockRun *run = env->run; run; run = run->parent)
        if (run->block == symbol->loop)
            return !run->index_is_no_key;
    return true;
}

// What is known of a key in a loop that CloudFormation runs: "dev" of "${tier}${Name}".
static Str known_part(const Env *env, const Value *key)
{
    Str text = value_scalar_text(key);
    if (text.ptr || key->kind != VALUE_DEPLOY || key->deploy->op != DEPLOY_SUB)
        return text.ptr ? text : STR("");
    Str all = STR("");
    for (size_t i = 0; i < key->deploy->args.len; i++)
        all = str_format(env->ev->arena, "%.*s%.*s", STR_FMT(all),
            STR_FMT(known_part(env, key->deploy->args.items[i])));
    return all;
}

static Str key_text(const Env *env, const Symbol *symbol)
{
    const Decl *decl = symbol->decl;
    if (!decl->key)
        return STR_NONE; // reported by sema
    if (!key_is_stable(env, decl->key)) {
        diag_add(env->ev->diags, DIAG_INDEX_IS_NO_KEY, decl->key->span, symbol->name, DIAG_END);
        return STR_NONE;
    }
    if (env->run && env->run->each)
        return known_part(env, eval_expr(env, decl->key));
    return eval_known_text(env, decl->key, "a key");
}

static void list_keyed(Instance *instance, const Symbol *symbol, Slot *slot)
{
    Evaluation *ev = instance->evaluation;
    RunList runs = {0};
    block_runs(instance, symbol->block, &runs);
    for (size_t i = 0; i < runs.len; i++) {
        Env env = env_of_run(instance, runs.items[i]);
        Str key = key_text(&env, symbol);
        if (!key.ptr)
            continue;
        if (map_find(&slot->by_key, key)) {
            Diag *diag = diag_add(
                ev->diags, DIAG_KEY_TWICE, symbol->decl->name.span, symbol->name, key, DIAG_END);
            eval_explain(&env, diag);
            continue;
        }
        add_cell(instance, slot, runs.items[i], key);
        map_set(&slot->by_key, ev->arena, key, slot->cells.items[slot->cells.len - 1]);
    }
}

Slot *slot_listed(Instance *instance, Symbol *symbol)
{
    Slot *slot = &instance->slots[symbol->slot];
    common_note(instance->evaluation, (MakingStep){.kind = MAKING_LISTS, .symbol = symbol});
    if (slot->listed)
        return slot;
    Active active = {.name = symbol->name, .span = symbol->span, .what = slot};
    if (!eval_enter(instance->evaluation, &active))
        return slot;
    if (symbol_is_keyed(symbol)) {
        list_keyed(instance, symbol, slot);
    } else {
        RunList runs = {0};
        block_runs(instance, symbol->block, &runs);
        if (runs.len)
            add_cell(instance, slot, runs.items[0], STR_NONE);
    }
    eval_leave(instance->evaluation, &active);
    slot->listed = true;
    return slot;
}

Value *cell_value(Instance *instance, Symbol *symbol, Cell *cell, Span span)
{
    Evaluation *ev = instance->evaluation;
    common_note(ev, (MakingStep){.kind = MAKING_ASKS, .symbol = symbol, .key = cell->key});
    if (cell->state == CELL_DONE || common_value(ev, symbol, cell, span))
        return cell->value;
    Active active = {.name = symbol->name, .span = span, .what = cell};
    if (!eval_enter(ev, &active))
        return value_error(ev->arena, NULL);
    Cell *outer = ev->making;
    ev->making = ev->is_common ? cell : NULL;
    cell->state = CELL_RUNNING;
    cell->value = make_value(instance, symbol, cell);
    cell->state = CELL_DONE;
    ev->making = outer;
    eval_leave(ev, &active);
    return cell->value;
}

Value *declared_value(Instance *instance, Symbol *symbol, Span span)
{
    Evaluation *ev = instance->evaluation;
    Slot *slot = slot_listed(instance, symbol);
    Env env = env_of_run(instance, NULL);
    if (!symbol_is_keyed(symbol)) {
        if (!slot->cells.len)
            return value_null(ev->arena, eval_origin(&env, span));
        return cell_value(instance, symbol, slot->cells.items[0], span);
    }
    Value *family = value_map(ev->arena, eval_origin(&env, symbol->span));
    for (size_t i = 0; i < slot->cells.len; i++) {
        Cell *cell = slot->cells.items[i];
        Value *value = cell_value(instance, symbol, cell, span);
        if (!value_is_null(value) || symbol->decl->kind != DECL_RESOURCE)
            value_put(ev->arena, family, cell->key, family->origin, value);
    }
    return family;
}

// The instance in which a symbol of a file or component lives, as seen from here.
static Instance *home_of(const Env *env, const Symbol *symbol)
{
    if (symbol->scope->kind == SCOPE_COMPONENT)
        return env->instance->scope == symbol->scope ? env->instance : NULL;
    return instance_of_file(env->ev, symbol->scope->module);
}

static Value *input_value(const Env *env, Symbol *symbol)
{
    Instance *instance = home_of(env, symbol);
    return instance ? instance_input(instance, symbol) : NULL;
}

static Value *local_value(const Env *env, const Symbol *symbol)
{
    if (symbol->loop) {
        for (const BlockRun *run = env->run; run; run = run->parent)
            if (run->block == symbol->loop)
                return symbol->is_second ? run->second : run->first;
        return NULL;
    }
    const void *binder = symbol->kind == SYMBOL_FIELD ? (const void *)symbol->field
                         : symbol->kind == SYMBOL_IT  ? NULL
                                                      : (const void *)symbol->head;
    for (const Local *local = env->locals; local; local = local->next)
        if (local->binder == binder && local->is_second == symbol->is_second)
            return local->value;
    return NULL;
}

Value *symbol_value(const Env *env, Symbol *symbol, Span span)
{
    Value *value = NULL;
    Instance *home;
    switch (symbol->kind) {
    case SYMBOL_DECL:
        home = home_of(env, symbol);
        if (symbol->decl->kind == DECL_FN)
            diag_add(env->ev->diags, DIAG_FUNCTION_IS_NO_VALUE, span, symbol->name, DIAG_END);
        else if (home)
            value = declared_value(home, symbol, span);
        break;
    case SYMBOL_FIELD:
        value = symbol->scope->kind == SCOPE_COMPONENT ? input_value(env, symbol)
                                                       : local_value(env, symbol);
        break;
    case SYMBOL_LOCAL:
    case SYMBOL_IT:
        value = local_value(env, symbol);
        break;
    case SYMBOL_GIVEN:
        value = given_value(env, symbol->given, span);
        break;
    case SYMBOL_BUILTIN:
        diag_add(env->ev->diags, DIAG_FUNCTION_IS_NO_VALUE, span, symbol->name, DIAG_END);
        break;
    case SYMBOL_NONE:
    case SYMBOL_COUNT:
        break;
    }
    return value ? value : eval_fail(env, span);
}

Value *eval_name(const Env *env, const Expr *expr)
{
    Symbol *symbol = env->ev->analysis->modules[env->module->index].expr_symbols[expr->id];
    return symbol ? symbol_value(env, symbol, expr->span) : eval_fail(env, expr->span);
}

// Are both made of the same texts and loop variables?
static bool same_each_key(const Value *left, const Value *right)
{
    Str text = value_scalar_text(left);
    if (text.ptr)
        return str_equal(text, value_scalar_text(right));
    if (left->kind != VALUE_DEPLOY || right->kind != VALUE_DEPLOY ||
        left->deploy->op != right->deploy->op || left->deploy->args.len != right->deploy->args.len)
        return false;
    if (left->deploy->op == DEPLOY_REF)
        return left->deploy->text.ptr && str_equal(left->deploy->text, right->deploy->text);
    for (size_t i = 0; i < left->deploy->args.len; i++)
        if (!same_each_key(left->deploy->args.items[i], right->deploy->args.items[i]))
            return false;
    return left->deploy->op == DEPLOY_SUB;
}

// In a loop that CloudFormation runs: what the same turn of it makes, `T[N]` beside T[N].
static Cell *cell_of_turn(const Env *env, Instance *home, const Symbol *symbol, const Value *key)
{
    Slot *slot = &home->slots[symbol->slot];
    for (size_t i = 0; i < slot->cells.len; i++) {
        Cell *cell = slot->cells.items[i];
        const BlockRun *run = env->run;
        while (run && run != cell->run)
            run = run->parent;
        if (!run || !run->each || !symbol->decl->key)
            continue;
        Env there = env_of_run(home, cell->run);
        if (same_each_key(key, eval_expr(&there, symbol->decl->key)))
            return cell;
    }
    return NULL;
}

Value *symbol_keyed(const Env *env, Symbol *symbol, Value *key, Span span, bool *found)
{
    Instance *home = home_of(env, symbol);
    Str text = value_scalar_text(key);
    *found = true;
    if (!home)
        return eval_fail(env, span);
    Slot *slot = slot_listed(home, symbol);
    Cell *cell = text.ptr ? map_find(&slot->by_key, text) : cell_of_turn(env, home, symbol, key);
    if (!cell) {
        *found = false;
        return NULL;
    }
    return cell_value(home, symbol, cell, span);
}
