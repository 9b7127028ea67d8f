// The part of the manifest that ties every JSON pointer of the templates to its place.
#ifndef ALTC_EMIT_SOURCE_MAP_H
#define ALTC_EMIT_SOURCE_MAP_H

#include "compiler/emit/writer.h"
#include "compiler/model/model.h"

// Adds the value of the entry "sourceMap".
void source_map_write(Writer *writer, const StageModel *model, Sources *sources);
// Where a value was written, given where what is around it was; the key's origin may be NULL.
const Origin *source_map_origin(
    const Datum *datum, const Origin *key_origin, const Origin *around);

#endif
