#include <unistd.h>

#include "compiler/cli/cli.h"
#include "compiler/cli/findings.h"
#include "compiler/cli/host.h"
#include "compiler/cli/owner.h"
#include "compiler/cli/output.h"
#include "compiler/cli/print.h"
#include "compiler/cli/program.h"
#include "compiler/cli/watch.h"

typedef struct Totals {
    size_t passed;
    size_t failed;
} Totals;

static void add_place(Buf *out, Sources *sources, Span span)
{
    if (!span.file)
        return;
    Position at = source_position(sources, span.file, span.start);
    buf_add_format(
        out, "%.*s:%u:%u: ", STR_FMT(source_name(sources, span.file)), at.line, at.column);
}

void test_add_result(Buf *out, Sources *sources, const TestResult *result, bool color)
{
    const char *tint = result->passed ? "\033[32m" : "\033[1;31m";
    buf_add_format(out, "%s%s%s %.*s", color ? tint : "", result->passed ? "pass" : "FAIL",
        color ? "\033[0m" : "", STR_FMT(result->name));
    if (result->stage.len)
        buf_add_format(out, " [%.*s]", STR_FMT(result->stage));
    buf_add_char(out, '\n');
    for (size_t i = 0; i < result->failures.len; i++) {
        const DiagLabel *failure = &result->failures.items[i];
        buf_add_text(out, "    ");
        add_place(out, sources, failure->span);
        // Values of parts stand on lines of their own.
        for (size_t j = 0; j < failure->text.len; j++) {
            buf_add_char(out, failure->text.ptr[j]);
            if (failure->text.ptr[j] == '\n')
                buf_add_text(out, "    ");
        }
        buf_add_char(out, '\n');
    }
}

static int test_file(Cli *cli, Arena *arena, Session *session, Str file, StrList *inputs,
    Findings *findings, Buf *out, Totals *totals)
{
    CompileOptions options;
    if (!program_options(cli, arena, file, &options))
        return EXIT_TROUBLE;
    Compilation *run = NULL;
    const TestReport *report =
        run_tests(session, &options, args_value(cli->args, OPTION_FILTER), &run);
    for (size_t i = 0; i < compilation_input_count(run); i++)
        VEC_ADD(arena, inputs, str_copy(arena, compilation_input(run, i)));
    findings_add(findings, run);
    for (size_t i = 0; i < report->results.len; i++) {
        const TestResult *result = &report->results.items[i];
        if (!result->passed || !cli->args->given[OPTION_QUIET])
            test_add_result(out, compilation_sources(run), result, cli->color_out);
    }
    totals->passed += report->passed;
    totals->failed += report->failed;
    compilation_free(run);
    return EXIT_FINE;
}

static int test_once(Cli *cli, Arena *arena, StrList *inputs)
{
    Session *session = session_new(host_without_env());
    Findings *findings = findings_new(arena);
    Totals totals = {0};
    Buf out;
    buf_init(&out, 0);
    StrList programs = owner_programs(cli, arena);
    int status = EXIT_FINE;
    for (size_t i = 0; status == EXIT_FINE && i < programs.len; i++)
        status = test_file(cli, arena, session, programs.items[i], inputs, findings, &out, &totals);
    if (status == EXIT_FINE) {
        status = findings_report(cli, findings);
        buf_add_format(&out, "%zu passed, %zu failed\n", totals.passed, totals.failed);
        int printed = cli_print(cli, buf_str(&out));
        if (printed != EXIT_FINE)
            status = printed;
        else if (status == EXIT_FINE && totals.failed)
            status = EXIT_FINDINGS;
        if (status == EXIT_FINE && totals.passed + totals.failed == 0)
            cli_note(cli, "no test was found");
    }
    buf_release(&out);
    session_free(session);
    return status;
}

int command_test(Cli *cli)
{
    if (!findings_options_valid(cli) || !program_may_watch(cli))
        return EXIT_TROUBLE;
    return watch(cli, test_once);
}
