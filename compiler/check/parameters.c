// Parameters: their attributes, and defaults that their own constraints refuse.
#include <stdlib.h>

#include "compiler/check/check_priv.h"

static const char *const attributes[] = {"Type", "Default", "AllowedValues", "AllowedPattern",
    "ConstraintDescription", "Description", "MaxLength", "MinLength", "MaxValue", "MinValue",
    "NoEcho"};

// Types that hold one text; each also as List<…> and, with SSM, as a stored value.
static const char *const types[] = {"String", "Number", "AWS::EC2::AvailabilityZone::Name",
    "AWS::EC2::Image::Id", "AWS::EC2::Instance::Id", "AWS::EC2::KeyPair::KeyName",
    "AWS::EC2::SecurityGroup::GroupName", "AWS::EC2::SecurityGroup::Id", "AWS::EC2::Subnet::Id",
    "AWS::EC2::Volume::Id", "AWS::EC2::VPC::Id", "AWS::Route53::HostedZone::Id",
    "CommaDelimitedList", "AWS::SSM::Parameter::Name"};

enum { SINGLE_TYPES = 12, ALL_TYPES = sizeof types / sizeof *types };

static Str between(Str text, const char *start)
{
    Str prefix = str_of(start);
    if (!str_starts(text, prefix) || !str_ends(text, STR(">")))
        return STR_NONE;
    return str_slice(text, prefix.len, text.len - 1);
}

static bool is_type(Str type, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_is(type, types[i]))
            return true;
    Str inner = between(type, "List<");
    return inner.ptr && is_type(inner, SINGLE_TYPES);
}

static bool is_known_type(Str type)
{
    Str stored = between(type, "AWS::SSM::Parameter::Value<");
    return stored.ptr ? is_type(stored, ALL_TYPES) : is_type(type, ALL_TYPES);
}

static void check_type(Check *check, const CheckParameter *parameter)
{
    const Datum *type = datum_get(parameter->entry->value, STR("Type"));
    if (!type) {
        check_report(check, DIAG_MISSING_ENTRY, check_key_origin(parameter->entry),
            str_format(check->arena, "the parameter '%.*s'", STR_FMT(parameter->name)), STR("Type"),
            DIAG_END);
        return;
    }
    if (type->kind == DATUM_STRING && is_known_type(type->text))
        return;
    const Origin *origin = type->origin ? type->origin : parameter->entry->origin;
    Str name = type->kind == DATUM_STRING ? type->text : check_show(check, type);
    Diag *diag = check_report(check, DIAG_UNKNOWN_PARAMETER_TYPE, origin, name, DIAG_END);
    Str candidates[ALL_TYPES];
    for (size_t i = 0; i < ALL_TYPES; i++)
        candidates[i] = str_of(types[i]);
    check_did_you_mean(check, diag, origin, name, candidates, ALL_TYPES);
}

// Bounds of numbers are for Number only, lengths and patterns for all others.
static bool attribute_fits(Str attribute, const CheckParameter *parameter)
{
    bool is_number = str_is(parameter->type, "Number") || str_is(parameter->type, "List<Number>");
    if (str_is(attribute, "MinValue") || str_is(attribute, "MaxValue"))
        return is_number;
    if (str_is(attribute, "MinLength") || str_is(attribute, "MaxLength") ||
        str_is(attribute, "AllowedPattern"))
        return !is_number;
    return true;
}

static bool is_literal(const Datum *datum)
{
    return datum->kind == DATUM_STRING || datum->kind == DATUM_NUMBER || datum->kind == DATUM_BOOL;
}

static void check_attribute_value(
    Check *check, const CheckParameter *parameter, const DatumEntry *entry)
{
    const Datum *value = entry->value;
    const Origin *origin = check_entry_origin(entry);
    const DatumEntry *call = check_function(value);
    if (call) {
        check_report(
            check, DIAG_FUNCTION_NOT_HERE, origin, call->key, STR("a parameter"), DIAG_END);
        return;
    }
    bool wants_list = str_is(entry->key, "AllowedValues");
    if (wants_list ? value->kind != DATUM_LIST : !is_literal(value))
        check_report(check, DIAG_BAD_SHAPE, origin,
            str_format(check->arena, "'%.*s'", STR_FMT(entry->key)),
            wants_list ? STR("a list") : STR("a scalar"), check_show(check, value), DIAG_END);
    else if (!attribute_fits(entry->key, parameter))
        check_report(check, DIAG_PARAMETER_ATTRIBUTE, check_key_origin(entry), entry->key,
            parameter->type, DIAG_END);
}

// ---- the default ----

static Str text_of(const Datum *datum)
{
    if (datum->kind == DATUM_BOOL)
        return datum->boolean ? STR("true") : STR("false");
    return datum->text;
}

static bool is_allowed(const Datum *allowed, Str text)
{
    if (!allowed || allowed->kind != DATUM_LIST)
        return true;
    for (size_t i = 0; i < allowed->items.len; i++)
        if (is_literal(allowed->items.items[i]) &&
            str_equal(text_of(allowed->items.items[i]), text))
            return true;
    return false;
}

static bool read_number(const Datum *datum, double *number)
{
    if (!datum || !is_literal(datum) || datum->kind == DATUM_BOOL || datum->text.len == 0 ||
        datum->text.len > 40)
        return false;
    char copy[48];
    memcpy(copy, datum->text.ptr, datum->text.len);
    copy[datum->text.len] = '\0';
    char *end = NULL;
    *number = strtod(copy, &end);
    return *end == '\0';
}

static size_t count_characters(Str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        if (((unsigned char)text.ptr[i] & 0xC0) != 0x80)
            count++;
    return count;
}

// CloudFormation wants the whole text to match.
static bool pattern_fits(Check *check, const Datum *pattern, Str text)
{
    if (!pattern || pattern->kind != DATUM_STRING || !check->context->regexes)
        return true;
    Str whole = str_format(check->arena, "^(?:%.*s)$", STR_FMT(pattern->text));
    const Regex *regex = regex_get(check->context->regexes, whole, NULL);
    return !regex || regex_matches(regex, text) != REGEX_NO_MATCH;
}

static void refuse_default(
    Check *check, const CheckParameter *parameter, const Datum *value, const char *by)
{
    const Origin *origin = value->origin ? value->origin : parameter->entry->origin;
    Diag *diag = check_report(check, DIAG_BAD_DEFAULT, origin, check_show(check, value),
        parameter->name, str_of(by), DIAG_END);
    const Datum *bound = datum_get(parameter->entry->value, str_of(by));
    if (bound && is_literal(bound))
        check_note(check, diag, bound->origin,
            str_format(check->arena, "'%s' is %.*s", by, STR_FMT(check_show(check, bound))));
}

static void check_number_default(Check *check, const CheckParameter *parameter, const Datum *value)
{
    const Datum *map = parameter->entry->value;
    double number = 0;
    double bound = 0;
    if (!read_number(value, &number))
        refuse_default(check, parameter, value, "Type");
    else if (read_number(datum_get(map, STR("MinValue")), &bound) && number < bound)
        refuse_default(check, parameter, value, "MinValue");
    else if (read_number(datum_get(map, STR("MaxValue")), &bound) && number > bound)
        refuse_default(check, parameter, value, "MaxValue");
}

static void check_text_default(Check *check, const CheckParameter *parameter, const Datum *value)
{
    const Datum *map = parameter->entry->value;
    Str text = text_of(value);
    double bound = 0;
    double length = (double)count_characters(text);
    if (read_number(datum_get(map, STR("MinLength")), &bound) && length < bound)
        refuse_default(check, parameter, value, "MinLength");
    else if (read_number(datum_get(map, STR("MaxLength")), &bound) && length > bound)
        refuse_default(check, parameter, value, "MaxLength");
    else if (!pattern_fits(check, datum_get(map, STR("AllowedPattern")), text))
        refuse_default(check, parameter, value, "AllowedPattern");
}

// Each part of a list's default must be allowed.
static bool list_is_allowed(const Datum *allowed, Str text)
{
    size_t start = 0;
    for (;;) {
        size_t comma = str_find(text, STR(","), start);
        size_t end = comma == SIZE_MAX ? text.len : comma;
        if (!is_allowed(allowed, str_trim(str_slice(text, start, end))))
            return false;
        if (comma == SIZE_MAX)
            return true;
        start = comma + 1;
    }
}

static void check_default(Check *check, const CheckParameter *parameter)
{
    const Datum *value = datum_get(parameter->entry->value, STR("Default"));
    // A stored parameter's default is the name of what is stored, not a value.
    if (!value || !is_literal(value) || str_starts(parameter->type, STR("AWS::SSM::")))
        return;
    const Datum *allowed = datum_get(parameter->entry->value, STR("AllowedValues"));
    bool fits = parameter->kind == VALUE_LIST ? list_is_allowed(allowed, text_of(value))
                                              : is_allowed(allowed, text_of(value));
    if (!fits)
        refuse_default(check, parameter, value, "AllowedValues");
    else if (parameter->kind == VALUE_NUMBER)
        check_number_default(check, parameter, value);
    else if (parameter->kind == VALUE_STRING)
        check_text_default(check, parameter, value);
}

static void check_parameter(Check *check, const CheckParameter *parameter)
{
    const Datum *map = parameter->entry->value;
    if (map->kind != DATUM_MAP) {
        check_report(check, DIAG_BAD_SHAPE, check_entry_origin(parameter->entry),
            str_format(check->arena, "the parameter '%.*s'", STR_FMT(parameter->name)),
            STR("a map"), check_show(check, map), DIAG_END);
        return;
    }
    check_entry_names(
        check, map, "a parameter", attributes, sizeof attributes / sizeof *attributes);
    check_type(check, parameter);
    for (size_t i = 0; i < map->entries.len; i++)
        if (!str_is(map->entries.items[i].key, "Type"))
            check_attribute_value(check, parameter, &map->entries.items[i]);
    check_default(check, parameter);
}

void check_parameters(Check *check)
{
    for (size_t i = 0; i < check->parameter_list.len; i++)
        check_parameter(check, check->parameter_list.items[i]);
}
