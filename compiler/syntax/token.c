#include "compiler/syntax/token.h"

#include <string.h>

typedef struct TokenRow {
    Str text;
    unsigned traits;
    int priority;
    Operator operator;
} TokenRow;

enum {
    ENDS = TOKEN_ENDS,
    VALUE = TOKEN_VALUE,
    OPENS = TOKEN_OPENS,
    CLOSES = TOKEN_CLOSES,
    FIXED = TOKEN_FIXED,
    RESERVED = TOKEN_WORD
};

static const TokenRow tokens[TOK_COUNT] = {
#define WORD RESERVED
#define TOKEN(NAME, text, traits, priority, operator)                                              \
    {{text, sizeof text - 1}, traits, priority, OP_##operator},
#include "compiler/syntax/token.def"
#undef TOKEN
#undef WORD
};

Str token_text(TokenKind kind)
{
    return tokens[kind].text;
}

unsigned token_traits(TokenKind kind)
{
    return tokens[kind].traits;
}

int token_priority(TokenKind kind)
{
    return tokens[kind].priority;
}

Operator token_operator(TokenKind kind)
{
    return tokens[kind].operator;
}

TokenKind token_closer(TokenKind opener)
{
    switch (opener) {
    case TOK_LBRACE:
        return TOK_RBRACE;
    case TOK_LPAREN:
        return TOK_RPAREN;
    case TOK_LBRACKET:
        return TOK_RBRACKET;
    default:
        return TOK_END;
    }
}

Str quote_text(Quote quote)
{
    static const Str texts[] = {{"", 0}, {"\"", 1}, {"'", 1}, {"\"\"\"", 3}, {"'''", 3}};
    return texts[quote];
}

typedef struct WordRow {
    Str text;
    Behind behind;
    bool top;
} WordRow;

static const WordRow words[WORD_COUNT] = {
    {{"", 0}, BEHIND_NONE, false},
#define WORD(NAME, text, behind, top) {{text, sizeof text - 1}, BEHIND_##behind, top},
#include "compiler/syntax/word.def"
#undef WORD
};

DeclWord word_find(Str text)
{
    for (int word = WORD_NONE + 1; word < WORD_COUNT; word++)
        if (words[word].text.len == text.len && words[word].text.ptr[0] == text.ptr[0] &&
            !memcmp(words[word].text.ptr, text.ptr, text.len))
            return (DeclWord)word;
    return WORD_NONE;
}

Str word_text(DeclWord word)
{
    return words[word].text;
}

Behind word_behind(DeclWord word)
{
    return words[word].behind;
}

bool word_is_top(DeclWord word)
{
    return words[word].top;
}
