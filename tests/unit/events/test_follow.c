#include "runtime/events/follow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/events/event_feed.h"

#define SINCE "2026-01-31T10:01:40.000Z" // second 100
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static FollowStep feed_poll_to_end(Feed *feed, Follower *follower, int most)
{
    FollowStep step = {0};
    for (int i = 0; i < most; i++) {
        step = feed_poll(feed, follower);
        if (step.state == FOLLOW_ENDED || step.state == FOLLOW_LOST)
            break;
    }
    return step;
}

// An update of one queue; what stood before it and what came after it.
static const FeedRow UPDATE[] = {
    {0, 40, "shop", "shop", "UPDATE_IN_PROGRESS", "User Initiated", "old", NULL},
    {0, 50, "shop", "Queue", "UPDATE_FAILED", "no", "old", NULL},
    {0, 60, "shop", "shop", "UPDATE_ROLLBACK_COMPLETE", NULL, "old", NULL},
    {1, 101, "shop", "shop", "UPDATE_IN_PROGRESS", "User Initiated", "t1", NULL},
    {1, 102, "shop", "Queue", "UPDATE_IN_PROGRESS", NULL, "t1", NULL},
    {2, 104, "shop", "Queue", "UPDATE_COMPLETE", NULL, "t1", NULL},
    {3, 105, "shop", "shop", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", NULL, "t1", NULL},
    {3, 106, "shop", "shop", "UPDATE_COMPLETE", NULL, "t1", NULL},
    {4, 107, "shop", "shop", "UPDATE_IN_PROGRESS", "User Initiated", "t2", NULL},
};

static void test_each_event_of_the_operation_is_told_once(void **state)
{
    (void)state;
    for (size_t page = 0; page <= 3; page++) {
        Feed feed = {.rows = UPDATE, .count = COUNT(UPDATE), .page = page};
        feed_start(&feed);
        Follower *follower = feed_follow(&feed, "t1", SINCE);
        FollowStep step = feed_poll(&feed, follower);
        assert_int_equal(step.state, FOLLOW_RUNNING);
        assert_int_equal(step.news, 2);
        step = feed_poll_to_end(&feed, follower, 9);
        assert_int_equal(step.state, FOLLOW_ENDED);
        assert_string_equal(step.status.ptr, "UPDATE_COMPLETE");
        assert_string_equal(feed.told.ptr, "101 =shop UPDATE_IN_PROGRESS\n"
                                           "102 Queue UPDATE_IN_PROGRESS\n"
                                           "104 Queue UPDATE_COMPLETE\n"
                                           "105 =shop UPDATE_COMPLETE_CLEANUP_IN_PROGRESS\n"
                                           "106 =shop UPDATE_COMPLETE\n");
        assert_int_equal(feed.poll, 4);
        assert_int_equal(feed.describe_calls, 0);
        if (page == 0)
            assert_int_equal(feed.event_calls, 4);
        feed_end(&feed, follower);
    }
}

static void test_an_operation_of_another_is_not_taken_for_ours(void **state)
{
    (void)state;
    const FeedRow rows[] = {
        {1, 101, "shop", "shop", "UPDATE_IN_PROGRESS", NULL, "other", NULL},
        {1, 102, "shop", "shop", "UPDATE_COMPLETE", NULL, "other", NULL},
        {3, 103, "shop", "shop", "UPDATE_IN_PROGRESS", NULL, "t1", NULL},
    };
    Feed feed = {.rows = rows, .count = COUNT(rows)};
    feed_start(&feed);
    Follower *follower = feed_follow(&feed, "t1", SINCE);
    assert_int_equal(feed_poll(&feed, follower).state, FOLLOW_WAITING);
    assert_int_equal(feed_poll(&feed, follower).state, FOLLOW_WAITING);
    assert_int_equal(feed_poll(&feed, follower).state, FOLLOW_RUNNING);
    assert_string_equal(feed.told.ptr, "103 =shop UPDATE_IN_PROGRESS\n");
    feed_end(&feed, follower);
}

// The rollback has an operation id of its own, and a cancel has a token of its own.
static void test_a_rollback_belongs_to_what_it_undoes(void **state)
{
    (void)state;
    const FeedRow rows[] = {
        {1, 101, "shop", "shop", "UPDATE_IN_PROGRESS", NULL, "t1", NULL},
        {2, 102, "shop", "shop", "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated", "t2", NULL},
        {2, 103, "shop", "Queue", "UPDATE_COMPLETE", NULL, "t2", NULL},
        {2, 104, "shop", "shop", "UPDATE_ROLLBACK_COMPLETE", NULL, "t2", NULL},
    };
    Feed feed = {.rows = rows, .count = COUNT(rows)};
    feed_start(&feed);
    Follower *follower = feed_follow(&feed, "t1", SINCE);
    FollowStep step = feed_poll_to_end(&feed, follower, 9);
    assert_int_equal(step.state, FOLLOW_ENDED);
    assert_string_equal(step.status.ptr, "UPDATE_ROLLBACK_COMPLETE");
    assert_int_equal(follower_events(follower)->events.len, 4);
    feed_end(&feed, follower);
}

// A creation that is deleted when it fails: its failure is not its end.
static void test_a_failure_that_is_undone_is_not_the_end(void **state)
{
    (void)state;
    const FeedRow rows[] = {
        {1, 101, "shop", "shop", "CREATE_IN_PROGRESS", NULL, "t1", NULL},
        {2, 102, "shop", "shop", "CREATE_FAILED", NULL, "t1", NULL},
        {5, 103, "shop", "shop", "DELETE_IN_PROGRESS", NULL, "t1", NULL},
        {6, 104, "shop", "shop", "DELETE_COMPLETE", NULL, "t1", NULL},
    };
    Feed feed = {.rows = rows, .count = COUNT(rows), .described = "DELETE_IN_PROGRESS"};
    feed_start(&feed);
    Follower *follower = feed_follow(&feed, "t1", SINCE);
    FollowStep step = feed_poll_to_end(&feed, follower, 9);
    assert_int_equal(step.state, FOLLOW_ENDED);
    assert_string_equal(step.status.ptr, "DELETE_COMPLETE");
    feed_end(&feed, follower);
}

static void test_disorder_same_times_and_what_is_missing(void **state)
{
    (void)state;
    const FeedRow rows[] = {
        {1, 101, "shop", "shop", "CREATE_IN_PROGRESS", NULL, "t1", NULL},
        {2, 102, "shop", "Late", "CREATE_IN_PROGRESS", NULL, "t1", NULL},
        {1, 103, "shop", "B", "CREATE_IN_PROGRESS", NULL, NULL, NULL},
        {1, 103, "shop", "A", "CREATE_IN_PROGRESS", NULL, "t1", NULL},
        {1, 102, "shop", "C", "SOMETHING_NEW", NULL, "t1", NULL},
    };
    Feed feed = {.rows = rows, .count = COUNT(rows), .page = 2};
    feed_start(&feed);
    Follower *follower = feed_follow(&feed, "t1", SINCE);
    feed_poll(&feed, follower);
    feed_poll(&feed, follower);
    assert_string_equal(feed.told.ptr, "101 =shop CREATE_IN_PROGRESS\n102 C SOMETHING_NEW\n"
                                       "103 B CREATE_IN_PROGRESS\n103 A CREATE_IN_PROGRESS\n"
                                       "102 Late CREATE_IN_PROGRESS\n");
    const EventStream *events = follower_events(follower);
    assert_string_equal(events->events.items[2]->cfn.logical_id.ptr, "Late");
    feed_end(&feed, follower);
}

static void test_nested_stacks_are_read_from_their_own_start(void **state)
{
    (void)state;
    const FeedRow rows[] = {
        {0, 50, "inner", "inner", "CREATE_IN_PROGRESS", NULL, "old", NULL},
        {0, 60, "inner", "inner", "CREATE_COMPLETE", NULL, "old", NULL},
        {1, 101, "shop", "shop", "UPDATE_IN_PROGRESS", NULL, "t1", NULL},
        {1, 102, "shop", "Net", "UPDATE_IN_PROGRESS", NULL, "t1", "inner"},
        {1, 103, "inner", "inner", "UPDATE_IN_PROGRESS", NULL, "x", NULL},
        {1, 104, "inner", "Deep", "CREATE_IN_PROGRESS", NULL, "x", NULL}, // no id yet
        {2, 105, "inner", "Deep", "CREATE_IN_PROGRESS", NULL, "x", "deepest"},
        {2, 106, "deepest", "deepest", "CREATE_IN_PROGRESS", NULL, "y", NULL},
        {2, 107, "deepest", "Queue", "CREATE_FAILED", "no", "y", NULL},
        {4, 108, "deepest", "deepest", "CREATE_FAILED", NULL, "y", NULL},
        {4, 109, "inner", "Deep", "CREATE_FAILED", NULL, "x", "deepest"},
        {4, 110, "inner", "inner", "UPDATE_FAILED", NULL, "x", NULL},
        {4, 111, "shop", "Net", "UPDATE_FAILED", NULL, "t1", "inner"},
        {4, 112, "shop", "shop", "UPDATE_ROLLBACK_IN_PROGRESS", NULL, "t1", NULL},
        {5, 113, "shop", "Net", "UPDATE_IN_PROGRESS", NULL, "t1", "inner"},
        {5, 114, "inner", "inner", "UPDATE_ROLLBACK_IN_PROGRESS", NULL, "x", NULL},
        {6, 115, "inner", "inner", "UPDATE_ROLLBACK_COMPLETE", NULL, "x", NULL},
        {6, 116, "shop", "Net", "UPDATE_COMPLETE", NULL, "t1", "inner"},
        {6, 117, "shop", "shop", "UPDATE_ROLLBACK_COMPLETE", NULL, "t1", NULL},
    };
    Feed feed = {.rows = rows, .count = COUNT(rows)};
    feed_start(&feed);
    Follower *follower = feed_follow(&feed, "t1", SINCE);
    FollowStep step = feed_poll_to_end(&feed, follower, 12);
    assert_int_equal(step.state, FOLLOW_ENDED);
    const EventStream *top = follower_events(follower);
    assert_int_equal(top->events.len, 7);
    assert_int_equal(top->children.len, 1);
    const EventStream *inner = top->children.items[0];
    assert_string_equal(inner->logical_id.ptr, "Net");
    assert_int_equal(inner->events.len, 7);
    assert_int_equal(inner->children.items[0]->events.len, 3);
    assert_int_equal(inner->children.items[0]->depth, 2);
    assert_non_null(strstr(feed.told.ptr, "\n    107 Queue CREATE_FAILED\n"));
    feed_end(&feed, follower);
}

static void test_throttling_is_no_news_and_slows_down(void **state)
{
    (void)state;
    const FeedFault faults[] = {{"DescribeStackEvents", 2, 400, "Throttling", "Rate exceeded"},
        {"DescribeStackEvents", 3, 503, "ServiceUnavailable", NULL},
        {"DescribeStackEvents", 4, 0, NULL, NULL},
        {"DescribeStackEvents", 6, 429, "TooManyRequestsException", NULL}}; // the last look
    Feed feed = {.rows = UPDATE, .count = COUNT(UPDATE), .faults = faults, .fault_count = 4};
    feed_start(&feed);
    Follower *follower = feed_follow(&feed, "t1", SINCE);
    assert_int_equal(feed_poll(&feed, follower).wait, 2000);
    FollowStep step = feed_poll(&feed, follower);
    assert_int_equal(step.state, FOLLOW_RUNNING);
    assert_int_equal(step.wait, 4000);
    assert_int_equal(feed_poll(&feed, follower).wait, 8000);
    step = feed_poll(&feed, follower);
    assert_int_equal(step.failures, 3);
    assert_int_equal(step.wait, 16000);
    assert_non_null(strstr(feed.told.ptr, "warning shop"));
    step = feed_poll(&feed, follower);
    assert_int_equal(step.failures, 0);
    assert_int_equal(step.news, 3);
    assert_int_equal(feed_poll(&feed, follower).state, FOLLOW_RUNNING);
    step = feed_poll(&feed, follower);
    assert_int_equal(step.state, FOLLOW_ENDED);
    assert_string_equal(step.status.ptr, "UPDATE_COMPLETE");
    feed_end(&feed, follower);
}

static void test_the_pace_follows_the_news(void **state)
{
    (void)state;
    Feed feed = {.rows = UPDATE, .count = 5};
    feed_start(&feed);
    Follower *follower = feed_follow(&feed, "t1", SINCE);
    const int64_t waits[] = {2000, 3000, 4500, 6750, 10000, 10000};
    for (size_t i = 0; i < COUNT(waits); i++)
        assert_int_equal(feed_poll(&feed, follower).wait, waits[i]);
    feed.fake.chance = 0xFFFFFFFF;
    int64_t wait = feed_poll(&feed, follower).wait;
    assert_true(wait > 10900 && wait <= 11000);
    feed.count = 6;
    feed.fake.chance = 0;
    assert_int_equal(feed_poll(&feed, follower).wait, 2000);
    feed_end(&feed, follower);
}

static void test_what_may_not_be_read_is_said_once(void **state)
{
    (void)state;
    const FeedRow rows[] = {
        {1, 101, "shop", "shop", "UPDATE_IN_PROGRESS", NULL, "t1", NULL},
        {1, 102, "shop", "Net", "UPDATE_IN_PROGRESS", NULL, "t1", "inner"},
        {2, 103, "shop", "Net", "UPDATE_COMPLETE", NULL, "t1", "inner"},
        {2, 104, "shop", "shop", "UPDATE_COMPLETE", NULL, "t1", NULL},
    };
    const FeedFault faults[] = {{"inner", 0, 403, "AccessDenied", NULL}};
    Feed feed = {.rows = rows, .count = COUNT(rows), .faults = faults, .fault_count = 1};
    feed_start(&feed);
    Follower *follower = feed_follow(&feed, "t1", SINCE);
    assert_int_equal(feed_poll_to_end(&feed, follower, 9).state, FOLLOW_ENDED);
    assert_string_equal(feed.told.ptr,
        "warning inner AccessDenied\n101 =shop UPDATE_IN_PROGRESS\n102 Net UPDATE_IN_PROGRESS\n"
        "103 Net UPDATE_COMPLETE\n104 =shop UPDATE_COMPLETE\n");
    feed_end(&feed, follower);
}

static void test_without_events_the_status_is_followed(void **state)
{
    (void)state;
    const FeedFault faults[] = {{"DescribeStackEvents", 0, 403, "AccessDenied", NULL}};
    Feed feed = {.faults = faults, .fault_count = 1, .described = "UPDATE_COMPLETE"};
    feed_start(&feed);
    Follower *follower = feed_follow(&feed, "t1", SINCE);
    // At first the status of before.
    feed.updated = "2026-01-31T09:00:00Z";
    for (int i = 0; i < 5; i++)
        assert_int_equal(feed_poll(&feed, follower).state, FOLLOW_WAITING);
    feed.described = "UPDATE_IN_PROGRESS";
    feed.updated = "2026-01-31T10:02:00Z";
    assert_int_equal(feed_poll(&feed, follower).state, FOLLOW_RUNNING);
    feed.described = "UPDATE_ROLLBACK_COMPLETE";
    FollowStep step = feed_poll_to_end(&feed, follower, 3);
    assert_int_equal(step.state, FOLLOW_ENDED);
    assert_string_equal(step.status.ptr, "UPDATE_ROLLBACK_COMPLETE");
    assert_int_equal(feed.event_calls, 1);
    feed_end(&feed, follower);
}

static void test_events_that_lag_behind_the_status(void **state)
{
    (void)state;
    Feed feed = {.rows = UPDATE, .count = 5, .described = "UPDATE_COMPLETE"};
    feed_start(&feed);
    feed.updated = "2026-01-31T10:01:41Z";
    Follower *follower = feed_follow(&feed, "t1", SINCE);
    for (int i = 0; i < 4; i++)
        assert_int_equal(feed_poll(&feed, follower).state, FOLLOW_RUNNING);
    assert_int_equal(feed.describe_calls, 1);
    feed.count = 8; // here they are
    FollowStep step = feed_poll_to_end(&feed, follower, 2);
    assert_int_equal(step.state, FOLLOW_ENDED);
    assert_int_equal(follower_events(follower)->events.len, 5);
    feed_end(&feed, follower);
}

static void test_a_stale_status_is_not_believed(void **state)
{
    (void)state;
    Feed feed = {.rows = UPDATE, .count = 3, .described = "UPDATE_ROLLBACK_COMPLETE"};
    feed_start(&feed);
    feed.updated = "2026-01-31T10:00:40Z";
    Follower *follower = feed_follow(&feed, "t1", SINCE);
    for (int i = 0; i < 20; i++)
        assert_int_equal(feed_poll(&feed, follower).state, FOLLOW_WAITING);
    feed.described = "REVIEW_IN_PROGRESS"; // a stack that is made: not even that is its end
    for (int i = 0; i < 20; i++)
        assert_int_equal(feed_poll(&feed, follower).state, FOLLOW_WAITING);
    feed_end(&feed, follower);
}

static void test_paging_ends_where_tokens_repeat(void **state)
{
    (void)state;
    Feed feed = {.rows = UPDATE, .count = 8, .page = 1, .same_token = true};
    feed_start(&feed);
    Follower *follower = feed_follow(&feed, "t1", SINCE);
    feed_poll(&feed, follower);
    assert_int_equal(feed.event_calls, 2);
    feed_end(&feed, follower);
}

static void test_a_broken_page_leaves_no_gap(void **state)
{
    (void)state;
    const FeedFault faults[] = {{"NextToken", 2, 400, "ValidationError", "bad token"}};
    Feed feed = {.rows = UPDATE, .count = 8, .page = 1, .faults = faults, .fault_count = 1};
    feed_start(&feed);
    Follower *follower = feed_follow(&feed, "t1", SINCE);
    feed_poll(&feed, follower);
    feed.poll = 2; // three more are there, of which it can read one
    follower_poll(follower);
    feed.poll = 3;
    assert_int_equal(feed_poll_to_end(&feed, follower, 5).state, FOLLOW_ENDED);
    assert_int_equal(follower_events(follower)->events.len, 5);
    feed_end(&feed, follower);
}

static void test_what_aws_refuses_twice_is_lost(void **state)
{
    (void)state;
    const FeedFault faults[] = {{"DescribeStackEvents", 0, 403, "InvalidClientTokenId", "who?"}};
    Feed feed = {.faults = faults, .fault_count = 1};
    feed_start(&feed);
    Follower *follower = feed_follow(&feed, "t1", SINCE);
    assert_int_equal(feed_poll(&feed, follower).state, FOLLOW_WAITING);
    FollowStep step = feed_poll(&feed, follower);
    assert_int_equal(step.state, FOLLOW_LOST);
    assert_string_equal(step.trouble.code.ptr, "InvalidClientTokenId");
    feed_end(&feed, follower);
}

static void test_a_stack_that_is_gone_ends_it(void **state)
{
    (void)state;
    const FeedFault faults[] = {
        {"DescribeStackEvents", 0, 400, "ValidationError", "Stack [shop] does not exist"},
        {"DescribeStacks", 0, 400, "ValidationError", "Stack with id shop does not exist"}};
    Feed feed = {.faults = faults, .fault_count = 2};
    feed_start(&feed);
    Follower *follower = feed_follow(&feed, "t1", SINCE);
    // Just after it was made AWS may not know it yet.
    assert_int_equal(feed_poll(&feed, follower).state, FOLLOW_WAITING);
    FollowStep step = feed_poll_to_end(&feed, follower, 9);
    assert_int_equal(step.state, FOLLOW_ENDED);
    assert_string_equal(step.status.ptr, "DELETE_COMPLETE");
    feed_end(&feed, follower);
}

static void test_the_newest_operation_can_be_attached_to(void **state)
{
    (void)state;
    Feed feed = {.rows = UPDATE, .count = 8, .page = 2};
    feed_start(&feed);
    Follower *follower = feed_follow(&feed, NULL, NULL);
    assert_int_equal(feed_poll(&feed, follower).news, 2);
    assert_int_equal(feed_poll_to_end(&feed, follower, 5).state, FOLLOW_ENDED);
    assert_int_equal(follower_events(follower)->events.len, 5);
    feed_end(&feed, follower);
    feed = (Feed){.rows = UPDATE, .count = 3}; // it is over already
    feed_start(&feed);
    follower = feed_follow(&feed, NULL, NULL);
    FollowStep step = feed_poll_to_end(&feed, follower, 5);
    assert_string_equal(step.status.ptr, "UPDATE_ROLLBACK_COMPLETE");
    assert_int_equal(follower_events(follower)->events.len, 3);
    feed_end(&feed, follower);
}

static void test_what_is_over_is_not_what_goes_on(void **state)
{
    (void)state;
    Feed feed = {.rows = UPDATE, .count = 3};
    feed_start(&feed);
    FollowTarget target = {.client = &feed.client,
        .stack = STR(FEED_ARN "shop/1"),
        .stack_id = STR("main"),
        .working = true,
        .pace = pace_default()};
    Follower *follower = follower_new(&feed.world, &target, (Listener){&feed, feed_hear});
    assert_int_equal(feed_poll(&feed, follower).state, FOLLOW_WAITING); // its events lag behind
    feed.count = 5;
    FollowStep step = feed_poll(&feed, follower);
    assert_int_equal(step.state, FOLLOW_RUNNING);
    assert_int_equal(step.news, 2);
    feed_end(&feed, follower);
    // Or it had ended before its events were asked for: the stack tells.
    feed = (Feed){.rows = UPDATE, .count = 8, .described = "UPDATE_COMPLETE", .poll = 3};
    feed_start(&feed);
    follower = follower_new(&feed.world, &target, (Listener){&feed, feed_hear});
    step = feed_poll_to_end(&feed, follower, 12);
    assert_int_equal(step.state, FOLLOW_ENDED);
    assert_int_equal(follower_events(follower)->events.len, 5);
    feed_end(&feed, follower);
}

static void test_a_thousand_events_in_one_poll(void **state)
{
    (void)state;
    enum { MANY = 1000 };
    FeedRow rows[MANY + 1];
    rows[0] = (FeedRow){1, 101, "shop", "shop", "CREATE_IN_PROGRESS", NULL, "t1", NULL};
    for (int i = 1; i <= MANY; i++)
        rows[i] = (FeedRow){1, 101 + i, "shop", "Queue", "CREATE_IN_PROGRESS", NULL, "t1", NULL};
    Feed feed = {.rows = rows, .count = MANY + 1, .page = 100};
    feed_start(&feed);
    Follower *follower = feed_follow(&feed, "t1", SINCE);
    assert_int_equal(feed_poll(&feed, follower).news, MANY + 1);
    assert_int_equal(feed.event_calls, 11);
    assert_int_equal(feed_poll(&feed, follower).news, 0);
    assert_int_equal(feed.event_calls, 12);
    // In one page, too, it is not what is known that costs: the reading ends where nothing is new.
    feed.page = 0;
    assert_int_equal(feed_poll(&feed, follower).news, 0);
    assert_int_equal(feed.event_calls, 13);
    feed_end(&feed, follower);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_event_of_the_operation_is_told_once),
        cmocka_unit_test(test_an_operation_of_another_is_not_taken_for_ours),
        cmocka_unit_test(test_a_rollback_belongs_to_what_it_undoes),
        cmocka_unit_test(test_a_failure_that_is_undone_is_not_the_end),
        cmocka_unit_test(test_disorder_same_times_and_what_is_missing),
        cmocka_unit_test(test_nested_stacks_are_read_from_their_own_start),
        cmocka_unit_test(test_throttling_is_no_news_and_slows_down),
        cmocka_unit_test(test_the_pace_follows_the_news),
        cmocka_unit_test(test_what_may_not_be_read_is_said_once),
        cmocka_unit_test(test_without_events_the_status_is_followed),
        cmocka_unit_test(test_events_that_lag_behind_the_status),
        cmocka_unit_test(test_a_stale_status_is_not_believed),
        cmocka_unit_test(test_paging_ends_where_tokens_repeat),
        cmocka_unit_test(test_a_broken_page_leaves_no_gap),
        cmocka_unit_test(test_what_aws_refuses_twice_is_lost),
        cmocka_unit_test(test_a_stack_that_is_gone_ends_it),
        cmocka_unit_test(test_the_newest_operation_can_be_attached_to),
        cmocka_unit_test(test_what_is_over_is_not_what_goes_on),
        cmocka_unit_test(test_a_thousand_events_in_one_poll),
    };
    return cmocka_run_group_tests_name("events: following", tests, NULL, NULL);
}
