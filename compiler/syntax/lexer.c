#include "compiler/syntax/lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "compiler/base/buf.h"
#include "compiler/syntax/lexer_priv.h"

// ---- reports ----

Diag *syntax_report(SyntaxErrors *errors, DiagCode code, uint32_t start, uint32_t end, ...)
{
    if (!errors->sink || errors->count > SYNTAX_ERRORS_MAX)
        return NULL;
    Span span = {errors->file, start, end};
    if (start > errors->last)
        errors->last = start;
    if (errors->count++ == SYNTAX_ERRORS_MAX) {
        char limit[16];
        snprintf(limit, sizeof limit, "%d", SYNTAX_ERRORS_MAX);
        diag_add(errors->sink, DIAG_TOO_MANY_SYNTAX_ERRORS, span, str_of(limit), DIAG_END);
        return NULL;
    }
    enum { ARGS_MAX = 4 };
    Str args[ARGS_MAX];
    size_t count = 0;
    va_list list;
    va_start(list, end);
    for (Str arg = va_arg(list, Str); arg.len != SIZE_MAX && count < ARGS_MAX;
         arg = va_arg(list, Str))
        args[count++] = arg;
    va_end(list);
    return diag_add_list(errors->sink, code, span, args, count);
}

void syntax_note(SyntaxErrors *errors, Diag *diag, uint32_t start, uint32_t end, const char *note)
{
    if (!diag || !note)
        return;
    Span span = end ? (Span){errors->file, start, end} : (Span){0};
    diag_note(errors->sink, diag, span, "%s", note);
}

void syntax_fix(
    SyntaxErrors *errors, Diag *diag, uint32_t start, uint32_t end, Str replacement, bool safe)
{
    if (diag)
        diag_fix(errors->sink, diag, (Span){errors->file, start, end}, replacement, safe);
}

void syntax_fix_quotes(SyntaxErrors *errors, Diag *diag, Str text, uint32_t start, uint32_t end,
    uint32_t cut, bool safe)
{
    if (!diag)
        return;
    Str inner = str_slice(text, start + cut, end - cut);
    bool is_plain = true;
    for (size_t i = 0; i < inner.len; i++)
        is_plain &= inner.ptr[i] != '"' && inner.ptr[i] != '\\';
    if (!is_plain)
        return;
    Buf quoted;
    buf_init(&quoted, 0);
    buf_add_char(&quoted, '"');
    buf_add(&quoted, inner);
    buf_add_char(&quoted, '"');
    syntax_fix(errors, diag, start, end, buf_str(&quoted), safe);
    buf_release(&quoted);
}

void syntax_report_depth(SyntaxErrors *errors, uint32_t start, uint32_t end)
{
    if (errors->too_deep)
        return;
    errors->too_deep = true;
    char limit[16];
    snprintf(limit, sizeof limit, "%d", SYNTAX_NESTING_MAX);
    syntax_report(errors, DIAG_NESTED_TOO_DEEP, start, end, str_of(limit), DIAG_END);
}

// ---- words ----

static TokenKind reserved_word(Str word)
{
#define IS(literal) (!memcmp(word.ptr, literal, sizeof literal - 1))
    switch (word.len) {
    case 2:
        return IS("in") ? TOK_IN : IS("is") ? TOK_IS : IS("if") ? TOK_IF : TOK_IDENT;
    case 3:
        return IS("for") ? TOK_FOR : TOK_IDENT;
    case 4:
        return IS("true") ? TOK_TRUE : IS("null") ? TOK_NULL : IS("else") ? TOK_ELSE : TOK_IDENT;
    case 5:
        return IS("false") ? TOK_FALSE : IS("match") ? TOK_MATCH : TOK_IDENT;
    default:
        return TOK_IDENT;
    }
#undef IS
}

// The end of letters, digits and '_' from `pos`.
static uint32_t word_end(const Lexer *lexer, uint32_t pos)
{
    while (lex_is_word(lex_at(lexer, pos)))
        pos++;
    return pos;
}

// `::Name` parts behind a word that may begin a type.
static bool scan_type(Lexer *lexer, const Token *token)
{
    uint32_t end = lexer->pos;
    while (lex_at(lexer, end) == ':' && lex_at(lexer, end + 1) == ':' &&
           lex_is_word(lex_at(lexer, end + 2)))
        end = word_end(lexer, end + 2);
    if (end == lexer->pos || !lex_is_letter(lex_at(lexer, token->start)) ||
        memchr(lexer->text.ptr + token->start, '_', lexer->pos - token->start))
        return false;
    lexer->pos = end;
    return true;
}

static void lex_word(Lexer *lexer, Token *token)
{
    lexer->pos = word_end(lexer, lexer->pos + 1);
    if (lex_at(lexer, lexer->pos) == ':' && scan_type(lexer, token)) {
        token->kind = TOK_TYPE;
        return;
    }
    while (lex_at(lexer, lexer->pos) == '-' && lex_is_word(lex_at(lexer, lexer->pos + 1)))
        lexer->pos = word_end(lexer, lexer->pos + 2);
    if (lex_is_high(lex_at(lexer, lexer->pos)) && lex_foreign_word(lexer, token))
        return;
    token->kind = (uint8_t)reserved_word(lex_slice(lexer, token->start, lexer->pos));
    if (lex_at(lexer, lexer->pos) == '-' && lex_at(lexer, lexer->pos + 1) == '*') {
        lexer->pos += 2;
        token->kind = TOK_GLOB;
    }
}

// ---- numbers ----

// What is glued to a number: "e5", "x10", "-10-17", ".2.3", ":00".
static uint32_t number_tail(const Lexer *lexer, uint32_t pos)
{
    for (;;) {
        char c = lex_at(lexer, pos);
        bool joins = c == '-' || c == '.' || c == ':' || c == '/';
        if (!lex_is_word(c) && !(joins && lex_is_word(lex_at(lexer, pos + 1))))
            return pos;
        // `1.name` and `a ? 1:b` are something else.
        if (joins && c != '-' && !lex_is_digit(lex_at(lexer, pos + 1)))
            return pos;
        pos++;
    }
}

// 1e5, 0x10, 1_000, 10GB: what a number of other languages is here.
static const char *number_hint(Str text)
{
    if (text.len > 1 && text.ptr[0] == '0' && (text.ptr[1] == 'x' || text.ptr[1] == 'b'))
        return "numbers are written in decimal digits";
    if (memchr(text.ptr, '_', text.len))
        return "digits are not grouped";
    return "a number is digits, perhaps with a '.' between them; anything else is a text in quotes";
}

static void report_number(Lexer *lexer, const Token *token)
{
    Str text = lex_slice(lexer, token->start, lexer->pos);
    bool has_letter = false;
    for (size_t i = 0; i < text.len; i++)
        has_letter |= lex_is_letter(text.ptr[i]) || text.ptr[i] == '_';
    bool is_text =
        !has_letter || memchr(text.ptr, '-', text.len) || memchr(text.ptr, ':', text.len);
    Diag *diag = syntax_report(lexer->errors, is_text ? DIAG_NEEDS_QUOTES : DIAG_BAD_NUMBER,
        token->start, lexer->pos, text, DIAG_END);
    if (!diag)
        return;
    if (!is_text)
        syntax_note(lexer->errors, diag, 0, 0, number_hint(text));
    else if (text.ptr[0] == '0' && lex_is_digit(text.ptr[1]))
        syntax_note(
            lexer->errors, diag, 0, 0, "a number does not begin with a zero: JSON has none such");
    else if (memchr(text.ptr, '-', text.len))
        syntax_note(lexer->errors, diag, 0, 0, "to subtract, put a blank on both sides of '-'");
    syntax_fix_quotes(lexer->errors, diag, lexer->text, token->start, lexer->pos, 0, false);
}

static void lex_number(Lexer *lexer, Token *token)
{
    token->kind = TOK_NUMBER;
    while (lex_is_digit(lex_at(lexer, lexer->pos)))
        lexer->pos++;
    if (lex_at(lexer, lexer->pos) == '.' && lex_is_digit(lex_at(lexer, lexer->pos + 1))) {
        lexer->pos += 2;
        while (lex_is_digit(lex_at(lexer, lexer->pos)))
            lexer->pos++;
    }
    char c = lex_at(lexer, lexer->pos);
    char next = lex_at(lexer, lexer->pos + 1);
    bool glued = lex_is_word(c) || ((c == '-' || c == '.') && lex_is_digit(next));
    bool padded =
        lex_at(lexer, token->start) == '0' && lex_is_digit(lex_at(lexer, token->start + 1));
    if (!glued && !padded)
        return;
    lexer->pos = number_tail(lexer, lexer->pos);
    token->flags |= TOKEN_BROKEN;
    report_number(lexer, token);
}

// ---- punctuation ----

typedef struct ForeignRow {
    Str text;
    TokenKind kind; // what it is taken for
    bool safe;
} ForeignRow;

// Operators of other languages, the longer ones first.
static const ForeignRow foreign_operators[] = {
    {{"===", 3}, TOK_EQUAL, true},
    {{"!==", 3}, TOK_NOT_EQUAL, true},
    {{"<>", 2}, TOK_NOT_EQUAL, true},
    {{"=>", 2}, TOK_COLON, false},
    {{"->", 2}, TOK_COLON, false},
    {{":=", 2}, TOK_ASSIGN, false},
    {{"**", 2}, TOK_STAR, false},
    {{"++", 2}, TOK_PLUS, false},
    {{"+=", 2}, TOK_ASSIGN, false},
    {{"?.", 2}, TOK_DOT, false},
    {{"..", 2}, TOK_ELLIPSIS, false},
    {{"&", 1}, TOK_AND, true},
};

static bool lex_foreign(Lexer *lexer, Token *token)
{
    Str rest = lex_slice(lexer, lexer->pos, (uint32_t)lexer->text.len);
    for (size_t i = 0; i < sizeof foreign_operators / sizeof *foreign_operators; i++) {
        const ForeignRow *row = &foreign_operators[i];
        if (!str_starts(rest, row->text))
            continue;
        uint32_t end = lexer->pos + (uint32_t)row->text.len;
        Diag *diag = syntax_report(lexer->errors, DIAG_FOREIGN_OPERATOR, lexer->pos, end, row->text,
            token_text(row->kind), DIAG_END);
        syntax_fix(lexer->errors, diag, lexer->pos, end, token_text(row->kind), row->safe);
        if (str_is(row->text, "?."))
            syntax_note(
                lexer->errors, diag, 0, 0, "'a.b ?? c' is c when a or a step behind it is null");
        token->kind = (uint8_t)row->kind;
        token->flags |= TOKEN_BROKEN;
        lexer->pos = end;
        return true;
    }
    return false;
}

// '-' that is not within a name: a sign, minus, or in need of blanks.
static void lex_minus(Lexer *lexer, Token *token)
{
    char before = token->start ? lex_at(lexer, token->start - 1) : '\n';
    char behind = lex_at(lexer, token->start + 1);
    bool blank_behind = lex_is_blank(behind) || token->start + 1 >= lexer->text.len;
    bool after_operand =
        token->start == lexer->last_end && (token_traits((TokenKind)lexer->last) & TOKEN_ENDS);
    lexer->pos++;
    if (!blank_behind && !after_operand) {
        token->kind = TOK_SIGN;
        return;
    }
    token->kind = TOK_MINUS;
    if (blank_behind && (lex_is_blank(before) || !token->start))
        return;
    token->flags |= TOKEN_BROKEN;
    Diag *diag = syntax_report(
        lexer->errors, DIAG_MINUS_WITHOUT_BLANKS, token->start, token->start + 1, DIAG_END);
    bool blank_before = lex_is_blank(before);
    Str mended = blank_before ? STR("- ") : blank_behind ? STR(" -") : STR(" - ");
    syntax_fix(lexer->errors, diag, token->start, token->start + 1, mended, true);
}

// Counts brackets within an open `${`; a '}' that ends it gives true.
static bool count_bracket(Lexer *lexer, char c)
{
    if (!lexer->frame_count)
        return false;
    StringFrame *frame = &lexer->frames[lexer->frame_count - 1];
    if (c == '}' && !frame->braces)
        return true;
    if (c == '{' || c == '}')
        frame->braces += c == '{' ? 1u : (uint32_t)-1;
    else if (c == '(' || c == '[')
        frame->brackets++;
    else if (frame->brackets)
        frame->brackets--;
    return false;
}

static void lex_bracket(Lexer *lexer, Token *token, TokenKind kind)
{
    char c = lex_at(lexer, lexer->pos++);
    token->kind = (uint8_t)kind;
    if (count_bracket(lexer, c))
        lex_string_rest(lexer, token, token->start);
}

// One or two bytes; `second` 0 means there is no longer form.
static void lex_operator(Lexer *lexer, Token *token, TokenKind one, char second, TokenKind two)
{
    bool is_two = second && lex_at(lexer, lexer->pos + 1) == second;
    token->kind = (uint8_t)(is_two ? two : one);
    lexer->pos += is_two ? 2 : 1;
}

static void lex_dot(Lexer *lexer, Token *token)
{
    bool three = lex_at(lexer, lexer->pos + 1) == '.' && lex_at(lexer, lexer->pos + 2) == '.';
    if (!three && lex_at(lexer, lexer->pos + 1) == '.' && lex_foreign(lexer, token))
        return;
    token->kind = three ? TOK_ELLIPSIS : TOK_DOT;
    lexer->pos += three ? 3 : 1;
}

// Is the operator at `pos`, with what follows, one of another language?
static bool is_foreign(const Lexer *lexer, char c)
{
    char next = lex_at(lexer, lexer->pos + 1);
    switch (c) {
    case '=':
        return next == '>' || (next == '=' && lex_at(lexer, lexer->pos + 2) == '=');
    case '!':
        return next == '=' && lex_at(lexer, lexer->pos + 2) == '=';
    case '<':
        return next == '>';
    case '-':
        return next == '>';
    case ':':
        return next == '=';
    case '*':
        return next == '*';
    case '+':
        return next == '+' || next == '=';
    case '?':
        return next == '.' && lex_at(lexer, lexer->pos + 2) != '.';
    case '&':
        return next != '&';
    default:
        return false;
    }
}

static void lex_punctuation(Lexer *lexer, Token *token, char c)
{
    if (is_foreign(lexer, c) && lex_foreign(lexer, token))
        return;
    switch (c) {
    case '{':
        lex_bracket(lexer, token, TOK_LBRACE);
        break;
    case '}':
        lex_bracket(lexer, token, TOK_RBRACE);
        break;
    case '(':
        lex_bracket(lexer, token, TOK_LPAREN);
        break;
    case ')':
        lex_bracket(lexer, token, TOK_RPAREN);
        break;
    case '[':
        lex_bracket(lexer, token, TOK_LBRACKET);
        break;
    case ']':
        lex_bracket(lexer, token, TOK_RBRACKET);
        break;
    case ',':
        lex_operator(lexer, token, TOK_COMMA, '\0', TOK_COMMA);
        break;
    case ':':
        lex_operator(lexer, token, TOK_COLON, '\0', TOK_COLON);
        break;
    case '=':
        lex_operator(lexer, token, TOK_ASSIGN, '=', TOK_EQUAL);
        break;
    case '!':
        lex_operator(lexer, token, TOK_NOT, '=', TOK_NOT_EQUAL);
        break;
    case '<':
        lex_operator(lexer, token, TOK_LESS, '=', TOK_LESS_EQUAL);
        break;
    case '>':
        lex_operator(lexer, token, TOK_GREATER, '=', TOK_GREATER_EQUAL);
        break;
    case '|':
        lex_operator(lexer, token, TOK_BAR, '|', TOK_OR);
        break;
    case '&':
        lex_operator(lexer, token, TOK_AND, '&', TOK_AND);
        break;
    case '?':
        lex_operator(lexer, token, TOK_QUESTION, '?', TOK_COALESCE);
        break;
    case '@':
        lex_operator(lexer, token, TOK_AT, '\0', TOK_AT);
        break;
    case '+':
        lex_operator(lexer, token, TOK_PLUS, '\0', TOK_PLUS);
        break;
    case '*':
        lex_operator(lexer, token, TOK_STAR, '\0', TOK_STAR);
        break;
    case '/':
        lex_operator(lexer, token, TOK_SLASH, '\0', TOK_SLASH);
        break;
    case '%':
        lex_operator(lexer, token, TOK_PERCENT, '\0', TOK_PERCENT);
        break;
    case '-':
        lex_minus(lexer, token);
        break;
    case '.':
        lex_dot(lexer, token);
        break;
    default:
        if (!lex_is_high(c) || !lex_foreign_word(lexer, token))
            lex_stray(lexer, token);
    }
}

// ---- line breaks ----

// Can what stands at `pos` begin an entry? If not, the line before goes on.
static bool can_begin(const Lexer *lexer)
{
    char next = lex_at(lexer, lexer->pos + 1);
    switch (lex_at(lexer, lexer->pos)) {
    case '\0':
        return lexer->pos < lexer->text.len;
    case ')':
    case ']':
    case '}':
    case ',':
    case ':':
    case '=':
    case '|':
    case '?':
    case '&':
    case '<':
    case '>':
    case '+':
    case '*':
    case '/':
    case '%':
        return false;
    case '.':
        return next == '.';
    case '!':
        return next != '=';
    case '-':
        return !lex_is_blank(next) && next != '>';
    default:
        return true;
    }
}

bool lexer_declares(const Lexer *lexer, uint32_t pos)
{
    uint32_t end = word_end(lexer, pos);
    uint32_t next = end;
    while (lex_at(lexer, next) == ' ' || lex_at(lexer, next) == '\t')
        next++;
    char c = lex_at(lexer, next);
    bool is_name = lex_is_letter(c) || c == '_';
    bool is_string = c == '"' || c == '\'';
    // Most lines are `key: value`.
    if (end == pos || end - pos > 9 || (next == end && c != '{') ||
        (!is_name && !is_string && c != '{'))
        return false;
    switch (word_behind(word_find(lex_slice(lexer, pos, end)))) {
    case BEHIND_NAME:
        return is_name;
    case BEHIND_STRING:
        return is_string;
    case BEHIND_BRACE:
        return c == '{';
    case BEHIND_STAGE:
        return is_name || is_string;
    default:
        return false;
    }
}

// Does a line break end the `${` that is open? It must not stand in one but within brackets; and
// where a string of the line is not ended, neither is what stood around it.
static bool breaks_interpolation(const Lexer *lexer, bool is_end, bool line_broken)
{
    const StringFrame *frame = &lexer->frames[lexer->frame_count - 1];
    bool one_line = frame->quote == QUOTE_DOUBLE;
    return lexer->pos >= lexer->text.len || (line_broken && one_line) ||
           (is_end && !frame->braces && !frame->brackets) ||
           (one_line && lexer_declares(lexer, lexer->pos));
}

void lex_report_interpolation(Lexer *lexer, const StringFrame *frame)
{
    Diag *diag = syntax_report(
        lexer->errors, DIAG_UNTERMINATED_INTERPOLATION, frame->open, frame->open + 2, DIAG_END);
    syntax_note(lexer->errors, diag, 0, 0, "'$${' is a literal '${'");
}

static void break_interpolation(Lexer *lexer, Token *token, uint32_t at, bool line_broken)
{
    const StringFrame *frame = &lexer->frames[lexer->frame_count - 1];
    if (!line_broken)
        lex_report_interpolation(lexer, frame);
    lexer->pos = at;
    token->start = at;
    token->flags |= TOKEN_BROKEN;
    lex_string_rest(lexer, token, at);
}

// ---- the lexer ----

void lexer_init(Lexer *lexer, Str text, SyntaxErrors *errors)
{
    lexer->text = text;
    lexer->errors = errors;
    lexer->pos = str_starts(text, STR("\xEF\xBB\xBF")) ? 3 : 0;
    lexer->line_start = 0;
    lexer->line_indent = 0;
    lexer->doc_start = 0;
    lexer->doc_end = 0;
    lexer->last_end = lexer->pos;
    lexer->last = TOK_NEWLINE;
    lexer->line_broken = false;
    lexer->frame_count = 0;
}

char lexer_peek(const Lexer *lexer)
{
    uint32_t pos = lexer->pos;
    for (;;) {
        char c = lex_at(lexer, pos);
        if (lex_is_blank(c)) {
            pos++;
        } else if (c == '/' && lex_at(lexer, pos + 1) == '/') {
            while (pos < lexer->text.len && lex_at(lexer, pos) != '\n')
                pos++;
        } else {
            return c;
        }
    }
}

char lexer_peek_line(const Lexer *lexer, uint32_t *column)
{
    uint32_t pos = lexer->pos;
    while (pos < lexer->text.len && lex_at(lexer, pos) != '\n')
        pos++;
    uint32_t start = pos;
    for (; lex_is_blank(lex_at(lexer, pos)); pos++)
        if (lex_at(lexer, pos) == '\n')
            start = pos + 1;
    *column = pos - start;
    return lex_at(lexer, pos);
}

static void lex_token(Lexer *lexer, Token *token)
{
    char c = lex_at(lexer, lexer->pos);
    token->start = lexer->pos;
    if (lex_is_letter(c) || c == '_')
        lex_word(lexer, token);
    else if (lex_is_digit(c))
        lex_number(lexer, token);
    else if (c == '"' || c == '\'')
        lex_string(lexer, token);
    else if (lexer->pos >= lexer->text.len)
        token->kind = TOK_END;
    else
        lex_punctuation(lexer, token, c);
}

// Handles the line break at `at` behind the last token; false when it is only white space.
static bool lex_break(Lexer *lexer, Token *token, uint32_t at, bool line_broken)
{
    bool is_end = (token_traits((TokenKind)lexer->last) & TOKEN_ENDS) && can_begin(lexer);
    if (lexer->frame_count && breaks_interpolation(lexer, is_end, line_broken)) {
        break_interpolation(lexer, token, at, line_broken);
        // The line break stands behind this piece again, for the string around it.
        lexer->line_broken = true;
        return true;
    }
    if (!is_end)
        return false;
    token->kind = TOK_NEWLINE;
    token->start = lexer->last_end;
    return true;
}

void lexer_next(Lexer *lexer, Token *token)
{
    *token = (Token){0};
    bool at_line = lexer->last == TOK_NEWLINE;
    if (!at_line) {
        lexer->doc_start = 0;
        lexer->doc_end = 0;
    }
    uint32_t line_start = lexer->line_start;
    uint32_t first_break = lexer->pos;
    bool line_broken = lexer->line_broken;
    bool has_break = lex_trivia(lexer, &first_break);
    bool at_end = lexer->pos >= lexer->text.len;
    if ((has_break || (at_end && lexer->frame_count)) && !at_line) {
        if (!has_break)
            first_break = lexer->pos;
        if (lex_break(lexer, token, first_break, line_broken)) {
            bool is_piece = token->kind != TOK_NEWLINE;
            if (is_piece && lexer->pos == first_break)
                lexer->line_start = line_start;
            lexer->last = token->kind;
            token->end = is_piece ? lexer->pos : token->start;
            lexer->last_end = token->end;
            return;
        }
    }
    if (at_line || has_break) {
        token->flags |= TOKEN_LINE_FIRST;
        lexer->line_indent = lexer->pos - lexer->line_start;
    }
    lex_token(lexer, token);
    token->end = lexer->pos;
    lexer->last = token->kind;
    lexer->last_end = token->end;
}
