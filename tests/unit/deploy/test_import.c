// The template of an import and the identifiers of what it takes in.
#include "runtime/deploy/import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "compiler/data/data.h"
#include "runtime/deploy/references.h"

static const char PROGRAM[] =
    "{\"Description\":\"new\","
    "\"Parameters\":{\"Env\":{\"Type\":\"String\"},\"Word\":{\"Type\":\"String\"},"
    "\"Unused\":{\"Type\":\"String\"}},"
    "\"Mappings\":{\"Sizes\":{\"a\":{\"b\":\"c\"}},\"Other\":{\"a\":{\"b\":\"c\"}}},"
    "\"Conditions\":{\"Big\":{\"Fn::And\":[{\"Condition\":\"IsProd\"},"
    "{\"Fn::Equals\":[{\"Ref\":\"Word\"},\"x\"]}]},"
    "\"IsProd\":{\"Fn::Equals\":[{\"Ref\":\"Env\"},\"prod\"]},\"Never\":{}},"
    "\"Resources\":{"
    "\"Old\":{\"Type\":\"AWS::SQS::Queue\",\"Properties\":{\"Delay\":9}},"
    "\"Files\":{\"Type\":\"AWS::S3::Bucket\",\"DeletionPolicy\":\"Retain\",\"Condition\":\"Big\","
    "\"DependsOn\":\"Old\",\"Properties\":{\"BucketName\":\"files\","
    "\"A\":{\"Fn::Sub\":\"${Old.Arn} ${!Fresh} ${AWS::Region}\"},"
    "\"B\":{\"Fn::FindInMap\":[\"Sizes\",\"a\",\"b\"]}}},"
    "\"Loose\":{\"Type\":\"AWS::S3::Bucket\"},"
    "\"Fresh\":{\"Type\":\"AWS::SNS::Topic\",\"DeletionPolicy\":\"Delete\"},"
    "\"Bound\":{\"Type\":\"AWS::S3::Bucket\",\"DeletionPolicy\":\"Retain\","
    "\"Properties\":{\"A\":{\"Fn::GetAtt\":[\"Fresh\",\"TopicName\"]}}}},"
    "\"Outputs\":{\"New\":{\"Value\":1}}}";

static const char DEPLOYED[] =
    "{\"Description\":\"old\",\"Outputs\":{\"Url\":{\"Value\":1}},"
    "\"Conditions\":{\"IsProd\":{\"Fn::Equals\":[\"a\",\"b\"]}},"
    "\"Resources\":{\"Old\":{\"Type\":\"AWS::SQS::Queue\",\"Properties\":{\"Delay\":5}}}}";

typedef struct Fixture {
    Arena *arena;
    const Datum *program;
    const Datum *deployed;
    ImportTargets targets;
    ImportProblem problem;
} Fixture;

static const Datum *parse(Arena *arena, const char *text)
{
    Sources *sources = sources_new(arena);
    DataContext context = {arena, sources, diag_sink_new(arena)};
    const Datum *data = data_read_json(&context, sources_add(sources, STR("t"), str_of(text)));
    assert_non_null(data);
    return data;
}

static int set_up(void **state)
{
    Arena *arena = arena_new();
    Fixture *fixture = ARENA_NEW(arena, Fixture);
    *fixture = (Fixture){
        .arena = arena, .program = parse(arena, PROGRAM), .deployed = parse(arena, DEPLOYED)};
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((Fixture *)*state)->arena);
    return 0;
}

static void read_targets(Fixture *fixture, const char *one, const char *two)
{
    Str texts[] = {str_of(one), str_of(two)};
    assert_true(
        import_read(fixture->arena, texts, two ? 2 : 1, &fixture->targets, &fixture->problem));
}

static void expect_template(Fixture *fixture, const Datum *deployed, const char *expected)
{
    const Datum *made = import_template(
        fixture->arena, fixture->program, deployed, &fixture->targets, &fixture->problem);
    assert_non_null(made);
    Buf text;
    buf_init(&text, 0);
    data_write_json_compact(&text, made);
    assert_string_equal(buf_str(&text).ptr, expected);
    buf_release(&text);
}

static void expect_refusal(Fixture *fixture, const Datum *deployed, const char *part)
{
    assert_null(import_template(
        fixture->arena, fixture->program, deployed, &fixture->targets, &fixture->problem));
    if (str_find(fixture->problem.text, str_of(part), 0) == SIZE_MAX)
        fail_msg("%.*s lacks: %s", STR_FMT(fixture->problem.text), part);
}

#define FILES                                                                                      \
    "\"Files\":{\"Type\":\"AWS::S3::Bucket\",\"DeletionPolicy\":\"Retain\",\"Condition\":\"Big\"," \
    "\"DependsOn\":\"Old\",\"Properties\":{\"BucketName\":\"files\","                              \
    "\"A\":{\"Fn::Sub\":\"${Old.Arn} ${!Fresh} ${AWS::Region}\"},"                                 \
    "\"B\":{\"Fn::FindInMap\":[\"Sizes\",\"a\",\"b\"]}}}"

static void test_what_is_deployed_stays_and_only_what_is_needed_comes(void **state)
{
    Fixture *fixture = *state;
    read_targets(fixture, "Files", NULL);
    expect_template(fixture, fixture->deployed,
        "{\"Description\":\"old\",\"Outputs\":{\"Url\":{\"Value\":1}},"
        "\"Parameters\":{\"Word\":{\"Type\":\"String\"}},"
        "\"Mappings\":{\"Sizes\":{\"a\":{\"b\":\"c\"}}},"
        "\"Conditions\":{\"IsProd\":{\"Fn::Equals\":[\"a\",\"b\"]},"
        "\"Big\":{\"Fn::And\":[{\"Condition\":\"IsProd\"},"
        "{\"Fn::Equals\":[{\"Ref\":\"Word\"},\"x\"]}]}},"
        "\"Resources\":{\"Old\":{\"Type\":\"AWS::SQS::Queue\",\"Properties\":{\"Delay\":5}}," FILES
        "}}");
    assert_true(str_is(fixture->targets.items[0].type, "AWS::S3::Bucket"));
}

static void test_without_a_stack_only_the_targets_come(void **state)
{
    Fixture *fixture = *state;
    read_targets(fixture, "Fresh=a", "Bound=b");
    expect_template(fixture, NULL,
        "{\"Description\":\"new\",\"Resources\":{"
        "\"Fresh\":{\"Type\":\"AWS::SNS::Topic\",\"DeletionPolicy\":\"Delete\"},"
        "\"Bound\":{\"Type\":\"AWS::S3::Bucket\",\"DeletionPolicy\":\"Retain\","
        "\"Properties\":{\"A\":{\"Fn::GetAtt\":[\"Fresh\",\"TopicName\"]}}}}}");
}

static void test_refusals(void **state)
{
    static const struct {
        const char *resource;
        bool deployed;
        const char *text;
    } ROWS[] = {
        {"Nope", true, "no resource with the logical id 'Nope'"},
        {"Old", true, "'Old' is deployed already"},
        {"Loose", true, "'Loose' has no DeletionPolicy"},
        {"Bound", true, "'Bound' refers to 'Fresh'"},
        {"Files", false, "'Files' refers to 'Old'"},
    };
    Fixture *fixture = *state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        fixture->targets.len = 0;
        read_targets(fixture, ROWS[i].resource, NULL);
        expect_refusal(fixture, ROWS[i].deployed ? fixture->deployed : NULL, ROWS[i].text);
    }
}

static void test_values_of_the_option(void **state)
{
    static const char *const BAD[][2] = {{"", NULL}, {"=a", NULL}, {"A=", NULL}, {"A", "A=b"}};
    Fixture *fixture = *state;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        Str texts[] = {str_of(BAD[i][0]), str_of(BAD[i][1])};
        fixture->targets.len = 0;
        assert_false(import_read(
            fixture->arena, texts, BAD[i][1] ? 2 : 1, &fixture->targets, &fixture->problem));
    }
    Str many[IMPORT_MOST + 1];
    for (size_t i = 0; i <= IMPORT_MOST; i++)
        many[i] = str_format(fixture->arena, "R%zu", i);
    fixture->targets.len = 0;
    assert_true(
        import_read(fixture->arena, many, IMPORT_MOST, &fixture->targets, &fixture->problem));
    fixture->targets.len = 0;
    assert_false(
        import_read(fixture->arena, many, IMPORT_MOST + 1, &fixture->targets, &fixture->problem));
}

static void test_identifiers(void **state)
{
    // Resource; properties that identify it; what they become, NULL: a refusal.
    static const struct {
        const char *resource;
        const char *properties[2];
        const char *values[2];
    } ROWS[] = {
        {"Files", {"BucketName"}, {"files"}},
        {"Files=files", {"BucketName"}, {"files"}},
        {"Files=BucketName=files", {"BucketName"}, {"files"}},
        {"Files=other", {"BucketName"}, {NULL}},
        {"Fresh", {"TopicArn"}, {NULL}},
        {"Fresh=a,b=c", {"TopicArn"}, {"a,b=c"}},
        {"Fresh=Api=x,y,Id=z=1", {"Api", "Id"}, {"x,y", "z=1"}},
        {"Fresh=Id=z,Api=x", {"Api", "Id"}, {"x", "z"}},
        {"Fresh=Id=z", {"Api", "Id"}, {NULL}},
        {"Fresh=x", {"Api", "Id"}, {NULL}},
        {"Files=Id=z", {"BucketName", "Id"}, {"files", "z"}},
        {"Fresh=x", {NULL}, {NULL}},
    };
    Fixture *fixture = *state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        CfnTexts properties = {0};
        fixture->targets.len = 0;
        read_targets(fixture, ROWS[i].resource, NULL);
        ImportTarget *target = &fixture->targets.items[0];
        for (size_t j = 0; j < 2 && ROWS[i].properties[j]; j++)
            VEC_ADD(fixture->arena, &properties, str_of(ROWS[i].properties[j]));
        bool fits = import_identify(
            fixture->arena, fixture->program, target, &properties, &fixture->problem);
        if (fits != (ROWS[i].values[0] != NULL))
            fail_msg("%s: %.*s", ROWS[i].resource, STR_FMT(fixture->problem.text));
        for (size_t j = 0; fits && j < properties.len; j++) {
            assert_true(str_is(target->identifier.items[j].name, ROWS[i].properties[j]));
            assert_true(str_is(target->identifier.items[j].value, ROWS[i].values[j]));
        }
    }
}

static void note(void *context, Reference kind, Str name)
{
    buf_add_format(context, "%d%.*s ", (int)kind, STR_FMT(name));
}

static void test_references_of_all_kinds(void **state)
{
    Fixture *fixture = *state;
    const Datum *resource = parse(fixture->arena,
        "{\"Condition\":\"C1\",\"DependsOn\":[\"D1\",\"D2\"],\"Properties\":{"
        "\"A\":{\"Ref\":\"R1\"},\"B\":[{\"Fn::GetAtt\":\"G1.Arn\"}],"
        "\"C\":{\"Fn::Sub\":[\"${L} ${S1.x.y} ${!T} ${ S2 } ${\",{\"L\":{\"Ref\":\"R2\"}}]},"
        "\"D\":{\"Fn::If\":[\"C2\",{\"Ref\":\"R3\"},{\"Ref\":\"AWS::NoValue\"}]},"
        "\"E\":{\"Fn::FindInMap\":[\"M1\",{\"Ref\":\"R4\"},\"x\"]},"
        "\"F\":{\"Condition\":{\"StringEquals\":{}}}}}");
    Buf found;
    buf_init(&found, 0);
    references_of_resource(resource, note, &found);
    assert_string_equal(buf_str(&found).ptr, "1C1 0D1 0D2 0R1 0G1 0S1 0S2 0R2 1C2 0R3 2M1 0R4 ");
    buf_release(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_what_is_deployed_stays_and_only_what_is_needed_comes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_without_a_stack_only_the_targets_come, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refusals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_values_of_the_option, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_identifiers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_references_of_all_kinds, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
