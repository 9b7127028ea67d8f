#include "compiler/docs/facts.h"

#include "compiler/data/data.h"

enum { TEXT_SHOWN = 120 };

static Str cut_json(Arena *arena, const Datum *value)
{
    Buf out;
    buf_init(&out, 0);
    data_write_json_compact(&out, value);
    size_t cut = out.len;
    if (cut > TEXT_SHOWN) {
        cut = TEXT_SHOWN;
        while (cut && ((unsigned char)out.ptr[cut] & 0xC0) == 0x80)
            cut--;
    }
    Str text = str_format(arena, "%.*s%s", (int)cut, out.ptr, cut < out.len ? "…" : "");
    buf_release(&out);
    return text;
}

static Str intrinsic_text(Arena *arena, const DatumEntry *entry)
{
    const Datum *value = entry->value;
    bool is_name = str_is(entry->key, "Ref") || str_is(entry->key, "Output");
    if (is_name && value->kind == DATUM_STRING)
        return str_format(arena, "${%.*s}", STR_FMT(value->text));
    if (str_is(entry->key, "Fn::Sub") && value->kind == DATUM_STRING)
        return value->text;
    bool pair = value->kind == DATUM_LIST && value->items.len == 2 &&
                value->items.items[0]->kind == DATUM_STRING &&
                value->items.items[1]->kind == DATUM_STRING;
    if (str_is(entry->key, "Fn::GetAtt") && pair)
        return str_format(arena, "${%.*s.%.*s}", STR_FMT(value->items.items[0]->text),
            STR_FMT(value->items.items[1]->text));
    return STR_NONE;
}

// "a, b"; STR_NONE when it is no list of texts.
static Str texts_of_list(Arena *arena, const Datum *value)
{
    Str text = STR("");
    if (value->kind != DATUM_LIST || !value->items.len)
        return STR_NONE;
    for (size_t i = 0; i < value->items.len; i++) {
        if (value->items.items[i]->kind != DATUM_STRING)
            return STR_NONE;
        text = str_format(arena, "%.*s%s%.*s", STR_FMT(text), i ? ", " : "",
            STR_FMT(value->items.items[i]->text));
    }
    return text;
}

Str fact_text(Arena *arena, const Datum *value)
{
    const DatumEntry *only = datum_only_entry(value);
    Str text = only ? intrinsic_text(arena, only) : texts_of_list(arena, value);
    if (text.ptr)
        return text;
    switch (value->kind) {
    case DATUM_STRING:
    case DATUM_NUMBER:
        return value->text;
    case DATUM_BOOL:
        return value->boolean ? STR("yes") : STR("no");
    default:
        return cut_json(arena, value);
    }
}

// ---- names ----

// The console of EC2 calls its things by this tag; elsewhere it is one tag among others.
static Str name_tag(Arena *arena, const Datum *resource)
{
    const Datum *type = datum_get(resource, STR("Type"));
    if (!type || type->kind != DATUM_STRING || !str_starts(type->text, STR("AWS::EC2::")))
        return STR("");
    const Datum *properties = datum_get(resource, STR("Properties"));
    const Datum *tags = datum_get(properties, STR("Tags"));
    for (size_t i = 0; tags && tags->kind == DATUM_LIST && i < tags->items.len; i++) {
        const Datum *value = datum_get(tags->items.items[i], STR("Value"));
        if (value && datum_is_string(datum_get(tags->items.items[i], STR("Key")), "Name"))
            return fact_text(arena, value);
    }
    return STR("");
}

// As the function of a permission: it names another resource, not the one it stands in.
static bool leads_to_resource(const Datum *value, const Datum *resources)
{
    const DatumEntry *only = datum_only_entry(value);
    if (!only || !str_is(only->key, "Ref"))
        return only && str_is(only->key, "Fn::GetAtt");
    return only->value->kind == DATUM_STRING && datum_get(resources, only->value->text);
}

Str fact_physical_name(Arena *arena, const Datum *resource, const Datum *resources)
{
    static const char *const NAMES[] = {"BucketName", "FunctionName", "LogGroupName", "RoleName",
        "InstanceProfileName", "TableName", "QueueName", "TopicName", "DBInstanceIdentifier",
        "DBSubnetGroupName", "GroupName", "ConnectionName", "ClusterName", "ServiceName",
        "RepositoryName", "AlarmName", "DomainName", "Name"};
    const Datum *properties = datum_get(resource, STR("Properties"));
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        const Datum *name = datum_get(properties, str_of(NAMES[i]));
        if (name && !leads_to_resource(name, resources))
            return fact_text(arena, name);
    }
    return name_tag(arena, resource);
}

// ---- sizes ----

// "A.0.B" below the value; NULL when a step is missing.
static const Datum *at_path(const Datum *value, Str path)
{
    while (value && path.len) {
        size_t dot = str_find(path, STR("."), 0);
        Str step = dot == SIZE_MAX ? path : str_slice(path, 0, dot);
        path = dot == SIZE_MAX ? STR("") : str_slice(path, dot + 1, path.len);
        if (value->kind == DATUM_LIST) {
            size_t index = (size_t)(step.ptr[0] - '0');
            value = step.len == 1 && index < value->items.len ? value->items.items[index] : NULL;
        } else {
            value = datum_get(value, step);
        }
    }
    return value;
}

Str fact_sizes(Arena *arena, const Datum *resource)
{
    static const struct {
        const char *type;
        const char *path;
        const char *before;
        const char *after;
    } FACTS[] = {
#define FACT(type, path, before, after) {type, path, before, after},
#include "compiler/docs/facts.def"
#undef FACT
    };
    const Datum *type = datum_get(resource, STR("Type"));
    Buf out;
    buf_init(&out, 0);
    for (size_t i = 0; i < sizeof FACTS / sizeof *FACTS; i++) {
        if (!type || !datum_is_string(type, FACTS[i].type))
            continue;
        const Datum *value = at_path(datum_get(resource, STR("Properties")), str_of(FACTS[i].path));
        if (value)
            buf_add_format(&out, "%s%s%.*s%s", out.len ? ", " : "", FACTS[i].before,
                STR_FMT(fact_text(arena, value)), FACTS[i].after);
    }
    Str text = buf_copy(&out, arena);
    buf_release(&out);
    return text;
}
