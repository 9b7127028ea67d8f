// One transfer of libcurl, as single and parallel sending set it up and read its end.
#ifndef ALTC_HTTP_CURL_PRIV_H
#define ALTC_HTTP_CURL_PRIV_H

#include <curl/curl.h>

#include "compiler/base/buf.h"
#include "compiler/base/vec.h"
#include "runtime/http/http.h"

typedef struct HttpPool HttpPool; // what parallel sending keeps between batches

struct HttpCurl {
    CURL *handle;
    char *ca_bundle; // or NULL
    HttpPool *pool;  // or NULL: nothing was sent in parallel so far
};

void http_pool_free(HttpPool *pool); // NULL is fine

typedef struct Transfer {
    Arena *arena;
    Buf body; // of the answer
    size_t header_bytes;
    VEC(NamedText) headers;
    bool head_ended;
    bool too_large;
    char error[CURL_ERROR_SIZE]; // libcurl's, with details
    struct curl_slist *sent_headers;
    HttpFile file; // what is left of it to be sent
    HttpFile whole_file;
    bool short_file;
    const HttpFeed *feed; // who is told of bytes sent, or NULL
    void *ticket;
} Transfer;

// Sets up `handle`, a new one or one that transfer_end left, for the request. False: `response`
// says why it is refused; nothing is to be released. `transfer` must have its arena, and stay where
// it is.
bool transfer_begin(Transfer *transfer, CURL *handle, const char *ca_bundle,
    const HttpRequest *request, HttpResponse *response);
// What came of it, in the arena; releases what the transfer holds and resets the handle.
HttpResponse transfer_end(Transfer *transfer, CURL *handle, CURLcode code);

#endif
