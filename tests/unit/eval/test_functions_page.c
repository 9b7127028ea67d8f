// Runs the examples of spec/functions.md: each block is a program, and each line of it
// `let x = … // => json` is held against the JSON that x has in the template.
#include "compiler/driver/altc.h" // before CMocka, which has a macro run_tests

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "compiler/data/data.h"
#include "tests/unit/eval/functions_page.h"

static Str read_page(Arena *arena)
{
    FILE *file = fopen("spec/functions.md", "rb");
    assert_non_null(file);
    Buf text;
    buf_init(&text, 0);
    char chunk[4096];
    size_t count;
    while ((count = fread(chunk, 1, sizeof chunk, file)))
        buf_add(&text, (Str){chunk, count});
    fclose(file);
    Str page = buf_copy(&text, arena);
    buf_release(&text);
    return page;
}

// ---- the project of an example ----

static FileResult read_example_file(void *context, Arena *arena, Str path, size_t max)
{
    (void)arena;
    (void)max;
    const Example *example = context;
    for (size_t i = 0; i < example->files.len; i++)
        if (str_equal(example->files.items[i].name, path))
            return (FileResult){.status = FILE_OK, .text = example->files.items[i].text};
    return (FileResult){.status = FILE_MISSING, .error = STR("no such file")};
}

static Str no_path(void *context, Arena *arena, Str path)
{
    (void)context;
    (void)arena;
    (void)path;
    return STR_NONE;
}

static Str no_env(void *context, Str name)
{
    (void)context;
    (void)name;
    return STR_NONE;
}

static bool not_cancelled(void *context)
{
    (void)context;
    return false;
}

// ---- checking ----

static Datum *read_json(Arena *arena, Str text)
{
    DataContext context = {
        .arena = arena, .sources = sources_new(arena), .diags = diag_sink_new(arena)};
    return data_read_json(&context, sources_add(context.sources, STR("expected"), text));
}

static Str compact(Arena *arena, const Datum *datum)
{
    if (!datum)
        return STR("nothing");
    Buf buf;
    buf_init(&buf, 0);
    data_write_json_compact(&buf, datum);
    Str text = buf_copy(&buf, arena);
    buf_release(&buf);
    return text;
}

static size_t report(Arena *arena, Compilation *run, const Example *example)
{
    DiagList list = diag_sorted(compilation_diags(run));
    for (size_t i = 0; i < list.len; i++)
        print_error("line %zu: %.*s %.*s\n", example->line,
            STR_FMT(diag_code_text(arena, list.items[i]->code)),
            STR_FMT(diag_message(arena, list.items[i])));
    return list.len;
}

static size_t check_results(Arena *arena, const Compilation *run, const Example *example)
{
    const StageModel *model = compilation_stage(run, 0);
    const Datum *template = model->stacks.items[0]->template_;
    const Datum *resource = datum_get(datum_get(template, STR("Resources")), STR("PageExample"));
    const Datum *metadata = datum_get(resource, STR("Metadata"));
    size_t wrong = 0;
    for (size_t i = 0; i < example->results.len; i++) {
        const ExampleResult *result = &example->results.items[i];
        const Datum *expected = read_json(arena, result->json);
        const Datum *found = datum_get(metadata, result->name);
        if (expected && datum_equal(found, expected))
            continue;
        print_error("line %zu: '%.*s' gives %.*s\n", result->line, STR_FMT(result->name),
            STR_FMT(compact(arena, found)));
        wrong++;
    }
    return wrong;
}

static size_t check_example(Arena *arena, Example *example)
{
    Host host = {example, read_example_file, no_path, no_env, not_cancelled};
    Session *session = session_new(&host);
    CompileOptions options = {
        .file = STR("example.alt"), .has_text = true, .text = example->program};
    Compilation *run = compile(session, &options);
    size_t wrong = report(arena, run, example);
    if (!wrong && example->results.len)
        wrong = compilation_stage_count(run) ? check_results(arena, run, example) : 1;
    compilation_free(run);
    session_free(session);
    return wrong;
}

static void test_each_example_gives_what_it_says(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Examples examples = page_examples(arena, read_page(arena));
    assert_true(examples.len > 30);
    size_t wrong = 0;
    for (size_t i = 0; i < examples.len; i++)
        wrong += check_example(arena, &examples.items[i]);
    arena_free(arena);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_each_example_gives_what_it_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
