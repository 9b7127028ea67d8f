#include "runtime/cred/cred.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/cred/cred_fixture.h"

static void test_environment_wins_unless_a_profile_is_named(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const NamedText env[] = {
        HOME, {STR("AWS_ACCESS_KEY_ID"), STR("AENV")}, {STR("AWS_SECRET_ACCESS_KEY"), STR("s")}};
    FakeWorld fake = {.env = env, .env_count = 3};
    const char *config = "[profile p] # one\naws_access_key_id = AP\naws_secret_access_key=s\n";
    assert_string_equal(look_up(arena, &fake, config, NULL).keys.key.access_key.ptr, "AENV");
    assert_string_equal(look_up(arena, &fake, config, "p").keys.key.access_key.ptr, "AP");
    fake.env_count = 2;
    Found half = look_up(arena, &fake, config, NULL);
    assert_false(half.ok);
    assert_non_null(strstr(half.error.ptr, "only one is set"));
    arena_free(arena);
}

static void test_roles_are_assumed_and_kept_until_they_expire(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const NamedText env[] = {HOME};
    const FakeAnswer answers[] = {
        {HTTP_ANSWERED, 200, ROLE_BODY, NULL}, {HTTP_ANSWERED, 200, ROLE_BODY, NULL}};
    FakeWorld fake = {
        .env = env, .env_count = 1, .answers = answers, .answer_count = 2, .typed = "123456"};
    Found found = look_up(arena, &fake,
        "[default]\naws_access_key_id = A\naws_secret_access_key = s\n"
        "[profile r]\nrole_arn = arn:x\nsource_profile = default\nmfa_serial = m\n"
        "external_id = e&f\nrole_session_name = me\n",
        "r");
    assert_true(found.ok);
    assert_string_equal(found.keys.key.access_key.ptr, "ASIA");
    assert_string_equal(fake.urls[0].ptr, "https://sts.eu-west-1.amazonaws.com/");
    assert_string_equal(fake.bodies[0].ptr,
        "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Ax&RoleSessionName=me&ExternalId=e%26f"
        "&SerialNumber=m&TokenCode=123456");
    AwsKeySource source = cred_keys(found.cred);
    fake.now = 58 * 60 * 1000; // a code is not asked for before it is needed
    assert_true(source.get(source.context, arena, false, &found.keys, &found.error));
    assert_int_equal(fake.calls, 1);
    fake.now = 59 * 60 * 1000 + 30 * 1000;
    assert_true(source.get(source.context, arena, false, &found.keys, &found.error));
    assert_int_equal(fake.calls, 2);
    arena_free(arena);
}

typedef struct Failure {
    const char *config;
    const char *profile;
    const char *error; // a part of it
} Failure;

static void test_what_cannot_be_is_said(void **state)
{
    (void)state;
    const Failure failures[] = {
        {"[profile a]\nrole_arn=x\nsource_profile=b\n[profile b]\nrole_arn=y\nsource_profile=a\n",
            "a", "leads in a circle"},
        {"[profile a]\nrole_arn=x\nsource_profile=a\n", "a", "no credentials to assume"},
        {"[profile a]\nrole_arn=x\nsource_profile=z\n", "a", "no profile 'z'"},
        {"[default]\n", "gone", "no profile 'gone'"},
        {"[default]\nsecret words\n", NULL, "'/h/.aws/config' line 2"},
        {"[default\n", NULL, "line 1"},
        {"[profile a]\ncredential_process = x \"y\n", "a", "a quote without an end"},
        {"[profile a]\ncredential_process = x y\n", "a", "'x' failed: it broke"},
        {"[profile a]\nsso_account_id=1\nsso_role_name=r\nsso_session=s\n"
         "[sso-session s]\nsso_region=eu-west-1\nsso_start_url=u\n",
            "a", "aws sso login --profile a"},
        {"[profile a]\naws_access_key_id=A\n", "a", "only one of"},
        {"[profile a]\nregion=x\n", "a", "no credentials were found"},
    };
    const NamedText env[] = {HOME};
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        Arena *arena = arena_new();
        FakeWorld fake = {.env = env,
            .env_count = 1,
            .process = {.ended = true, .status = 3, .errors = STR("it broke\n")}};
        Found found = look_up(arena, &fake, failures[i].config, failures[i].profile);
        assert_false(found.ok);
        if (!found.error.ptr || !strstr(found.error.ptr, failures[i].error))
            fail_msg("expected '%s', got '%s'", failures[i].error, found.error.ptr);
        assert_null(strstr(found.error.ptr, "secret words"));
        arena_free(arena);
    }
}

static void test_a_program_that_fails_silently(void **state)
{
    (void)state;
    const NamedText env[] = {HOME};
    FakeWorld fake = {.env = env, .env_count = 1, .process = {.ended = true, .status = 3}};
    Arena *arena = arena_new();
    Found found = look_up(arena, &fake, "[profile a]\ncredential_process = x\n", "a");
    assert_false(found.ok);
    assert_non_null(strstr(found.error.ptr, "'x' failed: exit code 3, without a message"));
    arena_free(arena);
}

static void test_other_sources(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const NamedText home[] = {HOME};
    FakeWorld process = {
        .env = home, .env_count = 1, .process = {.ended = true, .output = STR(PROCESS_JSON)}};
    assert_true(
        look_up(arena, &process, "[profile a]\ncredential_process = 'my tool' x\n", "a").ok);
    assert_string_equal(process.first_word.ptr, "my tool");

    const NamedText env[] = {
        HOME, {STR("AWS_CONTAINER_CREDENTIALS_FULL_URI"), STR("http://169.254.170.23/x")}};
    const FakeAnswer answer[] = {{HTTP_ANSWERED, 200,
        "{\"AccessKeyId\":\"AC\",\"SecretAccessKey\":\"s\",\"Token\":\"t\","
        "\"Expiration\":\"2030-01-01T00:00:00Z\"}",
        NULL}};
    FakeWorld container = {.env = env, .env_count = 2, .answers = answer, .answer_count = 1};
    assert_string_equal(look_up(arena, &container, "", NULL).keys.key.access_key.ptr, "AC");

    const NamedText bad[] = {
        HOME, {STR("AWS_CONTAINER_CREDENTIALS_FULL_URI"), STR("http://127.0.0.1.example.com/x")}};
    FakeWorld outside = {.env = bad, .env_count = 2, .answers = answer, .answer_count = 1};
    assert_false(look_up(arena, &outside, "", NULL).ok);
    assert_int_equal(outside.calls, 0);

    const FakeAnswer steps[] = {{HTTP_ANSWERED, 200, "tok", NULL},
        {HTTP_ANSWERED, 200, "role", NULL},
        {HTTP_ANSWERED, 200,
            "{\"Code\":\"Success\",\"AccessKeyId\":\"AI\",\"SecretAccessKey\":\"s\"}", NULL}};
    FakeWorld instance = {.env = home, .env_count = 1, .answers = steps, .answer_count = 3};
    assert_string_equal(look_up(arena, &instance, "", NULL).keys.key.access_key.ptr, "AI");
    assert_true(str_ends(instance.urls[2], STR("/security-credentials/role")));
    assert_string_equal(instance.bearers[2].ptr, "tok");
    arena_free(arena);
}

static void test_sso_uses_the_cached_token(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const NamedText env[] = {HOME};
    const NamedText files[] = {
        {STR("/h/.aws/config"),
            STR("[profile a]\nsso_account_id=1\nsso_role_name=r\nsso_session=s\n"
                "[sso-session s]\nsso_region=eu-west-1\nsso_start_url=u\n")},
        // the SHA-1 of "s"
        {STR("/h/.aws/sso/cache/a0f1490a20d0211c997b44bc357e1972deab8ae3.json"),
            STR("{\"accessToken\":\"tok\",\"expiresAt\":\"2030-01-01T00:00:00Z\"}")}};
    const FakeAnswer answer[] = {{HTTP_ANSWERED, 200,
        "{\"roleCredentials\":{\"accessKeyId\":\"AS\",\"secretAccessKey\":\"s\",\"sessionToken\":"
        "\"t\",\"expiration\":1893456000000}}",
        NULL}};
    FakeWorld fake = {.env = env,
        .env_count = 1,
        .files = files,
        .file_count = 2,
        .answers = answer,
        .answer_count = 1};
    Found found = look_up(arena, &fake, NULL, "a");
    assert_true(found.ok);
    assert_int_equal(found.keys.expires, 1893456000);
    assert_string_equal(fake.bearers[0].ptr, "tok");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_environment_wins_unless_a_profile_is_named),
        cmocka_unit_test(test_roles_are_assumed_and_kept_until_they_expire),
        cmocka_unit_test(test_what_cannot_be_is_said),
        cmocka_unit_test(test_a_program_that_fails_silently),
        cmocka_unit_test(test_other_sources),
        cmocka_unit_test(test_sso_uses_the_cached_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
