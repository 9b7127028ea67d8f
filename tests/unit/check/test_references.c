#include "tests/unit/check/check_fixture.h"

// A template whose resource R holds an expression, beside a topic T, a parameter P and others.
#define VALUE(expression)                                                                          \
    "{'Parameters':{'P':{'Type':'String'},'L':{'Type':'CommaDelimitedList'}},\n"                   \
    "'Mappings':{'M':{'a':{'x':'1','l':['p','q']},'b':{'x':'2'}}},\n"                              \
    "'Conditions':{'Prod':{'Fn::Equals':[{'Ref':'P'},'prod']}},\n"                                 \
    "'Resources':{'T':{'Type':'AWS::SNS::Topic'},'N':{'Type':'AWS::CloudFormation::Stack',"        \
    "'Properties':{'TemplateURL':'https://a.s3.amazonaws.com/t'}},'V':{'Type':'AWS::EC2::VPC',"    \
    "'Properties':{'CidrBlock':'10.0.0.0/"                                                         \
    "16'}},\n'R':{'Type':'Custom::R','Properties':{'X':\n" expression "}}}}"
#define CONDITION(expression)                                                                      \
    "{'Parameters':{'P':{'Type':'String'}},'Resources':{'T':{'Type':'AWS::SNS::Topic'}},\n"        \
    "'Conditions':{'A':{'Fn::Equals':['a','b']},'C':\n" expression "}}"
#define OUTPUT(expression)                                                                         \
    "{'Parameters':{'L':{'Type':'CommaDelimitedList'}},'Resources':{'T':{'Type':"                  \
    "'AWS::SNS::Topic'},'E':{'Type':'AWS::EC2::VPC','Properties':{'CidrBlock':'10.0.0.0/16'}}},"   \
    "\n'Outputs':{'O':\n" expression "}}"
#define RESOURCE(attributes)                                                                       \
    "{'Parameters':{'P':{'Type':'String'}},'Resources':{'T':{'Type':'AWS::SNS::Topic'},'R':"       \
    "\n{" attributes "}}}"
#define PARAMETER(attributes)                                                                      \
    "{'Parameters':{'P':\n{" attributes "}},'Resources':{'T':{'Type':'AWS::SNS::Topic'}}}"

static const TemplateRow names[] = {
    {VALUE("{'Ref':'P'}"), ""},
    {VALUE("{'Ref':'AWS::Region'}"), ""},
    {VALUE("{'Ref':'TT'}"), "3200 6:8 nothing in the template is called 'TT'"},
    {VALUE("{'Ref':'AWS::Regio'}"), "3200 6:8 nothing in the template is called 'AWS::Regio'"},
    {VALUE("{'Ref':['T']}"), "3208 6:8 'Ref' takes a name, not a list"},
    {VALUE("{'Ref':{'Ref':'P'}}"),
        "3207 6:1 a function in 'Ref' needs the transform 'AWS::LanguageExtensions'"},
    {VALUE("{'Fn::GetAtt':['T','TopicArn']}"), ""},
    {VALUE("{'Fn::GetAtt':'T.TopicArn'}"), ""},
    {VALUE("{'Fn::GetAtt':['T','Arn']}"),
        "3202 6:1 'T' of type 'AWS::SNS::Topic' has no attribute 'Arn'"},
    {VALUE("{'Fn::GetAtt':['P','Arn']}"),
        "3208 6:1 'Fn::GetAtt' takes a resource, not the parameter 'P'"},
    {VALUE("{'Fn::GetAtt':['Nope','Arn']}"), "3200 6:1 nothing in the template is called 'Nope'"},
    {VALUE("{'Fn::GetAtt':['V','EnableDnsSupport']}"), ""},
    {VALUE("{'Fn::GetAtt':['R','Anything.At.All']}"), "6010 6:1 'R' needs itself: R → R"},
    {VALUE("{'Fn::GetAtt':['N','Outputs.Url']}"), ""},
    {VALUE("{'Fn::GetAtt':['N','Url']}"),
        "3202 6:1 'N' of type 'AWS::CloudFormation::Stack' has no attribute 'Url'"},
    {VALUE("{'Fn::GetAtt':['T',{'Ref':'P'}]}"), ""},
    {VALUE("{'Fn::GetAtt':['T']}"),
        "3208 6:15 'Fn::GetAtt' takes a resource and an attribute, not a list"},
    {VALUE("{'Fn::Sub':'${P} ${T} ${T.TopicName} ${AWS::Region} ${!Literal}'}"), ""},
    {VALUE("{'Fn::Sub':'${Q} ${T.Arn}'}"),
        "3200 6:12 nothing in the template is called 'Q'; "
        "3202 6:12 'T' of type 'AWS::SNS::Topic' has no attribute 'Arn'"},
    {VALUE("{'Fn::Sub':['${Q}',{'Q':{'Ref':'P'}}]}"), ""},
    {VALUE("{'Fn::Sub':['${Q}',{'Q':{'Ref':'Nope'}}]}"),
        "3200 6:32 nothing in the template is called 'Nope'"},
    {VALUE("{'Fn::Sub':'${SHELL:-x} ${a b}'}"),
        "3214 6:12 'SHELL:-x' cannot be substituted: expected letters, digits, '_', '.' and ':'; "
        "3214 6:12 'a b' cannot be substituted: expected letters, digits, '_', '.' and ':'"},
    {VALUE("{'Fn::Sub':{'Ref':'P'}}"),
        "3208 6:1 'Fn::Sub' takes a text, or a text and a map, not the value of 'P'"},
    {VALUE("{'Fn::If':['Prd',1,2]}"), "3203 6:12 the template has no condition 'Prd'"},
    {VALUE("{'Fn::If':[{'Ref':'P'},1,2]}"),
        "3208 6:12 'Fn::If' takes the name of a condition, not the value of 'P'"},
    {VALUE("{'Fn::FindInMap':['M','a','x']}"), ""},
    {VALUE("{'Fn::FindInMap':['Mm','a','x']}"), "3204 6:19 the template has no mapping 'Mm'"},
    {VALUE("{'Fn::FindInMap':['M','c','x']}"), "3205 6:23 the mapping 'M' has no key 'c'"},
    {VALUE("{'Fn::FindInMap':['M','a','y']}"), "3205 6:27 the mapping 'M' has no key 'y'"},
    {VALUE("{'Fn::FindInMap':['M',{'Ref':'P'},'l']}"), ""},
    {VALUE("{'Fn::FindInMap':['M',{'Ref':'P'},'y']}"), "3205 6:35 the mapping 'M' has no key 'y'"},
    {VALUE("{'Fn::FindInMap':['M','a']}"),
        "3208 6:1 'Fn::FindInMap' takes a mapping and two keys, not a list"},
};

static const TemplateRow functions[] = {
    // what they take
    {VALUE("{'Fn::Join':['-',['a',{'Ref':'P'},1]]}"), ""},
    {VALUE("{'Fn::Join':['-',{'Ref':'L'}]}"), ""},
    {VALUE("{'Fn::Join':['-',{'Ref':'P'}]}"),
        "3208 6:18 'Fn::Join' takes a list, not the value of 'P'"},
    {VALUE("{'Fn::Join':[{'Ref':'P'},['a']]}"),
        "3208 6:14 'Fn::Join' takes a literal delimiter, not the value of 'P'"},
    {VALUE("{'Fn::Join':['-',['a',['b']]]}"), "3208 6:23 'Fn::Join' takes a text, not a list"},
    {VALUE("{'Fn::Join':['-',['a',{'Ref':'L'}]]}"),
        "3211 6:23 the value of 'L' is a list, but 'Fn::Join' takes texts"},
    {VALUE("{'Fn::Join':['-',['a',{'Fn::If':['Prod','b',{'Ref':'AWS::NoValue'}]}]]}"), ""},
    {VALUE("{'Fn::Sub':'${L}'}"), "3211 6:12 'L' is a list, but 'Fn::Sub' takes texts"},
    {VALUE("{'Fn::Sub':'${V.CidrBlockAssociations}'}"),
        "3211 6:12 'V.CidrBlockAssociations' is a list, but 'Fn::Sub' takes texts"},
    {VALUE("{'Fn::Select':[0,{'Ref':'L'}]}"), ""},
    {VALUE("{'Fn::Select':['1',['a','b']]}"), ""},
    {VALUE("{'Fn::Select':[2,['a','b']]}"),
        "3212 6:16 there is no element 2: the list has 2, counted from 0"},
    {VALUE("{'Fn::Select':[3,{'Fn::Split':[',','a,b,c']}]}"),
        "3212 6:16 there is no element 3: the list has 3, counted from 0"},
    {VALUE("{'Fn::Select':[6,{'Fn::Cidr':[{'Fn::GetAtt':['V','CidrBlock']},6,8]}]}"),
        "3212 6:16 there is no element 6: the list has 6, counted from 0"},
    {VALUE("{'Fn::Select':[-1,['a','b']]}"),
        "3208 6:16 'Fn::Select' takes an index counted from 0, not -1"},
    {VALUE("{'Fn::Select':[0,'a']}"), "3208 6:18 'Fn::Select' takes a list, not 'a'"},
    {VALUE("{'Fn::Select':[0]}"), "3208 6:15 'Fn::Select' takes an index and a list, not 1 items"},
    {VALUE("{'Fn::Split':[{'Ref':'P'},'a']}"),
        "3208 6:15 'Fn::Split' takes a literal delimiter, not the value of 'P'"},
    {VALUE("{'Fn::Split':[',',{'Ref':'L'}]}"),
        "3211 6:19 the value of 'L' is a list, but 'Fn::Split' takes texts"},
    {VALUE("{'Fn::Cidr':['10.0.0.0/8',300,8]}"),
        "3208 6:27 'Fn::Cidr' takes a count from 1 to 256, not 300"},
    {VALUE("{'Fn::Base64':{'Fn::Sub':'${P}'}}"), ""},
    {VALUE("{'Fn::Base64':['a']}"), "3208 6:15 'Fn::Base64' takes a text, not a list"},
    {VALUE("{'Fn::If':['Prod',1]}"),
        "3208 6:11 'Fn::If' takes a condition and two values, not 2 items"},
    {VALUE("{'Fn::ImportValue':{'Fn::Sub':'${P}-x'}}"), ""},
    {VALUE("{'Fn::ImportValue':{'Ref':'T'}}"),
        "3210 6:27 the resource 'T' cannot be used in 'Fn::ImportValue'"},
    {VALUE("{'Fn::Newest':[{'Ref':'Nope'}]}"),
        "3200 6:23 nothing in the template is called 'Nope'"},
    // where they stand
    {VALUE("{'Fn::Equals':['a','b']}"), "3206 6:1 'Fn::Equals' cannot stand in a property"},
    {VALUE("{'Fn::Contains':[['a'],'b']}"), "3206 6:1 'Fn::Contains' cannot stand in a property"},
    {VALUE("{'Fn::Sub':['${X}',{'X':{'Ref':'AWS::NoValue'}}]}"),
        "3213 6:32 'AWS::NoValue' cannot stand here, in a property"},
    {VALUE("[{'Ref':'AWS::NoValue'}]"), ""},
    {VALUE("{'Fn::Length':[1]}"),
        "3207 6:1 'Fn::Length' needs the transform 'AWS::LanguageExtensions'"},
    {VALUE("{'Fn::ToJsonString':{'a':1}}"),
        "3207 6:1 'Fn::ToJsonString' needs the transform 'AWS::LanguageExtensions'"},
    {VALUE("{'Fn::FindInMap':['M','a','x',{'DefaultValue':'d'}]}"),
        "3207 6:1 a default in 'Fn::FindInMap' needs the transform 'AWS::LanguageExtensions'"},
    {VALUE("{'Fn::FindInMap':[{'Fn::Sub':'M'},'a','x']}"),
        "3207 6:1 a function in 'Fn::FindInMap' needs the transform 'AWS::LanguageExtensions'"},
    {VALUE("{'Fn::ForEach::I':['I',['a'],{'K${I}':{'Ref':'I'}}]}"),
        "3207 6:2 'Fn::ForEach::I' needs the transform 'AWS::LanguageExtensions'"},
    {CONDITION("{'Condition':'A'}"), ""},
    {CONDITION("{'Condition':'Nope'}"), "3203 3:1 the template has no condition 'Nope'"},
    {CONDITION("{'Fn::And':[{'Condition':'A'},{'Fn::Not':[{'Fn::Equals':[{'Ref':'P'},'']}]}]}"),
        ""},
    {CONDITION("{'Fn::And':[{'Condition':'A'}]}"),
        "3208 3:12 'Fn::And' takes 2 to 10 conditions, not 1 items"},
    {CONDITION("{'Fn::And':[{'Condition':'A'},'B']}"),
        "3208 3:31 'Fn::And' takes conditions, not 'B'"},
    {CONDITION("{'Fn::Not':[{'Ref':'P'}]}"),
        "3208 3:13 'Fn::Not' takes conditions, not the value of 'P'"},
    {CONDITION("{'Fn::Equals':[{'Ref':'T'},'']}"),
        "3210 3:23 the resource 'T' cannot be used in a condition"},
    {CONDITION("{'Fn::Equals':[{'Fn::GetAtt':['T','TopicArn']},'']}"),
        "3210 3:16 the resource 'T' cannot be used in a condition"},
    {CONDITION("{'Fn::Equals':[{'Fn::If':['A','a','b']},'']}"),
        "3206 3:16 'Fn::If' cannot stand in a condition"},
    {CONDITION("{'Fn::Equals':[{'Fn::ImportValue':'x'},'']}"),
        "3206 3:16 'Fn::ImportValue' cannot stand in a condition"},
    {CONDITION("{'Fn::Equals':['a']}"), "3208 3:15 'Fn::Equals' takes two values, not 1 items"},
    {CONDITION("'A'"), "3222 3:1 the condition 'C' must be a comparison, not 'A'"},
};

static const TemplateRow entries[] = {
    // outputs
    {OUTPUT("{'Value':{'Ref':'T'},'Description':'d','Export':{'Name':{'Fn::Sub':"
            "'${AWS::StackName}:t'}}}"),
        ""},
    {OUTPUT("{'Description':'d'}"), "3223 2:12 the output 'O' lacks 'Value'"},
    {OUTPUT("{'Value':{'Ref':'L'}}"),
        "3211 3:10 the value of 'L' is a list, but an output takes texts"},
    {OUTPUT("{'Value':['a']}"), "3222 3:10 the value of an output must be a text, not a list"},
    {OUTPUT("{'Value':{'Fn::GetAtt':['E','CidrBlockAssociations']}}"),
        "3211 3:10 the value of 'E.CidrBlockAssociations' is a list, but an output takes texts"},
    {OUTPUT("{'Value':'a','Description':{'Ref':'L'}}"),
        "3206 3:28 'Ref' cannot stand in the description of an output"},
    {OUTPUT("{'Value':'a','Export':{'Name':{'Ref':'T'}}}"),
        "3210 3:38 the resource 'T' cannot be used in the name of an export"},
    {OUTPUT("{'Value':'a','Export':{'Name':{'Fn::GetAtt':['T','TopicName']}}}"),
        "3210 3:31 the resource 'T' cannot be used in the name of an export"},
    {OUTPUT("{'Value':'a','Export':{'Name':'a_b'}}"),
        "3225 3:31 'a_b' cannot name an export: expected letters, digits, ':' and '-'"},
    {OUTPUT("{'Value':'a','Export':{}}"), "3223 3:14 'Export' lacks 'Name'"},
    {OUTPUT("{'Value':'a','Condition':'Nope'}"), "3203 3:26 the template has no condition 'Nope'"},
    {OUTPUT("{'Value':'a','Valu':'a'}"), "3221 3:14 an output has no entry 'Valu'"},
    {OUTPUT("{'Value':{'Ref':'AWS::NoValue'}}"),
        "3213 3:17 'AWS::NoValue' cannot stand here, in an output"},
    // resources
    {RESOURCE("'Properties':{}"), "3223 1:83 the resource 'R' lacks 'Type'"},
    {RESOURCE("'Type':'Custom::R','DependsOn':['T']"), ""},
    {RESOURCE("'Type':'Custom::R','DependsOn':'Tt'"),
        "3200 2:33 nothing in the template is called 'Tt'"},
    {RESOURCE("'Type':'Custom::R','DependsOn':{'Ref':'T'}"),
        "3206 2:33 'Ref' cannot stand in 'DependsOn'"},
    {RESOURCE("'Type':'Custom::R','DependsOn':['P']"),
        "3222 2:34 'DependsOn' must be names of resources, not a parameter"},
    {RESOURCE("'Type':'Custom::R','Condition':'Nope'"),
        "3203 2:33 the template has no condition 'Nope'"},
    {RESOURCE("'Type':'Custom::R','DeletionPolicy':'Retai'"),
        "3215 2:38 'Retai' is no DeletionPolicy"},
    {RESOURCE("'Type':'Custom::R','UpdateReplacePolicy':'RetainExceptOnCreate'"),
        "3215 2:43 'RetainExceptOnCreate' is no UpdateReplacePolicy"},
    {RESOURCE("'Type':'AWS::SNS::Topic','DeletionPolicy':'Snapshot'"),
        "3216 2:44 a resource of type 'AWS::SNS::Topic' cannot leave a snapshot"},
    {RESOURCE("'Type':'AWS::RDS::DBInstance','DeletionPolicy':'Snapshot','Properties':{"
              "'Engine':'postgres','DBInstanceClass':'db.t4g.micro','AllocatedStorage':'20'}"),
        ""},
    {RESOURCE("'Type':'Custom::R','DeletionPolicy':{'Ref':'P'}"),
        "3207 2:38 a function in 'DeletionPolicy' needs the transform 'AWS::LanguageExtensions'"},
    {RESOURCE("'Type':'Custom::R','Count':3"), "3221 2:21 a resource has no entry 'Count'"},
    {RESOURCE("'Type':'Custom::R','Properties':[]"),
        "3222 2:34 'Properties' must be a map, not a list"},
    {RESOURCE("'Type':'Custom::R','Metadata':{'A':{'Ref':'Nope'}}"),
        "3200 2:44 nothing in the template is called 'Nope'"},
    // parameters
    {PARAMETER("'Type':'String','Default':'x','AllowedValues':['x'],'NoEcho':true"), ""},
    {PARAMETER("'Type':'Strin'"), "3219 2:9 there is no parameter type 'Strin'"},
    {PARAMETER("'Default':'x'"), "3223 1:16 the parameter 'P' lacks 'Type'"},
    {PARAMETER("'Type':'List<AWS::EC2::Subnet::Id>'"), ""},
    {PARAMETER("'Type':'AWS::SSM::Parameter::Value<List<String>>','Default':'/a'"), ""},
    {PARAMETER("'Type':'Number','MinLength':1"),
        "3217 2:18 'MinLength' does not fit a parameter of type 'Number'"},
    {PARAMETER("'Type':'String','MaxValue':1"),
        "3217 2:18 'MaxValue' does not fit a parameter of type 'String'"},
    {PARAMETER("'Type':'String','Defalt':1"), "3221 2:18 a parameter has no entry 'Defalt'"},
    {PARAMETER("'Type':'String','Default':{'Ref':'AWS::Region'}"),
        "3206 2:28 'Ref' cannot stand in a parameter"},
    {PARAMETER("'Type':'String','Default':'c','AllowedValues':['a','b']"),
        "3218 2:28 the default 'c' of 'P' does not fit its 'AllowedValues'"},
    {PARAMETER("'Type':'CommaDelimitedList','Default':'a, c','AllowedValues':['a','b']"),
        "3218 2:40 the default 'a, c' of 'P' does not fit its 'AllowedValues'"},
    {PARAMETER("'Type':'String','Default':'abc','AllowedPattern':'[a-b]*'"),
        "3218 2:28 the default 'abc' of 'P' does not fit its 'AllowedPattern'"},
    {PARAMETER("'Type':'String','Default':'','MinLength':1"),
        "3218 2:28 the default '' of 'P' does not fit its 'MinLength'"},
    {PARAMETER("'Type':'Number','Default':'x'"),
        "3218 2:28 the default 'x' of 'P' does not fit its 'Type'"},
    {PARAMETER("'Type':'Number','Default':5,'MaxValue':4"),
        "3218 2:28 the default 5 of 'P' does not fit its 'MaxValue'"},
    // sections
    {"{'Resource':{},'Resources':{}}", "3220 1:2 a template has no section 'Resource'"},
    {"{'Resources':[]}", "3222 1:14 'Resources' must be a map, not a list"},
    {"{'Resources':{},'Description':{'Ref':'AWS::Region'}}",
        "3206 1:31 'Ref' cannot stand in 'Description'"},
    {"{'Resources':{},'Mappings':{'M':{'a':'b'}}}",
        "3222 1:38 'a' must be a map, as a mapping has two levels, not 'b'"},
    {"{'Resources':{},'Mappings':{'M':{'a':{'b':{'c':1}}}}}",
        "3222 1:43 a value of a mapping must be a scalar or a list of scalars, not a map"},
    {"{'Resources':{},'Mappings':{'M':{'a':{'b':{'Ref':'AWS::Region'}}}}}",
        "3206 1:43 'Ref' cannot stand in a mapping"},
    {"{'Resources':{},'Rules':{'R':{'RuleCondition':{'Fn::Equals':[{'Ref':'AWS::Region'},'a']},"
     "'Assertions':[{'Assert':{'Fn::Contains':[['a'],{'Ref':'AWS::Region'}]}}]}}}",
        ""},
    {"{'Resources':{},'Rules':{'R':{'Assertions':[{'Assert':{'Fn::Equals':[{'Fn::Sub':'a'},'a']}}"
     "]}}}",
        "3206 1:70 'Fn::Sub' cannot stand in a rule"},
    {"{'Resources':{},'Rules':{'R':{'RuleCondition':{'Fn::Equals':['a','a']}}}}",
        "3223 1:26 the rule 'R' lacks 'Assertions'"},
};

static const TemplateRow transforms[] = {
    {"{'Transform':'AWS::LanguageExtensions','Resources':{\n'Fn::ForEach::Topics':['N',['a','b'],"
     "{'T${N}':{'Type':'AWS::SNS::Topic','Properties':{'TopicName':{'Ref':'N'}}}}],\n"
     "'R':{'Type':'Custom::R','DependsOn':'Ta','Properties':{'A':{'Ref':'Tb'},"
     "'B':{'Fn::Length':['a']},'C':{'Fn::GetAtt':[{'Fn::Sub':'Ta'},'TopicName']},"
     "'D':{'Ref':'N'}}}}}",
        "3200 3:159 nothing in the template is called 'N'"},
    {"{'Transform':'AWS::LanguageExtensions','Resources':{\n'Fn::ForEach::Topics':['N',['a','b'],"
     "{'T${N}':{'Type':'AWS::SNS::Topic','Properties':{'TopicNam':{'Ref':'M'}}}}]}}",
        "3102 2:87 'AWS::SNS::Topic' has no property 'TopicNam'; "
        "3200 2:105 nothing in the template is called 'M'"},
    {"{'Resources':{\n'Fn::ForEach::Topics':['N',['a','b'],"
     "{'T${N}':{'Type':'AWS::SNS::Topic'}}]}}",
        "3207 2:1 'Fn::ForEach::Topics' needs the transform 'AWS::LanguageExtensions'"},
    {"{'Transform':'AWS::LanguageExtensions','Resources':{'T':{'Type':'AWS::SNS::Topic',"
     "'DeletionPolicy':{'Fn::If':['A','Retain','Delete']}}},"
     "'Conditions':{'A':{'Fn::Equals':['a','b']}}}",
        ""},
    {"{'Transform':'AWS::Serverless-2016-10-31','Globals':{},'Resources':{\n"
     "'F':{'Type':'AWS::Serverless::Function','Connectors':{}},\n'R':{'Type':'Custom::R',"
     "'Properties':{'A':{'Ref':'FRole'},'B':{'Fn::GetAtt':['ServerlessRestApi','X']},"
     "'C':{'Ref':'Nope'}}}}}",
        "3201 3:115 nothing in the template is called 'Nope', unless a transform makes it"},
    {"{'Transform':['Mine'],'Other':1,'Resources':{'R':{'Type':'Custom::R','Count':2,"
     "'Properties':{'A':{'Ref':'Nope'},'B':{'Fn::Equals':[1,2]}}}}}",
        "3201 1:105 nothing in the template is called 'Nope', unless a transform makes it"},
    {"{'Transform':'AWS::LanguageExtensions','Conditions':{'Fn::ForEach::Cs':['N',['A','B'],"
     "{'Is${N}':{'Fn::Equals':[{'Ref':'AWS::Region'},{'Ref':'N'}]}}]},'Resources':{'T':{'Type':"
     "'AWS::SNS::Topic','Condition':'IsA'},'U':{'Type':'AWS::SNS::Topic','Condition':'No'}}}",
        "3203 1:255 the template has no condition 'No'"},
    {"{'Resources':{'M':{'Type':'A::B::C::MODULE'},'R':{'Type':'Custom::R','Properties':{'A':"
     "{'Ref':'MBucket'}}}}}",
        ""},
};

static void test_names(void **state)
{
    (void)state;
    check_rows(names, ROWS(names), true, false);
}

static void test_functions(void **state)
{
    (void)state;
    check_rows(functions, ROWS(functions), true, false);
}

static void test_entries(void **state)
{
    (void)state;
    check_rows(entries, ROWS(entries), true, false);
}

static void test_transforms(void **state)
{
    (void)state;
    check_rows(transforms, ROWS(transforms), true, false);
}

static const TemplateRow hints[] = {
    {VALUE("{'Ref':'TT'}"), "3200 6:8 | - did you mean 'T'?"},
    {VALUE("{'Fn::GetAtt':['T','Topicarn']}"), "3202 6:1 | - did you mean 'TopicArn'?"},
    {VALUE("{'Fn::GetAtt':['V','EnableDnsSupport']}"), ""},
    {VALUE("{'Fn::ToJsonString':{'a':1}}"),
        "3207 6:1 | - add it to the program: template { Transform: \"AWS::LanguageExtensions\" }"},
    {VALUE("{'Fn::Sub':'${a b}'}"), "3214 6:12 | - for the text itself, Fn::Sub wants '${!a b}'"},
};

static void test_hints(void **state)
{
    (void)state;
    check_rows(hints, ROWS(hints), false, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_functions),
        cmocka_unit_test(test_entries),
        cmocka_unit_test(test_transforms),
        cmocka_unit_test(test_hints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
