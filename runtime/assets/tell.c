#include <stdarg.h>
#include <stdio.h>

#include "compiler/base/utf8.h"
#include "runtime/assets/assets_priv.h"

enum { MAX_TEXT = 4096 };

static void notify(const Assets *assets, const Notice *notice)
{
    listener_notify(assets->setup->listener, notice);
}

void tell_step(const Assets *assets, const char *format, ...)
{
    char text[MAX_TEXT];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    notify(assets, &(Notice){.kind = NOTICE_STEP, .text = str_of(text)});
}

void tell_warning(const Assets *assets, NoticePlace place, const char *format, ...)
{
    char text[MAX_TEXT];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    notify(assets, &(Notice){.kind = NOTICE_WARNING, .text = str_of(text), .place = place});
}

void tell_line(const Assets *assets, Str line)
{
    notify(assets, &(Notice){.kind = NOTICE_NOTE, .text = line});
}

AssetsResult tell_problem(
    const Assets *assets, AssetsResult result, NoticePlace place, Str hint, const char *format, ...)
{
    char text[MAX_TEXT];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    notify(assets,
        &(Notice){.kind = NOTICE_PROBLEM, .text = str_of(text), .hint = hint, .place = place});
    return result;
}

AssetsResult tell_refused(
    const Assets *assets, NoticePlace place, const AwsReply *reply, const char *action, Str what)
{
    Str hint = STR("");
    if (str_is(reply->code, "AccessDenied") || (reply->status == 403 && !reply->code.len))
        hint = str_format(assets->arena, "the caller needs the permission %s", action);
    Str text = str_format(assets->arena, "cannot %.*s: %.*s%s%.*s", STR_FMT(what),
        STR_FMT(reply->code), reply->code.len ? ": " : "", STR_FMT(reply->message));
    if (reply->request_id.len)
        text = str_format(
            assets->arena, "%.*s (request %.*s)", STR_FMT(text), STR_FMT(reply->request_id));
    notify(assets, &(Notice){.kind = NOTICE_PROBLEM,
                       .text = text,
                       .hint = hint,
                       .code = reply->code,
                       .place = place});
    return aws_is_unauthenticated(reply) ? ASSETS_IDENTITY : ASSETS_REFUSED;
}

bool is_cancelled(const Assets *assets)
{
    const Host *host = assets->setup->world->host;
    return host->cancelled && host->cancelled(host->context);
}

// A file's name may be any bytes; what is told is UTF-8.
static Str readable(Arena *arena, Str name)
{
    char *text = arena_copy(arena, name.ptr, name.len);
    for (size_t at; (at = utf8_find_invalid((Str){text, name.len})) != SIZE_MAX;)
        text[at] = '?';
    return (Str){text, name.len};
}

AssetsResult tell_file(
    const Assets *assets, NoticePlace place, const char *what, const TreeProblem *problem)
{
    if (!problem->text.len)
        return ASSETS_CANCELLED;
    Str hint = problem->missing ? STR("build it first, or correct the path") : STR("");
    return tell_problem(assets, ASSETS_FILES, place, hint, "cannot %s '%.*s': %.*s", what,
        STR_FMT(readable(assets->arena, problem->path)), STR_FMT(problem->text));
}

Str size_text(Arena *arena, uint64_t bytes)
{
    if (bytes < 1000)
        return str_format(arena, "%llu bytes", (unsigned long long)bytes);
    double size = (double)bytes / 1000;
    const char *unit = "kB";
    if (size >= 1000) {
        size /= 1000;
        unit = "MB";
    }
    if (size >= 1000) {
        size /= 1000;
        unit = "GB";
    }
    return str_format(arena, "%.1f %s", size, unit);
}
