// Requests and their answers, one by one or many at once. The transport is a table of functions, so
// that tests script answers and faults; the real one is libcurl's.
#ifndef ALTC_HTTP_HTTP_H
#define ALTC_HTTP_HTTP_H

#include "compiler/base/str.h"

typedef enum HttpFailure {
    HTTP_ANSWERED,
    HTTP_UNREACHABLE, // no connection: the server cannot have seen the request
    HTTP_BROKEN,      // the connection ended in the middle: it may have seen it
    HTTP_TIMEOUT,
    HTTP_TOO_LARGE, // the answer passes max_body
    HTTP_UNTRUSTED, // TLS failed: the other side is not who it should be
    HTTP_REFUSED,   // nothing was sent: the address is none, or of a protocol not spoken here
    HTTP_CANCELLED, // the feed was cancelled meanwhile
} HttpFailure;

// A body that is read while it is sent: `size` bytes of an open file. A file that is shorter ends
// the request as HTTP_BROKEN.
typedef struct HttpFile {
    int descriptor;
    uint64_t offset;
    uint64_t size;
} HttpFile;

typedef struct HttpRequest {
    Str method;
    Str url;
    const NamedText *headers; // exactly these, and Host
    size_t header_count;
    Str body;
    const HttpFile *file;    // instead of `body`, or NULL
    int64_t connect_timeout; // milliseconds; 0 stands for 60 s
    int64_t timeout;         // of the whole request; 0 stands for 60 s, or none with `stall`
    int64_t stall;           // ends when nothing moved for so long (whole seconds count); 0: never
    size_t max_body;         // bytes of the answer; 0 stands for 64 MiB
    bool direct;             // past all proxies
    bool raw;                // the answer's body as it came; else a Content-Encoding is undone
} HttpRequest;

typedef struct HttpResponse {
    HttpFailure failure;
    Str error;          // unless answered: why, for people
    int status;         // 100 to 599
    NamedText *headers; // names in lower case
    size_t header_count;
    Str body;
} HttpResponse;

typedef struct HttpTransport {
    void *context;
    // What is given back lives in the arena.
    HttpResponse (*send)(void *context, Arena *arena, const HttpRequest *request);
} HttpTransport;

typedef enum HttpPull {
    HTTP_PULL_READY, // here is one
    HTTP_PULL_LATER, // none now: again after an answer, or `wait` milliseconds
    HTTP_PULL_END    // none for now; when nothing is under way any more, that was all
} HttpPull;

// Where send_all takes requests from and brings answers to. Each request has an arena of its own,
// which holds it and its answer and is gone when `answer` returns.
typedef struct HttpFeed {
    void *context;
    HttpPull (*pull)(
        void *context, Arena *arena, HttpRequest *request, void **ticket, int64_t *wait);
    // `ticket` is what came with the request. Every request that was pulled is answered once.
    void (*answer)(void *context, void *ticket, const HttpResponse *response);
    // So many more bytes of the request's body went out. May be NULL.
    void (*sent)(void *context, void *ticket, uint64_t bytes);
    // True: stop. What is under way is answered with HTTP_CANCELLED. May be NULL.
    bool (*cancelled)(void *context);
} HttpFeed;

typedef struct HttpParallel {
    void *context;
    // Sends what the feed gives, at most `jobs` at once, until it ends. False when it was
    // cancelled.
    bool (*send_all)(void *context, const HttpFeed *feed, size_t jobs);
} HttpParallel;

// The header's first value (name in lower case), or STR_NONE.
Str http_header(const HttpResponse *response, const char *name);
// True when the text may stand in a header: no control characters.
bool http_header_is_valid(Str value);

// libcurl. Certificates are verified always; proxies come from the environment (HTTPS_PROXY,
// NO_PROXY…), redirects are never followed. Keeps connections between requests; one thread.
// `ca_bundle` is a file of certificates, or empty for the system's. The caller has called
// http_curl_start once in the process. NULL when libcurl fails.
typedef struct HttpCurl HttpCurl;
bool http_curl_start(void);
void http_curl_end(void);
HttpCurl *http_curl_new(Str ca_bundle);
// Certificates that count from now on, for what http_curl_new could not know yet.
void http_curl_trust(HttpCurl *curl, Str ca_bundle);
void http_curl_free(HttpCurl *curl); // NULL is fine
HttpTransport http_curl_transport(HttpCurl *curl);
// With connections of its own, which the next send_all finds open.
HttpParallel http_curl_parallel(HttpCurl *curl);

#endif
