// Findings written out: for people, for programs, for code hosts. A renderer only reads; it never
// prints.
#ifndef ALTC_REPORT_REPORT_H
#define ALTC_REPORT_REPORT_H

#include "compiler/base/buf.h"
#include "compiler/diag/diag.h"

typedef enum ReportFormat {
    REPORT_NONE,
    REPORT_TEXT,   // GNU lines `file:line:col: error: message [ALT3012]` with excerpts
    REPORT_JSON,   // one document with everything that is known
    REPORT_SARIF,  // SARIF 2.1.0
    REPORT_GITHUB, // workflow commands that become annotations
    REPORT_COUNT
} ReportFormat;

// All zero is right for a file: no colour, no limit, a summary.
typedef struct ReportOptions {
    bool colour;  // text: with ANSI colours
    size_t limit; // text: at most so many errors, and so many of the rest; 0 is all of them
    bool quiet;   // text: no last line that counts the findings
    Str version;  // of altc; empty leaves it out
} ReportOptions;

enum { REPORT_LIMIT_ON_TERMINAL = 20 };

// Of "text", "json", "sarif", "github"; REPORT_NONE for anything else.
ReportFormat report_format_of(Str name);
// "text"; the name of REPORT_NONE is empty. For messages that list the formats.
Str report_format_name(ReportFormat format);

// Adds the report of all findings, sorted by file, place and code. Without findings: nothing in
// text and github, a document with an empty list in json and sarif. `format` must be a real one.
void report_render(
    Buf *out, ReportFormat format, const ReportOptions *options, Sources *sources, DiagSink *diags);

#endif
