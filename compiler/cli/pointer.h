// JSON pointers (RFC 6901) into plain data.
#ifndef ALTC_CLI_POINTER_H
#define ALTC_CLI_POINTER_H

#include "compiler/base/buf.h"
#include "compiler/data/datum.h"

// What a pointer leads to.
typedef struct PointerTarget {
    const Datum *value;   // NULL: the pointer leads nowhere
    const Origin *origin; // of the value, or of the nearest thing around it that has one
    size_t reached;       // bytes of the pointer up to where it could be followed
    const Datum *last;    // the datum that `reached` leads to
} PointerTarget;

// "" is the whole; a missing first '/' is forgiven.
PointerTarget pointer_follow(Arena *arena, const Datum *root, Str pointer);
// Adds "/" and the key, with '~' and '/' escaped.
void pointer_add_key(Buf *out, Str key);

#endif
