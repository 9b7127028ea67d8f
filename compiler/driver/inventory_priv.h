// What the files behind inventory.h share.
#ifndef ALTC_DRIVER_INVENTORY_PRIV_H
#define ALTC_DRIVER_INVENTORY_PRIV_H

#include "compiler/eval/value.h"

// Known data as it is; texts that are known only when deploying are empty.
Datum *shape_of_value(Arena *arena, const Value *value);

#endif
