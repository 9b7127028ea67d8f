#include "compiler/cli/program.h"

#include <unistd.h>

#include "compiler/cli/findings.h"
#include "compiler/cli/host.h"

static const char DEFAULT_PROGRAM[] = "infra.alt";

Str program_operand(const Cli *cli, size_t index)
{
    return index < cli->args->operands.len ? cli->args->operands.items[index] : STR_NONE;
}

bool program_may_watch(const Cli *cli)
{
    if (!cli->args->given[OPTION_WATCH])
        return true;
    for (size_t i = 0; i < cli->args->operands.len; i++) {
        if (!str_is(cli->args->operands.items[i], "-"))
            continue;
        cli_fail(cli, "'--watch' cannot watch standard input");
        return false;
    }
    return true;
}

static bool read_stdin(const Cli *cli, Arena *arena, CompileOptions *options)
{
    FileResult input = host_read_all(arena, STDIN_FILENO, SOURCE_MAX);
    if (input.status != FILE_OK) {
        cli_fail(cli, "cannot read standard input: %.*s", STR_FMT(input.error));
        return false;
    }
    Str name = args_value(cli->args, OPTION_STDIN_FILENAME);
    options->file = name.len ? name : STR("<stdin>");
    options->has_text = true;
    options->text = input.text;
    return true;
}

static bool take_settings(const Cli *cli, Arena *arena, CompileOptions *options)
{
    const StrList *given = &cli->args->values[OPTION_SET];
    NamedText *settings = ARENA_ARRAY(arena, NamedText, given->len);
    for (size_t i = 0; i < given->len; i++) {
        size_t equals = str_find(given->items[i], STR("="), 0);
        if (equals == SIZE_MAX || equals == 0) {
            cli_fail(cli, "'--set' wants NAME=VALUE, found '%.*s'", STR_FMT(given->items[i]));
            return false;
        }
        settings[i].name = str_copy(arena, str_slice(given->items[i], 0, equals));
        settings[i].value = str_slice(given->items[i], equals + 1, given->items[i].len);
    }
    options->settings = settings;
    options->setting_count = given->len;
    return true;
}

// A folder stands for the program in it.
static Str program_in(Arena *arena, Str operand)
{
    Str inside = str_format(arena, "%.*s%s%s", STR_FMT(operand),
        str_ends(operand, STR("/")) ? "" : "/", DEFAULT_PROGRAM);
    return access(inside.ptr, F_OK) == 0 ? inside : operand;
}

bool program_options(const Cli *cli, Arena *arena, Str operand, CompileOptions *options)
{
    const Args *args = cli->args;
    *options = (CompileOptions){0};
    if (!operand.ptr) {
        if (access(DEFAULT_PROGRAM, F_OK) != 0) {
            cli_fail(cli, "no FILE is given and there is no ./%s; 'altc help %s' says more",
                DEFAULT_PROGRAM, command_info(args->command)->name);
            return false;
        }
        operand = str_of(DEFAULT_PROGRAM);
    }
    options->file = str_is(operand, "-") ? operand : program_in(arena, operand);
    if (str_is(operand, "-")) {
        if (!read_stdin(cli, arena, options))
            return false;
    } else if (args->given[OPTION_STDIN_FILENAME]) {
        cli_fail(cli, "'--stdin-filename' goes with the file '-'");
        return false;
    }
    if (args->given[OPTION_STAGE]) {
        options->choice = STAGES_NAMED;
        options->stage = args_value(args, OPTION_STAGE);
    }
    options->values_file = args_value(args, OPTION_VALUES);
    options->allowed = args->values[OPTION_ALLOW].items;
    options->allowed_count = args->values[OPTION_ALLOW].len;
    return take_settings(cli, arena, options);
}

int program_use(const Cli *cli, const CompileOptions *options, ProgramUse *use)
{
    Session *session = session_new(cli->host);
    Compilation *run = compile(session, options);
    Findings *findings = findings_new(cli->arena);
    findings_add(findings, run);
    int status = findings_status(cli, findings);
    if (status == EXIT_FINE)
        status = use(cli, run, findings_inputs(findings));
    else
        findings_report(cli, findings);
    compilation_free(run);
    session_free(session);
    return status;
}
