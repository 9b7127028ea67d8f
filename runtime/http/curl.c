#include "runtime/http/http.h"

#include <stdlib.h>

#include <curl/curl.h>

#include "compiler/base/buf.h"
#include "compiler/base/vec.h"

enum {
    DEFAULT_TIMEOUT = 60 * 1000,
    DEFAULT_MAX_BODY = 64 * 1024 * 1024,
    MAX_HEADERS = 200,
    MAX_HEADER_BYTES = 64 * 1024
};

struct HttpCurl {
    CURL *handle;
    char *ca_bundle; // or NULL
};

typedef struct Transfer {
    Arena *arena;
    Buf body;
    size_t header_bytes;
    VEC(NamedText) headers;
    bool too_large;
} Transfer;

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
    curl->handle = handle;
    curl->ca_bundle = NULL;
    if (ca_bundle.len) {
        Buf name;
        buf_init(&name, 0);
        buf_add(&name, ca_bundle);
        curl->ca_bundle = name.ptr;
    }
    return curl;
}

void http_curl_free(HttpCurl *curl)
{
    if (!curl)
        return;
    curl_easy_cleanup(curl->handle);
    free(curl->ca_bundle);
    free(curl);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    Transfer *transfer = context;
    buf_add(&transfer->body, (Str){bytes, size * count});
    transfer->too_large = transfer->too_large || transfer->body.overflowed;
    return transfer->too_large ? 0 : size * count;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
    Transfer *transfer = context;
    Str line = {bytes, size * count};
    if (str_starts(line, STR("HTTP/"))) { // a status line: what came before was a 1xx, or a proxy's
        transfer->headers.len = 0;
        return line.len;
    }
    transfer->header_bytes += line.len;
    if (transfer->headers.len >= MAX_HEADERS || transfer->header_bytes > MAX_HEADER_BYTES) {
        transfer->too_large = true;
        return 0;
    }
    size_t colon = str_find(line, STR(":"), 0);
    if (colon == SIZE_MAX)
        return line.len;
    NamedText header = {str_lower(transfer->arena, str_slice(line, 0, colon)),
        str_copy(transfer->arena, str_trim(str_slice(line, colon + 1, line.len)))};
    VEC_ADD(transfer->arena, &transfer->headers, header);
    return line.len;
}

static HttpFailure failure_of(CURLcode code)
{
    switch (code) {
    case CURLE_OK:
        return HTTP_ANSWERED;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
        return HTTP_UNREACHABLE;
    case CURLE_OPERATION_TIMEDOUT:
        return HTTP_TIMEOUT;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
        return HTTP_UNTRUSTED;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
    case CURLE_UNKNOWN_OPTION:
    case CURLE_BAD_FUNCTION_ARGUMENT:
        return HTTP_REFUSED;
    default:
        return HTTP_BROKEN;
    }
}

static struct curl_slist *header_list(Arena *arena, const HttpRequest *request)
{
    // What libcurl would add by itself is taken out: only what was signed goes out.
    static const char *const NONE[] = {"Expect:", "Accept:", "User-Agent:", "Content-Type:"};
    struct curl_slist *list = NULL;
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++) {
        struct curl_slist *longer = curl_slist_append(list, NONE[i]);
        if (!longer)
            base_out_of_memory();
        list = longer;
    }
    for (size_t i = 0; i < request->header_count; i++) {
        const NamedText *header = &request->headers[i];
        Str line = str_format(arena, header->value.len ? "%.*s: %.*s" : "%.*s;%.*s",
            STR_FMT(header->name), STR_FMT(header->value));
        struct curl_slist *longer = curl_slist_append(list, line.ptr);
        if (!longer)
            base_out_of_memory();
        list = longer;
    }
    return list;
}

static void set_method(CURL *handle, Arena *arena, const HttpRequest *request)
{
    if (str_is(request->method, "GET")) {
        curl_easy_setopt(handle, CURLOPT_HTTPGET, 1L);
        return;
    }
    if (str_is(request->method, "HEAD"))
        curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    else {
        curl_easy_setopt(handle, CURLOPT_POST, 1L);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request->body.len ? request->body.ptr : "");
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
    }
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, str_copy(arena, request->method).ptr);
}

static void set_up(HttpCurl *curl, Arena *arena, const HttpRequest *request, Transfer *transfer)
{
    CURL *handle = curl->handle;
    int64_t connect = request->connect_timeout ? request->connect_timeout : DEFAULT_TIMEOUT;
    int64_t whole = request->timeout ? request->timeout : DEFAULT_TIMEOUT;
    curl_easy_reset(handle);
    curl_easy_setopt(handle, CURLOPT_URL, str_copy(arena, request->url).ptr);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (curl->ca_bundle)
        curl_easy_setopt(handle, CURLOPT_CAINFO, curl->ca_bundle);
    if (request->direct)
        curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, (long)connect);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, (long)whole);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, transfer);
    set_method(handle, arena, request);
}

static HttpResponse curl_send(void *context, Arena *arena, const HttpRequest *request)
{
    HttpCurl *curl = context;
    HttpResponse response = {0};
    for (size_t i = 0; i < request->header_count; i++)
        if (!http_header_is_valid(request->headers[i].value))
            return (HttpResponse){
                .failure = HTTP_REFUSED, .error = STR("a header holds control characters")};
    Transfer transfer = {.arena = arena};
    buf_init(&transfer.body, request->max_body ? request->max_body : DEFAULT_MAX_BODY);
    set_up(curl, arena, request, &transfer);
    struct curl_slist *headers = header_list(arena, request);
    curl_easy_setopt(curl->handle, CURLOPT_HTTPHEADER, headers);
    CURLcode code = curl_easy_perform(curl->handle);
    long status = 0;
    curl_easy_getinfo(curl->handle, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_reset(curl->handle);
    curl_slist_free_all(headers);
    response.failure = transfer.too_large ? HTTP_TOO_LARGE : failure_of(code);
    if (response.failure == HTTP_TOO_LARGE)
        response.error = STR("the answer is too large");
    else if (code != CURLE_OK)
        response.error = str_lower(arena, str_of(curl_easy_strerror(code)));
    response.status = (int)status;
    response.headers = transfer.headers.items;
    response.header_count = transfer.headers.len;
    response.body = buf_copy(&transfer.body, arena);
    buf_release(&transfer.body);
    return response;
}

HttpTransport http_curl_transport(HttpCurl *curl)
{
    return (HttpTransport){curl, curl_send};
}
