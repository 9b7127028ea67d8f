// The compiler of the type database: text form in, constant bytes out. Its parts share what the
// texts say as trees (Node) and as types; definitions are resolved when all files are read.
#ifndef ALTC_SPECC_H
#define ALTC_SPECC_H

#include "compiler/base/map.h"
#include "compiler/base/str.h"
#include "compiler/base/vec.h"
#include "compiler/schema/layout.h"
#include "compiler/schema/schema.h"

typedef struct Node Node;
typedef struct Def Def;
typedef VEC(Str) TextList;
typedef VEC(Node *) NodeList;

typedef struct Property {
    Str name;
    Node *node;
    bool required;
    bool deprecated;
    SchemaUpdate update;
} Property;

typedef struct KeyRule {
    Str pattern;
    bool usable;
    Node *node;
} KeyRule;

typedef struct Condition {
    Node *if_node;
    Node *then_node;
    Node *else_node;
} Condition;

typedef struct Dependency {
    Str name;
    TextList others;
} Dependency;

typedef VEC(Property) PropertyList;
typedef VEC(KeyRule) KeyList;
typedef VEC(Condition) ConditionList;
typedef VEC(Dependency) DependencyList;
typedef VEC(SchemaLiteral) LiteralList;

// Which of its parts a node has is a bit by FIELD_…, as in the bytes.
struct Node {
    Str ref; // not empty: nothing but a definition, which is `def` once resolved
    Def *def;
    uint32_t fields;
    uint32_t types;               // SCHEMA_… and NODE_…
    uint32_t counts[FIELD_COUNT]; // lengths, items, sizes
    Str numbers[FIELD_COUNT];     // ranges
    Str pattern;
    Str format;
    LiteralList values;
    LiteralList refused;
    LiteralList constant;
    PropertyList properties;
    TextList required; // beside those of `properties`
    TextList absent;
    KeyList keys;
    DependencyList dependencies[4]; // FIELD_WITH and those behind it
    NodeList branches[3];           // FIELD_ONE_OF and those behind it
    ConditionList conditions;
    Node *items;
    Node *additional;
    Node *not_node;
    uint32_t packed; // its offset, once packed
};

struct Def {
    Str name;
    Node *node;
    bool cyclic;
    uint32_t visited; // by the search for cycles
};

typedef struct AttributeText {
    Str name;
    unsigned types;
    unsigned item_types;
} AttributeText;

typedef struct Type {
    Str name;
    Map *defs; // of its file
    Node *root;
    unsigned flags;
    Str note;
    Str page;
    Str lifecycle;
    Str lifecycle_date;
    TextList paths[SCHEMA_PATHS_COUNT];
    TextList ref;
    Str tags;
    TextList regions; // those it is missing in, or is only in
    bool only;
    VEC(AttributeText) attributes;
} Type;

typedef struct Runtime {
    Str fields[5]; // name, deprecated, create blocked, update blocked, successor
} Runtime;

typedef struct Database {
    Arena *arena;
    VEC(Type *) types;
    Map types_by_name;
    VEC(Def *) defs;
    TextList regions;
    VEC(Runtime) runtimes;
} Database;

// ---- specc_lex.c ----

typedef enum Token {
    TOKEN_END,
    TOKEN_LINE, // end of a line that said something
    TOKEN_WORD, // bare
    TOKEN_TEXT, // quoted
    TOKEN_PUNCT // one of ( ) { }
} Token;

typedef struct Lexer {
    Arena *arena;
    const char *file;
    Str text;
    size_t pos;
    unsigned line;
    Token token;
    Str value;  // of words and texts; of punctuation its one character
    bool glued; // a word that follows a quoted text without space
} Lexer;

void lexer_start(Lexer *lexer, Arena *arena, const char *file, Str text);
void lexer_next(Lexer *lexer);
// Says what is wrong at the current line, and ends the program with 1.
_Noreturn void lexer_fail(const Lexer *lexer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool lexer_at(const Lexer *lexer, char punct);
bool lexer_take(Lexer *lexer, char punct);
void lexer_expect(Lexer *lexer, char punct);
bool lexer_at_word(const Lexer *lexer, const char *word);
bool lexer_take_word(Lexer *lexer, const char *word);
void lexer_skip_lines(Lexer *lexer);
// A word or quoted text.
Str lexer_text(Lexer *lexer, const char *wanted);
// `(a b c)`, over as many lines as it likes.
void lexer_texts(Lexer *lexer, TextList *list);

// ---- specc_node.c ----

// The terms of a node, up to the end of the line or a closing punctuation.
Node *read_node(Lexer *lexer);
void read_literals(Lexer *lexer, LiteralList *list);
// SCHEMA_… of "string|object"; 0 when it is no type.
unsigned type_words(Str word);

// ---- specc_text.c ----

// One file of spec/resources.
void read_resources(Database *database, const char *file, Str text);
// A statement inside `type { … }`; false when the word begins none.
bool read_type_statement(Database *database, Lexer *lexer, Type *type);

// ---- specc_patch.c ----

// One file of spec/patches; to be called when all types are read.
void read_patches(Database *database, const char *file, Str text);

// ---- specc_resolve.c ----

// Binds references to definitions; finds which are cyclic.
void resolve_type_refs(Database *database, Type *type);
void resolve_all(Database *database);
// The node behind a definition.
Node *node_behind(Node *node);
// The node at a dotted path, NULL when there is none; branches are searched too.
Node *node_at(Node *root, Str path);

// ---- specc_name.c ----

// A create-only property that names the resource, so that a replacement would want a name that
// the old resource still has. Empty: none.
Str physical_name(Arena *arena, const Type *type);

// ---- specc_pack.c ----

typedef struct Bytes {
    unsigned char *ptr;
    size_t len;
    size_t unusable; // patterns that PCRE2 does not take
} Bytes;

Bytes pack_database(Database *database);

#endif
