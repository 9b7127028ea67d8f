// The database of resource types: what AWS wants in every property of every type.
//
// It is built into the program as constant bytes of nothing but offsets: opening costs no time,
// looking up allocates nothing, and all handles are small values that live as long as the bytes
// (for the built-in database: for ever). Texts handed out are NUL-terminated and live there too.
//
//     SchemaType type = schema_find_type(schema_builtin(), STR("AWS::S3::Bucket"));
//     if (!schema_type_exists(type)) …
//     SchemaProperty property;
//     if (schema_find_property(schema_type_root(type), STR("BucketName"), &property)) {
//         SchemaFacts facts = schema_node_facts(property.node);
//         if (facts.max_length.present) …
//     }
//
// Nodes may be cyclic (a statement holds statements): walk them along a value, never alone.
#ifndef ALTC_SCHEMA_SCHEMA_H
#define ALTC_SCHEMA_SCHEMA_H

#include "compiler/base/buf.h"
#include "compiler/base/str.h"

// ---- the database ----

typedef struct Schema {
    const unsigned char *bytes;
    size_t size;
} Schema;

// The one that was built into the program.
Schema schema_builtin(void);
// Another one. False when the bytes are no database of this version; they must be aligned to 8
// and outlive all handles. The content is trusted: specc has checked it.
bool schema_open(const void *bytes, size_t size, Schema *schema);

typedef struct SchemaType {
    const unsigned char *base; // NULL: no such type
    uint32_t at;
} SchemaType;

size_t schema_type_count(Schema schema);
// In byte order of the names.
SchemaType schema_type_at(Schema schema, size_t index);
// By exact name, which is case-sensitive as in CloudFormation.
SchemaType schema_find_type(Schema schema, Str name);
bool schema_type_exists(SchemaType type);
// The names nearest to `name`, best first, at most `max`; gives how many. Candidates for
// diag_did_you_mean: case, a wrong service and small typing mistakes are seen through.
size_t schema_nearest_types(Schema schema, Str name, Str *names, size_t max);
// Types that have no schema by nature and are checked loosely: custom resources, modules, SAM
// types, those of other vendors, and Alt's own.
bool schema_is_open_name(Str name);

// ---- lists ----

typedef struct SchemaTexts {
    const unsigned char *base;
    uint32_t at;
    uint32_t len;
} SchemaTexts;

Str schema_text_at(SchemaTexts texts, size_t index);
bool schema_texts_contain(SchemaTexts texts, Str text);

// What JSON calls a type. A node may allow several; 0 means any.
enum {
    SCHEMA_STRING = 1,
    SCHEMA_INTEGER = 2,
    SCHEMA_NUMBER = 4,
    SCHEMA_BOOLEAN = 8,
    SCHEMA_OBJECT = 16,
    SCHEMA_LIST = 32,
    SCHEMA_NULL = 64
};
#define SCHEMA_SCALARS (SCHEMA_STRING | SCHEMA_INTEGER | SCHEMA_NUMBER | SCHEMA_BOOLEAN)

// A value of an enum or const: what it is and how it is written. CloudFormation coerces scalars,
// so compare by `text` ("80" stands for 80, "true" for true).
typedef struct SchemaLiteral {
    unsigned type; // one of SCHEMA_STRING, INTEGER, NUMBER, BOOLEAN, NULL
    Str text;
} SchemaLiteral;

typedef struct SchemaLiterals {
    const unsigned char *base;
    uint32_t at;
    uint32_t len;
} SchemaLiterals;

SchemaLiteral schema_literal_at(SchemaLiterals literals, size_t index);
// By text.
bool schema_literals_contain(SchemaLiterals literals, Str text, bool ignore_case);

// ---- nodes ----

typedef struct SchemaNode {
    const unsigned char *base; // NULL: there is none
    uint32_t at;
} SchemaNode;

bool schema_node_exists(SchemaNode node);
// The same node of the database: equal nodes are shared, so this also tells equal constraints.
bool schema_node_same(SchemaNode a, SchemaNode b);

typedef struct SchemaNodes {
    const unsigned char *base;
    uint32_t at;
    uint32_t len;
} SchemaNodes;

SchemaNode schema_node_at(SchemaNodes nodes, size_t index);

// What changing a property does to the deployed resource. Unknown is not "in place".
typedef enum SchemaUpdate {
    SCHEMA_UPDATE_UNKNOWN,
    SCHEMA_UPDATE_IN_PLACE,
    SCHEMA_UPDATE_MAY_REPLACE,
    SCHEMA_UPDATE_REPLACES
} SchemaUpdate;

typedef struct SchemaProperty {
    Str name;
    SchemaNode node;
    bool required; // by the object it stands in
    bool deprecated;
    SchemaUpdate update; // as said of this property itself; schema_update_at knows more
} SchemaProperty;

// The properties of an object, in byte order of their names.
typedef struct SchemaProperties {
    const unsigned char *base;
    uint32_t at;
    uint32_t len;
} SchemaProperties;

SchemaProperty schema_property_at(SchemaProperties properties, size_t index);
// Among the node's own properties (not those of oneOf and its like). False: none of that name.
bool schema_find_property(SchemaNode node, Str name, SchemaProperty *property);

// For keys that match `pattern` (see SchemaFacts.pattern for its dialect).
typedef struct SchemaPatternRule {
    Str pattern;
    bool pattern_usable; // false: skip the rule, PCRE2 does not take the pattern
    SchemaNode node;
} SchemaPatternRule;

typedef struct SchemaPatternRules {
    const unsigned char *base;
    uint32_t at;
    uint32_t len;
} SchemaPatternRules;

SchemaPatternRule schema_pattern_rule_at(SchemaPatternRules rules, size_t index);

// if / then / else; `then_node` and `else_node` may not exist.
typedef struct SchemaCondition {
    SchemaNode if_node;
    SchemaNode then_node;
    SchemaNode else_node;
} SchemaCondition;

typedef struct SchemaConditions {
    const unsigned char *base;
    uint32_t at;
    uint32_t len;
} SchemaConditions;

SchemaCondition schema_condition_at(SchemaConditions conditions, size_t index);

// "When `name` is there": `others` must all be there (dependent_required) or must none be there
// (dependent_excluded). For the sets required_xor and required_or `name` is empty.
typedef struct SchemaDependency {
    Str name;
    SchemaTexts others;
} SchemaDependency;

typedef struct SchemaDependencies {
    const unsigned char *base;
    uint32_t at;
    uint32_t len;
} SchemaDependencies;

SchemaDependency schema_dependency_at(SchemaDependencies dependencies, size_t index);

typedef struct SchemaCount {
    bool present;
    uint32_t value;
} SchemaCount;

typedef struct SchemaNumber {
    bool present;
    double value;
    Str text; // as AWS writes it, for messages
} SchemaNumber;

// All that a node says. An empty list, an absent count, an empty Str: nothing is said.
// Scalars are coerced by CloudFormation: "1024" is fine where an integer is wanted, 1 or true
// where a string is.
typedef struct SchemaFacts {
    unsigned types; // SCHEMA_… or 0 for any

    // scalars
    SchemaLiterals values;  // enum
    bool ignore_case;       // of `values`
    bool values_grow;       // AWS extends the list all the time (engine versions, instance
                            // types, runtimes): another value deserves no more than a warning
    SchemaLiterals refused; // values that may not be used
    bool has_constant;
    SchemaLiteral constant;
    // An unanchored search in the dialect of ECMA-262; for PCRE2: UTF and ALT_BSUX.
    Str pattern;
    bool pattern_usable;    // false: PCRE2 does not take it; do not check
    SchemaCount min_length; // in characters, not bytes
    SchemaCount max_length;
    SchemaNumber minimum;
    SchemaNumber maximum;
    SchemaNumber exclusive_minimum;
    SchemaNumber exclusive_maximum;
    SchemaNumber multiple_of;
    // "date-time", "uri", … or what the text names, as "AWS::EC2::Subnet.Id"
    Str format;

    // lists
    SchemaNode items;
    SchemaCount min_items;
    SchemaCount max_items;
    bool unique_items;

    // objects
    SchemaProperties properties;
    SchemaTexts required; // may name properties that only a branch declares
    SchemaPatternRules pattern_properties;
    bool closed;           // no other properties than those of the two lists above
    SchemaNode additional; // what other properties must be
    SchemaCount min_properties;
    SchemaCount max_properties;
    SchemaDependencies dependent_required;
    SchemaDependencies dependent_excluded;
    SchemaDependencies required_xor; // exactly one of each set
    SchemaDependencies required_or;  // at least one of each set
    SchemaTexts absent;              // none of these may be there (mostly inside an if)

    // combinations
    SchemaNodes one_of;
    SchemaNodes any_of;
    SchemaNodes all_of;
    SchemaNode not_node;
    SchemaConditions conditions; // each holds on its own
} SchemaFacts;

// Cheap (no more than reading the record); call it anew rather than keeping the result.
SchemaFacts schema_node_facts(SchemaNode node);

// ---- types ----

Str schema_type_name(SchemaType type);
// The object that `Properties` must be. Holds `required` and the conditions across properties.
SchemaNode schema_type_root(SchemaType type);

// Paths are dotted, `*` stands for the items of a list or the values of a map:
// "BlockDeviceMappings.*.NoDevice". A path covers all that is below it.
typedef enum SchemaPaths {
    SCHEMA_PRIMARY_IDENTIFIER,
    SCHEMA_READ_ONLY,
    SCHEMA_CREATE_ONLY,
    SCHEMA_CONDITIONAL_CREATE_ONLY,
    SCHEMA_WRITE_ONLY,
    SCHEMA_DEPRECATED,
    SCHEMA_PATHS_COUNT
} SchemaPaths;

SchemaTexts schema_type_paths(SchemaType type, SchemaPaths kind);
// `path` or something it is part of is listed. `path` has `*` for every index.
bool schema_path_listed(SchemaType type, SchemaPaths kind, Str path);
// The same, but only `path` itself.
bool schema_path_is(SchemaType type, SchemaPaths kind, Str path);
// What changing the value at `path` does: all sources together, the most severe wins.
SchemaUpdate schema_update_at(SchemaType type, Str path);
// The node at a dotted path below the root (`*` for items). Branches of oneOf, anyOf and allOf
// are searched too. Not existing when there is none.
SchemaNode schema_node_at_path(SchemaType type, Str path);

typedef enum SchemaTypeFlag {
    SCHEMA_TYPE_STATEFUL = 1,      // holds data that deleting would lose
    SCHEMA_TYPE_DEPRECATED = 2,    // AWS discourages or has ended it; see schema_type_note
    SCHEMA_TYPE_NOT_CREATABLE = 4, // registered, but cannot be made from a template
    SCHEMA_TYPE_CAN_SNAPSHOT = 8,  // DeletionPolicy: Snapshot is allowed
    SCHEMA_TYPE_DELETES_FIRST = 16 // a replacement deletes the old one before making the new one
} SchemaTypeFlag;

bool schema_type_has(SchemaType type, SchemaTypeFlag flag);
// Why it is deprecated or cannot be created; may be empty.
Str schema_type_note(SchemaType type);
// A create-only property that gives the resource its name, so that a replacement would collide
// with the old resource; empty when there is none.
Str schema_type_physical_name(SchemaType type);

typedef enum SchemaTagKind {
    SCHEMA_TAGS_NONE,
    SCHEMA_TAGS_LIST,     // [{Key, Value}]
    SCHEMA_TAGS_MAP,      // {key: value}
    SCHEMA_TAGS_PROPAGATE // [{Key, Value, PropagateAtLaunch}], the last one required
} SchemaTagKind;

typedef struct SchemaTags {
    SchemaTagKind kind;
    Str property;   // mostly "Tags"
    Str key_name;   // of the lists: "Key", rarely "TagKey"
    Str value_name; // "Value" or "TagValue"
} SchemaTags;

SchemaTags schema_type_tags(SchemaType type);

typedef enum SchemaRefKind {
    SCHEMA_REF_UNKNOWN,
    SCHEMA_REF_IDENTIFIER, // the primary identifier; several parts are joined with '|'
    SCHEMA_REF_PROPERTY    // the value of `property`, a property or an attribute
} SchemaRefKind;

typedef struct SchemaRef {
    SchemaRefKind kind;
    Str property;    // SCHEMA_REF_PROPERTY, and SCHEMA_REF_IDENTIFIER of one part
    SchemaNode node; // of `property`; may not exist. What Ref gives is a string all the same
} SchemaRef;

SchemaRef schema_type_ref(SchemaType type);

typedef struct SchemaAttribute {
    Str name;            // "Arn", "Endpoint.Address"
    unsigned types;      // SCHEMA_… or 0 for unknown
    unsigned item_types; // of lists; 0 for unknown
    SchemaNode node;     // where the type's schema describes it; may not exist
} SchemaAttribute;

typedef struct SchemaAttributes {
    const unsigned char *base;
    uint32_t at;
    uint32_t len;
} SchemaAttributes;

// What Fn::GetAtt gives, in byte order of the names. Types with outputs of their own (nested
// stacks: "Outputs.X") and open types take any; that is the caller's business.
SchemaAttributes schema_type_attributes(SchemaType type);
SchemaAttribute schema_attribute_at(SchemaAttributes attributes, size_t index);
bool schema_find_attribute(SchemaType type, Str name, SchemaAttribute *attribute);

typedef enum SchemaAvailability {
    SCHEMA_REGION_UNKNOWN, // isolated, sovereign and unknown regions
    SCHEMA_REGION_YES,
    SCHEMA_REGION_NO
} SchemaAvailability;

SchemaAvailability schema_type_in_region(SchemaType type, Str region);
// Of any type; regions AWS has published lists for, in byte order.
SchemaTexts schema_regions(Schema schema);

// AWS's page on the type; empty when unknown. Built in `buf`, which is not cleared.
void schema_type_page(SchemaType type, Buf *buf);

// ---- side tables ----

// Days of the life of a Lambda runtime, as "2026-06-30"; empty: not announced.
typedef struct SchemaRuntime {
    Str name;
    Str deprecated;     // no more support from this day
    Str create_blocked; // no new functions from this day
    Str update_blocked; // no changes to functions from this day
    Str successor;
} SchemaRuntime;

// Only runtimes that have, or will have, such a day.
bool schema_find_runtime(Schema schema, Str name, SchemaRuntime *runtime);

// ---- for people ----

typedef enum SchemaDescribed {
    SCHEMA_DESCRIBED,
    SCHEMA_NO_SUCH_TYPE,
    SCHEMA_NO_SUCH_PATH
} SchemaDescribed;

typedef struct SchemaDescribe {
    bool color;        // ANSI escapes for a terminal
    size_t width;      // of the terminal in columns; 0: 100
    Str documentation; // content of the documentation file, or empty: see schema_documentation
} SchemaDescribe;

// What `altc schema TYPE [Property.path]` prints, added to `buf`. When there is no such type or
// path, nothing is added but a line with the nearest names, if any are near.
SchemaDescribed schema_describe(
    Buf *buf, Schema schema, Str type, Str path, const SchemaDescribe *options);
// The first sentence of AWS's documentation on a type (empty path) or property, out of the
// content of the documentation file that is installed beside the program. Empty: none.
Str schema_documentation(Str content, Str type, Str path);

#endif
