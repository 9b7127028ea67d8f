// How the manifest's fields are read: what is asked for must be there and be of its kind, else the
// first mistake is kept and everything after it is empty.
#ifndef ALTC_MANIFEST_READ_PRIV_H
#define ALTC_MANIFEST_READ_PRIV_H

#include "runtime/manifest/manifest.h"

typedef struct FieldReader {
    Arena *arena;
    Str file;  // for messages
    Str error; // of the first mistake, or empty
} FieldReader;

typedef VEC(Str) FieldTexts;

// Keeps "FILE: text" unless there is an error already.
void field_fail(FieldReader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));
// JSON (or YAML) of a file. NULL after a mistake, which names the line.
const Datum *field_parse(FieldReader *reader, Str text, bool yaml);
// A text; an empty one when it is null and `optional`.
Str field_text(FieldReader *reader, const Datum *map, const char *key, bool optional);
bool field_bool(FieldReader *reader, const Datum *map, const char *key);
// A list of maps, or a list at all; an empty one after a mistake.
const Datum *field_list(FieldReader *reader, const Datum *map, const char *key);
FieldTexts field_texts(FieldReader *reader, const Datum *map, const char *key);
NoticePlace field_place(FieldReader *reader, const Datum *map);

#endif
