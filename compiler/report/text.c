// The report for people. The first line of a finding has the form that compilers have had for
// decades, so editors find the place without knowing altc.
#include "compiler/report/report_priv.h"

#include "compiler/base/cell.h"

enum {
    LINE_COLUMNS = 120, // longer lines are shown through a window
    LINE_BYTES = 1000,  // the same, for lines of characters without width
    WINDOW_LEAD = 40,   // bytes shown before the place
    GUTTER_DIGITS = 4,
    VALUE_COLUMNS = 60 // of a source text or replacement named in a help line
};

typedef enum Ink { INK_ERROR, INK_WARNING, INK_NOTE, INK_PLACE, INK_GUTTER, INK_HELP } Ink;

static void switch_on(const Report *report, Ink ink)
{
    static const char *const codes[] = {
        [INK_ERROR] = "\033[1;31m",
        [INK_WARNING] = "\033[1;35m",
        [INK_NOTE] = "\033[1;36m",
        [INK_PLACE] = "\033[1m",
        [INK_GUTTER] = "\033[34m",
        [INK_HELP] = "\033[1;32m",
    };
    if (report->options->colour)
        buf_add_text(report->out, codes[ink]);
}

static void switch_off(const Report *report)
{
    if (report->options->colour)
        buf_add_text(report->out, "\033[0m");
}

static Ink ink_of(Severity severity)
{
    if (severity == SEVERITY_ERROR)
        return INK_ERROR;
    return severity == SEVERITY_WARNING ? INK_WARNING : INK_NOTE;
}

// ---- excerpts ----

// A source line as it is shown: which bytes of it, and from which column to which the mark goes.
typedef struct Excerpt {
    Str line;
    size_t start; // of the place, in bytes of the line
    size_t end;
    size_t from; // where the shown part begins
    size_t mark_start;
    size_t mark_end;
} Excerpt;

static void add_gutter(const Report *report, size_t line)
{
    switch_on(report, INK_GUTTER);
    if (line)
        buf_add_format(report->out, "%*zu | ", GUTTER_DIGITS, line);
    else
        buf_add_format(report->out, "%*s | ", GUTTER_DIGITS, "");
    switch_off(report);
}

// Adds characters of the line from `at` on until the window or the line is full; notes the
// columns of the place on the way. Gives where it stopped.
static size_t add_window(Buf *out, Excerpt *excerpt, size_t at, size_t column)
{
    Str line = excerpt->line;
    size_t first = at;
    excerpt->mark_start = excerpt->mark_end = column;
    while (at < line.len && column < LINE_COLUMNS && at - first < LINE_BYTES) {
        if (at <= excerpt->start)
            excerpt->mark_start = column;
        uint32_t c = cell_next(line, &at);
        column += cell_add(out, c, column);
        if (at <= excerpt->end)
            excerpt->mark_end = column;
    }
    if (excerpt->start >= at)
        excerpt->mark_start = column;
    if (excerpt->end > at)
        excerpt->mark_end = column;
    return at;
}

static bool fits(const Excerpt *excerpt)
{
    Excerpt trial = *excerpt;
    Buf unused;
    buf_init(&unused, 0);
    bool all = add_window(&unused, &trial, 0, 0) == excerpt->line.len;
    buf_release(&unused);
    return all;
}

static void add_line(const Report *report, Excerpt *excerpt)
{
    if (!fits(excerpt) && excerpt->start > WINDOW_LEAD) {
        excerpt->from = excerpt->start - WINDOW_LEAD;
        while (excerpt->from && ((unsigned char)excerpt->line.ptr[excerpt->from] & 0xC0) == 0x80)
            excerpt->from--;
    }
    size_t column = 0;
    if (excerpt->from) {
        buf_add_text(report->out, "…");
        column = 1;
    }
    if (add_window(report->out, excerpt, excerpt->from, column) < excerpt->line.len)
        buf_add_text(report->out, "…");
}

// The first line of the span and a mark below it.
static void add_excerpt(const Report *report, Span span, const ReportPlace *place, Ink ink)
{
    Excerpt excerpt = {.line = source_line(report->sources, span.file, place->start.line)};
    excerpt.start = place->start.byte_column - 1;
    bool one_line = place->end.line == place->start.line;
    excerpt.end = one_line ? place->end.byte_column - 1 : excerpt.line.len;
    add_gutter(report, place->start.line);
    add_line(report, &excerpt);
    buf_add_char(report->out, '\n');
    add_gutter(report, 0);
    buf_add_repeat(report->out, ' ', excerpt.mark_start);
    switch_on(report, ink);
    buf_add_char(report->out, '^');
    if (excerpt.mark_end > excerpt.mark_start + 1)
        buf_add_repeat(report->out, '~', excerpt.mark_end - excerpt.mark_start - 1);
    switch_off(report);
    buf_add_char(report->out, '\n');
}

// ---- the lines of a finding ----

static void add_head(const Report *report, const ReportPlace *place, Severity severity)
{
    switch_on(report, INK_PLACE);
    if (place->has) {
        cell_add_plain(report->out, place->file);
        buf_add_format(report->out, ":%u:%u: ", place->start.line, place->start.column);
    } else {
        buf_add_text(report->out, "altc: ");
    }
    switch_off(report);
    switch_on(report, ink_of(severity));
    buf_add(report->out, diag_severity_name(severity));
    buf_add_char(report->out, ':');
    switch_off(report);
    buf_add_char(report->out, ' ');
}

static void start_remark(const Report *report, const char *word, Ink ink)
{
    buf_add_format(report->out, "%*s = ", GUTTER_DIGITS, "");
    if (!*word)
        return;
    switch_on(report, ink);
    buf_add_text(report->out, word);
    switch_off(report);
    buf_add_text(report->out, ": ");
}

// A note that already spells the replacement ("did you mean 'x'?") stands for the fix.
static bool note_names_fix(const Report *report, const DiagLabel *note, const DiagFix *fix)
{
    Str quoted = str_format(report->scratch, "'%.*s'", STR_FMT(fix->replacement));
    return !note->span.file && str_find(note->text, quoted, 0) != SIZE_MAX;
}

static bool note_is_help(const Report *report, const Diag *diag, const DiagLabel *note)
{
    for (size_t i = 0; i < diag->fixes.len; i++)
        if (note_names_fix(report, note, &diag->fixes.items[i]))
            return true;
    return false;
}

static bool fix_is_named(const Report *report, const Diag *diag, const DiagFix *fix)
{
    for (size_t i = 0; i < diag->notes.len; i++)
        if (note_names_fix(report, &diag->notes.items[i], fix))
            return true;
    return false;
}

// The text in single quotes, cut when it is long.
static void add_value(Buf *out, Str text)
{
    buf_add_char(out, '\'');
    size_t at = 0;
    for (size_t columns = 0; at < text.len && columns < VALUE_COLUMNS; columns++)
        cell_next(text, &at);
    cell_add_plain(out, str_slice(text, 0, at));
    buf_add_text(out, at < text.len ? "…'" : "'");
}

static void add_fix(const Report *report, const Diag *diag, const DiagFix *fix)
{
    start_remark(report, "help", INK_HELP);
    Str old = source_slice(report->sources, fix->span);
    if (!fix->replacement.len) {
        buf_add_text(report->out, "remove ");
        add_value(report->out, old);
    } else if (!old.len) {
        buf_add_text(report->out, "insert ");
        add_value(report->out, fix->replacement);
    } else {
        buf_add_text(report->out, "replace ");
        add_value(report->out, old);
        buf_add_text(report->out, " with ");
        add_value(report->out, fix->replacement);
    }
    ReportPlace place = report_place(report->sources, fix->span);
    Position start = report_place(report->sources, diag->span).start;
    if (place.has && (fix->span.file != diag->span.file || place.start.line != start.line)) {
        buf_add_text(report->out, " at ");
        cell_add_plain(report->out, place.file);
        buf_add_format(report->out, ":%u:%u", place.start.line, place.start.column);
    }
    buf_add_char(report->out, '\n');
}

static void add_remarks(const Report *report, const Diag *diag)
{
    if (diag->stages.len) {
        start_remark(report, "", INK_NOTE);
        report_add_stages(report->out, diag);
        buf_add_char(report->out, '\n');
    }
    for (size_t i = 0; i < diag->notes.len; i++) {
        const DiagLabel *note = &diag->notes.items[i];
        if (note->span.file)
            continue;
        bool is_help = note_is_help(report, diag, note);
        start_remark(report, is_help ? "help" : "note", is_help ? INK_HELP : INK_NOTE);
        cell_add_plain(report->out, note->text);
        buf_add_char(report->out, '\n');
    }
    for (size_t i = 0; i < diag->fixes.len; i++)
        if (!fix_is_named(report, diag, &diag->fixes.items[i]))
            add_fix(report, diag, &diag->fixes.items[i]);
}

static void add_placed_notes(const Report *report, const Diag *diag)
{
    for (size_t i = 0; i < diag->notes.len; i++) {
        const DiagLabel *note = &diag->notes.items[i];
        if (!note->span.file)
            continue;
        ReportPlace place = report_place(report->sources, note->span);
        add_head(report, &place, SEVERITY_NOTE);
        cell_add_plain(report->out, note->text);
        buf_add_char(report->out, '\n');
        add_excerpt(report, note->span, &place, INK_NOTE);
    }
}

static void add_finding(const Report *report, const Diag *diag)
{
    ReportPlace place = report_place(report->sources, diag->span);
    add_head(report, &place, diag->severity);
    cell_add_plain(report->out, diag_message(report->scratch, diag));
    buf_add_text(report->out, " [");
    buf_add(report->out, diag_code_text(report->scratch, diag->code));
    buf_add_text(report->out, "]\n");
    if (place.has)
        add_excerpt(report, diag->span, &place, ink_of(diag->severity));
    add_remarks(report, diag);
    add_placed_notes(report, diag);
    buf_add_char(report->out, '\n');
}

// ---- the whole ----

static void add_count(Buf *out, size_t count, const char *word)
{
    buf_add_format(out, "%zu %s%s", count, word, count == 1 ? "" : "s");
}

// "3 errors, 1 warning; 12 more findings are not shown"
static void add_summary(const Report *report, size_t hidden)
{
    size_t errors = report_count(report, SEVERITY_ERROR);
    size_t warnings = report_count(report, SEVERITY_WARNING);
    if (errors)
        add_count(report->out, errors, "error");
    if (warnings) {
        buf_add_text(report->out, errors ? ", " : "");
        add_count(report->out, warnings, "warning");
    }
    if (hidden) {
        buf_add_text(report->out, errors || warnings ? "; " : "");
        buf_add_format(report->out, "%zu more %s not shown", hidden,
            hidden == 1 ? "finding is" : "findings are");
    }
    if (errors || warnings || hidden)
        buf_add_char(report->out, '\n');
}

void report_text(Report *report)
{
    size_t limit = report->options->limit ? report->options->limit : SIZE_MAX;
    size_t errors = 0, others = 0;
    size_t hidden = diag_dropped_count(report->sink);
    for (size_t i = 0; i < report->diags.len; i++) {
        const Diag *diag = report->diags.items[i];
        size_t *shown = diag->severity == SEVERITY_ERROR ? &errors : &others;
        if (*shown >= limit) {
            hidden++;
            continue;
        }
        ++*shown;
        add_finding(report, diag);
        arena_reset(report->scratch);
    }
    if (!report->options->quiet)
        add_summary(report, hidden);
}
