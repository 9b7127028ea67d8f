#include "runtime/assets/glob.h"

#include "compiler/base/utf8.h"

enum { MAX_ALTERNATIVES = 256 };

// Where to go on after a mismatch: behind a star, with one character or folder more taken by it.
typedef struct Retry {
    bool set;
    size_t pattern;
    size_t text;
} Retry;

static size_t character(Str text, size_t at)
{
    uint32_t code;
    size_t len = utf8_decode(text, at, &code);
    return len ? len : 1;
}

// "[...]" at `at`: behind it in `end`, or false when it is none.
static bool match_set(Str pattern, size_t at, Str text, size_t from, size_t *end, bool *matched)
{
    uint32_t wanted = 0;
    utf8_decode(text, from, &wanted);
    size_t i = at + 1;
    bool negative = i < pattern.len && (pattern.ptr[i] == '!' || pattern.ptr[i] == '^');
    bool found = false;
    i += negative;
    for (size_t first = i; i < pattern.len && (pattern.ptr[i] != ']' || i == first);) {
        uint32_t low = 0;
        utf8_decode(pattern, i, &low);
        i += character(pattern, i);
        uint32_t high = low;
        if (i + 1 < pattern.len && pattern.ptr[i] == '-' && pattern.ptr[i + 1] != ']') {
            utf8_decode(pattern, i + 1, &high);
            i += 1 + character(pattern, i + 1);
        }
        found = found || (wanted >= low && wanted <= high);
    }
    *end = i + 1;
    *matched = found != negative && text.ptr[from] != '/';
    return i < pattern.len;
}

// One character of the text against what the pattern has at `*at`, which then stands behind it.
static size_t match_one(Str pattern, size_t *at, Str text, size_t from)
{
    if (*at >= pattern.len || from >= text.len)
        return 0;
    char c = pattern.ptr[*at];
    size_t end;
    bool matched;
    if (c == '?') {
        *at += 1;
        return text.ptr[from] == '/' ? 0 : character(text, from);
    }
    if (c == '[' && match_set(pattern, *at, text, from, &end, &matched)) {
        *at = end;
        return matched ? character(text, from) : 0;
    }
    if (c == '\\' && *at + 1 < pattern.len)
        c = pattern.ptr[++*at];
    *at += 1;
    return c == text.ptr[from];
}

// Takes one folder more for a "**/", one character more for another "**".
static bool widen(Str text, Retry *deep, bool by_folder)
{
    if (!deep->set)
        return false;
    if (!by_folder)
        return deep->text++ < text.len;
    size_t slash = str_find(text, STR("/"), deep->text);
    deep->text = slash + 1;
    return slash != SIZE_MAX;
}

static bool match_plain(Str pattern, Str text)
{
    Retry star = {0};
    Retry deep = {0};
    bool by_folder = false;
    size_t at = 0;
    size_t from = 0;
    while (at < pattern.len || from < text.len) {
        size_t behind = at;
        size_t taken;
        if (str_starts(str_slice(pattern, at, pattern.len), STR("**"))) {
            bool starts = at == 0 || pattern.ptr[at - 1] == '/';
            by_folder = starts && at + 2 < pattern.len && pattern.ptr[at + 2] == '/';
            at += by_folder ? 3 : 2;
            deep = (Retry){true, at, from};
            star.set = false;
        } else if (at < pattern.len && pattern.ptr[at] == '*') {
            star = (Retry){true, ++at, from};
        } else if ((taken = match_one(pattern, &behind, text, from)) > 0) {
            at = behind;
            from += taken;
        } else if (star.set && star.text < text.len && text.ptr[star.text] != '/') {
            at = star.pattern;
            from = ++star.text;
        } else if (widen(text, &deep, by_folder)) {
            at = deep.pattern;
            from = deep.text;
            star.set = false;
        } else {
            return false;
        }
    }
    return true;
}

// The first "{...}" that is not escaped: where it opens and where it closes.
static bool find_braces(Str pattern, size_t *open, size_t *close)
{
    size_t depth = 0;
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i];
        if (c == '\\') {
            i++;
        } else if (c == '{') {
            if (depth++ == 0)
                *open = i;
        } else if (c == '}' && depth > 0 && --depth == 0) {
            *close = i;
            return true;
        }
    }
    return false;
}

static bool match_any(Arena *arena, Str pattern, Str path, size_t *left)
{
    size_t open;
    size_t close;
    if (!find_braces(pattern, &open, &close))
        return match_plain(pattern, path);
    size_t depth = 0;
    size_t start = open + 1;
    for (size_t i = open + 1; i <= close && *left > 0; i++) {
        char c = pattern.ptr[i];
        bool ends = depth == 0 && (c == ',' || i == close);
        depth += c == '{';
        depth -= c == '}' && i != close;
        if (!ends)
            continue;
        Str one = str_format(arena, "%.*s%.*s%.*s", (int)open, pattern.ptr, (int)(i - start),
            pattern.ptr + start, (int)(pattern.len - close - 1), pattern.ptr + close + 1);
        --*left;
        if (match_any(arena, one, path, left))
            return true;
        start = i + 1;
    }
    return false;
}

bool glob_match(Str pattern, Str path)
{
    size_t open;
    size_t close;
    if (!find_braces(pattern, &open, &close))
        return match_plain(pattern, path);
    size_t left = MAX_ALTERNATIVES;
    Arena *arena = arena_new();
    bool matched = match_any(arena, pattern, path, &left);
    arena_free(arena);
    return matched;
}
