// The least that whoever deploys must be allowed to do for just this plan, as an IAM policy: what
// altc asks CloudFormation and S3 for, and what CloudFormation then does in the caller's name,
// which the schema of each resource type tells ("handlers", CloudFormation CLI User Guide,
// "Resource type schema").
#ifndef ALTC_PLAN_POLICY_H
#define ALTC_PLAN_POLICY_H

#include "runtime/plan/plan.h"

// What the rights are for.
typedef enum PolicyPurpose {
    POLICY_FOR_DEPLOY,
    POLICY_FOR_IMPORT,
    POLICY_FOR_REFACTOR,
    POLICY_FOR_DESTROY,
    POLICY_FOR_COUNT
} PolicyPurpose;

// "import"; an empty word is a deployment. False: there is none of this name.
bool policy_purpose(Str word, PolicyPurpose *purpose);

// Which handlers of a type CloudFormation runs.
enum { POLICY_CREATE = 1, POLICY_READ = 2, POLICY_UPDATE = 4, POLICY_DELETE = 8 };

typedef struct PolicyType {
    Str name;
    unsigned handlers;
    VEC(Str) actions; // "sqs:CreateQueue"
    bool known;       // its schema has been taken
} PolicyType;

typedef struct Policy {
    Arena *arena;
    const Plan *plan;
    VEC(PolicyType) types; // of the plan's resources, by their names
} Policy;

// Of a deployment's plan an import leaves what is added, a refactor what is renamed.
void policy_init(Policy *policy, Arena *arena, const Plan *plan, PolicyPurpose purpose);
// Takes the permissions out of a type's schema, as the registry has it. False: it has none.
bool policy_take_schema(Policy *policy, PolicyType *type, const Datum *schema);

typedef struct PolicyScope {
    PolicyPurpose purpose;
    Str partition;
    Str account;
    Str bucket;        // of assets and templates, may end with '*'; empty: nothing is uploaded
    bool sites;        // files of sites are uploaded, and caches emptied
    VEC(Str) targets;  // ARNs of the sites' buckets and distributions; none: they are not known yet
    bool stack_policy; // the program has one
    bool protection;   // …or protects its stacks from termination
    Str role; // that CloudFormation takes on: the caller needs no rights on resources; or empty
} PolicyScope;

// The policy as JSON with sorted actions. Resources of handlers are "*", as schemas name none.
void policy_write(Buf *out, const Policy *policy, const PolicyScope *scope);
// Characters that count for IAM's limits: all but white space.
size_t policy_size(Str text);

#endif
