// Tokens of the text form: words, quoted texts, brackets and the ends of lines.
#include "spec/tools/specc/specc.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void lexer_start(Lexer *lexer, Arena *arena, const char *file, Str text)
{
    *lexer = (Lexer){.arena = arena, .file = file, .text = text, .line = 1};
    lexer_next(lexer);
    lexer_skip_lines(lexer);
}

_Noreturn void lexer_fail(const Lexer *lexer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "specc: %s:%u: ", lexer->file, lexer->line);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

static char peek(const Lexer *lexer, size_t ahead)
{
    size_t at = lexer->pos + ahead;
    return at < lexer->text.len ? lexer->text.ptr[at] : '\0';
}

static void add_code_point(Buf *buf, unsigned code)
{
    if (code < 0x80) {
        buf_add_char(buf, (char)code);
    } else if (code < 0x800) {
        buf_add_char(buf, (char)(0xC0 | code >> 6));
        buf_add_char(buf, (char)(0x80 | (code & 0x3F)));
    } else {
        buf_add_char(buf, (char)(0xE0 | code >> 12));
        buf_add_char(buf, (char)(0x80 | (code >> 6 & 0x3F)));
        buf_add_char(buf, (char)(0x80 | (code & 0x3F)));
    }
}

static void read_escape(Lexer *lexer, Buf *buf)
{
    static const char names[] = "\"\\/nrtbf";
    static const char values[] = "\"\\/\n\r\t\b\f";
    char c = peek(lexer, 0);
    const char *found = c ? strchr(names, c) : NULL;
    lexer->pos++;
    if (found) {
        buf_add_char(buf, values[found - names]);
        return;
    }
    char digits[5] = {0};
    for (size_t i = 0; i < 4; i++)
        digits[i] = peek(lexer, i);
    char *end = NULL;
    unsigned long code = strtoul(digits, &end, 16);
    if (c != 'u' || end != digits + 4 || (code >= 0xD800 && code < 0xE000))
        lexer_fail(lexer, "this escape is not known");
    lexer->pos += 4;
    add_code_point(buf, (unsigned)code);
}

static void read_quoted(Lexer *lexer)
{
    Buf buf;
    buf_init(&buf, 0);
    lexer->pos++;
    for (char c = peek(lexer, 0); c != '"'; c = peek(lexer, 0)) {
        if (c == '\n' || lexer->pos >= lexer->text.len)
            lexer_fail(lexer, "the text does not end on its line");
        lexer->pos++;
        if (c == '\\')
            read_escape(lexer, &buf);
        else
            buf_add_char(&buf, c);
    }
    lexer->pos++;
    lexer->token = TOKEN_TEXT;
    lexer->value = buf_copy(&buf, lexer->arena);
    buf_release(&buf);
}

static void read_raw(Lexer *lexer)
{
    size_t start = ++lexer->pos;
    while (peek(lexer, 0) != '`') {
        if (peek(lexer, 0) == '\n' || lexer->pos >= lexer->text.len)
            lexer_fail(lexer, "the raw text does not end on its line");
        lexer->pos++;
    }
    lexer->token = TOKEN_TEXT;
    lexer->value = str_slice(lexer->text, start, lexer->pos++);
}

static bool is_word_char(char c)
{
    return c && !isspace((unsigned char)c) && !strchr("(){}\"`", c);
}

static void read_token(Lexer *lexer)
{
    char c = peek(lexer, 0);
    if (lexer->pos >= lexer->text.len) {
        lexer->token = TOKEN_END;
        lexer->value = STR("end of the file");
    } else if (c == '"') {
        read_quoted(lexer);
    } else if (c == '`') {
        read_raw(lexer);
    } else if (strchr("(){}", c)) {
        lexer->token = TOKEN_PUNCT;
        lexer->value = str_slice(lexer->text, lexer->pos, lexer->pos + 1);
        lexer->pos++;
    } else {
        size_t start = lexer->pos;
        while (is_word_char(peek(lexer, 0)))
            lexer->pos++;
        lexer->token = TOKEN_WORD;
        lexer->value = str_slice(lexer->text, start, lexer->pos);
    }
}

void lexer_next(Lexer *lexer)
{
    bool after_text = lexer->token == TOKEN_TEXT && lexer->pos > 0;
    size_t before = lexer->pos;
    while (peek(lexer, 0) == ' ' || peek(lexer, 0) == '\t')
        lexer->pos++;
    // A comment has its line for itself, so that '#' may stand in words.
    bool line_start = lexer->pos == 0 || lexer->token == TOKEN_LINE;
    if (line_start && peek(lexer, 0) == '#') {
        while (peek(lexer, 0) && peek(lexer, 0) != '\n')
            lexer->pos++;
    }
    if (peek(lexer, 0) != '\n') {
        read_token(lexer);
        lexer->glued =
            after_text && before == lexer->pos - lexer->value.len && lexer->token == TOKEN_WORD;
        return;
    }
    lexer->token = TOKEN_LINE;
    lexer->value = STR("end of the line");
    lexer->pos++;
    lexer->line++;
}

bool lexer_at(const Lexer *lexer, char punct)
{
    return lexer->token == TOKEN_PUNCT && lexer->value.ptr[0] == punct;
}

bool lexer_take(Lexer *lexer, char punct)
{
    if (!lexer_at(lexer, punct))
        return false;
    lexer_next(lexer);
    return true;
}

void lexer_expect(Lexer *lexer, char punct)
{
    if (!lexer_take(lexer, punct))
        lexer_fail(lexer, "found '%.*s', wanted '%c'", STR_FMT(lexer->value), punct);
}

bool lexer_at_word(const Lexer *lexer, const char *word)
{
    return lexer->token == TOKEN_WORD && str_is(lexer->value, word);
}

bool lexer_take_word(Lexer *lexer, const char *word)
{
    if (!lexer_at_word(lexer, word))
        return false;
    lexer_next(lexer);
    return true;
}

void lexer_skip_lines(Lexer *lexer)
{
    while (lexer->token == TOKEN_LINE)
        lexer_next(lexer);
}

Str lexer_text(Lexer *lexer, const char *wanted)
{
    if (lexer->token != TOKEN_WORD && lexer->token != TOKEN_TEXT)
        lexer_fail(lexer, "found '%.*s', wanted %s", STR_FMT(lexer->value), wanted);
    Str text = lexer->value;
    lexer_next(lexer);
    return text;
}

void lexer_texts(Lexer *lexer, TextList *list)
{
    lexer_expect(lexer, '(');
    for (;;) {
        lexer_skip_lines(lexer);
        if (lexer_take(lexer, ')'))
            return;
        VEC_ADD(lexer->arena, list, lexer_text(lexer, "a word or ')'"));
    }
}
