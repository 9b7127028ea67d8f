// Text to tokens, one at a time, without allocating. The parser drives it; formatter and editor may
// use it alone: tokens and the bytes between them, joined, are the text.
#ifndef ALTC_SYNTAX_LEXER_H
#define ALTC_SYNTAX_LEXER_H

#include "compiler/diag/diag.h"
#include "compiler/syntax/token.h"

enum {
    SYNTAX_NESTING_MAX = 200, // levels of brackets, blocks, operators, strings in strings
    SYNTAX_ERRORS_MAX = 100,  // of one file
    // Expressions of one file. A node takes some hundred bytes, its text perhaps two; a file that
    // fills a template has some ten thousand.
    SYNTAX_VALUES_MAX = 4000000
};

// Where lexer and parser report to, with the count that ends the reports of one file.
typedef struct SyntaxErrors {
    DiagSink *sink; // NULL: nothing is reported
    FileId file;
    uint32_t count;
    uint32_t last; // the furthest place reported
    bool too_deep; // NESTED_TOO_DEEP was reported, which is done once
} SyntaxErrors;

// Reports bytes start..end; arguments are Str, ended by DIAG_END. NULL when nothing was reported.
Diag *syntax_report(SyntaxErrors *errors, DiagCode code, uint32_t start, uint32_t end, ...);
// These two take the NULL of syntax_report.
void syntax_note(SyntaxErrors *errors, Diag *diag, uint32_t start, uint32_t end, const char *note);
void syntax_fix(
    SyntaxErrors *errors, Diag *diag, uint32_t start, uint32_t end, Str replacement, bool safe);
void syntax_report_depth(SyntaxErrors *errors, uint32_t start, uint32_t end);

// A string whose `${` is open.
typedef struct StringFrame {
    uint32_t start;    // of its opening quotes
    uint32_t open;     // of the `${`
    uint32_t braces;   // open within the `${`
    uint32_t brackets; // '(' and '[' open within it
    Quote quote;
} StringFrame;

typedef struct Lexer {
    Str text;
    SyntaxErrors *errors;
    uint32_t pos;         // behind the last token; behind NEWLINE at the start of the next one
    uint32_t line_start;  // of the line `pos` is in
    uint32_t line_indent; // column (0-based, bytes) of the first token in the line
    uint32_t doc_start;   // lines of `///` before the last token; both 0 when there are none
    uint32_t doc_end;
    uint32_t last_end; // of the last token
    uint8_t last;      // TokenKind of the last token
    bool line_broken;  // a string of this line does not end, so others are not ended either
    uint32_t frame_count;
    StringFrame frames[SYNTAX_NESTING_MAX];
} Lexer;

// `text` is at most 1 GiB; a byte order mark at its beginning is skipped. The errors may be those
// of a parser, and must outlive the lexer.
void lexer_init(Lexer *lexer, Str text, SyntaxErrors *errors);
// The next token; behind the last one END for ever.
void lexer_next(Lexer *lexer, Token *token);
// The byte the next token begins with, 0 at the end. Reports nothing.
char lexer_peek(const Lexer *lexer);
// Does a declaration begin at `pos`: `resource Name`, `import "…"`, `on dev`? Words that also begin
// other things (`if`, `for`, `require`) do not count.
bool lexer_declares(const Lexer *lexer, uint32_t pos);
// The first byte of the next line that is not blank, and its column; 0 at the end of the text.
char lexer_peek_line(const Lexer *lexer, uint32_t *column);

#endif
