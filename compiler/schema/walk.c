// Paths as people type them, and AWS's sentences about what is there.
#include "compiler/schema/describe.h"

static void append_part(Describer *out, Str part)
{
    out->path = out->path.len
                    ? str_format(out->arena, "%.*s.%.*s", STR_FMT(out->path), STR_FMT(part))
                    : str_copy(out->arena, part);
}

static void note_near(SchemaNode node, Str wanted, Str near[3], size_t *count)
{
    SchemaFacts facts = schema_node_facts(node);
    size_t limit = wanted.len / 4 < 2 ? 2 : wanted.len / 4;
    *count = 0;
    for (size_t i = 0; i < facts.properties.len && *count < 3; i++) {
        Str name = schema_property_at(facts.properties, i).name;
        if (str_distance(wanted, name, limit) <= limit || str_starts(name, wanted))
            near[(*count)++] = name;
    }
}

// The values of a list or map; nowhere for all else.
static SchemaNode values_of(SchemaNode node)
{
    SchemaFacts facts = schema_node_facts(node);
    if (schema_node_exists(facts.items))
        return facts.items;
    if (!schema_node_exists(facts.additional) && facts.pattern_properties.len)
        return schema_pattern_rule_at(facts.pattern_properties, 0).node;
    return facts.additional;
}

static bool find_in_branches(SchemaNode node, Str part, SchemaProperty *property, int depth)
{
    SchemaFacts facts = schema_node_facts(node);
    SchemaNodes branches[] = {facts.one_of, facts.any_of, facts.all_of};
    if (schema_find_property(node, part, property))
        return true;
    for (size_t i = 0; depth < 4 && i < sizeof branches / sizeof *branches; i++)
        for (size_t j = 0; j < branches[i].len; j++)
            if (find_in_branches(schema_node_at(branches[i], j), part, property, depth + 1))
                return true;
    return false;
}

static bool walk_part(Describer *out, SchemaNode *node, Str part, SchemaProperty *property)
{
    if (str_is(part, "*")) {
        *node = values_of(*node);
        *property = (SchemaProperty){.node = *node};
        append_part(out, part);
        return schema_node_exists(*node);
    }
    if (!find_in_branches(*node, part, property, 0)) {
        SchemaNode inner = values_of(*node);
        if (!schema_node_exists(inner) || !find_in_branches(inner, part, property, 0))
            return false;
        append_part(out, STR("*"));
    }
    append_part(out, part);
    *node = property->node;
    return true;
}

bool schema_walk_path(
    Describer *out, Str path, SchemaProperty *property, Str near[3], size_t *count)
{
    SchemaNode node = schema_type_root(out->type);
    for (size_t start = 0; path.len && start <= path.len;) {
        size_t end = str_find(path, STR("."), start);
        Str part = str_slice(path, start, end);
        SchemaNode here = node;
        if (!walk_part(out, &node, part, property)) {
            SchemaNode inner = values_of(here);
            note_near(schema_node_exists(inner) ? inner : here, part, near, count);
            return false;
        }
        start = end == SIZE_MAX ? SIZE_MAX : end + 1;
    }
    return true;
}

// ---- the documentation file: see spec/import/documentation.py for its form ----

// The line behind the one that starts at `at`.
static size_t next_line(Str content, size_t at)
{
    size_t end = str_find(content, STR("\n"), at);
    return end == SIZE_MAX ? content.len : end + 1;
}

// Where the section with this head line begins, or SIZE_MAX.
static size_t find_section(Str content, Str head)
{
    for (size_t at = str_find(content, head, 0); at != SIZE_MAX;
         at = str_find(content, head, at + 1)) {
        size_t end = at + head.len;
        bool starts = at && content.ptr[at - 1] == '\n';
        if (starts && end < content.len && (content.ptr[end] == '\n' || content.ptr[end] == '\t'))
            return at;
    }
    return SIZE_MAX;
}

// The columns of a property's line in the section at `at`.
static bool find_line(Str content, size_t at, Str name, Str *definition, Str *text)
{
    for (at = next_line(content, at); at < content.len && content.ptr[at] != '\n';
         at = next_line(content, at)) {
        Str line = str_slice(content, at, next_line(content, at) - 1);
        size_t first = str_find(line, STR("\t"), 0);
        size_t second = first == SIZE_MAX ? SIZE_MAX : str_find(line, STR("\t"), first + 1);
        if (second == SIZE_MAX || !str_equal(str_slice(line, 0, first), name))
            continue;
        *definition = str_slice(line, first + 1, second);
        *text = str_slice(line, second + 1, line.len);
        return true;
    }
    return false;
}

static Str head_text(Str content, size_t at)
{
    Str line = str_slice(content, at, next_line(content, at) - 1);
    size_t tab = str_find(line, STR("\t"), 0);
    return tab == SIZE_MAX ? STR_NONE : str_slice(line, tab + 1, line.len);
}

Str schema_documentation(Str content, Str type, Str path)
{
    Str text = STR_NONE;
    Str definition = STR_NONE;
    size_t at = content.len ? find_section(content, type) : SIZE_MAX;
    if (at == SIZE_MAX)
        return STR_NONE;
    if (!path.len)
        return head_text(content, at);
    for (size_t start = 0; start <= path.len;) {
        size_t end = str_find(path, STR("."), start);
        Str part = str_slice(path, start, end);
        start = end == SIZE_MAX ? SIZE_MAX : end + 1;
        if (str_is(part, "*"))
            continue;
        if (at == SIZE_MAX || !find_line(content, at, part, &definition, &text))
            return STR_NONE;
        Buf head;
        buf_init(&head, 0);
        buf_add_format(&head, "%.*s.%.*s", STR_FMT(type), STR_FMT(definition));
        at = definition.len ? find_section(content, buf_str(&head)) : SIZE_MAX;
        buf_release(&head);
    }
    return text;
}
