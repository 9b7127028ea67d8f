// What people want to know of a resource: its name in AWS, and how large it is.
#ifndef ALTC_DOCS_FACTS_H
#define ALTC_DOCS_FACTS_H

#include "compiler/base/buf.h"
#include "compiler/data/datum.h"

// The name that the resource's properties give it; empty when CloudFormation makes one up.
// `resources` are those of its template: what only leads to one of them is no name.
Str fact_physical_name(Arena *arena, const Datum *resource, const Datum *resources);
// "1024 MB, at most 20 s"; empty when nothing is known of the type.
Str fact_sizes(Arena *arena, const Datum *resource);
// A value of a template in one short line: text as it is, `Ref` and `Fn::GetAtt` by their names,
// `Fn::Sub` as its text, anything else as JSON that is cut.
Str fact_text(Arena *arena, const Datum *value);

#endif
