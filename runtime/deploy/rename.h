// The program's `moved` in a template that is deployed: which of it is still to be done, and the
// template in which it is.
#ifndef ALTC_DEPLOY_RENAME_H
#define ALTC_DEPLOY_RENAME_H

#include "runtime/manifest/manifest.h"

typedef VEC(ManifestRename *) Renames;

// The renames of a stack that AWS has yet to carry out: the old logical id is deployed and the
// program has it no more, of the new one it is the other way round, and both have one type.
// `deployed` is the whole template; a NULL has nothing to rename. The result points into the
// manifest.
Renames rename_pending(
    Arena *arena, const Manifest *manifest, const ManifestStack *stack, const Datum *deployed);
// The template with those logical ids renamed wherever resources and outputs name them: as keys, in
// Ref, Fn::GetAtt (both forms), Fn::Sub and DependsOn. What a text of Fn::Sub writes as ${!Name},
// or defines itself, is no logical id. All other sections speak of parameters only and stay.
// Sections and scalars without a change are shared with `template_`.
const Datum *rename_template(Arena *arena, const Datum *template_, const Renames *renames);

#endif
