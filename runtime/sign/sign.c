#include "runtime/sign/sign.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "compiler/base/buf.h"
#include "compiler/base/sha256.h"
#include "compiler/base/vec.h"

typedef VEC(NamedText) Pairs;

static bool is_unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

static void add_encoded(Buf *out, Str text, bool keep_slash)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (is_unreserved(c) || (keep_slash && c == '/'))
            buf_add_char(out, c);
        else
            buf_add_format(out, "%%%02X", (unsigned)(unsigned char)c);
    }
}

Str sign_encode(Arena *arena, Str text, bool keep_slash)
{
    Buf out;
    buf_init(&out, 0);
    add_encoded(&out, text, keep_slash);
    Str result = buf_copy(&out, arena);
    buf_release(&out);
    return result;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static Str decode(Arena *arena, Str text)
{
    char *bytes = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        int high = text.ptr[i] == '%' && i + 2 < text.len ? hex_value(text.ptr[i + 1]) : -1;
        int low = high >= 0 ? hex_value(text.ptr[i + 2]) : -1;
        bytes[len++] = low >= 0 ? (char)(high * 16 + low) : text.ptr[i];
        if (low >= 0)
            i += 2;
    }
    return (Str){bytes, len};
}

static int compare_pairs(const void *left, const void *right)
{
    const NamedText *a = left;
    const NamedText *b = right;
    int order = str_compare(a->name, b->name);
    return order ? order : str_compare(a->value, b->value);
}

static Str canonical_query(Arena *arena, Str query)
{
    Pairs pairs = {0};
    for (size_t start = 0; start < query.len;) {
        size_t end = str_find(query, STR("&"), start);
        end = end == SIZE_MAX ? query.len : end;
        Str part = str_slice(query, start, end);
        size_t equals = str_find(part, STR("="), 0);
        size_t name_end = equals == SIZE_MAX ? part.len : equals;
        Str value = str_slice(part, equals == SIZE_MAX ? part.len : equals + 1, part.len);
        NamedText pair = {sign_encode(arena, decode(arena, str_slice(part, 0, name_end)), false),
            sign_encode(arena, decode(arena, value), false)};
        if (part.len)
            VEC_ADD(arena, &pairs, pair);
        start = end + 1;
    }
    if (pairs.len)
        qsort(pairs.items, pairs.len, sizeof *pairs.items, compare_pairs);
    Buf out;
    buf_init(&out, 0);
    for (size_t i = 0; i < pairs.len; i++)
        buf_add_format(&out, "%s%.*s=%.*s", i ? "&" : "", STR_FMT(pairs.items[i].name),
            STR_FMT(pairs.items[i].value));
    Str result = buf_copy(&out, arena);
    buf_release(&out);
    return result;
}

static Str simplified_path(Arena *arena, Str path)
{
    char *bytes = arena_alloc(arena, path.len + 2);
    size_t len = 0;
    bytes[len++] = '/';
    for (size_t start = 0; start < path.len;) {
        size_t end = str_find(path, STR("/"), start);
        bool last = end == SIZE_MAX;
        end = last ? path.len : end;
        Str part = str_slice(path, start, end);
        if (str_is(part, "..")) {
            while (len > 1 && bytes[len - 2] != '/')
                len--;
            len = len > 1 ? len - 1 : 1;
        } else if (part.len && !str_is(part, ".")) {
            memcpy(bytes + len, part.ptr, part.len);
            len += part.len;
            if (!last)
                bytes[len++] = '/';
        }
        start = end + 1;
    }
    return (Str){bytes, len};
}

static Str canonical_path(Arena *arena, const SignInput *input)
{
    Str path = input->path.len ? input->path : STR("/");
    if (input->simplify_path)
        path = simplified_path(arena, path);
    return input->encode_path ? sign_encode(arena, path, true) : path;
}

// Headers that proxies and libraries add, change or drop.
static bool is_unsigned(Str name)
{
    static const char *const NAMES[] = {"authorization", "connection", "expect", "keep-alive", "te",
        "trailer", "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id", NULL};
    for (size_t i = 0; NAMES[i]; i++)
        if (str_is(name, NAMES[i]))
            return true;
    return str_starts(name, STR("proxy-"));
}

// Without blanks at the ends, one for each run of them within.
static Str folded(Arena *arena, Str value)
{
    char *bytes = arena_alloc(arena, value.len + 1);
    size_t len = 0;
    Str trimmed = str_trim(value);
    for (size_t i = 0; i < trimmed.len; i++)
        if (trimmed.ptr[i] != ' ' || trimmed.ptr[i - 1] != ' ')
            bytes[len++] = trimmed.ptr[i];
    return (Str){bytes, len};
}

typedef struct HeaderItem {
    NamedText text;
    size_t place; // values of one name keep their order
} HeaderItem;

static int compare_headers(const void *left, const void *right)
{
    const HeaderItem *a = left;
    const HeaderItem *b = right;
    int order = str_compare(a->text.name, b->text.name);
    return order ? order : (a->place > b->place) - (a->place < b->place);
}

static void add_headers(Arena *arena, const SignInput *input, Buf *lines, Buf *names)
{
    HeaderItem *items = ARENA_ARRAY(arena, HeaderItem, input->header_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < input->header_count; i++) {
        Str name = str_lower(arena, input->headers[i].name);
        NamedText text = {name, folded(arena, input->headers[i].value)};
        if (!is_unsigned(name))
            items[count++] = (HeaderItem){text, i};
    }
    qsort(items, count, sizeof *items, compare_headers);
    for (size_t i = 0; i < count; i++) {
        bool again = i > 0 && str_equal(items[i].text.name, items[i - 1].text.name);
        if (again) {
            buf_add_char(lines, ',');
        } else {
            buf_add_format(lines, "%s%.*s:", i ? "\n" : "", STR_FMT(items[i].text.name));
            buf_add_format(names, "%s%.*s", i ? ";" : "", STR_FMT(items[i].text.name));
        }
        buf_add(lines, items[i].text.value);
    }
    buf_add_char(lines, '\n');
}

enum { MAC_BYTES = SHA256_BYTES };

static void mac(unsigned char result[MAC_BYTES], const void *key, size_t key_len, Str text)
{
    unsigned len = MAC_BYTES;
    unsigned char fresh[MAC_BYTES];
    const unsigned char *bytes = (const unsigned char *)text.ptr;
    if (!HMAC(EVP_sha256(), key, (int)key_len, bytes, text.len, fresh, &len))
        base_out_of_memory();
    memcpy(result, fresh, MAC_BYTES);
    OPENSSL_cleanse(fresh, sizeof fresh);
}

static void derive(unsigned char step[MAC_BYTES], const SignInput *input, const SignKey *key)
{
    size_t secret_len = key->secret_key.len + 4;
    char *secret = base_alloc(secret_len);
    memcpy(secret, "AWS4", 4);
    memcpy(secret + 4, key->secret_key.ptr ? key->secret_key.ptr : "", key->secret_key.len);
    mac(step, secret, secret_len, str_slice(input->date, 0, 8));
    OPENSSL_cleanse(secret, secret_len);
    free(secret);
    mac(step, step, MAC_BYTES, input->region);
    mac(step, step, MAC_BYTES, input->service);
    mac(step, step, MAC_BYTES, STR("aws4_request"));
}

static Str signature_of(
    Arena *arena, const SignInput *input, const SignKey *key, Str scope, Str text, SignCache *cache)
{
    SignCache own = {.scope = ""};
    Str owner = str_format(arena, "%.*s/%.*s", STR_FMT(key->access_key), STR_FMT(scope));
    bool fits = owner.len < sizeof own.scope;
    if (!cache || !fits)
        cache = &own;
    if (!fits || !str_is(owner, cache->scope)) {
        derive(cache->key, input, key);
        if (fits)
            memcpy(cache->scope, owner.ptr, owner.len + 1);
    }
    unsigned char result[MAC_BYTES];
    mac(result, cache->key, MAC_BYTES, text);
    OPENSSL_cleanse(&own, sizeof own);
    return sha256_digits(arena, result);
}

Signature sign_request(Arena *arena, const SignInput *input, const SignKey *key, SignCache *cache)
{
    Buf lines;
    Buf names;
    buf_init(&lines, 0);
    buf_init(&names, 0);
    add_headers(arena, input, &lines, &names);
    Str path = canonical_path(arena, input);
    Str query = canonical_query(arena, input->query);
    Signature result;
    result.canonical_request = str_format(arena, "%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s",
        STR_FMT(input->method), STR_FMT(path), STR_FMT(query), STR_FMT(buf_str(&lines)),
        STR_FMT(buf_str(&names)), STR_FMT(input->payload_hash));
    Str scope = str_format(arena, "%.*s/%.*s/%.*s/aws4_request",
        STR_FMT(str_slice(input->date, 0, 8)), STR_FMT(input->region), STR_FMT(input->service));
    Str hash = sha256_hex(arena, result.canonical_request);
    result.string_to_sign = str_format(arena, "AWS4-HMAC-SHA256\n%.*s\n%.*s\n%.*s",
        STR_FMT(input->date), STR_FMT(scope), STR_FMT(hash));
    result.signature = signature_of(arena, input, key, scope, result.string_to_sign, cache);
    result.authorization = str_format(arena,
        "AWS4-HMAC-SHA256 Credential=%.*s/%.*s, SignedHeaders=%.*s, Signature=%.*s",
        STR_FMT(key->access_key), STR_FMT(scope), STR_FMT(buf_str(&names)),
        STR_FMT(result.signature));
    buf_release(&lines);
    buf_release(&names);
    return result;
}
