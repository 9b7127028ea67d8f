// Requests and signatures that AWS publishes for Signature Version 4. Headers folded over several
// lines are left out: the transport refuses line breaks in headers.
#include "runtime/sign/sign.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "compiler/base/sha256.h"

typedef struct Vector {
    const char *name;
    const char *method;
    const char *path;
    const char *query;
    const char *headers; // further ones, "name:value" a line
    const char *body;
    bool keep_path; // not simplified
    const char *signature;
} Vector;

#define UNRESERVED "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define FORM_HASH "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"
#define TOKEN "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"

#define VANILLA "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
#define LONG_TOKEN                                                                                 \
    "AQoDYXdzEPT//////////"                                                                        \
    "wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPf"                     \
    "IeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/"                                                         \
    "kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7W"                                    \
    "Z0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+"          \
    "scqKmlzm8F"                                                                                   \
    "DrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="

static const Vector VECTORS[] = {
    {"vanilla", "GET", "/", "", "", "", false,
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"session token", "GET", "/", "", "X-Amz-Security-Token:" TOKEN, "", false,
        "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8"},
    {"utf-8 path", "GET", "/\xe1\x88\xb4", "", "", "", false,
        "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
    {"blank in path", "GET", "/example space/", "", "", "", false,
        "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
    {"values trimmed", "GET", "/", "", "My-Header1: value1\nMy-Header2: \"a   b   c\"", "", false,
        "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
    {"header repeated", "GET", "/", "", "My-Header1:value2\nMy-Header1:value2\nMy-Header1:value1",
        "", false, "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
    {"query order", "GET", "/", "Param2=value2&Param1=value1", "", "", false,
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    {"query order encoded", "GET", "/", "Param-3=Value3&Param=Value2&%E1%88%B4=Value1", "", "",
        false, "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"},
    {"query unreserved", "GET", "/", UNRESERVED "=" UNRESERVED, "", "", false,
        "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
    {"slashes simplified", "GET", "//example//", "", "", "", false,
        "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
    {"slashes kept", "GET", "//example//", "", "", "", true,
        "87cca117541a147f6df867677d98a7d80dff226d2bfca9e4ffa899665623c7e5"},
    {"path leads up", "GET", "/example/..", "", "", "", false,
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"header sorted", "POST", "/", "", "My-Header1:value1", "", false,
        "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
    {"form", "POST", "/", "",
        "Content-Type:application/x-www-form-urlencoded\nContent-Length:13\n"
        "x-amz-content-sha256:" FORM_HASH,
        "Param1=value1", false, "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b"},
    {"header values in order", "GET", "/", "",
        "My-Header1:value4\nMy-Header1:value1\nMy-Header1:value3\nMy-Header1:value2", "", false,
        "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
    {"path leads up twice", "GET", "/example1/example2/../..", "", "", "", false, VANILLA},
    {"leading up kept", "GET", "/example/..", "", "", "", true,
        "eca7ead57bb5aa5c8e28007acd4ff04e1ff9a0ff3b237ec1554a184887ff9282"},
    {"leading up twice kept", "GET", "/example1/example2/../..", "", "", "", true,
        "dc33e0856fd4baca4d7aa2146c38958283844764f38c74252a333df5e613003b"},
    {"dot", "GET", "/./", "", "", "", false, VANILLA},
    {"dot kept", "GET", "/./", "", "", "", true,
        "68714168e6557f8f2de0ef956fc24dc2593a4bd2961f8df51898d8a134695145"},
    {"pointless dot", "GET", "/./example", "", "", "", false,
        "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"},
    {"pointless dot kept", "GET", "/./example", "", "", "", true,
        "beb03f223f7deae4146464f06e29eebbee9c8afbe15c290cf07aa8b119e14cff"},
    {"two slashes", "GET", "//", "", "", "", false, VANILLA},
    {"two slashes kept", "GET", "//", "", "", "", true,
        "c88bcd3d312d75078c0cd961d6deae3f4c754924b01669efcfcb439fd5e5b76e"},
    {"path unreserved", "GET", "/" UNRESERVED, "", "", "", false,
        "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
    {"query of one", "GET", "/", "Param1=value1", "", "", false,
        "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
    {"utf-8 query", "GET", "/", "\xe1\x88\xb4=bar", "", "", false,
        "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
    {"post", "POST", "/", "", "", "", false,
        "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"case of header value", "POST", "/", "", "My-Header1:VALUE1", "", false,
        "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
    {"session token of a post", "POST", "/", "", "X-Amz-Security-Token:" LONG_TOKEN, "", false,
        "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"},
    {"form with a charset", "POST", "/", "",
        "Content-Type:application/x-www-form-urlencoded; charset=utf-8\nContent-Length:13\n"
        "x-amz-content-sha256:" FORM_HASH,
        "Param1=value1", false, "328d1b9eaadca9f5818ef05e8392801e091653bafec24fcab71e7344e7f51422"},
};

static const SignKey KEY = {{"AKIDEXAMPLE", 11}, {"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", 40}};

static size_t read_headers(const char *lines, NamedText headers[8])
{
    headers[0] = (NamedText){STR("Host"), STR("example.amazonaws.com")};
    headers[1] = (NamedText){STR("X-Amz-Date"), STR("20150830T123600Z")};
    headers[2] = (NamedText){STR("User-Agent"), STR("not signed")};
    size_t count = 3;
    Str text = str_of(lines);
    for (size_t start = 0; start < text.len;) {
        size_t end = str_find(text, STR("\n"), start);
        end = end == SIZE_MAX ? text.len : end;
        size_t colon = str_find(text, STR(":"), start);
        headers[count++] =
            (NamedText){str_slice(text, start, colon), str_slice(text, colon + 1, end)};
        start = end + 1;
    }
    return count;
}

static Signature sign_vector(Arena *arena, const Vector *vector)
{
    NamedText headers[8];
    SignInput input = {.method = str_of(vector->method),
        .path = str_of(vector->path),
        .encode_path = true,
        .simplify_path = !vector->keep_path,
        .query = str_of(vector->query),
        .headers = headers,
        .header_count = read_headers(vector->headers, headers),
        .payload_hash = sha256_hex(arena, str_of(vector->body)),
        .region = STR("us-east-1"),
        .service = STR("service"),
        .date = STR("20150830T123600Z")};
    return sign_request(arena, &input, &KEY, NULL);
}

static void test_published_signatures(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    for (size_t i = 0; i < sizeof VECTORS / sizeof *VECTORS; i++) {
        Signature made = sign_vector(arena, &VECTORS[i]);
        if (!str_is(made.signature, VECTORS[i].signature))
            fail_msg("%s: the canonical request was\n%s\nand the string to sign\n%s",
                VECTORS[i].name, made.canonical_request.ptr, made.string_to_sign.ptr);
    }
    arena_free(arena);
}

static void test_each_step_of_vanilla(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Signature made = sign_vector(arena, &VECTORS[0]);
    assert_string_equal(made.canonical_request.ptr,
        "GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n"
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_string_equal(made.string_to_sign.ptr,
        "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n"
        "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63");
    assert_string_equal(made.authorization.ptr,
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        "SignedHeaders=host;x-amz-date, "
        "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    arena_free(arena);
}

static void test_query_without_value_and_paths_of_s3(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    NamedText host = {STR("Host"), STR("b.s3")};
    SignInput input = {.method = STR("POST"),
        .headers = &host,
        .header_count = 1,
        .path = STR("/a%20b//../c"),
        .query = STR("uploads&b=1%2b+"),
        .payload_hash = STR("UNSIGNED-PAYLOAD"),
        .region = STR("us-east-1"),
        .service = STR("s3"),
        .date = STR("20150830T123600Z")};
    Signature made = sign_request(arena, &input, &KEY, NULL);
    assert_string_equal(made.canonical_request.ptr,
        "POST\n/a%20b//../c\nb=1%2B%2B&uploads=\nhost:b.s3\n\nhost\nUNSIGNED-PAYLOAD");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_published_signatures),
        cmocka_unit_test(test_each_step_of_vanilla),
        cmocka_unit_test(test_query_without_value_and_paths_of_s3)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
