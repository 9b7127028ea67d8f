#include "compiler/cli/cli.h"
#include "compiler/cli/findings.h"
#include "compiler/cli/program.h"
#include "compiler/graph/graph.h"

static int write_graph(const Cli *cli, Compilation *run, const StrList *inputs)
{
    const Graph *graph = graph_of_stage(cli->arena, compilation_stage(run, 0));
    Str format = args_value(cli->args, OPTION_FORMAT);
    Buf out;
    buf_init(&out, 0);
    if (str_is(format, "dot"))
        graph_add_dot(&out, graph);
    else if (str_is(format, "mermaid"))
        graph_add_mermaid(&out, graph);
    else if (str_is(format, "json"))
        graph_add_json(&out, graph);
    else
        graph_add_svg(&out, graph, false);
    Str path = args_value(cli->args, OPTION_OUTPUT);
    int status = cli_write(cli, inputs, path.len ? path : STR("-"), buf_str(&out));
    buf_release(&out);
    return status;
}

int command_graph(Cli *cli)
{
    static const char *const FORMATS[] = {"svg", "dot", "mermaid", "json", NULL};
    CompileOptions options;
    if (!cli_operands(cli, 0, 1) || !findings_options_valid(cli) ||
        !cli_one_of(cli, OPTION_FORMAT, FORMATS) ||
        !program_options(cli, cli->arena, program_operand(cli, 0), &options))
        return EXIT_TROUBLE;
    options.reads_only = true;
    return program_use(cli, &options, write_graph);
}
