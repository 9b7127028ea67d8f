#define PCRE2_CODE_UNIT_WIDTH 8

#include "compiler/base/regex.h"

#include <pcre2.h>
#include <stdio.h>
#include <string.h>

#include "compiler/base/buf.h"
#include "compiler/base/map.h"
#include "compiler/base/utf8.h"
#include "compiler/base/vec.h"

enum {
    UNICODE_ESCAPE_BYTES = 6,
    PATTERN_MAX_BYTES = 64 * 1024,
    // PCRE2 counts the steps of each place where a match may begin anew, so that the limit of one
    // place follows from how many there are.
    STEPS_IN_ALL = 20 * 1000 * 1000,
    STEPS_AT_ONE_PLACE_MAX = 1000 * 1000,
    STEPS_AT_ONE_PLACE_MIN = 1000,
    HEAP_MAX_KIB = 64 * 1024,
    REPLACED_MAX_BYTES = 16 * 1024 * 1024
};

struct Regex {
    pcre2_code *code; // NULL: `error` says why
    RegexError error;
    size_t group_count;
    bool anchored;
};

struct RegexCache {
    Arena *arena;
    Map by_pattern; // to Regex
    VEC(Regex *) all;
    pcre2_compile_context *context;
};

RegexCache *regex_cache_new(void)
{
    Arena *arena = arena_new();
    RegexCache *cache = ARENA_NEW(arena, RegexCache);
    cache->arena = arena;
    cache->context = pcre2_compile_context_create(NULL);
    if (!cache->context)
        base_out_of_memory();
    pcre2_set_max_pattern_length(cache->context, PATTERN_MAX_BYTES);
    pcre2_set_newline(cache->context, PCRE2_NEWLINE_ANYCRLF);
    // A lone surrogate is allowed and matches nothing: schemas have them.
    pcre2_set_compile_extra_options(
        cache->context, PCRE2_EXTRA_ALT_BSUX | PCRE2_EXTRA_ALLOW_SURROGATE_ESCAPES);
    return cache;
}

void regex_cache_free(RegexCache *cache)
{
    if (!cache)
        return;
    for (size_t i = 0; i < cache->all.len; i++)
        pcre2_code_free(cache->all.items[i]->code);
    pcre2_compile_context_free(cache->context);
    arena_free(cache->arena);
}

static Str error_text(Arena *arena, int number)
{
    PCRE2_UCHAR text[256];
    int len = pcre2_get_error_message(number, text, sizeof text);
    if (len < 0)
        return str_format(arena, "not a regular expression (PCRE2 error %d)", number);
    return str_copy(arena, (Str){(const char *)text, (size_t)len});
}

static void read_pattern_info(Regex *regex)
{
    uint32_t groups = 0, options = 0;
    pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &groups);
    pcre2_pattern_info(regex->code, PCRE2_INFO_ALLOPTIONS, &options);
    regex->group_count = groups;
    regex->anchored = (options & PCRE2_ANCHORED) != 0;
}

// The value of `\uXXXX` at `at`, or 0.
static uint32_t read_unicode_escape(Str pattern, size_t at)
{
    if (pattern.len - at < UNICODE_ESCAPE_BYTES || memcmp(pattern.ptr + at, "\\u", 2) != 0)
        return 0;
    uint32_t value = 0;
    for (size_t i = 2; i < UNICODE_ESCAPE_BYTES; i++) {
        static const char hex[] = "0123456789abcdef0123456789ABCDEF";
        const char *digit = memchr(hex, pattern.ptr[at + i], sizeof hex - 1);
        if (!digit)
            return 0;
        value = value << 4 | (uint32_t)((digit - hex) & 15);
    }
    return value;
}

// ECMA-262 writes a character beyond U+FFFF as two escapes, `\uD83D\uDE00`; PCRE2 knows the form
// `\u{0001F600}` only, which takes as many bytes, so that offsets stay right.
static Str join_surrogate_escapes(Arena *arena, Str pattern)
{
    char *joined = arena_copy(arena, pattern.ptr, pattern.len);
    size_t at = 0;
    while (at < pattern.len) {
        if (pattern.ptr[at] != '\\') {
            at++;
            continue;
        }
        uint32_t high = read_unicode_escape(pattern, at);
        uint32_t low = 0;
        if (utf8_is_high_surrogate(high))
            low = read_unicode_escape(pattern, at + UNICODE_ESCAPE_BYTES);
        if (utf8_is_low_surrogate(low)) {
            char escape[2 * UNICODE_ESCAPE_BYTES + 1];
            snprintf(escape, sizeof escape, "\\u{%08X}", (unsigned)utf8_join(high, low));
            memcpy(joined + at, escape, sizeof escape - 1);
            at += sizeof escape - 1;
        } else {
            at += 2;
        }
    }
    return (Str){joined, pattern.len};
}

static Regex *compile_pattern(RegexCache *cache, Str pattern)
{
    const uint32_t options = PCRE2_UTF | PCRE2_ALT_BSUX | PCRE2_DOLLAR_ENDONLY |
                             PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_BACKSLASH_C;
    Regex *regex = ARENA_NEW(cache->arena, Regex);
    int number;
    PCRE2_SIZE offset;
    Str joined = join_surrogate_escapes(cache->arena, pattern);
    regex->code = pcre2_compile(
        (PCRE2_SPTR)joined.ptr, joined.len, options, &number, &offset, cache->context);
    if (regex->code) {
        read_pattern_info(regex);
    } else if (number == PCRE2_ERROR_HEAP_FAILED) {
        base_out_of_memory();
    } else {
        regex->error.text = error_text(cache->arena, number);
        regex->error.offset = offset < pattern.len ? offset : pattern.len;
    }
    return regex;
}

const Regex *regex_get(RegexCache *cache, Str pattern, RegexError *error)
{
    Regex *regex = map_find(&cache->by_pattern, pattern);
    if (!regex) {
        regex = compile_pattern(cache, pattern);
        map_set(&cache->by_pattern, cache->arena, str_copy(cache->arena, pattern), regex);
        VEC_ADD(cache->arena, &cache->all, regex);
    }
    if (regex->code)
        return regex;
    if (error)
        *error = regex->error;
    return NULL;
}

size_t regex_group_count(const Regex *regex)
{
    return regex->group_count;
}

// What one call of this file needs for matching in one text.
typedef struct Search {
    const Regex *regex;
    Str text; // valid UTF-8
    pcre2_match_data *data;
    pcre2_match_context *context;
} Search;

static uint32_t step_limit(const Regex *regex, Str text)
{
    size_t limit = regex->anchored ? STEPS_AT_ONE_PLACE_MAX : STEPS_IN_ALL / (text.len + 1);
    if (limit > STEPS_AT_ONE_PLACE_MAX)
        return STEPS_AT_ONE_PLACE_MAX;
    return limit < STEPS_AT_ONE_PLACE_MIN ? STEPS_AT_ONE_PLACE_MIN : (uint32_t)limit;
}

static void search_init(Search *search, const Regex *regex, Str text)
{
    search->regex = regex;
    search->text = text.len ? text : STR("");
    search->data = pcre2_match_data_create_from_pattern(regex->code, NULL);
    search->context = pcre2_match_context_create(NULL);
    if (!search->data || !search->context)
        base_out_of_memory();
    pcre2_set_match_limit(search->context, step_limit(regex, text));
    pcre2_set_heap_limit(search->context, HEAP_MAX_KIB);
}

static void search_release(Search *search)
{
    pcre2_match_data_free(search->data);
    pcre2_match_context_free(search->context);
}

// The next match at or behind `from`; `options` beside that the text is known to be UTF-8.
static RegexResult search_next(Search *search, size_t from, uint32_t options)
{
    int found = pcre2_match(search->regex->code, (PCRE2_SPTR)search->text.ptr, search->text.len,
        from, options | PCRE2_NO_UTF_CHECK, search->data, search->context);
    if (found == PCRE2_ERROR_NOMEMORY)
        base_out_of_memory();
    if (found == PCRE2_ERROR_NOMATCH)
        return REGEX_NO_MATCH;
    return found > 0 ? REGEX_MATCH : REGEX_TOO_COSTLY;
}

static RegexGroup search_group(const Search *search, size_t number)
{
    if (number > search->regex->group_count)
        return (RegexGroup){SIZE_MAX, SIZE_MAX};
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(search->data);
    return (RegexGroup){offsets[2 * number], offsets[2 * number + 1]};
}

RegexResult regex_find(const Regex *regex, Str text, size_t from, RegexGroup *groups, size_t count)
{
    if (from > text.len || !utf8_is_valid(text))
        return REGEX_NO_MATCH;
    while (from < text.len && (text.ptr[from] & 0xC0) == 0x80)
        from++;
    Search search;
    search_init(&search, regex, text);
    RegexResult result = search_next(&search, from, 0);
    for (size_t i = 0; result == REGEX_MATCH && groups && i < count; i++)
        groups[i] = search_group(&search, i);
    search_release(&search);
    return result;
}

RegexResult regex_matches(const Regex *regex, Str text)
{
    return regex_find(regex, text, 0, NULL, 0);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void add_group(Buf *out, const Search *search, size_t number)
{
    RegexGroup group = search_group(search, number);
    if (group.start != SIZE_MAX)
        buf_add(out, str_slice(search->text, group.start, group.end));
}

// `$12` is the twelfth group when there are as many, else the first one and a 2.
static size_t add_numbered_group(Buf *out, const Search *search, Str digits)
{
    size_t number = (size_t)(digits.ptr[0] - '0'), used = 1;
    if (digits.len > 1 && is_digit(digits.ptr[1])) {
        size_t longer = number * 10 + (size_t)(digits.ptr[1] - '0');
        if (longer && longer <= search->regex->group_count) {
            number = longer;
            used = 2;
        }
    }
    if (!number || number > search->regex->group_count)
        return 0;
    add_group(out, search, number);
    return used;
}

// `rest` follows "$<".
static size_t add_named_group(Buf *out, const Search *search, Str rest)
{
    char name[40] = "";
    size_t len = str_find(rest, STR(">"), 0);
    if (len >= sizeof name)
        return 0;
    memcpy(name, rest.ptr, len);
    int number = pcre2_substring_number_from_name(search->regex->code, (PCRE2_SPTR)name);
    if (number <= 0)
        return 0;
    add_group(out, search, (size_t)number);
    return len + 1;
}

// Adds what the reference behind a `$` stands for; gives the bytes it takes, 0 when it is none.
static size_t add_reference(Buf *out, const Search *search, Str rest)
{
    if (!rest.len)
        return 0;
    if (is_digit(rest.ptr[0]))
        return add_numbered_group(out, search, rest);
    if (rest.ptr[0] == '$') {
        buf_add_char(out, '$');
        return 1;
    }
    if (rest.ptr[0] == '&') {
        add_group(out, search, 0);
        return 1;
    }
    if (rest.ptr[0] != '<')
        return 0;
    size_t used = add_named_group(out, search, str_slice(rest, 1, rest.len));
    return used ? used + 1 : 0;
}

static void add_replacement(Buf *out, const Search *search, Str replacement)
{
    size_t at = 0;
    while (at < replacement.len) {
        size_t dollar = str_find(replacement, STR("$"), at);
        buf_add(out, str_slice(replacement, at, dollar));
        if (dollar == SIZE_MAX)
            return;
        at = dollar + 1;
        size_t used = add_reference(out, search, str_slice(replacement, at, replacement.len));
        if (!used)
            buf_add_char(out, '$');
        at += used;
    }
}

// Writes the text with every match replaced.
static RegexResult replace_all(Search *search, Str replacement, Buf *out)
{
    size_t at = 0, copied = 0, count = 0;
    uint32_t options = 0;
    while (at <= search->text.len && !out->overflowed) {
        RegexResult result = search_next(search, at, options);
        if (result == REGEX_TOO_COSTLY)
            return result;
        if (result == REGEX_NO_MATCH)
            break;
        RegexGroup match = search_group(search, 0);
        count++;
        buf_add(out, str_slice(search->text, copied, match.start));
        add_replacement(out, search, replacement);
        copied = at = match.end;
        // Behind an empty match comes one that is not empty or begins later.
        options = match.start == match.end ? PCRE2_NOTEMPTY_ATSTART : 0;
    }
    buf_add(out, str_slice(search->text, copied, search->text.len));
    if (out->overflowed)
        return REGEX_TOO_COSTLY;
    return count ? REGEX_MATCH : REGEX_NO_MATCH;
}

RegexResult regex_replace(const Regex *regex, Arena *arena, Str text, Str replacement, Str *out)
{
    *out = text;
    if (!utf8_is_valid(text))
        return REGEX_NO_MATCH;
    Search search;
    Buf buf;
    search_init(&search, regex, text);
    buf_init(&buf, REPLACED_MAX_BYTES);
    RegexResult result = replace_all(&search, replacement, &buf);
    if (result == REGEX_MATCH)
        *out = buf_copy(&buf, arena);
    buf_release(&buf);
    search_release(&search);
    return result;
}
