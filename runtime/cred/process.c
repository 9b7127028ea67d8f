#include "compiler/base/vec.h"
#include "runtime/cred/cred_priv.h"

enum { PROCESS_TIMEOUT = 60 * 1000 };

typedef VEC(Str) Words;

// Splits as a shell does, quotes and backslashes included, without any expansion. False: a quote
// has no end.
static bool split_words(Arena *arena, Str line, Words *words)
{
    char *word = arena_alloc(arena, line.len + 1);
    size_t len = 0;
    bool inside = false;
    char quote = 0;
    for (size_t i = 0; i < line.len; i++) {
        char c = line.ptr[i];
        if (!quote && (c == ' ' || c == '\t')) {
            if (inside)
                VEC_ADD(arena, words, str_copy(arena, ((Str){word, len})));
            inside = false;
            len = 0;
            continue;
        }
        inside = true;
        if (quote ? c == quote : c == '"' || c == '\'')
            quote = quote ? 0 : c;
        else if (c == '\\' && quote != '\'' && i + 1 < line.len)
            word[len++] = line.ptr[++i];
        else
            word[len++] = c;
    }
    if (inside)
        VEC_ADD(arena, words, str_copy(arena, ((Str){word, len})));
    return !quote;
}

// Why the program gave nothing, in its own words if it has any.
static Str failure_of(Arena *arena, const ProcessResult *result)
{
    Str said = str_trim(result->errors);
    return said.len ? said : str_format(arena, "exit code %d, without a message", result->status);
}

CredResult cred_from_process(Cred *cred, Str profile, AwsKeys *keys, Str *error)
{
    Str line = profile_get(cred->profiles, profile, "credential_process");
    if (!line.len)
        return CRED_ABSENT;
    Words words = {0};
    if (!split_words(cred->arena, line, &words) || words.len == 0)
        return cred_fail(cred, error,
            "credential_process of profile '%.*s' has a quote without an end", STR_FMT(profile));
    const World *world = cred->world;
    ProcessResult result =
        world->run(world->context, cred->arena, words.items, words.len, PROCESS_TIMEOUT);
    if (!result.ended || result.status != 0)
        return cred_fail(cred, error, "credential_process '%.*s' failed: %.*s",
            STR_FMT(words.items[0]), STR_FMT(failure_of(cred->arena, &result)));
    const Datum *object = data_parse_json(cred->arena, result.output);
    const Datum *version = datum_get(object, STR("Version"));
    if (!version || !str_is(version->text, "1") || !cred_keys_of_json(object, "SessionToken", keys))
        return cred_fail(cred, error,
            "credential_process '%.*s' printed no credentials of version 1",
            STR_FMT(words.items[0]));
    keys->source = str_format(cred->arena, "the process of profile '%.*s'", STR_FMT(profile));
    return CRED_FOUND;
}
