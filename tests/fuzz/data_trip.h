// What fuzz_json.c and fuzz_yaml.c do with what they read.
#ifndef ALTC_FUZZ_DATA_TRIP_H
#define ALTC_FUZZ_DATA_TRIP_H

#include <stdlib.h>

#include "compiler/data/data.h"

typedef Datum *(*Reader)(const DataContext *context, FileId file);

static Datum *read_text(Arena *arena, Str text, Reader reader, bool may_fail)
{
    DataContext context = {arena, sources_new(arena), diag_sink_new(arena)};
    Datum *datum = reader(&context, sources_add(context.sources, STR("data"), text));
    if ((datum == NULL) != (diag_error_count(context.diags) > 0) || (!datum && !may_fail))
        abort();
    DiagList list = diag_sorted(context.diags);
    for (size_t i = 0; i < list.len; i++)
        if (list.items[i]->span.start > list.items[i]->span.end ||
            list.items[i]->span.end > text.len || !diag_message(arena, list.items[i]).len)
            abort();
    return datum;
}

static void check_round_trip(
    Arena *arena, const Datum *datum, void (*write)(Buf *out, const Datum *datum), Reader reader)
{
    Buf buf;
    buf_init(&buf, 0);
    write(&buf, datum);
    if (!datum_equal(read_text(arena, buf_copy(&buf, arena), reader, false), datum))
        abort();
    buf_release(&buf);
}

// Any bytes are either findings or data that come back from their own JSON and YAML.
static inline void check_data(const uint8_t *data, size_t size, Reader reader)
{
    Arena *arena = arena_new();
    Str text = str_copy(arena, (Str){(const char *)data, size});
    const Datum *datum = read_text(arena, text, reader, true);
    if (datum) {
        check_round_trip(arena, datum, data_write_json, data_read_json);
        check_round_trip(arena, datum, data_write_json_compact, data_read_json);
        check_round_trip(arena, datum, data_write_yaml, data_read_yaml);
    }
    arena_free(arena);
}

#endif
