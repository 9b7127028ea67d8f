#include "runtime/assets/site_priv.h"

static void take_line(void *context, Str line)
{
    tell_line(context, line);
}

static bool is_literal(const Datum *value)
{
    return value->kind != DATUM_MAP && value->kind != DATUM_LIST;
}

// Whether the resolver can tell every value, without a word to anybody.
static bool can_be_told(const Site *site, const Datum *map)
{
    const AssetsResolver *resolver = site->resolver;
    for (size_t i = 0; map && i < map->entries.len; i++) {
        Str text;
        Str error;
        const Datum *value = map->entries.items[i].value;
        if (!is_literal(value) && !resolver->resolve(resolver->context, site->arena,
                                      site->task->stack, value, &text, &error))
            return false;
    }
    return true;
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

static AssetsResult run(const Site *site, Str command, const Datum *environment)
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
        .folder = site->source,
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
    Str hint = str_format(site->arena, "run it yourself in %.*s", STR_FMT(site->source));
    if (!end.ended)
        return tell_problem(assets, ASSETS_FILES, site->task->place, hint,
            "the build of '%.*s' cannot be started: %.*s", STR_FMT(site->task->id),
            STR_FMT(end.error));
    return tell_problem(assets, ASSETS_FILES, site->task->place, hint,
        "the build of '%.*s' failed with exit code %d: %.*s", STR_FMT(site->task->id), end.status,
        STR_FMT(command));
}

AssetsResult site_find_folders(Site *site)
{
    Arena *arena = site->arena;
    const Datum *properties = site->task->properties;
    Str source;
    Str output;
    AssetsResult result = site_text(site, properties, "Source", STR("."), &source);
    if (result == ASSETS_DONE)
        result = site_text(site, datum_get(properties, STR("Build")), "Output", STR(""), &output);
    if (result != ASSETS_DONE)
        return result;
    site->source = str_format(arena, "%.*s/%.*s", STR_FMT(site->assets->root), STR_FMT(source));
    site->folder = output.len
                       ? str_format(arena, "%.*s/%.*s", STR_FMT(site->source), STR_FMT(output))
                       : site->source;
    return ASSETS_DONE;
}

AssetsResult site_build(Site *site, bool early)
{
    Assets *assets = site->assets;
    const Datum *build = datum_get(site->task->properties, STR("Build"));
    const Datum *environment = datum_get(build, STR("Environment"));
    Str command = STR("");
    for (size_t i = 0; i < assets->built.len; i++)
        if (assets->built.items[i] == site->task)
            return ASSETS_DONE;
    if (!build || (early && !can_be_told(site, environment)))
        return ASSETS_DONE;
    AssetsResult result = site_text(site, build, "Command", STR(""), &command);
    if (result == ASSETS_DONE && command.len)
        result = run(site, command, environment);
    if (result == ASSETS_DONE)
        VEC_ADD(assets->arena, &assets->built, site->task);
    return result;
}
