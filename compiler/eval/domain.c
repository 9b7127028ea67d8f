// Domains: hosts and who owns them.
#include "compiler/eval/eval_priv.h"

static const Item *domain_item(const Decl *decl, Str field)
{
    for (size_t i = 0; i < decl->items.len; i++) {
        const Item *item = decl->items.items[i];
        if (item->kind == ITEM_ENTRY && item->key->kind == EXPR_NAME &&
            str_equal(item->key->name, field))
            return item;
    }
    return NULL;
}

static Value *check_host(const Env *env, Value *value, Span span)
{
    if (value->kind == VALUE_STRING && !host_is_legal(value->text)) {
        diag_add(env->ev->diags, DIAG_BAD_HOST, span, value->text, DIAG_END);
        return eval_fail(env, span);
    }
    return value;
}

static Value *check_hosts(const Env *env, Str field, Value *value, Span span)
{
    if (str_is(field, "host"))
        return eval_require_known(env, value, span, "a domain's host")
                   ? check_host(env, value, span)
                   : eval_fail(env, span);
    bool is_list = str_is(field, "aliases") || str_is(field, "redirects");
    for (size_t i = 0; is_list && value->kind == VALUE_LIST && i < value->list.len; i++)
        check_host(env, value->list.items[i], span);
    return value;
}

static Value *stated_field(const Env *env, const Domain *domain, Str field)
{
    Arena *arena = env->ev->arena;
    const Item *item = domain_item(domain->decl, field);
    if (item && str_is(field, "elsewhere"))
        return eval_truth(
            env, eval_known(env, item->value, "a domain's `elsewhere`"), item->value->span);
    if (item) {
        Value *value = eval_expr(env, item->value);
        return value_is_error(value) ? value : check_hosts(env, field, value, item->value->span);
    }
    const Origin *origin = eval_origin(env, domain->decl->name.span);
    if (str_is(field, "aliases") || str_is(field, "redirects"))
        return value_list(arena, origin);
    if (str_is(field, "elsewhere"))
        return value_bool(arena, origin, false);
    return value_null(arena, origin);
}

static Value *domain_url(const Env *env, Domain *domain)
{
    Arena *arena = env->ev->arena;
    Value *host = evaluation_domain_field(env->ev, domain, STR("host"));
    if (value_is_error(host) || value_is_null(host))
        return host;
    const Origin *origin = eval_origin(env, domain->decl->name.span);
    ValueList parts = {0};
    VEC_ADD(arena, &parts, value_string(arena, origin, STR("https://")));
    VEC_ADD(arena, &parts, host);
    return evaluation_interpolate(arena, origin, &parts);
}

Value *evaluation_domain_field(Evaluation *ev, Domain *domain, Str field)
{
    Value *known = map_find(&domain->fields, field);
    if (known)
        return known;
    Env env = env_of_run(domain->owner, domain->run);
    Active active = {
        .name = str_format(ev->arena, "%.*s.%.*s", STR_FMT(domain->name), STR_FMT(field)),
        .span = domain->decl->name.span,
        .what = domain_item(domain->decl, field)};
    if (active.what && !eval_enter(ev, &active))
        return value_error(ev->arena, NULL);
    Value *value =
        str_is(field, "url") ? domain_url(&env, domain) : stated_field(&env, domain, field);
    if (active.what)
        eval_leave(ev, &active);
    map_set(&domain->fields, ev->arena, str_copy(ev->arena, field), value);
    return value;
}

bool evaluation_is_elsewhere(Evaluation *ev, Domain *domain)
{
    const Value *elsewhere = evaluation_domain_field(ev, domain, STR("elsewhere"));
    return elsewhere->kind == VALUE_BOOL && elsewhere->boolean;
}

bool evaluation_claims(Evaluation *ev, Domain *domain)
{
    if (evaluation_is_elsewhere(ev, domain))
        return false;
    return !domain->decl->has_on || stage_in(&domain->decl->on, ev->options.stage->name);
}

void check_domain(Evaluation *ev, Domain *domain)
{
    static const char *const fields[] = {
        "host", "zone", "cert", "aliases", "redirects", "elsewhere"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        evaluation_domain_field(ev, domain, str_of(fields[i]));
}

static void collect_value(Evaluation *ev, Value *value)
{
    if (value->kind == VALUE_DOMAIN) {
        VEC_ADD(ev->arena, &ev->domains, value->domain);
    } else if (value->kind == VALUE_MAP) {
        for (size_t i = 0; i < value->map.entries.len; i++)
            collect_value(ev, value->map.entries.items[i].value);
    }
}

void evaluation_collect_domains(Evaluation *ev)
{
    for (size_t m = 0; m < ev->program->modules.len; m++) {
        Instance *file = instance_of_file(ev, ev->program->modules.items[m]);
        for (size_t i = 0; i < file->scope->symbols.len; i++) {
            Symbol *symbol = file->scope->symbols.items[i];
            if (symbol->kind == SYMBOL_DECL && symbol->decl->kind == DECL_DOMAIN)
                collect_value(ev, declared_value(file, symbol, symbol->span));
        }
    }
}
