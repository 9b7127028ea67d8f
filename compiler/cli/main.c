#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compiler/cli/cli.h"
#include "compiler/cli/host.h"
#include "compiler/cli/output.h"

typedef int (*CommandFunction)(Cli *cli);

static const CommandFunction FUNCTIONS[COMMAND_COUNT] = {
    [COMMAND_NEW] = command_new,
    [COMMAND_BUILD] = command_build,
    [COMMAND_CHECK] = command_check,
    [COMMAND_STAGES] = command_stages,
    [COMMAND_GRAPH] = command_graph,
    [COMMAND_DOCS] = command_docs,
    [COMMAND_TYPES] = command_types,
    [COMMAND_TEST] = command_test,
    [COMMAND_WHY] = command_why,
    [COMMAND_SAME] = command_same,
    [COMMAND_SCHEMA] = command_schema,
    [COMMAND_PLAN] = command_plan,
    [COMMAND_POLICY] = command_policy,
    [COMMAND_DEPLOY] = command_deploy,
    [COMMAND_STATUS] = command_operate,
    [COMMAND_OUTPUTS] = command_operate,
    [COMMAND_WATCH] = command_operate,
    [COMMAND_EVENTS] = command_operate,
    [COMMAND_HISTORY] = command_operate,
    [COMMAND_DRIFT] = command_operate,
    [COMMAND_CANCEL] = command_operate,
    [COMMAND_CONTINUE] = command_operate,
    [COMMAND_ROLLBACK] = command_operate,
    [COMMAND_REFACTOR] = command_operate,
    [COMMAND_DESTROY] = command_operate,
    [COMMAND_IMPORT] = command_operate,
    [COMMAND_WHOAMI] = command_whoami,
    [COMMAND_EXPLAIN] = command_explain,
    [COMMAND_HELP] = command_help,
};

// A closed descriptor 0, 1 or 2 would be given to the next file that is opened. What takes its
// place here fails when it is used in its role.
static void fill_standard_descriptors(void)
{
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
        if (fcntl(descriptor, F_GETFD) >= 0)
            continue;
        if (open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY) != descriptor)
            _Exit(EXIT_TROUBLE);
    }
}

static bool wants_color(const Cli *cli, int descriptor)
{
    Str when = args_value(cli->args, OPTION_COLOR);
    if (str_is(when, "always"))
        return true;
    if (str_is(when, "never"))
        return false;
    const char *none = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    return !(none && none[0]) && terminal && strcmp(terminal, "dumb") != 0 && isatty(descriptor);
}

static int run(Cli *cli)
{
    static const char *const WHEN[] = {"auto", "always", "never", NULL};
    if (!cli_one_of(cli, OPTION_COLOR, WHEN))
        return EXIT_TROUBLE;
    cli->color_out = wants_color(cli, STDOUT_FILENO);
    cli->color_err = wants_color(cli, STDERR_FILENO);
    if (cli->args->given[OPTION_VERSION])
        return cli_print(cli, STR("altc " ALTC_VERSION "\n"));
    if (cli->args->given[OPTION_HELP])
        return command_help(cli);
    return FUNCTIONS[cli->args->command](cli);
}

int main(int argc, char **argv)
{
    fill_standard_descriptors();
    // A reader that went away is an error like a full disk, not a silent death.
    signal(SIGPIPE, SIG_IGN);
    Arena *arena = arena_new();
    Args args;
    Cli cli = {.arena = arena, .args = &args, .host = host_real()};
    Buf error;
    buf_init(&error, 0);
    int status;
    if (args_parse(arena, argc, argv, &args, &error))
        status = run(&cli);
    else
        status = cli_fail(&cli, "%.*s", STR_FMT(buf_str(&error)));
    buf_release(&error);
    Str why;
    if (!output_close_stdout(&why))
        status = cli_fail(&cli, "cannot write standard output: %.*s", STR_FMT(why));
    arena_free(arena);
    return status;
}
