// Evaluates a program for one stage: which resources there are, and every value they hold.
#ifndef ALTC_EVAL_EVALUATE_H
#define ALTC_EVAL_EVALUATE_H

#include "compiler/base/regex.h"
#include "compiler/eval/entity.h"

// A `set` of a test: takes the place of a var's or let's value.
typedef struct Override {
    const Symbol *symbol;
    Str key; // of a keyed declaration, or empty
    Str env; // `set env.NAME`: the name; `symbol` is NULL
    const Expr *value;
    const Module *module;
} Override;

// What the evaluations of all stages of a compilation have in common: which @suppress and which
// `with` were of use in any of them, by place (Span -> bool, Span -> PatchUse).
typedef struct PatchUse {
    bool used;
    Span path; // what it names
} PatchUse;

typedef struct SharedUse {
    Map suppressions;
    Map patches;
} SharedUse;

typedef struct EvalOptions {
    SharedUse *shared;
    const StageDef *stage;
    Str stage_name;            // differs from the definition's name for a pattern
    const NamedText *settings; // --set
    size_t setting_count;
    Datum *values;      // of the values file, or NULL
    const Str *allowed; // --allow
    size_t allowed_count;
    bool empty_environment; // in tests
    const Override *overrides;
    size_t override_count;
    struct Evaluation *common; // made by evaluation_common, of the same program; or NULL
} EvalOptions;

struct Evaluation {
    Arena *arena;
    Analysis *analysis;
    Program *program;
    DiagSink *diags;
    RegexCache *regexes;
    EvalOptions options;
    // Results, in source order:
    VEC(StackPart *) stacks; // main first
    VEC(Resource *) resources;
    VEC(Parameter *) parameters;
    VEC(Condition *) conditions;
    VEC(Mapping *) mappings;
    VEC(CfnRule) rules;
    VEC(Output) outputs;
    VEC(DenyRule) denials;
    VEC(Moved) moves;
    VEC(AssetFile *) assets;
    VEC(Domain *) domains; // of every stage; claimed ones: domain_claimed
    VEC(Input) inputs;     // variables that were read
    // Working state:
    Instance **files; // by module index
    BlockRun *main_run;
    struct Active *active; // what is being computed, innermost first
    size_t depth;
    size_t steps;
    size_t made;  // resources and instances of components
    bool stopped; // a limit was passed and reported
    Map asset_ids;
    Map input_names; // "kind name" -> its place in `inputs`, counted from 1
    bool is_common;
    struct Cell *making; // whose value is being made; of a common evaluation
    Map app_fields;
    Value *stage_value;
    Value *stages_value;
    bool *module_done;
    // What tests look at, set by testrun after lowering.
    Value *template_value;
    Value *templates_value;
    Value *tasks_value;
    bool template_asked; // an expression looked at what is emitted
};

// Prepares a stage; nothing is evaluated yet.
Evaluation *evaluation_new(
    Arena *arena, Analysis *analysis, RegexCache *regexes, const EvalOptions *options);
// Holds the values that are the same in every stage: made when a stage first asks for one, and
// never again. `options` are those of any stage that will ask; it must not be run.
Evaluation *evaluation_common(
    Arena *arena, Analysis *analysis, RegexCache *regexes, const EvalOptions *options);
// Elaborates the whole program. Findings go to the program's sink.
void evaluation_run(Evaluation *ev);

// A field of `app` as known text, with what it is when the program does not state it; STR_NONE when
// null or in error (reported).
Str evaluation_app_text(Evaluation *ev, const char *field);
// Any field of `app`; NULL when it is not stated.
Value *evaluation_app_field(Evaluation *ev, Str field);
// `template { … }`, evaluated; NULL when there is none.
Value *evaluation_template(Evaluation *ev);
// A domain's field, evaluated: host zone cert aliases redirects url.
Value *evaluation_domain_field(Evaluation *ev, Domain *domain, Str field);
// Does this stage own the domain?
bool evaluation_claims(Evaluation *ev, Domain *domain);
// Whether its host is somebody else's: no stage may claim it, nor a host below it.
bool evaluation_is_elsewhere(Evaluation *ev, Domain *domain);
// Every domain of the program as this stage sees it.
void evaluation_collect_domains(Evaluation *ev);
// An expression of a file, at its top level. For tests.
Value *evaluation_expr(Evaluation *ev, const Module *module, const Expr *expr);
// "a is 1024" for the parts of a condition that decided it, as notes of the finding.
void evaluation_explain_parts(
    Evaluation *ev, const Module *module, const Expr *condition, Diag *diag);
// Text and values to one string; `eval` of CallContext.
Value *evaluation_interpolate(Arena *arena, const Origin *origin, const ValueList *parts);
// Adds the chain of instances to a finding.
void evaluation_explain_origin(Evaluation *ev, Diag *diag, const Origin *origin);
// "auth-dev" -> "AuthDev": how keys stand in logical ids.
Str evaluation_key_words(Arena *arena, Str key);

#endif
