// What the files that print descriptions share.
#ifndef ALTC_SCHEMA_DESCRIBE_H
#define ALTC_SCHEMA_DESCRIBE_H

#include "compiler/schema/schema.h"

typedef struct Describer {
    Buf *buf;
    Buf line; // scratch
    Arena *arena;
    const SchemaDescribe *options;
    SchemaType type;
    Str path; // as found, with '*' for items; empty: the type itself
} Describer;

// Walks down `path`, in which the '*' of lists and maps may be left out, and leaves the full form
// in `out->path`. False: no such property; `near` then has up to three names that are near.
bool schema_walk_path(
    Describer *out, Str path, SchemaProperty *property, Str near[3], size_t *count);

// Adds the rule in words; false, and nothing is added, when there are none for it.
bool schema_rule_text(Buf *buf, SchemaCondition condition);

#endif
