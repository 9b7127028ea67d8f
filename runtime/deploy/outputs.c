#include "runtime/deploy/outputs.h"

#include "compiler/base/map.h"
#include "compiler/data/data.h"
#include "runtime/deploy/files.h"

static Datum *collect(const Deployment *deployment, bool *complete)
{
    Arena *arena = deployment->arena;
    Datum *all = datum_map(arena, NULL);
    Map taken = {0};
    *complete = true;
    for (size_t i = 0; i < deployment->runs.len; i++) {
        const StackRun *run = deployment->runs.items[i];
        *complete = *complete && run_is_fine(run);
        for (size_t j = 0; run_is_fine(run) && j < run->outputs.len; j++) {
            const CfnOutput *output = &run->outputs.items[j];
            Str key = output->key;
            if (map_find(&taken, key))
                key = str_format(arena, "%.*s.%.*s", STR_FMT(run->stack->id), STR_FMT(key));
            if (map_set(&taken, arena, key, all))
                continue;
            datum_put(arena, all, key, NULL, datum_string(arena, NULL, output->value));
        }
    }
    return all;
}

bool outputs_write(const Deployment *deployment, Str *error)
{
    Arena *arena = deployment->arena;
    const DeployOptions *options = deployment->options;
    bool complete = false;
    const Datum *all = collect(deployment, &complete);
    // What could not be read must not make a file forget what it knew.
    if (!complete)
        return true;
    Buf text;
    buf_init(&text, 0);
    data_write_json(&text, all);
    Str folder = str_format(arena, "%.*s/.sst", STR_FMT(options->root));
    Str path = str_format(arena, "%.*s/outputs.json", STR_FMT(folder));
    bool written = files_make_folder(arena, folder, error) &&
                   files_write(arena, path, buf_str(&text), false, error) &&
                   (!options->outputs_file.len ||
                       files_write(arena, options->outputs_file, buf_str(&text), false, error));
    buf_release(&text);
    return written;
}

bool outputs_can_be_written(const Deployment *deployment, Str *error)
{
    const Host *host = deployment->world->host;
    Str path = deployment->options->outputs_file;
    size_t end = path.len;
    while (end > 0 && path.ptr[end - 1] != '/')
        end--;
    Str folder = end ? str_slice(path, 0, end) : STR(".");
    if (!path.len || host->real_path(host->context, deployment->arena, folder).len)
        return true;
    *error = str_format(deployment->arena, "cannot write '%.*s': there is no folder '%.*s'",
        STR_FMT(path), STR_FMT(folder));
    return false;
}
