// Many requests at once, by libcurl's multi interface: a slot for each that may be under way.
#include <stdlib.h>

#include "runtime/http/curl_priv.h"

enum { LONGEST_WAIT = 200 }; // milliseconds, so that a cancellation is seen

typedef struct Slot {
    CURL *handle;
    Arena *arena;
    Transfer transfer;
    void *ticket;
    bool busy;
} Slot;

typedef struct Pool {
    const HttpCurl *curl;
    const HttpFeed *feed;
    CURLM *multi;
    Slot *slots;
    size_t count;
    size_t busy;
    int64_t wait; // until the feed is to be asked again
    bool ended;   // the feed has nothing for now
} Pool;

static void answer(Pool *pool, Slot *slot, const HttpResponse *response)
{
    pool->feed->answer(pool->feed->context, slot->ticket, response);
    arena_reset(slot->arena);
    slot->busy = false;
}

static void finish(Pool *pool, Slot *slot, CURLcode code, bool cancelled)
{
    curl_multi_remove_handle(pool->multi, slot->handle);
    HttpResponse response = transfer_end(&slot->transfer, slot->handle, code);
    if (cancelled)
        response = (HttpResponse){.failure = HTTP_CANCELLED, .error = STR("it was cancelled")};
    pool->busy--;
    answer(pool, slot, &response);
}

// False: the feed has nothing for this slot.
static bool fill(Pool *pool, Slot *slot)
{
    HttpRequest request = {0};
    HttpPull pulled =
        pool->feed->pull(pool->feed->context, slot->arena, &request, &slot->ticket, &pool->wait);
    pool->ended = pulled == HTTP_PULL_END;
    if (pulled != HTTP_PULL_READY) {
        arena_reset(slot->arena);
        return false;
    }
    HttpResponse refused;
    slot->transfer = (Transfer){.arena = slot->arena, .feed = pool->feed, .ticket = slot->ticket};
    slot->busy = true;
    if (!transfer_begin(&slot->transfer, slot->handle, pool->curl->ca_bundle, &request, &refused)) {
        answer(pool, slot, &refused);
        return true;
    }
    curl_easy_setopt(slot->handle, CURLOPT_PRIVATE, slot);
    if (curl_multi_add_handle(pool->multi, slot->handle) != CURLM_OK)
        base_out_of_memory();
    pool->busy++;
    return true;
}

static void fill_all(Pool *pool)
{
    pool->wait = LONGEST_WAIT;
    for (size_t i = 0; i < pool->count; i++)
        while (!pool->slots[i].busy)
            if (!fill(pool, &pool->slots[i]))
                return;
}

static bool collect(Pool *pool)
{
    bool any = false;
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(pool->multi, &left)) != NULL;) {
        if (message->msg != CURLMSG_DONE)
            continue;
        Slot *slot = NULL;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
        finish(pool, slot, code, false);
        any = true;
    }
    return any;
}

static bool is_cancelled(const HttpFeed *feed)
{
    return feed->cancelled && feed->cancelled(feed->context);
}

// False when it was cancelled.
static bool drive(Pool *pool)
{
    for (;;) {
        if (is_cancelled(pool->feed))
            return false;
        fill_all(pool);
        if (!pool->busy && pool->ended)
            return true;
        int running = 0;
        curl_multi_perform(pool->multi, &running);
        if (collect(pool))
            continue;
        int64_t wait = pool->wait < LONGEST_WAIT ? pool->wait : LONGEST_WAIT;
        curl_multi_poll(pool->multi, NULL, 0, (int)(wait > 0 ? wait : 1), NULL);
    }
}

static bool curl_send_all(void *context, const HttpFeed *feed, size_t jobs)
{
    Pool pool = {.curl = context, .feed = feed, .multi = curl_multi_init(), .count = jobs};
    if (!pool.multi)
        base_out_of_memory();
    curl_multi_setopt(pool.multi, CURLMOPT_MAXCONNECTS, (long)jobs);
    pool.slots = base_alloc(jobs * sizeof *pool.slots);
    for (size_t i = 0; i < jobs; i++) {
        pool.slots[i] = (Slot){.handle = curl_easy_init(), .arena = arena_new()};
        if (!pool.slots[i].handle)
            base_out_of_memory();
    }
    bool done = drive(&pool);
    for (size_t i = 0; i < jobs; i++) {
        if (pool.slots[i].busy)
            finish(&pool, &pool.slots[i], CURLE_OK, true);
        curl_easy_cleanup(pool.slots[i].handle);
        arena_free(pool.slots[i].arena);
    }
    free(pool.slots);
    curl_multi_cleanup(pool.multi);
    return done;
}

HttpParallel http_curl_parallel(HttpCurl *curl)
{
    return (HttpParallel){curl, curl_send_all};
}
