#include "compiler/syntax/parser_priv.h"

typedef VEC(MatchArm) ArmList;

typedef struct Match {
    ArmList arms;
    uint32_t height;
} Match;

// armKey = IDENT | STRING | NUMBER | GLOB | 'true' | 'false' | 'null' | 'else'
static void parse_arm_key(Parser *p, MatchArm *arm)
{
    Token token = p->tok;
    Expr *key = NULL;
    switch ((TokenKind)token.kind) {
    case TOK_ELSE:
        arm->is_else = true;
        parser_advance(p);
        return;
    case TOK_STRING:
    case TOK_STRING_HEAD:
        key = parser_new_expr(p, EXPR_STRING, token.start);
        Word text = parse_plain_string(p, "a plain text");
        if (text.text.len) {
            StringPart part = {text.text, NULL, text.span};
            key->string.items = arena_copy(p->arena, &part, sizeof part);
            key->string.len = 1;
        }
        key->span = text.span;
        VEC_ADD(p->arena, &arm->keys, key);
        return;
    case TOK_IDENT:
    case TOK_GLOB:
        key = parser_new_expr(p, EXPR_NAME, token.start);
        key->name = parser_text(p, &token);
        break;
    case TOK_NUMBER:
        key = parser_new_expr(p, EXPR_NUMBER, token.start);
        key->number = parser_text(p, &token);
        break;
    case TOK_TRUE:
    case TOK_FALSE:
        key = parser_new_expr(p, EXPR_BOOL, token.start);
        key->boolean = token.kind == TOK_TRUE;
        break;
    case TOK_NULL:
        key = parser_new_expr(p, EXPR_NULL, token.start);
        break;
    default:
        parser_unexpected(p, "a name, a literal or 'else'");
        return;
    }
    parser_advance(p);
    key->span = parser_span(p, token.start);
    VEC_ADD(p->arena, &arm->keys, key);
}

// arm = armKey { ',' armKey } ':' expr
static void parse_arm(Parser *p, void *context)
{
    Match *match = context;
    MatchArm arm = {0};
    uint32_t start = p->tok.start;
    parse_arm_key(p, &arm);
    while (parser_take(p, TOK_COMMA))
        parse_arm_key(p, &arm);
    if (p->tok.start == start)
        return;
    if (!parser_colon(p, "':' and a value")) {
        arm.value = parser_new_expr(p, EXPR_ERROR, p->last.end);
        arm.span = parser_span(p, start);
        VEC_ADD(p->arena, &match->arms, arm);
        return;
    }
    Str name = {p->text.ptr + start, p->last.end - start};
    arm.value = parse_value(p, name, start, p->last.end);
    if (p->height > match->height)
        match->height = p->height;
    arm.span = parser_span(p, start);
    VEC_ADD(p->arena, &match->arms, arm);
}

// match = 'match' expr '{' [ arm { sep arm } [ ',' ] ] '}'
Expr *parse_match(Parser *p)
{
    Expr *expr = parser_new_expr(p, EXPR_MATCH, p->tok.start);
    parser_advance(p);
    expr->match.subject = parse_expr(p);
    Match match = {.height = p->height};
    if (parser_at_body(p, "'{' and the arms of 'match'")) {
        Sequence arms = {"an arm, 'key: value'", true, parse_arm, &match};
        parse_sequence(p, &arms);
    }
    expr->match.arms = match.arms.items;
    expr->match.arm_count = match.arms.len;
    p->height = match.height + 1;
    expr->span = parser_span(p, expr->span.start);
    return expr;
}
