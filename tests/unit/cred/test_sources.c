// Each source of credentials, when it works and when it does not.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/cred/cred_fixture.h"

#define KEYS_IN_FILE "aws_access_key_id = AFILE\naws_secret_access_key = s\n"
#define KEYS_JSON(key) "{\"AccessKeyId\":\"" key "\",\"SecretAccessKey\":\"s\"}"

static void expect_error(const Found *found, const char *part)
{
    assert_false(found->ok);
    if (!found->error.ptr || !strstr(found->error.ptr, part))
        fail_msg("expected '%s', got '%s'", part, found->error.ptr ? found->error.ptr : "");
}

typedef struct EnvCase {
    const char *access;
    const char *secret;
    const char *token; // AWS_SECURITY_TOKEN, the old name
    const char *expiration;
    const char *error; // a part of it, or NULL
} EnvCase;

static void test_the_environment_is_whole_or_wrong(void **state)
{
    (void)state;
    const EnvCase cases[] = {
        {"A", "s", NULL, NULL, NULL},
        {" A\n", "s ", "t", "2030-01-01T00:00:00Z", NULL},
        {"A", NULL, NULL, NULL, "only one is set"},
        {NULL, "s", NULL, NULL, "only one is set"},
        {"A", "", NULL, NULL, "only one is set"},
        {"A", "s", NULL, "tomorrow", "AWS_CREDENTIAL_EXPIRATION is no time"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena *arena = arena_new();
        const NamedText env[] = {HOME, {STR("AWS_ACCESS_KEY_ID"), str_of(cases[i].access)},
            {STR("AWS_SECRET_ACCESS_KEY"), str_of(cases[i].secret)},
            {STR("AWS_SECURITY_TOKEN"), str_of(cases[i].token)},
            {STR("AWS_CREDENTIAL_EXPIRATION"), str_of(cases[i].expiration)}};
        FakeWorld fake = {.env = env, .env_count = 5};
        Found found = look_up(arena, &fake, "[default]\n" KEYS_IN_FILE, NULL);
        if (cases[i].error) {
            expect_error(&found, cases[i].error);
        } else {
            assert_true(found.ok);
            assert_true(str_is(found.keys.key.access_key, "A"));
            assert_true(str_is(found.keys.key.secret_key, "s"));
            assert_int_equal(found.keys.token.len, cases[i].token ? 1 : 0);
        }
        arena_free(arena);
    }
}

typedef struct OrderCase {
    const char *credentials; // the file, or NULL
    const char *config;
    const char *found; // the access key
} OrderCase;

static void test_sources_have_their_order(void **state)
{
    (void)state;
    const char *login = "[profile a]\nlogin_session = arn:me\n";
    const char *process = "[profile a]\ncredential_process = tool\n" KEYS_IN_FILE;
    const OrderCase cases[] = {
        {"[a]\naws_access_key_id=ASHARED\naws_secret_access_key=s\n", process, "ASHARED"},
        {"[a]\naws_access_key_id=ASHARED\naws_secret_access_key=s\n", login, "ASHARED"},
        {NULL, process, "AP"},
        {NULL, "[profile a]\nlogin_session = arn:me\ncredential_process = tool\n", "ALOGIN"},
        {NULL, "[profile a]\n" KEYS_IN_FILE, "AFILE"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena *arena = arena_new();
        const NamedText env[] = {HOME};
        const NamedText files[] = {{STR("/h/.aws/config"), str_of(cases[i].config)},
            // the SHA-256 of "arn:me"
            {STR("/h/.aws/login/cache/"
                 "545571cfa93b7f589504ef846805e040f577bbf468827bf924b3b42c243ad70d.json"),
                STR("{\"accessToken\":{\"accessKeyId\":\"ALOGIN\",\"secretAccessKey\":\"s\","
                    "\"sessionToken\":\"t\",\"expiresAt\":\"2030-01-01T00:00:00Z\"}}")},
            {STR("/h/.aws/credentials"), str_of(cases[i].credentials)}};
        FakeWorld fake = {.env = env,
            .env_count = 1,
            .files = files,
            .file_count = cases[i].credentials ? 3 : 2,
            .process = {.ended = true, .output = STR(PROCESS_JSON)}};
        Found found = look_up(arena, &fake, NULL, "a");
        if (!found.ok)
            fail_msg("%zu: %s", i, found.error.ptr);
        assert_string_equal(found.keys.key.access_key.ptr, cases[i].found);
        arena_free(arena);
    }
}

typedef struct ProcessCase {
    ProcessResult result;
    const char *error;
} ProcessCase;

static void test_a_process_that_does_not_deliver(void **state)
{
    (void)state;
    const ProcessCase cases[] = {
        {{.ended = true, .output = STR("")}, "printed no credentials of version 1"},
        {{.ended = true, .output = STR("Password: \x1b[2J{")}, "printed no credentials"},
        {{.ended = true, .output = STR("[1,2]")}, "printed no credentials"},
        {{.ended = true, .output = STR(KEYS_JSON("A"))}, "of version 1"},
        {{.ended = true, .output = STR("{\"Version\":2,\"AccessKeyId\":\"A\"}")}, "of version 1"},
        {{.ended = true, .output = STR("{\"Version\":1,\"AccessKeyId\":\"A\"}")}, "of version 1"},
        {{.ended = true,
             .output = STR("{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\","
                           "\"Expiration\":\"soon\"}")},
            "of version 1"},
        {{.ended = true, .status = 255, .errors = STR("sign in first\n")},
            "'tool' failed: sign in first"},
        {{.ended = false, .errors = STR("it took too long")}, "'tool' failed: it took too long"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena *arena = arena_new();
        const NamedText env[] = {HOME};
        FakeWorld fake = {.env = env, .env_count = 1, .process = cases[i].result};
        Found found =
            look_up(arena, &fake, "[profile a]\ncredential_process = tool 'a secret'\n", "a");
        expect_error(&found, cases[i].error);
        assert_null(strstr(found.error.ptr, "a secret"));
        assert_null(strstr(found.error.ptr, "Password"));
        arena_free(arena);
    }
}

#define SSO_CONFIG                                                                                 \
    "[profile a]\nsso_account_id=1\nsso_role_name=r\nsso_session=s\n"                              \
    "[sso-session s]\nsso_region=eu-west-1\nsso_start_url=u\n"
#define SSO_FILE "/h/.aws/sso/cache/a0f1490a20d0211c997b44bc357e1972deab8ae3.json"
#define SSO_KEYS                                                                                   \
    "{\"roleCredentials\":{\"accessKeyId\":\"AS\",\"secretAccessKey\":\"s\",\"sessionToken\":"     \
    "\"t\",\"expiration\":1893456000000}}"
#define SSO_RENEWABLE                                                                              \
    "{\"startUrl\":\"u\",\"accessToken\":\"old\",\"expiresAt\":\"1970-01-01T00:10:00Z\","          \
    "\"refreshToken\":\"rt\",\"clientId\":\"ci\",\"clientSecret\":\"cs\","                         \
    "\"registrationExpiresAt\":\"2030-01-01T00:00:00Z\"}"

typedef struct SsoCase {
    const char *cache;
    FakeAnswer answers[4];
    size_t count;
    int64_t minute;
    const char *error; // a part of it, or NULL
} SsoCase;

static Found sign_in(Arena *arena, FakeWorld *fake, NamedText files[2], const SsoCase *row)
{
    static const NamedText env[] = {{{"HOME", 4}, {"/h", 2}}};
    files[0] = (NamedText){STR("/h/.aws/config"), STR(SSO_CONFIG)};
    files[1] = (NamedText){STR(SSO_FILE), str_of(row->cache)};
    *fake = (FakeWorld){.env = env,
        .env_count = 1,
        .files = files,
        .file_count = row->cache ? 2 : 1,
        .answers = row->answers,
        .answer_count = row->count,
        .now = row->minute * 60 * 1000,
        .arena = arena};
    return look_up(arena, fake, NULL, "a");
}

static void test_sso_says_when_to_sign_in(void **state)
{
    (void)state;
    const char *held = "{\"accessToken\":\"tok\",\"expiresAt\":\"2030-01-01T00:00:00UTC\"}";
    const SsoCase cases[] = {
        {NULL, {{0}}, 0, 0, "run 'aws sso login --profile a'"},
        {"\xff\xfe{", {{0}}, 0, 0, "run 'aws sso login --profile a'"},
        {"{\"accessToken\":\"tok\",\"expiresAt\":\"never\"}", {{0}}, 0, 0, "run 'aws sso login"},
        {held, {{HTTP_ANSWERED, 401, "{}", NULL}}, 1, 0, "the sign-in has ended: run 'aws sso"},
        {held, {{HTTP_ANSWERED, 403, "", NULL}}, 1, 0, "account and role of profile 'a'"},
        {held, {{HTTP_ANSWERED, 200, "<html>", NULL}}, 1, 0, "gives no credentials"},
        {held,
            {{HTTP_ANSWERED, 429, "", NULL}, {HTTP_BROKEN, 0, "", NULL},
                {HTTP_ANSWERED, 200, SSO_KEYS, NULL}},
            3, 0, NULL},
        {held,
            {{HTTP_ANSWERED, 429, "", NULL}, {HTTP_ANSWERED, 429, "", NULL},
                {HTTP_ANSWERED, 429, "", NULL}},
            3, 0, "HTTP status 429"},
        {held, {{HTTP_UNTRUSTED, 0, "", NULL}}, 1, 0, "cannot reach the sign-in portal"},
        // an old token that is refused renewal still counts until it ends
        {SSO_RENEWABLE,
            {{HTTP_ANSWERED, 400, "{\"error\":\"invalid_grant\"}", NULL},
                {HTTP_ANSWERED, 200, SSO_KEYS, NULL}},
            2, 5, NULL},
        {SSO_RENEWABLE, {{HTTP_ANSWERED, 400, "{}", NULL}}, 1, 11, "run 'aws sso login"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena *arena = arena_new();
        FakeWorld fake;
        NamedText files[2];
        Found found = sign_in(arena, &fake, files, &cases[i]);
        if (cases[i].error)
            expect_error(&found, cases[i].error);
        else if (!found.ok)
            fail_msg("%zu: %s", i, found.error.ptr);
        assert_int_equal(fake.calls, cases[i].count);
        assert_null(fake.written.ptr);
        arena_free(arena);
    }
}

static void test_an_sso_token_is_renewed_and_kept(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const SsoCase row = {SSO_RENEWABLE,
        {{HTTP_ANSWERED, 200,
             "{\"accessToken\":\"new\",\"expiresIn\":3600,\"refreshToken\":\"rt2\"}", NULL},
            {HTTP_ANSWERED, 200, SSO_KEYS, NULL}},
        2, 11, NULL};
    FakeWorld fake;
    NamedText files[2];
    Found found = sign_in(arena, &fake, files, &row);
    assert_true(found.ok);
    assert_string_equal(fake.urls[0].ptr, "https://oidc.eu-west-1.amazonaws.com/token");
    assert_string_equal(fake.bodies[0].ptr, "{\"grantType\":\"refresh_token\",\"clientId\":\"ci\","
                                            "\"clientSecret\":\"cs\",\"refreshToken\":\"rt\"}");
    assert_string_equal(fake.bearers[1].ptr, "new");
    assert_string_equal(fake.written_path.ptr, SSO_FILE);
    const char *const kept[] = {"\"startUrl\": \"u\"", "\"accessToken\": \"new\"",
        "\"expiresAt\": \"1970-01-01T01:11:00Z\"", "\"refreshToken\": \"rt2\"",
        "\"clientSecret\": \"cs\""};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        assert_non_null(strstr(fake.written.ptr, kept[i]));
    arena_free(arena);
}

static void test_containers(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        const char *token;
        FakeAnswer answers[3];
        size_t calls;
        const char *error;
    } CASES[] = {
        {"http://127.0.0.1:80/x", "Basic x",
            {{HTTP_ANSWERED, 500, "", NULL}, {HTTP_TIMEOUT, 0, "", NULL},
                {HTTP_ANSWERED, 200, KEYS_JSON("AC"), NULL}},
            3, NULL},
        {"http://127.0.0.1/x", "", {{HTTP_ANSWERED, 403, "", NULL}}, 1, "HTTP status 403"},
        {"http://127.0.0.1/x", "", {{HTTP_ANSWERED, 200, "no", NULL}}, 1, "gives no credentials"},
        {"http://127.0.0.1/x", "",
            {{HTTP_TIMEOUT, 0, "", NULL}, {HTTP_TIMEOUT, 0, "", NULL}, {HTTP_TIMEOUT, 0, "", NULL}},
            3, "gives no credentials"},
        {"http://127.0.0.1/x", "a\r\nHost: b", {{0}}, 0, "control characters"},
        {"http://169.254.170.2@evil/x", "", {{0}}, 0, "neither https nor an address"},
        {"http://169.254.170.22/x", "", {{0}}, 0, "neither https nor an address"},
        {"ftp://127.0.0.1/x", "", {{0}}, 0, "neither https nor an address"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Arena *arena = arena_new();
        const NamedText env[] = {HOME,
            {STR("AWS_CONTAINER_CREDENTIALS_FULL_URI"), str_of(CASES[i].url)},
            {STR("AWS_CONTAINER_AUTHORIZATION_TOKEN"), str_of(CASES[i].token)}};
        FakeWorld fake = {
            .env = env, .env_count = 3, .answers = CASES[i].answers, .answer_count = 3};
        Found found = look_up(arena, &fake, "", NULL);
        if (CASES[i].error)
            expect_error(&found, CASES[i].error);
        else
            assert_true(found.ok);
        assert_int_equal(fake.calls, CASES[i].calls);
        arena_free(arena);
    }
}

typedef struct MetadataCase {
    FakeAnswer answers[6];
    size_t calls;
    const char *error;
} MetadataCase;

static void test_region_of_instances(void **state)
{
    (void)state;
    const struct {
        FakeAnswer answers[2];
        const char *region;
    } ROWS[] = {
        {{{HTTP_ANSWERED, 200, "t", NULL}, {HTTP_ANSWERED, 200, "eu-north-1", NULL}}, "eu-north-1"},
        {{{HTTP_ANSWERED, 200, "t", NULL}, {HTTP_ANSWERED, 200, "x.example/", NULL}}, NULL},
        {{{HTTP_ANSWERED, 200, "t", NULL}, {HTTP_ANSWERED, 404, "eu-west-1", NULL}}, NULL},
        {{{HTTP_UNREACHABLE, 0, "", NULL}}, NULL},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        Arena *arena = arena_new();
        const NamedText env[] = {HOME};
        FakeWorld fake = {
            .env = env, .env_count = 1, .answers = ROWS[i].answers, .answer_count = 2};
        World world = fake_world(&fake);
        CredOptions options = {0};
        Str error = STR_NONE;
        Cred *cred =
            cred_new(arena, &world, (HttpTransport){&fake, fake_world_send}, &options, &error);
        assert_true((cred != NULL) == (ROWS[i].region != NULL));
        if (cred)
            assert_string_equal(cred_region(cred).ptr, ROWS[i].region);
        arena_free(arena);
    }
}

static void test_metadata_of_instances(void **state)
{
    (void)state;
    const char *keys = "{\"Code\":\"Success\",\"AccessKeyId\":\"AI\",\"SecretAccessKey\":\"s\"}";
    const MetadataCase cases[] = {
        // nothing there, or a token that passes too many routers: asked once, no waiting
        {{{HTTP_UNREACHABLE, 0, "", NULL}}, 1, "no credentials were found"},
        {{{HTTP_TIMEOUT, 0, "", NULL}}, 1, "no credentials were found"},
        {{{HTTP_ANSWERED, 403, "", NULL}}, 1, "no credentials were found"},
        {{{HTTP_ANSWERED, 200, "t\nInjected: 1", NULL}}, 1, "no credentials were found"},
        {{{HTTP_ANSWERED, 400, "", NULL}}, 1, "refuse the request for a token"},
        {{{HTTP_ANSWERED, 200, "t1", NULL}, {HTTP_ANSWERED, 401, "", NULL},
             {HTTP_ANSWERED, 200, "t2", NULL}, {HTTP_ANSWERED, 200, "role", NULL},
             {HTTP_ANSWERED, 200, keys, NULL}},
            5, NULL},
        {{{HTTP_ANSWERED, 200, "t", NULL}, {HTTP_ANSWERED, 404, "", NULL}}, 2,
            "no credentials were found"},
        {{{HTTP_ANSWERED, 200, "t", NULL}, {HTTP_ANSWERED, 500, "", NULL}}, 2, "name no role"},
        {{{HTTP_ANSWERED, 200, "t", NULL}, {HTTP_ANSWERED, 200, "role", NULL},
             {HTTP_ANSWERED, 200, "{\"Code\":\"Failed\"}", NULL}},
            3, "hold no credentials"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena *arena = arena_new();
        const NamedText env[] = {HOME};
        FakeWorld fake = {
            .env = env, .env_count = 1, .answers = cases[i].answers, .answer_count = 6};
        Found found = look_up(arena, &fake, "", NULL);
        if (cases[i].error)
            expect_error(&found, cases[i].error);
        else
            assert_string_equal(fake.bearers[4].ptr, "t2");
        assert_int_equal(fake.calls, cases[i].calls);
        assert_int_equal(fake.slept, 0);
        arena_free(arena);
    }
    Arena *arena = arena_new();
    const NamedText off[] = {HOME, {STR("AWS_EC2_METADATA_DISABLED"), STR("True")}};
    FakeWorld fake = {.env = off, .env_count = 2};
    Found found = look_up(arena, &fake, "", NULL);
    expect_error(&found, "no credentials were found");
    assert_int_equal(fake.calls, 0);
    arena_free(arena);
}

static void test_a_login_that_has_ended(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const NamedText env[] = {HOME};
    FakeWorld fake = {.env = env, .env_count = 1};
    Found found = look_up(arena, &fake, "[profile a]\nlogin_session = arn:me\n", "a");
    expect_error(&found, "run 'aws login --profile a'");
    arena_free(arena);
}

static void test_roles(void **state)
{
    (void)state;
    const char *chain = "[profile a]\nrole_arn=arn:a\nsource_profile=b\n"
                        "[profile b]\nrole_arn=arn:b\nsource_profile=c\n"
                        "[profile c]\n" KEYS_IN_FILE;
    Arena *arena = arena_new();
    const NamedText env[] = {HOME};
    const FakeAnswer answers[] = {{HTTP_ANSWERED, 200, ROLE_BODY, NULL},
        {HTTP_ANSWERED, 200, ROLE_BODY, NULL},
        {HTTP_ANSWERED, 403,
            "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error>"
            "</ErrorResponse>",
            NULL}};
    FakeWorld fake = {.env = env, .env_count = 1, .answers = answers, .answer_count = 3};
    assert_true(look_up(arena, &fake, chain, "a").ok);
    assert_non_null(strstr(fake.bodies[0].ptr, "RoleArn=arn%3Ab"));
    assert_non_null(strstr(fake.bodies[1].ptr, "RoleArn=arn%3Aa"));
    fake.file_count = 0;
    fake.files = NULL;
    Found found = look_up(arena, &fake, "[profile a]\nrole_arn=x\nsource_profile=a\n" KEYS_IN_FILE,
        "a"); // its own source
    expect_error(&found, "cannot assume the role: AccessDenied: not you");
    fake.files = NULL;
    found = look_up(arena, &fake,
        "[profile a]\nrole_arn=x\nmfa_serial=m\nsource_profile=a\n" KEYS_IN_FILE, "a");
    expect_error(&found, "needs an MFA code, and nobody can be asked");
    assert_int_equal(fake.calls, 3);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_environment_is_whole_or_wrong),
        cmocka_unit_test(test_sources_have_their_order),
        cmocka_unit_test(test_a_process_that_does_not_deliver),
        cmocka_unit_test(test_sso_says_when_to_sign_in),
        cmocka_unit_test(test_an_sso_token_is_renewed_and_kept),
        cmocka_unit_test(test_containers),
        cmocka_unit_test(test_metadata_of_instances),
        cmocka_unit_test(test_region_of_instances),
        cmocka_unit_test(test_a_login_that_has_ended),
        cmocka_unit_test(test_roles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
