// What S3 is asked and how its answers are taken, by a scripted transport. The faults on the way
// are tried against a server (tests/uploads).
#include "runtime/aws/s3.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "runtime/aws/cloudfront.h"
#include "tests/support/fake_world.h"

static bool give_keys(void *context, Arena *arena, bool renew, AwsKeys *keys, Str *error)
{
    (void)context;
    (void)arena;
    (void)renew;
    (void)error;
    *keys = (AwsKeys){.key = {STR("AKID"), STR("secret")}};
    return true;
}

static S3Bucket bucket_of(
    Arena *arena, FakeWorld *fake, EndpointOptions options, const char *name, const char *region)
{
    World *world = ARENA_NEW(arena, World);
    S3Bucket bucket;
    Str error = STR_NONE;
    *world = fake_world(fake);
    assert_true(s3_bucket_init(&bucket, arena, world, (HttpTransport){fake, fake_world_send},
        (AwsKeySource){NULL, give_keys}, &options, str_of(name), str_of(region), &error));
    return bucket;
}

typedef struct AddressCase {
    EndpointOptions options;
    const char *bucket;
    const char *region;
    const char *key;
    const char *url;
} AddressCase;

static void test_addresses(void **state)
{
    (void)state;
    const AddressCase cases[] = {
        {{.fips = false}, "b-1", "eu-west-1", "a", "https://b-1.s3.eu-west-1.amazonaws.com/a"},
        {{.fips = false}, "b.c", "eu-west-1", "a", "https://s3.eu-west-1.amazonaws.com/b.c/a"},
        {{.fips = false}, "b-1", "cn-north-1", "a", "https://b-1.s3.cn-north-1.amazonaws.com.cn/a"},
        {{.fips = true}, "b-1", "us-east-1", "a", "https://b-1.s3-fips.us-east-1.amazonaws.com/a"},
        {{.dual_stack = true}, "b-1", "us-east-1", "a",
            "https://b-1.s3.dualstack.us-east-1.amazonaws.com/a"},
        {{.custom = STR("http://127.0.0.1:9000")}, "b-1", "eu-west-1", "a",
            "http://127.0.0.1:9000/b-1/a"},
        {{.custom = STR("http://h/base/")}, "b-1", "eu-west-1", "a", "http://h/base/b-1/a"},
        {{.fips = false}, "b-1", "eu-west-1", "x y+z%~/\xc3\xa4//./..",
            "https://b-1.s3.eu-west-1.amazonaws.com/x%20y%2Bz%25~/%C3%A4//./.."},
    };
    Arena *arena = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const FakeAnswer answer = {HTTP_ANSWERED, 200, "x", NULL};
        FakeWorld fake = {.answers = &answer, .answer_count = 1};
        S3Bucket bucket =
            bucket_of(arena, &fake, cases[i].options, cases[i].bucket, cases[i].region);
        Str body;
        assert_true(s3_get(&bucket, arena, str_of(cases[i].key), &body).ok);
        assert_string_equal(fake.urls[0].ptr, cases[i].url);
    }
    arena_free(arena);
}

// What CloudFormation is told never has the address that this machine uses.
static void test_addresses_for_others(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    FakeWorld fake = {0};
    EndpointOptions options = {.custom = STR("http://127.0.0.1:9000")};
    S3Bucket bucket = bucket_of(arena, &fake, options, "b-1", "eu-west-1");
    assert_string_equal(s3_object_url(&bucket, arena, STR("a b"), STR_NONE).ptr,
        "https://b-1.s3.eu-west-1.amazonaws.com/a%20b");
    assert_string_equal(
        s3_object_url(&bucket, arena, STR("a"), STR("http://aws:1/")).ptr, "http://aws:1/b-1/a");
    arena_free(arena);
}

#define LIST(content) "<ListBucketResult>" content "</ListBucketResult>"

static void test_lists_are_read_to_their_end(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const FakeAnswer answers[] = {
        {HTTP_ANSWERED, 200,
            LIST("<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
                 "<NextContinuationToken>t+1</NextContinuationToken>"
                 "<Contents><Key>a+b%2Bc%0A%25</Key><Size>12</Size><ETag>&quot;e1&quot;</ETag>"
                 "</Contents>"),
            NULL},
        {HTTP_ANSWERED, 200,
            LIST("<IsTruncated>true</IsTruncated>"
                 "<NextContinuationToken>t2</NextContinuationToken>"),
            NULL},
        {HTTP_ANSWERED, 200,
            LIST("<IsTruncated>false</IsTruncated><Contents><Key>a+b%20</Key></Contents>"), NULL}};
    FakeWorld fake = {.answers = answers, .answer_count = 3};
    S3Bucket bucket = bucket_of(arena, &fake, (EndpointOptions){0}, "b-1", "eu-west-1");
    S3Objects objects = {0};
    assert_true(s3_list(&bucket, arena, STR("p/"), &objects).ok);
    assert_int_equal(objects.len, 2);
    assert_string_equal(objects.items[0].key.ptr, "a b+c\n%");
    assert_int_equal(objects.items[0].size, 12);
    assert_true(str_is(objects.items[0].etag, "e1"));
    assert_string_equal(objects.items[1].key.ptr, "a+b%20");
    assert_non_null(strstr(fake.urls[0].ptr, "prefix=p%2F"));
    assert_non_null(strstr(fake.urls[1].ptr, "continuation-token=t%2B1"));
    arena_free(arena);
}

static void test_deleting_says_what_was_not_deleted(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const FakeAnswer answers[] = {
        {HTTP_ANSWERED, 200,
            "<DeleteResult><Error><Key>b</Key><Code>AccessDenied</Code><Message>no</Message>"
            "</Error></DeleteResult>",
            NULL},
        {HTTP_ANSWERED, 204, "", NULL}, {HTTP_ANSWERED, 200, "<DeleteResult/>", NULL}};
    FakeWorld fake = {.answers = answers, .answer_count = 3};
    S3Bucket bucket = bucket_of(arena, &fake, (EndpointOptions){0}, "b-1", "eu-west-1");
    const S3Object objects[] = {{.key = STR("a<&>\r")}, {.key = STR("b")}};
    AwsReply reply = s3_delete(&bucket, arena, objects, 2);
    assert_false(reply.ok);
    assert_string_equal(reply.code.ptr, "AccessDenied");
    assert_string_equal(reply.message.ptr, "no (b)");
    assert_non_null(strstr(fake.bodies[0].ptr, "<Key>a&lt;&amp;&gt;&#13;</Key>"));
    // XML has no way to say it: a call of its own.
    const S3Object odd[] = {{.key = STR("a\001")}, {.key = STR("b")}};
    assert_true(s3_delete(&bucket, arena, odd, 2).ok);
    assert_non_null(strstr(fake.urls[1].ptr, "/a%01"));
    arena_free(arena);
}

static void test_paths_of_invalidations(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const FakeAnswer answer = {HTTP_ANSWERED, 201,
        "<Invalidation><Id>I1</Id><Status>InProgress</Status></Invalidation>", NULL};
    FakeWorld fake = {.answers = &answer, .answer_count = 1};
    World world = fake_world(&fake);
    AwsClient client;
    Str error = STR_NONE;
    EndpointOptions options = {0};
    assert_true(cloudfront_init(&client, arena, &world, (HttpTransport){&fake, fake_world_send},
        (AwsKeySource){NULL, give_keys}, &options, STR("eu-west-1"), &error));
    const Str paths[] = {STR("/*"), STR("/a b&\xc3\xa4%20")};
    CloudFrontInvalidation made;
    assert_true(
        cloudfront_create_invalidation(&client, arena, STR("E1"), STR("r"), paths, 2, &made).ok);
    assert_string_equal(made.id.ptr, "I1");
    assert_string_equal(fake.urls[0].ptr,
        "https://cloudfront.amazonaws.com/2020-05-31/distribution/E1/invalidation");
    assert_non_null(strstr(fake.bodies[0].ptr,
        "<Quantity>2</Quantity><Items><Path>/*</Path><Path>/a%20b&amp;%C3%A4%20</Path></Items>"));
    assert_true(str_is(client.region, "us-east-1"));
    assert_true(cloudfront_init(&client, arena, &world, (HttpTransport){&fake, fake_world_send},
        (AwsKeySource){NULL, give_keys}, &options, STR("cn-north-1"), &error));
    assert_string_equal(client.endpoint.host.ptr, "cloudfront.cn-northwest-1.amazonaws.com.cn");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_addresses_for_others),
        cmocka_unit_test(test_lists_are_read_to_their_end),
        cmocka_unit_test(test_deleting_says_what_was_not_deleted),
        cmocka_unit_test(test_paths_of_invalidations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
