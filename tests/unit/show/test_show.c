#include "runtime/show/show.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/show/screen.h"

typedef struct Terminal {
    Screen screen;
    Buf raw;
    int64_t now;
    size_t columns;
    size_t rows;
    size_t writes;
} Terminal;

static void terminal_write(void *context, Str text)
{
    Terminal *terminal = context;
    terminal->writes++;
    buf_add(&terminal->raw, text);
    terminal->screen.columns = terminal->columns;
    screen_write(&terminal->screen, text);
}

static bool terminal_size(void *context, size_t *columns, size_t *rows)
{
    Terminal *terminal = context;
    *columns = terminal->columns;
    *rows = terminal->rows;
    return true;
}

static int64_t terminal_steady(void *context)
{
    return ((Terminal *)context)->now;
}

typedef struct Fixture {
    Arena *arena;
    Terminal *terminal;
    Show *show;
} Fixture;

static Fixture start(ShowKind kind, ShowStyle style)
{
    Fixture fixture = {.arena = arena_new()};
    fixture.terminal = ARENA_NEW(fixture.arena, Terminal);
    fixture.terminal->columns = 60;
    fixture.terminal->rows = 20;
    buf_init(&fixture.terminal->raw, 0);
    ShowOutput output = {fixture.terminal, terminal_write, terminal_size, terminal_steady, NULL};
    fixture.show = show_new(kind, &output, &style);
    return fixture;
}

static void end(Fixture *fixture)
{
    show_free(fixture->show);
    buf_release(&fixture->terminal->raw);
    arena_free(fixture->arena);
}

static void tell(Fixture *fixture, Notice notice)
{
    Listener listener = show_listener(fixture->show);
    listener_notify(&listener, &notice);
}

static void tell_resource(Fixture *fixture, const char *stack, const char *id, const char *status)
{
    tell(fixture, (Notice){.kind = NOTICE_RESOURCE,
                      .stack = str_of(stack),
                      .stack_name = str_of(stack),
                      .region = STR("eu-west-1"),
                      .logical_id = str_of(id),
                      .type = STR("AWS::SQS::Queue"),
                      .status = str_of(status)});
}

static void assert_screen(Fixture *fixture, const char *expected)
{
    Buf text;
    buf_init(&text, 0);
    screen_dump(&fixture->terminal->screen, &text);
    assert_string_equal(buf_str(&text).ptr, expected);
    buf_release(&text);
}

static void pass(Fixture *fixture, int64_t milliseconds)
{
    fixture->terminal->now += milliseconds;
    show_tick(fixture->show);
}

static void test_messages_stay_above_what_moves(void **state)
{
    (void)state;
    Fixture fixture = start(SHOW_VIEW, (ShowStyle){0});
    pass(&fixture, 1000);
    tell(&fixture, (Notice){.kind = NOTICE_STEP, .text = STR("making the change set")});
    tell_resource(&fixture, "shop", "Queue", "CREATE_IN_PROGRESS");
    pass(&fixture, 2000);
    tell(&fixture, (Notice){.kind = NOTICE_NOTE, .text = STR("somebody looks")});
    assert_screen(&fixture, "making the change set\nnote: somebody looks\n"
                            "shop (eu-west-1)    2 s\n"
                            "  [                      ] 0 of 1 done, 1 at work\n"
                            "  > Queue        creating       2 s\n");
    assert_true(fixture.terminal->screen.hidden);
    show_end(fixture.show);
    assert_false(fixture.terminal->screen.hidden);
    end(&fixture);
}

static void test_time_goes_on_without_news(void **state)
{
    (void)state;
    Fixture fixture = start(SHOW_VIEW, (ShowStyle){0});
    tell_resource(&fixture, "shop", "Queue", "CREATE_IN_PROGRESS");
    pass(&fixture, 61000);
    assert_screen(&fixture, "shop (eu-west-1)    1 min 01 s\n"
                            "  [                      ] 0 of 1 done, 1 at work\n"
                            "  > Queue        creating       1 min 01 s\n");
    size_t before = fixture.terminal->writes;
    pass(&fixture, 10);
    pass(&fixture, 10);
    assert_int_equal(fixture.terminal->writes, before);
    end(&fixture);
}

static void test_many_events_are_one_drawing(void **state)
{
    (void)state;
    Fixture fixture = start(SHOW_VIEW, (ShowStyle){0});
    pass(&fixture, 1000);
    for (int i = 0; i < 500; i++)
        tell_resource(
            &fixture, "shop", str_format(fixture.arena, "Queue%d", i).ptr, "CREATE_IN_PROGRESS");
    pass(&fixture, 200);
    assert_true(fixture.terminal->writes <= 3);
    end(&fixture);
}

static void test_only_what_differs_is_written(void **state)
{
    (void)state;
    Fixture fixture = start(SHOW_VIEW, (ShowStyle){0});
    pass(&fixture, 1000);
    tell_resource(&fixture, "shop", "First", "CREATE_IN_PROGRESS");
    tell_resource(&fixture, "shop", "First", "CREATE_COMPLETE");
    tell_resource(&fixture, "shop", "Second", "CREATE_IN_PROGRESS");
    pass(&fixture, 1000);
    buf_clear(&fixture.terminal->raw);
    pass(&fixture, 1000);
    Str written = buf_str(&fixture.terminal->raw);
    assert_int_equal(str_find(written, STR("First"), 0), SIZE_MAX);
    assert_int_not_equal(str_find(written, STR("Second"), 0), SIZE_MAX);
    end(&fixture);
}

static void test_several_stacks_share_the_screen(void **state)
{
    (void)state;
    Fixture fixture = start(SHOW_VIEW, (ShowStyle){0});
    fixture.terminal->rows = 17;
    for (int i = 0; i < 9; i++) {
        const char *id = str_format(fixture.arena, "Queue%d", i).ptr;
        tell_resource(&fixture, "shop", id, "CREATE_IN_PROGRESS");
        tell_resource(&fixture, "edge", id, "CREATE_IN_PROGRESS");
    }
    pass(&fixture, 1000);
    assert_screen(&fixture, "shop (eu-west-1)    1 s\n"
                            "  [                      ] 0 of 9 done, 9 at work\n"
                            "  > Queue0       creating       1 s\n"
                            "  > Queue1       creating       1 s\n"
                            "  > Queue2       creating       1 s\n"
                            "    and 6 more at work\n"
                            "edge (eu-west-1)    1 s\n"
                            "  [                      ] 0 of 9 done, 9 at work\n"
                            "  > Queue0       creating       1 s\n"
                            "  > Queue1       creating       1 s\n"
                            "  > Queue2       creating       1 s\n"
                            "    and 6 more at work\n");
    tell(&fixture, (Notice){.kind = NOTICE_RESULT,
                       .stack = STR("edge"),
                       .stack_name = STR("edge"),
                       .status = STR("done")});
    Buf text;
    buf_init(&text, 0);
    screen_dump(&fixture.terminal->screen, &text);
    assert_non_null(strstr(buf_str(&text).ptr, "edge: done\nshop (eu-west-1)"));
    assert_null(strstr(buf_str(&text).ptr, "edge (eu-west-1)"));
    buf_release(&text);
    end(&fixture);
}

static void test_a_question_has_the_terminal_for_itself(void **state)
{
    (void)state;
    Fixture fixture = start(SHOW_VIEW, (ShowStyle){0});
    tell_resource(&fixture, "shop", "Queue", "CREATE_IN_PROGRESS");
    pass(&fixture, 200);
    show_pause(fixture.show);
    assert_false(fixture.terminal->screen.hidden);
    assert_screen(&fixture, "");
    terminal_write(fixture.terminal, STR("really? yes\r\n"));
    pass(&fixture, 800);
    assert_screen(&fixture, "really? yes\nshop (eu-west-1)    1 s\n"
                            "  [                      ] 0 of 1 done, 1 at work\n"
                            "  > Queue        creating       1 s\n");
    end(&fixture);
}

static void test_uploads_have_a_bar(void **state)
{
    (void)state;
    Fixture fixture = start(SHOW_VIEW, (ShowStyle){0});
    fixture.terminal->columns = 70;
    Notice notice = {.kind = NOTICE_PROGRESS, .text = STR("code.zip"), .total = 20000000};
    tell(&fixture, notice);
    notice.done = 10000000;
    fixture.terminal->now = 2000;
    tell(&fixture, notice);
    assert_screen(&fixture, "[===========>          ] 10.0 MB of 20.0 MB, 5.0 MB/s  code.zip\n");
    notice.done = notice.total;
    fixture.terminal->now = 4000;
    tell(&fixture, notice);
    assert_screen(&fixture, "");
    end(&fixture);
}

static void test_a_narrow_terminal_is_enough(void **state)
{
    (void)state;
    Fixture fixture = start(SHOW_VIEW, (ShowStyle){0});
    tell_resource(&fixture, "shop", "Queue", "CREATE_IN_PROGRESS");
    pass(&fixture, 200);
    fixture.terminal->columns = 16;
    fixture.terminal->rows = 2;
    pass(&fixture, 1000);
    fixture.terminal->columns = 1;
    fixture.terminal->rows = 1;
    pass(&fixture, 1000);
    show_end(fixture.show);
    assert_false(fixture.terminal->screen.hidden);
    end(&fixture);
}

static void test_lines_tell_uploads_now_and_then(void **state)
{
    (void)state;
    Fixture fixture = start(SHOW_LINES, (ShowStyle){0});
    Notice notice = {.kind = NOTICE_PROGRESS, .text = STR("code.zip"), .total = 4000};
    for (int i = 1; i <= 40; i++) {
        notice.done = (uint64_t)i * 100;
        fixture.terminal->now += 500;
        tell(&fixture, notice);
    }
    assert_string_equal(fixture.terminal->raw.ptr, "   0:10  code.zip: 2.0 kB of 4.0 kB\n"
                                                   "   0:20  code.zip: 4.0 kB of 4.0 kB\n");
    end(&fixture);
}

static void test_quiet_leaves_what_matters(void **state)
{
    (void)state;
    Fixture fixture = start(SHOW_LINES, (ShowStyle){.quiet = true});
    tell(&fixture, (Notice){.kind = NOTICE_STEP, .text = STR("step")});
    tell_resource(&fixture, "shop", "Queue", "CREATE_IN_PROGRESS");
    tell(&fixture, (Notice){.kind = NOTICE_PROBLEM,
                       .text = STR("it broke"),
                       .hint = STR("mend it"),
                       .place = {STR("infra.alt"), 3, 4}});
    tell(&fixture,
        (Notice){.kind = NOTICE_OUTPUT, .logical_id = STR("Url"), .text = STR("https://a")});
    assert_string_equal(fixture.terminal->raw.ptr, "   0:00  error: it broke\n"
                                                   "         at infra.alt:3:4\n"
                                                   "         help: mend it\n"
                                                   "   0:00  Url = https://a\n");
    end(&fixture);
}

static void test_colours_are_for_terminals_that_want_them(void **state)
{
    (void)state;
    assert_true(show_wants_color(STR("auto"), true, STR_NONE, STR("xterm")));
    assert_false(show_wants_color(STR("auto"), false, STR_NONE, STR("xterm")));
    assert_false(show_wants_color(STR("auto"), true, STR("1"), STR("xterm")));
    assert_false(show_wants_color(STR("auto"), true, STR_NONE, STR("dumb")));
    assert_true(show_wants_color(STR("always"), false, STR("1"), STR("dumb")));
    assert_false(show_wants_color(STR("never"), true, STR_NONE, STR("xterm")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages_stay_above_what_moves),
        cmocka_unit_test(test_time_goes_on_without_news),
        cmocka_unit_test(test_many_events_are_one_drawing),
        cmocka_unit_test(test_only_what_differs_is_written),
        cmocka_unit_test(test_several_stacks_share_the_screen),
        cmocka_unit_test(test_a_question_has_the_terminal_for_itself),
        cmocka_unit_test(test_uploads_have_a_bar),
        cmocka_unit_test(test_a_narrow_terminal_is_enough),
        cmocka_unit_test(test_lines_tell_uploads_now_and_then),
        cmocka_unit_test(test_quiet_leaves_what_matters),
        cmocka_unit_test(test_colours_are_for_terminals_that_want_them),
    };
    return cmocka_run_group_tests_name("show", tests, NULL, NULL);
}
