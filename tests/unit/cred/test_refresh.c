// Credentials that expire while a deployment goes on.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/cred/cred_fixture.h"

enum { MINUTE = 60 * 1000 };

#define UNTIL_ONE(key)                                                                             \
    STR("{\"Version\":1,\"AccessKeyId\":\"" key "\",\"SecretAccessKey\":\"s\",\"Expiration\":"     \
        "\"1970-01-01T01:00:00Z\"}")
#define PROFILE "[profile a]\ncredential_process = tool\n"

static const NamedText ENV[] = {{{"HOME", 4}, {"/h", 2}}};

static FakeWorld world_with_process(void)
{
    return (FakeWorld){
        .env = ENV, .env_count = 1, .process = {.ended = true, .output = UNTIL_ONE("A1")}};
}

static void test_a_failed_refresh_matters_only_when_time_is_short(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    FakeWorld fake = world_with_process();
    Found found = look_up(arena, &fake, PROFILE, "a");
    assert_true(found.ok);
    assert_int_equal(fake.runs, 1);
    fake.process = (ProcessResult){.ended = true, .status = 1, .errors = STR("no network")};
    fake.now = 46 * MINUTE;
    assert_true(ask_again(&found, false));
    assert_string_equal(found.keys.key.access_key.ptr, "A1");
    assert_int_equal(fake.runs, 2);
    fake.now += MINUTE / 2; // not before a minute has passed
    assert_true(ask_again(&found, false));
    assert_int_equal(fake.runs, 2);
    fake.now += MINUTE / 2;
    assert_true(ask_again(&found, false));
    assert_int_equal(fake.runs, 3);
    fake.now = 51 * MINUTE;
    assert_false(ask_again(&found, false));
    assert_non_null(strstr(found.error.ptr, "no network"));
    fake.process = (ProcessResult){.ended = true, .output = UNTIL_ONE("A2")};
    assert_true(ask_again(&found, false));
    assert_string_equal(found.keys.key.access_key.ptr, "A2");
    arena_free(arena);
}

static void test_keys_that_aws_finds_expired_are_not_sent_again(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    FakeWorld fake = world_with_process();
    Found found = look_up(arena, &fake, PROFILE, "a");
    assert_false(ask_again(&found, true));
    assert_non_null(strstr(found.error.ptr, "have expired, and there are no newer ones"));
    fake.process.output = UNTIL_ONE("A2");
    assert_true(ask_again(&found, true));
    assert_string_equal(found.keys.key.access_key.ptr, "A2");
    arena_free(arena);
}

// Our clock may be a day ahead: AWS knows better.
static void test_keys_that_look_expired_are_used(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    FakeWorld fake = world_with_process();
    fake.now = 25 * 60 * MINUTE;
    Found found = look_up(arena, &fake, PROFILE, "a");
    assert_true(found.ok);
    assert_true(ask_again(&found, false));
    assert_int_equal(fake.runs, 1);
    arena_free(arena);
}

#define CALLER(account)                                                                            \
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>" account                        \
    "</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"

static void test_renewed_keys_are_held_against_the_account(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const FakeAnswer answers[] = {{HTTP_ANSWERED, 200, CALLER("111122223333"), NULL},
        {HTTP_ANSWERED, 200, CALLER("999999999999"), NULL},
        {HTTP_ANSWERED, 403,
            "<ErrorResponse><Error><Code>InvalidClientTokenId</Code></Error></ErrorResponse>",
            NULL}};
    FakeWorld fake = world_with_process();
    fake.answers = answers;
    fake.answer_count = 3;
    Found found = look_up(arena, &fake, PROFILE, "a");
    cred_expect_account(found.cred, STR("111122223333"));
    fake.process.output = UNTIL_ONE("A2");
    assert_true(ask_again(&found, true));
    assert_int_equal(fake.calls, 1);
    fake.process.output = UNTIL_ONE("A3");
    assert_false(ask_again(&found, true));
    assert_string_equal(found.error.ptr,
        "the renewed credentials are of account 999999999999, expected 111122223333");
    assert_false(ask_again(&found, true));
    assert_non_null(strstr(found.error.ptr, "InvalidClientTokenId"));
    arena_free(arena);
}

static void test_metadata_that_are_late_are_asked_again_soon(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const char *keys = "{\"Code\":\"Success\",\"AccessKeyId\":\"AI\",\"SecretAccessKey\":\"s\","
                       "\"Token\":\"t\",\"Expiration\":\"1970-01-01T01:00:00Z\"}";
    const FakeAnswer answers[] = {{HTTP_ANSWERED, 200, "tok", NULL},
        {HTTP_ANSWERED, 200, "role", NULL}, {HTTP_ANSWERED, 200, keys, NULL},
        {HTTP_ANSWERED, 200, "tok", NULL}, {HTTP_ANSWERED, 200, "role", NULL},
        {HTTP_ANSWERED, 200, keys, NULL}};
    FakeWorld fake = {
        .env = ENV, .env_count = 1, .answers = answers, .answer_count = 6, .now = 61 * MINUTE};
    Found found = look_up(arena, &fake, "", NULL);
    assert_true(found.ok);
    fake.now += 4 * MINUTE;
    assert_true(ask_again(&found, false));
    assert_int_equal(fake.calls, 3);
    fake.now += 2 * MINUTE;
    assert_true(ask_again(&found, false));
    assert_int_equal(fake.calls, 6);
    arena_free(arena);
}

static void test_a_web_identity_is_read_again(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const NamedText env[] = {
        HOME, {STR("AWS_WEB_IDENTITY_TOKEN_FILE"), STR("/t")}, {STR("AWS_ROLE_ARN"), STR("arn:r")}};
    const NamedText first[] = {{STR("/t"), STR("one\n")}};
    const NamedText second[] = {{STR("/t"), STR("two\n")}};
    const FakeAnswer answers[] = {{HTTP_ANSWERED, 200, WEB_BODY, NULL},
        {HTTP_ANSWERED, 400,
            "<ErrorResponse><Error><Code>IDPCommunicationError</Code></Error></ErrorResponse>",
            NULL},
        {HTTP_ANSWERED, 200, WEB_BODY, NULL}};
    FakeWorld fake = {.env = env,
        .env_count = 3,
        .files = first,
        .file_count = 1,
        .answers = answers,
        .answer_count = 3};
    Found found = look_up(arena, &fake, NULL, NULL);
    assert_true(found.ok);
    assert_non_null(strstr(fake.bodies[0].ptr, "&WebIdentityToken=one"));
    assert_false(fake.is_signed[0]);
    fake.files = second;
    fake.now = 50 * MINUTE;
    assert_true(ask_again(&found, false));
    assert_int_equal(fake.calls, 3);
    assert_non_null(strstr(fake.bodies[2].ptr, "&WebIdentityToken=two"));
    fake.file_count = 0;
    fake.now = 55 * MINUTE;
    assert_false(ask_again(&found, false));
    assert_non_null(strstr(found.error.ptr, "cannot read the web identity token '/t'"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_failed_refresh_matters_only_when_time_is_short),
        cmocka_unit_test(test_keys_that_aws_finds_expired_are_not_sent_again),
        cmocka_unit_test(test_keys_that_look_expired_are_used),
        cmocka_unit_test(test_renewed_keys_are_held_against_the_account),
        cmocka_unit_test(test_metadata_that_are_late_are_asked_again_soon),
        cmocka_unit_test(test_a_web_identity_is_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
