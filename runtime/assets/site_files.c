#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "runtime/assets/glob.h"
#include "runtime/assets/site_priv.h"

// ---- content types ----

typedef struct Type {
    const char *extension;
    const char *type;
    bool is_text;
} Type;

#define TYPE(extension, type) {extension, type, false},
#define TEXT(extension, type) {extension, type, true},
static const Type TYPES[] = {
#include "runtime/assets/types.def"
};
#undef TYPE
#undef TEXT

Str site_content_type(Arena *arena, Str name, Str charset)
{
    size_t dot = name.len;
    while (dot > 0 && name.ptr[dot - 1] != '.' && name.ptr[dot - 1] != '/')
        dot--;
    bool has_extension = dot > 0 && name.ptr[dot - 1] == '.';
    Str extension = str_lower(arena, str_slice(name, dot, name.len));
    for (size_t i = 0; has_extension && i < sizeof TYPES / sizeof *TYPES; i++) {
        if (!str_is(extension, TYPES[i].extension))
            continue;
        bool plain = !TYPES[i].is_text || str_is(charset, "none");
        return plain ? str_of(TYPES[i].type)
                     : str_format(arena, "%s;charset=%.*s", TYPES[i].type, STR_FMT(charset));
    }
    return STR("application/octet-stream");
}

// ---- options ----

typedef struct FileOption {
    VEC(Str) patterns;
    Str cache_control;
    Str content_type;
} FileOption;

typedef VEC(FileOption) FileOptions;

static AssetsResult read_option(const Site *site, const Datum *datum, FileOption *option)
{
    const Datum *files = datum_get(datum, STR("Files"));
    if (files && files->kind == DATUM_LIST) {
        for (size_t i = 0; i < files->items.len; i++)
            VEC_ADD(site->arena, &option->patterns, files->items.items[i]->text);
    } else if (files) {
        VEC_ADD(site->arena, &option->patterns, files->text);
    }
    AssetsResult result = site_text(site, datum, "CacheControl", STR(""), &option->cache_control);
    return result == ASSETS_DONE
               ? site_text(site, datum, "ContentType", STR(""), &option->content_type)
               : result;
}

static AssetsResult read_options(const Site *site, FileOptions *options)
{
    const Datum *list = datum_get(site->task->properties, STR("FileOptions"));
    AssetsResult result = ASSETS_DONE;
    for (size_t i = 0; list && i < list->items.len && result == ASSETS_DONE; i++) {
        FileOption option = {0};
        result = read_option(site, list->items.items[i], &option);
        VEC_ADD(site->arena, options, option);
    }
    return result;
}

static bool applies(const FileOption *option, Str name)
{
    for (size_t i = 0; i < option->patterns.len; i++)
        if (glob_match(option->patterns.items[i], name))
            return true;
    return false;
}

// The last option that matches decides, as in SST.
static void settle_headers(const Site *site, const FileOptions *options, SiteFile *file)
{
    Str name = file->entry->name;
    file->content_type = site_content_type(site->arena, name, site->charset);
    for (size_t i = 0; i < options->len; i++) {
        const FileOption *option = &options->items[i];
        if (!applies(option, name))
            continue;
        file->cache_control = option->cache_control;
        file->content_type = option->content_type.len
                                 ? option->content_type
                                 : site_content_type(site->arena, name, site->charset);
    }
}

// What is asked for anew each time leads to the rest: pages, service workers, manifests.
static bool is_entry(const SiteFile *file)
{
    static const char *const FRESH[] = {"no-cache", "no-store", "max-age=0"};
    for (size_t i = 0; i < sizeof FRESH / sizeof *FRESH; i++)
        if (str_find(file->cache_control, str_of(FRESH[i]), 0) != SIZE_MAX)
            return true;
    return str_starts(file->content_type, STR("text/html")) ||
           str_starts(file->content_type, STR("application/xhtml")) ||
           str_starts(file->content_type, STR("application/manifest"));
}

// ---- reading ----

void site_make_record(Site *site, SiteFile *file)
{
    unsigned char digest[SHA256_BYTES];
    sha256_add(site->sha256, (Str){(const char *)file->digest, SHA256_BYTES});
    sha256_add(site->sha256, file->content_type);
    sha256_add(site->sha256, STR("\n"));
    sha256_add(site->sha256, file->cache_control);
    sha256_take(site->sha256, digest);
    file->record = sha256_digits(site->arena, digest);
}

static AssetsResult refuse(const Site *site, TreeProblem problem)
{
    if (problem.missing)
        problem.path = site->folder;
    return tell_file(site->assets, site->task->place, "take the site's files from", &problem);
}

AssetsResult site_hash_file(Site *site, SiteFile *file)
{
    TreeProblem problem = {.path = file->entry->path};
    if (file->record.len)
        return ASSETS_DONE;
    if (!pack_digest(site->arena, file->entry, file->digest, &problem.text))
        return refuse(site, problem);
    site_make_record(site, file);
    return ASSETS_DONE;
}

static AssetsResult add_file(Site *site, const FileOptions *options, const TreeEntry *entry)
{
    SiteFile file = {.entry = entry, .key = entry->name};
    if (site->prefix.len)
        file.key = str_format(site->arena, "%.*s%.*s", STR_FMT(site->prefix), STR_FMT(entry->name));
    TreeProblem problem = {.path = entry->path};
    if (!http_header_is_valid(entry->name) || file.key.len > 1024) {
        problem.text = STR("its name has control characters or is longer than 1,024 bytes");
        return refuse(site, problem);
    }
    if (access(entry->path.ptr, R_OK) != 0) { // found out before anything is changed
        problem.text = str_copy(site->arena, str_of(strerror(errno)));
        return refuse(site, problem);
    }
    settle_headers(site, options, &file);
    if (!http_header_is_valid(file.cache_control) || !http_header_is_valid(file.content_type)) {
        problem.text = STR("its options hold control characters");
        return refuse(site, problem);
    }
    file.is_entry = is_entry(&file);
    file.key_hash = sha256_hex(site->arena, file.key);
    VEC_ADD(site->arena, &site->files, file);
    return ASSETS_DONE;
}

AssetsResult site_list_files(Site *site)
{
    TreeProblem problem = {0};
    FileOptions options = {0};
    AssetsResult result = read_options(site, &options);
    if (result != ASSETS_DONE)
        return result;
    if (!tree_read(site->arena, site->assets->root, site->folder, true, &site->tree, &problem))
        return refuse(site, problem);
    site->sha256 = sha256_new(site->arena);
    site->files.cap = site->tree.entries.len; // at once, as so many it can be
    site->files.items = ARENA_ARRAY(site->arena, SiteFile, site->files.cap);
    for (size_t i = 0; i < site->tree.entries.len && result == ASSETS_DONE; i++) {
        if (is_cancelled(site->assets))
            return ASSETS_CANCELLED;
        if (site->tree.entries.items[i].kind == TREE_FILE)
            result = add_file(site, &options, &site->tree.entries.items[i]);
    }
    if (result == ASSETS_DONE && !site->files.len)
        return tell_problem(site->assets, ASSETS_FILES, site->task->place,
            STR("is this where the build writes to?"), "the site's folder '%.*s' is empty",
            STR_FMT(site->folder));
    return result;
}
