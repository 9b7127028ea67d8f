// One deployment: what its stacks share, and what is known of each while it goes through the states
// of machine.h. A run takes one action at a time, never sleeps and never prints, so that several
// take turns in one thread.
#ifndef ALTC_DEPLOY_RUN_H
#define ALTC_DEPLOY_RUN_H

#include "runtime/assets/assets.h"
#include "runtime/aws/cfn.h"
#include "runtime/deploy/journal.h"
#include "runtime/deploy/machine.h"
#include "runtime/deploy/options.h"
#include "runtime/deploy/rename.h"
#include "runtime/deploy/stack_status.h"
#include "runtime/events/follow.h"
#include "runtime/notice/mask.h"
#include "runtime/plan/plan.h"

typedef struct StackRun StackRun;

// Told each transition, by the one function that makes them; for logs and tests.
typedef struct RunTrace {
    void *context;
    void (*moved)(void *context, const StackRun *run, MachineState from, MachineOutcome outcome);
} RunTrace;

// What a deployment shows beside its notices. Any function may be NULL.
typedef struct RunFace {
    void *context;
    void (*plan)(void *context, const Plan *plan); // what a change set will do
    void (*pause)(void *context);                  // a question is asked now
    void (*tick)(void *context);                   // time passes
} RunFace;

typedef struct Deployment {
    const World *world;
    Arena *arena;
    const DeployOptions *options;
    const Manifest *manifest;
    Listener listener;
    Mask *mask; // before the listener; NULL: there is none
    RunFace face;
    Journal *journal;
    Assets *assets; // NULL when nothing is to be uploaded
    Str id;         // "altc-20260131T100000-1f2e3d4c"; names its change sets
    Str account;
    Str partition;
    bool only_plan;   // no change set is carried out, nothing is uploaded
    bool only_rename; // what the program has moved is renamed, no change set is made
    Pace pace;
    int64_t deadline; // by World.steady; 0: none
    RunTrace trace;   // `moved` may be NULL
    VEC(StackRun *) runs;
} Deployment;

struct StackRun {
    Deployment *deployment;
    const ManifestStack *stack;
    AwsClient client; // of its region
    Arena *arena;     // as long as the deployment
    Arena *scratch;   // of one action
    Arena *review;    // of what is read of a change set, and the plan
    MachineState state;
    DeployResult result; // what it will be once settled
    int64_t wake;        // by World.steady: not before
    int64_t wait;        // what an action that gives WAITING asks for

    // What is deployed, by the last look.
    bool exists;
    Str stack_id; // ARN, once there is one
    Str status;
    Str updated;
    bool protected_; // from termination
    VEC(Str) deployed_parameters;
    size_t deployed_tags; // how many
    StackOperation operation;
    bool ours;       // an operation under way was begun by an earlier deployment of ours
    bool made_stack; // by this deployment: it was not there
    bool replaced;   // the failed stack was deleted

    // What the program has moved.
    Renames renames;      // that AWS has yet to carry out
    Str renamed_template; // what is deployed, with those; lives in `review`
    int refactors;        // that were begun
    Str refactor_id;
    Str refactor_refusal; // what AWS said when it did not carry out the refactor; or empty
    bool took_up;         // the refactor of an earlier deployment was looked at
    bool renamed;         // by this deployment

    // The change set.
    int attempt; // counts from 1
    int unheard; // requests for one after which no answer came
    Str change_set;
    Str change_set_id;
    Str change_set_created;
    Str token;      // of the execution
    int executions; // requests for it
    bool left;      // a change set may be there: no answer told whether it was made
    const CfnChangeSet *with_values;
    const CfnChangeSet *without_values;
    Plan *plan;
    bool data_at_stake;
    bool secured;
    bool cancelling;
    bool changed;     // this deployment, or the one that it took up, changed the stack
    bool carried_out; // this deployment's change set was: what was looked at is old

    MachineOutcome came_as; // the outcome that led to the current state
    int tries;              // in it
    Follower *follower;
    VEC(CfnOutput) outputs;
};

// Sets up a run that begins with LOOK; it is added to the deployment. NULL: `error` says why.
StackRun *run_new(Deployment *deployment, const ManifestStack *stack, Cred *cred, Str *error);
void run_release(StackRun *run);
// Takes one action. Afterwards the run is settled, or wants its next turn at `wake`.
void run_step(StackRun *run);
// The run of a stack by its id in the manifest, or NULL.
StackRun *run_find(const Deployment *deployment, Str id);
// It ended as was wanted.
bool run_is_fine(const StackRun *run);

#endif
