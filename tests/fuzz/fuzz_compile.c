// Any bytes are compiled for every stage and written out. Files that are imported hold the same
// bytes; the environment is empty.
#include <stdint.h>
#include <stdlib.h>

#include "compiler/driver/altc.h"
#include "compiler/emit/emit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static FileResult read_file(void *context, Arena *arena, Str path, size_t max)
{
    const Str *text = context;
    if (!str_ends(path, STR("fuzz.alt")))
        return (FileResult){.status = FILE_MISSING, .error = STR("no such file")};
    if (text->len > max)
        return (FileResult){.status = FILE_TOO_LARGE, .error = STR("too large")};
    return (FileResult){.status = FILE_OK, .text = str_copy(arena, *text)};
}

static Str real_path(void *context, Arena *arena, Str path)
{
    (void)context;
    if (str_starts(path, STR("/")))
        return str_copy(arena, path);
    bool here = !path.len || str_is(path, ".");
    return here ? STR("/project") : str_format(arena, "/project/%.*s", STR_FMT(path));
}

static Str get_env(void *context, Str name)
{
    (void)context;
    (void)name;
    return STR_NONE;
}

static bool cancelled(void *context)
{
    (void)context;
    return false;
}

static void write_stage(const StageModel *model, Sources *sources)
{
    Buf out;
    buf_init(&out, 0);
    for (size_t i = 0; i < model->stacks.len; i++) {
        emit_template(&out, model->stacks.items[i], EMIT_JSON);
        emit_template(&out, model->stacks.items[i], EMIT_YAML);
    }
    emit_manifest(&out, model, NULL, sources);
    buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Str text = {(const char *)data, size};
    Host host = {&text, read_file, real_path, get_env, cancelled};
    Session *session = session_new(&host);
    CompileOptions options = {.file = STR("fuzz.alt"), .choice = STAGES_ALL};
    Compilation *run = compile(session, &options);
    for (size_t i = 0; compilation_ok(run) && i < compilation_stage_count(run); i++)
        write_stage(compilation_stage(run, i), compilation_sources(run));
    compilation_free(run);
    session_free(session);
    return 0;
}
