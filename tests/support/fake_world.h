// A world for tests of the deployer: variables and files in lists, a clock that moves only when
// somebody sleeps, and an HTTP transport that plays a script.
#ifndef ALTC_TESTS_FAKE_WORLD_H
#define ALTC_TESTS_FAKE_WORLD_H

#include <stdio.h>
#include <string.h>

#include "runtime/http/http.h"
#include "runtime/world/world.h"

enum { FAKE_MAX_CALLS = 16 };

typedef struct FakeAnswer {
    HttpFailure failure;
    int status;
    const char *body;
    const char *date; // of the Date header, or NULL
} FakeAnswer;

typedef struct FakeWorld {
    const NamedText *env;
    size_t env_count;
    const NamedText *files;
    size_t file_count;
    int64_t now; // milliseconds
    int64_t slept;
    uint32_t chance;
    const char *typed; // what the person answers, or NULL
    ProcessResult process;
    Str first_word; // of the program that was run
    size_t runs;
    const FakeAnswer *answers;
    size_t answer_count;
    size_t calls;
    Str bodies[FAKE_MAX_CALLS];
    Str urls[FAKE_MAX_CALLS];
    Str dates[FAKE_MAX_CALLS];
    Str bearers[FAKE_MAX_CALLS]; // of headers that carry tokens
    bool is_signed[FAKE_MAX_CALLS];
    Str ids[FAKE_MAX_CALLS];   // of invocations
    Str tries[FAKE_MAX_CALLS]; // "attempt=1; max=3"
    const char *retry_after;   // of the answers' header of that name, or NULL
    char logged[4096];         // the debug log, when `logs` is set
    bool logs;
    Str written_path; // of the private file written last
    Str written;
    Arena *arena; // for what is kept beyond a call; NULL: nothing can be written
    Host host;
} FakeWorld;

static inline Str fake_world_lookup(const NamedText *items, size_t count, Str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(items[i].name, name))
            return items[i].value;
    return STR_NONE;
}

static inline FileResult fake_world_read(void *context, Arena *arena, Str path, size_t max)
{
    FakeWorld *fake = context;
    (void)arena;
    Str text = fake_world_lookup(fake->files, fake->file_count, path);
    if (!text.ptr || text.len > max)
        return (FileResult){.status = FILE_MISSING, .error = STR("no such file or directory")};
    return (FileResult){.status = FILE_OK, .text = text};
}

static inline Str fake_world_env(void *context, Str name)
{
    FakeWorld *fake = context;
    return fake_world_lookup(fake->env, fake->env_count, name);
}

static inline int64_t fake_world_now(void *context)
{
    return ((FakeWorld *)context)->now;
}

static inline void fake_world_sleep(void *context, int64_t milliseconds)
{
    ((FakeWorld *)context)->slept += milliseconds;
    ((FakeWorld *)context)->now += milliseconds;
}

static inline uint32_t fake_world_random(void *context)
{
    return ((FakeWorld *)context)->chance;
}

static inline bool fake_world_ask(void *context, Arena *arena, Str question, Str *answer)
{
    (void)arena;
    (void)question;
    *answer = str_of(((FakeWorld *)context)->typed);
    return answer->ptr != NULL;
}

static inline ProcessResult fake_world_run(
    void *context, Arena *arena, const Str *words, size_t count, int64_t timeout)
{
    FakeWorld *fake = context;
    (void)arena;
    (void)timeout;
    fake->runs++;
    fake->first_word = count ? words[0] : STR_NONE;
    return fake->process;
}

static inline bool fake_world_write(void *context, Str path, Str text)
{
    FakeWorld *fake = context;
    fake->written_path = str_copy(fake->arena, path);
    fake->written = str_copy(fake->arena, text);
    return true;
}

static inline void fake_world_log(void *context, Str line)
{
    FakeWorld *fake = context;
    size_t used = strlen(fake->logged);
    snprintf(fake->logged + used, sizeof fake->logged - used, "%.*s\n", STR_FMT(line));
}

static inline HttpResponse fake_world_send(void *context, Arena *arena, const HttpRequest *request)
{
    FakeWorld *fake = context;
    size_t call = fake->calls++;
    if (call >= fake->answer_count || call >= FAKE_MAX_CALLS)
        return (HttpResponse){.failure = HTTP_UNREACHABLE, .error = STR("no more answers")};
    fake->bodies[call] = str_copy(arena, request->body);
    fake->urls[call] = str_copy(arena, request->url);
    for (size_t i = 0; i < request->header_count; i++) {
        if (str_is(request->headers[i].name, "X-Amz-Date"))
            fake->dates[call] = request->headers[i].value;
        if (str_find(request->headers[i].name, STR("oken"), 0) != SIZE_MAX)
            fake->bearers[call] = request->headers[i].value;
        if (str_is(request->headers[i].name, "Authorization"))
            fake->is_signed[call] = true;
        if (str_is(request->headers[i].name, "amz-sdk-invocation-id"))
            fake->ids[call] = request->headers[i].value;
        if (str_is(request->headers[i].name, "amz-sdk-request"))
            fake->tries[call] = request->headers[i].value;
    }
    const FakeAnswer *answer = &fake->answers[call];
    HttpResponse response = {.failure = answer->failure,
        .error = STR("it broke"),
        .status = answer->status,
        .body = str_of(answer->body)};
    response.headers = ARENA_ARRAY(arena, NamedText, 2);
    if (answer->date)
        response.headers[response.header_count++] = (NamedText){STR("date"), str_of(answer->date)};
    if (fake->retry_after)
        response.headers[response.header_count++] =
            (NamedText){STR("x-amz-retry-after"), str_of(fake->retry_after)};
    return response;
}

static inline World fake_world(FakeWorld *fake)
{
    fake->host = (Host){.context = fake, .read_file = fake_world_read, .get_env = fake_world_env};
    return (World){.host = &fake->host,
        .context = fake,
        .now = fake_world_now,
        .steady = fake_world_now,
        .sleep = fake_world_sleep,
        .random = fake_world_random,
        .ask = fake_world_ask,
        .run = fake_world_run,
        .write_private = fake->arena ? fake_world_write : NULL,
        .log = fake->logs ? fake_world_log : NULL};
}

#endif
