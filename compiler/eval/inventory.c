#include "compiler/eval/inventory.h"

#include "compiler/eval/eval_priv.h"

// ---- instances ----

static void add_instances_of(Instance *home, InstanceList *instances);

static void add_instance(Instance *home, const Symbol *symbol, Value *value, InstanceList *list)
{
    bool made_here = value->kind == VALUE_INSTANCE && value->instance->decl == symbol->decl &&
                     value->instance->owner == home;
    if (!made_here)
        return;
    VEC_ADD(home->evaluation->arena, list, value->instance);
    add_instances_of(value->instance, list);
}

static void add_instances_of(Instance *home, InstanceList *instances)
{
    for (size_t i = 0; i < home->scope->symbols.len; i++) {
        Symbol *symbol = home->scope->symbols.items[i];
        if (symbol->kind != SYMBOL_DECL || symbol->decl->kind != DECL_RESOURCE)
            continue;
        const Slot *slot = slot_listed(home, symbol);
        for (size_t c = 0; c < slot->cells.len; c++)
            if (slot->cells.items[c]->state == CELL_DONE)
                add_instance(home, symbol, slot->cells.items[c]->value, instances);
    }
}

void evaluation_instances(Evaluation *ev, InstanceList *instances)
{
    for (size_t m = 0; m < ev->program->modules.len; m++)
        add_instances_of(instance_of_file(ev, ev->program->modules.items[m]), instances);
}

Value *evaluation_result(Instance *instance, Str name)
{
    if (!map_find(&instance->scope->outputs, name))
        return NULL;
    Env env = env_of_run(instance, NULL);
    Value *value = instance_result(&env, instance, name, instance->decl->span, true);
    return value_is_null(value) || value_is_error(value) ? NULL : value;
}

// ---- settings ----

static const Expr *setting_of(const Decl *decl, const char *name)
{
    for (size_t i = 0; i < decl->items.len; i++) {
        const Item *item = decl->items.items[i];
        if (item->kind == ITEM_ENTRY && item->key->kind == EXPR_NAME &&
            str_is(item->key->name, name))
            return item->value;
    }
    return NULL;
}

static void add_env_names(const Env *env, Setting *setting)
{
    const Expr *expr = setting_of(setting->decl, "env");
    if (!expr)
        return;
    const Value *names = eval_known(env, expr, "the name of an environment variable");
    if (names->kind == VALUE_STRING)
        VEC_ADD(env->ev->arena, &setting->env, names->text);
    for (size_t i = 0; names->kind == VALUE_LIST && i < names->list.len; i++)
        if (names->list.items[i]->kind == VALUE_STRING)
            VEC_ADD(env->ev->arena, &setting->env, names->list.items[i]->text);
}

static bool was_read(const Evaluation *ev, const char *kind, Str name)
{
    for (size_t i = 0; i < ev->inputs.len; i++) {
        const Input *input = &ev->inputs.items[i];
        if (!input->absent && str_is(input->kind, kind) && str_equal(input->name, name))
            return true;
    }
    return false;
}

static void find_source(Evaluation *ev, Setting *setting)
{
    Str name = setting->decl->name.text;
    Str full = setting->key.ptr
                   ? str_format(ev->arena, "%.*s[%.*s]", STR_FMT(name), STR_FMT(setting->key))
                   : name;
    if (was_read(ev, "set", full)) {
        setting->source = SETTING_COMMAND_LINE;
        return;
    }
    for (size_t i = 0; i < setting->env.len; i++) {
        if (!was_read(ev, "env", setting->env.items[i]))
            continue;
        setting->source = SETTING_ENVIRONMENT;
        setting->source_name = setting->env.items[i];
        return;
    }
    const Datum *entry = datum_get(ev->options.values, name);
    if (setting->key.ptr ? datum_get(entry, setting->key) != NULL : entry != NULL)
        setting->source = SETTING_VALUES_FILE;
}

static void add_setting(Instance *file, const Symbol *symbol, Cell *cell, SettingList *settings)
{
    Evaluation *ev = file->evaluation;
    Setting setting = {.decl = symbol->decl, .key = cell->key, .value = cell->value};
    Env env = env_of_run(file, cell->run);
    const Expr *secret = setting_of(symbol->decl, "secret");
    if (secret) {
        const Value *truth = eval_known(&env, secret, "'secret'");
        setting.secret = truth->kind != VALUE_BOOL || truth->boolean;
    }
    add_env_names(&env, &setting);
    find_source(ev, &setting);
    VEC_ADD(ev->arena, settings, setting);
}

void evaluation_settings(Evaluation *ev, SettingList *settings)
{
    for (size_t m = 0; m < ev->program->modules.len; m++) {
        Instance *file = instance_of_file(ev, ev->program->modules.items[m]);
        for (size_t i = 0; i < file->scope->symbols.len; i++) {
            Symbol *symbol = file->scope->symbols.items[i];
            if (symbol->kind != SYMBOL_DECL || symbol->decl->kind != DECL_VAR)
                continue;
            const Slot *slot = slot_listed(file, symbol);
            for (size_t c = 0; c < slot->cells.len; c++)
                if (slot->cells.items[c]->state == CELL_DONE)
                    add_setting(file, symbol, slot->cells.items[c], settings);
        }
    }
}
