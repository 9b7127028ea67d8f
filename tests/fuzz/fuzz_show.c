// Whatever stands in notices, none of the three ways of showing them lets it steer a terminal, and
// JSON lines are JSON. Lines of the input are notices, their fields are separated by 0x01.
#include <stdlib.h>
#include <string.h>

#include "compiler/base/utf8.h"
#include "compiler/data/data.h"
#include "runtime/show/show.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Sink {
    Buf text;
    int64_t now;
    size_t columns;
    size_t rows;
} Sink;

static void sink_write(void *context, Str text)
{
    buf_add(&((Sink *)context)->text, text);
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
    return ((Sink *)context)->now += 37;
}

// The length of a sequence of the view's own, or 0.
static size_t own_sequence(Str text, size_t at)
{
    static const char *const OWN[] = {"\x1b[?25l", "\x1b[?25h", "\x1b[K", "\x1b[J", "\x1b[0m",
        "\x1b[1m", "\x1b[2m", "\x1b[2m ", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[36m"};
    for (size_t i = 0; i < sizeof OWN / sizeof *OWN; i++)
        if (str_starts(str_slice(text, at, text.len), str_of(OWN[i])))
            return strlen(OWN[i]);
    size_t end = at + 2;
    if (end > text.len || text.ptr[at] != 0x1b || text.ptr[at + 1] != '[')
        return 0;
    while (end < text.len && text.ptr[end] >= '0' && text.ptr[end] <= '9')
        end++;
    return end < text.len && text.ptr[end] == 'A' ? end + 1 - at : 0;
}

static void check_harmless(Str text, bool view)
{
    for (size_t at = 0; at < text.len;) {
        size_t own = view ? own_sequence(text, at) : 0;
        uint32_t code = 0;
        size_t length = own ? own : utf8_decode(text, at, &code);
        bool allowed =
            own || code == '\n' || (view && code == '\r') ||
            (code >= 0x20 && (code < 0x7F || code > 0x9F) && (code < 0x2028 || code > 0x202E));
        if (length == 0 || !allowed)
            abort();
        at += length;
    }
}

static void check_json(Str text)
{
    Arena *arena = arena_new();
    for (size_t at = 0; at < text.len;) {
        size_t end = str_find(text, STR("\n"), at);
        if (end == SIZE_MAX)
            abort();
        DataContext context = {arena, sources_new(arena), diag_sink_new(arena)};
        Str line = str_copy(arena, str_slice(text, at, end));
        if (!data_read_json(&context, sources_add(context.sources, STR("line"), line)))
            abort();
        at = end + 1;
    }
    arena_free(arena);
}

static Str next_field(Str line, size_t *at)
{
    size_t end = *at;
    while (end < line.len && line.ptr[end] != 1)
        end++;
    Str field = str_slice(line, *at, end);
    *at = end < line.len ? end + 1 : line.len;
    return field;
}

static Notice read_notice(Str line)
{
    unsigned char head[4] = {0};
    memcpy(head, line.ptr, line.len < sizeof head ? line.len : sizeof head);
    size_t at = line.len < sizeof head ? line.len : sizeof head;
    Notice notice = {.kind = (NoticeKind)(head[0] % NOTICE_COUNT),
        .time = head[1] * 1000,
        .depth = head[2] % 4,
        .done = head[3],
        .total = head[2]};
    Str *const fields[] = {&notice.stack, &notice.stack_name, &notice.logical_id, &notice.status,
        &notice.reason, &notice.text, &notice.type, &notice.nested, &notice.region, &notice.hint,
        &notice.code, &notice.physical_id, &notice.place.file};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        *fields[i] = next_field(line, &at);
    return notice;
}

static void show_all(Str input, ShowKind kind, const uint8_t *bytes)
{
    Sink sink = {.columns = bytes[0], .rows = bytes[1] % 64};
    buf_init(&sink.text, 0);
    ShowOutput output = {&sink, sink_write, sink_size, sink_steady, NULL};
    ShowStyle style = {.color = bytes[2] & 1, .quiet = bytes[2] & 2};
    Show *show = show_new(kind, &output, &style);
    Listener listener = show_listener(show);
    for (size_t at = 0; at < input.len;) {
        size_t end = str_find(input, STR("\n"), at);
        end = end == SIZE_MAX ? input.len : end;
        Notice notice = read_notice(str_slice(input, at, end));
        listener_notify(&listener, &notice);
        if (notice.kind == NOTICE_STEP && notice.total % 5 == 0)
            show_pause(show);
        sink.columns = sink.columns * 5 % 251; // the terminal is resized
        show_tick(show);
        at = end + 1;
    }
    show_end(show);
    show_free(show);
    check_harmless(buf_str(&sink.text), kind == SHOW_VIEW || style.color);
    if (kind == SHOW_JSON)
        check_json(buf_str(&sink.text));
    buf_release(&sink.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 4 || size > 4096)
        return 0;
    Str input = {(const char *)data + 3, size - 3};
    show_all(input, SHOW_LINES, data);
    show_all(input, SHOW_JSON, data);
    show_all(input, SHOW_VIEW, data);
    return 0;
}
