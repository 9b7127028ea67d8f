#include "tests/unit/plan/plan_fixture.h"

typedef struct Row {
    const char *before; // resources
    const char *after;
    const char *deny;  // "add modify replace delete"
    const char *allow; // of the guard
    const char *given; // by --allow
    const char *obstacles;
} Row;

// A guard over the resource A and all log groups.
static Manifest guarded(Arena *arena, const Row *row)
{
    Manifest manifest = {0};
    Str deny = str_of(row->deny);
    ManifestProtection protection = {.title = STR("keep it"),
        .stack = STR("main"),
        .add = str_find(deny, STR("add"), 0) != SIZE_MAX,
        .modify = str_find(deny, STR("modify"), 0) != SIZE_MAX,
        .replace = str_find(deny, STR("replace"), 0) != SIZE_MAX,
        .remove = str_find(deny, STR("delete"), 0) != SIZE_MAX,
        .allow = str_of(row->allow),
        .lifted = str_find(deny, STR("lifted"), 0) != SIZE_MAX};
    VEC_ADD(arena, &protection.resources, STR("A"));
    VEC_ADD(arena, &protection.types, STR("AWS::Logs::LogGroup"));
    if (deny.len)
        VEC_ADD(arena, &manifest.protections, protection);
    ManifestRename rename = {.stack = STR("main"), .from = STR("A"), .to = STR("Moved")};
    VEC_ADD(arena, &manifest.renames, rename);
    return manifest;
}

static Str obstacles(Arena *arena, const Plan *plan)
{
    Str text = STR("");
    for (size_t i = 0; i < plan->obstacles.len; i++)
        text = str_format(arena, "%.*s%s%.*s [%.*s]", STR_FMT(text), i ? "\n" : "",
            STR_FMT(plan->obstacles.items[i].text), STR_FMT(plan->obstacles.items[i].allow));
    return text;
}

static void check_rows(const Row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Arena *arena = arena_new();
        Manifest manifest = guarded(arena, &rows[i]);
        PlanStack *stack = plan_stack(arena, fixture_resources(arena, rows[i].before),
            fixture_resources(arena, rows[i].after), &manifest, STR("main"));
        Plan plan = {.stacks = {stack, 1, 1}};
        Str allowed = str_of(rows[i].given);
        plan_judge(arena, &plan, &manifest, &allowed, allowed.len ? 1 : 0);
        assert_string_equal(obstacles(arena, &plan).ptr, rows[i].obstacles);
        arena_free(arena);
    }
}

#define CHECK(rows) check_rows(rows, sizeof(rows) / sizeof *(rows))
#define TOPIC(id, name) id ": {Type: AWS::SNS::Topic, Properties: {" name "}}"

static void test_guards_deny_what_they_say(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {TOPIC("A", "DisplayName: a"), TOPIC("A", "DisplayName: b"), "replace delete", "", "", ""},
        {TOPIC("A", "DisplayName: a"), TOPIC("A", "DisplayName: b"), "modify", "", "",
            "'A' is modified, which the guard 'keep it' denies []"},
        {TOPIC("A", "TopicName: a"), TOPIC("A", "TopicName: b"), "modify", "", "", ""},
        {TOPIC("A", "TopicName: a"), TOPIC("A", "TopicName: b"), "replace", "go", "",
            "'A' is replaced, which the guard 'keep it' denies [go]"},
        {TOPIC("A", "TopicName: a"), "", "delete", "go", "",
            "'A' is removed, which the guard 'keep it' denies [go]"},
        {"", TOPIC("A", "TopicName: a"), "add", "go", "",
            "'A' is added, which the guard 'keep it' denies [go]"},
        {TOPIC("A", "TopicName: a"), "", "delete", "go", "go", ""},
        {TOPIC("A", "TopicName: a"), "", "delete", "go", "A", // of data, not of guards
            "'A' is removed, which the guard 'keep it' denies [go]"},
        {TOPIC("A", "TopicName: a"), "", "delete lifted", "go", "", ""},
        {TOPIC("B", "TopicName: a"), "", "delete", "go", "", ""},
        // "May replace" counts, and so does what no schema knows.
        {"A: {Type: Custom::A, Properties: {P: 1}}", "A: {Type: Custom::A, Properties: {P: 2}}",
            "replace", "go", "", "'A' may be replaced, which the guard 'keep it' denies [go]"},
        {"A: {Type: Custom::A, Properties: {P: 1}}", "A: {Type: Custom::A, Properties: {P: 2}}",
            "modify", "go", "", "'A' is modified, which the guard 'keep it' denies [go]"},
        // By type.
        {"L: {Type: AWS::Logs::LogGroup, DeletionPolicy: Retain}", "", "delete", "go", "",
            "'L' is removed, which the guard 'keep it' denies [go]"},
        // A renamed resource stays under guard, and is not deleted.
        {TOPIC("A", "TopicName: a"), TOPIC("Moved", "TopicName: a"), "delete replace modify", "",
            "", ""},
        {TOPIC("A", "TopicName: a"), TOPIC("Moved", "TopicName: b"), "replace", "", "",
            "'Moved' is replaced, which the guard 'keep it' denies []"},
    };
    CHECK(ROWS);
}

static void test_lost_data_has_to_be_allowed_by_name(void **state)
{
    (void)state;
#define TABLE(more) "T: {Type: AWS::DynamoDB::Table" more "}"
    static const Row ROWS[] = {
        {TABLE(""), "", "", "", "", "'T' is removed, which loses the items of a table [T]"},
        {TABLE(""), "", "", "", "T", ""},
        {TABLE(""), "", "", "", "U", "'T' is removed, which loses the items of a table [T]"},
        {TABLE(", DeletionPolicy: Retain"), "", "", "", "", ""},
        {"D: {Type: AWS::RDS::DBCluster}", "", "", "", "",
            "'D' is removed, which leaves no more than a snapshot of a database [D]"},
        {TABLE(", Properties: {TableName: a}"), TABLE(", Properties: {TableName: b}"), "", "", "",
            "'T' is replaced, which loses the items of a table [T]"},
        {TABLE(", UpdateReplacePolicy: Retain, Properties: {TableName: a}"),
            TABLE(", UpdateReplacePolicy: Retain, Properties: {TableName: b}"), "", "", "",
            "'T' is replaced, which starts empty beside the items of a table [T]"},
        {TABLE(""), TABLE(", Condition: C"), "", "", "",
            "'T' may be replaced, which loses the items of a table [T]"},
        {TABLE(""), TABLE(", Properties: {BillingMode: PROVISIONED}"), "", "", "", ""},
    };
    CHECK(ROWS);
}

static void test_what_cannot_work_is_told_before(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {"P: {Type: AWS::IAM::Role, Properties: {RoleName: r, Path: /a/}}",
            "P: {Type: AWS::IAM::Role, Properties: {RoleName: r, Path: /b/}}", "", "", "",
            "'P' is replaced, but the new one cannot be called \"r\" while the old one has that "
            "name; give it another name [P]"},
        {TOPIC("B", "TopicName: t"), TOPIC("C", "TopicName: t"), "", "", "",
            "'C' cannot be called \"t\" while 'B' has that name [C]"},
        {TOPIC("B", "TopicName: t"), TOPIC("C", "TopicName: t"), "", "", "C", ""},
        {"B: {Type: AWS::SNS::Topic}", "B: {Type: AWS::IAM::Role}", "", "", "",
            "'B' gets another type, which CloudFormation refuses; give it another logical id []"},
        {"B: {Type: AWS::Serverless::Function}", "B: {Type: AWS::Lambda::Function}", "", "", "",
            ""},
    };
    CHECK(ROWS);
}

static void test_what_is_moved_is_not_to_be_removed(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const Row row = {
        "A: {Type: AWS::SNS::Topic}", "Moved: {Type: AWS::SNS::Topic}", "", "", "", ""};
    Manifest manifest = guarded(arena, &row);
    PlanStack *stack = plan_stack(arena, fixture_resources(arena, row.before),
        fixture_resources(arena, row.after), &manifest, STR("main"));
    Plan plan = {.stacks = {stack, 1, 1}};
    plan_judge(arena, &plan, &manifest, NULL, 0);
    assert_int_equal(plan.obstacles.len, 0);
    // A change set that has not seen the move.
    CfnChangeSet set = {0};
    CfnChange add = {.action = CFN_ADD, .logical_id = STR("Moved"), .type = STR("AWS::SNS::Topic")};
    CfnChange remove = {
        .action = CFN_REMOVE, .logical_id = STR("A"), .type = STR("AWS::SNS::Topic")};
    VEC_ADD(arena, &set.changes, add);
    VEC_ADD(arena, &set.changes, remove);
    plan_merge(arena, stack, &set, &set);
    assert_string_equal(fixture_plan(arena, stack).ptr, "add Moved from A\nremove A");
    plan_judge(arena, &plan, &manifest, NULL, 0);
    assert_string_equal(obstacles(arena, &plan).ptr,
        "'A' is removed, though the program moves it to 'Moved': 'altc refactor' renames what is "
        "deployed [A]");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_guards_deny_what_they_say),
        cmocka_unit_test(test_lost_data_has_to_be_allowed_by_name),
        cmocka_unit_test(test_what_cannot_work_is_told_before),
        cmocka_unit_test(test_what_is_moved_is_not_to_be_removed),
    };
    return cmocka_run_group_tests_name("plan/judge", tests, NULL, NULL);
}
