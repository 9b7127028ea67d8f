// What a program makes for one stage: resources, instances of components, parameters, conditions,
// mappings, outputs, in source order. `eval` fills it, `lower` turns it into templates.
#ifndef ALTC_EVAL_ENTITY_H
#define ALTC_EVAL_ENTITY_H

#include "compiler/base/map.h"
#include "compiler/eval/value.h"
#include "compiler/model/model.h"
#include "compiler/sema/sema.h"

typedef struct BlockRun BlockRun;
typedef struct StackPart StackPart;
typedef struct Evaluation Evaluation;

// One CloudFormation stack of the stage, before it is lowered.
struct StackPart {
    Str id;        // "main" or the block's name
    Value *region; // known string or NULL
    Span span;
    size_t index;
    Map resource_ids; // logical id -> Resource
};

// `for` over a list known only when deploying, around a resource.
typedef struct ForEach {
    Str variable;
    Value *subject;
    const struct ForEach *outer;
} ForEach;

// An annotation with its arguments evaluated.
typedef struct Attribute {
    Str name; // "DeletionPolicy"; "attribute" with args name and value
    ValueList args;
    const Origin *origin;
} Attribute;

typedef VEC(Attribute) Attributes;

struct Resource {
    Str name; // as a user would write it: "Identity.Database", "Record[\"a\"]"
    Str id;   // logical id
    Str type;
    const Decl *decl;
    Instance *owner;
    BlockRun *run;
    StackPart *stack;
    Value *condition; // a deploy-time condition it depends on, or NULL
    const ForEach *each;
    Value *id_value; // with ForEach: the id as an interpolated string, or NULL
    const Origin *origin;
    // Set when it has been elaborated:
    bool done;
    Value *properties; // NULL: no body was written
    Attributes attributes;
    const Suppression *suppressions;
    Value *tags; // of components around it, outermost last; or NULL
};

struct Domain {
    Str name;
    const Decl *decl;
    Instance *owner;
    BlockRun *run;
    Map fields; // evaluated ones
};

struct Parameter {
    Str name;
    Str id;
    Str type; // "String", "List<AWS::EC2::Subnet::Id>", …
    const Decl *decl;
    StackPart *stack;
    ParameterSource source;
    Value *attributes; // a map, or NULL
    bool is_list;
    bool no_echo;
    bool may_hold_quote; // text of it could break out of a JSON string
    bool given;          // of a secret: it was there when compiling
    Str variable;        // its var's name
    Str key;             // and its key, or empty
    VEC(Str) env;
    const AssetFile *asset; // of a parameter for an asset's bucket or key
    const Origin *origin;
};

struct Condition {
    Str id;
    const ForEach *each;
    Value *id_value; // with ForEach: the id as an interpolated string
    const Decl *decl;
    StackPart *stack;
    Value *value; // a condition, never folded
    const Origin *origin;
};

struct Mapping {
    Str id;
    const Decl *decl;
    StackPart *stack;
    Value *value;
    const Origin *origin;
};

struct AssetFile {
    Str path;
    Str id; // "AppsApiDistLambda"
    Parameter *bucket;
    Parameter *key;
    Span span;
};

// A text of this parameter could break out of a JSON string it is put into.
bool parameter_may_hold_quote(const Parameter *parameter);

typedef struct Output {
    Str id;
    const ForEach *each;
    Value *id_value; // with ForEach: the id as an interpolated string
    Value *value;
    Value *attributes; // Description, Export, …; or NULL
    Value *condition;
    StackPart *stack;
    const Origin *origin;
} Output;

typedef struct CfnRule {
    Str id;
    Value *value;
    StackPart *stack;
    const Origin *origin;
} CfnRule;

typedef struct DenyRule {
    Str title;
    Str allow;
    VEC(Str) actions;
    VEC(Str) types;
    VEC(Str) ids; // of what this program no longer makes
    VEC(Resource *) resources;
    Span span;
} DenyRule;

// An instance of a scope: a file in this stage, or a component.
struct Instance {
    Evaluation *evaluation;
    Scope *scope;
    // For a component:
    Str name;         // "Identity.Network"; empty for a file
    Str id;           // logical id prefix
    Str own_name;     // last step: `self.name`
    const Decl *decl; // the resource declaration that made it
    Instance *owner;
    BlockRun *run; // where it was made
    StackPart *stack;
    Value *condition;
    Value *id_value; // in a loop that CloudFormation runs: the id with its variables; or NULL
    const ForEach *each;
    const Origin *via;  // of the declaration: what its parts carry as `via`
    struct Slot *slots; // by symbol slot
    BlockRun **runs;    // by block index, for blocks outside of loops
    Map outputs;        // Str -> struct Cell *
    struct Patch *patches;
    struct InputCell *inputs; // by symbol slot
    Attributes attributes;    // apply to everything in it
    Value *tags;
    const Suppression *suppressions;
    bool elaborated;
    bool refused; // a requirement on what it was given does not hold, or is not decided
};

// `moved Old to New`: a resource, or an instance with all resources in it.
typedef struct Moved {
    Str from;                 // the logical id that the old path had
    const Resource *resource; // or NULL
    const Instance *instance;
    Span span;
} Moved;

#endif
