// What a part of a template refers to. Pure functions of data.
#ifndef ALTC_DEPLOY_REFERENCES_H
#define ALTC_DEPLOY_REFERENCES_H

#include "compiler/data/datum.h"

typedef enum Reference {
    REFERENCE_VALUE, // a resource or a parameter: Ref, Fn::GetAtt, Fn::Sub, DependsOn
    REFERENCE_CONDITION,
    REFERENCE_MAPPING,
} Reference;

typedef void ReferenceVisit(void *context, Reference kind, Str name);

// Calls `visit` for each reference in a value, also when it comes again. Pseudo parameters are
// none. `value` may be NULL.
void references_each(const Datum *value, ReferenceVisit *visit, void *context);
// The same of a whole resource, with its DependsOn and Condition.
void references_of_resource(const Datum *resource, ReferenceVisit *visit, void *context);

#endif
