// Paths: `name.member[index](…)`, and the members that are known before anything is computed.
#include "compiler/sema/sema_priv.h"

typedef enum ThingKind {
    THING_UNKNOWN,
    THING_GIVEN,
    THING_INSTANCE, // of a component
    THING_DOMAIN
} ThingKind;

// What a path means so far.
typedef struct Thing {
    ThingKind kind;
    bool keyed; // an index chooses one of several
    Given given;
    const Decl *component; // THING_INSTANCE
    const Symbol *symbol;
} Thing;

static const char *const AWS_MEMBERS[] = {"region", "accountId", "partition", "stackName",
    "stackId", "urlSuffix", "notificationArns", "noValue", NULL};
static const char *const APP_MEMBERS[] = {"name", "region", "account", "root", "defaultStage",
    "values", "stackName", "removal", "terminationProtection", "alt", "tags", NULL};
static const char *const SELF_MEMBERS[] = {"name", "id", NULL};
static const char *const DOMAIN_MEMBERS[] = {
    "host", "zone", "cert", "aliases", "redirects", "elsewhere", "url", NULL};

static Thing thing_of_resource(const Sema *sema, const Symbol *symbol)
{
    const Decl *component = lookup_component(sema, symbol->decl);
    Thing thing = {.kind = component ? THING_INSTANCE : THING_UNKNOWN,
        .keyed = symbol->decl->key != NULL,
        .component = component,
        .symbol = symbol};
    return thing;
}

static Thing thing_of(const Sema *sema, const Symbol *symbol)
{
    if (!symbol)
        return (Thing){0};
    if (symbol->kind == SYMBOL_GIVEN)
        return (Thing){.kind = THING_GIVEN, .given = symbol->given, .symbol = symbol};
    if (symbol->kind != SYMBOL_DECL)
        return (Thing){0};
    if (symbol->decl->kind == DECL_RESOURCE)
        return thing_of_resource(sema, symbol);
    if (symbol->decl->kind == DECL_DOMAIN)
        return (Thing){.kind = THING_DOMAIN, .keyed = symbol->decl->key != NULL, .symbol = symbol};
    return (Thing){0};
}

static void report_member(const Walk *walk, Word name, Str owner, const StrList *candidates)
{
    Sema *sema = walk->sema;
    Diag *diag = diag_add(sema->diags, DIAG_UNKNOWN_MEMBER, name.span, owner, name.text, DIAG_END);
    sema_suggest(sema, diag, name.span, name.text, candidates);
}

static bool listed(const char *const *names, Str name)
{
    for (; *names; names++)
        if (str_is(name, *names))
            return true;
    return false;
}

static void check_listed(const Walk *walk, Word name, Str owner, const char *const *names)
{
    if (listed(names, name.text))
        return;
    StrList candidates = {0};
    for (; *names; names++)
        VEC_ADD(walk->sema->arena, &candidates, str_of(*names));
    report_member(walk, name, owner, &candidates);
}

static void check_stage_member(const Walk *walk, Word name)
{
    Sema *sema = walk->sema;
    StageNames *stages = &sema->stages;
    if (stages->open || str_is(name.text, "name") || map_find(&stages->attributes, name.text))
        return;
    StrList candidates = {0};
    VEC_ADD(sema->arena, &candidates, STR("name"));
    for (size_t i = 0; i < stages->attribute_list.len; i++)
        VEC_ADD(sema->arena, &candidates, stages->attribute_list.items[i]);
    report_member(walk, name, STR("'stage'"), &candidates);
}

static void check_given_member(const Walk *walk, Given given, Word name)
{
    switch (given) {
    case GIVEN_APP:
        check_listed(walk, name, STR("'app'"), APP_MEMBERS);
        break;
    case GIVEN_AWS:
        check_listed(walk, name, STR("'aws'"), AWS_MEMBERS);
        break;
    case GIVEN_SELF:
        check_listed(walk, name, STR("'self'"), SELF_MEMBERS);
        break;
    case GIVEN_STAGE:
        check_stage_member(walk, name);
        break;
    default:
        break;
    }
}

// Of an instance: a result, or something declared in the component.
static Thing step_into(const Walk *walk, const Thing *thing, Word name)
{
    Sema *sema = walk->sema;
    const Scope *scope = component_scope(sema, thing->component);
    if (!scope || map_find(&scope->outputs, name.text))
        return (Thing){0};
    const Symbol *inner = map_find(&scope->names, name.text);
    if (inner)
        return thing_of(sema, inner);
    StrList candidates = {0};
    for (size_t i = 0; i < thing->component->body.len; i++)
        if (thing->component->body.items[i]->kind == DECL_OUTPUT)
            VEC_ADD(sema->arena, &candidates, thing->component->body.items[i]->name.text);
    for (size_t i = 0; i < scope->symbols.len; i++)
        VEC_ADD(sema->arena, &candidates, scope->symbols.items[i]->name);
    Str owner =
        str_format(sema->arena, "the component '%.*s'", STR_FMT(thing->component->name.text));
    report_member(walk, name, owner, &candidates);
    return (Thing){0};
}

static Thing resolve_member(const Walk *walk, const Thing *thing, Word name)
{
    // A member of several is one of them, by its key.
    if (!name.text.len || thing->keyed)
        return (Thing){0};
    switch (thing->kind) {
    case THING_GIVEN:
        check_given_member(walk, thing->given, name);
        break;
    case THING_INSTANCE:
        return step_into(walk, thing, name);
    case THING_DOMAIN:
        check_listed(walk, name, symbol_describe(walk->sema, thing->symbol), DOMAIN_MEMBERS);
        break;
    case THING_UNKNOWN:
        break;
    }
    return (Thing){0};
}

// ---- calls at the head of a path ----

static Symbol *lookup_callee(const Walk *walk, const Expr *callee)
{
    Symbol *symbol = lookup_name(walk, callee->name);
    bool is_own_function = symbol && symbol->kind == SYMBOL_DECL && symbol->decl->kind == DECL_FN;
    bool is_of_tests = !is_own_function && lookup_is_of_tests(callee->name);
    if (symbol && !(is_of_tests && walk->in_test))
        return symbol;
    return is_of_tests && !walk->in_test ? NULL : lookup_builtin(walk->sema, callee->name);
}

static void resolve_called_name(const Walk *walk, const Expr *call)
{
    const Expr *callee = call->call.callee;
    Symbol *symbol = lookup_callee(walk, callee);
    walk->info->expr_symbols[callee->id] = symbol;
    common_use_name(walk, symbol);
    if (!symbol)
        report_unknown_name(walk, callee->name, callee->span, true);
    else
        sema_check_call(walk, call, symbol);
}

static bool is_cfn_call(const Walk *walk, const Expr *callee)
{
    if (callee->kind != EXPR_MEMBER || callee->member.object->kind != EXPR_NAME)
        return false;
    const Symbol *symbol = walk->info->expr_symbols[callee->member.object->id];
    return symbol && symbol->kind == SYMBOL_GIVEN && symbol->given == GIVEN_CFN;
}

static void resolve_arguments(const Walk *walk, const Expr *call)
{
    for (size_t i = 0; i < call->call.args.len; i++)
        resolve_expr(walk, call->call.args.items[i]);
}

static Thing resolve_step(const Walk *walk, const Expr *step, Thing thing)
{
    switch (step->kind) {
    case EXPR_MEMBER:
        return resolve_member(walk, &thing, step->member.name);
    case EXPR_INDEX:
        resolve_expr(walk, step->index.index);
        if (!thing.keyed)
            return (Thing){0};
        thing.keyed = false;
        return thing;
    default:
        resolve_arguments(walk, step);
        if (step->call.callee->kind != EXPR_NAME && step->call.callee->kind != EXPR_ERROR &&
            !is_cfn_call(walk, step->call.callee))
            diag_add(walk->sema->diags, DIAG_NOT_A_FUNCTION, step->call.callee->span,
                STR("an expression"), DIAG_END);
        return (Thing){0};
    }
}

static bool is_step(const Expr *expr)
{
    return expr->kind == EXPR_MEMBER || expr->kind == EXPR_INDEX || expr->kind == EXPR_CALL;
}

static const Expr *step_object(const Expr *step)
{
    return step->kind == EXPR_MEMBER  ? step->member.object
           : step->kind == EXPR_INDEX ? step->index.object
                                      : step->call.callee;
}

void resolve_postfix(const Walk *walk, const Expr *expr)
{
    size_t depth = 0;
    for (const Expr *step = expr; is_step(step); step = step_object(step))
        depth++;
    const Expr **steps = ARENA_ARRAY(walk->sema->arena, const Expr *, depth);
    const Expr *base = expr;
    for (size_t i = depth; i-- > 0; base = step_object(base))
        steps[i] = base;
    if (base->kind == EXPR_NAME && steps[0]->kind == EXPR_CALL)
        resolve_called_name(walk, steps[0]);
    else
        resolve_expr(walk, base);
    Thing thing = {0};
    if (base->kind == EXPR_NAME)
        thing = thing_of(walk->sema, walk->info->expr_symbols[base->id]);
    for (size_t i = 0; i < depth; i++)
        thing = resolve_step(walk, steps[i], thing);
}
