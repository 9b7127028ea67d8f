// libarchive, which writes the zip.
#ifndef ALTC_ASSETS_ZIP_PRIV_H
#define ALTC_ASSETS_ZIP_PRIV_H

#include "runtime/assets/pack.h"

// Writes all entries into packed->descriptor; fills in size and hash.
bool zip_write(
    Arena *arena, const Host *host, const Pack *pack, PackedFile *packed, TreeProblem *problem);

#endif
