#include "runtime/deploy/stack_status.h"

#define GOOD_CREATE (1U << OPERATION_CREATE)
#define GOOD_UPDATE (1U << OPERATION_UPDATE)
#define GOOD_DELETE (1U << OPERATION_DELETE)
#define GOOD_CANCEL (1U << OPERATION_CANCEL)
#define GOOD_CONTINUE (1U << OPERATION_CONTINUE)
#define GOOD_ROLLBACK (1U << OPERATION_ROLLBACK)
#define GOOD_IMPORT (1U << OPERATION_IMPORT)

static const StackStatus STATUSES[] = {
#define STACK_STATUS(name, phase, good, bad, hint)                                                 \
    {{#name, sizeof #name - 1}, PHASE_##phase, good, RESULT_##bad, {hint, sizeof hint - 1}},
#include "runtime/deploy/stack_status.def"
#undef STACK_STATUS
};

StackStatus stack_status(Str name)
{
    if (!name.len)
        return (StackStatus){.phase = PHASE_ABSENT, .good = GOOD_DELETE, .bad = RESULT_ROLLED_BACK};
    for (size_t i = 0; i < sizeof STATUSES / sizeof *STATUSES; i++)
        if (str_equal(STATUSES[i].name, name))
            return STATUSES[i];
    StackStatus unknown = {.name = name, .phase = PHASE_STUCK, .bad = RESULT_STUCK};
    if (str_ends(name, STR("_IN_PROGRESS")))
        unknown.phase = PHASE_BUSY;
    else
        unknown.hint = STR("this version of altc does not know this status: look at the console");
    return unknown;
}

DeployResult stack_status_result(Str name, StackOperation operation)
{
    StackStatus status = stack_status(name);
    if (status.phase == PHASE_BUSY || status.phase == PHASE_REVIEW)
        return RESULT_NONE;
    return (status.good & 1U << operation) != 0 ? RESULT_DONE : status.bad;
}
