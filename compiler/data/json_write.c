#include "compiler/data/data.h"

static bool needs_escape(char c)
{
    return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

// The letter behind the backslash for characters that have a short escape, else 0.
static char short_escape(char c)
{
    switch (c) {
    case '"':
    case '\\':
        return c;
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 0;
    }
}

void data_write_json_text(Buf *out, Str text)
{
    size_t plain = 0; // start of what needs no escape
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!needs_escape(c))
            continue;
        char letter = short_escape(c);
        buf_add(out, str_slice(text, plain, i));
        plain = i + 1;
        if (letter) {
            buf_add_char(out, '\\');
            buf_add_char(out, letter);
        } else {
            buf_add_format(out, "\\u%04x", (unsigned)(unsigned char)c);
        }
    }
    buf_add(out, str_slice(text, plain, text.len));
}

void data_write_json_string(Buf *out, Str text)
{
    buf_add_char(out, '"');
    data_write_json_text(out, text);
    buf_add_char(out, '"');
}

// `depth` is that of the line that is about to start.
static void write_line_break(Buf *out, bool compact, size_t depth)
{
    if (compact)
        return;
    buf_add_char(out, '\n');
    buf_add_repeat(out, ' ', depth * 2);
}

static void write_value(Buf *out, const Datum *datum, bool compact, size_t depth);

static void write_list(Buf *out, const Datum *list, bool compact, size_t depth)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < list->items.len; i++) {
        if (i)
            buf_add_char(out, ',');
        write_line_break(out, compact, depth + 1);
        write_value(out, list->items.items[i], compact, depth + 1);
    }
    if (list->items.len)
        write_line_break(out, compact, depth);
    buf_add_char(out, ']');
}

static void write_map(Buf *out, const Datum *map, bool compact, size_t depth)
{
    buf_add_char(out, '{');
    for (size_t i = 0; i < map->entries.len; i++) {
        const DatumEntry *entry = &map->entries.items[i];
        if (i)
            buf_add_char(out, ',');
        write_line_break(out, compact, depth + 1);
        data_write_json_string(out, entry->key);
        buf_add_text(out, compact ? ":" : ": ");
        write_value(out, entry->value, compact, depth + 1);
    }
    if (map->entries.len)
        write_line_break(out, compact, depth);
    buf_add_char(out, '}');
}

static void write_value(Buf *out, const Datum *datum, bool compact, size_t depth)
{
    switch (datum->kind) {
    case DATUM_NULL:
    case DATUM_COUNT:
        buf_add_text(out, "null");
        break;
    case DATUM_BOOL:
        buf_add_text(out, datum->boolean ? "true" : "false");
        break;
    case DATUM_NUMBER:
        buf_add(out, datum->text);
        break;
    case DATUM_STRING:
        data_write_json_string(out, datum->text);
        break;
    case DATUM_LIST:
        write_list(out, datum, compact, depth);
        break;
    case DATUM_MAP:
        write_map(out, datum, compact, depth);
        break;
    }
}

void data_write_json(Buf *out, const Datum *datum)
{
    write_value(out, datum, false, 0);
    buf_add_char(out, '\n');
}

void data_write_json_compact(Buf *out, const Datum *datum)
{
    write_value(out, datum, true, 0);
}
