// The change set of an import: made, asked about, carried out, or taken back.
#ifndef ALTC_DEPLOY_IMPORT_CHANGE_H
#define ALTC_DEPLOY_IMPORT_CHANGE_H

#include "runtime/deploy/console.h"
#include "runtime/deploy/import.h"

typedef struct ImportChange {
    StageStack *stack;
    const ImportTargets *targets;   // each with its identifier
    const Datum *deployed;          // the template; NULL: there is none
    const ManifestStack *submitted; // the stack with the template of import_template
} ImportChange;

// Has AWS take the targets in. What is made for it and not carried out is deleted again.
DeployResult import_carry_out(Console *console, const ImportChange *change);

#endif
