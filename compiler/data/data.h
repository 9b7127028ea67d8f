// Reading and writing JSON and YAML. Readers never crash, recurse without bound or use memory
// out of proportion; a mistake is a finding with its place.
#ifndef ALTC_DATA_DATA_H
#define ALTC_DATA_DATA_H

#include "compiler/base/buf.h"
#include "compiler/data/datum.h"
#include "compiler/diag/diag.h"

typedef struct DataContext {
    Arena *arena; // what is read lives here
    Sources *sources;
    DiagSink *diags;
} DataContext;

// RFC 8259 text of a file that was added to the sources; every datum's origin is its span there.
// Keys may be parts of the text, which must live as long.
// Numbers keep their digits, duplicate keys are an error, at most 512 levels. NULL after an error.
Datum *data_read_json(const DataContext *context, FileId file);
// The same of a text of which only the content matters, as of an answer or a file of our own: no
// datum has an origin, which takes most of their memory, and nothing is reported. NULL when it is
// no such text.
Datum *data_parse_json(Arena *arena, Str text);
// YAML 1.1 as CloudFormation reads it (`Yes` is true, `010` is 8), one document, no aliases to
// expand beyond 100,000 nodes, CloudFormation's short tags (!Ref, !Sub, !GetAtt a.b …) turned
// into their long form. NULL after an error.
Datum *data_read_yaml(const DataContext *context, FileId file);

// CloudFormation's JSON: two spaces, keys in their order, UTF-8 as it is, a newline at the end.
void data_write_json(Buf *out, const Datum *datum);
// One line, no blanks, no newline.
void data_write_json_compact(Buf *out, const Datum *datum);
// Block style YAML that reads back as the same datum under YAML 1.1 rules (what could be taken
// for a number, bool, null or date is quoted); long intrinsics in their short-tag form where
// CloudFormation has one.
void data_write_yaml(Buf *out, const Datum *datum);
// A JSON string literal with its quotes, and what is between them.
void data_write_json_string(Buf *out, Str text);
void data_write_json_text(Buf *out, Str text);

#endif
