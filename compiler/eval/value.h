// Values of the language: known data, things of the program, and what is known only when
// deploying. Values never change once made and live in the arena of their stage.
#ifndef ALTC_EVAL_VALUE_H
#define ALTC_EVAL_VALUE_H

#include "compiler/base/vec.h"
#include "compiler/data/datum.h"

typedef struct Value Value;
typedef struct Resource Resource; // eval/entity.h
typedef struct Instance Instance;
typedef struct Domain Domain;
typedef struct Parameter Parameter;
typedef struct Condition Condition;
typedef struct Mapping Mapping;
typedef struct AssetFile AssetFile;

typedef enum ValueKind {
    VALUE_ERROR, // reported; everything made from it stays silent
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_NUMBER,
    VALUE_STRING,
    VALUE_LIST,
    VALUE_MAP,
    // Things of the program.
    VALUE_RESOURCE,
    VALUE_INSTANCE, // of a component
    VALUE_DOMAIN,
    VALUE_ASSET,
    VALUE_MAPPING,   // with no or one key given so far
    VALUE_NAMESPACE, // aws, cfn: only a step of a path
    // Known only when deploying.
    VALUE_DEPLOY,
    VALUE_COUNT
} ValueKind;

typedef enum DeployOp {
    DEPLOY_NONE,
    DEPLOY_REF, // {"Ref": …}: `parameter`, `resource`, or `text` (a pseudo parameter, a raw id)
    DEPLOY_GETATT,      // `resource` or raw `text`, `attribute`
    DEPLOY_SUB,         // args: text parts (VALUE_STRING) and values, in order
    DEPLOY_IF,          // args: condition, yes, no
    DEPLOY_FIND_IN_MAP, // args: map name (VALUE_MAPPING, string or deploy), key, key[, default]
    DEPLOY_FUNCTION,    // {text: args[0]}, `text` being "Fn::Join", "Fn::Transform", …
    // Conditions.
    DEPLOY_CONDITION, // `condition`: a declared one
    DEPLOY_EQUALS,    // args: two
    DEPLOY_NOT,       // args: one
    DEPLOY_AND,       // args: two or more
    DEPLOY_OR,
    DEPLOY_COUNT
} DeployOp;

typedef struct ValueEntry {
    Str key;
    const Origin *origin; // of the key
    Value *value;
    const Suppression *suppressions; // of the entry, or NULL
} ValueEntry;

typedef VEC(Value *) ValueList;
typedef VEC(ValueEntry) ValueEntries;

// A value that is known only when deploying.
typedef struct Deploy {
    DeployOp op;
    bool is_list; // it gives a list of strings
    Str text;
    Str attribute;
    Resource *resource;
    Parameter *parameter;
    Condition *condition;
    ValueList args;
} Deploy;

struct Value {
    ValueKind kind;
    // Memory of value_unknown_part and value_has_error (they found nothing) and of value_equal (the
    // last one found equal), so that what several values share is looked at once.
    bool found_known;
    bool found_sound;
    const Value *found_equal;
    const Origin *origin;
    union {
        bool boolean;
        Str text; // VALUE_NUMBER: its digits; VALUE_STRING; VALUE_NAMESPACE: its name
        ValueList list;
        struct {
            // What is known only when deploying and merges into it is an entry too, under its
            // function's name: "Fn::Transform", "Fn::ForEach::X".
            ValueEntries entries;
            struct Map *index; // key -> position, of a large map; else NULL
        } map;
        Resource *resource;
        Instance *instance;
        Domain *domain;
        AssetFile *asset;
        struct {
            Mapping *mapping;
            Value *key; // or NULL
        } mapping;
        Deploy *deploy;
    };
};

Value *value_error(Arena *arena, const Origin *origin);
Value *value_null(Arena *arena, const Origin *origin);
Value *value_bool(Arena *arena, const Origin *origin, bool b);
// `digits` must be a JSON number literal.
Value *value_number(Arena *arena, const Origin *origin, Str digits);
Value *value_int(Arena *arena, const Origin *origin, int64_t n);
Value *value_string(Arena *arena, const Origin *origin, Str text);
Value *value_list(Arena *arena, const Origin *origin);
Value *value_map(Arena *arena, const Origin *origin);
// {"<function>": argument}, e.g. "Fn::Base64".
Value *value_function(Arena *arena, const Origin *origin, Str function, Value *argument);
Value *value_deploy(Arena *arena, const Origin *origin, DeployOp op);
// A copy of the outermost node with another origin.
Value *value_at(Arena *arena, const Value *value, const Origin *origin);

void value_append(Arena *arena, Value *list, Value *item);
// Adds, or replaces what is there under the key (keeping its place).
void value_put(Arena *arena, Value *map, Str key, const Origin *origin, Value *value);
// NULL when it has no such key.
Value *value_get(const Value *map, Str key);

bool value_is_error(const Value *value);
// Whether it is an error or has one in its parts.
bool value_has_error(const Value *value);
bool value_is_null(const Value *value);
bool value_is_string(const Value *value, const char *text);
// A boolean known only when deploying.
bool value_is_condition(const Value *value);
// Fully known data: no resource, instance or deploy-time value in it. Parts that several values
// share are looked at once.
bool value_is_known(const Value *value);
// The first part that is not known, for messages; NULL when all is.
const Value *value_unknown_part(const Value *value);
// Known scalars as CloudFormation compares them: "1" and 1 are equal, "true" and true. Lists and
// maps by parts. Only for known values.
bool value_equal(const Value *a, const Value *b);
// Does it have more than `count` parts when written out, shared ones counted each time? Lists of
// lists that share their parts can be larger than any memory.
bool value_has_more_parts(const Value *value, size_t count);
// An integer that fits; false for anything else, "12" counts too.
bool value_to_int(const Value *value, int64_t *n);
// A scalar's text as it would stand in a string. STR_NONE for what is no scalar.
Str value_scalar_text(const Value *value);
// What it is, for messages: "a string", "a list", "the resource 'Api'", "a deploy-time value".
Str value_describe(Arena *arena, const Value *value);
// Short, for notes: `"testnet"`, `[3 items]`, `null`; at most about 60 characters.
Str value_show(Arena *arena, const Value *value);
// Data to values, with the places of the data.
Value *value_of_datum(Arena *arena, const Datum *datum);

#endif
