// Lists, maps and bodies: entries, spreads and loops into values.
#include "compiler/eval/eval_priv.h"

// ---- loops ----

static bool bind_and_turn(
    const Env *env, const ForHead *head, Value *first, Value *second, LoopTurn turn, void *context)
{
    Local one = {.binder = head, .value = first};
    Env inner = env_with_local(env, &one);
    Local two = {.binder = head, .is_second = true, .value = second};
    if (second)
        inner = env_with_local(&inner, &two);
    if (head->filter) {
        Value *keep = eval_truth(
            &inner, eval_known(&inner, head->filter, "the filter of a loop"), head->filter->span);
        if (value_is_error(keep) || keep->kind != VALUE_BOOL)
            return false;
        if (!keep->boolean)
            return true;
    }
    return turn(&inner, context);
}

static bool loop_map(
    const Env *env, const ForHead *head, const Value *map, LoopTurn turn, void *context)
{
    bool pairs = head->second.text.len > 0;
    for (size_t i = 0; i < map->map.entries.len; i++) {
        const ValueEntry *entry = &map->map.entries.items[i];
        Value *key = value_string(env->ev->arena, entry->origin, entry->key);
        if (!bind_and_turn(
                env, head, pairs ? key : entry->value, pairs ? entry->value : NULL, turn, context))
            return false;
    }
    return true;
}

static bool loop_list(
    const Env *env, const ForHead *head, const Value *list, LoopTurn turn, void *context)
{
    bool pairs = head->second.text.len > 0;
    for (size_t i = 0; i < list->list.len; i++) {
        Value *item = list->list.items[i];
        Value *index = pairs ? value_int(env->ev->arena, item->origin, (int64_t)i) : NULL;
        if (!bind_and_turn(env, head, pairs ? index : item, pairs ? item : NULL, turn, context))
            return false;
    }
    return true;
}

static void report_loop_subject(const Env *env, const ForHead *head, Value *subject)
{
    Diag *diag = diag_add(env->ev->diags, DIAG_CANNOT_LOOP, head->subject->span,
        value_describe(env->ev->arena, subject), DIAG_END);
    if (subject->kind == VALUE_DEPLOY)
        diag_note(env->ev->diags, diag, (Span){0},
            "only a map's entries or resources can be repeated for a list known when deploying");
    eval_explain(env, diag);
}

bool eval_loop(const Env *env, const ForHead *head, LoopTurn turn, void *context)
{
    Value *subject = eval_expr(env, head->subject);
    if (subject->kind == VALUE_LIST)
        return loop_list(env, head, subject, turn, context);
    if (subject->kind == VALUE_MAP)
        return loop_map(env, head, subject, turn, context);
    if (!value_is_error(subject))
        report_loop_subject(env, head, subject);
    return false;
}

// ---- lists ----

typedef struct ListBuild {
    Value *list;
    const Item *item;
    bool failed;
    Value *whole; // a single deploy-time spread is the whole value
} ListBuild;

static bool is_literal(const Expr *expr)
{
    return expr->kind == EXPR_MAP || expr->kind == EXPR_LIST || expr->kind == EXPR_STRING ||
           expr->kind == EXPR_NUMBER || expr->kind == EXPR_BOOL;
}

// What an expression gives, placed where the source uses it: a value made elsewhere keeps the
// places of its parts, but is itself found here.
static Value *eval_here(const Env *env, const Expr *expr)
{
    Value *value = eval_expr(env, expr);
    if (is_literal(expr) || value_is_error(value))
        return value;
    return value_at(env->ev->arena, value, eval_origin_from(env, expr->span, value));
}

static void add_list_item(const Env *env, ListBuild *build, const Item *item, bool alone);

static bool list_turn(const Env *env, void *context)
{
    ListBuild *build = context;
    const Item *item = build->item;
    add_list_item(env, build, item, false);
    build->item = item;
    return !env->ev->stopped;
}

static void spread_conditional_list(const Env *env, ListBuild *build, Value *value)
{
    Arena *arena = env->ev->arena;
    for (int side = 1; side <= 2; side++) {
        Value *list = value->deploy->args.items[side];
        Value *nothing = value_null(arena, value->origin);
        for (size_t i = 0; list->kind == VALUE_LIST && i < list->list.len; i++) {
            Value *item = list->list.items[i];
            value_append(arena, build->list,
                eval_if(env, item->origin, value->deploy->args.items[0], side == 1 ? item : nothing,
                    side == 1 ? nothing : item));
        }
    }
}

static bool is_list_or_null(const Value *value)
{
    return value->kind == VALUE_LIST || value_is_null(value);
}

static void spread_list(const Env *env, ListBuild *build, const Item *item, bool alone)
{
    Arena *arena = env->ev->arena;
    Value *value = eval_expr(env, item->value);
    if (value->kind == VALUE_LIST) {
        for (size_t i = 0; i < value->list.len; i++)
            value_append(arena, build->list, value->list.items[i]);
    } else if (value->kind == VALUE_MAP && value->map.entries.len == 0) {
        return;
    } else if (value->kind == VALUE_DEPLOY && alone) {
        build->whole = value;
    } else if (value->kind == VALUE_DEPLOY && value->deploy->op == DEPLOY_IF &&
               is_list_or_null(value->deploy->args.items[1]) &&
               is_list_or_null(value->deploy->args.items[2])) {
        spread_conditional_list(env, build, value);
    } else if (value_is_error(value)) {
        build->failed = true;
    } else if (!value_is_null(value)) {
        Diag *diag = diag_add(env->ev->diags, DIAG_CANNOT_SPREAD, item->value->span,
            value_describe(arena, value), STR("a list"), DIAG_END);
        eval_explain(env, diag);
        build->failed = true;
    }
}

static void add_list_item(const Env *env, ListBuild *build, const Item *item, bool alone)
{
    if (item->kind == ITEM_ELEMENT) {
        Value *value = eval_here(env, item->value);
        if (value_is_error(value))
            build->failed = true;
        else if (!value_is_null(value))
            value_append(env->ev->arena, build->list, value);
    } else if (item->kind == ITEM_SPREAD) {
        spread_list(env, build, item, alone);
    } else if (item->kind == ITEM_FOR) {
        build->item = item->inner;
        size_t errors = diag_error_count(env->ev->diags);
        bool ended = eval_loop(env, item->head, list_turn, build);
        build->failed = build->failed || !ended || diag_error_count(env->ev->diags) > errors;
    } else {
        build->failed = true;
    }
}

Value *eval_list(const Env *env, const Expr *expr)
{
    const Origin *origin = eval_origin(env, expr->span);
    ListBuild build = {.list = value_list(env->ev->arena, origin)};
    for (size_t i = 0; i < expr->items.len; i++)
        add_list_item(env, &build, expr->items.items[i], expr->items.len == 1);
    if (build.failed)
        return value_error(env->ev->arena, origin);
    return build.whole ? build.whole : build.list;
}

// ---- maps ----

typedef struct MapBuild {
    Value *map;
    const Item *item;
    bool broken; // a key is in error: nothing can be said of the map as a whole
    Value *whole;
    size_t items; // in the literal, to know whether a spread stands alone
} MapBuild;

static void add_map_item(const Env *env, MapBuild *build, const Item *item);

Str eval_key(const Env *env, const Expr *key)
{
    if (key->kind == EXPR_NAME)
        return key->name;
    if (key->kind == EXPR_ERROR)
        return STR_NONE;
    return eval_known_text(env, key, "a key");
}

// Intrinsics are written as expressions: a key that spells one is a mistake.
static bool key_is_legal(const Env *env, Str key, Span span)
{
    if (!str_is(key, "Ref") && !str_starts(key, STR("Fn::")))
        return true;
    diag_add(env->ev->diags, DIAG_INTRINSIC_KEY, span, key, DIAG_END);
    return false;
}

static void put_entry(const Env *env, MapBuild *build, const Item *item)
{
    Str key = eval_key(env, item->key);
    if (!key.ptr || !key_is_legal(env, key, item->key->span)) {
        build->broken = true;
        return;
    }
    Env inner = *env;
    if (item->annotations.len)
        inner.suppressions = annotation_suppressions(env, &item->annotations, env->suppressions);
    Value *value = eval_here(&inner, item->value);
    if (value_is_null(value))
        return;
    value_put(env->ev->arena, build->map, key, eval_origin(&inner, item->key->span), value);
}

static void put_all(const Env *env, MapBuild *build, const Value *map)
{
    for (size_t i = 0; i < map->map.entries.len; i++) {
        const ValueEntry *entry = &map->map.entries.items[i];
        value_put(env->ev->arena, build->map, entry->key, entry->origin, entry->value);
    }
}

static Value *branch_value(const Env *env, const Value *branch, Str key, const Origin *origin)
{
    Value *value = branch->kind == VALUE_MAP ? value_get(branch, key) : NULL;
    return value ? value : value_null(env->ev->arena, origin);
}

// { X: 1, ...(c ? { A: 1 } : {}) }: each key of either branch becomes a choice of its own.
static void spread_choice(const Env *env, MapBuild *build, Value *choice)
{
    ValueList *args = &choice->deploy->args;
    for (int side = 1; side <= 2; side++) {
        const Value *branch = args->items[side];
        for (size_t i = 0; branch->kind == VALUE_MAP && i < branch->map.entries.len; i++) {
            const ValueEntry *entry = &branch->map.entries.items[i];
            if (side == 2 && args->items[1]->kind == VALUE_MAP &&
                value_get(args->items[1], entry->key))
                continue;
            Value *value = eval_if(env, entry->value->origin, args->items[0],
                branch_value(env, args->items[1], entry->key, choice->origin),
                branch_value(env, args->items[2], entry->key, choice->origin));
            value_put(env->ev->arena, build->map, entry->key, entry->origin, value);
        }
    }
}

static bool is_map_or_null(const Value *value)
{
    return value->kind == VALUE_MAP || value_is_null(value);
}

static void spread_map(const Env *env, MapBuild *build, const Item *item)
{
    Value *value = eval_here(env, item->value);
    if (value->kind == VALUE_MAP) {
        put_all(env, build, value);
        return;
    }
    if (value->kind == VALUE_DEPLOY) {
        bool is_choice = value->deploy->op == DEPLOY_IF;
        if (build->items == 1 && (is_choice || value->deploy->op == DEPLOY_REF)) {
            build->whole = value;
            return;
        }
        if (is_choice && is_map_or_null(value->deploy->args.items[1]) &&
            is_map_or_null(value->deploy->args.items[2])) {
            spread_choice(env, build, value);
            return;
        }
        if (value->deploy->op == DEPLOY_FUNCTION) {
            value_put(env->ev->arena, build->map, value->deploy->text, value->origin,
                value->deploy->args.items[0]);
            return;
        }
    }
    if (value_is_error(value)) {
        build->broken = true;
    } else if (!value_is_null(value)) {
        Diag *diag = diag_add(env->ev->diags, DIAG_CANNOT_SPREAD, item->value->span,
            value_describe(env->ev->arena, value), STR("a map"), DIAG_END);
        eval_explain(env, diag);
        build->broken = true;
    }
}

static bool map_turn(const Env *env, void *context)
{
    MapBuild *build = context;
    const Item *item = build->item;
    add_map_item(env, build, item);
    build->item = item;
    return !env->ev->stopped;
}

// The key of an entry that CloudFormation repeats: texts and variables of such loops, "${N}-a".
static Str each_key(const Env *env, const Expr *expr)
{
    if (expr->kind == EXPR_NAME)
        return expr->name;
    Arena *arena = env->ev->arena;
    Value *key = eval_expr(env, expr);
    ValueList alone = {0};
    VEC_ADD(arena, &alone, key);
    bool joined = key->kind == VALUE_DEPLOY && key->deploy->op == DEPLOY_SUB;
    const ValueList *parts = joined ? &key->deploy->args : &alone;
    Buf text;
    buf_init(&text, 0);
    for (size_t i = 0; i < parts->len; i++) {
        Value *part = parts->items[i];
        Str known = value_scalar_text(part);
        bool is_variable = part->kind == VALUE_DEPLOY && part->deploy->op == DEPLOY_REF &&
                           part->deploy->text.ptr && !part->deploy->parameter;
        if (is_variable)
            buf_add_format(&text, "${%.*s}", STR_FMT(part->deploy->text));
        else if (known.ptr)
            buf_add(&text, known);
        else if (!eval_require_known(env, part, expr->span, "a part of a key"))
            break;
    }
    Str result = buf_copy(&text, arena);
    buf_release(&text);
    return result;
}

// { for N in Names: "${N}": x } over a list known when deploying is Fn::ForEach.
static bool put_for_each(const Env *env, MapBuild *build, const Item *item)
{
    Value *subject = eval_expr(env, item->head->subject);
    if (subject->kind != VALUE_DEPLOY)
        return false;
    Arena *arena = env->ev->arena;
    const Origin *origin = eval_origin(env, item->span);
    Value *variable = value_deploy(arena, origin, DEPLOY_REF);
    variable->deploy->text = item->head->first.text;
    Local local = {.binder = item->head, .value = variable};
    Env inner = env_with_local(env, &local);
    bool plain = !item->head->second.text.len && !item->head->filter;
    if (item->inner->kind != ITEM_ENTRY || !plain) {
        report_loop_subject(env, item->head, subject);
        build->broken = true;
        return true;
    }
    Str key = each_key(&inner, item->inner->key);
    Str used = str_format(arena, "${%.*s}", STR_FMT(variable->deploy->text));
    if (str_find(key, used, 0) == SIZE_MAX) {
        // Every turn would write the same key.
        diag_add(env->ev->diags, DIAG_EACH_KEY_CONSTANT, item->inner->key->span,
            variable->deploy->text, DIAG_END);
        build->broken = true;
        return true;
    }
    Value *body = value_map(arena, origin);
    value_put(arena, body, key, origin, eval_here(&inner, item->inner->value));
    Value *args = value_list(arena, origin);
    value_append(arena, args, value_string(arena, origin, item->head->first.text));
    value_append(arena, args, subject);
    value_append(arena, args, body);
    Str name = str_format(arena, "Fn::ForEach::%.*s%zu", STR_FMT(item->head->first.text),
        build->map->map.entries.len);
    value_put(arena, build->map, name, origin, args);
    return true;
}

static void add_map_item(const Env *env, MapBuild *build, const Item *item)
{
    if (item->kind == ITEM_ENTRY) {
        put_entry(env, build, item);
    } else if (item->kind == ITEM_SPREAD) {
        spread_map(env, build, item);
    } else if (item->kind == ITEM_FOR) {
        if (put_for_each(env, build, item))
            return;
        build->item = item->inner;
        size_t errors = diag_error_count(env->ev->diags);
        bool ended = eval_loop(env, item->head, map_turn, build);
        build->broken = build->broken || !ended || diag_error_count(env->ev->diags) > errors;
    }
}

static size_t count_data_items(const ItemList *items)
{
    size_t count = 0;
    for (size_t i = 0; i < items->len; i++)
        count += items->items[i]->kind == ITEM_ENTRY || items->items[i]->kind == ITEM_SPREAD ||
                 items->items[i]->kind == ITEM_FOR;
    return count;
}

Value *eval_items(const Env *env, const ItemList *items, const Origin *origin)
{
    MapBuild build = {.map = value_map(env->ev->arena, origin), .items = count_data_items(items)};
    for (size_t i = 0; i < items->len; i++)
        add_map_item(env, &build, items->items[i]);
    // A value in error leaves a hole under its key; the rest is still looked at.
    if (build.broken)
        return value_error(env->ev->arena, origin);
    return build.whole ? build.whole : build.map;
}

Value *eval_map(const Env *env, const Expr *expr)
{
    return eval_items(env, &expr->items, eval_origin(env, expr->span));
}

// ---- `with` ----

Value *eval_merge_values(const Env *env, Value *base, Value *change)
{
    if (!base || base->kind != VALUE_MAP || change->kind != VALUE_MAP)
        return change;
    if (!eval_step_allowed(env, change->origin ? change->origin->span : (Span){0}))
        return value_error(env->ev->arena, change->origin);
    Value *merged = value_map(env->ev->arena, base->origin);
    for (size_t i = 0; i < base->map.entries.len; i++) {
        const ValueEntry *entry = &base->map.entries.items[i];
        value_put(env->ev->arena, merged, entry->key, entry->origin, entry->value);
    }
    for (size_t i = 0; i < change->map.entries.len; i++) {
        const ValueEntry *entry = &change->map.entries.items[i];
        Value *value = eval_merge_values(env, value_get(merged, entry->key), entry->value);
        value_put(env->ev->arena, merged, entry->key, entry->origin, value);
    }
    return merged;
}

static Value *without_key(const Env *env, const Value *map, Str key)
{
    Value *rest = value_map(env->ev->arena, map->origin);
    for (size_t i = 0; i < map->map.entries.len; i++) {
        const ValueEntry *entry = &map->map.entries.items[i];
        if (!str_equal(entry->key, key))
            value_put(env->ev->arena, rest, entry->key, entry->origin, entry->value);
    }
    return rest;
}

static Value *change_entry(const Env *env, Value *old, const Item *item)
{
    Value *it = old ? old : value_null(env->ev->arena, eval_origin(env, item->span));
    Local local = {.value = it};
    Env inner = env_with_local(env, &local);
    if (item->annotations.len)
        inner.suppressions = annotation_suppressions(env, &item->annotations, env->suppressions);
    if (item->value->kind == EXPR_MAP && it->kind == VALUE_MAP)
        return eval_merge_items(
            &inner, it, &item->value->items, eval_origin(&inner, item->value->span));
    return eval_merge_values(env, old, eval_here(&inner, item->value));
}

Value *eval_merge_items(const Env *env, Value *base, const ItemList *items, const Origin *origin)
{
    Arena *arena = env->ev->arena;
    if (base && base->kind != VALUE_MAP && !value_is_null(base))
        return eval_items(env, items, origin);
    Value *merged = value_map(arena, base ? base->origin : origin);
    if (base && base->kind == VALUE_MAP)
        merged = eval_merge_values(env, base, merged);
    for (size_t i = 0; i < items->len; i++) {
        const Item *item = items->items[i];
        if (item->kind != ITEM_ENTRY) {
            ItemList one = {0};
            VEC_ADD(arena, &one, items->items[i]);
            merged = eval_merge_values(env, merged, eval_items(env, &one, origin));
            continue;
        }
        Str key = eval_key(env, item->key);
        if (!key.ptr || !key_is_legal(env, key, item->key->span))
            continue;
        Value *value = change_entry(env, value_get(merged, key), item);
        if (value_is_null(value))
            merged = without_key(env, merged, key);
        else
            value_put(arena, merged, key, eval_origin(env, item->key->span), value);
    }
    return merged;
}
