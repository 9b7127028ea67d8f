// What a compilation of one stage gives: templates and the manifest, as plain data. `lower`
// makes it, `check` judges it, `emit` writes it, the deployer reads what was written.
#ifndef ALTC_MODEL_MODEL_H
#define ALTC_MODEL_MODEL_H

#include "compiler/data/datum.h"

// One CloudFormation stack of the stage.
typedef struct Stack {
    Str id;              // "main", or the name of the `stack` block
    Str name;            // physical stack name
    Str region;          // where it is deployed; empty when not stated
    Datum *template_;    // CloudFormation's sections in CloudFormation's order
    Datum *policy;       // the stack policy that the guards ask for, or NULL
    VEC(Str) depends_on; // ids of stacks whose outputs it needs
} Stack;

// A parameter of a stack that the deployer fills.
typedef enum ParameterSource {
    PARAMETER_FROM_NONE,
    PARAMETER_FROM_USER,   // `param`
    PARAMETER_FROM_SECRET, // `var … { secret: true }`
    PARAMETER_FROM_ASSET_BUCKET,
    PARAMETER_FROM_ASSET_KEY,
    PARAMETER_FROM_OUTPUT, // of another stack of the stage
} ParameterSource;

typedef struct StackParameter {
    Str stack; // id
    Str name;
    ParameterSource source;
    Str asset;      // asset id
    Str from_stack; // PARAMETER_FROM_OUTPUT
    Str from_output;
    VEC(Str) env; // PARAMETER_FROM_SECRET: names to look at, in order
    Str variable; // PARAMETER_FROM_SECRET: the var's name, a key of the values file
    Str values_path;
    bool given; // PARAMETER_FROM_SECRET: it was given when compiling
    Span span;
} StackParameter;

typedef struct Asset {
    Str id;
    Str kind; // "zip"
    Str path; // below the project root
    Span span;
} Asset;

// Work for the deployer: an instance of an `Alt::` type.
typedef struct Task {
    Str stack;
    Str id;
    Str type;
    Str condition;     // name of the output that is there when it is to be done; none: always
    Datum *properties; // literals, {"Ref": id} and {"Output": name}
    Span span;
} Task;

// One `deny` of a guard.
typedef struct Protection {
    Str title;
    Str allow;        // name that lifts it, empty when nothing does
    bool lifted;      // --allow named it
    VEC(Str) actions; // add modify replace delete
    Str stack;
    VEC(Str) logical_ids;
    VEC(Str) types;
    Span span;
} Protection;

// A `moved`: the deployed resource keeps its identity under a new logical id.
typedef struct Rename {
    Str stack;
    Str from;
    Str to;
    Span span;
} Rename;

// A file or variable the templates depend on.
typedef struct Input {
    Str kind; // "source" "file" "values" "env" "set"
    Str name;
    FileId file; // whose text it is; 0 for a variable
    Str hash;    // of a variable: sha256 in hex; empty for a secret, which is only noted
    bool absent; // a secret that was looked for and not found
} Input;

typedef struct StageModel {
    Str app;
    Str stage;
    Str account; // empty when not stated
    bool termination_protection;
    Datum *tags;         // a map of strings, or NULL
    VEC(Stack *) stacks; // main first
    VEC(StackParameter) parameters;
    VEC(Asset) assets;
    VEC(Task) tasks;
    VEC(Protection) protections;
    VEC(Rename) renames;
    VEC(Input) inputs;
} StageModel;

#endif
