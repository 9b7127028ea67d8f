// JSON lines: spec/events.md.
#include "compiler/base/utf8.h"
#include "runtime/show/show_priv.h"

// Only what a terminal, too, may be given: control characters beyond those that JSON forbids are
// escaped, bytes that are no UTF-8 become U+FFFD.
static void add_string(Buf *out, Str text)
{
    buf_add_char(out, '"');
    for (size_t at = 0; at < text.len;) {
        uint32_t code = 0xFFFD;
        size_t length = utf8_decode(text, at, &code);
        bool turns = (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
                     (code >= 0x2060 && code <= 0x206F);
        if (length == 0)
            buf_add_text(out, "\xEF\xBF\xBD");
        else if (code == '"' || code == '\\')
            buf_add_format(out, "\\%c", (char)code);
        else if (code == '\n')
            buf_add_text(out, "\\n");
        else if (code < 0x20 || (code >= 0x7F && code <= 0x9F) || turns)
            buf_add_format(out, "\\u%04x", (unsigned)code);
        else
            buf_add(out, str_slice(text, at, at + length));
        at += length ? length : 1;
    }
    buf_add_char(out, '"');
}

static void add_text(Buf *out, const char *name, Str value)
{
    if (!value.len)
        return;
    buf_add_format(out, ",\"%s\":", name);
    add_string(out, value);
}

static void add_number(Buf *out, const char *name, uint64_t value)
{
    buf_add_format(out, ",\"%s\":%llu", name, (unsigned long long)value);
}

static void add_place(Buf *out, const NoticePlace *place)
{
    if (!place->file.len)
        return;
    buf_add_text(out, ",\"place\":{\"file\":");
    add_string(out, place->file);
    add_number(out, "line", place->line);
    add_number(out, "column", place->column);
    if (place->instance.len) {
        buf_add_text(out, ",\"instance\":");
        add_string(out, place->instance);
    }
    buf_add_char(out, '}');
}

void show_json_notify(Show *show, const Notice *notice)
{
    static const char *const KINDS[NOTICE_COUNT] = {[NOTICE_STEP] = "step",
        [NOTICE_NOTE] = "note",
        [NOTICE_WARNING] = "warning",
        [NOTICE_PROBLEM] = "problem",
        [NOTICE_PROGRESS] = "progress",
        [NOTICE_STACK] = "stack",
        [NOTICE_RESOURCE] = "resource",
        [NOTICE_OUTPUT] = "output",
        [NOTICE_RESULT] = "result"};
    Buf *out = &show->out;
    bool is_event = notice->kind == NOTICE_RESOURCE || notice->kind == NOTICE_STACK;
    buf_add_format(out, "{\"event\":\"%s\",\"elapsed\":%lld", KINDS[notice->kind],
        (long long)show_elapsed_at(show, is_event ? notice->time : 0));
    if (notice->time)
        add_number(out, "time", (uint64_t)notice->time);
    add_text(out, "stack", notice->stack);
    add_text(out, "stackName", notice->stack_name);
    add_text(out, "region", notice->region);
    bool is_output = notice->kind == NOTICE_OUTPUT;
    add_text(out, is_output ? "key" : "logicalId", notice->logical_id);
    add_text(out, "physicalId", notice->physical_id);
    add_text(out, "nestedStack", notice->nested);
    add_text(out, "type", notice->type);
    add_text(out, notice->kind == NOTICE_RESULT ? "result" : "status", notice->status);
    add_text(out, "reason", notice->reason);
    add_text(out, is_output ? "value" : "text", notice->text);
    add_text(out, "hint", notice->hint);
    add_text(out, "code", notice->code);
    add_place(out, &notice->place);
    if (notice->depth)
        add_number(out, "depth", notice->depth);
    if (notice->kind == NOTICE_PROGRESS)
        add_number(out, "done", notice->done);
    if (notice->total)
        add_number(out, "total", notice->total);
    buf_add_text(out, "}\n");
    if (!is_event)
        show_flush(show);
}
