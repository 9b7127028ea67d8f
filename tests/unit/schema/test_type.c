// What the built-in database says of whole types.
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

static void paths_are_listed_by_kind(void **state)
{
    (void)state;
    SchemaType bucket = type_of("AWS::S3::Bucket");
    assert_true(schema_path_is(bucket, SCHEMA_PRIMARY_IDENTIFIER, STR("BucketName")));
    assert_true(schema_path_is(bucket, SCHEMA_CREATE_ONLY, STR("BucketName")));
    assert_true(schema_path_is(bucket, SCHEMA_READ_ONLY, STR("Arn")));
    assert_true(schema_path_is(bucket, SCHEMA_WRITE_ONLY, STR("AccessControl")));
    assert_false(schema_path_is(bucket, SCHEMA_READ_ONLY, STR("BucketName")));
}

static void a_path_covers_what_is_below_it(void **state)
{
    (void)state;
    SchemaType bucket = type_of("AWS::S3::Bucket");
    assert_true(schema_path_listed(
        bucket, SCHEMA_WRITE_ONLY, STR("LifecycleConfiguration.Rules.*.Transition.StorageClass")));
    assert_false(schema_path_listed(
        bucket, SCHEMA_WRITE_ONLY, STR("LifecycleConfiguration.Rules.*.Transitions")));
    assert_false(schema_path_listed(bucket, SCHEMA_WRITE_ONLY, STR("LifecycleConfiguration")));
}

static void updates_tell_what_is_known_and_nothing_more(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        const char *path;
        SchemaUpdate update;
    } rows[] = {
        {"AWS::S3::Bucket", "BucketName", SCHEMA_UPDATE_REPLACES},
        {"AWS::S3::Bucket", "VersioningConfiguration", SCHEMA_UPDATE_IN_PLACE},
        {"AWS::RDS::DBInstance", "DBInstanceIdentifier", SCHEMA_UPDATE_REPLACES},
        {"AWS::RDS::DBInstance", "Engine", SCHEMA_UPDATE_MAY_REPLACE},
        {"AWS::RDS::DBInstance", "AvailabilityZone", SCHEMA_UPDATE_MAY_REPLACE},
        {"AWS::RDS::DBInstance", "AllocatedStorage", SCHEMA_UPDATE_IN_PLACE},
        {"AWS::EC2::Instance", "ImageId", SCHEMA_UPDATE_REPLACES},
        {"AWS::EC2::Instance", "CpuOptions.CoreCount", SCHEMA_UPDATE_REPLACES},
        {"AWS::EC2::Instance", "InstanceType", SCHEMA_UPDATE_MAY_REPLACE},
        {"AWS::Lambda::Function", "FunctionScalingConfig", SCHEMA_UPDATE_UNKNOWN},
        {"AWS::Lambda::Function", "NoSuchThing", SCHEMA_UPDATE_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(
            schema_update_at(type_of(rows[i].type), str_of(rows[i].path)), rows[i].update);
}

static void ref_gives_the_identifier_or_what_aws_says(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        SchemaRefKind kind;
        const char *property;
    } rows[] = {
        {"AWS::S3::Bucket", SCHEMA_REF_IDENTIFIER, "BucketName"},
        {"AWS::ApiGateway::Resource", SCHEMA_REF_PROPERTY, "ResourceId"},
        {"AWS::EC2::EIP", SCHEMA_REF_PROPERTY, "PublicIp"},
        {"AWS::ECS::Service", SCHEMA_REF_PROPERTY, "ServiceArn"},
        {"AWS::Lambda::EventInvokeConfig", SCHEMA_REF_IDENTIFIER, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        SchemaRef ref = schema_type_ref(type_of(rows[i].type));
        assert_int_equal(ref.kind, rows[i].kind);
        assert_true(str_is(ref.property, rows[i].property));
    }
    assert_true(schema_node_exists(schema_type_ref(type_of("AWS::S3::Bucket")).node));
}

static void attributes_have_types(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        const char *name;
        unsigned types;
    } rows[] = {
        {"AWS::S3::Bucket", "Arn", SCHEMA_STRING},
        {"AWS::RDS::DBInstance", "Endpoint.Address", SCHEMA_STRING},
        {"AWS::EC2::VPC", "CidrBlockAssociations", SCHEMA_LIST},
        {"AWS::IAM::Role", "Arn", SCHEMA_STRING},
        // Older types give back what was stated, too.
        {"AWS::EC2::VPC", "CidrBlock", SCHEMA_STRING},
        {"AWS::EC2::Subnet", "AvailabilityZone", SCHEMA_STRING},
        {"AWS::SQS::Queue", "QueueName", SCHEMA_STRING},
        {"AWS::EC2::SecurityGroup", "GroupId", SCHEMA_STRING},
    };
    SchemaAttribute attribute;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(schema_find_attribute(type_of(rows[i].type), str_of(rows[i].name), &attribute));
        assert_int_equal(attribute.types, rows[i].types);
    }
    assert_true(
        schema_find_attribute(type_of("AWS::EC2::VPC"), STR("CidrBlockAssociations"), &attribute));
    assert_int_equal(attribute.item_types, SCHEMA_STRING);
    assert_false(schema_find_attribute(type_of("AWS::S3::Bucket"), STR("BucketName"), &attribute));
    assert_false(schema_find_attribute(type_of("AWS::S3::Bucket"), STR("arn"), &attribute));
}

static void no_attribute_has_a_star(void **state)
{
    (void)state;
    Schema schema = schema_builtin();
    for (size_t i = 0; i < schema_type_count(schema); i++) {
        SchemaAttributes attributes = schema_type_attributes(schema_type_at(schema, i));
        for (size_t j = 0; j < attributes.len; j++)
            assert_int_equal(
                str_find(schema_attribute_at(attributes, j).name, STR("*"), 0), SIZE_MAX);
    }
}

static void tags_come_in_several_shapes(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        SchemaTagKind kind;
        const char *property;
        const char *key;
    } rows[] = {
        {"AWS::S3::Bucket", SCHEMA_TAGS_LIST, "Tags", "Key"},
        {"AWS::AutoScaling::AutoScalingGroup", SCHEMA_TAGS_PROPAGATE, "Tags", "Key"},
        {"AWS::ApiGatewayV2::Api", SCHEMA_TAGS_MAP, "Tags", ""},
        {"AWS::SSM::Parameter", SCHEMA_TAGS_MAP, "Tags", ""},
        {"AWS::Cognito::UserPool", SCHEMA_TAGS_MAP, "UserPoolTags", ""},
        {"AWS::EFS::FileSystem", SCHEMA_TAGS_LIST, "FileSystemTags", "Key"},
        {"AWS::Route53::HostedZone", SCHEMA_TAGS_LIST, "HostedZoneTags", "Key"},
        {"AWS::S3::BucketPolicy", SCHEMA_TAGS_NONE, "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        SchemaTags tags = schema_type_tags(type_of(rows[i].type));
        assert_int_equal(tags.kind, rows[i].kind);
        assert_true(str_is(tags.property, rows[i].property));
        assert_true(str_is(tags.key_name, rows[i].key));
    }
}

static void some_types_hold_data(void **state)
{
    (void)state;
    assert_true(schema_type_has(type_of("AWS::DynamoDB::Table"), SCHEMA_TYPE_STATEFUL));
    assert_true(schema_type_has(type_of("AWS::RDS::DBInstance"), SCHEMA_TYPE_CAN_SNAPSHOT));
    assert_false(schema_type_has(type_of("AWS::DynamoDB::Table"), SCHEMA_TYPE_CAN_SNAPSHOT));
    assert_false(schema_type_has(type_of("AWS::Lambda::Function"), SCHEMA_TYPE_STATEFUL));
    // Not on AWS's list: spec/patches/stateful.patch.
    assert_true(schema_type_has(type_of("AWS::ECR::Repository"), SCHEMA_TYPE_STATEFUL));
}

static void ended_services_say_so(void **state)
{
    (void)state;
    SchemaType stack = type_of("AWS::OpsWorks::Stack");
    assert_true(schema_type_has(stack, SCHEMA_TYPE_DEPRECATED));
    assert_true(schema_type_has(stack, SCHEMA_TYPE_NOT_CREATABLE));
    assert_true(str_find(schema_type_note(stack), STR("2024-05-01"), 0) != SIZE_MAX);
    SchemaType mesh = type_of("AWS::AppMesh::Mesh");
    assert_true(schema_type_has(mesh, SCHEMA_TYPE_DEPRECATED));
    assert_false(schema_type_has(mesh, SCHEMA_TYPE_NOT_CREATABLE));
    assert_int_equal(schema_type_note(type_of("AWS::S3::Bucket")).len, 0);
}

static void names_that_block_a_replacement(void **state)
{
    (void)state;
    assert_true(str_is(schema_type_physical_name(type_of("AWS::S3::Bucket")), "BucketName"));
    assert_true(str_is(schema_type_physical_name(type_of("AWS::IAM::Role")), "RoleName"));
    assert_true(str_is(schema_type_physical_name(type_of("AWS::DynamoDB::Table")), "TableName"));
    assert_int_equal(schema_type_physical_name(type_of("AWS::EC2::VPC")).len, 0);
}

static void regions_are_known_where_aws_tells(void **state)
{
    (void)state;
    SchemaType bucket = type_of("AWS::S3::Bucket");
    SchemaType device = type_of("AWS::DeviceFarm::Project");
    assert_int_equal(schema_type_in_region(bucket, STR("eu-central-1")), SCHEMA_REGION_YES);
    assert_int_equal(schema_type_in_region(device, STR("us-west-2")), SCHEMA_REGION_YES);
    assert_int_equal(schema_type_in_region(device, STR("us-east-1")), SCHEMA_REGION_NO);
    assert_int_equal(schema_type_in_region(bucket, STR("us-iso-east-1")), SCHEMA_REGION_UNKNOWN);
    assert_int_equal(schema_type_in_region(bucket, STR("eusc-de-east-1")), SCHEMA_REGION_UNKNOWN);
    assert_int_equal(schema_type_in_region(bucket, STR("mars-1")), SCHEMA_REGION_UNKNOWN);
    assert_true(schema_texts_contain(schema_regions(schema_builtin()), STR("us-east-1")));
}

static void pages_follow_the_rule_or_are_known(void **state)
{
    (void)state;
    Buf buf;
    buf_init(&buf, 0);
    schema_type_page(type_of("AWS::Lambda::Function"), &buf);
    assert_true(str_ends(buf_str(&buf), STR("/aws-resource-lambda-function.html")));
    buf_clear(&buf);
    schema_type_page(type_of("AWS::AppSync::GraphQLApi"), &buf);
    assert_true(str_ends(buf_str(&buf), STR("/aws-resource-appsync-graphqlapi.html")));
    buf_release(&buf);
}

static void runtimes_have_days(void **state)
{
    (void)state;
    SchemaRuntime runtime;
    assert_true(schema_find_runtime(schema_builtin(), STR("nodejs16.x"), &runtime));
    assert_true(str_is(runtime.deprecated, "2024-06-12"));
    assert_true(runtime.create_blocked.len > 0);
    assert_true(str_starts(runtime.successor, STR("nodejs")));
    assert_false(schema_find_runtime(schema_builtin(), STR("cobol1.x"), &runtime));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_listed_by_kind),
        cmocka_unit_test(a_path_covers_what_is_below_it),
        cmocka_unit_test(updates_tell_what_is_known_and_nothing_more),
        cmocka_unit_test(ref_gives_the_identifier_or_what_aws_says),
        cmocka_unit_test(attributes_have_types),
        cmocka_unit_test(no_attribute_has_a_star),
        cmocka_unit_test(tags_come_in_several_shapes),
        cmocka_unit_test(some_types_hold_data),
        cmocka_unit_test(ended_services_say_so),
        cmocka_unit_test(names_that_block_a_replacement),
        cmocka_unit_test(regions_are_known_where_aws_tells),
        cmocka_unit_test(pages_follow_the_rule_or_are_known),
        cmocka_unit_test(runtimes_have_days),
    };
    return cmocka_run_group_tests_name("schema type", tests, NULL, NULL);
}
