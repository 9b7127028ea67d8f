// What the files of `docs` share.
#ifndef ALTC_DOCS_DOCS_PRIV_H
#define ALTC_DOCS_DOCS_PRIV_H

#include "compiler/docs/docs.h"
#include "compiler/docs/page.h"

// The page of one stage.
Page docs_stage_page(Arena *arena, const DocsStage *stage);
// The overview of all of them.
Page docs_overview(Arena *arena, const DocsStage *stages, size_t count, const StageMatrix *matrix);
// What files of a stage are called.
Str docs_stem(const StageModel *model);

#endif
