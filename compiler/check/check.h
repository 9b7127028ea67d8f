// Everything altc knows about a finished CloudFormation template. The checks read the model, never
// the language's values, so that a template read from JSON or YAML is judged by the same rules.
//
// Requires: a template whose sections are as CloudFormation wants them or not; nothing is taken
// for granted. Ensures: every finding is placed at the origin of the datum it is about (with the
// component instances that led there as notes), a finding that the source silences is dropped and
// its suppression marked as used, and the time is linear in the size of the template.
#ifndef ALTC_CHECK_CHECK_H
#define ALTC_CHECK_CHECK_H

#include "compiler/base/regex.h"
#include "compiler/diag/diag.h"
#include "compiler/model/model.h"
#include "compiler/schema/schema.h"

typedef struct CheckContext {
    Arena *arena; // scratch: nothing in it is needed after the call
    DiagSink *diags;
    RegexCache *regexes; // of the session: patterns are compiled once
    Schema schema;       // without bytes: properties are not checked, any attribute is accepted
} CheckContext;

// One stack: limits, references, functions, and every resource against its schema.
void check_template(const CheckContext *context, const Stack *stack);
// What only shows across the stacks of a stage: names taken twice in one region, and parameters
// that wait for an output of another stack.
void check_stage(const CheckContext *context, const StageModel *model);

#endif
