// `altc schema`: what AWS wants of a type or of one of its properties, for people.
#include "compiler/schema/describe.h"

#define LABEL_WIDTH 14
#define NAME_COLUMN_MAX 36
#define SHORT_VALUES 6

static const struct {
    unsigned type;
    const char *name;
} type_names[] = {{SCHEMA_STRING, "string"}, {SCHEMA_INTEGER, "integer"}, {SCHEMA_NUMBER, "number"},
    {SCHEMA_BOOLEAN, "boolean"}, {SCHEMA_OBJECT, "object"}, {SCHEMA_LIST, "list"},
    {SCHEMA_NULL, "null"}};

static void add_styled(Describer *out, const char *style, Str text)
{
    if (out->options->color)
        buf_add_format(out->buf, "\033[%sm", style);
    buf_add(out->buf, text);
    if (out->options->color)
        buf_add_text(out->buf, "\033[0m");
}

static size_t width_of(const Describer *out)
{
    return out->options->width ? out->options->width : 100;
}

// Text broken at spaces, the lines after the first indented; the cursor stands at `column`.
static void add_wrapped(Describer *out, Str text, size_t column, size_t indent)
{
    size_t width = width_of(out);
    for (size_t start = 0; start < text.len;) {
        size_t end = str_find(text, STR(" "), start);
        end = end == SIZE_MAX ? text.len : end;
        if (column > indent && column + 1 + end - start > width) {
            buf_add_char(out->buf, '\n');
            buf_add_repeat(out->buf, ' ', indent);
            column = indent;
        } else if (start) {
            buf_add_char(out->buf, ' ');
            column++;
        }
        buf_add(out->buf, str_slice(text, start, end));
        column += end - start;
        start = end + 1;
    }
}

static void add_label(Describer *out, const char *label)
{
    buf_add_text(out->buf, "  ");
    buf_add_format(out->buf, "%-*s", LABEL_WIDTH - 2, label);
}

// A line `  Label     text`, nothing when there is no text.
static void add_line(Describer *out, const char *label, Str text)
{
    if (!text.len)
        return;
    add_label(out, label);
    add_wrapped(out, text, LABEL_WIDTH, LABEL_WIDTH);
    buf_add_char(out->buf, '\n');
}

static void add_texts_line(
    Describer *out, const char *label, SchemaTexts texts, const char *between)
{
    buf_clear(&out->line);
    for (size_t i = 0; i < texts.len; i++) {
        buf_add_text(&out->line, i ? between : "");
        buf_add(&out->line, schema_text_at(texts, i));
    }
    add_line(out, label, buf_str(&out->line));
}

// ---- short forms ----

static void add_types(Buf *buf, unsigned types)
{
    bool first = true;
    for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++) {
        if (!(types & type_names[i].type))
            continue;
        buf_add_text(buf, first ? "" : " or ");
        buf_add_text(buf, type_names[i].name);
        first = false;
    }
    if (first)
        buf_add_text(buf, "any");
}

// "list of string", "map of integer", "object".
static void add_node_type(Buf *buf, SchemaNode node, int depth)
{
    SchemaFacts facts = schema_node_facts(node);
    if (depth < 4 && facts.types == SCHEMA_LIST && schema_node_exists(facts.items)) {
        buf_add_text(buf, "list of ");
        add_node_type(buf, facts.items, depth + 1);
        return;
    }
    SchemaNode values = facts.additional;
    if (!schema_node_exists(values) && facts.pattern_properties.len)
        values = schema_pattern_rule_at(facts.pattern_properties, 0).node;
    if (depth < 4 && !facts.properties.len && schema_node_exists(values)) {
        buf_add_text(buf, "map of ");
        add_node_type(buf, values, depth + 1);
        return;
    }
    add_types(buf, facts.types);
}

static void add_values(Buf *buf, SchemaLiterals values, size_t max)
{
    size_t shown = values.len > max ? max - 1 : values.len;
    for (size_t i = 0; i < shown; i++) {
        buf_add_text(buf, i ? ", " : "");
        buf_add(buf, schema_literal_at(values, i).text);
    }
    if (shown < values.len)
        buf_add_format(buf, ", … (%zu in all)", (size_t)values.len);
}

static void add_counts(Buf *buf, SchemaCount low, SchemaCount high, const char *unit)
{
    uint32_t last = high.present ? high.value : low.value;
    if (low.present && high.present && low.value == high.value)
        buf_add_format(buf, "exactly %u", low.value);
    else if (low.present && high.present)
        buf_add_format(buf, "%u to %u", low.value, high.value);
    else if (low.present)
        buf_add_format(buf, "at least %u", low.value);
    else
        buf_add_format(buf, "at most %u", high.value);
    buf_add_format(buf, " %s%s", unit, last == 1 ? "" : "s");
}

static void add_range(Buf *buf, const SchemaFacts *facts)
{
    const struct {
        const SchemaNumber *number;
        const char *before;
    } bounds[] = {{&facts->minimum, "at least "}, {&facts->exclusive_minimum, "more than "},
        {&facts->maximum, "at most "}, {&facts->exclusive_maximum, "less than "},
        {&facts->multiple_of, "a multiple of "}};
    bool first = true;
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        if (!bounds[i].number->present)
            continue;
        buf_add_text(buf, first ? "" : ", ");
        buf_add_text(buf, bounds[i].before);
        buf_add(buf, bounds[i].number->text);
        first = false;
    }
}

// Behind the type in a table: the most telling of the limits.
static void add_short_limits(Buf *buf, SchemaNode node)
{
    SchemaFacts facts = schema_node_facts(node);
    SchemaFacts items = schema_node_facts(facts.items);
    SchemaLiterals values = facts.values.len ? facts.values : items.values;
    if (facts.min_items.present || facts.max_items.present) {
        buf_add_text(buf, "; ");
        add_counts(buf, facts.min_items, facts.max_items, "item");
    }
    if (values.len) {
        buf_add_text(buf, ": ");
        add_values(buf, values, SHORT_VALUES);
    } else if (facts.minimum.present || facts.maximum.present) {
        buf_add_text(buf, "; ");
        add_range(buf, &facts);
    } else if (facts.max_length.present) {
        buf_add_text(buf, "; ");
        add_counts(buf, facts.min_length, facts.max_length, "character");
    }
}

// ---- tables ----

static const char *update_text(SchemaUpdate update)
{
    switch (update) {
    case SCHEMA_UPDATE_IN_PLACE:
        return "in place";
    case SCHEMA_UPDATE_MAY_REPLACE:
        return "may replace the resource";
    case SCHEMA_UPDATE_REPLACES:
        return "replaces the resource";
    default:
        return "not stated by AWS";
    }
}

static size_t name_column(SchemaProperties properties)
{
    size_t widest = 0;
    for (size_t i = 0; i < properties.len; i++) {
        size_t len = schema_property_at(properties, i).name.len;
        widest = len > widest && len <= NAME_COLUMN_MAX ? len : widest;
    }
    return widest + 4;
}

static void add_property_row(Describer *out, SchemaProperty property, size_t column)
{
    Str full = out->path.len
                   ? str_format(out->arena, "%.*s.%.*s", STR_FMT(out->path), STR_FMT(property.name))
                   : property.name;
    if (schema_path_is(out->type, SCHEMA_READ_ONLY, full))
        return;
    buf_add_text(out->buf, "  ");
    add_styled(out, "1", property.name);
    buf_add_text(out->buf, property.required ? " *" : "");
    size_t used = 2 + property.name.len + (property.required ? 2 : 0);
    buf_add_repeat(out->buf, ' ', used < column ? column - used : 1);
    buf_clear(&out->line);
    add_node_type(&out->line, property.node, 0);
    add_short_limits(&out->line, property.node);
    SchemaUpdate update = schema_update_at(out->type, full);
    if (update >= SCHEMA_UPDATE_MAY_REPLACE)
        buf_add_format(&out->line, "; a change %s", update_text(update));
    if (property.deprecated)
        buf_add_text(&out->line, "; deprecated");
    add_wrapped(out, buf_str(&out->line), used < column ? column : used + 1, column);
    buf_add_char(out->buf, '\n');
}

static void add_properties(Describer *out, SchemaNode node)
{
    SchemaFacts facts = schema_node_facts(node);
    if (!facts.properties.len)
        return;
    size_t column = name_column(facts.properties) + 2;
    buf_add_text(out->buf, "\nProperties (* required)\n");
    for (size_t i = 0; i < facts.properties.len; i++)
        add_property_row(out, schema_property_at(facts.properties, i), column);
}

static void add_attributes(Describer *out)
{
    SchemaAttributes attributes = schema_type_attributes(out->type);
    size_t widest = 0;
    for (size_t i = 0; i < attributes.len; i++) {
        size_t len = schema_attribute_at(attributes, i).name.len;
        widest = len > widest && len <= NAME_COLUMN_MAX ? len : widest;
    }
    if (attributes.len)
        buf_add_text(out->buf, "\nAttributes (Fn::GetAtt)\n");
    for (size_t i = 0; i < attributes.len; i++) {
        SchemaAttribute attribute = schema_attribute_at(attributes, i);
        buf_add_text(out->buf, "  ");
        add_styled(out, "1", attribute.name);
        buf_add_repeat(
            out->buf, ' ', attribute.name.len < widest ? widest - attribute.name.len + 2 : 2);
        add_types(out->buf, attribute.types);
        if (attribute.item_types) {
            buf_add_text(out->buf, " of ");
            add_types(out->buf, attribute.item_types);
        }
        buf_add_char(out->buf, '\n');
    }
}

// ---- conditions in words ----

static void add_dependencies(
    Describer *out, const char *label, SchemaDependencies list, const char *between)
{
    for (size_t i = 0; i < list.len; i++) {
        SchemaDependency dependency = schema_dependency_at(list, i);
        buf_clear(&out->line);
        if (dependency.name.len) {
            buf_add(&out->line, dependency.name);
            buf_add_text(&out->line, between);
        }
        for (size_t j = 0; j < dependency.others.len; j++) {
            buf_add_text(&out->line, j ? ", " : "");
            buf_add(&out->line, schema_text_at(dependency.others, j));
        }
        add_line(out, label, buf_str(&out->line));
    }
}

static void add_branch_requirements(Buf *buf, SchemaNode branch)
{
    SchemaFacts facts = schema_node_facts(branch);
    for (size_t i = 0; i < facts.required.len; i++) {
        buf_add_text(buf, i ? " and " : "");
        buf_add(buf, schema_text_at(facts.required, i));
    }
    if (facts.required.len)
        return;
    if (facts.format.len)
        buf_add(buf, facts.format);
    else
        add_types(buf, facts.types);
}

static void add_branches(Describer *out, const char *label, SchemaNodes branches)
{
    buf_clear(&out->line);
    for (size_t i = 0; i < branches.len; i++) {
        buf_add_text(&out->line, i ? " | " : "");
        add_branch_requirements(&out->line, schema_node_at(branches, i));
    }
    add_line(out, label, buf_str(&out->line));
}

static void add_combinations(Describer *out, const SchemaFacts *facts)
{
    add_branches(out, "One of", facts->one_of);
    add_branches(out, "Any of", facts->any_of);
    add_dependencies(out, "Together", facts->dependent_required, " with ");
    add_dependencies(out, "Not both", facts->dependent_excluded, " with ");
    add_dependencies(out, "Exactly 1", facts->required_xor, "");
    add_dependencies(out, "At least 1", facts->required_or, "");
    size_t unsaid = 0;
    for (size_t i = 0; i < facts->conditions.len; i++) {
        buf_clear(&out->line);
        if (schema_rule_text(&out->line, schema_condition_at(facts->conditions, i)))
            add_line(out, "Rule", buf_str(&out->line));
        else
            unsaid++;
    }
    buf_clear(&out->line);
    if (unsaid)
        buf_add_format(&out->line, "%zu more that tie properties together are checked", unsaid);
    add_line(out, "Rules", buf_str(&out->line));
}

// ---- one node ----

static void add_limits(Describer *out, const SchemaFacts *facts)
{
    buf_clear(&out->line);
    add_values(&out->line, facts->values, SIZE_MAX);
    if (facts->values_grow)
        buf_add_text(&out->line, " (AWS extends this list; others are a warning)");
    if (facts->values.len)
        add_line(out, "Values", buf_str(&out->line));
    buf_clear(&out->line);
    add_values(&out->line, facts->refused, SIZE_MAX);
    add_line(out, "Not", buf_str(&out->line));
    if (facts->has_constant)
        add_line(out, "Always", facts->constant.text);
    buf_clear(&out->line);
    add_range(&out->line, facts);
    add_line(out, "Range", buf_str(&out->line));
    buf_clear(&out->line);
    if (facts->min_length.present || facts->max_length.present)
        add_counts(&out->line, facts->min_length, facts->max_length, "character");
    add_line(out, "Length", buf_str(&out->line));
    add_line(out, "Pattern", facts->pattern);
    add_line(out, "Format", facts->format);
    buf_clear(&out->line);
    if (facts->min_items.present || facts->max_items.present)
        add_counts(&out->line, facts->min_items, facts->max_items, "item");
    if (facts->unique_items)
        buf_add_text(&out->line, out->line.len ? ", no two equal" : "no two equal");
    add_line(out, "Items", buf_str(&out->line));
    buf_clear(&out->line);
    if (facts->min_properties.present || facts->max_properties.present)
        add_counts(&out->line, facts->min_properties, facts->max_properties, "key");
    add_line(out, "Size", buf_str(&out->line));
}

// Through lists and maps to the object whose properties are worth a table.
static SchemaNode inner_node(SchemaNode node, Describer *out)
{
    for (int depth = 0; depth < 4; depth++) {
        SchemaFacts facts = schema_node_facts(node);
        SchemaNode inner = schema_node_exists(facts.items) ? facts.items : facts.additional;
        if (!schema_node_exists(inner) && facts.pattern_properties.len)
            inner = schema_pattern_rule_at(facts.pattern_properties, 0).node;
        if (facts.properties.len || !schema_node_exists(inner))
            break;
        node = inner;
        out->path = str_format(out->arena, "%.*s.*", STR_FMT(out->path));
    }
    return node;
}

static void describe_property(Describer *out, SchemaProperty property)
{
    SchemaFacts facts = schema_node_facts(property.node);
    buf_clear(&out->line);
    add_node_type(&out->line, property.node, 0);
    add_line(out, "Type", buf_str(&out->line));
    bool read_only = schema_path_listed(out->type, SCHEMA_READ_ONLY, out->path);
    add_line(out, "Required", property.required && !read_only ? STR("yes") : STR("no"));
    add_limits(out, &facts);
    SchemaFacts items = schema_node_facts(facts.items);
    if (schema_node_exists(facts.items) && !items.properties.len) {
        buf_add_text(out->buf, "  Each item\n");
        add_limits(out, &items);
    }
    add_combinations(out, &facts);
    if (read_only)
        add_line(out, "Read-only", STR("AWS sets it; it cannot be stated"));
    else
        add_line(out, "Update", str_of(update_text(schema_update_at(out->type, out->path))));
    if (schema_path_listed(out->type, SCHEMA_WRITE_ONLY, out->path))
        add_line(out, "Write-only", STR("AWS never gives it back, so drift is not seen"));
    if (schema_path_listed(out->type, SCHEMA_DEPRECATED, out->path))
        add_line(out, "Deprecated", STR("AWS advises against it"));
    SchemaNode inner = inner_node(property.node, out);
    facts = schema_node_facts(inner);
    if (!schema_node_same(inner, property.node))
        add_combinations(out, &facts);
    add_properties(out, inner);
}

// ---- one type ----

static void add_ref(Describer *out)
{
    SchemaRef ref = schema_type_ref(out->type);
    if (ref.kind == SCHEMA_REF_UNKNOWN)
        add_line(out, "Ref", STR("not stated by AWS"));
    else if (ref.property.len)
        add_line(out, "Ref", ref.property);
    else
        add_texts_line(out, "Ref", schema_type_paths(out->type, SCHEMA_PRIMARY_IDENTIFIER), "|");
}

static void add_tags(Describer *out)
{
    SchemaTags tags = schema_type_tags(out->type);
    buf_clear(&out->line);
    if (tags.kind == SCHEMA_TAGS_MAP)
        buf_add_format(&out->line, "%.*s, a map of names to values", STR_FMT(tags.property));
    else if (tags.kind != SCHEMA_TAGS_NONE)
        buf_add_format(&out->line, "%.*s, a list of {%.*s, %.*s%s}", STR_FMT(tags.property),
            STR_FMT(tags.key_name), STR_FMT(tags.value_name),
            tags.kind == SCHEMA_TAGS_PROPAGATE ? ", PropagateAtLaunch" : "");
    add_line(out, "Tags", buf_str(&out->line));
}

static void add_regions(Describer *out, Schema schema)
{
    SchemaTexts regions = schema_regions(schema);
    size_t missing = 0;
    buf_clear(&out->line);
    for (size_t i = 0; i < regions.len; i++) {
        Str region = schema_text_at(regions, i);
        if (schema_type_in_region(out->type, region) != SCHEMA_REGION_NO)
            continue;
        buf_add_text(&out->line, missing++ ? ", " : "not in ");
        buf_add(&out->line, region);
    }
    add_line(out, "Regions", missing ? buf_str(&out->line) : STR("all that AWS tells about"));
}

static void describe_type(Describer *out, Schema schema)
{
    SchemaFacts facts = schema_node_facts(schema_type_root(out->type));
    add_ref(out);
    add_texts_line(
        out, "Identifier", schema_type_paths(out->type, SCHEMA_PRIMARY_IDENTIFIER), " | ");
    add_line(out, "Named by", schema_type_physical_name(out->type));
    add_tags(out);
    if (schema_type_has(out->type, SCHEMA_TYPE_STATEFUL))
        add_line(out, "Stateful", STR("deleting or replacing it loses data"));
    if (schema_type_has(out->type, SCHEMA_TYPE_CAN_SNAPSHOT))
        add_line(out, "Snapshot", STR("possible as DeletionPolicy"));
    if (schema_type_has(out->type, SCHEMA_TYPE_DELETES_FIRST))
        add_line(out, "Replaced", STR("the old one is deleted before the new one is made"));
    add_line(out, "Note", schema_type_note(out->type));
    add_regions(out, schema);
    add_combinations(out, &facts);
    buf_clear(&out->line);
    schema_type_page(out->type, &out->line);
    add_line(out, "Page", buf_str(&out->line));
    add_properties(out, schema_type_root(out->type));
    add_attributes(out);
}

static void add_head(Describer *out)
{
    add_styled(out, "1", schema_type_name(out->type));
    if (out->path.len) {
        buf_add_char(out->buf, ' ');
        add_styled(out, "1", out->path);
    }
    buf_add_char(out->buf, '\n');
    Str text =
        schema_documentation(out->options->documentation, schema_type_name(out->type), out->path);
    if (text.len) {
        add_wrapped(out, text, 0, 0);
        buf_add_char(out->buf, '\n');
    }
    buf_add_char(out->buf, '\n');
}

static void add_nearest(Describer *out, const Str *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_add_text(out->buf, i ? (i + 1 == count ? " or " : ", ") : "did you mean ");
        buf_add_format(out->buf, "'%.*s'", STR_FMT(names[i]));
    }
    if (count)
        buf_add_text(out->buf, "?\n");
}

static SchemaDescribed describe_found(Describer *out, Schema schema, Str path)
{
    Str near[3];
    SchemaProperty property = {0};
    size_t count = 0;
    if (!schema_walk_path(out, path, &property, near, &count)) {
        add_nearest(out, near, count);
        return SCHEMA_NO_SUCH_PATH;
    }
    add_head(out);
    if (out->path.len)
        describe_property(out, property);
    else
        describe_type(out, schema);
    return SCHEMA_DESCRIBED;
}

SchemaDescribed schema_describe(
    Buf *buf, Schema schema, Str type, Str path, const SchemaDescribe *options)
{
    Str near[3];
    Describer out = {.buf = buf, .options = options, .type = schema_find_type(schema, type)};
    if (!schema_type_exists(out.type)) {
        add_nearest(&out, near, schema_nearest_types(schema, type, near, 3));
        return SCHEMA_NO_SUCH_TYPE;
    }
    out.arena = arena_new();
    buf_init(&out.line, 0);
    SchemaDescribed result = describe_found(&out, schema, path);
    buf_release(&out.line);
    arena_free(out.arena);
    return result;
}
