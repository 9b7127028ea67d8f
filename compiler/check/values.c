#include "compiler/check/check_priv.h"

typedef struct FunctionKind {
    const char *name;
    ValueKind kind;
} FunctionKind;

// Functions that always give the same kind of value.
static const FunctionKind function_kinds[] = {
    {"Fn::Sub", VALUE_STRING},
    {"Fn::Join", VALUE_STRING},
    {"Fn::Base64", VALUE_STRING},
    {"Fn::ToJsonString", VALUE_STRING},
    {"Fn::Split", VALUE_LIST},
    {"Fn::GetAZs", VALUE_LIST},
    {"Fn::Cidr", VALUE_LIST},
    {"Fn::Length", VALUE_NUMBER},
    {"Fn::RefAll", VALUE_LIST},
    {"Fn::ValueOfAll", VALUE_LIST},
    // Values of exports and of nested outputs are texts, and so are list elements; what text it
    // is stays unknown, which is all that VALUE_STRING says.
    {"Fn::ImportValue", VALUE_STRING},
};

const DatumEntry *check_function(const Datum *datum)
{
    const DatumEntry *entry = datum_only_entry(datum);
    if (!entry)
        return NULL;
    if (str_is(entry->key, "Ref") || str_starts(entry->key, STR("Fn::")))
        return check_is_foreach(entry->key) ? NULL : entry;
    return NULL;
}

bool check_is_no_value(const Datum *datum)
{
    const DatumEntry *entry = datum_only_entry(datum);
    return entry && str_is(entry->key, "Ref") && datum_is_string(entry->value, "AWS::NoValue");
}

bool check_is_list_type(Str type)
{
    return str_is(type, "CommaDelimitedList") || str_starts(type, STR("List<")) ||
           str_starts(type, STR("AWS::SSM::Parameter::Value<List<")) ||
           str_is(type, "AWS::SSM::Parameter::Value<CommaDelimitedList>");
}

Str check_value_kind_name(ValueKind kind)
{
    switch (kind) {
    case VALUE_STRING:
        return STR("a string");
    case VALUE_NUMBER:
        return STR("a number");
    case VALUE_BOOL:
        return STR("a boolean");
    case VALUE_LIST:
        return STR("a list");
    case VALUE_OBJECT:
        return STR("a map");
    default:
        return STR("a value");
    }
}

Str check_get_att(Arena *arena, const Datum *arguments, Str *id)
{
    if (arguments->kind == DATUM_STRING) {
        size_t dot = str_find(arguments->text, STR("."), 0);
        if (dot == SIZE_MAX)
            return STR_NONE;
        *id = str_slice(arguments->text, 0, dot);
        return str_slice(arguments->text, dot + 1, arguments->text.len);
    }
    if (arguments->kind != DATUM_LIST || arguments->items.len < 2 ||
        arguments->items.items[0]->kind != DATUM_STRING)
        return STR_NONE;
    *id = arguments->items.items[0]->text;
    Str attribute = STR_NONE;
    for (size_t i = 1; i < arguments->items.len; i++) {
        const Datum *part = arguments->items.items[i];
        if (part->kind != DATUM_STRING)
            return STR_NONE;
        attribute = i == 1
                        ? part->text
                        : str_format(arena, "%.*s.%.*s", STR_FMT(attribute), STR_FMT(part->text));
    }
    return attribute;
}

static ValueKind kind_of_types(unsigned types)
{
    switch (types) {
    case SCHEMA_STRING:
        return VALUE_STRING;
    case SCHEMA_INTEGER:
    case SCHEMA_NUMBER:
        return VALUE_NUMBER;
    case SCHEMA_BOOLEAN:
        return VALUE_BOOL;
    case SCHEMA_LIST:
        return VALUE_LIST;
    case SCHEMA_OBJECT:
        return VALUE_OBJECT;
    default:
        return VALUE_UNKNOWN;
    }
}

ValueKind check_attribute_kind(const Check *check, Str id, Str attribute)
{
    const CheckResource *resource = map_find(&check->resources, id);
    SchemaAttribute found;
    if (!resource || !schema_type_exists(resource->schema) ||
        !schema_find_attribute(resource->schema, attribute, &found))
        return VALUE_UNKNOWN;
    return kind_of_types(found.types);
}

static ValueKind ref_kind(const Check *check, Str name)
{
    const CheckParameter *parameter = map_find(&check->parameters, name);
    if (parameter)
        return parameter->kind;
    if (str_is(name, "AWS::NotificationARNs"))
        return VALUE_LIST;
    if (str_is(name, "AWS::NoValue"))
        return VALUE_UNKNOWN;
    bool known = map_find(&check->resources, name) || str_starts(name, STR("AWS::"));
    return known ? VALUE_STRING : VALUE_UNKNOWN;
}

// Of a Fn::If: what both branches give, AWS::NoValue apart.
static ValueKind if_kind(const Check *check, const Datum *arguments)
{
    if (arguments->kind != DATUM_LIST || arguments->items.len != 3)
        return VALUE_UNKNOWN;
    const Datum *yes = arguments->items.items[1];
    const Datum *no = arguments->items.items[2];
    if (check_is_no_value(yes))
        return check_value_kind(check, no);
    ValueKind kind = check_value_kind(check, yes);
    if (check_is_no_value(no))
        return kind;
    return kind == check_value_kind(check, no) ? kind : VALUE_UNKNOWN;
}

static ValueKind call_kind(const Check *check, const DatumEntry *call)
{
    for (size_t i = 0; i < sizeof function_kinds / sizeof *function_kinds; i++)
        if (str_is(call->key, function_kinds[i].name))
            return function_kinds[i].kind;
    if (str_is(call->key, "Ref") && call->value->kind == DATUM_STRING)
        return ref_kind(check, call->value->text);
    if (str_is(call->key, "Fn::If"))
        return if_kind(check, call->value);
    if (str_is(call->key, "Fn::GetAtt")) {
        Str id = STR_NONE;
        Str attribute = check_get_att(check->arena, call->value, &id);
        if (attribute.ptr)
            return check_attribute_kind(check, id, attribute);
    }
    return VALUE_UNKNOWN;
}

ValueKind check_value_kind(const Check *check, const Datum *datum)
{
    const DatumEntry *call = check_function(datum);
    if (call)
        return call_kind(check, call);
    switch (datum->kind) {
    case DATUM_BOOL:
        return VALUE_BOOL;
    case DATUM_NUMBER:
        return VALUE_NUMBER;
    case DATUM_STRING:
        return VALUE_STRING;
    case DATUM_LIST:
        return VALUE_LIST;
    case DATUM_MAP:
        return VALUE_OBJECT;
    default:
        return VALUE_UNKNOWN;
    }
}

bool check_sub_names(Str text, SubVisitor visit, void *context)
{
    size_t at = 0;
    while ((at = str_find(text, STR("${"), at)) != SIZE_MAX) {
        size_t end = str_find(text, STR("}"), at);
        if (end == SIZE_MAX)
            return true;
        Str name = str_slice(text, at + 2, end);
        at = end + 1;
        if (name.len && name.ptr[0] == '!')
            continue;
        if (!visit(context, name))
            return false;
    }
    return true;
}
