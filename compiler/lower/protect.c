// Guards as the deployer holds them: denials by logical id in the manifest and the stack policy.
#include "compiler/lower/lower_priv.h"

// ---- what a denial covers ----

static bool has_type(const DenyRule *deny, Str type)
{
    for (size_t i = 0; i < deny->types.len; i++)
        if (str_equal(deny->types.items[i], type))
            return true;
    return false;
}

static bool has_resource(const DenyRule *deny, const Resource *resource)
{
    for (size_t i = 0; i < deny->resources.len; i++)
        if (deny->resources.items[i] == resource)
            return true;
    for (size_t i = 0; i < deny->ids.len; i++) {
        Str id = deny->ids.items[i];
        if (str_ends(id, STR("*")) && str_starts(resource->id, str_slice(id, 0, id.len - 1)))
            return true;
    }
    return false;
}

static bool denies(const DenyRule *deny, const char *action)
{
    for (size_t i = 0; i < deny->actions.len; i++)
        if (str_is(deny->actions.items[i], action))
            return true;
    return false;
}

static bool has_deletion_policy(const Resource *resource)
{
    for (size_t i = 0; i < resource->attributes.len; i++)
        if (str_is(resource->attributes.items[i].name, "DeletionPolicy"))
            return true;
    return false;
}

// @suppress at the resource, or at an instance around it.
static bool warning_is_silenced(const Resource *resource)
{
    for (const Suppression *at = resource->suppressions; at; at = at->outer) {
        if (!str_is(at->code, "ALT5013"))
            continue;
        if (at->used)
            *at->used = true;
        return true;
    }
    return false;
}

static void warn_without_policy(Lowerer *lowerer, const DenyRule *deny, const Resource *resource)
{
    if (!denies(deny, "delete") || has_deletion_policy(resource) || warning_is_silenced(resource))
        return;
    DiagSink *diags = lowerer->ev->diags;
    Diag *diag = diag_add(diags, DIAG_GUARDED_WITHOUT_POLICY, resource->decl->name.span,
        deny->title, resource->name, DIAG_END);
    diag_note(diags, diag, deny->span, "the guard is here");
    diag_note(diags, diag, (Span){0}, "'@retain' keeps it when the stack goes");
}

// ---- stack policy ----

static Datum *texts(Arena *arena, const Str *items, size_t count)
{
    Datum *list = datum_list(arena, NULL);
    for (size_t i = 0; i < count; i++)
        datum_append(arena, list, datum_string(arena, NULL, items[i]));
    return list;
}

static void add_statement(
    Arena *arena, Datum *statements, const char *effect, Datum *actions, Datum *resources)
{
    Datum *statement = datum_map(arena, NULL);
    datum_put(arena, statement, STR("Effect"), NULL, datum_string(arena, NULL, str_of(effect)));
    datum_put(arena, statement, STR("Action"), NULL, actions);
    datum_put(arena, statement, STR("Principal"), NULL, datum_string(arena, NULL, STR("*")));
    datum_put(arena, statement, STR("Resource"), NULL, resources);
    datum_append(arena, statements, statement);
}

static Datum *policy_actions(Arena *arena, const DenyRule *deny)
{
    // A stack policy knows nothing of additions; the deployer holds those.
    static const char *const names[][2] = {
        {"modify", "Update:Modify"}, {"replace", "Update:Replace"}, {"delete", "Update:Delete"}};
    Datum *actions = datum_list(arena, NULL);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (denies(deny, names[i][0]))
            datum_append(arena, actions, datum_string(arena, NULL, str_of(names[i][1])));
    return actions;
}

static void add_to_policy(
    Lowerer *lowerer, StackBuild *build, const DenyRule *deny, const Protection *row)
{
    Arena *arena = lowerer->arena;
    Datum *actions = policy_actions(arena, deny);
    if (!actions->items.len)
        return;
    if (!build->policy) {
        build->policy = datum_list(arena, NULL);
        Datum *all = datum_string(arena, NULL, STR("*"));
        add_statement(
            arena, build->policy, "Allow", datum_string(arena, NULL, STR("Update:*")), all);
        build->stack->policy = single(arena, NULL, "Statement", build->policy);
    }
    // AWS keeps the policy of an earlier deployment until there is another: so a stack whose guards
    // are all lifted has one that denies nothing.
    if (row->lifted)
        return;
    Str *ids = ARENA_ARRAY(arena, Str, row->logical_ids.len + 1);
    for (size_t i = 0; i < row->logical_ids.len; i++)
        ids[i] = str_format(arena, "LogicalResourceId/%.*s", STR_FMT(row->logical_ids.items[i]));
    if (row->logical_ids.len)
        add_statement(
            arena, build->policy, "Deny", actions, texts(arena, ids, row->logical_ids.len));
    if (!row->types.len)
        return;
    Datum *types = texts(arena, row->types.items, row->types.len);
    Datum *condition =
        single(arena, NULL, "StringEquals", single(arena, NULL, "ResourceType", types));
    add_statement(arena, build->policy, "Deny", actions, datum_string(arena, NULL, STR("*")));
    Datum *last = build->policy->items.items[build->policy->items.len - 1];
    datum_put(arena, last, STR("Condition"), NULL, condition);
}

// ---- denials ----

static bool lifted(const Evaluation *ev, const DenyRule *deny)
{
    for (size_t i = 0; deny->allow.len && i < ev->options.allowed_count; i++)
        if (str_equal(ev->options.allowed[i], deny->allow))
            return true;
    return false;
}

static void lower_denial_in(Lowerer *lowerer, StackBuild *build, const DenyRule *deny)
{
    Evaluation *ev = lowerer->ev;
    Arena *arena = lowerer->arena;
    Protection row = {
        .title = deny->title,
        .allow = deny->allow,
        .lifted = lifted(ev, deny),
        .stack = build->part->id,
        .span = deny->span,
    };
    for (size_t i = 0; i < deny->actions.len; i++)
        VEC_ADD(arena, &row.actions, deny->actions.items[i]);
    for (size_t i = 0; i < ev->resources.len; i++) {
        const Resource *resource = ev->resources.items[i];
        bool named = has_resource(deny, resource);
        if (resource->stack != build->part || (!named && !has_type(deny, resource->type)))
            continue;
        if (named)
            VEC_ADD(arena, &row.logical_ids, resource->id);
        warn_without_policy(lowerer, deny, resource);
    }
    // What the program no longer makes was in the main stack, as far as can be known.
    for (size_t i = 0; !build->part->index && i < deny->ids.len; i++)
        if (!str_ends(deny->ids.items[i], STR("*")))
            VEC_ADD(arena, &row.logical_ids, deny->ids.items[i]);
    for (size_t i = 0; i < deny->types.len; i++)
        VEC_ADD(arena, &row.types, deny->types.items[i]);
    if (!row.logical_ids.len && !row.types.len)
        return;
    VEC_ADD(arena, &lowerer->model->protections, row);
    add_to_policy(lowerer, build, deny, &row);
}

void lower_denials(Lowerer *lowerer)
{
    for (size_t i = 0; i < lowerer->ev->denials.len; i++)
        for (size_t b = 0; b < lowerer->build_count; b++)
            lower_denial_in(lowerer, &lowerer->builds[b], &lowerer->ev->denials.items[i]);
}
