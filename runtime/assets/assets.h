// What is uploaded for a stage: packed code before its stacks change, templates that are too large
// to be handed in, and the files of sites afterwards.
//
// Whoever deploys calls, in this order:
//
//     Assets *assets = assets_new(arena, &setup);
//     assets_prepare(assets)               files only, no network: before anything else
//     assets_location(assets, ...)         bucket and key, known from here on
//     assets_build_task(assets, task, ...) for each task of the manifest: still nothing is changed
//     assets_upload(assets)                after the identity is settled
//     assets_template_url(assets, ...)     for each template that needs it
//     ... the stacks ...
//     assets_run_task(assets, task, ...)   for each task of the manifest
//
// Every call tells the listener what it does. Unless its result is ASSETS_DONE or ASSETS_CANCELLED
// it has told a NOTICE_PROBLEM, with a hint and the place in the source, and nothing needs to be
// added.
#ifndef ALTC_ASSETS_ASSETS_H
#define ALTC_ASSETS_ASSETS_H

#include "runtime/aws/client.h"
#include "runtime/manifest/manifest.h"

typedef enum AssetsResult {
    ASSETS_DONE,
    ASSETS_FILES,    // a file or folder is missing or not fit, or a build failed
    ASSETS_IDENTITY, // no credentials, or the bucket is somebody else's
    ASSETS_REFUSED,  // AWS refused, or did not answer
    ASSETS_CANCELLED // host->cancelled said so; uploads that were begun are taken back
} AssetsResult;

// A template of more bytes is handed in by its address.
enum { ASSETS_LONGEST_BODY = 51200 };

typedef struct AssetsSetup {
    const World *world;
    HttpTransport http;
    HttpParallel parallel;
    AwsKeySource keys;
    EndpointOptions s3; // cred_endpoint_options(cred, arena, "S3")
    EndpointOptions cloudfront;
    const Manifest *manifest;
    Str root;    // the project's, absolute; assets and sites lie below it
    Str folder;  // for files that are needed for a moment; it exists
    Str account; // the caller's; needed from assets_upload on
    Str region;  // of stacks that name none
    Str bucket;  // --asset-bucket or ALTC_ASSET_BUCKET; empty: "altc-assets-ACCOUNT-REGION"
    size_t jobs; // requests at once; 0 stands for 16
    const Listener *listener;
} AssetsSetup;

typedef struct AssetsLocation {
    Str bucket;
    Str key; // "APP/SHA256.zip"
} AssetsLocation;

typedef struct Assets Assets;

// Keeps pointers into `setup`. All results live in the arena.
Assets *assets_new(Arena *arena, const AssetsSetup *setup);
// Reads and hashes what is to be packed. The key is the SHA-256 of names, modes and contents, not
// of the packed bytes, which would change with the version of the compressor.
AssetsResult assets_prepare(Assets *assets);
// Settles the bucket of each region that needs one (made when it is altc's own and missing) and
// uploads what is not there yet. What is there is never written again.
AssetsResult assets_upload(Assets *assets);
// Where an asset lies for a stack. Needs assets_prepare and, without a bucket in the setup, the
// account. False when the manifest has no such asset.
bool assets_location(
    const Assets *assets, Str asset, const ManifestStack *stack, AssetsLocation *location);
// Uploads the template and gives its address, which CloudFormation can read: never that of
// AWS_ENDPOINT_URL_S3, but AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION when that is set.
AssetsResult assets_template_url(Assets *assets, const ManifestStack *stack, Str *url);

// Turns a value of a task's property that is not literal, {"Ref": ID} or {"Output": NAME} of the
// task's stack (spec/tasks.md), into its text. False: `error` says why it is not known.
typedef struct AssetsResolver {
    void *context;
    bool (*resolve)(
        void *context, Arena *arena, Str stack, const Datum *value, Str *text, Str *error);
} AssetsResolver;

// Runs the build of a task now if the resolver, which before the stacks knows parameters only, can
// tell all of its environment; what cannot be built yet is built by assets_run_task. A build that
// fails here has cost nothing.
AssetsResult assets_build_task(
    Assets *assets, const ManifestTask *task, const AssetsResolver *resolver);
// Does a task of a stack that stands, unless its condition says no: Alt::Site::Files builds the
// site, uploads what is new or changed, entry points last, removes what the site no longer has and
// makes CloudFront forget it. May be repeated: what is done already is found done.
AssetsResult assets_run_task(
    Assets *assets, const ManifestTask *task, const AssetsResolver *resolver);

// Deletes every object of a bucket, all versions too. `count`: how many. A bucket that does not
// exist is empty.
AssetsResult assets_empty_bucket(Assets *assets, Str bucket, Str region, size_t *count);

#endif
