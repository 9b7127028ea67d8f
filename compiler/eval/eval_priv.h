// What the files of `eval` share.
#ifndef ALTC_EVAL_EVAL_PRIV_H
#define ALTC_EVAL_EVAL_PRIV_H

#include "compiler/eval/builtin.h"
#include "compiler/eval/evaluate.h"

// Limits of one stage's evaluation; passing one is a finding that names it.
enum {
    LIMIT_DEPTH = 600, // expressions inside expressions, calls included
    LIMIT_STEPS = 3 * 1000 * 1000,
    LIMIT_MEMORY_MIB = 512,
    LIMIT_RESOURCES = 10 * 1000, // more than any template may hold, by far; instances count
    LIMIT_COMPONENTS = 32        // components inside components
};

// A name bound while an expression is evaluated: a function's parameter, a loop variable, `it`.
typedef struct Local {
    const void *binder; // Symbol's field or head; NULL for `it`
    bool is_second;
    Value *value;
    const struct Local *next;
} Local;

typedef enum EvalMode {
    MODE_NORMAL,
    MODE_CONDITION, // in `condition`: operators are written out, never folded
    MODE_RULE       // in `rule`: likewise, and `in` is Fn::Contains
} EvalMode;

// Where an expression is evaluated.
typedef struct Env {
    Evaluation *ev;
    Module *module;
    Instance *instance;
    BlockRun *run; // innermost block, for loop variables
    const Local *locals;
    EvalMode mode;
    const Origin *via; // where the instance was made through which all of this came, or NULL
    Str via_name;      // that instance's name
    const Suppression *suppressions;
} Env;

typedef enum CellState { CELL_NEW, CELL_RUNNING, CELL_DONE } CellState;

// What the making of a value asked for, where a stage must be able to ask again.
typedef enum MakingKind {
    MAKING_LISTS, // which values `symbol` has
    MAKING_ASKS,  // one of them
    MAKING_READS  // a variable: `input` is its place in Evaluation.inputs
} MakingKind;

typedef struct MakingStep {
    MakingKind kind;
    Symbol *symbol;
    Str key;
    size_t input;
} MakingStep;

// One value of a declaration, computed when asked for.
typedef struct Cell {
    CellState state;
    Value *value;
    BlockRun *run;
    Str key;
    VEC(MakingStep) steps; // of a common evaluation
} Cell;

// All values of a declaration: one, or one a key.
typedef struct Slot {
    bool listed;
    VEC(Cell *) cells;
    Map by_key;
    size_t elaborated; // cells already passed by elaboration, which goes in the same order
} Slot;

// An input given to an instance, evaluated when asked for.
typedef struct InputCell {
    CellState state;
    Value *value;
} InputCell;

// `with Inner { … }`: waits for the declaration it changes.
typedef struct Patch {
    VEC(Str) path; // names of what it changes, from this instance inwards
    size_t depth;  // steps already taken
    const Item *item;
    Env env;
    struct Patch *next;
} Patch;

// A block in being: for one iteration of the loops around it.
struct BlockRun {
    const Block *block;
    Instance *instance;
    BlockRun *parent;
    bool live;
    Value *condition; // with all around it, or NULL
    StackPart *stack;
    const ForEach *each;
    Value *first;
    Value *second;
    bool index_is_no_key; // `first` counts a list's elements
    // Of nested blocks; those outside of loops are in the instance's `runs`.
    VEC(BlockRun *) children;
};

typedef VEC(BlockRun *) RunList;

// What is being computed, to show cycles.
typedef struct Active {
    Str name;
    Span span;
    const void *what;
    const struct Active *outer;
} Active;

// What a value is of, put into words only when it does not fit.
typedef enum WhatKind {
    WHAT_NAME,
    WHAT_SETTING, // `name` says it all
    WHAT_ARGUMENT,
    WHAT_RESULT,
    WHAT_INPUT,
    WHAT_OUTPUT,
    WHAT_DEFAULT,
    WHAT_FIELD,
    WHAT_ELEMENT,
    WHAT_ENTRY
} WhatKind;

typedef struct What {
    WhatKind kind;
    Str name;
    Str owner;
    const struct What *of;
} What;

// ---- expr.c ----
Value *eval_expr(const Env *env, const Expr *expr);
// Null, or a step of its path that is null or missing, gives null without a finding.
Value *eval_soft(const Env *env, const Expr *expr);
// Known when compiling, or VALUE_ERROR after a finding that says what of it is not and that
// `purpose` ("the index") needs it.
Value *eval_known(const Env *env, const Expr *expr, const char *purpose);
// A known text; STR_NONE after a finding.
Str eval_known_text(const Env *env, const Expr *expr, const char *purpose);
const Origin *eval_origin(const Env *env, Span span);
// The same for a place that uses a value made elsewhere.
const Origin *eval_origin_from(const Env *env, Span span, const Value *value);
Value *eval_fail(const Env *env, Span span);
bool eval_require_known(const Env *env, Value *value, Span span, const char *purpose);
Value *eval_call_function(const Env *env, Symbol *symbol, const Expr *call);
// Adds the note chain of the env's instance.
void eval_explain(const Env *env, Diag *diag);
// Counts a step; false, after a finding, when a limit of the stage is passed.
bool eval_step_allowed(const Env *env, Span span);
// Counts what a declaration makes, a resource or an instance of a component; else likewise.
bool eval_making_allowed(Evaluation *ev, const Decl *decl);
Env env_with_local(const Env *env, Local *local);
// ---- operators.c ----
Value *eval_unary(const Env *env, const Expr *expr);
Value *eval_binary(const Env *env, const Expr *expr);
Value *eval_conditional(const Env *env, const Expr *expr);
Value *eval_match(const Env *env, const Expr *expr);
// To a bool or a condition; VALUE_ERROR after a finding.
Value *eval_truth(const Env *env, Value *value, Span span);
Value *eval_equals(const Env *env, const Origin *origin, Value *left, Value *right);
Value *eval_and(const Env *env, const Origin *origin, Value *left, Value *right);
Value *eval_not(const Env *env, const Origin *origin, Value *value);
Value *eval_if(const Env *env, const Origin *origin, Value *condition, Value *yes, Value *no);
bool eval_arm_matches(const Expr *key, Value *subject);
// ---- member.c ----
Value *eval_path(const Env *env, const Expr *expr, bool soft);
Value *eval_step(const Env *env, Value *object, Str name, Span span, bool soft);
// ---- collect.c: lists, maps, bodies ----
Value *eval_list(const Env *env, const Expr *expr);
Value *eval_map(const Env *env, const Expr *expr);
// Entries, spreads and loops of a body or map into a map; items of other kinds are passed over.
Value *eval_items(const Env *env, const ItemList *items, const Origin *origin);
// `it` is what was there; maps merge, null takes out.
Value *eval_merge_items(const Env *env, Value *base, const ItemList *items, const Origin *origin);
Value *eval_merge_values(const Env *env, Value *base, Value *change);
// Runs `turn` for every turn of a loop over known data. False: a turn asked for the end, or a
// subject or filter is in error.
typedef bool (*LoopTurn)(const Env *env, void *context);
bool eval_loop(const Env *env, const ForHead *head, LoopTurn turn, void *context);
// The known text of an entry's key.
Str eval_key(const Env *env, const Expr *key);
// ---- scope.c: instances, blocks, names ----
Instance *instance_of_file(Evaluation *ev, const Module *module);
Instance *instance_new(Evaluation *ev, Scope *scope);
Value *eval_name(const Env *env, const Expr *expr);
Value *symbol_value(const Env *env, Symbol *symbol, Span span);
// Of a keyed declaration: the value under the key, NULL when there is none.
Value *symbol_keyed(const Env *env, Symbol *symbol, Value *key, Span span, bool *found);
Value *declared_value(Instance *instance, Symbol *symbol, Span span);
bool symbol_is_keyed(const Symbol *symbol);
// Runs of a nested block inside one run of the block around it; also those that are not live.
void block_runs_below(Instance *instance, const Block *block, BlockRun *parent, RunList *runs);
// All live runs.
void block_runs(Instance *instance, const Block *block, RunList *runs);
Slot *slot_listed(Instance *instance, Symbol *symbol);
Value *cell_value(Instance *instance, Symbol *symbol, Cell *cell, Span span);
Env env_of_run(Instance *instance, BlockRun *run);
// Values made in `inner` came through the same instances as those of `outer`.
void env_inherit(Env *inner, const Env *outer);
Env env_of_file(Evaluation *ev, const Module *module);
Value *instance_result(const Env *env, Instance *instance, Str name, Span span, bool soft);
// Enters and leaves a computation; false when it is already under way (reported as a cycle).
bool eval_enter(Evaluation *ev, Active *active);
void eval_leave(Evaluation *ev, const Active *active);
// ---- common.c: values that are the same in every stage ----
// Takes the cell's value from the common evaluation. False: the stage must make it itself.
bool common_value(Evaluation *ev, Symbol *symbol, Cell *cell, Span span);
// What the value that is being made asks for, in a common evaluation; otherwise nothing happens.
void common_note(Evaluation *ev, MakingStep step);
// ---- instance.c: instances of components ----
Value *instance_input(Instance *instance, Symbol *symbol);
// What the instance's declaration says of the input; NULL when it is not written there.
const Item *instance_input_item(const Decl *decl, Str name);
Value *make_component_instance(Instance *owner, const Decl *decl, Cell *cell);
// What `with` says of a declaration of this name, in the order written.
void instance_patches(Instance *instance, Str name, const Patch **patches, size_t *count);
bool instance_has_result(const Instance *instance, Str name);
// ---- make.c: what a declaration makes ----
Scope *eval_component_scope(const Evaluation *ev, const Decl *component);
// The innermost block around an output.
const Block *block_of_output(const Scope *scope, const Decl *output);
Value *make_value(Instance *instance, Symbol *symbol, Cell *cell);
Str make_logical_id(const Env *env, const Decl *decl, Str name, Str key);
// In a loop that CloudFormation runs: the id with the loop's variables in it; else NULL.
Value *make_repeated_id(const Env *env, const Decl *decl, Str own);
Value *make_parameter_value(Evaluation *ev, const Origin *origin, Parameter *parameter);
// ---- variable.c ----
Value *make_variable(Instance *instance, Symbol *symbol, Cell *cell);
// A variable was read, which the manifest lists once.
void note_input(Evaluation *ev, const Input *input);
Value *override_value(Instance *instance, Symbol *symbol, Str key, bool *found);
// A text as the type reads it; NULL when it does not.
Value *parse_text(const Env *env, const TypeExpr *type, Str text, Span span);
// Digits, with a '-' before and a point between them or not; zeros in front are taken.
bool text_is_number(Str text, bool integer);
// Text of a setting to a value of the type; VALUE_ERROR after a finding.
// The parameter that a secret variable is, in the first stack.
Value *secret_parameter(const Env *env, const Symbol *symbol, Str key, const Parameter *names);
// Does the text that is given meet the parameter's attributes? False after a finding, which does
// not tell it.
bool secret_fits(const Env *env, const Parameter *parameter, Str text);
Value *parse_setting(const Env *env, const TypeExpr *type, Str text, Str source, Span span);
// ---- conform.c: written types ----
// The value as the type wants it (defaults of records filled in), or VALUE_ERROR after a finding
// in which `what` names it ("input 'domain'").
Value *conform(const Env *env, const TypeExpr *type, Value *value, const What *what, Span span);
Str what_text(Arena *arena, const What *what);
// Without findings.
bool conforms(const Env *env, const TypeExpr *type, Value *value);
bool host_is_legal(Str host);
bool type_allows_null(const Env *env, const TypeExpr *type);
Str type_show(Arena *arena, const Env *env, const TypeExpr *type);
const TypeNameInfo *type_name_info(const Env *env, const TypeExpr *type);
// Reports that the value is not of the type, and the way there if it is one step; gives an error.
Value *conform_mismatch(
    const Env *env, const TypeExpr *type, Value *value, const What *what, Span span);
// ---- blame.c ----
// Where that was given which the condition of an instance's requirement looks at first; where the
// instance is declared if nothing of it was.
Span eval_blame(const Env *env, const Expr *condition);
// ---- elaborate.c ----
void elaborate_instance(Instance *instance);
void elaborate_resource(Resource *resource);
// What an instance's body gives for a name; NULL for nothing.
Value *instance_given(Instance *instance, Str name);
const Suppression *annotation_suppressions(
    const Env *env, const AnnotationList *annotations, const Suppression *outer);
// ---- asset.c ----
Value *asset_parameter(const Env *env, AssetFile *asset, bool bucket, const Origin *origin);
// ---- guard.c ----
void elaborate_guard(const Env *env, const Decl *decl);
void elaborate_require(const Env *env, const Expr *condition, const Expr *message);
void elaborate_moved(const Env *env, const Decl *decl);
bool stage_is_allowed(const Evaluation *ev, Str name);
Str path_logical_id(const Env *env, const Path *path);
void eval_explain_parts(const Env *env, const Expr *condition, Diag *diag);
// ---- evaluate.c ----
void elaborate_program(Evaluation *ev);
const Suppression *suppression_at(Evaluation *ev, Span span, Str code, const Suppression *outer);
// What is known of a `with` in all stages; it is registered by asking.
PatchUse *patch_use(Evaluation *ev, const Item *item);
// ---- domain.c ----
// Looks at every field of a domain that this stage owns.
void check_domain(Evaluation *ev, Domain *domain);
// ---- given.c: app, stage, stages, aws ----
Value *given_value(const Env *env, Given given, Span span);
Value *given_step(const Env *env, Given given, Str name, Span span, bool soft);
Value *pseudo_parameter(Arena *arena, const Origin *origin, Str name);

#endif
