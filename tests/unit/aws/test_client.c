#include "runtime/aws/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "runtime/aws/query.h"
#include "tests/support/fake_world.h"

#define OK_BODY "<R><A>1</A><ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></R>"
#define ERROR_BODY(code)                                                                           \
    "<ErrorResponse><Error><Code>" code "</Code><Message>m</Message></Error></ErrorResponse>"

static int renewals(void *context)
{
    return *(int *)context;
}

static bool give_keys(void *context, Arena *arena, bool renew, AwsKeys *keys, Str *error)
{
    (void)arena;
    (void)error;
    *(int *)context += renew;
    *keys = (AwsKeys){.key = {STR("AKID"), STR("secret")}, .token = STR("t")};
    return true;
}

static AwsReply play(Arena *arena, FakeWorld *fake, AwsClient *client, int *renewed)
{
    World *world = ARENA_NEW(arena, World);
    *world = fake_world(fake);
    Endpoint endpoint;
    Str error;
    EndpointOptions options = {0};
    assert_true(endpoint_resolve(arena, STR("sts"), STR("eu-west-1"), &options, &endpoint, &error));
    aws_client_init(client, world, (HttpTransport){fake, fake_world_send},
        (AwsKeySource){renewed, give_keys}, STR("sts"), STR("eu-west-1"), endpoint);
    return aws_call(client, arena, STR("Action=X"));
}

static void test_throttling_and_broken_answers_are_tried_again(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const FakeAnswer answers[] = {{HTTP_ANSWERED, 400, ERROR_BODY("Throttling"), NULL},
        {HTTP_ANSWERED, 503, "<html>", NULL}, {HTTP_ANSWERED, 200, OK_BODY, NULL}};
    FakeWorld fake = {.answers = answers, .answer_count = 3, .chance = 0x80000000};
    AwsClient client;
    int renewed = 0;
    AwsReply reply = play(arena, &fake, &client, &renewed);
    assert_true(reply.ok);
    assert_int_equal(reply.attempts, 3);
    assert_int_equal(fake.slept, 500 + 1000); // half of 1 s, half of 2 s
    assert_int_equal(client.tokens, 500 - 10 + 5);
    assert_string_equal(reply.request_id.ptr, "id-1");
    arena_free(arena);
}

static void test_all_attempts_of_a_call_say_so(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const FakeAnswer answers[] = {{HTTP_ANSWERED, 429, "", NULL}, {HTTP_BROKEN, 0, "", NULL},
        {HTTP_ANSWERED, 200, OK_BODY, NULL}, {HTTP_ANSWERED, 200, OK_BODY, NULL}};
    FakeWorld fake = {.answers = answers, .answer_count = 4, .chance = 0xdeadbeef};
    AwsClient client;
    int renewed = 0;
    AwsReply reply = play(arena, &fake, &client, &renewed);
    assert_true(reply.ok);
    assert_true(reply.uncertain);
    assert_string_equal(fake.ids[0].ptr, "deadbeef-dead-4eef-9ead-beefdeadbeef");
    assert_string_equal(fake.ids[2].ptr, fake.ids[0].ptr);
    assert_string_equal(fake.tries[0].ptr, "attempt=1; max=3");
    assert_string_equal(fake.tries[2].ptr, "attempt=3; max=3");
    fake.chance = 1;
    reply = aws_call(&client, arena, STR("Action=X"));
    assert_false(reply.uncertain);
    assert_string_not_equal(fake.ids[3].ptr, fake.ids[0].ptr);
    assert_string_equal(fake.tries[3].ptr, "attempt=1; max=3");
    arena_free(arena);
}

typedef struct Hint {
    const char *retry_after;
    int64_t waited;
} Hint;

static void test_the_wait_that_aws_asks_for_counts_within_bounds(void **state)
{
    (void)state;
    const Hint hints[] = {{"100", 500}, {"1500", 1500}, {"5500", 5500}, {"60000", 5500},
        {"99999999999999999999", 5500}, {"-1", 500}, {"soon", 500}, {"1500x", 500}, {"", 500}};
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        Arena *arena = arena_new();
        const FakeAnswer answers[] = {{HTTP_ANSWERED, 400, ERROR_BODY("Throttling"), NULL},
            {HTTP_ANSWERED, 200, OK_BODY, NULL}};
        FakeWorld fake = {.answers = answers,
            .answer_count = 2,
            .chance = 0x80000000,
            .retry_after = hints[i].retry_after};
        AwsClient client;
        int renewed = 0;
        assert_true(play(arena, &fake, &client, &renewed).ok);
        assert_int_equal(fake.slept, hints[i].waited);
        arena_free(arena);
    }
}

static void test_the_log_tells_what_happened_without_secrets(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const FakeAnswer answers[] = {{HTTP_ANSWERED, 400, ERROR_BODY("Thrott&#10;ling"), NULL},
        {HTTP_ANSWERED, 200, OK_BODY, NULL}};
    FakeWorld fake = {.answers = answers, .answer_count = 2, .logs = true};
    AwsClient client;
    int renewed = 0;
    play(arena, &fake, &client, &renewed);
    aws_call(&client, arena, STR("Action=CreateChangeSet&Parameters.member.1.ParameterValue=hush"));
    assert_non_null(strstr(fake.logged, "sts eu-west-1 POST X: 400 Thrott?ling, 0 ms, attempt 1"));
    assert_non_null(strstr(fake.logged, "POST CreateChangeSet: 200 ok"));
    assert_non_null(strstr(fake.logged, "request id-1"));
    const char *const secrets[] = {"secret", "hush", "AKID", "AWS4-HMAC", "X-Amz-Security-Token"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        assert_null(strstr(fake.logged, secrets[i]));
    arena_free(arena);
}

static bool give_no_keys(void *context, Arena *arena, bool renew, AwsKeys *keys, Str *error)
{
    (void)context;
    (void)arena;
    (void)renew;
    (void)keys;
    *error = STR("there are none");
    return false;
}

static void test_without_keys_nothing_is_sent(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const FakeAnswer answers[] = {{HTTP_ANSWERED, 403, ERROR_BODY("InvalidClientTokenId"), NULL}};
    FakeWorld fake = {.answers = answers, .answer_count = 1};
    AwsClient client;
    int renewed = 0;
    AwsReply reply = play(arena, &fake, &client, &renewed);
    assert_true(aws_is_unauthenticated(&reply));
    client.keys.get = give_no_keys;
    reply = aws_call(&client, arena, STR("Action=X"));
    assert_int_equal(fake.calls, 1);
    assert_true(aws_is_unauthenticated(&reply));
    assert_false(reply.ok || reply.uncertain);
    assert_string_equal(reply.message.ptr, "there are none");
    arena_free(arena);
}

static void test_attempts_and_tokens_end(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const FakeAnswer answers[] = {{HTTP_BROKEN, 0, "", NULL}, {HTTP_TIMEOUT, 0, "", NULL},
        {HTTP_ANSWERED, 500, "", NULL}, {HTTP_ANSWERED, 500, "", NULL}};
    FakeWorld fake = {.answers = answers, .answer_count = 4};
    AwsClient client;
    int renewed = 0;
    AwsReply reply = play(arena, &fake, &client, &renewed);
    assert_false(reply.ok);
    assert_int_equal(reply.status, 500);
    assert_int_equal(fake.calls, 3);
    assert_int_equal(client.tokens, 500 - 5 - 10);
    client.tokens = 4;
    fake.calls = 3;
    aws_call(&client, arena, STR("Action=X"));
    assert_int_equal(fake.calls, 4);
    arena_free(arena);
}

static void test_other_errors_are_final(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const FakeAnswer answers[] = {{HTTP_ANSWERED, 400, ERROR_BODY("LimitExceededException"), NULL}};
    FakeWorld fake = {.answers = answers, .answer_count = 1};
    AwsClient client;
    int renewed = 0;
    AwsReply reply = play(arena, &fake, &client, &renewed);
    assert_int_equal(fake.calls, 1);
    assert_string_equal(reply.code.ptr, "LimitExceededException");
    assert_string_equal(reply.message.ptr, "m");
    arena_free(arena);
}

typedef struct ClockCase {
    int64_t ahead; // ms by which our clock is ahead
    const char *date;
    size_t calls;
    int64_t skew;
} ClockCase;

static void test_a_wrong_clock_is_corrected_once(void **state)
{
    (void)state;
    const char *date = "Sun, 30 Aug 2015 12:36:00 GMT";
    const ClockCase cases[] = {{-600000, date, 2, 600}, {600000, date, 2, -600},
        {86400000, date, 2, -86400}, {-86400000, date, 2, 86400},
        {239000, date, 1, 0}, // no more than signatures allow
        {600000, NULL, 1, 0}, {600000, "Sun, 30 Xyz 2015 12:36:00 GMT", 1, 0},
        {600000, "Sun, 30 Aug 2015", 1, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena *arena = arena_new();
        const FakeAnswer answers[] = {
            {HTTP_ANSWERED, 403, ERROR_BODY("SignatureDoesNotMatch"), cases[i].date},
            {HTTP_ANSWERED, 403, ERROR_BODY("SignatureDoesNotMatch"), cases[i].date}};
        FakeWorld fake = {
            .answers = answers, .answer_count = 2, .now = 1440938160000 + cases[i].ahead};
        AwsClient client;
        int renewed = 0;
        AwsReply reply = play(arena, &fake, &client, &renewed);
        assert_false(reply.ok);
        assert_int_equal(fake.calls, cases[i].calls);
        assert_int_equal(client.skew, cases[i].skew);
        if (cases[i].calls == 2)
            assert_string_equal(fake.dates[1].ptr, "20150830T123600Z");
        arena_free(arena);
    }
}

static void test_expired_keys_are_renewed_once(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const FakeAnswer answers[] = {{HTTP_ANSWERED, 403, ERROR_BODY("ExpiredToken"), NULL},
        {HTTP_ANSWERED, 403, ERROR_BODY("ExpiredToken"), NULL}};
    FakeWorld fake = {.answers = answers, .answer_count = 2};
    AwsClient client;
    int renewed = 0;
    play(arena, &fake, &client, &renewed);
    assert_int_equal(fake.calls, 2);
    assert_int_equal(renewals(&renewed), 1);
    arena_free(arena);
}

static void test_fields_are_encoded(void **state)
{
    (void)state;
    Buf out;
    buf_init(&out, 0);
    query_start(&out, STR("DescribeStacks"), STR("2010-05-15"));
    query_add(&out, STR("Name"), STR("a b+~/\xc3\xa9"));
    query_add_bool(&out, STR("Flag"), true);
    query_add_list(&out, STR("None"), NULL, 0);
    const Str values[] = {STR("x"), STR("")};
    query_add_list(&out, STR("Arns"), values, 2);
    assert_string_equal(buf_str(&out).ptr,
        "Action=DescribeStacks&Version=2010-05-15&Name=a%20b%2B~%2F%C3%A9&Flag=true&None="
        "&Arns.member.1=x&Arns.member.2=");
    buf_release(&out);
}

static void test_xml_is_read_within_limits(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Str error = STR_NONE;
    XmlNode *root = xml_read(arena,
        STR("\xef\xbb\xbf<n:A xmlns:n='u'><B>x&amp;<![CDATA[<y>]]>&#xA;</B><B/></n:A>"), &error);
    assert_non_null(root);
    assert_string_equal(root->name.ptr, "A");
    assert_string_equal(xml_text(root, "B").ptr, "x&<y>\n");
    assert_null(xml_text(root, "B/C").ptr);
    assert_null(xml_read(arena, STR("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), &error));
    assert_string_equal(error.ptr, "it declares a document type");
    assert_null(xml_read(arena, STR("<a><b></a>"), &error));
    assert_null(xml_read(arena, STR(""), &error));
    Buf deep;
    buf_init(&deep, 0);
    for (size_t i = 0; i <= XML_MAX_DEPTH; i++)
        buf_add_text(&deep, "<a>");
    assert_null(xml_read(arena, buf_str(&deep), &error));
    assert_string_equal(error.ptr, "it is nested too deeply or has too many elements");
    buf_release(&deep);
    arena_free(arena);
}

static bool is_second(void *context, const XmlNode *element)
{
    (void)context;
    return str_is(element->text, "2");
}

static void test_xml_is_read_as_far_as_it_matters(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Str error = STR_NONE;
    const XmlStop stop = {NULL, is_second};
    // What stands behind the stop is not even XML.
    Str text = STR("<R><L><m>1</m><m>2</m><m>3</m></L><N>t</N></R><<");
    XmlNode *root = xml_read_until(arena, text, &stop, &error);
    assert_non_null(root);
    assert_int_equal(xml_count(xml_child(root, "L")), 2);
    assert_null(xml_child(root, "N"));
    assert_null(xml_read_until(arena, STR("<R><L><m>1</m></R>"), &stop, &error));
    arena_free(arena);
}

static void test_characters_that_xml_does_not_allow(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *read; // NULL: an error all the same
    } CASES[] = {{"<a>\x1b[31mred\x07</a>", "?[31mred?"}, {"<a>&#x1B;&#27;&#xa;</a>", "??\n"},
        {"<a>caf\xe9</a>", "caf?"}, {"<a>caf\xc3\xa9 \x01</a>", "caf\xc3\xa9 ?"},
        {"<a>\x01&#;&#x;&#99999999999;</a>", NULL}, {"<a>\x01&#", NULL}, {"<a>\x01", NULL},
        {"<a>\xed\xa0\x80</a>", "???"}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Arena *arena = arena_new();
        Str error = STR_NONE;
        XmlNode *root = xml_read(arena, str_of(CASES[i].text), &error);
        assert_int_equal(root != NULL, CASES[i].read != NULL);
        if (root)
            assert_string_equal(root->text.ptr, CASES[i].read);
        arena_free(arena);
    }
}

typedef struct EndpointCase {
    const char *region;
    EndpointOptions options;
    const char *url; // NULL: an error
} EndpointCase;

static void test_endpoints(void **state)
{
    (void)state;
    const EndpointCase cases[] = {
        {"eu-west-1", {.fips = false}, "https://sts.eu-west-1.amazonaws.com/"},
        {"xx-new-9", {.fips = false}, "https://sts.xx-new-9.amazonaws.com/"},
        {"cn-north-1", {.fips = false}, "https://sts.cn-north-1.amazonaws.com.cn/"},
        {"us-iso-east-1", {.fips = false}, "https://sts.us-iso-east-1.c2s.ic.gov/"},
        {"us-isob-east-1", {.fips = false}, "https://sts.us-isob-east-1.sc2s.sgov.gov/"},
        {"eusc-de-east-1", {.fips = false}, "https://sts.eusc-de-east-1.amazonaws.eu/"},
        {"us-east-1", {.fips = true}, "https://sts-fips.us-east-1.amazonaws.com/"},
        {"us-gov-west-1", {.fips = true}, "https://sts.us-gov-west-1.amazonaws.com/"},
        {"us-east-1", {.dual_stack = true}, "https://sts.us-east-1.api.aws/"},
        {"us-east-1", {.fips = true, .dual_stack = true}, "https://sts-fips.us-east-1.api.aws/"},
        {"us-east-1", {.custom = STR("http://127.0.0.1:5000")}, "http://127.0.0.1:5000/"},
        {"us-east-1", {.custom = STR("ftp://h")}, NULL},
        {"us-east-1", {.custom = STR("http://h"), .fips = true}, NULL},
        {"evil.example.com/", {.fips = false}, NULL},
        {"", {.fips = false}, NULL},
    };
    Arena *arena = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Endpoint endpoint;
        Str error = STR_NONE;
        bool found = endpoint_resolve(
            arena, STR("sts"), str_of(cases[i].region), &cases[i].options, &endpoint, &error);
        assert_int_equal(found, cases[i].url != NULL);
        if (found)
            assert_string_equal(endpoint.url.ptr, cases[i].url);
        else
            assert_true(error.len > 0);
    }
    assert_true(str_is(endpoint_partition(STR("us-gov-east-1")), "aws-us-gov"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_throttling_and_broken_answers_are_tried_again),
        cmocka_unit_test(test_all_attempts_of_a_call_say_so),
        cmocka_unit_test(test_the_wait_that_aws_asks_for_counts_within_bounds),
        cmocka_unit_test(test_the_log_tells_what_happened_without_secrets),
        cmocka_unit_test(test_without_keys_nothing_is_sent),
        cmocka_unit_test(test_attempts_and_tokens_end),
        cmocka_unit_test(test_other_errors_are_final),
        cmocka_unit_test(test_a_wrong_clock_is_corrected_once),
        cmocka_unit_test(test_expired_keys_are_renewed_once),
        cmocka_unit_test(test_fields_are_encoded),
        cmocka_unit_test(test_xml_is_read_within_limits),
        cmocka_unit_test(test_xml_is_read_as_far_as_it_matters),
        cmocka_unit_test(test_characters_that_xml_does_not_allow),
        cmocka_unit_test(test_endpoints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
