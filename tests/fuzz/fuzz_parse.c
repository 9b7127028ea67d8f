// Any bytes give a whole tree: no crash, findings within the file and bounded in number, tokens
// that cover the text, and every node an id of its own.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/syntax/lexer.h"
#include "compiler/syntax/syntax.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// In every variant, unlike assert.
static void must(bool holds)
{
    if (!holds)
        abort();
}

typedef struct Check {
    FileId file;
    size_t size;
    uint32_t depth;
    unsigned char *exprs; // by id: seen
    uint32_t expr_count;
} Check;

enum { DEPTH_MAX = 6 * SYNTAX_NESTING_MAX };

static void check_expr(Check *check, const Expr *expr);
static void check_type(Check *check, const TypeExpr *type);

static void check_span(const Check *check, Span span)
{
    must(span.file == check->file && span.start <= span.end && span.end <= check->size);
}

static void check_word(const Check *check, Word word)
{
    if (word.span.file)
        check_span(check, word.span);
    for (size_t i = 0; i < word.text.len; i++)
        must(word.text.ptr != NULL);
}

static void check_optional(Check *check, const Expr *expr)
{
    if (expr)
        check_expr(check, expr);
}

static void check_exprs(Check *check, const ExprList *list)
{
    for (size_t i = 0; i < list->len; i++)
        check_expr(check, list->items[i]);
}

static void check_annotations(Check *check, const AnnotationList *list)
{
    for (size_t i = 0; i < list->len; i++) {
        check_span(check, list->items[i].span);
        check_exprs(check, &list->items[i].args);
    }
}

static void check_head(Check *check, const ForHead *head)
{
    check_word(check, head->first);
    check_expr(check, head->subject);
    check_optional(check, head->filter);
}

static void check_item(Check *check, const Item *item);

static void check_items(Check *check, const ItemList *items)
{
    for (size_t i = 0; i < items->len; i++)
        check_item(check, items->items[i]);
}

static void check_item(Check *check, const Item *item)
{
    must(item != NULL && item->kind < ITEM_COUNT && check->depth++ < DEPTH_MAX);
    check_span(check, item->span);
    check_annotations(check, &item->annotations);
    bool has_value = item->kind == ITEM_ENTRY || item->kind == ITEM_ELEMENT ||
                     item->kind == ITEM_SPREAD || item->kind == ITEM_REQUIRE;
    must(!has_value || item->value);
    must(item->kind != ITEM_ENTRY || item->key);
    must(item->kind != ITEM_FOR || (item->head && item->inner));
    must(item->kind != ITEM_WITH || item->path);
    check_optional(check, item->key);
    check_optional(check, item->value);
    if (item->head)
        check_head(check, item->head);
    if (item->inner)
        check_item(check, item->inner);
    check_optional(check, item->path);
    check_items(check, &item->body);
    check_optional(check, item->message);
    check->depth--;
}

static void check_match(Check *check, const Expr *expr)
{
    check_expr(check, expr->match.subject);
    for (size_t i = 0; i < expr->match.arm_count; i++) {
        check_span(check, expr->match.arms[i].span);
        check_exprs(check, &expr->match.arms[i].keys);
        check_expr(check, expr->match.arms[i].value);
    }
}

static void check_string(Check *check, const Expr *expr)
{
    for (size_t i = 0; i < expr->string.len; i++) {
        const StringPart *part = &expr->string.items[i];
        must(part->expr || part->text.len);
        check_span(check, part->span);
        check_optional(check, part->expr);
    }
}

static void check_operands(Check *check, const Expr *expr)
{
    switch (expr->kind) {
    case EXPR_UNARY:
        check_expr(check, expr->unary.operand);
        break;
    case EXPR_BINARY:
        must(expr->binary.op > OP_NONE && expr->binary.op < OP_COUNT);
        check_expr(check, expr->binary.left);
        check_expr(check, expr->binary.right);
        break;
    case EXPR_IS:
        check_expr(check, expr->is.operand);
        check_type(check, expr->is.type);
        break;
    case EXPR_CONDITIONAL:
        check_expr(check, expr->conditional.condition);
        check_expr(check, expr->conditional.yes);
        check_expr(check, expr->conditional.no);
        break;
    case EXPR_MEMBER:
        check_expr(check, expr->member.object);
        must(expr->member.name.text.len > 0);
        break;
    case EXPR_INDEX:
        check_expr(check, expr->index.object);
        check_expr(check, expr->index.index);
        break;
    case EXPR_CALL:
        check_expr(check, expr->call.callee);
        check_exprs(check, &expr->call.args);
        break;
    default:
        break;
    }
}

static void check_expr(Check *check, const Expr *expr)
{
    must(expr != NULL && expr->kind < EXPR_COUNT && check->depth++ < DEPTH_MAX);
    check_span(check, expr->span);
    must(expr->id < check->expr_count && !check->exprs[expr->id]);
    check->exprs[expr->id] = 1;
    if (expr->kind == EXPR_LIST || expr->kind == EXPR_MAP)
        check_items(check, &expr->items);
    else if (expr->kind == EXPR_STRING)
        check_string(check, expr);
    else if (expr->kind == EXPR_MATCH)
        check_match(check, expr);
    else
        check_operands(check, expr);
    check->depth--;
}

static void check_fields(Check *check, const FieldList *fields)
{
    for (size_t i = 0; i < fields->len; i++) {
        check_word(check, fields->items[i].name);
        check_type(check, fields->items[i].type);
        check_optional(check, fields->items[i].fallback);
    }
}

static void check_type(Check *check, const TypeExpr *type)
{
    must(type != NULL && type->kind < TYPE_EXPR_COUNT && check->depth++ < DEPTH_MAX);
    check_span(check, type->span);
    must(type->kind != TYPE_EXPR_NAME || type->name.text.len);
    if (type->argument)
        check_type(check, type->argument);
    check_fields(check, &type->fields);
    for (size_t i = 0; i < type->members.len; i++)
        check_type(check, type->members.items[i]);
    check->depth--;
}

static void check_parts(Check *check, const Decl *decl)
{
    for (size_t i = 0; i < decl->stages.len; i++)
        check_items(check, &decl->stages.items[i].items);
    for (size_t i = 0; i < decl->rules.len; i++) {
        check_optional(check, decl->rules.items[i].condition);
        check_optional(check, decl->rules.items[i].message);
        check_exprs(check, &decl->rules.items[i].targets);
    }
    for (size_t i = 0; i < decl->steps.len; i++) {
        check_optional(check, decl->steps.items[i].path);
        must(decl->steps.items[i].kind != STEP_SET || decl->steps.items[i].path);
        check_expr(check, decl->steps.items[i].value);
        check_optional(check, decl->steps.items[i].message);
    }
}

static void check_decls(Check *check, const DeclList *decls)
{
    must(check->depth++ < DEPTH_MAX);
    for (size_t i = 0; i < decls->len; i++) {
        const Decl *decl = decls->items[i];
        must(decl != NULL && decl->kind < DECL_COUNT);
        check_span(check, decl->span);
        check_word(check, decl->name);
        check_annotations(check, &decl->annotations);
        check_optional(check, decl->key);
        if (decl->type)
            check_type(check, decl->type);
        check_optional(check, decl->value);
        check_optional(check, decl->message);
        check_fields(check, &decl->fields);
        check_items(check, &decl->items);
        check_parts(check, decl);
        check_optional(check, decl->from);
        check_optional(check, decl->to);
        bool has_value = decl->kind == DECL_LET || decl->kind == DECL_OUTPUT ||
                         decl->kind == DECL_FN || decl->kind == DECL_CONDITION ||
                         decl->kind == DECL_REQUIRE || decl->kind == DECL_IF;
        must(!has_value || decl->value);
        bool has_type =
            decl->kind == DECL_VAR || decl->kind == DECL_PARAM || decl->kind == DECL_TYPE;
        must(!has_type || decl->type);
        must(decl->kind != DECL_MOVED || (decl->from && decl->to));
        must(decl->kind != DECL_FOR || decl->head);
        if (decl->head)
            check_head(check, decl->head);
        check_decls(check, &decl->body);
        check_decls(check, &decl->otherwise);
    }
    check->depth--;
}

// Tokens stand in order, and what lies between them is no text of the program.
static void check_tokens(Str text)
{
    SyntaxErrors errors = {0};
    Lexer *lexer = calloc(1, sizeof *lexer);
    must(lexer != NULL);
    lexer_init(lexer, text, &errors);
    uint32_t end = 0;
    for (Token token = {0};;) {
        lexer_next(lexer, &token);
        must(token.start >= end && token.end >= token.start && token.end <= text.len);
        end = token.end;
        if (token.kind == TOK_END)
            break;
        bool may_be_empty = token.kind == TOK_NEWLINE || token.kind == TOK_STRING_TAIL;
        must(token.end > token.start || may_be_empty);
    }
    must(lexer->pos == text.len && !lexer->frame_count);
    free(lexer);
}

static void check_findings(const Check *check, DiagSink *diags)
{
    DiagList list = diag_sorted(diags);
    must(list.len <= SYNTAX_ERRORS_MAX + 1);
    for (size_t i = 0; i < list.len; i++) {
        check_span(check, list.items[i]->span);
        for (size_t j = 0; j < list.items[i]->fixes.len; j++)
            check_span(check, list.items[i]->fixes.items[j].span);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new();
    Sources *sources = sources_new(arena);
    DiagSink *diags = diag_sink_new(arena);
    char *text = arena_alloc(arena, size);
    if (size)
        memcpy(text, data, size);
    Str source = {text, size};
    FileId file = sources_add(sources, STR("input.alt"), source);
    const SyntaxTree *tree = syntax_parse(arena, sources, file, diags);
    Check check = {file, size, 0, arena_alloc(arena, tree->expr_count), tree->expr_count};
    check_decls(&check, &tree->decls);
    check_findings(&check, diags);
    check_tokens(source);
    arena_free(arena);
    return 0;
}
