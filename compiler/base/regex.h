// Regular expressions in the manner of ECMA-262, as JSON Schema has them: searched for anywhere in
// the text unless anchored, `$` is the very end, `\d \w \s` are ASCII, `\uXXXX` and `\p{…}` work.
// No pattern runs away: what takes too long gives REGEX_TOO_COSTLY.
#ifndef ALTC_BASE_REGEX_H
#define ALTC_BASE_REGEX_H

#include "compiler/base/str.h"

typedef struct RegexCache RegexCache;
typedef struct Regex Regex; // lives as long as its cache

// Each pattern is compiled once per cache. A cache is used by one thread at a time.
RegexCache *regex_cache_new(void);
void regex_cache_free(RegexCache *cache); // NULL is fine

typedef struct RegexError {
    Str text;      // for people: lower-case start, no full stop
    size_t offset; // in bytes, where in the pattern
} RegexError;

// NULL when the pattern is none; `*error` (may be NULL) then says why. It is copied, and at most
// 64 KiB long.
const Regex *regex_get(RegexCache *cache, Str pattern, RegexError *error);

typedef enum RegexResult { REGEX_NO_MATCH, REGEX_MATCH, REGEX_TOO_COSTLY } RegexResult;

// Bytes start..end; of a group that took no part, both SIZE_MAX.
typedef struct RegexGroup {
    size_t start;
    size_t end;
} RegexGroup;

// Capture groups of the pattern, without the whole match.
size_t regex_group_count(const Regex *regex);
// Does it match anywhere? A text that is not UTF-8 is never matched.
RegexResult regex_matches(const Regex *regex, Str text);
// The first match that begins at or behind byte `from`. `groups` has room for `count` items, or is
// NULL; [0] is the whole match, those the pattern does not have are like those that took no part.
RegexResult regex_find(const Regex *regex, Str text, size_t from, RegexGroup *groups, size_t count);
// Replaces every match. In the replacement `$1`..`$99` are groups (empty if they took no part),
// `$<name>` a named group, `$&` the match, `$$` a dollar sign; any other `$` is itself. Without a
// match `*out` is the text and the result REGEX_NO_MATCH. At most 16 MiB come out of it.
RegexResult regex_replace(const Regex *regex, Arena *arena, Str text, Str replacement, Str *out);

#endif
