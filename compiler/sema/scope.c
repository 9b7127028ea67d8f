// Scopes, blocks and symbols of a module, before any name is looked up.
#include "compiler/sema/sema_priv.h"

typedef struct Collector {
    Sema *sema;
    Module *module;
    ModuleInfo *info;
    ModuleState *state;
    Scope *scope;
    Map *rules; // names of `rule` in this scope
} Collector;

static const char *const GIVEN_NAMES[] = {"app", "stage", "stages", "aws", "self", "it", "cfn"};

bool sema_is_given(Str name)
{
    for (size_t i = 0; i < sizeof GIVEN_NAMES / sizeof *GIVEN_NAMES; i++)
        if (str_is(name, GIVEN_NAMES[i]))
            return true;
    return false;
}

static void report_twice(Sema *sema, Str name, Span span, Span first)
{
    Diag *diag = diag_add(sema->diags, DIAG_DECLARED_TWICE, span, name, DIAG_END);
    diag_note(sema->diags, diag, first, "declared here first");
}

static Scope *scope_new(const Collector *collector, ScopeKind kind, const Decl *owner)
{
    Scope *scope = ARENA_NEW(collector->sema->arena, Scope);
    scope->kind = kind;
    scope->module = collector->module;
    scope->owner = owner;
    return scope;
}

static Block *block_new(Collector *collector, BlockKind kind, const Decl *decl, Block *parent)
{
    Block *block = ARENA_NEW(collector->sema->arena, Block);
    block->kind = kind;
    block->decl = decl;
    block->parent = parent;
    block->scope = collector->scope;
    block->index = collector->scope->block_count++;
    return block;
}

// NULL when the name is missing, given or taken, all but the first reported.
static Symbol *declare(Collector *collector, SymbolKind kind, Word name)
{
    Sema *sema = collector->sema;
    Scope *scope = collector->scope;
    if (!name.text.len)
        return NULL;
    if (sema_is_given(name.text)) {
        diag_add(sema->diags, DIAG_DECLARES_GIVEN, name.span, name.text, DIAG_END);
        return NULL;
    }
    Symbol *first = map_find(&scope->names, name.text);
    if (first) {
        report_twice(sema, name.text, name.span, first->span);
        return NULL;
    }
    Symbol *symbol = ARENA_NEW(sema->arena, Symbol);
    symbol->kind = kind;
    symbol->name = name.text;
    symbol->span = name.span;
    symbol->scope = scope;
    symbol->slot = scope->slot_count++;
    VEC_ADD(sema->arena, &scope->symbols, symbol);
    map_set(&scope->names, sema->arena, name.text, symbol);
    if (scope->kind == SCOPE_FILE && !map_find(&sema->everywhere, name.text))
        map_set(&sema->everywhere, sema->arena, name.text, symbol);
    return symbol;
}

static void declare_fields(Collector *collector, const FieldList *fields)
{
    for (size_t i = 0; i < fields->len; i++) {
        const Field *field = &fields->items[i];
        Symbol *symbol = declare(collector, SYMBOL_FIELD, field->name);
        if (symbol)
            symbol->field = field;
    }
}

static void declare_type(Collector *collector, const Decl *decl)
{
    Sema *sema = collector->sema;
    if (!decl->name.text.len)
        return;
    if (type_is_basic(decl->name.text)) {
        diag_add(sema->diags, DIAG_DECLARES_GIVEN, decl->name.span, decl->name.text, DIAG_END);
        return;
    }
    const Decl *first = map_find(&collector->state->own_types, decl->name.text);
    if (first) {
        report_twice(sema, decl->name.text, decl->name.span, first->name.span);
        return;
    }
    map_set(&collector->state->own_types, sema->arena, decl->name.text, (void *)(uintptr_t)decl);
    VEC_ADD(sema->arena, &collector->state->type_decls, decl);
}

// ---- where a declaration may stand ----

static const char *block_words(BlockKind kind)
{
    switch (kind) {
    case BLOCK_ON:
        return "in 'on'";
    case BLOCK_THEN:
    case BLOCK_ELSE:
        return "in 'if'";
    case BLOCK_FOR:
        return "in 'for'";
    case BLOCK_STACK:
        return "in 'stack'";
    case BLOCK_ROOT:
        break;
    }
    return "here";
}

static bool is_inside(const Block *block, BlockKind kind)
{
    for (; block; block = block->parent)
        if (block->kind == kind)
            return true;
    return false;
}

static void report_misplaced(
    Collector *collector, const Decl *decl, const char *found, const char *expected)
{
    diag_add(collector->sema->diags, DIAG_MISPLACED_DECLARATION, decl->keyword.span,
        decl->keyword.text, str_of(found), str_of(expected), DIAG_END);
}

static bool is_top_only(DeclKind kind)
{
    return kind == DECL_APP || kind == DECL_STAGES || kind == DECL_TEMPLATE ||
           kind == DECL_IMPORT || kind == DECL_TYPE || kind == DECL_COMPONENT || kind == DECL_FN ||
           kind == DECL_TEST;
}

static bool is_file_only(DeclKind kind)
{
    return kind == DECL_VAR || kind == DECL_DOMAIN || kind == DECL_MOVED || kind == DECL_ON;
}

// What of CloudFormation's own sections no loop can make has one name and no key.
static bool has_one_name(DeclKind kind)
{
    return kind == DECL_PARAM || kind == DECL_MAPPING || kind == DECL_RULE;
}

static bool is_keyable(DeclKind kind)
{
    return kind == DECL_VAR || kind == DECL_LET || kind == DECL_DOMAIN || kind == DECL_RESOURCE ||
           kind == DECL_OUTPUT || kind == DECL_CONDITION;
}

static void check_key(Collector *collector, const Decl *decl, const Block *block)
{
    while (block->kind != BLOCK_FOR)
        block = block->parent;
    if (decl->key || !decl->name.text.len)
        return;
    DiagSink *diags = collector->sema->diags;
    Diag *diag = diag_add(diags, DIAG_NEEDS_KEY, decl->name.span, decl->name.text, DIAG_END);
    const ForHead *head = block->decl->head;
    if (!head || !head->first.text.len)
        return;
    Str keyed = str_format(
        collector->sema->arena, "%.*s[%.*s]", STR_FMT(decl->name.text), STR_FMT(head->first.text));
    diag_note(diags, diag, (Span){0}, "one is made for every turn: write '%.*s'", STR_FMT(keyed));
    diag_fix(diags, diag, decl->name.span, keyed, false);
}

static void check_place(Collector *collector, const Decl *decl, const Block *block)
{
    bool in_component = collector->scope->kind == SCOPE_COMPONENT;
    if (is_top_only(decl->kind) && (in_component || block->kind != BLOCK_ROOT))
        report_misplaced(collector, decl,
            block->kind == BLOCK_ROOT ? "in a component" : block_words(block->kind),
            "at the top of a file");
    else if (is_file_only(decl->kind) && in_component)
        report_misplaced(collector, decl, "in a component", "in a file");
    else if (decl->kind == DECL_STACK && is_inside(block, BLOCK_STACK))
        report_misplaced(collector, decl, "in another 'stack'", "beside it");
    else if (has_one_name(decl->kind) && is_inside(block, BLOCK_FOR))
        report_misplaced(collector, decl, "in 'for'", "outside of loops");
    else if (is_keyable(decl->kind) && is_inside(block, BLOCK_FOR))
        check_key(collector, decl, block);
}

// ---- declarations ----

static void collect_decls(Collector *collector, const DeclList *decls, Block *block);

static void collect_nested(
    Collector *collector, Block *parent, BlockKind kind, const Decl *decl, const DeclList *decls)
{
    Block *block = block_new(collector, kind, decl, parent);
    BlockEntry entry = {.block = block};
    VEC_ADD(collector->sema->arena, &parent->entries, entry);
    collect_decls(collector, decls, block);
}

static bool collect_block(Collector *collector, const Decl *decl, Block *block)
{
    switch (decl->kind) {
    case DECL_ON:
        collect_nested(collector, block, BLOCK_ON, decl, &decl->body);
        return true;
    case DECL_STACK:
        collect_nested(collector, block, BLOCK_STACK, decl, &decl->body);
        return true;
    case DECL_FOR:
        collect_nested(collector, block, BLOCK_FOR, decl, &decl->body);
        return true;
    case DECL_IF:
        collect_nested(collector, block, BLOCK_THEN, decl, &decl->body);
        if (decl->has_else)
            collect_nested(collector, block, BLOCK_ELSE, decl, &decl->otherwise);
        return true;
    default:
        return false;
    }
}

static void collect_component(const Collector *outer, const Decl *decl)
{
    Collector collector = *outer;
    Map rules = {0};
    collector.rules = &rules;
    collector.scope = scope_new(outer, SCOPE_COMPONENT, decl);
    collector.info->decl_scopes[decl->id] = collector.scope;
    declare_fields(&collector, &decl->fields);
    collector.scope->root = block_new(&collector, BLOCK_ROOT, NULL, NULL);
    collect_decls(&collector, &decl->body, collector.scope->root);
}

static void collect_function(const Collector *outer, const Decl *decl)
{
    Collector collector = *outer;
    collector.scope = scope_new(outer, SCOPE_FUNCTION, decl);
    collector.info->decl_scopes[decl->id] = collector.scope;
    declare_fields(&collector, &decl->fields);
}

static void collect_output(Collector *collector, const Decl *decl, const Block *block)
{
    Sema *sema = collector->sema;
    if (!decl->name.text.len)
        return;
    const Decl *first = map_find(&collector->scope->outputs, decl->name.text);
    if (!first)
        map_set(&collector->scope->outputs, sema->arena, decl->name.text, (void *)(uintptr_t)decl);
    else if (block->kind == BLOCK_ROOT && !decl->key)
        report_twice(sema, decl->name.text, decl->name.span, first->name.span);
}

// `app`, `stages` and `template` are of the whole program.
static void collect_single(Sema *sema, const Decl *decl, const Decl **place)
{
    if (*place)
        report_twice(sema, decl->keyword.text, decl->keyword.span, (*place)->keyword.span);
    else
        *place = decl;
}

static void collect_rule(Collector *collector, const Decl *decl)
{
    if (!decl->name.text.len)
        return;
    const Decl *first = map_find(collector->rules, decl->name.text);
    if (!first)
        map_set(collector->rules, collector->sema->arena, decl->name.text, (void *)(uintptr_t)decl);
    else
        report_twice(collector->sema, decl->name.text, decl->name.span, first->name.span);
}

static Symbol *collect_named(Collector *collector, const Decl *decl, Block *block)
{
    Symbol *symbol = declare(collector, SYMBOL_DECL, decl->name);
    if (symbol) {
        symbol->decl = decl;
        symbol->block = block;
    }
    return symbol;
}

static Symbol *collect_decl(Collector *collector, const Decl *decl, Block *block)
{
    Sema *sema = collector->sema;
    switch (decl->kind) {
    case DECL_APP:
        if (!sema->analysis->app)
            sema->analysis->app_module = collector->module;
        collect_single(sema, decl, &sema->analysis->app);
        return NULL;
    case DECL_STAGES:
        if (!sema->stages_decl)
            sema->analysis->stages_module = collector->module;
        collect_single(sema, decl, &sema->stages_decl);
        return NULL;
    case DECL_TEMPLATE:
        if (!sema->analysis->template_)
            sema->analysis->template_module = collector->module;
        collect_single(sema, decl, &sema->analysis->template_);
        return NULL;
    case DECL_TYPE:
        declare_type(collector, decl);
        return NULL;
    case DECL_COMPONENT:
        declare_type(collector, decl);
        collect_component(collector, decl);
        return NULL;
    case DECL_FN:
        collect_function(collector, decl);
        return collect_named(collector, decl, block);
    case DECL_VAR:
    case DECL_PARAM:
    case DECL_LET:
    case DECL_DOMAIN:
    case DECL_RESOURCE:
    case DECL_CONDITION:
    case DECL_MAPPING:
        return collect_named(collector, decl, block);
    case DECL_OUTPUT:
        collect_output(collector, decl, block);
        return NULL;
    case DECL_RULE:
        collect_rule(collector, decl);
        return NULL;
    case DECL_TEST:
        VEC_ADD(sema->arena, &collector->scope->tests, decl);
        return NULL;
    default:
        return NULL;
    }
}

static void collect_decls(Collector *collector, const DeclList *decls, Block *block)
{
    for (size_t i = 0; i < decls->len; i++) {
        const Decl *decl = decls->items[i];
        if (decl->kind == DECL_ERROR)
            continue;
        check_place(collector, decl, block);
        if (collect_block(collector, decl, block))
            continue;
        BlockEntry entry = {.decl = decl, .symbol = collect_decl(collector, decl, block)};
        VEC_ADD(collector->sema->arena, &block->entries, entry);
    }
}

void scope_collect(Sema *sema, Module *module)
{
    const SyntaxTree *tree = module->tree;
    ModuleInfo *info = &sema->analysis->modules[module->index];
    ModuleState *state = &sema->states[module->index];
    info->expr_symbols = ARENA_ARRAY(sema->arena, Symbol *, tree->expr_count);
    info->decl_scopes = ARENA_ARRAY(sema->arena, Scope *, tree->decl_count);
    info->type_names = ARENA_ARRAY(sema->arena, TypeNameInfo, tree->type_count);
    info->resource_components = ARENA_ARRAY(sema->arena, const Decl *, tree->decl_count);
    state->nodes = ARENA_ARRAY(sema->arena, UseNode, tree->decl_count);
    state->stage_uses = ARENA_ARRAY(sema->arena, StageUse, tree->decl_count);
    Map rules = {0};
    Collector collector = {
        .sema = sema, .module = module, .info = info, .state = state, .rules = &rules};
    info->scope = scope_new(&collector, SCOPE_FILE, NULL);
    collector.scope = info->scope;
    info->scope->root = block_new(&collector, BLOCK_ROOT, NULL, NULL);
    collect_decls(&collector, &tree->decls, info->scope->root);
}
