// Programs in, findings out, as "2001 1:9" with the line and column of each.
#ifndef ALTC_TESTS_SEMA_FIXTURE_H
#define ALTC_TESTS_SEMA_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/base/buf.h"
#include "compiler/sema/sema.h"
#include "tests/support/fake_host.h"

typedef struct Analysed {
    Arena *arena;
    Sources *sources;
    DiagSink *diags;
    Program *program;
    Analysis *analysis;
} Analysed;

typedef struct Row {
    const char *text;
    const char *expected; // findings, separated by "; "
} Row;

// The first file is the root, in the folder /prog.
static inline Analysed analyse_files(const FakeFile *files, size_t count)
{
    Analysed a = {.arena = arena_new()};
    FakeHost fake = {.files = files, .count = count};
    Host host = fake_host(&fake);
    a.sources = sources_new(a.arena);
    a.diags = diag_sink_new(a.arena);
    Str root = str_slice(str_of(files[0].path), sizeof "/prog/" - 1, SIZE_MAX);
    ProgramOptions options = {.file = root};
    a.program = program_load(a.arena, &host, a.sources, a.diags, &options);
    a.analysis = sema_analyse(a.arena, a.program);
    a.program->host = NULL;
    return a;
}

static inline Analysed analyse(const char *text)
{
    const FakeFile files[] = {{"/prog/main.alt", text, NULL}, {"/prog", NULL, NULL}};
    return analyse_files(files, sizeof files / sizeof *files);
}

// Places in other files than the root carry the file's name.
static inline Str show_findings(Analysed *a)
{
    Buf text;
    buf_init(&text, 0);
    DiagList list = diag_sorted(a->diags);
    for (size_t i = 0; i < list.len; i++) {
        const Diag *diag = list.items[i];
        buf_add_format(&text, "%s%d ", i ? "; " : "", diag_number(diag->code));
        Str file = source_name(a->sources, diag->span.file);
        if (diag->span.file && !str_is(file, "main.alt"))
            buf_add_format(&text, "%.*s:", STR_FMT(file));
        if (diag->span.file) {
            Position at = source_position(a->sources, diag->span.file, diag->span.start);
            buf_add_format(&text, "%u:%u", at.line, at.column);
        }
    }
    Str result = buf_copy(&text, a->arena);
    buf_release(&text);
    return result;
}

static inline void assert_findings(Analysed *a, const char *program, const char *expected)
{
    Str found = show_findings(a);
    if (str_is(found, expected))
        return;
    DiagList list = diag_sorted(a->diags);
    for (size_t i = 0; i < list.len; i++)
        print_error("  %.*s\n", STR_FMT(diag_message(a->arena, list.items[i])));
    fail_msg("%s\nfound '%.*s', expected '%s'", program, STR_FMT(found), expected);
}

static inline void check_rows(const Row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Analysed a = analyse(rows[i].text);
        assert_findings(&a, rows[i].text, rows[i].expected);
        arena_free(a.arena);
    }
}

#define CHECK_ROWS(rows) check_rows((rows), sizeof(rows) / sizeof *(rows))

static inline bool has_note(const Analysed *a, const char *part)
{
    DiagList list = diag_sorted(a->diags);
    for (size_t i = 0; i < list.len; i++)
        for (size_t j = 0; j < list.items[i]->notes.len; j++)
            if (str_find(list.items[i]->notes.items[j].text, str_of(part), 0) != SIZE_MAX)
                return true;
    return false;
}

#endif
