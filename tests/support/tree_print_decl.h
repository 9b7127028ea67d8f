// Declarations of a syntax tree as text, for tests.
#ifndef ALTC_TESTS_SUPPORT_TREE_PRINT_DECL_H
#define ALTC_TESTS_SUPPORT_TREE_PRINT_DECL_H

#include "tests/support/tree_print.h"

static inline void print_decls(Buf *out, const DeclList *decls);

static inline void print_words(Buf *out, const char *before, const WordList *words)
{
    if (!words->len)
        return;
    buf_add_text(out, before);
    for (size_t i = 0; i < words->len; i++) {
        if (i)
            buf_add_char(out, ',');
        print_word(out, words->items[i]);
    }
}

static inline void print_rules(Buf *out, const Decl *decl)
{
    for (size_t i = 0; i < decl->rules.len; i++) {
        const GuardRule *rule = &decl->rules.items[i];
        buf_add_text(out, rule->kind == RULE_DENY ? " (deny" : " (require ");
        if (rule->kind == RULE_DENY) {
            print_words(out, " ", &rule->actions);
            buf_add_text(out, " of ");
            print_exprs(out, &rule->targets);
        } else {
            print_expr(out, rule->condition);
        }
        if (rule->message) {
            buf_add_char(out, ' ');
            print_expr(out, rule->message);
        }
        buf_add_char(out, ')');
    }
    for (size_t i = 0; i < decl->steps.len; i++) {
        const TestStep *step = &decl->steps.items[i];
        static const char *const words[] = {"error", "set", "assert", "refuse"};
        buf_add_format(out, " (%s ", words[step->kind]);
        if (step->path) {
            print_expr(out, step->path);
            buf_add_char(out, ' ');
        }
        print_expr(out, step->value);
        buf_add_char(out, ')');
    }
    for (size_t i = 0; i < decl->stages.len; i++) {
        buf_add_char(out, ' ');
        print_word(out, decl->stages.items[i].name);
        buf_add_text(out, ":{");
        print_items(out, &decl->stages.items[i].items);
        buf_add_char(out, '}');
    }
}

static inline void print_decl_head(Buf *out, const Decl *decl)
{
    if (decl->name.text.len)
        buf_add_format(out, " %.*s", STR_FMT(decl->name.text));
    if (decl->key) {
        buf_add_char(out, '[');
        print_expr(out, decl->key);
        buf_add_char(out, ']');
    }
    if (decl->fields.len) {
        buf_add_text(out, " (");
        print_fields(out, &decl->fields);
        buf_add_char(out, ')');
    }
    if (decl->resource_type.text.len)
        buf_add_format(out, " : %.*s", STR_FMT(decl->resource_type.text));
    if (decl->type) {
        buf_add_text(out, " : ");
        print_type(out, decl->type);
    }
    if (decl->has_on)
        print_words(out, " on ", &decl->on);
    if (decl->has_allow)
        buf_add_format(out, " allow %.*s", STR_FMT(decl->allow.text));
    if (decl->head) {
        buf_add_char(out, ' ');
        print_head(out, decl->head);
    }
}

static inline void print_decl(Buf *out, const Decl *decl)
{
    buf_add_char(out, '(');
    print_annotations(out, &decl->annotations);
    if (decl->kind == DECL_ERROR)
        buf_add_text(out, "<error>");
    else
        print_word(out, decl->keyword);
    print_decl_head(out, decl);
    if (decl->value) {
        buf_add_text(out, " = ");
        print_expr(out, decl->value);
    }
    if (decl->message) {
        buf_add_char(out, ' ');
        print_expr(out, decl->message);
    }
    if (decl->from) {
        buf_add_char(out, ' ');
        print_expr(out, decl->from);
        buf_add_text(out, " to ");
        print_expr(out, decl->to);
    }
    if (decl->has_body) {
        buf_add_text(out, " {");
        print_words(out, "", &decl->names);
        print_items(out, &decl->items);
        buf_add_char(out, '}');
    }
    print_rules(out, decl);
    if (decl->body.len) {
        buf_add_char(out, ' ');
        print_decls(out, &decl->body);
    }
    if (decl->has_else) {
        buf_add_text(out, " else ");
        print_decls(out, &decl->otherwise);
    }
    buf_add_char(out, ')');
}

static inline void print_decls(Buf *out, const DeclList *decls)
{
    for (size_t i = 0; i < decls->len; i++) {
        if (i)
            buf_add_char(out, ' ');
        print_decl(out, decls->items[i]);
    }
}

#endif
