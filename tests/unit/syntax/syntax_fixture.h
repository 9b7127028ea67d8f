// A text is parsed; its tree and its findings are compared as text.
#ifndef ALTC_TESTS_UNIT_SYNTAX_FIXTURE_H
#define ALTC_TESTS_UNIT_SYNTAX_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "compiler/syntax/syntax.h"
#include "tests/support/tree_print_decl.h"

typedef struct Parsed {
    Arena *arena;
    Sources *sources;
    DiagSink *diags;
    FileId file;
    const SyntaxTree *tree;
} Parsed;

// The text is copied to memory of exactly its size, so that a sanitizer sees reads behind it.
static inline Parsed parse_text(Str text)
{
    Parsed parsed = {.arena = arena_new()};
    parsed.sources = sources_new(parsed.arena);
    parsed.diags = diag_sink_new(parsed.arena);
    char *exact = arena_alloc(parsed.arena, text.len);
    if (text.len)
        memcpy(exact, text.ptr, text.len);
    parsed.file = sources_add(parsed.sources, STR("a.alt"), (Str){exact, text.len});
    parsed.tree = syntax_parse(parsed.arena, parsed.sources, parsed.file, parsed.diags);
    return parsed;
}

static inline void parsed_free(Parsed *parsed)
{
    arena_free(parsed->arena);
}

// "1206@1:8": code, line and column, joined by blanks.
static inline Str findings_of(Parsed *parsed)
{
    Str all = STR("");
    DiagList list = diag_sorted(parsed->diags);
    for (size_t i = 0; i < list.len; i++) {
        const Diag *diag = list.items[i];
        Position at = source_position(parsed->sources, diag->span.file, diag->span.start);
        all = str_format(parsed->arena, "%.*s%s%d@%u:%u", STR_FMT(all), i ? " " : "",
            diag_number(diag->code), at.line, at.column);
    }
    return all;
}

static inline Str tree_of(Parsed *parsed)
{
    Buf out;
    buf_init(&out, 0);
    print_decls(&out, &parsed->tree->decls);
    Str text = buf_copy(&out, parsed->arena);
    buf_release(&out);
    return text;
}

typedef struct Row {
    const char *text;
    const char *tree;
    const char *findings;
} Row;

// A NULL tree is not compared.
static inline void check_row(const Row *row)
{
    Parsed parsed = parse_text(str_of(row->text));
    Str findings = findings_of(&parsed);
    Str tree = tree_of(&parsed);
    bool same = str_is(findings, row->findings ? row->findings : "") &&
                (!row->tree || str_is(tree, row->tree));
    if (!same)
        print_error("%s\ntree: %s\nfindings: %s\n", row->text, tree.ptr, findings.ptr);
    assert_string_equal(findings.ptr ? findings.ptr : "", row->findings ? row->findings : "");
    if (row->tree)
        assert_string_equal(tree.ptr ? tree.ptr : "", row->tree);
    parsed_free(&parsed);
}

static inline void check_rows(const Row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_row(&rows[i]);
}

#define CHECK_ROWS(rows) check_rows((rows), sizeof(rows) / sizeof *(rows))

#endif
