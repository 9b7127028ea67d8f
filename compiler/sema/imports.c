// What the imports of a file show it: values and types of other files.
#include "compiler/sema/sema_priv.h"

typedef struct Linker {
    Sema *sema;
    Module *module;
    Scope *scope;
    ModuleState *state;
} Linker;

static Str module_name_at(const Sema *sema, Span span)
{
    const ModuleInfo *info = sema_info_at(sema, span);
    return info ? info->scope->module->name : STR("?");
}

static void report_hides(Linker *linker, Str name, Span span, Span own, const Module *target)
{
    DiagSink *diags = linker->sema->diags;
    Diag *diag = diag_add(diags, DIAG_IMPORT_HIDES, span, name, target->name, DIAG_END);
    diag_note(diags, diag, own, "declared here in this file");
}

static void report_imported_twice(Linker *linker, Str name, Span span, Span first, Span second)
{
    Sema *sema = linker->sema;
    Diag *diag = diag_add(sema->diags, DIAG_IMPORTED_TWICE, span, name, module_name_at(sema, first),
        module_name_at(sema, second), DIAG_END);
    diag_note(sema->diags, diag, first, "one is declared here");
    diag_note(sema->diags, diag, second, "the other is declared here");
    diag_note(sema->diags, diag, (Span){0}, "name in '{ }' behind the import what is needed of it");
}

static void link_value(Linker *linker, Symbol *symbol, Span span)
{
    Scope *scope = linker->scope;
    Symbol *own = map_find(&scope->names, symbol->name);
    Symbol *other = map_find(&scope->imported, symbol->name);
    if (own && own != symbol)
        report_hides(linker, symbol->name, span, own->span, symbol->scope->module);
    else if (other && other != symbol)
        report_imported_twice(linker, symbol->name, span, other->span, symbol->span);
    else if (!own && !other)
        map_set(&scope->imported, linker->sema->arena, symbol->name, symbol);
}

static void link_type(Linker *linker, const Decl *decl, Span span)
{
    Scope *scope = linker->scope;
    const Decl *own = map_find(&linker->state->own_types, decl->name.text);
    const Decl *other = map_find(&scope->types, decl->name.text);
    if (own && own != decl) {
        const ModuleInfo *info = sema_info_at(linker->sema, decl->span);
        report_hides(linker, decl->name.text, span, own->name.span, info->scope->module);
    } else if (other && other != decl) {
        report_imported_twice(linker, decl->name.text, span, other->name.span, decl->name.span);
    } else if (!other) {
        map_set(&scope->types, linker->sema->arena, decl->name.text, (void *)(uintptr_t)decl);
    }
}

static void link_all(Linker *linker, const Module *target, Span span)
{
    const Scope *scope = linker->sema->analysis->modules[target->index].scope;
    const ModuleState *state = &linker->sema->states[target->index];
    for (size_t i = 0; i < scope->symbols.len; i++)
        link_value(linker, scope->symbols.items[i], span);
    for (size_t i = 0; i < state->type_decls.len; i++)
        link_type(linker, state->type_decls.items[i], span);
}

static void report_unknown_import(Linker *linker, const Module *target, Word name)
{
    Sema *sema = linker->sema;
    const Scope *scope = sema->analysis->modules[target->index].scope;
    const ModuleState *state = &sema->states[target->index];
    Diag *diag = diag_add(
        sema->diags, DIAG_IMPORT_UNKNOWN_NAME, name.span, name.text, target->name, DIAG_END);
    if (map_find(&scope->outputs, name.text)) {
        diag_note(sema->diags, diag, (Span){0}, "an output is no name that could be imported");
        return;
    }
    const Symbol *elsewhere = map_find(&sema->everywhere, name.text);
    if (elsewhere) {
        diag_note(sema->diags, diag, elsewhere->span,
            "declared in '%.*s'; imports are not passed on",
            STR_FMT(elsewhere->scope->module->name));
        return;
    }
    StrList names = {0};
    for (size_t i = 0; i < scope->symbols.len; i++)
        VEC_ADD(sema->arena, &names, scope->symbols.items[i]->name);
    for (size_t i = 0; i < state->type_decls.len; i++)
        VEC_ADD(sema->arena, &names, state->type_decls.items[i]->name.text);
    sema_suggest(sema, diag, name.span, name.text, &names);
}

static void silence(Linker *linker, Str name)
{
    map_set(&linker->state->silenced, linker->sema->arena, name, linker->module);
}

static void link_named(Linker *linker, const Module *target, Word name)
{
    if (!name.text.len)
        return;
    Sema *sema = linker->sema;
    const Scope *scope = sema->analysis->modules[target->index].scope;
    ModuleState *state = &sema->states[target->index];
    Symbol *symbol = map_find(&scope->names, name.text);
    const Decl *type = map_find(&state->own_types, name.text);
    if (symbol)
        link_value(linker, symbol, name.span);
    if (type)
        link_type(linker, type, name.span);
    if (symbol || type)
        return;
    report_unknown_import(linker, target, name);
    silence(linker, name.text);
}

// Whatever a file that cannot be read might have declared is not missed.
static void silence_import(Linker *linker, const Decl *decl)
{
    linker->state->incomplete |= !decl->has_body;
    for (size_t i = 0; i < decl->names.len; i++)
        silence(linker, decl->names.items[i].text);
}

static void link_import(Linker *linker, const Import *import)
{
    const Decl *decl = import->decl;
    if (!import->target)
        silence_import(linker, decl);
    else if (import->target == linker->module)
        return;
    else if (!decl->has_body)
        link_all(linker, import->target, decl->name.span);
    else
        for (size_t i = 0; i < decl->names.len; i++)
            link_named(linker, import->target, decl->names.items[i]);
}

void imports_link(Sema *sema, Module *module)
{
    Linker linker = {.sema = sema,
        .module = module,
        .scope = sema->analysis->modules[module->index].scope,
        .state = &sema->states[module->index]};
    for (size_t i = 0; i < linker.state->type_decls.len; i++) {
        const Decl *decl = linker.state->type_decls.items[i];
        map_set(&linker.scope->types, sema->arena, decl->name.text, (void *)(uintptr_t)decl);
    }
    for (size_t i = 0; i < module->imports.len; i++)
        link_import(&linker, &module->imports.items[i]);
}
