// What a deployment would do to each resource: the difference of two templates property by
// property, told by AWS's schemas, and merged with what a change set of AWS says. Pure functions of
// data: no file, no network.
#ifndef ALTC_PLAN_PLAN_H
#define ALTC_PLAN_PLAN_H

#include "compiler/base/buf.h"
#include "compiler/schema/schema.h"
#include "runtime/aws/cfn.h"
#include "runtime/manifest/manifest.h"

typedef enum PlanAction {
    PLAN_SAME, // nothing of the resource changes
    PLAN_ADD,
    PLAN_MODIFY,
    PLAN_REMOVE,
    PLAN_IMPORT,
    PLAN_RENAME, // `moved`: keeps what is deployed under a new logical id
    PLAN_DYNAMIC // AWS cannot tell beforehand
} PlanAction;

// What a change does to the deployed resource, from harmless to worst.
typedef enum PlanEffect {
    PLAN_IN_PLACE,
    PLAN_MAY_REPLACE,
    PLAN_UNKNOWN, // no schema says
    PLAN_REPLACES
} PlanEffect;

typedef struct PlanProperty {
    Str path;   // JSON pointer below the resource: "/Properties/MemorySize"
    Str before; // as compact JSON; empty: was not there; masked if it may be secret
    Str after;  // the same as `before` when only what it refers to changes
    PlanEffect effect;
    Str cause;   // the parameter, condition, mapping or resource behind it; or empty
    bool unsure; // the values are functions, which may give the same in the end: AWS knows
    NoticePlace place;
} PlanProperty;

typedef struct PlanResource {
    PlanAction action;
    PlanEffect effect; // of PLAN_MODIFY
    Str stack;         // id
    Str logical_id;
    Str former_id; // PLAN_RENAME
    Str physical_id;
    Str type;
    Str data;          // what is at stake when it goes: "a database"; empty: nothing
    Str policy;        // what becomes of the deployed one when it goes: "Delete", "Snapshot"…
    bool kept;         // …and it is Retain
    bool conditional;  // a Condition says whether it is there at all
    Str collides;      // the physical name that it cannot take while another one has it
    Str collides_with; // the logical id of that one; its own when its replacement collides
    VEC(PlanProperty) properties; // what changes; of PLAN_ADD what it is made with
    NoticePlace place;            // of what a library made: where the program asks for it
    Str instance;                 // component instance, or empty
} PlanResource;

// Why a change may not be made.
typedef struct PlanObstacle {
    const PlanResource *resource;
    Str text;  // "the guard 'a live API keeps its domain' denies to delete it"
    Str allow; // the name that lifts it, for --allow; empty: nothing does
    NoticePlace place;
} PlanObstacle;

typedef struct PlanStack {
    Str id;
    Str name;
    Str region;
    bool is_new;
    bool is_left; // the stage no longer has it: deploying leaves it as it is
    VEC(PlanResource)
    resources; // those that change, in the order of the new template, then removed ones
    VEC(PlanProperty) others; // outputs, parameters, conditions…: pointers from the template's root
} PlanStack;

typedef struct Plan {
    Str app;
    Str stage;
    VEC(PlanStack) stacks;
    VEC(PlanObstacle) obstacles;
} Plan;

// The difference of two templates as JSON data; NULL stands for a stack that is not there. Values
// are compared as CloudFormation takes them (80 is "80"), functions as they are written. A change
// that flows through a reference, a parameter's default or a condition is listed with its cause,
// and replaces nothing for certain. `manifest` gives renames, names and places of the new side;
// it may be NULL.
PlanStack *plan_stack(
    Arena *arena, const Datum *before, const Datum *after, const Manifest *manifest, Str stack_id);
// Where the source has what changes. plan_stack with a manifest of a source map has done so.
typedef struct PlanPlaces {
    const void *context;
    // Of the value at a JSON pointer of the stack's template; an empty file when not known.
    NoticePlace (*place)(const void *context, Arena *arena, Str stack, Str pointer);
    // The component instance that made a resource; an empty name when none did.
    ManifestInstance (*instance)(const void *context, Arena *arena, Str stack, Str logical_id);
} PlanPlaces;

void plan_locate(Arena *arena, PlanStack *plan, const PlanPlaces *places);
// Takes in what a change set says: actions, replacements, values, physical ids. Where the two
// differ the worse one counts, and changes that AWS left out stay: but what references, parameters
// and conditions give only AWS can work out, so of that its word alone counts.
void plan_merge(Arena *arena, PlanStack *plan, const CfnChangeSet *with_values,
    const CfnChangeSet *without_values);
// Holds a stack's changes against the manifest's protections, and against the loss of data: a
// removal or (possible) replacement of what is stateful needs --allow with the logical id. Adds to
// plan->obstacles all that stand after `allowed`.
void plan_judge(
    Arena *arena, Plan *plan, const Manifest *manifest, const Str *allowed, size_t allowed_count);
bool plan_has_changes(const Plan *plan);

typedef struct PlanView {
    bool color;
    bool all;     // also properties of resources that are added
    size_t width; // of the terminal in columns; 0: 100
} PlanView;

// For people; for programs; for a pull request.
void plan_write_text(Buf *out, const Plan *plan, const PlanView *view);
void plan_write_json(Buf *out, const Plan *plan);
void plan_write_markdown(Buf *out, const Plan *plan);

#endif
