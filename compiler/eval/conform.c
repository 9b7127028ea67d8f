// Values against written types: what fits, and what a type adds (defaults of records).
#include "compiler/eval/eval_priv.h"

static Env home_of_type(const Env *env, const TypeNameInfo *info)
{
    Env home = env_of_file(env->ev, info->scope->module);
    env_inherit(&home, env);
    return home;
}

// ---- hosts ----

bool host_is_legal(Str host)
{
    enum { LONGEST_HOST = 253, LONGEST_LABEL = 63 };
    if (!host.len || host.len > LONGEST_HOST)
        return false;
    size_t label = 0, labels = 1;
    for (size_t i = 0; i < host.len; i++) {
        char c = host.ptr[i];
        bool last = i + 1 == host.len || host.ptr[i + 1] == '.';
        if (c == '.') {
            if (!label || last)
                return false;
            label = 0;
            labels++;
            continue;
        }
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        bool dash = (c == '-' && label && !last) || c == '_';
        bool star = c == '*' && i == 0 && host.len > 1 && host.ptr[1] == '.';
        if ((!letter && !dash && !star) || ++label > LONGEST_LABEL)
            return false;
    }
    return labels >= 2;
}

// ---- does it fit ----

static bool is_scalar(const Value *value)
{
    return value->kind == VALUE_STRING || value->kind == VALUE_NUMBER || value->kind == VALUE_BOOL;
}

static bool may_be_text(const Value *value)
{
    if (value->kind == VALUE_RESOURCE)
        return true; // its Ref
    return value->kind == VALUE_DEPLOY && !value->deploy->is_list;
}

static bool is_integer(const Value *value)
{
    int64_t n;
    return value->kind != VALUE_BOOL && value_to_int(value, &n);
}

static bool is_number(const Value *value)
{
    if (value->kind == VALUE_NUMBER)
        return true;
    return value->kind == VALUE_STRING && text_is_number(value->text, false);
}

static bool is_boolean(const Value *value)
{
    return value->kind == VALUE_BOOL || value_is_string(value, "true") ||
           value_is_string(value, "false") || value_is_condition(value);
}

static bool basic_fits(const Env *env, const TypeExpr *type, Value *value)
{
    Str name = type->name.text;
    if (str_is(name, "any"))
        return true;
    if (str_is(name, "string"))
        return is_scalar(value) || may_be_text(value);
    if (str_is(name, "int"))
        return is_integer(value) || (may_be_text(value) && !value_is_condition(value));
    if (str_is(name, "number"))
        return is_number(value) || (may_be_text(value) && !value_is_condition(value));
    if (str_is(name, "bool"))
        return is_boolean(value) || may_be_text(value);
    if (str_is(name, "Host"))
        return value->kind == VALUE_STRING ? host_is_legal(value->text) : may_be_text(value);
    if (str_is(name, "Arn"))
        return value->kind == VALUE_STRING ? str_starts(value->text, STR("arn:"))
                                           : may_be_text(value);
    if (str_is(name, "Domain"))
        return value->kind == VALUE_DOMAIN;
    if (str_is(name, "list")) {
        if (value->kind == VALUE_DEPLOY)
            return !value_is_condition(value);
        for (size_t i = 0; value->kind == VALUE_LIST && type->argument && i < value->list.len; i++)
            if (!conforms(env, type->argument, value->list.items[i]))
                return false;
        return value->kind == VALUE_LIST;
    }
    if (str_is(name, "map")) {
        for (size_t i = 0; value->kind == VALUE_MAP && type->argument && i < value->map.entries.len;
             i++)
            if (!conforms(env, type->argument, value->map.entries.items[i].value))
                return false;
        return value->kind == VALUE_MAP;
    }
    return false;
}

static bool named_fits(const Env *env, const TypeExpr *type, Value *value)
{
    const TypeNameInfo *info = type_name_info(env, type);
    Env home;
    switch (info->kind) {
    case TYPE_NAME_DECL:
        home = home_of_type(env, info);
        return conforms(&home, info->decl->type, value);
    case TYPE_NAME_COMPONENT:
        return value->kind == VALUE_INSTANCE && value->instance->scope->owner == info->decl;
    case TYPE_NAME_RESOURCE:
        return value->kind == VALUE_RESOURCE && str_equal(value->resource->type, type->name.text);
    case TYPE_NAME_BASIC:
        return basic_fits(env, type, value);
    default:
        return true; // not known: reported
    }
}

static bool record_fits(const Env *env, const TypeExpr *type, Value *value)
{
    for (size_t i = 0; i < type->fields.len; i++) {
        const Field *field = &type->fields.items[i];
        bool needed = !field->fallback && !type_allows_null(env, field->type);
        if (value->kind == VALUE_INSTANCE) {
            if (needed && !instance_has_result(value->instance, field->name.text))
                return false;
            continue;
        }
        Value *part = value->kind == VALUE_MAP ? value_get(value, field->name.text) : NULL;
        if (!part || value_is_null(part)) {
            if (needed)
                return false;
        } else if (!conforms(env, field->type, part)) {
            return false;
        }
    }
    if (value->kind != VALUE_MAP)
        return value->kind == VALUE_INSTANCE;
    for (size_t i = 0; i < value->map.entries.len; i++) {
        bool known = false;
        for (size_t f = 0; f < type->fields.len && !known; f++)
            known = str_equal(type->fields.items[f].name.text, value->map.entries.items[i].key);
        if (!known)
            return false;
    }
    return true;
}

static Span value_span(const Value *value, Span fallback)
{
    return value->origin && value->origin->span.file ? value->origin->span : fallback;
}

bool conforms(const Env *env, const TypeExpr *type, Value *value)
{
    Str text;
    // A value whose parts are shared has more of them than there is time.
    if (value_is_error(value) || !eval_step_allowed(env, value_span(value, type->span)))
        return true;
    switch (type->kind) {
    case TYPE_EXPR_NAME:
        return named_fits(env, type, value);
    case TYPE_EXPR_STRING:
    case TYPE_EXPR_NUMBER:
        text = value_scalar_text(value);
        return (text.ptr && is_scalar(value) && str_equal(text, type->text)) || may_be_text(value);
    case TYPE_EXPR_BOOL:
        return value->kind == VALUE_BOOL && value->boolean == type->boolean;
    case TYPE_EXPR_NULL:
        return value_is_null(value);
    case TYPE_EXPR_RECORD:
        return record_fits(env, type, value);
    case TYPE_EXPR_UNION:
        for (size_t i = 0; i < type->members.len; i++)
            if (conforms(env, type->members.items[i], value))
                return true;
        return false;
    default:
        return true;
    }
}

bool type_allows_null(const Env *env, const TypeExpr *type)
{
    if (type->kind == TYPE_EXPR_NULL)
        return true;
    if (type->kind == TYPE_EXPR_NAME) {
        const TypeNameInfo *info = type_name_info(env, type);
        if (info->kind == TYPE_NAME_DECL) {
            Env home = home_of_type(env, info);
            return type_allows_null(&home, info->decl->type);
        }
        return info->kind == TYPE_NAME_BASIC && str_is(type->name.text, "any");
    }
    for (size_t i = 0; type->kind == TYPE_EXPR_UNION && i < type->members.len; i++)
        if (type_allows_null(env, type->members.items[i]))
            return true;
    return false;
}

// ---- making it fit ----

static bool is_lacking(const Env *env, const Field *field, const Value *part)
{
    return (!part || value_is_null(part)) && !field->fallback &&
           !type_allows_null(env, field->type);
}

static Value *conform_field(
    const Env *env, const Field *field, Value *part, const What *what, Span span)
{
    Arena *arena = env->ev->arena;
    if (!part || value_is_null(part)) {
        if (field->fallback) {
            Value *value = eval_expr(env, field->fallback);
            return value_is_null(value) || value_is_error(value)
                       ? value
                       : conform(env, field->type, value, what, field->fallback->span);
        }
        if (type_allows_null(env, field->type))
            return value_null(arena, eval_origin(env, span));
        Diag *diag = diag_add(env->ev->diags, DIAG_FIELD_MISSING, span, what_text(arena, what),
            field->name.text, DIAG_END);
        eval_explain(env, diag);
        return eval_fail(env, span);
    }
    What inner = {.kind = WHAT_FIELD, .name = field->name.text, .of = what};
    return conform(env, field->type, part, &inner, value_span(part, span));
}

static bool report_unknown_fields(
    const Env *env, const TypeExpr *type, const Value *value, const What *what, Span span)
{
    Arena *arena = env->ev->arena;
    Str *names = ARENA_ARRAY(arena, Str, type->fields.len + 1);
    for (size_t f = 0; f < type->fields.len; f++)
        names[f] = type->fields.items[f].name.text;
    bool sound = true;
    for (size_t i = 0; i < value->map.entries.len; i++) {
        const ValueEntry *entry = &value->map.entries.items[i];
        bool known = false;
        for (size_t f = 0; f < type->fields.len && !known; f++)
            known = str_equal(names[f], entry->key);
        if (known)
            continue;
        sound = false;
        Span at = entry->origin && entry->origin->span.file ? entry->origin->span : span;
        Diag *diag = diag_add(
            env->ev->diags, DIAG_FIELD_UNKNOWN, at, what_text(arena, what), entry->key, DIAG_END);
        diag_did_you_mean(env->ev->diags, diag, at, entry->key, names, type->fields.len);
        eval_explain(env, diag);
    }
    return sound;
}

static Value *conform_record(
    const Env *env, const TypeExpr *type, Value *value, const What *what, Span span)
{
    if (value->kind == VALUE_INSTANCE && record_fits(env, type, value))
        return value;
    if (value->kind != VALUE_MAP)
        return conform_mismatch(env, type, value, what, span);
    Arena *arena = env->ev->arena;
    bool named = report_unknown_fields(env, type, value, what, span), sound = named;
    Value *record = value_map(arena, value->origin);
    // In the order written, then what the type adds.
    for (size_t i = 0; i < value->map.entries.len; i++) {
        const ValueEntry *entry = &value->map.entries.items[i];
        value_put(arena, record, entry->key, entry->origin, entry->value);
    }
    for (size_t i = 0; i < type->fields.len; i++) {
        const Field *field = &type->fields.items[i];
        Value *part = value_get(value, field->name.text);
        // One that is written with another name is told by that name.
        if (!named && is_lacking(env, field, part))
            continue;
        part = conform_field(env, field, part, what, span);
        sound = sound && !value_is_error(part);
        value_put(arena, record, field->name.text, part->origin, part);
    }
    return sound ? record : eval_fail(env, span);
}

static Value *conform_list(
    const Env *env, const TypeExpr *type, Value *value, const What *what, Span span)
{
    if (value->kind != VALUE_LIST)
        return basic_fits(env, type, value) ? value
                                            : conform_mismatch(env, type, value, what, span);
    if (!type->argument)
        return value;
    Value *list = value_list(env->ev->arena, value->origin);
    bool sound = true;
    What inner = {.kind = WHAT_ELEMENT, .of = what};
    for (size_t i = 0; i < value->list.len; i++) {
        Value *item = value->list.items[i];
        item = conform(env, type->argument, item, &inner, value_span(item, span));
        sound = sound && !value_is_error(item);
        value_append(env->ev->arena, list, item);
    }
    return sound ? list : eval_fail(env, span);
}

static Value *conform_map(
    const Env *env, const TypeExpr *type, Value *value, const What *what, Span span)
{
    if (value->kind != VALUE_MAP)
        return conform_mismatch(env, type, value, what, span);
    if (!type->argument)
        return value;
    Value *map = value_map(env->ev->arena, value->origin);
    bool sound = true;
    for (size_t i = 0; i < value->map.entries.len; i++) {
        const ValueEntry *entry = &value->map.entries.items[i];
        What inner = {.kind = WHAT_ENTRY, .name = entry->key, .of = what};
        Value *part = entry->value;
        part = conform(env, type->argument, part, &inner, value_span(part, span));
        sound = sound && !value_is_error(part);
        value_put(env->ev->arena, map, entry->key, entry->origin, part);
    }
    return sound ? map : eval_fail(env, span);
}

static Value *conform_named(
    const Env *env, const TypeExpr *type, Value *value, const What *what, Span span)
{
    const TypeNameInfo *info = type_name_info(env, type);
    if (info->kind == TYPE_NAME_DECL) {
        Env home = home_of_type(env, info);
        return conform(&home, info->decl->type, value, what, span);
    }
    if (info->kind == TYPE_NAME_BASIC && str_is(type->name.text, "list"))
        return conform_list(env, type, value, what, span);
    if (info->kind == TYPE_NAME_BASIC && str_is(type->name.text, "map"))
        return conform_map(env, type, value, what, span);
    return named_fits(env, type, value) ? value : conform_mismatch(env, type, value, what, span);
}

typedef struct Containers {
    ValueKind of; // VALUE_MAP or VALUE_LIST
    const TypeExpr *first;
    Env env; // where it is written
    size_t count;
} Containers;

static bool may_hold(const TypeExpr *type, const TypeNameInfo *info, ValueKind kind)
{
    if (type->kind == TYPE_EXPR_RECORD)
        return kind == VALUE_MAP;
    return info && info->kind == TYPE_NAME_BASIC &&
           str_is(type->name.text, kind == VALUE_MAP ? "map" : "list");
}

// Those of a type that a map or a list may be, through names and unions.
static void find_containers(const Env *env, const TypeExpr *type, Containers *found)
{
    if (type->kind == TYPE_EXPR_UNION) {
        for (size_t i = 0; i < type->members.len; i++)
            find_containers(env, type->members.items[i], found);
        return;
    }
    const TypeNameInfo *info = type->kind == TYPE_EXPR_NAME ? type_name_info(env, type) : NULL;
    if (info && info->kind == TYPE_NAME_DECL) {
        Env home = home_of_type(env, info);
        find_containers(&home, info->decl->type, found);
        return;
    }
    if (!may_hold(type, info, found->of) || found->count++)
        return;
    found->first = type;
    found->env = *env;
}

static Value *conform_union(
    const Env *env, const TypeExpr *type, Value *value, const What *what, Span span)
{
    for (size_t i = 0; i < type->members.len; i++)
        if (conforms(env, type->members.items[i], value))
            return conform(env, type->members.items[i], value, what, span);
    // One record among others: say what of it is wrong rather than that nothing fits.
    Containers same = {.of = value->kind};
    if (value->kind == VALUE_MAP || value->kind == VALUE_LIST)
        find_containers(env, type, &same);
    if (same.count == 1)
        return conform(&same.env, same.first, value, what, span);
    return conform_mismatch(env, type, value, what, span);
}

Value *conform(const Env *env, const TypeExpr *type, Value *value, const What *what, Span span)
{
    if (value_is_error(value) || type->kind == TYPE_EXPR_ERROR)
        return value;
    if (!eval_step_allowed(env, span))
        return eval_fail(env, span);
    if (type->kind == TYPE_EXPR_UNION)
        return conform_union(env, type, value, what, span);
    if (type->kind == TYPE_EXPR_RECORD)
        return conform_record(env, type, value, what, span);
    if (type->kind == TYPE_EXPR_NAME)
        return conform_named(env, type, value, what, span);
    return conforms(env, type, value) ? value : conform_mismatch(env, type, value, what, span);
}
