// Instances of components: what they were given, what they give, and what `with` changes in them.
#include "compiler/eval/eval_priv.h"

// ---- patches ----

static Patch *add_patch(Evaluation *ev, Instance *instance, const Item *item, const Env *env)
{
    Patch *patch = ARENA_NEW(ev->arena, Patch);
    *patch = (Patch){.item = item, .env = *env};
    patch_use(ev, item);
    Patch **last = &instance->patches;
    while (*last)
        last = &(*last)->next;
    *last = patch;
    return patch;
}

// The names of a path, outermost first: Cdn.Bucket, Record["a"].
static void path_names(const Env *env, const Path *path, Patch *patch)
{
    if (path->kind == EXPR_MEMBER) {
        path_names(env, path->member.object, patch);
        VEC_ADD(env->ev->arena, &patch->path, path->member.name.text);
    } else if (path->kind == EXPR_INDEX) {
        path_names(env, path->index.object, patch);
        Str key = eval_known_text(env, path->index.index, "a key");
        if (patch->path.len && key.ptr) {
            Str *last = &patch->path.items[patch->path.len - 1];
            *last = str_format(env->ev->arena, "%.*s[%.*s]", STR_FMT(*last), STR_FMT(key));
        }
    } else if (path->kind == EXPR_NAME) {
        VEC_ADD(env->ev->arena, &patch->path, path->name);
    }
}

void instance_patches(Instance *instance, Str name, const Patch **patches, size_t *count)
{
    *count = 0;
    for (const Patch *patch = instance->patches; patch; patch = patch->next) {
        if (patch->depth >= patch->path.len)
            continue;
        Str step = patch->path.items[patch->depth];
        bool family = step.len < name.len && str_starts(name, step) && name.ptr[step.len] == '[';
        if (!str_equal(step, name) && !family)
            continue;
        if (patches)
            patches[*count] = patch;
        ++*count;
    }
}

static void take_patches_of_owner(Instance *instance, const Cell *cell)
{
    Instance *owner = instance->owner;
    Evaluation *ev = instance->evaluation;
    Str name = instance->decl->name.text;
    if (cell->key.ptr)
        name = str_format(ev->arena, "%.*s[%.*s]", STR_FMT(name), STR_FMT(cell->key));
    size_t count;
    instance_patches(owner, name, NULL, &count);
    const Patch **patches = ARENA_ARRAY(ev->arena, const Patch *, count + 1);
    instance_patches(owner, name, patches, &count);
    for (size_t i = 0; i < count; i++) {
        // What is left of the path goes further inwards; at its end it changes the inputs.
        Patch *inner = add_patch(ev, instance, patches[i]->item, &patches[i]->env);
        inner->path = patches[i]->path;
        inner->depth = patches[i]->depth + 1;
        if (inner->depth < inner->path.len)
            continue;
        for (size_t b = 0; b < inner->item->body.len; b++) {
            const Item *item = inner->item->body.items[b];
            if (item->kind == ITEM_WITH)
                path_names(&inner->env, item->path, add_patch(ev, instance, item, &inner->env));
        }
    }
}

static void take_own_patches(Instance *instance, const Env *outside)
{
    for (size_t i = 0; i < instance->decl->items.len; i++) {
        const Item *item = instance->decl->items.items[i];
        if (item->kind == ITEM_WITH)
            path_names(
                outside, item->path, add_patch(instance->evaluation, instance, item, outside));
    }
}

// ---- making one ----

static Str display_name(Evaluation *ev, const Instance *owner, Str own, Str key)
{
    Str name = own;
    if (key.ptr)
        name = str_format(ev->arena, "%.*s[\"%.*s\"]", STR_FMT(own), STR_FMT(key));
    if (owner->name.len)
        name = str_format(ev->arena, "%.*s.%.*s", STR_FMT(owner->name), STR_FMT(name));
    return name;
}

static bool within_component_depth(const Env *env, const Decl *decl)
{
    size_t depth = 0;
    for (const Instance *around = env->instance; around; around = around->owner)
        depth++;
    if (depth <= LIMIT_COMPONENTS)
        return true;
    diag_add(env->ev->diags, DIAG_COMPONENTS_TOO_DEEP, decl->name.span, decl->resource_type.text,
        str_format(env->ev->arena, "%d", LIMIT_COMPONENTS), DIAG_END);
    return false;
}

Value *make_component_instance(Instance *owner, const Decl *decl, Cell *cell)
{
    Evaluation *ev = owner->evaluation;
    const Module *module = owner->scope->module;
    const Decl *component = ev->analysis->modules[module->index].resource_components[decl->id];
    Scope *scope = eval_component_scope(ev, component);
    Env outside = env_of_run(owner, cell->run);
    const Origin *origin = eval_origin(&outside, decl->name.span);
    if (!scope || !within_component_depth(&outside, decl) || !eval_making_allowed(ev, decl))
        return value_error(ev->arena, origin);
    Instance *instance = instance_new(ev, scope);
    instance->decl = decl;
    instance->owner = owner;
    instance->run = cell->run;
    instance->stack = cell->run->stack;
    instance->condition = cell->run->condition;
    instance->each = cell->run->each;
    instance->own_name = decl->name.text;
    instance->name = display_name(ev, owner, decl->name.text, cell->key);
    instance->id = make_logical_id(&outside, decl, decl->name.text, cell->key);
    instance->id_value = make_repeated_id(&outside, decl, instance->id);
    Origin *via = ARENA_NEW(ev->arena, Origin);
    *via = (Origin){.span = decl->name.span, .via = owner->via, .instance = owner->name};
    instance->via = via;
    take_patches_of_owner(instance, cell);
    take_own_patches(instance, &outside);
    Value *value = ARENA_NEW(ev->arena, Value);
    value->kind = VALUE_INSTANCE;
    value->origin = origin;
    value->instance = instance;
    return value;
}

// ---- inputs ----

const Item *instance_input_item(const Decl *decl, Str name)
{
    const Item *found = NULL;
    for (size_t i = 0; i < decl->items.len; i++) {
        const Item *item = decl->items.items[i];
        if (item->kind == ITEM_ENTRY && item->key->kind == EXPR_NAME &&
            str_equal(item->key->name, name))
            found = item;
    }
    return found;
}

static bool has_computed_items(const Decl *decl)
{
    for (size_t i = 0; i < decl->items.len; i++)
        if (decl->items.items[i]->kind == ITEM_SPREAD || decl->items.items[i]->kind == ITEM_FOR)
            return true;
    return false;
}

// What the instance's body gives for the name; NULL for nothing.
static Value *given_input(Instance *instance, const Env *outside, Str name)
{
    const Decl *decl = instance->decl;
    const Item *item = instance_input_item(decl, name);
    if (item && !has_computed_items(decl)) {
        Value *value = eval_expr(outside, item->value);
        if (item->value->kind == EXPR_NAME || item->value->kind == EXPR_MEMBER)
            value = value_at(
                outside->ev->arena, value, eval_origin_from(outside, item->value->span, value));
        return value;
    }
    if (!has_computed_items(decl))
        return NULL;
    Value *body = eval_items(outside, &decl->items, eval_origin(outside, decl->span));
    return body->kind == VALUE_MAP ? value_get(body, name) : NULL;
}

Value *instance_given(Instance *instance, Str name)
{
    Env outside = env_of_run(instance->owner, instance->run);
    return given_input(instance, &outside, name);
}

static Value *patch_input(Instance *instance, Value *value, Str name)
{
    for (const Patch *patch = instance->patches; patch; patch = patch->next) {
        if (patch->depth < patch->path.len)
            continue;
        Value *base = value_map(instance->evaluation->arena, NULL);
        if (value && !value_is_null(value))
            value_put(instance->evaluation->arena, base, name, value->origin, value);
        ItemList one = {0};
        for (size_t i = 0; i < patch->item->body.len; i++) {
            Item *item = patch->item->body.items[i];
            bool same = item->kind == ITEM_ENTRY && item->key->kind == EXPR_NAME &&
                        str_equal(item->key->name, name);
            if (same)
                VEC_ADD(instance->evaluation->arena, &one, item);
        }
        if (one.len) {
            Value *merged = eval_merge_items(
                &patch->env, base, &one, eval_origin(&patch->env, patch->item->span));
            value = value_get(merged, name);
        }
    }
    return value;
}

static Value *compute_input(Instance *instance, const Symbol *symbol)
{
    Evaluation *ev = instance->evaluation;
    const Field *field = symbol->field;
    Env outside = env_of_run(instance->owner, instance->run);
    Env inside = env_of_run(instance, NULL);
    Env file = env_of_file(ev, instance->scope->module);
    file.via = instance->via;
    file.via_name = instance->name;
    Value *value =
        patch_input(instance, given_input(instance, &outside, symbol->name), symbol->name);
    if (!value || value_is_null(value)) {
        if (field->fallback) {
            // A default may use the inputs before it.
            value = eval_expr(&inside, field->fallback);
            if (value_is_null(value))
                return value;
        } else if (type_allows_null(&file, field->type)) {
            return value ? value
                         : value_null(ev->arena, eval_origin(&outside, instance->decl->name.span));
        } else if (!value) {
            return eval_fail(&outside, instance->decl->name.span); // reported by sema
        }
    }
    What what = {.kind = WHAT_INPUT, .name = symbol->name, .owner = instance->name};
    const Item *item = instance_input_item(instance->decl, symbol->name);
    return conform(
        &file, field->type, value, &what, item ? item->value->span : instance->decl->name.span);
}

Value *instance_input(Instance *instance, Symbol *symbol)
{
    Evaluation *ev = instance->evaluation;
    InputCell *cell = &instance->inputs[symbol->slot];
    if (cell->state == CELL_DONE)
        return cell->value;
    Active active = {.name = symbol->name, .span = instance->decl->name.span, .what = cell};
    if (!eval_enter(ev, &active))
        return value_error(ev->arena, NULL);
    cell->value = compute_input(instance, symbol);
    cell->state = CELL_DONE;
    eval_leave(ev, &active);
    return cell->value;
}

// ---- results ----

static Value *compute_output(Instance *instance, const Decl *decl, BlockRun *run)
{
    Env env = env_of_run(instance, run);
    Value *value = eval_expr(&env, decl->value);
    if (!decl->type || value_is_error(value))
        return value;
    Env file = env_of_file(instance->evaluation, instance->scope->module);
    file.via = instance->via;
    file.via_name = instance->name;
    What what = {.kind = WHAT_OUTPUT, .name = decl->name.text, .owner = instance->name};
    return conform(&file, decl->type, value, &what, decl->value->span);
}

static Value *keyed_output(Instance *instance, const Decl *decl, const RunList *runs)
{
    Evaluation *ev = instance->evaluation;
    Env here = env_of_run(instance, NULL);
    Value *map = value_map(ev->arena, eval_origin(&here, decl->name.span));
    for (size_t i = 0; i < runs->len; i++) {
        Env env = env_of_run(instance, runs->items[i]);
        Str key = eval_known_text(&env, decl->key, "a key");
        if (key.ptr)
            value_put(
                ev->arena, map, key, map->origin, compute_output(instance, decl, runs->items[i]));
    }
    return map;
}

static Value *output_value(Instance *instance, const Decl *decl)
{
    Evaluation *ev = instance->evaluation;
    Cell *cell = map_find(&instance->outputs, decl->name.text);
    if (cell && cell->state == CELL_DONE)
        return cell->value;
    if (!cell) {
        cell = ARENA_NEW(ev->arena, Cell);
        map_set(&instance->outputs, ev->arena, decl->name.text, cell);
    }
    Active active = {.name = decl->name.text, .span = decl->name.span, .what = cell};
    if (!eval_enter(ev, &active))
        return value_error(ev->arena, NULL);
    RunList runs = {0};
    block_runs(instance, block_of_output(instance->scope, decl), &runs);
    Env env = env_of_run(instance, NULL);
    if (decl->key)
        cell->value = keyed_output(instance, decl, &runs);
    else if (runs.len)
        cell->value = compute_output(instance, decl, runs.items[0]);
    else
        cell->value = value_null(ev->arena, eval_origin(&env, decl->name.span));
    cell->state = CELL_DONE;
    eval_leave(ev, &active);
    return cell->value;
}

Value *instance_result(const Env *env, Instance *instance, Str name, Span span, bool soft)
{
    if (instance->refused)
        return eval_fail(env, span); // what it is made of follows from what it was given
    const Decl *output = map_find(&instance->scope->outputs, name);
    if (output) {
        Value *value = output_value(instance, output);
        return value_is_error(value) ? eval_fail(env, span) : value;
    }
    Symbol *symbol = map_find(&instance->scope->names, name);
    if (symbol && symbol->kind == SYMBOL_DECL && symbol->decl->kind != DECL_FN)
        return declared_value(instance, symbol, span);
    (void)soft; // a name that can never exist stays an error, also before '??'
    Diag *diag =
        diag_add(env->ev->diags, DIAG_NO_SUCH_RESULT, span, instance->name, name, DIAG_END);
    eval_explain(env, diag);
    return eval_fail(env, span);
}

bool instance_has_result(const Instance *instance, Str name)
{
    return map_find(&instance->scope->outputs, name) != NULL;
}
