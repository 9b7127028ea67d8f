#include "runtime/deploy/rename.h"

#include "compiler/base/buf.h"
#include "compiler/base/map.h"

typedef struct Renamer {
    Arena *arena;
    Map names; // old logical id to its ManifestRename
} Renamer;

static Datum *rename_value(const Renamer *renamer, Datum *value);

// ---- what is to be done ----

static Str type_of(const Datum *resource)
{
    const Datum *type = datum_get(resource, STR("Type"));
    return type && type->kind == DATUM_STRING ? type->text : STR_NONE;
}

static void index_resources(Arena *arena, const Datum *template_, Map *index)
{
    const Datum *resources = datum_get(template_, STR("Resources"));
    for (size_t i = 0; resources && i < resources->entries.len; i++)
        map_set(index, arena, resources->entries.items[i].key, resources->entries.items[i].value);
}

Renames rename_pending(
    Arena *arena, const Manifest *manifest, const ManifestStack *stack, const Datum *deployed)
{
    Renames pending = {0};
    Map before = {0}, after = {0}, taken = {0};
    index_resources(arena, deployed, &before);
    index_resources(arena, stack->template_, &after);
    for (size_t i = 0; i < manifest->renames.len; i++) {
        ManifestRename *rename = &manifest->renames.items[i];
        const Datum *old = map_find(&before, rename->from);
        const Datum *new = map_find(&after, rename->to);
        if (!str_equal(rename->stack, stack->id) || !old || !new || map_find(&before, rename->to) ||
            map_find(&after, rename->from) || !str_equal(type_of(old), type_of(new)) ||
            map_find(&taken, rename->from) || map_find(&taken, rename->to))
            continue;
        map_set(&taken, arena, rename->from, rename);
        map_set(&taken, arena, rename->to, rename);
        VEC_ADD(arena, &pending, rename);
    }
    return pending;
}

// ---- names ----

static Str new_name(const Renamer *renamer, Str name)
{
    const ManifestRename *rename = map_find(&renamer->names, name);
    return rename ? rename->to : name;
}

static Datum *rename_name(const Renamer *renamer, Datum *name)
{
    Str text = name->kind == DATUM_STRING ? new_name(renamer, name->text) : STR_NONE;
    return name->kind != DATUM_STRING || str_equal(text, name->text)
               ? name
               : datum_string(renamer->arena, name->origin, text);
}

// "Name" or "Name.Attribute".
static Str rename_path(const Renamer *renamer, Str path)
{
    size_t dot = str_find(path, STR("."), 0);
    size_t end = dot == SIZE_MAX ? path.len : dot;
    Str id = str_slice(path, 0, end);
    Str name = new_name(renamer, id);
    return str_equal(id, name) ? path
                               : str_format(renamer->arena, "%.*s%.*s", STR_FMT(name),
                                     STR_FMT(str_slice(path, end, path.len)));
}

// ---- functions ----

// A map whose keys are names, whatever they are called.
static Datum *rename_entries(const Renamer *renamer, const Datum *map)
{
    Datum *result = datum_map(renamer->arena, map->origin);
    for (size_t i = 0; i < map->entries.len; i++) {
        const DatumEntry *entry = &map->entries.items[i];
        datum_put(
            renamer->arena, result, entry->key, entry->origin, rename_value(renamer, entry->value));
    }
    return result;
}

static Datum *rename_items(const Renamer *renamer, const Datum *list)
{
    Datum *result = datum_list(renamer->arena, list->origin);
    for (size_t i = 0; i < list->items.len; i++)
        datum_append(renamer->arena, result, rename_value(renamer, list->items.items[i]));
    return result;
}

static Datum *rename_ref(const Renamer *renamer, Datum *argument)
{
    return argument->kind == DATUM_STRING ? rename_name(renamer, argument)
                                          : rename_value(renamer, argument);
}

static Datum *rename_attribute(const Renamer *renamer, Datum *argument)
{
    if (argument->kind == DATUM_STRING) {
        Str path = rename_path(renamer, argument->text);
        return str_equal(path, argument->text)
                   ? argument
                   : datum_string(renamer->arena, argument->origin, path);
    }
    if (argument->kind != DATUM_LIST || !argument->items.len)
        return rename_value(renamer, argument);
    Datum *result = datum_list(renamer->arena, argument->origin);
    datum_append(renamer->arena, result, rename_name(renamer, argument->items.items[0]));
    for (size_t i = 1; i < argument->items.len; i++)
        datum_append(renamer->arena, result, rename_value(renamer, argument->items.items[i]));
    return result;
}

static Datum *rename_text(const Renamer *renamer, Datum *text, const Datum *variables)
{
    Buf out;
    buf_init(&out, 0);
    Str rest = text->text;
    for (size_t at; (at = str_find(rest, STR("${"), 0)) != SIZE_MAX;) {
        size_t end = str_find(rest, STR("}"), at);
        if (end == SIZE_MAX)
            break;
        Str name = str_slice(rest, at + 2, end);
        buf_add(&out, str_slice(rest, 0, at + 2));
        buf_add(&out, datum_get(variables, name) ? name : rename_path(renamer, name));
        buf_add_char(&out, '}');
        rest = str_slice(rest, end + 1, rest.len);
    }
    buf_add(&out, rest);
    Datum *result =
        str_equal(buf_str(&out), text->text)
            ? text
            : datum_string(renamer->arena, text->origin, buf_copy(&out, renamer->arena));
    buf_release(&out);
    return result;
}

static Datum *rename_sub(const Renamer *renamer, Datum *argument)
{
    if (argument->kind == DATUM_STRING)
        return rename_text(renamer, argument, NULL);
    if (argument->kind != DATUM_LIST || argument->items.len != 2 ||
        argument->items.items[0]->kind != DATUM_STRING ||
        argument->items.items[1]->kind != DATUM_MAP)
        return rename_value(renamer, argument);
    Datum *variables = argument->items.items[1];
    Datum *result = datum_list(renamer->arena, argument->origin);
    datum_append(renamer->arena, result, rename_text(renamer, argument->items.items[0], variables));
    datum_append(renamer->arena, result, rename_entries(renamer, variables));
    return result;
}

static const struct {
    const char *function;
    Datum *(*rename)(const Renamer *renamer, Datum *argument);
} FUNCTIONS[] = {{"Ref", rename_ref}, {"Fn::GetAtt", rename_attribute}, {"Fn::Sub", rename_sub}};

static Datum *rename_value(const Renamer *renamer, Datum *value)
{
    const DatumEntry *call = datum_only_entry(value);
    for (size_t i = 0; call && i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++) {
        if (!str_is(call->key, FUNCTIONS[i].function))
            continue;
        Datum *result = datum_map(renamer->arena, value->origin);
        datum_put(renamer->arena, result, call->key, call->origin,
            FUNCTIONS[i].rename(renamer, call->value));
        return result;
    }
    return value->kind == DATUM_LIST  ? rename_items(renamer, value)
           : value->kind == DATUM_MAP ? rename_entries(renamer, value)
                                      : value;
}

// ---- the template ----

static Datum *rename_needs(const Renamer *renamer, Datum *needs)
{
    if (needs->kind != DATUM_LIST)
        return rename_name(renamer, needs);
    Datum *result = datum_list(renamer->arena, needs->origin);
    for (size_t i = 0; i < needs->items.len; i++)
        datum_append(renamer->arena, result, rename_name(renamer, needs->items.items[i]));
    return result;
}

static Datum *rename_resource(const Renamer *renamer, Datum *resource)
{
    if (resource->kind != DATUM_MAP)
        return rename_value(renamer, resource);
    Datum *result = datum_map(renamer->arena, resource->origin);
    for (size_t i = 0; i < resource->entries.len; i++) {
        const DatumEntry *entry = &resource->entries.items[i];
        bool needs = str_is(entry->key, "DependsOn");
        datum_put(renamer->arena, result, entry->key, entry->origin,
            needs ? rename_needs(renamer, entry->value) : rename_value(renamer, entry->value));
    }
    return result;
}

static Datum *rename_resources(const Renamer *renamer, Datum *resources)
{
    Datum *result = datum_map(renamer->arena, resources->origin);
    for (size_t i = 0; i < resources->entries.len; i++) {
        const DatumEntry *entry = &resources->entries.items[i];
        datum_put(renamer->arena, result, new_name(renamer, entry->key), entry->origin,
            rename_resource(renamer, entry->value));
    }
    return result;
}

const Datum *rename_template(Arena *arena, const Datum *template_, const Renames *renames)
{
    Renamer renamer = {.arena = arena};
    for (size_t i = 0; i < renames->len; i++)
        map_set(&renamer.names, arena, renames->items[i]->from, renames->items[i]);
    Datum *result = datum_map(arena, template_->origin);
    for (size_t i = 0; i < template_->entries.len; i++) {
        const DatumEntry *entry = &template_->entries.items[i];
        Datum *value = entry->value;
        if (str_is(entry->key, "Resources") && value->kind == DATUM_MAP)
            value = rename_resources(&renamer, value);
        else if (str_is(entry->key, "Outputs") && value->kind == DATUM_MAP)
            value = rename_entries(&renamer, value);
        datum_put(arena, result, entry->key, entry->origin, value);
    }
    return result;
}
