#include <stdarg.h>

#include "compiler/check/check_priv.h"
#include "compiler/data/data.h"

// A chain of component instances longer than this is cut: the innermost say the most.
enum { MAX_VIA_NOTES = 4, MAX_ARGUMENTS = 8, MAX_SHOWN = 60 };

// What CloudFormation itself refuses without any doubt: nothing could be gained by silence.
static bool can_be_silenced(DiagCode code)
{
    switch (code) {
    case DIAG_TOO_MANY_ENTRIES:
    case DIAG_TOO_MANY_MAPPING_KEYS:
    case DIAG_TEMPLATE_TOO_LARGE:
    case DIAG_BAD_LOGICAL_ID:
    case DIAG_TEXT_TOO_LONG:
    case DIAG_BAD_STACK_NAME:
    case DIAG_DEPENDENCY_CYCLE:
    case DIAG_CONDITION_CYCLE:
        return false;
    default:
        return true;
    }
}

static bool is_silenced(const Check *check, DiagCode code, const Origin *origin)
{
    if (!origin || !origin->suppressions || !can_be_silenced(code))
        return false;
    Str name = diag_code_text(check->arena, code);
    for (const Suppression *at = origin->suppressions; at; at = at->outer) {
        if (!str_equal(at->code, name))
            continue;
        if (at->used)
            *at->used = true;
        return true;
    }
    return false;
}

// Where the value was made that stands at the finding's place, step by step.
static void note_sources(const Check *check, Diag *diag, const Origin *origin)
{
    const Origin *at = origin ? origin->from : NULL;
    for (int i = 0; at && i < MAX_VIA_NOTES; i++, at = at->from)
        diag_note(check->context->diags, diag, at->span, "the value comes from here");
}

static void note_instances(const Check *check, Diag *diag, const Origin *origin)
{
    DiagSink *sink = check->context->diags;
    const Origin *at = origin;
    for (int i = 0; at && at->via && i < MAX_VIA_NOTES; i++, at = at->via)
        diag_note(
            sink, diag, at->via->span, "in the instance '%.*s' made here", STR_FMT(at->instance));
}

Diag *check_report(const Check *check, DiagCode code, const Origin *origin, ...)
{
    if (is_silenced(check, code, origin))
        return NULL;
    Str args[MAX_ARGUMENTS];
    size_t count = 0;
    va_list list;
    va_start(list, origin);
    for (Str arg = va_arg(list, Str); arg.len != SIZE_MAX; arg = va_arg(list, Str))
        if (count < MAX_ARGUMENTS)
            args[count++] = arg;
    va_end(list);
    Span span = origin ? origin->span : (Span){0};
    Diag *diag = diag_add_list(check->context->diags, code, span, args, count);
    note_sources(check, diag, origin);
    note_instances(check, diag, origin);
    return diag;
}

void check_note(const Check *check, Diag *diag, const Origin *origin, Str text)
{
    if (diag)
        diag_note(
            check->context->diags, diag, origin ? origin->span : (Span){0}, "%.*s", STR_FMT(text));
}

void check_did_you_mean(const Check *check, Diag *diag, const Origin *origin, Str name,
    const Str *candidates, size_t count)
{
    if (diag)
        diag_did_you_mean(check->context->diags, diag, origin ? origin->span : (Span){0}, name,
            candidates, count);
}

const Origin *check_entry_origin(const DatumEntry *entry)
{
    return entry->value->origin ? entry->value->origin : entry->origin;
}

const Origin *check_key_origin(const DatumEntry *entry)
{
    return entry->origin ? entry->origin : entry->value->origin;
}

Str check_kind_name(DatumKind kind)
{
    switch (kind) {
    case DATUM_NULL:
        return STR("null");
    case DATUM_BOOL:
        return STR("a boolean");
    case DATUM_NUMBER:
        return STR("a number");
    case DATUM_STRING:
        return STR("a string");
    case DATUM_LIST:
        return STR("a list");
    default:
        return STR("a map");
    }
}

// What is referred to says more than how.
static Str show_call(const Check *check, const DatumEntry *call)
{
    Str id = STR_NONE;
    if (str_is(call->key, "Ref") && call->value->kind == DATUM_STRING)
        return str_format(check->arena, "the value of '%.*s'", STR_FMT(call->value->text));
    Str attribute =
        str_is(call->key, "Fn::GetAtt") ? check_get_att(check->arena, call->value, &id) : STR_NONE;
    if (attribute.ptr)
        return str_format(
            check->arena, "the value of '%.*s.%.*s'", STR_FMT(id), STR_FMT(attribute));
    return str_format(check->arena, "'%.*s'", STR_FMT(call->key));
}

Str check_show(const Check *check, const Datum *datum)
{
    const DatumEntry *call = check_function(datum);
    if (call)
        return show_call(check, call);
    switch (datum->kind) {
    case DATUM_BOOL:
        return datum->boolean ? STR("true") : STR("false");
    case DATUM_NUMBER:
        return datum->text;
    case DATUM_STRING:
        break;
    default:
        return check_kind_name(datum->kind);
    }
    if (datum->text.len <= MAX_SHOWN)
        return str_format(check->arena, "'%.*s'", STR_FMT(datum->text));
    size_t cut = MAX_SHOWN;
    while (cut > 0 && ((unsigned char)datum->text.ptr[cut] & 0xC0) == 0x80)
        cut--;
    return str_format(check->arena, "'%.*s…'", (int)cut, datum->text.ptr);
}

Str check_number(const Check *check, size_t number)
{
    return str_format(check->arena, "%zu", number);
}

Str check_json_key(const Check *check, const Datum *datum)
{
    Buf text;
    buf_init(&text, 0);
    data_write_json_compact(&text, datum);
    Str copy = buf_copy(&text, check->arena);
    buf_release(&text);
    return copy;
}
