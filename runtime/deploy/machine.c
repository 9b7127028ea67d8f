#include "runtime/deploy/machine.h"

static const MachineTransition TRANSITIONS[] = {
#define TRANSITION(from, outcome, to) {STATE_##from, OUTCOME_##outcome, STATE_##to},
#include "runtime/deploy/machine.def"
#undef TRANSITION
};

static const char *const STATE_WORDS[] = {
#define MACHINE_STATE(NAME, word, what) word,
#include "runtime/deploy/machine.def"
#undef MACHINE_STATE
};

static const char *const OUTCOME_WORDS[] = {
#define MACHINE_OUTCOME(NAME, word) word,
#include "runtime/deploy/machine.def"
#undef MACHINE_OUTCOME
};

bool machine_next(MachineState from, MachineOutcome outcome, MachineState *to)
{
    *to = from;
    if (outcome == OUTCOME_WAITING)
        return true;
    for (size_t i = 0; i < sizeof TRANSITIONS / sizeof *TRANSITIONS; i++) {
        if (TRANSITIONS[i].from != from || TRANSITIONS[i].outcome != outcome)
            continue;
        *to = TRANSITIONS[i].to;
        return true;
    }
    return false;
}

const MachineTransition *machine_transitions(size_t *count)
{
    *count = sizeof TRANSITIONS / sizeof *TRANSITIONS;
    return TRANSITIONS;
}

const char *machine_state_word(MachineState state)
{
    return STATE_WORDS[state];
}

const char *machine_outcome_word(MachineOutcome outcome)
{
    return OUTCOME_WORDS[outcome];
}
