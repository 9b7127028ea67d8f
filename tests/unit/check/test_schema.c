#include "tests/unit/check/check_fixture.h"

// One resource R of a type with these properties.
#define ONE(type, properties)                                                                      \
    "{'Resources':{'R':{'Type':'" type "','Properties':\n{" properties "}}}}"
// The same with parameters and conditions.
#define WITH(parameters, conditions, type, properties)                                             \
    "{'Parameters':{" parameters "},'Conditions':{" conditions                                     \
    "},\n'Resources':{'R':{'Type':'" type "','Properties':\n{" properties "}}}}"
#define BUCKET "AWS::S3::Bucket"
#define QUEUE "AWS::SQS::Queue"
#define FUNCTION "AWS::Lambda::Function"
#define CODE                                                                                       \
    "'Code':{'S3Key':'k','S3Bucket':'bucket'},'Role':{'Fn::Sub':'a'},'Handler':'h',"               \
    "'Runtime':'nodejs22.x'"
#define PROD "'Prod':{'Fn::Equals':[{'Ref':'AWS::Region'},'us-east-1']}"

static const TemplateRow rows[] = {
    // types
    {ONE("AWS::S3::Buckett", ""), "3100 1:27 there is no resource type 'AWS::S3::Buckett'"},
    {ONE("Custom::Thing", "'Any':1"), ""},
    {ONE("My::Private::Thing", "'Any':1"), ""},
    {ONE("AWS::My::Thing::MODULE", "'Any':1"), ""},
    {"{'Transform':'MyMacro','Resources':{'R':{'Type':'AWS::S3::Buckett'}}}",
        "3101 1:49 there is no resource type 'AWS::S3::Buckett', unless a transform knows it"},
    // names
    {ONE(BUCKET, "'BucketNam':'x'"), "3102 2:2 'AWS::S3::Bucket' has no property 'BucketNam'"},
    {ONE(BUCKET, "'VersioningConfiguration':{'State':'Enabled','Status':'Enabled'}"),
        "3102 2:29 'VersioningConfiguration' has no property 'State'"},
    {"{'Transform':'MyMacro','Resources':{'R':{'Type':'AWS::S3::Bucket','Properties':{'X':1}}}}",
        "3103 1:81 'AWS::S3::Bucket' has no property 'X', unless a transform knows it"},
    // missing ones
    {ONE(FUNCTION, "'Code':{'ZipFile':'x'}"),
        "3105 1:15 'AWS::Lambda::Function' lacks the property 'Role'; "
        "3105 1:15 'AWS::Lambda::Function' lacks the property 'Runtime'"},
    {"{'Resources':{'R':{'Type':'AWS::Lambda::Function'}}}",
        "3105 1:15 'AWS::Lambda::Function' lacks the property 'Code'; "
        "3105 1:15 'AWS::Lambda::Function' lacks the property 'Role'"},
    {ONE(BUCKET, "'Tags':[{'Key':'a'}]"), "3105 2:10 'Tags[0]' lacks the property 'Value'"},
    {WITH("", PROD, FUNCTION,
         "'Code':{'ZipFile':'x'},'Role':{'Fn::If':['Prod','arn:aws:iam::"
         "123456789012:role/r',{'Ref':'AWS::NoValue'}]}"),
        "3105 2:14 'AWS::Lambda::Function' lacks the property 'Runtime'"},
    {ONE(FUNCTION, "'Code':{'ZipFile':'x'},'Role':{'Ref':'AWS::NoValue'}"),
        "3105 1:15 'AWS::Lambda::Function' lacks the property 'Role'; "
        "3105 1:15 'AWS::Lambda::Function' lacks the property 'Runtime'"},
    // types of values, coerced
    {ONE(FUNCTION, CODE ",'MemorySize':'1024','Timeout':3.0,'Description':12"), ""},
    {ONE(FUNCTION, CODE ",'MemorySize':'lots'"),
        "3106 2:116 'MemorySize' must be an integer, not 'lots'"},
    {ONE(FUNCTION, CODE ",'MemorySize':1.5"),
        "3106 2:116 'MemorySize' must be an integer, not 1.5"},
    {ONE(QUEUE, "'FifoQueue':'true','QueueName':'a.fifo'"), ""},
    {ONE(QUEUE, "'FifoQueue':'maybe'"), "3106 2:14 'FifoQueue' must be a boolean, not 'maybe'"},
    {ONE(BUCKET, "'Tags':'x'"), "3106 2:9 'Tags' must be a list, not 'x'"},
    {ONE(BUCKET, "'BucketName':['x']"), "3106 2:15 'BucketName' must be a string, not a list"},
    {ONE(BUCKET, "'BucketName':null"), "3106 2:15 'BucketName' must be a string, not null"},
    // values
    {ONE(BUCKET, "'VersioningConfiguration':{'Status':'Enable'}"),
        "3104 2:38 'VersioningConfiguration.Status' cannot be 'Enable', expected 'Enabled' or "
        "'Suspended'"},
    {ONE(BUCKET, "'BucketName':'MyBucket'"),
        "3107 2:15 'BucketName' cannot be 'MyBucket', which does not match "
        "'^([a-z0-9][a-z0-9.-]*[a-z0-9])?$'"},
    {ONE(BUCKET, "'BucketName':'{{resolve:ssm:/name}}'"), ""},
    {ONE(FUNCTION, CODE ",'Timeout':1000"),
        "3109 2:113 'Timeout' cannot be 1000, expected at most 900"},
    {ONE(FUNCTION, CODE ",'Architectures':['arm64','x86_64']"),
        "3110 2:119 'Architectures' has 2 items, expected at most 1"},
    {ONE(FUNCTION,
         "'Code':{'S3Key':'k','S3Bucket':'bucket'},'Role':{'Fn::Sub':'a'},'Runtime':'nodejs99.x'"),
        "3128 2:76 'Runtime' is 'nodejs99.x', a value that altc does not know"},
    {ONE(FUNCTION,
         "'Code':{'S3Key':'k','S3Bucket':'bucket'},'Role':{'Fn::Sub':'a'},'Handler':'a.b',"
         "'Runtime':'nodejs12.x'"),
        "3124 2:92 the runtime 'nodejs12.x' has not been supported since 2023-03-31"},
    {ONE(BUCKET, "'BucketName':'abc','Arn':'x'"),
        "3117 2:21 'Arn' is read-only: only the service sets it"},
    // what goes together
    {ONE("AWS::CloudWatch::Alarm", "'ComparisonOperator':'GreaterThanThreshold',"
                                   "'EvaluationPeriods':1,'MetricName':'m','Namespace':'n',"
                                   "'Period':60,'Threshold':1,'Statistic':'Sum',"
                                   "'ExtendedStatistic':'p99'"),
        "3116 2:127 'ExtendedStatistic' and 'Statistic' exclude each other"},
    {ONE("AWS::EC2::SecurityGroup", "'GroupDescription':'x','SecurityGroupEgress':[]"), ""},
    {ONE("AWS::DynamoDB::Table",
         "'KeySchema':[{'AttributeName':'a','KeyType':'HASH'}],"
         "'AttributeDefinitions':[{'AttributeName':'a','AttributeType':'S'}],'BillingMode':"
         "'PAY_PER_REQUEST','SSESpecification':{'SSEEnabled':true,'KMSMasterKeyId':'k'}"),
        "3115 2:192 'KMSMasterKeyId' needs the property 'SSEType' beside it"},
    {ONE("AWS::ECS::TaskDefinition",
         "'RequiresCompatibilities':['FARGATE'],'Cpu':256,"
         "'Memory':'512','NetworkMode':'bridge','ContainerDefinitions':[{'Name':'c','Image':'i'}]"),
        "3104 2:79 'NetworkMode' cannot be 'bridge', expected 'awsvpc'"},
    {ONE("AWS::ECS::TaskDefinition", "'RequiresCompatibilities':['EC2'],'NetworkMode':'bridge',"
                                     "'ContainerDefinitions':[{'Name':'c','Image':'i'}]"),
        ""},
    {ONE("AWS::CloudWatch::Alarm",
         "'ComparisonOperator':'GreaterThanThreshold',"
         "'EvaluationPeriods':1,'MetricName':'m','Namespace':'n','Period':90,'Threshold':1,"
         "'Statistic':'Sum'"),
        "3109 2:110 'Period' cannot be 90, expected a multiple of 60"},
    {ONE("AWS::Events::Rule", "'Name':'x'"), "3120 1:15 'AWS::Events::Rule' needs at least one of "
                                             "the properties 'EventPattern', 'ScheduleExpression'"},
    {ONE("AWS::ElasticLoadBalancingV2::LoadBalancer", "'Name':'x'"),
        "3120 1:15 'AWS::ElasticLoadBalancingV2::LoadBalancer' needs exactly one of the properties "
        "'SubnetMappings', 'Subnets'"},
    {ONE("AWS::ElasticLoadBalancingV2::LoadBalancer", "'Subnets':['subnet-1','vpc-2']"),
        "3119 2:24 'Subnets[1]' cannot be 'vpc-2', expected an id that begins with 'subnet-'"},
    {ONE("AWS::ElasticLoadBalancingV2::LoadBalancer", "'Subnets':['subnet-1','subnet-1']"),
        "3111 2:24 'Subnets' holds 'subnet-1' twice"},
    {ONE("AWS::ElasticLoadBalancingV2::LoadBalancer", "'Subnets':['subnet-1']"),
        "3110 2:12 'Subnets' has 1 item, expected at least 2"},
    {ONE("AWS::ElasticLoadBalancingV2::LoadBalancer", "'Type':'network','Subnets':['subnet-1']"),
        ""},
    {ONE(BUCKET, "'AccessControl':'PublicRead'"),
        "3105 1:15 'AWS::S3::Bucket' lacks the property 'OwnershipControls'"},
    {ONE(BUCKET, "'InventoryConfigurations':[{'Id':'i','Enabled':true,'IncludedObjectVersions':"
                 "'All','ScheduleFrequency':'Daily','Destination':{'BucketArn':'arn:aws:s3:::b',"
                 "'Format':'CSV'}}]"),
        ""},
    {ONE("AWS::EC2::EIPAssociation", "'EIP':'1.2.3.4','InstanceId':'i-1'"),
        "3118 2:2 the property 'EIP' is deprecated"},
    {ONE("AWS::OpsWorks::Instance", "'InstanceType':'t','LayerIds':['a'],'StackId':'s'"),
        "3122 1:27 resources of type 'AWS::OpsWorks::Instance' cannot be made from a template"},
    {ONE("AWS::GammaDilithium::JobDefinition", ""),
        "3105 1:15 'AWS::GammaDilithium::JobDefinition' lacks the property 'Type'; "
        "3122 1:27 resources of type 'AWS::GammaDilithium::JobDefinition' cannot be made from a "
        "template"},
    {ONE("AWS::EC2::LocalGatewayRoute", "'DestinationCidrBlock':'10.0.0.0/8'"),
        "3113 2:1 'AWS::EC2::LocalGatewayRoute' fits none of the 2 forms it may have"},
    {ONE("AWS::SSM::Parameter", "'Type':'Str','Value':{'Ref':'AWS::StackName'}"),
        "3104 2:9 'Type' cannot be 'Str', expected 'String' or 'StringList'"},
    {ONE("AWS::Logs::LogGroup", "'RetentionInDays':15"),
        "3104 2:20 'RetentionInDays' cannot be 15, expected …, 3, 5, 7, 14, 30, 60, 90, 120, …"},
    {ONE("AWS::Logs::LogGroup", "'RetentionInDays':'14'"), ""},
    {ONE(QUEUE, "'RedrivePolicy':{'deadLetterTargetArn':'a','maxReceiveCount':3}"), ""},
    {ONE(QUEUE, "'RedrivePolicy':'{}'"), ""},
    {ONE(QUEUE, "'KmsMasterKeyId':'alias/aws/sqs'"), ""},
    {ONE(QUEUE, "'FifoQueue':true,'QueueName':'a'"),
        "3107 2:31 'QueueName' cannot be 'a', which does not match '^.*\\.fifo$'"},
    // functions
    {ONE(BUCKET, "'Tags':{'Ref':'AWS::Region'}"),
        "3106 2:9 'Tags' must be a list, not a string as 'AWS::Region' is"},
    {ONE(BUCKET, "'BucketName':{'Fn::GetAZs':''}"),
        "3106 2:15 'BucketName' must be a string, not a list by 'Fn::GetAZs'"},
    {ONE(FUNCTION, CODE ",'Layers':{'Fn::Split':[',','a,b']},'MemorySize':{'Fn::Sub':'1'}"), ""},
    {WITH("'Ids':{'Type':'CommaDelimitedList'}", "", FUNCTION, CODE ",'Layers':{'Ref':'Ids'}"), ""},
    {WITH("'Ids':{'Type':'CommaDelimitedList'}", "", FUNCTION, CODE ",'Layers':[{'Ref':'Ids'}]"),
        "3106 3:113 'Layers[0]' must be a string, not a list as 'Ids' is"},
    {WITH("'Id':{'Type':'String'}", "", FUNCTION, CODE ",'Layers':{'Ref':'Id'}"),
        "3106 3:112 'Layers' must be a list, not a string as 'Id' is"},
    {WITH("'Size':{'Type':'Number','Default':64}", "", FUNCTION,
         CODE ",'MemorySize':{'Ref':'Size'}"),
        "3109 3:116 'MemorySize' cannot be 64, expected at least 128"},
    {WITH("'S':{'Type':'String','AllowedValues':['Enabled','Off']}", "", BUCKET,
         "'VersioningConfiguration':{'Status':{'Ref':'S'}}"),
        "3104 3:38 'VersioningConfiguration.Status' cannot be 'Off', expected 'Enabled' or "
        "'Suspended'"},
    {WITH("'S':{'Type':'String','AllowedValues':['Enabled','Off']}", PROD, BUCKET,
         "'VersioningConfiguration':{'Status':{'Fn::If':['Prod',{'Ref':'S'},'Enabled']}}"),
        ""},
    {WITH("", PROD, BUCKET,
         "'VersioningConfiguration':{'Fn::If':['Prod',{'Status':'On'},"
         "{'Status':'Enabled'}]}"),
        "3104 3:56 'VersioningConfiguration.Status' cannot be 'On', expected 'Enabled' or "
        "'Suspended'"},
    {WITH("", PROD, BUCKET, "'Fn::If':['Prod',{'BucketName':'abc'},{'Name':'abc'}]"),
        "3102 3:41 'AWS::S3::Bucket' has no property 'Name'"},
    {ONE(BUCKET, "'Fn::Transform':{'Name':'AWS::Include'},'BucketNam':1"),
        "3102 2:42 'AWS::S3::Bucket' has no property 'BucketNam'"},
    // documents in the language of IAM
    {ONE("AWS::IAM::ManagedPolicy", "'PolicyDocument':{'Version':'2012-10-27','Statement':[{'"
                                    "Effect':'allow','Resource':'*'}]}"),
        "3123 2:30 in a policy 'Version' is '2012-10-27', expected '2012-10-17'; "
        "3123 2:56 in a policy 'Action' is missing, expected 'Action' or 'NotAction'; "
        "3123 2:66 in a policy 'Effect' is 'allow', expected 'Allow' or 'Deny'"},
};

static void test_properties(void **state)
{
    (void)state;
    check_rows(rows, ROWS(rows), true, false);
}

static const TemplateRow hints[] = {
    {ONE(BUCKET, "'BucketNam':'x'"), "3102 2:2 | - did you mean 'BucketName'?"},
    {ONE("AWS::SQS::Que", ""), "3100 1:27 | - did you mean 'AWS::SQS::Queue'?"},
    {ONE("AWS::s3::bucket", ""), "3100 1:27 | - did you mean 'AWS::S3::Bucket'?"},
    {ONE(BUCKET, "'VersioningConfiguration':{'Status':'Enable'}"),
        "3104 2:38 | - did you mean 'Enabled'?"},
};

static void test_hints(void **state)
{
    (void)state;
    check_rows(hints, ROWS(hints), false, true);
}

// Statements of firewalls nest without end, each in one of a dozen forms.
static void test_nested_forms_are_linear(void **state)
{
    (void)state;
    Buf json;
    buf_init(&json, 0);
    buf_add_text(&json, "{'Resources':{'R':{'Type':'AWS::WAFv2::RuleGroup','Properties':"
                        "{'Capacity':1,'Scope':'REGIONAL','VisibilityConfig':"
                        "{'CloudWatchMetricsEnabled':true,'MetricName':'m',"
                        "'SampledRequestsEnabled':true},'Rules':[{'Name':'n','Priority':1,"
                        "'VisibilityConfig':{'CloudWatchMetricsEnabled':true,'MetricName':'m',"
                        "'SampledRequestsEnabled':true},'Statement':");
    for (int i = 0; i < 60; i++)
        buf_add_text(&json, "{'NotStatement':{'Statement':");
    buf_add_text(&json, "{'GeoMatchStatement':{'CountryCodes':['XX']}}");
    for (int i = 0; i < 60; i++)
        buf_add_text(&json, "}}");
    buf_add_text(&json, "}]}}}}");
    RegexCache *regexes = regex_cache_new();
    Fixture fixture = fixture_new(regexes);
    fixture_check(&fixture, buf_str(&json).ptr, false, false);
    assert_true(arena_used(fixture.arena) < 4 * 1024 * 1024);
    arena_free(fixture.arena);
    regex_cache_free(regexes);
    buf_release(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_properties),
        cmocka_unit_test(test_hints),
        cmocka_unit_test(test_nested_forms_are_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
