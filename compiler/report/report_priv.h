// What the renderers share.
#ifndef ALTC_REPORT_REPORT_PRIV_H
#define ALTC_REPORT_REPORT_PRIV_H

#include "compiler/report/report.h"

// What a renderer works on. `scratch` is emptied between two findings.
typedef struct Report {
    Buf *out;
    const ReportOptions *options;
    Sources *sources;
    DiagSink *sink;
    DiagList diags;
    Arena *scratch;
} Report;

void report_text(Report *report);
void report_json(Report *report);
void report_sarif(Report *report);
void report_github(Report *report);

// How many of the findings that were kept are of this severity.
size_t report_count(const Report *report, Severity severity);

// A span for people. `has` is false for a nowhere span.
typedef struct ReportPlace {
    bool has;
    Str file;
    Position start;
    Position end;
} ReportPlace;

ReportPlace report_place(Sources *sources, Span span);

// "on stages a, b"; adds nothing when the finding does not depend on the stage.
void report_add_stages(Buf *out, const Diag *diag);

// ---- JSON with two spaces, keys in the order of the calls ----

typedef struct ReportWriter {
    Buf *out;
    size_t depth;
} ReportWriter;

// `key` is NULL for what stands in a list, and for the document itself.
void report_write_open(ReportWriter *writer, const char *key, char bracket);
void report_write_close(ReportWriter *writer, char bracket);
void report_write_str(ReportWriter *writer, const char *key, Str text);
void report_write_size(ReportWriter *writer, const char *key, size_t number);
void report_write_bool(ReportWriter *writer, const char *key, bool value);

#endif
