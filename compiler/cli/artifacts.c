#include "compiler/cli/artifacts.h"

#include "compiler/base/sha256.h"
#include "compiler/cli/output.h"
#include "compiler/emit/emit.h"

Str path_without_ending(Str path)
{
    for (size_t i = path.len; i > 0 && path.ptr[i - 1] != '/'; i--) {
        bool names_something = i >= 2 && path.ptr[i - 2] != '/';
        if (path.ptr[i - 1] == '.' && names_something)
            return str_slice(path, 0, i - 1);
    }
    return path;
}

Buf *artifacts_add(Artifacts *artifacts, Str path)
{
    Artifact artifact = {.path = path};
    buf_init(&artifact.bytes, 0);
    VEC_ADD(artifacts->arena, &artifacts->items, artifact);
    return &artifacts->items.items[artifacts->items.len - 1].bytes;
}

// What files of a stage are called; the stage of a program without stages has no name.
static Str file_stem(Str stage)
{
    return stage.len ? stage : STR("template");
}

// "out.json", and "out.edge.json" for the stack `edge`.
static Str template_path(
    const Artifacts *artifacts, const StageModel *model, const Stack *stack, bool main)
{
    const char *ending = artifacts->yaml ? "yaml" : "json";
    if (artifacts->directory.len && main)
        return str_format(artifacts->arena, "%.*s/%.*s.%s", STR_FMT(artifacts->directory),
            STR_FMT(file_stem(model->stage)), ending);
    if (artifacts->directory.len)
        return str_format(artifacts->arena, "%.*s/%.*s.%.*s.%s", STR_FMT(artifacts->directory),
            STR_FMT(file_stem(model->stage)), STR_FMT(stack->id), ending);
    if (main)
        return artifacts->output;
    Str stem = path_without_ending(artifacts->output);
    Str rest = str_slice(artifacts->output, stem.len, artifacts->output.len);
    return str_format(
        artifacts->arena, "%.*s.%.*s%.*s", STR_FMT(stem), STR_FMT(stack->id), STR_FMT(rest));
}

Str artifacts_manifest_path(const Artifacts *artifacts, Str stage)
{
    if (artifacts->directory.len)
        return str_format(artifacts->arena, "%.*s/%.*s.manifest.json",
            STR_FMT(artifacts->directory), STR_FMT(file_stem(stage)));
    return str_format(
        artifacts->arena, "%.*s.manifest.json", STR_FMT(path_without_ending(artifacts->output)));
}

void artifacts_take_stage(void *context, Compilation *run, const StageModel *model)
{
    Artifacts *artifacts = context;
    if (model->stacks.len > 1 && !artifacts->directory.len && str_is(artifacts->output, "-")) {
        artifacts->problem = str_format(artifacts->arena,
            "stage '%.*s' has %zu stacks, too many for standard output: give --output "
            "FILE or --directory DIR",
            STR_FMT(model->stage), model->stacks.len);
        return;
    }
    StrList hashes = {0};
    for (size_t i = 0; i < model->stacks.len; i++) {
        const Stack *stack = model->stacks.items[i];
        Str path = template_path(artifacts, model, stack, i == 0);
        Buf *text = artifacts_add(artifacts, path);
        emit_template(text, stack, artifacts->yaml ? EMIT_YAML : EMIT_JSON);
        if (artifacts->manifest)
            VEC_ADD(artifacts->arena, &hashes, sha256_hex(artifacts->arena, buf_str(text)));
        if (i > 0 && !artifacts->directory.len)
            VEC_ADD(artifacts->arena, &artifacts->notes,
                str_format(artifacts->arena, "the stack '%.*s' is in %.*s", STR_FMT(stack->id),
                    STR_FMT(path)));
    }
    if (artifacts->manifest)
        emit_manifest(artifacts_add(artifacts, artifacts_manifest_path(artifacts, model->stage)),
            model, hashes.items, compilation_sources(run));
}

// Two options may name one file.
static const Artifact *written_twice(const Artifacts *artifacts)
{
    for (size_t i = 0; i < artifacts->items.len; i++)
        for (size_t j = 0; j < i; j++)
            if (str_equal(artifacts->items.items[i].path, artifacts->items.items[j].path))
                return &artifacts->items.items[i];
    return NULL;
}

static int write_files(const Cli *cli, const Artifacts *artifacts)
{
    Str why;
    if (artifacts->directory.len &&
        !output_make_folder(artifacts->arena, artifacts->directory, &why))
        return cli_fail(cli, "cannot make the folder '%.*s': %.*s", STR_FMT(artifacts->directory),
            STR_FMT(why));
    int status = EXIT_FINE;
    for (size_t i = 0; i < artifacts->items.len && status == EXIT_FINE; i++) {
        const Artifact *artifact = &artifacts->items.items[i];
        status = cli_write(cli, &artifacts->inputs, artifact->path, buf_str(&artifact->bytes));
    }
    return status;
}

int artifacts_write(const Cli *cli, Artifacts *artifacts)
{
    if (artifacts->problem.ptr)
        return cli_fail(cli, "%.*s", STR_FMT(artifacts->problem));
    const Artifact *twice = written_twice(artifacts);
    if (twice)
        return cli_fail(cli, "two results would be written to '%.*s'", STR_FMT(twice->path));
    for (size_t i = 0; i < artifacts->notes.len; i++)
        cli_note(cli, "%.*s", STR_FMT(artifacts->notes.items[i]));
    return write_files(cli, artifacts);
}

void artifacts_release(Artifacts *artifacts)
{
    for (size_t i = 0; i < artifacts->items.len; i++)
        buf_release(&artifacts->items.items[i].bytes);
    artifacts->items.len = 0;
}
