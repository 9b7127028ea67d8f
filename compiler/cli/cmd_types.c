#include "compiler/cli/cli.h"
#include "compiler/cli/findings.h"
#include "compiler/cli/output.h"
#include "compiler/cli/program.h"
#include "compiler/module/paths.h"
#include "compiler/types/types.h"

static const char DEFAULT_OUTPUT[] = "sst-env.d.ts";

static Str file_name(Str path)
{
    if (str_is(path, "-"))
        return str_of(DEFAULT_OUTPUT);
    size_t start = path.len;
    while (start > 0 && path.ptr[start - 1] != '/')
        start--;
    return str_slice(path, start, path.len);
}

static int write_vite_file(const Cli *cli, Str root, const ViteFile *file, const StrList *inputs)
{
    if (path_is_absolute(file->path) || path_leaves(file->path))
        return cli_fail(cli,
            "'%.*s', which a site names for its types, is not below the project root",
            STR_FMT(file->path));
    Str path = path_join(cli->arena, root, file->path), why;
    if (!output_make_folder(cli->arena, path_folder(path), &why))
        return cli_fail(cli, "cannot make the folder of '%.*s': %.*s", STR_FMT(path), STR_FMT(why));
    return cli_write(cli, inputs, path, file->text);
}

static int write_vite(const Cli *cli, Compilation *run, const StrList *inputs)
{
    size_t count = compilation_stage_count(run);
    const ViteList **sites = ARENA_ARRAY(cli->arena, const ViteList *, count);
    for (size_t i = 0; i < count; i++)
        sites[i] = compilation_vite(run, i);
    ViteFiles files = types_vite(cli->arena, sites, count);
    int status = EXIT_FINE;
    for (size_t i = 0; i < files.items.len && status == EXIT_FINE; i++)
        status = write_vite_file(cli, compilation_root(run), &files.items.items[i], inputs);
    return status;
}

static int write_types(const Cli *cli, Compilation *run, const StrList *inputs)
{
    size_t count = compilation_stage_count(run);
    const LinkList **links = ARENA_ARRAY(cli->arena, const LinkList *, count);
    for (size_t i = 0; i < count; i++)
        links[i] = compilation_links(run, i);
    Str path = args_value(cli->args, OPTION_OUTPUT);
    if (!path.len)
        path = str_of(DEFAULT_OUTPUT);
    Buf out;
    buf_init(&out, 0);
    types_add(&out, links, count, file_name(path));
    int status = cli_write(cli, inputs, path, buf_str(&out));
    buf_release(&out);
    // Standard output is for one file.
    bool more = status == EXIT_FINE && !str_is(path, "-");
    return more ? write_vite(cli, run, inputs) : status;
}

int command_types(Cli *cli)
{
    CompileOptions options;
    if (!cli_operands(cli, 0, 1) || !findings_options_valid(cli) ||
        !program_options(cli, cli->arena, program_operand(cli, 0), &options))
        return EXIT_TROUBLE;
    options.reads_only = true;
    if (!cli->args->given[OPTION_STAGE])
        options.choice = STAGES_ALL;
    return program_use(cli, &options, write_types);
}
