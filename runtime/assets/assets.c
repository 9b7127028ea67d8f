#include "runtime/assets/assets_priv.h"

#include <string.h>
#include <unistd.h>

enum { LARGEST_TEMPLATE = 1000 * 1000, LARGEST_FUNCTION = 250 * 1024 * 1024 };

Assets *assets_new(Arena *arena, const AssetsSetup *setup)
{
    Assets *assets = ARENA_NEW(arena, Assets);
    *assets = (Assets){.arena = arena, .setup = setup, .root = setup->root};
    Str real = setup->world->host->real_path(setup->world->host->context, arena, setup->root);
    if (real.len)
        assets->root = real;
    return assets;
}

// ---- packing ----

static AssetsResult judge_pack(const Assets *assets, const PackedAsset *packed)
{
    const ManifestAsset *asset = packed->asset;
    const Tree *tree = &packed->pack.tree;
    if (!tree->entries.len)
        return tell_problem(assets, ASSETS_FILES, asset->place,
            STR("build it first, or correct the path"), "the folder '%.*s' is empty",
            STR_FMT(asset->path));
    if (packed->pack.ready && tree->size == 0)
        return tell_problem(assets, ASSETS_FILES, asset->place, STR("pack it again"),
            "the file '%.*s' is empty", STR_FMT(asset->path));
    if (tree->size > LARGEST_FUNCTION && !packed->pack.ready)
        tell_warning(assets, asset->place,
            "'%.*s' holds %.*s: AWS Lambda takes at most 250 MiB unpacked", STR_FMT(asset->path),
            STR_FMT(size_text(assets->arena, tree->size)));
    return ASSETS_DONE;
}

static AssetsResult prepare_one(Assets *assets, const ManifestAsset *asset)
{
    const AssetsSetup *setup = assets->setup;
    PackedAsset packed = {.asset = asset};
    TreeProblem problem;
    Str path = str_format(assets->arena, "%.*s/%.*s", STR_FMT(assets->root), STR_FMT(asset->path));
    if (!pack_read(assets->arena, setup->world->host, assets->root, path, &packed.pack, &problem)) {
        if (problem.missing)
            problem.path = asset->path;
        return tell_file(assets, asset->place, "pack", &problem);
    }
    VEC_ADD(assets->arena, &assets->packs, packed);
    return judge_pack(assets, &packed);
}

AssetsResult assets_prepare(Assets *assets)
{
    const Manifest *manifest = assets->setup->manifest;
    AssetsResult worst = ASSETS_DONE;
    assets->packs.len = 0;
    for (size_t i = 0; i < manifest->assets.len && worst != ASSETS_CANCELLED; i++) {
        AssetsResult result = prepare_one(assets, &manifest->assets.items[i]);
        worst = result != ASSETS_DONE ? result : worst;
    }
    return worst;
}

static const PackedAsset *find_pack(const Assets *assets, Str id)
{
    for (size_t i = 0; i < assets->packs.len; i++)
        if (str_equal(assets->packs.items[i].asset->id, id))
            return &assets->packs.items[i];
    return NULL;
}

// ---- keys ----

static Str key_of(
    const Assets *assets, Arena *arena, const char *folder, Str hash, const char *ending)
{
    Str app = assets->setup->manifest->app;
    return str_format(
        arena, "%.*s/%s%.*s%s", STR_FMT(app.len ? app : STR("app")), folder, STR_FMT(hash), ending);
}

static Str pack_key(const Assets *assets, Arena *arena, const PackedAsset *packed)
{
    return key_of(assets, arena, "", packed->pack.key, ".zip");
}

bool assets_location(
    const Assets *assets, Str asset, const ManifestStack *stack, AssetsLocation *location)
{
    const PackedAsset *packed = find_pack(assets, asset);
    Str bucket = asset_bucket_name(assets, stack_region(assets, stack));
    if (!packed || !bucket.len)
        return false;
    *location = (AssetsLocation){bucket, pack_key(assets, assets->arena, packed)};
    return true;
}

// ---- uploading ----

// The packs that stacks of a region want, each key once.
typedef VEC(const PackedAsset *) PackList;

static bool has_key(const PackList *packs, Str key)
{
    for (size_t i = 0; i < packs->len; i++)
        if (str_equal(packs->items[i]->pack.key, key))
            return true;
    return false;
}

static void collect_packs(const Assets *assets, Str region, Arena *arena, PackList *packs)
{
    const Manifest *manifest = assets->setup->manifest;
    for (size_t i = 0; i < manifest->stacks.len; i++) {
        const ManifestStack *stack = &manifest->stacks.items[i];
        if (!str_equal(stack_region(assets, stack), region))
            continue;
        for (size_t k = 0; k < stack->parameters.len; k++) {
            const ManifestParameter *parameter = &stack->parameters.items[k];
            const PackedAsset *packed = find_pack(assets, parameter->asset);
            bool wanted = parameter->source == MANIFEST_ASSET_BUCKET ||
                          parameter->source == MANIFEST_ASSET_KEY;
            if (wanted && packed && !has_key(packs, packed->pack.key))
                VEC_ADD(arena, packs, packed);
        }
    }
}

static AssetsResult pack_one(
    Assets *assets, const PackedAsset *packed, Arena *arena, S3Upload *upload)
{
    PackedFile file;
    TreeProblem problem;
    const AssetsSetup *setup = assets->setup;
    if (!pack_write(arena, setup->world->host, setup->folder, &packed->pack, &file, &problem))
        return tell_file(assets, packed->asset->place, "pack", &problem);
    *upload = (S3Upload){.key = pack_key(assets, arena, packed),
        .descriptor = file.descriptor,
        .size = file.size,
        .content_type = STR("application/zip"),
        .once = true};
    memcpy(upload->hash, file.hash, sizeof upload->hash);
    return ASSETS_DONE;
}

static AssetsResult upload_packs(
    Assets *assets, AssetBucket *bucket, Arena *arena, const PackList *packs)
{
    S3Upload *uploads = ARENA_ARRAY(arena, S3Upload, packs->len);
    size_t count = 0;
    AssetsResult result = ASSETS_DONE;
    for (size_t i = 0; i < packs->len && result == ASSETS_DONE; i++) {
        bool there = false;
        result =
            assets_look(assets, bucket, arena, pack_key(assets, arena, packs->items[i]), &there);
        if (result == ASSETS_DONE && !there) {
            result = pack_one(assets, packs->items[i], arena, &uploads[count]);
            count += result == ASSETS_DONE;
        }
    }
    if (result == ASSETS_DONE && count) {
        Str what = count == 1 ? STR("1 asset") : str_format(arena, "%zu assets", count);
        tell_step(assets, "uploading %.*s to %.*s", STR_FMT(what), STR_FMT(bucket->bucket.name));
        result = upload_batch(
            assets, &bucket->bucket, uploads, count, what, packs->items[0]->asset->place, arena);
    }
    for (size_t i = 0; i < count; i++)
        close(uploads[i].descriptor);
    return result;
}

static AssetsResult upload_for(Assets *assets, Str region)
{
    Arena *arena = arena_new();
    PackList packs = {0};
    collect_packs(assets, region, arena, &packs);
    AssetBucket *bucket;
    AssetsResult result = ASSETS_DONE;
    if (packs.len)
        result = assets_bucket(assets, region, &bucket);
    if (packs.len && result == ASSETS_DONE)
        result = upload_packs(assets, bucket, arena, &packs);
    arena_free(arena);
    return result;
}

AssetsResult assets_upload(Assets *assets)
{
    const Manifest *manifest = assets->setup->manifest;
    AssetsResult result = ASSETS_DONE;
    for (size_t i = 0; i < manifest->stacks.len && result == ASSETS_DONE; i++) {
        Str region = stack_region(assets, &manifest->stacks.items[i]);
        bool seen = false;
        for (size_t k = 0; k < i; k++)
            seen = seen || str_equal(region, stack_region(assets, &manifest->stacks.items[k]));
        if (!seen)
            result = upload_for(assets, region);
    }
    return result;
}

// ---- templates ----

AssetsResult assets_template_url(Assets *assets, const ManifestStack *stack, Str *url)
{
    AssetBucket *bucket;
    Str text = stack->template_text;
    if (text.len > LARGEST_TEMPLATE)
        return tell_problem(assets, ASSETS_FILES, (NoticePlace){0},
            STR("move resources into a stack of their own"),
            "the template of '%.*s' has %zu bytes, AWS takes at most 1,000,000",
            STR_FMT(stack->name), text.len);
    AssetsResult result = assets_bucket(assets, stack_region(assets, stack), &bucket);
    if (result != ASSETS_DONE)
        return result;
    Arena *arena = arena_new();
    S3Upload upload = {.descriptor = -1,
        .body = text,
        .size = text.len,
        .content_type = STR("application/json"),
        .once = true};
    sha256_digest(text, upload.hash);
    upload.key =
        key_of(assets, assets->arena, "templates/", sha256_digits(arena, upload.hash), ".json");
    bool there;
    result = assets_look(assets, bucket, arena, upload.key, &there);
    if (result == ASSETS_DONE && !there)
        result = upload_batch(assets, &bucket->bucket, &upload, 1,
            str_format(arena, "the template of %.*s", STR_FMT(stack->name)), (NoticePlace){0},
            arena);
    *url = s3_object_url(&bucket->bucket, assets->arena, upload.key,
        world_env(assets->setup->world, "AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION"));
    arena_free(arena);
    return result;
}

// ---- the rest ----

AssetsResult assets_build_task(
    Assets *assets, const ManifestTask *task, const AssetsResolver *resolver)
{
    bool known = str_is(task->type, "Alt::Site::Files");
    return known ? site_build_early(assets, task, resolver) : ASSETS_DONE;
}

AssetsResult assets_run_task(
    Assets *assets, const ManifestTask *task, const AssetsResolver *resolver)
{
    if (str_is(task->type, "Alt::Site::Files"))
        return site_run(assets, task, resolver);
    return tell_problem(assets, ASSETS_FILES, task->place,
        STR("the program was compiled by a newer altc: take that version to deploy it"),
        "tasks of type '%.*s' are not known", STR_FMT(task->type));
}

AssetsResult assets_empty_bucket(Assets *assets, Str name, Str region, size_t *count)
{
    const AssetsSetup *setup = assets->setup;
    Arena *arena = arena_new();
    S3Bucket bucket;
    S3Objects objects = {0};
    Str error = STR_NONE;
    AssetsResult result = ASSETS_DONE;
    *count = 0;
    if (!s3_bucket_init(&bucket, arena, setup->world, setup->http, setup->keys, &setup->s3, name,
            region, &error)) {
        result =
            tell_problem(assets, ASSETS_REFUSED, (NoticePlace){0}, STR(""), "%.*s", STR_FMT(error));
        arena_free(arena);
        return result;
    }
    bucket.owner = setup->account;
    AwsReply reply = s3_list_versions(&bucket, arena, &objects);
    const char *action = "s3:ListBucketVersions";
    if (reply.ok && objects.len) {
        action = "s3:DeleteObject and s3:DeleteObjectVersion";
        reply = s3_delete(&bucket, arena, objects.items, objects.len);
    }
    if (reply.ok)
        *count = objects.len;
    else if (reply.status != 404)
        result = tell_refused(assets, (NoticePlace){0}, &reply, action,
            str_format(arena, "empty the bucket '%.*s'", STR_FMT(name)));
    arena_free(arena);
    return result;
}
