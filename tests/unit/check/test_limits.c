#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/check/check_fixture.h"

#define ONE(type, properties)                                                                      \
    "{'Resources':{'R':{'Type':'" type "','Properties':\n{" properties "}}}}"
#define RESOURCES(entries) "{'Resources':{\n" entries "}}"

static const TemplateRow rows[] = {
    // ids
    {RESOURCES("'my-topic':{'Type':'Custom::R'}"),
        "6005 2:1 'my-topic' is no logical id: expected 1 to 255 letters and digits"},
    {RESOURCES("'1Topic':{'Type':'Custom::R'}"), ""},
    {"{'Resources':{},'Outputs':{'a_b':{'Value':1}}}",
        "6005 1:28 'a_b' is no logical id: expected 1 to 255 letters and digits"},
    {"{'Parameters':{'A':{'Type':'String'}},'Resources':{'A':{'Type':'Custom::R'}}}",
        "3224 1:52 'A' is both a parameter and a resource | 1:16 the parameter is declared here"},
    // cycles
    {RESOURCES("'A':{'Type':'Custom::R','Properties':{'X':{'Ref':'A'}}}"),
        "6010 2:50 'A' needs itself: A → A | 2:50 'A' needs 'A' by its 'Ref' in 'X'"},
    {RESOURCES("'A':{'Type':'Custom::R','DependsOn':'B'},\n"
               "'B':{'Type':'Custom::R','Properties':{'Role':{'Fn::GetAtt':['A','Arn']}}}"),
        "6010 2:37 'A' needs itself: A → B → A | 2:37 'A' needs 'B' by its 'DependsOn' | 3:46 'B' "
        "needs 'A' by its 'Fn::GetAtt' in 'Role' | - without the 'DependsOn' of 'A' to 'B' there "
        "is no cycle"},
    {RESOURCES("'A':{'Type':'Custom::R','Properties':{'X':{'Ref':'B'}}},\n"
               "'B':{'Type':'Custom::R','Properties':{'X':{'Ref':'C'}}},\n"
               "'C':{'Type':'Custom::R','Properties':{'X':{'Ref':'D'},'Y':{'Fn::Sub':'${A.Z}'}}},\n"
               "'D':{'Type':'Custom::R','Properties':{'X':{'Ref':'A'}}}"),
        "6010 2:50 'A' needs itself: A → B → C → A | 2:50 'A' needs 'B' by its 'Ref' in 'X' | 3:50 "
        "'B' needs 'C' by its 'Ref' in 'X' | 4:70 'C' needs 'A' by its 'Fn::GetAtt' in 'Y' | - "
        "without the 'Ref' of 'A' to 'B' there is no cycle"},
    {RESOURCES("'A':{'Type':'Custom::R','Properties':{'X':{'Ref':'B'}}},\n"
               "'B':{'Type':'Custom::R','Properties':{'X':{'Ref':'A'}}},\n"
               "'C':{'Type':'Custom::R','Properties':{'X':{'Ref':'D'}}},\n"
               "'D':{'Type':'Custom::R','Properties':{'X':{'Ref':'C'}}}"),
        "6010 2:50 'A' needs itself: A → B → A | 2:50 'A' needs 'B' by its 'Ref' in 'X' | 3:50 'B' "
        "needs 'A' by its 'Ref' in 'X' | - without the 'Ref' of 'A' to 'B' there is no cycle; "
        "6010 4:50 'C' needs itself: C → D → C | 4:50 'C' needs 'D' by its 'Ref' in 'X' | 5:50 'D' "
        "needs 'C' by its 'Ref' in 'X' | - without the 'Ref' of 'C' to 'D' there is no cycle"},
    {"{'Conditions':{'A':{'Condition':'B'},\n'B':{'Fn::Not':[{'Condition':'A'}]}},"
     "'Resources':{}}",
        "6011 1:20 the condition 'A' needs itself: A → B → A | 1:20 'A' needs 'B' by its "
        "'Condition' | 2:17 'B' needs 'A' by its 'Condition' | - without the 'Condition' of 'A' to "
        "'B' there is no cycle"},
    // names
    {RESOURCES("'A':{'Type':'AWS::SQS::Queue','Properties':{'QueueName':'q'}},\n"
               "'B':{'Type':'AWS::SQS::Queue','Properties':{'QueueName':'q'}},\n"
               "'C':{'Type':'AWS::SNS::Topic','Properties':{'TopicName':'q'}}"),
        "6013 3:57 'A' and 'B' have the same name, 'q' | 2:57 'A' has it here"},
    {RESOURCES("'A':{'Type':'AWS::IAM::Role','Properties':{'AssumeRolePolicyDocument':{},"
               "'RoleName':{'Fn::Sub':'${AWS::StackName}-r'}}},\n"
               "'B':{'Type':'AWS::IAM::Role','Properties':{'AssumeRolePolicyDocument':{},"
               "'RoleName':{'Fn::Sub':'${AWS::StackName}-r'}}}"),
        "6013 3:85 'A' and 'B' have the same name, by the same expression | 2:85 'A' has it here"},
    {"{'Parameters':{'P':{'Type':'String'}},'Conditions':{'X':{'Fn::Equals':[{'Ref':'P'},'a']},"
     "'Y':{'Fn::Equals':[{'Ref':'P'},'b']}},'Resources':{"
     "'A':{'Type':'AWS::SQS::Queue','Condition':'X','Properties':{'QueueName':'q'}},\n"
     "'B':{'Type':'AWS::SQS::Queue','Condition':'Y','Properties':{'QueueName':'q'}}}}",
        ""},
    {"{'Resources':{},'Outputs':{'A':{'Value':1,'Export':{'Name':'n'}},\n"
     "'B':{'Value':1,'Export':{'Name':'n'}}}}",
        "6014 2:33 'A' and 'B' are exported under the same name, 'n' | 1:60 'A' has it here"},
};

static void test_rows(void **state)
{
    (void)state;
    check_rows(rows, ROWS(rows), true, true);
}

// ---- things that are large ----

typedef struct LargeRow {
    const char *before;
    const char *repeated; // %d is its number
    int count;
    const char *after;
    const char *findings;
} LargeRow;

#define FUNCTION(properties)                                                                       \
    "{'Resources':{'R':{'Type':'AWS::Lambda::Function','Properties':{'Role':{'Fn::Sub':'r'},"      \
    "'Runtime':'nodejs22.x','Handler':'a.b','Code':{'S3Bucket':'bucket','S3Key':'k'}" properties

static const LargeRow large[] = {
    {"{'Resources':{'A':{'Type':'Custom::R'}", ",'R%d':{'Type':'Custom::R'}", 499, "}}", ""},
    {"{'Resources':{'A':{'Type':'Custom::R'}", ",'R%d':{'Type':'Custom::R'}", 500, "}}",
        "6001 1:13902 the template has 501 resources, CloudFormation takes 500"},
    {"{'Resources':{},'Parameters':{'A':{'Type':'String'}", ",'P%d':{'Type':'String'}", 200, "}}",
        "6001 1:4918 the template has 201 parameters, CloudFormation takes 200"},
    {"{'Resources':{},'Outputs':{'A':{'Value':1}", ",'O%d':{'Value':1}", 200, "}}",
        "6001 1:3715 the template has 201 outputs, CloudFormation takes 200"},
    {"{'Resources':{},'Mappings':{'A':{'a':{'b':1}}", ",'M%d':{'a':{'b':1}}", 200, "}}",
        "6001 1:4116 the template has 201 mappings, CloudFormation takes 200"},
    {"{'Resources':{},'Mappings':{'A':{'a':{'b':1}", ",'k%d':{'b':1}", 200, "}}}",
        "6002 1:29 the mapping 'A' has 201 keys, CloudFormation takes 200"},
    {"{'Resources':{'A':{'Type':'Custom::R','Properties':{'X':[0", ",'{{resolve:ssm:/%d}}'", 61,
        "]}}}}", "6001 1:15 the template has 61 dynamic references, CloudFormation takes 60"},
    // bytes
    {"{'Resources':{'A':{'Type':'Custom::R','Properties':{'X':[0", ",'%09d'", 6000, "]}}}}",
        "6004 1:15 the template has 72063 bytes: above 51200 it goes through a bucket"},
    {"{'Resources':{'A':{'Type':'Custom::R','Properties':{'X':[0", ",'%096d'", 11000, "]}}}}",
        "6003 1:15 the template has 1089063 bytes, CloudFormation takes 1000000"},
    {"{'Resources':{},'Description':'", "%010d", 103, "'}",
        "6006 1:31 the description of the template has 1030 bytes, CloudFormation takes 1024"},
    {"{'Resources':{},'Parameters':{'P':{'Type':'String','Default':'", "%010d", 410, "'}}}",
        "6006 1:62 the default of the parameter 'P' has 4100 bytes, CloudFormation takes 4096"},
    {"{'Resources':{},'Parameters':{'P':{'Type':'String','Description':'", "%010d", 401, "'}}}",
        "6006 1:66 the description of the parameter 'P' has 4010 bytes, CloudFormation takes 4000"},
    // what services take
    {FUNCTION(",'Environment':{'Variables':{'AA':1"), ",'K%d':'0123456789'", 250, "}}}}}}",
        "6007 1:195 'Environment.Variables' of 'AWS::Lambda::Function' has at least 4898 bytes, "
        "the service takes 4096"},
    {FUNCTION(",'Environment':{'Variables':{'AA':1"), ",'K%d':{'Ref':'AWS::Region'}", 250, "}}}}}}",
        ""},
    {"{'Resources':{'R':{'Type':'AWS::CloudFront::Function','Properties':{'Name':'n','AutoPublish'"
     ":true,'FunctionConfig':{'Comment':'c','Runtime':'cloudfront-js-2.0'},'FunctionCode':'",
        "%010d", 1025, "'}}}}",
        "6007 1:177 'FunctionCode' of 'AWS::CloudFront::Function' has at least 10250 bytes, the "
        "service takes 10240"},
    {"{'Resources':{'R':{'Type':'AWS::EC2::LaunchTemplate','Properties':{'LaunchTemplateData':{"
     "'UserData':{'Fn::Base64':{'Fn::Sub':'${AWS::Region}",
        "%010d", 1640, "'}}}}}}}",
        "6007 1:101 'LaunchTemplateData.UserData' of 'AWS::EC2::LaunchTemplate' has at least 16400 "
        "bytes, the service takes 16384"},
    {"{'Resources':{'R':{'Type':'AWS::IAM::ManagedPolicy','Properties':{'PolicyDocument':{"
     "'Statement':[{'Effect':'Allow','Action':['a:a'",
        ",'s3:Action%05d'", 400, "],'Resource':'*'}]}}}}}",
        "6007 1:84 'PolicyDocument' of 'AWS::IAM::ManagedPolicy' has at least 6866 bytes, the "
        "service takes 6144"},
};

static void test_large_templates(void **state)
{
    (void)state;
    RegexCache *regexes = regex_cache_new();
    size_t wrong = 0;
    for (size_t i = 0; i < ROWS(large); i++) {
        Buf json;
        buf_init(&json, 0);
        buf_add_text(&json, large[i].before);
        for (int j = 0; j < large[i].count; j++) {
            char item[128];
            const char *number = strchr(large[i].repeated, '%');
            assert_non_null(number);
            size_t width = number[1] == '0' ? (size_t)atoi(number + 1) : 1;
            const char *rest = strchr(number, 'd') + 1;
            snprintf(item, sizeof item, "%.*s%0*d%s", (int)(number - large[i].repeated),
                large[i].repeated, (int)width, j, rest);
            buf_add_text(&json, item);
        }
        buf_add_text(&json, large[i].after);
        Fixture fixture = fixture_new(regexes);
        Str findings = fixture_check(&fixture, buf_str(&json).ptr, true, false);
        if (strcmp(findings.ptr, large[i].findings) != 0) {
            print_error(
                "row %zu\n expected %s\n    found %s\n", i, large[i].findings, findings.ptr);
            wrong++;
        }
        arena_free(fixture.arena);
        buf_release(&json);
    }
    regex_cache_free(regexes);
    assert_int_equal(wrong, 0);
}

// ---- stacks ----

static void test_stack_name(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *findings;
    } names[] = {
        {"app-dev", ""},
        {"1app", "6008 - '1app' cannot name a stack: expected a letter, then letters, digits and "
                 "'-', 128 at most"},
        {"app_dev", "6008 - 'app_dev' cannot name a stack: expected a letter, then letters, digits "
                    "and '-', 128 at most"},
    };
    RegexCache *regexes = regex_cache_new();
    for (size_t i = 0; i < ROWS(names); i++) {
        Fixture fixture = fixture_new(regexes);
        Stack stack = {.id = STR("main"),
            .name = str_of(names[i].name),
            .region = STR(""),
            .template_ = fixture_read(&fixture, "{'Resources':{}}")};
        CheckContext context = fixture_context(&fixture);
        check_template(&context, &stack);
        assert_string_equal(fixture_findings(&fixture, true, false).ptr, names[i].findings);
        arena_free(fixture.arena);
    }
    regex_cache_free(regexes);
}

static Stack *add_stack(Fixture *fixture, StageModel *model, const char *id, const char *json)
{
    Stack *stack = ARENA_NEW(fixture->arena, Stack);
    *stack = (Stack){.id = str_of(id),
        .name = str_of(id),
        .region = STR("eu-west-1"),
        .template_ = fixture_read(fixture, json)};
    VEC_ADD(fixture->arena, &model->stacks, stack);
    return stack;
}

static void add_flow(
    Fixture *fixture, StageModel *model, const char *to, const char *from, const char *output)
{
    StackParameter parameter = {.stack = str_of(to),
        .name = STR("P"),
        .source = PARAMETER_FROM_OUTPUT,
        .from_stack = str_of(from),
        .from_output = str_of(output)};
    VEC_ADD(fixture->arena, &model->parameters, parameter);
}

#define QUEUE_NAMED(name)                                                                          \
    "{'Outputs':{'O':{'Value':1}},'Resources':{'Q':{'Type':'AWS::SQS::Queue','Properties':{"       \
    "'QueueName':" name "}}}}"

static void test_stage(void **state)
{
    (void)state;
    RegexCache *regexes = regex_cache_new();
    Fixture fixture = fixture_new(regexes);
    StageModel model = {0};
    add_stack(&fixture, &model, "main", QUEUE_NAMED("'q'"));
    add_stack(&fixture, &model, "data", QUEUE_NAMED("'q'"));
    add_stack(&fixture, &model, "edge", QUEUE_NAMED("'q'"))->region = STR("us-east-1");
    add_flow(&fixture, &model, "main", "data", "O");
    add_flow(&fixture, &model, "data", "main", "O");
    add_flow(&fixture, &model, "edge", "main", "Nope");
    CheckContext context = fixture_context(&fixture);
    check_stage(&context, &model);
    assert_string_equal(fixture_findings(&fixture, true, false).ptr,
        "6012 - the stack 'main' needs itself: main \xE2\x86\x92 data \xE2\x86\x92 main; "
        "6015 - the parameter 'P' is to be filled from the output 'Nope', which the stack 'main' "
        "does not have; "
        "6013 1:99 'Q' of the stack 'main' and 'Q' of the stack 'data' have the same name, 'q'");
    arena_free(fixture.arena);
    regex_cache_free(regexes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_large_templates),
        cmocka_unit_test(test_stack_name),
        cmocka_unit_test(test_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
