// The plan for programs: spec/plan.md has the fields.
#include "compiler/data/data.h"
#include "runtime/plan/view.h"

static const char *const ACTIONS[] = {
    [PLAN_SAME] = "same",
    [PLAN_ADD] = "add",
    [PLAN_MODIFY] = "modify",
    [PLAN_REMOVE] = "remove",
    [PLAN_IMPORT] = "import",
    [PLAN_RENAME] = "rename",
    [PLAN_DYNAMIC] = "dynamic",
};

static const char *const EFFECTS[] = {
    [PLAN_IN_PLACE] = "inPlace",
    [PLAN_MAY_REPLACE] = "mayReplace",
    [PLAN_UNKNOWN] = "unknown",
    [PLAN_REPLACES] = "replaces",
};

static const char *const SUMS[VERDICT_COUNT] = {
    [VERDICT_ADD] = "add",
    [VERDICT_IMPORT] = "import",
    [VERDICT_RENAME] = "rename",
    [VERDICT_IN_PLACE] = "inPlace",
    [VERDICT_MAY_REPLACE] = "mayReplace",
    [VERDICT_UNKNOWN] = "unknown",
    [VERDICT_REPLACE] = "replace",
    [VERDICT_REMOVE] = "remove",
};

static void put(Arena *arena, Datum *map, const char *key, Datum *value)
{
    datum_put(arena, map, str_of(key), NULL, value);
}

static void put_text(Arena *arena, Datum *map, const char *key, Str text)
{
    put(arena, map, key, text.len ? datum_string(arena, NULL, text) : datum_null(arena, NULL));
}

static void put_bool(Arena *arena, Datum *map, const char *key, bool value)
{
    put(arena, map, key, datum_bool(arena, NULL, value));
}

static void put_size(Arena *arena, Datum *map, const char *key, size_t number)
{
    put(arena, map, key, datum_number(arena, NULL, str_format(arena, "%zu", number)));
}

static void put_place(Arena *arena, Datum *map, const NoticePlace *place)
{
    if (!place->file.len) {
        put(arena, map, "at", datum_null(arena, NULL));
        return;
    }
    Datum *at = datum_map(arena, NULL);
    put_text(arena, at, "file", place->file);
    put_size(arena, at, "line", place->line);
    put_size(arena, at, "column", place->column);
    put(arena, map, "at", at);
}

static Datum *property_of(Arena *arena, const PlanProperty *property, bool effects)
{
    Datum *map = datum_map(arena, NULL);
    put_text(arena, map, "path", property->path);
    put_text(arena, map, "before", property->before);
    put_text(arena, map, "after", property->after);
    if (effects) {
        put_text(arena, map, "effect", str_of(EFFECTS[property->effect]));
        put_text(arena, map, "cause", property->cause);
    }
    put_place(arena, map, &property->place);
    return map;
}

static Datum *resource_of(Arena *arena, const PlanResource *resource)
{
    Datum *map = datum_map(arena, NULL);
    bool changes = resource->action == PLAN_MODIFY || resource->action == PLAN_RENAME ||
                   resource->action == PLAN_DYNAMIC;
    put_text(arena, map, "logicalId", resource->logical_id);
    put_text(arena, map, "type", resource->type);
    put_text(arena, map, "action", str_of(ACTIONS[resource->action]));
    put_text(arena, map, "effect", changes ? str_of(EFFECTS[resource->effect]) : STR(""));
    put_text(arena, map, "formerId", resource->former_id);
    put_text(arena, map, "physicalId", resource->physical_id);
    put_text(arena, map, "data", resource->data);
    put_text(arena, map, "policy", resource->policy);
    put_bool(arena, map, "conditional", resource->conditional);
    put_text(arena, map, "nameTaken", resource->collides);
    put_text(arena, map, "nameTakenBy", resource->collides_with);
    put_text(arena, map, "instance", resource->instance);
    put_place(arena, map, &resource->place);
    Datum *properties = datum_list(arena, NULL);
    for (size_t i = 0; i < resource->properties.len; i++)
        datum_append(
            arena, properties, property_of(arena, &resource->properties.items[i], changes));
    put(arena, map, "properties", properties);
    return map;
}

static Datum *stack_of(Arena *arena, const PlanStack *stack)
{
    Datum *map = datum_map(arena, NULL);
    put_text(arena, map, "id", stack->id);
    put_text(arena, map, "name", stack->name);
    put_text(arena, map, "region", stack->region);
    put_bool(arena, map, "new", stack->is_new);
    put_bool(arena, map, "left", stack->is_left);
    Datum *resources = datum_list(arena, NULL), *others = datum_list(arena, NULL);
    for (size_t i = 0; i < stack->resources.len; i++)
        datum_append(arena, resources, resource_of(arena, &stack->resources.items[i]));
    for (size_t i = 0; i < stack->others.len; i++)
        datum_append(arena, others, property_of(arena, &stack->others.items[i], false));
    put(arena, map, "resources", resources);
    put(arena, map, "others", others);
    return map;
}

static Datum *obstacle_of(Arena *arena, const PlanObstacle *obstacle)
{
    Datum *map = datum_map(arena, NULL);
    put_text(arena, map, "stack", obstacle->resource->stack);
    put_text(arena, map, "logicalId", obstacle->resource->logical_id);
    put_text(arena, map, "text", obstacle->text);
    put_text(arena, map, "allow", obstacle->allow);
    put_place(arena, map, &obstacle->place);
    return map;
}

void plan_write_json(Buf *out, const Plan *plan)
{
    Arena *arena = arena_new();
    Datum *map = datum_map(arena, NULL);
    put_size(arena, map, "plan", 1);
    put_text(arena, map, "app", plan->app);
    put_text(arena, map, "stage", plan->stage);
    put_bool(arena, map, "changes", plan_has_changes(plan));
    put_bool(arena, map, "forbidden", plan->obstacles.len > 0);
    PlanSums counted = plan_sums(plan);
    Datum *sums = datum_map(arena, NULL);
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        put_size(arena, sums, SUMS[i], counted.verdicts[i]);
    put(arena, map, "sums", sums);
    Datum *stacks = datum_list(arena, NULL), *obstacles = datum_list(arena, NULL);
    for (size_t i = 0; i < plan->stacks.len; i++)
        datum_append(arena, stacks, stack_of(arena, &plan->stacks.items[i]));
    for (size_t i = 0; i < plan->obstacles.len; i++)
        datum_append(arena, obstacles, obstacle_of(arena, &plan->obstacles.items[i]));
    put(arena, map, "stacks", stacks);
    put(arena, map, "obstacles", obstacles);
    data_write_json(out, map);
    arena_free(arena);
}
