// Types and nodes of the database.
#include "compiler/schema/schema.h"

#include "compiler/schema/read.h"

bool schema_open(const void *bytes, size_t size, Schema *schema)
{
    if (size < HEADER_WORDS * sizeof(uint32_t) ||
        memcmp(bytes, LAYOUT_MAGIC, sizeof LAYOUT_MAGIC - 1) != 0 ||
        read_word(bytes, 0, HEADER_SIZE) != size)
        return false;
    *schema = (Schema){bytes, size};
    return true;
}

size_t schema_type_count(Schema schema)
{
    return read_count(schema.bytes, read_word(schema.bytes, 0, HEADER_TYPES));
}

SchemaType schema_type_at(Schema schema, size_t index)
{
    uint32_t list = read_word(schema.bytes, 0, HEADER_TYPES);
    return (SchemaType){schema.bytes, read_word(schema.bytes, list, (uint32_t)index + 1)};
}

SchemaType schema_find_type(Schema schema, Str name)
{
    size_t low = 0;
    size_t high = schema_type_count(schema);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        SchemaType type = schema_type_at(schema, middle);
        int order = str_compare(name, schema_type_name(type));
        if (order == 0)
            return type;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return (SchemaType){NULL, 0};
}

bool schema_type_exists(SchemaType type)
{
    return type.base != NULL;
}

// Nobody else would call himself `aws`.
static bool is_spelt_like(Str vendor, Str known)
{
    if (vendor.len != known.len)
        return false;
    for (size_t i = 0; i < vendor.len; i++)
        if ((vendor.ptr[i] | 0x20) != (known.ptr[i] | 0x20))
            return false;
    return true;
}

bool schema_is_open_name(Str name)
{
    static const char *const vendors[] = {"AWS", "Alexa"};
    size_t end = str_find(name, STR("::"), 0);
    Str vendor = str_slice(name, 0, end == SIZE_MAX ? name.len : end);
    if (str_ends(name, STR("::MODULE")) || str_is(name, "AWS::CloudFormation::CustomResource") ||
        str_starts(name, STR("AWS::Serverless::")))
        return true;
    for (size_t i = 0; i < sizeof vendors / sizeof *vendors; i++)
        if (is_spelt_like(vendor, str_of(vendors[i])))
            return false;
    // "Custom::X", "Alt::X::Y" and other vendors' "Vendor::Service::Type".
    return end != SIZE_MAX;
}

// ---- lists ----

Str schema_text_at(SchemaTexts texts, size_t index)
{
    return read_text_at(texts.base, texts.at, (uint32_t)index);
}

bool schema_texts_contain(SchemaTexts texts, Str text)
{
    for (size_t i = 0; i < texts.len; i++)
        if (str_equal(schema_text_at(texts, i), text))
            return true;
    return false;
}

SchemaLiteral schema_literal_at(SchemaLiterals literals, size_t index)
{
    uint32_t at = literals.at + (uint32_t)index * 8;
    return (SchemaLiteral){read_word(literals.base, at, 1), read_text_at(literals.base, at, 0)};
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool equal_in_any_case(Str a, Str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

bool schema_literals_contain(SchemaLiterals literals, Str text, bool ignore_case)
{
    for (size_t i = 0; i < literals.len; i++) {
        Str value = schema_literal_at(literals, i).text;
        if (ignore_case ? equal_in_any_case(value, text) : str_equal(value, text))
            return true;
    }
    return false;
}

SchemaNode schema_node_at(SchemaNodes nodes, size_t index)
{
    return (SchemaNode){nodes.base, read_word(nodes.base, nodes.at, (uint32_t)index)};
}

static SchemaNode make_node(const unsigned char *base, uint32_t at)
{
    return (SchemaNode){at ? base : NULL, at};
}

SchemaProperty schema_property_at(SchemaProperties properties, size_t index)
{
    uint32_t at = properties.at + (uint32_t)index * 8;
    uint32_t packed = read_word(properties.base, at, 1);
    return (SchemaProperty){
        .name = read_text_at(properties.base, at, 0),
        // Nodes lie at multiples of 4; the offset was multiplied by 4 to make room for flags.
        .node = make_node(properties.base, packed >> 4 << 2),
        .required = (packed & PROPERTY_REQUIRED) != 0,
        .deprecated = (packed & PROPERTY_DEPRECATED) != 0,
        .update = (SchemaUpdate)(packed >> PROPERTY_UPDATE_SHIFT & 3),
    };
}

SchemaPatternRule schema_pattern_rule_at(SchemaPatternRules rules, size_t index)
{
    uint32_t at = rules.at + (uint32_t)index * 12;
    return (SchemaPatternRule){
        .pattern = read_text_at(rules.base, at, 0),
        .pattern_usable = read_word(rules.base, at, 1) != 0,
        .node = make_node(rules.base, read_word(rules.base, at, 2)),
    };
}

SchemaCondition schema_condition_at(SchemaConditions conditions, size_t index)
{
    uint32_t at = conditions.at + (uint32_t)index * 12;
    return (SchemaCondition){
        .if_node = make_node(conditions.base, read_word(conditions.base, at, 0)),
        .then_node = make_node(conditions.base, read_word(conditions.base, at, 1)),
        .else_node = make_node(conditions.base, read_word(conditions.base, at, 2)),
    };
}

SchemaDependency schema_dependency_at(SchemaDependencies dependencies, size_t index)
{
    uint32_t at = dependencies.at + (uint32_t)index * 8;
    uint32_t others = read_word(dependencies.base, at, 1);
    return (SchemaDependency){
        .name = read_text_at(dependencies.base, at, 0),
        .others = READ_LIST(SchemaTexts, dependencies.base, others),
    };
}

// ---- nodes ----

bool schema_node_exists(SchemaNode node)
{
    return node.base != NULL;
}

bool schema_node_same(SchemaNode a, SchemaNode b)
{
    return a.base == b.base && a.at == b.at;
}

// The words of one node, read in the order of its fields.
typedef struct FieldReader {
    const unsigned char *base;
    uint32_t at;
    uint32_t fields;
    uint32_t index;
} FieldReader;

static FieldReader start_reader(SchemaNode node)
{
    return (FieldReader){node.base, node.at, read_word(node.base, node.at, 0), 1};
}

// 0 when the node has no such field. To be called with rising fields.
static uint32_t next_field(FieldReader *reader, int field)
{
    return reader->fields >> field & 1 ? read_word(reader->base, reader->at, reader->index++) : 0;
}

static SchemaCount next_count(FieldReader *reader, int field)
{
    bool present = reader->fields >> field & 1;
    return (SchemaCount){present, next_field(reader, field)};
}

static SchemaNumber next_number(FieldReader *reader, int field)
{
    uint32_t at = next_field(reader, field);
    SchemaNumber number = {.present = at != 0};
    if (!at)
        return number;
    uint64_t bits = read_word(reader->base, at, 1) | (uint64_t)read_word(reader->base, at, 2) << 32;
    memcpy(&number.value, &bits, sizeof bits);
    number.text = read_text_at(reader->base, at, 0);
    return number;
}

static Str next_text(FieldReader *reader, int field)
{
    uint32_t number = next_field(reader, field);
    return number ? read_text(reader->base, number) : STR_NONE;
}

static SchemaNode next_node(FieldReader *reader, int field)
{
    return make_node(reader->base, next_field(reader, field));
}

static void read_types(SchemaFacts *facts, uint32_t word)
{
    facts->types = word & 0xFF;
    facts->unique_items = (word & NODE_UNIQUE) != 0;
    facts->closed = (word & NODE_CLOSED) != 0;
    facts->values_grow = (word & NODE_GROWS) != 0;
    facts->ignore_case = (word & NODE_IGNORE_CASE) != 0;
    facts->pattern_usable = !(word & NODE_PATTERN_UNUSABLE);
}

static SchemaTexts next_texts(FieldReader *reader, int field)
{
    uint32_t list = next_field(reader, field);
    return READ_LIST(SchemaTexts, reader->base, list);
}

static SchemaLiterals next_literals(FieldReader *reader, int field)
{
    uint32_t list = next_field(reader, field);
    return READ_LIST(SchemaLiterals, reader->base, list);
}

static SchemaDependencies next_dependencies(FieldReader *reader, int field)
{
    uint32_t list = next_field(reader, field);
    return READ_LIST(SchemaDependencies, reader->base, list);
}

static SchemaNodes next_nodes(FieldReader *reader, int field)
{
    uint32_t list = next_field(reader, field);
    return READ_LIST(SchemaNodes, reader->base, list);
}

static void read_number_bounds(FieldReader *reader, SchemaFacts *facts)
{
    facts->minimum = next_number(reader, FIELD_MINIMUM);
    facts->maximum = next_number(reader, FIELD_MAXIMUM);
    facts->exclusive_minimum = next_number(reader, FIELD_EXCLUSIVE_MINIMUM);
    facts->exclusive_maximum = next_number(reader, FIELD_EXCLUSIVE_MAXIMUM);
    facts->multiple_of = next_number(reader, FIELD_MULTIPLE);
}

// Bounds of lists, strings and numbers.
static void read_bounds(FieldReader *reader, SchemaFacts *facts)
{
    facts->min_length = next_count(reader, FIELD_MIN_LENGTH);
    facts->max_length = next_count(reader, FIELD_MAX_LENGTH);
    facts->format = next_text(reader, FIELD_FORMAT);
    facts->items = next_node(reader, FIELD_ITEMS);
    facts->min_items = next_count(reader, FIELD_MIN_ITEMS);
    facts->max_items = next_count(reader, FIELD_MAX_ITEMS);
    if (reader->fields >> FIELD_MINIMUM)
        read_number_bounds(reader, facts);
}

// What few nodes have.
static void read_rest(FieldReader *reader, SchemaFacts *facts)
{
    facts->refused = next_literals(reader, FIELD_REFUSED);
    SchemaLiterals constant = next_literals(reader, FIELD_CONSTANT);
    facts->has_constant = constant.len != 0;
    if (facts->has_constant)
        facts->constant = schema_literal_at(constant, 0);
    uint32_t keys = next_field(reader, FIELD_KEYS);
    facts->pattern_properties = READ_LIST(SchemaPatternRules, reader->base, keys);
    facts->additional = next_node(reader, FIELD_ADDITIONAL);
    facts->min_properties = next_count(reader, FIELD_MIN_SIZE);
    facts->max_properties = next_count(reader, FIELD_MAX_SIZE);
    facts->dependent_required = next_dependencies(reader, FIELD_WITH);
    facts->dependent_excluded = next_dependencies(reader, FIELD_WITHOUT);
    facts->required_xor = next_dependencies(reader, FIELD_EXACTLY_ONE);
    facts->required_or = next_dependencies(reader, FIELD_AT_LEAST_ONE);
    facts->absent = next_texts(reader, FIELD_ABSENT);
    facts->one_of = next_nodes(reader, FIELD_ONE_OF);
    facts->any_of = next_nodes(reader, FIELD_ANY_OF);
    facts->all_of = next_nodes(reader, FIELD_ALL_OF);
    facts->not_node = next_node(reader, FIELD_NOT);
    uint32_t conditions = next_field(reader, FIELD_CONDITIONS);
    facts->conditions = READ_LIST(SchemaConditions, reader->base, conditions);
}

SchemaFacts schema_node_facts(SchemaNode node)
{
    SchemaFacts facts = {0};
    if (!node.base)
        return facts;
    FieldReader reader = start_reader(node);
    read_types(&facts, next_field(&reader, FIELD_TYPES));
    uint32_t properties = next_field(&reader, FIELD_PROPERTIES);
    facts.properties = READ_LIST(SchemaProperties, reader.base, properties);
    facts.required = next_texts(&reader, FIELD_REQUIRED);
    facts.values = next_literals(&reader, FIELD_VALUES);
    facts.pattern = next_text(&reader, FIELD_PATTERN);
    // Most nodes have none of what is further behind.
    if (reader.fields >> FIELD_MIN_LENGTH)
        read_bounds(&reader, &facts);
    if (reader.fields >> FIELD_REFUSED)
        read_rest(&reader, &facts);
    return facts;
}

bool schema_find_property(SchemaNode node, Str name, SchemaProperty *property)
{
    if (!node.base)
        return false;
    FieldReader reader = start_reader(node);
    next_field(&reader, FIELD_TYPES);
    uint32_t list = next_field(&reader, FIELD_PROPERTIES);
    SchemaProperties properties = READ_LIST(SchemaProperties, node.base, list);
    size_t low = 0;
    size_t high = properties.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        *property = schema_property_at(properties, middle);
        int order = str_compare(name, property->name);
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}
