// Stages, guards and tests.

#include "compiler/syntax/parser_priv.h"

// ---- stages ----

// stageName = IDENT | STRING | GLOB
static Word parse_stage_name(Parser *p)
{
    if (p->tok.kind == TOK_STRING || p->tok.kind == TOK_STRING_HEAD)
        return parse_plain_string(p, "a stage's name");
    if (p->tok.kind != TOK_GLOB)
        return parser_name(p, "a stage's name");
    Token token = p->tok;
    parser_advance(p);
    return parser_word(p, &token);
}

// stageName { ',' stageName }
void parse_stage_names(Parser *p, WordList *names)
{
    do {
        Word name = parse_stage_name(p);
        VEC_ADD(p->arena, names, name);
    } while (parser_take(p, TOK_COMMA));
}

// onClause = 'on' stageName { ',' stageName }
void parse_on_clause(Parser *p, Decl *decl)
{
    if (!parser_at_word(p, "on"))
        return;
    parser_advance(p);
    decl->has_on = true;
    parse_stage_names(p, &decl->on);
}

// stage = stageName ':' map
static void parse_stage(Parser *p, void *context)
{
    Decl *decl = context;
    StageEntry entry = {.doc = parser_doc(p)};
    uint32_t start = p->tok.start;
    entry.name = parse_stage_name(p);
    if (p->tok.start == start)
        return;
    parser_colon(p, "':'");
    if (parser_at_body(p, "'{' and the stage's settings"))
        parse_items(p, ITEMS_MAP, &entry.items);
    entry.span = parser_span(p, start);
    VEC_ADD(p->arena, &decl->stages, entry);
}

// stages = 'stages' '{' [ stage { sep stage } [ ',' ] ] '}'
void parse_stages(Parser *p, Decl *decl)
{
    if (parser_at_body(p, "'{' and the stages"))
        parse_sequence(p, &(Sequence){"a stage, 'name: { … }'", true, parse_stage, decl});
}

// ---- guards ----

// target = path | TYPE
static Expr *parse_target(Parser *p)
{
    if (p->tok.kind != TOK_TYPE)
        return parse_path(p);
    Expr *expr = parser_new_expr(p, EXPR_NAME, p->tok.start);
    expr->name = parser_text(p, &p->tok);
    parser_advance(p);
    expr->span = parser_span(p, expr->span.start);
    return expr;
}

// 'deny' IDENT { ',' IDENT } 'of' target { ',' target }
static void parse_deny(Parser *p, GuardRule *rule)
{
    rule->kind = RULE_DENY;
    do {
        Word action = parser_name(p, "add, modify, replace or delete");
        VEC_ADD(p->arena, &rule->actions, action);
    } while (parser_take(p, TOK_COMMA));
    if (!parser_at_word(p, "of")) {
        parser_unexpected(p, "'of' and what it is of");
        return;
    }
    parser_advance(p);
    do {
        Expr *target = parse_target(p);
        VEC_ADD(p->arena, &rule->targets, target);
    } while (parser_take(p, TOK_COMMA));
}

// rule = require | 'deny' …
static void parse_guard_rule(Parser *p, void *context)
{
    Decl *decl = context;
    GuardRule rule = {0};
    uint32_t start = p->tok.start;
    if (parser_at_word(p, "require")) {
        parser_advance(p);
        rule.kind = RULE_REQUIRE;
        rule.condition = parse_value(p, STR("require"), start, p->last.end);
        rule.message = parse_message(p);
    } else if (parser_at_word(p, "deny")) {
        parser_advance(p);
        parse_deny(p, &rule);
    } else {
        static const Str words[] = {{"require", 7}, {"deny", 4}};
        Diag *diag = parser_unexpected(p, "'require' or 'deny'");
        parser_suggest(p, diag, words, sizeof words / sizeof *words);
        return;
    }
    rule.span = parser_span(p, start);
    VEC_ADD(p->arena, &decl->rules, rule);
}

// A clause of a guard may begin the next line: is the word there?
static bool at_clause(Parser *p, const char *word)
{
    if (p->tok.kind != TOK_NEWLINE)
        return parser_at_word(p, word);
    Str rest = str_slice(p->text, p->lexer.pos, p->lexer.pos + 7);
    Str wanted = str_of(word);
    if (!str_starts(rest, wanted) || rest.len == wanted.len || rest.ptr[wanted.len] != ' ')
        return false;
    parser_advance(p);
    return true;
}

// 'unless' 'allowed' STRING
static void parse_unless(Parser *p, Decl *decl)
{
    parser_advance(p);
    if (parser_at_word(p, "allowed"))
        parser_advance(p);
    else
        parser_unexpected(p, "'allowed' and a name in quotes");
    decl->has_allow = true;
    decl->allow = parse_plain_string(p, "a name in quotes");
}

// guard = 'guard' STRING { [ NL ] ( onClause | 'unless' … ) } '{' [ rule { NL rule } ] '}'
void parse_guard(Parser *p, Decl *decl)
{
    decl->name = parse_plain_string(p, "the guard's title in quotes");
    for (;;) {
        if (at_clause(p, "on"))
            parse_on_clause(p, decl);
        else if (at_clause(p, "unless"))
            parse_unless(p, decl);
        else
            break;
    }
    if (!parser_at_body(p, "'{' and the guard's rules"))
        return;
    Opener opener = parser_open(p);
    parse_lines(p, &opener, parse_guard_rule, decl);
    parser_close(p, &opener);
}

// ---- tests ----

// 'set' path '=' expr
static void parse_set(Parser *p, TestStep *step)
{
    step->kind = STEP_SET;
    step->path = parse_path(p);
    if (p->tok.kind == TOK_COLON) {
        Diag *diag = parser_report(p, DIAG_COLON_FOR_ASSIGN, p->tok.start, p->tok.end, DIAG_END);
        parser_fix(p, diag, p->tok.start, p->tok.end, STR(" ="), true);
        parser_advance(p);
    } else {
        parser_expect(p, TOK_ASSIGN, "'=' and a value");
    }
    Str name = {
        p->text.ptr + step->path->span.start, step->path->span.end - step->path->span.start};
    step->value = parse_value(p, name, step->path->span.start, p->last.end);
}

// step = 'set' path '=' expr | 'assert' expr [ ',' string ] | 'refuse' expr
static void parse_step(Parser *p, void *context)
{
    Decl *decl = context;
    TestStep step = {0};
    uint32_t start = p->tok.start;
    bool is_assert = parser_at_word(p, "assert");
    Token word = p->tok;
    if (parser_at_word(p, "set")) {
        parser_advance(p);
        parse_set(p, &step);
    } else if (is_assert || parser_at_word(p, "refuse")) {
        parser_advance(p);
        step.kind = is_assert ? STEP_ASSERT : STEP_REFUSE;
        step.value = parse_value(p, parser_text(p, &word), start, p->last.end);
        step.message = is_assert ? parse_message(p) : NULL;
    } else {
        static const Str words[] = {{"set", 3}, {"assert", 6}, {"refuse", 6}};
        Diag *diag = parser_unexpected(p, "'set', 'assert' or 'refuse'");
        parser_suggest(p, diag, words, sizeof words / sizeof *words);
        return;
    }
    step.span = parser_span(p, start);
    VEC_ADD(p->arena, &decl->steps, step);
}

// test = 'test' STRING [ onClause ] '{' [ step { NL step } ] '}'
void parse_test(Parser *p, Decl *decl)
{
    decl->name = parse_plain_string(p, "the test's title in quotes");
    parse_on_clause(p, decl);
    if (!parser_at_body(p, "'{' and the test's steps"))
        return;
    Opener opener = parser_open(p);
    parse_lines(p, &opener, parse_step, decl);
    parser_close(p, &opener);
}
