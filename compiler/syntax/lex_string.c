#include "compiler/syntax/lexer_priv.h"

#include <stdio.h>

#include "compiler/base/utf8.h"

static bool is_text(Quote quote)
{
    return quote == QUOTE_TEXT || quote == QUOTE_RAW;
}

static bool interpolates(Quote quote)
{
    return quote == QUOTE_DOUBLE || quote == QUOTE_TEXT;
}

static uint32_t quote_len(Quote quote)
{
    return is_text(quote) ? 3 : 1;
}

static bool closes(const Lexer *lexer, Quote quote, char c)
{
    if (c != (quote == QUOTE_DOUBLE || quote == QUOTE_TEXT ? '"' : '\''))
        return false;
    return !is_text(quote) ||
           (lex_at(lexer, lexer->pos + 1) == c && lex_at(lexer, lexer->pos + 2) == c);
}

// ---- escapes ----

static int hex_value(char c)
{
    if (lex_is_digit(c))
        return c - '0';
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// `\u{hex}`, at the backslash.
static void scan_code_point(Lexer *lexer)
{
    uint32_t start = lexer->pos;
    uint32_t code = 0;
    uint32_t digits = 0;
    lexer->pos += 2;
    bool opened = lex_at(lexer, lexer->pos) == '{';
    lexer->pos += opened;
    for (; hex_value(lex_at(lexer, lexer->pos)) >= 0; lexer->pos++, digits++)
        if (code <= UTF8_LAST_CODE)
            code = code * 16 + (uint32_t)hex_value(lex_at(lexer, lexer->pos));
    bool closed = opened && lex_at(lexer, lexer->pos) == '}';
    lexer->pos += closed;
    char bytes[UTF8_MAX_BYTES];
    if (closed && digits && utf8_encode(code, bytes))
        return;
    Diag *diag = syntax_report(lexer->errors, DIAG_BAD_CODE_POINT, start, lexer->pos,
        lex_slice(lexer, start, lexer->pos), DIAG_END);
    if (!closed || !digits)
        syntax_note(lexer->errors, diag, 0, 0, "it is written '\\u{e9}', in hexadecimal digits");
}

// What somebody who wrote this wanted, or NULL.
static const char *escape_hint(char c)
{
    switch (c) {
    case '$':
    case '{':
        return "'$${' is a literal '${'";
    case '\'':
    case '`':
    case '/':
        return "it needs no backslash";
    case 'x':
    case 'U':
    case '0':
        return "a character by its number is '\\u{hex}'";
    default:
        return "the escapes are \\n \\t \\r \\\" \\\\ \\u{hex}; between '…' a backslash is itself";
    }
}

static void scan_escape(Lexer *lexer)
{
    char c = lex_at(lexer, lexer->pos + 1);
    if (c == 'u') {
        scan_code_point(lexer);
        return;
    }
    uint32_t start = lexer->pos++;
    if (c == 'n' || c == 't' || c == 'r' || c == '"' || c == '\\') {
        lexer->pos++;
        return;
    }
    if (c && c != '\n' && c != '\r' && !lex_is_high(c))
        lexer->pos++;
    Diag *diag = syntax_report(lexer->errors, DIAG_BAD_ESCAPE, start, lexer->pos,
        lex_slice(lexer, start, lexer->pos), DIAG_END);
    syntax_note(lexer->errors, diag, 0, 0, escape_hint(c));
    syntax_fix(lexer->errors, diag, start, start + 1, STR("\\\\"), false);
}

// ---- text ----

// A byte of a string that is rarely seen: control characters and what is not ASCII.
static void scan_odd(Lexer *lexer, char c)
{
    if (lex_is_high(c)) {
        lex_high(lexer);
        return;
    }
    uint32_t at = lexer->pos++;
    if (c == '\r' && lex_at(lexer, lexer->pos) == '\n')
        return;
    char space[LEX_NAME_SPACE];
    char escape[16];
    snprintf(escape, sizeof escape, "\\u{%x}", (unsigned)(unsigned char)c);
    Diag *diag = syntax_report(lexer->errors, DIAG_CONTROL_CHARACTER, at, at + 1,
        lex_character_name((unsigned char)c, space), DIAG_END);
    syntax_fix(lexer->errors, diag, at, at + 1, str_of(escape), false);
}

typedef enum TextEnd { TEXT_CLOSED, TEXT_OPENS, TEXT_BROKEN } TextEnd;

// Moves to behind what ends the piece of text: closing quotes, `${`, the end of the line.
static TextEnd scan_text(Lexer *lexer, Quote quote, uint8_t *flags)
{
    const char *ptr = lexer->text.ptr;
    while (lexer->pos < lexer->text.len) {
        char c = ptr[lexer->pos];
        if (c == '"' || c == '\'') {
            if (closes(lexer, quote, c)) {
                lexer->pos += quote_len(quote);
                return TEXT_CLOSED;
            }
            lexer->pos++;
        } else if (c == '\n') {
            if (!is_text(quote))
                return TEXT_BROKEN;
            lexer->line_start = ++lexer->pos;
        } else if (c == '$' && interpolates(quote)) {
            char next = lex_at(lexer, lexer->pos + 1);
            bool escaped = next == '$' && lex_at(lexer, lexer->pos + 2) == '{';
            if (escaped)
                *flags |= TOKEN_ESCAPED;
            lexer->pos += escaped ? 3 : next == '{' ? 2 : 1;
            if (next == '{')
                return TEXT_OPENS;
        } else if (c == '\\' && quote == QUOTE_DOUBLE) {
            *flags |= TOKEN_ESCAPED;
            scan_escape(lexer);
        } else if (((unsigned char)c < ' ' && c != '\t') || lex_is_high(c)) {
            if (c == '\r' && !is_text(quote) && lex_at(lexer, lexer->pos + 1) == '\n')
                return TEXT_BROKEN;
            scan_odd(lexer, c);
        } else {
            lexer->pos++;
        }
    }
    return TEXT_BROKEN;
}

static void report_unterminated(Lexer *lexer, Quote quote, uint32_t start, uint32_t piece)
{
    Str expected = quote == QUOTE_SINGLE || quote == QUOTE_RAW
                       ? (is_text(quote) ? STR("\"'''\"") : STR("\"'\""))
                       : (is_text(quote) ? STR("'\"\"\"'") : STR("'\"'"));
    if (is_text(quote)) {
        syntax_report(lexer->errors, DIAG_UNTERMINATED_TEXT, start, start + 3, expected, DIAG_END);
        return;
    }
    if (lexer->line_broken)
        return;
    lexer->line_broken = true;
    // Within an open `${` of the line its '}' is missing: `"a ${b"`.
    const StringFrame *frame = lexer->frame_count ? &lexer->frames[lexer->frame_count - 1] : NULL;
    if (frame && frame->quote == QUOTE_DOUBLE && frame->start < start &&
        frame->start >= lexer->line_start) {
        lex_report_interpolation(lexer, frame);
        return;
    }
    Diag *diag = syntax_report(
        lexer->errors, DIAG_UNTERMINATED_STRING, piece, lexer->pos, expected, DIAG_END);
    syntax_fix(lexer->errors, diag, lexer->pos, lexer->pos, quote_text(quote), false);
    syntax_note(lexer->errors, diag, 0, 0, "a text of several lines stands in \"\"\" or '''");
}

// How many brackets of this kind the text opens.
static size_t count_char(Str text, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == c;
    return count;
}

// Back over brackets and commas at the end of a line whose string is not closed: `["a, b]`. Those
// that the string itself opens are its text.
static void give_back(Lexer *lexer, uint32_t start)
{
    Str text = lex_slice(lexer, start, lexer->pos);
    bool owns[] = {count_char(text, '(') != 0, count_char(text, '[') != 0};
    size_t braces = count_char(text, '{');
    uint32_t end = lexer->pos;
    bool opens = false;
    while (end > start + 1) {
        char c = lex_at(lexer, end - 1);
        bool closes = (c == ')' && !owns[0]) || (c == ']' && !owns[1]) || (c == '}' && !braces);
        bool is_opener = c == '{' && braces == 1 && !opens && end > start + 1;
        if (c != ' ' && c != '\t' && c != '\r' && c != ',' && !closes && !is_opener)
            break;
        opens |= is_opener || closes;
        end--;
    }
    lexer->pos = end;
}

// Text between `"""` and the end of its line.
static void check_first_line(Lexer *lexer)
{
    uint32_t pos = lexer->pos;
    while (lex_at(lexer, pos) == ' ' || lex_at(lexer, pos) == '\t')
        pos++;
    char c = lex_at(lexer, pos);
    if (c == '\n' || (c == '\r' && lex_at(lexer, pos + 1) == '\n') || pos >= lexer->text.len)
        return;
    Quote quote = lex_at(lexer, lexer->pos - 1) == '"' ? QUOTE_TEXT : QUOTE_RAW;
    Diag *diag = syntax_report(lexer->errors, DIAG_TEXT_ON_FIRST_LINE, lexer->pos - 3, lexer->pos,
        quote == QUOTE_TEXT ? STR("'\"\"\"'") : STR("\"'''\""), DIAG_END);
    syntax_fix(lexer->errors, diag, lexer->pos, pos, STR("\n"), false);
}

// Room for one more open `${`; without it the rest of the line is taken for text.
static bool push_frame(Lexer *lexer, const Token *token)
{
    if (lexer->frame_count == SYNTAX_NESTING_MAX) {
        syntax_report_depth(lexer->errors, lexer->pos - 2, lexer->pos);
        return false;
    }
    lexer->frames[lexer->frame_count++] =
        (StringFrame){.start = token->start, .open = lexer->pos - 2, .quote = (Quote)token->quote};
    return true;
}

void lex_string(Lexer *lexer, Token *token)
{
    char c = lex_at(lexer, lexer->pos);
    bool text = lex_at(lexer, lexer->pos + 1) == c && lex_at(lexer, lexer->pos + 2) == c;
    Quote quote = c == '"' ? (text ? QUOTE_TEXT : QUOTE_DOUBLE) : (text ? QUOTE_RAW : QUOTE_SINGLE);
    token->quote = (uint8_t)quote;
    lexer->pos += quote_len(quote);
    if (text) {
        token->flags |= TOKEN_ESCAPED;
        check_first_line(lexer);
    }
    TextEnd end = scan_text(lexer, quote, &token->flags);
    if (end == TEXT_OPENS && !push_frame(lexer, token)) {
        while (lexer->pos < lexer->text.len && lex_at(lexer, lexer->pos) != '\n')
            lexer->pos++;
        lexer->line_broken = true;
        token->flags |= TOKEN_BROKEN;
        token->kind = TOK_STRING;
        return;
    }
    token->kind = end == TEXT_OPENS ? TOK_STRING_HEAD : TOK_STRING;
    if (end == TEXT_BROKEN) {
        token->flags |= TOKEN_BROKEN;
        report_unterminated(lexer, quote, token->start, token->start);
        if (!text)
            give_back(lexer, token->start);
    }
}

void lex_string_rest(Lexer *lexer, Token *token, uint32_t start)
{
    StringFrame *frame = &lexer->frames[lexer->frame_count - 1];
    token->quote = (uint8_t)frame->quote;
    TextEnd end = scan_text(lexer, frame->quote, &token->flags);
    if (end == TEXT_OPENS) {
        token->kind = TOK_STRING_MIDDLE;
        frame->open = lexer->pos - 2;
        frame->braces = 0;
        frame->brackets = 0;
        return;
    }
    token->kind = TOK_STRING_TAIL;
    lexer->frame_count--;
    if (end == TEXT_BROKEN) {
        // Where the '}' is missing that has been reported, and is why the text does not end.
        if (!(token->flags & TOKEN_BROKEN))
            report_unterminated(lexer, frame->quote, frame->start, start);
        token->flags |= TOKEN_BROKEN;
        if (frame->quote == QUOTE_DOUBLE && lexer->pos > start)
            give_back(lexer, start);
    }
}
