// Workflow commands of GitHub Actions: each becomes an annotation beside the line.
#include "compiler/report/report_priv.h"

static void add_escaped(Buf *out, Str text, bool is_property)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool escape = c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ','));
        if (escape)
            buf_add_format(out, "%%%02X", c);
        else
            buf_add_char(out, text.ptr[i]);
    }
}

static const char *command_of(Severity severity)
{
    if (severity == SEVERITY_ERROR)
        return "error";
    return severity == SEVERITY_WARNING ? "warning" : "notice";
}

static void add_place(Buf *out, const ReportPlace *place)
{
    buf_add_text(out, "file=");
    add_escaped(out, place->file, true);
    buf_add_format(
        out, ",line=%u,endLine=%u,col=%u", place->start.line, place->end.line, place->start.column);
    // GitHub refuses an end column on another line.
    if (place->end.line == place->start.line)
        buf_add_format(out, ",endColumn=%u", place->end.column);
    buf_add_char(out, ',');
}

// The message and everything that stands below it in the report for people, as lines.
static Str body_of(const Report *report, const Diag *diag)
{
    Buf text;
    buf_init(&text, 0);
    buf_add(&text, diag_message(report->scratch, diag));
    if (diag->stages.len) {
        buf_add_char(&text, '\n');
        report_add_stages(&text, diag);
    }
    for (size_t i = 0; i < diag->notes.len; i++) {
        const DiagLabel *note = &diag->notes.items[i];
        ReportPlace place = report_place(report->sources, note->span);
        buf_add_text(&text, "\nnote: ");
        buf_add(&text, note->text);
        if (place.has)
            buf_add_format(
                &text, " (%.*s:%u:%u)", STR_FMT(place.file), place.start.line, place.start.column);
    }
    Str body = buf_copy(&text, report->scratch);
    buf_release(&text);
    return body;
}

static void add_finding(const Report *report, const Diag *diag)
{
    ReportPlace place = report_place(report->sources, diag->span);
    buf_add_format(report->out, "::%s ", command_of(diag->severity));
    if (place.has)
        add_place(report->out, &place);
    buf_add_text(report->out, "title=");
    add_escaped(report->out, diag_code_text(report->scratch, diag->code), true);
    buf_add_text(report->out, "::");
    add_escaped(report->out, body_of(report, diag), false);
    buf_add_char(report->out, '\n');
}

void report_github(Report *report)
{
    for (size_t i = 0; i < report->diags.len; i++) {
        add_finding(report, report->diags.items[i]);
        arena_reset(report->scratch);
    }
}
