// Any bytes are parsed: no crash, no endless loop, spans inside of the text.
#include "compiler/syntax/syntax.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_span(Span span, size_t size)
{
    if (span.start > span.end || span.end > size)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new();
    Sources *sources = sources_new(arena);
    DiagSink *diags = diag_sink_new(arena);
    Str text = str_copy(arena, (Str){(const char *)data, size});
    FileId file = sources_add(sources, STR("fuzz.alt"), text);
    const SyntaxTree *tree = syntax_parse(arena, sources, file, diags);
    for (size_t i = 0; i < tree->decls.len; i++)
        check_span(tree->decls.items[i]->span, size);
    DiagList list = diag_sorted(diags);
    for (size_t i = 0; i < list.len; i++)
        check_span(list.items[i]->span, size);
    arena_free(arena);
    return 0;
}
