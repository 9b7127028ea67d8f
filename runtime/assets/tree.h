// The files of a folder, as they are packed or uploaded. The one place that walks folders; reads
// the disk itself, as what is packed may be larger than memory. Only folders that altc writes
// itself are left out, `.altc` and `.sst`: what cannot be taken is an error.
#ifndef ALTC_ASSETS_TREE_H
#define ALTC_ASSETS_TREE_H

#include "compiler/base/vec.h"
#include "compiler/base/str.h"

typedef enum TreeKind {
    TREE_FILE,
    TREE_LINK,  // a symbolic link that leads to somewhere in the folder
    TREE_FOLDER // one with nothing in it
} TreeKind;

typedef struct TreeEntry {
    TreeKind kind;
    Str name;   // below the folder, with '/' between parts
    Str path;   // to open it
    Str target; // TREE_LINK: as it is written
    uint64_t size;
    bool executable; // by its owner
} TreeEntry;

typedef struct Tree {
    VEC(TreeEntry) entries; // by name in byte order
    uint64_t size;          // of all files
} Tree;

typedef struct TreeProblem {
    Str path;
    Str text;     // why, for people
    bool missing; // the folder itself is not there
} TreeProblem;

enum { TREE_MAX_DEPTH = 64, TREE_MAX_ENTRIES = 250 * 1000 };

// Lists the folder, or the one file, that `path` names. Both it and what links lead to must lie in
// `root` (a real path) and, for links, in the folder. With `follow` links are taken as what they
// lead to, else they are kept. False: `problem` says what is wrong with which file.
bool tree_read(Arena *arena, Str root, Str path, bool follow, Tree *tree, TreeProblem *problem);

#endif
