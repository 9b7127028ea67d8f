#include <string.h>

#include "compiler/syntax/lexer_priv.h"
#include "compiler/syntax/parser_priv.h"

// ---- nodes ----

Expr *parser_new_expr(Parser *p, ExprKind kind, uint32_t start)
{
    Expr *expr = ARENA_NEW(p->arena, Expr);
    expr->kind = kind;
    expr->id = p->expr_count++;
    if (expr->id == SYNTAX_VALUES_MAX)
        parser_report_values(p);
    expr->span = (Span){p->file, start, start};
    return expr;
}

static Expr *finish(const Parser *p, Expr *expr)
{
    expr->span = parser_span(p, expr->span.start);
    return expr;
}

static Expr *error_expr(Parser *p)
{
    p->height = 0;
    return parser_new_expr(p, EXPR_ERROR, p->last.end);
}

// A node above `left`, whose height is given: loops make trees as deep as they are long, so they
// ask whether there is room. NULL when there is none, reported.
static Expr *new_above(Parser *p, ExprKind kind, const Expr *left, uint32_t height)
{
    if (height > p->height)
        p->height = height;
    if (p->height >= SYNTAX_NESTING_MAX) {
        syntax_report_depth(&p->errors, p->last.start, p->last.end);
        return NULL;
    }
    p->height++;
    return parser_new_expr(p, kind, left->span.start);
}

// ---- strings ----

static void add_text_part(Parser *p, StringPart *parts, size_t *count, const Token *token)
{
    uint32_t quote = (uint32_t)quote_text((Quote)token->quote).len;
    bool is_first = token->kind == TOK_STRING || token->kind == TOK_STRING_HEAD;
    bool is_last = token->kind == TOK_STRING || token->kind == TOK_STRING_TAIL;
    // A piece that is broken may lack what it begins or ends with; nobody reads such a text.
    uint32_t start = token->start + (is_first ? quote : 1);
    uint32_t end = token->end - (is_last ? quote : 2);
    if ((token->flags & TOKEN_BROKEN) || start >= end || end > token->end)
        return;
    parts[(*count)++] =
        (StringPart){{p->text.ptr + start, end - start}, NULL, {p->file, start, end}};
}

// Parts without text are left out; `"""` loses some of them to its indentation.
static void set_parts(Parser *p, Expr *expr, Quote quote, StringPart *parts, size_t count)
{
    string_undo(p->arena, quote, parts, count);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (parts[i].expr || parts[i].text.len)
            parts[kept++] = parts[i];
    expr->string.items = parts;
    expr->string.len = kept;
}

// The expression of a `${`, up to its '}'.
static Expr *parse_interpolation(Parser *p, bool is_text)
{
    TokenKind kind = (TokenKind)p->tok.kind;
    if (kind == TOK_STRING_MIDDLE || kind == TOK_STRING_TAIL) {
        parser_report(p, DIAG_EMPTY_INTERPOLATION, p->last.end - 2, p->tok.start + 1, DIAG_END);
        return error_expr(p);
    }
    Expr *expr = parse_expr(p);
    kind = (TokenKind)p->tok.kind;
    if (kind == TOK_STRING_MIDDLE || kind == TOK_STRING_TAIL)
        return expr;
    Diag *diag = parser_unexpected(p, "'}'");
    if (is_text)
        parser_note(p, diag, 0, 0, "a shell's own '${' is written '$${'");
    while (kind != TOK_STRING_MIDDLE && kind != TOK_STRING_TAIL && kind != TOK_END) {
        uint32_t before = p->tok.start;
        parser_skip_entry(p);
        kind = (TokenKind)p->tok.kind;
        if (p->tok.start == before && kind != TOK_STRING_MIDDLE && kind != TOK_STRING_TAIL)
            parser_advance(p);
        kind = (TokenKind)p->tok.kind;
    }
    return expr;
}

// string = STRING | STRING_HEAD expr { STRING_MIDDLE expr } STRING_TAIL
Expr *parse_string(Parser *p)
{
    Expr *expr = parser_new_expr(p, EXPR_STRING, p->tok.start);
    Quote quote = (Quote)p->tok.quote;
    if (p->tok.kind == TOK_STRING && (p->tok.flags & TOKEN_BROKEN)) {
        expr->kind = EXPR_ERROR;
        parser_advance(p);
        p->height = 0;
        return finish(p, expr);
    }
    if (p->tok.kind == TOK_STRING) {
        StringPart part;
        size_t count = 0;
        add_text_part(p, &part, &count, &p->tok);
        parser_advance(p);
        if (count)
            set_parts(p, expr, quote, arena_copy(p->arena, &part, sizeof part), count);
        p->height = 0;
        return finish(p, expr);
    }
    VEC(StringPart) parts = {0};
    uint32_t height = 0;
    while (p->tok.kind == TOK_STRING_HEAD || p->tok.kind == TOK_STRING_MIDDLE) {
        StringPart part;
        size_t count = 0;
        add_text_part(p, &part, &count, &p->tok);
        if (count)
            VEC_ADD(p->arena, &parts, part);
        parser_advance(p);
        Expr *inner = parse_interpolation(p, quote == QUOTE_TEXT);
        VEC_ADD(p->arena, &parts, ((StringPart){STR(""), inner, inner->span}));
        height = p->height > height ? p->height : height;
    }
    bool is_whole = p->tok.kind == TOK_STRING_TAIL && !(p->tok.flags & TOKEN_BROKEN);
    if (p->tok.kind == TOK_STRING_TAIL) {
        StringPart part;
        size_t count = 0;
        add_text_part(p, &part, &count, &p->tok);
        if (count)
            VEC_ADD(p->arena, &parts, part);
        parser_advance(p);
    }
    if (is_whole)
        set_parts(p, expr, quote, parts.items, parts.len);
    else
        expr->kind = EXPR_ERROR;
    p->height = height + 1;
    return finish(p, expr);
}

Word parse_plain_string(Parser *p, const char *expected)
{
    Token token = p->tok;
    if (token.kind != TOK_STRING && token.kind != TOK_STRING_HEAD) {
        parser_unexpected(p, expected);
        return (Word){STR(""), {p->file, p->last.end, p->last.end}};
    }
    if (token.kind == TOK_STRING_HEAD)
        parser_report(p, DIAG_NOT_PLAIN_TEXT, token.start, token.end, DIAG_END);
    uint32_t ids = p->expr_count;
    Expr *expr = parse_string(p);
    Str text = STR("");
    if (expr->kind == EXPR_STRING && expr->string.len && !expr->string.items[0].expr)
        text = expr->string.items[0].text;
    // Its node is in no tree, so it must not leave a gap among the ids.
    p->expr_count = ids;
    return (Word){text, expr->span};
}

// ---- what an expression begins with ----

static Expr *parse_literal(Parser *p, ExprKind kind)
{
    Expr *expr = parser_new_expr(p, kind, p->tok.start);
    if (kind == EXPR_NUMBER && (p->tok.flags & TOKEN_BROKEN))
        expr->kind = EXPR_ERROR;
    else if (kind == EXPR_BOOL)
        expr->boolean = p->tok.kind == TOK_TRUE;
    else if (kind == EXPR_NUMBER)
        expr->number = parser_text(p, &p->tok);
    else if (kind == EXPR_NAME)
        expr->name = parser_text(p, &p->tok);
    parser_advance(p);
    p->height = 0;
    return finish(p, expr);
}

// '(' expr ')': the brackets leave no node, but belong to the span.
static Expr *parse_group(Parser *p)
{
    uint32_t start = p->tok.start;
    Opener opener = parser_open(p);
    Expr *expr = parse_expr(p);
    if (p->tok.kind != TOK_RPAREN && p->tok.kind != TOK_LBRACE &&
        !(token_traits((TokenKind)p->tok.kind) & TOKEN_CLOSES) && p->tok.kind != TOK_END &&
        p->tok.kind != TOK_NEWLINE && !parser_at_declaration(p)) {
        parser_unexpected(p, "')'");
        parser_skip_entry(p);
    }
    parser_close(p, &opener);
    expr->span = parser_span(p, start);
    return expr;
}

static Expr *parse_container(Parser *p, ExprKind kind, ItemMode mode)
{
    Expr *expr = parser_new_expr(p, kind, p->tok.start);
    parse_items(p, mode, &expr->items);
    p->height++;
    return finish(p, expr);
}

// What somebody who wrote this token here may have wanted, or NULL.
static const char *operand_hint(const Parser *p)
{
    switch ((TokenKind)p->tok.kind) {
    case TOK_TYPE:
        return "a type's name as a value is written in quotes";
    case TOK_GLOB:
        return "a pattern stands behind 'on' and in the arms of 'match'";
    case TOK_IF:
        return "'condition ? value : other' chooses between values";
    case TOK_FOR:
        return "'[for x in list: value]' makes a list, '{ for k, v in map: \"${k}\": v }' a map";
    case TOK_ELLIPSIS:
        return "a spread stands in lists and maps only";
    case TOK_MINUS:
        return "a sign touches what it belongs to";
    default:
        return NULL;
    }
}

static Expr *parse_no_operand(Parser *p)
{
    Diag *diag = parser_unexpected(p, "a value");
    parser_note(p, diag, 0, 0, operand_hint(p));
    TokenKind kind = (TokenKind)p->tok.kind;
    Expr *expr = error_expr(p);
    bool is_word = kind == TOK_TYPE || kind == TOK_GLOB || kind == TOK_ERROR;
    // A word in place of the value, or an operator too many.
    if (is_word || token_priority(kind)) {
        parser_advance(p);
        if (!is_word && (token_traits((TokenKind)p->tok.kind) & TOKEN_VALUE) &&
            !(p->tok.flags & TOKEN_LINE_FIRST))
            return parse_expr(p);
    } else if (kind == TOK_IF || kind == TOK_FOR || kind == TOK_ELLIPSIS) {
        parser_skip_entry(p);
    }
    return finish(p, expr);
}

// primary = IDENT | NUMBER | string | 'true' | 'false' | 'null' | '(' expr ')' | list | map | match
static Expr *parse_primary(Parser *p)
{
    switch ((TokenKind)p->tok.kind) {
    case TOK_IDENT:
        // An operator at the end of a line, and the next line begins a declaration.
        if ((p->tok.flags & TOKEN_LINE_FIRST) && parser_at_declaration(p)) {
            parser_report(p, DIAG_UNEXPECTED, p->last.end, p->last.end, token_text(TOK_NEWLINE),
                STR("a value"), DIAG_END);
            return error_expr(p);
        }
        return parse_literal(p, EXPR_NAME);
    case TOK_NUMBER:
        return parse_literal(p, EXPR_NUMBER);
    case TOK_TRUE:
    case TOK_FALSE:
        return parse_literal(p, EXPR_BOOL);
    case TOK_NULL:
        return parse_literal(p, EXPR_NULL);
    case TOK_ERROR:
        return parse_literal(p, EXPR_ERROR);
    case TOK_STRING:
    case TOK_STRING_HEAD:
        return parse_string(p);
    case TOK_LPAREN:
        return parse_group(p);
    case TOK_LBRACKET:
        return parse_container(p, EXPR_LIST, ITEMS_LIST);
    case TOK_LBRACE:
        return parse_container(p, EXPR_MAP, ITEMS_MAP);
    case TOK_MATCH:
        return parse_match(p);
    default:
        return parse_no_operand(p);
    }
}

// ---- what follows an operand ----

static void parse_argument(Parser *p, void *context)
{
    ExprList *args = context;
    Expr *arg = parse_expr(p);
    VEC_ADD(p->arena, args, arg);
}

typedef struct Arguments {
    ExprList *args;
    uint32_t height;
} Arguments;

static void parse_measured_argument(Parser *p, void *context)
{
    Arguments *arguments = context;
    parse_argument(p, arguments->args);
    if (p->height > arguments->height)
        arguments->height = p->height;
}

void parse_arguments(Parser *p, ExprList *args)
{
    Arguments arguments = {args, 0};
    parse_sequence(p, &(Sequence){"an argument", false, parse_measured_argument, &arguments});
    p->height = arguments.height;
}

// `map.in`: a reserved word behind the point, which is over.
static Word parse_reserved_member(Parser *p, const Expr *object)
{
    Token token = p->tok;
    Str name = parser_text(p, &token);
    Diag *diag = parser_report(p, DIAG_RESERVED_NAME, token.start, token.end, name, DIAG_END);
    if (object->kind == EXPR_NAME && str_is(object->name, "cfn"))
        parser_note(p, diag, 0, 0, "'condition ? a : b' becomes Fn::If");
    else
        parser_fix(p, diag, p->last.start, token.end,
            str_format(p->arena, "[\"%.*s\"]", STR_FMT(name)), false);
    parser_advance(p);
    return parser_word(p, &token);
}

// '.' IDENT
static Word parse_member_name(Parser *p, const Expr *object)
{
    if ((token_traits((TokenKind)p->tok.kind) & TOKEN_WORD) && !(p->tok.flags & TOKEN_LINE_FIRST))
        return parse_reserved_member(p, object);
    if (p->tok.kind == TOK_NUMBER) {
        Diag *diag = parser_unexpected(p, "a name behind '.'");
        Str index = str_format(p->arena, "[%.*s]", STR_FMT(parser_text(p, &p->tok)));
        parser_fix(p, diag, p->last.start, p->tok.end, index, false);
        parser_advance(p);
        return (Word){STR(""), {p->file, p->last.end, p->last.end}};
    }
    if (p->tok.flags & TOKEN_LINE_FIRST) {
        parser_unexpected(p, "a name behind '.'");
        return (Word){STR(""), {p->file, p->last.end, p->last.end}};
    }
    return parser_name(p, "a name behind '.'");
}

static Expr *parse_member(Parser *p, Expr *object)
{
    uint32_t height = p->height;
    parser_advance(p);
    Word name = parse_member_name(p, object);
    Expr *expr = new_above(p, EXPR_MEMBER, object, height);
    if (!expr)
        return object;
    if (!name.text.len) {
        expr->kind = EXPR_ERROR;
        return finish(p, expr);
    }
    expr->member.object = object;
    expr->member.name = name;
    return finish(p, expr);
}

// The expression in `[ … ]`.
static Expr *parse_index_value(Parser *p)
{
    Opener opener = parser_open(p);
    Expr *index = parse_expr(p);
    if (p->tok.kind == TOK_COMMA || p->tok.kind == TOK_COLON) {
        Diag *diag = parser_unexpected(p, "']'");
        if (p->tok.kind == TOK_COLON)
            parser_note(p, diag, 0, 0, "'slice(list, from, to)' takes a part of a list");
        while (p->tok.kind == TOK_COMMA || p->tok.kind == TOK_COLON) {
            parser_advance(p);
            parser_skip_entry(p);
        }
    }
    parser_close(p, &opener);
    return index;
}

static Expr *parse_index(Parser *p, Expr *object)
{
    uint32_t height = p->height;
    Expr *index = parse_index_value(p);
    Expr *expr = new_above(p, EXPR_INDEX, object, height);
    if (!expr)
        return object;
    expr->index.object = object;
    expr->index.index = index;
    return finish(p, expr);
}

static Expr *parse_call(Parser *p, Expr *callee)
{
    uint32_t height = p->height;
    ExprList args = {0};
    parse_arguments(p, &args);
    Expr *expr = new_above(p, EXPR_CALL, callee, height);
    if (!expr)
        return callee;
    expr->call.callee = callee;
    expr->call.args = args;
    return finish(p, expr);
}

// postfix = primary { '.' IDENT | '[' expr ']' | '(' args ')' }
static Expr *parse_postfix(Parser *p)
{
    Expr *expr = parse_primary(p);
    for (;;) {
        if (p->tok.kind == TOK_DOT)
            expr = parse_member(p, expr);
        else if (p->tok.kind == TOK_LBRACKET)
            expr = parse_index(p, expr);
        else if (p->tok.kind == TOK_LPAREN)
            expr = parse_call(p, expr);
        else
            return expr;
    }
}

// path = IDENT { '.' IDENT | '[' expr ']' }
Path *parse_path(Parser *p)
{
    if (p->tok.kind != TOK_IDENT) {
        Word name = parser_name(p, "a name");
        Expr *expr = parser_new_expr(p, EXPR_ERROR, name.span.start);
        return finish(p, expr);
    }
    Expr *expr = parse_literal(p, EXPR_NAME);
    for (;;) {
        if (p->tok.kind == TOK_DOT)
            expr = parse_member(p, expr);
        else if (p->tok.kind == TOK_LBRACKET)
            expr = parse_index(p, expr);
        else
            return expr;
    }
}

// ---- operators ----

typedef struct TagRow {
    const char *tag;
    const char *instead;
} TagRow;

static const TagRow yaml_tags[] = {
    {"Ref", "Name"},
    {"GetAtt", "Name.Attribute"},
    {"Sub", "\"…${Name}…\""},
    {"If", "condition ? a : b"},
    {"Join", "join(…)"},
    {"Select", "list[index]"},
    {"Split", "split(…)"},
    {"FindInMap", "Mapping[key][key]"},
    {"ImportValue", "importValue(…)"},
    {"Base64", "base64(…)"},
    {"Cidr", "cidr(…)"},
    {"GetAZs", "azs(…)"},
    {"Equals", "a == b"},
    {"And", "a && b"},
    {"Or", "a || b"},
    {"Not", "!a"},
    {"Condition", "Name"},
    {"Transform", "transform(…)"},
    {"Length", "length(…)"},
    {"ToJsonString", "toJsonString(…)"},
};

// `!Ref Name`, at the '!': what stands instead of it, or NULL. With nothing behind the word it is
// the negation of a name.
static const char *yaml_tag(const Parser *p, uint32_t *end)
{
    uint32_t pos = p->tok.end;
    while (lex_is_word(lex_at(&p->lexer, pos)))
        pos++;
    char behind = lex_at(&p->lexer, pos + 1);
    bool has_value = lex_is_letter(behind) || behind == '"' || behind == '\'' || behind == '[';
    if (pos == p->tok.end || lex_at(&p->lexer, pos) != ' ' || !has_value)
        return NULL;
    Str next = str_slice(p->text, pos + 1, pos + 4);
    if (str_is(next, "in ") || str_is(next, "is ") || str_is(next, "if "))
        return NULL;
    *end = pos;
    Str word = {p->text.ptr + p->tok.end, pos - p->tok.end};
    for (size_t i = 0; i < sizeof yaml_tags / sizeof *yaml_tags; i++)
        if (str_is(word, yaml_tags[i].tag))
            return yaml_tags[i].instead;
    return NULL;
}

// unary = ( '!' | SIGN ) unary | postfix
static Expr *parse_unary(Parser *p)
{
    if (p->tok.kind != TOK_NOT && p->tok.kind != TOK_SIGN)
        return parse_postfix(p);
    uint32_t end;
    const char *instead = p->tok.kind == TOK_NOT ? yaml_tag(p, &end) : NULL;
    if (instead) {
        Str tag = {p->text.ptr + p->tok.start, end - p->tok.start};
        parser_report(p, DIAG_YAML_TAG, p->tok.start, end, tag, str_of(instead), DIAG_END);
        parser_skip_entry(p);
        return error_expr(p);
    }
    Token op = p->tok;
    Expr *expr = parser_new_expr(p, EXPR_UNARY, op.start);
    parser_advance(p);
    if (!parser_enter(p)) {
        parser_skip_entry(p);
        expr->unary.operand = error_expr(p);
    } else {
        expr->unary.operand = parse_unary(p);
        parser_leave(p);
    }
    expr->unary.op = op.kind == TOK_NOT ? OP_NOT : OP_NEGATE;
    expr->unary.op_span = (Span){p->file, op.start, op.end};
    p->height++;
    return finish(p, expr);
}

// Operators that look like others: `=` and `|` between values, `-` that touches one side. Makes the
// token what is meant and reports it.
static void mend_operator(Parser *p)
{
    Token *tok = &p->tok;
    if (tok->kind == TOK_SIGN && !(tok->flags & TOKEN_LINE_FIRST)) {
        Diag *diag = parser_report(p, DIAG_MINUS_WITHOUT_BLANKS, tok->start, tok->end, DIAG_END);
        parser_fix(p, diag, tok->end, tok->end, STR(" "), false);
        tok->kind = TOK_MINUS;
    } else if (tok->kind == TOK_BAR || (tok->kind == TOK_ASSIGN && tok->start > p->last.end)) {
        TokenKind meant = tok->kind == TOK_BAR ? TOK_OR : TOK_EQUAL;
        Diag *diag = parser_report(p, DIAG_FOREIGN_OPERATOR, tok->start, tok->end,
            parser_text(p, tok), token_text(meant), DIAG_END);
        parser_fix(p, diag, tok->start, tok->end, token_text(meant), false);
        tok->kind = (uint8_t)meant;
    }
}

static Expr *parse_binary(Parser *p, int priority);

static Expr *parse_is(Parser *p, Expr *left)
{
    uint32_t height = p->height;
    parser_advance(p);
    TypeExpr *type = parse_type_name(p);
    Expr *expr = new_above(p, EXPR_IS, left, height);
    if (!expr)
        return left;
    expr->is.operand = left;
    expr->is.type = type;
    return finish(p, expr);
}

static Expr *parse_operator(Parser *p, Expr *left, int priority)
{
    Token op = p->tok;
    if (op.kind == TOK_IS)
        return parse_is(p, left);
    uint32_t height = p->height;
    parser_advance(p);
    Expr *right = parse_binary(p, priority + 1);
    Expr *expr = new_above(p, EXPR_BINARY, left, height);
    if (!expr)
        return left;
    expr->binary.op = token_operator((TokenKind)op.kind);
    expr->binary.op_span = (Span){p->file, op.start, op.end};
    expr->binary.left = left;
    expr->binary.right = right;
    return finish(p, expr);
}

// Binary operators of at least this priority, by the table in token.def.
static Expr *parse_binary(Parser *p, int priority)
{
    enum { COMPARISON = 4 };
    Expr *left = parse_unary(p);
    int last = 0;
    for (;;) {
        mend_operator(p);
        TokenKind kind = (TokenKind)p->tok.kind;
        int found = token_priority(kind);
        if (!found || found < priority)
            return left;
        if (found == COMPARISON && last == COMPARISON) {
            Diag *diag = parser_report(p, DIAG_CHAINED_COMPARISON, p->tok.start, p->tok.end,
                parser_text(p, &p->tok), DIAG_END);
            parser_note(p, diag, 0, 0, "'a < b && b < c' compares twice");
        }
        last = found;
        left = parse_operator(p, left, found);
    }
}

// [ '?' expr ':' expr ] behind what was read
static Expr *parse_conditional(Parser *p, Expr *condition)
{
    uint32_t height = p->height;
    uint32_t mark = p->tok.start;
    Expr *expr = parser_new_expr(p, EXPR_CONDITIONAL, condition->span.start);
    parser_advance(p);
    expr->conditional.condition = condition;
    expr->conditional.yes = parse_expr(p);
    height = p->height > height ? p->height : height;
    if (p->tok.kind == TOK_COLON) {
        parser_advance(p);
        expr->conditional.no = parse_expr(p);
        height = p->height > height ? p->height : height;
    } else {
        Diag *diag = parser_unexpected(p, "':' and the value of the other case");
        parser_note(p, diag, mark, mark + 1, "it belongs to this '?'");
        expr->conditional.no = error_expr(p);
    }
    p->height = height + 1;
    return finish(p, expr);
}

// expr = coalesce [ '?' expr ':' expr ]
Expr *parse_expr(Parser *p)
{
    if (!parser_enter(p)) {
        Expr *expr = error_expr(p);
        parser_skip_entry(p);
        return finish(p, expr);
    }
    Expr *expr = parse_binary(p, 1);
    if (p->tok.kind == TOK_QUESTION)
        expr = parse_conditional(p, expr);
    parser_leave(p);
    return expr;
}

Expr *parse_value(Parser *p, Str name, uint32_t start, uint32_t end)
{
    TokenKind kind = (TokenKind)p->tok.kind;
    bool is_close = (token_traits(kind) & TOKEN_CLOSES) || kind == TOK_COMMA || kind == TOK_END ||
                    kind == TOK_NEWLINE || kind == TOK_STRING_MIDDLE;
    bool declares = (p->tok.flags & TOKEN_LINE_FIRST) && parser_at_declaration(p);
    if (!is_close && !declares)
        return parse_expr(p);
    parser_report(p, DIAG_MISSING_VALUE, start, end, name, DIAG_END);
    return error_expr(p);
}

// for head: IDENT [ ',' IDENT ] 'in' expr [ 'if' expr ]
ForHead *parse_for_head(Parser *p)
{
    ForHead *head = ARENA_NEW(p->arena, ForHead);
    uint32_t start = p->tok.start;
    head->first = parser_name(p, "a name behind 'for'");
    if (parser_take(p, TOK_COMMA))
        head->second = parser_name(p, "a second name");
    if (!parser_take(p, TOK_IN)) {
        Diag *diag = parser_unexpected(p, "'in'");
        bool is_of = parser_at_word(p, "of");
        if (is_of || p->tok.kind == TOK_ASSIGN || p->tok.kind == TOK_COLON) {
            parser_fix(p, diag, p->tok.start, p->tok.end, STR("in"), is_of);
            parser_advance(p);
        }
    }
    head->subject = parse_expr(p);
    uint32_t height = p->height;
    if (parser_take(p, TOK_IF))
        head->filter = parse_expr(p);
    p->height = p->height > height ? p->height : height;
    head->span = parser_span(p, start);
    return head;
}

Expr *parse_message(Parser *p)
{
    if (p->tok.kind != TOK_COMMA)
        return NULL;
    char next = lexer_peek(&p->lexer);
    if (next != '"' && next != '\'')
        return NULL;
    parser_advance(p);
    return parse_string(p);
}
