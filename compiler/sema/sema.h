// Names to what they mean, once for all stages: scopes, blocks, and a symbol for every name of
// every expression. The tree is not changed; answers are side tables by node id.
#ifndef ALTC_SEMA_SEMA_H
#define ALTC_SEMA_SEMA_H

#include "compiler/base/map.h"
#include "compiler/module/module.h"

typedef struct Scope Scope;
typedef struct Block Block;
typedef struct Symbol Symbol;
typedef struct Builtin Builtin;

typedef enum SymbolKind {
    SYMBOL_NONE,
    SYMBOL_DECL,    // var let fn param domain resource condition mapping: `decl`
    SYMBOL_FIELD,   // a component's input or a function's parameter: `field`
    SYMBOL_LOCAL,   // a loop variable
    SYMBOL_IT,      // `it` in a var's settings and in `with`
    SYMBOL_GIVEN,   // app stage stages aws self cfn, template templates env in tests
    SYMBOL_BUILTIN, // a built-in function: `builtin`
    SYMBOL_COUNT
} SymbolKind;

typedef enum Given {
    GIVEN_NONE,
    GIVEN_APP,
    GIVEN_STAGE,
    GIVEN_STAGES,
    GIVEN_AWS,
    GIVEN_SELF,
    GIVEN_CFN,
    GIVEN_TEMPLATE,
    GIVEN_TEMPLATES,
    GIVEN_TASKS,
    GIVEN_ENV, // only as `set env.NAME`
    GIVEN_COUNT
} Given;

struct Symbol {
    SymbolKind kind;
    Str name;
    Span span;     // of the declaring name
    Scope *scope;  // SYMBOL_DECL, SYMBOL_FIELD: where it lives
    uint32_t slot; // SYMBOL_DECL, SYMBOL_FIELD: dense within its scope, from 0
    const Decl *decl;
    const Field *field;
    Block *block;   // SYMBOL_DECL: the innermost block around it
    bool is_common; // a let or var of a file: its value cannot differ between stages
    // SYMBOL_LOCAL: the declaration's block (`for` among declarations), or the head (in an
    // expression); `is_second` tells `for first, second` apart.
    Block *loop;
    const ForHead *head;
    bool is_second;
    Given given;
    const Builtin *builtin;
};

typedef enum BlockKind {
    BLOCK_ROOT,
    BLOCK_ON,
    BLOCK_THEN, // `if` that holds
    BLOCK_ELSE,
    BLOCK_FOR,
    BLOCK_STACK
} BlockKind;

// What stands in a block, in source order: a declaration of any kind that is no block, or a block
// (an `if` gives one or two).
typedef struct BlockEntry {
    const Decl *decl; // NULL for a block
    Symbol *symbol;   // of the declaration, NULL when it declares no name (output, require, …)
    Block *block;
} BlockEntry;

struct Block {
    BlockKind kind;
    const Decl *decl; // on if for stack; NULL for the root
    Block *parent;    // NULL for the root
    Scope *scope;
    VEC(BlockEntry) entries;
    uint32_t index; // dense within its scope, the root is 0
};

typedef enum ScopeKind { SCOPE_FILE, SCOPE_COMPONENT, SCOPE_FUNCTION } ScopeKind;

struct Scope {
    ScopeKind kind;
    Module *module;
    const Decl *owner;     // component or fn
    Map names;             // Str -> Symbol *, own ones only
    Map imported;          // Str -> Symbol *, of a file
    Map types;             // Str -> const Decl * (type, component), of a file with its imports
    VEC(Symbol *) symbols; // by slot
    uint32_t slot_count;
    uint32_t block_count;
    Block *root; // NULL for a function
    // Outputs are no names inside, but results outside: Str -> const Decl * (the first of a name).
    Map outputs;
    VEC(const Decl *) tests;
};

// What a written type's name means.
typedef enum TypeNameKind {
    TYPE_NAME_NONE,  // not known, reported
    TYPE_NAME_BASIC, // string int number bool any Host Arn Domain list map
    TYPE_NAME_DECL,  // `type`
    TYPE_NAME_COMPONENT,
    TYPE_NAME_RESOURCE, // AWS::…, Custom::…
    TYPE_NAME_PARAMETER // String, List<…>, in `param`
} TypeNameKind;

typedef struct TypeNameInfo {
    TypeNameKind kind;
    const Decl *decl;
    Scope *scope; // of the file that declares it
} TypeNameInfo;

// Answers for one module, by node id.
typedef struct ModuleInfo {
    Scope *scope;
    Symbol **expr_symbols;            // EXPR_NAME: what it means; NULL when unknown (reported) or a
                                      // match key, an entry's key or a guard's resource type
    Scope **decl_scopes;              // component, fn: the scope it opens
    TypeNameInfo *type_names;         // TYPE_EXPR_NAME
    const Decl **resource_components; // by decl id: the component a resource names, else NULL
} ModuleInfo;

typedef struct StageDef {
    Str name;                // normalised; "pr-*" for a pattern; "" for the unnamed stage
    const StageEntry *entry; // NULL for the unnamed stage
    bool is_pattern;
    VEC(Str) aliases; // literal ones, normalised
    Str hatch_of;     // normalised, or empty
    Str retired;      // or empty
} StageDef;

typedef struct Analysis {
    Program *program;
    ModuleInfo *modules;      // by module index
    uint32_t *module_indexes; // by file id: index + 1, 0 for a file that is no module
    size_t file_count;        // file ids are below
    const Decl *app;          // or NULL
    const Decl *template_;    // or NULL
    Module *app_module;
    Module *stages_module; // of `stages`, whose attributes see its names; NULL without
    Module *template_module;
    VEC(StageDef) stages; // at least one
    bool recurs;          // a function, type or component needs itself: no stage can be evaluated
} Analysis;

// Resolves the whole program. Reports: unknown names (nearest one offered), names declared twice
// or hiding others, misplaced declarations, unknown types, wrong numbers of arguments of functions
// and built-ins, `on` that matches no stage, a `match` over a stage's attribute (or over a
// value of a literal union type) that forgets a value, functions and types that recur, unknown
// inputs of a component and required ones left out, unknown annotations, stage names and aliases
// that clash, keys written twice in one map. Never fails.
Analysis *sema_analyse(Arena *arena, Program *program);

// The answers for the module that a node's span lies in; NULL when the file is no module.
const ModuleInfo *analysis_info_at(const Analysis *analysis, Span span);

// Lower case, trimmed, `_` as `-`.
Str stage_normalise(Arena *arena, Str name);
// The stage with this name, alias or pattern; NULL when there is none.
const StageDef *stage_find(const Analysis *analysis, Arena *arena, Str name);
// Does `on a, b-*` (or a clause) name this stage?
bool stage_in(const WordList *on, Str stage);

#endif
