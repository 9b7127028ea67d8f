#include "compiler/syntax/syntax.h"

#include <stdarg.h>
#include <string.h>

#include "compiler/syntax/parser_priv.h"

// ---- tokens ----

// With that many errors or values it is no program; the rest of it would cost time and memory.
static bool is_over(const Parser *p)
{
    return p->errors.count > SYNTAX_ERRORS_MAX || p->expr_count > SYNTAX_VALUES_MAX;
}

void parser_advance(Parser *p)
{
    p->last = p->tok;
    if (is_over(p))
        p->tok = (Token){.kind = TOK_END,
            .flags = TOKEN_BROKEN,
            .start = (uint32_t)p->text.len,
            .end = (uint32_t)p->text.len};
    else
        lexer_next(&p->lexer, &p->tok);
}

bool parser_take(Parser *p, TokenKind kind)
{
    if (p->tok.kind != kind)
        return false;
    parser_advance(p);
    return true;
}

Str parser_text(const Parser *p, const Token *token)
{
    return (Str){p->text.ptr + token->start, token->end - token->start};
}

bool parser_at_word(const Parser *p, const char *word)
{
    return p->tok.kind == TOK_IDENT && str_is(parser_text(p, &p->tok), word);
}

Span parser_span(const Parser *p, uint32_t start)
{
    uint32_t end = p->last.end > start ? p->last.end : start;
    return (Span){p->file, start, end};
}

Word parser_word(const Parser *p, const Token *token)
{
    return (Word){parser_text(p, token), {p->file, token->start, token->end}};
}

// ---- reports ----

Str parser_found(const Parser *p, const Token *token)
{
    unsigned traits = token_traits((TokenKind)token->kind);
    bool is_spelt = (traits & TOKEN_FIXED) || token->kind == TOK_IDENT ||
                    token->kind == TOK_NUMBER || token->kind == TOK_TYPE || token->kind == TOK_GLOB;
    if (!is_spelt)
        return token_text((TokenKind)token->kind);
    return str_format(p->arena, "'%.*s'", STR_FMT(parser_text(p, token)));
}

// One report for each place where parsing stands: what follows from it stays unsaid.
static bool is_quiet(Parser *p)
{
    bool is_same = p->quiet_at == p->tok.start;
    p->quiet_at = p->tok.start;
    return is_same || (p->tok.flags & TOKEN_BROKEN);
}

Diag *parser_report(Parser *p, DiagCode code, uint32_t start, uint32_t end, ...)
{
    if (is_quiet(p))
        return NULL;
    enum { ARGS_MAX = 2 };
    Str args[ARGS_MAX] = {DIAG_END, DIAG_END};
    va_list list;
    va_start(list, end);
    for (size_t i = 0; i < ARGS_MAX; i++) {
        args[i] = va_arg(list, Str);
        if (args[i].len == SIZE_MAX)
            break;
    }
    va_end(list);
    return syntax_report(&p->errors, code, start, end, args[0], args[1], DIAG_END);
}

void parser_note(Parser *p, Diag *diag, uint32_t start, uint32_t end, const char *note)
{
    syntax_note(&p->errors, diag, start, end, note);
}

void parser_fix(Parser *p, Diag *diag, uint32_t start, uint32_t end, Str replacement, bool safe)
{
    syntax_fix(&p->errors, diag, start, end, replacement, safe);
}

Diag *parser_unexpected_token(Parser *p, DiagCode code)
{
    if (is_quiet(p))
        return NULL;
    return syntax_report(
        &p->errors, code, p->tok.start, p->tok.end, parser_found(p, &p->tok), DIAG_END);
}

Diag *parser_unexpected(Parser *p, const char *expected)
{
    // Most are quiet, in a text that is no program at all; then nothing is worded.
    if (is_quiet(p))
        return NULL;
    return syntax_report(&p->errors, DIAG_UNEXPECTED, p->tok.start, p->tok.end,
        parser_found(p, &p->tok), str_of(expected), DIAG_END);
}

bool parser_expect(Parser *p, TokenKind kind, const char *expected)
{
    if (parser_take(p, kind))
        return true;
    // '=>' where ':' or '=' is wanted: the lexer has said so.
    bool is_foreign =
        (p->tok.flags & TOKEN_BROKEN) && (p->tok.kind == TOK_COLON || p->tok.kind == TOK_ASSIGN);
    parser_unexpected(p, expected);
    if (is_foreign)
        parser_advance(p);
    return is_foreign;
}

bool parser_colon(Parser *p, const char *expected)
{
    if (p->tok.kind != TOK_ASSIGN || (p->tok.flags & TOKEN_BROKEN))
        return parser_expect(p, TOK_COLON, expected);
    Diag *diag = parser_report(p, DIAG_ASSIGN_FOR_COLON, p->tok.start, p->tok.end, DIAG_END);
    parser_fix(p, diag, p->last.end, p->tok.end, STR(":"), true);
    parser_advance(p);
    return true;
}

void parser_suggest(Parser *p, Diag *diag, const Str *candidates, size_t count)
{
    Span span = {p->file, p->tok.start, p->tok.end};
    if (diag && p->tok.kind == TOK_IDENT)
        diag_did_you_mean(p->errors.sink, diag, span, parser_text(p, &p->tok), candidates, count);
}

Word parser_name(Parser *p, const char *expected)
{
    Token token = p->tok;
    if (token.kind == TOK_IDENT) {
        parser_advance(p);
        return parser_word(p, &token);
    }
    if (token_traits(token.kind) & TOKEN_WORD) {
        Diag *diag = parser_report(
            p, DIAG_RESERVED_NAME, token.start, token.end, parser_text(p, &token), DIAG_END);
        parser_note(
            p, diag, 0, 0, "reserved are true, false, null, match, for, in, is, if and else");
        parser_advance(p);
        return parser_word(p, &token);
    }
    Diag *diag = parser_unexpected(p, expected);
    if (token.kind == TOK_STRING) {
        parser_note(p, diag, 0, 0, "a name is written without quotes");
        return parse_plain_string(p, expected);
    }
    return (Word){STR(""), {p->file, p->last.end, p->last.end}};
}

// ---- comments that document ----

// One line of it, without the slashes and one blank.
static Str doc_line(Str line)
{
    size_t start = 3;
    if (line.len > start && line.ptr[start] == ' ')
        start++;
    size_t end = line.len;
    while (end > start && (line.ptr[end - 1] == ' ' || line.ptr[end - 1] == '\r'))
        end--;
    return str_slice(line, start, end);
}

Str parser_doc(Parser *p)
{
    const Lexer *lexer = &p->lexer;
    if (!lexer->doc_end)
        return STR("");
    Str all = {p->text.ptr + lexer->doc_start, lexer->doc_end - lexer->doc_start};
    char *out = arena_alloc(p->arena, all.len + 1);
    size_t len = 0;
    for (size_t at = 0; at < all.len;) {
        size_t end = str_find(all, STR("\n"), at);
        Str line = str_trim(str_slice(all, at, end));
        bool is_doc = str_starts(line, STR("///")) && !str_starts(line, STR("////"));
        Str text = is_doc ? doc_line(line) : STR("");
        // Only the lines right before the declaration are its own.
        if (!is_doc)
            len = 0;
        else if (len)
            out[len++] = '\n';
        memcpy(out + len, text.ptr, text.len);
        len += text.len;
        at = end == SIZE_MAX ? all.len : end + 1;
    }
    return (Str){out, len};
}

// ---- depth ----

bool parser_enter(Parser *p)
{
    if (p->depth < SYNTAX_NESTING_MAX) {
        p->depth++;
        return true;
    }
    p->quiet_at = p->tok.start;
    syntax_report_depth(&p->errors, p->tok.start, p->tok.end);
    return false;
}

void parser_report_values(Parser *p)
{
    Str limit = str_format(p->arena, "%d", SYNTAX_VALUES_MAX);
    syntax_report(&p->errors, DIAG_FILE_TOO_MANY_VALUES, p->tok.start, p->tok.end, limit, DIAG_END);
    p->quiet_at = p->tok.start;
}

void parser_leave(Parser *p)
{
    p->depth--;
}

// ---- a file ----

// One attempt: its findings go to a sink of its own.
typedef struct Attempt {
    SyntaxTree *tree;
    DiagSink *sink;
    uint32_t errors;
    bool unbalanced;
} Attempt;

static Attempt attempt_parse(Arena *arena, Arena *scratch, Str text, FileId file, bool layout)
{
    SyntaxTree *tree = ARENA_NEW(arena, SyntaxTree);
    Parser *p = ARENA_NEW(scratch, Parser);
    p->arena = arena;
    p->file = file;
    p->text = text;
    p->layout = layout;
    p->quiet_at = UINT32_MAX;
    p->errors = (SyntaxErrors){.sink = diag_sink_new(scratch), .file = file};
    lexer_init(&p->lexer, text, &p->errors);
    lexer_next(&p->lexer, &p->tok);
    parse_lines(p, NULL, parse_decl, &tree->decls);
    tree->file = file;
    tree->expr_count = p->expr_count;
    tree->decl_count = p->decl_count;
    tree->item_count = p->item_count;
    tree->type_count = p->type_count;
    return (Attempt){tree, p->errors.sink, p->errors.count, p->unbalanced && !is_over(p)};
}

// Does the finding say that a string of its line is not ended? Then a quote is missing or too many
// somewhere in the line, and what else was found in it comes from that.
static bool breaks_line(const Diag *diag)
{
    return diag->code == DIAG_UNTERMINATED_STRING || diag->code == DIAG_UNTERMINATED_INTERPOLATION;
}

// The bounds of its line, in bytes of the file.
static Span line_of(Str text, Span span)
{
    Span line = span;
    while (line.start && text.ptr[line.start - 1] != '\n')
        line.start--;
    while (line.end < text.len && text.ptr[line.end] != '\n')
        line.end++;
    return line;
}

static bool is_within(const Diag *diag, Span line)
{
    return diag->span.start >= line.start && diag->span.start <= line.end;
}

// Findings that the parser may make because of an earlier one in the line.
static bool may_follow(const Diag *diag)
{
    switch (diag->code) {
    case DIAG_UNEXPECTED:
    case DIAG_MISSING_SEPARATOR:
    case DIAG_SAME_LINE:
    case DIAG_UNMATCHED:
    case DIAG_STRAY_CHARACTER:
    case DIAG_MINUS_WITHOUT_BLANKS:
    case DIAG_BLOCK_COMMENT:
    case DIAG_RESERVED_NAME:
    case DIAG_UNKNOWN_DECLARATION:
    case DIAG_MISSING_TYPE:
    case DIAG_MISSING_VALUE:
    case DIAG_BAD_NUMBER:
    case DIAG_FOREIGN_OPERATOR:
    case DIAG_CHAINED_COMPARISON:
        return true;
    default:
        return false;
    }
}

// Behind which the parser does not know for sure where it stands in the line.
static bool confuses_line(const Diag *diag)
{
    switch (diag->code) {
    case DIAG_UNEXPECTED:
    case DIAG_MISSING_SEPARATOR:
    case DIAG_SAME_LINE:
    case DIAG_UNCLOSED:
    case DIAG_STRAY_CHARACTER:
    case DIAG_FOREIGN_OPERATOR:
    case DIAG_MINUS_WITHOUT_BLANKS:
    case DIAG_BAD_NUMBER:
    case DIAG_BAD_NAME:
    case DIAG_HASH_COMMENT:
    case DIAG_RESERVED_NAME:
    case DIAG_MISSING_VALUE:
    case DIAG_ASSIGN_FOR_COLON:
        return true;
    default:
        return false;
    }
}

// Does the next finding stand at the head of the line behind the one that this one ends? So it is
// with `resource` whose name is on the next line, or an operator without a right side.
static bool runs_on(const Diag *diag, const Diag *next, Str text)
{
    // A '#' took the rest of its line along.
    bool is_hash = diag->code == DIAG_HASH_COMMENT;
    size_t at = is_hash ? line_of(text, diag->span).end : diag->span.end;
    while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t' || text.ptr[at] == '\r'))
        at++;
    if (at < text.len && text.ptr[at] != '\n')
        return false;
    while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t' || text.ptr[at] == '\r' ||
                                text.ptr[at] == '\n'))
        at++;
    bool is_head = next->code == DIAG_UNEXPECTED || next->code == DIAG_UNKNOWN_DECLARATION ||
                   next->code == DIAG_MISSING_SEPARATOR;
    return next->span.start == at && is_head;
}

// Marks what follows from the first thing in its line that was unexpected.
static void drop_unexpected(DiagList list, Str text, bool *dropped)
{
    for (size_t i = 0; i < list.len; i++) {
        const Diag *diag = list.items[i];
        if (dropped[i] || !confuses_line(diag))
            continue;
        Span line = line_of(text, diag->span);
        // Several separators may be missing.
        bool is_separator = diag->code == DIAG_MISSING_SEPARATOR;
        for (size_t j = i + 1; j < list.len && is_within(list.items[j], line); j++)
            if (may_follow(list.items[j]) &&
                !(is_separator && list.items[j]->code == DIAG_MISSING_SEPARATOR))
                dropped[j] = true;
        size_t next = i + 1;
        while (next < list.len && dropped[next])
            next++;
        if (next < list.len && runs_on(diag, list.items[next], text))
            dropped[next] = true;
    }
}

// Is the bracket not closed because the next one, which cannot stand in it, took what closes it:
// `{(`? Or because it cannot stand there itself?
static bool is_doubled(const Diag *unclosed, const Diag *next, Str text)
{
    size_t at = unclosed->span.end;
    while (at < text.len && text.ptr[at] == ' ')
        at++;
    char c = at < text.len ? text.ptr[at] : '\0';
    return next->span.start == unclosed->span.start ||
           (next->span.start == at && (c == '{' || c == '(' || c == '['));
}

// Of what a bracket that is not closed is told by twice, marks what says less: the bracket, or
// where what closes it was found.
static void drop_doubled(DiagList list, Str text, bool *dropped)
{
    for (size_t i = 0; i + 1 < list.len; i++) {
        const Diag *diag = list.items[i];
        const Diag *next = list.items[i + 1];
        bool is_second = diag->code == DIAG_UNEXPECTED && next->code == DIAG_UNCLOSED;
        if (is_second) {
            dropped[i + 1] = next->span.start == diag->span.start;
            continue;
        }
        if (dropped[i] || diag->code != DIAG_UNCLOSED)
            continue;
        if (next->code == DIAG_HASH_COMMENT)
            dropped[i] = is_within(next, line_of(text, diag->span));
        if (next->code != DIAG_UNEXPECTED)
            continue;
        Str found = next->args.items[0];
        if (is_doubled(diag, next, text))
            dropped[i] = true;
        else if (found.len == 3 && str_equal(str_slice(found, 1, 2), diag->args.items[1]))
            dropped[i + 1] = true;
    }
}

// Marks those of the list that follow from a broken line.
static void drop_followers(DiagList list, Str text, bool *dropped)
{
    for (size_t i = 0; i < list.len; i++) {
        if (!breaks_line(list.items[i]) || dropped[i])
            continue;
        Span line = line_of(text, list.items[i]->span);
        for (size_t j = i; j-- > 0 && is_within(list.items[j], line);)
            dropped[j] = true;
        for (size_t j = i + 1; j < list.len && is_within(list.items[j], line); j++)
            dropped[j] = true;
    }
}

// Marks brackets that close nothing behind one that is not closed, or behind what should have stood
// in a body: they are the two ends of one mistake. What was unexpected may be such a body, once.
static void drop_unmatched(DiagList list, bool *dropped)
{
    bool is_other_end = false;
    size_t unexpected = 0;
    for (size_t i = 0; i < list.len; i++) {
        DiagCode code = list.items[i]->code;
        is_other_end |= code == DIAG_UNCLOSED || code == DIAG_UNKNOWN_DECLARATION;
        unexpected += code == DIAG_UNEXPECTED && !dropped[i];
        if (code != DIAG_UNMATCHED || dropped[i] || (!is_other_end && !unexpected))
            continue;
        dropped[i] = true;
        if (!is_other_end)
            unexpected--;
    }
}

static void pass_on(Arena *scratch, DiagSink *from, DiagSink *to, Str text)
{
    DiagList list = diag_sorted(from);
    bool *dropped = ARENA_ARRAY(scratch, bool, list.len);
    drop_followers(list, text, dropped);
    drop_doubled(list, text, dropped);
    drop_unexpected(list, text, dropped);
    drop_unmatched(list, dropped);
    for (size_t i = 0; i < list.len; i++) {
        const Diag *diag = list.items[i];
        if (dropped[i])
            continue;
        Diag *copy = diag_add_list(to, diag->code, diag->span, diag->args.items, diag->args.len);
        for (size_t j = 0; j < diag->notes.len; j++)
            diag_note(
                to, copy, diag->notes.items[j].span, "%.*s", STR_FMT(diag->notes.items[j].text));
        for (size_t j = 0; j < diag->fixes.len; j++)
            diag_fix(to, copy, diag->fixes.items[j].span, diag->fixes.items[j].replacement,
                diag->fixes.items[j].safe);
    }
}

const SyntaxTree *syntax_parse(Arena *arena, const Sources *sources, FileId file, DiagSink *diags)
{
    Arena *scratch = arena_new();
    Str text = source_text(sources, file);
    Attempt best = attempt_parse(arena, scratch, text, file, false);
    // Where a bracket is missing or too many the indentation tells where; it is not asked
    // otherwise.
    if (best.unbalanced) {
        Attempt other = attempt_parse(arena, scratch, text, file, true);
        if (other.errors <= best.errors)
            best = other;
    }
    pass_on(scratch, best.sink, diags, text);
    arena_free(scratch);
    return best.tree;
}
