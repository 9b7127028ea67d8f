// What components offer to those who link them, and to those who build with Vite.
#include "compiler/driver/driver_priv.h"
#include "compiler/driver/inventory.h"
#include "compiler/driver/inventory_priv.h"
#include "compiler/eval/inventory.h"
#include "compiler/module/paths.h"

static Datum *shape_of_deploy(Arena *arena, const Deploy *deploy)
{
    if (deploy->op == DEPLOY_IF)
        return shape_of_value(arena, deploy->args.items[1]);
    return deploy->is_list ? datum_list(arena, NULL) : datum_string(arena, NULL, STR(""));
}

static Datum *shape_of_map(Arena *arena, const Value *value)
{
    Datum *map = datum_map(arena, NULL);
    for (size_t i = 0; i < value->map.entries.len; i++) {
        const ValueEntry *entry = &value->map.entries.items[i];
        if (!value_is_null(entry->value))
            datum_put(arena, map, entry->key, NULL, shape_of_value(arena, entry->value));
    }
    return map;
}

Datum *shape_of_value(Arena *arena, const Value *value)
{
    Datum *list;
    switch (value->kind) {
    case VALUE_NULL:
        return datum_null(arena, NULL);
    case VALUE_BOOL:
        return datum_bool(arena, NULL, value->boolean);
    case VALUE_NUMBER:
        return datum_number(arena, NULL, value->text);
    case VALUE_STRING:
        return datum_string(arena, NULL, value->text);
    case VALUE_LIST:
        list = datum_list(arena, NULL);
        for (size_t i = 0; i < value->list.len; i++)
            datum_append(arena, list, shape_of_value(arena, value->list.items[i]));
        return list;
    case VALUE_MAP:
        return shape_of_map(arena, value);
    case VALUE_DEPLOY:
        return shape_of_deploy(arena, value->deploy);
    default:
        return datum_string(arena, NULL, STR(""));
    }
}

// A known text of the record; STR_NONE for anything else.
static Str text_of(const Value *record, const char *field)
{
    const Value *value = value_get(record, str_of(field));
    return value && value->kind == VALUE_STRING ? value->text : STR_NONE;
}

static InstanceList instances_of(Compilation *run, size_t stage)
{
    InstanceList instances = {0};
    evaluation_instances(run->stages.items[stage].evaluation, &instances);
    return instances;
}

// The instance's result of that name when it is a known record, else NULL.
static const Value *record_of(Instance *instance, const char *result)
{
    const Value *record = evaluation_result(instance, str_of(result));
    return record && record->kind == VALUE_MAP ? record : NULL;
}

const LinkList *compilation_links(Compilation *run, size_t index)
{
    LinkList *links = ARENA_NEW(run->arena, LinkList);
    InstanceList instances = instances_of(run, index);
    for (size_t i = 0; i < instances.len; i++) {
        const Value *record = record_of(instances.items[i], "link");
        if (!record)
            continue;
        const Value *values = value_get(record, STR("values"));
        LinkRecord link = {
            .name = text_of(record, "name"),
            .type = text_of(record, "type"),
            .span = instances.items[i]->decl->name.span,
        };
        if (!link.name.ptr || !link.type.ptr || !values || values->kind != VALUE_MAP)
            continue;
        link.values = shape_of_value(run->arena, values);
        VEC_ADD(run->arena, &links->items, link);
    }
    return links;
}

const ViteList *compilation_vite(Compilation *run, size_t index)
{
    ViteList *list = ARENA_NEW(run->arena, ViteList);
    InstanceList instances = instances_of(run, index);
    for (size_t i = 0; i < instances.len; i++) {
        const Value *record = record_of(instances.items[i], "vite");
        if (!record)
            continue;
        ViteRecord vite = {.file = text_of(record, "file")};
        const Value *names = value_get(record, STR("names"));
        if (!vite.file.ptr || !names || names->kind != VALUE_LIST)
            continue;
        for (size_t k = 0; k < names->list.len; k++)
            if (names->list.items[k]->kind == VALUE_STRING)
                VEC_ADD(run->arena, &vite.names, names->list.items[k]->text);
        vite.file = path_normalise(run->arena, vite.file);
        VEC_ADD(run->arena, &list->items, vite);
    }
    return list;
}
