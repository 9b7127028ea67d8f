// What each kind of declaration makes.
#include "compiler/eval/eval_priv.h"

// ---- names ----

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

Str evaluation_key_words(Arena *arena, Str key)
{
    char *words = arena_alloc(arena, key.len + 1);
    size_t len = 0;
    bool start = true;
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        if (!is_word_char(c)) {
            start = true;
            continue;
        }
        words[len++] = start && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
        start = false;
    }
    return (Str){words, len};
}

const Block *block_of_output(const Scope *scope, const Decl *output)
{
    // Outputs have no symbol: their block is found among the scope's.
    VEC(const Block *) open = {0};
    Arena *scratch = arena_new();
    const Block *found = scope->root;
    VEC_ADD(scratch, &open, scope->root);
    for (size_t i = 0; i < open.len; i++) {
        const Block *block = open.items[i];
        for (size_t e = 0; e < block->entries.len; e++) {
            if (block->entries.items[e].decl == output)
                found = block;
            if (block->entries.items[e].block)
                VEC_ADD(scratch, &open, block->entries.items[e].block);
        }
    }
    arena_free(scratch);
    return found;
}

Scope *eval_component_scope(const Evaluation *ev, const Decl *component)
{
    if (!component)
        return NULL;
    for (size_t i = 0; i < ev->program->modules.len; i++) {
        const Module *module = ev->program->modules.items[i];
        if (module->file == component->span.file)
            return ev->analysis->modules[module->index].decl_scopes[component->id];
    }
    return NULL;
}

static const Annotation *find_annotation(const Decl *decl, const char *name)
{
    for (size_t i = 0; i < decl->annotations.len; i++)
        if (str_is(decl->annotations.items[i].name.text, name))
            return &decl->annotations.items[i];
    for (size_t i = 0; i < decl->items.len; i++) {
        const Item *item = decl->items.items[i];
        if (item->kind != ITEM_ANNOTATION)
            continue;
        for (size_t a = 0; a < item->annotations.len; a++)
            if (str_is(item->annotations.items[a].name.text, name))
                return &item->annotations.items[a];
    }
    return NULL;
}

Str make_logical_id(const Env *env, const Decl *decl, Str name, Str key)
{
    const Annotation *id = find_annotation(decl, "id");
    if (id && id->args.len == 1 && !(env->run && env->run->each)) {
        Str text = eval_known_text(env, id->args.items[0], "a logical id");
        if (text.ptr)
            return text;
    }
    Arena *arena = env->ev->arena;
    Str words = key.len ? evaluation_key_words(arena, key) : STR("");
    Str prefix = env->instance->id;
    // A name keeps its digits and letters; what is no letter of a logical id goes.
    Str own = evaluation_key_words(arena, name);
    bool plain = own.len == name.len;
    if (plain && !prefix.len && !words.len)
        return name;
    if (plain && !prefix.len)
        own = name;
    return str_format(arena, "%.*s%.*s%.*s", STR_FMT(prefix), STR_FMT(own), STR_FMT(words));
}

static Str shown_name(const Env *env, const Decl *decl, Str key)
{
    Arena *arena = env->ev->arena;
    Str name = decl->name.text;
    if (key.len)
        name = str_format(arena, "%.*s[\"%.*s\"]", STR_FMT(name), STR_FMT(key));
    if (env->instance->name.len)
        name = str_format(arena, "%.*s.%.*s", STR_FMT(env->instance->name), STR_FMT(name));
    return name;
}

// ---- resources ----

static void claim_id(const Env *env, Resource *resource)
{
    Evaluation *ev = env->ev;
    Resource *other = map_set(&resource->stack->resource_ids, ev->arena, resource->id, resource);
    if (!other)
        return;
    Diag *diag = diag_add(ev->diags, DIAG_ID_TWICE, resource->decl->name.span, resource->name,
        other->name, resource->id, DIAG_END);
    diag_note(ev->diags, diag, other->decl->name.span, "the other one is here");
    diag_note(ev->diags, diag, (Span){0}, "'@id(\"…\")' gives one of them another logical id");
    eval_explain(env, diag);
}

// The variables in a key; its texts are in the resource's own id already.
static void add_key_parts(const Env *env, ValueList *parts, Value *key)
{
    Arena *arena = env->ev->arena;
    if (value_scalar_text(key).ptr)
        return;
    if (key->kind == VALUE_DEPLOY && key->deploy->op == DEPLOY_SUB) {
        for (size_t i = 0; i < key->deploy->args.len; i++)
            add_key_parts(env, parts, key->deploy->args.items[i]);
    } else if (!value_is_error(key)) {
        VEC_ADD(arena, parts, key);
    }
}

Value *make_repeated_id(const Env *env, const Decl *decl, Str own)
{
    const Annotation *id = find_annotation(decl, "id");
    if (!env->run || !env->run->each)
        return NULL;
    if (id && id->args.len == 1)
        return eval_expr(env, id->args.items[0]);
    Arena *arena = env->ev->arena;
    const Origin *origin = eval_origin(env, decl->name.span);
    ValueList parts = {0};
    const Instance *around = env->instance;
    if (around->id_value) {
        VEC_ADD(arena, &parts, around->id_value);
        own = str_slice(own, around->id.len, own.len);
    }
    VEC_ADD(arena, &parts, value_string(arena, origin, own));
    if (decl->key)
        add_key_parts(env, &parts, eval_expr(env, decl->key));
    return evaluation_interpolate(arena, origin, &parts);
}

static Value *make_resource(Instance *instance, const Decl *decl, Cell *cell)
{
    Evaluation *ev = instance->evaluation;
    const Module *module = instance->scope->module;
    if (ev->analysis->modules[module->index].resource_components[decl->id])
        return make_component_instance(instance, decl, cell);
    Env env = env_of_run(instance, cell->run);
    const Origin *origin = eval_origin(&env, decl->name.span);
    if (str_find(decl->resource_type.text, STR("::"), 0) == SIZE_MAX)
        return value_error(ev->arena, origin); // no such component: reported by sema
    Resource *resource = ARENA_NEW(ev->arena, Resource);
    *resource = (Resource){
        .name = shown_name(&env, decl, cell->key),
        .id = make_logical_id(&env, decl, decl->name.text, cell->key),
        .type = decl->resource_type.text,
        .decl = decl,
        .owner = instance,
        .run = cell->run,
        .stack = cell->run->stack,
        .condition = cell->run->condition,
        .each = cell->run->each,
        .origin = origin,
    };
    claim_id(&env, resource);
    resource->id_value = make_repeated_id(&env, decl, resource->id);
    Value *value = ARENA_NEW(ev->arena, Value);
    value->kind = VALUE_RESOURCE;
    value->origin = origin;
    value->resource = resource;
    return value;
}

// ---- parameters ----

static bool is_list_type(Str type)
{
    return str_starts(type, STR("List<")) || str_is(type, "CommaDelimitedList") ||
           str_starts(type, STR("AWS::SSM::Parameter::Value<List<")) ||
           str_is(type, "AWS::SSM::Parameter::Value<CommaDelimitedList>");
}

static void add_type_text(Buf *out, const TypeExpr *type)
{
    buf_add(out, type->name.text);
    if (!type->argument)
        return;
    buf_add_char(out, '<');
    add_type_text(out, type->argument);
    buf_add_char(out, '>');
}

Value *make_parameter_value(Evaluation *ev, const Origin *origin, Parameter *parameter)
{
    Value *value = value_deploy(ev->arena, origin, DEPLOY_REF);
    value->deploy->parameter = parameter;
    value->deploy->is_list = parameter->is_list;
    return value;
}

bool parameter_may_hold_quote(const Parameter *parameter)
{
    return parameter->may_hold_quote;
}

static Value *make_parameter(Instance *instance, const Decl *decl, Cell *cell)
{
    Evaluation *ev = instance->evaluation;
    Env env = env_of_run(instance, cell->run);
    const Origin *origin = eval_origin(&env, decl->name.span);
    Buf type;
    buf_init(&type, 0);
    if (decl->type)
        add_type_text(&type, decl->type);
    Parameter *parameter = ARENA_NEW(ev->arena, Parameter);
    *parameter = (Parameter){
        .name = decl->name.text,
        .id = make_logical_id(&env, decl, decl->name.text, cell->key),
        .type = buf_copy(&type, ev->arena),
        .decl = decl,
        .stack = cell->run->stack,
        .source = PARAMETER_FROM_USER,
        .origin = origin,
    };
    buf_release(&type);
    parameter->is_list = is_list_type(parameter->type);
    if (decl->has_body) {
        Value *attributes = eval_items(&env, &decl->items, eval_origin(&env, decl->span));
        if (eval_require_known(&env, attributes, decl->span, "a parameter's attribute"))
            parameter->attributes = attributes;
    }
    const Value *attributes = parameter->attributes;
    parameter->no_echo =
        attributes && value_get(attributes, STR("NoEcho")) &&
        value_equal(value_get(attributes, STR("NoEcho")), value_bool(ev->arena, NULL, true));
    parameter->may_hold_quote = str_is(parameter->type, "String") &&
                                !(attributes && (value_get(attributes, STR("AllowedPattern")) ||
                                                    value_get(attributes, STR("AllowedValues"))));
    return make_parameter_value(ev, origin, parameter);
}

// ---- conditions, mappings, domains ----

static Value *make_condition(Instance *instance, const Decl *decl, Cell *cell)
{
    Evaluation *ev = instance->evaluation;
    Env env = env_of_run(instance, cell->run);
    env.mode = MODE_CONDITION;
    const Origin *origin = eval_origin(&env, decl->name.span);
    Value *truth = eval_truth(&env, eval_expr(&env, decl->value), decl->value->span);
    if (value_is_error(truth))
        return truth;
    if (truth->kind == VALUE_BOOL) {
        // CloudFormation has no literal condition.
        Value *text = value_string(ev->arena, origin, truth->boolean ? STR("true") : STR("false"));
        truth =
            eval_equals(&env, truth->origin, text, value_string(ev->arena, origin, STR("true")));
    }
    Condition *condition = ARENA_NEW(ev->arena, Condition);
    *condition = (Condition){
        .id = make_logical_id(&env, decl, decl->name.text, cell->key),
        .each = cell->run->each,
        .decl = decl,
        .stack = cell->run->stack,
        .value = truth,
        .origin = origin,
    };
    condition->id_value = make_repeated_id(&env, decl, condition->id);
    Value *value = value_deploy(ev->arena, origin, DEPLOY_CONDITION);
    value->deploy->condition = condition;
    return value;
}

static Value *make_mapping(Instance *instance, const Decl *decl, Cell *cell)
{
    Evaluation *ev = instance->evaluation;
    Env env = env_of_run(instance, cell->run);
    const Origin *origin = eval_origin(&env, decl->name.span);
    Value *table = eval_items(&env, &decl->items, eval_origin(&env, decl->span));
    const Value *unknown = value_unknown_part(table);
    bool is_include = unknown && value_get(table, STR("Fn::Transform"));
    if (unknown && !is_include && !eval_require_known(&env, table, decl->span, "a mapping"))
        return value_error(ev->arena, origin);
    Mapping *mapping = ARENA_NEW(ev->arena, Mapping);
    *mapping = (Mapping){
        .id = make_logical_id(&env, decl, decl->name.text, cell->key),
        .decl = decl,
        .stack = cell->run->stack,
        .value = table,
        .origin = origin,
    };
    Value *value = ARENA_NEW(ev->arena, Value);
    value->kind = VALUE_MAPPING;
    value->origin = origin;
    value->mapping.mapping = mapping;
    return value;
}

static Value *make_domain(Instance *instance, const Decl *decl, Cell *cell)
{
    Evaluation *ev = instance->evaluation;
    Env env = env_of_run(instance, cell->run);
    Domain *domain = ARENA_NEW(ev->arena, Domain);
    Str name = decl->name.text;
    if (cell->key.ptr)
        name = str_format(ev->arena, "%.*s[\"%.*s\"]", STR_FMT(name), STR_FMT(cell->key));
    *domain = (Domain){.name = name, .decl = decl, .owner = instance, .run = cell->run};
    Value *value = ARENA_NEW(ev->arena, Value);
    value->kind = VALUE_DOMAIN;
    value->origin = eval_origin(&env, decl->name.span);
    value->domain = domain;
    return value;
}

static Value *make_let(Instance *instance, Symbol *symbol, Cell *cell)
{
    const Decl *decl = symbol->decl;
    Env env = env_of_run(instance, cell->run);
    bool found;
    Value *value = override_value(instance, symbol, cell->key, &found);
    if (!found)
        value = eval_expr(&env, decl->value);
    if (!decl->type || value_is_error(value))
        return value;
    What what = {.kind = WHAT_NAME, .name = decl->name.text};
    return conform(&env, decl->type, value, &what, decl->value->span);
}

Value *make_value(Instance *instance, Symbol *symbol, Cell *cell)
{
    const Decl *decl = symbol->decl;
    switch (decl->kind) {
    case DECL_LET:
        return make_let(instance, symbol, cell);
    case DECL_VAR:
        return make_variable(instance, symbol, cell);
    case DECL_PARAM:
        return make_parameter(instance, decl, cell);
    case DECL_DOMAIN:
        return make_domain(instance, decl, cell);
    case DECL_RESOURCE:
        return make_resource(instance, decl, cell);
    case DECL_CONDITION:
        return make_condition(instance, decl, cell);
    case DECL_MAPPING:
        return make_mapping(instance, decl, cell);
    default:
        return value_error(instance->evaluation->arena, NULL);
    }
}
