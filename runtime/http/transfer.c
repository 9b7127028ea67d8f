#include "runtime/http/curl_priv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    DEFAULT_TIMEOUT = 60 * 1000,
    DEFAULT_MAX_BODY = 64 * 1024 * 1024,
    UPLOAD_BUFFER = 256 * 1024,
    RECEIVE_BUFFER = 64 * 1024, // libcurl's own is a quarter: more calls for a page of events
    BELIEVED_LENGTH = 4 * 1024 * 1024, // no more is taken from memory because a server says so
    MAX_HEADERS = 200,
    MAX_HEADER_BYTES = 64 * 1024
};

// ---- what comes ----

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    Transfer *transfer = context;
    buf_add(&transfer->body, (Str){bytes, size * count});
    transfer->too_large = transfer->too_large || transfer->body.overflowed;
    return transfer->too_large ? 0 : size * count;
}

// A body whose length is told is not moved while it grows.
static void make_room(Transfer *transfer, NamedText header)
{
    if (!str_is(header.name, "content-length"))
        return;
    unsigned long long length = strtoull(header.value.ptr, NULL, 10);
    if (length <= BELIEVED_LENGTH)
        buf_reserve(&transfer->body, (size_t)length);
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
    Transfer *transfer = context;
    Str line = {bytes, size * count};
    if (str_starts(line, STR("HTTP/"))) { // a status line: what came before was a 1xx, or a proxy's
        transfer->headers.len = 0;
        transfer->head_ended = false;
        return line.len;
    }
    transfer->header_bytes += line.len;
    if (transfer->headers.len >= MAX_HEADERS || transfer->header_bytes > MAX_HEADER_BYTES) {
        transfer->too_large = true;
        return 0;
    }
    transfer->head_ended = transfer->head_ended || str_trim(line).len == 0;
    size_t colon = str_find(line, STR(":"), 0);
    if (colon == SIZE_MAX)
        return line.len;
    NamedText header = {str_lower(transfer->arena, str_slice(line, 0, colon)),
        str_copy(transfer->arena, str_trim(str_slice(line, colon + 1, line.len)))};
    make_room(transfer, header);
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

// What went wrong before the request itself was begun cannot have done anything: a handshake, a
// proxy that refuses. What went wrong later may have, whatever libcurl calls it.
static HttpFailure failure_in(CURL *handle, CURLcode code)
{
    HttpFailure failure = failure_of(code);
    curl_off_t begun = 0;
    curl_easy_getinfo(handle, CURLINFO_PRETRANSFER_TIME_T, &begun);
    if (failure == HTTP_REFUSED && begun > 0)
        return HTTP_BROKEN;
    bool may_be_seen = failure == HTTP_BROKEN || failure == HTTP_TIMEOUT;
    return may_be_seen && begun == 0 ? HTTP_UNREACHABLE : failure;
}

// For people: libcurl's words, with the first letter as ours are.
static Str error_text(Transfer *transfer, CURL *handle, CURLcode code)
{
    long refused = 0;
    curl_easy_getinfo(handle, CURLINFO_HTTP_CONNECTCODE, &refused);
    if (refused >= 300)
        return str_format(transfer->arena, "the proxy refuses (HTTP status %ld)", refused);
    Str text = str_copy(
        transfer->arena, str_of(transfer->error[0] ? transfer->error : curl_easy_strerror(code)));
    bool one_word = text.len > 1 && text.ptr[1] >= 'A' && text.ptr[1] <= 'Z'; // "SSL", "TLS"
    if (text.len == 0 || one_word)
        return text;
    return str_format(transfer->arena, "%.*s%s",
        STR_FMT(str_lower(transfer->arena, str_slice(text, 0, 1))), text.ptr + 1);
}

// ---- what goes out ----

static size_t give_body(char *bytes, size_t size, size_t count, void *context)
{
    Transfer *transfer = context;
    size_t want = size * count;
    if (want > transfer->file.size)
        want = (size_t)transfer->file.size;
    if (want == 0)
        return 0;
    ssize_t got;
    do
        got = pread(transfer->file.descriptor, bytes, want, (off_t)transfer->file.offset);
    while (got < 0 && errno == EINTR);
    if (got <= 0) {
        transfer->short_file = true;
        return CURL_READFUNC_ABORT;
    }
    transfer->file.offset += (uint64_t)got;
    transfer->file.size -= (uint64_t)got;
    if (transfer->feed && transfer->feed->sent)
        transfer->feed->sent(transfer->feed->context, transfer->ticket, (uint64_t)got);
    return (size_t)got;
}

// libcurl begins again when a connection that was kept turns out to be closed.
static int seek_body(void *context, curl_off_t offset, int origin)
{
    Transfer *transfer = context;
    if (origin != SEEK_SET || offset < 0 || (uint64_t)offset > transfer->whole_file.size)
        return CURL_SEEKFUNC_FAIL;
    transfer->file = transfer->whole_file;
    transfer->file.offset += (uint64_t)offset;
    transfer->file.size -= (uint64_t)offset;
    return CURL_SEEKFUNC_OK;
}

// "NAME: VALUE"; without a value libcurl wants "NAME;".
static Str header_line(Arena *arena, const NamedText *header)
{
    char *text = arena_alloc(arena, header->name.len + header->value.len + 3);
    Str link = header->value.len ? STR(": ") : STR(";");
    memcpy(text, header->name.ptr, header->name.len);
    memcpy(text + header->name.len, link.ptr, link.len);
    size_t len = header->name.len + link.len;
    if (header->value.len)
        memcpy(text + len, header->value.ptr, header->value.len);
    return (Str){text, len + header->value.len};
}

static struct curl_slist *header_list(Arena *arena, const HttpRequest *request)
{
    // What libcurl would add by itself is taken out: only what was signed goes out.
    static const char *const NONE[] = {
        "Expect:", "Accept:", "User-Agent:", "Content-Type:", "Accept-Encoding:"};
    struct curl_slist *list = NULL;
    // Before a large body libcurl may ask whether it is wanted: a refusal that comes while it is
    // being sent would be lost with the connection. No signature covers that header.
    for (size_t i = request->file != NULL; i < sizeof NONE / sizeof *NONE; i++) {
        struct curl_slist *longer = curl_slist_append(list, NONE[i]);
        if (!longer)
            base_out_of_memory();
        list = longer;
    }
    for (size_t i = 0; i < request->header_count; i++) {
        Str line = header_line(arena, &request->headers[i]);
        struct curl_slist *longer = curl_slist_append(list, line.ptr);
        if (!longer)
            base_out_of_memory();
        list = longer;
    }
    return list;
}

static void set_method(Transfer *transfer, CURL *handle, const HttpRequest *request)
{
    if (str_is(request->method, "GET")) {
        curl_easy_setopt(handle, CURLOPT_HTTPGET, 1L);
        return;
    }
    if (str_is(request->method, "HEAD")) {
        curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    } else if (request->file) {
        transfer->file = transfer->whole_file = *request->file;
        curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(handle, CURLOPT_UPLOAD_BUFFERSIZE, (long)UPLOAD_BUFFER);
        curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, (curl_off_t)request->file->size);
        curl_easy_setopt(handle, CURLOPT_READFUNCTION, give_body);
        curl_easy_setopt(handle, CURLOPT_READDATA, transfer);
        curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, seek_body);
        curl_easy_setopt(handle, CURLOPT_SEEKDATA, transfer);
    } else {
        curl_easy_setopt(handle, CURLOPT_POST, 1L);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request->body.len ? request->body.ptr : "");
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
    }
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, str_copy(transfer->arena, request->method).ptr);
}

static void set_limits(CURL *handle, const HttpRequest *request)
{
    int64_t connect = request->connect_timeout ? request->connect_timeout : DEFAULT_TIMEOUT;
    int64_t whole = request->timeout ? request->timeout : request->stall ? 0 : DEFAULT_TIMEOUT;
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, (long)connect);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, (long)whole);
    if (request->stall) {
        curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
        curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, (long)((request->stall + 999) / 1000));
    }
}

bool transfer_begin(Transfer *transfer, CURL *handle, const char *ca_bundle,
    const HttpRequest *request, HttpResponse *response)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (!http_header_is_valid(request->headers[i].value)) {
            *response = (HttpResponse){
                .failure = HTTP_REFUSED, .error = STR("a header holds control characters")};
            return false;
        }
    buf_init(&transfer->body, request->max_body ? request->max_body : DEFAULT_MAX_BODY);
    transfer->sent_headers = header_list(transfer->arena, request);
    transfer->error[0] = '\0';
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, transfer->error);
    curl_easy_setopt(handle, CURLOPT_URL, str_copy(transfer->arena, request->url).ptr);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (ca_bundle)
        curl_easy_setopt(handle, CURLOPT_CAINFO, ca_bundle);
    if (!request->raw) // nobody is asked for it, but proxies have been seen to
        curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "identity");
    if (request->direct)
        curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, (long)RECEIVE_BUFFER);
    curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, transfer->sent_headers);
    set_limits(handle, request);
    set_method(transfer, handle, request);
    return true;
}

HttpResponse transfer_end(Transfer *transfer, CURL *handle, CURLcode code)
{
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    HttpResponse response = {.failure = failure_in(handle, code),
        .status = (int)status,
        .headers = transfer->headers.items,
        .header_count = transfer->headers.len,
        .body = buf_move(&transfer->body, transfer->arena)};
    if (response.failure == HTTP_ANSWERED && !transfer->head_ended) { // libcurl lets that pass
        response.failure = HTTP_BROKEN;
        response.error = STR("the answer ends within its head");
    } else if (transfer->too_large) {
        response.failure = HTTP_TOO_LARGE;
        response.error = STR("the answer is too large");
    } else if (transfer->short_file) {
        response.error = STR("the file became shorter while it was sent");
    } else if (code != CURLE_OK) {
        response.error = error_text(transfer, handle, code);
    }
    curl_easy_reset(handle);
    curl_slist_free_all(transfer->sent_headers);
    return response;
}
