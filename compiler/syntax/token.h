// Tokens: what the lexer cuts a text into.
#ifndef ALTC_SYNTAX_TOKEN_H
#define ALTC_SYNTAX_TOKEN_H

#include "compiler/base/str.h"
#include "compiler/syntax/tree.h"

typedef enum TokenKind {
#define TOKEN(NAME, text, traits, priority, operator) TOK_##NAME,
#include "compiler/syntax/token.def"
#undef TOKEN
    TOK_COUNT
} TokenKind;

enum TokenTrait {
    TOKEN_ENDS = 1,
    TOKEN_VALUE = 2,
    TOKEN_OPENS = 4,
    TOKEN_CLOSES = 8,
    TOKEN_FIXED = 16,
    TOKEN_WORD = 32
};

enum TokenFlag {
    TOKEN_BROKEN = 1,     // reported by the lexer: the parser says nothing more of it
    TOKEN_LINE_FIRST = 2, // the first one of its line
    TOKEN_ESCAPED = 4     // a string, or a piece of one, that is not what it says byte by byte
};

// How a string is quoted.
typedef enum Quote {
    QUOTE_NONE,
    QUOTE_DOUBLE, // "…"
    QUOTE_SINGLE, // '…'
    QUOTE_TEXT,   // """…"""
    QUOTE_RAW     // '''…'''
} Quote;

// Bytes start..end of the text. What lies between two tokens is blanks, line breaks and comments:
// a NEWLINE token has no bytes of its own and stands right behind the token before it.
typedef struct Token {
    uint8_t kind; // TokenKind
    uint8_t flags;
    uint8_t quote; // Quote, of strings and their pieces
    uint32_t start;
    uint32_t end;
} Token;

// Its spelling, or what reports call it.
Str token_text(TokenKind kind);
unsigned token_traits(TokenKind kind);
// Of binary operators: 1 binds least; 0 for every other token.
int token_priority(TokenKind kind);
Operator token_operator(TokenKind kind);
// The closing bracket of an opening one, or TOK_END.
TokenKind token_closer(TokenKind opener);
// Quotes of this kind, as written.
Str quote_text(Quote quote);

// The words a declaration begins with. Only `if` and `for` are reserved.
typedef enum DeclWord {
    WORD_NONE,
#define WORD(NAME, text, behind, top) WORD_##NAME,
#include "compiler/syntax/word.def"
#undef WORD
    WORD_COUNT
} DeclWord;

// What stands behind the word on its line, by which it is told from a name or a key.
typedef enum Behind {
    BEHIND_NONE,
    BEHIND_NAME,
    BEHIND_STRING,
    BEHIND_BRACE,
    BEHIND_STAGE,
    BEHIND_VALUE // anything: such a word does not end what stands open
} Behind;

// WORD_NONE when no declaration begins with it.
DeclWord word_find(Str text);
Str word_text(DeclWord word);
Behind word_behind(DeclWord word);
// It may stand at the top of a file only.
bool word_is_top(DeclWord word);

#endif
