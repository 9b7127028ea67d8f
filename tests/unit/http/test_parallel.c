// Many requests at once against a real server: each is answered once, and no more go on than may.
#include "runtime/http/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "tests/support/raw_server.h"

enum { REQUESTS = 12, JOBS = 3, NEVER = 1000 };

// A feed of REQUESTS, which notes what becomes of each.
typedef struct Round {
    RawServer server;
    size_t pulled;
    size_t under_way;
    size_t most;      // under way at once
    size_t later;     // so often nothing is ready before the last one
    size_t bad;       // the number of one that cannot be sent; NEVER: all can
    size_t cancel_at; // when so many were pulled
    size_t pause_at;  // when so many were pulled the feed ends for now; 0: it does not
    int answers[REQUESTS];
    HttpFailure failures[REQUESTS];
} Round;

static HttpPull pull(
    void *context, Arena *arena, HttpRequest *request, void **ticket, int64_t *wait)
{
    Round *round = context;
    if (round->pulled == REQUESTS || (round->pause_at && round->pulled == round->pause_at))
        return HTTP_PULL_END;
    if (round->pulled == REQUESTS - 1 && round->later) {
        round->later--;
        *wait = 1;
        return HTTP_PULL_LATER;
    }
    NamedText *header = ARENA_NEW(arena, NamedText);
    *header = (NamedText){STR("x-name"), round->pulled == round->bad ? STR("a\nb") : STR("a")};
    *request = (HttpRequest){.method = STR("GET"),
        .url = str_format(arena, "http://127.0.0.1:%d/", round->server.port),
        .headers = header,
        .header_count = 1,
        .timeout = 20 * 1000};
    *ticket = &round->answers[round->pulled++];
    round->under_way++;
    round->most = round->most > round->under_way ? round->most : round->under_way;
    return HTTP_PULL_READY;
}

static void answer(void *context, void *ticket, const HttpResponse *response)
{
    Round *round = context;
    int *count = ticket;
    (*count)++;
    round->failures[count - round->answers] = response->failure;
    round->under_way--;
    if (response->failure == HTTP_ANSWERED)
        assert_string_equal(response->body.ptr, "hi");
}

static bool cancelled(void *context)
{
    const Round *round = context;
    return round->pulled >= round->cancel_at;
}

static bool send_all(Round *round, RawPlay play)
{
    RawAnswer answers[REQUESTS];
    for (size_t i = 0; i < REQUESTS; i++)
        answers[i] = (RawAnswer){
            play, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"};
    round->server = raw_server_start(answers, REQUESTS, NULL);
    HttpCurl *curl = http_curl_new(STR_NONE);
    HttpParallel http = http_curl_parallel(curl);
    const HttpFeed feed = {round, pull, answer, NULL, cancelled};
    bool done = http.send_all(http.context, &feed, JOBS);
    http_curl_free(curl);
    raw_server_stop(&round->server);
    return done;
}

static void test_each_is_answered_once(void **state)
{
    (void)state;
    Round round = {.bad = 5, .later = 3, .cancel_at = NEVER};
    assert_true(send_all(&round, RAW_CLOSE));
    assert_int_equal(round.pulled, REQUESTS);
    assert_int_equal(round.under_way, 0);
    assert_int_equal(round.most, JOBS);
    assert_int_equal(round.later, 0);
    for (size_t i = 0; i < REQUESTS; i++) {
        assert_int_equal(round.answers[i], 1);
        assert_int_equal(round.failures[i], i == round.bad ? HTTP_REFUSED : HTTP_ANSWERED);
    }
}

static void test_one_that_breaks_keeps_no_other(void **state)
{
    (void)state;
    Round round = {.bad = NEVER, .cancel_at = NEVER};
    assert_true(send_all(&round, RAW_RESET));
    for (size_t i = 0; i < REQUESTS; i++) {
        assert_int_equal(round.answers[i], 1);
        assert_int_equal(round.failures[i], HTTP_BROKEN);
    }
}

static void test_what_is_under_way_is_cancelled(void **state)
{
    (void)state;
    Round round = {.bad = NEVER, .cancel_at = JOBS};
    assert_false(send_all(&round, RAW_HANG));
    assert_int_equal(round.pulled, JOBS);
    for (size_t i = 0; i < REQUESTS; i++) {
        assert_int_equal(round.answers[i], i < JOBS);
        assert_true(i >= JOBS || round.failures[i] == HTTP_CANCELLED);
    }
}

static void test_the_next_batch_finds_connections_open(void **state)
{
    (void)state;
    Round round = {.bad = NEVER, .cancel_at = NEVER, .pause_at = 1};
    RawAnswer answers[REQUESTS];
    for (size_t i = 0; i < REQUESTS; i++)
        answers[i] = (RawAnswer){RAW_KEEP, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"};
    round.server = raw_server_start(answers, REQUESTS, NULL);
    HttpCurl *curl = http_curl_new(STR_NONE);
    HttpParallel http = http_curl_parallel(curl);
    const HttpFeed feed = {&round, pull, answer, NULL, cancelled};
    assert_true(http.send_all(http.context, &feed, 1));
    assert_int_equal(round.pulled, 1);
    round.pause_at = 0;
    assert_true(http.send_all(http.context, &feed, 1));
    http_curl_free(curl);
    assert_int_equal(raw_server_stop(&round.server), REQUESTS);
    assert_int_equal(round.server.connections, 1);
}

static int set_up(void **state)
{
    (void)state;
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
        cmocka_unit_test(test_each_is_answered_once),
        cmocka_unit_test(test_one_that_breaks_keeps_no_other),
        cmocka_unit_test(test_what_is_under_way_is_cancelled),
        cmocka_unit_test(test_the_next_batch_finds_connections_open),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
