// Physical names: CloudFormation makes the new resource before the old one goes, so a name that
// stays the same is still taken.
#include "runtime/plan/plan_priv.h"

// The stated physical name as JSON; empty when the resource has none.
static Str name_of(Arena *arena, const Datum *resource, SchemaType type)
{
    if (!resource || !schema_type_exists(type))
        return STR_NONE;
    Str property = schema_type_physical_name(type);
    const Datum *name = datum_get(datum_get(resource, STR("Properties")), property);
    return property.len && name ? plan_value(arena, STR(""), name) : STR_NONE;
}

static Str key_of(Arena *arena, const PlanPair *pair, Str name)
{
    return str_format(arena, "%.*s\n%.*s", STR_FMT(pair->plan.type), STR_FMT(name));
}

static void collide(PlanPair *pair, Str name, Str other)
{
    pair->plan.collides = name;
    pair->plan.collides_with = other;
}

// The name itself is among what changes, as it stands or through what it refers to.
static bool is_name_changed(const PlanPair *pair)
{
    Str name = schema_type_physical_name(pair->type);
    for (size_t i = 0; i < pair->plan.properties.len; i++) {
        Str path = pair->plan.properties.items[i].path;
        if (str_starts(path, STR("/Properties/")) &&
            str_equal(str_slice(path, sizeof "/Properties", path.len), name))
            return true;
    }
    return false;
}

// A replacement that keeps its name meets the resource that it replaces.
static void check_own_name(Arena *arena, PlanPair *pair)
{
    if (!pair->before || !pair->after || pair->plan.effect == PLAN_IN_PLACE ||
        !schema_type_exists(pair->type) || schema_type_has(pair->type, SCHEMA_TYPE_DELETES_FIRST))
        return;
    Str name = name_of(arena, pair->before, pair->type);
    if (name.len && !is_name_changed(pair))
        collide(pair, name, pair->plan.logical_id);
}

// A resource that is new, or gets another name, meets one that is there or comes with it.
static void check_taken_name(Arena *arena, PlanPair *pair, const Map *deployed, const Map *coming)
{
    Str name = name_of(arena, pair->after, pair->type);
    bool renamed = pair->before && !str_equal(name, name_of(arena, pair->before, pair->type));
    if (!name.len || pair->plan.conditional || (pair->before && !renamed))
        return;
    Str key = key_of(arena, pair, name);
    const PlanPair *other = map_find(deployed, key);
    if (!other || other == pair)
        other = map_find(coming, key);
    if (other && other != pair)
        collide(pair, name, other->plan.logical_id);
}

void plan_names(Arena *arena, PlanPairs *pairs)
{
    Map deployed = {0}, coming = {0};
    for (size_t i = 0; i < pairs->items.len; i++) {
        PlanPair *pair = &pairs->items.items[i];
        if (pair->plan.conditional)
            continue;
        Str old = name_of(arena, pair->before, pair->type);
        Str new = name_of(arena, pair->after, pair->type);
        if (old.len)
            map_set(&deployed, arena, key_of(arena, pair, old), pair);
        if (new.len && !map_find(&coming, key_of(arena, pair, new)))
            map_set(&coming, arena, key_of(arena, pair, new), pair);
    }
    for (size_t i = 0; i < pairs->items.len; i++) {
        PlanPair *pair = &pairs->items.items[i];
        if (pair->plan.action == PLAN_SAME || pair->plan.action == PLAN_REMOVE)
            continue;
        check_own_name(arena, pair);
        check_taken_name(arena, pair, &deployed, &coming);
    }
}
