// Why a change may not be made: guards, the loss of data, names that are taken, and what
// CloudFormation refuses.
#include "runtime/plan/plan_priv.h"

typedef struct Judge {
    Arena *arena;
    Plan *plan;
    const Str *allowed;
    size_t allowed_count;
} Judge;

bool plan_has_changes(const Plan *plan)
{
    for (size_t i = 0; i < plan->stacks.len; i++)
        if (plan->stacks.items[i].resources.len || plan->stacks.items[i].others.len ||
            plan->stacks.items[i].is_left)
            return true;
    return false;
}

static bool is_allowed(const Judge *judge, Str name)
{
    for (size_t i = 0; name.len && i < judge->allowed_count; i++)
        if (str_equal(judge->allowed[i], name))
            return true;
    return false;
}

static void add(Judge *judge, PlanObstacle obstacle)
{
    if (!is_allowed(judge, obstacle.allow))
        VEC_ADD(judge->arena, &judge->plan->obstacles, obstacle);
}

// ---- what happens to a resource ----

static bool goes(const PlanResource *resource)
{
    return resource->action == PLAN_REMOVE || resource->action == PLAN_DYNAMIC;
}

static bool may_be_replaced(const PlanResource *resource)
{
    switch (resource->action) {
    case PLAN_MODIFY:
    case PLAN_RENAME:
        return resource->effect > PLAN_IN_PLACE;
    case PLAN_DYNAMIC:
        return true;
    case PLAN_SAME:
    case PLAN_ADD:
    case PLAN_REMOVE:
    case PLAN_IMPORT:
        break;
    }
    return false;
}

// As a stack policy has it, a replacement is none: "may replace" is both.
static bool may_be_modified(const PlanResource *resource)
{
    if (resource->action == PLAN_DYNAMIC)
        return true;
    bool modified = resource->action == PLAN_MODIFY ||
                    (resource->action == PLAN_RENAME && resource->properties.len);
    return modified && resource->effect != PLAN_REPLACES;
}

static const char *replace_words(const PlanResource *resource)
{
    return resource->effect == PLAN_REPLACES && resource->action != PLAN_DYNAMIC
               ? "is replaced"
               : "may be replaced";
}

// ---- guards ----

static bool is_target(const ManifestProtection *protection, const PlanResource *resource)
{
    if (!str_equal(protection->stack, resource->stack))
        return false;
    for (size_t i = 0; i < protection->resources.len; i++)
        if (str_equal(protection->resources.items[i], resource->logical_id) ||
            (resource->former_id.len &&
                str_equal(protection->resources.items[i], resource->former_id)))
            return true;
    for (size_t i = 0; i < protection->types.len; i++)
        if (str_equal(protection->types.items[i], resource->type))
            return true;
    return false;
}

// "may be replaced", or NULL when the protection lets the change be.
static const char *denied(const ManifestProtection *protection, const PlanResource *resource)
{
    if (protection->remove && goes(resource))
        return resource->action == PLAN_REMOVE ? "is removed" : "may be removed";
    if (protection->replace && may_be_replaced(resource))
        return replace_words(resource);
    if (protection->modify && may_be_modified(resource))
        return "is modified";
    if (protection->add && (resource->action == PLAN_ADD || resource->action == PLAN_IMPORT))
        return "is added";
    return NULL;
}

static void judge_guards(Judge *judge, const Manifest *manifest, const PlanResource *resource)
{
    for (size_t i = 0; manifest && i < manifest->protections.len; i++) {
        const ManifestProtection *protection = &manifest->protections.items[i];
        if (protection->lifted || !is_target(protection, resource))
            continue;
        const char *what = denied(protection, resource);
        if (!what)
            continue;
        Str text = str_format(judge->arena, "'%.*s' %s, which the guard '%.*s' denies",
            STR_FMT(resource->logical_id), what, STR_FMT(protection->title));
        add(judge, (PlanObstacle){resource, text, protection->allow, protection->place});
    }
}

// ---- data, names, types ----

static void judge_data(Judge *judge, const PlanResource *resource)
{
    bool removed = goes(resource), replaced = may_be_replaced(resource);
    if (!resource->data.len || (!removed && !replaced) || (removed && resource->kept))
        return;
    Str id = resource->logical_id;
    const char *what = resource->action == PLAN_REMOVE ? "is removed" : replace_words(resource);
    const char *then = resource->kept                         ? "starts empty beside"
                       : str_is(resource->policy, "Snapshot") ? "leaves no more than a snapshot of"
                                                              : "loses";
    Str text = str_format(
        judge->arena, "'%.*s' %s, which %s %.*s", STR_FMT(id), what, then, STR_FMT(resource->data));
    add(judge, (PlanObstacle){resource, text, id, resource->place});
}

static void judge_name(Judge *judge, const PlanResource *resource)
{
    Str id = resource->logical_id;
    bool own = str_equal(resource->collides_with, id);
    if (!resource->collides.len || (own && resource->effect != PLAN_REPLACES))
        return;
    Str text =
        own ? str_format(judge->arena,
                  "'%.*s' is replaced, but the new one cannot be called %.*s while the old "
                  "one has that name; give it another name",
                  STR_FMT(id), STR_FMT(resource->collides))
            : str_format(judge->arena, "'%.*s' cannot be called %.*s while '%.*s' has that name",
                  STR_FMT(id), STR_FMT(resource->collides), STR_FMT(resource->collides_with));
    add(judge, (PlanObstacle){resource, text, id, resource->place});
}

static bool is_made(const PlanStack *stack, Str id)
{
    for (size_t i = 0; i < stack->resources.len; i++)
        if (stack->resources.items[i].action == PLAN_ADD &&
            str_equal(stack->resources.items[i].logical_id, id))
            return true;
    return false;
}

// The program moved it, but AWS would remove it: nobody has moved it there.
static void judge_moved(
    Judge *judge, const Manifest *manifest, const PlanStack *stack, const PlanResource *resource)
{
    for (size_t i = 0; manifest && i < manifest->renames.len; i++) {
        const ManifestRename *rename = &manifest->renames.items[i];
        if (resource->action != PLAN_REMOVE || !str_equal(rename->stack, resource->stack) ||
            !str_equal(rename->from, resource->logical_id) || !is_made(stack, rename->to))
            continue;
        Str text = str_format(judge->arena,
            "'%.*s' is removed, though the program moves it to '%.*s': 'altc refactor' renames "
            "what "
            "is deployed",
            STR_FMT(rename->from), STR_FMT(rename->to));
        add(judge, (PlanObstacle){resource, text, rename->from, rename->place});
        return;
    }
}

static bool is_serverless(Str type)
{
    return str_find(type, STR("AWS::Serverless::"), 0) != SIZE_MAX;
}

// CloudFormation refuses another type under the same logical id; a transform's own types, which
// it never sees, are no matter of it.
static void judge_type(Judge *judge, const PlanResource *resource)
{
    for (size_t i = 0; i < resource->properties.len; i++) {
        const PlanProperty *property = &resource->properties.items[i];
        if (!str_is(property->path, "/Type") || !property->before.len || !property->after.len ||
            is_serverless(property->before) || is_serverless(property->after))
            continue;
        Str text = str_format(judge->arena,
            "'%.*s' gets another type, which CloudFormation refuses; give it another logical id",
            STR_FMT(resource->logical_id));
        add(judge, (PlanObstacle){resource, text, STR_NONE, resource->place});
        return;
    }
}

void plan_judge(
    Arena *arena, Plan *plan, const Manifest *manifest, const Str *allowed, size_t allowed_count)
{
    Judge judge = {arena, plan, allowed, allowed_count};
    for (size_t i = 0; i < plan->stacks.len; i++)
        for (size_t j = 0; j < plan->stacks.items[i].resources.len; j++) {
            const PlanResource *resource = &plan->stacks.items[i].resources.items[j];
            judge_guards(&judge, manifest, resource);
            judge_type(&judge, resource);
            judge_moved(&judge, manifest, &plan->stacks.items[i], resource);
            judge_data(&judge, resource);
            judge_name(&judge, resource);
        }
}
