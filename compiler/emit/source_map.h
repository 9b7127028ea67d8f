// The part of the manifest that ties every JSON pointer of the templates to its place.
#ifndef ALTC_EMIT_SOURCE_MAP_H
#define ALTC_EMIT_SOURCE_MAP_H

#include "compiler/emit/writer.h"
#include "compiler/model/model.h"

// Adds the value of the entry "sourceMap".
void source_map_write(Writer *writer, const StageModel *model, Sources *sources);

#endif
