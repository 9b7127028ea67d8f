// The compiler as a library: what the command line, tests and editors call.
//
//     Session *session = session_new(&host);
//     Compilation *run = compile(session, &options);
//     for each diag_sorted(compilation_diags(run)) …
//     compilation_free(run);
//     session_free(session);
//
// A session may run many compilations, one after another or interleaved; nothing is shared
// between them but what never changes. One session is used by one thread at a time.
#ifndef ALTC_DRIVER_ALTC_H
#define ALTC_DRIVER_ALTC_H

#include "compiler/diag/diag.h"
#include "compiler/model/model.h"
#include "compiler/source/host.h"
#include "compiler/source/source.h"

typedef struct Session Session;
typedef struct Compilation Compilation;

// `host` must outlive the session.
Session *session_new(const Host *host);
void session_free(Session *session);

typedef enum StageChoice {
    STAGES_DEFAULT, // app's defaultStage, or the only one
    STAGES_NAMED,   // `stage`
    STAGES_ALL      // every stage that is not retired and no pattern
} StageChoice;

typedef struct CompileOptions {
    Str file;      // the root program, as given
    bool has_text; // the text of `file` is `text` (standard input, an unsaved buffer)
    Str text;
    StageChoice choice;
    Str stage;                 // STAGES_NAMED: a name or alias
    const NamedText *settings; // --set name=value
    size_t setting_count;
    Str values_file;    // --values; empty: the one that `app` names
    const Str *allowed; // --allow
    size_t allowed_count;
    bool reads_only; // nothing is built from the models: escape hatches need no --allow
    bool check_only; // all findings, no models are kept (saves memory)
    // When set, each stage is handed over as soon as it is compiled without an error, and freed
    // behind the call: what of it is to stay must be copied. Later stages may still fail.
    void (*take_stage)(void *context, Compilation *run, const StageModel *model);
    void *take_context;
} CompileOptions;

// Never NULL. Strings of the options must live until compilation_free.
Compilation *compile(Session *session, const CompileOptions *options);
void compilation_free(Compilation *run);

DiagSink *compilation_diags(Compilation *run);
Sources *compilation_sources(Compilation *run);
// No error was found. Without it no output may be written.
bool compilation_ok(const Compilation *run);
// One per compiled stage, in the order of `stages`; empty after errors in the program as a whole.
size_t compilation_stage_count(const Compilation *run);
const StageModel *compilation_stage(const Compilation *run, size_t index);
// Files that were read (the root first), for depfiles and --watch; also those not found.
size_t compilation_input_count(const Compilation *run);
Str compilation_input(const Compilation *run, size_t index);
// The project root as a path that can be opened from here: paths of assets lie below it.
Str compilation_root(const Compilation *run);

// ---- the stage matrix (`altc stages`) ----

typedef struct StageRow {
    Str name;
    Str aliases;    // comma separated
    Str attributes; // "tier: dev", comma separated
    Str hatch_of;
    Str retired; // why, when it is
    bool is_pattern;
    VEC(Str) families; // names of surfaces: the resources and domains that `on` gives it
    VEC(Str) hosts;    // hosts it claims
    size_t resources;
} StageRow;

typedef struct StageMatrix {
    VEC(StageRow) rows;
} StageMatrix;

// Compiles every stage. Empty rows after errors in the program as a whole.
const StageMatrix *compilation_matrix(Compilation *run);

// ---- tests written in alt (`altc test`) ----

typedef struct TestResult {
    Str name;
    Str stage; // empty when the test does not depend on it
    bool passed;
    Span span;
    VEC(DiagLabel) failures; // message (with the values of its parts) and place
} TestResult;

typedef struct TestReport {
    VEC(TestResult) results;
    size_t passed;
    size_t failed;
} TestReport;

// Runs the tests of the program whose names contain `filter` (empty: all). The report lives in
// the session until session_free. Findings of the program itself go to `compilation_diags(*run)`.
const TestReport *run_tests(
    Session *session, const CompileOptions *options, Str filter, Compilation **run);

#endif
