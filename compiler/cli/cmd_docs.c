#include "compiler/cli/cli.h"
#include "compiler/cli/findings.h"
#include "compiler/cli/output.h"
#include "compiler/cli/program.h"
#include "compiler/docs/docs.h"

static int write_files(const Cli *cli, Str folder, const DocsFiles *files, const StrList *inputs)
{
    Str why;
    if (!output_make_folder(cli->arena, folder, &why))
        return cli_fail(cli, "cannot make the folder '%.*s': %.*s", STR_FMT(folder), STR_FMT(why));
    for (size_t i = 0; i < files->items.len; i++) {
        const DocsFile *file = &files->items.items[i];
        Str path = str_format(cli->arena, "%.*s/%.*s", STR_FMT(folder), STR_FMT(file->name));
        if (cli_write(cli, inputs, path, file->text) != EXIT_FINE)
            return EXIT_TROUBLE;
    }
    return EXIT_FINE;
}

static int write_docs(const Cli *cli, Compilation *run, const StrList *inputs)
{
    size_t count = compilation_stage_count(run);
    DocsStage *stages = ARENA_ARRAY(cli->arena, DocsStage, count);
    for (size_t i = 0; i < count; i++) {
        stages[i].model = compilation_stage(run, i);
        stages[i].inventory = compilation_inventory(run, i);
    }
    DocsFiles files = docs_make(cli->arena, stages, count, compilation_matrix(run));
    return write_files(cli, args_value(cli->args, OPTION_DIRECTORY), &files, inputs);
}

int command_docs(Cli *cli)
{
    CompileOptions options;
    if (!cli_operands(cli, 0, 1) || !findings_options_valid(cli))
        return EXIT_TROUBLE;
    if (!args_value(cli->args, OPTION_DIRECTORY).len)
        return cli_fail(cli, "'docs' wants to know where to write: give --directory DIR");
    if (!program_options(cli, cli->arena, program_operand(cli, 0), &options))
        return EXIT_TROUBLE;
    options.reads_only = true;
    if (!cli->args->given[OPTION_STAGE])
        options.choice = STAGES_ALL;
    return program_use(cli, &options, write_docs);
}
