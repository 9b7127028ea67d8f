// What the files of `sema` share.
#ifndef ALTC_SEMA_SEMA_PRIV_H
#define ALTC_SEMA_SEMA_PRIV_H

#include "compiler/sema/sema.h"

typedef VEC(Str) StrList;

// What a function, type or component uses of its own kind, to find those that recur.
typedef struct Use {
    const Decl *used;
    Span span;
} Use;

typedef struct UseNode {
    VEC(Use) uses;
    int state; // of the search: 0 new, 1 on the path, 2 done
    bool reported;
} UseNode;

// Whether what a declaration makes may differ between stages, and whose making names it.
typedef struct StageUse {
    bool of_stage;
    VEC(struct StageUse *) users;
} StageUse;

// What is known of a module beside its public answers.
typedef struct ModuleState {
    Map own_types;                // Str -> const Decl *, without imports
    VEC(const Decl *) type_decls; // in source order
    Map silenced;                 // names that could not be imported: reported there
    bool incomplete;              // all names of a file that could not be read may be missing
    UseNode *nodes;               // by declaration id
    StageUse *stage_uses;         // by declaration id
    // Of a text that could not be parsed as a whole: where, in order, and its words.
    VEC(uint32_t) errors;
    bool nameless; // a declaration's name is missing, and it may be any
    Map words;     // word -> how often it stands there, as a number
    // Names that can be offered instead of a wrong one, gathered when first needed.
    bool has_candidates;
    StrList values;
    StrList types;
} ModuleState;

// A stage and which of its attributes are there; found by every name it answers to.
typedef struct StageNames {
    Map by_name;    // normalised name or alias -> StageDef *
    Map attributes; // keys of any stage -> the Str
    StrList attribute_list;
    StrList names; // of stages, not aliases
    bool open;     // a stage has attributes that are not written out
    bool declared;
} StageNames;

typedef struct Sema {
    Arena *arena;
    Program *program;
    DiagSink *diags;
    Analysis *analysis;
    ModuleState *states; // by module index
    Map given;           // Str -> Symbol *
    Map builtins;        // Str -> Symbol *, those in use
    StrList builtin_names;
    StrList stage_attributes;
    Map everywhere; // Str -> Symbol * of the first file that declares it
    StageNames stages;
    const Decl *stages_decl;
    size_t suggestions; // made so far; they cost time and are bounded
} Sema;

typedef struct Local {
    Symbol *symbol;
    const struct Local *outer;
} Local;

// Where the walk over expressions is. Copied for what lies inside.
typedef struct Walk {
    Sema *sema;
    Module *module;
    ModuleInfo *info;
    ModuleState *state;
    Scope *file_scope;
    Scope *scope;           // innermost
    const Block *block;     // innermost; NULL in a function
    const WordList *clause; // `on` of the declaration, or NULL
    const Local *locals;
    const Decl *user; // the fn or type the walk is in, for what recurs
    StageUse *maker;  // of the declaration the walk is in
    bool in_test;
} Walk;

// ---- scope.c ----
void scope_collect(Sema *sema, Module *module);
ModuleInfo *sema_info_at(const Sema *sema, Span span);
ModuleState *sema_state_at(const Sema *sema, Span span);
bool sema_is_given(Str name);
// ---- sound.c ----
// Notes what could not be parsed; false when all could.
bool sound_gather(Sema *sema);
// Hands on those findings that do not follow from it.
void sound_report(Sema *sema);
// ---- imports.c ----
void imports_link(Sema *sema, Module *module);
// ---- builtins.c ----
typedef struct Arity {
    size_t min;
    size_t max;
    const char *signature;
} Arity;
// The symbol of a built-in function, or NULL.
Symbol *lookup_builtin(Sema *sema, Str name);
void builtins_gather(Sema *sema);
Arity builtin_arity(const Symbol *symbol);
// ---- lookup.c: names ----
// What the name means at this place; NULL when nothing. Built-in functions are looked up apart.
Symbol *lookup_name(const Walk *walk, Str name);
// A built-in function that looks at what was made: only tests can call it.
bool lookup_is_of_tests(Str name);
// Of types, through imports.
const Decl *lookup_type(const Walk *walk, Str name);
// The component that a resource declaration makes an instance of, or NULL.
const Decl *lookup_component(const Sema *sema, const Decl *resource);
Scope *component_scope(const Sema *sema, const Decl *component);
// Reports a name that means nothing here, unless that is the fault of something reported before.
void report_unknown_name(const Walk *walk, Str name, Span span, bool called);
void report_unknown_type(const Walk *walk, DiagCode code, Word name);
// As diag_did_you_mean, as long as not too many were asked for.
void sema_suggest(Sema *sema, Diag *diag, Span span, Str name, const StrList *candidates);
bool sema_is_silenced(const Walk *walk, Str name);
// "the component 'X'", "the resource 'X'", for messages.
Str symbol_describe(Sema *sema, const Symbol *symbol);
// ---- resolve.c: expressions and items ----
void resolve_expr(const Walk *walk, const Expr *expr);
// A path whose first name need not be known.
void resolve_soft_path(const Walk *walk, const Expr *path);
void resolve_items(const Walk *walk, const ItemList *items);
// Binds the variables of a head; `first` and `second` receive them.
Walk resolve_head(const Walk *walk, const ForHead *head, Block *loop, Local *first, Local *second);
Walk walk_with(const Walk *walk, Local *local, Symbol *symbol);
Symbol *symbol_it(Sema *sema, Span span);
void check_duplicate_keys(const Walk *walk, const ItemList *items);
// ---- declare.c: declarations ----
void resolve_module(Sema *sema, Module *module);
// ---- members.c: paths ----
void resolve_postfix(const Walk *walk, const Expr *expr);
// ---- instance.c: bodies of instances, `with` ----
void check_instance(const Walk *walk, const Decl *resource, const Decl *component);
void resolve_with(const Walk *walk, const Item *item, const Decl *component);
// ---- calls.c ----
// `callee` is what the call's name means, or NULL after a finding.
void sema_check_call(const Walk *walk, const Expr *call, const Symbol *callee);
// ---- types.c ----
void resolve_type(const Walk *walk, const TypeExpr *type, bool of_param);
bool type_is_basic(Str name);
// Warns of the name of a resource type of AWS that does not exist, with the nearest ones.
void sema_check_type_name(const Walk *walk, Str name, Span span);
bool type_takes_null(const Sema *sema, const Scope *scope, const TypeExpr *type);
// The values a type written only of literals allows; false when it is any other type.
typedef struct Choice {
    Str text;
    bool is_null;
} Choice;
typedef VEC(Choice) ChoiceList;
bool type_choices(const Sema *sema, const Scope *scope, const TypeExpr *type, ChoiceList *choices);
// ---- match.c ----
void check_match(const Walk *walk, const Expr *match);
// ---- stages.c ----
void stages_define(Sema *sema);
void check_on(Sema *sema, const WordList *on);
void check_app(Sema *sema);
// The literal value of an entry, NULL when there is no such entry.
const Expr *items_find(const ItemList *items, const char *key);
bool expr_plain_text(const Expr *expr, Str *text);
// ---- annotations.c ----
typedef enum AnnotationPlace {
    PLACE_RESOURCE = 1,
    PLACE_WITH = 2,
    PLACE_OUTPUT = 4,
    PLACE_NAMED = 8, // param, condition, mapping, rule, var: they have a logical id
    PLACE_OTHER = 16,
    PLACE_ENTRY = 32
} AnnotationPlace;
// Resolves the arguments and checks the annotations of one declaration or entry.
void check_annotations(const Walk *walk, const AnnotationList *list, AnnotationPlace place);
AnnotationPlace annotation_place(DeclKind kind);
// ---- common.c ----
// The walk through a declaration in the block of `walk`.
Walk common_walk(const Walk *walk, const Decl *decl);
// The declaration that the walk is in uses another, or names a symbol; NULL is none.
void common_use(const Walk *walk, const Decl *used);
void common_use_name(const Walk *walk, const Symbol *symbol);
// Sets `is_common` of all symbols; every module has been resolved.
void common_settle(Sema *sema);
// ---- recursion.c ----
void use_add(const Walk *walk, const Decl *user, const Decl *used, Span span);
void check_recursion(Sema *sema);

#endif
