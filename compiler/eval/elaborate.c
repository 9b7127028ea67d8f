// Walks a program's declarations in source order for one stage, and completes what they make.
#include "compiler/eval/eval_priv.h"

// ---- annotations ----

const Suppression *annotation_suppressions(
    const Env *env, const AnnotationList *annotations, const Suppression *outer)
{
    for (size_t i = 0; i < annotations->len; i++) {
        const Annotation *annotation = &annotations->items[i];
        if (!str_is(annotation->name.text, "suppress") || !annotation->args.len)
            continue;
        Str code = eval_known_text(env, annotation->args.items[0], "the code of '@suppress'");
        if (code.ptr)
            outer = suppression_at(env->ev, annotation->span, code, outer);
    }
    return outer;
}

static Attribute *find_attribute(Attributes *attributes, Str name, const ValueList *args)
{
    for (size_t i = 0; i < attributes->len; i++) {
        Attribute *attribute = &attributes->items[i];
        bool same_custom =
            !str_is(name, "attribute") || value_equal(attribute->args.items[0], args->items[0]);
        if (str_equal(attribute->name, name) && same_custom)
            return attribute;
    }
    return NULL;
}

// The one from further out wins; dependencies add up.
static void put_attribute(Arena *arena, Attributes *attributes, const Attribute *attribute)
{
    Attribute *old = find_attribute(attributes, attribute->name, &attribute->args);
    if (!old) {
        VEC_ADD(arena, attributes, *attribute);
    } else if (str_is(attribute->name, "DependsOn")) {
        Attribute both = *old;
        both.args = (ValueList){0};
        for (size_t i = 0; i < old->args.len; i++)
            VEC_ADD(arena, &both.args, old->args.items[i]);
        for (size_t i = 0; i < attribute->args.len; i++)
            VEC_ADD(arena, &both.args, attribute->args.items[i]);
        *old = both;
    } else {
        *old = *attribute;
    }
}

static void add_policy(const Env *env, Attributes *attributes, const char *name, const char *policy,
    const Origin *origin)
{
    Attribute attribute = {.name = str_of(name), .origin = origin};
    VEC_ADD(env->ev->arena, &attribute.args, value_string(env->ev->arena, origin, str_of(policy)));
    put_attribute(env->ev->arena, attributes, &attribute);
}

static void add_retain(const Env *env, Attributes *attributes, const Annotation *annotation)
{
    bool wanted = true;
    if (annotation->args.len) {
        const Expr *asked = annotation->args.items[0];
        Value *truth =
            eval_truth(env, eval_known(env, asked, "the condition of '@retain'"), asked->span);
        wanted = truth->kind == VALUE_BOOL && truth->boolean;
    }
    if (!wanted)
        return;
    const Origin *origin = eval_origin(env, annotation->span);
    add_policy(env, attributes, "DeletionPolicy", "Retain", origin);
    add_policy(env, attributes, "UpdateReplacePolicy", "Retain", origin);
}

static void add_annotation(const Env *env, Attributes *attributes, const Annotation *annotation)
{
    Str name = annotation->name.text;
    if (str_is(name, "id") || str_is(name, "suppress"))
        return;
    if (str_is(name, "retain")) {
        add_retain(env, attributes, annotation);
        return;
    }
    Attribute attribute = {.name = name, .origin = eval_origin(env, annotation->span)};
    for (size_t i = 0; i < annotation->args.len; i++) {
        Value *value = eval_expr(env, annotation->args.items[i]);
        if (value_is_error(value))
            return;
        if (!value_is_null(value))
            VEC_ADD(env->ev->arena, &attribute.args, value);
    }
    if (attribute.args.len)
        put_attribute(env->ev->arena, attributes, &attribute);
}

static void add_annotations(
    const Env *env, Attributes *attributes, const AnnotationList *annotations)
{
    for (size_t i = 0; i < annotations->len; i++)
        add_annotation(env, attributes, &annotations->items[i]);
}

static void add_declared_annotations(const Env *env, Attributes *attributes, const Decl *decl)
{
    add_annotations(env, attributes, &decl->annotations);
    for (size_t i = 0; i < decl->items.len; i++)
        if (decl->items.items[i]->kind == ITEM_ANNOTATION)
            add_annotations(env, attributes, &decl->items.items[i]->annotations);
}

static const Suppression *declared_suppressions(
    const Env *env, const Decl *decl, const Suppression *outer)
{
    outer = annotation_suppressions(env, &decl->annotations, outer);
    for (size_t i = 0; i < decl->items.len; i++)
        if (decl->items.items[i]->kind == ITEM_ANNOTATION)
            outer = annotation_suppressions(env, &decl->items.items[i]->annotations, outer);
    return outer;
}

// ---- resources ----

static Str patch_name(Evaluation *ev, const Resource *resource)
{
    Str shown = resource->name, own = resource->decl->name.text;
    // The last step of the shown name: Record["a"] as Record[a].
    size_t open = str_find(shown, STR("[\""), 0);
    if (!resource->decl->key || open == SIZE_MAX || !str_ends(shown, STR("\"]")))
        return own;
    for (size_t next = open; next != SIZE_MAX; next = str_find(shown, STR("[\""), open + 1))
        open = next;
    Str key = str_slice(shown, open + 2, shown.len - 2);
    return str_format(ev->arena, "%.*s[%.*s]", STR_FMT(own), STR_FMT(key));
}

static void apply_patches(Resource *resource, Attributes *attributes)
{
    Instance *owner = resource->owner;
    Evaluation *ev = owner->evaluation;
    if (!owner->patches)
        return;
    Str name = patch_name(ev, resource);
    size_t count;
    instance_patches(owner, name, NULL, &count);
    const Patch **patches = ARENA_ARRAY(ev->arena, const Patch *, count + 1);
    instance_patches(owner, name, patches, &count);
    for (size_t i = 0; i < count; i++) {
        const Patch *patch = patches[i];
        if (patch->depth + 1 != patch->path.len)
            continue;
        if (patch->item->body.len)
            resource->properties = eval_merge_items(&patch->env, resource->properties,
                &patch->item->body, eval_origin(&patch->env, patch->item->span));
        add_annotations(&patch->env, attributes, &patch->item->annotations);
        patch_use(ev, patch->item)->used = true;
    }
}

void elaborate_resource(Resource *resource)
{
    Instance *owner = resource->owner;
    Evaluation *ev = owner->evaluation;
    if (resource->done)
        return;
    resource->done = true;
    if (!eval_making_allowed(ev, resource->decl))
        return;
    VEC_ADD(ev->arena, &ev->resources, resource);
    Env env = env_of_run(owner, resource->run);
    resource->suppressions = declared_suppressions(&env, resource->decl, owner->suppressions);
    env.suppressions = resource->suppressions;
    if (resource->decl->has_body)
        resource->properties =
            eval_items(&env, &resource->decl->items, eval_origin(&env, resource->decl->span));
    add_declared_annotations(&env, &resource->attributes, resource->decl);
    apply_patches(resource, &resource->attributes);
    for (size_t i = 0; i < owner->attributes.len; i++)
        put_attribute(ev->arena, &resource->attributes, &owner->attributes.items[i]);
    resource->tags = owner->tags;
}

// ---- instances ----

static bool has_input(const Scope *scope, Str name)
{
    const Symbol *symbol = map_find(&scope->names, name);
    return symbol && symbol->kind == SYMBOL_FIELD;
}

static void prepare_instance(Instance *instance)
{
    Evaluation *ev = instance->evaluation;
    Env outside = env_of_run(instance->owner, instance->run);
    const Decl *decl = instance->decl;
    instance->suppressions = declared_suppressions(&outside, decl, instance->owner->suppressions);
    add_declared_annotations(&outside, &instance->attributes, decl);
    for (const Patch *patch = instance->patches; patch; patch = patch->next)
        if (patch->depth == patch->path.len) {
            add_annotations(&patch->env, &instance->attributes, &patch->item->annotations);
            patch_use(ev, patch->item)->used = true;
        }
    for (size_t i = 0; i < instance->owner->attributes.len; i++)
        put_attribute(ev->arena, &instance->attributes, &instance->owner->attributes.items[i]);
    instance->tags = instance->owner->tags;
    if (has_input(instance->scope, STR("Tags")))
        return;
    Value *tags = instance_given(instance, STR("Tags"));
    if (tags && tags->kind == VALUE_MAP)
        instance->tags = instance->tags ? eval_merge_values(&outside, tags, instance->tags) : tags;
}

// Inputs nobody asked for are still looked at.
static void check_inputs(Instance *instance)
{
    for (size_t i = 0; i < instance->scope->symbols.len; i++) {
        Symbol *symbol = instance->scope->symbols.items[i];
        if (symbol->kind == SYMBOL_FIELD)
            instance_input(instance, symbol);
    }
}

// ---- outputs ----

static void elaborate_output(const Env *env, const Decl *decl)
{
    Evaluation *ev = env->ev;
    Value *value = eval_expr(env, decl->value);
    if (value_is_error(value) || value_is_null(value))
        return;
    bool repeated = env->run->each != NULL;
    Str key = decl->key && !repeated ? eval_known_text(env, decl->key, "a key") : STR_NONE;
    if (decl->key && !key.ptr && !repeated)
        return;
    Output output = {
        .id = make_logical_id(env, decl, decl->name.text, key),
        .value = value_at(ev->arena, value, eval_origin(env, decl->value->span)),
        .condition = env->run ? env->run->condition : NULL,
        .stack = env->run->stack,
        .origin = eval_origin(env, decl->name.span),
        .each = env->run->each,
    };
    output.id_value = make_repeated_id(env, decl, output.id);
    if (decl->has_body)
        output.attributes = eval_items(env, &decl->items, eval_origin(env, decl->span));
    for (size_t i = 0; i < ev->outputs.len; i++)
        if (ev->outputs.items[i].stack == output.stack &&
            str_equal(ev->outputs.items[i].id, output.id)) {
            Diag *diag =
                diag_add(ev->diags, DIAG_OUTPUT_TWICE, decl->name.span, output.id, DIAG_END);
            diag_note(ev->diags, diag, ev->outputs.items[i].origin->span, "the other one is here");
            return;
        }
    VEC_ADD(ev->arena, &ev->outputs, output);
}

static void elaborate_rule(const Env *env, const Decl *decl)
{
    Env rule_env = *env;
    rule_env.mode = MODE_RULE;
    CfnRule rule = {
        .id = make_logical_id(env, decl, decl->name.text, STR_NONE),
        .value = eval_items(&rule_env, &decl->items, eval_origin(env, decl->span)),
        .stack = env->run->stack,
        .origin = eval_origin(env, decl->name.span),
    };
    VEC_ADD(env->ev->arena, &env->ev->rules, rule);
}

// ---- the walk ----

static void elaborate_run(BlockRun *run);
static void elaborate_module(Evaluation *ev, const Module *module);

static Cell *next_cell(Instance *instance, Symbol *symbol, const BlockRun *run)
{
    Slot *slot = slot_listed(instance, symbol);
    if (slot->elaborated >= slot->cells.len || slot->cells.items[slot->elaborated]->run != run)
        return NULL;
    return slot->cells.items[slot->elaborated++];
}

static void register_value(Evaluation *ev, const Decl *decl, Value *value)
{
    switch (decl->kind) {
    case DECL_RESOURCE:
        if (value->kind == VALUE_RESOURCE)
            elaborate_resource(value->resource);
        else if (value->kind == VALUE_INSTANCE)
            elaborate_instance(value->instance);
        break;
    case DECL_PARAM:
    case DECL_VAR:
        if (value->kind == VALUE_DEPLOY && value->deploy->parameter &&
            value->deploy->parameter->decl == decl)
            VEC_ADD(ev->arena, &ev->parameters, value->deploy->parameter);
        break;
    case DECL_CONDITION:
        if (value->kind == VALUE_DEPLOY)
            VEC_ADD(ev->arena, &ev->conditions, value->deploy->condition);
        break;
    case DECL_MAPPING:
        if (value->kind == VALUE_MAPPING)
            VEC_ADD(ev->arena, &ev->mappings, value->mapping.mapping);
        break;
    case DECL_DOMAIN:
        if (value->kind == VALUE_DOMAIN &&
            (evaluation_claims(ev, value->domain) || evaluation_is_elsewhere(ev, value->domain)))
            check_domain(ev, value->domain);
        break;
    default:
        break;
    }
}

static void elaborate_named(Instance *instance, BlockRun *run, Symbol *symbol)
{
    bool in_component = instance->scope->kind == SCOPE_COMPONENT;
    if (symbol->decl->kind == DECL_FN || (symbol->decl->kind == DECL_LET && in_component))
        return;
    Cell *cell = next_cell(instance, symbol, run);
    if (!cell)
        return;
    Value *value = cell_value(instance, symbol, cell, symbol->span);
    register_value(instance->evaluation, symbol->decl, value);
}

static void elaborate_import(Instance *instance, const Decl *decl)
{
    const Module *module = instance->scope->module;
    for (size_t i = 0; i < module->imports.len; i++)
        if (module->imports.items[i].decl == decl && module->imports.items[i].target)
            elaborate_module(instance->evaluation, module->imports.items[i].target);
}

static void elaborate_unnamed(Instance *instance, BlockRun *run, const Decl *decl)
{
    Env env = env_of_run(instance, run);
    switch (decl->kind) {
    case DECL_IMPORT:
        elaborate_import(instance, decl);
        break;
    case DECL_OUTPUT:
        if (instance->scope->kind == SCOPE_FILE)
            elaborate_output(&env, decl);
        break;
    case DECL_REQUIRE:
        elaborate_require(&env, decl->value, decl->message);
        break;
    case DECL_GUARD:
        elaborate_guard(&env, decl);
        break;
    case DECL_MOVED:
        elaborate_moved(&env, decl);
        break;
    case DECL_RULE:
        elaborate_rule(&env, decl);
        break;
    default:
        break;
    }
}

static void elaborate_block(Instance *instance, BlockRun *run, const Block *block)
{
    RunList runs = {0};
    block_runs_below(instance, block, run, &runs);
    for (size_t i = 0; i < runs.len; i++)
        if (runs.items[i]->live)
            elaborate_run(runs.items[i]);
}

static void elaborate_run(BlockRun *run)
{
    Instance *instance = run->instance;
    for (size_t i = 0; i < run->block->entries.len && !instance->evaluation->stopped; i++) {
        const BlockEntry *entry = &run->block->entries.items[i];
        bool requires = entry->decl && entry->decl->kind == DECL_REQUIRE;
        if (instance->refused && !requires)
            continue;
        if (entry->block)
            elaborate_block(instance, run, entry->block);
        else if (entry->symbol)
            elaborate_named(instance, run, entry->symbol);
        else
            elaborate_unnamed(instance, run, entry->decl);
    }
}

void elaborate_instance(Instance *instance)
{
    if (instance->elaborated)
        return;
    instance->elaborated = true;
    if (instance->scope->kind == SCOPE_COMPONENT) {
        prepare_instance(instance);
        check_inputs(instance);
    }
    RunList runs = {0};
    block_runs(instance, instance->scope->root, &runs);
    for (size_t i = 0; i < runs.len; i++)
        elaborate_run(runs.items[i]);
}

static void elaborate_module(Evaluation *ev, const Module *module)
{
    elaborate_instance(instance_of_file(ev, module));
}

void elaborate_program(Evaluation *ev)
{
    elaborate_module(ev, ev->program->modules.items[0]);
}
