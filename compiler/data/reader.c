#include "compiler/data/data_priv.h"

#include "compiler/base/utf8.h"

// Up to here a walk over the entries is quicker than a table.
enum { KEYS_WALKED_MAX = 12 };

size_t data_reader_init(DataReader *reader, const DataContext *context, FileId file)
{
    static const Str mark = {"\xEF\xBB\xBF", 3};
    reader->context = context;
    reader->file = file;
    reader->text = source_text(context->sources, file);
    size_t invalid = utf8_find_invalid(reader->text);
    if (invalid != SIZE_MAX) {
        Str byte = str_format(
            context->arena, "0x%02X", (unsigned)(unsigned char)reader->text.ptr[invalid]);
        data_error(
            reader, DIAG_DATA_NOT_UTF8, data_span(reader, invalid, invalid + 1), byte, STR_NONE);
    }
    return str_starts(reader->text, mark) ? mark.len : 0;
}

void data_reader_end(DataReader *reader)
{
    arena_free(reader->scratch);
}

Span data_span(const DataReader *reader, size_t start, size_t end)
{
    return (Span){reader->file, (uint32_t)start, (uint32_t)end};
}

const Origin *data_origin(const DataReader *reader, size_t start, size_t end)
{
    if (reader->placeless)
        return NULL;
    Origin *origin = ARENA_NEW(reader->context->arena, Origin);
    origin->span = data_span(reader, start, end);
    return origin;
}

Diag *data_error(DataReader *reader, DiagCode code, Span span, Str first, Str second)
{
    Str args[2] = {first, second};
    size_t count = second.ptr ? 2 : first.ptr ? 1 : 0;
    reader->failed = true;
    return diag_add_list(reader->context->diags, code, span, args, count);
}

const DatumEntry *key_index_find(const KeyIndex *index, const Datum *map, Str key)
{
    if (index->places.len) {
        size_t place = (size_t)(uintptr_t)map_find(&index->places, key);
        return place ? &map->entries.items[place - 1] : NULL;
    }
    for (size_t i = 0; i < map->entries.len; i++)
        if (str_equal(map->entries.items[i].key, key))
            return &map->entries.items[i];
    return NULL;
}

void key_index_put(KeyIndex *index, DataReader *reader, Datum *map, DatumEntry entry)
{
    VEC_ADD(reader->context->arena, &map->entries, entry);
    size_t count = map->entries.len;
    if (count <= KEYS_WALKED_MAX)
        return;
    if (!reader->scratch)
        reader->scratch = arena_new();
    // The first time all of them, then the new one.
    for (size_t i = index->places.len; i < count; i++)
        map_set(
            &index->places, reader->scratch, map->entries.items[i].key, (void *)(uintptr_t)(i + 1));
}

void data_report_duplicate(DataReader *reader, Str key, Span span, const DatumEntry *before)
{
    Diag *diag = data_error(reader, DIAG_DATA_DUPLICATE_KEY, span, key, STR_NONE);
    if (before->origin)
        diag_note(reader->context->diags, diag, before->origin->span, "first used here");
}
