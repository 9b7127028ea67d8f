#include <string.h>

#include "compiler/base/utf8.h"
#include "compiler/syntax/parser_priv.h"

// ---- escapes ----

// `\u{hex}` at the backslash; gives its length and writes its bytes. What is wrong with it was
// reported by the lexer.
static size_t undo_code_point(Str raw, size_t at, char *out, size_t *written)
{
    size_t pos = at + 2;
    uint32_t code = 0;
    if (pos < raw.len && raw.ptr[pos] == '{')
        pos++;
    for (; pos < raw.len; pos++) {
        char c = raw.ptr[pos];
        char lower = (char)(c | 0x20);
        bool is_digit = c >= '0' && c <= '9';
        if (!is_digit && !(lower >= 'a' && lower <= 'f'))
            break;
        if (code <= UTF8_LAST_CODE)
            code = code * 16 + (uint32_t)(is_digit ? c - '0' : lower - 'a' + 10);
    }
    if (pos < raw.len && raw.ptr[pos] == '}')
        pos++;
    char bytes[UTF8_MAX_BYTES];
    *written = utf8_encode(code, bytes);
    memcpy(out, bytes, *written);
    return pos - at;
}

// `$${`, which is `${`.
static bool is_dollar_escape(Str raw, size_t at)
{
    return raw.len - at >= 3 && raw.ptr[at] == '$' && raw.ptr[at + 1] == '$' &&
           raw.ptr[at + 2] == '{';
}

// The text never grows.
static Str undo_escapes(Arena *arena, Str raw)
{
    char *out = arena_alloc(arena, raw.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < raw.len;) {
        char c = raw.ptr[i];
        if (is_dollar_escape(raw, i)) {
            out[len++] = '$';
            out[len++] = '{';
            i += 3;
        } else if (c != '\\' || i + 1 >= raw.len) {
            out[len++] = c;
            i++;
        } else if (raw.ptr[i + 1] == 'u') {
            size_t written;
            i += undo_code_point(raw, i, out + len, &written);
            len += written;
        } else {
            char next = raw.ptr[i + 1];
            out[len++] = next == 'n' ? '\n' : next == 't' ? '\t' : next == 'r' ? '\r' : next;
            i += 2;
        }
    }
    return (Str){out, len};
}

// ---- indentation ----

static size_t blank_run(Str text, size_t at)
{
    size_t end = at;
    while (end < text.len && (text.ptr[end] == ' ' || text.ptr[end] == '\t'))
        end++;
    return end - at;
}

// The length of a line break at `at`, 0 when there is none.
static size_t break_len(Str text, size_t at)
{
    if (at < text.len && text.ptr[at] == '\n')
        return 1;
    return text.len - at >= 2 && text.ptr[at] == '\r' && text.ptr[at + 1] == '\n' ? 2 : 0;
}

typedef struct Indent {
    Str common; // blanks that every line begins with
    bool known; // a line has been seen
} Indent;

static void add_indent(Indent *indent, Str blanks)
{
    if (!indent->known) {
        *indent = (Indent){blanks, true};
        return;
    }
    size_t same = 0;
    while (same < indent->common.len && same < blanks.len &&
           indent->common.ptr[same] == blanks.ptr[same])
        same++;
    indent->common.len = same;
}

// The line that begins at `at`. One of blanks alone does not count, but for that of the closing
// quotes; behind a part stands an expression, so its last line is not blank.
static void measure_line(Indent *indent, Str text, size_t at)
{
    size_t run = blank_run(text, at);
    if (!break_len(text, at + run))
        add_indent(indent, str_slice(text, at, at + run));
}

// `begins`: the part begins at the start of a line.
static void measure_part(Indent *indent, Str text, bool begins)
{
    if (begins)
        measure_line(indent, text, 0);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\n')
            measure_line(indent, text, i + 1);
}

// How many blanks to leave out at the start of a line.
static size_t cut_len(Str text, size_t at, size_t common, bool is_last)
{
    size_t run = blank_run(text, at);
    if (is_last && at + run == text.len)
        return run;
    return run < common ? run : common;
}

static Str undo_part(Arena *arena, Str raw, size_t common, bool begins, bool is_last, bool dollars)
{
    char *out = arena_alloc(arena, raw.len + 1);
    size_t len = 0;
    size_t i = begins ? cut_len(raw, 0, common, is_last) : 0;
    while (i < raw.len) {
        size_t line_break = break_len(raw, i);
        if (line_break) {
            out[len++] = '\n';
            i += line_break;
            i += cut_len(raw, i, common, is_last);
        } else if (dollars && is_dollar_escape(raw, i)) {
            out[len++] = '$';
            out[len++] = '{';
            i += 3;
        } else {
            out[len++] = raw.ptr[i++];
        }
    }
    return (Str){out, len};
}

static void undo_text(Arena *arena, Quote quote, StringPart *parts, size_t count)
{
    if (!count || parts[0].expr)
        return;
    Str *first = &parts[0].text;
    size_t blanks = blank_run(*first, 0);
    size_t line_break = break_len(*first, blanks);
    // Text on the line of the quotes was reported.
    bool begins = line_break != 0;
    if (begins)
        *first = str_slice(*first, blanks + line_break, first->len);
    Indent indent = {0};
    for (size_t i = 0; i < count; i++)
        if (!parts[i].expr)
            measure_part(&indent, parts[i].text, i == 0 && begins);
    for (size_t i = 0; i < count; i++)
        if (!parts[i].expr)
            parts[i].text = undo_part(arena, parts[i].text, indent.common.len, i == 0 && begins,
                i + 1 == count, quote == QUOTE_TEXT);
}

void string_undo(Arena *arena, Quote quote, StringPart *parts, size_t count)
{
    if (quote == QUOTE_TEXT || quote == QUOTE_RAW) {
        undo_text(arena, quote, parts, count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        Str raw = parts[i].text;
        bool plain =
            !raw.len || (!memchr(raw.ptr, '\\', raw.len) && !memchr(raw.ptr, '$', raw.len));
        if (!parts[i].expr && !plain && quote == QUOTE_DOUBLE)
            parts[i].text = undo_escapes(arena, raw);
    }
}
