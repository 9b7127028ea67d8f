// Values as texts, without what may be a secret.
#include "compiler/data/data.h"
#include "runtime/plan/plan_priv.h"

#define MASK "****"

// Words that name secrets when a key ends with one of them, without case and marks.
static const char *const SECRETS[] = {"password", "passphrase", "secret", "secretstring", "token",
    "secretkey", "secretaccesskey", "privatekey", "apikey", "authkey", "accesskey", "credentials",
    "clientsecret", "connectionstring"};

static char plain(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

// `key` without '_' and '-' ends with `word`.
static bool ends_with_word(Str key, Str word)
{
    size_t at = word.len;
    for (size_t i = key.len; i > 0 && at > 0; i--) {
        if (key.ptr[i - 1] == '_' || key.ptr[i - 1] == '-')
            continue;
        if (plain(key.ptr[i - 1]) != word.ptr[at - 1])
            return false;
        at--;
    }
    return at == 0;
}

static bool is_secret(Str key)
{
    for (size_t i = 0; i < sizeof SECRETS / sizeof *SECRETS; i++)
        if (ends_with_word(key, str_of(SECRETS[i])))
            return true;
    return false;
}

static bool is_written_out(const Datum *value)
{
    return value->kind == DATUM_STRING || value->kind == DATUM_NUMBER;
}

static bool holds_secret(Str key, const Datum *value)
{
    if (is_written_out(value))
        return is_secret(key) && !str_starts(value->text, STR("{{resolve:"));
    for (size_t i = 0; value->kind == DATUM_LIST && i < value->items.len; i++)
        if (holds_secret(key, value->items.items[i]))
            return true;
    for (size_t i = 0; value->kind == DATUM_MAP && i < value->entries.len; i++)
        if (holds_secret(value->entries.items[i].key, value->entries.items[i].value))
            return true;
    return false;
}

static Datum *masked(Arena *arena, Str key, const Datum *value)
{
    Datum *copy = ARENA_NEW(arena, Datum);
    if (is_written_out(value) && is_secret(key) && !str_starts(value->text, STR("{{resolve:")))
        return datum_string(arena, NULL, STR(MASK));
    *copy = *value;
    copy->items.items = NULL;
    copy->items.len = copy->items.cap = 0;
    copy->entries.items = NULL;
    copy->entries.len = copy->entries.cap = 0;
    for (size_t i = 0; value->kind == DATUM_LIST && i < value->items.len; i++)
        datum_append(arena, copy, masked(arena, key, value->items.items[i]));
    for (size_t i = 0; value->kind == DATUM_MAP && i < value->entries.len; i++) {
        const DatumEntry *entry = &value->entries.items[i];
        datum_put(arena, copy, entry->key, NULL, masked(arena, entry->key, entry->value));
    }
    return copy;
}

// The last key of a pointer that is no index of a list.
static Str last_key(Str path)
{
    size_t end = path.len;
    while (end > 0) {
        size_t start = end;
        while (start > 0 && path.ptr[start - 1] != '/')
            start--;
        Str key = str_slice(path, start, end);
        if (key.len && !(key.ptr[0] >= '0' && key.ptr[0] <= '9'))
            return key;
        end = start ? start - 1 : 0;
    }
    return STR_NONE;
}

Str plan_value(Arena *arena, Str path, const Datum *value)
{
    if (!value)
        return STR_NONE;
    Str key = last_key(path);
    Buf text;
    buf_init(&text, 0);
    data_write_json_compact(&text, holds_secret(key, value) ? masked(arena, key, value) : value);
    Str copy = buf_copy(&text, arena);
    buf_release(&text);
    return copy;
}

Str plan_masked(const Datum *value)
{
    return value ? STR("\"" MASK "\"") : STR_NONE;
}
