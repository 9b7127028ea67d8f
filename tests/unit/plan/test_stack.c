#include "tests/unit/plan/plan_fixture.h"

typedef struct Row {
    const char *before; // resources
    const char *after;
    const char *plan;
} Row;

static void check_rows(const Row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Arena *arena = arena_new();
        const PlanStack *plan = plan_stack(arena, fixture_resources(arena, rows[i].before),
            fixture_resources(arena, rows[i].after), NULL, STR("main"));
        assert_string_equal(fixture_plan(arena, plan).ptr, rows[i].plan);
        arena_free(arena);
    }
}

#define CHECK(rows) check_rows(rows, sizeof(rows) / sizeof *(rows))

static void test_resources_come_change_and_go(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {"A: {Type: AWS::SNS::Topic}", "A: {Type: AWS::SNS::Topic}", ""},
        {"", "A: {Type: AWS::SNS::Topic}", "add A"},
        {"A: {Type: AWS::SNS::Topic}", "", "remove A"},
        {"F: {Type: AWS::Lambda::Function, Properties: {MemorySize: 128}}",
            "F: {Type: AWS::Lambda::Function, Properties: {MemorySize: 256, Timeout: 5}}",
            "modify F in-place\n"
            "  /Properties/MemorySize: 128 -> 256 in-place\n"
            "  /Properties/Timeout:  -> 5 in-place"},
        {"F: {Type: AWS::Lambda::Function, Properties: {FunctionName: a}}",
            "F: {Type: AWS::Lambda::Function, Properties: {FunctionName: b}}",
            "modify F replaces\n  /Properties/FunctionName: \"a\" -> \"b\" replaces"},
        // New ones in the order of the new template, removed ones behind.
        {"Old: {Type: AWS::SNS::Topic}, Kept: {Type: AWS::SNS::Topic}",
            "New: {Type: AWS::SNS::Topic}, Kept: {Type: AWS::SNS::Topic}", "add New\nremove Old"},
        // Another type is another resource.
        {"A: {Type: AWS::SNS::Topic}", "A: {Type: AWS::IAM::Role}",
            "modify A replaces\n"
            "  /Type: \"AWS::SNS::Topic\" -> \"AWS::IAM::Role\" replaces"},
    };
    CHECK(ROWS);
}

// A topic whose DisplayName is this.
#define TOPIC(name) "A: {Type: AWS::SNS::Topic, Properties: {DisplayName: " name "}}"

static void test_texts_may_be_put_together_in_two_ways(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        const char *after;
        bool same;
    } ROWS[] = {
        {TOPIC("!Join ['', [a-, !Ref B, '-', !GetAtt C.Arn]]"), TOPIC("!Sub 'a-${B}-${C.Arn}'"),
            true},
        {TOPIC("!Sub 'a-${B}'"), TOPIC("!Join [-, [a, !Sub '${B}']]"), true},
        {TOPIC("!Join ['', [a, 5]]"), TOPIC("a5"), true},
        {TOPIC("!Join ['', ['$', '{x}']]"), TOPIC("!Sub '${!x}'"), true},
        {TOPIC("!Join ['', ['$', '{x}']]"), TOPIC("!Sub '${x}'"), false},
        {TOPIC("!Join ['', ['${x}']]"), TOPIC("!Sub '${!x}'"), true},
        {TOPIC("!Join ['', ['${x}']]"), TOPIC("!Sub '${x}'"), false},
        {TOPIC("!Join ['', [a, !Ref B]]"), TOPIC("!Sub 'a-${B}'"), false},
        {TOPIC("!Join ['', !Ref B]"), TOPIC("!Sub '${B}'"), false},
        {TOPIC("!Join ['', [!Select [0, !Ref B]]]"), TOPIC("!Sub '${B}'"), false},
        {TOPIC("!Sub ['${x}', {x: !Ref B}]"), TOPIC("!Sub '${B}'"), false},
        {TOPIC("!Join [-]"), TOPIC("!Sub ''"), false},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        Arena *arena = arena_new();
        const PlanStack *plan = plan_stack(arena, fixture_resources(arena, ROWS[i].before),
            fixture_resources(arena, ROWS[i].after), NULL, STR("main"));
        if ((plan->resources.len == 0) != ROWS[i].same)
            fail_msg("%s, %s", ROWS[i].before, ROWS[i].after);
        arena_free(arena);
    }
}

static void test_values_are_compared_as_cloudformation_takes_them(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {"F: {Type: AWS::Lambda::Function, Properties: {MemorySize: 128}}",
            "F: {Type: AWS::Lambda::Function, Properties: {MemorySize: '128'}}", ""},
        {"Q: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}",
            "Q: {Type: AWS::SQS::Queue, Properties: {FifoQueue: 'true'}}", ""},
        {"A: {Type: AWS::SNS::Topic, Properties: {TopicName: a, DisplayName: b}}",
            "A: {Properties: {DisplayName: b, TopicName: a}, Type: AWS::SNS::Topic}", ""},
        // Order of an instance's map does not matter, that of a list does.
        {"A: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub ['${x}${y}', {x: 1, y: 2}]}}",
            "A: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub ['${x}${y}', {y: 2, x: "
            "1}]}}",
            ""},
        {"A: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Join ['', [a, b]]}}",
            "A: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Join ['', [b, a]]}}",
            "modify A in-place\n"
            "  /Properties/DisplayName: {\"Fn::Join\":[\"\",[\"a\",\"b\"]]} -> "
            "{\"Fn::Join\":[\"\",[\"b\",\"a\"]]} in-place"},
        // An item that is put in is one item.
        {"F: {Type: AWS::Lambda::Function, Properties: {Architectures: [], Layers: [a, c]}}",
            "F: {Type: AWS::Lambda::Function, Properties: {Architectures: [], Layers: [a, b, c]}}",
            "modify F in-place\n  /Properties/Layers/1:  -> \"b\" in-place"},
        // Tags have no order.
        {"A: {Type: AWS::SNS::Topic, Properties: {Tags: [{Key: a, Value: 1}, {Key: b, Value: 2}]}}",
            "A: {Type: AWS::SNS::Topic, Properties: {Tags: [{Key: b, Value: 3}, {Key: a, Value: "
            "1}]}}",
            "modify A in-place\n  /Properties/Tags/b/Value: 2 -> 3 in-place"},
        {"A: {Type: AWS::SNS::Topic, Properties: {Tags: [{Key: a, Value: 1}, {Key: b, Value: 2}]}}",
            "A: {Type: AWS::SNS::Topic, Properties: {Tags: [{Key: b, Value: 2}, {Key: a, Value: "
            "1}]}}",
            ""},
    };
    CHECK(ROWS);
}

static void test_verdicts_are_those_of_the_part_that_changes(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        // Keys of a free map and what lies in a policy document belong to their property.
        {"F: {Type: AWS::Lambda::Function, Properties: {Environment: {Variables: {A.b: 1}}}}",
            "F: {Type: AWS::Lambda::Function, Properties: {Environment: {Variables: {A.b: 2}}}}",
            "modify F in-place\n  /Properties/Environment/Variables/A.b: 1 -> 2 in-place"},
        {"R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: a}}}",
            "R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: b}}}",
            "modify R in-place\n"
            "  /Properties/AssumeRolePolicyDocument/Version: \"a\" -> \"b\" in-place"},
        // Only what is there counts of a property that has create-only parts.
        {"I: {Type: AWS::EC2::Subnet, Properties: {VpcId: a, MapPublicIpOnLaunch: true}}",
            "I: {Type: AWS::EC2::Subnet, Properties: {VpcId: b, MapPublicIpOnLaunch: false}}",
            "modify I replaces\n"
            "  /Properties/VpcId: \"a\" -> \"b\" replaces\n"
            "  /Properties/MapPublicIpOnLaunch: true -> false in-place"},
        {"C: {Type: Custom::Thing, Properties: {A: 1}}",
            "C: {Type: Custom::Thing, Properties: {A: 2}}",
            "modify C unknown\n  /Properties/A: 1 -> 2 unknown"},
        {"A: {Type: AWS::SNS::Topic, Metadata: {a: 1}, DependsOn: [B]}",
            "A: {Type: AWS::SNS::Topic, Metadata: {a: 2}, UpdateReplacePolicy: Retain}",
            "modify A in-place\n"
            "  /Metadata/a: 1 -> 2 in-place\n"
            "  /UpdateReplacePolicy:  -> \"Retain\" in-place\n"
            "  /DependsOn: [\"B\"] ->  in-place"},
        {"A: {Type: AWS::SNS::Topic}", "A: {Type: AWS::SNS::Topic, Condition: Live}",
            "modify A unknown\n  /Condition:  -> \"Live\" unknown"},
    };
    CHECK(ROWS);
}

static void test_what_holds_data_says_what_becomes_of_it(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {"T: {Type: AWS::DynamoDB::Table}", "", "remove T [the items of a table: Delete]"},
        {"T: {Type: AWS::DynamoDB::Table, DeletionPolicy: RetainExceptOnCreate}", "",
            "remove T [the items of a table: Retain]"},
        {"D: {Type: AWS::RDS::DBCluster}", "", "remove D [a database: Snapshot]"},
        // What becomes of the old one has to be said by both.
        {"T: {Type: AWS::DynamoDB::Table, Properties: {TableName: a}}",
            "T: {Type: AWS::DynamoDB::Table, UpdateReplacePolicy: Retain, Properties: {TableName: "
            "b}}",
            "modify T replaces [the items of a table: Delete]\n"
            "  /UpdateReplacePolicy:  -> \"Retain\" in-place\n"
            "  /Properties/TableName: \"a\" -> \"b\" replaces"},
        {"T: {Type: AWS::DynamoDB::Table, UpdateReplacePolicy: Retain, Properties: {TableName: a}}",
            "T: {Type: AWS::DynamoDB::Table, UpdateReplacePolicy: Retain, Properties: {TableName: "
            "b}}",
            "modify T replaces [the items of a table: Retain]\n"
            "  /Properties/TableName: \"a\" -> \"b\" replaces"},
    };
    CHECK(ROWS);
}

static void test_a_replacement_flows_to_what_refers_to_it(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {"V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}},"
         "S: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref V}},"
         "I: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref S}},"
         "T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub 'x ${V.CidrBlock}'}},"
         "U: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub '${!V}'}}",
            "V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}},"
            "S: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref V}},"
            "I: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref S}},"
            "T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub 'x ${V.CidrBlock}'}},"
            "U: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub '${!V}'}}",
            "modify V replaces\n"
            "  /Properties/CidrBlock: \"10.0.0.0/16\" -> \"10.1.0.0/16\" replaces\n"
            "modify S may-replace\n"
            "  /Properties/VpcId: {\"Ref\":\"V\"} -> {\"Ref\":\"V\"} may-replace by V\n"
            "modify I may-replace\n"
            "  /Properties/SubnetId: {\"Ref\":\"S\"} -> {\"Ref\":\"S\"} may-replace by S\n"
            "modify T in-place\n"
            "  /Properties/DisplayName: {\"Fn::Sub\":\"x ${V.CidrBlock}\"} -> "
            "{\"Fn::Sub\":\"x ${V.CidrBlock}\"} in-place by V"},
        // An update in place gives no more than the attribute that changes.
        {"A: {Type: AWS::SNS::Topic, Properties: {DisplayName: a}},"
         "B: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt A.DisplayName}},"
         "C: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt A.TopicName}}",
            "A: {Type: AWS::SNS::Topic, Properties: {DisplayName: b}},"
            "B: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt A.DisplayName}},"
            "C: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt A.TopicName}}",
            "modify A in-place\n"
            "  /Properties/DisplayName: \"a\" -> \"b\" in-place\n"
            "modify B in-place\n"
            "  /Properties/DisplayName: {\"Fn::GetAtt\":[\"A\",\"DisplayName\"]} -> "
            "{\"Fn::GetAtt\":[\"A\",\"DisplayName\"]} in-place by A"},
        // Two that refer to each other come to an end.
        {"A: {Type: Custom::A, Properties: {P: 1, B: !Ref B}}, B: {Type: Custom::A, Properties: "
         "{A: !Ref A}}",
            "A: {Type: Custom::A, Properties: {P: 2, B: !Ref B}}, B: {Type: Custom::A, Properties: "
            "{A: !Ref A}}",
            "modify A unknown\n"
            "  /Properties/P: 1 -> 2 unknown\n"
            "  /Properties/B: {\"Ref\":\"B\"} -> {\"Ref\":\"B\"} unknown by B\n"
            "modify B unknown\n"
            "  /Properties/A: {\"Ref\":\"A\"} -> {\"Ref\":\"A\"} unknown by A"},
    };
    CHECK(ROWS);
}

static void test_parameters_mappings_and_conditions_flow(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        const char *after;
        const char *resource;
        const char *plan;
    } ROWS[] = {
        {"Parameters: {P: {Type: String, Default: a}}",
            "Parameters: {P: {Type: String, Default: b}}",
            "{Type: AWS::SNS::Topic, Properties: {TopicName: !Ref P}}",
            "modify A may-replace\n"
            "  /Properties/TopicName: {\"Ref\":\"P\"} -> {\"Ref\":\"P\"} may-replace by P\n"
            "  /Parameters/P/Default: \"a\" -> \"b\""},
        {"Parameters: {P: {Type: String, NoEcho: true, Default: a}}",
            "Parameters: {P: {Type: String, NoEcho: true, Default: b}}", "{Type: AWS::SNS::Topic}",
            "\n  /Parameters/P/Default: \"****\" -> \"****\""},
        {"Mappings: {M: {a: {b: 1}}}", "Mappings: {M: {a: {b: 2}}}",
            "{Type: AWS::SNS::Topic, Properties: {DisplayName: !FindInMap [M, a, b]}}",
            "modify A in-place\n"
            "  /Properties/DisplayName: {\"Fn::FindInMap\":[\"M\",\"a\",\"b\"]} -> "
            "{\"Fn::FindInMap\":[\"M\",\"a\",\"b\"]} in-place by M\n"
            "  /Mappings/M/a/b: 1 -> 2"},
        {"Conditions: {C: !Equals [a, a], D: !Not [{Condition: C}]}",
            "Conditions: {C: !Equals [a, b], D: !Not [{Condition: C}]}",
            "{Type: AWS::SNS::Topic, Condition: D, Properties: {DisplayName: !If [C, x, y]}}",
            "modify A unknown\n"
            "  /Properties/DisplayName: {\"Fn::If\":[\"C\",\"x\",\"y\"]} -> "
            "{\"Fn::If\":[\"C\",\"x\",\"y\"]} in-place by C\n"
            "  /Condition: \"D\" -> \"D\" unknown by D\n"
            "  /Conditions/C: {\"Fn::Equals\":[\"a\",\"a\"]} -> {\"Fn::Equals\":[\"a\",\"b\"]}"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        Arena *arena = arena_new();
        const char *sides[] = {ROWS[i].before, ROWS[i].after};
        const Datum *templates[2];
        for (size_t side = 0; side < 2; side++)
            templates[side] = fixture_template(arena,
                str_format(arena, "%s\nResources: {A: %s}", sides[side], ROWS[i].resource).ptr);
        const PlanStack *plan = plan_stack(arena, templates[0], templates[1], NULL, STR("main"));
        assert_string_equal(fixture_plan(arena, plan).ptr, ROWS[i].plan);
        arena_free(arena);
    }
}

static void test_names_that_are_taken(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        // The replacement meets what it replaces.
        {"Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}",
            "Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q, FifoQueue: true}}",
            "modify Q replaces [messages that wait: Delete] taken \"q\" by Q\n"
            "  /Properties/FifoQueue:  -> true replaces"},
        {"Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}",
            "Q: {Type: AWS::SQS::Queue, Properties: {QueueName: r, FifoQueue: true}}",
            "modify Q replaces [messages that wait: Delete]\n"
            "  /Properties/QueueName: \"q\" -> \"r\" replaces\n"
            "  /Properties/FifoQueue:  -> true replaces"},
        // The same name under another logical id.
        {"A: {Type: AWS::SNS::Topic, Properties: {TopicName: t}}",
            "B: {Type: AWS::SNS::Topic, Properties: {TopicName: t}}",
            "add B taken \"t\" by A\nremove A"},
        {"A: {Type: AWS::SNS::Topic, Properties: {TopicName: t}}",
            "B: {Type: AWS::SQS::Queue, Properties: {QueueName: t}}", "add B\nremove A"},
        {"",
            "A: {Type: AWS::SNS::Topic, Properties: {TopicName: t}},"
            "B: {Type: AWS::SNS::Topic, Properties: {TopicName: t}}",
            "add A\nadd B taken \"t\" by A"},
    };
    CHECK(ROWS);
}

static void test_secrets_are_masked(void **state)
{
    (void)state;
    static const Row ROWS[] = {
        {"D: {Type: AWS::RDS::DBInstance, Properties: {MasterUserPassword: a}}",
            "D: {Type: AWS::RDS::DBInstance, Properties: {MasterUserPassword: b}}",
            "modify D in-place\n  /Properties/MasterUserPassword: \"****\" -> \"****\" in-place"},
        {"F: {Type: AWS::Lambda::Function}",
            "F: {Type: AWS::Lambda::Function, Properties: {Environment: {Variables: "
            "{DB_PASSWORD: a, API_TOKEN: !Ref T, PLAIN: c}}}}",
            "modify F in-place\n"
            "  /Properties/Environment:  -> {\"Variables\":{\"DB_PASSWORD\":\"****\","
            "\"API_TOKEN\":{\"Ref\":\"T\"},\"PLAIN\":\"c\"}} in-place"},
    };
    CHECK(ROWS);
}

static void test_wrong_shapes_are_no_resources(void **state)
{
    (void)state;
    static const char *const SHAPES[] = {"[]", "5", "{Resources: []}", "{Resources: {A: 5}}",
        "{Resources: {A: {Type: [], Properties: 3, Condition: {}}}}",
        "{Resources: {A: {Type: AWS::SNS::Topic, Properties: [1]}}}",
        "{Resources: {'Fn::ForEach::X': [a, [b], {}]}}", "{Parameters: 5, Resources: {}}",
        "{Conditions: [1], Mappings: x, Outputs: 3, Resources: {}}",
        "{Resources: {A: {Type: AWS::SNS::Topic, Properties: {Tags: [1, {Key: []}, {Key: a}]}}}}"};
    for (size_t i = 0; i < sizeof SHAPES / sizeof *SHAPES; i++)
        for (size_t j = 0; j < sizeof SHAPES / sizeof *SHAPES; j++) {
            Arena *arena = arena_new();
            const PlanStack *plan = plan_stack(arena, fixture_template(arena, SHAPES[i]),
                fixture_template(arena, SHAPES[j]), NULL, STR("main"));
            Plan whole = {.stacks = {(PlanStack *)plan, 1, 1}};
            plan_judge(arena, &whole, NULL, NULL, 0);
            if (i == j)
                assert_false(plan_has_changes(&whole));
            arena_free(arena);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resources_come_change_and_go),
        cmocka_unit_test(test_texts_may_be_put_together_in_two_ways),
        cmocka_unit_test(test_values_are_compared_as_cloudformation_takes_them),
        cmocka_unit_test(test_verdicts_are_those_of_the_part_that_changes),
        cmocka_unit_test(test_what_holds_data_says_what_becomes_of_it),
        cmocka_unit_test(test_a_replacement_flows_to_what_refers_to_it),
        cmocka_unit_test(test_parameters_mappings_and_conditions_flow),
        cmocka_unit_test(test_names_that_are_taken),
        cmocka_unit_test(test_secrets_are_masked),
        cmocka_unit_test(test_wrong_shapes_are_no_resources),
    };
    return cmocka_run_group_tests_name("plan/stack", tests, NULL, NULL);
}
