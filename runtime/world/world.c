#include "runtime/world/world.h"

#include <stdarg.h>
#include <stdio.h>

enum { LOG_LINE = 1024 };

Str world_env(const World *world, const char *name)
{
    Str value = world->host->get_env(world->host->context, str_of(name));
    return value.len ? value : STR_NONE;
}

bool world_env_is_true(const World *world, Arena *arena, const char *name)
{
    Str value = str_lower(arena, world_env(world, name));
    return str_is(value, "true") || str_is(value, "1");
}

void world_log(const World *world, const char *format, ...)
{
    if (!world->log)
        return;
    char line[LOG_LINE];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (len < 0)
        return;
    size_t end = (size_t)len < sizeof line ? (size_t)len : LOG_LINE - 1;
    for (size_t i = 0; i < end; i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 127)
            line[i] = '?';
    world->log(world->context, (Str){line, end});
}

// Days since 1970 of a date of the Gregorian calendar. Years begin in March here, so that the
// leap day is the last of its year.
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    if (month <= 2)
        year--;
    int64_t era = year / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool read_digits(Str text, size_t at, size_t count, int64_t *number)
{
    *number = 0;
    if (at + count > text.len)
        return false;
    for (size_t i = at; i < at + count; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        *number = *number * 10 + (text.ptr[i] - '0');
    }
    return true;
}

// "Z", "UTC", "+01:00", "+0100" or nothing.
static bool read_offset(Str rest, int64_t *seconds)
{
    *seconds = 0;
    if (rest.len == 0 || str_is(rest, "Z") || str_is(rest, "UTC"))
        return true;
    int64_t hours;
    int64_t minutes;
    if ((rest.ptr[0] != '+' && rest.ptr[0] != '-') || !read_digits(rest, 1, 2, &hours))
        return false;
    size_t at = rest.len > 3 && rest.ptr[3] == ':' ? 4 : 3;
    if (!read_digits(rest, at, 2, &minutes) || rest.len != at + 2)
        return false;
    *seconds = (hours * 60 + minutes) * 60 * (rest.ptr[0] == '-' ? -1 : 1);
    return true;
}

bool world_parse_time(Str text, int64_t *seconds)
{
    int64_t year, month, day, hour, minute, second, offset;
    if (!read_digits(text, 0, 4, &year) || !read_digits(text, 5, 2, &month) ||
        !read_digits(text, 8, 2, &day) || !read_digits(text, 11, 2, &hour) ||
        !read_digits(text, 14, 2, &minute) || !read_digits(text, 17, 2, &second))
        return false;
    if (text.ptr[4] != '-' || text.ptr[7] != '-' || text.ptr[13] != ':' || text.ptr[16] != ':')
        return false;
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60)
        return false;
    size_t at = 19;
    if (at < text.len && text.ptr[at] == '.')
        for (at++; at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9'; at++)
            continue;
    if (!read_offset(str_slice(text, at, text.len), &offset))
        return false;
    *seconds = days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
    return true;
}

Str world_format_time(Arena *arena, int64_t seconds)
{
    int64_t days = seconds / 86400;
    int64_t rest = seconds % 86400;
    int64_t shifted = days + 719468;
    int64_t era = shifted / 146097;
    int64_t of_era = shifted % 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t index = (5 * of_year + 2) / 153;
    int64_t day = of_year - (153 * index + 2) / 5 + 1;
    int64_t month = index < 10 ? index + 3 : index - 9;
    year += era * 400 + (month <= 2 ? 1 : 0);
    return str_format(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)year, (int)month, (int)day,
        (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}
