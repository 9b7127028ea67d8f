// From a name to what it means, and what to say when it means nothing.
#include "compiler/sema/sema_priv.h"

#include <stdlib.h>

bool lookup_is_of_tests(Str name)
{
    return str_is(name, "count");
}

Symbol *lookup_name(const Walk *walk, Str name)
{
    for (const Local *local = walk->locals; local; local = local->outer)
        if (str_equal(local->symbol->name, name))
            return local->symbol;
    Symbol *symbol = map_find(&walk->scope->names, name);
    if (!symbol && walk->scope != walk->file_scope)
        symbol = map_find(&walk->file_scope->names, name);
    if (!symbol)
        symbol = map_find(&walk->file_scope->imported, name);
    if (symbol)
        return symbol;
    symbol = map_find(&walk->sema->given, name);
    if (!symbol)
        return NULL;
    bool only_in_tests = symbol->given == GIVEN_TEMPLATE || symbol->given == GIVEN_TEMPLATES ||
                         symbol->given == GIVEN_TASKS;
    bool is_hidden = symbol->given == GIVEN_ENV || (only_in_tests && !walk->in_test) ||
                     (symbol->given == GIVEN_SELF && walk->scope->kind != SCOPE_COMPONENT);
    return is_hidden ? NULL : symbol;
}

const Decl *lookup_type(const Walk *walk, Str name)
{
    return map_find(&walk->file_scope->types, name);
}

// SIZE_MAX when the file is no module.
static size_t module_index_at(const Sema *sema, Span span)
{
    const Analysis *analysis = sema->analysis;
    uint32_t index = span.file < analysis->file_count ? analysis->module_indexes[span.file] : 0;
    return index ? index - 1 : SIZE_MAX;
}

ModuleInfo *sema_info_at(const Sema *sema, Span span)
{
    size_t index = module_index_at(sema, span);
    return index == SIZE_MAX ? NULL : &sema->analysis->modules[index];
}

ModuleState *sema_state_at(const Sema *sema, Span span)
{
    size_t index = module_index_at(sema, span);
    return index == SIZE_MAX ? NULL : &sema->states[index];
}

const Decl *lookup_component(const Sema *sema, const Decl *resource)
{
    const ModuleInfo *info = sema_info_at(sema, resource->span);
    const Decl *type = info ? map_find(&info->scope->types, resource->resource_type.text) : NULL;
    return type && type->kind == DECL_COMPONENT ? type : NULL;
}

Scope *component_scope(const Sema *sema, const Decl *component)
{
    const ModuleInfo *info = sema_info_at(sema, component->span);
    return info ? info->decl_scopes[component->id] : NULL;
}

// ---- what to say ----

static const char *decl_kind_words(DeclKind kind)
{
    switch (kind) {
    case DECL_VAR:
        return "the variable";
    case DECL_PARAM:
        return "the parameter";
    case DECL_FN:
        return "the function";
    case DECL_DOMAIN:
        return "the domain";
    case DECL_RESOURCE:
        return "the resource";
    case DECL_CONDITION:
        return "the condition";
    case DECL_MAPPING:
        return "the mapping";
    default:
        return "the value";
    }
}

Str symbol_describe(Sema *sema, const Symbol *symbol)
{
    const char *words = "";
    switch (symbol->kind) {
    case SYMBOL_DECL:
        words = decl_kind_words(symbol->decl->kind);
        break;
    case SYMBOL_FIELD:
        words = symbol->scope->kind == SCOPE_COMPONENT ? "the input" : "the parameter";
        break;
    case SYMBOL_LOCAL:
        words = "the loop variable";
        break;
    case SYMBOL_BUILTIN:
        words = "the function";
        break;
    default:
        return str_format(sema->arena, "'%.*s'", STR_FMT(symbol->name));
    }
    return str_format(sema->arena, "%s '%.*s'", words, STR_FMT(symbol->name));
}

bool sema_is_silenced(const Walk *walk, Str name)
{
    return !name.len || walk->state->incomplete || map_find(&walk->state->silenced, name);
}

void sema_suggest(Sema *sema, Diag *diag, Span span, Str name, const StrList *candidates)
{
    // Comparing every wrong name with every right one is the only quadratic thing here.
    enum { MOST_COMPARISONS = 20 * 1000 * 1000 };
    if (sema->suggestions > MOST_COMPARISONS)
        return;
    sema->suggestions += candidates->len;
    diag_did_you_mean(sema->diags, diag, span, name, candidates->items, candidates->len);
}

static void add_map_names(Sema *sema, const Map *map, StrList *names)
{
    for (size_t i = 0; i < map->cap; i++)
        if (map->slots[i].value)
            VEC_ADD(sema->arena, names, map->slots[i].key);
}

static int compare_names(const void *a, const void *b)
{
    return str_compare(*(const Str *)a, *(const Str *)b);
}

// Names a file sees, by name so that ties do not depend on hashing.
static void gather_candidates(const Walk *walk)
{
    Sema *sema = walk->sema;
    ModuleState *state = walk->state;
    state->has_candidates = true;
    add_map_names(sema, &walk->file_scope->names, &state->values);
    add_map_names(sema, &walk->file_scope->imported, &state->values);
    add_map_names(sema, &walk->file_scope->types, &state->types);
    static const char *const GIVEN[] = {"app", "stage", "stages", "aws"};
    for (size_t i = 0; i < sizeof GIVEN / sizeof *GIVEN; i++)
        VEC_ADD(sema->arena, &state->values, str_of(GIVEN[i]));
    static const char *const BASIC[] = {
        "string", "int", "number", "bool", "any", "Host", "Arn", "Domain", "list", "map"};
    for (size_t i = 0; i < sizeof BASIC / sizeof *BASIC; i++)
        VEC_ADD(sema->arena, &state->types, str_of(BASIC[i]));
    if (state->values.len)
        qsort(state->values.items, state->values.len, sizeof(Str), compare_names);
    if (state->types.len)
        qsort(state->types.items, state->types.len, sizeof(Str), compare_names);
}

// Nearest first in scope: locals, then the component or function, then the file.
static void suggest_value(const Walk *walk, Diag *diag, Str name, Span span, bool called)
{
    Sema *sema = walk->sema;
    if (!walk->state->has_candidates)
        gather_candidates(walk);
    StrList near = {0};
    for (const Local *local = walk->locals; local; local = local->outer)
        VEC_ADD(sema->arena, &near, local->symbol->name);
    if (walk->scope != walk->file_scope)
        for (size_t i = 0; i < walk->scope->symbols.len; i++)
            VEC_ADD(sema->arena, &near, walk->scope->symbols.items[i]->name);
    for (size_t i = 0; called && i < sema->builtin_names.len; i++)
        VEC_ADD(sema->arena, &near, sema->builtin_names.items[i]);
    size_t before = diag->fixes.len;
    sema_suggest(sema, diag, span, name, &near);
    if (diag->fixes.len == before)
        sema_suggest(sema, diag, span, name, &walk->state->values);
}

// Names that are known elsewhere in the language.
static bool report_not_here(const Walk *walk, Str name, Span span)
{
    const Symbol *given = map_find(&walk->sema->given, name);
    const char *where = NULL;
    if (str_is(name, "it"))
        where = "in the settings of a 'var' and in 'with'";
    else if (given && given->given == GIVEN_SELF)
        where = "in a component";
    else if (given && given->given == GIVEN_ENV)
        where = "in 'set env.NAME' of a test";
    else if (given || lookup_is_of_tests(name))
        where = "in a test";
    if (!where)
        return false;
    diag_add(walk->sema->diags, DIAG_NAME_NOT_HERE, span, name, str_of(where), DIAG_END);
    return true;
}

// True when a note says where the name is.
static bool note_elsewhere(const Walk *walk, Diag *diag, Str name)
{
    Sema *sema = walk->sema;
    const Decl *type = lookup_type(walk, name);
    if (type) {
        diag_note(sema->diags, diag, type->name.span,
            type->kind == DECL_COMPONENT
                ? "a component is no value; 'resource Name: %.*s { … }' makes one of it"
                : "'%.*s' is a type, which is no value",
            STR_FMT(name));
        return true;
    }
    const Decl *output = map_find(&walk->scope->outputs, name);
    if (output) {
        diag_note(sema->diags, diag, output->name.span,
            "an output is no name inside; give its value a name with 'let'");
        return true;
    }
    const Symbol *symbol = map_find(&sema->everywhere, name);
    if (!symbol || symbol->scope == walk->file_scope)
        return false;
    diag_note(sema->diags, diag, symbol->span,
        "declared in '%.*s', which this file does not import",
        STR_FMT(symbol->scope->module->name));
    return true;
}

void report_unknown_name(const Walk *walk, Str name, Span span, bool called)
{
    if (sema_is_silenced(walk, name) || report_not_here(walk, name, span))
        return;
    DiagCode code = called ? DIAG_UNKNOWN_FUNCTION : DIAG_UNKNOWN_NAME;
    Diag *diag = diag_add(walk->sema->diags, code, span, name, DIAG_END);
    if (!note_elsewhere(walk, diag, name))
        suggest_value(walk, diag, name, span, called);
}

void report_unknown_type(const Walk *walk, DiagCode code, Word name)
{
    if (sema_is_silenced(walk, name.text))
        return;
    Sema *sema = walk->sema;
    Diag *diag = diag_add(sema->diags, code, name.span, name.text, DIAG_END);
    if (!walk->state->has_candidates)
        gather_candidates(walk);
    sema_suggest(sema, diag, name.span, name.text, &walk->state->types);
}
