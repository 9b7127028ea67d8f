#include <string.h>

#include "compiler/syntax/lexer_priv.h"
#include "compiler/syntax/parser_priv.h"

typedef struct Items {
    ItemMode mode;
    ItemList *list;
    uint32_t height;
} Items;

static Item *new_item(Parser *p, ItemKind kind, uint32_t start)
{
    Item *item = ARENA_NEW(p->arena, Item);
    item->kind = kind;
    item->id = p->item_count++;
    item->span = (Span){p->file, start, start};
    return item;
}

static Item *finish_item(const Parser *p, Item *item)
{
    item->span = parser_span(p, item->span.start);
    return item;
}

static void measure(const Parser *p, Items *items)
{
    if (p->height > items->height)
        items->height = p->height;
}

// ---- keys ----

// The ':' that ends a key of odd characters on this line, `aws:SourceArn:` or `s3.bucket:`; 0 when
// what stands here is no such key.
static uint32_t odd_key_end(const Parser *p, uint32_t start)
{
    enum { LONGEST = 256 };
    for (uint32_t pos = start; pos < p->text.len && pos - start < LONGEST; pos++) {
        char c = p->text.ptr[pos];
        char next = lex_at(&p->lexer, pos + 1);
        if (c == ':' && pos > start && (lex_is_blank(next) || !next))
            return pos;
        bool fits = lex_is_word(c) || (c && memchr(":./-*+@$%&~|<>#", c, 15));
        if (!fits)
            return 0;
    }
    return 0;
}

// What an intrinsic function's name in place of a key stands for.
static const char *intrinsic_hint(Str name)
{
    static const char *const rows[][2] = {
        {"Fn::Sub", "\"…${Name}…\""},
        {"Fn::GetAtt", "Name.Attribute"},
        {"Fn::If", "condition ? a : b"},
        {"Fn::Select", "list[index]"},
        {"Fn::FindInMap", "Mapping[key][key]"},
        {"Fn::GetAZs", "azs(…)"},
        {"Fn::Equals", "a == b"},
        {"Fn::And", "a && b"},
        {"Fn::Or", "a || b"},
        {"Fn::Not", "!a"},
        {"Fn::ForEach", "for … in …"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_is(name, rows[i][0]))
            return rows[i][1];
    return NULL;
}

static Str intrinsic_call(Parser *p, Str name)
{
    const char *hint = intrinsic_hint(name);
    if (hint)
        return str_of(hint);
    Str function = str_slice(name, 4, name.len);
    Str first = str_lower(p->arena, str_slice(function, 0, 1));
    return str_format(
        p->arena, "%.*s%.*s(…)", STR_FMT(first), STR_FMT(str_slice(function, 1, function.len)));
}

// A key that wants quotes, up to its ':' at `end`.
static Expr *parse_odd_key(Parser *p, uint32_t start, uint32_t end)
{
    Str text = {p->text.ptr + start, end - start};
    bool is_intrinsic = str_starts(text, STR("Fn::")) && text.len > 4;
    if (is_intrinsic) {
        parser_report(
            p, DIAG_INTRINSIC_AS_KEY, start, end, text, intrinsic_call(p, text), DIAG_END);
    } else {
        Diag *diag = parser_report(p, DIAG_KEY_NEEDS_QUOTES, start, end, text, DIAG_END);
        parser_fix(p, diag, start, end, str_format(p->arena, "\"%.*s\"", STR_FMT(text)), true);
    }
    while (p->tok.start < end && p->tok.kind != TOK_END)
        parser_advance(p);
    Expr *key = parser_new_expr(p, EXPR_ERROR, start);
    key->span.end = end;
    return key;
}

static Expr *parse_name_key(Parser *p)
{
    Expr *key = parser_new_expr(p, EXPR_NAME, p->tok.start);
    key->name = parser_text(p, &p->tok);
    key->span.end = p->tok.end;
    parser_advance(p);
    return key;
}

// key = IDENT | string; NULL, reported, when there is none.
static Expr *parse_key(Parser *p)
{
    uint32_t start = p->tok.start;
    TokenKind kind = (TokenKind)p->tok.kind;
    if (kind == TOK_STRING || kind == TOK_STRING_HEAD)
        return parse_string(p);
    if (kind == TOK_IDENT) {
        char next = lex_at(&p->lexer, p->tok.end);
        bool goes_on = next == '.' || next == '/' || next == '+' || next == '*' || next == '@' ||
                       (next == ':' && !lex_is_blank(lex_at(&p->lexer, p->tok.end + 1)));
        uint32_t end = goes_on ? odd_key_end(p, start) : 0;
        return end ? parse_odd_key(p, start, end) : parse_name_key(p);
    }
    uint32_t end = odd_key_end(p, start);
    if (end)
        return parse_odd_key(p, start, end);
    Diag *diag = parser_unexpected(p, "a key");
    if (kind == TOK_LBRACKET)
        parser_note(p, diag, 0, 0, "a key that is computed is a string, \"${key}\"");
    return NULL;
}

// ---- entries ----

static const char *after_key(Parser *p, const Expr *key)
{
    if (key->kind == EXPR_NAME && (p->tok.kind == TOK_COMMA || p->tok.kind == TOK_RBRACE))
        return "':' and a value";
    return "':'";
}

// ':' behind a key; false when nothing that could be a value follows.
static bool parse_colon(Parser *p, const Expr *key)
{
    if (parser_colon(p, after_key(p, key)))
        return true;
    // The ':' alone is missing where a value stands at once.
    bool is_value = (token_traits((TokenKind)p->tok.kind) & TOKEN_VALUE) &&
                    p->tok.kind != TOK_IDENT && !(p->tok.flags & TOKEN_LINE_FIRST);
    if (!is_value)
        parser_skip_entry(p);
    return is_value;
}

static Str key_text(const Parser *p, const Expr *key)
{
    return (Str){p->text.ptr + key->span.start, key->span.end - key->span.start};
}

// Behind `key: value` stands a ':': the value was a key, because the first had none; or both are
// one key that wants quotes. True when the value must be read (again).
static bool parse_second_colon(Parser *p, Item *item, uint32_t colon, bool value_begins_line)
{
    const Expr *key = item->key;
    const Expr *value = item->value;
    bool is_key = value->kind == EXPR_NAME || value->kind == EXPR_STRING;
    if (p->tok.kind != TOK_COLON || !is_key)
        return false;
    if (value_begins_line) {
        parser_report(
            p, DIAG_MISSING_VALUE, key->span.start, colon + 1, key_text(p, key), DIAG_END);
    } else if (item->value->span.start > colon + 1) {
        // `key: inner: value`: the braces around the inner entry are missing.
        parser_unexpected(p, "',', a line break or '}'");
        parser_skip_entry(p);
        return false;
    } else {
        uint32_t end = p->tok.start;
        Str text = {p->text.ptr + key->span.start, end - key->span.start};
        parser_report(p, DIAG_KEY_NEEDS_QUOTES, key->span.start, end, text, DIAG_END);
    }
    parser_advance(p);
    return true;
}

// entry = key ':' expr
static Item *parse_entry(Parser *p, Items *items, uint32_t start)
{
    Expr *key = parse_key(p);
    if (!key) {
        // What cannot begin an entry is left to the list; a value in place of the key is not.
        if ((token_traits((TokenKind)p->tok.kind) & TOKEN_VALUE) || parser_at(p, TOK_TYPE))
            parser_skip_entry(p);
        return NULL;
    }
    measure(p, items);
    Item *item = new_item(p, ITEM_ENTRY, start);
    item->key = key;
    bool is_odd = key->kind == EXPR_ERROR;
    if (!parse_colon(p, key)) {
        item->kind = ITEM_ERROR;
        return finish_item(p, item);
    }
    uint32_t colon = p->last.start;
    bool value_begins_line = (p->tok.flags & TOKEN_LINE_FIRST) != 0;
    item->value = parse_value(p, key_text(p, key), key->span.start, p->last.end);
    measure(p, items);
    while (parse_second_colon(p, item, colon, value_begins_line)) {
        if (value_begins_line) {
            Item *second = new_item(p, ITEM_ENTRY, item->value->span.start);
            second->key = item->value;
            item->value = parser_new_expr(p, EXPR_ERROR, colon + 1);
            VEC_ADD(p->arena, items->list, item);
            item = second;
        }
        colon = p->last.start;
        value_begins_line = (p->tok.flags & TOKEN_LINE_FIRST) != 0;
        item->value = parse_value(p, key_text(p, item->key), item->key->span.start, p->last.end);
        measure(p, items);
    }
    if (is_odd)
        item->kind = ITEM_ERROR;
    return finish_item(p, item);
}

// ---- other items ----

static Item *parse_item(Parser *p, Items *items);

// '...' expr
static Item *parse_spread(Parser *p, Items *items)
{
    Item *item = new_item(p, ITEM_SPREAD, p->tok.start);
    parser_advance(p);
    item->value = parse_expr(p);
    measure(p, items);
    return finish_item(p, item);
}

// 'for' forHead ':' item
static Item *parse_for_item(Parser *p, Items *items)
{
    Item *item = new_item(p, ITEM_FOR, p->tok.start);
    parser_advance(p);
    item->head = parse_for_head(p);
    measure(p, items);
    if (!parser_take(p, TOK_COLON)) {
        Diag *diag = parser_unexpected(p, "':' and what to repeat");
        if (p->tok.kind == TOK_LBRACE)
            parser_note(p, diag, 0, 0, "among entries it is 'for x in list: key: value'");
        parser_skip_entry(p);
        item->kind = ITEM_ERROR;
        return finish_item(p, item);
    }
    if (!parser_enter(p)) {
        parser_skip_entry(p);
    } else {
        Items inner = {items->mode == ITEMS_LIST ? ITEMS_LIST : ITEMS_MAP, items->list, 0};
        item->inner = parse_item(p, &inner);
        p->height = inner.height + 1;
        measure(p, items);
        parser_leave(p);
    }
    if (!item->inner)
        item->kind = ITEM_ERROR;
    return finish_item(p, item);
}

// with = 'with' path body
static Item *parse_with(Parser *p, Items *items)
{
    Item *item = new_item(p, ITEM_WITH, p->tok.start);
    parser_advance(p);
    item->path = parse_path(p);
    measure(p, items);
    if (!parser_at_body(p, "'{' and what to change"))
        return finish_item(p, item);
    if (!parser_enter(p)) {
        parser_skip_entry(p);
        return finish_item(p, item);
    }
    parse_items(p, ITEMS_BODY, &item->body);
    p->height++;
    measure(p, items);
    parser_leave(p);
    return finish_item(p, item);
}

// require = 'require' expr [ ',' string ]
static Item *parse_require_item(Parser *p, Items *items)
{
    Item *item = new_item(p, ITEM_REQUIRE, p->tok.start);
    parser_advance(p);
    item->value = parse_expr(p);
    measure(p, items);
    item->message = parse_message(p);
    measure(p, items);
    return finish_item(p, item);
}

static Item *parse_element(Parser *p, Items *items)
{
    Item *item = new_item(p, ITEM_ELEMENT, p->tok.start);
    item->value = parse_expr(p);
    measure(p, items);
    return finish_item(p, item);
}

// An `if` block among entries: over it, and all its branches.
static void skip_if(Parser *p)
{
    Diag *diag = parser_report(p, DIAG_IF_AMONG_ENTRIES, p->tok.start, p->tok.end, DIAG_END);
    parser_note(p, diag, 0, 0,
        "'key: condition ? value : null' leaves the entry out when it does not hold");
    do {
        parser_advance(p);
        parser_skip_entry(p);
    } while (p->tok.kind == TOK_ELSE);
}

// Is the token a word that the mode gives a meaning, and not a key?
static bool at_item_word(const Parser *p, const char *word)
{
    return parser_at_word(p, word) && !(lex_at(&p->lexer, p->tok.end) == ':');
}

// One item without its annotations; NULL, reported, when there is none.
static Item *parse_item(Parser *p, Items *items)
{
    ItemMode mode = items->mode;
    TokenKind kind = (TokenKind)p->tok.kind;
    uint32_t start = p->tok.start;
    bool is_key = lex_at(&p->lexer, p->tok.end) == ':' && mode != ITEMS_LIST;
    if (kind == TOK_ELLIPSIS)
        return parse_spread(p, items);
    if (kind == TOK_FOR && !is_key)
        return parse_for_item(p, items);
    if (kind == TOK_IF && !is_key) {
        skip_if(p);
        return NULL;
    }
    if (mode == ITEMS_LIST)
        return parse_element(p, items);
    if (mode == ITEMS_BODY && at_item_word(p, "with"))
        return parse_with(p, items);
    if (mode == ITEMS_SETTINGS && at_item_word(p, "require"))
        return parse_require_item(p, items);
    return parse_entry(p, items, start);
}

// ---- annotations ----

// annotation = '@' IDENT [ '(' [ expr { sep expr } [ ',' ] ] ')' ]
static Annotation parse_annotation(Parser *p)
{
    Annotation annotation = {0};
    uint32_t start = p->tok.start;
    parser_advance(p);
    annotation.name = parser_name(p, "a name behind '@'");
    if (parser_at(p, TOK_LPAREN)) {
        annotation.has_args = true;
        parse_arguments(p, &annotation.args);
    }
    annotation.span = parser_span(p, start);
    return annotation;
}

void parse_annotations(Parser *p, AnnotationList *annotations)
{
    while (parser_at(p, TOK_AT)) {
        Annotation annotation = parse_annotation(p);
        VEC_ADD(p->arena, annotations, annotation);
        parser_take(p, TOK_NEWLINE);
    }
}

// Those before an item of braces. In a body one on a line of its own belongs to the resource,
// unless it is `@suppress` or a `with` follows; `own` gets these.
typedef struct ItemAnnotations {
    AnnotationList item;
    AnnotationList own;
} ItemAnnotations;

static void parse_item_annotations(Parser *p, bool is_body, ItemAnnotations *out)
{
    while (parser_at(p, TOK_AT)) {
        Annotation annotation = parse_annotation(p);
        bool on_own_line = p->tok.kind == TOK_NEWLINE;
        bool is_last = (token_traits((TokenKind)p->tok.kind) & TOKEN_CLOSES) ||
                       p->tok.kind == TOK_COMMA || p->tok.kind == TOK_END ||
                       (on_own_line && parser_at_declaration(p));
        bool is_own =
            is_body && (is_last || (on_own_line && !str_is(annotation.name.text, "suppress")));
        if (is_own)
            VEC_ADD(p->arena, &out->own, annotation);
        else
            VEC_ADD(p->arena, &out->item, annotation);
        if (is_last)
            return;
        parser_take(p, TOK_NEWLINE);
    }
}

static void add_own(Parser *p, Items *items, const AnnotationList *own)
{
    if (!own->len)
        return;
    Item *item = new_item(p, ITEM_ANNOTATION, own->items[0].span.start);
    item->annotations = *own;
    item->span = span_join(item->span, own->items[own->len - 1].span);
    VEC_ADD(p->arena, items->list, item);
}

// Behind annotations no item follows: a declaration does, or nothing.
static void drop_annotations(Parser *p, ItemAnnotations *found)
{
    if (parser_at_declaration(p)) {
        for (size_t i = 0; i < found->item.len; i++)
            VEC_ADD(p->arena, &p->carried, found->item.items[i]);
        for (size_t i = 0; i < found->own.len; i++)
            VEC_ADD(p->arena, &p->carried, found->own.items[i]);
        *found = (ItemAnnotations){0};
        return;
    }
    for (size_t i = 0; i < found->item.len; i++)
        parser_report(p, DIAG_ANNOTATION_ALONE, found->item.items[i].span.start,
            found->item.items[i].span.end, found->item.items[i].name.text, DIAG_END);
}

// mapItem = { annotation [ NL ] } ( entry | element )
static void parse_map_item(Parser *p, void *context)
{
    Items *items = context;
    ItemAnnotations found = {0};
    if (parser_at(p, TOK_AT) && items->mode != ITEMS_LIST) {
        parse_item_annotations(p, items->mode == ITEMS_BODY, &found);
        TokenKind kind = (TokenKind)p->tok.kind;
        if ((token_traits(kind) & TOKEN_CLOSES) || kind == TOK_COMMA || kind == TOK_END ||
            parser_at_declaration(p)) {
            drop_annotations(p, &found);
            add_own(p, items, &found.own);
            return;
        }
        // `with` takes all of them, in order: those that stood on their own lines came first.
        if (items->mode == ITEMS_BODY && at_item_word(p, "with")) {
            for (size_t i = 0; i < found.item.len; i++)
                VEC_ADD(p->arena, &found.own, found.item.items[i]);
            found.item = found.own;
            found.own = (AnnotationList){0};
        }
        add_own(p, items, &found.own);
    }
    Item *item = parse_item(p, items);
    if (!item)
        return;
    item->annotations = found.item;
    VEC_ADD(p->arena, items->list, item);
}

void parse_items(Parser *p, ItemMode mode, ItemList *list)
{
    bool is_list = mode == ITEMS_LIST;
    Items items = {mode, list, 0};
    parse_sequence(
        p, &(Sequence){is_list ? "a value" : "an entry", !is_list, parse_map_item, &items});
    p->height = items.height;
}
