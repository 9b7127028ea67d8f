// The examples of a page: fenced blocks of alt, with what their values shall be.
#ifndef ALTC_TESTS_UNIT_EVAL_FUNCTIONS_PAGE_H
#define ALTC_TESTS_UNIT_EVAL_FUNCTIONS_PAGE_H

#include "compiler/base/buf.h"
#include "compiler/base/vec.h"

typedef struct ExampleFile {
    Str name;
    Str text;
} ExampleFile;

typedef struct ExampleResult {
    Str name;
    Str json;
    size_t line;
} ExampleResult;

typedef struct Example {
    size_t line; // of the page
    Str program; // the block, and behind it a resource with the values in its Metadata
    VEC(ExampleFile) files;
    VEC(ExampleResult) results;
} Example;

typedef VEC(Example) Examples;

// `// file name: text`
static inline void take_file(Arena *arena, Example *example, Str line)
{
    Str start = STR("// file ");
    size_t colon = str_find(line, STR(": "), 0);
    if (!str_starts(line, start) || colon == SIZE_MAX)
        return;
    ExampleFile file = {str_copy(arena, str_slice(line, start.len, colon)),
        str_copy(arena, str_slice(line, colon + 2, line.len))};
    VEC_ADD(arena, &example->files, file);
}

// `let name = … // => json`
static inline void take_result(Arena *arena, Example *example, Str line, size_t number)
{
    Str start = STR("let ");
    size_t name_end = str_find(line, STR(" ="), 0), arrow = str_find(line, STR("// => "), 0);
    if (!str_starts(line, start) || arrow == SIZE_MAX)
        return;
    ExampleResult result = {.name = str_copy(arena, str_slice(line, start.len, name_end)),
        .json = str_copy(arena, str_slice(line, arrow + 6, line.len)),
        .line = number};
    VEC_ADD(arena, &example->results, result);
}

static inline void finish_example(Arena *arena, Example *example, Buf *program)
{
    for (size_t i = 0; i < example->results.len; i++)
        buf_add_format(program, "%s%.*s: %.*s", i ? ", " : "@Metadata({ ",
            STR_FMT(example->results.items[i].name), STR_FMT(example->results.items[i].name));
    buf_add_text(program, example->results.len ? " })\n" : "");
    buf_add_text(program, "resource PageExample: AWS::SNS::Topic\n");
    example->program = buf_copy(program, arena);
    buf_clear(program);
}

static inline Examples page_examples(Arena *arena, Str page)
{
    Examples examples = {0};
    Example example = {0};
    Buf program;
    buf_init(&program, 0);
    bool inside = false;
    size_t number = 0;
    for (size_t at = 0; at < page.len;) {
        size_t end = str_find(page, STR("\n"), at);
        Str line = str_slice(page, at, end);
        at = end == SIZE_MAX ? page.len : end + 1;
        number++;
        if (inside && str_is(line, "```")) {
            finish_example(arena, &example, &program);
            VEC_ADD(arena, &examples, example);
            inside = false;
        } else if (inside) {
            buf_add(&program, line);
            buf_add_char(&program, '\n');
            take_file(arena, &example, line);
            take_result(arena, &example, line, number);
        } else if (str_is(line, "```alt")) {
            example = (Example){.line = number};
            inside = true;
        }
    }
    buf_release(&program);
    return examples;
}

#endif
