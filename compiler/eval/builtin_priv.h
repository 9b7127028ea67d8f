// What the files of the built-in functions share: their declarations, and how arguments are
// looked at. `index` counts arguments from 0, messages from 1; `function` is the name as written.
#ifndef ALTC_EVAL_BUILTIN_PRIV_H
#define ALTC_EVAL_BUILTIN_PRIV_H

#include "compiler/base/buf.h"
#include "compiler/eval/builtin.h"

enum {
    BUILTIN_TEXT_MAX = 4 * 1024 * 1024, // bytes of a text that a function reads or makes
    BUILTIN_PIECES_MAX = 100 * 1000,    // elements of a list that it makes of a text
    BUILTIN_RANGE_MAX = 10 * 1000
};

#define BUILTIN(name, min, max, known_only, signature, summary)                                    \
    Value *builtin_##name(CallContext *call);
#include "compiler/eval/builtins.def"
#undef BUILTIN

// ---- findings ----

Value *builtin_fail(const CallContext *call);
// Adds where the call came from.
void builtin_explain(const CallContext *call, Diag *diag);
// A warning with one argument and a note or NULL; NULL when an @suppress around the call silences
// it.
Diag *builtin_warn(
    const CallContext *call, DiagCode code, Span span, Str argument, const char *note);
// "argument 2 of 'join' must be a list, found …"; silent when that argument is an error.
Value *builtin_refuse(
    const CallContext *call, const char *function, size_t index, const char *wanted);
// The same for a part of the argument.
Value *builtin_refuse_part(const CallContext *call, const char *function, size_t index,
    const char *wanted, const Value *part);
// The argument must be known, but this part is not. Without builtin_explain, to add notes first.
Diag *builtin_report_unknown(
    const CallContext *call, const char *function, size_t index, const Value *unknown);
// False after a finding, when the argument is not known as a whole.
bool builtin_require_known(const CallContext *call, const char *function, size_t index);
// "'f' takes 2 to 3 arguments, found 4"; false after it.
bool builtin_check_count(const CallContext *call, Str function, size_t min, size_t max);

// ---- arguments ----

// A known scalar's text; false after a finding.
bool builtin_text(const CallContext *call, const char *function, size_t index, Str *text);
// A known whole number; false after a finding.
bool builtin_integer(const CallContext *call, const char *function, size_t index, int64_t *n);
// A known whole number that is not negative; what is larger than SIZE_MAX is cut to it.
bool builtin_size(const CallContext *call, const char *function, size_t index, size_t *n);
// A text, known or not; false after a finding.
bool builtin_takes_text(const CallContext *call, const char *function, size_t index);
// A list with any elements, or a deploy-time one; false after a finding.
bool builtin_takes_list(const CallContext *call, const char *function, size_t index);

bool builtin_may_be_text(const Value *value);
bool builtin_may_be_list(const Value *value);
bool builtin_is_no_value(const Value *value);
// A choice made when deploying that may leave the entry or element out.
bool builtin_may_be_absent(const Value *value);
bool builtin_has_absent_element(const Value *list);

// ---- results ----

Value *builtin_string(const CallContext *call, Str text);
Value *builtin_bool(const CallContext *call, bool b);
// The text that the function makes is longer than BUILTIN_TEXT_MAX.
Value *builtin_too_long(const CallContext *call, const char *function);
// The text of `buf`, which is released; a finding when it grew too long.
Value *builtin_string_of(const CallContext *call, const char *function, Buf *buf);
// A value as it stands in a string: a condition becomes a choice of "true" and "false".
Value *builtin_part(const CallContext *call, Value *value);
// {"<intrinsic>": [all arguments]}
Value *builtin_intrinsic(const CallContext *call, const char *intrinsic, bool gives_list);
Value *builtin_choice(const CallContext *call, Value *condition, Value *yes, Value *no);

// ---- shared by the folding functions and `cfn.…` ----

// `cfn.name(…)`; `shown` is how findings call it.
Value *builtin_raw(CallContext *call, Str name, const char *shown);
Value *builtin_make_ref(CallContext *call, const char *function);
Value *builtin_make_get_att(CallContext *call, const char *function);
Value *builtin_make_find_in_map(CallContext *call, const char *function);
Value *builtin_make_transform(CallContext *call, const char *function);
Value *builtin_make_value_of(CallContext *call, const char *function);

#endif
