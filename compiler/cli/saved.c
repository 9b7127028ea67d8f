#include "compiler/cli/saved.h"

#include "compiler/cli/artifacts.h"
#include "compiler/data/data.h"

static const char *const ENDINGS[] = {"json", "yaml", "yml", "template"};

bool saved_open(const Cli *cli, const Host *host, Str path, Saved *saved)
{
    *saved = (Saved){.cli = cli, .host = host, .path = path, .findings = findings_new(cli->arena)};
    if (str_ends(path, STR(".manifest.json"))) {
        Str error;
        saved->manifest = manifest_read(cli->arena, host, path, &error);
        if (!saved->manifest)
            cli_fail(cli, "%.*s", STR_FMT(error));
        return saved->manifest != NULL;
    }
    FileResult file = host->read_file(host->context, cli->arena, path, MANIFEST_MAX_TEMPLATE);
    saved->folder = file.status == FILE_NOT_REGULAR;
    if (file.status == FILE_OK || saved->folder)
        return true;
    cli_fail(cli, "cannot read '%.*s': %.*s", STR_FMT(path), STR_FMT(file.error));
    return false;
}

// JSON is told from YAML by its first character, as YAML's flow style is no way to write a
// template.
static bool parse(Saved *saved, Str path, Str text, const Datum **found)
{
    Arena *arena = saved->cli->arena;
    Sources *sources = findings_sources(saved->findings);
    DataContext context = {arena, sources, findings_sink(saved->findings)};
    FileId file = sources_add(sources, str_copy(arena, path), text);
    bool json = str_starts(str_trim(str_slice(text, 0, 1024)), STR("{"));
    *found = json ? data_read_json(&context, file) : data_read_yaml(&context, file);
    if (!*found) {
        findings_report(saved->cli, saved->findings);
        return false;
    }
    const Datum *resources = datum_get(*found, STR("Resources"));
    if (resources && resources->kind == DATUM_MAP)
        return true;
    cli_fail(saved->cli, "'%.*s' is no template: it has no Resources", STR_FMT(path));
    return false;
}

// Reads `path` when it is there.
static bool read(Saved *saved, Str path, const Datum **found)
{
    const Host *host = saved->host;
    FileResult file =
        host->read_file(host->context, saved->cli->arena, path, MANIFEST_MAX_TEMPLATE);
    if (file.status == FILE_OK)
        return parse(saved, path, file.text, found);
    if (file.status == FILE_MISSING)
        return true;
    cli_fail(saved->cli, "cannot read '%.*s': %.*s", STR_FMT(path), STR_FMT(file.error));
    return false;
}

// STAGE.json, STAGE.ID.json below the folder, or with another ending.
static bool read_in_folder(Saved *saved, Str stage, Str stack, const Datum **found)
{
    Arena *arena = saved->cli->arena;
    Str name = stage.len ? stage : STR("template");
    if (!str_is(stack, "main"))
        name = str_format(arena, "%.*s.%.*s", STR_FMT(name), STR_FMT(stack));
    for (size_t i = 0; !*found && i < sizeof ENDINGS / sizeof *ENDINGS; i++) {
        Str path =
            str_format(arena, "%.*s/%.*s.%s", STR_FMT(saved->path), STR_FMT(name), ENDINGS[i]);
        if (!read(saved, path, found))
            return false;
    }
    return true;
}

bool saved_template(Saved *saved, Str stage, Str stack, const Datum **found)
{
    *found = NULL;
    if (saved->manifest) {
        const ManifestStack *deployed = manifest_stack(saved->manifest, stack);
        *found = deployed ? deployed->template_ : NULL;
        return true;
    }
    if (saved->folder)
        return read_in_folder(saved, stage, stack, found);
    if (str_is(stack, "main"))
        return read(saved, saved->path, found);
    // Further stacks stand beside: old.json, old.ID.json.
    Str stem = path_without_ending(saved->path);
    Str ending = str_slice(saved->path, stem.len, saved->path.len);
    return read(saved,
        str_format(
            saved->cli->arena, "%.*s.%.*s%.*s", STR_FMT(stem), STR_FMT(stack), STR_FMT(ending)),
        found);
}
