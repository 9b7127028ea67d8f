// The order keeps every visitor served: files that pages name come first, then the pages, then
// CloudFront forgets the old ones, and what no page names any more goes last.
#include "runtime/assets/site_priv.h"

#include <string.h>

AssetsResult site_text(const Site *site, const Datum *map, const char *key, Str fallback, Str *text)
{
    const Datum *value = datum_get(map, str_of(key));
    Str error = STR("it is no text");
    *text = fallback;
    if (!value || value->kind == DATUM_NULL)
        return ASSETS_DONE;
    *text = value->text;
    if (value->kind == DATUM_STRING || value->kind == DATUM_NUMBER)
        return ASSETS_DONE;
    if (value->kind == DATUM_BOOL) {
        *text = value->boolean ? STR("true") : STR("false");
        return ASSETS_DONE;
    }
    const AssetsResolver *resolver = site->resolver;
    if (resolver->resolve(resolver->context, site->arena, site->task->stack, value, text, &error))
        return ASSETS_DONE;
    return tell_problem(site->assets, ASSETS_FILES, site->task->place, STR(""),
        "'%s' of '%.*s' cannot be settled: %.*s", key, STR_FMT(site->task->id), STR_FMT(error));
}

// ---- the bucket ----

static AssetsResult open_bucket(Site *site)
{
    const AssetsSetup *setup = site->assets->setup;
    const ManifestStack *stack = manifest_stack(setup->manifest, site->task->stack);
    Str name;
    Str error = STR_NONE;
    AssetsResult result = site_text(site, site->task->properties, "Bucket", STR(""), &name);
    if (result != ASSETS_DONE)
        return result;
    if (!name.len)
        return tell_problem(site->assets, ASSETS_FILES, site->task->place,
            STR("give it one: Bucket: MyBucket"), "'%.*s' names no bucket",
            STR_FMT(site->task->id));
    if (!s3_bucket_init(&site->bucket, site->arena, setup->world, setup->http, setup->keys,
            &setup->s3, name, stack_region(site->assets, stack), &error))
        return tell_problem(
            site->assets, ASSETS_REFUSED, site->task->place, STR(""), "%.*s", STR_FMT(error));
    site->bucket.owner = setup->account;
    AwsReply reply = s3_list(&site->bucket, site->arena, site->prefix, &site->objects);
    return reply.ok ? ASSETS_DONE
                    : tell_refused(site->assets, site->task->place, &reply, "s3:ListBucket",
                          str_format(site->arena, "list the bucket '%.*s'", STR_FMT(name)));
}

// ---- what is to be done ----

// Whether the object can be what the file is: then its content decides.
static bool may_be_same(const SiteRecord *record, const SiteFile *file, const S3Object *object)
{
    return record && object && object->size == file->entry->size &&
           (str_is(record->etag, "-") || str_equal(record->etag, object->etag));
}

// What is uploaded anyhow is hashed when its turn comes, if it is read whole then. After a change
// that was not ended all is hashed first, so that it is known whether this is the same one.
static AssetsResult compare_file(Site *site, SiteFile *file, const S3Object *object)
{
    const SiteRecord *record = site_find_record(&site->state, file->key_hash);
    bool candidate = may_be_same(record, file, object);
    AssetsResult result = ASSETS_DONE;
    if (candidate || site->state.running || file->entry->size > S3_IN_MEMORY)
        result = site_hash_file(site, file);
    file->upload = !candidate || !str_equal(record->record, file->record);
    file->etag = file->upload ? STR_NONE : object->etag;
    return result;
}

static AssetsResult compare(Site *site)
{
    Arena *arena = site->arena;
    Map objects = {0};
    Map files = {0};
    for (size_t i = 0; i < site->objects.len; i++)
        map_set(&objects, arena, site->objects.items[i].key, &site->objects.items[i]);
    for (size_t i = 0; i < site->files.len; i++) {
        SiteFile *file = &site->files.items[i];
        if (is_cancelled(site->assets))
            return ASSETS_CANCELLED;
        AssetsResult result = compare_file(site, file, map_find(&objects, file->key));
        if (result != ASSETS_DONE)
            return result;
        map_set(&files, arena, file->key, file);
    }
    for (size_t i = 0; site->purge && i < site->objects.len; i++) {
        const S3Object *object = &site->objects.items[i];
        if (!map_find(&files, object->key) &&
            site_find_record(&site->state, sha256_hex(arena, object->key)))
            VEC_ADD(arena, &site->old, *object);
    }
    return ASSETS_DONE;
}

static void settle_content(Site *site)
{
    unsigned char digest[SHA256_BYTES];
    bool known = true;
    for (size_t i = 0; i < site->files.len; i++) {
        known = known && site->files.items[i].record.len;
        sha256_add(site->sha256, site->files.items[i].key_hash);
        sha256_add(site->sha256, site->files.items[i].record);
    }
    sha256_take(site->sha256, digest);
    site->content = known ? sha256_digits(site->arena, digest) : STR("-");
}

static size_t count_uploads(const Site *site, uint64_t *bytes)
{
    size_t count = 0;
    *bytes = 0;
    for (size_t i = 0; i < site->files.len; i++) {
        count += site->files.items[i].upload;
        *bytes += site->files.items[i].upload ? site->files.items[i].entry->size : 0;
    }
    return count;
}

// A change that was begun keeps its id, unless it is known to have led to something else: with its
// content it names what CloudFront is asked for, so that it is asked for the same thing once.
static void settle_id(Site *site)
{
    const World *world = site->assets->setup->world;
    bool same = str_is(site->state.content, "-") || str_equal(site->state.content, site->content);
    if (site->state.running && same && site->state.id.len) {
        site->id = site->state.id;
        return;
    }
    Str id = STR("");
    for (int i = 0; i < 4; i++)
        id = str_format(
            site->arena, "%.*s%08x", STR_FMT(id), (unsigned)world->random(world->context));
    site->id = id;
}

// ---- doing it ----

static AssetsResult upload_some(Site *site, Arena *arena, bool entries, const char *what)
{
    S3Upload *uploads = ARENA_ARRAY(arena, S3Upload, site->files.len);
    SiteFile **sources = ARENA_ARRAY(arena, SiteFile *, site->files.len);
    size_t count = 0;
    for (size_t i = 0; i < site->files.len; i++) {
        SiteFile *file = &site->files.items[i];
        if (!file->upload || file->is_entry != entries)
            continue;
        uploads[count] = (S3Upload){.key = file->key,
            .path = file->entry->path,
            .descriptor = -1,
            .size = file->entry->size,
            .content_type = file->content_type,
            .cache_control = file->cache_control,
            .unhashed = !file->record.len};
        memcpy(uploads[count].hash, file->digest, SHA256_BYTES);
        sources[count++] = file;
    }
    if (!count)
        return ASSETS_DONE;
    AssetsResult result = upload_batch(site->assets, &site->bucket, uploads, count,
        str_format(arena, "%zu %s", count, what), site->task->place, arena);
    for (size_t i = 0; i < count; i++) {
        sources[i]->etag = str_copy(site->arena, uploads[i].etag);
        memcpy(sources[i]->digest, uploads[i].hash, SHA256_BYTES);
        if (result == ASSETS_DONE && uploads[i].unhashed)
            site_make_record(site, sources[i]);
    }
    return result;
}

static AssetsResult upload_files(Site *site, bool entries, const char *what)
{
    Arena *arena = arena_new();
    AssetsResult result = upload_some(site, arena, entries, what);
    arena_free(arena);
    return result;
}

static AssetsResult remove_old(Site *site)
{
    if (!site->old.len)
        return ASSETS_DONE;
    tell_step(site->assets, "removing %zu files that the site no longer has", site->old.len);
    AwsReply reply = s3_delete(&site->bucket, site->arena, site->old.items, site->old.len);
    return reply.ok ? ASSETS_DONE
                    : tell_refused(site->assets, site->task->place, &reply, "s3:DeleteObject",
                          str_format(site->arena, "remove old files from the bucket '%.*s'",
                              STR_FMT(site->bucket.name)));
}

static AssetsResult change(Site *site)
{
    AssetsResult result = site_save_state(site, false);
    if (result == ASSETS_DONE)
        result = upload_files(site, false, "files of the site");
    if (result == ASSETS_DONE)
        result = upload_files(site, true, "pages of the site");
    settle_content(site);
    if (result == ASSETS_DONE)
        result = site_invalidate(site);
    if (result == ASSETS_DONE && is_cancelled(site->assets))
        result = ASSETS_CANCELLED;
    if (result == ASSETS_DONE)
        result = remove_old(site);
    return result == ASSETS_DONE ? site_save_state(site, true) : result;
}

static AssetsResult bring_up_to_date(Site *site)
{
    uint64_t bytes;
    AssetsResult result = compare(site);
    if (result != ASSETS_DONE)
        return result;
    settle_content(site);
    size_t count = count_uploads(site, &bytes);
    if (!count && !site->old.len && !site->state.running) {
        tell_step(site->assets, "the site in %.*s is up to date: %zu files",
            STR_FMT(site->bucket.name), site->files.len);
        return ASSETS_DONE;
    }
    settle_id(site);
    tell_step(site->assets, "uploading the site to %.*s: %zu of %zu files, %.*s",
        STR_FMT(site->bucket.name), count, site->files.len, STR_FMT(size_text(site->arena, bytes)));
    return change(site);
}

// ---- the task ----

static bool flag_of(const ManifestTask *task, const char *key)
{
    const Datum *value = datum_get(task->properties, str_of(key));
    return value && value->kind == DATUM_BOOL && value->boolean;
}

static AssetsResult read_settings(Site *site)
{
    const ManifestTask *task = site->task;
    Str path;
    site->purge = flag_of(task, "Purge");
    site->state_key =
        str_format(site->arena, ".altc/%.*s.%.*s", STR_FMT(task->stack), STR_FMT(task->id));
    AssetsResult result = site_text(site, task->properties, "Path", STR(""), &path);
    while (path.len && path.ptr[path.len - 1] == '/')
        path.len--;
    while (path.len && path.ptr[0] == '/')
        path = str_slice(path, 1, path.len);
    site->prefix = path.len ? str_format(site->arena, "%.*s/", STR_FMT(path)) : STR("");
    if (result == ASSETS_DONE)
        result = site_text(site, task->properties, "TextEncoding", STR("utf-8"), &site->charset);
    return result == ASSETS_DONE ? site_find_folders(site) : result;
}

// The output of the task's stack that is there when it is to be done.
static bool is_wanted(const Site *site)
{
    Str name = site->task->condition;
    Str text;
    Str error;
    if (!name.len)
        return true;
    Datum *output = datum_map(site->arena, NULL);
    datum_put(site->arena, output, STR("Output"), NULL, datum_string(site->arena, NULL, name));
    return site->resolver->resolve(
        site->resolver->context, site->arena, site->task->stack, output, &text, &error);
}

AssetsResult site_build_early(
    Assets *assets, const ManifestTask *task, const AssetsResolver *resolver)
{
    Arena *arena = arena_new();
    Site site = {.assets = assets, .task = task, .resolver = resolver, .arena = arena};
    AssetsResult result = ASSETS_DONE;
    if (!task->condition.len)
        result = site_find_folders(&site);
    if (result == ASSETS_DONE && !task->condition.len)
        result = site_build(&site, true);
    arena_free(arena);
    return result;
}

AssetsResult site_run(Assets *assets, const ManifestTask *task, const AssetsResolver *resolver)
{
    Arena *arena = arena_new();
    Site site = {.assets = assets, .task = task, .resolver = resolver, .arena = arena};
    static AssetsResult (*const STEPS[])(Site *) = {
        site_list_files, open_bucket, site_load_state, bring_up_to_date};
    bool wanted = is_wanted(&site);
    AssetsResult result = wanted ? read_settings(&site) : ASSETS_DONE;
    if (wanted && result == ASSETS_DONE)
        result = site_build(&site, false);
    for (size_t i = 0; wanted && result == ASSETS_DONE && i < sizeof STEPS / sizeof *STEPS; i++)
        result = STEPS[i](&site);
    arena_free(arena);
    return result;
}
