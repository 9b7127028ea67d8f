// The difference of two templates.
#include "runtime/plan/plan_priv.h"

// ---- pairing ----

static const Datum *resources_of(const Datum *template_)
{
    const Datum *resources = datum_get(template_, STR("Resources"));
    return resources && resources->kind == DATUM_MAP ? resources : NULL;
}

static Str type_of(const Datum *resource)
{
    const Datum *type = datum_get(resource, STR("Type"));
    return type && type->kind == DATUM_STRING ? type->text : STR_NONE;
}

// Logical id to its entry.
static void index_resources(Arena *arena, const Datum *resources, Map *map)
{
    for (size_t i = 0; resources && i < resources->entries.len; i++)
        map_set(map, arena, resources->entries.items[i].key, &resources->entries.items[i]);
}

static const Datum *find_resource(const Map *map, Str id)
{
    const DatumEntry *entry = map_find(map, id);
    return entry ? entry->value : NULL;
}

// New logical id to the rename that gives it a former self.
static void index_renames(Arena *arena, const Manifest *manifest, Str stack_id, const Map *before,
    const Map *after, Map *renames)
{
    for (size_t i = 0; manifest && i < manifest->renames.len; i++) {
        ManifestRename *rename = &manifest->renames.items[i];
        const Datum *old = find_resource(before, rename->from);
        const Datum *new = find_resource(after, rename->to);
        if (str_equal(rename->stack, stack_id) && old && new &&
            !find_resource(before, rename->to) && !find_resource(after, rename->from) &&
            str_equal(type_of(old), type_of(new)))
            map_set(renames, arena, rename->to, rename);
    }
}

static void add_pair(
    Arena *arena, PlanPairs *pairs, Str stack_id, Str id, const Datum *before, const Datum *after)
{
    PlanPair pair = {.before = before, .after = after};
    pair.plan.stack = stack_id;
    pair.plan.logical_id = id;
    pair.plan.type = type_of(after ? after : before);
    pair.type = schema_find_type(schema_builtin(), type_of(before ? before : after));
    pair.plan.conditional =
        datum_get(before, STR("Condition")) || datum_get(after, STR("Condition"));
    VEC_ADD(arena, &pairs->items, pair);
}

// In the order of the new template, removed ones behind.
static void make_pairs(Arena *arena, PlanPairs *pairs, const Datum *before, const Datum *after,
    const Manifest *manifest, Str stack_id)
{
    Map old = {0}, new = {0}, renames = {0}, gone = {0};
    index_resources(arena, before, &old);
    index_resources(arena, after, &new);
    index_renames(arena, manifest, stack_id, &old, &new, &renames);
    for (size_t i = 0; after && i < after->entries.len; i++) {
        const DatumEntry *entry = &after->entries.items[i];
        ManifestRename *rename = map_find(&renames, entry->key);
        Str former = rename ? rename->from : entry->key;
        add_pair(arena, pairs, stack_id, entry->key, find_resource(&old, former), entry->value);
        if (!rename)
            continue;
        pairs->items.items[pairs->items.len - 1].plan.former_id = former;
        map_set(&gone, arena, former, rename);
    }
    for (size_t i = 0; before && i < before->entries.len; i++) {
        const DatumEntry *entry = &before->entries.items[i];
        if (!map_find(&new, entry->key) && !map_find(&gone, entry->key))
            add_pair(arena, pairs, stack_id, entry->key, entry->value, NULL);
    }
    for (size_t i = 0; i < pairs->items.len; i++)
        if (pairs->items.items[i].after)
            map_set(&pairs->places, arena, pairs->items.items[i].plan.logical_id,
                &pairs->items.items[i]);
}

// ---- one resource ----

static bool holds_function(const Datum *value)
{
    if (!value)
        return false;
    if (plan_is_function(value))
        return true;
    for (size_t i = 0; value->kind == DATUM_LIST && i < value->items.len; i++)
        if (holds_function(value->items.items[i]))
            return true;
    for (size_t i = 0; value->kind == DATUM_MAP && i < value->entries.len; i++)
        if (holds_function(value->entries.items[i].value))
            return true;
    return false;
}

static void add_property(Arena *arena, PlanPair *pair, const PlanDifference *difference)
{
    Str path = difference->path;
    PlanProperty property = {.path = path,
        .before = plan_value(arena, path, difference->before),
        .after = plan_value(arena, path, difference->after)};
    if (pair->before) {
        property.effect = plan_effect(pair->type, path, difference->before, difference->after);
        property.unsure = difference->before && difference->after &&
                          (holds_function(difference->before) || holds_function(difference->after));
        pair->plan.effect = plan_worse(pair->plan.effect, property.effect);
    }
    VEC_ADD(arena, &pair->plan.properties, property);
}

static void list_properties(Arena *arena, PlanPair *pair)
{
    const Datum *properties = datum_get(pair->after, STR("Properties"));
    for (size_t i = 0; properties && i < properties->entries.len; i++) {
        const DatumEntry *entry = &properties->entries.items[i];
        PlanDifference added = {
            plan_join(arena, STR("/Properties"), entry->key), NULL, entry->value};
        add_property(arena, pair, &added);
    }
}

// A resource without properties is compared as one with none, so that each shows by its name.
static const Datum *with_properties(Arena *arena, const Datum *resource, const Datum *other)
{
    if (resource->kind != DATUM_MAP || datum_get(resource, STR("Properties")) ||
        !datum_get(other, STR("Properties")))
        return resource;
    Datum *copy = datum_map(arena, NULL);
    for (size_t i = 0; i < resource->entries.len; i++)
        datum_put(
            arena, copy, resource->entries.items[i].key, NULL, resource->entries.items[i].value);
    datum_put(arena, copy, STR("Properties"), NULL, datum_map(arena, NULL));
    return copy;
}

static void compare_pair(Arena *arena, PlanPair *pair)
{
    PlanResource *plan = &pair->plan;
    if (!pair->before || !pair->after) {
        plan->action = pair->after ? PLAN_ADD : PLAN_REMOVE;
        list_properties(arena, pair);
        return;
    }
    PlanDifferences differences = {0};
    SchemaTags tags = {0};
    if (schema_type_exists(pair->type))
        tags = schema_type_tags(pair->type);
    plan_compare(arena, STR(""), with_properties(arena, pair->before, pair->after),
        with_properties(arena, pair->after, pair->before), &tags, &differences);
    for (size_t i = 0; i < differences.len; i++)
        add_property(arena, pair, &differences.items[i]);
    plan->action = plan->former_id.len ? PLAN_RENAME : differences.len ? PLAN_MODIFY : PLAN_SAME;
}

// What is at stake, once all effects are known.
static void finish_pair(PlanPair *pair)
{
    PlanResource *plan = &pair->plan;
    if (plan->action == PLAN_SAME || plan->action == PLAN_ADD)
        return;
    bool goes = plan->action == PLAN_REMOVE || plan->effect > PLAN_IN_PLACE;
    if (!goes)
        return;
    Str type = type_of(pair->before);
    plan->data = plan_data(pair->type);
    plan->policy = plan_policy(pair->before, pair->after, type, plan->action != PLAN_REMOVE);
    plan->kept = str_is(plan->policy, "Retain");
}

// ---- the rest of the template ----

static bool is_no_echo(const Datum *template_, Str name)
{
    const Datum *parameter = datum_get(datum_get(template_, STR("Parameters")), name);
    const Datum *no_echo = datum_get(parameter, STR("NoEcho"));
    return no_echo &&
           ((no_echo->kind == DATUM_BOOL && no_echo->boolean) || datum_is_string(no_echo, "true"));
}

// The value belongs to a parameter that is a secret.
static bool is_secret(const Datum *before, const Datum *after, Str path)
{
    Str parameters = STR("/Parameters/");
    if (!str_starts(path, parameters))
        return false;
    size_t end = str_find(path, STR("/"), parameters.len);
    Str name = str_slice(path, parameters.len, end);
    return is_no_echo(before, name) || is_no_echo(after, name);
}

static void compare_others(Arena *arena, PlanStack *plan, const Datum *before, const Datum *after)
{
    Datum *old = datum_map(arena, NULL), *new = datum_map(arena, NULL);
    const Datum *sides[] = {before, after};
    Datum *copies[] = {old, new};
    for (size_t side = 0; side < 2; side++)
        for (size_t i = 0; i < sides[side]->entries.len; i++) {
            const DatumEntry *entry = &sides[side]->entries.items[i];
            if (!str_is(entry->key, "Resources"))
                datum_put(arena, copies[side], entry->key, NULL, entry->value);
        }
    PlanDifferences differences = {0};
    plan_compare(arena, STR(""), old, new, NULL, &differences);
    for (size_t i = 0; i < differences.len; i++) {
        const PlanDifference *found = &differences.items[i];
        bool secret = is_secret(before, after, found->path);
        PlanProperty other = {.path = found->path,
            .before =
                secret ? plan_masked(found->before) : plan_value(arena, found->path, found->before),
            .after =
                secret ? plan_masked(found->after) : plan_value(arena, found->path, found->after)};
        VEC_ADD(arena, &plan->others, other);
    }
}

// ---- places ----

static NoticePlace place_of(const void *context, Arena *arena, Str stack, Str pointer)
{
    (void)arena;
    return manifest_place(context, stack, pointer);
}

static ManifestInstance instance_of(const void *context, Arena *arena, Str stack, Str logical_id)
{
    return manifest_resource_instance(context, arena, stack, logical_id);
}

static void locate_resource(
    Arena *arena, const PlanStack *plan, const PlanPlaces *places, PlanResource *resource)
{
    const void *context = places->context;
    Str pointer = plan_join(arena, STR("/Resources"), resource->logical_id);
    ManifestInstance instance = places->instance(context, arena, plan->id, resource->logical_id);
    resource->instance = instance.name;
    resource->place = places->place(context, arena, plan->id, pointer);
    if (str_starts(resource->place.file, STR("std/")) && instance.name.len)
        resource->place = instance.place;
    for (size_t i = 0; i < resource->properties.len; i++) {
        PlanProperty *property = &resource->properties.items[i];
        Str below = str_format(arena, "%.*s%.*s", STR_FMT(pointer), STR_FMT(property->path));
        property->place = places->place(context, arena, plan->id, below);
    }
}

void plan_locate(Arena *arena, PlanStack *plan, const PlanPlaces *places)
{
    // The new side has nothing of what is removed.
    for (size_t i = 0; i < plan->resources.len; i++)
        if (plan->resources.items[i].action != PLAN_REMOVE)
            locate_resource(arena, plan, places, &plan->resources.items[i]);
    for (size_t i = 0; i < plan->others.len; i++)
        plan->others.items[i].place =
            places->place(places->context, arena, plan->id, plan->others.items[i].path);
}

// ---- the whole ----

PlanStack *plan_stack(
    Arena *arena, const Datum *before, const Datum *after, const Manifest *manifest, Str stack_id)
{
    PlanStack *plan = ARENA_NEW(arena, PlanStack);
    plan->id = stack_id;
    plan->is_new = !before;
    const ManifestStack *stack = manifest ? manifest_stack(manifest, stack_id) : NULL;
    if (stack) {
        plan->name = stack->name;
        plan->region = stack->region;
    }
    PlanPairs pairs = {0};
    make_pairs(arena, &pairs, resources_of(before), resources_of(after), manifest, stack_id);
    for (size_t i = 0; i < pairs.items.len; i++)
        compare_pair(arena, &pairs.items.items[i]);
    if (before && after) {
        plan_flow(arena, &pairs, before, after);
        plan_names(arena, &pairs);
        if (before->kind == DATUM_MAP && after->kind == DATUM_MAP)
            compare_others(arena, plan, before, after);
    }
    for (size_t i = 0; i < pairs.items.len; i++) {
        PlanPair *pair = &pairs.items.items[i];
        finish_pair(pair);
        if (pair->plan.action != PLAN_SAME)
            VEC_ADD(arena, &plan->resources, pair->plan);
    }
    if (manifest && manifest->source_map)
        plan_locate(arena, plan, &(PlanPlaces){manifest, place_of, instance_of});
    return plan;
}
