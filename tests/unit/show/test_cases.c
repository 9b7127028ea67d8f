// The folders of tests/events: events of an operation as they come, and what is made of them. In
// `events.txt` a line is an event: SECOND STACK ID TYPE STATUS [REASON]; a TYPE "=NAME" is a nested
// stack, "@" before the reason is a DetailedStatus. A line "#view COLUMNSxROWS SECOND…" says when
// the screen is looked at. UPDATE=1 writes the expectations.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>

#include "runtime/events/cause.h"
#include "runtime/events/chart.h"
#include "runtime/events/follow.h"
#include "runtime/show/show.h"
#include "tests/unit/events/event_feed.h"
#include "tests/unit/show/screen.h"

enum { MAX_ROWS = 2000, POLL_SECONDS = 2, MAX_LOOKS = 8 };

#define CASES "tests/events"

typedef struct Sink {
    Buf text;
    Screen *screen; // or NULL
    FakeWorld *fake;
    size_t columns;
    size_t rows;
} Sink;

typedef struct Case {
    Str name;
    FeedRow rows[MAX_ROWS];
    FeedMore more[MAX_ROWS];
    size_t count;
    size_t columns;
    size_t height;
    int looks[MAX_LOOKS];
    size_t look_count;
    Arena *arena;
} Case;

// ---- reading ----

static Str read_all(Arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return STR_NONE;
    Buf text;
    buf_init(&text, 0);
    char block[4096];
    size_t got;
    while ((got = fread(block, 1, sizeof block, file)) > 0)
        buf_add(&text, (Str){block, got});
    fclose(file);
    Str copy = buf_copy(&text, arena);
    buf_release(&text);
    return copy;
}

static const char *next_word(Arena *arena, Str line, size_t *at)
{
    while (*at < line.len && line.ptr[*at] == ' ')
        (*at)++;
    size_t start = *at;
    while (*at < line.len && line.ptr[*at] != ' ')
        (*at)++;
    return str_copy(arena, str_slice(line, start, *at)).ptr;
}

static void read_view(Case *test, Str line)
{
    size_t at = sizeof "#view" - 1;
    unsigned columns = 0;
    unsigned height = 0;
    assert_int_equal(sscanf(next_word(test->arena, line, &at), "%ux%u", &columns, &height), 2);
    test->columns = columns;
    test->height = height;
    while (at < line.len && test->look_count < MAX_LOOKS)
        test->looks[test->look_count++] = atoi(next_word(test->arena, line, &at));
}

static void read_row(Case *test, Str line)
{
    assert_true(test->count < MAX_ROWS);
    FeedMore *more = &test->more[test->count];
    FeedRow *row = &test->rows[test->count++];
    size_t at = 0;
    row->second = atoi(next_word(test->arena, line, &at));
    row->poll = row->second / POLL_SECONDS + 1;
    row->stack = next_word(test->arena, line, &at);
    row->id = next_word(test->arena, line, &at);
    more->type = next_word(test->arena, line, &at);
    more->physical_id = str_format(test->arena, "%s-1", row->id).ptr;
    if (more->type[0] == '=')
        row->nested = more->type + 1;
    row->status = next_word(test->arena, line, &at);
    Str rest = str_copy(test->arena, str_trim(str_slice(line, at, line.len)));
    if (str_starts(rest, STR("@")))
        more->detailed = rest.ptr + 1;
    else if (rest.len)
        row->reason = rest.ptr;
}

static void read_case(Case *test)
{
    Str text =
        read_all(test->arena, str_format(test->arena, CASES "/%s/events.txt", test->name.ptr).ptr);
    assert_true(text.len > 0);
    test->columns = 100;
    test->height = 24;
    for (size_t at = 0; at < text.len;) {
        size_t end = str_find(text, STR("\n"), at);
        end = end == SIZE_MAX ? text.len : end;
        Str line = str_copy(test->arena, str_slice(text, at, end));
        at = end + 1;
        if (str_starts(line, STR("#view")))
            read_view(test, line);
        else if (line.len && line.ptr[0] != '#')
            read_row(test, line);
    }
}

// ---- playing ----

static void sink_write(void *context, Str text)
{
    Sink *sink = context;
    if (sink->screen)
        screen_write(sink->screen, text);
    else
        buf_add(&sink->text, text);
}

static bool sink_size(void *context, size_t *columns, size_t *rows)
{
    Sink *sink = context;
    *columns = sink->columns;
    *rows = sink->rows;
    return true;
}

static int64_t sink_steady(void *context)
{
    return ((Sink *)context)->fake->now;
}

static void look(const Case *test, Sink *sink, int second)
{
    for (size_t i = 0; sink->screen && i < test->look_count; i++) {
        if (test->looks[i] / POLL_SECONDS * POLL_SECONDS != second)
            continue;
        buf_add_format(&sink->text, "---- second %d%s\n", second,
            sink->screen->hidden ? "" : ", the cursor is there");
        screen_dump(sink->screen, &sink->text);
    }
}

static Manifest *read_manifest(Case *test)
{
    const char *path = str_format(test->arena, CASES "/%s/manifest.json", test->name.ptr).ptr;
    Str text = read_all(test->arena, path);
    if (!text.len)
        return NULL;
    Str error = STR_NONE;
    Manifest *manifest = manifest_parse(test->arena, str_of(path), text, &error);
    assert_non_null(manifest);
    return manifest;
}

static void finish(Case *test, Feed *feed, Follower *follower, Show *show, const FollowStep *step)
{
    Diagnosis *diagnosis =
        diagnosis_new(test->arena, follower_events(follower), feed->manifest, STR("main"));
    diagnosis_tell(diagnosis, STR("main"), STR("eu-west-1"), show_listener(show));
    bool good = str_ends(step->status, STR("_COMPLETE")) &&
                str_find(step->status, STR("ROLLBACK"), 0) == SIZE_MAX;
    Notice result = {.kind = NOTICE_RESULT,
        .stack = STR("main"),
        .stack_name = STR("shop"),
        .status = notice_result(good ? RESULT_DONE : RESULT_ROLLED_BACK)};
    if (step->state == FOLLOW_ENDED)
        listener_notify(&feed->listener, &result);
    show_end(show);
}

// Follows the operation with one way of showing it; polls every two seconds.
static void play(Case *test, ShowKind kind, Sink *sink, Buf *chart_text)
{
    Feed *feed = ARENA_NEW(test->arena, Feed);
    feed->rows = test->rows;
    feed->more = test->more;
    feed->count = test->count;
    feed->described = "UPDATE_IN_PROGRESS";
    feed->manifest = read_manifest(test);
    feed_start(feed);
    sink->fake = &feed->fake;
    ShowOutput output = {sink, sink_write, sink_size, sink_steady, NULL};
    ShowStyle style = {0};
    Show *show = show_new(kind, &output, &style);
    feed->listener = show_listener(show);
    Follower *follower = feed_follow(feed, NULL, "2026-01-31T10:00:00.000Z");
    FollowStep step = {0};
    int last = test->rows[test->count - 1].second + 10;
    for (int second = 0; second <= last && step.state != FOLLOW_ENDED; second += POLL_SECONDS) {
        step = feed_poll(feed, follower);
        show_tick(show);
        look(test, sink, second);
        feed->fake.now += POLL_SECONDS * 1000;
    }
    finish(test, feed, follower, show, &step);
    if (sink->screen) {
        buf_add_text(&sink->text, "---- the end\n");
        screen_dump(sink->screen, &sink->text);
        assert_false(sink->screen->hidden);
    }
    if (chart_text) {
        ChartView view = {.width = test->columns};
        int64_t now = event_time(STR("2026-01-31T10:00:00Z")) + feed->fake.now;
        Chart *chart = chart_new(test->arena, follower_events(follower), now);
        chart_write(chart_text, chart, &view);
    }
    show_free(show);
    feed_end(feed, follower);
}

static void compare(const Case *test, const char *what, const Buf *text)
{
    const char *path = str_format(test->arena, CASES "/%s/expect.%s", test->name.ptr, what).ptr;
    if (getenv("UPDATE") && *getenv("UPDATE")) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        fwrite(text->ptr, 1, text->len, file);
        fclose(file);
        return;
    }
    Str expected = read_all(test->arena, path);
    assert_non_null(expected.ptr);
    if (!str_equal(expected, buf_str(text)))
        printf("%s:\n%.*s", path, STR_FMT(buf_str(text)));
    assert_true(str_equal(expected, buf_str(text)));
}

static void run_case(Arena *arena, const char *name)
{
    Case *test = ARENA_NEW(arena, Case);
    test->arena = arena;
    test->name = str_of(name);
    read_case(test);
    static const struct {
        ShowKind kind;
        const char *what;
    } KINDS[] = {{SHOW_LINES, "lines"}, {SHOW_JSON, "jsonl"}, {SHOW_VIEW, "view"}};
    Buf chart;
    buf_init(&chart, 0);
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        Sink sink = {.columns = test->columns, .rows = test->height};
        buf_init(&sink.text, 0);
        if (KINDS[i].kind == SHOW_VIEW) {
            sink.screen = ARENA_NEW(arena, Screen);
            sink.screen->columns = test->columns;
        }
        play(test, KINDS[i].kind, &sink, i == 0 ? &chart : NULL);
        compare(test, KINDS[i].what, &sink.text);
        buf_release(&sink.text);
    }
    compare(test, "chart", &chart);
    buf_release(&chart);
}

static void test_cases(void **state)
{
    (void)state;
    DIR *folder = opendir(CASES);
    assert_non_null(folder);
    size_t count = 0;
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        if (entry->d_name[0] == '.')
            continue;
        Arena *arena = arena_new();
        run_case(arena, str_format(arena, "%s", entry->d_name).ptr);
        arena_free(arena);
        count++;
    }
    closedir(folder);
    assert_true(count > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};
    return cmocka_run_group_tests_name("show: cases", tests, NULL, NULL);
}
