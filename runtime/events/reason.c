// What AWS says of a failure, taken apart.
#include "runtime/events/stream.h"

// The word behind a mark.
static Str word_behind(Str text, Str mark)
{
    size_t start = str_find(text, mark, 0);
    if (start == SIZE_MAX)
        return STR_NONE;
    start += mark.len;
    while (start < text.len && text.ptr[start] == ' ')
        start++;
    size_t end = start;
    while (end < text.len && !strchr(" ,;)", text.ptr[end]))
        end++;
    return str_slice(text, start, end);
}

Str reason_code(Str reason)
{
    Str code = word_behind(reason, STR("HandlerErrorCode:"));
    // This one says nothing; the service's own code may.
    if (code.len && !str_is(code, "GeneralServiceException"))
        return code;
    return word_behind(reason, STR("Error Code:"));
}

// Without the brackets of ids: "(Service: S3, Status Code: 409, Request ID: …)", "(RequestToken: …,
// HandlerErrorCode: AlreadyExists)".
static Str without_ids(Str text)
{
    static const char *const MARKS[] = {"(RequestToken:", "(Service:"};
    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++) {
        size_t at = str_find(text, str_of(MARKS[i]), 0);
        if (at != SIZE_MAX && at > 0)
            text = str_trim(str_slice(text, 0, at));
    }
    return text;
}

Str reason_plain(Str reason)
{
    Str text = without_ids(reason);
    Str wrapping = STR("Resource handler returned message: \"");
    if (!str_starts(text, wrapping))
        return text;
    text = str_slice(text, wrapping.len, text.len);
    return str_ends(text, STR("\"")) ? str_slice(text, 0, text.len - 1) : text;
}
