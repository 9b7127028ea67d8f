// The names every program has: app, stage, stages, aws, self; in tests template, templates
// and tasks.
#include "compiler/eval/eval_priv.h"

typedef struct Pseudo {
    const char *name;
    const char *parameter;
    bool is_list;
} Pseudo;

static const Pseudo pseudos[] = {
    {"accountId", "AWS::AccountId", false},
    {"noValue", "AWS::NoValue", false},
    {"notificationArns", "AWS::NotificationARNs", true},
    {"partition", "AWS::Partition", false},
    {"region", "AWS::Region", false},
    {"stackId", "AWS::StackId", false},
    {"stackName", "AWS::StackName", false},
    {"urlSuffix", "AWS::URLSuffix", false},
};

Value *pseudo_parameter(Arena *arena, const Origin *origin, Str name)
{
    for (size_t i = 0; i < sizeof pseudos / sizeof *pseudos; i++) {
        if (!str_is(name, pseudos[i].name))
            continue;
        Value *value = value_deploy(arena, origin, DEPLOY_REF);
        value->deploy->text = str_of(pseudos[i].parameter);
        value->deploy->is_list = pseudos[i].is_list;
        return value;
    }
    return NULL;
}

// ---- stage and stages ----

static void add_all_attributes(const Env *env, Value *map)
{
    // An attribute some other stage has is null here, so that it can be asked for.
    Analysis *analysis = env->ev->analysis;
    for (size_t s = 0; s < analysis->stages.len; s++) {
        const StageEntry *entry = analysis->stages.items[s].entry;
        for (size_t i = 0; entry && i < entry->items.len; i++) {
            const Item *item = entry->items.items[i];
            bool named = item->kind == ITEM_ENTRY && item->key->kind == EXPR_NAME;
            if (named && !value_get(map, item->key->name))
                value_put(env->ev->arena, map, item->key->name, map->origin,
                    value_null(env->ev->arena, map->origin));
        }
    }
}

static Value *stage_attributes(Evaluation *ev, const StageDef *def, Str name)
{
    const Module *home =
        ev->analysis->stages_module ? ev->analysis->stages_module : ev->program->modules.items[0];
    Env env = env_of_file(ev, home);
    const Origin *origin = eval_origin(&env, def->entry ? def->entry->span : (Span){0});
    Value *map = value_map(ev->arena, origin);
    value_put(ev->arena, map, STR("name"), origin, value_string(ev->arena, origin, name));
    if (def->entry) {
        Value *stated = eval_items(&env, &def->entry->items, origin);
        if (stated->kind == VALUE_MAP)
            map = eval_merge_values(&env, map, stated);
    }
    add_all_attributes(&env, map);
    return map;
}

static Value *stage_value(Evaluation *ev)
{
    if (!ev->stage_value)
        ev->stage_value = stage_attributes(ev, ev->options.stage, ev->options.stage_name);
    return ev->stage_value;
}

static Value *stages_value(Evaluation *ev)
{
    if (ev->stages_value)
        return ev->stages_value;
    Value *map = value_map(ev->arena, NULL);
    for (size_t i = 0; i < ev->analysis->stages.len; i++) {
        const StageDef *def = &ev->analysis->stages.items[i];
        if (!def->is_pattern && !def->retired.len)
            value_put(ev->arena, map, def->name, NULL, stage_attributes(ev, def, def->name));
    }
    return ev->stages_value = map;
}

// ---- app ----

static const Item *app_item(const Evaluation *ev, Str field)
{
    const Decl *app = ev->analysis->app;
    for (size_t i = 0; app && i < app->items.len; i++) {
        const Item *item = app->items.items[i];
        if (item->kind == ITEM_ENTRY && item->key->kind == EXPR_NAME &&
            str_equal(item->key->name, field))
            return item;
    }
    return NULL;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The root file's name as a name of stacks: letters, digits and dashes, a letter first.
static Str name_of_file(Evaluation *ev)
{
    Str file = ev->program->modules.items[0]->name;
    if (str_ends(file, STR(".alt")))
        file = str_slice(file, 0, file.len - 4);
    size_t start = file.len;
    while (start > 0 && file.ptr[start - 1] != '/')
        start--;
    while (start < file.len && !is_letter(file.ptr[start]))
        start++;
    char *name = arena_alloc(ev->arena, file.len - start + 1);
    size_t len = 0;
    for (size_t i = start; i < file.len; i++) {
        bool fine = is_letter(file.ptr[i]) || (file.ptr[i] >= '0' && file.ptr[i] <= '9');
        name[len++] = fine ? file.ptr[i] : '-';
    }
    while (len > 0 && name[len - 1] == '-')
        len--;
    return len ? (Str){name, len} : STR("app");
}

static Str app_name(Evaluation *ev)
{
    Value *name = evaluation_app_field(ev, STR("name"));
    Str text = name && !value_is_null(name) ? value_scalar_text(name) : STR_NONE;
    return text.ptr ? text : name_of_file(ev);
}

// What a field is when the program does not state it; NULL for null.
static Value *app_default(Evaluation *ev, Str field)
{
    if (str_is(field, "name"))
        return value_string(ev->arena, NULL, app_name(ev));
    if (str_is(field, "removal"))
        return value_string(ev->arena, NULL, STR("remove"));
    if (str_is(field, "stackName")) {
        Str name = app_name(ev), stage = ev->options.stage_name;
        Str stack =
            stage.len ? str_format(ev->arena, "%.*s-%.*s", STR_FMT(name), STR_FMT(stage)) : name;
        return value_string(ev->arena, NULL, stack);
    }
    return NULL;
}

Value *evaluation_app_field(Evaluation *ev, Str field)
{
    Value *known = map_find(&ev->app_fields, field);
    if (known)
        return known;
    const Item *item = app_item(ev, field);
    if (!item)
        return NULL;
    Env env = env_of_file(ev, ev->analysis->app_module);
    Active active = {.name = str_format(ev->arena, "app.%.*s", STR_FMT(field)),
        .span = item->span,
        .what = item};
    if (!eval_enter(ev, &active))
        return value_error(ev->arena, NULL);
    Value *value = eval_known(&env, item->value, "a field of 'app'");
    eval_leave(ev, &active);
    map_set(&ev->app_fields, ev->arena, item->key->name, value);
    return value;
}

Str evaluation_app_text(Evaluation *ev, const char *field)
{
    Value *value = evaluation_app_field(ev, str_of(field));
    if (!value)
        value = app_default(ev, str_of(field));
    if (!value || value_is_error(value) || value_is_null(value))
        return STR_NONE;
    return value_scalar_text(value);
}

static Value *app_value(const Env *env, Str field, Span span)
{
    Value *value = evaluation_app_field(env->ev, field);
    if (!value)
        value = app_default(env->ev, field);
    return value ? value_at(env->ev->arena, value, eval_origin(env, span))
                 : value_null(env->ev->arena, eval_origin(env, span));
}

Value *evaluation_template(Evaluation *ev)
{
    const Decl *decl = ev->analysis->template_;
    if (!decl)
        return NULL;
    Value *known = map_find(&ev->app_fields, STR("\ntemplate"));
    if (known)
        return known;
    Env env = env_of_file(ev, ev->analysis->template_module);
    Value *value = eval_items(&env, &decl->items, eval_origin(&env, decl->span));
    map_set(&ev->app_fields, ev->arena, STR("\ntemplate"), value);
    return value;
}

// ---- all of them ----

Value *given_step(const Env *env, Given given, Str name, Span span, bool soft)
{
    Arena *arena = env->ev->arena;
    Value *value;
    switch (given) {
    case GIVEN_APP:
        return app_value(env, name, span);
    case GIVEN_AWS:
        value = pseudo_parameter(arena, eval_origin(env, span), name);
        return value ? value : eval_fail(env, span); // reported by sema
    case GIVEN_SELF:
        if (str_is(name, "name"))
            return value_string(arena, eval_origin(env, span), env->instance->own_name);
        if (str_is(name, "id"))
            return value_string(arena, eval_origin(env, span), env->instance->id);
        return eval_fail(env, span);
    case GIVEN_CFN:
        diag_add(env->ev->diags, DIAG_FUNCTION_IS_NO_VALUE, span, name, DIAG_END);
        return eval_fail(env, span);
    default:
        value = given_value(env, given, span);
        return value_is_error(value) ? value : eval_step(env, value, name, span, soft);
    }
}

Value *given_value(const Env *env, Given given, Span span)
{
    Value *value = NULL;
    switch (given) {
    case GIVEN_STAGE:
        value = stage_value(env->ev);
        break;
    case GIVEN_STAGES:
        value = stages_value(env->ev);
        break;
    case GIVEN_TEMPLATE:
    case GIVEN_TEMPLATES:
    case GIVEN_TASKS:
        env->ev->template_asked = true;
        value = given == GIVEN_TEMPLATE    ? env->ev->template_value
                : given == GIVEN_TEMPLATES ? env->ev->templates_value
                                           : env->ev->tasks_value;
        break;
    case GIVEN_APP:
    case GIVEN_AWS:
    case GIVEN_SELF:
    case GIVEN_CFN:
        diag_add(env->ev->diags, DIAG_NAMESPACE_IS_NO_VALUE, span, DIAG_END);
        break;
    default:
        break;
    }
    return value ? value : eval_fail(env, span);
}
