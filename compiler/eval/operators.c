#include "compiler/eval/eval_priv.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

// ---- truth ----

Value *eval_not(const Env *env, const Origin *origin, Value *value)
{
    Arena *arena = env->ev->arena;
    if (value_is_error(value))
        return value;
    if (value->kind == VALUE_BOOL && env->mode == MODE_NORMAL)
        return value_bool(arena, origin, !value->boolean);
    if (value->kind == VALUE_DEPLOY && value->deploy->op == DEPLOY_NOT && env->mode == MODE_NORMAL)
        return value->deploy->args.items[0];
    Value *result = value_deploy(arena, origin, DEPLOY_NOT);
    VEC_ADD(arena, &result->deploy->args, value);
    return result;
}

static Value *join_conditions(
    const Env *env, const Origin *origin, DeployOp op, Value *left, Value *right)
{
    Arena *arena = env->ev->arena;
    Value *result = value_deploy(arena, origin, op);
    if (left->kind == VALUE_DEPLOY && left->deploy->op == op)
        for (size_t i = 0; i < left->deploy->args.len; i++)
            VEC_ADD(arena, &result->deploy->args, left->deploy->args.items[i]);
    else
        VEC_ADD(arena, &result->deploy->args, left);
    VEC_ADD(arena, &result->deploy->args, right);
    return result;
}

// `a && b` (op AND) or `a || b` (op OR) of truths.
static Value *combine(const Env *env, const Origin *origin, DeployOp op, Value *left, Value *right)
{
    bool decides = op == DEPLOY_OR;
    if (env->mode == MODE_NORMAL) {
        if (left->kind == VALUE_BOOL)
            return left->boolean == decides ? left : right;
        if (right->kind == VALUE_BOOL)
            return right->boolean == decides ? right : left;
    }
    if (value_is_error(left) || value_is_error(right))
        return value_is_error(left) ? left : right;
    return join_conditions(env, origin, op, left, right);
}

Value *eval_and(const Env *env, const Origin *origin, Value *left, Value *right)
{
    if (!left || !right)
        return left ? left : right;
    return combine(env, origin, DEPLOY_AND, left, right);
}

Value *eval_truth(const Env *env, Value *value, Span span)
{
    if (value_is_error(value) || value->kind == VALUE_BOOL || value_is_condition(value))
        return value;
    Arena *arena = env->ev->arena;
    if (value_is_string(value, "true") || value_is_string(value, "false"))
        return value_bool(arena, value->origin, value_is_string(value, "true"));
    if (value->kind == VALUE_DEPLOY && value->deploy->op == DEPLOY_IF) {
        // In a condition there is no Fn::If: (c && yes) || (!c && no).
        Value *condition = value->deploy->args.items[0];
        Value *yes = eval_truth(env, value->deploy->args.items[1], span);
        Value *no = eval_truth(env, value->deploy->args.items[2], span);
        if (value_is_error(yes) || value_is_error(no))
            return eval_fail(env, span);
        Value *first = eval_and(env, value->origin, condition, yes);
        Value *second = eval_and(env, value->origin, eval_not(env, value->origin, condition), no);
        return combine(env, value->origin, DEPLOY_OR, first, second);
    }
    Diag *diag = diag_add(
        env->ev->diags, DIAG_NOT_A_CONDITION, span, value_describe(arena, value), DIAG_END);
    if (value->kind == VALUE_DEPLOY)
        diag_note(env->ev->diags, diag, (Span){0}, "compare it: 'x == \"true\"'");
    if (value->kind == VALUE_RESOURCE || value->kind == VALUE_NULL)
        diag_note(env->ev->diags, diag, (Span){0}, "ask whether it is there: 'x != null'");
    eval_explain(env, diag);
    return eval_fail(env, span);
}

static Value *eval_logic(const Env *env, const Expr *expr)
{
    DeployOp op = expr->binary.op == OP_OR ? DEPLOY_OR : DEPLOY_AND;
    Value *left = eval_truth(env, eval_expr(env, expr->binary.left), expr->binary.left->span);
    if (value_is_error(left))
        return left;
    bool decided =
        env->mode == MODE_NORMAL && left->kind == VALUE_BOOL && left->boolean == (op == DEPLOY_OR);
    if (decided)
        return left;
    Value *right = eval_truth(env, eval_expr(env, expr->binary.right), expr->binary.right->span);
    if (value_is_error(right))
        return right;
    return combine(env, eval_origin(env, expr->span), op, left, right);
}

Value *eval_unary(const Env *env, const Expr *expr)
{
    Arena *arena = env->ev->arena;
    const Origin *origin = eval_origin(env, expr->span);
    if (expr->unary.op == OP_NOT) {
        Value *value =
            eval_truth(env, eval_expr(env, expr->unary.operand), expr->unary.operand->span);
        return value_is_error(value) ? value : eval_not(env, origin, value);
    }
    Value *value = eval_known(env, expr->unary.operand, "the operand of '-'");
    if (value_is_error(value))
        return value;
    if (value->kind != VALUE_NUMBER) {
        diag_add(env->ev->diags, DIAG_NOT_A_NUMBER, expr->unary.operand->span, STR("-"),
            value_describe(arena, value), DIAG_END);
        return value_error(arena, origin);
    }
    if (value->text.ptr[0] == '-')
        return value_number(arena, origin, str_slice(value->text, 1, value->text.len));
    return value_number(arena, origin, str_format(arena, "-%.*s", STR_FMT(value->text)));
}

// ---- comparison ----

// null against what is there or not, known even for deploy-time things; NULL when not decided.
static Value *equals_null(const Env *env, const Origin *origin, Value *left, Value *right)
{
    bool left_null = value_is_null(left), right_null = value_is_null(right);
    if (!left_null && !right_null)
        return NULL;
    if (left_null && right_null)
        return value_bool(env->ev->arena, origin, true);
    Value *other = left_null ? right : left;
    if (other->kind == VALUE_RESOURCE && other->resource->condition)
        return eval_not(env, origin, other->resource->condition);
    if (other->kind == VALUE_INSTANCE && other->instance->condition)
        return eval_not(env, origin, other->instance->condition);
    return value_bool(env->ev->arena, origin, false);
}

static bool same_thing(const Value *left, const Value *right)
{
    return left->kind == right->kind &&
           ((left->kind == VALUE_RESOURCE && left->resource == right->resource) ||
               (left->kind == VALUE_INSTANCE && left->instance == right->instance) ||
               (left->kind == VALUE_DOMAIN && left->domain == right->domain));
}

static bool is_program_thing(const Value *value)
{
    return value->kind == VALUE_INSTANCE || value->kind == VALUE_DOMAIN;
}

static bool is_container(const Value *value)
{
    return value->kind == VALUE_LIST || value->kind == VALUE_MAP;
}

// Lists and maps by their parts, some of them known only when deploying; NULL for other values.
static Value *equals_parts(const Env *env, const Origin *origin, Value *left, Value *right)
{
    Arena *arena = env->ev->arena;
    if (!is_container(left) && !is_container(right))
        return NULL;
    if (left->kind != right->kind)
        return left->kind == VALUE_DEPLOY || right->kind == VALUE_DEPLOY
                   ? NULL
                   : value_bool(arena, origin, false);
    bool lists = left->kind == VALUE_LIST;
    size_t count = lists ? left->list.len : left->map.entries.len;
    if (count != (lists ? right->list.len : right->map.entries.len))
        return value_bool(arena, origin, false);
    Value *result = value_bool(arena, origin, true);
    for (size_t i = 0; i < count; i++) {
        Value *a = lists ? left->list.items[i] : left->map.entries.items[i].value;
        Value *b = lists ? right->list.items[i] : value_get(right, left->map.entries.items[i].key);
        if (!b)
            return value_bool(arena, origin, false);
        result = eval_and(env, origin, result, eval_equals(env, origin, a, b));
    }
    return result;
}

Value *eval_equals(const Env *env, const Origin *origin, Value *left, Value *right)
{
    Arena *arena = env->ev->arena;
    if (!eval_step_allowed(env, origin->span))
        return value_error(arena, origin);
    if (env->mode == MODE_NORMAL) {
        Value *decided = equals_null(env, origin, left, right);
        if (decided)
            return decided;
        if (same_thing(left, right))
            return value_bool(arena, origin, true);
        if (is_program_thing(left) || is_program_thing(right))
            return value_bool(arena, origin, false);
        if (value_is_known(left) && value_is_known(right)) {
            if (left->kind == VALUE_LIST)
                env->ev->steps += left->list.len / 8;
            bool equal = value_equal(left, right);
            // What differs by an error only may not differ at all.
            if (!equal && (value_has_error(left) || value_has_error(right)))
                return value_error(arena, origin);
            return value_bool(arena, origin, equal);
        }
        Value *by_parts = equals_parts(env, origin, left, right);
        if (by_parts)
            return by_parts;
        if (value_is_condition(left) && right->kind == VALUE_BOOL)
            return right->boolean ? left : eval_not(env, origin, left);
        if (value_is_condition(right) && left->kind == VALUE_BOOL)
            return left->boolean ? right : eval_not(env, origin, right);
    }
    Value *result = value_deploy(arena, origin, DEPLOY_EQUALS);
    VEC_ADD(arena, &result->deploy->args, left);
    VEC_ADD(arena, &result->deploy->args, right);
    return result;
}

static Value *in_known_list(const Env *env, const Origin *origin, Value *left, const Value *list)
{
    Arena *arena = env->ev->arena;
    Value *result = NULL;
    for (size_t i = 0; i < list->list.len; i++) {
        Value *same = eval_equals(env, origin, left, list->list.items[i]);
        if (env->mode == MODE_NORMAL && same->kind == VALUE_BOOL) {
            if (same->boolean)
                return same;
            continue;
        }
        result = result ? combine(env, origin, DEPLOY_OR, result, same) : same;
    }
    return result ? result : value_bool(arena, origin, false);
}

static Value *eval_in(const Env *env, const Expr *expr, Value *left, Value *right)
{
    Arena *arena = env->ev->arena;
    const Origin *origin = eval_origin(env, expr->span);
    if (env->mode == MODE_RULE) {
        Value *args = value_list(arena, origin);
        value_append(arena, args, right);
        value_append(arena, args, left);
        return value_function(arena, origin, STR("Fn::Contains"), args);
    }
    if (right->kind == VALUE_LIST)
        return in_known_list(env, origin, left, right);
    if (right->kind == VALUE_MAP) {
        Str key = value_scalar_text(left);
        return value_bool(arena, origin, key.ptr && value_get(right, key) != NULL);
    }
    if (value_is_error(right))
        return right;
    Diag *diag = diag_add(env->ev->diags, DIAG_IN_WANTS_LIST, expr->binary.right->span,
        value_describe(arena, right), DIAG_END);
    if (right->kind == VALUE_STRING)
        diag_note(env->ev->diags, diag, (Span){0}, "for a part of a text: 'contains(text, part)'");
    eval_explain(env, diag);
    return value_error(arena, origin);
}

// ---- arithmetic ----

typedef struct Number {
    bool is_int;
    int64_t integer;
    double real;
} Number;

static bool number_of(const Value *value, Number *number)
{
    int64_t n;
    if (value_to_int(value, &n)) {
        *number = (Number){.is_int = true, .integer = n, .real = (double)n};
        return true;
    }
    if (value->kind != VALUE_NUMBER && value->kind != VALUE_STRING)
        return false;
    if (!value->text.len || value->text.len > 64)
        return false;
    char digits[65];
    memcpy(digits, value->text.ptr, value->text.len);
    digits[value->text.len] = '\0';
    char *end;
    double real = strtod(digits, &end);
    *number = (Number){.real = real};
    return *end == '\0' && isfinite(real);
}

static Value *real_value(const Env *env, const Origin *origin, double real)
{
    // Fifteen digits are exact in a double; more would show how it rounds (0.30000000000000004).
    return value_number(env->ev->arena, origin, str_format(env->ev->arena, "%.15g", real));
}

static bool int_result(Operator op, int64_t a, int64_t b, int64_t *result)
{
    switch (op) {
    case OP_ADD:
        return !__builtin_add_overflow(a, b, result);
    case OP_SUBTRACT:
        return !__builtin_sub_overflow(a, b, result);
    case OP_MULTIPLY:
        return !__builtin_mul_overflow(a, b, result);
    case OP_DIVIDE:
        if (a == INT64_MIN || a % b)
            return false;
        *result = a / b;
        return true;
    case OP_REMAINDER:
        *result = b == -1 ? 0 : a % b;
        return true;
    default:
        return false;
    }
}

static double real_result(Operator op, double a, double b)
{
    switch (op) {
    case OP_ADD:
        return a + b;
    case OP_SUBTRACT:
        return a - b;
    case OP_MULTIPLY:
        return a * b;
    case OP_DIVIDE:
        return a / b;
    default:
        return fmod(a, b);
    }
}

static Value *compare_numbers(
    const Env *env, const Origin *origin, Operator op, const Number *a, const Number *b)
{
    bool less = a->is_int && b->is_int ? a->integer < b->integer : a->real < b->real;
    bool equal = a->is_int && b->is_int ? a->integer == b->integer : a->real == b->real;
    bool result = op == OP_LESS         ? less
                  : op == OP_LESS_EQUAL ? less || equal
                  : op == OP_GREATER    ? !less && !equal
                                        : !less;
    return value_bool(env->ev->arena, origin, result);
}

static Value *eval_arithmetic(const Env *env, const Expr *expr, Str sign)
{
    Arena *arena = env->ev->arena;
    const Origin *origin = eval_origin(env, expr->span);
    const Expr *sides[2] = {expr->binary.left, expr->binary.right};
    Number numbers[2];
    for (int i = 0; i < 2; i++) {
        Value *value = eval_known(env, sides[i], "an operand");
        if (value_is_error(value))
            return value;
        if (!number_of(value, &numbers[i])) {
            Diag *diag = diag_add(env->ev->diags, DIAG_NOT_A_NUMBER, sides[i]->span, sign,
                value_describe(arena, value), DIAG_END);
            if (expr->binary.op == OP_ADD && value->kind == VALUE_STRING)
                diag_note(
                    env->ev->diags, diag, (Span){0}, "texts are joined in a string: \"${a}${b}\"");
            eval_explain(env, diag);
            return value_error(arena, origin);
        }
    }
    Operator op = expr->binary.op;
    if (op >= OP_LESS && op <= OP_GREATER_EQUAL)
        return compare_numbers(env, origin, op, &numbers[0], &numbers[1]);
    bool divides = op == OP_DIVIDE || op == OP_REMAINDER;
    if (divides && numbers[1].real == 0) {
        diag_add(env->ev->diags, DIAG_DIVISION_BY_ZERO, sides[1]->span, DIAG_END);
        return value_error(arena, origin);
    }
    int64_t integer;
    bool ints = numbers[0].is_int && numbers[1].is_int;
    if (ints && int_result(op, numbers[0].integer, numbers[1].integer, &integer))
        return value_int(arena, origin, integer);
    double real = real_result(op, numbers[0].real, numbers[1].real);
    if (!isfinite(real) || (ints && op != OP_DIVIDE)) {
        diag_add(env->ev->diags, DIAG_NUMBER_TOO_LARGE, expr->span, DIAG_END);
        return value_error(arena, origin);
    }
    return real_value(env, origin, real);
}

// ---- ?? ----

static Value *fill_null(const Env *env, const Origin *origin, Value *left, const Expr *right)
{
    if (value_is_null(left))
        return eval_soft(env, right);
    if (left->kind == VALUE_RESOURCE && left->resource->condition)
        return eval_if(env, origin, left->resource->condition, left, eval_soft(env, right));
    if (left->kind != VALUE_DEPLOY)
        return left;
    if (left->deploy->op == DEPLOY_FIND_IN_MAP && left->deploy->args.len == 3) {
        Value *filled = value_at(env->ev->arena, left, origin);
        filled->deploy->args = (ValueList){0};
        for (size_t i = 0; i < 3; i++)
            VEC_ADD(env->ev->arena, &filled->deploy->args, left->deploy->args.items[i]);
        VEC_ADD(env->ev->arena, &filled->deploy->args, eval_expr(env, right));
        return filled;
    }
    if (left->deploy->op == DEPLOY_IF) {
        ValueList *args = &left->deploy->args;
        bool yes_null = value_is_null(args->items[1]), no_null = value_is_null(args->items[2]);
        if (yes_null || no_null) {
            Value *other = eval_soft(env, right);
            return eval_if(env, origin, args->items[0], yes_null ? other : args->items[1],
                no_null ? other : args->items[2]);
        }
    }
    return left;
}

Value *eval_binary(const Env *env, const Expr *expr)
{
    Value *left, *right;
    const Origin *origin;
    switch (expr->binary.op) {
    case OP_COALESCE:
        left = eval_soft(env, expr->binary.left);
        if (value_is_error(left))
            return left;
        return fill_null(env, eval_origin(env, expr->span), left, expr->binary.right);
    case OP_OR:
    case OP_AND:
        return eval_logic(env, expr);
    case OP_EQUAL:
    case OP_NOT_EQUAL:
    case OP_IN:
        left = eval_expr(env, expr->binary.left);
        right = eval_expr(env, expr->binary.right);
        if (value_is_error(left) || value_is_error(right))
            return eval_fail(env, expr->span);
        if (expr->binary.op == OP_IN)
            return eval_in(env, expr, left, right);
        origin = eval_origin(env, expr->span);
        left = eval_equals(env, origin, left, right);
        return expr->binary.op == OP_EQUAL ? left : eval_not(env, origin, left);
    case OP_LESS:
        return eval_arithmetic(env, expr, STR("<"));
    case OP_LESS_EQUAL:
        return eval_arithmetic(env, expr, STR("<="));
    case OP_GREATER:
        return eval_arithmetic(env, expr, STR(">"));
    case OP_GREATER_EQUAL:
        return eval_arithmetic(env, expr, STR(">="));
    case OP_ADD:
        return eval_arithmetic(env, expr, STR("+"));
    case OP_SUBTRACT:
        return eval_arithmetic(env, expr, STR("-"));
    case OP_MULTIPLY:
        return eval_arithmetic(env, expr, STR("*"));
    case OP_DIVIDE:
        return eval_arithmetic(env, expr, STR("/"));
    case OP_REMAINDER:
        return eval_arithmetic(env, expr, STR("%"));
    default:
        return eval_fail(env, expr->span);
    }
}

// ---- choices ----

Value *eval_if(const Env *env, const Origin *origin, Value *condition, Value *yes, Value *no)
{
    Arena *arena = env->ev->arena;
    if (value_is_error(yes) || value_is_error(no))
        return value_error(arena, origin);
    if (condition->kind == VALUE_BOOL)
        return condition->boolean ? yes : no;
    if (condition->kind == VALUE_DEPLOY && condition->deploy->op == DEPLOY_NOT)
        return eval_if(env, origin, condition->deploy->args.items[0], no, yes);
    Value *result = value_deploy(arena, origin, DEPLOY_IF);
    VEC_ADD(arena, &result->deploy->args, condition);
    VEC_ADD(arena, &result->deploy->args, yes);
    VEC_ADD(arena, &result->deploy->args, no);
    return result;
}

Value *eval_conditional(const Env *env, const Expr *expr)
{
    const Expr *asked = expr->conditional.condition;
    Value *condition = eval_truth(env, eval_expr(env, asked), asked->span);
    if (value_is_error(condition))
        return condition;
    if (condition->kind == VALUE_BOOL)
        return eval_expr(env, condition->boolean ? expr->conditional.yes : expr->conditional.no);
    Value *yes = eval_expr(env, expr->conditional.yes);
    Value *no = eval_expr(env, expr->conditional.no);
    return eval_if(env, eval_origin(env, expr->span), condition, yes, no);
}

static Str arm_text(const Expr *key)
{
    switch (key->kind) {
    case EXPR_NAME:
        return key->name;
    case EXPR_NUMBER:
        return key->number;
    case EXPR_STRING:
        return key->string.len ? key->string.items[0].text : STR("");
    case EXPR_BOOL:
        return key->boolean ? STR("true") : STR("false");
    default:
        return STR_NONE;
    }
}

bool eval_arm_matches(const Expr *key, Value *subject)
{
    if (key->kind == EXPR_NULL || value_is_null(subject))
        return key->kind == EXPR_NULL && value_is_null(subject);
    Str text = value_scalar_text(subject), wanted = arm_text(key);
    if (!text.ptr || !wanted.ptr)
        return false;
    if (key->kind == EXPR_NAME && str_ends(wanted, STR("-*")))
        return str_starts(text, str_slice(wanted, 0, wanted.len - 1)) && text.len >= wanted.len;
    return str_equal(text, wanted);
}

static Value *match_known(const Env *env, const Expr *expr, Value *subject)
{
    for (size_t i = 0; i < expr->match.arm_count; i++) {
        const MatchArm *arm = &expr->match.arms[i];
        bool matches = arm->is_else;
        for (size_t k = 0; k < arm->keys.len && !matches; k++)
            matches = eval_arm_matches(arm->keys.items[k], subject);
        if (matches)
            return eval_expr(env, arm->value);
    }
    Diag *diag = diag_add(env->ev->diags, DIAG_NO_ARM_MATCHES, expr->match.subject->span,
        value_show(env->ev->arena, subject), DIAG_END);
    eval_explain(env, diag);
    return eval_fail(env, expr->span);
}

// The condition under which an arm holds for a deploy-time subject; NULL after a finding.
static Value *arm_condition(const Env *env, const MatchArm *arm, Value *subject)
{
    Arena *arena = env->ev->arena;
    Value *result = NULL;
    for (size_t k = 0; k < arm->keys.len; k++) {
        const Expr *key = arm->keys.items[k];
        Str text = arm_text(key);
        if (!text.ptr || (key->kind == EXPR_NAME && str_ends(text, STR("-*")))) {
            diag_add(env->ev->diags, DIAG_PATTERN_ON_DEPLOY_VALUE, key->span, text, DIAG_END);
            return NULL;
        }
        const Origin *origin = eval_origin(env, key->span);
        Value *same = eval_equals(env, origin, subject, value_string(arena, origin, text));
        result = result ? combine(env, origin, DEPLOY_OR, result, same) : same;
    }
    return result;
}

static bool parameter_allows_only(const Expr *expr, const Value *subject)
{
    const Parameter *parameter =
        subject->deploy->op == DEPLOY_REF ? subject->deploy->parameter : NULL;
    Value *allowed = parameter && parameter->attributes
                         ? value_get(parameter->attributes, STR("AllowedValues"))
                         : NULL;
    if (!allowed || allowed->kind != VALUE_LIST)
        return false;
    for (size_t i = 0; i < allowed->list.len; i++) {
        bool covered = false;
        for (size_t a = 0; a < expr->match.arm_count && !covered; a++)
            for (size_t k = 0; k < expr->match.arms[a].keys.len && !covered; k++)
                covered =
                    eval_arm_matches(expr->match.arms[a].keys.items[k], allowed->list.items[i]);
        if (!covered)
            return false;
    }
    return true;
}

static Value *match_deploy(const Env *env, const Expr *expr, Value *subject)
{
    size_t count = expr->match.arm_count;
    const MatchArm *last = count ? &expr->match.arms[count - 1] : NULL;
    if (!last || (!last->is_else && !parameter_allows_only(expr, subject))) {
        diag_add(env->ev->diags, DIAG_MATCH_NEEDS_ELSE, expr->match.subject->span,
            value_describe(env->ev->arena, subject), DIAG_END);
        return eval_fail(env, expr->span);
    }
    Value *result = eval_expr(env, last->value);
    for (size_t i = count - 1; i-- > 0;) {
        const MatchArm *arm = &expr->match.arms[i];
        Value *condition = arm_condition(env, arm, subject);
        if (!condition)
            return eval_fail(env, expr->span);
        result = eval_if(
            env, eval_origin(env, arm->span), condition, eval_expr(env, arm->value), result);
    }
    return result;
}

Value *eval_match(const Env *env, const Expr *expr)
{
    Value *subject = eval_expr(env, expr->match.subject);
    if (value_is_error(subject))
        return subject;
    if (subject->kind == VALUE_DEPLOY)
        return match_deploy(env, expr, subject);
    return match_known(env, expr, subject);
}
