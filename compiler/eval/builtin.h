// The built-in functions: one table with name, arguments, and what they do. `sema` looks names
// and counts up here, `eval` calls, `spec/functions.md` describes; a test holds the two together.
#ifndef ALTC_EVAL_BUILTIN_H
#define ALTC_EVAL_BUILTIN_H

#include "compiler/base/regex.h"
#include "compiler/data/data.h"
#include "compiler/eval/value.h"
#include "compiler/module/module.h"

// What a function may reach while it is called.
typedef struct CallContext {
    Arena *arena;
    DiagSink *diags;
    RegexCache *regexes;
    Program *program;
    Module *module; // of the call
    bool in_rule;   // in a `rule`: contains, eachMemberIn, … are its functions, never folded
    bool has_language_extensions; // the program declares AWS::LanguageExtensions
    const Origin *origin;         // of the call: what the result carries
    Span span;                    // of the whole call
    const Span *arg_spans;
    Value **args;     // evaluated; none is VALUE_ERROR
    size_t arg_count; // within the table's bounds
    // Turns known text and values into one string: a VALUE_STRING or a DEPLOY_SUB.
    // Reads as Ref what is a resource. Given by eval.
    Value *(*interpolate)(void *eval, const Origin *origin, const ValueList *parts);
    // Adds the note chain "in the instance … made here" to a finding.
    void (*explain)(void *eval, Diag *diag);
    void *eval;
} CallContext;

typedef Value *(*BuiltinCall)(CallContext *call);

struct Builtin {
    const char *name;
    size_t min_args;
    size_t max_args;
    // All arguments must be known: checked, with a finding that says why, before the call.
    bool known_only;
    BuiltinCall call;
    const char *signature; // "join(separator: string, list) -> string"
    const char *summary;   // one line
};

const struct Builtin *builtin_find(Str name);
// By index, sorted by name; NULL behind the last.
const struct Builtin *builtin_at(size_t index);
// `cfn.name(…)`: the intrinsic itself, typed, never folded. For an unknown name the intrinsic
// `Fn::<name>` with a warning.
Value *builtin_cfn(CallContext *call, Str name);

// Two that work on the evaluation itself: eval/asset.c.
Value *builtin_zip(CallContext *call);
Value *builtin_count(CallContext *call);

#endif
