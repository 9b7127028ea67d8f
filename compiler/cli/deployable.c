#include "compiler/cli/deployable.h"

#include "compiler/cli/pointer.h"

static NoticePlace place_of(const Deployable *deployable, Span span)
{
    if (!span.file)
        return (NoticePlace){0};
    Position position = source_position(deployable->sources, span.file, span.start);
    return (NoticePlace){.file = source_name(deployable->sources, span.file),
        .line = position.line,
        .column = position.column};
}

static void take_stacks(Arena *arena, Deployable *deployable)
{
    const StageModel *model = deployable->model;
    for (size_t i = 0; i < model->stacks.len; i++) {
        const Stack *stack = model->stacks.items[i];
        ManifestStack taken = {.id = stack->id,
            .name = stack->name,
            .region = stack->region,
            .template_ = stack->template_};
        VEC_ADD(arena, &deployable->manifest.stacks, taken);
    }
}

static bool denies(const Protection *protection, const char *action)
{
    for (size_t i = 0; i < protection->actions.len; i++)
        if (str_is(protection->actions.items[i], action))
            return true;
    return false;
}

static void take_protections(Arena *arena, Deployable *deployable)
{
    const StageModel *model = deployable->model;
    for (size_t i = 0; i < model->protections.len; i++) {
        const Protection *protection = &model->protections.items[i];
        ManifestProtection taken = {.title = protection->title,
            .stack = protection->stack,
            .add = denies(protection, "add"),
            .modify = denies(protection, "modify"),
            .replace = denies(protection, "replace"),
            .remove = denies(protection, "delete"),
            .allow = protection->allow,
            .lifted = protection->lifted,
            .place = place_of(deployable, protection->span)};
        for (size_t j = 0; j < protection->logical_ids.len; j++)
            VEC_ADD(arena, &taken.resources, protection->logical_ids.items[j]);
        for (size_t j = 0; j < protection->types.len; j++)
            VEC_ADD(arena, &taken.types, protection->types.items[j]);
        VEC_ADD(arena, &deployable->manifest.protections, taken);
    }
}

static void take_renames(Arena *arena, Deployable *deployable)
{
    const StageModel *model = deployable->model;
    for (size_t i = 0; i < model->renames.len; i++) {
        const Rename *rename = &model->renames.items[i];
        ManifestRename taken = {
            rename->stack, rename->from, rename->to, place_of(deployable, rename->span)};
        VEC_ADD(arena, &deployable->manifest.renames, taken);
    }
}

const Deployable *deployable_new(Arena *arena, Compilation *run, const StageModel *model)
{
    Deployable *deployable = ARENA_NEW(arena, Deployable);
    deployable->model = model;
    deployable->sources = compilation_sources(run);
    deployable->manifest = (Manifest){.app = model->app,
        .stage = model->stage,
        .account = model->account,
        .termination_protection = model->termination_protection};
    take_stacks(arena, deployable);
    take_protections(arena, deployable);
    take_renames(arena, deployable);
    return deployable;
}

// ---- places ----

static const Origin *origin_at(const Deployable *deployable, Arena *arena, Str stack, Str pointer)
{
    const ManifestStack *found = manifest_stack(&deployable->manifest, stack);
    return found ? pointer_follow(arena, found->template_, pointer).origin : NULL;
}

static NoticePlace find_place(const void *context, Arena *arena, Str stack, Str pointer)
{
    const Origin *origin = origin_at(context, arena, stack, pointer);
    return origin ? place_of(context, origin->span) : (NoticePlace){0};
}

static ManifestInstance find_instance(const void *context, Arena *arena, Str stack, Str logical_id)
{
    Str pointer = str_format(arena, "/Resources/%.*s", STR_FMT(logical_id));
    const Origin *origin = origin_at(context, arena, stack, pointer);
    if (!origin || !origin->instance.len)
        return (ManifestInstance){0};
    const Origin *outer = origin;
    while (outer->via)
        outer = outer->via;
    return (ManifestInstance){origin->instance, place_of(context, outer->span)};
}

PlanPlaces deployable_places(const Deployable *deployable)
{
    return (PlanPlaces){deployable, find_place, find_instance};
}
