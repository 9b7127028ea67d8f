// The command line of altc-deploy. altc has checked what a person wrote; what does not fit is
// refused all the same.
#ifndef ALTC_DEPLOY_OPTIONS_H
#define ALTC_DEPLOY_OPTIONS_H

#include "compiler/base/vec.h"
#include "runtime/cred/cred.h"

typedef struct DeployOptions {
    Str command; // "deploy", "whoami"…
    CredOptions cred;
    Str manifest;
    Str root; // of the project; the current folder when not given
    bool json;
    bool markdown;
    bool debug;
    bool quiet;
    Str color; // "auto", "always", "never"
    bool yes;
    VEC(Str) allowed;
    VEC(NamedText) parameters;
    Str asset_bucket;
    Str outputs_file;
    Str role;
    Str purpose; // of policy: "import"
    bool no_wait;
    bool no_rollback;
    bool replace_failed;
    bool cancel_on_interrupt;
    int64_t timeout;    // minutes; 0: none
    int64_t jobs;       // uploads at once; 0: as usual
    int64_t poll;       // milliseconds between two looks while things happen; 0: as usual
    VEC(Str) stacks;    // ids of those that are meant; none: all
    VEC(Str) skip;      // logical ids, of continue
    VEC(Str) retain;    // logical ids, of destroy
    VEC(Str) resources; // LOGICALID=NAME, of import
    bool empty_buckets;
    bool unprotect;
    bool chart;
    int64_t limit; // of operations of history, or of resources in a chart; 0: as usual
    VEC(Str) operands;
} DeployOptions;

// False: `error` says what is wrong.
bool options_read(Arena *arena, int argc, char *const *argv, DeployOptions *options, Str *error);

#endif
