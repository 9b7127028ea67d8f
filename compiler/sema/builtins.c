// The one place that looks into the table of built-in functions: `eval` owns it, as it calls them.
#include "compiler/eval/builtin.h"
#include "compiler/sema/sema_priv.h"

Symbol *lookup_builtin(Sema *sema, Str name)
{
    Symbol *symbol = map_find(&sema->builtins, name);
    if (symbol)
        return symbol;
    const Builtin *builtin = builtin_find(name);
    if (!builtin)
        return NULL;
    symbol = ARENA_NEW(sema->arena, Symbol);
    symbol->kind = SYMBOL_BUILTIN;
    symbol->name = str_of(builtin->name);
    symbol->builtin = builtin;
    map_set(&sema->builtins, sema->arena, symbol->name, symbol);
    return symbol;
}

void builtins_gather(Sema *sema)
{
    for (size_t i = 0; builtin_at(i); i++)
        VEC_ADD(sema->arena, &sema->builtin_names, str_of(builtin_at(i)->name));
}

Arity builtin_arity(const Symbol *symbol)
{
    const Builtin *builtin = symbol->builtin;
    return (Arity){builtin->min_args, builtin->max_args, builtin->signature};
}
