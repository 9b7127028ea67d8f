#include "runtime/assets/site_priv.h"

static void take_line(void *context, Str line)
{
    tell_line(context, line);
}

static AssetsResult read_env(const Site *site, const Datum *map, NamedText **env, size_t *count)
{
    *count = map ? map->entries.len : 0;
    *env = ARENA_ARRAY(site->arena, NamedText, *count + 1);
    AssetsResult result = ASSETS_DONE;
    for (size_t i = 0; i < *count && result == ASSETS_DONE; i++) {
        Str name = map->entries.items[i].key;
        (*env)[i].name = name;
        result = site_text(site, map, str_copy(site->arena, name).ptr, STR(""), &(*env)[i].value);
    }
    return result;
}

static AssetsResult run(const Site *site, Str command, Str source, const Datum *environment)
{
    const Assets *assets = site->assets;
    const World *world = assets->setup->world;
    NamedText *env;
    size_t count;
    AssetsResult result = read_env(site, environment, &env, &count);
    if (result != ASSETS_DONE)
        return result;
    const Str words[] = {STR("/bin/sh"), STR("-c"), command};
    const Program program = {.words = words,
        .count = 3,
        .folder = source,
        .env = env,
        .env_count = count,
        .context = (void *)assets,
        .line = take_line};
    tell_step(assets, "building %.*s: %.*s", STR_FMT(site->task->id), STR_FMT(command));
    ProgramEnd end = world->build(world->context, site->arena, world->host, &program);
    if (end.cancelled)
        return ASSETS_CANCELLED;
    if (end.ended && end.status == 0)
        return ASSETS_DONE;
    Str hint = str_format(site->arena, "run it yourself in %.*s", STR_FMT(source));
    if (!end.ended)
        return tell_problem(assets, ASSETS_FILES, site->task->place, hint,
            "the build of '%.*s' cannot be started: %.*s", STR_FMT(site->task->id),
            STR_FMT(end.error));
    return tell_problem(assets, ASSETS_FILES, site->task->place, hint,
        "the build of '%.*s' failed with exit code %d: %.*s", STR_FMT(site->task->id), end.status,
        STR_FMT(command));
}

AssetsResult site_build(Site *site)
{
    const Datum *properties = site->task->properties;
    const Datum *build = datum_get(properties, STR("Build"));
    Str source;
    Str command = STR("");
    Str output = STR("");
    AssetsResult result = site_text(site, properties, "Source", STR("."), &source);
    source = str_format(site->arena, "%.*s/%.*s", STR_FMT(site->assets->root), STR_FMT(source));
    if (result == ASSETS_DONE && build)
        result = site_text(site, build, "Command", STR(""), &command);
    if (result == ASSETS_DONE && build)
        result = site_text(site, build, "Output", STR(""), &output);
    if (result == ASSETS_DONE && command.len)
        result = run(site, command, source, datum_get(build, STR("Environment")));
    site->folder = output.len
                       ? str_format(site->arena, "%.*s/%.*s", STR_FMT(source), STR_FMT(output))
                       : source;
    return result;
}
