#include "tests/unit/check/check_fixture.h"

// A topic T under a condition C, used by R, which stands under another.
#define USE(conditions, target, user)                                                              \
    "{'Parameters':{'P':{'Type':'String'},'E':{'Type':'String','AllowedValues':['a','b']}},"       \
    "'Conditions':{" conditions                                                                    \
    "},\n'Resources':{'T':{'Type':'AWS::SNS::Topic','Condition':'" target                          \
    "'},\n'R':{'Type':'Custom::R'," user "}}}"
#define P_IS(text) "{'Fn::Equals':[{'Ref':'P'},'" text "']}"
#define E_IS(text) "{'Fn::Equals':[{'Ref':'E'},'" text "']}"
#define NOT(condition) "{'Fn::Not':[" condition "]}"
#define AND(a, b) "{'Fn::And':[" a "," b "]}"
#define OR(a, b) "{'Fn::Or':[" a "," b "]}"
#define NAMED(name) "{'Condition':'" name "'}"
#define REF "'Properties':{'X':{'Ref':'T'}}"
#define UNDER(name) "'Condition':'" name "'," REF

static const TemplateRow implications[] = {
    {USE("'C':" P_IS("x"), "C", REF),
        "3209 3:50 'T' exists only where 'C' holds, which is not certain here"},
    {USE("'C':" P_IS("x"), "C", UNDER("C")), ""},
    {USE("'C':" P_IS("x") ",'D':" P_IS("x"), "C", UNDER("D")), ""},
    {USE("'C':" P_IS("x") ",'D':" P_IS("y"), "C", UNDER("D")),
        "3209 3:66 'T' exists only where 'C' holds, which is not certain here"},
    {USE("'C':" NOT(P_IS("x")) ",'D':" P_IS("y"), "C", UNDER("D")), ""},
    {USE("'C':" OR(P_IS("x"), P_IS("y")) ",'D':" P_IS("y"), "C", UNDER("D")), ""},
    {USE("'C':" P_IS("x") ",'D':" AND(NAMED("C"), E_IS("a")), "C", UNDER("D")), ""},
    {USE("'C':" P_IS("x") ",'D':" OR(NAMED("C"), E_IS("a")), "C", UNDER("D")),
        "3209 3:66 'T' exists only where 'C' holds, which is not certain here"},
    // what a parameter may be
    {USE("'C':" E_IS("a") ",'D':" NOT(E_IS("b")), "C", UNDER("D")), ""},
    {USE("'C':" P_IS("a") ",'D':" NOT(P_IS("b")), "C", UNDER("D")),
        "3209 3:66 'T' exists only where 'C' holds, which is not certain here"},
    {USE("'C':" OR(E_IS("a"), E_IS("b")), "C", REF), ""},
    {USE("'C':" E_IS("z"), "C", REF),
        "3209 3:50 'T' exists only where 'C' holds, which is not certain here"},
    {USE("'C':{'Fn::Equals':['a','a']}", "C", REF), ""},
    // branches
    {USE("'C':" P_IS("x"), "C", "'Properties':{'X':{'Fn::If':['C',{'Ref':'T'},'none']}}"), ""},
    {USE("'C':" P_IS("x"), "C", "'Properties':{'X':{'Fn::If':['C','none',{'Ref':'T'}]}}"),
        "3209 3:72 'T' exists only where 'C' holds, which is not certain here"},
    {USE("'C':" P_IS("x") ",'D':" NOT(NAMED("C")), "C",
         "'Properties':{'X':{'Fn::If':['D','none',{'Fn::Sub':'${T.TopicName}'}]}}"),
        ""},
    {USE("'C':" AND(P_IS("x"), E_IS("a")) ",'D':" P_IS("x") ",'F':" E_IS("a"), "C",
         "'Properties':{'X':{'Fn::If':['D',{'Fn::If':['F',{'Ref':'T'},1]},2]}}"),
        ""},
    // a DependsOn of what is not made is ignored
    {USE("'C':" P_IS("x"), "C", "'DependsOn':'T'"), ""},
    // a cycle of conditions is its own finding
    {USE("'C':" NAMED("D") ",'D':" NOT(NAMED("C")), "C", UNDER("D")),
        "6011 1:105 the condition 'C' needs itself: C → D → C"},
};

static void test_implications(void **state)
{
    (void)state;
    check_rows(implications, ROWS(implications), true, false);
}

// Each condition is made of the two before it: written out they would be 2^60 parts.
static void test_shared_conditions_take_no_time(void **state)
{
    (void)state;
    Buf json;
    buf_init(&json, 0);
    buf_add_text(&json, "{'Parameters':{'P':{'Type':'String'}},'Conditions':{");
    buf_add_text(&json, "'C0':" P_IS("a") ",'C1':" P_IS("b"));
    for (int i = 2; i < 60; i++)
        buf_add_format(&json,
            ",'C%d':{'Fn::Or':[{'Condition':'C%d'},{'Fn::Not':[{'Condition':'C%d'}]}]}", i, i - 1,
            i - 2);
    buf_add_text(&json, "},'Resources':{");
    for (int i = 0; i < 60; i++)
        buf_add_format(&json,
            "%s'T%d':{'Type':'AWS::SNS::Topic','Condition':'C%d'},"
            "'R%d':{'Type':'Custom::R','Condition':'C%d','Properties':{'X':{'Ref':'T%d'}}}",
            i ? "," : "", i, i, i, 59 - i, i);
    buf_add_text(&json, "}}");
    RegexCache *regexes = regex_cache_new();
    Fixture fixture = fixture_new(regexes);
    fixture_check(&fixture, buf_str(&json).ptr, false, false);
    assert_int_equal(diag_error_count(fixture.diags), 0);
    assert_true(diag_warning_count(fixture.diags) > 0);
    arena_free(fixture.arena);
    regex_cache_free(regexes);
    buf_release(&json);
}

// Thirty parameters have too many combinations: silence, not a guess.
static void test_too_many_combinations_stay_silent(void **state)
{
    (void)state;
    Buf json;
    buf_init(&json, 0);
    buf_add_text(&json, "{'Parameters':{'P':{'Type':'String'}");
    for (int i = 0; i < 30; i++)
        buf_add_format(&json, ",'P%d':{'Type':'String'}", i);
    buf_add_text(&json, "},'Conditions':{'C':" P_IS("x") ",'D':{'Fn::Equals':['a','a']}");
    for (int i = 0; i < 30; i++) {
        buf_add_format(&json, ",'C%d':{'Fn::And':[{'Fn::Equals':[{'Ref':'P%d'},'a']},", i, i);
        if (i)
            buf_add_format(&json, "{'Condition':'C%d'}]}", i - 1);
        else
            buf_add_text(&json, "{'Condition':'D'}]}");
    }
    buf_add_text(&json, "},'Resources':{'T':{'Type':'AWS::SNS::Topic','Condition':'C'},"
                        "'R':{'Type':'Custom::R','Condition':'C29',"
                        "'Properties':{'X':{'Ref':'T'}}}}}");
    RegexCache *regexes = regex_cache_new();
    Fixture fixture = fixture_new(regexes);
    Str findings = fixture_check(&fixture, buf_str(&json).ptr, false, false);
    assert_string_equal(findings.ptr, "");
    arena_free(fixture.arena);
    regex_cache_free(regexes);
    buf_release(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_implications),
        cmocka_unit_test(test_shared_conditions_take_no_time),
        cmocka_unit_test(test_too_many_combinations_stay_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
