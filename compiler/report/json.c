// The report for programs, and the writer that other JSON reports use too. tests/unit/report
// holds an example of the document.
#include "compiler/data/data.h"
#include "compiler/report/report_priv.h"

enum { FORMAT_VERSION = 1 };

// ---- writer ----

static void start_value(ReportWriter *writer, const char *key)
{
    Str written = buf_str(writer->out);
    char last = written.len ? written.ptr[written.len - 1] : '\0';
    if (writer->depth) {
        buf_add_text(writer->out, last == '{' || last == '[' ? "\n" : ",\n");
        buf_add_repeat(writer->out, ' ', writer->depth * 2);
    }
    if (key) {
        data_write_json_string(writer->out, str_of(key));
        buf_add_text(writer->out, ": ");
    }
}

void report_write_open(ReportWriter *writer, const char *key, char bracket)
{
    start_value(writer, key);
    buf_add_char(writer->out, bracket);
    writer->depth++;
}

void report_write_close(ReportWriter *writer, char bracket)
{
    Str written = buf_str(writer->out);
    char last = written.len ? written.ptr[written.len - 1] : '\0';
    writer->depth--;
    if (last != '{' && last != '[') {
        buf_add_char(writer->out, '\n');
        buf_add_repeat(writer->out, ' ', writer->depth * 2);
    }
    buf_add_char(writer->out, bracket);
    if (!writer->depth)
        buf_add_char(writer->out, '\n');
}

void report_write_str(ReportWriter *writer, const char *key, Str text)
{
    start_value(writer, key);
    data_write_json_string(writer->out, text);
}

void report_write_size(ReportWriter *writer, const char *key, size_t number)
{
    start_value(writer, key);
    buf_add_format(writer->out, "%zu", number);
}

void report_write_bool(ReportWriter *writer, const char *key, bool value)
{
    start_value(writer, key);
    buf_add_text(writer->out, value ? "true" : "false");
}

// ---- the document ----

static void write_position(ReportWriter *writer, const char *key, Position at, uint32_t offset)
{
    report_write_open(writer, key, '{');
    report_write_size(writer, "line", at.line);
    report_write_size(writer, "column", at.column);
    report_write_size(writer, "byteColumn", at.byte_column);
    report_write_size(writer, "utf16Column", at.utf16_column);
    report_write_size(writer, "offset", offset);
    report_write_close(writer, '}');
}

// Nothing for a nowhere span.
static void write_place(const Report *report, ReportWriter *writer, Span span)
{
    ReportPlace place = report_place(report->sources, span);
    if (!place.has)
        return;
    report_write_open(writer, "place", '{');
    report_write_str(writer, "file", place.file);
    write_position(writer, "start", place.start, span.start);
    write_position(writer, "end", place.end, span.end > span.start ? span.end : span.start);
    report_write_close(writer, '}');
}

static void write_notes(const Report *report, ReportWriter *writer, const Diag *diag)
{
    report_write_open(writer, "notes", '[');
    for (size_t i = 0; i < diag->notes.len; i++) {
        report_write_open(writer, NULL, '{');
        report_write_str(writer, "text", diag->notes.items[i].text);
        write_place(report, writer, diag->notes.items[i].span);
        report_write_close(writer, '}');
    }
    report_write_close(writer, ']');
}

static void write_fixes(const Report *report, ReportWriter *writer, const Diag *diag)
{
    report_write_open(writer, "fixes", '[');
    for (size_t i = 0; i < diag->fixes.len; i++) {
        const DiagFix *fix = &diag->fixes.items[i];
        report_write_open(writer, NULL, '{');
        report_write_str(writer, "replacement", fix->replacement);
        report_write_bool(writer, "safe", fix->safe);
        write_place(report, writer, fix->span);
        report_write_close(writer, '}');
    }
    report_write_close(writer, ']');
}

static void write_texts(ReportWriter *writer, const char *key, const Str *texts, size_t count)
{
    report_write_open(writer, key, '[');
    for (size_t i = 0; i < count; i++)
        report_write_str(writer, NULL, texts[i]);
    report_write_close(writer, ']');
}

static void write_finding(const Report *report, ReportWriter *writer, const Diag *diag)
{
    report_write_open(writer, NULL, '{');
    report_write_str(writer, "code", diag_code_text(report->scratch, diag->code));
    report_write_str(writer, "name", diag_slug(report->scratch, diag->code));
    report_write_str(writer, "severity", diag_severity_name(diag->severity));
    report_write_str(writer, "message", diag_message(report->scratch, diag));
    write_texts(writer, "args", diag->args.items, diag->args.len);
    write_texts(writer, "stages", diag->stages.items, diag->stages.len);
    write_place(report, writer, diag->span);
    write_notes(report, writer, diag);
    write_fixes(report, writer, diag);
    report_write_close(writer, '}');
}

void report_json(Report *report)
{
    ReportWriter writer = {.out = report->out};
    report_write_open(&writer, NULL, '{');
    report_write_size(&writer, "formatVersion", FORMAT_VERSION);
    report_write_str(&writer, "tool", STR("altc"));
    if (report->options->version.len)
        report_write_str(&writer, "toolVersion", report->options->version);
    report_write_size(&writer, "errors", report_count(report, SEVERITY_ERROR));
    report_write_size(&writer, "warnings", report_count(report, SEVERITY_WARNING));
    report_write_size(&writer, "notKept", diag_dropped_count(report->sink));
    report_write_open(&writer, "findings", '[');
    for (size_t i = 0; i < report->diags.len; i++) {
        write_finding(report, &writer, report->diags.items[i]);
        arena_reset(report->scratch);
    }
    report_write_close(&writer, ']');
    report_write_close(&writer, '}');
}
