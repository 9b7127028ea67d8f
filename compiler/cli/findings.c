#include "compiler/cli/findings.h"

#include <stdlib.h>
#include <unistd.h>

#include "compiler/base/map.h"
#include "compiler/cli/output.h"
#include "compiler/report/report.h"

struct Findings {
    Arena *arena;
    Sources *sources;
    DiagSink *sink;
    Map files;      // name to FileId *
    StrList inputs; // what the compilations have read
    bool unreadable;
};

Findings *findings_new(Arena *arena)
{
    Findings *findings = ARENA_NEW(arena, Findings);
    findings->arena = arena;
    findings->sources = sources_new(arena);
    findings->sink = diag_sink_new(arena);
    return findings;
}

const StrList *findings_inputs(const Findings *findings)
{
    return &findings->inputs;
}

Sources *findings_sources(Findings *findings)
{
    return findings->sources;
}

DiagSink *findings_sink(Findings *findings)
{
    return findings->sink;
}

static FileId take_file(Findings *findings, const Sources *from, FileId file)
{
    Str name = source_name(from, file);
    FileId *known = map_find(&findings->files, name);
    if (known)
        return *known;
    Arena *arena = findings->arena;
    name = str_copy(arena, name);
    known = ARENA_NEW(arena, FileId);
    *known = sources_add(findings->sources, name, str_copy(arena, source_text(from, file)));
    map_set(&findings->files, arena, name, known);
    return *known;
}

static Span take_span(Findings *findings, const Sources *from, Span span)
{
    if (span.file)
        span.file = take_file(findings, from, span.file);
    return span;
}

static void take_finding(Findings *findings, const Sources *from, const Diag *diag)
{
    Arena *arena = findings->arena;
    StrList args = {0};
    for (size_t i = 0; i < diag->args.len; i++)
        VEC_ADD(arena, &args, str_copy(arena, diag->args.items[i]));
    Span span = take_span(findings, from, diag->span);
    Diag *taken = NULL;
    for (size_t i = 0; i < diag->stages.len || i == 0; i++) {
        diag_set_stage(
            findings->sink, diag->stages.len ? str_copy(arena, diag->stages.items[i]) : STR_NONE);
        Diag *added = diag_add_list(findings->sink, diag->code, span, args.items, args.len);
        if (i == 0)
            taken = added;
    }
    diag_set_stage(findings->sink, STR_NONE);
    taken->severity = diag->severity;
    for (size_t i = 0; i < diag->notes.len; i++) {
        const DiagLabel *note = &diag->notes.items[i];
        diag_note(findings->sink, taken, take_span(findings, from, note->span), "%.*s",
            STR_FMT(note->text));
    }
    for (size_t i = 0; i < diag->fixes.len; i++) {
        const DiagFix *fix = &diag->fixes.items[i];
        diag_fix(findings->sink, taken, take_span(findings, from, fix->span), fix->replacement,
            fix->safe);
    }
}

// Errors about input without a place: the program itself could not be read.
static bool is_trouble(Arena *arena, const Diag *diag)
{
    return diag->severity == SEVERITY_ERROR && diag->span.file == 0 &&
           str_starts(diag_code_text(arena, diag->code), STR("ALT10"));
}

void findings_add(Findings *findings, Compilation *run)
{
    DiagList diags = diag_sorted(compilation_diags(run));
    const Sources *sources = compilation_sources(run);
    for (size_t i = 0; i < diags.len; i++) {
        take_finding(findings, sources, diags.items[i]);
        if (is_trouble(findings->arena, diags.items[i]))
            findings->unreadable = true;
    }
    for (size_t i = 0; i < compilation_input_count(run); i++)
        VEC_ADD(findings->arena, &findings->inputs,
            str_copy(findings->arena, compilation_input(run, i)));
}

int findings_status(const Cli *cli, Findings *findings)
{
    if (findings->unreadable)
        return EXIT_TROUBLE;
    if (diag_error_count(findings->sink))
        return EXIT_FINDINGS;
    bool strict = cli->args->given[OPTION_WERROR];
    return strict && diag_warning_count(findings->sink) ? EXIT_FINDINGS : EXIT_FINE;
}

// --max-errors as a number; false when it is none.
static bool error_limit(const Cli *cli, size_t *limit)
{
    *limit = REPORT_LIMIT_ON_TERMINAL;
    Str given = args_value(cli->args, OPTION_MAX_ERRORS);
    if (!given.ptr)
        return true;
    char *end;
    unsigned long value = strtoul(given.ptr, &end, 10);
    *limit = (size_t)value;
    return given.len && given.len < 10 && *end == '\0' && given.ptr[0] >= '0' &&
           given.ptr[0] <= '9';
}

// FORMAT:FILE, cut at the first colon.
static bool report_target(Str given, ReportFormat *format, Str *path)
{
    size_t colon = str_find(given, STR(":"), 0);
    if (colon == SIZE_MAX || colon + 1 == given.len)
        return false;
    *format = report_format_of(str_slice(given, 0, colon));
    *path = str_slice(given, colon + 1, given.len);
    return *format != REPORT_NONE;
}

bool findings_options_valid(const Cli *cli)
{
    static const char *const FORMATS[] = {"text", "json", "sarif", "github", NULL};
    if (cli->args->command == COMMAND_CHECK && !cli_one_of(cli, OPTION_FORMAT, FORMATS))
        return false;
    size_t limit;
    if (!error_limit(cli, &limit)) {
        cli_fail(cli, "'--max-errors' wants a number, found '%.*s'",
            STR_FMT(args_value(cli->args, OPTION_MAX_ERRORS)));
        return false;
    }
    const StrList *reports = &cli->args->values[OPTION_REPORT];
    for (size_t i = 0; i < reports->len; i++) {
        ReportFormat format;
        Str path;
        if (report_target(reports->items[i], &format, &path))
            continue;
        cli_fail(cli, "'--report' wants FORMAT:FILE with text, json, sarif or github, found '%.*s'",
            STR_FMT(reports->items[i]));
        return false;
    }
    return true;
}

static bool write_reports(const Cli *cli, Findings *findings, ReportOptions options)
{
    options.colour = false;
    options.limit = 0;
    const StrList *reports = &cli->args->values[OPTION_REPORT];
    bool fine = true;
    for (size_t i = 0; i < reports->len; i++) {
        ReportFormat format;
        Str path;
        if (!report_target(reports->items[i], &format, &path))
            continue;
        Buf out;
        buf_init(&out, 0);
        report_render(&out, format, &options, findings->sources, findings->sink);
        if (cli_write(cli, &findings->inputs, path, buf_str(&out)) != EXIT_FINE)
            fine = false;
        buf_release(&out);
    }
    return fine;
}

// What --quiet leaves.
static Findings *errors_only(Findings *findings)
{
    Findings *errors = findings_new(findings->arena);
    DiagList diags = diag_sorted(findings->sink);
    for (size_t i = 0; i < diags.len; i++) {
        if (diags.items[i]->severity == SEVERITY_ERROR)
            take_finding(errors, findings->sources, diags.items[i]);
    }
    return errors;
}

int findings_report(const Cli *cli, Findings *findings)
{
    bool strict = cli->args->given[OPTION_WERROR];
    bool quiet = cli->args->given[OPTION_QUIET] && !strict;
    Findings *shown = quiet ? errors_only(findings) : findings;
    ReportOptions options = {
        .colour = cli->color_err,
        .quiet = cli->args->given[OPTION_QUIET],
        .version = STR(ALTC_VERSION),
    };
    error_limit(cli, &options.limit);
    ReportFormat format = REPORT_TEXT;
    if (cli->args->command == COMMAND_CHECK && cli->args->given[OPTION_FORMAT])
        format = report_format_of(args_value(cli->args, OPTION_FORMAT));
    Buf out;
    buf_init(&out, 0);
    report_render(&out, format, &options, shown->sources, shown->sink);
    int status = findings_status(cli, findings);
    Str why;
    if (format == REPORT_TEXT)
        output_write_all(STDERR_FILENO, buf_str(&out), &why);
    else if (cli_print(cli, buf_str(&out)) != EXIT_FINE)
        status = EXIT_TROUBLE;
    buf_release(&out);
    return write_reports(cli, findings, options) ? status : EXIT_TROUBLE;
}
