// Findings as data. Every message is worded in diagnostics.def and nowhere else; whoever finds
// something gives its code, its place and its arguments.
#ifndef ALTC_DIAG_DIAG_H
#define ALTC_DIAG_DIAG_H

#include "compiler/base/vec.h"
#include "compiler/source/source.h"

typedef enum DiagCode {
    DIAG_NONE,
#define DIAGNOSTIC(number, severity, NAME, message) DIAG_##NAME,
#include "compiler/diag/diagnostics.def"
#undef DIAGNOSTIC
    DIAG_COUNT
} DiagCode;

typedef enum Severity {
    SEVERITY_NONE,
    SEVERITY_NOTE,
    SEVERITY_WARNING,
    SEVERITY_ERROR,
    SEVERITY_COUNT
} Severity;

// A place with what to say of it, beside the primary one.
typedef struct DiagLabel {
    Span span;
    Str text;
} DiagLabel;

// A change of the source that would mend the finding. `safe`: it keeps what was meant.
typedef struct DiagFix {
    Span span;
    Str replacement;
    bool safe;
} DiagFix;

typedef struct Diag {
    DiagCode code;
    Severity severity;
    Span span;
    // What fills {0}, {1}, … of the message, in order.
    VEC(Str) args;
    // Printed as `note:` lines; a nowhere span gives a note without a place.
    VEC(DiagLabel) notes;
    VEC(DiagFix) fixes;
    // Names of the stages it was found in; empty when it does not depend on the stage.
    VEC(Str) stages;
} Diag;

typedef struct DiagSink DiagSink;

// Findings live in the arena.
DiagSink *diag_sink_new(Arena *arena);

// Adds a finding and gives it back, to be added to. Arguments are Str, as many as the message
// has places, ended by DIAG_END:
//     diag_add(sink, DIAG_UNKNOWN_NAME, span, name, DIAG_END);
// A finding at the same place with the same code and arguments as an earlier one is not added
// again: the earlier one is given back with the current stage added, and if it has notes or fixes
// already, those that are then added to it are dropped. Of errors and of everything else 10,000
// are kept each; more are only counted (diag_dropped_count). Texts are cut at 1,000 bytes. Never
// NULL.
Diag *diag_add(DiagSink *sink, DiagCode code, Span span, ...);
#define DIAG_END ((Str){NULL, SIZE_MAX})
// The same with the arguments in a list.
Diag *diag_add_list(DiagSink *sink, DiagCode code, Span span, const Str *args, size_t count);
// Texts are copied into the sink's arena by all of these.
void diag_note(DiagSink *sink, Diag *diag, Span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void diag_fix(DiagSink *sink, Diag *diag, Span span, Str replacement, bool safe);
// Adds "did you mean 'x'?" as a note and x as a fix over `span`, when one of the candidates is
// near enough to `name`. Ties go to the first.
void diag_did_you_mean(
    DiagSink *sink, Diag *diag, Span span, Str name, const Str *candidates, size_t count);

// From here on what is found at a place that shares a character with that of an earlier error
// follows from it: it is not added.
void diag_settle(DiagSink *sink);
// Findings from here on belong to this stage; STR_NONE ends that.
void diag_set_stage(DiagSink *sink, Str stage);
// What was found in all of the `count` stages does not depend on the stage: it names none.
void diag_forget_common_stages(DiagSink *sink, size_t count);
// Findings added so far, merged ones once; with their default severity.
size_t diag_error_count(const DiagSink *sink);
size_t diag_warning_count(const DiagSink *sink);
// How many of them were counted but not kept.
size_t diag_dropped_count(const DiagSink *sink);

// All findings, by file, offset and code. The list lives until the next diag_add.
typedef struct DiagList {
    const Diag *const *items;
    size_t len;
} DiagList;
DiagList diag_sorted(DiagSink *sink);

// "ALT1203"; the text lives in the arena of the caller.
Str diag_code_text(Arena *arena, DiagCode code);
// DIAG_NONE when there is no such code; takes "ALT1203", "alt1203" and "1203".
DiagCode diag_code_of(Str text);
// "unterminated-string": the code's name in lower case with dashes.
Str diag_slug(Arena *arena, DiagCode code);
Severity diag_default_severity(DiagCode code);
// 1203 of ALT1203.
int diag_number(DiagCode code);
// "error", "warning", "note".
Str diag_severity_name(Severity severity);
// The message with its places filled in.
Str diag_message(Arena *arena, const Diag *diag);

#endif
