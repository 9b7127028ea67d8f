// Any bytes are read as JSON; what is read is written and reads back as the same.
#include <stdint.h>
#include <stdlib.h>

#include "compiler/data/data.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new();
    DataContext context = {arena, sources_new(arena), diag_sink_new(arena)};
    Str text = str_copy(arena, (Str){(const char *)data, size});
    Datum *first = data_read_json(&context, sources_add(context.sources, STR("a"), text));
    if (!first && diag_error_count(context.diags) == 0)
        abort();
    if (first) {
        Buf out;
        buf_init(&out, 0);
        data_write_json(&out, first);
        Str written = buf_copy(&out, arena);
        buf_release(&out);
        Datum *second = data_read_json(&context, sources_add(context.sources, STR("b"), written));
        if (!second || !datum_equal(first, second))
            abort();
    }
    arena_free(arena);
    return 0;
}
