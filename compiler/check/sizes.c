// Limits that services set to the size of a text or document in one resource. What only the
// deployment knows counts as nothing, so a finding is certain.
#include "compiler/check/check_priv.h"

typedef enum Measure {
    MEASURE_TEXT,    // bytes of the text
    MEASURE_BASE64,  // bytes that the base64 text stands for
    MEASURE_JSON,    // bytes as compact JSON
    MEASURE_POLICY,  // the same without blanks
    MEASURE_POLICIES // of the documents of inline policies, in all
} Measure;

typedef struct SizeRule {
    const char *type;
    const char *path; // dotted, below Properties
    Measure measure;
    size_t max;
} SizeRule;

static const SizeRule rules[] = {
    {"AWS::Lambda::Function", "Code.ZipFile", MEASURE_TEXT, 4194304},
    {"AWS::Lambda::Function", "Environment.Variables", MEASURE_JSON, 4096},
    {"AWS::CloudFront::Function", "FunctionCode", MEASURE_TEXT, 10240},
    {"AWS::EC2::Instance", "UserData", MEASURE_BASE64, 16384},
    {"AWS::EC2::LaunchTemplate", "LaunchTemplateData.UserData", MEASURE_BASE64, 16384},
    {"AWS::AutoScaling::LaunchConfiguration", "UserData", MEASURE_BASE64, 16384},
    {"AWS::IAM::Role", "Policies", MEASURE_POLICIES, 10240},
    {"AWS::IAM::Role", "AssumeRolePolicyDocument", MEASURE_POLICY, 4096},
    {"AWS::IAM::User", "Policies", MEASURE_POLICIES, 2048},
    {"AWS::IAM::Group", "Policies", MEASURE_POLICIES, 5120},
    {"AWS::IAM::ManagedPolicy", "PolicyDocument", MEASURE_POLICY, 6144},
    {"AWS::IAM::Policy", "PolicyDocument", MEASURE_POLICY, 10240},
    {"AWS::IAM::RolePolicy", "PolicyDocument", MEASURE_POLICY, 10240},
    {"AWS::IAM::UserPolicy", "PolicyDocument", MEASURE_POLICY, 2048},
    {"AWS::IAM::GroupPolicy", "PolicyDocument", MEASURE_POLICY, 5120},
    {"AWS::S3::BucketPolicy", "PolicyDocument", MEASURE_POLICY, 20480},
    {"AWS::KMS::Key", "KeyPolicy", MEASURE_POLICY, 32768},
};

static size_t min_bytes(const Datum *datum, Measure measure);

static size_t text_bytes(Str text, Measure measure)
{
    if (measure != MEASURE_POLICY)
        return text.len;
    size_t size = 0;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != ' ' && text.ptr[i] != '\n' && text.ptr[i] != '\t')
            size++;
    return size;
}

// The text without what is substituted.
static size_t sub_bytes(const Datum *arguments, Measure measure)
{
    const Datum *text = arguments;
    if (arguments->kind == DATUM_LIST && arguments->items.len > 0)
        text = arguments->items.items[0];
    if (text->kind != DATUM_STRING)
        return 0;
    size_t size = 0;
    size_t at = 0;
    for (;;) {
        size_t next = str_find(text->text, STR("${"), at);
        size_t end = next == SIZE_MAX ? text->text.len : next;
        size += text_bytes(str_slice(text->text, at, end), measure);
        at = next == SIZE_MAX ? SIZE_MAX : str_find(text->text, STR("}"), next);
        if (at == SIZE_MAX)
            return size;
        at++;
    }
}

static size_t join_bytes(const Datum *arguments, Measure measure)
{
    if (arguments->kind != DATUM_LIST || arguments->items.len != 2)
        return 0;
    const Datum *list = arguments->items.items[1];
    size_t size = 0;
    for (size_t i = 0; list->kind == DATUM_LIST && i < list->items.len; i++)
        size += min_bytes(list->items.items[i], measure);
    return size;
}

static size_t call_bytes(const DatumEntry *call, Measure measure)
{
    const Datum *arguments = call->value;
    if (str_is(call->key, "Fn::Sub"))
        return sub_bytes(arguments, measure);
    if (str_is(call->key, "Fn::Join"))
        return join_bytes(arguments, measure);
    if (str_is(call->key, "Fn::If") && arguments->kind == DATUM_LIST && arguments->items.len == 3) {
        size_t yes = min_bytes(arguments->items.items[1], measure);
        size_t no = min_bytes(arguments->items.items[2], measure);
        return yes < no ? yes : no;
    }
    return 0;
}

// In JSON a text has quotes; a function's answer has them too, but may also be left out.
static size_t json_bytes(const Datum *datum, Measure measure)
{
    size_t size = 2;
    if (datum->kind == DATUM_LIST) {
        for (size_t i = 0; i < datum->items.len; i++)
            size += min_bytes(datum->items.items[i], measure) + (i > 0);
        return size;
    }
    for (size_t i = 0; i < datum->entries.len; i++)
        size += datum->entries.items[i].key.len + 3 + (i > 0) +
                min_bytes(datum->entries.items[i].value, measure);
    return size;
}

static size_t min_bytes(const Datum *datum, Measure measure)
{
    const DatumEntry *call = check_function(datum);
    if (call)
        return call_bytes(call, measure);
    switch (datum->kind) {
    case DATUM_STRING:
        return text_bytes(datum->text, measure) + (measure == MEASURE_TEXT ? 0 : 2);
    case DATUM_NUMBER:
        return datum->text.len;
    case DATUM_BOOL:
        return 4;
    case DATUM_NULL:
        return 0;
    default:
        return json_bytes(datum, measure);
    }
}

static size_t base64_bytes(const Datum *datum)
{
    const DatumEntry *call = check_function(datum);
    if (call && str_is(call->key, "Fn::Base64"))
        return min_bytes(call->value, MEASURE_TEXT);
    if (datum->kind == DATUM_STRING)
        return datum->text.len / 4 * 3;
    return 0;
}

static size_t policies_bytes(const Datum *list)
{
    size_t size = 0;
    for (size_t i = 0; list->kind == DATUM_LIST && i < list->items.len; i++) {
        const Datum *document = datum_get(list->items.items[i], STR("PolicyDocument"));
        if (document)
            size += min_bytes(document, MEASURE_POLICY);
    }
    return size;
}

static size_t measure_value(const Datum *value, Measure measure)
{
    switch (measure) {
    case MEASURE_BASE64:
        return base64_bytes(value);
    case MEASURE_POLICIES:
        return policies_bytes(value);
    default:
        return min_bytes(value, measure);
    }
}

static const Datum *value_at(const Datum *map, Str path)
{
    size_t start = 0;
    while (map) {
        size_t dot = str_find(path, STR("."), start);
        map = datum_get(map, str_slice(path, start, dot == SIZE_MAX ? path.len : dot));
        if (dot == SIZE_MAX)
            return map;
        start = dot + 1;
    }
    return NULL;
}

void check_sizes(Check *check, const CheckResource *resource)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (!str_is(resource->type, rules[i].type))
            continue;
        const Datum *properties = datum_get(resource->body, STR("Properties"));
        const Datum *value = value_at(properties, str_of(rules[i].path));
        size_t size = value ? measure_value(value, rules[i].measure) : 0;
        if (size > rules[i].max)
            check_report(check, DIAG_PROPERTY_TOO_LARGE,
                value->origin ? value->origin : check_key_origin(resource->entry),
                str_of(rules[i].path), resource->type, check_number(check, size),
                check_number(check, rules[i].max), DIAG_END);
    }
}
