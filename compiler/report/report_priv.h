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

// ---- what a text takes on a terminal ----

enum { REPORT_TAB_WIDTH = 4 };

// Reads the character at `*at` and moves behind it. A byte that is not UTF-8 gives U+FFFD.
uint32_t report_next_char(Str text, size_t *at);
// Adds the character so that it can neither move the cursor nor change how the rest is read, and
// gives the columns it takes: a tab is filled up from `column`, controls are spelled <U+001B>.
size_t report_add_char(Buf *out, uint32_t c, size_t column);
// A text on one line, made harmless in the same way; line breaks become \n.
void report_add_plain(Buf *out, Str text);

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
