// The bytes of the type database: written by spec/tools/specc, read by this module.
//
// All words are 32 bits in the machine's byte order, aligned to 4. An offset counts bytes from
// the start; 0 is "none", because the header stands there. A text is a number into the area of
// texts: its length in groups of 7 bits, low first, the high bit saying that more follow, then
// its bytes and a NUL. Number 0 is the empty text. Equal records and texts are stored once.
//
//     header
//     records: nodes, lists, types            offsets point here
//     texts                                   text numbers point here
//
// A list is its count and then its entries. The entries:
//     texts          text
//     literals       text, SCHEMA_… type
//     nodes          node
//     properties     text, node * 4 + flags (nodes are aligned, so that four bits are free)
//     pattern rules  text, usable, node
//     conditions     if, then, else
//     dependencies   text, list of texts
//     attributes     text, types + 256 * types of the items, node
#ifndef ALTC_SCHEMA_LAYOUT_H
#define ALTC_SCHEMA_LAYOUT_H

#include <stdint.h>

#define LAYOUT_MAGIC "ALTSCHM1"

// The header, in words.
enum {
    HEADER_MAGIC = 0, // two words
    HEADER_SIZE = 2,  // of it all in bytes
    HEADER_TEXTS,     // where the area of texts begins
    HEADER_TYPES,     // list of types by name
    HEADER_REGIONS,   // list of texts
    HEADER_RUNTIMES,  // list of five texts each, by name
    HEADER_WORDS
};

// A node is a word of bits and one word for every bit that is set, in their order.
enum {
    FIELD_TYPES, // always there: SCHEMA_… types and NODE_… flags
    FIELD_PROPERTIES,
    FIELD_REQUIRED,
    FIELD_VALUES,
    FIELD_PATTERN,
    FIELD_MIN_LENGTH,
    FIELD_MAX_LENGTH,
    FIELD_FORMAT,
    FIELD_ITEMS,
    FIELD_MIN_ITEMS,
    FIELD_MAX_ITEMS,
    FIELD_MINIMUM, // a record: text, low and high word of the double
    FIELD_MAXIMUM,
    FIELD_EXCLUSIVE_MINIMUM,
    FIELD_EXCLUSIVE_MAXIMUM,
    FIELD_MULTIPLE,
    FIELD_REFUSED,
    FIELD_CONSTANT, // a list of one literal
    FIELD_KEYS,
    FIELD_ADDITIONAL,
    FIELD_MIN_SIZE,
    FIELD_MAX_SIZE,
    FIELD_WITH,
    FIELD_WITHOUT,
    FIELD_EXACTLY_ONE,
    FIELD_AT_LEAST_ONE,
    FIELD_ABSENT,
    FIELD_ONE_OF,
    FIELD_ANY_OF,
    FIELD_ALL_OF,
    FIELD_NOT,
    FIELD_CONDITIONS,
    FIELD_COUNT
};

// Beside the types in FIELD_TYPES.
enum {
    NODE_UNIQUE = 1 << 8,
    NODE_CLOSED = 1 << 9,
    NODE_GROWS = 1 << 10,
    NODE_IGNORE_CASE = 1 << 11,
    NODE_PATTERN_UNUSABLE = 1 << 12
};

// Beside the node of a property.
enum {
    PROPERTY_REQUIRED = 1,
    PROPERTY_DEPRECATED = 2,
    PROPERTY_UPDATE_SHIFT = 2 // two bits of SchemaUpdate
};

// A type, in words.
enum {
    TYPE_NAME,
    TYPE_ROOT,
    TYPE_FLAGS, // SCHEMA_TYPE_…
    TYPE_NOTE,
    TYPE_PATHS, // SCHEMA_PATHS_COUNT lists of texts
    TYPE_TAGS_KIND = TYPE_PATHS + 6,
    TYPE_TAGS_PROPERTY,
    TYPE_TAGS_KEY,
    TYPE_TAGS_VALUE,
    TYPE_REF_KIND,
    TYPE_REF_PROPERTY,
    TYPE_REF_NODE,
    TYPE_ATTRIBUTES,
    TYPE_REGIONS, // a bit for every region it is in: two words
    TYPE_PHYSICAL_NAME = TYPE_REGIONS + 2,
    TYPE_PAGE,
    TYPE_WORDS
};

#endif
