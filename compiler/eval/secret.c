// `var … { secret: true }`: a NoEcho parameter that the deployer fills. Its value, where it is
// given already, is only held against the variable's own attributes: nothing tells it.
#include "compiler/base/utf8.h"
#include "compiler/eval/eval_priv.h"

static Value *secret_attributes(const Env *env, const Decl *decl)
{
    Value *attributes = value_map(env->ev->arena, eval_origin(env, decl->span));
    value_put(env->ev->arena, attributes, STR("NoEcho"), attributes->origin,
        value_bool(env->ev->arena, attributes->origin, true));
    for (size_t i = 0; i < decl->items.len; i++) {
        const Item *item = decl->items.items[i];
        bool own = item->kind == ITEM_ENTRY && item->key->kind == EXPR_NAME &&
                   (str_is(item->key->name, "env") || str_is(item->key->name, "secret"));
        if (item->kind == ITEM_ENTRY && !own)
            value_put(env->ev->arena, attributes, eval_key(env, item->key),
                eval_origin(env, item->key->span), eval_known(env, item->value, "an attribute"));
    }
    return attributes;
}

Value *secret_parameter(const Env *env, const Symbol *symbol, Str key, const Parameter *names)
{
    Evaluation *ev = env->ev;
    const Decl *decl = symbol->decl;
    const Origin *origin = eval_origin(env, decl->name.span);
    Parameter *parameter = ARENA_NEW(ev->arena, Parameter);
    *parameter = *names;
    parameter->name = decl->name.text;
    parameter->id =
        str_format(ev->arena, "%.*s%.*s", STR_FMT(evaluation_key_words(ev->arena, decl->name.text)),
            STR_FMT(key.ptr ? evaluation_key_words(ev->arena, key) : STR("")));
    parameter->type = STR("String");
    parameter->decl = decl;
    parameter->stack = ev->stacks.items[0];
    parameter->source = PARAMETER_FROM_SECRET;
    parameter->attributes = secret_attributes(env, decl);
    parameter->no_echo = true;
    parameter->may_hold_quote = !value_get(parameter->attributes, STR("AllowedPattern")) &&
                                !value_get(parameter->attributes, STR("AllowedValues"));
    parameter->variable = symbol->name;
    parameter->key = key;
    parameter->origin = origin;
    return make_parameter_value(ev, origin, parameter);
}

// ---- does what is given fit ----

static bool within(Value *attributes, const char *name, size_t length, bool is_least)
{
    int64_t bound;
    Value *limit = value_get(attributes, str_of(name));
    if (!limit || !value_to_int(limit, &bound) || bound < 0)
        return true; // what is no number is reported with the parameter
    return is_least ? length >= (size_t)bound : length <= (size_t)bound;
}

// CloudFormation wants the whole text to match.
static bool matches_pattern(const Env *env, Value *attributes, Str text)
{
    Value *pattern = value_get(attributes, STR("AllowedPattern"));
    if (!pattern || pattern->kind != VALUE_STRING || !env->ev->regexes)
        return true;
    Str whole = str_format(env->ev->arena, "^(?:%.*s)$", STR_FMT(pattern->text));
    const Regex *regex = regex_get(env->ev->regexes, whole, NULL);
    return !regex || regex_matches(regex, text) != REGEX_NO_MATCH;
}

static bool is_allowed(Value *attributes, Str text)
{
    Value *allowed = value_get(attributes, STR("AllowedValues"));
    if (!allowed || allowed->kind != VALUE_LIST)
        return true;
    for (size_t i = 0; i < allowed->list.len; i++) {
        Str one = value_scalar_text(allowed->list.items[i]);
        if (one.ptr && str_equal(one, text))
            return true;
    }
    return false;
}

bool secret_fits(const Env *env, const Parameter *parameter, Str text)
{
    Value *attributes = parameter->attributes;
    size_t length = utf8_count(text);
    const char *broken = !is_allowed(attributes, text)                     ? "AllowedValues"
                         : !within(attributes, "MinLength", length, true)  ? "MinLength"
                         : !within(attributes, "MaxLength", length, false) ? "MaxLength"
                         : !matches_pattern(env, attributes, text)         ? "AllowedPattern"
                                                                           : NULL;
    if (!broken)
        return true;
    Evaluation *ev = env->ev;
    Diag *diag = diag_add(ev->diags, DIAG_SECRET_UNFIT, parameter->origin->span,
        parameter->variable, str_of(broken), DIAG_END);
    Value *bound = value_get(attributes, str_of(broken));
    if (bound->origin)
        diag_note(ev->diags, diag, bound->origin->span, "it must fit this");
    return false;
}
