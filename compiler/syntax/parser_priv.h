// What the parser's files share. One function a grammar rule; every one of them takes the parser
// at the first token of its rule and leaves it behind the last, whatever stands between.
#ifndef ALTC_SYNTAX_PARSER_PRIV_H
#define ALTC_SYNTAX_PARSER_PRIV_H

#include "compiler/syntax/lexer.h"
#include "compiler/syntax/tree.h"

// A bracket that was opened.
typedef struct Opener {
    uint32_t start;
    uint32_t indent;      // where its line begins
    uint32_t outer_start; // of the bracket of its kind around it
    uint32_t outer_indent;
    uint8_t kind; // TokenKind
} Opener;

typedef struct Parser {
    Arena *arena;
    FileId file;
    Str text;
    Lexer lexer;
    SyntaxErrors errors;
    Token tok;
    Token last;        // the token before it
    uint32_t quiet_at; // an error was reported while this token stood; UINT32_MAX: none
    uint32_t depth;    // of recursion
    uint32_t height;   // of the expression parsed last: its longest way down
    // Brackets that stand open, by the kind of what closes them: how many, and the innermost one.
    uint32_t open[TOK_COUNT];
    uint32_t inner_start[TOK_COUNT];
    uint32_t inner_indent[TOK_COUNT];
    uint32_t suspect; // a '{' whose '}' stands further left than its line begins
    bool has_suspect;
    bool layout;      // second attempt: what stands no further right than its opener's line ends it
    bool unbalanced;  // a bracket is not closed, or closes nothing
    bool unknown_run; // the line before began no declaration, and was reported
    AnnotationList carried; // met where a declaration turned out to follow
    uint32_t expr_count;
    uint32_t decl_count;
    uint32_t item_count;
    uint32_t type_count;
} Parser;

// ---- parser.c: tokens and reports ----

void parser_advance(Parser *p);
// Moves over the token if it is of this kind.
bool parser_take(Parser *p, TokenKind kind);
static inline bool parser_at(const Parser *p, TokenKind kind)
{
    return p->tok.kind == kind;
}
// Is it this contextual word?
bool parser_at_word(const Parser *p, const char *word);
Str parser_text(const Parser *p, const Token *token);
// From `start` to the end of the last token.
Span parser_span(const Parser *p, uint32_t start);
Word parser_word(const Parser *p, const Token *token);
// "'x'", "a string", "the end of the file".
Str parser_found(const Parser *p, const Token *token);
// Reports at the token, unless something was reported there already (then NULL).
Diag *parser_report(Parser *p, DiagCode code, uint32_t start, uint32_t end, ...);
// "found …, expected {expected}".
Diag *parser_unexpected(Parser *p, const char *expected);
// The same with a code whose one argument is what was found.
Diag *parser_unexpected_token(Parser *p, DiagCode code);
// Moves over it, or reports that it is missing: "found …, expected {expected}".
bool parser_expect(Parser *p, TokenKind kind, const char *expected);
// ':'; where '=' stands instead that is reported, and taken for it.
bool parser_colon(Parser *p, const char *expected);
// Adds "did you mean" for the word at the token.
void parser_suggest(Parser *p, Diag *diag, const Str *candidates, size_t count);
// Takes a name. Reserved words and strings are taken too, with a report; else the word is empty.
Word parser_name(Parser *p, const char *expected);
// The comment that documents the token, lines joined by '\n'; empty without one.
Str parser_doc(Parser *p);
void parser_note(Parser *p, Diag *diag, uint32_t start, uint32_t end, const char *note);
void parser_fix(Parser *p, Diag *diag, uint32_t start, uint32_t end, Str replacement, bool safe);
// One level deeper; false at the limit, reported: then do not go on, and do not leave.
bool parser_enter(Parser *p);
void parser_leave(Parser *p);
// The file has more values than are read; the next token is its end.
void parser_report_values(Parser *p);

// ---- recover.c ----

// Does a declaration begin at the token (behind a line break: at the next one)?
bool parser_at_declaration(const Parser *p);
Opener parser_open(Parser *p);
// Closes it, or reports that it is not closed.
void parser_close(Parser *p, const Opener *opener);
// To the end of an entry: before ',', a line break, or what closes something that is open.
void parser_skip_entry(Parser *p);
// To the end of a line of a block, over all brackets that are opened within.
void parser_skip_line(Parser *p);

// A bracketed list whose entries are parted by commas and line breaks.
typedef struct Sequence {
    const char *entry; // "an entry", for reports
    bool keyed;        // `name:` begins an entry
    void (*parse)(Parser *p, void *context);
    void *context;
} Sequence;
// At the opening bracket.
void parse_sequence(Parser *p, const Sequence *sequence);
// Declarations, rules or steps: one a line. `opener` NULL: up to the end of the file.
void parse_lines(
    Parser *p, const Opener *opener, void (*parse)(Parser *p, void *context), void *context);
// Is the token '{'? Reports it when it stands on the next line, or is missing.
bool parser_at_body(Parser *p, const char *expected);

// ---- string.c ----

// Undoes escapes and indentation: the text of each part without an expression is the raw slice
// between the quotes and becomes what is meant.
void string_undo(Arena *arena, Quote quote, StringPart *parts, size_t count);

// ---- parse_expr.c ----

Expr *parser_new_expr(Parser *p, ExprKind kind, uint32_t start);
Expr *parse_expr(Parser *p);
// An expression behind ':' or '='; reports that `name` has no value when there is none.
Expr *parse_value(Parser *p, Str name, uint32_t start, uint32_t end);
Expr *parse_string(Parser *p);
// A string without `${`, undone.
Word parse_plain_string(Parser *p, const char *expected);
Path *parse_path(Parser *p);
ForHead *parse_for_head(Parser *p);
// `( a, b )`.
void parse_arguments(Parser *p, ExprList *args);
// `, "message"` behind a condition, or NULL.
Expr *parse_message(Parser *p);

// ---- parse_item.c ----

typedef enum ItemMode { ITEMS_LIST, ITEMS_MAP, ITEMS_BODY, ITEMS_SETTINGS } ItemMode;
// `{ … }` or `[ … ]`, from its opening bracket.
void parse_items(Parser *p, ItemMode mode, ItemList *items);
// Annotations before something, each with an optional line break behind it.
void parse_annotations(Parser *p, AnnotationList *annotations);

// ---- parse_match.c ----

Expr *parse_match(Parser *p);

// ---- parse_type.c ----

// What stands for a type that is missing.
TypeExpr *parser_no_type(Parser *p);
TypeExpr *parse_type(Parser *p);
// `Name` or `Name<T>`, without '|'.
TypeExpr *parse_type_name(Parser *p);
void parse_fields(Parser *p, FieldList *fields);

// ---- parse_decl.c ----

void parse_decl(Parser *p, void *list);
void parse_block(Parser *p, DeclList *list, const char *expected);
// ---- parse_rule.c ----

void parse_stage_names(Parser *p, WordList *names);
void parse_on_clause(Parser *p, Decl *decl);
void parse_stages(Parser *p, Decl *decl);
void parse_guard(Parser *p, Decl *decl);
void parse_test(Parser *p, Decl *decl);

#endif
