#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "compiler/data/data.h"
#include "runtime/manifest/read_priv.h"

void field_fail(FieldReader *reader, const char *format, ...)
{
    if (reader->error.len)
        return;
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    reader->error = str_format(reader->arena, "%.*s: %s", STR_FMT(reader->file), text);
}

const Datum *field_parse(FieldReader *reader, Str text, bool yaml)
{
    const Datum *datum = yaml ? NULL : data_parse_json(reader->arena, text);
    if (datum)
        return datum;
    // Once more, to tell where the mistake is.
    Sources *sources = sources_new(reader->arena);
    DiagSink *diags = diag_sink_new(reader->arena);
    DataContext context = {reader->arena, sources, diags};
    FileId file = sources_add(sources, reader->file, text);
    if (file)
        datum = yaml ? data_read_yaml(&context, file) : data_read_json(&context, file);
    if (datum)
        return datum;
    DiagList found = diag_sorted(diags);
    if (!found.len) {
        field_fail(reader, "it cannot be read");
        return NULL;
    }
    const Diag *first = found.items[0];
    Position at = source_position(sources, first->span.file, first->span.start);
    Str message = diag_message(reader->arena, first);
    field_fail(reader, "line %u: %.*s", at.line, STR_FMT(message));
    return NULL;
}

static const Datum *field_of(
    FieldReader *reader, const Datum *map, const char *key, DatumKind kind, const char *what)
{
    const Datum *value = datum_get(map, str_of(key));
    if (value && value->kind == kind)
        return value;
    field_fail(reader, "'%s' should be %s, found %s", key, what, value ? "something else" : "none");
    return NULL;
}

Str field_text(FieldReader *reader, const Datum *map, const char *key, bool optional)
{
    const Datum *value = datum_get(map, str_of(key));
    if (optional && (!value || value->kind == DATUM_NULL))
        return STR_NONE;
    value = field_of(reader, map, key, DATUM_STRING, "a text");
    return value ? value->text : STR_NONE;
}

bool field_bool(FieldReader *reader, const Datum *map, const char *key)
{
    const Datum *value = field_of(reader, map, key, DATUM_BOOL, "true or false");
    return value && value->boolean;
}

const Datum *field_list(FieldReader *reader, const Datum *map, const char *key)
{
    static const Datum NONE = {.kind = DATUM_LIST};
    const Datum *value = field_of(reader, map, key, DATUM_LIST, "a list");
    return value ? value : &NONE;
}

FieldTexts field_texts(FieldReader *reader, const Datum *map, const char *key)
{
    FieldTexts texts = {0};
    const Datum *list = field_list(reader, map, key);
    for (size_t i = 0; i < list->items.len; i++) {
        if (list->items.items[i]->kind != DATUM_STRING) {
            field_fail(reader, "'%s' should be a list of texts", key);
            break;
        }
        VEC_ADD(reader->arena, &texts, list->items.items[i]->text);
    }
    return texts;
}

static size_t count_of(const Datum *map, const char *key)
{
    const Datum *value = datum_get(map, str_of(key));
    return value && value->kind == DATUM_NUMBER ? (size_t)strtoul(value->text.ptr, NULL, 10) : 0;
}

NoticePlace field_place(FieldReader *reader, const Datum *map)
{
    const Datum *at = datum_get(map, STR("at"));
    if (!at || at->kind == DATUM_NULL)
        return (NoticePlace){0};
    return (NoticePlace){.file = field_text(reader, at, "file", false),
        .line = count_of(at, "line"),
        .column = count_of(at, "column")};
}
