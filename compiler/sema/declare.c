// The walk over the declarations of a module.
#include "compiler/sema/sema_priv.h"

static void resolve_block(const Walk *walk, const Block *block);

static void resolve_fields(const Walk *walk, const FieldList *fields)
{
    for (size_t i = 0; i < fields->len; i++) {
        resolve_type(walk, fields->items[i].type, false);
        if (fields->items[i].fallback)
            resolve_expr(walk, fields->items[i].fallback);
    }
}

static Walk walk_into(const Walk *walk, const Decl *decl)
{
    Walk inner = *walk;
    inner.scope = walk->info->decl_scopes[decl->id];
    inner.block = inner.scope->root;
    inner.locals = NULL;
    inner.clause = NULL;
    return inner;
}

static void resolve_function(const Walk *walk, const Decl *decl)
{
    Walk inner = walk_into(walk, decl);
    inner.user = decl;
    resolve_fields(&inner, &decl->fields);
    if (decl->type)
        resolve_type(&inner, decl->type, false);
    if (decl->value)
        resolve_expr(&inner, decl->value);
}

static void resolve_component(const Walk *walk, const Decl *decl)
{
    Walk inner = walk_into(walk, decl);
    resolve_fields(&inner, &decl->fields);
    inner.user = decl;
    resolve_block(&inner, inner.scope->root);
}

// ---- settings ----

// What SST calls otherwise.
static const char *const ELSEWHERE[][2] = {{"protect", "terminationProtection"}};

static void note_elsewhere(Sema *sema, Diag *diag, Str name, const StrList *candidates)
{
    for (size_t i = 0; i < sizeof ELSEWHERE / sizeof *ELSEWHERE; i++)
        for (size_t c = 0; str_is(name, ELSEWHERE[i][0]) && c < candidates->len; c++)
            if (str_is(candidates->items[c], ELSEWHERE[i][1]))
                diag_note(sema->diags, diag, (Span){0}, "SST's '%s' is '%s'", ELSEWHERE[i][0],
                    ELSEWHERE[i][1]);
}

static void check_setting(
    const Walk *walk, const Expr *key, const char *owner, const char *const *names, size_t count)
{
    Sema *sema = walk->sema;
    Str name = key->name;
    if (key->kind != EXPR_NAME && !expr_plain_text(key, &name))
        return;
    StrList candidates = {0};
    for (size_t i = 0; i < count; i++) {
        if (str_is(name, names[i]))
            return;
        VEC_ADD(sema->arena, &candidates, str_of(names[i]));
    }
    Diag *diag =
        diag_add(sema->diags, DIAG_UNKNOWN_SETTING, key->span, name, str_of(owner), DIAG_END);
    sema_suggest(sema, diag, key->span, name, &candidates);
    note_elsewhere(sema, diag, name, &candidates);
}

static const char *const APP_SETTINGS[] = {"alt", "name", "region", "account", "root",
    "defaultStage", "values", "stackName", "removal", "terminationProtection", "tags"};
static const char *const DOMAIN_SETTINGS[] = {
    "host", "zone", "cert", "aliases", "redirects", "elsewhere"};
// What stands behind the first two are attributes of the parameter of a secret.
enum { PLAIN_SETTINGS = 2 };
static const char *const VAR_SETTINGS[] = {"env", "secret", "AllowedPattern", "AllowedValues",
    "ConstraintDescription", "Description", "MaxLength", "MinLength", "MaxValue", "MinValue"};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static void check_settings(const Walk *walk, const ItemList *items, const char *owner,
    const char *const *names, size_t count)
{
    for (size_t i = 0; i < items->len; i++)
        if (items->items[i]->kind == ITEM_ENTRY && items->items[i]->key)
            check_setting(walk, items->items[i]->key, owner, names, count);
}

static void resolve_var(const Walk *walk, const Decl *decl)
{
    if (decl->value)
        resolve_expr(walk, decl->value);
    bool may_be_secret = items_find(&decl->items, "secret") != NULL;
    check_settings(walk, &decl->items, "a 'var'", VAR_SETTINGS,
        may_be_secret ? COUNT_OF(VAR_SETTINGS) : PLAIN_SETTINGS);
    Local local;
    Walk inner = walk_with(walk, &local, symbol_it(walk->sema, decl->name.span));
    resolve_items(&inner, &decl->items);
}

static void resolve_domain(const Walk *walk, const Decl *decl)
{
    check_settings(walk, &decl->items, "a 'domain'", DOMAIN_SETTINGS, COUNT_OF(DOMAIN_SETTINGS));
    resolve_items(walk, &decl->items);
}

static void resolve_app(const Walk *walk, const Decl *decl)
{
    check_settings(walk, &decl->items, "'app'", APP_SETTINGS, COUNT_OF(APP_SETTINGS));
    resolve_items(walk, &decl->items);
}

static void resolve_stages(const Walk *walk, const Decl *decl)
{
    for (size_t i = 0; i < decl->stages.len; i++)
        resolve_items(walk, &decl->stages.items[i].items);
}

// ---- resources ----

static bool is_type_path(Str type)
{
    return str_find(type, STR("::"), 0) != SIZE_MAX;
}

static const Decl *resource_component(const Walk *walk, const Decl *decl)
{
    Word type = decl->resource_type;
    if (!type.text.len || is_type_path(type.text))
        return NULL;
    const Decl *named = lookup_type(walk, type.text);
    if (!named)
        report_unknown_type(walk, DIAG_UNKNOWN_COMPONENT, type);
    else if (named->kind == DECL_COMPONENT)
        return named;
    else
        diag_note(walk->sema->diags,
            diag_add(walk->sema->diags, DIAG_UNKNOWN_COMPONENT, type.span, type.text, DIAG_END),
            named->name.span, "'%.*s' is a type, of which nothing can be made", STR_FMT(type.text));
    return NULL;
}

static void resolve_body(const Walk *walk, const Decl *decl, const Decl *component)
{
    check_duplicate_keys(walk, &decl->items);
    ItemList others = {0};
    for (size_t i = 0; i < decl->items.len; i++) {
        Item *item = decl->items.items[i];
        if (item->kind == ITEM_WITH && !component && is_type_path(decl->resource_type.text))
            diag_add(walk->sema->diags, DIAG_WITH_NOTHING_INSIDE, item->span,
                str_format(walk->sema->arena, "'%.*s', which is a resource of CloudFormation",
                    STR_FMT(decl->name.text)),
                DIAG_END);
        if (item->kind == ITEM_WITH)
            resolve_with(walk, item, component);
        else
            VEC_ADD(walk->sema->arena, &others, item);
    }
    resolve_items(walk, &others);
}

static void resolve_resource(const Walk *walk, const Decl *decl)
{
    const Decl *component = resource_component(walk, decl);
    walk->info->resource_components[decl->id] = component;
    resolve_body(walk, decl, component);
    if (!component)
        return;
    check_instance(walk, decl, component);
    if (walk->user && walk->user->kind == DECL_COMPONENT)
        use_add(walk, walk->user, component, decl->resource_type.span);
}

// ---- guards, tests, moves ----

static const char *const ACTIONS[] = {"add", "modify", "replace", "delete"};

static void check_action(const Walk *walk, Word action)
{
    StrList candidates = {0};
    for (size_t i = 0; i < COUNT_OF(ACTIONS); i++) {
        if (str_is(action.text, ACTIONS[i]))
            return;
        VEC_ADD(walk->sema->arena, &candidates, str_of(ACTIONS[i]));
    }
    if (!action.text.len)
        return;
    Diag *diag =
        diag_add(walk->sema->diags, DIAG_UNKNOWN_ACTION, action.span, action.text, DIAG_END);
    sema_suggest(walk->sema, diag, action.span, action.text, &candidates);
}

static void resolve_guard(const Walk *walk, const Decl *decl)
{
    for (size_t i = 0; i < decl->rules.len; i++) {
        const GuardRule *rule = &decl->rules.items[i];
        if (rule->condition)
            resolve_expr(walk, rule->condition);
        if (rule->message)
            resolve_expr(walk, rule->message);
        for (size_t j = 0; j < rule->actions.len; j++)
            check_action(walk, rule->actions.items[j]);
        // What is guarded may be no part of the program any more.
        for (size_t j = 0; j < rule->targets.len; j++) {
            const Expr *target = rule->targets.items[j];
            if (target->kind == EXPR_NAME && is_type_path(target->name))
                sema_check_type_name(walk, target->name, target->span);
            else
                resolve_soft_path(walk, target);
        }
    }
}

static const Expr *path_base(const Expr *path)
{
    while (path->kind == EXPR_MEMBER || path->kind == EXPR_INDEX)
        path = path->kind == EXPR_MEMBER ? path->member.object : path->index.object;
    return path;
}

static bool sets_environment(const Path *path)
{
    return path->kind == EXPR_MEMBER && path->member.object->kind == EXPR_NAME &&
           str_is(path->member.object->name, "env");
}

static bool is_settable(const Symbol *symbol)
{
    return symbol->kind == SYMBOL_DECL &&
           (symbol->decl->kind == DECL_VAR || symbol->decl->kind == DECL_LET);
}

static void resolve_set(const Walk *walk, const Path *path)
{
    Sema *sema = walk->sema;
    if (sets_environment(path)) {
        walk->info->expr_symbols[path->member.object->id] = map_find(&sema->given, STR("env"));
        return;
    }
    const Expr *base = path_base(path);
    if (base->kind != EXPR_NAME)
        return;
    resolve_soft_path(walk, path);
    const Symbol *symbol = walk->info->expr_symbols[base->id];
    if (!symbol)
        report_unknown_name(walk, base->name, base->span, false);
    else if (!is_settable(symbol))
        diag_add(sema->diags, DIAG_NOT_A_SETTING, path->span, base->name, DIAG_END);
}

static void resolve_test(const Walk *walk, const Decl *decl)
{
    Walk inner = *walk;
    inner.in_test = true;
    for (size_t i = 0; i < decl->steps.len; i++) {
        const TestStep *step = &decl->steps.items[i];
        if (step->path)
            resolve_set(&inner, step->path);
        if (step->value)
            resolve_expr(&inner, step->value);
        if (step->message)
            resolve_expr(&inner, step->message);
    }
}

static void resolve_moved(const Walk *walk, const Decl *decl)
{
    if (decl->from)
        resolve_soft_path(walk, decl->from);
    if (!decl->to || decl->to->kind == EXPR_ERROR)
        return;
    resolve_soft_path(walk, decl->to);
    const Expr *base = path_base(decl->to);
    if (base->kind != EXPR_NAME)
        return;
    const Symbol *symbol = walk->info->expr_symbols[base->id];
    if (!symbol) {
        report_unknown_name(walk, base->name, base->span, false);
        return;
    }
    bool is_resource = symbol->kind == SYMBOL_DECL && symbol->decl->kind == DECL_RESOURCE;
    if (!is_resource)
        diag_add(walk->sema->diags, DIAG_NOT_A_RESOURCE, base->span,
            symbol_describe(walk->sema, symbol), DIAG_END);
}

// ---- any declaration ----

static void resolve_plain(const Walk *walk, const Decl *decl)
{
    if (decl->value)
        resolve_expr(walk, decl->value);
    if (decl->message)
        resolve_expr(walk, decl->message);
    resolve_items(walk, &decl->items);
}

static void resolve_type_declaration(const Walk *walk, const Decl *decl)
{
    Walk inner = *walk;
    inner.user = decl;
    if (decl->type)
        resolve_type(&inner, decl->type, false);
}

// Annotations may also stand as entries of a body.
static void resolve_annotations(const Walk *walk, const Decl *decl)
{
    AnnotationPlace place = annotation_place(decl->kind);
    AnnotationList all = {0};
    for (size_t i = 0; i < decl->annotations.len; i++)
        VEC_ADD(walk->sema->arena, &all, decl->annotations.items[i]);
    for (size_t i = 0; i < decl->items.len; i++) {
        const Item *item = decl->items.items[i];
        for (size_t j = 0; item->kind == ITEM_ANNOTATION && j < item->annotations.len; j++)
            VEC_ADD(walk->sema->arena, &all, item->annotations.items[j]);
    }
    check_annotations(walk, &all, place);
}

static void resolve_content(const Walk *walk, const Decl *decl)
{
    switch (decl->kind) {
    case DECL_APP:
        resolve_app(walk, decl);
        break;
    case DECL_STAGES:
        resolve_stages(walk, decl);
        break;
    case DECL_TYPE:
        resolve_type_declaration(walk, decl);
        break;
    case DECL_COMPONENT:
        resolve_component(walk, decl);
        break;
    case DECL_FN:
        resolve_function(walk, decl);
        break;
    case DECL_VAR:
        resolve_var(walk, decl);
        break;
    case DECL_DOMAIN:
        resolve_domain(walk, decl);
        break;
    case DECL_RESOURCE:
        resolve_resource(walk, decl);
        break;
    case DECL_GUARD:
        resolve_guard(walk, decl);
        break;
    case DECL_TEST:
        resolve_test(walk, decl);
        break;
    case DECL_MOVED:
        resolve_moved(walk, decl);
        break;
    default:
        resolve_plain(walk, decl);
        break;
    }
}

static void resolve_decl(const Walk *walk, const Decl *decl)
{
    Walk inner = common_walk(walk, decl);
    if (decl->has_on) {
        check_on(walk->sema, &decl->on);
        inner.clause = &decl->on;
    }
    resolve_annotations(&inner, decl);
    if (decl->key)
        resolve_expr(&inner, decl->key);
    bool has_type = decl->type && decl->kind != DECL_TYPE && decl->kind != DECL_FN;
    if (has_type)
        resolve_type(&inner, decl->type, decl->kind == DECL_PARAM);
    resolve_content(&inner, decl);
}

// ---- blocks ----

static void resolve_nested(const Walk *walk, Block *block)
{
    const Decl *decl = block->decl;
    Walk head = common_walk(walk, decl), inner = head;
    Local first, second;
    if (block->kind != BLOCK_ELSE)
        check_annotations(&head, &decl->annotations, PLACE_OTHER);
    if (block->kind == BLOCK_ON)
        check_on(walk->sema, &decl->on);
    else if (block->kind == BLOCK_FOR)
        inner = resolve_head(&head, decl->head, block, &first, &second);
    else if (block->kind != BLOCK_ELSE && decl->value)
        resolve_expr(&head, decl->value);
    inner.block = block;
    resolve_block(&inner, block);
}

static void resolve_block(const Walk *walk, const Block *block)
{
    for (size_t i = 0; i < block->entries.len; i++) {
        const BlockEntry *entry = &block->entries.items[i];
        if (entry->block)
            resolve_nested(walk, entry->block);
        else
            resolve_decl(walk, entry->decl);
    }
}

void resolve_module(Sema *sema, Module *module)
{
    ModuleInfo *info = &sema->analysis->modules[module->index];
    Walk walk = {.sema = sema,
        .module = module,
        .info = info,
        .state = &sema->states[module->index],
        .file_scope = info->scope,
        .scope = info->scope,
        .block = info->scope->root};
    resolve_block(&walk, info->scope->root);
}
