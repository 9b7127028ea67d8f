// What the lexer's files share.
#ifndef ALTC_SYNTAX_LEXER_PRIV_H
#define ALTC_SYNTAX_LEXER_PRIV_H

#include "compiler/syntax/lexer.h"

// The byte at `pos`; 0 at and behind the end.
static inline char lex_at(const Lexer *lexer, size_t pos)
{
    return pos < lexer->text.len ? lexer->text.ptr[pos] : '\0';
}

static inline bool lex_is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

static inline bool lex_is_letter(char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26;
}

// Letters, digits and '_': what a name goes on with.
static inline bool lex_is_word(char c)
{
    return lex_is_letter(c) || lex_is_digit(c) || c == '_';
}

static inline bool lex_is_high(char c)
{
    return (unsigned char)c >= 0x80;
}

static inline bool lex_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static inline Str lex_slice(const Lexer *lexer, uint32_t start, uint32_t end)
{
    return (Str){lexer->text.ptr + start, end - start};
}

// A fix that puts bytes start..end of the text, without `cut` bytes at both ends, into quotes; none
// when they hold what would need an escape.
void syntax_fix_quotes(SyntaxErrors *errors, Diag *diag, Str text, uint32_t start, uint32_t end,
    uint32_t cut, bool safe);

// ---- lex_trivia.c ----

// Moves over blanks, line breaks and comments; true when there was a line break among them (a ';'
// counts as one). `*first_break` is where the first one stands.
bool lex_trivia(Lexer *lexer, uint32_t *first_break);
// A word that goes on, or begins, with letters no name may have, at `pos`; reported. False when
// there are none.
bool lex_foreign_word(Lexer *lexer, Token *token);
// A character that cannot stand where it does, at `pos`, or a run of them. Moves over it.
void lex_stray(Lexer *lexer, Token *token);
// Moves over one character that is not ASCII, in a string or comment, and reports what is wrong
// with it. Gives its code point, 0 when it is none.
uint32_t lex_high(Lexer *lexer);
// "'é' (U+00E9)" or "U+0007", in `space`.
enum { LEX_NAME_SPACE = 32 };
Str lex_character_name(uint32_t code, char space[LEX_NAME_SPACE]);

// ---- lexer.c ----

// Its '}' is missing.
void lex_report_interpolation(Lexer *lexer, const StringFrame *frame);

// ---- lex_string.c ----

// A string that begins at `pos`.
void lex_string(Lexer *lexer, Token *token);
// The text behind the innermost open `${`, from `pos`, where its '}' stood or should have stood:
// its piece begins at `start`.
void lex_string_rest(Lexer *lexer, Token *token, uint32_t start);

#endif
