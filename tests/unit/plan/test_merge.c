#include "tests/unit/plan/plan_fixture.h"

enum { MAX_DETAILS = 3 };

typedef struct Row {
    const char *before; // resources
    const char *after;
    CfnChange change; // `details` stand beside it
    CfnDetail details[MAX_DETAILS];
    const char *plan;
} Row;

static CfnChangeSet change_set(Arena *arena, const Row *row)
{
    CfnChangeSet set = {0};
    CfnChange change = row->change;
    for (size_t i = 0; i < MAX_DETAILS && row->details[i].attribute.len; i++)
        VEC_ADD(arena, &change.details, row->details[i]);
    if (change.logical_id.len)
        VEC_ADD(arena, &set.changes, change);
    return set;
}

static void check_rows(const Row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Arena *arena = arena_new();
        PlanStack *plan = plan_stack(arena, fixture_resources(arena, rows[i].before),
            fixture_resources(arena, rows[i].after), NULL, STR("main"));
        CfnChangeSet set = change_set(arena, &rows[i]);
        plan_merge(arena, plan, &set, &set);
        assert_string_equal(fixture_plan(arena, plan).ptr, rows[i].plan);
        arena_free(arena);
    }
}

#define CHECK(rows) check_rows(rows, sizeof(rows) / sizeof *(rows))
#define CHANGE(verb, id, kind, ...)                                                                \
    {                                                                                              \
        .action = (verb), .logical_id = STR(id), .type = STR(kind), __VA_ARGS__                    \
    }
#define NO_CHANGE                                                                                  \
    {                                                                                              \
        .action = CFN_ACTION_UNKNOWN                                                               \
    }
#define NO_DETAILS                                                                                 \
    {                                                                                              \
        {                                                                                          \
            .dynamic = false                                                                       \
        }                                                                                          \
    }
#define TOPIC(name) "A: {Type: AWS::SNS::Topic, Properties: {" name "}}"

static void test_the_worse_of_both_counts(void **state)
{
    (void)state;
    const Row ROWS[] = {
        // AWS left it out.
        {TOPIC("TopicName: a"), TOPIC("TopicName: b"), NO_CHANGE, NO_DETAILS,
            "modify A replaces\n  /Properties/TopicName: \"a\" -> \"b\" replaces"},
        // AWS calls harmless what the schema does not.
        {TOPIC("TopicName: a"), TOPIC("TopicName: b"),
            CHANGE(CFN_MODIFY, "A", "AWS::SNS::Topic", .replacement = CFN_REPLACEMENT_FALSE),
            NO_DETAILS, "modify A replaces\n  /Properties/TopicName: \"a\" -> \"b\" replaces"},
        // AWS knows of a replacement that the schema does not.
        {TOPIC("DisplayName: a"), TOPIC("DisplayName: b"),
            CHANGE(CFN_MODIFY, "A", "AWS::SNS::Topic", .replacement = CFN_REPLACEMENT_TRUE,
                .policy_action = STR("ReplaceAndDelete")),
            {{.attribute = STR("Properties"),
                .name = STR("DisplayName"),
                .recreation = CFN_RECREATION_ALWAYS}},
            "modify A replaces\n  /Properties/DisplayName: \"a\" -> \"b\" replaces"},
        // What only AWS sees.
        {TOPIC("DisplayName: a"), TOPIC("DisplayName: a"),
            CHANGE(CFN_REMOVE, "T", "AWS::DynamoDB::Table", .policy_action = STR("Retain")),
            NO_DETAILS, "remove T [the items of a table: Retain]"},
        {"", "",
            CHANGE(CFN_IMPORT, "T", "AWS::DynamoDB::Table", .replacement = CFN_REPLACEMENT_NONE),
            NO_DETAILS, "import T"},
        {"", "",
            CHANGE(CFN_DYNAMIC, "T", "AWS::DynamoDB::Table", .replacement = CFN_REPLACEMENT_NONE),
            NO_DETAILS, "dynamic T unknown [the items of a table: ]"},
        {"", "", CHANGE(CFN_SYNC_WITH_ACTUAL, "T", "AWS::DynamoDB::Table", .physical_id = STR("t")),
            NO_DETAILS, ""},
    };
    CHECK(ROWS);
}

static void test_how_sure_a_replacement_is(void **state)
{
    (void)state;
#define CUSTOM(value) "C: {Type: Custom::C, Properties: {P: " value "}}"
#define MODIFY(how) CHANGE(CFN_MODIFY, "C", "Custom::C", .replacement = (how))
#define DETAIL(how, is_dynamic)                                                                    \
    {                                                                                              \
        .attribute = STR("Properties"), .name = STR("P"), .recreation = (how),                     \
        .dynamic = (is_dynamic)                                                                    \
    }
    const Row ROWS[] = {
        // No schema knows, but AWS does.
        {CUSTOM("1"), CUSTOM("2"), MODIFY(CFN_REPLACEMENT_FALSE),
            {DETAIL(CFN_RECREATION_NEVER, false)},
            "modify C in-place\n  /Properties/P: 1 -> 2 in-place"},
        {CUSTOM("1"), CUSTOM("2"), MODIFY(CFN_REPLACEMENT_TRUE),
            {DETAIL(CFN_RECREATION_ALWAYS, false)},
            "modify C replaces\n  /Properties/P: 1 -> 2 replaces"},
        // A property that changes through a parameter has two details.
        {CUSTOM("1"), CUSTOM("2"), MODIFY(CFN_REPLACEMENT_TRUE),
            {DETAIL(CFN_RECREATION_ALWAYS, true), DETAIL(CFN_RECREATION_ALWAYS, false)},
            "modify C replaces\n  /Properties/P: 1 -> 2 replaces"},
        {CUSTOM("1"), CUSTOM("2"), MODIFY(CFN_REPLACEMENT_TRUE),
            {DETAIL(CFN_RECREATION_ALWAYS, true)},
            "modify C may-replace\n  /Properties/P: 1 -> 2 may-replace"},
        {CUSTOM("1"), CUSTOM("2"), MODIFY(CFN_REPLACEMENT_CONDITIONAL),
            {DETAIL(CFN_RECREATION_CONDITIONALLY, false)},
            "modify C may-replace\n  /Properties/P: 1 -> 2 may-replace"},
        // Nothing says why.
        {CUSTOM("1"), CUSTOM("2"), MODIFY(CFN_REPLACEMENT_TRUE), NO_DETAILS,
            "modify C replaces\n  /Properties/P: 1 -> 2 unknown"},
    };
    CHECK(ROWS);
}

static void test_values_that_only_aws_knows(void **state)
{
    (void)state;
#define VALUES(old, new)                                                                           \
    {                                                                                              \
        .attribute = STR("Properties"), .name = STR("DisplayName"), .before = STR(old),            \
        .after = STR(new), .recreation = CFN_RECREATION_NEVER, .cause = STR("P")                   \
    }
#define UPDATE CHANGE(CFN_MODIFY, "A", "AWS::SNS::Topic", .replacement = CFN_REPLACEMENT_FALSE)
    const Row ROWS[] = {
        {TOPIC("DisplayName: a"), TOPIC("DisplayName: !Ref P"), UPDATE, {VALUES("a", "b")},
            "modify A in-place\n  /Properties/DisplayName: \"a\" -> \"b\" in-place by P"},
        {TOPIC("DisplayName: !Ref P"), TOPIC("DisplayName: !Ref P"), UPDATE,
            {VALUES("a", "{{changeSet:KNOWN_AFTER_APPLY}}")},
            "modify A in-place\n  /Properties/DisplayName: \"a\" ->  in-place by P"},
        {TOPIC("DisplayName: a"), TOPIC("DisplayName: !Ref P"), UPDATE,
            {VALUES("a", "{{changeSet:KNOWN_AFTER_APPLY}}")},
            "modify A in-place\n"
            "  /Properties/DisplayName: \"a\" -> {\"Ref\":\"P\"} in-place by P"},
        // Parts are told by the templates alone.
        {TOPIC("Tags: [{Key: a, Value: 1}]"), TOPIC("Tags: [{Key: a, Value: 2}]"), UPDATE,
            {{.attribute = STR("Properties"),
                .name = STR("Tags"),
                .recreation = CFN_RECREATION_NEVER}},
            "modify A in-place\n  /Properties/Tags/a/Value: 1 -> 2 in-place"},
    };
    CHECK(ROWS);
}

static void test_what_a_condition_keeps_out_is_no_change(void **state)
{
    (void)state;
    static const char WITH[] = "A: {Type: AWS::SNS::Topic, Condition: C}";
    const Row ROWS[] = {
        {"", WITH, NO_CHANGE, NO_DETAILS, ""},
        {WITH, "", NO_CHANGE, NO_DETAILS, ""},
        {WITH, "", CHANGE(CFN_REMOVE, "A", "AWS::SNS::Topic", .physical_id = STR("arn")),
            NO_DETAILS, "remove A"},
        {"", "A: {Type: AWS::SNS::Topic}", NO_CHANGE, NO_DETAILS, "add A"},
    };
    CHECK(ROWS);
}

static void test_what_flows_is_for_aws_to_tell(void **state)
{
    (void)state;
    static const char BEFORE[] = "A: {Type: AWS::SNS::Topic, Properties: {TopicName: a}},"
                                 "T: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Ref A}}";
    static const char AFTER[] = "A: {Type: AWS::SNS::Topic, Properties: {TopicName: b}},"
                                "T: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Ref A}}";
    const Row ROWS[] = {
        {BEFORE, AFTER, NO_CHANGE, NO_DETAILS,
            "modify A replaces\n  /Properties/TopicName: \"a\" -> \"b\" replaces"},
        {BEFORE, AFTER,
            CHANGE(CFN_MODIFY, "T", "AWS::DynamoDB::Table", .replacement = CFN_REPLACEMENT_TRUE),
            {{.attribute = STR("Properties"),
                .name = STR("TableName"),
                .dynamic = true,
                .recreation = CFN_RECREATION_ALWAYS,
                .cause = STR("A")}},
            "modify A replaces\n  /Properties/TopicName: \"a\" -> \"b\" replaces\n"
            "modify T may-replace [the items of a table: Delete]\n"
            "  /Properties/TableName: {\"Ref\":\"A\"} -> {\"Ref\":\"A\"} may-replace by A"},
        // Another way to write what may be the same.
        {"T: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Ref P}}",
            "T: {Type: AWS::DynamoDB::Table, Properties: {TableName: a}}", NO_CHANGE, NO_DETAILS,
            ""},
        {"T: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Ref P}}",
            "T: {Type: AWS::DynamoDB::Table, Properties: {TableName: a}}",
            CHANGE(CFN_MODIFY, "T", "AWS::DynamoDB::Table", .replacement = CFN_REPLACEMENT_TRUE,
                .policy_action = STR("ReplaceAndDelete")),
            {{.attribute = STR("Properties"),
                .name = STR("TableName"),
                .before = STR("b"),
                .after = STR("a"),
                .recreation = CFN_RECREATION_ALWAYS}},
            "modify T replaces [the items of a table: Delete]\n"
            "  /Properties/TableName: \"b\" -> \"a\" replaces"},
        // A condition that changes would take it away or add it.
        {"T: {Type: AWS::DynamoDB::Table, Condition: C}",
            "T: {Type: AWS::DynamoDB::Table, Condition: D}", NO_CHANGE, NO_DETAILS, ""},
        {"T: {Type: AWS::DynamoDB::Table, Condition: C}",
            "T: {Type: AWS::DynamoDB::Table, Condition: D}",
            CHANGE(CFN_REMOVE, "T", "AWS::DynamoDB::Table", .policy_action = STR("Delete")),
            NO_DETAILS,
            "remove T [the items of a table: Delete]\n"
            "  /Condition: \"C\" -> \"D\" in-place"},
    };
    CHECK(ROWS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_worse_of_both_counts),
        cmocka_unit_test(test_how_sure_a_replacement_is),
        cmocka_unit_test(test_values_that_only_aws_knows),
        cmocka_unit_test(test_what_a_condition_keeps_out_is_no_change),
        cmocka_unit_test(test_what_flows_is_for_aws_to_tell),
    };
    return cmocka_run_group_tests_name("plan/merge", tests, NULL, NULL);
}
