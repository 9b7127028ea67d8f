// What a deployment does with assets and sites, without stacks: uploads what a manifest wants and
// brings its sites up to date, and prints each notice. For tests against servers.
//
//     driver WHAT MANIFEST ROOT [--account ID] [--bucket NAME] [--jobs N] [--ref NAME=VALUE]…
//
// WHAT is assets, templates, sites, or empty (then --bucket is emptied). {"Ref": NAME} in a task
// becomes VALUE. The exit code is the AssetsResult. SIGTERM cancels.
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "compiler/cli/host.h"
#include "runtime/assets/assets.h"
#include "runtime/cred/cred.h"

enum { MAX_REFS = 16, USAGE = 64 };

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

static bool cancelled(void *context)
{
    (void)context;
    return stop;
}

static int64_t read_clock(clockid_t id)
{
    struct timespec time;
    clock_gettime(id, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int64_t now(void *context)
{
    (void)context;
    return read_clock(CLOCK_REALTIME);
}

static int64_t steady(void *context)
{
    (void)context;
    return read_clock(CLOCK_MONOTONIC);
}

// Waits are cut short: what they are is the unit tests' matter.
static void pause_for(void *context, int64_t milliseconds)
{
    (void)context;
    poll(NULL, 0, milliseconds < 2 ? (int)milliseconds : 2);
}

static uint32_t chance(void *context)
{
    (void)context;
    return (uint32_t)rand() * 65536U + (uint32_t)rand();
}

static ProgramEnd build(void *context, Arena *arena, const Host *host, const Program *program)
{
    (void)context;
    return program_run(arena, host, program);
}

static void log_line(void *context, Str line)
{
    (void)context;
    fprintf(stderr, "debug: %.*s\n", STR_FMT(line));
}

static void print(void *context, const Notice *notice)
{
    static const char *const KINDS[NOTICE_COUNT] = {"step", "note", "warning", "problem"};
    (void)context;
    if (notice->kind == NOTICE_PROGRESS)
        printf("progress: %.*s %llu/%llu\n", STR_FMT(notice->text),
            (unsigned long long)notice->done, (unsigned long long)notice->total);
    else
        printf("%s: %.*s%s%.*s%s\n", KINDS[notice->kind], STR_FMT(notice->text),
            notice->hint.len ? " [" : "", STR_FMT(notice->hint), notice->hint.len ? "]" : "");
    fflush(stdout);
}

typedef struct Refs {
    NamedText items[MAX_REFS];
    size_t count;
} Refs;

static bool resolve(
    void *context, Arena *arena, Str stack, const Datum *value, Str *text, Str *error)
{
    (void)arena;
    (void)stack;
    const Refs *refs = context;
    const Datum *name = datum_get(value, STR("Ref"));
    for (size_t i = 0; name && i < refs->count; i++)
        if (str_equal(refs->items[i].name, name->text)) {
            *text = refs->items[i].value;
            return true;
        }
    *error = STR("it is not known");
    return false;
}

static void read_options(char **argv, AssetsSetup *setup, Refs *refs)
{
    for (; argv[0] && argv[1]; argv += 2) {
        Str value = str_of(argv[1]);
        if (strcmp(argv[0], "--account") == 0)
            setup->account = value;
        else if (strcmp(argv[0], "--bucket") == 0)
            setup->bucket = value;
        else if (strcmp(argv[0], "--jobs") == 0)
            setup->jobs = strtoul(argv[1], NULL, 10);
        else if (strcmp(argv[0], "--ref") == 0 && refs->count < MAX_REFS) {
            size_t equals = str_find(value, STR("="), 0);
            refs->items[refs->count++] =
                (NamedText){str_slice(value, 0, equals), str_slice(value, equals + 1, value.len)};
        }
    }
}

static AssetsResult work(const char *what, Assets *assets, const AssetsSetup *setup, Refs *refs)
{
    const Manifest *manifest = setup->manifest;
    const AssetsResolver resolver = {refs, resolve};
    AssetsResult result = ASSETS_DONE;
    size_t count = 0;
    if (strcmp(what, "assets") == 0) {
        result = assets_prepare(assets);
        AssetsLocation location;
        for (size_t i = 0; result == ASSETS_DONE && i < manifest->assets.len; i++)
            if (assets_location(
                    assets, manifest->assets.items[i].id, &manifest->stacks.items[0], &location))
                printf("key: %.*s %.*s\n", STR_FMT(location.bucket), STR_FMT(location.key));
        return result == ASSETS_DONE ? assets_upload(assets) : result;
    }
    for (size_t i = 0; strcmp(what, "templates") == 0 && i < manifest->stacks.len; i++) {
        Str url = STR_NONE;
        result = assets_template_url(assets, &manifest->stacks.items[i], &url);
        printf("url: %.*s\n", STR_FMT(url));
    }
    for (size_t i = 0; strcmp(what, "sites") == 0 && i < manifest->tasks.len && !result; i++)
        result = assets_run_task(assets, &manifest->tasks.items[i], &resolver);
    if (strcmp(what, "empty") == 0) {
        result = assets_empty_bucket(assets, setup->bucket, setup->region, &count);
        printf("emptied: %zu\n", count);
    }
    return result;
}

static int run(Arena *arena, char **argv, HttpCurl *curl, const World *world)
{
    Str error = STR_NONE;
    const CredOptions options = {0};
    HttpTransport http = http_curl_transport(curl);
    Cred *cred = cred_new(arena, world, http, &options, &error);
    Manifest *manifest = NULL;
    if (cred)
        manifest = manifest_read(arena, world->host, str_of(argv[2]), &error);
    if (!manifest) {
        fprintf(stderr, "driver: %.*s\n", STR_FMT(error));
        return USAGE;
    }
    Refs refs = {0};
    const Listener listener = {NULL, print};
    AssetsSetup setup = {.world = world,
        .http = http,
        .parallel = http_curl_parallel(curl),
        .keys = cred_keys(cred),
        .s3 = cred_endpoint_options(cred, arena, "S3"),
        .cloudfront = cred_endpoint_options(cred, arena, "CLOUDFRONT"),
        .manifest = manifest,
        .root = str_of(argv[3]),
        .folder = STR("/tmp"),
        .account = STR("123456789012"),
        .region = cred_region(cred),
        .listener = &listener};
    read_options(argv + 4, &setup, &refs);
    return (int)work(argv[1], assets_new(arena, &setup), &setup, &refs);
}

int main(int argc, char **argv)
{
    if (argc < 4 || !http_curl_start())
        return USAGE;
    signal(SIGPIPE, SIG_IGN);
    base_keep_memory(); // as altc-deploy does
    signal(SIGTERM, on_signal);
    srand((unsigned)read_clock(CLOCK_MONOTONIC));
    Host host = *host_real();
    host.cancelled = cancelled;
    World world = {.host = &host,
        .now = now,
        .steady = steady,
        .sleep = pause_for,
        .random = chance,
        .build = build,
        .log = getenv("DRIVER_DEBUG") ? log_line : NULL};
    HttpCurl *curl = http_curl_new(STR(""));
    Arena *arena = arena_new();
    int status = run(arena, argv, curl, &world);
    arena_free(arena);
    http_curl_free(curl);
    http_curl_end();
    return status;
}
