// The bucket for assets, and uploads with their progress.
#include "runtime/assets/assets_priv.h"

enum { TELL_EVERY = 100 }; // milliseconds

// ---- the bucket ----

Str stack_region(const Assets *assets, const ManifestStack *stack)
{
    return stack && stack->region.len ? stack->region : assets->setup->region;
}

// A bucket that is given serves the region that is given; stacks elsewhere need one of their own.
static bool is_given(const Assets *assets, Str region)
{
    return assets->setup->bucket.len && str_equal(region, assets->setup->region);
}

Str asset_bucket_name(const Assets *assets, Str region)
{
    const AssetsSetup *setup = assets->setup;
    if (is_given(assets, region))
        return setup->bucket;
    return setup->account.len ? str_format(assets->arena, "altc-assets-%.*s-%.*s",
                                    STR_FMT(setup->account), STR_FMT(region))
                              : STR_NONE;
}

static AssetBucket *find_bucket(Assets *assets, Str region, Str *error)
{
    for (size_t i = 0; i < assets->buckets.len; i++)
        if (str_equal(assets->buckets.items[i]->region, region))
            return assets->buckets.items[i];
    const AssetsSetup *setup = assets->setup;
    AssetBucket *found = ARENA_NEW(assets->arena, AssetBucket);
    found->region = region;
    Str name = asset_bucket_name(assets, region);
    if (!s3_bucket_init(&found->bucket, assets->arena, setup->world, setup->http, setup->keys,
            &setup->s3, name, region, error))
        return NULL;
    found->bucket.owner = setup->account;
    VEC_ADD(assets->arena, &assets->buckets, found);
    return found;
}

static AssetsResult make(Assets *assets, AssetBucket *bucket, Arena *arena)
{
    Str name = bucket->bucket.name;
    if (is_given(assets, bucket->region))
        return tell_problem(assets, ASSETS_REFUSED, (NoticePlace){0},
            STR("create it, or leave --asset-bucket out: then altc makes one"),
            "there is no bucket '%.*s'", STR_FMT(name));
    tell_step(assets, "making the bucket %.*s for assets", STR_FMT(name));
    AwsReply reply = s3_create_bucket(&bucket->bucket, arena);
    if (reply.ok)
        return ASSETS_DONE;
    if (str_is(reply.code, "BucketAlreadyExists"))
        return tell_problem(assets, ASSETS_IDENTITY, (NoticePlace){0},
            STR("name a bucket of your own with --asset-bucket"),
            "the bucket '%.*s' belongs to another account", STR_FMT(name));
    return tell_refused(assets, (NoticePlace){0}, &reply, "s3:CreateBucket",
        str_format(arena, "make the bucket '%.*s'", STR_FMT(name)));
}

AssetsResult assets_bucket(Assets *assets, Str region, AssetBucket **bucket)
{
    Str error = STR_NONE;
    *bucket = find_bucket(assets, region, &error);
    return *bucket ? ASSETS_DONE
                   : tell_problem(
                         assets, ASSETS_REFUSED, (NoticePlace){0}, STR(""), "%.*s", STR_FMT(error));
}

static void warn_of_region(const Assets *assets, AssetBucket *bucket)
{
    if (!bucket->warned && !str_equal(bucket->bucket.region, bucket->region))
        tell_warning(assets, (NoticePlace){0},
            "the bucket %.*s is in %.*s, but the stack is in %.*s: AWS Lambda takes code only from "
            "its own region",
            STR_FMT(bucket->bucket.name), STR_FMT(bucket->bucket.region), STR_FMT(bucket->region));
    bucket->warned = true;
}

AssetsResult assets_look(Assets *assets, AssetBucket *bucket, Arena *arena, Str key, bool *there)
{
    S3Objects objects = {0};
    AwsReply reply = s3_list(&bucket->bucket, arena, key, &objects);
    *there = objects.len > 0;
    warn_of_region(assets, bucket);
    if (str_is(reply.code, "NoSuchBucket"))
        return make(assets, bucket, arena);
    // Who may not list may still write, and each upload says whose the bucket has to be.
    if (reply.ok || str_is(reply.code, "AccessDenied"))
        return ASSETS_DONE;
    return tell_refused(assets, (NoticePlace){0}, &reply, "s3:ListBucket",
        str_format(arena, "list the bucket '%.*s'", STR_FMT(bucket->bucket.name)));
}

// ---- uploads ----

typedef struct Progress {
    const Assets *assets;
    Str text;
    uint64_t done;
    uint64_t total;
    int64_t told; // by the steady clock
} Progress;

static void tell_progress(Progress *progress)
{
    const AssetsSetup *setup = progress->assets->setup;
    if (!progress->text.len)
        return;
    progress->told = setup->world->steady(setup->world->context);
    listener_notify(setup->listener, &(Notice){.kind = NOTICE_PROGRESS,
                                         .text = progress->text,
                                         .done = progress->done,
                                         .total = progress->total});
}

static void add_progress(void *context, uint64_t bytes)
{
    Progress *progress = context;
    const World *world = progress->assets->setup->world;
    progress->done += bytes;
    if (world->steady(world->context) - progress->told >= TELL_EVERY)
        tell_progress(progress);
}

static void count_existing(void *context, const S3Upload *upload)
{
    if (upload->outcome == S3_EXISTED)
        add_progress(context, upload->size);
}

static AssetsResult tell_upload(const Assets *assets, const S3Upload *upload,
    const S3Bucket *bucket, NoticePlace place, Arena *arena)
{
    TreeProblem problem = {
        .path = upload->path.len ? upload->path : upload->key, .text = upload->reply.message};
    if (upload->outcome == S3_CHANGED)
        return tell_file(assets, place, "upload", &problem);
    return tell_refused(assets, place, &upload->reply,
        "s3:PutObject on a bucket of its own account",
        str_format(arena, "upload '%.*s' to the bucket '%.*s'", STR_FMT(upload->key),
            STR_FMT(bucket->name)));
}

AssetsResult upload_batch(Assets *assets, S3Bucket *bucket, S3Upload *uploads, size_t count,
    Str what, NoticePlace place, Arena *arena)
{
    const AssetsSetup *setup = assets->setup;
    Progress progress = {.assets = assets, .text = what};
    for (size_t i = 0; i < count; i++)
        progress.total += uploads[i].size;
    tell_progress(&progress);
    const S3Progress listener = {&progress, add_progress, count_existing};
    bool all =
        s3_upload_all(bucket, arena, setup->parallel, uploads, count, setup->jobs, &listener);
    if (all) {
        progress.done = progress.total;
        tell_progress(&progress);
        return ASSETS_DONE;
    }
    for (size_t i = 0; i < count; i++)
        if (uploads[i].outcome == S3_FAILED || uploads[i].outcome == S3_CHANGED)
            return tell_upload(assets, &uploads[i], bucket, place, arena);
    return ASSETS_CANCELLED;
}
