// Limits that CloudFormation sets to a template as a whole.
#include "compiler/check/check_priv.h"

enum {
    MAX_RESOURCES = 500,
    MAX_PARAMETERS = 200,
    MAX_OUTPUTS = 200,
    MAX_MAPPINGS = 200,
    MAX_MAPPING_KEYS = 200,
    MAX_DIRECT_BYTES = 51200,
    MAX_TEMPLATE_BYTES = 1000000,
    MAX_ID = 255,
    MAX_STACK_NAME = 128,
    MAX_DESCRIPTION = 1024,
    MAX_PARAMETER_DESCRIPTION = 4000,
    MAX_PARAMETER_VALUE = 4096,
    MAX_DYNAMIC_REFERENCES = 60
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// ---- counts ----

static void check_count(Check *check, Section section, const char *what, size_t max)
{
    const Datum *map = check->sections[section];
    size_t count = 0;
    const DatumEntry *first_over = NULL;
    for (size_t i = 0; map && i < map->entries.len; i++) {
        const DatumEntry *entry = &map->entries.items[i];
        if (str_starts(entry->key, STR("Fn::")))
            continue; // nobody knows how many it makes
        if (++count == max + 1)
            first_over = entry;
    }
    if (first_over)
        check_report(check, DIAG_TOO_MANY_ENTRIES, check_key_origin(first_over),
            check_number(check, count), str_of(what), check_number(check, max), DIAG_END);
}

static void check_mapping_keys(Check *check, const DatumEntry *entry, Str name)
{
    if (entry->value->kind == DATUM_MAP && entry->value->entries.len > MAX_MAPPING_KEYS)
        check_report(check, DIAG_TOO_MANY_MAPPING_KEYS, check_key_origin(entry), name,
            check_number(check, entry->value->entries.len), check_number(check, MAX_MAPPING_KEYS),
            DIAG_END);
}

static void check_mapping_sizes(Check *check)
{
    const Datum *map = check->sections[SECTION_MAPPINGS];
    for (size_t i = 0; map && i < map->entries.len; i++) {
        const DatumEntry *entry = &map->entries.items[i];
        check_mapping_keys(check, entry, entry->key);
        for (size_t j = 0; entry->value->kind == DATUM_MAP && j < entry->value->entries.len; j++) {
            const DatumEntry *inner = &entry->value->entries.items[j];
            check_mapping_keys(check, inner,
                str_format(check->arena, "%.*s.%.*s", STR_FMT(entry->key), STR_FMT(inner->key)));
        }
    }
}

// ---- names ----

static bool is_id(Str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!is_letter(name.ptr[i]) && !is_digit(name.ptr[i]))
            return false;
    return name.len > 0 && name.len <= MAX_ID;
}

static void check_ids(Check *check, Section section)
{
    const Datum *map = check->sections[section];
    for (size_t i = 0; map && i < map->entries.len; i++) {
        const DatumEntry *entry = &map->entries.items[i];
        if (!str_starts(entry->key, STR("Fn::")) && !is_id(entry->key))
            check_report(check, DIAG_BAD_LOGICAL_ID, check_key_origin(entry), entry->key, DIAG_END);
    }
}

static bool is_stack_name(Str name)
{
    if (name.len == 0 || name.len > MAX_STACK_NAME || !is_letter(name.ptr[0]))
        return false;
    for (size_t i = 1; i < name.len; i++)
        if (!is_letter(name.ptr[i]) && !is_digit(name.ptr[i]) && name.ptr[i] != '-')
            return false;
    return true;
}

// ---- texts ----

static void check_text(Check *check, Str what, const Datum *map, const char *key, size_t max)
{
    const Datum *text = datum_get(map, str_of(key));
    if (text && text->kind == DATUM_STRING && text->text.len > max)
        check_report(check, DIAG_TEXT_TOO_LONG, text->origin, what,
            check_number(check, text->text.len), check_number(check, max), DIAG_END);
}

static void check_texts(Check *check)
{
    check_text(check, STR("the description of the template"), check->template_, "Description",
        MAX_DESCRIPTION);
    for (size_t i = 0; i < check->parameter_list.len; i++) {
        const CheckParameter *parameter = check->parameter_list.items[i];
        const Datum *map = parameter->entry->value;
        Str name = parameter->name;
        check_text(check,
            str_format(check->arena, "the description of the parameter '%.*s'", STR_FMT(name)), map,
            "Description", MAX_PARAMETER_DESCRIPTION);
        check_text(check,
            str_format(check->arena, "the default of the parameter '%.*s'", STR_FMT(name)), map,
            "Default", MAX_PARAMETER_VALUE);
    }
    const Datum *outputs = check->sections[SECTION_OUTPUTS];
    for (size_t i = 0; outputs && i < outputs->entries.len; i++)
        check_text(check,
            str_format(check->arena, "the description of the output '%.*s'",
                STR_FMT(outputs->entries.items[i].key)),
            outputs->entries.items[i].value, "Description", MAX_DESCRIPTION);
}

// ---- bytes ----

static size_t string_bytes(Str text)
{
    size_t size = text.len + 2;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        if (c == '"' || c == '\\' || c == '\n' || c == '\t' || c == '\r' || c == '\b' || c == '\f')
            size += 1;
        else
            size += 5;
    }
    return size;
}

// What the datum takes as compact JSON, which is what the deployer sends. Counts the dynamic
// references in passing.
static size_t count_bytes(Check *check, const Datum *datum)
{
    size_t size = 2;
    switch (datum->kind) {
    case DATUM_NULL:
        return 4;
    case DATUM_BOOL:
        return datum->boolean ? 4 : 5;
    case DATUM_NUMBER:
        return datum->text.len;
    case DATUM_STRING:
        for (size_t at = 0; (at = str_find(datum->text, STR("{{resolve:"), at)) != SIZE_MAX; at++)
            check->dynamic_references++;
        return string_bytes(datum->text);
    case DATUM_LIST:
        for (size_t i = 0; i < datum->items.len; i++)
            size += count_bytes(check, datum->items.items[i]) + (i > 0);
        return size;
    default:
        break;
    }
    for (size_t i = 0; i < datum->entries.len; i++) {
        const DatumEntry *entry = &datum->entries.items[i];
        size += string_bytes(entry->key) + 1 + count_bytes(check, entry->value) + (i > 0);
    }
    return size;
}

static void check_bytes(Check *check)
{
    size_t size = count_bytes(check, check->template_);
    const Datum *resources = check->sections[SECTION_RESOURCES];
    const Origin *origin = resources && resources->entries.len
                               ? check_key_origin(&resources->entries.items[0])
                               : check->template_->origin;
    if (size > MAX_TEMPLATE_BYTES)
        check_report(check, DIAG_TEMPLATE_TOO_LARGE, origin, check_number(check, size),
            check_number(check, MAX_TEMPLATE_BYTES), DIAG_END);
    else if (size > MAX_DIRECT_BYTES)
        check_report(check, DIAG_TEMPLATE_NEEDS_BUCKET, origin, check_number(check, size),
            check_number(check, MAX_DIRECT_BYTES), DIAG_END);
    if (check->dynamic_references > MAX_DYNAMIC_REFERENCES)
        check_report(check, DIAG_TOO_MANY_ENTRIES, origin,
            check_number(check, check->dynamic_references), STR("dynamic references"),
            check_number(check, MAX_DYNAMIC_REFERENCES), DIAG_END);
}

void check_limits(Check *check, const Stack *stack)
{
    if (stack->name.len && !is_stack_name(stack->name))
        check_report(check, DIAG_BAD_STACK_NAME, NULL, stack->name, DIAG_END);
    check_count(check, SECTION_RESOURCES, "resources", MAX_RESOURCES);
    check_count(check, SECTION_PARAMETERS, "parameters", MAX_PARAMETERS);
    check_count(check, SECTION_OUTPUTS, "outputs", MAX_OUTPUTS);
    check_count(check, SECTION_MAPPINGS, "mappings", MAX_MAPPINGS);
    check_mapping_sizes(check);
    check_ids(check, SECTION_RESOURCES);
    check_ids(check, SECTION_PARAMETERS);
    check_ids(check, SECTION_OUTPUTS);
    check_ids(check, SECTION_MAPPINGS);
    check_texts(check);
    check_bytes(check);
}
