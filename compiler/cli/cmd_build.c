#include <string.h>
#include <unistd.h>

#include "compiler/cli/artifacts.h"
#include "compiler/cli/depfile.h"
#include "compiler/cli/findings.h"
#include "compiler/cli/output.h"
#include "compiler/cli/program.h"
#include "compiler/cli/watch.h"

static bool wants_depfile_name(const Cli *cli, Str output)
{
    if (!cli->args->given[OPTION_DEPS] || cli->args->given[OPTION_DEPS_FILE])
        return false;
    return !output.len || str_is(output, "-");
}

static bool options_valid(const Cli *cli)
{
    const Args *args = cli->args;
    static const char *const FORMATS[] = {"json", "yaml", NULL};
    if (!cli_operands(cli, 0, 1) || !findings_options_valid(cli) ||
        !cli_one_of(cli, OPTION_FORMAT, FORMATS) || !program_may_watch(cli))
        return false;
    Str output = args_value(args, OPTION_OUTPUT);
    const char *wrong = NULL;
    if (args->given[OPTION_ALL] && !args->given[OPTION_DIRECTORY])
        wrong = "'--all' wants a folder: --directory DIR";
    else if (args->given[OPTION_ALL] && args->given[OPTION_STAGE])
        wrong = "'--all' and '--stage' exclude each other";
    else if (args->given[OPTION_DIRECTORY] && args->given[OPTION_OUTPUT])
        wrong = "'--directory' and '--output' exclude each other";
    else if (args->given[OPTION_OUTPUT] && !output.len)
        wrong = "'--output' wants a file, found an empty name";
    else if (args->given[OPTION_MANIFEST] && !args->given[OPTION_DIRECTORY] &&
             (!output.len || str_is(output, "-") || output_is_device(output)))
        wrong = "'--manifest' is written beside the output: give --output FILE";
    else if (wants_depfile_name(cli, output))
        wrong = "'-MD' wants to know where to write: give -MF FILE or --output FILE";
    else if (!args->given[OPTION_DEPS] &&
             (args->given[OPTION_DEPS_FILE] || args->given[OPTION_DEPS_TARGET] ||
                 args->given[OPTION_DEPS_PHONY]))
        wrong = "'-MF', '-MT' and '-MP' go with '-MD'";
    if (wrong)
        cli_fail(cli, "%s", wrong);
    return !wrong;
}

static bool is_input_of_make(Str name)
{
    return name.len && access(name.ptr, F_OK) == 0;
}

static void add_depfile(const Cli *cli, Artifacts *artifacts, const StrList *inputs)
{
    const Args *args = cli->args;
    Buf targets;
    buf_init(&targets, 0);
    const StrList *given = &args->values[OPTION_DEPS_TARGET];
    for (size_t i = 0; i < given->len; i++)
        buf_add_format(&targets, "%s%.*s", i ? " " : "", STR_FMT(given->items[i]));
    for (size_t i = 0; !given->len && i < artifacts->items.len; i++) {
        buf_add_text(&targets, i ? " " : "");
        depfile_add_name(&targets, artifacts->items.items[i].path);
    }
    StrList found = {0};
    for (size_t i = 0; i < inputs->len; i++)
        if (is_input_of_make(inputs->items[i]))
            VEC_ADD(artifacts->arena, &found, inputs->items[i]);
    Str path = args_value(args, OPTION_DEPS_FILE);
    if (!path.ptr)
        path =
            str_format(artifacts->arena, "%.*s.d", STR_FMT(path_without_ending(artifacts->output)));
    depfile_add(artifacts_add(artifacts, path), buf_str(&targets), found.items, found.len,
        args->given[OPTION_DEPS_PHONY]);
    buf_release(&targets);
}

static int build_once(Cli *cli, Arena *arena, StrList *inputs)
{
    const Args *args = cli->args;
    CompileOptions options;
    if (!program_options(cli, arena, program_operand(cli, 0), &options))
        return EXIT_TROUBLE;
    if (args->given[OPTION_ALL])
        options.choice = STAGES_ALL;
    Str output = args_value(args, OPTION_OUTPUT);
    Artifacts artifacts = {
        .arena = arena,
        .yaml = str_is(args_value(args, OPTION_FORMAT), "yaml"),
        .manifest = args->given[OPTION_DIRECTORY] || args->given[OPTION_MANIFEST],
        .directory = args_value(args, OPTION_DIRECTORY),
        .output = output.len ? output : STR("-"),
    };
    options.take_stage = artifacts_take_stage;
    options.take_context = &artifacts;
    Session *session = session_new(cli->host);
    Compilation *run = compile(session, &options);
    for (size_t i = 0; i < compilation_input_count(run); i++)
        VEC_ADD(arena, inputs, str_copy(arena, compilation_input(run, i)));
    Findings *findings = findings_new(arena);
    findings_add(findings, run);
    int status = findings_report(cli, findings);
    artifacts.inputs = *inputs;
    if (status == EXIT_FINE && compilation_ok(run)) {
        if (args->given[OPTION_DEPS] && !artifacts.problem.ptr)
            add_depfile(cli, &artifacts, inputs);
        status = artifacts_write(cli, &artifacts);
    }
    artifacts_release(&artifacts);
    compilation_free(run);
    session_free(session);
    return status;
}

int command_build(Cli *cli)
{
    if (!options_valid(cli))
        return EXIT_TROUBLE;
    return watch(cli, build_once);
}
