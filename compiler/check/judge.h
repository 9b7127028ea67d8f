// A value held against a node of a type's schema. Either findings are reported, or the value is
// only tried: then the verdict and the weight of what is wrong count.
#ifndef ALTC_CHECK_JUDGE_H
#define ALTC_CHECK_JUDGE_H

#include "compiler/check/check_priv.h"

typedef enum Verdict {
    VERDICT_FITS,
    VERDICT_UNSURE, // depends on what only the deployment knows
    VERDICT_FAILS
} Verdict;

// Where a value stands below Properties; written out only for a finding.
typedef struct Path {
    const struct Path *parent; // NULL: Properties itself
    Str name;                  // empty: an index
    size_t index;
    const Origin *origin; // of the nearest datum that has one
} Path;

// How far a wrong value is from what a node wants: the form with the least is the closest.
enum {
    WEIGHT_MISSING = 1,
    WEIGHT_VALUE = 1,
    WEIGHT_UNKNOWN = 2,
    WEIGHT_CHOICE = 4,
    WEIGHT_TYPE = 10
};

typedef struct Judge {
    Check *check;
    const CheckResource *resource;
    bool report;
    size_t failures;    // weights of what was wrong, in all
    size_t conditional; // how many Fn::If we are in
    size_t steps;       // nodes that may still be looked at
    Map tried;          // verdicts of node and value, for trials
    Map refused;        // scalars that were reported, with their paths
} Judge;

// The worse of two, a failure being the worst.
Verdict verdict_worse(Verdict a, Verdict b);
Verdict judge_node(Judge *judge, SchemaNode node, const Datum *value, const Path *path);
// Without reporting. `*failures` gets the weight of what is wrong.
Verdict judge_try(
    Judge *judge, SchemaNode node, const Datum *value, const Path *path, size_t *failures);
// Adds to the weights; gives VERDICT_FAILS.
Verdict judge_fail(Judge *judge, size_t weight);
// "Policies[0].PolicyName", or the resource's type for Properties itself.
Str path_text(const Judge *judge, const Path *path);
const Origin *path_origin(const Path *path, const Datum *value);
// "a string", "a number or a list"
Str judge_type_names(const Judge *judge, unsigned types);

// judge_scalar.c
// A text, number or boolean whose type fits. `subject` is the datum that a finding is about: the
// value itself, or the Ref of a parameter that can have it.
Verdict judge_scalar(Judge *judge, const SchemaFacts *facts, const Datum *value, const Path *path);
bool judge_scalar_type(unsigned types, const Datum *value);
// A value that only the deployment knows: a call of a function other than Fn::If.
// flow.c
// Warns where the value, a reference, gives something else than the property wants.
void judge_flow(Judge *judge, const SchemaFacts *facts, const Datum *value, const Path *path);
Verdict judge_call(Judge *judge, const SchemaFacts *facts, const Datum *value, const Path *path);

// judge_object.c
Verdict judge_object(Judge *judge, const SchemaFacts *facts, const Datum *value, const Path *path);
typedef enum Presence { PRESENCE_ABSENT, PRESENCE_MAYBE, PRESENCE_SURE } Presence;
// Of a property of a map.
Presence judge_presence(const Datum *map, Str name);
// Of a value, AWS::NoValue being absent.
Presence judge_value_presence(const Datum *value);

// A property that may not be there, given what else is.
// That two properties exclude each other. Several rules may say so of a pair: one order, one
// finding, at the later name.
void judge_report_exclusive(
    const Judge *judge, const Datum *map, Str one, Str other, const Path *path);
void judge_report_not_here(const Judge *judge, const Datum *map, Str name, const Path *path);

// judge_forms.c
// oneOf, anyOf, allOf, not, if. `whole` is false for a call, of which only the type is known.
Verdict judge_forms(
    Judge *judge, const SchemaFacts *facts, const Datum *value, const Path *path, bool whole);

// policy.c
// Mistakes in documents that look like policies.
void check_policy_document(Check *check, const Datum *document);

#endif
