#include "compiler/cli/cli.h"
#include "compiler/cli/findings.h"
#include "compiler/cli/owner.h"
#include "compiler/cli/program.h"
#include "compiler/cli/watch.h"

static bool check_file(
    Cli *cli, Arena *arena, Session *session, Str file, Findings *findings, StrList *inputs)
{
    CompileOptions options;
    if (!program_options(cli, arena, file, &options))
        return false;
    options.check_only = true;
    if (options.choice == STAGES_DEFAULT)
        options.choice = STAGES_ALL;
    Compilation *run = compile(session, &options);
    for (size_t i = 0; i < compilation_input_count(run); i++)
        VEC_ADD(arena, inputs, str_copy(arena, compilation_input(run, i)));
    findings_add(findings, run);
    compilation_free(run);
    return true;
}

static int check_once(Cli *cli, Arena *arena, StrList *inputs)
{
    Session *session = session_new(cli->host);
    Findings *findings = findings_new(arena);
    size_t files = cli->args->operands.len ? cli->args->operands.len : 1;
    StrList programs = owner_programs(cli, arena);
    bool fine = true;
    for (size_t i = 0; fine && i < programs.len; i++)
        fine = check_file(cli, arena, session, programs.items[i], findings, inputs);
    session_free(session);
    if (!fine)
        return EXIT_TROUBLE;
    int status = findings_report(cli, findings);
    DiagSink *sink = findings_sink(findings);
    bool for_people = !cli->args->given[OPTION_FORMAT];
    if (for_people && diag_error_count(sink) + diag_warning_count(sink) == 0)
        cli_note(cli, "%zu file%s checked, no findings", files, files == 1 ? "" : "s");
    return status;
}

int command_check(Cli *cli)
{
    if (!findings_options_valid(cli) || !program_may_watch(cli))
        return EXIT_TROUBLE;
    size_t standard_inputs = 0;
    for (size_t i = 0; i < cli->args->operands.len; i++)
        standard_inputs += str_is(cli->args->operands.items[i], "-");
    if (standard_inputs > 1)
        return cli_fail(cli, "standard input can be read only once");
    return watch(cli, check_once);
}
