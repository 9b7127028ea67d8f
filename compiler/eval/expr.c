#include "compiler/eval/eval_priv.h"

const Origin *eval_origin(const Env *env, Span span)
{
    Origin *origin = ARENA_NEW(env->ev->arena, Origin);
    origin->span = span;
    origin->via = env->via;
    origin->instance = env->via_name;
    origin->suppressions = env->suppressions;
    return origin;
}

const Origin *eval_origin_from(const Env *env, Span span, const Value *value)
{
    Origin *origin = (Origin *)(uintptr_t)eval_origin(env, span);
    const Origin *made = value->origin;
    if (made && made->span.file && (made->span.file != span.file || made->span.start != span.start))
        origin->from = made;
    return origin;
}

Value *eval_fail(const Env *env, Span span)
{
    return value_error(env->ev->arena, eval_origin(env, span));
}

void evaluation_explain_origin(Evaluation *ev, Diag *diag, const Origin *origin)
{
    enum { LONGEST_CHAIN = 6 };
    int shown = 0;
    for (const Origin *at = origin; at && at->via && shown < LONGEST_CHAIN; at = at->via, shown++)
        diag_note(ev->diags, diag, at->via->span, "in the instance '%.*s' made here",
            STR_FMT(at->instance));
}

void eval_explain(const Env *env, Diag *diag)
{
    Origin here = {.via = env->via, .instance = env->via_name};
    evaluation_explain_origin(env->ev, diag, &here);
}

Env env_with_local(const Env *env, Local *local)
{
    local->next = env->locals;
    Env inner = *env;
    inner.locals = local;
    return inner;
}

bool eval_require_known(const Env *env, Value *value, Span span, const char *purpose)
{
    if (value_is_error(value))
        return false;
    const Value *unknown = value_unknown_part(value);
    if (!unknown)
        return true;
    Evaluation *ev = env->ev;
    const Origin *made = unknown->origin && unknown->origin->span.file ? unknown->origin : NULL;
    // What an instance was given is the instance's mistake, not the component's.
    bool given = made && env->via && made->via != env->via;
    Diag *diag = diag_add(ev->diags, DIAG_NEEDS_KNOWN, given ? made->span : span,
        value_describe(ev->arena, unknown), str_of(purpose), DIAG_END);
    if (given)
        diag_note(ev->diags, diag, span, "here it must be known");
    else if (made && made->span.start != span.start)
        diag_note(ev->diags, diag, made->span, "it comes from here");
    diag_note(ev->diags, diag, (Span){0},
        "a value of the stage, a 'var' or a 'let' made of them is known when compiling");
    eval_explain(env, diag);
    return false;
}

Value *eval_known(const Env *env, const Expr *expr, const char *purpose)
{
    Value *value = eval_expr(env, expr);
    return eval_require_known(env, value, expr->span, purpose) ? value : eval_fail(env, expr->span);
}

Str eval_known_text(const Env *env, const Expr *expr, const char *purpose)
{
    Value *value = eval_known(env, expr, purpose);
    if (value_is_error(value))
        return STR_NONE;
    Str text = value_scalar_text(value);
    if (!text.ptr || value_is_null(value)) {
        Diag *diag = diag_add(env->ev->diags, DIAG_NOT_TEXT, expr->span, str_of(purpose),
            value_describe(env->ev->arena, value), DIAG_END);
        eval_explain(env, diag);
        return STR_NONE;
    }
    return text;
}

// ---- strings ----

static void add_text_part(Arena *arena, ValueList *parts, Buf *text, const Origin *origin)
{
    if (!text->len)
        return;
    VEC_ADD(arena, parts, value_string(arena, origin, buf_copy(text, arena)));
    buf_clear(text);
}

static void add_part(Arena *arena, ValueList *parts, Buf *text, Value *part, const Origin *origin)
{
    if (part->kind == VALUE_DEPLOY && part->deploy->op == DEPLOY_SUB) {
        for (size_t i = 0; i < part->deploy->args.len; i++)
            add_part(arena, parts, text, part->deploy->args.items[i], origin);
        return;
    }
    Str known = value_scalar_text(part);
    if (known.ptr) {
        buf_add(text, known);
        return;
    }
    add_text_part(arena, parts, text, origin);
    VEC_ADD(arena, parts, part);
}

Value *evaluation_interpolate(Arena *arena, const Origin *origin, const ValueList *parts)
{
    Buf text;
    buf_init(&text, 0);
    ValueList joined = {0};
    for (size_t i = 0; i < parts->len; i++)
        add_part(arena, &joined, &text, parts->items[i], origin);
    Value *result;
    if (!joined.len) {
        result = value_string(arena, origin, buf_copy(&text, arena));
    } else {
        add_text_part(arena, &joined, &text, origin);
        result = value_deploy(arena, origin, DEPLOY_SUB);
        result->deploy->args = joined;
    }
    buf_release(&text);
    return result;
}

// May the value stand in a string? Reports what may not.
static bool fits_in_string(const Env *env, Value *value, Span span)
{
    if (value_is_error(value))
        return false;
    bool is_list = value->kind == VALUE_DEPLOY && value->deploy->is_list;
    bool fits = value->kind == VALUE_BOOL || value->kind == VALUE_NUMBER ||
                value->kind == VALUE_STRING || value->kind == VALUE_RESOURCE ||
                (value->kind == VALUE_DEPLOY && !is_list);
    if (fits)
        return true;
    Arena *arena = env->ev->arena;
    Diag *diag =
        diag_add(env->ev->diags, DIAG_NOT_IN_STRING, span, value_describe(arena, value), DIAG_END);
    if (value_is_null(value))
        diag_note(env->ev->diags, diag, (Span){0}, "give a text for it: '${x ?? \"\"}'");
    if (is_list || value->kind == VALUE_LIST)
        diag_note(env->ev->diags, diag, (Span){0}, "join it: 'join(\",\", x)'");
    eval_explain(env, diag);
    return false;
}

static Value *eval_string(const Env *env, const Expr *expr)
{
    Arena *arena = env->ev->arena;
    const Origin *origin = eval_origin(env, expr->span);
    if (!expr->string.len)
        return value_string(arena, origin, STR(""));
    if (expr->string.len == 1 && !expr->string.items[0].expr)
        return value_string(arena, origin, expr->string.items[0].text);
    ValueList parts = {0};
    bool sound = true;
    for (size_t i = 0; i < expr->string.len; i++) {
        const StringPart *part = &expr->string.items[i];
        Value *value;
        if (part->expr) {
            value = eval_expr(env, part->expr);
            if (!fits_in_string(env, value, part->expr->span)) {
                sound = false;
                continue;
            }
            if (value_is_condition(value))
                value = eval_if(env, origin, value, value_string(arena, origin, STR("true")),
                    value_string(arena, origin, STR("false")));
        } else {
            value = value_string(arena, origin, part->text);
        }
        VEC_ADD(arena, &parts, value);
    }
    return sound ? evaluation_interpolate(arena, origin, &parts) : value_error(arena, origin);
}

// ---- calls ----

static Value *interpolate_for_builtin(void *eval, const Origin *origin, const ValueList *parts)
{
    const Env *env = eval;
    return evaluation_interpolate(env->ev->arena, origin, parts);
}

static void explain_for_builtin(void *eval, Diag *diag)
{
    eval_explain(eval, diag);
}

static bool program_has_language_extensions(Evaluation *ev)
{
    Value *section = evaluation_template(ev);
    Value *transform = section ? value_get(section, STR("Transform")) : NULL;
    if (!transform)
        return false;
    if (value_is_string(transform, "AWS::LanguageExtensions"))
        return true;
    if (transform->kind != VALUE_LIST)
        return false;
    for (size_t i = 0; i < transform->list.len; i++)
        if (value_is_string(transform->list.items[i], "AWS::LanguageExtensions"))
            return true;
    return false;
}

// Evaluates arguments into the call; false when one is an error.
static bool eval_arguments(const Env *env, const Expr *expr, CallContext *call)
{
    Arena *arena = env->ev->arena;
    size_t count = expr->call.args.len;
    Value **args = ARENA_ARRAY(arena, Value *, count + 1);
    Span *spans = ARENA_ARRAY(arena, Span, count + 1);
    bool sound = true;
    for (size_t i = 0; i < count; i++) {
        args[i] = eval_expr(env, expr->call.args.items[i]);
        spans[i] = expr->call.args.items[i]->span;
        sound = sound && !value_is_error(args[i]);
    }
    *call = (CallContext){
        .arena = arena,
        .diags = env->ev->diags,
        .regexes = env->ev->regexes,
        .program = env->ev->program,
        .module = env->module,
        .origin = eval_origin(env, expr->span),
        .span = expr->span,
        .arg_spans = spans,
        .args = args,
        .arg_count = count,
        .interpolate = interpolate_for_builtin,
        .explain = explain_for_builtin,
        .eval = (void *)(uintptr_t)env,
    };
    return sound;
}

static bool arguments_known(const Env *env, const CallContext *call, const char *name)
{
    for (size_t i = 0; i < call->arg_count; i++) {
        if (!value_unknown_part(call->args[i]))
            continue;
        Str purpose = str_format(call->arena, "argument %zu of '%s'", i + 1, name);
        return eval_require_known(env, call->args[i], call->arg_spans[i], purpose.ptr);
    }
    return true;
}

// What looking at the arguments costs, in steps: a function that reads a long text or list takes
// longer than an expression.
static size_t call_work(const CallContext *call, const Builtin *builtin)
{
    enum { BYTES_A_STEP = 256, ITEMS_A_STEP = 8, STEPS_OF_A_PATTERN = 300 };
    size_t work = 0;
    for (size_t i = 0; i < call->arg_count; i++) {
        const Value *value = call->args[i];
        if (value->kind == VALUE_STRING)
            work += value->text.len / BYTES_A_STEP;
        else if (value->kind == VALUE_LIST)
            work += value->list.len / ITEMS_A_STEP;
        else if (value->kind == VALUE_MAP)
            work += value->map.entries.len / ITEMS_A_STEP;
    }
    Str name = str_of(builtin->name);
    bool matches = str_is(name, "matches") || str_is(name, "rewrite");
    return matches ? work + STEPS_OF_A_PATTERN : work;
}

static Value *call_builtin(const Env *env, const Expr *expr, const Builtin *builtin)
{
    CallContext call;
    if (!eval_arguments(env, expr, &call))
        return eval_fail(env, expr->span);
    call.in_rule = env->mode == MODE_RULE;
    if (str_is(str_of(builtin->name), "toJsonString"))
        call.has_language_extensions = program_has_language_extensions(env->ev);
    if (call.arg_count < builtin->min_args || call.arg_count > builtin->max_args)
        return eval_fail(env, expr->span); // reported by sema
    if (builtin->known_only && !arguments_known(env, &call, builtin->name))
        return eval_fail(env, expr->span);
    env->ev->steps += call_work(&call, builtin);
    if (!eval_step_allowed(env, expr->span))
        return eval_fail(env, expr->span);
    return builtin->call(&call);
}

Value *eval_call_function(const Env *env, Symbol *symbol, const Expr *expr)
{
    Evaluation *ev = env->ev;
    const Decl *fn = symbol->decl;
    if (expr->call.args.len > fn->fields.len)
        return eval_fail(env, expr->span); // reported by sema
    Env inner = env_of_file(ev, symbol->scope->module);
    env_inherit(&inner, env);
    Local *locals = ARENA_ARRAY(ev->arena, Local, fn->fields.len + 1);
    for (size_t i = 0; i < fn->fields.len; i++) {
        const Field *field = &fn->fields.items[i];
        Value *value;
        if (i < expr->call.args.len) {
            const Expr *arg = expr->call.args.items[i];
            What what = {.kind = WHAT_ARGUMENT, .name = field->name.text, .owner = fn->name.text};
            value = conform(&inner, field->type, eval_expr(env, arg), &what, arg->span);
        } else if (field->fallback) {
            value = eval_expr(&inner, field->fallback);
        } else {
            value = eval_fail(env, expr->span);
        }
        if (value_is_error(value))
            return eval_fail(env, expr->span);
        locals[i] = (Local){.binder = field, .value = value, .next = inner.locals};
        inner.locals = &locals[i];
    }
    Value *result = eval_expr(&inner, fn->value);
    if (fn->type) {
        What what = {.kind = WHAT_RESULT, .name = fn->name.text};
        result = conform(&inner, fn->type, result, &what, expr->span);
    }
    return result;
}

static Symbol *symbol_of(const Env *env, const Expr *expr)
{
    if (expr->kind != EXPR_NAME)
        return NULL;
    return env->ev->analysis->modules[env->module->index].expr_symbols[expr->id];
}

static Value *eval_call(const Env *env, const Expr *expr)
{
    const Expr *callee = expr->call.callee;
    if (callee->kind == EXPR_MEMBER) {
        Symbol *object = symbol_of(env, callee->member.object);
        if (object && object->kind == SYMBOL_GIVEN && object->given == GIVEN_CFN) {
            CallContext call;
            if (!eval_arguments(env, expr, &call))
                return eval_fail(env, expr->span);
            return builtin_cfn(&call, callee->member.name.text);
        }
    }
    if (callee->kind == EXPR_ERROR)
        return eval_fail(env, expr->span);
    Symbol *symbol = symbol_of(env, callee);
    if (symbol && symbol->kind == SYMBOL_BUILTIN)
        return call_builtin(env, expr, symbol->builtin);
    if (symbol && symbol->kind == SYMBOL_DECL && symbol->decl->kind == DECL_FN)
        return eval_call_function(env, symbol, expr);
    if (symbol || callee->kind != EXPR_NAME) {
        Value *value = eval_expr(env, callee);
        if (!value_is_error(value))
            diag_add(env->ev->diags, DIAG_NOT_A_FUNCTION, callee->span,
                value_describe(env->ev->arena, value), DIAG_END);
    }
    return eval_fail(env, expr->span);
}

// ---- limits ----

// The first limit that is passed ends the stage's evaluation; nothing else is reported.
static bool stop(Evaluation *ev, Span span, DiagCode code, int limit)
{
    if (!ev->stopped)
        diag_add(ev->diags, code, span, str_format(ev->arena, "%d", limit), DIAG_END);
    ev->stopped = true;
    return false;
}

bool eval_step_allowed(const Env *env, Span span)
{
    Evaluation *ev = env->ev;
    if (ev->stopped)
        return false;
    if (++ev->steps > LIMIT_STEPS)
        return stop(ev, span, DIAG_TOO_MANY_STEPS, LIMIT_STEPS);
    if (arena_used(ev->arena) > (size_t)LIMIT_MEMORY_MIB * 1024 * 1024)
        return stop(ev, span, DIAG_TOO_MUCH_MEMORY, LIMIT_MEMORY_MIB);
    const Host *host = ev->program->host;
    bool look = (ev->steps & 0xff) == 0;
    if (look && host->cancelled && host->cancelled(host->context))
        ev->stopped = true;
    return !ev->stopped;
}

bool eval_making_allowed(Evaluation *ev, const Decl *decl)
{
    if (++ev->made > LIMIT_RESOURCES)
        return stop(ev, decl->name.span, DIAG_TOO_MANY_RESOURCES, LIMIT_RESOURCES);
    return true;
}

static bool within_limits(const Env *env, const Expr *expr)
{
    if (env->ev->depth < LIMIT_DEPTH)
        return eval_step_allowed(env, expr->span);
    return stop(env->ev, expr->span, DIAG_TOO_DEEP, LIMIT_DEPTH);
}

// ---- the expression ----

static Value *eval_is(const Env *env, const Expr *expr)
{
    Value *value = eval_expr(env, expr->is.operand);
    if (value_is_error(value))
        return value;
    return value_bool(
        env->ev->arena, eval_origin(env, expr->span), conforms(env, expr->is.type, value));
}

static Value *eval_kind(const Env *env, const Expr *expr)
{
    Arena *arena = env->ev->arena;
    switch (expr->kind) {
    case EXPR_NULL:
        return value_null(arena, eval_origin(env, expr->span));
    case EXPR_BOOL:
        return value_bool(arena, eval_origin(env, expr->span), expr->boolean);
    case EXPR_NUMBER:
        return value_number(arena, eval_origin(env, expr->span), expr->number);
    case EXPR_STRING:
        return eval_string(env, expr);
    case EXPR_NAME:
        return eval_name(env, expr);
    case EXPR_LIST:
        return eval_list(env, expr);
    case EXPR_MAP:
        return eval_map(env, expr);
    case EXPR_MATCH:
        return eval_match(env, expr);
    case EXPR_UNARY:
        return eval_unary(env, expr);
    case EXPR_BINARY:
        return eval_binary(env, expr);
    case EXPR_IS:
        return eval_is(env, expr);
    case EXPR_CONDITIONAL:
        return eval_conditional(env, expr);
    case EXPR_MEMBER:
    case EXPR_INDEX:
        return eval_path(env, expr, false);
    case EXPR_CALL:
        return eval_call(env, expr);
    case EXPR_ERROR:
    case EXPR_COUNT:
        break;
    }
    return eval_fail(env, expr->span);
}

Value *eval_expr(const Env *env, const Expr *expr)
{
    if (!within_limits(env, expr))
        return eval_fail(env, expr->span);
    env->ev->depth++;
    Value *value = eval_kind(env, expr);
    env->ev->depth--;
    return value;
}

Value *eval_soft(const Env *env, const Expr *expr)
{
    if (expr->kind == EXPR_MEMBER || expr->kind == EXPR_INDEX)
        return eval_path(env, expr, true);
    return eval_expr(env, expr);
}
