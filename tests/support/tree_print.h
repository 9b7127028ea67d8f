// Expressions and types of a tree as text, for tests: operators in front, brackets around
// everything, so that what belongs to what can be seen. Only for trees of small programs.
#ifndef ALTC_TESTS_SUPPORT_TREE_PRINT_H
#define ALTC_TESTS_SUPPORT_TREE_PRINT_H

#include "compiler/base/buf.h"
#include "compiler/syntax/tree.h"

static inline void print_expr(Buf *out, const Expr *expr);
static inline void print_type(Buf *out, const TypeExpr *type);

static inline void print_word(Buf *out, Word word)
{
    if (word.text.len)
        buf_add(out, word.text);
    else
        buf_add_text(out, "<none>");
}

static inline void print_text(Buf *out, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n')
            buf_add_text(out, "\\n");
        else
            buf_add_char(out, text.ptr[i]);
    }
}

static inline void print_string(Buf *out, const Expr *expr)
{
    buf_add_char(out, '"');
    for (size_t i = 0; i < expr->string.len; i++) {
        const StringPart *part = &expr->string.items[i];
        if (!part->expr) {
            print_text(out, part->text);
            continue;
        }
        buf_add_text(out, "${");
        print_expr(out, part->expr);
        buf_add_char(out, '}');
    }
    buf_add_char(out, '"');
}

static inline void print_head(Buf *out, const ForHead *head)
{
    print_word(out, head->first);
    if (head->second.text.len) {
        buf_add_char(out, ',');
        print_word(out, head->second);
    }
    buf_add_text(out, " in ");
    print_expr(out, head->subject);
    if (head->filter) {
        buf_add_text(out, " if ");
        print_expr(out, head->filter);
    }
}

static inline void print_exprs(Buf *out, const ExprList *list)
{
    for (size_t i = 0; i < list->len; i++) {
        if (i)
            buf_add_char(out, ' ');
        print_expr(out, list->items[i]);
    }
}

static inline void print_annotations(Buf *out, const AnnotationList *list)
{
    for (size_t i = 0; i < list->len; i++) {
        const Annotation *annotation = &list->items[i];
        buf_add_char(out, '@');
        print_word(out, annotation->name);
        if (annotation->has_args) {
            buf_add_char(out, '(');
            print_exprs(out, &annotation->args);
            buf_add_char(out, ')');
        }
        buf_add_char(out, ' ');
    }
}

static inline void print_items(Buf *out, const ItemList *items);

static inline void print_item(Buf *out, const Item *item)
{
    if (item->kind == ITEM_ANNOTATION) {
        buf_add_char(out, '<');
        print_annotations(out, &item->annotations);
        buf_add_char(out, '>');
        return;
    }
    print_annotations(out, &item->annotations);
    switch (item->kind) {
    case ITEM_ENTRY:
        print_expr(out, item->key);
        buf_add_char(out, ':');
        print_expr(out, item->value);
        break;
    case ITEM_ELEMENT:
        print_expr(out, item->value);
        break;
    case ITEM_SPREAD:
        buf_add_text(out, "...");
        print_expr(out, item->value);
        break;
    case ITEM_FOR:
        buf_add_text(out, "(for ");
        print_head(out, item->head);
        buf_add_text(out, ": ");
        print_item(out, item->inner);
        buf_add_char(out, ')');
        break;
    case ITEM_WITH:
        buf_add_text(out, "(with ");
        print_expr(out, item->path);
        buf_add_text(out, " {");
        print_items(out, &item->body);
        buf_add_text(out, "})");
        break;
    case ITEM_REQUIRE:
        buf_add_text(out, "(require ");
        print_expr(out, item->value);
        if (item->message) {
            buf_add_char(out, ' ');
            print_expr(out, item->message);
        }
        buf_add_char(out, ')');
        break;
    default:
        buf_add_text(out, "<error>");
    }
}

static inline void print_items(Buf *out, const ItemList *items)
{
    for (size_t i = 0; i < items->len; i++) {
        if (i)
            buf_add_char(out, ' ');
        print_item(out, items->items[i]);
    }
}

static inline void print_match(Buf *out, const Expr *expr)
{
    buf_add_text(out, "(match ");
    print_expr(out, expr->match.subject);
    for (size_t i = 0; i < expr->match.arm_count; i++) {
        const MatchArm *arm = &expr->match.arms[i];
        buf_add_text(out, " [");
        print_exprs(out, &arm->keys);
        if (arm->is_else)
            buf_add_text(out, arm->keys.len ? " else" : "else");
        buf_add_text(out, ": ");
        print_expr(out, arm->value);
        buf_add_char(out, ']');
    }
    buf_add_char(out, ')');
}

static inline const char *operator_name(Operator op)
{
    static const char *const names[OP_COUNT] = {"?", "!", "-", "??", "||", "&&", "==", "!=", "<",
        "<=", ">", ">=", "in", "+", "-", "*", "/", "%"};
    return names[op];
}

static inline void print_operation(Buf *out, const Expr *expr)
{
    if (expr->kind == EXPR_UNARY) {
        buf_add_format(out, "(%s ", operator_name(expr->unary.op));
        print_expr(out, expr->unary.operand);
    } else if (expr->kind == EXPR_BINARY) {
        buf_add_format(out, "(%s ", operator_name(expr->binary.op));
        print_expr(out, expr->binary.left);
        buf_add_char(out, ' ');
        print_expr(out, expr->binary.right);
    } else if (expr->kind == EXPR_IS) {
        buf_add_text(out, "(is ");
        print_expr(out, expr->is.operand);
        buf_add_char(out, ' ');
        print_type(out, expr->is.type);
    } else {
        buf_add_text(out, "(? ");
        print_expr(out, expr->conditional.condition);
        buf_add_char(out, ' ');
        print_expr(out, expr->conditional.yes);
        buf_add_char(out, ' ');
        print_expr(out, expr->conditional.no);
    }
    buf_add_char(out, ')');
}

static inline void print_postfix(Buf *out, const Expr *expr)
{
    if (expr->kind == EXPR_MEMBER) {
        print_expr(out, expr->member.object);
        buf_add_char(out, '.');
        print_word(out, expr->member.name);
    } else if (expr->kind == EXPR_INDEX) {
        print_expr(out, expr->index.object);
        buf_add_char(out, '[');
        print_expr(out, expr->index.index);
        buf_add_char(out, ']');
    } else {
        print_expr(out, expr->call.callee);
        buf_add_char(out, '(');
        print_exprs(out, &expr->call.args);
        buf_add_char(out, ')');
    }
}

static inline void print_expr(Buf *out, const Expr *expr)
{
    switch (expr ? expr->kind : EXPR_ERROR) {
    case EXPR_NULL:
        buf_add_text(out, "null");
        break;
    case EXPR_BOOL:
        buf_add_text(out, expr->boolean ? "true" : "false");
        break;
    case EXPR_NUMBER:
        buf_add(out, expr->number);
        break;
    case EXPR_STRING:
        print_string(out, expr);
        break;
    case EXPR_NAME:
        buf_add(out, expr->name);
        break;
    case EXPR_LIST:
    case EXPR_MAP:
        buf_add_char(out, expr->kind == EXPR_LIST ? '[' : '{');
        print_items(out, &expr->items);
        buf_add_char(out, expr->kind == EXPR_LIST ? ']' : '}');
        break;
    case EXPR_MATCH:
        print_match(out, expr);
        break;
    case EXPR_MEMBER:
    case EXPR_INDEX:
    case EXPR_CALL:
        print_postfix(out, expr);
        break;
    case EXPR_UNARY:
    case EXPR_BINARY:
    case EXPR_IS:
    case EXPR_CONDITIONAL:
        print_operation(out, expr);
        break;
    default:
        buf_add_text(out, expr ? "<error>" : "<null>");
    }
}

static inline void print_fields(Buf *out, const FieldList *fields)
{
    for (size_t i = 0; i < fields->len; i++) {
        const Field *field = &fields->items[i];
        if (i)
            buf_add_char(out, ' ');
        print_word(out, field->name);
        buf_add_char(out, ':');
        print_type(out, field->type);
        if (field->fallback) {
            buf_add_char(out, '=');
            print_expr(out, field->fallback);
        }
    }
}

static inline void print_type(Buf *out, const TypeExpr *type)
{
    switch (type->kind) {
    case TYPE_EXPR_NAME:
        print_word(out, type->name);
        if (type->argument) {
            buf_add_char(out, '<');
            print_type(out, type->argument);
            buf_add_char(out, '>');
        }
        break;
    case TYPE_EXPR_STRING:
        buf_add_format(out, "\"%.*s\"", STR_FMT(type->text));
        break;
    case TYPE_EXPR_NUMBER:
        buf_add(out, type->text);
        break;
    case TYPE_EXPR_BOOL:
        buf_add_text(out, type->boolean ? "true" : "false");
        break;
    case TYPE_EXPR_NULL:
        buf_add_text(out, "null");
        break;
    case TYPE_EXPR_RECORD:
        buf_add_char(out, '{');
        print_fields(out, &type->fields);
        buf_add_char(out, '}');
        break;
    case TYPE_EXPR_UNION:
        for (size_t i = 0; i < type->members.len; i++) {
            if (i)
                buf_add_char(out, '|');
            print_type(out, type->members.items[i]);
        }
        break;
    default:
        buf_add_text(out, "<error>");
    }
}

#endif
