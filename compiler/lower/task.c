// Tasks, the deployer's own work: written like resources, put into the manifest (spec/tasks.md).
// What CloudFormation alone can tell of a task's values becomes outputs of the task's stack.
#include "compiler/lower/lower_priv.h"

// ---- what tasks there are ----

typedef struct TaskProperty {
    const char *name;
    bool required;
    const struct TaskProperty *inner; // of a map, or of the maps of a list; ends without a name
} TaskProperty;

typedef struct TaskType {
    const char *name;
    const TaskProperty *properties;
} TaskType;

static const TaskProperty site_build[] = {
    {"Command", true, NULL}, {"Output", true, NULL}, {"Environment", false, NULL}, {0}};
static const TaskProperty site_file_options[] = {
    {"Files", true, NULL}, {"CacheControl", true, NULL}, {"ContentType", false, NULL}, {0}};
static const TaskProperty site_invalidate[] = {
    {"Distribution", true, NULL}, {"Paths", true, NULL}, {"Wait", false, NULL}, {0}};
static const TaskProperty site_files[] = {
    {"Source", true, NULL},
    {"Bucket", true, NULL},
    {"Path", false, NULL},
    {"Build", false, site_build},
    {"FileOptions", false, site_file_options},
    {"TextEncoding", false, NULL},
    {"Purge", false, NULL},
    {"Invalidate", false, site_invalidate},
    {0},
};

static const TaskType task_types[] = {{"Alt::Site::Files", site_files}};

static const TaskType *find_task_type(Str name)
{
    for (size_t i = 0; i < sizeof task_types / sizeof *task_types; i++)
        if (str_is(name, task_types[i].name))
            return &task_types[i];
    return NULL;
}

// ---- checking ----

static bool check_entry(
    Lowerer *lowerer, const TaskProperty *properties, const DatumEntry *entry, Str type);

static void check_map(
    Lowerer *lowerer, const TaskProperty *properties, const Datum *map, Str type, Span span)
{
    bool all_known = true;
    for (size_t i = 0; i < map->entries.len; i++)
        all_known = check_entry(lowerer, properties, &map->entries.items[i], type) && all_known;
    // What is missing may be what is misspelt.
    for (size_t i = 0; all_known && properties[i].name; i++)
        if (properties[i].required && !datum_get(map, str_of(properties[i].name)))
            diag_add(lowerer->ev->diags, DIAG_MISSING_PROPERTY, span, type,
                str_of(properties[i].name), DIAG_END);
}

// False: there is no such property, which is reported.
static bool check_entry(
    Lowerer *lowerer, const TaskProperty *properties, const DatumEntry *entry, Str type)
{
    DiagSink *diags = lowerer->ev->diags;
    Span span = entry->origin ? entry->origin->span : (Span){0};
    Str known[16];
    size_t count = 0;
    const TaskProperty *found = NULL;
    for (; properties[count].name; count++) {
        known[count] = str_of(properties[count].name);
        if (str_equal(known[count], entry->key))
            found = &properties[count];
    }
    if (!found) {
        Diag *diag = diag_add(diags, DIAG_TASK_PROPERTY, span, type, entry->key, DIAG_END);
        diag_did_you_mean(diags, diag, span, entry->key, known, count);
        return false;
    }
    if (!found->inner)
        return true;
    if (entry->value->kind == DATUM_MAP)
        check_map(lowerer, found->inner, entry->value, entry->key, span);
    for (size_t i = 0; entry->value->kind == DATUM_LIST && i < entry->value->items.len; i++)
        if (entry->value->items.items[i]->kind == DATUM_MAP)
            check_map(lowerer, found->inner, entry->value->items.items[i], entry->key, span);
    return true;
}

// ---- values that are known when the stack is there ----

typedef struct TaskBuild {
    Lowerer *lowerer;
    StackBuild *build;
    const Resource *resource;
    Str condition; // its name; empty: without
} TaskBuild;

static bool is_secret(const Datum *parameter)
{
    const Datum *no_echo = datum_get(parameter, STR("NoEcho"));
    return no_echo && (no_echo->boolean || datum_is_string(no_echo, "true"));
}

// Whether a text of the value names the parameter: as Ref, or in a Fn::Sub.
static bool names_parameter(Arena *arena, const Datum *value, Str name)
{
    if (value->kind == DATUM_STRING)
        return str_equal(value->text, name) ||
               str_find(value->text, str_format(arena, "${%.*s}", STR_FMT(name)), 0) != SIZE_MAX;
    for (size_t i = 0; value->kind == DATUM_LIST && i < value->items.len; i++)
        if (names_parameter(arena, value->items.items[i], name))
            return true;
    for (size_t i = 0; value->kind == DATUM_MAP && i < value->entries.len; i++)
        if (names_parameter(arena, value->entries.items[i].value, name))
            return true;
    return false;
}

// An output is no place for a secret: everyone who sees the stack reads it.
static bool holds_secret(const TaskBuild *task, const Datum *value)
{
    const Datum *parameters = task->build->parameters;
    for (size_t i = 0; i < parameters->entries.len; i++)
        if (is_secret(parameters->entries.items[i].value) &&
            names_parameter(task->lowerer->arena, value, parameters->entries.items[i].key))
            return true;
    return false;
}

static Datum *output_of(const TaskBuild *task, Str path, Datum *value)
{
    Arena *arena = task->lowerer->arena;
    Str name = output_name(task->lowerer, task->build,
        str_format(arena, "%.*s%.*s", STR_FMT(task->resource->id), STR_FMT(path)), value);
    if (!datum_get(task->build->outputs, name)) {
        Datum *output = datum_map(arena, value->origin);
        if (task->condition.len)
            datum_put(arena, output, STR("Condition"), value->origin,
                datum_string(arena, value->origin, task->condition));
        datum_put(arena, output, STR("Value"), value->origin, value);
        datum_put(arena, task->build->outputs, name, value->origin, output);
    }
    return single(arena, value->origin, "Output", datum_string(arena, value->origin, name));
}

static bool is_no_value(const Datum *value)
{
    const DatumEntry *only = datum_only_entry(value);
    return only && str_is(only->key, "Ref") && datum_is_string(only->value, "AWS::NoValue");
}

// A Ref is for the deployer: it knows parameters and physical names. All else is an output.
static Datum *settle_intrinsic(const TaskBuild *task, Str path, Datum *value)
{
    const DatumEntry *only = datum_only_entry(value);
    bool is_own = str_is(only->key, "Ref") && only->value->kind == DATUM_STRING &&
                  !str_starts(only->value->text, STR("AWS::"));
    if (is_own)
        return value;
    if (holds_secret(task, value)) {
        Span span = value->origin ? value->origin->span : (Span){0};
        diag_add(task->lowerer->ev->diags, DIAG_TASK_SECRET, span, task->resource->type, DIAG_END);
        return hole(&(Spot){.lowerer = task->lowerer}, value->origin);
    }
    return output_of(task, path, value);
}

static Datum *settle(const TaskBuild *task, Str path, Datum *value)
{
    Arena *arena = task->lowerer->arena;
    const DatumEntry *only = datum_only_entry(value);
    if (only && (str_is(only->key, "Ref") || str_starts(only->key, STR("Fn::"))))
        return settle_intrinsic(task, path, value);
    if (value->kind == DATUM_LIST) {
        Datum *list = datum_list(arena, value->origin);
        for (size_t i = 0; i < value->items.len; i++)
            if (!is_no_value(value->items.items[i]))
                datum_append(arena, list,
                    settle(task, str_format(arena, "%.*s%zu", STR_FMT(path), i),
                        value->items.items[i]));
        return list;
    }
    if (value->kind != DATUM_MAP)
        return value;
    Datum *map = datum_map(arena, value->origin);
    for (size_t i = 0; i < value->entries.len; i++) {
        const DatumEntry *entry = &value->entries.items[i];
        Str inner = str_format(
            arena, "%.*s%.*s", STR_FMT(path), STR_FMT(evaluation_key_words(arena, entry->key)));
        if (!is_no_value(entry->value))
            datum_put(arena, map, entry->key, entry->origin, settle(task, inner, entry->value));
    }
    return map;
}

// ---- the tasks of a stage ----

// The output that is there when the task is to be done; none: it always is.
static Str presence(TaskBuild *task, const Spot *spot)
{
    const Resource *resource = task->resource;
    if (!resource->condition)
        return STR_NONE;
    task->condition = condition_name(spot, resource->condition);
    Datum *yes = datum_string(task->lowerer->arena, resource->origin, STR("true"));
    Datum *output = output_of(task, STR("Wanted"), yes);
    return datum_get(output, STR("Output"))->text;
}

static void lower_task(Lowerer *lowerer, const Resource *resource)
{
    StackBuild *build = build_of(lowerer, resource->stack);
    Spot spot = spot_in(lowerer, build, PLACE_VALUE);
    spot.suppressions = resource->suppressions;
    spot.type = resource->type;
    Datum *properties = lower_properties(&spot, resource);
    const TaskType *type = find_task_type(resource->type);
    if (!type) {
        diag_add(lowerer->ev->diags, DIAG_UNKNOWN_TASK, resource->decl->resource_type.span,
            resource->type, DIAG_END);
        return;
    }
    if (resource->each) {
        diag_add(lowerer->ev->diags, DIAG_TASK_REPEATED, resource->decl->name.span, resource->type,
            DIAG_END);
        return;
    }
    TaskBuild task = {lowerer, build, resource, STR_NONE};
    Task row = {
        .stack = build->part->id,
        .id = resource->id,
        .type = resource->type,
        .condition = presence(&task, &spot),
        .span = resource->decl->name.span,
    };
    bool stated = properties && properties->kind == DATUM_MAP;
    row.properties = stated ? settle(&task, STR(""), properties) : datum_map(lowerer->arena, NULL);
    if (!properties || stated)
        check_map(lowerer, type->properties, row.properties, resource->type, row.span);
    VEC_ADD(lowerer->arena, &lowerer->model->tasks, row);
}

bool is_task(const Resource *resource)
{
    return str_starts(resource->type, STR("Alt::"));
}

void lower_tasks(Lowerer *lowerer)
{
    for (size_t i = 0; i < lowerer->ev->resources.len; i++)
        if (is_task(lowerer->ev->resources.items[i]))
            lower_task(lowerer, lowerer->ev->resources.items[i]);
}
