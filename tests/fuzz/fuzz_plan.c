// Any two templates, parted by a zero byte, have a plan; of one with itself it is empty. The views
// are what they should be: JSON that can be read, text without controls.
#include <stdlib.h>

#include "compiler/data/data.h"
#include "runtime/plan/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const Datum *read_template(Arena *arena, Str text)
{
    DataContext context = {arena, sources_new(arena), diag_sink_new(arena)};
    FileId file = sources_add(context.sources, STR("template"), str_copy(arena, text));
    return str_starts(text, STR("{")) ? data_read_json(&context, file)
                                      : data_read_yaml(&context, file);
}

static void check_lines(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (((unsigned char)text.ptr[i] < ' ' && text.ptr[i] != '\n') || text.ptr[i] == 0x7F)
            abort();
}

static void check_views(Arena *arena, const Plan *plan)
{
    Buf out;
    buf_init(&out, 0);
    plan_write_text(&out, plan, &(PlanView){.all = true});
    check_lines(buf_str(&out));
    buf_clear(&out);
    plan_write_markdown(&out, plan);
    check_lines(buf_str(&out));
    buf_clear(&out);
    plan_write_json(&out, plan);
    if (!read_template(arena, buf_str(&out)))
        abort();
    buf_release(&out);
}

static void check_plan(Arena *arena, const Datum *before, const Datum *after)
{
    Plan plan = {0};
    VEC_ADD(arena, &plan.stacks, *plan_stack(arena, before, after, NULL, STR("main")));
    plan_judge(arena, &plan, NULL, NULL, 0);
    if (before == after && before && (plan_has_changes(&plan) || plan.obstacles.len))
        abort();
    check_views(arena, &plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new();
    Str text = {(const char *)data, size};
    size_t middle = 0;
    while (middle < size && data[middle])
        middle++;
    const Datum *before = read_template(arena, str_slice(text, 0, middle));
    const Datum *after = read_template(arena, str_slice(text, middle + 1, size));
    if (before || after)
        check_plan(arena, before, after);
    if (before)
        check_plan(arena, before, before);
    arena_free(arena);
    return 0;
}
