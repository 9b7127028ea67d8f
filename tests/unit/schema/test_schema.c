// Types and nodes of the built-in database.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/schema/schema.h"

static SchemaType type_of(const char *name)
{
    SchemaType type = schema_find_type(schema_builtin(), str_of(name));
    assert_true(schema_type_exists(type));
    return type;
}

static SchemaProperty property_of(const char *type, const char *name)
{
    SchemaProperty property = {0};
    assert_true(schema_find_property(schema_type_root(type_of(type)), str_of(name), &property));
    return property;
}

static SchemaFacts facts_at(const char *type, const char *path)
{
    SchemaNode node = schema_node_at_path(type_of(type), str_of(path));
    assert_true(schema_node_exists(node));
    return schema_node_facts(node);
}

static void types_are_found_by_exact_name_only(void **state)
{
    (void)state;
    Schema schema = schema_builtin();
    assert_true(schema_type_count(schema) > 1800);
    assert_true(schema_type_exists(schema_find_type(schema, STR("AWS::S3::Bucket"))));
    assert_false(schema_type_exists(schema_find_type(schema, STR("AWS::S3::bucket"))));
    assert_false(schema_type_exists(schema_find_type(schema, STR("AWS::S3::Bucke"))));
    assert_false(schema_type_exists(schema_find_type(schema, STR("AWS::S3::Bucket "))));
    assert_false(schema_type_exists(schema_find_type(schema, STR(""))));
}

static void types_are_in_byte_order(void **state)
{
    (void)state;
    Schema schema = schema_builtin();
    for (size_t i = 1; i < schema_type_count(schema); i++)
        assert_true(str_compare(schema_type_name(schema_type_at(schema, i - 1)),
                        schema_type_name(schema_type_at(schema, i))) < 0);
}

static void every_type_is_found_and_its_root_is_an_object(void **state)
{
    (void)state;
    Schema schema = schema_builtin();
    for (size_t i = 0; i < schema_type_count(schema); i++) {
        Str name = schema_type_name(schema_type_at(schema, i));
        SchemaType type = schema_find_type(schema, name);
        SchemaFacts facts = schema_node_facts(schema_type_root(type));
        assert_int_equal(type.at, schema_type_at(schema, i).at);
        assert_int_equal(facts.types, SCHEMA_OBJECT);
        assert_int_equal(name.ptr[name.len], '\0');
    }
}

static void nothing_else_opens_as_a_database(void **state)
{
    (void)state;
    Schema schema;
    static const uint32_t nonsense[16] = {1, 2, 3};
    assert_false(schema_open(nonsense, sizeof nonsense, &schema));
    assert_false(schema_open(nonsense, 4, &schema));
    assert_false(schema_open(schema_builtin().bytes, schema_builtin().size - 1, &schema));
    assert_true(schema_open(schema_builtin().bytes, schema_builtin().size, &schema));
}

static void open_names_need_no_schema(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool open;
    } rows[] = {
        {"Custom::Thing", true},
        {"AWS::CloudFormation::CustomResource", true},
        {"Acme::Team::Thing::MODULE", true},
        {"AWS::Serverless::Function", true},
        {"Datadog::Monitors::Monitor", true},
        {"Alt::Site::Files", true},
        {"AWS::S3::Bucket", false},
        {"AWS::S3::Buckett", false},
        {"Alexa::ASK::Skill", false},
        {"Bucket", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(schema_is_open_name(str_of(rows[i].name)), rows[i].open);
}

static void a_string_has_its_limits(void **state)
{
    (void)state;
    SchemaFacts facts = facts_at("AWS::Lambda::Function", "Handler");
    assert_int_equal(facts.types, SCHEMA_STRING);
    assert_true(facts.max_length.present);
    assert_int_equal(facts.max_length.value, 128);
    assert_true(str_is(facts.pattern, "^[^\\s]+$"));
    assert_true(facts.pattern_usable);
    assert_false(facts.minimum.present);
    assert_int_equal(facts.values.len, 0);
}

static void a_number_has_its_range(void **state)
{
    (void)state;
    SchemaFacts facts = facts_at("AWS::Lambda::Function", "MemorySize");
    assert_int_equal(facts.types, SCHEMA_INTEGER);
    assert_true(facts.minimum.present);
    assert_true(facts.minimum.value == 128.0);
    assert_true(str_is(facts.minimum.text, "128"));
    assert_true(facts.maximum.present);
    assert_false(facts.exclusive_maximum.present);
}

static void values_are_listed_and_compared_by_text(void **state)
{
    (void)state;
    SchemaFacts facts = facts_at("AWS::Lambda::Function", "PackageType");
    assert_int_equal(facts.values.len, 2);
    assert_true(schema_literals_contain(facts.values, STR("Zip"), false));
    assert_false(schema_literals_contain(facts.values, STR("zip"), false));
    assert_true(schema_literals_contain(facts.values, STR("zip"), true));
    assert_int_equal(schema_literal_at(facts.values, 0).type, SCHEMA_STRING);
    assert_false(facts.values_grow);
}

static void lists_that_aws_extends_are_marked(void **state)
{
    (void)state;
    assert_true(facts_at("AWS::Lambda::Function", "Runtime").values_grow);
    assert_true(facts_at("AWS::SageMaker::NotebookInstance", "InstanceType").values_grow);
}

static void a_list_has_items(void **state)
{
    (void)state;
    SchemaFacts facts = facts_at("AWS::Lambda::Function", "Architectures");
    assert_int_equal(facts.types, SCHEMA_LIST);
    assert_true(facts.unique_items);
    assert_int_equal(facts.max_items.value, 1);
    SchemaFacts items = schema_node_facts(facts.items);
    assert_true(schema_literals_contain(items.values, STR("arm64"), false));
}

static void properties_are_sorted_and_found(void **state)
{
    (void)state;
    SchemaNode root = schema_type_root(type_of("AWS::S3::Bucket"));
    SchemaProperties properties = schema_node_facts(root).properties;
    SchemaProperty found;
    assert_true(properties.len > 20);
    for (size_t i = 0; i < properties.len; i++) {
        SchemaProperty property = schema_property_at(properties, i);
        assert_true(schema_find_property(root, property.name, &found));
        assert_true(schema_node_same(found.node, property.node));
        if (i)
            assert_true(str_compare(schema_property_at(properties, i - 1).name, property.name) < 0);
    }
    assert_false(schema_find_property(root, STR("Bucketname"), &found));
}

static void required_stands_at_the_property_and_the_object(void **state)
{
    (void)state;
    assert_true(property_of("AWS::Lambda::Function", "Code").required);
    assert_true(property_of("AWS::Lambda::Function", "Role").required);
    assert_false(property_of("AWS::Lambda::Function", "Handler").required);
    SchemaFacts facts = schema_node_facts(schema_type_root(type_of("AWS::Lambda::Function")));
    assert_true(schema_texts_contain(facts.required, STR("Code")));
    assert_int_equal(facts.required.len, 2);
    assert_true(facts.closed);
}

static void a_node_may_allow_several_types(void **state)
{
    (void)state;
    SchemaFacts facts = facts_at("AWS::SQS::Queue", "RedrivePolicy");
    assert_int_equal(facts.types, SCHEMA_OBJECT | SCHEMA_STRING);
}

static void maps_have_rules_for_their_keys(void **state)
{
    (void)state;
    SchemaFacts facts = facts_at("AWS::ApiGatewayV2::Api", "Tags");
    assert_int_equal(facts.pattern_properties.len, 1);
    assert_true(facts.closed);
    SchemaPatternRule rule = schema_pattern_rule_at(facts.pattern_properties, 0);
    assert_true(rule.pattern_usable);
    assert_int_equal(schema_node_facts(rule.node).types, SCHEMA_STRING);
}

static void alternatives_are_nodes(void **state)
{
    (void)state;
    SchemaFacts facts = facts_at(
        "AWS::APS::AnomalyDetector", "Configuration.RandomCutForest.IgnoreNearExpectedFromAbove");
    assert_int_equal(facts.one_of.len, 2);
    SchemaFacts first = schema_node_facts(schema_node_at(facts.one_of, 0));
    assert_int_equal(first.required.len, 1);
    assert_true(str_is(schema_text_at(first.required, 0), "Amount"));
}

static void conditions_hold_their_branches(void **state)
{
    (void)state;
    SchemaFacts facts = schema_node_facts(schema_type_root(type_of("AWS::S3::Bucket")));
    assert_true(facts.conditions.len > 0);
    SchemaCondition condition = schema_condition_at(facts.conditions, 0);
    assert_true(schema_node_exists(condition.if_node));
    assert_true(schema_node_exists(condition.then_node) || schema_node_exists(condition.else_node));
}

static void rules_keep_what_they_ask(void **state)
{
    (void)state;
    // The validator's schemas carry this one without its `not`, which would refuse every table.
    SchemaFacts table = schema_node_facts(schema_type_root(type_of("AWS::DynamoDB::Table")));
    bool found = false;
    for (size_t i = 0; i < table.conditions.len; i++) {
        SchemaCondition condition = schema_condition_at(table.conditions, i);
        SchemaFacts then = schema_node_facts(condition.then_node);
        SchemaProperty mode;
        if (!schema_texts_contain(then.required, STR("ProvisionedThroughput")))
            continue;
        found = true;
        assert_true(schema_find_property(condition.if_node, STR("BillingMode"), &mode));
        SchemaNode refused = schema_node_facts(mode.node).not_node;
        assert_true(str_is(schema_node_facts(refused).constant.text, "PAY_PER_REQUEST"));
    }
    assert_true(found);
}

static void conditions_over_foreign_properties_were_dropped(void **state)
{
    (void)state;
    SchemaFacts facts = schema_node_facts(schema_type_root(type_of("AWS::EC2::Instance")));
    assert_int_equal(facts.conditions.len, 0);
    assert_int_equal(facts.all_of.len, 0);
    // What does concern its own properties is still there.
    assert_int_equal(facts.dependent_excluded.len, 2);
    SchemaDependency first = schema_dependency_at(facts.dependent_excluded, 0);
    assert_true(str_is(first.name, "NetworkInterfaces"));
    assert_true(schema_texts_contain(first.others, STR("SubnetId")));
}

static void sets_of_properties(void **state)
{
    (void)state;
    SchemaFacts facts = schema_node_facts(schema_type_root(type_of("AWS::EC2::Subnet")));
    assert_int_equal(facts.required_or.len, 1);
    SchemaDependency set = schema_dependency_at(facts.required_or, 0);
    assert_int_equal(set.name.len, 0);
    assert_true(schema_texts_contain(set.others, STR("CidrBlock")));
}

static void cyclic_nodes_come_back_to_themselves(void **state)
{
    (void)state;
    SchemaType type = type_of("AWS::WAFv2::WebACL");
    SchemaNode outer = schema_node_at_path(type, STR("Rules.*.Statement"));
    SchemaNode inner =
        schema_node_at_path(type, STR("Rules.*.Statement.AndStatement.Statements.*"));
    assert_true(schema_node_exists(outer));
    assert_true(schema_node_same(outer, inner));
}

static void equal_constraints_are_one_node(void **state)
{
    (void)state;
    SchemaNode a = schema_node_at_path(type_of("AWS::Lambda::Function"), STR("Tags"));
    SchemaNode b = schema_node_at_path(type_of("AWS::Lambda::EventSourceMapping"), STR("Tags"));
    assert_true(schema_node_same(a, b));
}

static void a_path_that_leads_nowhere_gives_no_node(void **state)
{
    (void)state;
    SchemaType type = type_of("AWS::S3::Bucket");
    assert_false(schema_node_exists(schema_node_at_path(type, STR("Nothing"))));
    assert_false(schema_node_exists(schema_node_at_path(type, STR("BucketName.More"))));
    assert_true(schema_node_same(schema_node_at_path(type, STR("")), schema_type_root(type)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_found_by_exact_name_only),
        cmocka_unit_test(types_are_in_byte_order),
        cmocka_unit_test(every_type_is_found_and_its_root_is_an_object),
        cmocka_unit_test(nothing_else_opens_as_a_database),
        cmocka_unit_test(open_names_need_no_schema),
        cmocka_unit_test(a_string_has_its_limits),
        cmocka_unit_test(a_number_has_its_range),
        cmocka_unit_test(values_are_listed_and_compared_by_text),
        cmocka_unit_test(lists_that_aws_extends_are_marked),
        cmocka_unit_test(a_list_has_items),
        cmocka_unit_test(properties_are_sorted_and_found),
        cmocka_unit_test(required_stands_at_the_property_and_the_object),
        cmocka_unit_test(a_node_may_allow_several_types),
        cmocka_unit_test(maps_have_rules_for_their_keys),
        cmocka_unit_test(alternatives_are_nodes),
        cmocka_unit_test(conditions_hold_their_branches),
        cmocka_unit_test(rules_keep_what_they_ask),
        cmocka_unit_test(conditions_over_foreign_properties_were_dropped),
        cmocka_unit_test(sets_of_properties),
        cmocka_unit_test(cyclic_nodes_come_back_to_themselves),
        cmocka_unit_test(equal_constraints_are_one_node),
        cmocka_unit_test(a_path_that_leads_nowhere_gives_no_node),
    };
    return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
