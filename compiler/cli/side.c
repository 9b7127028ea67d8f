#include "compiler/cli/side.h"

#include <unistd.h>

#include "compiler/cli/program.h"

bool side_split(Str operand, Str *revision, Str *file)
{
    size_t colon = str_find(operand, STR(":"), 0);
    if (colon == SIZE_MAX || colon == 0 || access(operand.ptr, F_OK) == 0)
        return false;
    *revision = str_slice(operand, 0, colon);
    *file = str_slice(operand, colon + 1, operand.len);
    return true;
}

static void side_compile(const Cli *cli, Side *side, const CompileOptions *options)
{
    Compilation *run = compile(side->session, options);
    VEC_ADD(cli->arena, &side->runs, run);
    findings_add(side->findings, run);
    for (size_t i = 0; i < compilation_stage_count(run); i++) {
        VEC_ADD(cli->arena, &side->stages, compilation_stage(run, i));
        VEC_ADD(cli->arena, &side->stage_runs, run);
    }
}

int side_open_at(
    const Cli *cli, Side *side, Str file, GitHost *git, StageChoice choice, const StrList *stages)
{
    if (!side->name.ptr)
        side->name = file;
    side->git = git;
    side->findings = findings_new(cli->arena);
    CompileOptions options;
    if (!program_options(cli, cli->arena, file, &options))
        return EXIT_TROUBLE;
    side->session = session_new(git ? git_host_get(git) : cli->host);
    options.choice = choice;
    options.reads_only = true;
    size_t count = choice == STAGES_NAMED ? stages->len : 1;
    for (size_t i = 0; i < count; i++) {
        options.stage = choice == STAGES_NAMED ? stages->items[i] : STR_NONE;
        side_compile(cli, side, &options);
    }
    int status = EXIT_FINE;
    for (size_t i = 0; i < side->runs.len && status == EXIT_FINE; i++)
        if (!compilation_ok(side->runs.items[i]))
            status = findings_report(cli, side->findings);
    if (status != EXIT_FINE)
        cli_fail(
            cli, "'%.*s' does not compile", STR_FMT(side->name.len ? side->name : options.file));
    return status;
}

int side_open(const Cli *cli, Side *side, Str operand, StageChoice choice, const StrList *stages)
{
    side->name = operand;
    Str revision, file = operand, error;
    GitHost *git = NULL;
    if (operand.ptr && side_split(operand, &revision, &file)) {
        git = git_host_new(cli->arena, cli->host, revision, &error);
        if (!git)
            return cli_fail(cli, "cannot read '%.*s': %.*s", STR_FMT(operand), STR_FMT(error));
    }
    return side_open_at(cli, side, file, git, choice, stages);
}

void side_close(Side *side)
{
    for (size_t i = 0; i < side->runs.len; i++)
        compilation_free(side->runs.items[i]);
    session_free(side->session);
    git_host_free(side->git);
}

const StageModel *side_stage(const Side *side, Str name)
{
    for (size_t i = 0; i < side->stages.len; i++)
        if (str_equal(side->stages.items[i]->stage, name))
            return side->stages.items[i];
    return NULL;
}
