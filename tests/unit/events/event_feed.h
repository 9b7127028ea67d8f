// A small CloudFormation for tests of the follower: rows of events that become visible by and by,
// given out newest first in pages, and faults for single calls.
#ifndef ALTC_TESTS_EVENT_FEED_H
#define ALTC_TESTS_EVENT_FEED_H

#include <stdlib.h>
#include <string.h>

#include "compiler/base/buf.h"
#include "runtime/events/follow.h"
#include "tests/support/fake_world.h"

#define FEED_ARN "arn:aws:cloudformation:eu-west-1:123456789012:stack/"
#define STACK_TYPE "AWS::CloudFormation::Stack"

typedef struct FeedRow {
    int poll;   // from which it is visible
    int second; // its time
    const char *stack;
    const char *id; // logical id; that of the stack itself: a stack event
    const char *status;
    const char *reason; // or NULL
    const char *token;  // or NULL
    const char *nested; // name of the nested stack that it is about, or NULL
} FeedRow;

// What most rows do without.
typedef struct FeedMore {
    const char *type; // NULL: a queue
    const char *physical_id;
    const char *detailed; // DetailedStatus
} FeedMore;

typedef struct FeedFault {
    const char *when; // a part of the request
    int poll;         // 0: in any
    int status;       // 0: no answer
    const char *code;
    const char *message;
} FeedFault;

typedef struct Feed {
    const FeedRow *rows;  // oldest first
    const FeedMore *more; // as many, or NULL
    size_t count;
    size_t page; // events on one; 0: all
    const FeedFault *faults;
    size_t fault_count;
    const char *described; // StackStatus that DescribeStacks gives
    const char *updated;
    bool same_token;
    int poll;
    int event_calls;
    int describe_calls;
    Buf told;          // "SECOND ID STATUS" lines
    Listener listener; // instead
    const Manifest *manifest;
    FakeWorld fake;
    World world;
    AwsClient client;
    Arena *arena;
} Feed;

static Str feed_field(Arena *arena, Str body, const char *name)
{
    Str label = str_format(arena, "%s=", name);
    size_t at = str_find(body, label, 0);
    if (at == SIZE_MAX)
        return STR_NONE;
    size_t end = str_find(body, STR("&"), at);
    return str_slice(body, at + label.len, end == SIZE_MAX ? body.len : end);
}

static bool feed_is_of(Arena *arena, const FeedRow *row, Str stack)
{
    Str coded = str_format(arena, "stack%%2F%s%%2F", row->stack);
    return str_is(stack, row->stack) || str_find(stack, coded, 0) != SIZE_MAX;
}

static void feed_add(Buf *xml, const char *name, const char *text)
{
    if (!text)
        return;
    buf_add_format(xml, "<%s>", name);
    for (; *text; text++) {
        if (*text == '<' || *text == '&')
            buf_add_format(xml, "&#%d;", *text);
        else
            buf_add_char(xml, *text);
    }
    buf_add_format(xml, "</%s>", name);
}

static void feed_write(Buf *xml, const Feed *feed, size_t index)
{
    const FeedRow *row = &feed->rows[index];
    FeedMore more = feed->more ? feed->more[index] : (FeedMore){0};
    bool of_stack = strcmp(row->stack, row->id) == 0;
    const char *named = of_stack ? row->stack : row->nested;
    const char *type = more.type ? more.type : "AWS::SQS::Queue";
    buf_add_format(xml,
        "<member><EventId>e%zu</EventId><StackId>" FEED_ARN "%s/1</StackId>"
        "<Timestamp>2026-01-31T10:%02d:%02d.000Z</Timestamp>",
        index, row->stack, row->second / 60, row->second % 60);
    feed_add(xml, "StackName", row->stack);
    feed_add(xml, "LogicalResourceId", row->id);
    feed_add(xml, "ResourceType", named ? STACK_TYPE : type);
    feed_add(xml, "ResourceStatus", row->status);
    if (named)
        buf_add_format(xml, "<PhysicalResourceId>" FEED_ARN "%s/1</PhysicalResourceId>", named);
    else
        feed_add(xml, "PhysicalResourceId", more.physical_id);
    feed_add(xml, "ResourceStatusReason", row->reason);
    feed_add(xml, "DetailedStatus", more.detailed);
    feed_add(xml, "ClientRequestToken", row->token);
    buf_add_text(xml, "</member>");
}

static void feed_write_page(Feed *feed, Arena *arena, Buf *xml, Str body)
{
    Str stack = feed_field(arena, body, "StackName");
    Str token = feed_field(arena, body, "NextToken");
    size_t skip = token.len ? (size_t)strtoul(token.ptr, NULL, 10) : 0;
    size_t seen = 0;
    size_t given = 0;
    bool more = false;
    buf_add_text(xml, "<DescribeStackEventsResponse><DescribeStackEventsResult><StackEvents>");
    for (size_t i = feed->count; i-- > 0;) {
        const FeedRow *row = &feed->rows[i];
        if (row->poll > feed->poll || !feed_is_of(arena, row, stack) || seen++ < skip)
            continue;
        more = feed->page && given == feed->page;
        if (more)
            break;
        feed_write(xml, feed, i);
        given++;
    }
    buf_add_text(xml, "</StackEvents>");
    if (more)
        buf_add_format(
            xml, "<NextToken>%zu</NextToken>", feed->same_token ? feed->page : skip + given);
    buf_add_text(xml, "</DescribeStackEventsResult></DescribeStackEventsResponse>");
}

static HttpResponse feed_send(void *context, Arena *arena, const HttpRequest *request)
{
    Feed *feed = context;
    Str body = request->body;
    bool events = str_find(body, STR("Action=DescribeStackEvents"), 0) != SIZE_MAX;
    feed->event_calls += events;
    feed->describe_calls += !events;
    Buf xml;
    buf_init(&xml, 0);
    HttpResponse response = {.failure = HTTP_ANSWERED, .status = 200};
    const FeedFault *fault = NULL;
    for (size_t i = 0; i < feed->fault_count && !fault; i++)
        if ((!feed->faults[i].poll || feed->faults[i].poll == feed->poll) &&
            str_find(body, str_of(feed->faults[i].when), 0) != SIZE_MAX)
            fault = &feed->faults[i];
    if (fault && !fault->status)
        response.failure = HTTP_TIMEOUT;
    else if (fault) {
        response.status = fault->status;
        buf_add_format(&xml,
            "<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>",
            fault->code, fault->message ? fault->message : "no");
    } else if (events) {
        feed_write_page(feed, arena, &xml, body);
    } else {
        buf_add_format(&xml,
            "<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackId>" FEED_ARN
            "shop/1</StackId>"
            "<StackName>shop</StackName><StackStatus>%s</StackStatus>",
            feed->described ? feed->described : "UPDATE_IN_PROGRESS");
        if (feed->updated)
            buf_add_format(&xml, "<LastUpdatedTime>%s</LastUpdatedTime>", feed->updated);
        buf_add_text(&xml, "</member></Stacks></DescribeStacksResult></DescribeStacksResponse>");
    }
    response.body = buf_copy(&xml, arena);
    buf_release(&xml);
    return response;
}

static bool feed_keys(void *context, Arena *arena, bool renew, AwsKeys *keys, Str *error)
{
    (void)context;
    (void)arena;
    (void)renew;
    (void)error;
    *keys = (AwsKeys){.key = {STR("AKID"), STR("secret")}};
    return true;
}

static void feed_hear(void *context, const Notice *notice)
{
    Feed *feed = context;
    if (notice->kind == NOTICE_WARNING) {
        buf_add_format(
            &feed->told, "warning %.*s %.*s\n", STR_FMT(notice->stack_name), STR_FMT(notice->code));
        return;
    }
    buf_add_repeat(&feed->told, ' ', notice->depth * 2);
    buf_add_format(&feed->told, "%d %s%.*s %.*s\n", (int)(notice->time / 1000 % 3600),
        notice->kind == NOTICE_STACK ? "=" : "", STR_FMT(notice->logical_id),
        STR_FMT(notice->status));
}

static void feed_start(Feed *feed)
{
    feed->arena = arena_new();
    feed->world = fake_world(&feed->fake);
    buf_init(&feed->told, 0);
    Endpoint endpoint;
    Str error;
    EndpointOptions options = {0};
    endpoint_resolve(
        feed->arena, STR("cloudformation"), STR("eu-west-1"), &options, &endpoint, &error);
    aws_client_init(&feed->client, &feed->world,
        (HttpTransport){.context = feed, .send = feed_send}, (AwsKeySource){feed, feed_keys},
        STR("cloudformation"), STR("eu-west-1"), endpoint);
    feed->client.max_attempts = 1;
}

static Follower *feed_follow(Feed *feed, const char *token, const char *since)
{
    FollowTarget target = {.client = &feed->client,
        .stack = STR(FEED_ARN "shop/1"),
        .stack_id = STR("main"),
        .manifest = feed->manifest,
        .token = str_of(token),
        .since = str_of(since),
        .pace = pace_default()};
    Listener listener = feed->listener.notify ? feed->listener : (Listener){feed, feed_hear};
    return follower_new(&feed->world, &target, listener);
}

static FollowStep feed_poll(Feed *feed, Follower *follower)
{
    feed->poll++;
    return follower_poll(follower);
}

static void feed_end(Feed *feed, Follower *follower)
{
    follower_free(follower);
    buf_release(&feed->told);
    arena_free(feed->arena);
}

#endif
