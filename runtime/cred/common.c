#include <stdarg.h>
#include <stdio.h>

#include "compiler/base/buf.h"
#include "runtime/cred/cred_priv.h"

CredResult cred_fail(Cred *cred, Str *error, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    *error = str_copy(cred->arena, str_of(text));
    return CRED_FAILED;
}

Str cred_json_text(const Datum *object, const char *key)
{
    const Datum *value = datum_get(object, str_of(key));
    return value && value->kind == DATUM_STRING ? value->text : STR_NONE;
}

int64_t cred_json_number(const Datum *object, const char *key)
{
    const Datum *value = datum_get(object, str_of(key));
    int64_t number = 0;
    if (!value || value->kind != DATUM_NUMBER || value->text.len > 15)
        return 0;
    for (size_t i = 0; i < value->text.len; i++) {
        if (value->text.ptr[i] < '0' || value->text.ptr[i] > '9')
            return 0;
        number = number * 10 + (value->text.ptr[i] - '0');
    }
    return number;
}

bool cred_keys_of_json(const Datum *object, const char *token_key, AwsKeys *keys)
{
    *keys = (AwsKeys){
        .key = {cred_json_text(object, "AccessKeyId"), cred_json_text(object, "SecretAccessKey")},
        .token = cred_json_text(object, token_key)};
    Str expires = cred_json_text(object, "Expiration");
    return keys->key.access_key.len && keys->key.secret_key.len &&
           (!expires.len || world_parse_time(expires, &keys->expires));
}

HttpResponse cred_fetch(Cred *cred, const HttpRequest *request, int tries)
{
    enum { FIRST_WAIT = 200 };
    const World *world = cred->world;
    HttpResponse response = {0};
    int64_t wait = FIRST_WAIT;
    for (int i = 1;; i++, wait *= 2) {
        response = cred->http.send(cred->http.context, cred->arena, request);
        bool passes = response.failure == HTTP_ANSWERED
                          ? response.status == 429 || response.status >= 500
                          : response.failure == HTTP_UNREACHABLE ||
                                response.failure == HTTP_BROKEN || response.failure == HTTP_TIMEOUT;
        if (!passes || i >= tries)
            return response;
        world->sleep(world->context, wait);
    }
}

Str cred_cache_file(Cred *cred, Str folder, const unsigned char *hash, size_t size)
{
    Buf path;
    buf_init(&path, 0);
    buf_add_format(&path, "%.*s/", STR_FMT(folder));
    for (size_t i = 0; i < size; i++)
        buf_add_format(&path, "%02x", hash[i]);
    buf_add_text(&path, ".json");
    Str result = buf_copy(&path, cred->arena);
    buf_release(&path);
    return result;
}
