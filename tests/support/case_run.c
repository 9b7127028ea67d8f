#include "tests/support/case.h"

#include <jansson.h>

#include "compiler/cli/host.h"
#include "compiler/cli/print.h"
#include "compiler/data/data.h"
#include "compiler/emit/emit.h"
#include "compiler/report/report.h"

// What `args` and `env` ask for.
typedef struct Case {
    Arena *arena;
    CompileOptions options;
    VEC(NamedText) settings;
    CaseNames allowed;
    VEC(NamedText) env;
    ReportFormat report;
    bool wants_tests;
    Str test_filter;
    bool wants_stages;
    Str pointer; // of `why`
    bool wants_yaml;
    bool wants_manifest;
} Case;

// ---- reading the case ----

static bool next_line(Str text, size_t *at, Str *line)
{
    while (*at < text.len) {
        size_t end = str_find(text, STR("\n"), *at);
        if (end == SIZE_MAX)
            end = text.len;
        *line = str_trim(str_slice(text, *at, end));
        *at = end + 1;
        if (line->len && line->ptr[0] != '#')
            return true;
    }
    return false;
}

static NamedText split_setting(Arena *arena, Str text)
{
    size_t equals = str_find(text, STR("="), 0);
    return (NamedText){str_copy(arena, str_slice(text, 0, equals)),
        equals == SIZE_MAX ? STR("") : str_copy(arena, str_slice(text, equals + 1, text.len))};
}

static bool take_argument(Case *test, Str word, Str value)
{
    CompileOptions *options = &test->options;
    if (str_is(word, "file")) {
        options->file = value;
    } else if (str_is(word, "stage")) {
        options->choice = STAGES_NAMED;
        options->stage = value;
    } else if (str_is(word, "all")) {
        options->choice = STAGES_ALL;
    } else if (str_is(word, "check")) {
        options->choice = STAGES_ALL;
        options->check_only = true;
    } else if (str_is(word, "set")) {
        VEC_ADD(test->arena, &test->settings, split_setting(test->arena, value));
    } else if (str_is(word, "values")) {
        options->values_file = value;
    } else if (str_is(word, "allow")) {
        VEC_ADD(test->arena, &test->allowed, value);
    } else if (str_is(word, "report")) {
        test->report = report_format_of(value);
        return test->report != REPORT_NONE;
    } else if (str_is(word, "test")) {
        test->wants_tests = true;
        test->test_filter = value;
    } else if (str_is(word, "stages")) {
        test->wants_stages = true;
    } else if (str_is(word, "why")) {
        test->pointer = value;
    } else {
        return false;
    }
    return true;
}

static bool read_case(Case *test, Str *problem)
{
    Arena *arena = test->arena;
    test->options.file = STR("input.alt");
    Str args = case_read(arena, "args"), env = case_read(arena, "env"), line;
    for (size_t at = 0; next_line(args, &at, &line);) {
        size_t blank = str_find(line, STR(" "), 0);
        Str word = str_slice(line, 0, blank);
        Str value = blank == SIZE_MAX ? STR("") : str_trim(str_slice(line, blank, line.len));
        if (take_argument(test, str_copy(arena, word), str_copy(arena, value)))
            continue;
        *problem = str_format(arena, "args: cannot understand '%.*s'", STR_FMT(line));
        return false;
    }
    for (size_t at = 0; next_line(env, &at, &line);)
        VEC_ADD(arena, &test->env, split_setting(arena, line));
    test->options.settings = test->settings.items;
    test->options.setting_count = test->settings.len;
    test->options.allowed = test->allowed.items;
    test->options.allowed_count = test->allowed.len;
    CaseNames expected = {0};
    case_expected(arena, &expected);
    for (size_t i = 0; i < expected.len; i++) {
        test->wants_yaml |= str_ends(expected.items[i], STR(".yaml"));
        test->wants_manifest |= str_ends(expected.items[i], STR("manifest.json"));
    }
    return true;
}

// ---- the world of a case: real files, its own environment ----

static FileResult case_read_file(void *context, Arena *arena, Str path, size_t max)
{
    (void)context;
    return host_real()->read_file(NULL, arena, path, max);
}

static Str case_real_path(void *context, Arena *arena, Str path)
{
    (void)context;
    return host_real()->real_path(NULL, arena, path);
}

static Str case_get_env(void *context, Str name)
{
    const Case *test = context;
    for (size_t i = 0; i < test->env.len; i++) {
        if (str_equal(test->env.items[i].name, name))
            return test->env.items[i].value;
    }
    return STR_NONE;
}

static bool case_cancelled(void *context)
{
    (void)context;
    return false;
}

// ---- one run ----

typedef struct Run {
    Case *test;
    Session *session;
    Compilation *compiled;
    CaseOutputs outputs;
    Str problem;
} Run;

static void add_output(Run *run, Str name, Buf *text)
{
    CaseOutput output = {name, buf_copy(text, run->test->arena)};
    VEC_ADD(run->test->arena, &run->outputs, output);
    buf_release(text);
}

// The judge is a reader that has nothing to do with the writer.
static void judge_json(Run *run, Str name, Str text)
{
    json_error_t error;
    json_t *value = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, &error);
    if (!value)
        run->problem = str_format(run->test->arena, "%.*s is no JSON: %d:%d: %s", STR_FMT(name),
            error.line, error.column, error.text);
    json_decref(value);
}

static void judge_yaml(Run *run, Str name, const Datum *written, Str text)
{
    Arena *arena = run->test->arena;
    DataContext context = {arena, sources_new(arena), diag_sink_new(arena)};
    Datum *read = data_read_yaml(&context, sources_add(context.sources, name, text));
    if (!read || !datum_equal(read, written))
        run->problem = str_format(arena, "%.*s does not read back as the template", STR_FMT(name));
}

static void add_templates(Run *run, const StageModel *model, Str prefix)
{
    Arena *arena = run->test->arena;
    for (size_t i = 0; i < model->stacks.len; i++) {
        const Stack *stack = model->stacks.items[i];
        Str stem =
            i == 0 ? prefix : str_format(arena, "%.*s.%.*s", STR_FMT(prefix), STR_FMT(stack->id));
        Buf text;
        buf_init(&text, 0);
        emit_template(&text, stack, EMIT_JSON);
        Str name = str_format(arena, "%.*s.json", STR_FMT(stem));
        judge_json(run, name, buf_str(&text));
        add_output(run, name, &text);
        buf_init(&text, 0);
        emit_template(&text, stack, EMIT_YAML);
        name = str_format(arena, "%.*s.yaml", STR_FMT(stem));
        judge_yaml(run, name, stack->template_, buf_copy(&text, arena));
        if (run->test->wants_yaml)
            add_output(run, name, &text);
        else
            buf_release(&text);
    }
}

static void add_manifest(Run *run, const StageModel *model, Str prefix)
{
    Buf text;
    buf_init(&text, 0);
    emit_manifest(&text, model, NULL, compilation_sources(run->compiled));
    Str name = str_format(run->test->arena, "%.*s.manifest.json", STR_FMT(prefix));
    judge_json(run, name, buf_str(&text));
    if (run->test->wants_manifest)
        add_output(run, name, &text);
    else
        buf_release(&text);
}

static void add_stages_outputs(Run *run)
{
    const Case *test = run->test;
    for (size_t i = 0; i < compilation_stage_count(run->compiled); i++) {
        const StageModel *model = compilation_stage(run->compiled, i);
        Str prefix = STR("expect");
        if (test->options.choice == STAGES_ALL)
            prefix = str_format(test->arena, "expect.%.*s", STR_FMT(model->stage));
        add_templates(run, model, prefix);
        add_manifest(run, model, prefix);
    }
}

static void add_findings(Run *run)
{
    DiagSink *diags = compilation_diags(run->compiled);
    Sources *sources = compilation_sources(run->compiled);
    ReportOptions options = {.quiet = true};
    Buf text;
    buf_init(&text, 0);
    report_render(&text, REPORT_TEXT, &options, sources, diags);
    if (text.len)
        add_output(run, STR("expect.diag"), &text);
    else
        buf_release(&text);
    if (run->test->report == REPORT_NONE)
        return;
    buf_init(&text, 0);
    report_render(&text, run->test->report, &options, sources, diags);
    add_output(run, STR("expect.report"), &text);
}

static void add_test_report(Run *run, const TestReport *report)
{
    Buf text;
    buf_init(&text, 0);
    for (size_t i = 0; i < report->results.len; i++)
        test_add_result(
            &text, compilation_sources(run->compiled), &report->results.items[i], false);
    buf_add_format(&text, "%zu passed, %zu failed\n", report->passed, report->failed);
    add_output(run, STR("expect.test"), &text);
}

static void add_answers(Run *run)
{
    Case *test = run->test;
    Buf text;
    if (test->wants_stages) {
        buf_init(&text, 0);
        stages_add_text(test->arena, &text, compilation_matrix(run->compiled));
        add_output(run, STR("expect.stages"), &text);
    }
    if (!test->pointer.len || !compilation_stage_count(run->compiled))
        return;
    const StageModel *model = compilation_stage(run->compiled, 0);
    PointerTarget target =
        pointer_follow(test->arena, model->stacks.items[0]->template_, test->pointer);
    buf_init(&text, 0);
    if (!target.value || !why_add(test->arena, &text, run->compiled, test->pointer, &target, false))
        buf_add_text(&text, "nowhere\n");
    add_output(run, STR("expect.why"), &text);
}

static void add_exit(Run *run, const TestReport *report)
{
    Buf text;
    buf_init(&text, 0);
    bool failed = !compilation_ok(run->compiled) || (report && report->failed);
    buf_add_text(&text, failed ? "1\n" : "0\n");
    add_output(run, STR("expect.exit"), &text);
}

static void start_run(Run *run, const Host *host)
{
    Case *test = run->test;
    const TestReport *report = NULL;
    run->session = session_new(host);
    if (test->wants_tests)
        report = run_tests(run->session, &test->options, test->test_filter, &run->compiled);
    else
        run->compiled = compile(run->session, &test->options);
    add_answers(run);
    // An answer of `altc why` or `stages` stands for the template.
    bool asked = test->wants_tests || test->wants_stages || test->pointer.len;
    if (!asked && compilation_ok(run->compiled))
        add_stages_outputs(run);
    add_findings(run);
    if (report)
        add_test_report(run, report);
    add_exit(run, report);
}

static void end_run(Run *run)
{
    compilation_free(run->compiled);
    session_free(run->session);
}

static bool same_outputs(const CaseOutputs *a, const CaseOutputs *b)
{
    if (a->len != b->len)
        return false;
    for (size_t i = 0; i < a->len; i++) {
        if (!str_equal(a->items[i].name, b->items[i].name) ||
            !str_equal(a->items[i].text, b->items[i].text))
            return false;
    }
    return true;
}

bool case_run(Arena *arena, CaseOutputs *outputs, Str *problem)
{
    Case test = {.arena = arena};
    if (!read_case(&test, problem))
        return false;
    Host host = {&test, case_read_file, case_real_path, case_get_env, case_cancelled};
    // Both compilations are alive at once: nothing may be shared between them.
    Run first = {.test = &test}, second = {.test = &test};
    start_run(&first, &host);
    start_run(&second, &host);
    *outputs = first.outputs;
    *problem = first.problem;
    if (!problem->len && !same_outputs(&first.outputs, &second.outputs))
        *problem = STR("two runs gave different bytes");
    end_run(&first);
    end_run(&second);
    return !problem->len;
}
