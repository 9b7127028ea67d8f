// Templates as YAML, and plans as short texts, for the tests of the plan.
#ifndef ALTC_TESTS_PLAN_FIXTURE_H
#define ALTC_TESTS_PLAN_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "compiler/data/data.h"
#include "runtime/plan/plan.h"

static inline const Datum *fixture_template(Arena *arena, const char *text)
{
    if (!text)
        return NULL;
    DataContext context = {arena, sources_new(arena), diag_sink_new(arena)};
    const Datum *datum =
        data_read_yaml(&context, sources_add(context.sources, STR("t.yaml"), str_of(text)));
    assert_non_null(datum);
    return datum;
}

// A template that holds no more than these resources.
static inline const Datum *fixture_resources(Arena *arena, const char *resources)
{
    return fixture_template(arena, str_format(arena, "Resources: {%s}", resources).ptr);
}

static inline const char *fixture_effect(PlanEffect effect)
{
    static const char *const WORDS[] = {"in-place", "may-replace", "unknown", "replaces"};
    return WORDS[effect];
}

static inline void fixture_add_property(Buf *out, const PlanProperty *property, bool effect)
{
    buf_add_format(out, "\n  %.*s: %.*s -> %.*s", STR_FMT(property->path),
        STR_FMT(property->before), STR_FMT(property->after));
    if (effect)
        buf_add_format(out, " %s", fixture_effect(property->effect));
    if (property->cause.len)
        buf_add_format(out, " by %.*s", STR_FMT(property->cause));
}

static inline void fixture_add_resource(Buf *out, const PlanResource *resource)
{
    static const char *const ACTIONS[] = {
        "same", "add", "modify", "remove", "import", "rename", "dynamic"};
    buf_add_text(out, out->len ? "\n" : "");
    buf_add_format(out, "%s %.*s", ACTIONS[resource->action], STR_FMT(resource->logical_id));
    if (resource->former_id.len)
        buf_add_format(out, " from %.*s", STR_FMT(resource->former_id));
    if (resource->action == PLAN_MODIFY || resource->action == PLAN_RENAME ||
        resource->action == PLAN_DYNAMIC)
        buf_add_format(out, " %s", fixture_effect(resource->effect));
    if (resource->data.len)
        buf_add_format(out, " [%.*s: %.*s]", STR_FMT(resource->data), STR_FMT(resource->policy));
    if (resource->collides.len)
        buf_add_format(out, " taken %.*s by %.*s", STR_FMT(resource->collides),
            STR_FMT(resource->collides_with));
    for (size_t i = 0; resource->action != PLAN_ADD && i < resource->properties.len; i++)
        fixture_add_property(out, &resource->properties.items[i], true);
}

static inline Str fixture_plan(Arena *arena, const PlanStack *plan)
{
    Buf out;
    buf_init(&out, 0);
    for (size_t i = 0; i < plan->resources.len; i++)
        fixture_add_resource(&out, &plan->resources.items[i]);
    for (size_t i = 0; i < plan->others.len; i++)
        fixture_add_property(&out, &plan->others.items[i], false);
    Str text = buf_copy(&out, arena);
    buf_release(&out);
    return text;
}

#endif
