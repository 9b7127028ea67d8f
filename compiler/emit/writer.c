#include "compiler/emit/writer.h"

#include "compiler/data/data.h"

static void line_break(Writer *writer)
{
    buf_add_char(writer->out, '\n');
    buf_add_repeat(writer->out, ' ', 2 * writer->depth);
}

void writer_open(Writer *writer, char bracket)
{
    buf_add_char(writer->out, bracket);
    writer->depth++;
    writer->has_entries = false;
}

void writer_close(Writer *writer, char bracket)
{
    writer->depth--;
    if (writer->has_entries)
        line_break(writer);
    buf_add_char(writer->out, bracket);
    writer->has_entries = true;
}

void writer_item(Writer *writer)
{
    if (writer->has_entries)
        buf_add_char(writer->out, ',');
    line_break(writer);
    writer->has_entries = true;
}

void writer_key_text(Writer *writer, Str key)
{
    writer_item(writer);
    data_write_json_string(writer->out, key);
    buf_add_text(writer->out, ": ");
}

void writer_key(Writer *writer, const char *key)
{
    writer_key_text(writer, str_of(key));
}

void writer_text(Writer *writer, const char *key, Str value)
{
    writer_key(writer, key);
    data_write_json_string(writer->out, value);
}

void writer_bool(Writer *writer, const char *key, bool value)
{
    writer_key(writer, key);
    buf_add_text(writer->out, value ? "true" : "false");
}

void writer_texts(Writer *writer, const char *key, const Str *values, size_t count)
{
    writer_key(writer, key);
    buf_add_char(writer->out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_add_text(writer->out, ", ");
        data_write_json_string(writer->out, values[i]);
    }
    buf_add_char(writer->out, ']');
}

void writer_place(Writer *writer, Sources *sources, Span span)
{
    writer_key(writer, "at");
    if (!span.file) {
        buf_add_text(writer->out, "null");
        return;
    }
    Position position = source_position(sources, span.file, span.start);
    buf_add_text(writer->out, "{\"file\": ");
    data_write_json_string(writer->out, source_name(sources, span.file));
    buf_add_format(writer->out, ", \"line\": %u, \"column\": %u}", (unsigned)position.line,
        (unsigned)position.column);
}
