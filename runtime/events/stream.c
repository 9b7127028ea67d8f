#include "runtime/events/stream.h"

int64_t event_time(Str text)
{
    enum { FRACTION = 19 }; // where it stands in "2026-01-31T10:00:00.123Z"
    int64_t seconds;
    if (!world_parse_time(text, &seconds))
        return 0;
    int64_t milliseconds = 0;
    if (text.len > FRACTION && text.ptr[FRACTION] == '.') {
        int64_t unit = 100;
        for (size_t i = FRACTION + 1; i < text.len && unit > 0; i++, unit /= 10) {
            if (text.ptr[i] < '0' || text.ptr[i] > '9')
                break;
            milliseconds += (text.ptr[i] - '0') * unit;
        }
    }
    return seconds * 1000 + milliseconds;
}

bool event_is_of_stack(const CfnEvent *event)
{
    return str_is(event->type, "AWS::CloudFormation::Stack") && event->physical_id.len > 0 &&
           str_equal(event->physical_id, event->stack_id);
}

Str event_nested_stack(const CfnEvent *event)
{
    bool nested = str_is(event->type, "AWS::CloudFormation::Stack") &&
                  str_starts(event->physical_id, STR("arn:")) &&
                  !str_equal(event->physical_id, event->stack_id);
    return nested ? event->physical_id : STR_NONE;
}

Str stack_name_of(Str stack)
{
    size_t start = str_find(stack, STR(":stack/"), 0);
    if (!str_starts(stack, STR("arn:")) || start == SIZE_MAX)
        return stack;
    start += sizeof ":stack/" - 1;
    size_t end = str_find(stack, STR("/"), start);
    return str_slice(stack, start, end == SIZE_MAX ? stack.len : end);
}

bool status_is_at_rest(Str status)
{
    return status.len > 0 &&
           (str_is(status, "REVIEW_IN_PROGRESS") || !str_ends(status, STR("_IN_PROGRESS")));
}

bool status_is_failure(Str status)
{
    return str_ends(status, STR("_FAILED"));
}

bool status_is_rollback(Str status)
{
    return str_find(status, STR("ROLLBACK_"), 0) != SIZE_MAX;
}

const StackEvent *stream_stack_event(const EventStream *stream)
{
    for (size_t i = stream->events.len; i-- > 0;)
        if (event_is_of_stack(&stream->events.items[i]->cfn))
            return stream->events.items[i];
    return NULL;
}
