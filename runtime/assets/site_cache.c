#include "runtime/assets/site_priv.h"
#include "runtime/aws/cloudfront.h"

enum {
    FIRST_LOOK = 5 * 1000, // milliseconds
    LONGEST_PAUSE = 20 * 1000,
    LONGEST_WAIT = 30 * 60 * 1000,
    BUSY_PAUSE = 20 * 1000,
    BUSY_TRIES = 30
};

typedef struct Forgetting {
    Site *site;
    AwsClient client;
    Str distribution;
    Str *paths;
    size_t count;
    Str reference;
} Forgetting;

static AssetsResult read_paths(Forgetting *work, const Datum *properties)
{
    Site *site = work->site;
    const Datum *list = datum_get(properties, STR("Paths"));
    size_t wildcards = 0;
    work->count = list && list->kind == DATUM_LIST ? list->items.len : 0;
    work->paths = ARENA_ARRAY(site->arena, Str, work->count + 1);
    for (size_t i = 0; i < work->count; i++) {
        Str path = list->items.items[i]->text;
        bool slash = path.len && path.ptr[0] == '/';
        work->paths[i] = slash ? path : str_format(site->arena, "/%.*s", STR_FMT(path));
        wildcards += str_ends(path, STR("*"));
    }
    if (!work->count)
        work->paths[work->count++] = STR("/*");
    if (work->count <= CLOUDFRONT_MAX_PATHS && wildcards <= CLOUDFRONT_MAX_WILDCARDS)
        return ASSETS_DONE;
    return tell_problem(site->assets, ASSETS_FILES, site->task->place, STR("\"/*\" is all of them"),
        "CloudFront takes at most 3,000 paths at once, 15 of them with a star: these are %zu",
        work->count);
}

static AssetsResult refused(const Forgetting *work, const AwsReply *reply, const char *action)
{
    const Site *site = work->site;
    if (str_is(reply->code, "NoSuchDistribution"))
        return tell_problem(site->assets, ASSETS_REFUSED, site->task->place,
            STR("was it deleted outside of the stack?"), "there is no distribution '%.*s'",
            STR_FMT(work->distribution));
    return tell_refused(site->assets, site->task->place, reply, action,
        str_format(site->arena, "make the distribution '%.*s' forget its files",
            STR_FMT(work->distribution)));
}

// Sleeps in small steps. False when it was cancelled.
static bool pause_for(const Site *site, int64_t milliseconds)
{
    const World *world = site->assets->setup->world;
    for (int64_t left = milliseconds; left > 0; left -= 1000) {
        if (is_cancelled(site->assets))
            return false;
        world->sleep(world->context, left < 1000 ? left : 1000);
    }
    return !is_cancelled(site->assets);
}

static AssetsResult create(Forgetting *work, CloudFrontInvalidation *made)
{
    Site *site = work->site;
    for (int i = 0;; i++) {
        AwsReply reply = cloudfront_create_invalidation(&work->client, site->arena,
            work->distribution, work->reference, work->paths, work->count, made);
        if (reply.ok)
            return ASSETS_DONE;
        bool busy = str_is(reply.code, "TooManyInvalidationsInProgress");
        if (!busy || i >= BUSY_TRIES)
            return refused(work, &reply, "cloudfront:CreateInvalidation");
        if (i == 0)
            tell_step(site->assets, "waiting for other invalidations of %.*s",
                STR_FMT(work->distribution));
        if (!pause_for(site, BUSY_PAUSE))
            return ASSETS_CANCELLED;
    }
}

static AssetsResult await_end(Forgetting *work, CloudFrontInvalidation *made)
{
    Site *site = work->site;
    const World *world = site->assets->setup->world;
    int64_t start = world->steady(world->context);
    int64_t wait = FIRST_LOOK;
    if (str_is(made->status, "InProgress"))
        tell_step(site->assets, "waiting until CloudFront serves the new files everywhere");
    while (str_is(made->status, "InProgress")) {
        if (world->steady(world->context) - start > LONGEST_WAIT) {
            tell_warning(site->assets, site->task->place,
                "CloudFront has not ended the invalidation %.*s in 30 minutes; it goes on",
                STR_FMT(made->id));
            return ASSETS_DONE;
        }
        if (!pause_for(site, wait))
            return ASSETS_CANCELLED;
        wait = wait * 3 / 2 < LONGEST_PAUSE ? wait * 3 / 2 : LONGEST_PAUSE;
        AwsReply reply = cloudfront_get_invalidation(
            &work->client, site->arena, work->distribution, str_copy(site->arena, made->id), made);
        // Being throttled is no news; being forbidden to look is no failure of what was done.
        if (!reply.ok && !aws_is_throttled(&reply)) {
            tell_warning(site->assets, site->task->place,
                "cannot see how far the invalidation is: %.*s", STR_FMT(reply.message));
            return ASSETS_DONE;
        }
    }
    return ASSETS_DONE;
}

// The same for the same content of the same change, and for nothing else.
static Str reference_of(Site *site)
{
    unsigned char digest[SHA256_BYTES];
    sha256_add(site->sha256, site->id);
    sha256_add(site->sha256, site->content);
    sha256_take(site->sha256, digest);
    return str_format(
        site->arena, "altc-%.*s", SHA256_HEX_DIGITS / 2, sha256_digits(site->arena, digest).ptr);
}

AssetsResult site_invalidate(Site *site)
{
    const Assets *assets = site->assets;
    const AssetsSetup *setup = assets->setup;
    const Datum *properties = datum_get(site->task->properties, STR("Invalidate"));
    if (!properties || properties->kind != DATUM_MAP)
        return ASSETS_DONE;
    Forgetting work = {.site = site, .reference = reference_of(site)};
    Str error = STR_NONE;
    AssetsResult result = site_text(site, properties, "Distribution", STR(""), &work.distribution);
    if (result == ASSETS_DONE)
        result = read_paths(&work, properties);
    if (result != ASSETS_DONE)
        return result;
    if (!cloudfront_init(&work.client, site->arena, setup->world, setup->http, setup->keys,
            &setup->cloudfront, setup->region, &error))
        return tell_problem(
            assets, ASSETS_REFUSED, site->task->place, STR(""), "%.*s", STR_FMT(error));
    CloudFrontInvalidation made = {0};
    result = create(&work, &made);
    const Datum *wait = datum_get(properties, STR("Wait"));
    if (result == ASSETS_DONE && wait && wait->kind == DATUM_BOOL && wait->boolean)
        result = await_end(&work, &made);
    return result;
}
