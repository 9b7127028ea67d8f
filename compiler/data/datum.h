// Plain data with places: what JSON and YAML files hold, and what templates are made of. A datum
// never changes once it is part of a larger one; it lives in an arena.
#ifndef ALTC_DATA_DATUM_H
#define ALTC_DATA_DATUM_H

#include "compiler/base/vec.h"
#include "compiler/source/source.h"

// A finding that the source silences with @suppress.
typedef struct Suppression {
    Str code; // "ALT3104"
    Span span;
    const struct Suppression *outer; // of what encloses it, or NULL
    bool *used;                      // set when it silenced something
} Suppression;

// Where a datum came from: the place that wrote it, and the component instances it came through,
// innermost first.
typedef struct Origin {
    Span span;
    const struct Origin *via;        // where the instance was made whose component holds `span`
    Str instance;                    // that instance's name ("Identity.Network"); empty without
    const Suppression *suppressions; // innermost first, or NULL
    const struct Origin *from;       // where the value was made, when `span` only uses it; or NULL
} Origin;

typedef enum DatumKind {
    DATUM_NULL,
    DATUM_BOOL,
    DATUM_NUMBER, // as its digits were written
    DATUM_STRING,
    DATUM_LIST,
    DATUM_MAP,
    DATUM_COUNT
} DatumKind;

typedef struct Datum Datum;

typedef struct DatumEntry {
    Str key;
    const Origin *origin; // of the key; may be NULL
    Datum *value;
} DatumEntry;

struct Datum {
    DatumKind kind;
    bool boolean;         // DATUM_BOOL
    bool hole;            // DATUM_NULL in place of a value in error, which is reported: be silent
    Str text;             // DATUM_NUMBER: a JSON number literal; DATUM_STRING: UTF-8
    const Origin *origin; // NULL: nowhere
    VEC(Datum *) items;   // DATUM_LIST
    VEC(DatumEntry) entries; // DATUM_MAP, in source order; keys are unique
};

Datum *datum_null(Arena *arena, const Origin *origin);
Datum *datum_bool(Arena *arena, const Origin *origin, bool value);
// `digits` must be a JSON number literal.
Datum *datum_number(Arena *arena, const Origin *origin, Str digits);
Datum *datum_string(Arena *arena, const Origin *origin, Str text);
Datum *datum_list(Arena *arena, const Origin *origin);
Datum *datum_map(Arena *arena, const Origin *origin);

void datum_append(Arena *arena, Datum *list, Datum *item);
// The key must be new. `key_origin` may be NULL.
void datum_put(Arena *arena, Datum *map, Str key, const Origin *key_origin, Datum *value);
// NULL when `map` is NULL, no map, or has no such key.
Datum *datum_get(const Datum *map, Str key);
// The only entry of a map of one key, or NULL: how intrinsics are recognised.
const DatumEntry *datum_only_entry(const Datum *datum);
// Same kinds, texts, order. Origins do not count. `1.0` is not `1`.
bool datum_equal(const Datum *a, const Datum *b);
bool datum_is_string(const Datum *datum, const char *text);

#endif
