// The table of tags.def.
#ifndef ALTC_DATA_TAGS_H
#define ALTC_DATA_TAGS_H

#include "compiler/base/str.h"

// "Fn::Sub" for "!Sub"; STR_NONE when it is no short tag.
Str tag_long_form(Str tag);
// "!Sub" for "Fn::Sub"; STR_NONE when there is none to be written.
Str tag_short_form(Str key);
// All short tags, by name.
const Str *tag_all(size_t *count);

#endif
