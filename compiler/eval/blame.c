// Which of the things that an instance was given a failed requirement is about.
#include "compiler/eval/eval_priv.h"

typedef struct Search {
    const Env *env;
    VEC(const Symbol *) seen; // names of the component that were looked through
} Search;

static Span blame(Search *search, const Expr *expr);

// A value that was written outside of the component; nowhere for its own ones.
static Span written_outside(const Env *env, const Expr *expr)
{
    const Value *value = eval_soft(env, expr);
    const Origin *made = value_is_error(value) ? NULL : value->origin;
    return made && made->span.file && made->via != env->via ? made->span : (Span){0};
}

// What a `let` is made of: once, for it may lead back to itself where nobody asks it.
static Span blame_let(Search *search, const Symbol *symbol)
{
    for (size_t i = 0; i < search->seen.len; i++)
        if (search->seen.items[i] == symbol)
            return (Span){0};
    VEC_ADD(search->env->ev->arena, &search->seen, symbol);
    return blame(search, symbol->decl->value);
}

static Span blame_name(Search *search, const Expr *expr)
{
    const Env *env = search->env;
    const Symbol *symbol = env->ev->analysis->modules[env->module->index].expr_symbols[expr->id];
    if (!symbol || symbol->kind == SYMBOL_GIVEN || symbol->kind == SYMBOL_BUILTIN)
        return (Span){0};
    if (symbol->kind == SYMBOL_LOCAL)
        return symbol->loop ? blame(search, symbol->loop->decl->head->subject)
                            : blame(search, symbol->head->subject);
    if (symbol->scope != env->instance->scope)
        return (Span){0};
    if (symbol->kind == SYMBOL_FIELD) {
        const Item *item = instance_input_item(env->instance->decl, symbol->name);
        return item ? item->value->span : (Span){0};
    }
    bool is_let = symbol->kind == SYMBOL_DECL && symbol->decl->kind == DECL_LET;
    return is_let ? blame_let(search, symbol) : (Span){0};
}

static Span blame_list(Search *search, const ExprList *list)
{
    Span found = {0};
    for (size_t i = 0; i < list->len && !found.file; i++)
        found = blame(search, list->items[i]);
    return found;
}

static Span blame_items(Search *search, const ItemList *items)
{
    Span found = {0};
    for (size_t i = 0; i < items->len && !found.file; i++) {
        const Item *item = items->items[i];
        if (item->kind == ITEM_FOR)
            found = blame(search, item->head->subject);
        else if (item->value)
            found = blame(search, item->value);
    }
    return found;
}

static Span first_of(Search *search, const Expr *left, const Expr *right)
{
    Span found = blame(search, left);
    return found.file ? found : blame(search, right);
}

// The first input that was given, of those that the expression looks at, also through what the
// component has named with `let`.
static Span blame(Search *search, const Expr *expr)
{
    bool path = expr->kind == EXPR_NAME || expr->kind == EXPR_MEMBER || expr->kind == EXPR_INDEX;
    Span found = path ? written_outside(search->env, expr) : (Span){0};
    if (found.file)
        return found;
    switch (expr->kind) {
    case EXPR_NAME:
        return blame_name(search, expr);
    case EXPR_MEMBER:
        return blame(search, expr->member.object);
    case EXPR_INDEX:
        return first_of(search, expr->index.object, expr->index.index);
    case EXPR_UNARY:
        return blame(search, expr->unary.operand);
    case EXPR_BINARY:
        return first_of(search, expr->binary.left, expr->binary.right);
    case EXPR_IS:
        return blame(search, expr->is.operand);
    case EXPR_CONDITIONAL:
        found = blame(search, expr->conditional.condition);
        return found.file ? found : first_of(search, expr->conditional.yes, expr->conditional.no);
    case EXPR_CALL:
        return blame_list(search, &expr->call.args);
    case EXPR_LIST:
    case EXPR_MAP:
        return blame_items(search, &expr->items);
    default:
        return (Span){0};
    }
}

Span eval_blame(const Env *env, const Expr *condition)
{
    Search search = {.env = env};
    Span found = blame(&search, condition);
    return found.file ? found : env->instance->decl->name.span;
}
