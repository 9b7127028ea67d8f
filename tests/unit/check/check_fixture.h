// Templates as JSON text in, findings as text out. In the tables JSON stands with single quotes.
#ifndef ALTC_TESTS_CHECK_FIXTURE_H
#define ALTC_TESTS_CHECK_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "compiler/check/check.h"
#include "compiler/data/data.h"

#define ROWS(table) (sizeof(table) / sizeof *(table))

typedef struct Fixture {
    Arena *arena;
    Sources *sources;
    DiagSink *diags;
    RegexCache *regexes;
} Fixture;

// What a template gives: "3102 2:5 'X' has no property 'Y'; …", or without the messages.
typedef struct TemplateRow {
    const char *json;
    const char *findings;
} TemplateRow;

static inline Fixture fixture_new(RegexCache *regexes)
{
    Arena *arena = arena_new();
    return (Fixture){arena, sources_new(arena), diag_sink_new(arena), regexes};
}

static inline Datum *fixture_read(Fixture *fixture, const char *json)
{
    char *text = arena_copy(fixture->arena, json, strlen(json));
    for (char *at = text; *at; at++)
        if (*at == '\'')
            *at = '"';
    FileId file = sources_add(fixture->sources, STR("t.json"), str_of(text));
    DataContext context = {fixture->arena, fixture->sources, fixture->diags};
    return data_read_json(&context, file);
}

static inline CheckContext fixture_context(Fixture *fixture)
{
    return (CheckContext){fixture->arena, fixture->diags, fixture->regexes, schema_builtin()};
}

static inline Str fixture_place(Fixture *fixture, Span span)
{
    if (!span.file)
        return STR("-");
    Position at = source_position(fixture->sources, span.file, span.start);
    return str_format(fixture->arena, "%u:%u", at.line, at.column);
}

// `notes` adds each note behind " | ".
static inline Str fixture_findings(Fixture *fixture, bool messages, bool notes)
{
    Buf text;
    buf_init(&text, 0);
    DiagList list = diag_sorted(fixture->diags);
    for (size_t i = 0; i < list.len; i++) {
        const Diag *diag = list.items[i];
        Str code = diag_code_text(fixture->arena, diag->code);
        buf_add_format(
            &text, "%s%s %s", i ? "; " : "", code.ptr + 3, fixture_place(fixture, diag->span).ptr);
        if (messages)
            buf_add_format(&text, " %s", diag_message(fixture->arena, diag).ptr);
        for (size_t j = 0; notes && j < diag->notes.len; j++)
            buf_add_format(&text, " | %s %s", fixture_place(fixture, diag->notes.items[j].span).ptr,
                diag->notes.items[j].text.ptr);
    }
    Str copy = buf_copy(&text, fixture->arena);
    buf_release(&text);
    return copy;
}

static inline Str fixture_check(Fixture *fixture, const char *json, bool messages, bool notes)
{
    Datum *template_ = fixture_read(fixture, json);
    if (template_) {
        Stack stack = {
            .id = STR("main"), .name = STR("app-dev"), .region = STR(""), .template_ = template_};
        CheckContext context = fixture_context(fixture);
        check_template(&context, &stack);
    }
    return fixture_findings(fixture, messages, notes);
}

static inline void check_rows(const TemplateRow *rows, size_t count, bool messages, bool notes)
{
    RegexCache *regexes = regex_cache_new();
    size_t wrong = 0; // all rows are shown, not only the first
    for (size_t i = 0; i < count; i++) {
        Fixture fixture = fixture_new(regexes);
        Str findings = fixture_check(&fixture, rows[i].json, messages, notes);
        if (strcmp(findings.ptr, rows[i].findings) != 0) {
            print_error("row %zu: %s\n expected %s\n    found %s\n", i, rows[i].json,
                rows[i].findings, findings.ptr);
            wrong++;
        }
        arena_free(fixture.arena);
    }
    regex_cache_free(regexes);
    assert_int_equal(wrong, 0);
}

#endif
