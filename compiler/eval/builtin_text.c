// Functions of known texts.
#include "compiler/base/sha256.h"
#include "compiler/base/utf8.h"
#include "compiler/eval/builtin_priv.h"

// ---- case, ends ----

Value *builtin_upper(CallContext *call)
{
    Str text;
    if (!builtin_text(call, "upper", 0, &text))
        return builtin_fail(call);
    return builtin_string(call, str_upper(call->arena, text));
}

Value *builtin_lower(CallContext *call)
{
    Str text;
    if (!builtin_text(call, "lower", 0, &text))
        return builtin_fail(call);
    return builtin_string(call, str_lower(call->arena, text));
}

Value *builtin_startsWith(CallContext *call)
{
    Str text, start;
    if (!builtin_text(call, "startsWith", 0, &text) || !builtin_text(call, "startsWith", 1, &start))
        return builtin_fail(call);
    return builtin_bool(call, str_starts(text, start));
}

Value *builtin_endsWith(CallContext *call)
{
    Str text, end;
    if (!builtin_text(call, "endsWith", 0, &text) || !builtin_text(call, "endsWith", 1, &end))
        return builtin_fail(call);
    return builtin_bool(call, str_ends(text, end));
}

// The length of the character at `at`; a stray byte counts as one.
static size_t character_length(Str text, size_t at)
{
    uint32_t code;
    size_t length = utf8_decode(text, at, &code);
    return length ? length : 1;
}

static bool is_one_of(Str characters, Str character)
{
    for (size_t at = 0; at < characters.len;) {
        size_t length = character_length(characters, at);
        if (str_equal(str_slice(characters, at, at + length), character))
            return true;
        at += length;
    }
    return false;
}

static Str trim_start(Str text, Str characters)
{
    size_t at = 0;
    while (at < text.len) {
        size_t length = character_length(text, at);
        if (!is_one_of(characters, str_slice(text, at, at + length)))
            break;
        at += length;
    }
    return str_slice(text, at, text.len);
}

static Str trim_end(Str text, Str characters)
{
    size_t end = text.len;
    while (end) {
        size_t start = end - 1;
        while (start && ((unsigned char)text.ptr[start] & 0xC0) == 0x80)
            start--;
        if (!is_one_of(characters, str_slice(text, start, end)))
            break;
        end = start;
    }
    return str_slice(text, 0, end);
}

static Value *trim(CallContext *call, const char *function, bool start, bool end)
{
    Str text, characters = STR(" \t\n\r\v\f");
    bool sound = builtin_text(call, function, 0, &text);
    if (sound && call->arg_count > 1)
        sound = builtin_text(call, function, 1, &characters);
    if (!sound)
        return builtin_fail(call);
    if (start)
        text = trim_start(text, characters);
    if (end)
        text = trim_end(text, characters);
    return builtin_string(call, str_copy(call->arena, text));
}

Value *builtin_trim(CallContext *call)
{
    return trim(call, "trim", true, true);
}

Value *builtin_trimStart(CallContext *call)
{
    return trim(call, "trimStart", true, false);
}

Value *builtin_trimEnd(CallContext *call)
{
    return trim(call, "trimEnd", false, true);
}

// ---- searching ----

Value *builtin_replace(CallContext *call)
{
    Str text, old, new;
    if (!builtin_text(call, "replace", 0, &text) || !builtin_text(call, "replace", 1, &old) ||
        !builtin_text(call, "replace", 2, &new))
        return builtin_fail(call);
    if (!old.len)
        return builtin_refuse(call, "replace", 1, "a text that is not empty");
    Buf result;
    buf_init(&result, BUILTIN_TEXT_MAX);
    size_t at = 0;
    while (!result.overflowed) {
        size_t found = str_find(text, old, at);
        buf_add(&result, str_slice(text, at, found));
        if (found == SIZE_MAX)
            break;
        buf_add(&result, new);
        at = found + old.len;
    }
    return builtin_string_of(call, "replace", &result);
}

// The pattern of argument 2; NULL after a finding.
static const Regex *pattern_of(const CallContext *call, const char *function)
{
    Str pattern;
    if (!builtin_text(call, function, 1, &pattern))
        return NULL;
    RegexError error;
    const Regex *regex = regex_get(call->regexes, pattern, &error);
    if (regex)
        return regex;
    Diag *diag =
        diag_add(call->diags, DIAG_BAD_PATTERN, call->arg_spans[1], pattern, error.text, DIAG_END);
    diag_note(call->diags, diag, (Span){0}, "at character %zu of the pattern",
        utf8_count(str_slice(pattern, 0, error.offset)) + 1);
    builtin_explain(call, diag);
    return NULL;
}

static Value *too_costly(const CallContext *call)
{
    Diag *diag = diag_add(call->diags, DIAG_PATTERN_TOO_COSTLY, call->arg_spans[1],
        value_scalar_text(call->args[1]), DIAG_END);
    builtin_explain(call, diag);
    return builtin_fail(call);
}

Value *builtin_matches(CallContext *call)
{
    Str text;
    const Regex *regex = pattern_of(call, "matches");
    if (!builtin_text(call, "matches", 0, &text) || !regex)
        return builtin_fail(call);
    RegexResult result = regex_matches(regex, text);
    return result == REGEX_TOO_COSTLY ? too_costly(call)
                                      : builtin_bool(call, result == REGEX_MATCH);
}

Value *builtin_rewrite(CallContext *call)
{
    Str text, replacement, result;
    const Regex *regex = pattern_of(call, "rewrite");
    if (!builtin_text(call, "rewrite", 0, &text) ||
        !builtin_text(call, "rewrite", 2, &replacement) || !regex)
        return builtin_fail(call);
    if (regex_replace(regex, call->arena, text, replacement, &result) == REGEX_TOO_COSTLY)
        return too_costly(call);
    return builtin_string(call, result);
}

// ---- slice ----

// The byte where character `index` begins, or the text's end.
static size_t character_offset(Str text, size_t index)
{
    size_t at = 0;
    for (size_t i = 0; i < index && at < text.len; i++)
        at += character_length(text, at);
    return at;
}

static Value *slice_text(const CallContext *call, Str text, size_t start, size_t end)
{
    size_t from = character_offset(text, start);
    size_t to = end == SIZE_MAX
                    ? text.len
                    : from + character_offset(str_slice(text, from, text.len), end - start);
    return builtin_string(call, str_copy(call->arena, str_slice(text, from, to)));
}

static Value *slice_list(const CallContext *call, const Value *list, size_t start, size_t end)
{
    Value *result = value_list(call->arena, call->origin);
    for (size_t i = start; i < end && i < list->list.len; i++)
        value_append(call->arena, result, list->list.items[i]);
    return result;
}

Value *builtin_slice(CallContext *call)
{
    Value *whole = call->args[0];
    size_t start, end = SIZE_MAX;
    if (!builtin_size(call, "slice", 1, &start))
        return builtin_fail(call);
    if (call->arg_count > 2 && !builtin_size(call, "slice", 2, &end))
        return builtin_fail(call);
    if (end < start) {
        Diag *diag = diag_add(call->diags, DIAG_SLICE_BACKWARDS, call->arg_spans[2],
            str_format(call->arena, "%zu", end), str_format(call->arena, "%zu", start), DIAG_END);
        builtin_explain(call, diag);
        return builtin_fail(call);
    }
    if (whole->kind == VALUE_LIST && !builtin_has_absent_element(whole))
        return slice_list(call, whole, start, end);
    if (!builtin_require_known(call, "slice", 0))
        return builtin_fail(call);
    Str text = value_scalar_text(whole);
    if (!text.ptr)
        return builtin_refuse(call, "slice", 0, "a string or a list");
    return slice_text(call, text, start, end);
}

// ---- numbers, digests ----

Value *builtin_int(CallContext *call)
{
    Value *value = call->args[0];
    if (value->kind != VALUE_NUMBER && value->kind != VALUE_STRING)
        return builtin_refuse(call, "int", 0, "a string or a number");
    Str text = value->text;
    bool negative = text.len && text.ptr[0] == '-';
    size_t first = negative ? 1 : 0, digits = first;
    while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9')
        digits++;
    if (digits == first || digits < text.len) {
        Diag *diag = diag_add(call->diags, DIAG_NOT_AN_INTEGER, call->arg_spans[0],
            value_show(call->arena, value), DIAG_END);
        builtin_explain(call, diag);
        return builtin_fail(call);
    }
    // The digits stay, however many there are: only zeros in front of them go.
    while (first + 1 < text.len && text.ptr[first] == '0')
        first++;
    Str kept = str_slice(text, first, text.len);
    if (negative && !str_is(kept, "0"))
        kept = str_format(call->arena, "-%.*s", STR_FMT(kept));
    return value_number(call->arena, call->origin, str_copy(call->arena, kept));
}

Value *builtin_sha256(CallContext *call)
{
    Str text;
    if (!builtin_text(call, "sha256", 0, &text))
        return builtin_fail(call);
    return builtin_string(call, sha256_hex(call->arena, text));
}
