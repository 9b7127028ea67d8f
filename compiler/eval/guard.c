// What must hold: `require`, `guard`, and `moved`.
#include "compiler/eval/eval_priv.h"

// ---- showing why ----

static bool worth_showing(const Expr *expr)
{
    return expr->kind == EXPR_NAME || expr->kind == EXPR_MEMBER || expr->kind == EXPR_INDEX ||
           expr->kind == EXPR_CALL;
}

static void show_part(const Env *env, const Expr *expr, Diag *diag)
{
    Evaluation *ev = env->ev;
    Value *value = eval_soft(env, expr);
    if (value_is_error(value))
        return;
    Str text = source_slice(ev->program->sources, expr->span);
    diag_note(ev->diags, diag, (Span){0}, "%.*s is %.*s", STR_FMT(text),
        STR_FMT(value_show(ev->arena, value)));
}

static void show_parts(const Env *env, const Expr *expr, Diag *diag)
{
    if (worth_showing(expr)) {
        show_part(env, expr, diag);
        return;
    }
    switch (expr->kind) {
    case EXPR_UNARY:
        show_parts(env, expr->unary.operand, diag);
        break;
    case EXPR_BINARY:
        show_parts(env, expr->binary.left, diag);
        show_parts(env, expr->binary.right, diag);
        break;
    case EXPR_CONDITIONAL:
        show_parts(env, expr->conditional.condition, diag);
        show_parts(env, expr->conditional.yes, diag);
        show_parts(env, expr->conditional.no, diag);
        break;
    case EXPR_IS:
        show_parts(env, expr->is.operand, diag);
        break;
    default:
        break;
    }
}

void eval_explain_parts(const Env *env, const Expr *condition, Diag *diag)
{
    show_parts(env, condition, diag);
}

// ---- require ----

static Str message_text(const Env *env, const Expr *message)
{
    if (!message)
        return STR_NONE;
    return eval_known_text(env, message, "a message");
}

// A bool, or an error that is reported when it could not be decided.
static Value *decide(const Env *env, const Expr *condition)
{
    Value *value = eval_known(env, condition, "a requirement");
    return eval_truth(env, value, condition->span);
}

static bool is_broken(const Value *decision)
{
    return decision->kind == VALUE_BOOL && !decision->boolean;
}

static Str condition_text(const Env *env, const Expr *condition)
{
    return str_format(env->ev->arena, "'%.*s' does not hold",
        STR_FMT(source_slice(env->ev->program->sources, condition->span)));
}

// What an instance was given is the instance's mistake, not the component's.
static void refuse_instance(const Env *env, const Expr *condition, Str text)
{
    DiagSink *diags = env->ev->diags;
    Diag *diag = diag_add(diags, DIAG_REQUIRE_FAILED, eval_blame(env, condition), text, DIAG_END);
    diag_note(diags, diag, condition->span, "'%.*s' requires it here",
        STR_FMT(env->instance->scope->owner->name.text));
    eval_explain(env, diag);
    env->instance->refused = true;
}

void elaborate_require(const Env *env, const Expr *condition, const Expr *message)
{
    bool of_instance = env->instance && env->instance->scope->kind == SCOPE_COMPONENT;
    const Value *decision = decide(env, condition);
    if (of_instance && decision->kind != VALUE_BOOL)
        env->instance->refused = true;
    if (!is_broken(decision))
        return;
    Str text = message_text(env, message);
    if (text.ptr && of_instance) {
        refuse_instance(env, condition, text);
        return;
    }
    if (!text.ptr)
        text = condition_text(env, condition);
    Diag *diag = diag_add(env->ev->diags, DIAG_REQUIRE_FAILED, condition->span, text, DIAG_END);
    eval_explain_parts(env, condition, diag);
    eval_explain(env, diag);
}

// ---- guards ----

bool stage_is_allowed(const Evaluation *ev, Str name)
{
    for (size_t i = 0; i < ev->options.allowed_count; i++)
        if (str_equal(ev->options.allowed[i], name))
            return true;
    return false;
}

static void guard_require(const Env *env, const Decl *guard, const GuardRule *rule, bool lifted)
{
    if (!is_broken(decide(env, rule->condition)))
        return;
    DiagSink *diags = env->ev->diags;
    Str text = message_text(env, rule->message);
    if (!text.ptr)
        text = condition_text(env, rule->condition);
    Diag *diag = diag_add(diags, lifted ? DIAG_GUARD_LIFTED : DIAG_GUARD_FAILED,
        rule->condition->span, guard->name.text, text, DIAG_END);
    eval_explain_parts(env, rule->condition, diag);
    if (guard->has_allow && !lifted)
        diag_note(
            diags, diag, (Span){0}, "'--allow %.*s' lifts this guard", STR_FMT(guard->allow.text));
}

static void add_target_resource(Evaluation *ev, DenyRule *deny, Value *value)
{
    if (value->kind == VALUE_RESOURCE) {
        VEC_ADD(ev->arena, &deny->resources, value->resource);
    } else if (value->kind == VALUE_MAP) {
        for (size_t i = 0; i < value->map.entries.len; i++)
            add_target_resource(ev, deny, value->map.entries.items[i].value);
    } else if (value->kind == VALUE_INSTANCE) {
        // Everything in it, by the prefix of its logical ids; decided when all is elaborated.
        VEC_ADD(
            ev->arena, &deny->ids, str_format(ev->arena, "%.*s*", STR_FMT(value->instance->id)));
    }
}

// The logical id a path had, for what this program does not make (any more, or in this stage).
Str path_logical_id(const Env *env, const Path *path)
{
    Arena *arena = env->ev->arena;
    if (path->kind == EXPR_MEMBER)
        return str_format(arena, "%.*s%.*s", STR_FMT(path_logical_id(env, path->member.object)),
            STR_FMT(evaluation_key_words(arena, path->member.name.text)));
    if (path->kind == EXPR_INDEX) {
        Str key = eval_known_text(env, path->index.index, "a key");
        return str_format(arena, "%.*s%.*s", STR_FMT(path_logical_id(env, path->index.object)),
            STR_FMT(key.ptr ? evaluation_key_words(arena, key) : STR("")));
    }
    return path->kind == EXPR_NAME ? path->name : STR("");
}

static const Expr *path_base(const Path *path)
{
    while (path->kind == EXPR_MEMBER || path->kind == EXPR_INDEX)
        path = path->kind == EXPR_MEMBER ? path->member.object : path->index.object;
    return path;
}

static void add_target(const Env *env, DenyRule *deny, const Expr *target)
{
    Evaluation *ev = env->ev;
    if (target->kind == EXPR_NAME && str_find(target->name, STR("::"), 0) != SIZE_MAX) {
        VEC_ADD(ev->arena, &deny->types, target->name);
        return;
    }
    const Expr *base = path_base(target);
    const Symbol *symbol = base->kind == EXPR_NAME
                               ? ev->analysis->modules[env->module->index].expr_symbols[base->id]
                               : NULL;
    Value *value = symbol ? eval_soft(env, target) : NULL;
    if (value && !value_is_null(value))
        add_target_resource(ev, deny, value);
    else
        VEC_ADD(ev->arena, &deny->ids, path_logical_id(env, target));
}

static void guard_deny(const Env *env, const Decl *guard, const GuardRule *rule)
{
    Evaluation *ev = env->ev;
    DenyRule deny = {
        .title = guard->name.text,
        .allow = guard->has_allow ? guard->allow.text : STR(""),
        .span = rule->span,
    };
    for (size_t i = 0; i < rule->actions.len; i++)
        VEC_ADD(ev->arena, &deny.actions, rule->actions.items[i].text);
    for (size_t i = 0; i < rule->targets.len; i++)
        add_target(env, &deny, rule->targets.items[i]);
    VEC_ADD(ev->arena, &ev->denials, deny);
}

void elaborate_guard(const Env *env, const Decl *decl)
{
    if (decl->has_on && !stage_in(&decl->on, env->ev->options.stage->name))
        return;
    bool lifted = decl->has_allow && stage_is_allowed(env->ev, decl->allow.text);
    for (size_t i = 0; i < decl->rules.len; i++) {
        const GuardRule *rule = &decl->rules.items[i];
        if (rule->kind == RULE_REQUIRE)
            guard_require(env, decl, rule, lifted);
        else if (rule->kind == RULE_DENY)
            guard_deny(env, decl, rule);
    }
}

// ---- moved ----

void elaborate_moved(const Env *env, const Decl *decl)
{
    Evaluation *ev = env->ev;
    Value *to = eval_soft(env, decl->to);
    if (value_is_error(to) || value_is_null(to))
        return; // not in this stage
    if (to->kind != VALUE_RESOURCE && to->kind != VALUE_INSTANCE)
        return; // reported by sema
    Moved moved = {
        .from = path_logical_id(env, decl->from),
        .resource = to->kind == VALUE_RESOURCE ? to->resource : NULL,
        .instance = to->kind == VALUE_INSTANCE ? to->instance : NULL,
        .span = decl->span,
    };
    VEC_ADD(ev->arena, &ev->moves, moved);
}
