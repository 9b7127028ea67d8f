// Many requests at once, by libcurl's multi interface: a slot for each that may be under way. Slots
// and connections outlive a batch, so that the next one finds them open.
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

struct HttpPool {
    CURLM *multi;
    Slot *slots; // those without a handle were not needed so far
    size_t count;
};

// One batch.
typedef struct Batch {
    const HttpCurl *curl;
    const HttpFeed *feed;
    CURLM *multi;
    Slot *slots;
    size_t jobs;
    size_t busy;
    int64_t wait; // until the feed is to be asked again
    bool ended;   // the feed has nothing for now
} Batch;

static void answer(Batch *batch, Slot *slot, const HttpResponse *response)
{
    batch->feed->answer(batch->feed->context, slot->ticket, response);
    arena_reset(slot->arena);
    slot->busy = false;
}

static void finish(Batch *batch, Slot *slot, CURLcode code, bool cancelled)
{
    curl_multi_remove_handle(batch->multi, slot->handle);
    HttpResponse response = transfer_end(&slot->transfer, slot->handle, code);
    if (cancelled)
        response = (HttpResponse){.failure = HTTP_CANCELLED, .error = STR("it was cancelled")};
    batch->busy--;
    answer(batch, slot, &response);
}

static void open_slot(Slot *slot)
{
    slot->handle = curl_easy_init();
    if (!slot->handle)
        base_out_of_memory();
    slot->arena = arena_new();
}

// False: the feed has nothing for this slot.
static bool fill(Batch *batch, Slot *slot)
{
    if (!slot->handle)
        open_slot(slot);
    HttpRequest request = {0};
    HttpPull pulled =
        batch->feed->pull(batch->feed->context, slot->arena, &request, &slot->ticket, &batch->wait);
    batch->ended = pulled == HTTP_PULL_END;
    if (pulled != HTTP_PULL_READY) {
        arena_reset(slot->arena);
        return false;
    }
    HttpResponse refused;
    slot->transfer = (Transfer){.arena = slot->arena, .feed = batch->feed, .ticket = slot->ticket};
    slot->busy = true;
    if (!transfer_begin(
            &slot->transfer, slot->handle, batch->curl->ca_bundle, &request, &refused)) {
        answer(batch, slot, &refused);
        return true;
    }
    curl_easy_setopt(slot->handle, CURLOPT_PRIVATE, slot);
    if (curl_multi_add_handle(batch->multi, slot->handle) != CURLM_OK)
        base_out_of_memory();
    batch->busy++;
    return true;
}

static void fill_all(Batch *batch)
{
    batch->wait = LONGEST_WAIT;
    for (size_t i = 0; i < batch->jobs; i++)
        while (!batch->slots[i].busy)
            if (!fill(batch, &batch->slots[i]))
                return;
}

static bool collect(Batch *batch)
{
    bool any = false;
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(batch->multi, &left)) != NULL;) {
        if (message->msg != CURLMSG_DONE)
            continue;
        Slot *slot = NULL;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
        finish(batch, slot, code, false);
        any = true;
    }
    return any;
}

static bool is_cancelled(const HttpFeed *feed)
{
    return feed->cancelled && feed->cancelled(feed->context);
}

// False when it was cancelled.
static bool drive(Batch *batch)
{
    for (;;) {
        if (is_cancelled(batch->feed))
            return false;
        fill_all(batch);
        if (!batch->busy && batch->ended)
            return true;
        int running = 0;
        curl_multi_perform(batch->multi, &running);
        if (collect(batch))
            continue;
        int64_t wait = batch->wait < LONGEST_WAIT ? batch->wait : LONGEST_WAIT;
        curl_multi_poll(batch->multi, NULL, 0, (int)(wait > 0 ? wait : 1), NULL);
    }
}

static HttpPool *new_pool(void)
{
    HttpPool *pool = base_alloc(sizeof *pool);
    *pool = (HttpPool){.multi = curl_multi_init()};
    if (!pool->multi)
        base_out_of_memory();
    return pool;
}

static void make_room(HttpPool *pool, size_t jobs)
{
    if (jobs <= pool->count)
        return;
    pool->slots = base_realloc(pool->slots, jobs * sizeof *pool->slots);
    while (pool->count < jobs)
        pool->slots[pool->count++] = (Slot){.handle = NULL};
    curl_multi_setopt(pool->multi, CURLMOPT_MAXCONNECTS, (long)jobs);
}

void http_pool_free(HttpPool *pool)
{
    if (!pool)
        return;
    for (size_t i = 0; i < pool->count; i++) {
        curl_easy_cleanup(pool->slots[i].handle);
        arena_free(pool->slots[i].arena);
    }
    free(pool->slots);
    curl_multi_cleanup(pool->multi);
    free(pool);
}

static bool curl_send_all(void *context, const HttpFeed *feed, size_t jobs)
{
    HttpCurl *curl = context;
    if (!curl->pool)
        curl->pool = new_pool();
    HttpPool *pool = curl->pool;
    make_room(pool, jobs);
    Batch batch = {
        .curl = curl, .feed = feed, .multi = pool->multi, .slots = pool->slots, .jobs = jobs};
    bool done = drive(&batch);
    for (size_t i = 0; i < jobs; i++)
        if (batch.slots[i].busy)
            finish(&batch, &batch.slots[i], CURLE_OK, true);
    return done;
}

HttpParallel http_curl_parallel(HttpCurl *curl)
{
    return (HttpParallel){curl, curl_send_all};
}
