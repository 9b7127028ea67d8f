// Packing a folder into a zip that is the same bytes for the same files: names in byte order, one
// time for all (1980-01-01), modes 0644 and 0755, no owners. The format is that of PKWARE's
// APPNOTE.TXT, written by libarchive.
#ifndef ALTC_ASSETS_PACK_H
#define ALTC_ASSETS_PACK_H

#include "compiler/base/sha256.h"
#include "compiler/source/host.h"
#include "runtime/assets/tree.h"

typedef struct Pack {
    Str path;   // of the folder or file
    bool ready; // a file that is packed already: *.zip or *.jar
    Tree tree;
    unsigned char (*digests)[SHA256_BYTES]; // of each entry's content
    Str key;                                // SHA-256 of names, modes and contents, in hex
} Pack;

// More is not packed: nothing runs code of that size, so it is not what was meant.
#define PACK_LARGEST (5ULL * 1024 * 1024 * 1024)

// Lists and hashes. False: `problem` says what is wrong; with an empty text it was cancelled.
bool pack_read(
    Arena *arena, const Host *host, Str root, Str path, Pack *pack, TreeProblem *problem);

typedef struct PackedFile {
    int descriptor; // of a file without a name, or of the ready one; the caller closes it
    uint64_t size;
    unsigned char hash[SHA256_BYTES];
} PackedFile;

// Writes the zip into a file below `folder` that is gone when it is closed. A file that is not what
// pack_read saw is an error.
bool pack_write(Arena *arena, const Host *host, Str folder, const Pack *pack, PackedFile *packed,
    TreeProblem *problem);

// Reads a file to its end for its digest. False when it cannot be read, or has another size.
bool pack_digest(
    Arena *arena, const TreeEntry *entry, unsigned char digest[SHA256_BYTES], Str *error);

#endif
