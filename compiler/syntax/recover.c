// What keeps one mistake from causing others: brackets, separators, and where to go on.

#include "compiler/syntax/lexer_priv.h"
#include "compiler/syntax/parser_priv.h"

// ---- where things end ----

bool parser_at_declaration(const Parser *p)
{
    if (p->tok.kind == TOK_NEWLINE)
        return lexer_declares(&p->lexer, p->lexer.pos);
    return p->tok.kind == TOK_IDENT && lexer_declares(&p->lexer, p->tok.start);
}

static bool is_bracket(TokenKind kind)
{
    return kind == TOK_RBRACE || kind == TOK_RPAREN || kind == TOK_RBRACKET;
}

// Where the line begins that the token begins; UINT32_MAX when it begins none.
static uint32_t line_column(const Parser *p)
{
    if (p->tok.kind == TOK_NEWLINE)
        return p->lexer.pos - p->lexer.line_start;
    return p->tok.flags & TOKEN_LINE_FIRST ? p->lexer.line_indent : UINT32_MAX;
}

// `name:` behind the token, or behind the line break.
static bool at_key(const Parser *p)
{
    uint32_t pos = p->tok.kind == TOK_NEWLINE ? p->lexer.pos : p->tok.start;
    if (!lex_is_letter(lex_at(&p->lexer, pos)))
        return false;
    while (lex_is_word(lex_at(&p->lexer, pos)) || lex_at(&p->lexer, pos) == '-')
        pos++;
    return lex_at(&p->lexer, pos) == ':' && lex_at(&p->lexer, pos + 1) != ':';
}

Opener parser_open(Parser *p)
{
    TokenKind closer = token_closer((TokenKind)p->tok.kind);
    Opener opener = {p->tok.start, p->lexer.line_indent, p->inner_start[closer],
        p->inner_indent[closer], p->tok.kind};
    p->open[closer]++;
    p->inner_start[closer] = opener.start;
    p->inner_indent[closer] = opener.indent;
    parser_advance(p);
    return opener;
}

// Where it was noticed: at the token, or at the first one of the next line.
static void note_what_follows(Parser *p, Diag *diag)
{
    uint32_t start = p->tok.start;
    uint32_t end = p->tok.end;
    if (p->tok.kind == TOK_NEWLINE) {
        start = p->lexer.pos;
        for (end = start + 1; lex_is_word(lex_at(&p->lexer, end)); end++)
            continue;
    }
    parser_note(p, diag, start, end, "something else begins here");
}

static void report_unclosed(Parser *p, const Opener *opener)
{
    uint32_t start = opener->start;
    TokenKind kind = (TokenKind)opener->kind;
    // A '}' further left than the line of its '{' was meant for another one.
    if (p->has_suspect && p->suspect > start) {
        start = p->suspect;
        kind = TOK_LBRACE;
    }
    Diag *diag = parser_report(p, DIAG_UNCLOSED, start, start + 1, token_text(kind),
        token_text(token_closer(kind)), DIAG_END);
    if (diag && p->tok.kind != TOK_END)
        note_what_follows(p, diag);
    p->unbalanced = true;
    p->has_suspect = false;
}

// Does the bracket at the token close this one, though it is of another kind? So it is when both
// stand in one line, or begin their lines in one column, and what it would close does not.
static bool is_wrong_kind(const Parser *p, const Opener *opener)
{
    TokenKind kind = (TokenKind)p->tok.kind;
    bool is_other = is_bracket(kind) && kind != token_closer((TokenKind)opener->kind);
    if (!is_other || !p->open[kind] || p->inner_start[kind] > opener->start)
        return false;
    uint32_t column = line_column(p);
    if (column != UINT32_MAX)
        return column == opener->indent && column != p->inner_indent[kind];
    return opener->start >= p->lexer.line_start && p->inner_start[kind] < p->lexer.line_start;
}

void parser_close(Parser *p, const Opener *opener)
{
    TokenKind closer = token_closer((TokenKind)opener->kind);
    p->open[closer]--;
    p->inner_start[closer] = opener->outer_start;
    p->inner_indent[closer] = opener->outer_indent;
    if (is_wrong_kind(p, opener)) {
        Str expected = str_format(p->arena, "'%.*s'", STR_FMT(token_text(closer)));
        Diag *diag = parser_unexpected(p, expected.ptr);
        parser_note(p, diag, opener->start, opener->start + 1, "it closes this bracket");
        parser_fix(p, diag, p->tok.start, p->tok.end, token_text(closer), false);
        parser_advance(p);
        return;
    }
    if (p->tok.kind != closer) {
        report_unclosed(p, opener);
        return;
    }
    bool is_left = closer == TOK_RBRACE && line_column(p) < opener->indent;
    if (is_left && !(p->has_suspect && p->suspect > opener->start)) {
        p->has_suspect = true;
        p->suspect = opener->start;
    }
    parser_advance(p);
}

// Is the closing bracket at the token one too many? It is when none of its kind is open; and when
// something is wrong in its line, or somewhere in the file, and the lines that follow stand still
// within what it would close.
static bool is_stray_closer(const Parser *p)
{
    TokenKind kind = (TokenKind)p->tok.kind;
    if (!is_bracket(kind))
        return false;
    if (!p->open[kind])
        return true;
    bool is_odd_line = p->errors.count && p->errors.last >= p->lexer.line_start;
    if ((p->tok.flags & TOKEN_LINE_FIRST) || p->inner_start[kind] >= p->lexer.line_start ||
        !(p->layout || is_odd_line))
        return false;
    uint32_t column;
    char next = lexer_peek_line(&p->lexer, &column);
    char closer = p->text.ptr[p->tok.start];
    return next &&
           (column > p->inner_indent[kind] || (next == closer && column == p->inner_indent[kind]));
}

// ---- skipping ----

// Brackets and pieces of strings: +1, -1, 0.
static int nesting(TokenKind kind)
{
    unsigned traits = token_traits(kind);
    return traits & TOKEN_OPENS ? 1 : traits & TOKEN_CLOSES ? -1 : 0;
}

void parser_skip_entry(Parser *p)
{
    uint32_t depth = 0;
    for (;; parser_advance(p)) {
        TokenKind kind = (TokenKind)p->tok.kind;
        int step = nesting(kind);
        bool is_stray = !depth && is_stray_closer(p);
        if (kind == TOK_END || (kind == TOK_NEWLINE && parser_at_declaration(p)))
            return;
        if (!depth && (kind == TOK_COMMA || kind == TOK_NEWLINE || kind == TOK_STRING_MIDDLE ||
                          (step < 0 && !is_stray)))
            return;
        if (step > 0)
            depth++;
        else if (step < 0 && depth)
            depth--;
    }
}

void parser_skip_line(Parser *p)
{
    uint32_t depth = 0;
    uint32_t indent = p->lexer.line_indent;
    for (;; parser_advance(p)) {
        TokenKind kind = (TokenKind)p->tok.kind;
        int step = nesting(kind);
        if (kind == TOK_END)
            return;
        if (kind == TOK_NEWLINE &&
            (!depth || (parser_at_declaration(p) && line_column(p) <= indent)))
            return;
        if (!depth && is_bracket(kind))
            return;
        if (step > 0)
            depth++;
        else if (step < 0 && depth)
            depth--;
    }
}

// ---- lists in brackets ----

static void report_unmatched(Parser *p)
{
    if (p->unknown_run)
        p->quiet_at = p->tok.start;
    parser_report(
        p, DIAG_UNMATCHED, p->tok.start, p->tok.end, token_text((TokenKind)p->tok.kind), DIAG_END);
    p->unbalanced = true;
    parser_advance(p);
}

// Is the list over at this token, rightly or because its bracket is missing?
static bool sequence_ends(Parser *p, const Opener *opener, bool keyed)
{
    TokenKind kind = (TokenKind)p->tok.kind;
    while (is_stray_closer(p)) {
        report_unmatched(p);
        kind = (TokenKind)p->tok.kind;
    }
    if (is_bracket(kind) || kind == TOK_END || kind == TOK_STRING_MIDDLE || kind == TOK_STRING_TAIL)
        return true;
    uint32_t column = line_column(p);
    // The braces behind a component's or function's inputs.
    if (keyed && opener->kind == TOK_LPAREN && kind == TOK_LBRACE)
        return true;
    if (column == UINT32_MAX)
        return kind == TOK_IDENT && p->last.start == opener->start && parser_at_declaration(p);
    if (parser_at_declaration(p) || (p->layout && column <= opener->indent))
        return true;
    return !keyed && p->open[TOK_RBRACE] && at_key(p);
}

// Behind an entry: moves over what parts it from the next one.
static void sequence_next(Parser *p, const Opener *opener, const Sequence *sequence, bool moved)
{
    if (sequence_ends(p, opener, sequence->keyed))
        return;
    TokenKind kind = (TokenKind)p->tok.kind;
    if (kind == TOK_COMMA || kind == TOK_NEWLINE) {
        parser_advance(p);
        return;
    }
    bool begins = (token_traits(kind) & TOKEN_VALUE) || kind == TOK_ELLIPSIS || kind == TOK_FOR ||
                  kind == TOK_AT;
    if (moved && begins && (token_traits((TokenKind)p->last.kind) & TOKEN_ENDS)) {
        Diag *diag = parser_unexpected_token(p, DIAG_MISSING_SEPARATOR);
        parser_fix(p, diag, p->last.end, p->last.end, STR(","), true);
        return;
    }
    const char *end = opener->kind == TOK_LBRACE   ? "',', a line break or '}'"
                      : opener->kind == TOK_LPAREN ? "',', a line break or ')'"
                                                   : "',', a line break or ']'";
    parser_unexpected(p, moved ? end : sequence->entry);
    parser_skip_entry(p);
    if (parser_at(p, TOK_COMMA) || (parser_at(p, TOK_NEWLINE) && !parser_at_declaration(p)))
        parser_advance(p);
}

void parse_sequence(Parser *p, const Sequence *sequence)
{
    Opener opener = parser_open(p);
    while (!sequence_ends(p, &opener, sequence->keyed)) {
        uint32_t before = p->tok.start;
        sequence->parse(p, sequence->context);
        sequence_next(p, &opener, sequence, p->tok.start != before);
    }
    parser_close(p, &opener);
}

// ---- lines of a block ----

// Is the block left without its '}'? Words of the top of a file say so, in a line that does not
// stand further right than the block's own; so does any word when indentation is asked.
static bool leaves_block(const Parser *p, const Opener *opener)
{
    uint32_t column = line_column(p);
    if (!opener || column == UINT32_MAX || column > opener->indent)
        return false;
    if (p->layout)
        return true;
    return parser_at_declaration(p) && word_is_top(word_find(parser_text(p, &p->tok)));
}

// A word that begins a declaration on the same line as the last one.
static bool begins_line(const Parser *p)
{
    return parser_at_declaration(p) || parser_at(p, TOK_IF) || parser_at(p, TOK_FOR) ||
           parser_at(p, TOK_AT);
}

static void line_next(Parser *p)
{
    TokenKind kind = (TokenKind)p->tok.kind;
    if (kind == TOK_NEWLINE || kind == TOK_END || kind == TOK_RBRACE ||
        (p->tok.flags & TOKEN_LINE_FIRST))
        return;
    if (begins_line(p)) {
        Diag *diag = parser_unexpected_token(p, DIAG_SAME_LINE);
        parser_fix(p, diag, p->last.end, p->tok.start, STR("\n"), true);
        return;
    }
    parser_unexpected(p, "a line break");
    parser_skip_line(p);
}

void parse_lines(
    Parser *p, const Opener *opener, void (*parse)(Parser *p, void *context), void *context)
{
    for (;;) {
        TokenKind kind = (TokenKind)p->tok.kind;
        if (kind == TOK_NEWLINE) {
            parser_advance(p);
        } else if (kind == TOK_END || (opener && kind == TOK_RBRACE) || leaves_block(p, opener)) {
            return;
        } else if (is_bracket(kind)) {
            report_unmatched(p);
        } else {
            uint32_t before = p->tok.start;
            parse(p, context);
            if (p->tok.start == before && p->tok.kind == kind)
                parser_skip_line(p);
            line_next(p);
        }
    }
}

bool parser_at_body(Parser *p, const char *expected)
{
    if (p->tok.kind == TOK_LBRACE)
        return true;
    bool is_odd = p->tok.kind == TOK_IDENT || p->tok.kind == TOK_COLON ||
                  p->tok.kind == TOK_ASSIGN || p->tok.kind == TOK_NEWLINE;
    if (!is_odd || lexer_peek(&p->lexer) != '{') {
        parser_unexpected(p, expected);
        return false;
    }
    if (p->tok.kind != TOK_NEWLINE) {
        // One word too many, as in `if x then {`.
        parser_unexpected(p, expected);
        parser_advance(p);
        return p->tok.kind == TOK_LBRACE;
    }
    uint32_t brace = p->lexer.pos;
    Diag *diag = parser_report(p, DIAG_BODY_ON_NEXT_LINE, brace, brace + 1, DIAG_END);
    parser_fix(p, diag, p->last.end, brace, STR(" "), true);
    parser_advance(p);
    return true;
}
