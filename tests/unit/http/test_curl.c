// The real transport against a real server that misbehaves.
#include "runtime/http/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "compiler/base/buf.h"
#include "tests/support/raw_server.h"

typedef struct Fixture {
    Arena *arena;
    HttpCurl *curl;
    RawServer server;
} Fixture;

static Fixture begin(const RawAnswer *answers, size_t count)
{
    return (Fixture){arena_new(), http_curl_new(STR_NONE), raw_server_start(answers, count, NULL)};
}

static size_t end(Fixture *fixture)
{
    http_curl_free(fixture->curl);
    arena_free(fixture->arena);
    return raw_server_stop(&fixture->server);
}

static HttpResponse get(Fixture *fixture, const char *scheme, HttpRequest request)
{
    if (!request.timeout)
        request.timeout = 10 * 1000;
    request.method = request.body.len ? STR("POST") : STR("GET");
    request.url = str_format(fixture->arena, "%s://127.0.0.1:%d/", scheme, fixture->server.port);
    HttpTransport http = http_curl_transport(fixture->curl);
    return http.send(http.context, fixture->arena, &request);
}

#define HEAD "HTTP/1.1 200 OK\r\n"
#define OK(length, body) HEAD "Content-Length: " length "\r\n\r\n" body

typedef struct Case {
    RawAnswer answer;
    HttpFailure failure;
    const char *body; // of what was answered
} Case;

static void test_answers_that_are_whole_or_not(void **state)
{
    (void)state;
    const Case cases[] = {
        {{RAW_KEEP, OK("2", "hi")}, HTTP_ANSWERED, "hi"},
        {{RAW_CLOSE, HEAD "\r\nuntil the end"}, HTTP_ANSWERED, "until the end"},
        {{RAW_CLOSE, OK("3", "hello")}, HTTP_ANSWERED, "hel"},
        {{RAW_CLOSE, OK("100", "half")}, HTTP_BROKEN, NULL},
        {{RAW_KEEP, HEAD "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n"},
            HTTP_ANSWERED, "abcd"},
        {{RAW_CLOSE, HEAD "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"}, HTTP_BROKEN, NULL},
        {{RAW_CLOSE, HEAD "Transfer-Encoding: chunked\r\n\r\nzz\r\n"}, HTTP_BROKEN, NULL},
        {{RAW_KEEP, "HTTP/1.1 100 Continue\r\nA: b\r\n\r\n" OK("2", "hi")}, HTTP_ANSWERED, "hi"},
        {{RAW_CLOSE, ""}, HTTP_BROKEN, NULL},
        {{RAW_CLOSE, "HTTP/1.1 200 OK\r\nConte"}, HTTP_BROKEN, NULL},
        {{RAW_CLOSE, "\x16\x03\x01 what is this\r\n\r\n"}, HTTP_BROKEN, NULL},
        {{RAW_RESET, ""}, HTTP_BROKEN, NULL},
        {{RAW_CLOSE, OK("99999999999999999999", "x")}, HTTP_ANSWERED, "x"},
        {{RAW_CLOSE, OK("17", "12345678901234567")}, HTTP_TOO_LARGE, NULL},
        {{RAW_HANG, ""}, HTTP_TIMEOUT, NULL},
        {{RAW_TRICKLE, OK("16", "one byte at a time")}, HTTP_TIMEOUT, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Fixture fixture = begin(&cases[i].answer, 1);
        // Only what never ends may end by time, however busy the machine is.
        int64_t timeout = cases[i].failure == HTTP_TIMEOUT ? 500 : 20 * 1000;
        HttpResponse response = get(
            &fixture, "http", (HttpRequest){.timeout = timeout, .max_body = 16, .body = STR("b")});
        if (response.failure != cases[i].failure)
            fail_msg("%zu: %d, %s", i, (int)response.failure,
                response.error.ptr ? response.error.ptr : "no error");
        if (cases[i].body)
            assert_string_equal(response.body.ptr, cases[i].body);
        else
            assert_true(response.error.len > 0);
        assert_int_equal(end(&fixture), 1);
    }
}

static void test_redirects_are_not_followed(void **state)
{
    (void)state;
    const RawAnswer answer = {
        RAW_KEEP, "HTTP/1.1 307 Temporary Redirect\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"};
    Fixture fixture = begin(&answer, 1);
    HttpResponse response = get(&fixture, "http", (HttpRequest){0});
    assert_int_equal(response.status, 307);
    assert_string_equal(http_header(&response, "location").ptr, "/x");
    assert_int_equal(end(&fixture), 1);
}

static void test_a_connection_that_was_closed_meanwhile_is_made_anew(void **state)
{
    (void)state;
    const RawAnswer answers[] = {{RAW_CLOSE, OK("1", "a")}, {RAW_KEEP, OK("1", "b")}};
    Fixture fixture = begin(answers, 2);
    assert_string_equal(get(&fixture, "http", (HttpRequest){0}).body.ptr, "a");
    assert_string_equal(get(&fixture, "http", (HttpRequest){0}).body.ptr, "b");
    assert_int_equal(end(&fixture), 2);
}

static void test_heads_are_limited(void **state)
{
    (void)state;
    Buf head;
    buf_init(&head, 0);
    buf_add_text(&head, HEAD);
    for (int i = 0; i < 300; i++)
        buf_add_format(&head, "H%d: v\r\n", i);
    buf_add_text(&head, "\r\n");
    const RawAnswer answer = {RAW_CLOSE, buf_str(&head).ptr};
    Fixture fixture = begin(&answer, 1);
    assert_int_equal(get(&fixture, "http", (HttpRequest){0}).failure, HTTP_TOO_LARGE);
    end(&fixture);
    buf_release(&head);
}

// Whatever fails before the request goes out is known to have done nothing.
static void test_what_never_arrives_is_unreachable(void **state)
{
    (void)state;
    const RawAnswer plain = {RAW_CLOSE, "HTTP/1.1 400 Bad Request\r\n\r\n"};
    Fixture fixture = begin(&plain, 1);
    // no TLS there: what it takes for a request never ends, and neither does the handshake
    HttpResponse response = get(&fixture, "https", (HttpRequest){.connect_timeout = 300});
    assert_int_equal(response.failure, HTTP_UNREACHABLE);
    const HttpRequest elsewhere = {
        .method = STR("GET"), .url = STR("http://nowhere.invalid/"), .connect_timeout = 2000};
    HttpTransport http = http_curl_transport(fixture.curl);
    response = http.send(http.context, fixture.arena, &elsewhere);
    assert_int_equal(response.failure, HTTP_UNREACHABLE);
    end(&fixture);
    fixture = begin(&plain, 1);
    RawServer gone = fixture.server;
    raw_server_stop(&gone);
    response = get(&fixture, "http", (HttpRequest){0});
    assert_int_equal(response.failure, HTTP_UNREACHABLE);
    http_curl_free(fixture.curl);
    arena_free(fixture.arena);
}

static void test_proxies(void **state)
{
    (void)state;
    const RawAnswer answers[] = {{RAW_CLOSE, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"},
        {RAW_CLOSE, OK("5", "proxy")}, {RAW_KEEP, OK("6", "direct")}};
    Fixture fixture = begin(answers, 3);
    Str proxy = str_format(fixture.arena, "http://127.0.0.1:%d", fixture.server.port);
    setenv("https_proxy", proxy.ptr, 1);
    setenv("http_proxy", proxy.ptr, 1);
    HttpTransport http = http_curl_transport(fixture.curl);
    HttpRequest request = {.method = STR("GET"), .url = STR("https://aws.invalid/")};
    HttpResponse response = http.send(http.context, fixture.arena, &request);
    assert_int_equal(response.failure, HTTP_UNREACHABLE);
    assert_string_equal(response.error.ptr, "the proxy refuses (HTTP status 403)");
    request.url = STR("http://aws.invalid/");
    assert_string_equal(http.send(http.context, fixture.arena, &request).body.ptr, "proxy");
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    response = get(&fixture, "http", (HttpRequest){.direct = true});
    assert_string_equal(response.body.ptr, "direct");
    unsetenv("http_proxy");
    unsetenv("https_proxy");
    assert_int_equal(end(&fixture), 3);
}

static void test_certificates_are_verified(void **state)
{
    (void)state;
    static const struct {
        const char *name; // that the certificate is for
        bool trusted;
        HttpFailure failure;
        size_t requests;
    } CASES[] = {{"IP:127.0.0.1", false, HTTP_UNTRUSTED, 0},
        {"IP:127.0.0.1", true, HTTP_ANSWERED, 1}, {"DNS:aws.invalid", true, HTTP_UNTRUSTED, 0}};
    const RawAnswer answer = {RAW_KEEP, OK("2", "hi")};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char path[] = "/tmp/altc-test-XXXXXX";
        int file = mkstemp(path);
        assert_true(file >= 0);
        close(file);
        RawCertificate certificate = raw_certificate(CASES[i].name, path);
        Fixture fixture = {arena_new(), http_curl_new(STR_NONE), {0}};
        fixture.server = raw_server_start(&answer, 1, &certificate);
        if (CASES[i].trusted)
            http_curl_trust(fixture.curl, str_of(path));
        HttpResponse response = get(&fixture, "https", (HttpRequest){.body = STR("secret")});
        if (response.failure != CASES[i].failure)
            fail_msg("%zu: %d, %s", i, (int)response.failure,
                response.error.ptr ? response.error.ptr : "no error");
        assert_int_equal(end(&fixture), CASES[i].requests);
        raw_certificate_free(&certificate);
        unlink(path);
    }
}

static void test_headers_cannot_be_smuggled(void **state)
{
    (void)state;
    const RawAnswer answer = {RAW_KEEP, OK("2", "hi")};
    Fixture fixture = begin(&answer, 1);
    const NamedText header = {STR("A"), STR("b\r\nHost: evil")};
    HttpResponse response =
        get(&fixture, "http", (HttpRequest){.headers = &header, .header_count = 1});
    assert_int_equal(response.failure, HTTP_REFUSED);
    assert_int_equal(end(&fixture), 0);
}

static int set_up(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    return http_curl_start() ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    http_curl_end();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_that_are_whole_or_not),
        cmocka_unit_test(test_redirects_are_not_followed),
        cmocka_unit_test(test_a_connection_that_was_closed_meanwhile_is_made_anew),
        cmocka_unit_test(test_heads_are_limited),
        cmocka_unit_test(test_what_never_arrives_is_unreachable),
        cmocka_unit_test(test_proxies),
        cmocka_unit_test(test_certificates_are_verified),
        cmocka_unit_test(test_headers_cannot_be_smuggled),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
