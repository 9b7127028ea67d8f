// SARIF 2.1.0 as code hosts read it: no empty texts, every region with both ends, a fingerprint
// that survives when lines move.
#include "compiler/base/map.h"
#include "compiler/diag/pages.h"
#include "compiler/report/report_priv.h"

enum { FINGERPRINT_BYTES = 200 }; // of the line, on each side of the place

typedef struct Sarif {
    const Report *report;
    ReportWriter writer;
    Arena *arena;        // lives as long as the report
    size_t *rule_of;     // by DiagCode: 1 + index in `rules`, or 0
    VEC(DiagCode) rules; // those that occur, by code
    Map fingerprints;    // hash text to size_t, how often it was met
} Sarif;

static Str level_of(Severity severity)
{
    return severity == SEVERITY_NONE ? STR("none") : diag_severity_name(severity);
}

// ---- rules ----

static void collect_rules(Sarif *sarif)
{
    sarif->rule_of = ARENA_ARRAY(sarif->arena, size_t, DIAG_COUNT);
    for (size_t i = 0; i < sarif->report->diags.len; i++)
        sarif->rule_of[sarif->report->diags.items[i]->code] = 1;
    for (int code = DIAG_NONE + 1; code < DIAG_COUNT; code++) {
        if (!sarif->rule_of[code])
            continue;
        VEC_ADD(sarif->arena, &sarif->rules, (DiagCode)code);
        sarif->rule_of[code] = sarif->rules.len;
    }
}

// "short title" of the page's first line "# ALT1203: short title".
static Str title_of(Str page)
{
    size_t colon = str_find(page, STR(": "), 0), end = str_find(page, STR("\n"), 0);
    return colon < end && end != SIZE_MAX ? str_trim(str_slice(page, colon + 2, end)) : STR_NONE;
}

// The first paragraph below the title, on one line.
static Str summary_of(Arena *arena, Str page)
{
    size_t start = str_find(page, STR("\n\n"), 0);
    if (start == SIZE_MAX)
        return STR_NONE;
    Str text = str_trim(str_slice(page, start, str_find(page, STR("\n\n"), start + 2)));
    char *line = arena_copy(arena, text.ptr, text.len);
    for (size_t i = 0; i < text.len; i++)
        if (line[i] == '\n')
            line[i] = ' ';
    return (Str){line, text.len};
}

static void write_text_object(ReportWriter *writer, const char *key, Str text)
{
    report_write_open(writer, key, '{');
    report_write_str(writer, "text", text);
    report_write_close(writer, '}');
}

static void write_rule(Sarif *sarif, DiagCode code)
{
    ReportWriter *writer = &sarif->writer;
    Str page = diag_page(code), slug = diag_slug(sarif->arena, code);
    Str title = title_of(page), summary = summary_of(sarif->arena, page);
    title = title.len ? title : slug;
    summary = summary.len ? summary : title;
    report_write_open(writer, NULL, '{');
    report_write_str(writer, "id", diag_code_text(sarif->arena, code));
    report_write_str(writer, "name", slug);
    write_text_object(writer, "shortDescription", title);
    write_text_object(writer, "fullDescription", summary);
    report_write_open(writer, "help", '{');
    report_write_str(writer, "text", summary);
    if (page.len)
        report_write_str(writer, "markdown", page);
    report_write_close(writer, '}');
    report_write_open(writer, "defaultConfiguration", '{');
    report_write_str(writer, "level", level_of(diag_default_severity(code)));
    report_write_close(writer, '}');
    report_write_close(writer, '}');
}

static void write_tool(Sarif *sarif)
{
    ReportWriter *writer = &sarif->writer;
    report_write_open(writer, "tool", '{');
    report_write_open(writer, "driver", '{');
    report_write_str(writer, "name", STR("altc"));
    if (sarif->report->options->version.len)
        report_write_str(writer, "version", sarif->report->options->version);
    report_write_open(writer, "rules", '[');
    for (size_t i = 0; i < sarif->rules.len; i++)
        write_rule(sarif, sarif->rules.items[i]);
    report_write_close(writer, ']');
    report_write_close(writer, '}');
    report_write_close(writer, '}');
}

// ---- places ----

// A relative reference, or a file: address for an absolute path.
static Str uri_of(Arena *arena, Str path)
{
    Buf uri;
    buf_init(&uri, 0);
    if (str_starts(path, STR("/")))
        buf_add_text(&uri, "file://");
    while (str_starts(path, STR("./")))
        path = str_slice(path, 2, path.len);
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.ptr[i];
        bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (is_word || c == '/' || c == '-' || c == '.' || c == '_' || c == '~')
            buf_add_char(&uri, (char)c);
        else
            buf_add_format(&uri, "%%%02X", c);
    }
    Str copy = uri.len ? buf_copy(&uri, arena) : STR("-");
    buf_release(&uri);
    return copy;
}

static void write_artifact(ReportWriter *writer, Arena *arena, Str file)
{
    report_write_open(writer, "artifactLocation", '{');
    report_write_str(writer, "uri", uri_of(arena, file));
    report_write_close(writer, '}');
}

static void write_region(ReportWriter *writer, const char *key, const ReportPlace *place)
{
    report_write_open(writer, key, '{');
    report_write_size(writer, "startLine", place->start.line);
    report_write_size(writer, "startColumn", place->start.utf16_column);
    report_write_size(writer, "endLine", place->end.line);
    report_write_size(writer, "endColumn", place->end.utf16_column);
    report_write_close(writer, '}');
}

static void write_location(ReportWriter *writer, Arena *arena, const ReportPlace *place)
{
    report_write_open(writer, "physicalLocation", '{');
    write_artifact(writer, arena, place->file);
    write_region(writer, "region", place);
    report_write_close(writer, '}');
}

// Code hosts refuse a result without a place: what is nowhere is put at the start of the program.
static ReportPlace place_or_start(const Report *report, Span span)
{
    if (!span.file && sources_count(report->sources))
        span = (Span){1, 0, 0};
    return report_place(report->sources, span);
}

// ---- fingerprints ----

static uint64_t hash_more(uint64_t hash, Str text)
{
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * 1099511628211u;
    return hash;
}

// By code and the text of the line, not by its number; equal ones are counted.
static Str fingerprint_of(Sarif *sarif, const Diag *diag, const ReportPlace *place)
{
    const Report *report = sarif->report;
    size_t at = place->has ? place->start.byte_column - 1 : 0;
    Str line =
        place->has ? source_line(report->sources, diag->span.file, place->start.line) : STR_NONE;
    size_t from = at > FINGERPRINT_BYTES ? at - FINGERPRINT_BYTES : 0;
    Str near = str_trim(str_slice(line, from, at + FINGERPRINT_BYTES));
    uint64_t hash = hash_more(14695981039346656037u, diag_code_text(report->scratch, diag->code));
    hash = hash_more(hash_more(hash, STR("\n")), near);
    Str text = str_format(sarif->arena, "%016llx", (unsigned long long)hash);
    size_t *count = map_find(&sarif->fingerprints, text);
    if (!count) {
        count = ARENA_NEW(sarif->arena, size_t);
        map_set(&sarif->fingerprints, sarif->arena, text, count);
    }
    return str_format(report->scratch, "%.*s:%zu", STR_FMT(text), ++*count);
}

// ---- results ----

static Str message_of(const Report *report, const Diag *diag)
{
    Buf text;
    buf_init(&text, 0);
    buf_add(&text, diag_message(report->scratch, diag));
    if (diag->stages.len) {
        buf_add_text(&text, " (");
        report_add_stages(&text, diag);
        buf_add_char(&text, ')');
    }
    for (size_t i = 0; i < diag->notes.len; i++) {
        if (diag->notes.items[i].span.file)
            continue;
        buf_add_text(&text, "\n");
        buf_add(&text, diag->notes.items[i].text);
    }
    Str copy = buf_copy(&text, report->scratch);
    buf_release(&text);
    return copy;
}

static void write_related(Sarif *sarif, const Diag *diag)
{
    const Report *report = sarif->report;
    ReportWriter *writer = &sarif->writer;
    bool is_open = false;
    for (size_t i = 0; i < diag->notes.len; i++) {
        const DiagLabel *note = &diag->notes.items[i];
        if (!note->span.file || !note->text.len)
            continue;
        if (!is_open)
            report_write_open(writer, "relatedLocations", '[');
        is_open = true;
        ReportPlace place = report_place(report->sources, note->span);
        report_write_open(writer, NULL, '{');
        write_location(writer, report->scratch, &place);
        write_text_object(writer, "message", note->text);
        report_write_close(writer, '}');
    }
    if (is_open)
        report_write_close(writer, ']');
}

static void write_fix(Sarif *sarif, const DiagFix *fix)
{
    const Report *report = sarif->report;
    ReportWriter *writer = &sarif->writer;
    ReportPlace place = report_place(report->sources, fix->span);
    report_write_open(writer, NULL, '{');
    report_write_open(writer, "artifactChanges", '[');
    report_write_open(writer, NULL, '{');
    write_artifact(writer, report->scratch, place.file);
    report_write_open(writer, "replacements", '[');
    report_write_open(writer, NULL, '{');
    write_region(writer, "deletedRegion", &place);
    if (fix->replacement.len)
        write_text_object(writer, "insertedContent", fix->replacement);
    report_write_close(writer, '}');
    report_write_close(writer, ']');
    report_write_close(writer, '}');
    report_write_close(writer, ']');
    report_write_close(writer, '}');
}

static void write_fixes(Sarif *sarif, const Diag *diag)
{
    bool is_open = false;
    for (size_t i = 0; i < diag->fixes.len; i++) {
        if (!diag->fixes.items[i].span.file)
            continue;
        if (!is_open)
            report_write_open(&sarif->writer, "fixes", '[');
        is_open = true;
        write_fix(sarif, &diag->fixes.items[i]);
    }
    if (is_open)
        report_write_close(&sarif->writer, ']');
}

static void write_result(Sarif *sarif, const Diag *diag)
{
    const Report *report = sarif->report;
    ReportWriter *writer = &sarif->writer;
    ReportPlace place = place_or_start(report, diag->span);
    report_write_open(writer, NULL, '{');
    report_write_str(writer, "ruleId", diag_code_text(report->scratch, diag->code));
    report_write_size(writer, "ruleIndex", sarif->rule_of[diag->code] - 1);
    report_write_str(writer, "level", level_of(diag->severity));
    write_text_object(writer, "message", message_of(report, diag));
    if (place.has) {
        report_write_open(writer, "locations", '[');
        report_write_open(writer, NULL, '{');
        write_location(writer, report->scratch, &place);
        report_write_close(writer, '}');
        report_write_close(writer, ']');
    }
    write_related(sarif, diag);
    report_write_open(writer, "partialFingerprints", '{');
    Str fingerprint = fingerprint_of(sarif, diag, &place);
    report_write_str(writer, "primaryLocationLineHash", fingerprint);
    report_write_close(writer, '}');
    write_fixes(sarif, diag);
    report_write_close(writer, '}');
}

static void write_run(Sarif *sarif)
{
    const Report *report = sarif->report;
    report_write_open(&sarif->writer, NULL, '{');
    write_tool(sarif);
    report_write_str(&sarif->writer, "columnKind", STR("utf16CodeUnits"));
    report_write_open(&sarif->writer, "results", '[');
    for (size_t i = 0; i < report->diags.len; i++) {
        write_result(sarif, report->diags.items[i]);
        arena_reset(report->scratch);
    }
    report_write_close(&sarif->writer, ']');
    report_write_close(&sarif->writer, '}');
}

void report_sarif(Report *report)
{
    Sarif sarif = {.report = report, .writer = {.out = report->out}, .arena = arena_new()};
    collect_rules(&sarif);
    report_write_open(&sarif.writer, NULL, '{');
    report_write_str(
        &sarif.writer, "$schema", STR("https://json.schemastore.org/sarif-2.1.0.json"));
    report_write_str(&sarif.writer, "version", STR("2.1.0"));
    report_write_open(&sarif.writer, "runs", '[');
    write_run(&sarif);
    report_write_close(&sarif.writer, ']');
    report_write_close(&sarif.writer, '}');
    arena_free(sarif.arena);
}
