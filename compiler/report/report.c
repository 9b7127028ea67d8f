#include "compiler/report/report.h"

#include <assert.h>

#include "compiler/base/cell.h"
#include "compiler/report/report_priv.h"

enum { STAGES_SHOWN = 12 };

typedef struct Format {
    Str name;
    void (*render)(Report *report);
} Format;

static const Format formats[REPORT_COUNT] = {
    [REPORT_NONE] = {{"", 0}, NULL},
    [REPORT_TEXT] = {{"text", 4}, report_text},
    [REPORT_JSON] = {{"json", 4}, report_json},
    [REPORT_SARIF] = {{"sarif", 5}, report_sarif},
    [REPORT_GITHUB] = {{"github", 6}, report_github},
};

ReportFormat report_format_of(Str name)
{
    for (int format = REPORT_NONE + 1; format < REPORT_COUNT; format++)
        if (str_equal(formats[format].name, name))
            return (ReportFormat)format;
    return REPORT_NONE;
}

Str report_format_name(ReportFormat format)
{
    return formats[format].name;
}

void report_render(
    Buf *out, ReportFormat format, const ReportOptions *options, Sources *sources, DiagSink *diags)
{
    assert(format > REPORT_NONE && format < REPORT_COUNT);
    Report report = {
        .out = out,
        .options = options,
        .sources = sources,
        .sink = diags,
        .diags = diag_sorted(diags),
        .scratch = arena_new(),
    };
    formats[format].render(&report);
    arena_free(report.scratch);
}

size_t report_count(const Report *report, Severity severity)
{
    size_t count = 0;
    for (size_t i = 0; i < report->diags.len; i++)
        count += report->diags.items[i]->severity == severity;
    return count;
}

ReportPlace report_place(Sources *sources, Span span)
{
    if (!span.file)
        return (ReportPlace){.has = false, .file = STR("")};
    return (ReportPlace){
        .has = true,
        .file = source_name(sources, span.file),
        .start = source_position(sources, span.file, span.start),
        .end = source_position(sources, span.file, span.end > span.start ? span.end : span.start),
    };
}

void report_add_stages(Buf *out, const Diag *diag)
{
    size_t count = diag->stages.len;
    if (!count)
        return;
    buf_add_text(out, count == 1 ? "on stage " : "on stages ");
    size_t shown = count > STAGES_SHOWN ? STAGES_SHOWN : count;
    for (size_t i = 0; i < shown; i++) {
        buf_add_text(out, i ? ", " : "");
        cell_add_plain(out, diag->stages.items[i]);
    }
    if (count > shown)
        buf_add_format(out, " and %zu more", count - shown);
}
