// The states through which the deployment of one stack goes, and the one function that says which
// comes next. The table is machine.def; the actions are in the run_….c files.
#ifndef ALTC_DEPLOY_MACHINE_H
#define ALTC_DEPLOY_MACHINE_H

#include "compiler/base/str.h"

typedef enum MachineState {
#define MACHINE_STATE(NAME, word, what) STATE_##NAME,
#include "runtime/deploy/machine.def"
#undef MACHINE_STATE
    STATE_COUNT
} MachineState;

typedef enum MachineOutcome {
#define MACHINE_OUTCOME(NAME, word) OUTCOME_##NAME,
#include "runtime/deploy/machine.def"
#undef MACHINE_OUTCOME
    OUTCOME_COUNT
} MachineOutcome;

typedef struct MachineTransition {
    MachineState from;
    MachineOutcome outcome;
    MachineState to;
} MachineTransition;

// The state after an outcome; WAITING stays. False: the table has no such outcome there.
bool machine_next(MachineState from, MachineOutcome outcome, MachineState *to);
// The whole table, for tests that walk it.
const MachineTransition *machine_transitions(size_t *count);
const char *machine_state_word(MachineState state);
const char *machine_outcome_word(MachineOutcome outcome);

#endif
