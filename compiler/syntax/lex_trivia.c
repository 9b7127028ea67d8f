#include "compiler/syntax/lexer_priv.h"

#include <stdio.h>
#include <string.h>

#include "compiler/base/utf8.h"

// ---- names of characters ----

static bool is_direction_mark(uint32_t code)
{
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

// Looks like a blank, or like nothing, and is none.
static bool is_foreign_blank(uint32_t code)
{
    return code == 0xA0 || code == 0xAD || code == 0x1680 || (code >= 0x2000 && code <= 0x200F) ||
           code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x2060 ||
           code == 0x3000 || code == 0xFEFF || code == 0x85 || code == 0x0B || code == 0x0C;
}

Str lex_character_name(uint32_t code, char space[LEX_NAME_SPACE])
{
    char bytes[UTF8_MAX_BYTES + 1] = {0};
    bool shown = code > ' ' && code != 0x7F && !(code >= 0x80 && code < 0xA0) &&
                 !is_foreign_blank(code) && !is_direction_mark(code);
    if (shown && utf8_encode(code, bytes))
        snprintf(space, LEX_NAME_SPACE, "'%s' (U+%04X)", bytes, (unsigned)code);
    else
        snprintf(space, LEX_NAME_SPACE, "U+%04X", (unsigned)code);
    return str_of(space);
}

// ---- characters that are not ASCII ----

// The code point at `pos` and its length; bytes that are none give 0 and the length of their run.
static uint32_t decode(const Lexer *lexer, size_t *len)
{
    uint32_t code = 0;
    *len = utf8_decode(lexer->text, lexer->pos, &code);
    if (*len)
        return code;
    size_t end = lexer->pos;
    uint32_t ignored;
    while (lex_is_high(lex_at(lexer, end)) && !utf8_decode(lexer->text, end, &ignored))
        end++;
    *len = end - lexer->pos;
    return 0;
}

static void report_bytes(const Lexer *lexer, uint32_t start, uint32_t end)
{
    char text[32];
    snprintf(text, sizeof text, "byte 0x%02X", (unsigned)(unsigned char)lexer->text.ptr[start]);
    Diag *diag = syntax_report(lexer->errors, DIAG_NOT_UTF8, start, end, str_of(text), DIAG_END);
    syntax_note(lexer->errors, diag, 0, 0, "save the file as UTF-8");
}

static void report_direction(const Lexer *lexer, uint32_t code, uint32_t start, uint32_t end)
{
    char space[LEX_NAME_SPACE];
    Diag *diag = syntax_report(
        lexer->errors, DIAG_TEXT_DIRECTION, start, end, lex_character_name(code, space), DIAG_END);
    syntax_note(lexer->errors, diag, 0, 0, "where it is meant, a string writes it '\\u{…}'");
}

uint32_t lex_high(Lexer *lexer)
{
    size_t len;
    uint32_t start = lexer->pos;
    uint32_t code = decode(lexer, &len);
    lexer->pos += (uint32_t)len;
    if (!code)
        report_bytes(lexer, start, lexer->pos);
    else if (is_direction_mark(code))
        report_direction(lexer, code, start, lexer->pos);
    return code;
}

// Moves over it if it is taken for a blank, with a report.
static bool skip_foreign_blank(Lexer *lexer)
{
    size_t len;
    uint32_t start = lexer->pos;
    uint32_t code = decode(lexer, &len);
    if (!is_foreign_blank(code) && !is_direction_mark(code))
        return false;
    lexer->pos += (uint32_t)len;
    if (is_direction_mark(code)) {
        report_direction(lexer, code, start, lexer->pos);
        return true;
    }
    char space[LEX_NAME_SPACE];
    Diag *diag = syntax_report(lexer->errors, DIAG_FOREIGN_BLANK, start, lexer->pos,
        lex_character_name(code, space), DIAG_END);
    bool has_width =
        code != 0xAD && code != 0x2060 && code != 0xFEFF && !(code >= 0x200B && code <= 0x200F);
    syntax_fix(lexer->errors, diag, start, lexer->pos, has_width ? STR(" ") : STR(""), true);
    return true;
}

// ---- comments ----

// Up to the line break, not over it.
static void skip_line(Lexer *lexer)
{
    for (;;) {
        char c = lex_at(lexer, lexer->pos);
        if (c == '\n' || lexer->pos >= lexer->text.len)
            return;
        if (lex_is_high(c))
            lex_high(lexer);
        else
            lexer->pos++;
    }
}

static void skip_comment(Lexer *lexer)
{
    uint32_t start = lexer->pos;
    bool is_doc = lex_at(lexer, start + 2) == '/' && lex_at(lexer, start + 3) != '/';
    skip_line(lexer);
    if (!is_doc)
        return;
    if (!lexer->doc_end)
        lexer->doc_start = start;
    lexer->doc_end = lexer->pos;
}

static void skip_hash_comment(Lexer *lexer)
{
    uint32_t start = lexer->pos;
    skip_line(lexer);
    Diag *diag = syntax_report(lexer->errors, DIAG_HASH_COMMENT, start, start + 1, DIAG_END);
    syntax_fix(lexer->errors, diag, start, start + 1, STR("//"), true);
}

static void add_line(Lexer *lexer, uint32_t line_start)
{
    lexer->line_start = line_start;
    lexer->line_broken = false;
}

static void skip_block_comment(Lexer *lexer)
{
    uint32_t start = lexer->pos;
    lexer->pos += 2;
    for (char c; lexer->pos < lexer->text.len;) {
        c = lexer->text.ptr[lexer->pos];
        if (c == '*' && lex_at(lexer, lexer->pos + 1) == '/') {
            lexer->pos += 2;
            break;
        }
        if (lex_is_high(c)) {
            lex_high(lexer);
            continue;
        }
        lexer->pos++;
        if (c == '\n')
            add_line(lexer, lexer->pos);
    }
    syntax_report(lexer->errors, DIAG_BLOCK_COMMENT, start, start + 2, DIAG_END);
}

// ---- blanks ----

static void skip_semicolon(Lexer *lexer)
{
    uint32_t at = lexer->pos++;
    Diag *diag = syntax_report(lexer->errors, DIAG_SEMICOLON, at, at + 1, DIAG_END);
    uint32_t end = lexer->pos;
    while (lex_at(lexer, end) == ' ' || lex_at(lexer, end) == '\t')
        end++;
    char next = lex_at(lexer, end);
    if (!next || next == '\n' || next == '\r' || (next == '/' && lex_at(lexer, end + 1) == '/'))
        syntax_fix(lexer->errors, diag, at, at + 1, STR(""), true);
    else
        syntax_fix(lexer->errors, diag, at, end, STR("\n"), false);
}

static void skip_carriage_return(Lexer *lexer)
{
    uint32_t at = lexer->pos++;
    if (lex_at(lexer, lexer->pos) == '\n')
        return;
    Diag *diag = syntax_report(lexer->errors, DIAG_LONE_CARRIAGE_RETURN, at, at + 1, DIAG_END);
    syntax_fix(lexer->errors, diag, at, at + 1, STR("\n"), true);
}

// Moves over one comment or odd blank; false when a token begins.
static bool skip_odd(Lexer *lexer, char c)
{
    char next = lex_at(lexer, lexer->pos + 1);
    if (c == '/' && next == '/') {
        skip_comment(lexer);
    } else if (c == '/' && next == '*') {
        skip_block_comment(lexer);
    } else if (c == '#') {
        skip_hash_comment(lexer);
    } else if (!c && lexer->pos < lexer->text.len) {
        syntax_report(lexer->errors, DIAG_ZERO_BYTE, lexer->pos, lexer->pos + 1, DIAG_END);
        // A file of nothing but them is one mistake.
        while (lexer->pos < lexer->text.len && !lexer->text.ptr[lexer->pos])
            lexer->pos++;
    } else if (c == '\v' || c == '\f' || lex_is_high(c)) {
        return skip_foreign_blank(lexer);
    } else {
        return false;
    }
    return true;
}

bool lex_trivia(Lexer *lexer, uint32_t *first_break)
{
    bool has_break = false;
    for (;;) {
        char c = lex_at(lexer, lexer->pos);
        if (c == ' ' || c == '\t') {
            lexer->pos++;
        } else if (c == '\n' || c == ';') {
            if (!has_break)
                *first_break = lexer->pos;
            has_break = true;
            if (c == ';')
                skip_semicolon(lexer);
            else
                add_line(lexer, ++lexer->pos);
        } else if (c == '\r') {
            skip_carriage_return(lexer);
        } else if (lex_is_word(c) || !skip_odd(lexer, c)) {
            return has_break;
        }
    }
}

// ---- what cannot stand anywhere ----

// How long the quote at `pos` is, 0 when there is none. Any quote of the kind closes.
static uint32_t closing_quote(const Lexer *lexer, uint32_t pos, bool is_double)
{
    char c = lex_at(lexer, pos);
    if (c == (is_double ? '"' : '\''))
        return 1;
    if (c == '\xC2')
        return is_double && lex_at(lexer, pos + 1) == '\xBB' ? 2 : 0;
    if (c != '\xE2' || lex_at(lexer, pos + 1) != '\x80')
        return 0;
    // U+2018 to U+201B, and U+201C to U+201F.
    unsigned char last = (unsigned char)lex_at(lexer, pos + 2);
    bool is_kind = is_double ? last >= 0x9C && last <= 0x9F : last >= 0x98 && last <= 0x9B;
    return is_kind ? 3 : 0;
}

// A string in quotes of a typesetter: up to its end on this line, if it has one near by.
static void typographic_string(Lexer *lexer, Token *token, uint32_t code)
{
    enum { LONGEST = 1000 };
    bool is_double = code == 0xAB || (code >= 0x201C && code <= 0x201F);
    uint32_t start = token->start;
    uint32_t quote = lexer->pos - start;
    Str opening = lex_slice(lexer, start, lexer->pos);
    uint32_t len = 0;
    uint32_t pos = lexer->pos;
    while (pos < lexer->text.len && pos - start < LONGEST && lexer->text.ptr[pos] != '\n' && !len) {
        len = closing_quote(lexer, pos, is_double);
        pos += len ? len : 1;
    }
    if (len)
        lexer->pos = pos;
    Diag *diag = syntax_report(lexer->errors, DIAG_TYPOGRAPHIC_QUOTE, start, start + quote, opening,
        is_double ? STR("'\"'") : STR("\"'\""), DIAG_END);
    if (len == quote)
        syntax_fix_quotes(lexer->errors, diag, lexer->text, start, pos, quote, false);
    else
        syntax_fix(
            lexer->errors, diag, start, start + quote, is_double ? STR("\"") : STR("'"), false);
}

static void backtick_string(Lexer *lexer, Token *token)
{
    uint32_t end = token->start + 1;
    while (end < lexer->text.len && lex_at(lexer, end) != '`' && lex_at(lexer, end) != '\n')
        end++;
    bool closed = lex_at(lexer, end) == '`';
    lexer->pos = closed ? end + 1 : token->start + 1;
    Diag *diag =
        syntax_report(lexer->errors, DIAG_BACKTICK_STRING, token->start, lexer->pos, DIAG_END);
    if (closed)
        syntax_fix_quotes(lexer->errors, diag, lexer->text, token->start, end + 1, 1, false);
}

static bool is_quote(uint32_t code)
{
    return (code >= 0x2018 && code <= 0x201F) || code == 0xAB || code == 0xBB;
}

// Signs, arrows and symbols; everything else that is not ASCII is taken for a letter.
static bool is_sign(uint32_t code)
{
    return code < 0xC0 || code == 0xD7 || code == 0xF7 || (code >= 0x2010 && code < 0x2C00) ||
           (code >= 0x3001 && code <= 0x301F) || (code >= 0xFF00 && code <= 0xFF20);
}

static bool is_foreign_letter(uint32_t code)
{
    return code && !is_quote(code) && !is_sign(code) && !is_foreign_blank(code);
}

bool lex_foreign_word(Lexer *lexer, Token *token)
{
    uint32_t start = lexer->pos;
    for (;;) {
        char c = lex_at(lexer, lexer->pos);
        bool is_high = lex_is_high(c);
        size_t len = 1;
        if (is_high && !is_foreign_letter(decode(lexer, &len)))
            break;
        bool dash = c == '-' && lex_is_word(lex_at(lexer, lexer->pos + 1));
        if (!is_high && (lexer->pos == start || (!lex_is_word(c) && !dash)))
            break;
        lexer->pos += (uint32_t)len;
    }
    if (lexer->pos == start)
        return false;
    token->kind = TOK_IDENT;
    token->flags |= TOKEN_BROKEN;
    syntax_report(lexer->errors, DIAG_BAD_NAME, token->start, lexer->pos,
        lex_slice(lexer, token->start, lexer->pos), DIAG_END);
    return true;
}

// What a character of other languages is here, as a hint.
static const char *stray_hint(uint32_t code)
{
    switch (code) {
    case '$':
        return "'${…}' stands in strings only; a name is written without it: SST's '$app.stage' is "
               "'stage.name'";
    case '\\':
        return "a line goes on after an operator, or with one";
    case '^':
    case '~':
        return "there are no operators on bits";
    case 0x2013:
    case 0x2014:
    case 0x2212:
        return "minus is the plain '-'";
    case 0x2026:
        return "a spread is three dots, '...'";
    default:
        return NULL;
    }
}

// `$name` and `${…}` outside of strings, behind the '$': all of it is one mistake.
static void skip_dollar(Lexer *lexer)
{
    enum { LONGEST = 1000 };
    uint32_t start = lexer->pos;
    while (lex_is_word(lex_at(lexer, lexer->pos)))
        lexer->pos++;
    if (lexer->pos > start || lex_at(lexer, start) != '{')
        return;
    for (uint32_t pos = start; pos - start < LONGEST && pos < lexer->text.len; pos++) {
        char c = lexer->text.ptr[pos];
        if (c == '\n' || (c == '{' && pos > start) || lex_is_high(c))
            return;
        if (c == '}') {
            lexer->pos = pos + 1;
            return;
        }
    }
}

void lex_stray(Lexer *lexer, Token *token)
{
    token->kind = TOK_ERROR;
    token->flags |= TOKEN_BROKEN;
    char c = lex_at(lexer, lexer->pos);
    if (c == '`') {
        backtick_string(lexer, token);
        return;
    }
    size_t len = 1;
    uint32_t code = lex_is_high(c) ? decode(lexer, &len) : (unsigned char)c;
    lexer->pos += (uint32_t)len;
    if (c == '$')
        skip_dollar(lexer);
    if (!code) {
        report_bytes(lexer, token->start, lexer->pos);
        return;
    }
    if (is_quote(code)) {
        typographic_string(lexer, token, code);
        return;
    }
    char space[LEX_NAME_SPACE];
    uint32_t end = token->start + (uint32_t)len;
    Diag *diag = syntax_report(lexer->errors, DIAG_STRAY_CHARACTER, token->start, end,
        lex_character_name(code, space), DIAG_END);
    syntax_note(lexer->errors, diag, 0, 0, stray_hint(code));
}
