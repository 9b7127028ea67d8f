// What the three views of a plan share: words, sums and short forms of values.
#ifndef ALTC_PLAN_VIEW_H
#define ALTC_PLAN_VIEW_H

#include "runtime/plan/plan.h"

// How a change is told, from what it does; the order is that of the sums.
typedef enum PlanVerdict {
    VERDICT_ADD,
    VERDICT_IMPORT,
    VERDICT_RENAME,
    VERDICT_IN_PLACE,
    VERDICT_MAY_REPLACE,
    VERDICT_UNKNOWN,
    VERDICT_REPLACE,
    VERDICT_REMOVE,
    VERDICT_COUNT
} PlanVerdict;

PlanVerdict plan_verdict(const PlanResource *resource);
const char *plan_symbol(PlanVerdict verdict); // "±"
const char *plan_word(PlanVerdict verdict);   // "replaced"
// "replaces" for a property; empty for what is done in place.
const char *plan_effect_word(PlanEffect effect);

typedef struct PlanSums {
    size_t verdicts[VERDICT_COUNT];
    size_t others;
} PlanSums;

PlanSums plan_sums(const Plan *plan);
// "1 to add, 2 to change in place"; "no changes".
void plan_add_sums(Buf *out, const PlanSums *sums);

// "Environment.Variables.LOG", "Tags[0]": a pointer below a resource as people write it.
void plan_add_path(Buf *out, Str pointer);
// A value in alt's words on one line, at most so many columns: of long ones that begin like
// `other` the part that differs. Harmless on a terminal.
void plan_add_value(Buf *out, Str json, Str other, size_t columns);
// "infra.alt:12"; nothing when the place is not known.
void plan_add_place(Buf *out, const NoticePlace *place);
// What becomes of data: "loses a database"; nothing when none is at stake.
void plan_add_stake(Buf *out, const PlanResource *resource);
// The name of a stack and its region, as far as they are known.
void plan_add_stack_name(Buf *out, const PlanStack *stack);
bool plan_stack_changes(const PlanStack *stack);

#endif
