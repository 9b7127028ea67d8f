// The inventory of a program for people: a page for each stage, an overview, and all of it as one
// HTML document that needs nothing else. The same program gives the same bytes.
#ifndef ALTC_DOCS_DOCS_H
#define ALTC_DOCS_DOCS_H

#include "compiler/base/vec.h"
#include "compiler/driver/inventory.h"

typedef struct DocsStage {
    const StageModel *model;
    const StageInventory *inventory;
} DocsStage;

typedef struct DocsFile {
    Str name; // within the folder
    Str text;
} DocsFile;

typedef struct DocsFiles {
    VEC(DocsFile) items;
} DocsFiles;

// README.md, index.html, and for each stage STAGE.md and STAGE.svg; of a program without stages
// the stage is called "template". They live in the arena.
DocsFiles docs_make(Arena *arena, const DocsStage *stages, size_t count, const StageMatrix *matrix);

#endif
