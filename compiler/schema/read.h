// How the files of this module get at words and texts of the database.
#ifndef ALTC_SCHEMA_READ_H
#define ALTC_SCHEMA_READ_H

#include <string.h>

#include "compiler/base/str.h"
#include "compiler/schema/layout.h"

static inline uint32_t read_word(const unsigned char *base, uint32_t at, uint32_t index)
{
    uint32_t word;
    memcpy(&word, base + at + index * sizeof word, sizeof word);
    return word;
}

static inline Str read_text(const unsigned char *base, uint32_t number)
{
    const unsigned char *byte = base + read_word(base, 0, HEADER_TEXTS) + number;
    size_t len = *byte & 0x7FU;
    for (unsigned shift = 7; *byte++ & 0x80; shift += 7)
        len |= (size_t)(*byte & 0x7FU) << shift;
    return (Str){(const char *)byte, len};
}

static inline Str read_text_at(const unsigned char *base, uint32_t at, uint32_t index)
{
    return read_text(base, read_word(base, at, index));
}

// Of the list at this offset; 0 is an empty list.
static inline uint32_t read_count(const unsigned char *base, uint32_t list)
{
    return list ? read_word(base, list, 0) : 0;
}

// Any handle of a list: all have these three members.
#define READ_LIST(Handle, base_, list_)                                                            \
    ((Handle){(base_), (list_) + (uint32_t)sizeof(uint32_t), read_count((base_), (list_))})

#endif
