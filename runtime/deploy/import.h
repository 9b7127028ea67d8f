// What an import takes in, by what AWS finds it, and the template that has it and changes nothing
// else. Pure functions of data. Page: "Import AWS resources into a CloudFormation stack" of the
// CloudFormation User Guide.
#ifndef ALTC_DEPLOY_IMPORT_H
#define ALTC_DEPLOY_IMPORT_H

#include "compiler/data/datum.h"
#include "runtime/aws/cfn.h"

enum { IMPORT_MOST = 200 }; // resources of one import

typedef struct ImportTarget {
    Str logical_id;
    Str given; // what stands behind the "=" of --resource; empty: nothing
    Str type;
    CfnPairs identifier;
} ImportTarget;

typedef VEC(ImportTarget) ImportTargets;

typedef struct ImportProblem {
    Str text;
    Str hint;       // or empty
    Str logical_id; // or empty
} ImportProblem;

// Reads the values of --resource: LOGICALID, LOGICALID=VALUE or LOGICALID=PROPERTY=VALUE,…. False:
// one is none, comes twice, or they are none or too many.
bool import_read(
    Arena *arena, const Str *texts, size_t count, ImportTargets *targets, ImportProblem *problem);
// The deployed template and the targets of the program's, with the parameters, conditions and
// mappings that only these need; `deployed` is NULL when there is no stack: then the targets alone,
// without outputs. Fills in the types. NULL: a target is unknown, deployed already, has no
// DeletionPolicy, or refers to a resource that is not there.
Datum *import_template(Arena *arena, const Datum *program, const Datum *deployed,
    ImportTargets *targets, ImportProblem *problem);
// A template of nothing but the targets' types, to ask AWS which properties identify them.
Datum *import_types(Arena *arena, const ImportTargets *targets);
// Fills in the identifier from what was given and from what the program's template states as a
// literal. False: the type has no such properties, one has no value, or the two contradict.
bool import_identify(Arena *arena, const Datum *program, ImportTarget *target,
    const CfnTexts *properties, ImportProblem *problem);

#endif
