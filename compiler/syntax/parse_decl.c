#include "compiler/syntax/lexer_priv.h"
#include "compiler/syntax/parser_priv.h"

// ---- pieces ----

static Decl *new_decl(Parser *p, DeclKind kind)
{
    Decl *decl = ARENA_NEW(p->arena, Decl);
    decl->kind = kind;
    decl->id = p->decl_count++;
    decl->keyword = parser_word(p, &p->tok);
    decl->span = decl->keyword.span;
    return decl;
}

// declName = IDENT [ '[' expr ']' ]
static void parse_decl_name(Parser *p, Decl *decl)
{
    decl->name = parser_name(p, "a name");
    if (!parser_at(p, TOK_LBRACKET))
        return;
    Opener opener = parser_open(p);
    decl->key = parse_expr(p);
    parser_close(p, &opener);
}

// '=' expr, where the declaration cannot be without.
static void parse_assigned(Parser *p, Decl *decl)
{
    Word name = decl->name;
    if (p->tok.kind == TOK_COLON) {
        Diag *diag = parser_report(p, DIAG_COLON_FOR_ASSIGN, p->tok.start, p->tok.end, DIAG_END);
        bool touches = p->tok.start == p->last.end;
        parser_fix(p, diag, p->tok.start, p->tok.end, touches ? STR(" =") : STR("="), true);
        parser_advance(p);
    } else if (!parser_take(p, TOK_ASSIGN)) {
        bool ends = p->tok.kind == TOK_NEWLINE || p->tok.kind == TOK_END ||
                    (token_traits((TokenKind)p->tok.kind) & TOKEN_CLOSES);
        if (ends && name.text.len) {
            Diag *diag = parser_report(
                p, DIAG_MISSING_VALUE, name.span.start, p->last.end, name.text, DIAG_END);
            if (decl->type)
                parser_note(p, diag, 0, 0, "':' gives a type, '=' a value");
            decl->value = parser_new_expr(p, EXPR_ERROR, p->last.end);
            return;
        }
        Diag *diag = parser_unexpected(p, "'=' and a value");
        if (decl->type)
            parser_note(p, diag, 0, 0, "':' gives a type, '=' a value");
        // '=' alone is missing where a value stands at once.
        if (!(token_traits((TokenKind)p->tok.kind) & TOKEN_VALUE) || p->tok.kind == TOK_LBRACE) {
            decl->value = parser_new_expr(p, EXPR_ERROR, p->last.end);
            return;
        }
    }
    decl->value = parse_value(p, name.text, name.span.start, p->last.end);
}

static void parse_map_body(Parser *p, Decl *decl, const char *expected)
{
    if (!parser_at_body(p, expected))
        return;
    decl->has_body = true;
    parse_items(p, ITEMS_MAP, &decl->items);
}

// A body that may be left out.
static void parse_optional_body(Parser *p, Decl *decl, ItemMode mode)
{
    bool on_next_line = p->tok.kind == TOK_NEWLINE && lexer_peek(&p->lexer) == '{';
    if (p->tok.kind != TOK_LBRACE && !on_next_line)
        return;
    parser_at_body(p, "'{'");
    decl->has_body = true;
    parse_items(p, mode, &decl->items);
}

// block = '{' [ decl { NL decl } ] '}'
void parse_block(Parser *p, DeclList *list, const char *expected)
{
    if (!parser_at_body(p, expected))
        return;
    if (!parser_enter(p)) {
        uint32_t brace = p->tok.start;
        parser_skip_line(p);
        if (p->tok.start == brace)
            parser_advance(p);
        return;
    }
    Opener opener = parser_open(p);
    parse_lines(p, &opener, parse_decl, list);
    parser_close(p, &opener);
    parser_leave(p);
}

// ---- the declarations ----

static void parse_app(Parser *p, Decl *decl)
{
    parse_map_body(p, decl, "'{' and the app's settings");
}

static void parse_template(Parser *p, Decl *decl)
{
    parse_map_body(p, decl, "'{' and the template's sections");
}

static void parse_import_name(Parser *p, void *context)
{
    Decl *decl = context;
    Word name = parser_name(p, "a name");
    if (name.text.len)
        VEC_ADD(p->arena, &decl->names, name);
}

// import = 'import' STRING [ '{' IDENT { sep IDENT } [ ',' ] '}' ]
static void parse_import(Parser *p, Decl *decl)
{
    decl->name = parse_plain_string(p, "a path in quotes");
    if (!parser_at(p, TOK_LBRACE))
        return;
    decl->has_body = true;
    parse_sequence(p, &(Sequence){"a name", true, parse_import_name, decl});
}

// type = 'type' IDENT '=' typeExpr
static void parse_type_decl(Parser *p, Decl *decl)
{
    decl->name = parser_name(p, "a name");
    if (p->tok.kind == TOK_COLON || p->tok.kind == TOK_LBRACE) {
        Diag *diag = p->tok.kind == TOK_COLON ? parser_report(p, DIAG_COLON_FOR_ASSIGN,
                                                    p->tok.start, p->tok.end, DIAG_END)
                                              : parser_unexpected(p, "'='");
        bool is_colon = p->tok.kind == TOK_COLON;
        parser_fix(p, diag, p->last.end, is_colon ? p->tok.end : p->last.end, STR(" ="), true);
        if (is_colon)
            parser_advance(p);
    } else {
        parser_expect(p, TOK_ASSIGN, "'=' and a type");
    }
    decl->type = parse_type(p);
}

// component = 'component' IDENT [ fields ] block
static void parse_component(Parser *p, Decl *decl)
{
    decl->name = parser_name(p, "a name");
    if (parser_at(p, TOK_LPAREN))
        parse_fields(p, &decl->fields);
    parse_block(p, &decl->body, decl->fields.len ? "'{'" : "'(' or '{'");
}

// fn = 'fn' IDENT fields [ ':' typeExpr ] '=' expr
static void parse_fn(Parser *p, Decl *decl)
{
    decl->name = parser_name(p, "a name");
    if (parser_at(p, TOK_LPAREN))
        parse_fields(p, &decl->fields);
    else
        parser_unexpected(p, "'(' and the parameters");
    if (parser_take(p, TOK_COLON))
        decl->type = parse_type(p);
    if (parser_at(p, TOK_LBRACE)) {
        Diag *diag = parser_unexpected(p, "'=' and a value");
        parser_note(p, diag, 0, 0, "a function is one expression: 'fn name(x: int): int = x + 1'");
        decl->value = parser_new_expr(p, EXPR_ERROR, p->last.end);
        parser_skip_entry(p);
        return;
    }
    parse_assigned(p, decl);
}

// ':' typeExpr, where the declaration cannot be without.
static void parse_needed_type(Parser *p, Decl *decl)
{
    if (parser_take(p, TOK_COLON)) {
        decl->type = parse_type(p);
        return;
    }
    decl->type = parser_no_type(p);
    if (decl->name.text.len && (p->tok.kind == TOK_ASSIGN || p->tok.kind == TOK_LBRACE ||
                                   p->tok.kind == TOK_NEWLINE || p->tok.kind == TOK_END)) {
        parser_report(p, DIAG_MISSING_TYPE, decl->name.span.start, decl->name.span.end,
            decl->name.text, DIAG_END);
    } else {
        parser_expect(p, TOK_COLON, "':' and a type");
    }
}

// var = 'var' declName ':' typeExpr [ '=' expr ] [ settings ]
static void parse_var(Parser *p, Decl *decl)
{
    parse_decl_name(p, decl);
    parse_needed_type(p, decl);
    if (parser_take(p, TOK_ASSIGN))
        decl->value = parse_value(p, decl->name.text, decl->name.span.start, p->last.end);
    parse_optional_body(p, decl, ITEMS_SETTINGS);
}

// param = 'param' IDENT ':' typeExpr [ map ]
static void parse_param(Parser *p, Decl *decl)
{
    decl->name = parser_name(p, "a name");
    parse_needed_type(p, decl);
    if (parser_at(p, TOK_ASSIGN)) {
        Diag *diag = parser_unexpected(p, "'{' or a line break");
        parser_note(p, diag, 0, 0, "the default of a parameter is '{ Default: value }'");
        parser_advance(p);
        parse_expr(p);
    }
    parse_optional_body(p, decl, ITEMS_MAP);
}

// let = 'let' declName [ ':' typeExpr ] '=' expr
static void parse_let(Parser *p, Decl *decl)
{
    parse_decl_name(p, decl);
    if (parser_take(p, TOK_COLON))
        decl->type = parse_type(p);
    parse_assigned(p, decl);
}

// domain = 'domain' declName [ onClause ] map
static void parse_domain(Parser *p, Decl *decl)
{
    parse_decl_name(p, decl);
    parse_on_clause(p, decl);
    parse_map_body(p, decl, "'{' and the domain's settings");
}

// `resource "type" "name" {` of other languages, at the string.
static void parse_foreign_resource(Parser *p, Decl *decl)
{
    Diag *diag = parser_unexpected(p, "a name");
    parser_note(p, diag, 0, 0, "a resource is written 'resource Name: Type { … }'");
    while (parser_take(p, TOK_STRING))
        continue;
    decl->name = (Word){STR(""), {p->file, p->last.end, p->last.end}};
    decl->resource_type = decl->name;
    parse_optional_body(p, decl, ITEMS_BODY);
}

// resource = 'resource' declName ':' ( TYPE | IDENT ) [ body ]
static void parse_resource(Parser *p, Decl *decl)
{
    if (parser_at(p, TOK_STRING)) {
        parse_foreign_resource(p, decl);
        return;
    }
    parse_decl_name(p, decl);
    parser_colon(p, "':' and a type");
    Token token = p->tok;
    if (token.kind == TOK_TYPE || token.kind == TOK_IDENT) {
        parser_advance(p);
        decl->resource_type = parser_word(p, &token);
    } else if (token.kind == TOK_STRING) {
        Diag *diag = parser_unexpected(p, "a type without quotes");
        decl->resource_type = parse_plain_string(p, "a type");
        parser_fix(p, diag, token.start, token.end, decl->resource_type.text, true);
    } else {
        parser_unexpected(p, "a resource type or a component");
        decl->resource_type = (Word){STR(""), {p->file, p->last.end, p->last.end}};
    }
    parse_optional_body(p, decl, ITEMS_BODY);
}

// output = 'output' declName [ ':' typeExpr ] '=' expr [ map ]
static void parse_output(Parser *p, Decl *decl)
{
    parse_decl_name(p, decl);
    if (parser_take(p, TOK_COLON))
        decl->type = parse_type(p);
    parse_assigned(p, decl);
    parse_optional_body(p, decl, ITEMS_MAP);
}

// condition = 'condition' declName '=' expr
static void parse_condition(Parser *p, Decl *decl)
{
    parse_decl_name(p, decl);
    parse_assigned(p, decl);
}

// mapping = 'mapping' IDENT map
static void parse_mapping(Parser *p, Decl *decl)
{
    decl->name = parser_name(p, "a name");
    parse_map_body(p, decl, "'{' and the mapping's keys");
}

// cfnRule = 'rule' IDENT map
static void parse_cfn_rule(Parser *p, Decl *decl)
{
    decl->name = parser_name(p, "a name");
    parse_map_body(p, decl, "'{' and the rule's assertions");
}

// require = 'require' expr [ ',' string ]
static void parse_require(Parser *p, Decl *decl)
{
    decl->value = parse_value(p, STR("require"), decl->keyword.span.start, p->last.end);
    decl->message = parse_message(p);
}

// moved = 'moved' path 'to' path
static void parse_moved(Parser *p, Decl *decl)
{
    decl->from = parse_path(p);
    if (parser_at_word(p, "to"))
        parser_advance(p);
    else
        parser_unexpected(p, "'to' and the new name");
    decl->to = parse_path(p);
}

// on = onClause block
static void parse_on(Parser *p, Decl *decl)
{
    decl->has_on = true;
    parse_stage_names(p, &decl->on);
    parse_block(p, &decl->body, "'{'");
}

// stack = 'stack' IDENT [ 'in' expr ] block
static void parse_stack(Parser *p, Decl *decl)
{
    decl->name = parser_name(p, "a name");
    if (parser_take(p, TOK_IN))
        decl->value = parse_expr(p);
    parse_block(p, &decl->body, "'{'");
}

// ---- if and for ----

// 'else' behind a block, perhaps wrongly on the next line.
static bool at_else(Parser *p)
{
    if (p->tok.kind == TOK_ELSE)
        return true;
    uint32_t word = p->lexer.pos;
    bool on_next_line = p->tok.kind == TOK_NEWLINE && p->last.kind == TOK_RBRACE &&
                        str_is(str_slice(p->text, word, word + 4), "else") &&
                        !lex_is_word(lex_at(&p->lexer, word + 4)) &&
                        lex_at(&p->lexer, word + 4) != '-';
    if (!on_next_line)
        return false;
    Diag *diag = parser_report(p, DIAG_ELSE_ON_NEXT_LINE, word, word + 4, DIAG_END);
    parser_fix(p, diag, p->last.end, word, STR(" "), true);
    parser_advance(p);
    return true;
}

// `elif` and `elseif` behind a block are `else if`.
static bool at_elif(Parser *p)
{
    if (!parser_at_word(p, "elif") && !parser_at_word(p, "elseif") && !parser_at_word(p, "elsif"))
        return false;
    Diag *diag = parser_unexpected(p, "'else if'");
    parser_fix(p, diag, p->tok.start, p->tok.end, STR("else if"), true);
    return true;
}

// if = 'if' expr block [ 'else' ( if | block ) ], behind the `if`
static void parse_if(Parser *p, Decl *decl)
{
    decl->value = parse_value(p, STR("if"), decl->keyword.span.start, p->last.end);
    parse_block(p, &decl->body, "'{'");
    bool is_elif = at_elif(p);
    if (!is_elif && !at_else(p))
        return;
    decl->has_else = true;
    if (!is_elif)
        parser_advance(p);
    if (!is_elif && p->tok.kind != TOK_IF) {
        parse_block(p, &decl->otherwise, "'{' or 'if'");
        return;
    }
    if (!parser_enter(p)) {
        parser_skip_line(p);
        return;
    }
    Decl *inner = new_decl(p, DECL_IF);
    parser_advance(p);
    parse_if(p, inner);
    inner->span = parser_span(p, inner->span.start);
    VEC_ADD(p->arena, &decl->otherwise, inner);
    parser_leave(p);
}

// for = 'for' forHead block
static void parse_for(Parser *p, Decl *decl)
{
    decl->head = parse_for_head(p);
    parse_block(p, &decl->body, "'{'");
}

// ---- which declaration ----

typedef struct DeclRow {
    DeclKind kind;
    void (*parse)(Parser *p, Decl *decl);
} DeclRow;

static const DeclRow rows[WORD_COUNT] = {
    [WORD_NONE] = {DECL_ERROR, NULL},
    [WORD_APP] = {DECL_APP, parse_app},
    [WORD_STAGES] = {DECL_STAGES, parse_stages},
    [WORD_TEMPLATE] = {DECL_TEMPLATE, parse_template},
    [WORD_IMPORT] = {DECL_IMPORT, parse_import},
    [WORD_TYPE] = {DECL_TYPE, parse_type_decl},
    [WORD_COMPONENT] = {DECL_COMPONENT, parse_component},
    [WORD_FN] = {DECL_FN, parse_fn},
    [WORD_VAR] = {DECL_VAR, parse_var},
    [WORD_PARAM] = {DECL_PARAM, parse_param},
    [WORD_LET] = {DECL_LET, parse_let},
    [WORD_DOMAIN] = {DECL_DOMAIN, parse_domain},
    [WORD_RESOURCE] = {DECL_RESOURCE, parse_resource},
    [WORD_OUTPUT] = {DECL_OUTPUT, parse_output},
    [WORD_CONDITION] = {DECL_CONDITION, parse_condition},
    [WORD_MAPPING] = {DECL_MAPPING, parse_mapping},
    [WORD_RULE] = {DECL_RULE, parse_cfn_rule},
    [WORD_REQUIRE] = {DECL_REQUIRE, parse_require},
    [WORD_GUARD] = {DECL_GUARD, parse_guard},
    [WORD_TEST] = {DECL_TEST, parse_test},
    [WORD_MOVED] = {DECL_MOVED, parse_moved},
    [WORD_ON] = {DECL_ON, parse_on},
    [WORD_STACK] = {DECL_STACK, parse_stack},
};
static const DeclRow if_row = {DECL_IF, parse_if};
static const DeclRow for_row = {DECL_FOR, parse_for};

// The word that was meant by a misspelt one, when what follows is what follows it.
static DeclWord nearest_word(const Parser *p, Str text)
{
    DeclWord nearest = WORD_NONE;
    size_t least = text.len > 4 ? 3 : 2;
    for (int i = WORD_NONE + 1; i < WORD_COUNT && text.len > 2; i++) {
        size_t distance = str_distance(text, word_text((DeclWord)i), least);
        if (distance < least) {
            least = distance;
            nearest = (DeclWord)i;
        }
    }
    if (!nearest)
        return WORD_NONE;
    char next = lexer_peek(&p->lexer);
    bool is_name = lex_is_letter(next) || next == '_';
    bool is_string = next == '"' || next == '\'';
    switch (word_behind(nearest)) {
    case BEHIND_NAME:
        return is_name ? nearest : WORD_NONE;
    case BEHIND_STRING:
        return is_string ? nearest : WORD_NONE;
    case BEHIND_BRACE:
        return next == '{' ? nearest : WORD_NONE;
    case BEHIND_STAGE:
        return is_name || is_string ? nearest : WORD_NONE;
    default:
        return WORD_NONE;
    }
}

static const char *unknown_hint(const Parser *p, Str text)
{
    if (lexer_peek(&p->lexer) == ':')
        return "entries stand in the braces of a declaration";
    if (lexer_peek(&p->lexer) == '=')
        return "'let name = value' names a value, 'var' a setting";
    if (str_is(text, "elif") || str_is(text, "elseif"))
        return "'else if' stands behind the '}' of an 'if'";
    if (str_is(text, "const") || str_is(text, "locals") || str_is(text, "local"))
        return "'let name = value' names a value";
    if (str_is(text, "module") || str_is(text, "class") || str_is(text, "struct"))
        return "'component Name(…) { … }' makes a resource type";
    if (str_is(text, "function") || str_is(text, "def") || str_is(text, "func"))
        return "'fn name(x: int): int = x + 1' names an expression";
    if (str_is(text, "variable") || str_is(text, "parameter"))
        return "'var' is known when compiling, 'param' when deploying";
    return NULL;
}

// A line that begins with no declaring word. Of several entries in a row the first is reported.
// Gives the word that was meant, if that is clear.
static DeclWord parse_unknown(Parser *p)
{
    char next = lexer_peek(&p->lexer);
    bool is_entry = p->tok.kind != TOK_IDENT || next == ':' || next == ',' || next == '}';
    if (p->unknown_run && is_entry) {
        p->quiet_at = p->tok.start;
        return WORD_NONE;
    }
    if (p->tok.kind != TOK_IDENT) {
        Diag *diag = parser_unexpected(p, "a declaration");
        if (p->tok.kind == TOK_ELSE)
            parser_note(p, diag, 0, 0, "'else' stands behind the '}' of an 'if'");
        return WORD_NONE;
    }
    Str text = parser_text(p, &p->tok);
    Diag *diag =
        parser_report(p, DIAG_UNKNOWN_DECLARATION, p->tok.start, p->tok.end, text, DIAG_END);
    DeclWord nearest = nearest_word(p, text);
    if (nearest && diag) {
        Str candidate = word_text(nearest);
        diag_did_you_mean(
            p->errors.sink, diag, (Span){p->file, p->tok.start, p->tok.end}, text, &candidate, 1);
    } else {
        parser_note(p, diag, 0, 0, unknown_hint(p, text));
    }
    return nearest;
}

static const DeclRow *find_row(Parser *p)
{
    if (p->tok.kind == TOK_IF || p->tok.kind == TOK_FOR) {
        p->unknown_run = false;
        return p->tok.kind == TOK_IF ? &if_row : &for_row;
    }
    DeclWord word = p->tok.kind == TOK_IDENT ? word_find(parser_text(p, &p->tok)) : WORD_NONE;
    // A name, not the word: `domain: x` belongs to something that was closed too early.
    if (word && lex_at(&p->lexer, p->tok.end) == ':')
        word = WORD_NONE;
    if (word) {
        p->unknown_run = false;
        return &rows[word];
    }
    word = parse_unknown(p);
    p->unknown_run = !word;
    return &rows[word];
}

// decl = { annotation [ NL ] } core; the list it is added to is the context.
void parse_decl(Parser *p, void *context)
{
    DeclList *list = context;
    Str doc = parser_doc(p);
    AnnotationList annotations = p->carried;
    p->carried = (AnnotationList){0};
    parse_annotations(p, &annotations);
    if (!doc.len)
        doc = parser_doc(p);
    if (annotations.len && (p->tok.kind == TOK_END || p->tok.kind == TOK_RBRACE)) {
        const Annotation *last = &annotations.items[annotations.len - 1];
        parser_report(
            p, DIAG_ANNOTATION_ALONE, last->span.start, last->span.end, last->name.text, DIAG_END);
        return;
    }
    const DeclRow *row = find_row(p);
    Decl *decl = new_decl(p, row->kind);
    decl->doc = doc;
    decl->annotations = annotations;
    VEC_ADD(p->arena, list, decl);
    if (row->parse) {
        parser_advance(p);
        row->parse(p, decl);
    } else {
        parser_skip_line(p);
    }
    decl->span = parser_span(p, decl->span.start);
}
