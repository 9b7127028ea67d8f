#include "runtime/plan/policy.h"

#include <stdlib.h>

#include "compiler/base/map.h"
#include "compiler/data/data.h"

static const struct {
    const char *name;
    unsigned handler;
} HANDLERS[] = {
    {"create", POLICY_CREATE},
    {"read", POLICY_READ},
    {"update", POLICY_UPDATE},
    {"delete", POLICY_DELETE},
};

// Each purpose as a bit of a row below.
enum {
    DEPLOY = 1 << POLICY_FOR_DEPLOY,
    IMPORT = 1 << POLICY_FOR_IMPORT,
    REFACTOR = 1 << POLICY_FOR_REFACTOR,
    DESTROY = 1 << POLICY_FOR_DESTROY,
    ANY = DEPLOY | IMPORT | REFACTOR | DESTROY
};

typedef enum When { ALWAYS, WHEN_NEW, WHEN_DEPLOYED, WHEN_POLICY, WHEN_PROTECTED, WHEN_SITES } When;

// What altc itself asks CloudFormation for, of the stacks.
static const struct {
    const char *action;
    unsigned purposes;
    When when;
} STACK_ACTIONS[] = {
    {"cloudformation:CreateChangeSet", DEPLOY | IMPORT, ALWAYS},
    {"cloudformation:DeleteChangeSet", DEPLOY | IMPORT, ALWAYS},
    {"cloudformation:DeleteStack", DEPLOY | IMPORT,
        WHEN_NEW}, // an empty one, whose change set is declined
    {"cloudformation:DeleteStack", DESTROY, ALWAYS},
    {"cloudformation:DescribeChangeSet", DEPLOY | IMPORT, ALWAYS},
    {"cloudformation:DescribeEvents", DEPLOY | IMPORT, ALWAYS},
    {"cloudformation:DescribeStackEvents", DEPLOY | IMPORT | DESTROY, ALWAYS},
    {"cloudformation:DescribeStacks", ANY, ALWAYS},
    {"cloudformation:ExecuteChangeSet", DEPLOY | IMPORT, ALWAYS},
    {"cloudformation:GetStackPolicy", DEPLOY, WHEN_POLICY},
    {"cloudformation:GetTemplate", ANY, WHEN_DEPLOYED},
    {"cloudformation:ListChangeSets", DEPLOY | IMPORT, ALWAYS},
    {"cloudformation:ListStackResources", DEPLOY, WHEN_SITES},
    {"cloudformation:ListStackResources", DESTROY, ALWAYS},
    {"cloudformation:SetStackPolicy", DEPLOY, WHEN_POLICY},
    {"cloudformation:UpdateTerminationProtection", DEPLOY | DESTROY, WHEN_PROTECTED},
};
// What is about no stack that has a name beforehand.
static const char *const SUMMARY_ACTIONS[] = {"cloudformation:GetTemplateSummary"};
static const char *const RENAME_ACTIONS[] = {"cloudformation:CreateStackRefactor",
    "cloudformation:DescribeStackRefactor", "cloudformation:ExecuteStackRefactor"};
static const char *const BUCKET_ACTIONS[] = {"s3:AbortMultipartUpload", "s3:CreateBucket",
    "s3:GetObject", "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListMultipartUploadParts",
    "s3:PutBucketPolicy", "s3:PutBucketPublicAccessBlock", "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration", "s3:PutObject"};
static const char *const SITE_ACTIONS[] = {"cloudfront:CreateInvalidation",
    "cloudfront:GetInvalidation", "s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject",
    "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListMultipartUploadParts",
    "s3:PutObject"};

// ---- what a plan needs ----

bool policy_purpose(Str word, PolicyPurpose *purpose)
{
    static const char *const WORDS[POLICY_FOR_COUNT] = {"deploy", "import", "refactor", "destroy"};
    *purpose = POLICY_FOR_DEPLOY;
    for (size_t i = 0; i < POLICY_FOR_COUNT; i++)
        if (str_is(word, WORDS[i])) {
            *purpose = (PolicyPurpose)i;
            return true;
        }
    return !word.len;
}

// With what a rollback takes back: what was made is deleted again.
static unsigned handlers_of(const PlanResource *resource)
{
    switch (resource->action) {
    case PLAN_ADD:
        return POLICY_CREATE | POLICY_READ | POLICY_DELETE;
    case PLAN_REMOVE:
        return resource->kept ? 0 : POLICY_DELETE | POLICY_READ;
    case PLAN_IMPORT:
        return POLICY_READ | POLICY_UPDATE;
    case PLAN_MODIFY:
        return resource->effect == PLAN_IN_PLACE
                   ? POLICY_READ | POLICY_UPDATE
                   : POLICY_CREATE | POLICY_READ | POLICY_UPDATE | POLICY_DELETE;
    case PLAN_RENAME:
        return POLICY_READ | POLICY_UPDATE; // AWS tags it with its new logical id
    case PLAN_DYNAMIC:
        return POLICY_CREATE | POLICY_READ | POLICY_UPDATE | POLICY_DELETE;
    case PLAN_SAME:
        break;
    }
    return 0;
}

// What the purpose makes of a change; 0 when it leaves it alone.
static unsigned handlers_for(const PlanResource *resource, PolicyPurpose purpose)
{
    PlanResource imported = {.action = PLAN_IMPORT};
    switch (purpose) {
    case POLICY_FOR_IMPORT:
        return resource->action == PLAN_ADD ? handlers_of(&imported) : 0;
    case POLICY_FOR_REFACTOR:
        return resource->action == PLAN_RENAME ? handlers_of(resource) : 0;
    case POLICY_FOR_DEPLOY:
    case POLICY_FOR_DESTROY:
    case POLICY_FOR_COUNT:
        break;
    }
    return handlers_of(resource);
}

static int by_name(const void *a, const void *b)
{
    const PolicyType *left = a, *right = b;
    return str_compare(left->name, right->name);
}

void policy_init(Policy *policy, Arena *arena, const Plan *plan, PolicyPurpose purpose)
{
    *policy = (Policy){.arena = arena, .plan = plan};
    Map places = {0};
    for (size_t i = 0; i < plan->stacks.len; i++)
        for (size_t j = 0; j < plan->stacks.items[i].resources.len; j++) {
            const PlanResource *resource = &plan->stacks.items[i].resources.items[j];
            PolicyType added = {.name = resource->type};
            unsigned handlers = handlers_for(resource, purpose);
            size_t place = (size_t)(uintptr_t)map_find(&places, resource->type);
            if (!place && resource->type.len && handlers) {
                VEC_ADD(arena, &policy->types, added);
                place = policy->types.len;
                map_set(&places, arena, resource->type, (void *)(uintptr_t)place);
            }
            if (place)
                policy->types.items[place - 1].handlers |= handlers;
        }
    if (policy->types.len)
        qsort(policy->types.items, policy->types.len, sizeof *policy->types.items, by_name);
}

bool policy_take_schema(Policy *policy, PolicyType *type, const Datum *schema)
{
    const Datum *handlers = datum_get(schema, STR("handlers"));
    type->known = handlers && handlers->kind == DATUM_MAP;
    for (size_t i = 0; type->known && i < sizeof HANDLERS / sizeof *HANDLERS; i++) {
        if (!(type->handlers & HANDLERS[i].handler))
            continue;
        const Datum *permissions =
            datum_get(datum_get(handlers, str_of(HANDLERS[i].name)), STR("permissions"));
        for (size_t j = 0; permissions && j < permissions->items.len; j++)
            if (permissions->items.items[j]->kind == DATUM_STRING)
                VEC_ADD(policy->arena, &type->actions, permissions->items.items[j]->text);
    }
    return type->known;
}

// ---- writing ----

static Datum *text_of(Arena *arena, Str text)
{
    return datum_string(arena, NULL, text);
}

static Datum *statement(Arena *arena, Datum *statements, const char *id, Datum *actions)
{
    Datum *map = datum_map(arena, NULL);
    datum_put(arena, map, STR("Sid"), NULL, text_of(arena, str_of(id)));
    datum_put(arena, map, STR("Effect"), NULL, text_of(arena, STR("Allow")));
    datum_put(arena, map, STR("Action"), NULL, actions);
    datum_append(arena, statements, map);
    return map;
}

static Datum *actions_of(Arena *arena, const char *const *names, size_t count)
{
    Datum *list = datum_list(arena, NULL);
    for (size_t i = 0; i < count; i++)
        datum_append(arena, list, text_of(arena, str_of(names[i])));
    return list;
}

#define ACTIONS_OF(arena, names) actions_of(arena, names, sizeof(names) / sizeof *(names))

static void put_resources(Arena *arena, Datum *map, Datum *resources)
{
    datum_put(arena, map, STR("Resource"), NULL, resources);
}

static bool is_needed(const Policy *policy, const PolicyScope *scope, When when)
{
    switch (when) {
    case ALWAYS:
        return true;
    case WHEN_POLICY:
        return scope->stack_policy;
    case WHEN_PROTECTED:
        return scope->protection;
    case WHEN_SITES:
        return scope->sites;
    case WHEN_NEW:
    case WHEN_DEPLOYED:
        break;
    }
    for (size_t i = 0; i < policy->plan->stacks.len; i++)
        if (policy->plan->stacks.items[i].is_new == (when == WHEN_NEW))
            return true;
    return false;
}

static Datum *stack_actions(const Policy *policy, const PolicyScope *scope)
{
    Datum *list = datum_list(policy->arena, NULL);
    for (size_t i = 0; i < sizeof STACK_ACTIONS / sizeof *STACK_ACTIONS; i++)
        if ((STACK_ACTIONS[i].purposes & 1U << scope->purpose) &&
            is_needed(policy, scope, STACK_ACTIONS[i].when))
            datum_append(
                policy->arena, list, text_of(policy->arena, str_of(STACK_ACTIONS[i].action)));
    return list;
}

static void add_stacks(const Policy *policy, const PolicyScope *scope, Datum *statements)
{
    Arena *arena = policy->arena;
    Datum *resources = datum_list(arena, NULL);
    for (size_t i = 0; i < policy->plan->stacks.len; i++) {
        const PlanStack *stack = &policy->plan->stacks.items[i];
        datum_append(arena, resources,
            text_of(arena, str_format(arena, "arn:%.*s:cloudformation:%.*s:%.*s:stack/%.*s/*",
                               STR_FMT(scope->partition), STR_FMT(stack->region),
                               STR_FMT(scope->account), STR_FMT(stack->name))));
    }
    put_resources(
        arena, statement(arena, statements, "Stacks", stack_actions(policy, scope)), resources);
}

static bool has_renames(const Plan *plan)
{
    for (size_t i = 0; i < plan->stacks.len; i++)
        for (size_t j = 0; j < plan->stacks.items[i].resources.len; j++)
            if (plan->stacks.items[i].resources.items[j].action == PLAN_RENAME)
                return true;
    return false;
}

static void add_bucket(const Policy *policy, const PolicyScope *scope, Datum *statements)
{
    Arena *arena = policy->arena;
    Datum *resources = datum_list(arena, NULL);
    for (int objects = 0; objects < 2; objects++)
        datum_append(arena, resources,
            text_of(arena, str_format(arena, "arn:%.*s:s3:::%.*s%s", STR_FMT(scope->partition),
                               STR_FMT(scope->bucket), objects ? "/*" : "")));
    put_resources(arena, statement(arena, statements, "Assets", ACTIONS_OF(arena, BUCKET_ACTIONS)),
        resources);
}

static int by_text(const void *a, const void *b)
{
    return str_compare(*(const Str *)a, *(const Str *)b);
}

// What handlers need, each action once.
static void add_handlers(const Policy *policy, Datum *statements)
{
    Arena *arena = policy->arena;
    VEC(Str) actions = {0};
    for (size_t i = 0; i < policy->types.len; i++)
        for (size_t j = 0; j < policy->types.items[i].actions.len; j++)
            VEC_ADD(arena, &actions, policy->types.items[i].actions.items[j]);
    if (!actions.len)
        return;
    qsort(actions.items, actions.len, sizeof *actions.items, by_text);
    Datum *list = datum_list(arena, NULL);
    for (size_t i = 0; i < actions.len; i++)
        if (i == 0 || !str_equal(actions.items[i], actions.items[i - 1]))
            datum_append(arena, list, text_of(arena, actions.items[i]));
    put_resources(arena, statement(arena, statements, "Resources", list), text_of(arena, STR("*")));
}

// On what they are about, once that is deployed.
static void add_sites(const Policy *policy, const PolicyScope *scope, Datum *statements)
{
    Arena *arena = policy->arena;
    Datum *resources = datum_list(arena, NULL);
    for (size_t i = 0; i < scope->targets.len; i++)
        datum_append(arena, resources, text_of(arena, scope->targets.items[i]));
    put_resources(arena, statement(arena, statements, "Sites", ACTIONS_OF(arena, SITE_ACTIONS)),
        scope->targets.len ? resources : text_of(arena, STR("*")));
}

// CloudFormation gets its rights from the role; the caller may hand it over.
static void add_role(const Policy *policy, const PolicyScope *scope, Datum *statements)
{
    Arena *arena = policy->arena;
    static const char *const PASS[] = {"iam:PassRole"};
    Datum *map = statement(arena, statements, "Role", ACTIONS_OF(arena, PASS));
    Datum *condition = datum_map(arena, NULL), *equals = datum_map(arena, NULL);
    put_resources(arena, map, text_of(arena, scope->role));
    datum_put(arena, equals, STR("iam:PassedToService"), NULL,
        text_of(arena, STR("cloudformation.amazonaws.com")));
    datum_put(arena, condition, STR("StringEquals"), NULL, equals);
    datum_put(arena, map, STR("Condition"), NULL, condition);
}

void policy_write(Buf *out, const Policy *policy, const PolicyScope *scope)
{
    Arena *arena = policy->arena;
    Datum *map = datum_map(arena, NULL), *statements = datum_list(arena, NULL);
    datum_put(arena, map, STR("Version"), NULL, text_of(arena, STR("2012-10-17")));
    datum_put(arena, map, STR("Statement"), NULL, statements);
    add_stacks(policy, scope, statements);
    bool deploys = scope->purpose == POLICY_FOR_DEPLOY;
    if ((deploys || scope->purpose == POLICY_FOR_REFACTOR) && has_renames(policy->plan))
        put_resources(arena,
            statement(arena, statements, "Renames", ACTIONS_OF(arena, RENAME_ACTIONS)),
            text_of(arena, STR("*")));
    if (scope->purpose == POLICY_FOR_IMPORT)
        put_resources(arena,
            statement(arena, statements, "Identifiers", ACTIONS_OF(arena, SUMMARY_ACTIONS)),
            text_of(arena, STR("*")));
    if (scope->bucket.len)
        add_bucket(policy, scope, statements);
    if (deploys && scope->sites)
        add_sites(policy, scope, statements);
    if (scope->role.len)
        add_role(policy, scope, statements);
    else
        add_handlers(policy, statements);
    data_write_json(out, map);
}

size_t policy_size(Str text)
{
    size_t size = 0;
    for (size_t i = 0; i < text.len; i++)
        size += text.ptr[i] != ' ' && text.ptr[i] != '\n';
    return size;
}
