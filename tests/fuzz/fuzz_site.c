// What a bucket says a site holds, and the patterns of a program: neither may crash or hang. What
// was read is written, read again and found the same.
#include <stdlib.h>
#include <string.h>

#include "runtime/assets/glob.h"
#include "runtime/assets/site_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 16 * 1024)
        return 0;
    Arena *arena = arena_new();
    Str text = str_copy(arena, (Str){(const char *)data, size});
    size_t newline = str_find(text, STR("\n"), 0);
    if (newline != SIZE_MAX)
        glob_match(str_slice(text, 0, newline), str_slice(text, newline + 1, text.len));
    SiteState state;
    SiteState again;
    site_parse_state(arena, text, &state);
    Str written = site_write_state(arena, &state);
    site_parse_state(arena, written, &again);
    if (state.records.len != again.records.len ||
        !str_equal(written, site_write_state(arena, &again)))
        abort();
    arena_free(arena);
    return 0;
}
