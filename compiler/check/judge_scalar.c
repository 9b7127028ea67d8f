// Texts, numbers and booleans, coerced as CloudFormation does.
#include <stdlib.h>

#include "compiler/check/judge.h"

enum { MAX_NUMBER = 64, MAX_LIST_SHOWN = 8 };

static Str text_of(const Datum *value)
{
    if (value->kind == DATUM_BOOL)
        return value->boolean ? STR("true") : STR("false");
    return value->text;
}

static bool is_boolean_text(Str text)
{
    static const char *const texts[] = {"true", "false", "True", "False", "TRUE", "FALSE"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (str_is(text, texts[i]))
            return true;
    return false;
}

// Only for comparing with bounds: what is emitted keeps its digits.
static bool read_number(Str text, double *number)
{
    text = str_trim(text);
    if (text.len == 0 || text.len >= MAX_NUMBER)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if ((c < '0' || c > '9') && c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E')
            return false;
    }
    char copy[MAX_NUMBER];
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    char *end = NULL;
    *number = strtod(copy, &end);
    return end != copy && *end == '\0';
}

// Doubles beyond 2^53 are whole anyway.
static bool is_whole(double number)
{
    if (number >= 9007199254740992.0 || number <= -9007199254740992.0)
        return true;
    double whole = (double)(long long)number;
    return !(whole < number) && !(number < whole);
}

// Also a text that CloudFormation fills in when deploying.
static bool is_dynamic(const Datum *value)
{
    return value->kind == DATUM_STRING && str_find(value->text, STR("{{resolve:"), 0) != SIZE_MAX;
}

bool judge_scalar_type(unsigned types, const Datum *value)
{
    if (types == 0 || (types & SCHEMA_STRING))
        return true;
    if (is_dynamic(value))
        return types & SCHEMA_SCALARS;
    double number = 0;
    if (value->kind == DATUM_BOOL)
        return types & SCHEMA_BOOLEAN;
    bool is_number = read_number(value->text, &number);
    if ((types & SCHEMA_NUMBER) && is_number)
        return true;
    if ((types & SCHEMA_INTEGER) && is_number && is_whole(number))
        return true;
    return (types & SCHEMA_BOOLEAN) && value->kind == DATUM_STRING && is_boolean_text(value->text);
}

// ---- findings ----

static Verdict refuse(
    Judge *judge, DiagCode code, const Datum *value, const Path *path, Str expected, size_t weight)
{
    if (judge->report)
        check_report(judge->check, code, path_origin(path, value), path_text(judge, path),
            check_show(judge->check, value), expected, DIAG_END);
    return judge_fail(judge, weight);
}

// Numbers are shown by their size, those nearest to `value` when there are many.
static size_t next_number(SchemaLiterals values, double above, double *found)
{
    size_t best = values.len;
    for (size_t i = 0; i < values.len; i++) {
        double number = 0;
        if (read_number(schema_literal_at(values, i).text, &number) && number > above &&
            (best == values.len || number < *found)) {
            best = i;
            *found = number;
        }
    }
    return best;
}

static Str list_numbers(const Judge *judge, SchemaLiterals values, const Datum *value)
{
    double wanted = 0;
    double at = -1e300;
    double number = 0;
    size_t below = 0;
    read_number(text_of(value), &wanted);
    for (size_t i = 0; i < values.len; i++)
        if (read_number(schema_literal_at(values, i).text, &number) && number < wanted)
            below++;
    size_t skipped = below > MAX_LIST_SHOWN / 2 ? below - MAX_LIST_SHOWN / 2 : 0;
    Buf text;
    buf_init(&text, 0);
    if (skipped)
        buf_add_text(&text, "…, ");
    size_t shown = 0;
    for (size_t i = 0; shown < MAX_LIST_SHOWN; i++) {
        size_t next = next_number(values, at, &number);
        if (next == values.len)
            break;
        at = number;
        if (i < skipped)
            continue;
        buf_add_format(
            &text, "%s%.*s", shown ? ", " : "", STR_FMT(schema_literal_at(values, next).text));
        shown++;
    }
    if (skipped + shown < values.len)
        buf_add_text(&text, ", …");
    Str copy = buf_copy(&text, judge->check->arena);
    buf_release(&text);
    return copy;
}

static bool are_numbers(SchemaLiterals values)
{
    double number = 0;
    for (size_t i = 0; i < values.len; i++)
        if (!read_number(schema_literal_at(values, i).text, &number))
            return false;
    return true;
}

static Str list_values(const Judge *judge, SchemaLiterals values, const Datum *value)
{
    if (are_numbers(values))
        return list_numbers(judge, values, value);
    Buf text;
    buf_init(&text, 0);
    for (size_t i = 0; i < values.len && i < MAX_LIST_SHOWN; i++) {
        const char *before = i + 1 == values.len ? " or " : ", ";
        buf_add_format(
            &text, "%s'%.*s'", i ? before : "", STR_FMT(schema_literal_at(values, i).text));
    }
    if (values.len > MAX_LIST_SHOWN)
        buf_add_format(&text, " or one of %zu more", (size_t)values.len - MAX_LIST_SHOWN);
    Str copy = buf_copy(&text, judge->check->arena);
    buf_release(&text);
    return copy;
}

static Verdict refuse_value(
    Judge *judge, const SchemaFacts *facts, const Datum *value, const Path *path)
{
    if (!judge->report)
        return judge_fail(judge, WEIGHT_CHOICE);
    const Origin *origin = path_origin(path, value);
    // Of a list that AWS extends another value is only doubtful.
    Diag *diag = facts->values_grow
                     ? check_report(judge->check, DIAG_VALUE_NOT_KNOWN, origin,
                           path_text(judge, path), check_show(judge->check, value), DIAG_END)
                     : check_report(judge->check, DIAG_VALUE_NOT_ALLOWED, origin,
                           path_text(judge, path), check_show(judge->check, value),
                           list_values(judge, facts->values, value), DIAG_END);
    VEC(Str) names = {0};
    for (size_t i = 0; diag && i < facts->values.len; i++)
        VEC_ADD(judge->check->arena, &names, schema_literal_at(facts->values, i).text);
    check_did_you_mean(judge->check, diag, origin, text_of(value), names.items, names.len);
    return judge_fail(judge, WEIGHT_CHOICE);
}

// ---- what is compared ----

static bool is_listed(SchemaLiterals values, const Datum *value, bool ignore_case)
{
    Str text = text_of(value);
    if (schema_literals_contain(values, text, ignore_case))
        return true;
    double number = 0;
    if (!read_number(text, &number))
        return false;
    for (size_t i = 0; i < values.len; i++) {
        SchemaLiteral literal = schema_literal_at(values, i);
        double other = 0;
        if ((literal.type & (SCHEMA_INTEGER | SCHEMA_NUMBER)) &&
            read_number(literal.text, &other) && !(other < number) && !(number < other))
            return true;
    }
    return false;
}

static Verdict judge_values(
    Judge *judge, const SchemaFacts *facts, const Datum *value, const Path *path)
{
    if (facts->values.len && !is_listed(facts->values, value, facts->ignore_case))
        return refuse_value(judge, facts, value, path);
    if (facts->has_constant && !str_equal(facts->constant.text, text_of(value)))
        return refuse(judge, DIAG_VALUE_NOT_ALLOWED, value, path,
            str_format(judge->check->arena, "'%.*s'", STR_FMT(facts->constant.text)),
            WEIGHT_CHOICE);
    if (facts->refused.len && is_listed(facts->refused, value, false)) {
        if (judge->report)
            check_report(judge->check, DIAG_VALUE_REFUSED, path_origin(path, value),
                path_text(judge, path), check_show(judge->check, value), DIAG_END);
        return judge_fail(judge, WEIGHT_CHOICE);
    }
    return VERDICT_FITS;
}

static Verdict report_length(Judge *judge, const Datum *value, const Path *path, size_t length,
    const char *bound, size_t limit)
{
    if (judge->report)
        check_report(judge->check, DIAG_WRONG_LENGTH, path_origin(path, value),
            path_text(judge, path), check_number(judge->check, length),
            str_format(judge->check->arena, "at %s %zu", bound, limit), DIAG_END);
    return judge_fail(judge, WEIGHT_VALUE);
}

static Verdict judge_text(
    Judge *judge, const SchemaFacts *facts, const Datum *value, const Path *path)
{
    Str text = text_of(value);
    size_t length = 0;
    for (size_t i = 0; i < text.len; i++)
        length += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
    if (facts->min_length.present && length < facts->min_length.value)
        return report_length(judge, value, path, length, "least", facts->min_length.value);
    if (facts->max_length.present && length > facts->max_length.value)
        return report_length(judge, value, path, length, "most", facts->max_length.value);
    RegexCache *cache = judge->check->context->regexes;
    if (!facts->pattern.len || !facts->pattern_usable || !cache)
        return VERDICT_FITS;
    const Regex *regex = regex_get(cache, facts->pattern, NULL);
    if (regex && regex_matches(regex, text) == REGEX_NO_MATCH)
        return refuse(judge, DIAG_PATTERN_MISMATCH, value, path, facts->pattern, WEIGHT_VALUE);
    return VERDICT_FITS;
}

static Verdict report_bound(
    Judge *judge, const Datum *value, const Path *path, const char *bound, SchemaNumber limit)
{
    return refuse(judge, DIAG_OUT_OF_RANGE, value, path,
        str_format(judge->check->arena, "%s %.*s", bound, STR_FMT(limit.text)), WEIGHT_VALUE);
}

static Verdict judge_number(
    Judge *judge, const SchemaFacts *facts, const Datum *value, const Path *path)
{
    double number = 0;
    if (!read_number(text_of(value), &number))
        return VERDICT_FITS;
    if (facts->minimum.present && number < facts->minimum.value)
        return report_bound(judge, value, path, "at least", facts->minimum);
    if (facts->maximum.present && number > facts->maximum.value)
        return report_bound(judge, value, path, "at most", facts->maximum);
    if (facts->exclusive_minimum.present && number <= facts->exclusive_minimum.value)
        return report_bound(judge, value, path, "more than", facts->exclusive_minimum);
    if (facts->exclusive_maximum.present && number >= facts->exclusive_maximum.value)
        return report_bound(judge, value, path, "less than", facts->exclusive_maximum);
    if (facts->multiple_of.present && facts->multiple_of.value >= 1 &&
        !is_whole(number / facts->multiple_of.value))
        return report_bound(judge, value, path, "a multiple of", facts->multiple_of);
    return VERDICT_FITS;
}

// ---- formats ----

typedef struct Format {
    const char *name;
    const char *prefix;
    const char *expected;
} Format;

// Only what is beyond doubt: ids whose beginning never changes.
static const Format formats[] = {
    {"AWS::EC2::VPC.Id", "vpc-", "an id that begins with 'vpc-'"},
    {"AWS::EC2::Subnet.Id", "subnet-", "an id that begins with 'subnet-'"},
    {"AWS::EC2::SecurityGroup.Id", "sg-", "an id that begins with 'sg-'"},
    {"AWS::EC2::SecurityGroup.GroupId", "sg-", "an id that begins with 'sg-'"},
    {"AWS::EC2::Volume.Id", "vol-", "an id that begins with 'vol-'"},
};

static Verdict judge_format(
    Judge *judge, const SchemaFacts *facts, const Datum *value, const Path *path)
{
    for (size_t i = 0; facts->format.len && i < sizeof formats / sizeof *formats; i++)
        if (str_is(facts->format, formats[i].name) &&
            !str_starts(text_of(value), str_of(formats[i].prefix)))
            return refuse(
                judge, DIAG_BAD_FORMAT, value, path, str_of(formats[i].expected), WEIGHT_VALUE);
    return VERDICT_FITS;
}

Verdict judge_scalar(Judge *judge, const SchemaFacts *facts, const Datum *value, const Path *path)
{
    if (is_dynamic(value))
        return VERDICT_UNSURE;
    Verdict verdict = judge_values(judge, facts, value, path);
    if (verdict == VERDICT_FAILS)
        return verdict;
    if (facts->types == 0 || (facts->types & SCHEMA_STRING))
        verdict = judge_text(judge, facts, value, path);
    if (verdict == VERDICT_FITS)
        verdict = judge_number(judge, facts, value, path);
    return verdict == VERDICT_FITS ? judge_format(judge, facts, value, path) : verdict;
}

// ---- calls ----

static bool kind_fits(const SchemaFacts *facts, ValueKind kind)
{
    unsigned types = facts->types;
    if (types == 0)
        return true;
    switch (kind) {
    case VALUE_STRING:
        // A document may come as its JSON text.
        return (types & SCHEMA_SCALARS) || ((types & SCHEMA_OBJECT) && facts->properties.len == 0);
    case VALUE_NUMBER:
        return types & (SCHEMA_STRING | SCHEMA_INTEGER | SCHEMA_NUMBER);
    case VALUE_BOOL:
        return types & (SCHEMA_STRING | SCHEMA_BOOLEAN);
    case VALUE_LIST:
        return types & SCHEMA_LIST;
    case VALUE_OBJECT:
        return types & SCHEMA_OBJECT;
    default:
        return true;
    }
}

// What a message calls the source of a value: "the list 'Subnets'".
static Str call_subject(Judge *judge, const DatumEntry *call, ValueKind kind)
{
    Str id = STR_NONE;
    Str name = {"", 0};
    if (str_is(call->key, "Ref") && call->value->kind == DATUM_STRING)
        name = call->value->text;
    Str attribute = str_is(call->key, "Fn::GetAtt")
                        ? check_get_att(judge->check->arena, call->value, &id)
                        : STR_NONE;
    if (attribute.ptr)
        name = str_format(judge->check->arena, "%.*s.%.*s", STR_FMT(id), STR_FMT(attribute));
    Str what = check_value_kind_name(kind);
    if (!name.len)
        return str_format(judge->check->arena, "%.*s by '%.*s'", STR_FMT(what), STR_FMT(call->key));
    return str_format(judge->check->arena, "%.*s as '%.*s' is", STR_FMT(what), STR_FMT(name));
}

// A value that a parameter can have must fit. Under a condition it may be one that is ruled out
// there, and an empty text mostly stands for none at all.
static Verdict judge_parameter_value(
    Judge *judge, const SchemaFacts *facts, const Datum *value, const Path *path)
{
    bool is_scalar =
        value->kind == DATUM_STRING || value->kind == DATUM_NUMBER || value->kind == DATUM_BOOL;
    if (!is_scalar || text_of(value).len == 0)
        return VERDICT_FITS;
    if (!judge_scalar_type(facts->types, value)) {
        if (judge->report)
            check_report(judge->check, DIAG_WRONG_PROPERTY_TYPE, path->origin,
                path_text(judge, path), judge_type_names(judge, facts->types),
                check_show(judge->check, value), DIAG_END);
        return judge_fail(judge, WEIGHT_VALUE);
    }
    // The finding belongs to the reference, not to the parameter's own line.
    Datum shown = *value;
    shown.origin = path->origin;
    return judge_scalar(judge, facts, &shown, path);
}

static Verdict judge_parameter(Judge *judge, const SchemaFacts *facts,
    const CheckParameter *parameter, const Datum *call, const Path *path)
{
    if (judge->conditional || judge->resource->condition.len || !judge->report ||
        parameter->kind == VALUE_LIST || str_starts(parameter->type, STR("AWS::SSM::")) ||
        !(facts->types & SCHEMA_SCALARS))
        return VERDICT_UNSURE;
    Path at = *path;
    at.origin = path_origin(path, call);
    const Datum *allowed = datum_get(parameter->entry->value, STR("AllowedValues"));
    const Datum *fallback = datum_get(parameter->entry->value, STR("Default"));
    Verdict verdict = VERDICT_UNSURE;
    if (allowed && allowed->kind == DATUM_LIST) {
        for (size_t i = 0; i < allowed->items.len && verdict != VERDICT_FAILS; i++)
            verdict = verdict_worse(
                verdict, judge_parameter_value(judge, facts, allowed->items.items[i], &at));
    } else if (fallback) {
        verdict = verdict_worse(verdict, judge_parameter_value(judge, facts, fallback, &at));
    }
    return verdict;
}

Verdict judge_call(Judge *judge, const SchemaFacts *facts, const Datum *value, const Path *path)
{
    const DatumEntry *call = check_function(value);
    ValueKind kind = check_value_kind(judge->check, value);
    if (!kind_fits(facts, kind)) {
        if (judge->report)
            check_report(judge->check, DIAG_WRONG_PROPERTY_TYPE, path_origin(path, value),
                path_text(judge, path), judge_type_names(judge, facts->types),
                call_subject(judge, call, kind), DIAG_END);
        return judge_fail(judge, WEIGHT_TYPE);
    }
    if (str_is(call->key, "Ref") && call->value->kind == DATUM_STRING) {
        const CheckParameter *parameter = map_find(&judge->check->parameters, call->value->text);
        if (parameter)
            return judge_parameter(judge, facts, parameter, value, path);
    }
    judge_flow(judge, facts, value, path);
    return VERDICT_UNSURE;
}
