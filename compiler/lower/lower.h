// From what a stage holds to templates and the manifest's data: references become Ref and
// Fn::GetAtt, deploy-time choices become conditions, what crosses stacks becomes an output here
// and a parameter there. Nothing is invented, nothing dropped, source order is kept.
#ifndef ALTC_LOWER_LOWER_H
#define ALTC_LOWER_LOWER_H

#include "compiler/eval/evaluate.h"
#include "compiler/schema/schema.h"

// Requires an elaborated evaluation. Findings go to the program's sink. The model lives in the
// evaluation's arena.
StageModel *lower_stage(Evaluation *ev, Schema schema);

#endif
