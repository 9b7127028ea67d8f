// What variables and profiles set beside keys, and the files they stand in.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/cred/cred_fixture.h"

typedef struct Setting {
    const char *config;
    const char *variable; // or NULL
    const char *value;
    const char *expected; // NULL: an error
} Setting;

typedef struct Settled {
    FakeWorld fake;
    World world;
    Cred *cred;
    Str error;
} Settled;

// With profile 'a' named by a variable, as another one may be set.
static void settle(Arena *arena, Settled *settled, const Setting *setting)
{
    NamedText *env = ARENA_ARRAY(arena, NamedText, 3);
    env[0] = (NamedText){STR("HOME"), STR("/h")};
    env[1] = (NamedText){STR("AWS_PROFILE"), STR("a")};
    if (setting->variable)
        env[2] = (NamedText){str_of(setting->variable), str_of(setting->value)};
    NamedText *file = ARENA_NEW(arena, NamedText);
    *file = (NamedText){STR("/h/.aws/config"), str_of(setting->config)};
    settled->fake = (FakeWorld){
        .env = env, .env_count = setting->variable ? 3 : 2, .files = file, .file_count = 1};
    settled->world = fake_world(&settled->fake);
    const CredOptions options = {0};
    settled->error = STR_NONE;
    settled->cred = cred_new(arena, &settled->world,
        (HttpTransport){&settled->fake, fake_world_send}, &options, &settled->error);
}

#define A "[profile a]\nregion = eu-west-1\n"

static void test_endpoints_come_from_variables_and_profiles(void **state)
{
    (void)state;
    const char *services = A "services = mine\nendpoint_url = http://all\n[services mine]\n"
                             "cloudformation =\n  endpoint_url = http://own:1/p\n"
                             "s3 =\n  endpoint_url = http://s3\n";
    const Setting settings[] = {
        {A, NULL, NULL, "https://cloudformation.eu-west-1.amazonaws.com/"},
        {A, "AWS_ENDPOINT_URL", "http://h:1", "http://h:1/"},
        {A "endpoint_url = http://p\n", NULL, NULL, "http://p/"},
        {A "endpoint_url = http://p\n", "AWS_ENDPOINT_URL_CLOUDFORMATION", "http://v", "http://v/"},
        {services, NULL, NULL, "http://own:1/p"},
        {services, "AWS_ENDPOINT_URL", "http://v", "http://v/"},
        {services, "AWS_ENDPOINT_URL_S3", "http://v", "http://own:1/p"},
        {services, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "TRUE",
            "https://cloudformation.eu-west-1.amazonaws.com/"},
        {A "endpoint_url=http://p\nignore_configured_endpoint_urls = true\n", NULL, NULL,
            "https://cloudformation.eu-west-1.amazonaws.com/"},
        {A, "AWS_USE_FIPS_ENDPOINT", "true",
            "https://cloudformation-fips.eu-west-1.amazonaws.com/"},
        {A "use_fips_endpoint = true\n", "AWS_USE_FIPS_ENDPOINT", "false",
            "https://cloudformation.eu-west-1.amazonaws.com/"},
        {A "use_dualstack_endpoint = true\n", NULL, NULL,
            "https://cloudformation.eu-west-1.api.aws/"},
        {A "use_fips_endpoint = true\n", "AWS_ENDPOINT_URL", "http://v", NULL},
        {A, "AWS_REGION", "cn-north-1", "https://cloudformation.cn-north-1.amazonaws.com.cn/"},
        {A, "AWS_REGION", "../../etc", NULL},
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        Arena *arena = arena_new();
        Settled settled;
        settle(arena, &settled, &settings[i]);
        assert_non_null(settled.cred);
        AwsClient client;
        bool made = cred_client(
            settled.cred, arena, STR("cloudformation"), STR_NONE, &client, &settled.error);
        assert_int_equal(made, settings[i].expected != NULL);
        if (made)
            assert_string_equal(client.endpoint.url.ptr, settings[i].expected);
        else
            assert_true(settled.error.len > 0);
        arena_free(arena);
    }
}

static void test_another_region_has_its_own_client(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const Setting setting = {A, NULL, NULL, NULL};
    Settled settled;
    settle(arena, &settled, &setting);
    AwsClient client;
    assert_true(cred_client(
        settled.cred, arena, STR("cloudformation"), STR("us-east-1"), &client, &settled.error));
    assert_string_equal(client.endpoint.host.ptr, "cloudformation.us-east-1.amazonaws.com");
    assert_string_equal(client.region.ptr, "us-east-1");
    assert_non_null(client.keys.get);
    arena_free(arena);
}

static void test_attempts_are_set(void **state)
{
    (void)state;
    const Setting settings[] = {
        {A, NULL, NULL, "7"},
        {A, "AWS_MAX_ATTEMPTS", "1", "1"},
        {A "max_attempts = 4\n", NULL, NULL, "4"},
        {A "max_attempts = 4\n", "AWS_MAX_ATTEMPTS", "9", "9"},
        {A "retry_mode = legacy\n", NULL, NULL, "7"},
        {A, "AWS_MAX_ATTEMPTS", "0", NULL},
        {A, "AWS_MAX_ATTEMPTS", "many", NULL},
        {A, "AWS_MAX_ATTEMPTS", "-1", NULL},
        {A, "AWS_MAX_ATTEMPTS", "99999999999999999999", NULL},
        {A, "AWS_MAX_ATTEMPTS", "3x3", NULL},
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        Arena *arena = arena_new();
        Settled settled;
        settle(arena, &settled, &settings[i]);
        AwsClient client;
        bool made = cred_client(
            settled.cred, arena, STR("cloudformation"), STR_NONE, &client, &settled.error);
        assert_int_equal(made, settings[i].expected != NULL);
        if (made)
            assert_string_equal(
                str_format(arena, "%d", client.max_attempts).ptr, settings[i].expected);
        else
            assert_non_null(strstr(settled.error.ptr, "expected 1 to 100"));
        arena_free(arena);
    }
}

static void test_certificates_and_surprises(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Settled settled;
    const Setting profile = {A "ca_bundle = /p.pem\n", NULL, NULL, NULL};
    settle(arena, &settled, &profile);
    assert_string_equal(cred_ca_bundle(settled.cred).ptr, "/p.pem");
    assert_null(cred_warning(settled.cred).ptr);
    const Setting variable = {A "ca_bundle = /p.pem\n", "AWS_CA_BUNDLE", "/v.pem", NULL};
    settle(arena, &settled, &variable);
    assert_string_equal(cred_ca_bundle(settled.cred).ptr, "/v.pem");
    const Setting keys = {A, "AWS_ACCESS_KEY_ID", "AKID", NULL};
    settle(arena, &settled, &keys);
    assert_non_null(strstr(cred_warning(settled.cred).ptr, "not those of AWS_PROFILE 'a'"));
    assert_null(strstr(cred_warning(settled.cred).ptr, "AKID"));
    arena_free(arena);
}

static void test_odd_files(void **state)
{
    (void)state;
    const Setting settings[] = {
        {"[profile a]\r\nregion = eu-west-1\r\n", NULL, NULL, "eu-west-1"},
        {"\xef\xbb\xbf[profile a]\nregion=eu-west-1", NULL, NULL, "eu-west-1"},
        {"[ profile  \"a\" ]\nregion=eu-west-1 # home\n", NULL, NULL, "eu-west-1"},
        {"[profile a]\nREGION : eu-west-1\n", NULL, NULL, "eu-west-1"},
        {"[profile a]\nregion = eu-west-1\n[profile a]\nregion = us-east-1\n", NULL, NULL,
            "eu-west-1"},
        {"[a]\nregion = us-east-1\n[profile a]\nregion = eu-west-1\n", NULL, NULL, "eu-west-1"},
        {"# first\n; second\n\n[profile a]\ns3 =\n  region = us-east-1\nregion = eu-west-1\n", NULL,
            NULL, "eu-west-1"},
        {"[plugins]\nwhatever\n[profile a]\nregion = eu-west-1\n", NULL, NULL, "eu-west-1"},
        {"[profile\ta]\nregion = eu-west-1\n", NULL, NULL, "eu-west-1"},
        {"[profilea]\nregion = eu-west-1\n", NULL, NULL, NULL},
        {"[profile a\nregion = eu-west-1\n", NULL, NULL, NULL},
        {"[profile a]\n= eu-west-1\n", NULL, NULL, NULL},
        {"region = eu-west-1\n[profile a]\n", NULL, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        Arena *arena = arena_new();
        Settled settled;
        settle(arena, &settled, &settings[i]);
        if ((settled.cred != NULL) != (settings[i].expected != NULL))
            fail_msg("%zu: %s", i, settled.error.ptr ? settled.error.ptr : "read");
        if (settled.cred)
            assert_true(str_is(cred_region(settled.cred), settings[i].expected));
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_endpoints_come_from_variables_and_profiles),
        cmocka_unit_test(test_another_region_has_its_own_client),
        cmocka_unit_test(test_attempts_are_set),
        cmocka_unit_test(test_certificates_and_surprises),
        cmocka_unit_test(test_odd_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
