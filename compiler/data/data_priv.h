// What the readers of JSON and YAML share.
#ifndef ALTC_DATA_DATA_PRIV_H
#define ALTC_DATA_DATA_PRIV_H

#include "compiler/base/map.h"
#include "compiler/data/data.h"

enum { DATA_DEPTH_MAX = 512 };

typedef struct DataReader {
    const DataContext *context;
    FileId file;
    Str text;       // all of the file
    bool failed;    // an error was found: there will be no datum
    bool placeless; // nobody asks where a datum stood
    Arena *scratch; // what reading alone needs; NULL while it needs nothing
} DataReader;

// Takes the text and checks that it is UTF-8. Gives the offset where reading begins: behind a byte
// order mark.
size_t data_reader_init(DataReader *reader, const DataContext *context, FileId file);
// Releases what reading alone needed.
void data_reader_end(DataReader *reader);
Span data_span(const DataReader *reader, size_t start, size_t end);
// NULL for a reader without places.
const Origin *data_origin(const DataReader *reader, size_t start, size_t end);
// An error with up to two arguments; missing ones are STR_NONE.
Diag *data_error(DataReader *reader, DiagCode code, Span span, Str first, Str second);

// Finds keys of one map while it is built. Zero is that of an empty map.
typedef struct KeyIndex {
    Map places; // once the map is large: key to its place + 1
} KeyIndex;

// The entry with the key, or NULL.
const DatumEntry *key_index_find(const KeyIndex *index, const Datum *map, Str key);
// datum_put that keeps the index.
void key_index_put(KeyIndex *index, DataReader *reader, Datum *map, DatumEntry entry);
// Reports the second use of a key.
void data_report_duplicate(DataReader *reader, Str key, Span span, const DatumEntry *before);

#endif
