// What a change set says, taken into a plan: CloudFormation User Guide and API Reference,
// ResourceChange, ResourceChangeDetail.
#include "compiler/data/data.h"
#include "runtime/plan/plan_priv.h"

#define NOT_KNOWN_YET "{{changeSet:KNOWN_AFTER_APPLY}}"

typedef struct Merge {
    Arena *arena;
    PlanStack *plan;
    Map places; // logical id to the index + 1 of its resource, as a pointer
} Merge;

static PlanAction action_of(CfnAction action)
{
    switch (action) {
    case CFN_ADD:
        return PLAN_ADD;
    case CFN_MODIFY:
        return PLAN_MODIFY;
    case CFN_REMOVE:
        return PLAN_REMOVE;
    case CFN_IMPORT:
        return PLAN_IMPORT;
    case CFN_SYNC_WITH_ACTUAL: // only what CloudFormation knows of it changes
        return PLAN_SAME;
    case CFN_DYNAMIC:
    case CFN_ACTION_UNKNOWN:
        break;
    }
    return PLAN_DYNAMIC;
}

// ---- replacements ----

static PlanEffect effect_of_detail(const CfnDetail *detail)
{
    switch (detail->recreation) {
    case CFN_RECREATION_ALWAYS:
        // Dynamic: it hangs on a value that may be the same in the end.
        return detail->dynamic ? PLAN_MAY_REPLACE : PLAN_REPLACES;
    case CFN_RECREATION_CONDITIONALLY:
        return PLAN_MAY_REPLACE;
    case CFN_RECREATION_NONE:
    case CFN_RECREATION_NEVER:
        break;
    }
    return PLAN_IN_PLACE;
}

// How sure a replacement is: the change as a whole, then its details.
static PlanEffect effect_of_change(const CfnChange *change)
{
    if (change->action != CFN_MODIFY)
        return action_of(change->action) == PLAN_DYNAMIC ? PLAN_UNKNOWN : PLAN_IN_PLACE;
    if (str_starts(change->policy_action, STR("ReplaceAnd")))
        return PLAN_REPLACES;
    PlanEffect effect = PLAN_IN_PLACE;
    bool recreates = false;
    for (size_t i = 0; i < change->details.len; i++) {
        PlanEffect one = effect_of_detail(&change->details.items[i]);
        recreates = recreates || one != PLAN_IN_PLACE;
        if (change->replacement != CFN_REPLACEMENT_FALSE)
            effect = plan_worse(effect, one);
    }
    if (change->replacement == CFN_REPLACEMENT_CONDITIONAL)
        return plan_worse(effect, PLAN_MAY_REPLACE);
    if (change->replacement == CFN_REPLACEMENT_TRUE && !recreates)
        return PLAN_REPLACES; // nothing says why
    return effect;
}

// ---- properties ----

// "/Properties/MemorySize", also where AWS gives no path.
static Str path_of(Arena *arena, const CfnDetail *detail)
{
    if (detail->path.len)
        return detail->path;
    Str path =
        detail->attribute.len ? plan_join(arena, STR(""), detail->attribute) : STR("/Properties");
    return detail->name.len ? plan_join(arena, path, detail->name) : path;
}

// AWS gives values as texts; what looks like JSON is taken for it.
static Str value_of(Arena *arena, Str text)
{
    if (!text.len || str_is(text, NOT_KNOWN_YET))
        return STR_NONE;
    if (text.ptr[0] == '{' || text.ptr[0] == '[')
        return text;
    Buf quoted;
    buf_init(&quoted, 0);
    data_write_json_string(&quoted, text);
    Str copy = buf_copy(&quoted, arena);
    buf_release(&quoted);
    return copy;
}

static bool is_function_text(Str value)
{
    return str_starts(value, STR("{\"Ref\":")) || str_starts(value, STR("{\"Fn::"));
}

// The template's own words stay unless they are a function, whose result AWS knows.
static void take_values(Arena *arena, PlanProperty *property, const CfnDetail *detail)
{
    bool written = property->before.len || property->after.len;
    bool masked =
        str_starts(property->before, STR("\"****")) || str_starts(property->after, STR("\"****"));
    Str before = value_of(arena, detail->before), after = value_of(arena, detail->after);
    if (masked)
        return;
    if (before.len && (!written || is_function_text(property->before)))
        property->before = before;
    if (after.len && (!written || is_function_text(property->after)))
        property->after = after;
}

static PlanProperty *find_property(PlanResource *resource, Str path)
{
    for (size_t i = 0; i < resource->properties.len; i++)
        if (str_equal(resource->properties.items[i].path, path))
            return &resource->properties.items[i];
    return NULL;
}

// AWS names the property: what the template could not tell it knows.
static void confirm(PlanProperty *property, const CfnDetail *detail)
{
    bool said = detail->recreation != CFN_RECREATION_NONE;
    if (said && (property->unsure || property->effect == PLAN_UNKNOWN))
        property->effect = effect_of_detail(detail);
    property->unsure = false;
}

// The plan has parts of the property: AWS mostly names no more than the property. What AWS says of
// it tells what no schema told of them.
static bool take_for_parts(PlanResource *resource, Str path, const CfnDetail *detail)
{
    bool found = false;
    for (size_t i = 0; i < resource->properties.len; i++) {
        PlanProperty *part = &resource->properties.items[i];
        if (!str_starts(part->path, path) || part->path.len <= path.len ||
            part->path.ptr[path.len] != '/')
            continue;
        found = true;
        confirm(part, detail);
    }
    return found;
}

static void take_detail(Arena *arena, PlanResource *resource, const CfnDetail *detail)
{
    Str path = path_of(arena, detail);
    PlanEffect effect = effect_of_detail(detail);
    PlanProperty *property = find_property(resource, path);
    if (!property && take_for_parts(resource, path, detail))
        return;
    if (!property) {
        PlanProperty added = {.path = path, .effect = effect};
        VEC_ADD(arena, &resource->properties, added);
        property = &resource->properties.items[resource->properties.len - 1];
    }
    confirm(property, detail);
    property->effect = plan_worse(property->effect, effect);
    if (!property->cause.len)
        property->cause = detail->cause;
    take_values(arena, property, detail);
}

// ---- resources ----

static PlanResource *find_resource(const Merge *merge, Str id)
{
    size_t place = (size_t)(uintptr_t)map_find(&merge->places, id);
    return place ? &merge->plan->resources.items[place - 1] : NULL;
}

static void index_resource(Merge *merge, size_t place)
{
    map_set(&merge->places, merge->arena, merge->plan->resources.items[place].logical_id,
        (void *)(uintptr_t)(place + 1));
}

static PlanResource *add_resource(Merge *merge, const CfnChange *change, PlanAction action)
{
    PlanResource added = {.action = action,
        .stack = merge->plan->id,
        .logical_id = change->logical_id,
        .type = change->type};
    VEC_ADD(merge->arena, &merge->plan->resources, added);
    index_resource(merge, merge->plan->resources.len - 1);
    return &merge->plan->resources.items[merge->plan->resources.len - 1];
}

static void take_policy(PlanResource *resource, Str action)
{
    static const char *const POLICIES[] = {"Delete", "Retain", "Snapshot"};
    for (size_t i = 0; i < sizeof POLICIES / sizeof *POLICIES; i++)
        if (str_ends(action, str_of(POLICIES[i])))
            resource->policy = str_of(POLICIES[i]);
    if (action.len)
        resource->kept = str_is(resource->policy, "Retain");
}

static void take_data(PlanResource *resource)
{
    bool at_stake = resource->action == PLAN_REMOVE || resource->action == PLAN_DYNAMIC ||
                    (resource->action != PLAN_ADD && resource->effect > PLAN_IN_PLACE);
    SchemaType type = schema_find_type(schema_builtin(), resource->type);
    if (at_stake && schema_type_exists(type))
        resource->data = plan_data(type);
}

// The worse action of the two: a rename that AWS takes for something new is something new.
static PlanAction worse_action(PlanAction own, PlanAction said)
{
    if (own == PLAN_SAME || said == PLAN_REMOVE || said == PLAN_DYNAMIC)
        return said;
    if (own == PLAN_RENAME && said == PLAN_MODIFY)
        return own;
    return own == PLAN_REMOVE || own == PLAN_DYNAMIC ? own : said;
}

static void take_change(Merge *merge, const CfnChange *change)
{
    PlanAction action = action_of(change->action);
    if (action == PLAN_SAME || !change->logical_id.len)
        return;
    PlanResource *resource = find_resource(merge, change->logical_id);
    if (!resource)
        resource = add_resource(merge, change, action);
    resource->action = worse_action(resource->action, action);
    if (change->physical_id.len)
        resource->physical_id = change->physical_id;
    PlanEffect effect = effect_of_change(change);
    // AWS knows types that no schema here does.
    bool said = change->replacement != CFN_REPLACEMENT_NONE || change->policy_action.len;
    if (resource->effect == PLAN_UNKNOWN && said)
        resource->effect = effect;
    resource->effect = plan_worse(resource->effect, effect);
    for (size_t i = 0; i < change->details.len && action == PLAN_MODIFY; i++)
        take_detail(merge->arena, resource, &change->details.items[i]);
    take_policy(resource, change->policy_action);
    take_data(resource);
}

// ---- what only AWS can tell ----

// The effect of what is surely changed. A condition that changes is none of it: AWS would add or
// remove the resource.
static PlanEffect sure_effect(PlanResource *resource)
{
    PlanEffect effect = PLAN_IN_PLACE;
    for (size_t i = 0; i < resource->properties.len; i++) {
        PlanProperty *property = &resource->properties.items[i];
        if (str_is(property->path, "/Condition"))
            property->effect = PLAN_IN_PLACE;
        if (!property->unsure)
            effect = plan_worse(effect, property->effect);
    }
    return effect;
}

static void drop_unsure(PlanResource *resource)
{
    size_t kept = 0;
    for (size_t i = 0; i < resource->properties.len; i++)
        if (!resource->properties.items[i].unsure)
            resource->properties.items[kept++] = resource->properties.items[i];
    resource->properties.len = kept;
}

// Nothing is at stake, and no name is taken, where nothing is replaced after all.
static void finish_resource(PlanResource *resource)
{
    bool stays = resource->action == PLAN_MODIFY || resource->action == PLAN_RENAME;
    if (stays && resource->effect == PLAN_IN_PLACE)
        resource->data = resource->policy = resource->collides = resource->collides_with = STR_NONE;
}

static bool is_modified(const PlanResource *resource)
{
    return resource->action == PLAN_MODIFY || resource->action == PLAN_RENAME;
}

// Nothing that is sure was told of it, or its condition keeps it out.
static bool is_no_change(const PlanResource *resource)
{
    return resource->conditional || (resource->action == PLAN_MODIFY && !resource->properties.len);
}

// Takes away what AWS has not confirmed.
static void drop_unconfirmed(Merge *merge, const Map *named)
{
    size_t kept = 0;
    for (size_t i = 0; i < merge->plan->resources.len; i++) {
        PlanResource *resource = &merge->plan->resources.items[i];
        if (is_modified(resource))
            drop_unsure(resource);
        finish_resource(resource);
        if (map_find(named, resource->logical_id) || !is_no_change(resource))
            merge->plan->resources.items[kept++] = *resource;
    }
    merge->plan->resources.len = kept;
}

void plan_merge(Arena *arena, PlanStack *plan, const CfnChangeSet *with_values,
    const CfnChangeSet *without_values)
{
    Merge merge = {.arena = arena, .plan = plan};
    const CfnChangeSet *sets[] = {with_values, without_values};
    Map named = {0};
    if (!with_values && !without_values)
        return;
    for (size_t i = 0; i < plan->resources.len; i++) {
        PlanResource *resource = &plan->resources.items[i];
        index_resource(&merge, i);
        if (is_modified(resource))
            resource->effect = sure_effect(resource);
    }
    for (size_t set = 0; set < sizeof sets / sizeof *sets; set++)
        for (size_t i = 0; sets[set] && i < sets[set]->changes.len; i++) {
            map_set(&named, arena, sets[set]->changes.items[i].logical_id, &merge);
            take_change(&merge, &sets[set]->changes.items[i]);
        }
    drop_unconfirmed(&merge, &named);
}
