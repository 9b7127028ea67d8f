// What the driver's files, and testrun, share.
#ifndef ALTC_DRIVER_DRIVER_PRIV_H
#define ALTC_DRIVER_DRIVER_PRIV_H

#include "compiler/driver/altc.h"
#include "compiler/eval/evaluate.h"
#include "compiler/lower/lower.h"

struct Session {
    const Host *host;
    RegexCache *regexes;
    Schema schema;
    Arena *arena; // what lives as long as the session
};

// A host that leads to another one.
typedef struct Redirect {
    Str from;
    Str to;
    Str domain;
    Span span;
} Redirect;

// A host that a stage's domains own.
typedef struct Claim {
    Str host;
    Str domain;
    const StageDef *stage;
    Span span;
} Claim;

typedef struct StageResult {
    Arena *arena;
    Evaluation *evaluation;
    StageModel *model;
} StageResult;

struct Compilation {
    Session *session;
    Arena *arena;
    Sources *sources;
    DiagSink *diags;
    Program *program;
    Analysis *analysis;
    CompileOptions options;
    SharedUse shared;
    VEC(Claim) claims;       // of every stage
    Map claims_by_host;      // host -> first Claim
    VEC(Redirect) redirects; // of every stage
    VEC(Claim) elsewhere; // hosts that no stage may claim, nor what is below them; without a stage
    VEC(StageResult) stages;
    bool shares;         // several stages are compiled
    Arena *common_arena; // or NULL
    Evaluation *common;  // what they share, from the first stage on; or NULL
    StageMatrix *matrix;
    bool broken; // the program as a whole is wrong in a way that no stage can be compiled
};

// Loads and analyses; `broken` is set when no stage can be compiled.
Compilation *compilation_open(Session *session, const CompileOptions *options);
// Evaluates, lowers and checks one stage with findings going to `diags`.
StageResult compile_stage(
    Compilation *run, const StageDef *stage, Str name, const EvalOptions *extra, DiagSink *diags);
// The stages the options ask for. Empty after a finding.
typedef struct ChosenStage {
    const StageDef *def;
    Str name; // of a pattern's instance
} ChosenStage;
typedef VEC(ChosenStage) ChosenStages;
ChosenStages choose_stages(Compilation *run);
// Comma separated.
Str join_texts(Arena *arena, const Str *items, size_t count);
// What the stage's entry says beside what the language reads: "tier: dev, family: public".
Str stage_attributes(Compilation *run, const StageDef *def);
bool stage_named_allowed(const Compilation *run, Str name);
// How a stage is evaluated: as the compilation's options say, or as `extra` does (may be NULL).
EvalOptions stage_options(
    Compilation *run, const StageDef *stage, Str name, const EvalOptions *extra);
// What the values file says, or NULL.
Datum *stage_values(Compilation *run, Evaluation *ev);
// Every stage's hosts anew, and hosts that two stages own. `extra` as in compile_stage.
void collect_claims(Compilation *run, const EvalOptions *extra, DiagSink *diags);
// What a template puts into aliases, API domain names and records is not another stage's.
void check_claims(Compilation *run, const StageResult *result, DiagSink *diags);

#endif
