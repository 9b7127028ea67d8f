// What the database says of types: paths, identifiers, tags, attributes, regions.
#include "compiler/schema/read.h"
#include "compiler/schema/schema.h"

static SchemaNode make_node(const unsigned char *base, uint32_t at)
{
    return (SchemaNode){at ? base : NULL, at};
}

Str schema_type_name(SchemaType type)
{
    return read_text_at(type.base, type.at, TYPE_NAME);
}

SchemaNode schema_type_root(SchemaType type)
{
    return make_node(type.base, read_word(type.base, type.at, TYPE_ROOT));
}

// ---- paths ----

SchemaTexts schema_type_paths(SchemaType type, SchemaPaths kind)
{
    uint32_t list = read_word(type.base, type.at, TYPE_PATHS + (uint32_t)kind);
    return READ_LIST(SchemaTexts, type.base, list);
}

// `path` is `outer` or lies below it.
static bool path_within(Str path, Str outer)
{
    return str_starts(path, outer) && (path.len == outer.len || path.ptr[outer.len] == '.');
}

bool schema_path_listed(SchemaType type, SchemaPaths kind, Str path)
{
    SchemaTexts paths = schema_type_paths(type, kind);
    for (size_t i = 0; i < paths.len; i++)
        if (path_within(path, schema_text_at(paths, i)))
            return true;
    return false;
}

bool schema_path_is(SchemaType type, SchemaPaths kind, Str path)
{
    return schema_texts_contain(schema_type_paths(type, kind), path);
}

static SchemaUpdate worse(SchemaUpdate a, SchemaUpdate b)
{
    return a > b ? a : b;
}

// One part of a path below a node; branches are searched when the node itself has none.
static bool step(SchemaNode node, Str part, int depth, SchemaProperty *property)
{
    if (!schema_node_exists(node) || depth > 4)
        return false;
    SchemaFacts facts = schema_node_facts(node);
    *property = (SchemaProperty){0};
    if (str_is(part, "*")) {
        property->node = schema_node_exists(facts.items) ? facts.items : facts.additional;
        if (!schema_node_exists(property->node) && facts.pattern_properties.len)
            property->node = schema_pattern_rule_at(facts.pattern_properties, 0).node;
        if (schema_node_exists(property->node))
            return true;
    } else if (schema_find_property(node, part, property)) {
        return true;
    }
    SchemaNodes branches[] = {facts.one_of, facts.any_of, facts.all_of};
    for (size_t i = 0; i < sizeof branches / sizeof *branches; i++)
        for (size_t j = 0; j < branches[i].len; j++)
            if (step(schema_node_at(branches[i], j), part, depth + 1, property))
                return true;
    return false;
}

// Walks to `path`; `update` gets the most severe of what the properties on the way say.
static SchemaNode walk(SchemaType type, Str path, SchemaUpdate *update)
{
    SchemaNode node = schema_type_root(type);
    SchemaUpdate severe = SCHEMA_UPDATE_UNKNOWN;
    SchemaUpdate last = SCHEMA_UPDATE_UNKNOWN;
    for (size_t start = 0; start <= path.len;) {
        SchemaProperty property;
        size_t end = str_find(path, STR("."), start);
        Str part = str_slice(path, start, end);
        if (!step(node, part, 0, &property))
            return make_node(NULL, 0);
        node = property.node;
        // "In place" of an object says nothing of what is in it.
        if (property.update > SCHEMA_UPDATE_IN_PLACE)
            severe = worse(severe, property.update);
        if (!str_is(part, "*"))
            last = property.update;
        start = end == SIZE_MAX ? SIZE_MAX : end + 1;
    }
    *update = worse(severe, last);
    return node;
}

SchemaNode schema_node_at_path(SchemaType type, Str path)
{
    SchemaUpdate update;
    return path.len ? walk(type, path, &update) : schema_type_root(type);
}

SchemaUpdate schema_update_at(SchemaType type, Str path)
{
    SchemaUpdate update = SCHEMA_UPDATE_UNKNOWN;
    if (schema_path_listed(type, SCHEMA_CREATE_ONLY, path))
        return SCHEMA_UPDATE_REPLACES;
    walk(type, path, &update);
    if (update == SCHEMA_UPDATE_REPLACES)
        return update;
    if (schema_path_listed(type, SCHEMA_CONDITIONAL_CREATE_ONLY, path))
        return SCHEMA_UPDATE_MAY_REPLACE;
    // A part of it may be create-only although the rest of it is not.
    SchemaTexts created = schema_type_paths(type, SCHEMA_CREATE_ONLY);
    for (size_t i = 0; i < created.len; i++)
        if (path_within(schema_text_at(created, i), path))
            return SCHEMA_UPDATE_MAY_REPLACE;
    return update;
}

// ---- facts about the whole type ----

bool schema_type_has(SchemaType type, SchemaTypeFlag flag)
{
    return (read_word(type.base, type.at, TYPE_FLAGS) & flag) != 0;
}

Str schema_type_note(SchemaType type)
{
    return read_text_at(type.base, type.at, TYPE_NOTE);
}

Str schema_type_physical_name(SchemaType type)
{
    return read_text_at(type.base, type.at, TYPE_PHYSICAL_NAME);
}

SchemaTags schema_type_tags(SchemaType type)
{
    return (SchemaTags){
        .kind = (SchemaTagKind)read_word(type.base, type.at, TYPE_TAGS_KIND),
        .property = read_text_at(type.base, type.at, TYPE_TAGS_PROPERTY),
        .key_name = read_text_at(type.base, type.at, TYPE_TAGS_KEY),
        .value_name = read_text_at(type.base, type.at, TYPE_TAGS_VALUE),
    };
}

SchemaRef schema_type_ref(SchemaType type)
{
    return (SchemaRef){
        .kind = (SchemaRefKind)read_word(type.base, type.at, TYPE_REF_KIND),
        .property = read_text_at(type.base, type.at, TYPE_REF_PROPERTY),
        .node = make_node(type.base, read_word(type.base, type.at, TYPE_REF_NODE)),
    };
}

SchemaAttributes schema_type_attributes(SchemaType type)
{
    uint32_t list = read_word(type.base, type.at, TYPE_ATTRIBUTES);
    return READ_LIST(SchemaAttributes, type.base, list);
}

SchemaAttribute schema_attribute_at(SchemaAttributes attributes, size_t index)
{
    uint32_t at = attributes.at + (uint32_t)index * 12;
    uint32_t types = read_word(attributes.base, at, 1);
    return (SchemaAttribute){
        .name = read_text_at(attributes.base, at, 0),
        .types = types & 0xFF,
        .item_types = types >> 8 & 0xFF,
        .node = make_node(attributes.base, read_word(attributes.base, at, 2)),
    };
}

bool schema_find_attribute(SchemaType type, Str name, SchemaAttribute *attribute)
{
    SchemaAttributes attributes = schema_type_attributes(type);
    for (size_t i = 0; i < attributes.len; i++) {
        *attribute = schema_attribute_at(attributes, i);
        if (str_equal(attribute->name, name))
            return true;
    }
    return false;
}

// ---- regions, pages, runtimes ----

SchemaTexts schema_regions(Schema schema)
{
    uint32_t list = read_word(schema.bytes, 0, HEADER_REGIONS);
    return READ_LIST(SchemaTexts, schema.bytes, list);
}

SchemaAvailability schema_type_in_region(SchemaType type, Str region)
{
    uint32_t list = read_word(type.base, 0, HEADER_REGIONS);
    SchemaTexts regions = READ_LIST(SchemaTexts, type.base, list);
    for (uint32_t i = 0; i < regions.len; i++) {
        if (!str_equal(schema_text_at(regions, i), region))
            continue;
        uint32_t bits = read_word(type.base, type.at, TYPE_REGIONS + i / 32);
        return bits >> i % 32 & 1 ? SCHEMA_REGION_YES : SCHEMA_REGION_NO;
    }
    return SCHEMA_REGION_UNKNOWN;
}

static void add_lower(Buf *buf, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        buf_add_char(buf, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
    }
}

void schema_type_page(SchemaType type, Buf *buf)
{
    Str page = read_text_at(type.base, type.at, TYPE_PAGE);
    Str name = schema_type_name(type);
    buf_add_text(buf, "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/");
    if (page.len) {
        buf_add(buf, page);
    } else {
        size_t service = str_find(name, STR("::"), 0) + 2;
        size_t kind = str_find(name, STR("::"), service);
        buf_add_text(buf, "aws-resource-");
        add_lower(buf, str_slice(name, service, kind));
        buf_add_char(buf, '-');
        add_lower(buf, str_slice(name, kind + 2, name.len));
    }
    buf_add_text(buf, ".html");
}

bool schema_find_runtime(Schema schema, Str name, SchemaRuntime *runtime)
{
    uint32_t list = read_word(schema.bytes, 0, HEADER_RUNTIMES);
    uint32_t count = read_count(schema.bytes, list);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = list + 4 + i * 20;
        if (!str_equal(read_text_at(schema.bytes, at, 0), name))
            continue;
        *runtime = (SchemaRuntime){
            .name = read_text_at(schema.bytes, at, 0),
            .deprecated = read_text_at(schema.bytes, at, 1),
            .create_blocked = read_text_at(schema.bytes, at, 2),
            .update_blocked = read_text_at(schema.bytes, at, 3),
            .successor = read_text_at(schema.bytes, at, 4),
        };
        return true;
    }
    return false;
}
