// What the files of this module share.
#ifndef ALTC_ASSETS_ASSETS_PRIV_H
#define ALTC_ASSETS_ASSETS_PRIV_H

#include "runtime/assets/assets.h"
#include "runtime/assets/pack.h"
#include "runtime/aws/s3.h"

typedef struct PackedAsset {
    const ManifestAsset *asset;
    Pack pack;
} PackedAsset;

typedef struct AssetBucket {
    Str region;
    S3Bucket bucket;
    bool warned; // of its region
} AssetBucket;

struct Assets {
    Arena *arena;
    const AssetsSetup *setup;
    Str root; // real path
    VEC(PackedAsset) packs;
    VEC(AssetBucket *) buckets;
    VEC(const ManifestTask *) built; // whose build has run
};

// ---- telling (tell.c) ----

void tell_step(const Assets *assets, const char *format, ...) __attribute__((format(printf, 2, 3)));
void tell_warning(const Assets *assets, NoticePlace place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// A line of a program's output.
void tell_line(const Assets *assets, Str line);
// Tells a problem; gives `result` back.
AssetsResult tell_problem(const Assets *assets, AssetsResult result, NoticePlace place, Str hint,
    const char *format, ...) __attribute__((format(printf, 5, 6)));
// A call that AWS refused: "cannot WHAT: CODE: MESSAGE". `action` is the permission it needs.
AssetsResult tell_refused(
    const Assets *assets, NoticePlace place, const AwsReply *reply, const char *action, Str what);
// A file that cannot be taken; nothing is told when it was cancelled.
AssetsResult tell_file(
    const Assets *assets, NoticePlace place, const char *what, const TreeProblem *problem);
bool is_cancelled(const Assets *assets);

// ---- uploading (upload.c) ----

// The name of the bucket for assets in a region; empty when the account has to be known for it.
Str asset_bucket_name(const Assets *assets, Str region);
// The bucket of a region. Nothing is asked of AWS yet.
AssetsResult assets_bucket(Assets *assets, Str region, AssetBucket **bucket);
// Whether an object is there. A bucket that is altc's own and missing is made. Who may not list
// learns that nothing is there: the upload then finds out.
AssetsResult assets_look(Assets *assets, AssetBucket *bucket, Arena *arena, Str key, bool *there);
// Uploads and tells how far it is; `what` names them for people, empty: nothing is told.
AssetsResult upload_batch(Assets *assets, S3Bucket *bucket, S3Upload *uploads, size_t count,
    Str what, NoticePlace place, Arena *arena);
Str stack_region(const Assets *assets, const ManifestStack *stack);
// "12.3 MB"
Str size_text(Arena *arena, uint64_t bytes);

// ---- sites (site.c) ----

AssetsResult site_build_early(
    Assets *assets, const ManifestTask *task, const AssetsResolver *resolver);
AssetsResult site_run(Assets *assets, const ManifestTask *task, const AssetsResolver *resolver);

#endif
