#include "compiler/data/tags.h"

#define TEXT(literal) {literal, sizeof(literal) - 1}

static const Str tags[] = {
#define SHORT_TAG(tag, key) TEXT(tag),
#include "compiler/data/tags.def"
#undef SHORT_TAG
};

static const Str keys[] = {
#define SHORT_TAG(tag, key) TEXT(key),
#include "compiler/data/tags.def"
#undef SHORT_TAG
};

enum { TAG_COUNT = sizeof tags / sizeof *tags };

// What stands in `to` at the place where `text` stands in `from`.
static Str translate(const Str *from, const Str *to, Str text)
{
    for (size_t i = 0; i < TAG_COUNT; i++)
        if (str_equal(from[i], text))
            return to[i];
    return STR_NONE;
}

Str tag_long_form(Str tag)
{
    return translate(tags, keys, tag);
}

Str tag_short_form(Str key)
{
    return translate(keys, tags, key);
}

const Str *tag_all(size_t *count)
{
    *count = TAG_COUNT;
    return tags;
}
