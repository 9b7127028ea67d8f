#include <string.h>
#include <unistd.h>

#include "compiler/base/sha256.h"
#include "compiler/cli/cli.h"
#include "compiler/cli/depfile.h"
#include "compiler/cli/findings.h"
#include "compiler/cli/output.h"
#include "compiler/cli/program.h"
#include "compiler/cli/watch.h"
#include "compiler/emit/emit.h"

// A file that is to be written.
typedef struct Artifact {
    Str path;
    Buf bytes;
} Artifact;

typedef VEC(Artifact) ArtifactList;

typedef struct Build {
    const Cli *cli;
    Arena *arena;
    Compilation *run;
    bool yaml;
    Str directory; // empty: `output` says where
    Str output;    // "-": standard output
    ArtifactList artifacts;
    StrList notes; // said when all is fine
    Str problem;   // why nothing can be written, or STR_NONE
} Build;

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
             (!output.len || str_is(output, "-")))
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

// The part of a path before the ending of its last component: "out/a.json" gives "out/a".
static Str without_ending(Str path)
{
    for (size_t i = path.len; i > 0 && path.ptr[i - 1] != '/'; i--) {
        bool names_something = i >= 2 && path.ptr[i - 2] != '/';
        if (path.ptr[i - 1] == '.' && names_something)
            return str_slice(path, 0, i - 1);
    }
    return path;
}

static Buf *add_artifact(Build *build, Str path)
{
    Artifact artifact = {.path = path};
    buf_init(&artifact.bytes, 0);
    VEC_ADD(build->arena, &build->artifacts, artifact);
    return &build->artifacts.items[build->artifacts.len - 1].bytes;
}

// What files of a stage are called; the stage of a program without stages has no name.
static Str file_stem(const StageModel *model)
{
    return model->stage.len ? model->stage : STR("template");
}

// "out.json", and "out.edge.json" for the stack `edge`.
static Str template_path(const Build *build, const StageModel *model, const Stack *stack, bool main)
{
    const char *ending = build->yaml ? "yaml" : "json";
    if (build->directory.len && main)
        return str_format(build->arena, "%.*s/%.*s.%s", STR_FMT(build->directory),
            STR_FMT(file_stem(model)), ending);
    if (build->directory.len)
        return str_format(build->arena, "%.*s/%.*s.%.*s.%s", STR_FMT(build->directory),
            STR_FMT(file_stem(model)), STR_FMT(stack->id), ending);
    if (main)
        return build->output;
    Str stem = without_ending(build->output);
    Str rest = str_slice(build->output, stem.len, build->output.len);
    return str_format(
        build->arena, "%.*s.%.*s%.*s", STR_FMT(stem), STR_FMT(stack->id), STR_FMT(rest));
}

static Str manifest_path(const Build *build, const StageModel *model)
{
    if (build->directory.len)
        return str_format(build->arena, "%.*s/%.*s.manifest.json", STR_FMT(build->directory),
            STR_FMT(file_stem(model)));
    return str_format(build->arena, "%.*s.manifest.json", STR_FMT(without_ending(build->output)));
}

// Makes the bytes of a stage. What there is to say of it waits until all stages are fine.
static void add_stage(void *context, Compilation *run, const StageModel *model)
{
    Build *build = context;
    if (model->stacks.len > 1 && !build->directory.len && str_is(build->output, "-")) {
        build->problem = str_format(build->arena,
            "stage '%.*s' has %zu stacks, too many for standard output: give --output "
            "FILE or --directory DIR",
            STR_FMT(model->stage), model->stacks.len);
        return;
    }
    bool with_manifest = build->directory.len || build->cli->args->given[OPTION_MANIFEST];
    StrList hashes = {0};
    for (size_t i = 0; i < model->stacks.len; i++) {
        const Stack *stack = model->stacks.items[i];
        Str path = template_path(build, model, stack, i == 0);
        Buf *text = add_artifact(build, path);
        emit_template(text, stack, build->yaml ? EMIT_YAML : EMIT_JSON);
        if (with_manifest)
            VEC_ADD(build->arena, &hashes, sha256_hex(build->arena, buf_str(text)));
        if (i > 0 && !build->directory.len)
            VEC_ADD(build->arena, &build->notes,
                str_format(build->arena, "the stack '%.*s' is in %.*s", STR_FMT(stack->id),
                    STR_FMT(path)));
    }
    if (with_manifest)
        emit_manifest(add_artifact(build, manifest_path(build, model)), model, hashes.items,
            compilation_sources(run));
}

static bool is_input_of_make(Str name)
{
    return name.len && access(name.ptr, F_OK) == 0;
}

static void add_depfile(Build *build)
{
    const Args *args = build->cli->args;
    Buf targets;
    buf_init(&targets, 0);
    const StrList *given = &args->values[OPTION_DEPS_TARGET];
    for (size_t i = 0; i < given->len; i++)
        buf_add_format(&targets, "%s%.*s", i ? " " : "", STR_FMT(given->items[i]));
    for (size_t i = 0; !given->len && i < build->artifacts.len; i++) {
        buf_add_text(&targets, i ? " " : "");
        depfile_add_name(&targets, build->artifacts.items[i].path);
    }
    StrList inputs = {0};
    for (size_t i = 0; i < compilation_input_count(build->run); i++) {
        Str name = str_copy(build->arena, compilation_input(build->run, i));
        if (is_input_of_make(name))
            VEC_ADD(build->arena, &inputs, name);
    }
    Str path = args_value(args, OPTION_DEPS_FILE);
    if (!path.ptr)
        path = str_format(build->arena, "%.*s.d", STR_FMT(without_ending(build->output)));
    depfile_add(add_artifact(build, path), buf_str(&targets), inputs.items, inputs.len,
        args->given[OPTION_DEPS_PHONY]);
    buf_release(&targets);
}

static int write_artifacts(Build *build)
{
    Str why;
    if (build->directory.len && !output_make_folder(build->arena, build->directory, &why))
        return cli_fail(build->cli, "cannot make the folder '%.*s': %.*s",
            STR_FMT(build->directory), STR_FMT(why));
    for (size_t i = 0; i < build->artifacts.len; i++) {
        const Artifact *artifact = &build->artifacts.items[i];
        if (output_write(build->arena, artifact->path, buf_str(&artifact->bytes), &why))
            continue;
        bool is_stdout = str_is(artifact->path, "-");
        return cli_fail(build->cli, "cannot write %s%.*s%s: %.*s", is_stdout ? "" : "'",
            STR_FMT(is_stdout ? STR("standard output") : artifact->path), is_stdout ? "" : "'",
            STR_FMT(why));
    }
    return EXIT_FINE;
}

// All bytes are made before the first file is touched.
static int write_stages(Build *build)
{
    if (build->problem.ptr)
        return cli_fail(build->cli, "%.*s", STR_FMT(build->problem));
    for (size_t i = 0; i < build->notes.len; i++)
        cli_note(build->cli, "%.*s", STR_FMT(build->notes.items[i]));
    if (build->cli->args->given[OPTION_DEPS])
        add_depfile(build);
    return write_artifacts(build);
}

static int build_once(Cli *cli, Arena *arena, StrList *inputs)
{
    CompileOptions options;
    if (!program_options(cli, arena, program_operand(cli, 0), &options))
        return EXIT_TROUBLE;
    if (cli->args->given[OPTION_ALL])
        options.choice = STAGES_ALL;
    Str output = args_value(cli->args, OPTION_OUTPUT);
    Build build = {
        .cli = cli,
        .arena = arena,
        .yaml = str_is(args_value(cli->args, OPTION_FORMAT), "yaml"),
        .directory = args_value(cli->args, OPTION_DIRECTORY),
        .output = output.len ? output : STR("-"),
    };
    options.take_stage = add_stage;
    options.take_context = &build;
    Session *session = session_new(cli->host);
    Compilation *run = compile(session, &options);
    build.run = run;
    for (size_t i = 0; i < compilation_input_count(run); i++)
        VEC_ADD(arena, inputs, str_copy(arena, compilation_input(run, i)));
    Findings *findings = findings_new(arena);
    findings_add(findings, run);
    int status = findings_report(cli, findings);
    if (status == EXIT_FINE && compilation_ok(run))
        status = write_stages(&build);
    for (size_t i = 0; i < build.artifacts.len; i++)
        buf_release(&build.artifacts.items[i].bytes);
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
