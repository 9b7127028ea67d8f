// What the files of `lower` share.
#ifndef ALTC_LOWER_LOWER_PRIV_H
#define ALTC_LOWER_LOWER_PRIV_H

#include "compiler/lower/lower.h"

// A stack while its template is put together.
typedef struct StackBuild {
    StackPart *part;
    Stack *stack;
    Datum *parameters;
    Datum *rules;
    Datum *mappings;
    Datum *conditions;
    Datum *resources;
    Datum *outputs;
    Map known; // "p Id", "c Id", "m Id", "e Name": parameters, conditions, mappings, loops written
    Map resource_ids; // of what `resources` holds
    Map by_condition; // a condition's compact JSON -> its name (Str *)
    Datum *policy;    // statements of the stack policy
} StackBuild;

typedef struct Lowerer {
    Arena *arena;
    Evaluation *ev;
    Schema schema;
    StageModel *model;
    StackBuild *builds; // by StackPart.index
    size_t build_count;
    size_t values; // written so far
} Lowerer;

// Values that share parts are small in memory and may be endless when written out.
enum { LIMIT_VALUES = 1000 * 1000 };

typedef enum Place { PLACE_VALUE, PLACE_CONDITION, PLACE_RULE } Place;

// Where a value is put: in which stack, as what, and what AWS wants there (may not exist).
typedef struct Spot {
    Lowerer *lowerer;
    StackBuild *build;
    Place place;
    SchemaNode node;
    const Suppression *suppressions;
    Str type;            // of the resource, for findings
    const ForEach *each; // the loops around that CloudFormation runs, or NULL
} Spot;

Datum *lower_value(const Spot *spot, const Value *value);
// Counts one more; says so, once, when they are more than any template can hold.
bool too_many_values(const Spot *spot, const Origin *origin);
// Stands for what was refused: the checks pass over it.
Datum *hole(const Spot *spot, const Origin *origin);
// A condition's own datum: {"Fn::Equals": …}, {"Condition": …}.
Datum *lower_condition(const Spot *spot, const Value *value);
// The name under which the stack has the condition, declared or made now.
Str condition_name(const Spot *spot, const Value *value);
void declare_condition(Lowerer *lowerer, StackBuild *build, Condition *condition);
void declare_parameter(Lowerer *lowerer, StackBuild *build, Parameter *parameter);
void declare_mapping(Lowerer *lowerer, StackBuild *build, Mapping *mapping);
// {"Ref": …} or {"Fn::GetAtt": …} to a resource, through a parameter when it is in another stack.
Datum *lower_resource(
    const Spot *spot, const Resource *resource, Str attribute, const Origin *origin);
// A string of text parts and values.
Datum *lower_sub(const Spot *spot, const Value *value);
void lower_resources(Lowerer *lowerer);
Datum *lower_properties(const Spot *spot, const Resource *resource);
void lower_denials(Lowerer *lowerer);
// Whether the deployer makes it, not CloudFormation.
bool is_task(const Resource *resource);
// Behind resources and outputs: tasks may add outputs.
void lower_tasks(Lowerer *lowerer);
// What an output of this value that altc adds is called: `name`, or more of it where the program or
// another value has that name. It may be there already.
Str output_name(const Lowerer *lowerer, const StackBuild *build, Str name, const Datum *value);
// The origin with the suppressions that hold around it.
const Origin *spot_origin(const Spot *spot, const Origin *origin);
StackBuild *build_of(Lowerer *lowerer, const StackPart *part);
Spot spot_in(Lowerer *lowerer, StackBuild *build, Place place);
// What CloudFormation repeats, if `each` is set, under an id that has the loop's variable in it.
typedef struct Loop {
    Str id;
    Value *id_value;
    const ForEach *each;
    const Origin *origin;
} Loop;

// Its id with `${N}` in it.
Str loop_key(const Spot *spot, const Loop *loop);
// Puts the entry into the section, in its loops. Without loops its id must be new there.
void put_repeated(const Spot *spot, Datum *section, const Loop *loop, Datum *entry);
// "Fn::ForEach::Name", or with a number behind it when the template has that name already.
Str unique_loop_name(const Spot *spot, Str name);
// {key: value}
Datum *single(Arena *arena, const Origin *origin, const char *key, Datum *value);

#endif
