// What each status of a stack means: to a deployment that begins, and to an operation that ends.
#ifndef ALTC_DEPLOY_STACK_STATUS_H
#define ALTC_DEPLOY_STACK_STATUS_H

#include "runtime/notice/notice.h"

typedef enum StackPhase {
    PHASE_ABSENT,
    PHASE_REVIEW, // only change sets, no resources
    PHASE_READY,  // takes an update
    PHASE_BUSY,   // an operation goes on
    PHASE_DEAD,   // can only be deleted
    PHASE_STUCK   // somebody has to decide
} StackPhase;

typedef enum StackOperation {
    OPERATION_NONE,
    OPERATION_CREATE,
    OPERATION_UPDATE,
    OPERATION_DELETE,
    OPERATION_CANCEL,   // of an update
    OPERATION_CONTINUE, // of the rollback of an update
    OPERATION_ROLLBACK,
    OPERATION_IMPORT,
    OPERATION_COUNT
} StackOperation;

typedef struct StackStatus {
    Str name;
    StackPhase phase;
    unsigned good;    // operations that it ends well: bits 1 << OPERATION_…
    DeployResult bad; // the result of other operations that end with it
    Str hint;         // when no deployment can begin: what to do
} StackStatus;

// What is known of a status. Of one that AWS added since, its name tells: "…_IN_PROGRESS" is busy,
// any other is stuck. An empty one is that of a stack that is not there.
StackStatus stack_status(Str name);
// Whether the operation is over, and then how: RESULT_DONE, RESULT_ROLLED_BACK or RESULT_STUCK;
// RESULT_NONE while it goes on.
DeployResult stack_status_result(Str name, StackOperation operation);

#endif
