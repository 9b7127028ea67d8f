// Paths: members, attributes, keys and indexes.
#include "compiler/eval/eval_priv.h"

static Value *get_att(const Env *env, const Origin *origin, Resource *resource, Str attribute)
{
    Value *value = value_deploy(env->ev->arena, origin, DEPLOY_GETATT);
    value->deploy->resource = resource;
    value->deploy->attribute = attribute;
    return value;
}

static Value *asset_part(const Env *env, AssetFile *asset, Str name, Span span)
{
    bool is_bucket = str_is(name, "bucket");
    if (!is_bucket && !str_is(name, "key")) {
        diag_add(env->ev->diags, DIAG_NO_SUCH_MEMBER, span, STR("an asset"), name, DIAG_END);
        return eval_fail(env, span);
    }
    return asset_parameter(env, asset, is_bucket, eval_origin(env, span));
}

static Value *map_member(const Env *env, Value *map, Str name, Span span, bool soft)
{
    Value *value = value_get(map, name);
    if (value)
        return value;
    Arena *arena = env->ev->arena;
    if (soft)
        return value_null(arena, eval_origin(env, span));
    Diag *diag =
        diag_add(env->ev->diags, DIAG_NO_SUCH_MEMBER, span, STR("the map"), name, DIAG_END);
    size_t count = map->map.entries.len;
    Str *keys = ARENA_ARRAY(arena, Str, count + 1);
    for (size_t i = 0; i < count; i++)
        keys[i] = map->map.entries.items[i].key;
    diag_did_you_mean(env->ev->diags, diag, span, name, keys, count);
    diag_note(
        env->ev->diags, diag, (Span){0}, "'x.%.*s ?? y' is y when it is missing", STR_FMT(name));
    eval_explain(env, diag);
    return eval_fail(env, span);
}

static Value *of_null(const Env *env, Str name, Span span, bool soft)
{
    if (soft)
        return value_null(env->ev->arena, eval_origin(env, span));
    Diag *diag = diag_add(env->ev->diags, DIAG_MEMBER_OF_NULL, span, name, DIAG_END);
    diag_note(env->ev->diags, diag, (Span){0},
        "a name is null where its 'on' or 'if' does not hold; 'x ?? y' gives y then");
    eval_explain(env, diag);
    return eval_fail(env, span);
}

static Value *mapping_step(const Env *env, Value *object, Value *key, Span span)
{
    Arena *arena = env->ev->arena;
    const Origin *origin = eval_origin(env, span);
    if (!object->mapping.key) {
        Value *half = value_at(arena, object, origin);
        half->mapping.key = key;
        return half;
    }
    Value *value = value_deploy(arena, origin, DEPLOY_FIND_IN_MAP);
    VEC_ADD(arena, &value->deploy->args, object);
    VEC_ADD(arena, &value->deploy->args, object->mapping.key);
    VEC_ADD(arena, &value->deploy->args, key);
    return value;
}

static Value *each_branch(const Env *env, Value *choice, Str name, Span span, bool soft)
{
    Value *yes = eval_step(env, choice->deploy->args.items[1], name, span, soft);
    Value *no = eval_step(env, choice->deploy->args.items[2], name, span, soft);
    return eval_if(env, eval_origin(env, span), choice->deploy->args.items[0], yes, no);
}

static Value *no_member(const Env *env, Value *object, Str name, Span span)
{
    if (value_is_error(object))
        return eval_fail(env, span);
    Diag *diag = diag_add(env->ev->diags, DIAG_NO_SUCH_MEMBER, span,
        value_describe(env->ev->arena, object), name, DIAG_END);
    eval_explain(env, diag);
    return eval_fail(env, span);
}

Value *eval_step(const Env *env, Value *object, Str name, Span span, bool soft)
{
    switch (object->kind) {
    case VALUE_NULL:
        return of_null(env, name, span, soft);
    case VALUE_MAP:
        return map_member(env, object, name, span, soft);
    case VALUE_RESOURCE:
        return get_att(env, eval_origin(env, span), object->resource, name);
    case VALUE_INSTANCE:
        return instance_result(env, object->instance, name, span, soft);
    case VALUE_DOMAIN:
        return evaluation_domain_field(env->ev, object->domain, name);
    case VALUE_ASSET:
        return asset_part(env, object->asset, name, span);
    case VALUE_MAPPING:
        return mapping_step(
            env, object, value_string(env->ev->arena, eval_origin(env, span), name), span);
    case VALUE_DEPLOY:
        if (object->deploy->op == DEPLOY_IF)
            return each_branch(env, object, name, span, soft);
        return no_member(env, object, name, span);
    default:
        return no_member(env, object, name, span);
    }
}

// ---- indexes ----

static Value *list_index(const Env *env, Value *list, Value *key, Span span, bool soft)
{
    int64_t index;
    bool is_number = key->kind == VALUE_NUMBER && value_to_int(key, &index);
    if (is_number && index >= 0 && (uint64_t)index < list->list.len)
        return list->list.items[index];
    if (soft && is_number)
        return value_null(env->ev->arena, eval_origin(env, span));
    Arena *arena = env->ev->arena;
    if (key->kind == VALUE_DEPLOY) {
        Value *args = value_list(arena, eval_origin(env, span));
        value_append(arena, args, key);
        value_append(arena, args, list);
        return value_function(arena, args->origin, STR("Fn::Select"), args);
    }
    Diag *diag = diag_add(env->ev->diags, DIAG_BAD_INDEX, span, value_show(arena, key),
        str_format(arena, "%zu", list->list.len), DIAG_END);
    eval_explain(env, diag);
    return eval_fail(env, span);
}

static Value *select_of(const Env *env, Value *list, Value *index, Span span)
{
    Arena *arena = env->ev->arena;
    Value *args = value_list(arena, eval_origin(env, span));
    value_append(arena, args, index);
    value_append(arena, args, list);
    return value_function(arena, args->origin, STR("Fn::Select"), args);
}

static Value *index_value(const Env *env, Value *object, Value *key, Span span, bool soft)
{
    if (value_is_error(object) || value_is_error(key))
        return eval_fail(env, span);
    if (object->kind == VALUE_MAPPING)
        return mapping_step(env, object, key, span);
    if (object->kind == VALUE_LIST)
        return list_index(env, object, key, span, soft);
    if (object->kind == VALUE_DEPLOY && !value_is_condition(object))
        return select_of(env, object, key, span);
    if (object->kind == VALUE_NULL)
        return of_null(env, value_show(env->ev->arena, key), span, soft);
    if (!eval_require_known(env, key, span, "a key"))
        return eval_fail(env, span);
    Str name = value_scalar_text(key);
    if (name.ptr && object->kind != VALUE_STRING && object->kind != VALUE_RESOURCE)
        return eval_step(env, object, name, span, soft);
    return no_member(env, object, value_show(env->ev->arena, key), span);
}

// `Name[key]` of a keyed declaration: only that one is computed.
static Value *keyed_declaration(const Env *env, const Expr *expr, Value *key, bool soft)
{
    const Expr *object = expr->index.object;
    bool known = value_scalar_text(key).ptr != NULL;
    bool in_turn = env->run && env->run->each;
    if (object->kind != EXPR_NAME || (!known && !in_turn))
        return NULL;
    Symbol *symbol = env->ev->analysis->modules[env->module->index].expr_symbols[object->id];
    if (!symbol || !symbol_is_keyed(symbol) || symbol->decl->kind == DECL_FN)
        return NULL;
    bool found;
    Value *value = symbol_keyed(env, symbol, key, expr->span, &found);
    if (found || !known)
        return value;
    if (soft)
        return value_null(env->ev->arena, eval_origin(env, expr->span));
    Diag *diag = diag_add(env->ev->diags, DIAG_NO_SUCH_KEY, expr->index.index->span, symbol->name,
        value_scalar_text(key), DIAG_END);
    eval_explain(env, diag);
    return eval_fail(env, expr->span);
}

static Value *eval_index(const Env *env, const Expr *expr, bool soft)
{
    Value *key = eval_expr(env, expr->index.index);
    if (value_is_error(key))
        return eval_fail(env, expr->span);
    Value *keyed = keyed_declaration(env, expr, key, soft);
    if (keyed)
        return keyed;
    Value *object = soft ? eval_soft(env, expr->index.object) : eval_expr(env, expr->index.object);
    return index_value(env, object, key, expr->span, soft);
}

// ---- dotted paths ----

static Str join_names(const Env *env, const Expr *const *steps, size_t count)
{
    Buf text;
    buf_init(&text, 0);
    for (size_t i = count; i-- > 0;) {
        buf_add(&text, steps[i]->member.name.text);
        if (i)
            buf_add_char(&text, '.');
    }
    Str joined = buf_copy(&text, env->ev->arena);
    buf_release(&text);
    return joined;
}

static Value *base_value(const Env *env, const Expr *base, bool soft)
{
    if (base->kind == EXPR_INDEX)
        return eval_index(env, base, soft);
    return soft ? eval_soft(env, base) : eval_expr(env, base);
}

Value *eval_path(const Env *env, const Expr *expr, bool soft)
{
    if (expr->kind == EXPR_INDEX)
        return eval_index(env, expr, soft);
    size_t count = 0;
    for (const Expr *step = expr; step->kind == EXPR_MEMBER; step = step->member.object)
        count++;
    // Steps from the last to the first.
    const Expr **steps = ARENA_ARRAY(env->ev->arena, const Expr *, count);
    const Expr *base = expr;
    for (size_t i = 0; i < count; i++, base = base->member.object)
        steps[i] = base;
    Symbol *symbol = base->kind == EXPR_NAME
                         ? env->ev->analysis->modules[env->module->index].expr_symbols[base->id]
                         : NULL;
    size_t left = count;
    Value *value;
    if (symbol && symbol->kind == SYMBOL_GIVEN) {
        left--;
        value =
            given_step(env, symbol->given, steps[left]->member.name.text, steps[left]->span, soft);
    } else {
        value = base_value(env, base, soft);
    }
    while (left > 0 && !value_is_error(value)) {
        const Expr *step = steps[left - 1];
        if (value->kind == VALUE_RESOURCE)
            return get_att(
                env, eval_origin(env, expr->span), value->resource, join_names(env, steps, left));
        value = eval_step(env, value, step->member.name.text, step->member.name.span, soft);
        left--;
    }
    return value_is_error(value) ? eval_fail(env, expr->span) : value;
}
