// The syntax tree of one file, as written: names are not resolved, nothing is checked that the
// grammar does not check. Nodes live in the arena of the parse and never change. Each expression
// and declaration has an id, dense within its file, by which later phases keep side tables.
//
// A tree is always whole: where the text is wrong there are EXPR_ERROR and DECL_ERROR nodes (or a
// missing name with an empty text), already reported; later phases stay silent about them.
#ifndef ALTC_SYNTAX_TREE_H
#define ALTC_SYNTAX_TREE_H

#include "compiler/base/vec.h"
#include "compiler/source/source.h"

typedef struct Expr Expr;
typedef struct Item Item;
typedef struct Decl Decl;
typedef struct TypeExpr TypeExpr;

// A word with its place; an empty text was missing.
typedef struct Word {
    Str text;
    Span span;
} Word;

typedef VEC(Word) WordList;
typedef VEC(Expr *) ExprList;
typedef VEC(Item *) ItemList;
typedef VEC(Decl *) DeclList;
typedef VEC(TypeExpr *) TypeExprList;

// ---- expressions ----

typedef enum ExprKind {
    EXPR_ERROR,
    EXPR_NULL,
    EXPR_BOOL,
    EXPR_NUMBER,
    EXPR_STRING,
    EXPR_NAME,
    EXPR_LIST,
    EXPR_MAP,
    EXPR_MATCH,
    EXPR_UNARY,
    EXPR_BINARY,
    EXPR_IS,
    EXPR_CONDITIONAL, // condition ? yes : no
    EXPR_MEMBER,      // object.name
    EXPR_INDEX,       // object[index]
    EXPR_CALL,
    EXPR_COUNT
} ExprKind;

typedef enum Operator {
    OP_NONE,
    OP_NOT,
    OP_NEGATE,
    OP_COALESCE,
    OP_OR,
    OP_AND,
    OP_EQUAL,
    OP_NOT_EQUAL,
    OP_LESS,
    OP_LESS_EQUAL,
    OP_GREATER,
    OP_GREATER_EQUAL,
    OP_IN,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_REMAINDER,
    OP_COUNT
} Operator;

// A piece of a string: text (escapes undone, indentation removed), or an expression.
typedef struct StringPart {
    Str text;
    Expr *expr; // NULL for text
    Span span;
} StringPart;

typedef struct MatchArm {
    // Keys in order: names, strings, numbers, literals as expressions; a GLOB is an EXPR_NAME
    // whose text ends in "-*"; `else` is `is_else` and no key.
    ExprList keys;
    bool is_else;
    Expr *value;
    Span span;
} MatchArm;

struct Expr {
    ExprKind kind;
    uint32_t id;
    Span span;
    union {
        bool boolean;
        Str number; // digits as written
        struct {
            StringPart *items;
            size_t len;
        } string; // no part: ""
        Str name;
        ItemList items; // EXPR_LIST, EXPR_MAP
        struct {
            Expr *subject;
            MatchArm *arms;
            size_t arm_count;
        } match;
        struct {
            Operator op;
            Span op_span;
            Expr *operand;
        } unary;
        struct {
            Operator op;
            Span op_span;
            Expr *left;
            Expr *right;
        } binary;
        struct {
            Expr *operand;
            TypeExpr *type;
        } is;
        struct {
            Expr *condition;
            Expr *yes;
            Expr *no;
        } conditional;
        struct {
            Expr *object;
            Word name;
        } member;
        struct {
            Expr *object;
            Expr *index;
        } index;
        struct {
            Expr *callee;
            ExprList args;
        } call;
    };
};

// `a`, `a.b`, `a[k].c`: an expression of only names, members and indexes.
typedef Expr Path;

// Heads of `for`: `for value in list`, `for key, value in map`, with `if filter`.
typedef struct ForHead {
    Word first;
    Word second; // empty text when there is one variable
    Expr *subject;
    Expr *filter; // or NULL
    Span span;
} ForHead;

typedef struct Annotation {
    Word name; // without '@'
    ExprList args;
    bool has_args; // parentheses were written
    Span span;
} Annotation;

typedef VEC(Annotation) AnnotationList;

// What stands in braces and brackets.
typedef enum ItemKind {
    ITEM_ERROR,
    ITEM_ENTRY,      // key: value
    ITEM_ELEMENT,    // a list's element
    ITEM_SPREAD,     // ...value
    ITEM_FOR,        // for head: item
    ITEM_WITH,       // with path { … } in a body
    ITEM_REQUIRE,    // in settings of a var
    ITEM_ANNOTATION, // an annotation as an entry of its own in a body
    ITEM_COUNT
} ItemKind;

struct Item {
    ItemKind kind;
    uint32_t id;
    Span span;
    AnnotationList annotations;
    Expr *key;     // ITEM_ENTRY: EXPR_NAME or EXPR_STRING
    Expr *value;   // entry, element, spread; ITEM_REQUIRE: what must hold
    ForHead *head; // ITEM_FOR
    Item *inner;   // ITEM_FOR
    Path *path;    // ITEM_WITH
    ItemList body; // ITEM_WITH
    Expr *message; // ITEM_REQUIRE, or NULL
};

// ---- types ----

typedef enum TypeExprKind {
    TYPE_EXPR_ERROR,
    TYPE_EXPR_NAME,   // string, Host, AWS::S3::Bucket, list<T>, a component, a `type`
    TYPE_EXPR_STRING, // "arm64"
    TYPE_EXPR_NUMBER,
    TYPE_EXPR_BOOL,
    TYPE_EXPR_NULL,
    TYPE_EXPR_RECORD,
    TYPE_EXPR_UNION,
    TYPE_EXPR_COUNT
} TypeExprKind;

// `name: type = default`: a record's field, a component's input, a function's parameter.
typedef struct Field {
    Word name;
    TypeExpr *type;
    Expr *fallback; // or NULL
    Str doc;
    Span span;
    uint32_t id;
} Field;

typedef VEC(Field) FieldList;

struct TypeExpr {
    TypeExprKind kind;
    uint32_t id;
    Span span;
    Word name;          // TYPE_EXPR_NAME
    TypeExpr *argument; // of list<T>, map<T>, List<AWS::EC2::Subnet::Id>; or NULL
    Str text;           // TYPE_EXPR_STRING, TYPE_EXPR_NUMBER
    bool boolean;
    FieldList fields;
    TypeExprList members;
};

// ---- declarations ----

typedef enum DeclKind {
    DECL_ERROR,
    DECL_APP,
    DECL_STAGES,
    DECL_TEMPLATE,
    DECL_IMPORT,
    DECL_TYPE,
    DECL_COMPONENT,
    DECL_FN,
    DECL_VAR,
    DECL_PARAM,
    DECL_LET,
    DECL_DOMAIN,
    DECL_RESOURCE,
    DECL_OUTPUT,
    DECL_CONDITION,
    DECL_MAPPING,
    DECL_RULE,
    DECL_REQUIRE,
    DECL_GUARD,
    DECL_TEST,
    DECL_MOVED,
    DECL_ON,
    DECL_STACK,
    DECL_IF,
    DECL_FOR,
    DECL_COUNT
} DeclKind;

// A stage's name or pattern behind `on`, or a key of `stages`.
typedef struct StageEntry {
    Word name; // "dev", "pr-*"
    ItemList items;
    Str doc;
    Span span;
} StageEntry;

typedef enum RuleKind { RULE_ERROR, RULE_REQUIRE, RULE_DENY } RuleKind;

typedef struct GuardRule {
    RuleKind kind;
    Span span;
    Expr *condition;  // RULE_REQUIRE
    Expr *message;    // or NULL
    WordList actions; // RULE_DENY
    // Paths; a resource type is an EXPR_NAME whose text has "::".
    ExprList targets;
} GuardRule;

typedef enum StepKind { STEP_ERROR, STEP_SET, STEP_ASSERT, STEP_REFUSE } StepKind;

typedef struct TestStep {
    StepKind kind;
    Span span;
    Path *path;    // STEP_SET
    Expr *value;   // set, assert, refuse
    Expr *message; // STEP_ASSERT, or NULL
} TestStep;

struct Decl {
    DeclKind kind;
    uint32_t id;
    Span span;
    Str doc;
    AnnotationList annotations;
    Word keyword;
    Word name;        // also the title of a guard or test (undone), the path of an import
    Expr *key;        // Name[key], or NULL
    TypeExpr *type;   // var param let fn output: annotated type; type: what it names
    Expr *value;      // var let fn output condition require if(condition) stack(region); or NULL
    Expr *message;    // require
    FieldList fields; // component fn
    // app template domain mapping rule param output var resource stages: what stands in braces
    ItemList items;
    bool has_body;  // braces were written (resource, output, param, var, import's list)
    WordList names; // import { … }
    // on, and the clause of domain guard test: stage names and patterns, `has_on` when there
    WordList on;
    bool has_on;
    Word resource_type; // resource: AWS type or a component's name
    VEC(StageEntry) stages;
    VEC(GuardRule) rules;
    bool has_allow;
    Word allow; // unless allowed "name"
    VEC(TestStep) steps;
    Path *from; // moved
    Path *to;
    ForHead *head;      // for
    DeclList body;      // component on stack if(then) for
    DeclList otherwise; // else: statements, or a single DECL_IF
    bool has_else;
};

typedef struct SyntaxTree {
    FileId file;
    DeclList decls;
    uint32_t expr_count; // ids of expressions are below
    uint32_t decl_count;
    uint32_t item_count;
    uint32_t type_count;
} SyntaxTree;

#endif
