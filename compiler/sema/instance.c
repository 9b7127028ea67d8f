// Bodies of instances of components: inputs that exist, inputs that are needed, and `with`.
#include "compiler/sema/sema_priv.h"

static void check_input(
    const Walk *walk, const Scope *scope, const Decl *component, const Expr *key)
{
    Str name = key->name;
    if (key->kind != EXPR_NAME && !expr_plain_text(key, &name))
        return;
    const Symbol *symbol = map_find(&scope->names, name);
    bool is_input = symbol && symbol->kind == SYMBOL_FIELD;
    if (!name.len || is_input || str_is(name, "Tags"))
        return;
    Sema *sema = walk->sema;
    Diag *diag =
        diag_add(sema->diags, DIAG_UNKNOWN_INPUT, key->span, component->name.text, name, DIAG_END);
    StrList inputs = {0};
    for (size_t i = 0; i < component->fields.len; i++)
        VEC_ADD(sema->arena, &inputs, component->fields.items[i].name.text);
    VEC_ADD(sema->arena, &inputs, STR("Tags"));
    size_t before = diag->notes.len;
    sema_suggest(sema, diag, key->span, name, &inputs);
    if (symbol && diag->notes.len == before)
        diag_note(sema->diags, diag, symbol->span,
            "to change what the component makes write 'with %.*s { … }'", STR_FMT(name));
}

static const Item *innermost(const Item *item)
{
    while (item->kind == ITEM_FOR && item->inner)
        item = item->inner;
    return item;
}

static void check_inputs(
    const Walk *walk, const ItemList *items, const Scope *scope, const Decl *component)
{
    for (size_t i = 0; i < items->len; i++) {
        const Item *item = innermost(items->items[i]);
        if (item->kind == ITEM_ENTRY && item->key)
            check_input(walk, scope, component, item->key);
    }
}

// An entry of a computed name or a spread may give any input.
static bool gives_unnamed(const ItemList *items)
{
    for (size_t i = 0; i < items->len; i++) {
        const Item *item = items->items[i];
        Str text;
        if (item->kind == ITEM_SPREAD || item->kind == ITEM_FOR || item->kind == ITEM_ERROR)
            return true;
        if (item->kind == ITEM_ENTRY &&
            (!item->key || (item->key->kind != EXPR_NAME && !expr_plain_text(item->key, &text))))
            return true;
    }
    return false;
}

static void add_given_keys(Arena *arena, Map *given, const ItemList *items)
{
    for (size_t i = 0; i < items->len; i++) {
        const Item *item = items->items[i];
        if (item->kind != ITEM_ENTRY)
            continue;
        Str name = item->key->name;
        if (item->key->kind == EXPR_NAME || expr_plain_text(item->key, &name))
            map_set(given, arena, name, (void *)(uintptr_t)item);
    }
}

static void check_required(
    const Walk *walk, const Decl *resource, const Scope *scope, const Decl *component)
{
    Sema *sema = walk->sema;
    if (gives_unnamed(&resource->items))
        return;
    Map given = {0};
    add_given_keys(sema->arena, &given, &resource->items);
    for (size_t i = 0; i < component->fields.len; i++) {
        const Field *field = &component->fields.items[i];
        if (field->fallback || !field->name.text.len || map_find(&given, field->name.text) ||
            type_takes_null(sema, scope, field->type))
            continue;
        Diag *diag = diag_add(sema->diags, DIAG_MISSING_INPUT, resource->name.span,
            field->name.text, component->name.text, DIAG_END);
        diag_note(sema->diags, diag, field->name.span, "declared here without a default");
    }
}

void check_instance(const Walk *walk, const Decl *resource, const Decl *component)
{
    const Scope *scope = component_scope(walk->sema, component);
    if (!scope)
        return;
    check_inputs(walk, &resource->items, scope, component);
    check_required(walk, resource, scope, component);
}

// ---- with ----

// The steps of `with A.B["k"]`, outermost first: names only, indexes are resolved on the way.
static void path_names(const Walk *walk, const Path *path, WordList *names)
{
    switch (path->kind) {
    case EXPR_NAME: {
        Word word = {path->name, path->span};
        VEC_ADD(walk->sema->arena, names, word);
        break;
    }
    case EXPR_MEMBER:
        path_names(walk, path->member.object, names);
        VEC_ADD(walk->sema->arena, names, path->member.name);
        break;
    case EXPR_INDEX:
        resolve_expr(walk, path->index.index);
        path_names(walk, path->index.object, names);
        break;
    default:
        break;
    }
}

static void report_unknown_inner(const Walk *walk, Word name, const Decl *component)
{
    Sema *sema = walk->sema;
    const Scope *scope = component_scope(sema, component);
    Diag *diag = diag_add(
        sema->diags, DIAG_UNKNOWN_INNER, name.span, component->name.text, name.text, DIAG_END);
    StrList resources = {0};
    for (size_t i = 0; i < scope->symbols.len; i++) {
        const Symbol *symbol = scope->symbols.items[i];
        if (symbol->kind == SYMBOL_DECL && symbol->decl->kind == DECL_RESOURCE)
            VEC_ADD(sema->arena, &resources, symbol->name);
    }
    sema_suggest(sema, diag, name.span, name.text, &resources);
}

typedef struct Inner {
    bool found;
    const Decl *component; // of the resource found, NULL for one of CloudFormation
} Inner;

static Inner find_inner(const Walk *walk, const WordList *names, const Decl *component)
{
    Inner inner = {.component = component};
    for (size_t i = 0; i < names->len; i++) {
        Word name = names->items[i];
        if (!name.text.len)
            return (Inner){0};
        if (!inner.component) {
            diag_add(walk->sema->diags, DIAG_WITH_NOTHING_INSIDE, name.span,
                str_format(walk->sema->arena, "'%.*s', which is a resource of CloudFormation",
                    STR_FMT(names->items[i - 1].text)),
                DIAG_END);
            return (Inner){0};
        }
        const Scope *scope = component_scope(walk->sema, inner.component);
        const Symbol *symbol = scope ? map_find(&scope->names, name.text) : NULL;
        if (!symbol || symbol->kind != SYMBOL_DECL || symbol->decl->kind != DECL_RESOURCE) {
            if (scope)
                report_unknown_inner(walk, name, inner.component);
            return (Inner){0};
        }
        inner.found = true;
        inner.component = lookup_component(walk->sema, symbol->decl);
    }
    return inner;
}

static void resolve_with_items(const Walk *walk, const ItemList *items, Inner inner)
{
    check_duplicate_keys(walk, items);
    ItemList others = {0};
    for (size_t i = 0; i < items->len; i++) {
        Item *item = items->items[i];
        if (item->kind == ITEM_ANNOTATION)
            check_annotations(walk, &item->annotations, PLACE_WITH);
        else if (item->kind == ITEM_WITH && inner.found)
            resolve_with(walk, item, inner.component);
        else
            VEC_ADD(walk->sema->arena, &others, item);
    }
    resolve_items(walk, &others);
}

void resolve_with(const Walk *walk, const Item *item, const Decl *component)
{
    Sema *sema = walk->sema;
    check_annotations(walk, &item->annotations, PLACE_WITH);
    WordList names = {0};
    if (item->path)
        path_names(walk, item->path, &names);
    Inner inner = {0};
    if (component)
        inner = find_inner(walk, &names, component);
    Local local;
    Walk inside = walk_with(walk, &local, symbol_it(sema, item->span));
    resolve_with_items(&inside, &item->body, inner);
    const Scope *scope = inner.component ? component_scope(sema, inner.component) : NULL;
    if (scope)
        check_inputs(walk, &item->body, scope, inner.component);
}
