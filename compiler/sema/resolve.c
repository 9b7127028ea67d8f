// Names of expressions and items.
#include "compiler/sema/sema_priv.h"

Walk walk_with(const Walk *walk, Local *local, Symbol *symbol)
{
    *local = (Local){.symbol = symbol, .outer = walk->locals};
    Walk inner = *walk;
    inner.locals = local;
    return inner;
}

Symbol *symbol_it(Sema *sema, Span span)
{
    Symbol *symbol = ARENA_NEW(sema->arena, Symbol);
    symbol->kind = SYMBOL_IT;
    symbol->name = STR("it");
    symbol->span = span;
    return symbol;
}

// ---- heads of loops ----

static void check_hides(const Walk *walk, Word name)
{
    Sema *sema = walk->sema;
    if (sema_is_given(name.text)) {
        diag_add(sema->diags, DIAG_DECLARES_GIVEN, name.span, name.text, DIAG_END);
        return;
    }
    const Symbol *hidden = lookup_name(walk, name.text);
    if (!hidden || hidden->kind == SYMBOL_GIVEN)
        return;
    Diag *diag = diag_add(sema->diags, DIAG_LOOP_HIDES, name.span, name.text, DIAG_END);
    diag_note(sema->diags, diag, hidden->span, "declared here");
}

static Walk bind(const Walk *walk, Local *local, const ForHead *head, Block *loop, bool is_second)
{
    Word name = is_second ? head->second : head->first;
    if (!name.text.len)
        return *walk;
    check_hides(walk, name);
    Symbol *symbol = ARENA_NEW(walk->sema->arena, Symbol);
    symbol->kind = SYMBOL_LOCAL;
    symbol->name = name.text;
    symbol->span = name.span;
    symbol->loop = loop;
    symbol->head = loop ? NULL : head;
    symbol->is_second = is_second;
    return walk_with(walk, local, symbol);
}

Walk resolve_head(const Walk *walk, const ForHead *head, Block *loop, Local *first, Local *second)
{
    if (!head)
        return *walk;
    if (head->subject)
        resolve_expr(walk, head->subject);
    Walk with_first = bind(walk, first, head, loop, false);
    Walk inner = bind(&with_first, second, head, loop, true);
    if (head->filter)
        resolve_expr(&inner, head->filter);
    return inner;
}

// ---- names ----

static void resolve_name(const Walk *walk, const Expr *expr)
{
    Sema *sema = walk->sema;
    Symbol *symbol = lookup_name(walk, expr->name);
    if (symbol && symbol->kind == SYMBOL_DECL && symbol->decl->kind == DECL_FN) {
        diag_add(sema->diags, DIAG_FUNCTION_NOT_CALLED, expr->span, expr->name, DIAG_END);
        return;
    }
    bool is_function = !symbol && lookup_builtin(sema, expr->name);
    if (is_function)
        diag_add(sema->diags, DIAG_FUNCTION_NOT_CALLED, expr->span, expr->name, DIAG_END);
    else if (!symbol)
        report_unknown_name(walk, expr->name, expr->span, false);
    walk->info->expr_symbols[expr->id] = symbol;
    common_use_name(walk, symbol);
}

void resolve_soft_path(const Walk *walk, const Expr *path)
{
    for (;;) {
        switch (path->kind) {
        case EXPR_MEMBER:
            path = path->member.object;
            continue;
        case EXPR_INDEX:
            resolve_expr(walk, path->index.index);
            path = path->index.object;
            continue;
        case EXPR_NAME:
            walk->info->expr_symbols[path->id] = lookup_name(walk, path->name);
            return;
        default:
            return;
        }
    }
}

// ---- items ----

typedef struct SeenKeys {
    size_t count;
    const Expr *few[8];
    Map many; // once there are more than fit
} SeenKeys;

static bool literal_key(const Expr *key, Str *text)
{
    if (key->kind == EXPR_NAME) {
        *text = key->name;
        return key->name.len > 0;
    }
    return expr_plain_text(key, text);
}

static void spread_keys(Arena *arena, SeenKeys *seen)
{
    for (size_t i = 0; i < seen->count; i++) {
        Str text = STR_NONE;
        literal_key(seen->few[i], &text);
        map_set(&seen->many, arena, text, (void *)(uintptr_t)seen->few[i]);
    }
}

// The earlier key of this text, or NULL after remembering it.
static const Expr *remember_key(Arena *arena, SeenKeys *seen, const Expr *key, Str text)
{
    const size_t few = sizeof seen->few / sizeof *seen->few;
    if (seen->count < few) {
        for (size_t i = 0; i < seen->count; i++) {
            Str other;
            if (literal_key(seen->few[i], &other) && str_equal(other, text))
                return seen->few[i];
        }
        seen->few[seen->count++] = key;
        return NULL;
    }
    if (!seen->many.len)
        spread_keys(arena, seen);
    const Expr *earlier = map_find(&seen->many, text);
    if (!earlier)
        map_set(&seen->many, arena, text, (void *)(uintptr_t)key);
    return earlier;
}

void check_duplicate_keys(const Walk *walk, const ItemList *items)
{
    DiagSink *diags = walk->sema->diags;
    SeenKeys seen = {0};
    for (size_t i = 0; i < items->len; i++) {
        const Item *item = items->items[i];
        Str text;
        if (item->kind != ITEM_ENTRY || !item->key || !literal_key(item->key, &text))
            continue;
        const Expr *earlier = remember_key(walk->sema->arena, &seen, item->key, text);
        if (!earlier)
            continue;
        Diag *diag = diag_add(diags, DIAG_DUPLICATE_KEY, item->key->span, text, DIAG_END);
        diag_note(diags, diag, earlier->span, "written here first");
    }
}

static void resolve_item(const Walk *walk, const Item *item)
{
    switch (item->kind) {
    case ITEM_ENTRY:
        check_annotations(walk, &item->annotations, PLACE_ENTRY);
        if (item->key && item->key->kind == EXPR_STRING)
            resolve_expr(walk, item->key);
        if (item->value)
            resolve_expr(walk, item->value);
        break;
    case ITEM_ELEMENT:
    case ITEM_SPREAD:
    case ITEM_REQUIRE:
        if (item->value)
            resolve_expr(walk, item->value);
        if (item->message)
            resolve_expr(walk, item->message);
        break;
    case ITEM_FOR: {
        Local first, second;
        Walk inner = resolve_head(walk, item->head, NULL, &first, &second);
        if (item->inner)
            resolve_item(&inner, item->inner);
        break;
    }
    case ITEM_WITH:
        // Bodies of instances know their component and do not come here.
        resolve_with(walk, item, NULL);
        break;
    case ITEM_ANNOTATION: // belongs to the declaration, which checks it
    case ITEM_ERROR:
    case ITEM_COUNT:
        break;
    }
}

void resolve_items(const Walk *walk, const ItemList *items)
{
    check_duplicate_keys(walk, items);
    for (size_t i = 0; i < items->len; i++)
        resolve_item(walk, items->items[i]);
}

// ---- expressions ----

static void resolve_string(const Walk *walk, const Expr *expr)
{
    for (size_t i = 0; i < expr->string.len; i++)
        if (expr->string.items[i].expr)
            resolve_expr(walk, expr->string.items[i].expr);
}

static void resolve_match(const Walk *walk, const Expr *expr)
{
    resolve_expr(walk, expr->match.subject);
    for (size_t i = 0; i < expr->match.arm_count; i++) {
        const MatchArm *arm = &expr->match.arms[i];
        // Names among the keys are words.
        for (size_t j = 0; j < arm->keys.len; j++)
            if (arm->keys.items[j]->kind != EXPR_NAME)
                resolve_expr(walk, arm->keys.items[j]);
        if (arm->value)
            resolve_expr(walk, arm->value);
    }
    check_match(walk, expr);
}

// Chains of operators lean to the left and may be long, those of `? :` to the right: both are
// walked in a loop.
void resolve_expr(const Walk *walk, const Expr *expr)
{
    for (;;) {
        switch (expr->kind) {
        case EXPR_NAME:
            resolve_name(walk, expr);
            return;
        case EXPR_STRING:
            resolve_string(walk, expr);
            return;
        case EXPR_LIST:
        case EXPR_MAP:
            resolve_items(walk, &expr->items);
            return;
        case EXPR_MATCH:
            resolve_match(walk, expr);
            return;
        case EXPR_MEMBER:
        case EXPR_INDEX:
        case EXPR_CALL:
            resolve_postfix(walk, expr);
            return;
        case EXPR_UNARY:
            expr = expr->unary.operand;
            continue;
        case EXPR_BINARY:
            resolve_expr(walk, expr->binary.right);
            expr = expr->binary.left;
            continue;
        case EXPR_IS:
            resolve_type(walk, expr->is.type, false);
            expr = expr->is.operand;
            continue;
        case EXPR_CONDITIONAL:
            resolve_expr(walk, expr->conditional.condition);
            resolve_expr(walk, expr->conditional.yes);
            expr = expr->conditional.no;
            continue;
        case EXPR_ERROR:
        case EXPR_NULL:
        case EXPR_BOOL:
        case EXPR_NUMBER:
        case EXPR_COUNT:
            return;
        }
    }
}
