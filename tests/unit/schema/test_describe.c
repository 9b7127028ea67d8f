// What `altc schema` prints, and which names it takes for near.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/schema/schema.h"

static const char documentation[] = "\n"
                                    "AWS::Other::Thing.Code\n"
                                    "S3Bucket\t\tNot this one.\n"
                                    "\n"
                                    "AWS::Lambda::Function\tA function.\n"
                                    "Code\tCode\tThe code.\n"
                                    "Layers\t\tThe layers.\n"
                                    "\n"
                                    "AWS::Lambda::Function.Code\n"
                                    "AWS::Lambda::Twin.Code\n"
                                    "S3Bucket\t\tThe bucket.\n"
                                    "\n";

typedef struct Fixture {
    Buf buf;
} Fixture;

static int start(void **state)
{
    static Fixture fixture;
    buf_init(&fixture.buf, 0);
    *state = &fixture;
    return 0;
}

static int finish(void **state)
{
    buf_release(&((Fixture *)*state)->buf);
    return 0;
}

static SchemaDescribed describe(void **state, const char *type, const char *path)
{
    Fixture *fixture = *state;
    const SchemaDescribe options = {.width = 80, .documentation = STR(documentation)};
    buf_clear(&fixture->buf);
    return schema_describe(&fixture->buf, schema_builtin(), str_of(type), str_of(path), &options);
}

static bool printed(void **state, const char *text)
{
    return str_find(buf_str(&((Fixture *)*state)->buf), str_of(text), 0) != SIZE_MAX;
}

static void a_type_is_described(void **state)
{
    assert_int_equal(describe(state, "AWS::Lambda::Function", ""), SCHEMA_DESCRIBED);
    assert_true(printed(state, "AWS::Lambda::Function\nA function.\n"));
    assert_true(printed(state, "Ref         FunctionName\n"));
    assert_true(printed(state, "  Code * "));
    assert_true(printed(state, "string: Image, Zip; a change"));
    assert_true(printed(state, "Attributes (Fn::GetAtt)\n  Arn "));
    // Read-only properties are attributes, not properties to state.
    Str all = buf_str(&((Fixture *)*state)->buf);
    assert_true(str_find(all, STR("\n  Arn "), 0) > str_find(all, STR("\nAttributes"), 0));
}

static void a_property_is_described(void **state)
{
    assert_int_equal(describe(state, "AWS::Lambda::Function", "Code.S3Bucket"), SCHEMA_DESCRIBED);
    assert_true(printed(state, "AWS::Lambda::Function Code.S3Bucket\nThe bucket.\n"));
    assert_true(printed(state, "Type        string\n"));
    assert_true(printed(state, "Required    no\n"));
    assert_true(printed(state, "Length      3 to 63 characters\n"));
    assert_true(printed(state, "Update      in place\n"));
}

static void rules_are_put_into_words(void **state)
{
    assert_int_equal(describe(state, "AWS::DynamoDB::Table", ""), SCHEMA_DESCRIBED);
    assert_true(printed(state, "Rule        when BillingMode is not PAY_PER_REQUEST:"));
    assert_int_equal(describe(state, "AWS::SQS::Queue", ""), SCHEMA_DESCRIBED);
    assert_true(printed(state, "Rule        when FifoQueue is false: ContentBasedDeduplication,"));
    assert_int_equal(describe(state, "AWS::Lambda::Function", ""), SCHEMA_DESCRIBED);
    assert_true(printed(state, "when PackageType is Image: Handler, Layers, Runtime may not"));
    // What has no simple words is counted.
    assert_int_equal(describe(state, "AWS::CloudWatch::Alarm", ""), SCHEMA_DESCRIBED);
    assert_true(printed(state, "Rules       1 more that tie"));
}

static void stars_may_be_left_out(void **state)
{
    assert_int_equal(
        describe(state, "AWS::Lambda::Function", "FileSystemConfigs.Arn"), SCHEMA_DESCRIBED);
    assert_true(printed(state, "AWS::Lambda::Function FileSystemConfigs.*.Arn\n"));
    assert_int_equal(
        describe(state, "AWS::Lambda::Function", "FileSystemConfigs.*.Arn"), SCHEMA_DESCRIBED);
    assert_true(printed(state, "AWS::Lambda::Function FileSystemConfigs.*.Arn\n"));
}

static void an_unknown_type_gives_near_names(void **state)
{
    static const struct {
        const char *wrong;
        const char *right;
    } rows[] = {
        {"AWS::S3::Buckett", "'AWS::S3::Bucket'"},
        {"aws::s3::bucket", "'AWS::S3::Bucket'"},
        {"S3::Bucket", "'AWS::S3::Bucket'"},
        {"AWS::Lamda::Function", "'AWS::Lambda::Function'"},
        {"AWS::Dynamo::GlobalTable", "'AWS::DynamoDB::GlobalTable'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(describe(state, rows[i].wrong, ""), SCHEMA_NO_SUCH_TYPE);
        assert_true(printed(state, "did you mean "));
        assert_true(printed(state, rows[i].right));
    }
    assert_int_equal(describe(state, "Nothing::Like::ThisAtAll", ""), SCHEMA_NO_SUCH_TYPE);
    assert_int_equal(((Fixture *)*state)->buf.len, 0);
}

static void an_unknown_property_gives_near_names(void **state)
{
    assert_int_equal(describe(state, "AWS::Lambda::Function", "MemorySiz"), SCHEMA_NO_SUCH_PATH);
    assert_true(printed(state, "did you mean 'MemorySize'?\n"));
    assert_int_equal(describe(state, "AWS::Lambda::Function", "Code.S3Buket"), SCHEMA_NO_SUCH_PATH);
    assert_true(printed(state, "'S3Bucket'"));
    assert_int_equal(describe(state, "AWS::Lambda::Function", "Zzz"), SCHEMA_NO_SUCH_PATH);
    assert_int_equal(((Fixture *)*state)->buf.len, 0);
}

static void nearest_names_are_few_and_best_first(void **state)
{
    (void)state;
    Str names[2];
    size_t count = schema_nearest_types(schema_builtin(), STR("AWS::EC2::Instnce"), names, 2);
    assert_true(count >= 1 && count <= 2);
    assert_true(str_is(names[0], "AWS::EC2::Instance"));
    assert_int_equal(schema_nearest_types(schema_builtin(), STR(""), names, 2), 0);
    assert_int_equal(schema_nearest_types(schema_builtin(), STR("AWS::S3::Bucket"), names, 0), 0);
}

static void every_type_can_be_described(void **state)
{
    Schema schema = schema_builtin();
    for (size_t i = 0; i < schema_type_count(schema); i++)
        assert_int_equal(
            describe(state, schema_type_name(schema_type_at(schema, i)).ptr, ""), SCHEMA_DESCRIBED);
}

static void colours_only_when_wanted(void **state)
{
    Fixture *fixture = *state;
    SchemaDescribe options = {.color = true};
    assert_int_equal(describe(state, "AWS::S3::Bucket", ""), SCHEMA_DESCRIBED);
    assert_false(printed(state, "\033["));
    buf_clear(&fixture->buf);
    schema_describe(&fixture->buf, schema_builtin(), STR("AWS::S3::Bucket"), STR(""), &options);
    assert_true(printed(state, "\033[1mBucketName\033[0m"));
}

static void sentences_are_found_by_path(void **state)
{
    (void)state;
    Str content = STR(documentation);
    static const struct {
        const char *type;
        const char *path;
        const char *text;
    } rows[] = {
        {"AWS::Lambda::Function", "", "A function."},
        {"AWS::Lambda::Function", "Layers", "The layers."},
        {"AWS::Lambda::Function", "Layers.*", "The layers."},
        {"AWS::Lambda::Function", "Code.S3Bucket", "The bucket."},
        {"AWS::Lambda::Function", "Code.S3Key", ""},
        {"AWS::Lambda::Function", "Layers.X", ""},
        {"AWS::Lambda", "", ""},
        {"AWS::Other::Thing", "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_true(
            str_is(schema_documentation(content, str_of(rows[i].type), str_of(rows[i].path)),
                rows[i].text));
    assert_int_equal(schema_documentation(STR_NONE, STR("AWS::S3::Bucket"), STR("")).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_type_is_described, start, finish),
        cmocka_unit_test_setup_teardown(a_property_is_described, start, finish),
        cmocka_unit_test_setup_teardown(rules_are_put_into_words, start, finish),
        cmocka_unit_test_setup_teardown(stars_may_be_left_out, start, finish),
        cmocka_unit_test_setup_teardown(an_unknown_type_gives_near_names, start, finish),
        cmocka_unit_test_setup_teardown(an_unknown_property_gives_near_names, start, finish),
        cmocka_unit_test(nearest_names_are_few_and_best_first),
        cmocka_unit_test_setup_teardown(every_type_can_be_described, start, finish),
        cmocka_unit_test_setup_teardown(colours_only_when_wanted, start, finish),
        cmocka_unit_test(sentences_are_found_by_path),
    };
    return cmocka_run_group_tests_name("schema describe", tests, NULL, NULL);
}
