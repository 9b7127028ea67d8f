// Intrinsic functions: where each may stand and what it takes.
#include "compiler/check/check_priv.h"

enum {
    IN_VALUE = 1 << PLACE_VALUE,
    IN_OUTPUT = 1 << PLACE_OUTPUT,
    IN_EXPORT = 1 << PLACE_EXPORT,
    IN_CONDITION = 1 << PLACE_CONDITION,
    IN_RULE = 1 << PLACE_RULE,
    IN_MAPPING = 1 << PLACE_MAPPING,
    IN_POLICY = 1 << PLACE_POLICY,
    IN_STACK = IN_VALUE | IN_OUTPUT,
    IN_TEXTS = IN_STACK | IN_EXPORT | IN_CONDITION | IN_POLICY,
    MIN_OPERANDS = 2,
    MAX_OPERANDS = 10
};

typedef struct Call {
    Check *check;
    const Scope *scope;
    Str name;
    const Datum *arguments;
    const Origin *origin;
} Call;

typedef void (*CallChecker)(const Call *call);

// ---- helpers ----

// 'Fn::Join', but an output.
static Str quote_function(const Check *check, Str name)
{
    return str_starts(name, STR("Fn::")) ? str_format(check->arena, "'%.*s'", STR_FMT(name)) : name;
}

static void bad_arguments(const Call *call, const char *wanted, const Datum *found)
{
    const Origin *origin = found->origin ? found->origin : call->origin;
    check_report(call->check, DIAG_BAD_ARGUMENTS, origin, call->name, str_of(wanted),
        check_show(call->check, found), DIAG_END);
}

// A list of min to max items, else a finding.
static bool has_items(const Call *call, size_t min, size_t max, const char *wanted)
{
    const Datum *list = call->arguments;
    if (list->kind == DATUM_LIST && list->items.len >= min && list->items.len <= max)
        return true;
    const Origin *origin = list->origin ? list->origin : call->origin;
    Str found = list->kind == DATUM_LIST
                    ? str_format(call->check->arena, "%zu items", list->items.len)
                    : check_show(call->check, list);
    check_report(
        call->check, DIAG_BAD_ARGUMENTS, origin, call->name, str_of(wanted), found, DIAG_END);
    return false;
}

static const Datum *item(const Call *call, size_t index)
{
    return call->arguments->items.items[index];
}

static void walk_argument(const Call *call, const Datum *argument)
{
    Scope inner = *call->scope;
    inner.allows_no_value = false;
    check_walk(call->check, &inner, argument);
}

// What goes into a text: lists and maps do not.
static void wants_text(const Call *call, const Datum *value)
{
    if (value->hole)
        return;
    if (!check_function(value)) {
        if (value->kind == DATUM_LIST || value->kind == DATUM_MAP || value->kind == DATUM_NULL)
            bad_arguments(call, "a text", value);
        return;
    }
    check_text_kind(call->check, check_show(call->check, value),
        check_value_kind(call->check, value), call->name,
        value->origin ? value->origin : call->origin);
    const DatumEntry *inner = check_function(value);
    if (str_is(inner->key, "Fn::GetAtt")) {
        Str id = STR_NONE;
        Str attribute = check_get_att(call->check->arena, inner->value, &id);
        if (attribute.ptr)
            check_text_attribute(call->check, id, attribute, call->name,
                value->origin ? value->origin : call->origin);
    }
}

void check_text_kind(Check *check, Str subject, ValueKind kind, Str function, const Origin *origin)
{
    if (kind == VALUE_LIST || kind == VALUE_OBJECT)
        check_report(check, DIAG_LIST_IN_TEXT, origin, subject, check_value_kind_name(kind),
            quote_function(check, function), DIAG_END);
}

void check_text_attribute(Check *check, Str id, Str attribute, Str function, const Origin *origin)
{
    ValueKind kind = check_attribute_kind(check, id, attribute);
    if (kind == VALUE_NUMBER || kind == VALUE_BOOL)
        check_report(check, DIAG_NUMBER_IN_TEXT, origin,
            str_format(check->arena, "%.*s.%.*s", STR_FMT(id), STR_FMT(attribute)),
            check_value_kind_name(kind), quote_function(check, function), DIAG_END);
}

// What is used as a list.
static void wants_list(const Call *call, const Datum *value)
{
    ValueKind kind = check_value_kind(call->check, value);
    if (kind != VALUE_UNKNOWN && kind != VALUE_LIST)
        bad_arguments(call, "a list", value);
}

void check_needs_extensions(Check *check, Str what, const Origin *origin)
{
    if (check->custom_macro)
        return;
    Diag *diag = check_report(
        check, DIAG_NEEDS_LANGUAGE_EXTENSIONS, origin, quote_function(check, what), DIAG_END);
    check_note(check, diag, NULL,
        STR("add it to the program: template { Transform: \"AWS::LanguageExtensions\" }"));
}

// ---- the functions ----

static void call_ref(const Call *call)
{
    const Datum *name = call->arguments;
    if (name->kind == DATUM_STRING)
        check_ref(call->check, call->scope, name->text, name->origin ? name->origin : call->origin,
            call->name);
    else if (!check_function(name))
        bad_arguments(call, "a name", name);
    else if (!call->check->language_extensions && !call->scope->loops)
        check_needs_extensions(call->check, STR("a function in 'Ref'"), call->origin);
    else
        walk_argument(call, name);
}

// Fn::GetAtt whose resource or attribute is computed.
static void get_att_computed(const Call *call)
{
    const Datum *list = call->arguments;
    if (list->kind != DATUM_LIST || list->items.len < 2) {
        bad_arguments(call, "a resource and an attribute", list);
        return;
    }
    for (size_t i = 0; i < list->items.len; i++) {
        const Datum *part = list->items.items[i];
        if (part->kind == DATUM_STRING)
            continue;
        const DatumEntry *inner = check_function(part);
        // Even without the extension a Ref may say which attribute.
        bool is_plain_ref = inner && i > 0 && str_is(inner->key, "Ref");
        if (!inner)
            bad_arguments(call, "a resource and an attribute", part);
        else if (!is_plain_ref && !call->check->language_extensions)
            check_needs_extensions(call->check, STR("a function in 'Fn::GetAtt'"), call->origin);
        else
            walk_argument(call, part);
    }
}

static void call_get_att(const Call *call)
{
    Str id = STR_NONE;
    Str attribute = check_get_att(call->check->arena, call->arguments, &id);
    if (!attribute.ptr)
        get_att_computed(call);
    else
        check_attribute(call->check, call->scope, id, attribute, call->origin);
}

static void call_join(const Call *call)
{
    if (!has_items(call, 2, 2, "a delimiter and a list"))
        return;
    if (item(call, 0)->kind != DATUM_STRING)
        bad_arguments(call, "a literal delimiter", item(call, 0));
    const Datum *list = item(call, 1);
    wants_list(call, list);
    check_walk(call->check, call->scope, list);
    if (list->kind != DATUM_LIST)
        return;
    for (size_t i = 0; i < list->items.len; i++)
        wants_text(call, list->items.items[i]);
}

static void call_split(const Call *call)
{
    if (!has_items(call, 2, 2, "a delimiter and a text"))
        return;
    if (item(call, 0)->kind != DATUM_STRING)
        bad_arguments(call, "a literal delimiter", item(call, 0));
    wants_text(call, item(call, 1));
    walk_argument(call, item(call, 1));
}

// How many elements a list has; SIZE_MAX when that is not known.
static size_t known_length(const Datum *list)
{
    const DatumEntry *inner = check_function(list);
    if (!inner) {
        for (size_t i = 0; list->kind == DATUM_LIST && i < list->items.len; i++) {
            const DatumEntry *element = check_function(list->items.items[i]);
            if (element && (str_is(element->key, "Fn::If") || str_is(element->key, "Ref")))
                return SIZE_MAX; // may turn out to be AWS::NoValue
        }
        return list->kind == DATUM_LIST ? list->items.len : SIZE_MAX;
    }
    const Datum *arguments = inner->value;
    if (arguments->kind != DATUM_LIST || arguments->items.len < 2)
        return SIZE_MAX;
    const Datum *second = arguments->items.items[1];
    if (str_is(inner->key, "Fn::Cidr") && second->kind == DATUM_NUMBER) {
        size_t count = 0;
        return check_read_index(second->text, &count) ? count : SIZE_MAX;
    }
    const Datum *delimiter = arguments->items.items[0];
    if (!str_is(inner->key, "Fn::Split") || second->kind != DATUM_STRING ||
        delimiter->kind != DATUM_STRING || delimiter->text.len == 0 ||
        str_starts(second->text, STR("{{resolve:")))
        return SIZE_MAX;
    size_t count = 1;
    for (size_t at = 0; (at = str_find(second->text, delimiter->text, at)) != SIZE_MAX;
         at += delimiter->text.len)
        count++;
    return count;
}

bool check_read_index(Str text, size_t *index)
{
    if (text.len == 0 || text.len > 9)
        return false;
    size_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        value = value * 10 + (size_t)(text.ptr[i] - '0');
    }
    *index = value;
    return true;
}

// CloudFormation works out a parameter and a mapping there, and nothing else.
static void check_index_function(const Call *call, const Datum *index)
{
    const DatumEntry *function = check_function(index);
    bool fine = !function || str_is(function->key, "Ref") ||
                str_is(function->key, "Fn::FindInMap") || call->check->language_extensions ||
                call->check->custom_macro;
    if (!fine)
        check_report(call->check, DIAG_FUNCTION_NOT_HERE, check_entry_origin(function),
            function->key, STR("the index of 'Fn::Select'"), DIAG_END);
}

static void call_select(const Call *call)
{
    if (!has_items(call, 2, 2, "an index and a list"))
        return;
    const Datum *index = item(call, 0);
    const Datum *list = item(call, 1);
    size_t number = 0;
    bool literal = index->kind == DATUM_NUMBER || index->kind == DATUM_STRING;
    if (literal && check_is_loop_text(call->scope, index->text))
        literal = false;
    else if (literal ? !check_read_index(index->text, &number) : !check_function(index))
        bad_arguments(call, "an index counted from 0", index);
    wants_list(call, list);
    check_index_function(call, index);
    walk_argument(call, index);
    check_walk(call->check, call->scope, list);
    size_t length = known_length(list);
    if (literal && length != SIZE_MAX && number >= length)
        check_report(call->check, DIAG_INDEX_OUT_OF_RANGE,
            index->origin ? index->origin : call->origin, check_number(call->check, number),
            check_number(call->check, length), DIAG_END);
}

static void call_if(const Call *call)
{
    if (!has_items(call, 3, 3, "a condition and two values"))
        return;
    const Datum *condition = item(call, 0);
    if (condition->kind != DATUM_STRING) {
        bad_arguments(call, "the name of a condition", condition);
        return;
    }
    check_condition_name(call->check, call->scope, condition->text,
        condition->origin ? condition->origin : call->origin);
    Fact fact = {condition->text, true, call->scope->facts};
    Scope inner = *call->scope;
    inner.facts = &fact;
    inner.allows_no_value = call->scope->place == PLACE_VALUE;
    check_walk(call->check, &inner, item(call, 1));
    fact.holds = false;
    check_walk(call->check, &inner, item(call, 2));
}

static bool is_condition(const Datum *datum)
{
    static const char *const functions[] = {"Condition", "Fn::And", "Fn::Or", "Fn::Not",
        "Fn::Equals", "Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn", "Fn::Transform"};
    const DatumEntry *entry = datum_only_entry(datum);
    for (size_t i = 0; entry && i < sizeof functions / sizeof *functions; i++)
        if (str_is(entry->key, functions[i]))
            return true;
    return false;
}

static void walk_operands(const Call *call)
{
    for (size_t i = 0; i < call->arguments->items.len; i++) {
        if (!is_condition(item(call, i)))
            bad_arguments(call, "conditions", item(call, i));
        else
            check_walk(call->check, call->scope, item(call, i));
    }
}

static void call_and_or(const Call *call)
{
    if (has_items(call, MIN_OPERANDS, MAX_OPERANDS, "2 to 10 conditions"))
        walk_operands(call);
}

static void call_not(const Call *call)
{
    if (has_items(call, 1, 1, "a list of one condition"))
        walk_operands(call);
}

static void call_equals(const Call *call)
{
    if (!has_items(call, 2, 2, "two values"))
        return;
    walk_argument(call, item(call, 0));
    walk_argument(call, item(call, 1));
}

static void call_base64(const Call *call)
{
    wants_text(call, call->arguments);
    walk_argument(call, call->arguments);
}

static void call_cidr(const Call *call)
{
    if (!has_items(call, 2, 3, "an address block, a count and maybe the bits"))
        return;
    wants_text(call, item(call, 0));
    size_t count = 0;
    const Datum *wanted = item(call, 1);
    bool literal = wanted->kind == DATUM_NUMBER || wanted->kind == DATUM_STRING;
    if (literal && (!check_read_index(wanted->text, &count) || count < 1 || count > 256))
        bad_arguments(call, "a count from 1 to 256", wanted);
    for (size_t i = 0; i < call->arguments->items.len; i++)
        walk_argument(call, item(call, i));
}

static void call_azs(const Call *call)
{
    wants_text(call, call->arguments);
    walk_argument(call, call->arguments);
}

// An import's name must be known before any resource is made.
static void call_import(const Call *call)
{
    Scope inner = *call->scope;
    inner.place = PLACE_EXPORT;
    inner.place_name = "'Fn::ImportValue'";
    inner.allows_no_value = false;
    wants_text(call, call->arguments);
    check_walk(call->check, &inner, call->arguments);
}

static void call_any(const Call *call)
{
    check_walk(call->check, call->scope, call->arguments);
}

static void call_length(const Call *call)
{
    if (!call->check->language_extensions)
        check_needs_extensions(call->check, call->name, call->origin);
    else
        call_any(call);
}

static void call_sub(const Call *call)
{
    check_sub(call->check, call->scope, call->arguments, call->origin);
}

static void call_find_in_map(const Call *call)
{
    check_find_in_map(call->check, call->scope, call->arguments, call->origin);
}

// ---- the table ----

typedef struct Function {
    const char *name;
    unsigned places;
    CallChecker check;
} Function;

static const Function functions[] = {
    {"Ref", IN_TEXTS | IN_RULE, call_ref},
    {"Fn::GetAtt", IN_TEXTS, call_get_att},
    {"Fn::Sub", IN_TEXTS, call_sub},
    {"Fn::If", IN_STACK | IN_EXPORT | IN_POLICY, call_if},
    {"Fn::Join", IN_TEXTS, call_join},
    {"Fn::Select", IN_TEXTS, call_select},
    {"Fn::Split", IN_TEXTS, call_split},
    {"Fn::FindInMap", IN_TEXTS, call_find_in_map},
    {"Fn::Base64", IN_STACK | IN_EXPORT, call_base64},
    {"Fn::Cidr", IN_STACK | IN_EXPORT, call_cidr},
    {"Fn::GetAZs", IN_STACK, call_azs},
    {"Fn::ImportValue", IN_STACK, call_import},
    {"Fn::And", IN_CONDITION | IN_RULE, call_and_or},
    {"Fn::Or", IN_CONDITION | IN_RULE, call_and_or},
    {"Fn::Not", IN_CONDITION | IN_RULE, call_not},
    {"Fn::Equals", IN_CONDITION | IN_RULE, call_equals},
    {"Fn::Contains", IN_RULE, call_any},
    {"Fn::EachMemberEquals", IN_RULE, call_any},
    {"Fn::EachMemberIn", IN_RULE, call_any},
    {"Fn::RefAll", IN_RULE, NULL},
    {"Fn::ValueOf", IN_RULE, NULL},
    {"Fn::ValueOfAll", IN_RULE, NULL},
    {"Fn::Length", IN_TEXTS, call_length},
    {"Fn::ToJsonString", IN_TEXTS, call_length},
    {"Fn::Transform", IN_TEXTS | IN_MAPPING | IN_RULE, call_any},
};

static const Function *function_find(Str name)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (str_is(name, functions[i].name))
            return &functions[i];
    return NULL;
}

// A function that needs a known place: in a condition, a resource's attribute is the mistake.
static void report_place(const Call *call)
{
    if (call->check->custom_macro)
        return;
    check_report(call->check, DIAG_FUNCTION_NOT_HERE, call->origin, call->name,
        str_of(call->scope->place_name), DIAG_END);
}

void check_call(Check *check, const Scope *scope, const Datum *datum, const DatumEntry *entry)
{
    const Origin *origin = datum->origin ? datum->origin : check_key_origin(entry);
    Call call = {check, scope, entry->key, entry->value, origin};
    const Function *function = function_find(entry->key);
    bool is_literal_place = scope->place == PLACE_LITERAL || scope->place == PLACE_MAPPING;
    if (!function) {
        if (is_literal_place)
            report_place(&call);
        else
            check_walk(check, scope, entry->value);
    } else if (!(function->places & (1u << scope->place))) {
        report_place(&call);
    } else if (scope->place == PLACE_POLICY && !check->language_extensions) {
        check_needs_extensions(
            check, str_format(check->arena, "a function in %s", scope->place_name), origin);
    } else if (function->check) {
        function->check(&call);
    }
}

// {"Condition": "Name"} in a condition.
bool check_named_condition(Check *check, const Scope *scope, const Datum *datum)
{
    const DatumEntry *entry = datum_only_entry(datum);
    if (scope->place != PLACE_CONDITION || !entry || !str_is(entry->key, "Condition"))
        return false;
    Call call = {check, scope, STR("Condition"), entry->value, check_key_origin(entry)};
    if (entry->value->kind != DATUM_STRING)
        bad_arguments(&call, "the name of a condition", entry->value);
    else
        check_condition_name(check, scope, entry->value->text,
            datum->origin ? datum->origin : check_entry_origin(entry));
    return true;
}
