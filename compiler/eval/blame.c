// Which of the things that an instance was given a failed requirement is about.
#include "compiler/eval/eval_priv.h"

static Span blame(const Env *env, const Expr *expr);

// A value that was written outside of the component; nowhere for its own ones.
static Span written_outside(const Env *env, const Expr *expr)
{
    const Value *value = eval_soft(env, expr);
    const Origin *made = value_is_error(value) ? NULL : value->origin;
    return made && made->span.file && made->via != env->via ? made->span : (Span){0};
}

static Span blame_name(const Env *env, const Expr *expr)
{
    const Symbol *symbol = env->ev->analysis->modules[env->module->index].expr_symbols[expr->id];
    if (!symbol || symbol->kind == SYMBOL_GIVEN || symbol->kind == SYMBOL_BUILTIN)
        return (Span){0};
    if (symbol->kind == SYMBOL_LOCAL)
        return symbol->loop ? blame(env, symbol->loop->decl->head->subject)
                            : blame(env, symbol->head->subject);
    if (symbol->scope != env->instance->scope)
        return (Span){0};
    if (symbol->kind == SYMBOL_FIELD) {
        const Item *item = instance_input_item(env->instance->decl, symbol->name);
        return item ? item->value->span : (Span){0};
    }
    return symbol->kind == SYMBOL_DECL && symbol->decl->kind == DECL_LET
               ? blame(env, symbol->decl->value)
               : (Span){0};
}

static Span blame_list(const Env *env, const ExprList *list)
{
    Span found = {0};
    for (size_t i = 0; i < list->len && !found.file; i++)
        found = blame(env, list->items[i]);
    return found;
}

static Span blame_items(const Env *env, const ItemList *items)
{
    Span found = {0};
    for (size_t i = 0; i < items->len && !found.file; i++) {
        const Item *item = items->items[i];
        if (item->kind == ITEM_FOR)
            found = blame(env, item->head->subject);
        else if (item->value)
            found = blame(env, item->value);
    }
    return found;
}

static Span first_of(const Env *env, const Expr *left, const Expr *right)
{
    Span found = blame(env, left);
    return found.file ? found : blame(env, right);
}

// The first input that was given, of those that the expression looks at, also through what the
// component has named with `let`.
static Span blame(const Env *env, const Expr *expr)
{
    bool path = expr->kind == EXPR_NAME || expr->kind == EXPR_MEMBER || expr->kind == EXPR_INDEX;
    Span found = path ? written_outside(env, expr) : (Span){0};
    if (found.file)
        return found;
    switch (expr->kind) {
    case EXPR_NAME:
        return blame_name(env, expr);
    case EXPR_MEMBER:
        return blame(env, expr->member.object);
    case EXPR_INDEX:
        return first_of(env, expr->index.object, expr->index.index);
    case EXPR_UNARY:
        return blame(env, expr->unary.operand);
    case EXPR_BINARY:
        return first_of(env, expr->binary.left, expr->binary.right);
    case EXPR_IS:
        return blame(env, expr->is.operand);
    case EXPR_CONDITIONAL:
        found = blame(env, expr->conditional.condition);
        return found.file ? found : first_of(env, expr->conditional.yes, expr->conditional.no);
    case EXPR_CALL:
        return blame_list(env, &expr->call.args);
    case EXPR_LIST:
    case EXPR_MAP:
        return blame_items(env, &expr->items);
    default:
        return (Span){0};
    }
}

Span eval_blame(const Env *env, const Expr *condition)
{
    Span found = blame(env, condition);
    return found.file ? found : env->instance->decl->name.span;
}
