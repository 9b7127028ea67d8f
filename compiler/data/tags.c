#include "compiler/data/tags.h"

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

static const Str tags[] = {
#define SHORT_TAG(tag, key, written) TEXT(tag),
#include "compiler/data/tags.def"
#undef SHORT_TAG
};

static const struct {
    Str key;
    bool written;
} keys[] = {
#define SHORT_TAG(tag, key, written) {TEXT(key), written},
#include "compiler/data/tags.def"
#undef SHORT_TAG
};

enum { TAG_COUNT = sizeof tags / sizeof *tags };

Str tag_long_form(Str tag)
{
    for (size_t i = 0; i < TAG_COUNT; i++)
        if (str_equal(tags[i], tag))
            return keys[i].key;
    return STR_NONE;
}

Str tag_short_form(Str key)
{
    for (size_t i = 0; i < TAG_COUNT; i++)
        if (keys[i].written && str_equal(keys[i].key, key))
            return tags[i];
    return STR_NONE;
}

const Str *tag_all(size_t *count)
{
    *count = TAG_COUNT;
    return tags;
}
