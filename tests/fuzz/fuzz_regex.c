// Any pattern is refused or ends in bounded time on any text.
#include <stdlib.h>

#include "compiler/base/regex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Up to the first line break it is the pattern, up to the second the replacement, then the text.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Str input = {(const char *)data, size};
    size_t first = str_find(input, STR("\n"), 0);
    size_t second = first == SIZE_MAX ? SIZE_MAX : str_find(input, STR("\n"), first + 1);
    if (second == SIZE_MAX)
        return 0;
    Str pattern = str_slice(input, 0, first), text = str_slice(input, second + 1, size);
    RegexCache *cache = regex_cache_new();
    RegexError error = {STR_NONE, 0};
    const Regex *regex = regex_get(cache, pattern, &error);
    if (!regex && (!error.text.len || error.offset > pattern.len))
        abort();
    if (regex) {
        Arena *arena = arena_new();
        Str out;
        RegexResult found = regex_matches(regex, text);
        RegexResult replaced =
            regex_replace(regex, arena, text, str_slice(input, first + 1, second), &out);
        if (found == REGEX_NO_MATCH && replaced == REGEX_MATCH)
            abort();
        if (found == REGEX_MATCH && replaced == REGEX_NO_MATCH)
            abort();
        arena_free(arena);
    }
    regex_cache_free(cache);
    return 0;
}
