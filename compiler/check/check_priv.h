// What the passes share: an index of the template, the one way to report, and the walk's scope.
#ifndef ALTC_CHECK_CHECK_PRIV_H
#define ALTC_CHECK_CHECK_PRIV_H

#include "compiler/base/map.h"
#include "compiler/base/vec.h"
#include "compiler/check/check.h"

// ---- the template, indexed (index.c) ----

typedef enum ValueKind {
    VALUE_UNKNOWN,
    VALUE_STRING,
    VALUE_NUMBER,
    VALUE_BOOL,
    VALUE_LIST,
    VALUE_OBJECT
} ValueKind;

typedef struct CheckParameter {
    Str name;
    const DatumEntry *entry;
    Str type;
    ValueKind kind; // of what Ref gives
} CheckParameter;

typedef struct CheckResource {
    Str id;
    const DatumEntry *entry;
    const Datum *body; // a map; an empty one when the template holds something else
    Str type;          // empty when it is missing or not a text
    Str condition;     // empty: always made
    SchemaType schema; // does not exist: free-form
    size_t index;      // in Check.resources
} CheckResource;

typedef struct CheckCondition {
    Str name;
    const DatumEntry *entry;
    size_t index;
    struct Formula *formula; // conditions.c, built when first asked for
} CheckCondition;

// A use of one resource by another, or of one condition by another.
typedef struct GraphEdge {
    size_t from;
    size_t to;
    const Origin *origin; // of the reference
    Str how;              // "Ref", "Fn::GetAtt", "DependsOn"
    Str property;         // where it stands ("Role"), may be empty
} GraphEdge;

typedef struct Graph {
    size_t count;
    VEC(GraphEdge) edges;
} Graph;

// The constant parts of an id that Fn::ForEach makes.
typedef struct IdPattern {
    Str prefix;
    Str suffix;
} IdPattern;

typedef struct Check {
    const CheckContext *context;
    Arena *arena;
    const Datum *template_;
    Str region;               // where the stack is deployed; empty when that is not stated
    const Datum *sections[9]; // by Section; NULL when absent or no map
    bool language_extensions;
    bool serverless;   // AWS::Serverless: makes resources, adds sections
    bool custom_macro; // somebody's own: anything may change
    bool includes;     // Fn::Transform in a section: names may come from elsewhere
    Map parameters;    // CheckParameter
    Map resources;     // CheckResource
    Map conditions;    // CheckCondition
    VEC(CheckParameter *) parameter_list;
    VEC(CheckResource *) resource_list; // without those inside Fn::ForEach
    VEC(CheckCondition *) condition_list;
    VEC(IdPattern) patterns;
    Graph resource_graph;
    Graph condition_graph;
    struct Implications *implications; // what condition_implies has found out
    size_t implication_budget;
    size_t dynamic_references;
} Check;

typedef enum Section {
    SECTION_METADATA,
    SECTION_PARAMETERS,
    SECTION_RULES,
    SECTION_MAPPINGS,
    SECTION_CONDITIONS,
    SECTION_TRANSFORM,
    SECTION_RESOURCES,
    SECTION_OUTPUTS,
    SECTION_COUNT
} Section;

CheckResource *check_resource_of(const Check *check, const DatumEntry *entry);
void check_index(Check *check, const CheckContext *context, const Stack *stack);
// True when unknown things are only warned of: something else will still change the template.
bool check_is_lenient(const Check *check);
// True when a name that is not in the template may yet come from Fn::ForEach or a transform.
bool check_may_appear(const Check *check, Str name);
// "Fn::ForEach::Topics"
bool check_is_foreach(Str key);

// ---- reporting (report.c) ----

// Adds the finding at `origin`, with the chain of component instances as notes. NULL when the
// source silences this code there; such findings of limits are not silenced (see report.c).
// Arguments as for diag_add.
Diag *check_report(const Check *check, DiagCode code, const Origin *origin, ...);
// diag_note at an origin, when `diag` is not NULL.
void check_note(const Check *check, Diag *diag, const Origin *origin, Str text);
// diag_did_you_mean at an origin, when `diag` is not NULL.
void check_did_you_mean(const Check *check, Diag *diag, const Origin *origin, Str name,
    const Str *candidates, size_t count);
// The origin of the value, or of its key when the value has none.
const Origin *check_entry_origin(const DatumEntry *entry);
const Origin *check_key_origin(const DatumEntry *entry);
// The value as a message shows it: 'text', 12, "a list", "a map"; long texts are cut.
Str check_show(const Check *check, const Datum *datum);
// "a string", "a list"
Str check_kind_name(DatumKind kind);
// Compact JSON: equal keys, equal values.
Str check_json_key(const Check *check, const Datum *datum);
Str check_number(const Check *check, size_t number);

// ---- values (values.c) ----

// The kind of what an expression gives when deploying: VALUE_UNKNOWN when that cannot be told.
ValueKind check_value_kind(const Check *check, const Datum *datum);
Str check_value_kind_name(ValueKind kind);
// True for {"Ref": "AWS::NoValue"}.
bool check_is_no_value(const Datum *datum);
// The intrinsic's entry when the datum is a call ({"Ref": …}, {"Fn::…": …}), or NULL.
const DatumEntry *check_function(const Datum *datum);
// The attribute of a Fn::GetAtt as "a.b", its resource in *id; STR_NONE unless both are literal.
Str check_get_att(Arena *arena, const Datum *arguments, Str *id);
// What an attribute gives; VALUE_UNKNOWN without a schema.
ValueKind check_attribute_kind(const Check *check, Str id, Str attribute);
bool check_is_list_type(Str parameter_type);
// Calls `visit` for every ${…} of a Fn::Sub text that is not ${!…}. Stops at its false.
typedef bool (*SubVisitor)(void *context, Str name);
bool check_sub_names(Str text, SubVisitor visit, void *context);

// ---- conditions (conditions.c) ----

// A condition known to hold, or not to hold, where the walk stands.
typedef struct Fact {
    Str condition;
    bool holds;
    const struct Fact *outer;
} Fact;

// False only when there are parameter values with which all facts are so and `goal` does not
// hold. What would take too long to find out counts as implied.
bool condition_implies(Check *check, const Fact *facts, Str goal);
// False only when both may hold at once.
bool condition_excludes(Check *check, Str a, Str b);

// ---- the walk (references.c, functions.c) ----

typedef enum Place {
    PLACE_VALUE, // properties, metadata, creation and update policies
    PLACE_OUTPUT,
    PLACE_EXPORT,
    PLACE_CONDITION,
    PLACE_RULE,
    PLACE_MAPPING,
    PLACE_LITERAL, // parameters, DependsOn, Type, descriptions
    PLACE_POLICY   // DeletionPolicy, UpdateReplacePolicy
} Place;

typedef struct LoopVariable {
    Str name;
    const struct LoopVariable *outer;
} LoopVariable;

typedef struct Scope {
    Place place;
    const char *place_name;        // for messages: "a condition", "'DependsOn'"
    const CheckResource *resource; // whose entry is walked, or NULL
    const CheckCondition *condition;
    const Fact *facts;
    const LoopVariable *loops;
    Str property;         // the property of the resource we are in
    bool allows_no_value; // AWS::NoValue may stand here
} Scope;

void check_walk(Check *check, const Scope *scope, const Datum *datum);
void check_call(Check *check, const Scope *scope, const Datum *call, const DatumEntry *entry);
// A name used by Ref or as ${name}.
void check_ref(Check *check, const Scope *scope, Str name, const Origin *origin, Str how);
// The resource that is walked needs `target`.
void check_add_edge(
    Check *check, const Scope *scope, const CheckResource *target, const Origin *origin, Str how);
void check_attribute(Check *check, const Scope *scope, Str id, Str attribute, const Origin *origin);
// A name of a condition.
void check_condition_name(Check *check, const Scope *scope, Str name, const Origin *origin);
// True when it was {"Condition": "Name"} where that is a function, and has been checked.
bool check_named_condition(Check *check, const Scope *scope, const Datum *datum);
void check_sub(Check *check, const Scope *scope, const Datum *arguments, const Origin *origin);
void check_find_in_map(
    Check *check, const Scope *scope, const Datum *arguments, const Origin *origin);
// Findings about a list or map, or an attribute that is no text, inside a text.
void check_text_kind(Check *check, Str subject, ValueKind kind, Str function, const Origin *origin);
void check_text_attribute(Check *check, Str id, Str attribute, Str function, const Origin *origin);
// Digits only, at most nine.
bool check_read_index(Str text, size_t *index);
// A text in a loop that holds the loop's variable.
bool check_is_loop_text(const Scope *scope, Str text);
void check_needs_extensions(Check *check, Str what, const Origin *origin);
// The body of a Fn::ForEach of a section; `visit` is called for each entry that it would make.
typedef void (*EntryVisitor)(Check *check, const Scope *scope, const DatumEntry *entry);
void check_foreach(Check *check, const Scope *scope, const DatumEntry *entry, EntryVisitor visit);
bool check_is_loop_variable(const Scope *scope, Str name);

// ---- the passes ----

// Shapes of all sections; walks every expression and checks every resource's properties.
void check_sections(Check *check);
void check_parameters(Check *check);
// A finding for each entry of `map` that is none of `names`, unless a macro may know it.
void check_entry_names(
    Check *check, const Datum *map, const char *what, const char *const *names, size_t count);
void check_limits(Check *check, const Stack *stack);
// What services say about the size of texts in one resource.
void check_sizes(Check *check, const CheckResource *resource);
void check_cycles(Check *check);
// The shortest cycle of each knot in the graph, as findings of `code`. `names` has a name for
// each of its nodes.
void check_graph(const Check *check, const Graph *graph, const Str *names, DiagCode code);
// Names that two resources or two outputs share.
void check_names(Check *check);
// One resource's properties against the schema of its type.
void check_resource_schema(Check *check, const CheckResource *resource);

#endif
