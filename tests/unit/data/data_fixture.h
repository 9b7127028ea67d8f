// What every test of the readers needs: an arena, sources and a sink.
#ifndef ALTC_TESTS_UNIT_DATA_FIXTURE_H
#define ALTC_TESTS_UNIT_DATA_FIXTURE_H

#include "compiler/data/data.h"

typedef struct Fixture {
    Arena *arena;
    DataContext context;
    FileId file;
} Fixture;

static inline Fixture fixture_of(Str text)
{
    Fixture fixture = {.arena = arena_new()};
    fixture.context =
        (DataContext){fixture.arena, sources_new(fixture.arena), diag_sink_new(fixture.arena)};
    fixture.file = sources_add(fixture.context.sources, STR("data"), text);
    return fixture;
}

// All findings, "ALT1021@3..6 message" each, joined by "; ".
static inline Str fixture_findings(Fixture *fixture)
{
    Str all = STR("");
    DiagList list = diag_sorted(fixture->context.diags);
    for (size_t i = 0; i < list.len; i++) {
        const Diag *diag = list.items[i];
        Str code = diag_code_text(fixture->arena, diag->code);
        Str message = diag_message(fixture->arena, diag);
        all = str_format(fixture->arena, "%.*s%s%.*s@%u..%u %.*s", STR_FMT(all), i ? "; " : "",
            STR_FMT(code), diag->span.start, diag->span.end, STR_FMT(message));
    }
    return all;
}

// The datum as compact JSON, or the findings.
static inline Str fixture_result(Fixture *fixture, const Datum *datum)
{
    if (!datum)
        return fixture_findings(fixture);
    Buf buf;
    buf_init(&buf, 0);
    data_write_json_compact(&buf, datum);
    Str text = buf_copy(&buf, fixture->arena);
    buf_release(&buf);
    return text;
}

#endif
