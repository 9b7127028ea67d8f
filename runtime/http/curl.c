#include "runtime/http/http.h"

#include <stdlib.h>

#include "runtime/http/curl_priv.h"

bool http_curl_start(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

void http_curl_end(void)
{
    curl_global_cleanup();
}

HttpCurl *http_curl_new(Str ca_bundle)
{
    CURL *handle = curl_easy_init();
    if (!handle)
        return NULL;
    HttpCurl *curl = base_alloc(sizeof *curl);
    *curl = (HttpCurl){.handle = handle};
    http_curl_trust(curl, ca_bundle);
    return curl;
}

void http_curl_trust(HttpCurl *curl, Str ca_bundle)
{
    free(curl->ca_bundle);
    curl->ca_bundle = NULL;
    if (!ca_bundle.len)
        return;
    Buf name;
    buf_init(&name, 0);
    buf_add(&name, ca_bundle);
    curl->ca_bundle = name.ptr;
}

void http_curl_free(HttpCurl *curl)
{
    if (!curl)
        return;
    http_pool_free(curl->pool);
    curl_easy_cleanup(curl->handle);
    free(curl->ca_bundle);
    free(curl);
}

static HttpResponse curl_send(void *context, Arena *arena, const HttpRequest *request)
{
    HttpCurl *curl = context;
    HttpResponse response;
    Transfer transfer = {.arena = arena};
    if (!transfer_begin(&transfer, curl->handle, curl->ca_bundle, request, &response))
        return response;
    return transfer_end(&transfer, curl->handle, curl_easy_perform(curl->handle));
}

HttpTransport http_curl_transport(HttpCurl *curl)
{
    return (HttpTransport){curl, curl_send};
}
