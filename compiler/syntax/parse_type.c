#include "compiler/syntax/parser_priv.h"

static TypeExpr *new_type(Parser *p, TypeExprKind kind, uint32_t start)
{
    TypeExpr *type = ARENA_NEW(p->arena, TypeExpr);
    type->kind = kind;
    type->id = p->type_count++;
    type->span = (Span){p->file, start, start};
    return type;
}

static TypeExpr *finish_type(const Parser *p, TypeExpr *type)
{
    type->span = parser_span(p, type->span.start);
    return type;
}

TypeExpr *parser_no_type(Parser *p)
{
    return new_type(p, TYPE_EXPR_ERROR, p->last.end);
}

// '>', of which '>=' may be the first byte: `list<string>= []`.
static void close_argument(Parser *p, uint32_t open)
{
    if (p->tok.kind == TOK_GREATER_EQUAL) {
        p->last = p->tok;
        p->last.end--;
        p->tok.kind = TOK_ASSIGN;
        p->tok.start++;
        return;
    }
    if (parser_take(p, TOK_GREATER))
        return;
    Diag *diag = parser_unexpected(p, "'>'");
    parser_note(p, diag, open, open + 1, "it closes this '<'");
}

// `string[]` and `string?` of other languages, behind the name.
static void parse_foreign_suffix(Parser *p, TypeExpr *type)
{
    bool is_list = p->tok.kind == TOK_LBRACKET && lexer_peek(&p->lexer) == ']';
    bool is_optional = p->tok.kind == TOK_QUESTION;
    if ((!is_list && !is_optional) || p->tok.start != p->last.end)
        return;
    uint32_t end = p->tok.end + is_list;
    Str name = type->name.text;
    Str wanted = is_list ? str_format(p->arena, "list<%.*s>", STR_FMT(name))
                         : str_format(p->arena, "%.*s | null", STR_FMT(name));
    Str found = str_format(p->arena, "%.*s%s", STR_FMT(name), is_list ? "[]" : "?");
    Diag *diag =
        parser_report(p, DIAG_FOREIGN_TYPE, type->span.start, end, found, wanted, DIAG_END);
    parser_fix(p, diag, type->span.start, end, wanted, true);
    parser_advance(p);
    if (is_list)
        parser_take(p, TOK_RBRACKET);
}

// typeName = ( TYPE | IDENT ) [ '<' typeExpr '>' ]
TypeExpr *parse_type_name(Parser *p)
{
    TypeExpr *type = new_type(p, TYPE_EXPR_NAME, p->tok.start);
    type->name = parser_word(p, &p->tok);
    if (!parser_take(p, TOK_TYPE) && !parser_take(p, TOK_IDENT)) {
        parser_unexpected(p, "a type");
        type->kind = TYPE_EXPR_ERROR;
        type->name = (Word){STR(""), type->span};
        // A word that cannot be one stands in its place; anything else is left to what follows.
        if (token_traits((TokenKind)p->tok.kind) & TOKEN_WORD)
            parser_advance(p);
        return finish_type(p, type);
    }
    if (parser_at(p, TOK_LESS)) {
        uint32_t open = p->tok.start;
        parser_advance(p);
        type->argument = parse_type(p);
        close_argument(p, open);
    }
    finish_type(p, type);
    parse_foreign_suffix(p, type);
    return type;
}

// field = IDENT ':' typeExpr [ '=' expr ]
static void parse_field(Parser *p, void *context)
{
    FieldList *fields = context;
    Field field = {.doc = parser_doc(p), .id = (uint32_t)fields->len};
    uint32_t start = p->tok.start;
    field.name = parser_name(p, "a name");
    if (parser_at(p, TOK_COLON)) {
        parser_advance(p);
        field.type = parse_type(p);
    } else {
        if (field.name.text.len &&
            (p->tok.kind == TOK_ASSIGN || p->tok.kind == TOK_COMMA || p->tok.kind == TOK_NEWLINE ||
                p->tok.kind == TOK_RPAREN || p->tok.kind == TOK_RBRACE))
            parser_report(p, DIAG_MISSING_TYPE, field.name.span.start, field.name.span.end,
                field.name.text, DIAG_END);
        else
            parser_unexpected(p, field.name.text.len ? "':' and a type" : "a name");
        field.type = parser_no_type(p);
        if (!field.name.text.len)
            return;
    }
    if (parser_take(p, TOK_ASSIGN))
        field.fallback = parse_value(p, field.name.text, field.name.span.start, p->last.end);
    field.span = parser_span(p, start);
    VEC_ADD(p->arena, fields, field);
}

void parse_fields(Parser *p, FieldList *fields)
{
    parse_sequence(p, &(Sequence){"a name and its type", true, parse_field, fields});
}

// typeAtom = typeName | STRING | NUMBER | 'true' | 'false' | 'null' | '{' fields '}'
static TypeExpr *parse_atom(Parser *p)
{
    uint32_t start = p->tok.start;
    TypeExpr *type;
    switch ((TokenKind)p->tok.kind) {
    case TOK_STRING:
    case TOK_STRING_HEAD:
        type = new_type(p, TYPE_EXPR_STRING, start);
        type->text = parse_plain_string(p, "a plain text").text;
        return finish_type(p, type);
    case TOK_NUMBER:
        type = new_type(p, TYPE_EXPR_NUMBER, start);
        type->text = parser_text(p, &p->tok);
        break;
    case TOK_TRUE:
    case TOK_FALSE:
        type = new_type(p, TYPE_EXPR_BOOL, start);
        type->boolean = p->tok.kind == TOK_TRUE;
        break;
    case TOK_NULL:
        type = new_type(p, TYPE_EXPR_NULL, start);
        break;
    case TOK_ERROR:
        type = new_type(p, TYPE_EXPR_ERROR, start);
        break;
    case TOK_LBRACE:
        type = new_type(p, TYPE_EXPR_RECORD, start);
        parse_fields(p, &type->fields);
        return finish_type(p, type);
    default:
        return parse_type_name(p);
    }
    parser_advance(p);
    return finish_type(p, type);
}

// typeExpr = typeAtom { '|' typeAtom }
TypeExpr *parse_type(Parser *p)
{
    uint32_t start = p->tok.start;
    if (!parser_enter(p)) {
        parser_skip_entry(p);
        return finish_type(p, new_type(p, TYPE_EXPR_ERROR, start));
    }
    TypeExpr *type = parse_atom(p);
    if (parser_at(p, TOK_BAR)) {
        TypeExpr *first = type;
        type = new_type(p, TYPE_EXPR_UNION, start);
        VEC_ADD(p->arena, &type->members, first);
        while (parser_take(p, TOK_BAR)) {
            TypeExpr *member = parse_atom(p);
            VEC_ADD(p->arena, &type->members, member);
        }
        finish_type(p, type);
    }
    parser_leave(p);
    return type;
}
