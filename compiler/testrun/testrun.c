// `test` blocks: each is a compilation of its stages with settings of its own, an empty
// environment and no AWS.
#include "compiler/driver/altc.h"
#include "compiler/driver/driver_priv.h"

typedef struct TestRun {
    Compilation *run;
    Arena *arena; // of the report
    TestReport *report;
    Str filter;
} TestRun;

static void fail(TestRun *tests, TestResult *result, Span span, Str text)
{
    DiagLabel failure = {.span = span, .text = str_copy(tests->arena, text)};
    VEC_ADD(tests->arena, &result->failures, failure);
    result->passed = false;
}

// ---- set ----

static const Expr *path_key(const Path *path)
{
    return path->kind == EXPR_INDEX ? path->index.index : NULL;
}

static Override override_of(TestRun *tests, const Module *module, const TestStep *step)
{
    Override override = {.value = step->value, .module = module};
    const Path *path = step->path;
    if (path->kind == EXPR_MEMBER) { // env.NAME
        override.env = path->member.name.text;
        return override;
    }
    const Expr *key = path_key(path);
    if (key && key->kind == EXPR_STRING && key->string.len == 1)
        override.key = key->string.items[0].text;
    const Expr *name = key ? path->index.object : path;
    if (name->kind == EXPR_NAME)
        override.symbol = tests->run->analysis->modules[module->index].expr_symbols[name->id];
    return override;
}

// ---- assert and refuse ----

static void judge_assert(
    TestRun *tests, TestResult *result, Evaluation *ev, const Module *module, const TestStep *step)
{
    DiagSink *sink = diag_sink_new(ev->arena);
    ev->diags = sink;
    Value *value = evaluation_expr(ev, module, step->value);
    bool is_true = (value->kind == VALUE_BOOL && value->boolean) || value_is_string(value, "true");
    if (is_true)
        return;
    Buf text;
    buf_init(&text, 0);
    Str source = source_slice(tests->run->sources, step->value->span);
    buf_add_format(&text, "'%.*s' is %.*s", STR_FMT(source), STR_FMT(value_show(ev->arena, value)));
    if (value->kind == VALUE_BOOL) {
        // The values of its parts, as a failed `require` shows them.
        Diag *diag = diag_add(sink, DIAG_REQUIRE_FAILED, step->value->span, STR(""), DIAG_END);
        evaluation_explain_parts(ev, module, step->value, diag);
        for (size_t i = 0; i < diag->notes.len; i++)
            buf_add_format(&text, "\n  %.*s", STR_FMT(diag->notes.items[i].text));
    } else {
        DiagList list = diag_sorted(sink);
        for (size_t i = 0; i < list.len; i++)
            buf_add_format(&text, "\n  %.*s", STR_FMT(diag_message(ev->arena, list.items[i])));
    }
    if (step->message) {
        Value *message = evaluation_expr(ev, module, step->message);
        if (message->kind == VALUE_STRING)
            buf_add_format(&text, "\n  %.*s", STR_FMT(message->text));
    }
    fail(tests, result, step->span, buf_str(&text));
    buf_release(&text);
}

static bool was_refused(Evaluation *ev, DiagSink *sink, Str wanted)
{
    DiagList list = diag_sorted(sink);
    for (size_t i = 0; i < list.len; i++) {
        const Diag *diag = list.items[i];
        Str message = diag_message(ev->arena, diag);
        if (diag->severity == SEVERITY_ERROR && str_find(message, wanted, 0) != SIZE_MAX)
            return true;
    }
    return false;
}

static void judge_refuse(TestRun *tests, TestResult *result, Evaluation *ev, const Module *module,
    const TestStep *step, DiagSink *sink)
{
    ev->diags = diag_sink_new(ev->arena);
    Value *wanted = evaluation_expr(ev, module, step->value);
    if (wanted->kind != VALUE_STRING || was_refused(ev, sink, wanted->text))
        return;
    Buf text;
    buf_init(&text, 0);
    buf_add_format(&text, "nothing was refused with '%.*s'", STR_FMT(wanted->text));
    DiagList list = diag_sorted(sink);
    for (size_t i = 0; i < list.len; i++)
        if (list.items[i]->severity == SEVERITY_ERROR)
            buf_add_format(
                &text, "\n  found: %.*s", STR_FMT(diag_message(ev->arena, list.items[i])));
    fail(tests, result, step->span, buf_str(&text));
    buf_release(&text);
}

static void report_errors(TestRun *tests, TestResult *result, DiagSink *sink)
{
    Arena *scratch = arena_new();
    DiagList list = diag_sorted(sink);
    for (size_t i = 0; i < list.len; i++)
        if (list.items[i]->severity == SEVERITY_ERROR)
            fail(tests, result, list.items[i]->span, diag_message(scratch, list.items[i]));
    arena_free(scratch);
}

// ---- one test on one stage ----

static void look_at_templates(StageResult *stage)
{
    Evaluation *ev = stage->evaluation;
    ev->template_value = value_of_datum(ev->arena, stage->model->stacks.items[0]->template_);
    ev->templates_value = value_map(ev->arena, NULL);
    for (size_t i = 0; i < stage->model->stacks.len; i++)
        value_put(ev->arena, ev->templates_value, stage->model->stacks.items[i]->id, NULL,
            value_of_datum(ev->arena, stage->model->stacks.items[i]->template_));
    ev->tasks_value = value_map(ev->arena, NULL);
    for (size_t i = 0; i < stage->model->tasks.len; i++)
        value_put(ev->arena, ev->tasks_value, stage->model->tasks.items[i].id, NULL,
            value_of_datum(ev->arena, stage->model->tasks.items[i].properties));
}

static bool has_refusal(const Decl *test)
{
    for (size_t i = 0; i < test->steps.len; i++)
        if (test->steps.items[i].kind == STEP_REFUSE)
            return true;
    return false;
}

static void run_test_on(TestRun *tests, const Module *module, const Decl *test, const StageDef *def)
{
    TestResult result = {
        .name = test->name.text, .stage = def->name, .passed = true, .span = test->name.span};
    VEC(Override) overrides = {0};
    Arena *scratch = arena_new();
    for (size_t i = 0; i < test->steps.len; i++)
        if (test->steps.items[i].kind == STEP_SET) {
            Override override = override_of(tests, module, &test->steps.items[i]);
            VEC_ADD(scratch, &overrides, override);
        }
    EvalOptions options = {
        .empty_environment = true,
        .overrides = overrides.items,
        .override_count = overrides.len,
    };
    DiagSink *sink = diag_sink_new(scratch);
    collect_claims(tests->run, &options, sink);
    StageResult stage = compile_stage(tests->run, def, def->name, &options, sink);
    look_at_templates(&stage);
    for (size_t i = 0; i < test->steps.len; i++) {
        const TestStep *step = &test->steps.items[i];
        if (step->kind == STEP_ASSERT)
            judge_assert(tests, &result, stage.evaluation, module, step);
        else if (step->kind == STEP_REFUSE)
            judge_refuse(tests, &result, stage.evaluation, module, step, sink);
    }
    // Who looks at a name only asks for that name; who looks at the template wants all of it.
    if (stage.evaluation->template_asked && !has_refusal(test))
        report_errors(tests, &result, sink);
    arena_free(stage.arena);
    arena_free(scratch);
    VEC_ADD(tests->arena, &tests->report->results, result);
    *(result.passed ? &tests->report->passed : &tests->report->failed) += 1;
}

// ---- all of them ----

static void run_test(TestRun *tests, const Module *module, const Decl *test)
{
    if (tests->filter.len && str_find(test->name.text, tests->filter, 0) == SIZE_MAX)
        return;
    for (size_t i = 0; i < tests->run->analysis->stages.len; i++) {
        const StageDef *def = &tests->run->analysis->stages.items[i];
        bool wanted = test->has_on ? stage_in(&test->on, def->name) : i == 0;
        if (wanted && !def->is_pattern && !def->retired.len)
            run_test_on(tests, module, test, def);
    }
}

const TestReport *run_tests(
    Session *session, const CompileOptions *options, Str filter, Compilation **run)
{
    CompileOptions own = *options;
    own.settings = NULL;
    own.setting_count = 0;
    own.values_file = STR_NONE;
    *run = compilation_open(session, &own);
    TestRun tests = {.run = *run, .arena = session->arena, .filter = filter};
    tests.report = ARENA_NEW(session->arena, TestReport);
    if (!compilation_ok(*run))
        return tests.report;
    for (size_t m = 0; m < (*run)->program->modules.len; m++) {
        const Module *module = (*run)->program->modules.items[m];
        const Scope *scope = (*run)->analysis->modules[module->index].scope;
        for (size_t i = 0; i < scope->tests.len; i++)
            run_test(&tests, module, scope->tests.items[i]);
    }
    return tests.report;
}
