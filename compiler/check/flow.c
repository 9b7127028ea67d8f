// What a reference gives against what the property wants: a name where an ARN must stand, the id of
// a subnet where that of a VPC must. AWS's schemas name what is wanted ("AWS::IAM::Role.Arn"). What
// flows there is told by the names of attributes and identifiers, so these are warnings.
#include "compiler/check/judge.h"

typedef enum Want {
    WANT_ANYTHING,
    WANT_ARN,
    WANT_NAME,
    WANT_ID // of a resource of the type
} Want;

typedef struct Wanted {
    Want want;
    Str type; // WANT_ID
} Wanted;

// The source of the value: the Ref of a resource, or one of its attributes.
typedef struct Source {
    const CheckResource *resource;
    Str property; // "RoleName": what the Ref is, or the attribute
    bool is_ref;
} Source;

// Does the pattern take ARNs alone?
static bool is_arn_pattern(const Judge *judge, const SchemaFacts *facts)
{
    RegexCache *cache = judge->check->context->regexes;
    bool begins =
        str_starts(facts->pattern, STR("^arn")) || str_starts(facts->pattern, STR("^(arn"));
    if (!begins || !facts->pattern_usable || !cache)
        return false;
    const Regex *regex = regex_get(cache, facts->pattern, NULL);
    return regex && regex_matches(regex, STR("name")) == REGEX_NO_MATCH;
}

static Wanted wanted_by(const Judge *judge, const SchemaFacts *facts, Str property)
{
    Str format = facts->format;
    size_t dot = str_find(format, STR("."), 0);
    Wanted wanted = {WANT_ANYTHING, STR_NONE};
    if (is_arn_pattern(judge, facts) || str_ends(format, STR(".Arn")) ||
        str_ends(property, STR("Arn")))
        wanted.want = WANT_ARN;
    else if (str_ends(format, STR(".Name")))
        wanted.want = WANT_NAME;
    else if (str_is(format, "AWS::EC2::VPC.Id") || str_starts(format, STR("AWS::EC2::Subnet.Id")) ||
             str_starts(format, STR("AWS::EC2::SecurityGroup.Id")))
        wanted = (Wanted){WANT_ID, str_slice(format, 0, dot)};
    return wanted;
}

static bool find_source(const Judge *judge, const DatumEntry *call, Source *source)
{
    const Map *resources = &judge->check->resources;
    Str id;
    if (str_is(call->key, "Ref") && call->value->kind == DATUM_STRING) {
        source->resource = map_find(resources, call->value->text);
        source->is_ref = true;
        if (source->resource && schema_type_exists(source->resource->schema))
            source->property = schema_type_ref(source->resource->schema).property;
    } else if (str_is(call->key, "Fn::GetAtt")) {
        source->property = check_get_att(judge->check->arena, call->value, &id);
        source->resource = source->property.ptr ? map_find(resources, id) : NULL;
    }
    return source->resource && source->property.len;
}

static bool is_wrong(const Wanted *wanted, const Source *source)
{
    bool is_arn = str_ends(source->property, STR("Arn"));
    bool is_name = str_ends(source->property, STR("Name"));
    switch (wanted->want) {
    case WANT_ARN:
        return is_name || str_ends(source->property, STR("Url"));
    case WANT_NAME:
        return is_arn;
    case WANT_ID:
        return is_arn || (source->is_ref && str_ends(source->property, STR("Id")) &&
                             !str_equal(source->resource->type, wanted->type));
    default:
        return false;
    }
}

static Str describe_wanted(const Judge *judge, const Wanted *wanted)
{
    if (wanted->want == WANT_ID)
        return str_format(judge->check->arena, "the id of an %.*s", STR_FMT(wanted->type));
    return wanted->want == WANT_ARN ? STR("an ARN") : STR("a name");
}

static Str describe_source(const Judge *judge, const Source *source)
{
    const CheckResource *resource = source->resource;
    if (source->is_ref)
        return str_format(judge->check->arena, "the %.*s of '%.*s'", STR_FMT(source->property),
            STR_FMT(resource->entry->key));
    return str_format(judge->check->arena, "'%.*s.%.*s'", STR_FMT(resource->entry->key),
        STR_FMT(source->property));
}

// The attribute or the Ref that would fit.
static void note_better(const Judge *judge, Diag *diag, const Wanted *wanted, const Source *source)
{
    Str id = source->resource->entry->key;
    SchemaType type = source->resource->schema;
    SchemaAttribute attribute;
    Str note = STR_NONE;
    if (wanted->want == WANT_ARN && schema_find_attribute(type, STR("Arn"), &attribute))
        note = str_format(judge->check->arena, "'%.*s.Arn' is its ARN", STR_FMT(id));
    else if (wanted->want == WANT_NAME && str_ends(schema_type_ref(type).property, STR("Name")))
        note = str_format(judge->check->arena, "'%.*s' alone is its name", STR_FMT(id));
    if (diag && note.ptr)
        check_note(judge->check, diag, NULL, note);
}

void judge_flow(Judge *judge, const SchemaFacts *facts, const Datum *value, const Path *path)
{
    Source source = {0};
    if (!judge->report || !find_source(judge, check_function(value), &source) ||
        !schema_type_exists(source.resource->schema))
        return;
    Wanted wanted = wanted_by(judge, facts, path->name);
    if (!is_wrong(&wanted, &source))
        return;
    Diag *diag = check_report(judge->check, DIAG_WRONG_SOURCE, path_origin(path, value),
        path_text(judge, path), describe_wanted(judge, &wanted), describe_source(judge, &source),
        DIAG_END);
    note_better(judge, diag, &wanted, &source);
}
