// Rules that tie properties together, in words: "when Type is A or B: X is required".
#include "compiler/schema/describe.h"

#define VALUES_SHOWN 5
#define DEPTH_MAX 3

static void cut(Buf *buf, size_t len)
{
    buf->len = len;
    buf->ptr[len] = '\0';
}

static void add_join(Buf *buf, size_t start, const char *between)
{
    if (buf->len > start)
        buf_add_text(buf, between);
}

// Boolean values are listed as such and as text: once is enough for people.
static bool said_before(SchemaLiterals values, size_t index)
{
    return index && str_equal(schema_literal_at(values, index - 1).text,
                        schema_literal_at(values, index).text);
}

static void add_values(Buf *buf, SchemaLiterals values)
{
    size_t shown = values.len > VALUES_SHOWN ? VALUES_SHOWN - 1 : values.len;
    size_t start = buf->len;
    for (size_t i = 0; i < shown; i++) {
        if (said_before(values, i))
            continue;
        add_join(buf, start, i + 1 == values.len ? " or " : ", ");
        buf_add(buf, schema_literal_at(values, i).text);
    }
    if (shown < values.len)
        buf_add_format(buf, " or one of %zu others", (size_t)values.len - shown);
}

static void add_names(Buf *buf, SchemaTexts names, const char *between)
{
    for (size_t i = 0; i < names.len; i++) {
        buf_add_text(buf, i ? between : "");
        buf_add(buf, schema_text_at(names, i));
    }
}

static void add_object(Buf *buf, SchemaNode node, const char *before, bool asking, int depth);

static void add_fact(Buf *buf, size_t start, Str name, const char *verb, Str text)
{
    add_join(buf, start, " and ");
    buf_add_format(buf, "%.*s %s %.*s", STR_FMT(name), verb, STR_FMT(text));
}

static void add_bounds(Buf *buf, size_t start, Str name, const SchemaFacts *facts)
{
    const struct {
        const SchemaNumber *number;
        const char *verb;
    } bounds[] = {{&facts->minimum, "is at least"}, {&facts->maximum, "is at most"},
        {&facts->exclusive_minimum, "is more than"}, {&facts->exclusive_maximum, "is less than"},
        {&facts->multiple_of, "is a multiple of"}};
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
        if (bounds[i].number->present)
            add_fact(buf, start, name, bounds[i].verb, bounds[i].number->text);
    if (facts->min_items.present) {
        add_join(buf, start, " and ");
        buf_add_format(buf, "%.*s has at least %u items", STR_FMT(name), facts->min_items.value);
    }
}

// What is said of one property; nothing when it is no more than its type.
static void add_property(Buf *buf, size_t start, Str name, SchemaNode node, bool asking, int depth)
{
    SchemaFacts facts = schema_node_facts(node);
    if (facts.values.len) {
        add_fact(buf, start, name, "is", STR(""));
        add_values(buf, facts.values);
    }
    if (facts.has_constant)
        add_fact(buf, start, name, "is", facts.constant.text);
    if (facts.refused.len) {
        add_fact(buf, start, name, "is not", STR(""));
        add_values(buf, facts.refused);
    }
    if (facts.pattern.len)
        add_fact(buf, start, name, "matches", facts.pattern);
    if (facts.format.len)
        add_fact(buf, start, name, "is a", facts.format);
    add_bounds(buf, start, name, &facts);
    SchemaFacts refused = schema_node_facts(facts.not_node);
    if (refused.values.len || refused.has_constant) {
        add_fact(
            buf, start, name, "is not", refused.has_constant ? refused.constant.text : STR(""));
        add_values(buf, refused.values);
    }
    if (depth < DEPTH_MAX && (facts.properties.len || facts.absent.len)) {
        Buf path;
        buf_init(&path, 0);
        buf_add_format(&path, "%.*s.", STR_FMT(name));
        add_join(buf, start, " and ");
        add_object(buf, node, buf_str(&path).ptr, asking, depth + 1);
        buf_release(&path);
    }
}

static void add_presence(
    Buf *buf, size_t start, const SchemaFacts *facts, const char *before, bool asking)
{
    for (size_t i = 0; i < facts->required.len; i++) {
        SchemaProperty property;
        Str name = schema_text_at(facts->required, i);
        bool described = false;
        for (size_t j = 0; j < facts->properties.len && !described; j++) {
            property = schema_property_at(facts->properties, j);
            SchemaFacts inner = schema_node_facts(property.node);
            described = str_equal(property.name, name) &&
                        (inner.values.len || inner.has_constant || inner.pattern.len);
        }
        if (asking && described)
            continue; // "X is a" says that it is there
        add_join(buf, start, " and ");
        buf_add_format(
            buf, "%s%.*s %s", before, STR_FMT(name), asking ? "is there" : "is required");
    }
    if (!facts->absent.len)
        return;
    add_join(buf, start, " and ");
    buf_add_text(buf, before);
    add_names(buf, facts->absent, asking ? " and " : ", ");
    buf_add_text(buf, asking ? " is not there" : " may not be there");
}

static void add_branches(
    Buf *buf, size_t start, SchemaNodes branches, const char *before, bool asking, int depth)
{
    size_t here = buf->len;
    for (size_t i = 0; i < branches.len; i++) {
        size_t branch_start = buf->len;
        if (here == branch_start)
            add_join(buf, start, " and ");
        else
            buf_add_text(buf, " or ");
        size_t before_branch = buf->len;
        add_object(buf, schema_node_at(branches, i), before, asking, depth + 1);
        if (buf->len == before_branch)
            cut(buf, branch_start);
    }
}

// `asking`: the condition; else the demand. `before` stands in front of names: "Code.".
static void add_object(Buf *buf, SchemaNode node, const char *before, bool asking, int depth)
{
    SchemaFacts facts = schema_node_facts(node);
    size_t start = buf->len;
    add_presence(buf, start, &facts, before, asking);
    for (size_t i = 0; i < facts.properties.len; i++) {
        SchemaProperty property = schema_property_at(facts.properties, i);
        Buf name;
        buf_init(&name, 0);
        buf_add_format(&name, "%s%.*s", before, STR_FMT(property.name));
        add_property(buf, start, buf_str(&name), property.node, asking, depth);
        buf_release(&name);
    }
    SchemaFacts refused = schema_node_facts(facts.not_node);
    if (refused.required.len) {
        add_join(buf, start, " and ");
        buf_add_text(buf, before);
        add_names(buf, refused.required, " and ");
        buf_add_text(buf, asking ? " is not there" : " may not be there");
    }
    for (size_t i = 0; i < facts.dependent_excluded.len; i++) {
        add_join(buf, start, " and ");
        add_names(buf, schema_dependency_at(facts.dependent_excluded, i).others, ", ");
        buf_add_text(buf, " may not be there");
    }
    if (depth >= DEPTH_MAX)
        return;
    add_branches(buf, start, facts.any_of, before, asking, depth);
    add_branches(buf, start, facts.one_of, before, asking, depth);
}

bool schema_rule_text(Buf *buf, SchemaCondition condition)
{
    size_t start = buf->len;
    buf_add_text(buf, "when ");
    size_t asked = buf->len;
    add_object(buf, condition.if_node, "", true, 0);
    bool whole = buf->len > asked;
    size_t demanded = buf->len;
    if (schema_node_exists(condition.then_node)) {
        buf_add_text(buf, ": ");
        demanded = buf->len;
        add_object(buf, condition.then_node, "", false, 0);
        whole = whole && buf->len > demanded;
    }
    if (schema_node_exists(condition.else_node)) {
        buf_add_text(buf, schema_node_exists(condition.then_node) ? "; else " : ": nothing; else ");
        demanded = buf->len;
        add_object(buf, condition.else_node, "", false, 0);
        whole = whole && buf->len > demanded;
    }
    if (!whole)
        cut(buf, start);
    return whole;
}
