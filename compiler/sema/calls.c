// Numbers of arguments.
#include "compiler/sema/sema_priv.h"

static Str count_words(Arena *arena, size_t count)
{
    if (count == 0)
        return STR("no argument");
    return str_format(arena, "%zu argument%s", count, count == 1 ? "" : "s");
}

static Str range_words(Arena *arena, size_t min, size_t max)
{
    if (min == max)
        return count_words(arena, min);
    if (max == SIZE_MAX)
        return str_format(arena, "at least %.*s", STR_FMT(count_words(arena, min)));
    return str_format(arena, "%zu to %.*s", min, STR_FMT(count_words(arena, max)));
}

static Diag *check_count(const Walk *walk, const Expr *call, Str name, size_t min, size_t max)
{
    size_t found = call->call.args.len;
    if (found >= min && found <= max)
        return NULL;
    Arena *arena = walk->sema->arena;
    return diag_add(walk->sema->diags, DIAG_ARGUMENT_COUNT, call->span, name,
        range_words(arena, min, max), str_format(arena, "%zu", found), DIAG_END);
}

static void check_own_function(const Walk *walk, const Expr *call, const Symbol *callee)
{
    const Decl *function = callee->decl;
    size_t min = 0;
    // What stands behind a parameter without a default must be given with it.
    for (size_t i = 0; i < function->fields.len; i++)
        if (!function->fields.items[i].fallback)
            min = i + 1;
    Diag *diag = check_count(walk, call, callee->name, min, function->fields.len);
    if (diag)
        diag_note(walk->sema->diags, diag, callee->span, "declared here");
    if (walk->user)
        use_add(walk, walk->user, function, call->call.callee->span);
}

void sema_check_call(const Walk *walk, const Expr *call, const Symbol *callee)
{
    DiagSink *diags = walk->sema->diags;
    if (callee->kind == SYMBOL_BUILTIN) {
        Arity arity = builtin_arity(callee);
        Diag *diag = check_count(walk, call, callee->name, arity.min, arity.max);
        if (diag)
            diag_note(diags, diag, (Span){0}, "%s", arity.signature);
        Str type;
        if (!diag && lookup_is_of_tests(callee->name) &&
            expr_plain_text(call->call.args.items[0], &type))
            sema_check_type_name(walk, type, call->call.args.items[0]->span);
    } else if (callee->kind == SYMBOL_DECL && callee->decl->kind == DECL_FN) {
        check_own_function(walk, call, callee);
    } else {
        Diag *diag = diag_add(diags, DIAG_NOT_A_FUNCTION, call->call.callee->span,
            symbol_describe(walk->sema, callee), DIAG_END);
        if (callee->span.file)
            diag_note(diags, diag, callee->span, "declared here");
    }
}
