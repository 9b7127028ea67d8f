// AWS as a script: for each action the replies it gives, one after the other. A reply that is the
// last of its action is given again and again. The clock moves only when somebody sleeps.
#ifndef ALTC_TESTS_AWS_SCRIPT_H
#define ALTC_TESTS_AWS_SCRIPT_H

#include <stdio.h>
#include <string.h>

#include "tests/support/fake_world.h"

enum { SCRIPT_MAX_REPLIES = 40, SCRIPT_MAX_CALLS = 400 };

typedef struct ScriptReply {
    const char *action;
    int status; // 0: the connection breaks after the request was sent
    const char *body;
} ScriptReply;

typedef struct Script {
    FakeWorld fake; // first: the functions of a fake world get it as their context
    World world;
    const ScriptReply *replies; // ends with an entry without action
    size_t given[SCRIPT_MAX_REPLIES];
    const char *calls[SCRIPT_MAX_CALLS]; // actions in their order
    Str bodies[SCRIPT_MAX_CALLS];
    size_t call_count;
    int64_t interrupt_at;         // milliseconds of the clock; 0: never
    const char *interrupt_before; // or: before the answer to this action
    const char *interrupt_after;
    bool interrupted;
} Script;

#define SCRIPT_XML(action, inner)                                                                  \
    "<" action "Response><" action "Result>" inner "</" action "Result></" action "Response>"
#define SCRIPT_ERROR(code, message)                                                                \
    "<ErrorResponse><Error><Type>Sender</Type><Code>" code "</Code><Message>" message              \
    "</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"

static inline bool script_is_called(Str body, const char *action)
{
    char start[128];
    snprintf(start, sizeof start, "Action=%s&", action);
    return str_starts(body, str_of(start));
}

// The first reply to the action that was not given yet, or its last one.
static inline const ScriptReply *script_find(Script *script, Str body)
{
    const ScriptReply *found = NULL;
    for (size_t i = 0; script->replies[i].action; i++) {
        if (!script_is_called(body, script->replies[i].action))
            continue;
        found = &script->replies[i];
        if (script->given[i])
            continue;
        script->given[i] = 1;
        break;
    }
    return found;
}

static inline HttpResponse script_send(void *context, Arena *arena, const HttpRequest *request)
{
    (void)arena;
    Script *script = context;
    const ScriptReply *reply = script_find(script, request->body);
    if (!reply) {
        fprintf(stderr, "no reply in the script for %.*s\n", STR_FMT(request->body));
        return (HttpResponse){.failure = HTTP_UNREACHABLE, .error = STR("no reply in the script")};
    }
    if (script->call_count < SCRIPT_MAX_CALLS) {
        script->calls[script->call_count] = reply->action;
        script->bodies[script->call_count] = request->body;
    }
    script->call_count++;
    if (script->interrupt_after && strcmp(script->interrupt_after, reply->action) == 0)
        script->interrupted = true;
    if (!reply->status)
        return (HttpResponse){.failure = HTTP_BROKEN, .error = STR("the connection broke")};
    return (HttpResponse){
        .failure = HTTP_ANSWERED, .status = reply->status, .body = str_of(reply->body)};
}

static inline bool script_cancelled(void *context)
{
    Script *script = context;
    // A deployment that comes to no end in the script fails instead of hanging.
    return script->interrupted || script->call_count > SCRIPT_MAX_CALLS ||
           (script->interrupt_at && script->fake.now >= script->interrupt_at);
}

static inline size_t script_count(const Script *script, const char *action)
{
    size_t count = 0;
    for (size_t i = 0; i < script->call_count && i < SCRIPT_MAX_CALLS; i++)
        count += strcmp(script->calls[i], action) == 0;
    return count;
}

// The body of the action's last call; empty when there was none.
static inline Str script_body(const Script *script, const char *action)
{
    Str body = STR("");
    for (size_t i = 0; i < script->call_count && i < SCRIPT_MAX_CALLS; i++)
        if (strcmp(script->calls[i], action) == 0)
            body = script->bodies[i];
    return body;
}

static inline void script_start(Script *script)
{
    script->fake.now = 1769853600000; // 2026-01-31T10:00:00Z
    script->world = fake_world(&script->fake);
    script->fake.host.cancelled = script_cancelled;
}

#endif
