#include "runtime/plan/policy.h"

#include "tests/unit/plan/plan_fixture.h"

static const char SCHEMA[] =
    "{handlers: {create: {permissions: ['t:Create', 't:Tag']}, "
    "read: {permissions: ['t:Get']}, update: {permissions: ['t:Set', 't:Tag']}, "
    "delete: {permissions: ['t:Delete', 7]}, list: {permissions: ['t:List']}}}";

// The actions of the statement on resources for one change of a topic.
static Str actions_of(Arena *arena, PlanResource resource, const char *schema)
{
    Plan plan = {0};
    PlanStack stack = {.id = STR("main"), .name = STR("shop"), .region = STR("eu-west-1")};
    resource.type = STR("AWS::SNS::Topic");
    VEC_ADD(arena, &stack.resources, resource);
    VEC_ADD(arena, &stack.resources, resource);
    VEC_ADD(arena, &plan.stacks, stack);
    Policy policy;
    policy_init(&policy, arena, &plan, POLICY_FOR_DEPLOY);
    assert_true(policy.types.len <= 1);
    if (!policy.types.len)
        return STR("");
    policy_take_schema(&policy, &policy.types.items[0], fixture_template(arena, schema));
    Buf out;
    buf_init(&out, 0);
    policy_write(&out, &policy, &(PolicyScope){.partition = STR("aws"), .account = STR("1")});
    const Datum *statements =
        datum_get(fixture_template(arena, buf_copy(&out, arena).ptr), STR("Statement"));
    buf_release(&out);
    Str text = STR("");
    for (size_t i = 0; statements->items.len > 1 && i < 9; i++) {
        const Datum *list =
            datum_get(statements->items.items[statements->items.len - 1], STR("Action"));
        if (i < list->items.len)
            text = str_format(arena, "%.*s%s%.*s", STR_FMT(text), i ? " " : "",
                STR_FMT(list->items.items[i]->text));
    }
    return text;
}

static void test_handlers_are_those_that_the_change_runs(void **state)
{
    (void)state;
    static const struct {
        PlanAction action;
        PlanEffect effect;
        bool kept;
        const char *actions;
    } ROWS[] = {
        {PLAN_ADD, PLAN_IN_PLACE, false, "t:Create t:Delete t:Get t:Tag"},
        {PLAN_MODIFY, PLAN_IN_PLACE, false, "t:Get t:Set t:Tag"},
        {PLAN_MODIFY, PLAN_MAY_REPLACE, false, "t:Create t:Delete t:Get t:Set t:Tag"},
        {PLAN_REMOVE, PLAN_IN_PLACE, false, "t:Delete t:Get"},
        {PLAN_REMOVE, PLAN_IN_PLACE, true, ""},
        {PLAN_RENAME, PLAN_IN_PLACE, false, "t:Get t:Set t:Tag"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        Arena *arena = arena_new();
        PlanResource resource = {
            .action = ROWS[i].action, .effect = ROWS[i].effect, .kept = ROWS[i].kept};
        assert_string_equal(actions_of(arena, resource, SCHEMA).ptr, ROWS[i].actions);
        arena_free(arena);
    }
}

static void test_schemas_of_any_shape(void **state)
{
    (void)state;
    static const char *const SHAPES[] = {"{}", "[]", "{handlers: []}", "{handlers: {create: 5}}",
        "{handlers: {create: {permissions: {a: 1}}}}",
        "{handlers: {create: {permissions: [[], {}]}}}"};
    for (size_t i = 0; i < sizeof SHAPES / sizeof *SHAPES; i++) {
        Arena *arena = arena_new();
        assert_string_equal(
            actions_of(arena, (PlanResource){.action = PLAN_ADD}, SHAPES[i]).ptr, "");
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_handlers_are_those_that_the_change_runs),
        cmocka_unit_test(test_schemas_of_any_shape),
    };
    return cmocka_run_group_tests_name("plan/policy", tests, NULL, NULL);
}
