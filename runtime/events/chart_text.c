// The chart as text and as JSON.
#include <stdlib.h>

#include "compiler/data/data.h"
#include "runtime/events/chart.h"
#include "runtime/notice/text.h"

enum {
    LEAST_WIDTH = 40,
    WIDEST = 200,
    NAME_COLUMNS = 48, // at most
    TIME_COLUMNS = 11, // "12 min 31 s"
    LEAST_BAR = 8
};

static int64_t length_of(const ChartBar *bar)
{
    return bar->end > bar->start ? bar->end - bar->start : 0;
}

// The chain first, then what took longest; of the same length in the chart's order.
static int compare_weight(const void *left, const void *right)
{
    const ChartBar *a = *(const ChartBar *const *)left;
    const ChartBar *b = *(const ChartBar *const *)right;
    if (a->critical != b->critical)
        return a->critical ? -1 : 1;
    if (length_of(a) != length_of(b))
        return length_of(a) > length_of(b) ? -1 : 1;
    return a < b ? -1 : a > b;
}

static int compare_start(const void *left, const void *right)
{
    const ChartBar *a = *(const ChartBar *const *)left;
    const ChartBar *b = *(const ChartBar *const *)right;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return a < b ? -1 : a > b;
}

static void add_name(Buf *out, const Chart *chart, const ChartBar *bar)
{
    if (bar->depth) {
        // The names of nested stacks begin with that of the stack around them.
        Str name = bar->stack_name;
        if (str_starts(name, chart->stack_name) && name.len > chart->stack_name.len + 1)
            name = str_slice(name, chart->stack_name.len + 1, name.len);
        buf_add_format(out, "%.*s/", STR_FMT(name));
    }
    buf_add(out, bar->logical_id);
    Str type = bar->type;
    if (str_starts(type, STR("AWS::")))
        type = str_slice(type, sizeof "AWS::" - 1, type.len);
    buf_add_format(out, " (%.*s)", STR_FMT(type));
}

static size_t column_of(int64_t time, int64_t length, size_t columns)
{
    if (length <= 0 || time <= 0)
        return 0;
    size_t column = (size_t)((double)time / (double)length * (double)columns);
    return column < columns ? column : columns;
}

static void add_bar(Buf *out, const Chart *chart, const ChartBar *bar, size_t columns)
{
    size_t start = column_of(bar->start, chart->length, columns - 1);
    size_t end = column_of(bar->end, chart->length, columns);
    end = end > start ? end : start + 1;
    buf_add_repeat(out, ' ', start);
    buf_add_repeat(out, bar->critical ? '#' : '=', end - start - 1);
    bool failed = str_ends(bar->status, STR("_FAILED"));
    buf_add_char(out, failed ? '!' : bar->open ? '>' : bar->critical ? '#' : '=');
}

typedef struct Row {
    size_t name_columns;
    size_t bar_columns;
    bool color;
} Row;

static void add_row(Buf *out, const Chart *chart, const ChartBar *bar, const Row *row)
{
    Buf name;
    buf_init(&name, 0);
    add_name(&name, chart, bar);
    buf_add_text(out, bar->critical ? "* " : "  ");
    size_t taken = notice_add_cut(out, buf_str(&name), row->name_columns);
    buf_add_repeat(out, ' ', row->name_columns - taken + 1);
    buf_clear(&name);
    notice_add_duration(&name, length_of(bar));
    if (name.len < TIME_COLUMNS)
        buf_add_repeat(out, ' ', TIME_COLUMNS - name.len);
    buf_add(out, buf_str(&name));
    buf_add_text(out, "  ");
    bool failed = str_ends(bar->status, STR("_FAILED"));
    if (row->color)
        buf_add_text(out, failed ? "\x1b[31m" : bar->critical ? "\x1b[1m" : "\x1b[2m");
    add_bar(out, chart, bar, row->bar_columns);
    if (row->color)
        buf_add_text(out, "\x1b[0m");
    buf_add_char(out, '\n');
    buf_release(&name);
}

static void add_head(Buf *out, const Chart *chart, size_t left_out)
{
    notice_add_clean(out, chart->stack_name);
    buf_add_text(out, ": ");
    notice_add_duration(out, chart->length);
    buf_add_text(out, chart->open ? " so far" : " in all");
    if (chart->bars.len)
        buf_add_text(out, "; to make it shorter, shorten what is marked with *");
    if (left_out)
        buf_add_format(out, "; the %zu shortest are left out", left_out);
    buf_add_char(out, '\n');
}

void chart_write(Buf *out, const Chart *chart, const ChartView *view)
{
    size_t width = view->width > WIDEST ? WIDEST : view->width;
    width = width < LEAST_WIDTH ? LEAST_WIDTH : width;
    size_t count = chart->bars.len;
    size_t shown = view->rows && view->rows < count ? view->rows : count;
    add_head(out, chart, count - shown);
    if (!count)
        return;
    const ChartBar **rows = base_alloc(count * sizeof *rows);
    for (size_t i = 0; i < count; i++)
        rows[i] = &chart->bars.items[i];
    qsort(rows, count, sizeof *rows, compare_weight);
    qsort(rows, shown, sizeof *rows, compare_start);
    Row row = {.color = view->color};
    Buf name;
    Buf shown_name;
    buf_init(&name, 0);
    buf_init(&shown_name, 0);
    for (size_t i = 0; i < shown; i++) {
        buf_clear(&name);
        add_name(&name, chart, rows[i]);
        size_t columns = notice_add_cut(&shown_name, buf_str(&name), NAME_COLUMNS);
        row.name_columns = columns > row.name_columns ? columns : row.name_columns;
    }
    buf_release(&name);
    buf_release(&shown_name);
    size_t fixed = 2 + 1 + TIME_COLUMNS + 2;
    size_t most =
        width - fixed - LEAST_BAR < NAME_COLUMNS ? width - fixed - LEAST_BAR : NAME_COLUMNS;
    row.name_columns = row.name_columns > most ? most : row.name_columns;
    row.bar_columns = width - fixed - row.name_columns;
    for (size_t i = 0; i < shown; i++)
        add_row(out, chart, rows[i], &row);
    free(rows);
}

static void add_field(Buf *out, const char *name, Str value)
{
    buf_add_format(out, "\"%s\":", name);
    data_write_json_string(out, value);
    buf_add_char(out, ',');
}

void chart_write_json(Buf *out, const Chart *chart)
{
    buf_add_text(out, "{\"event\":\"chart\",");
    add_field(out, "stackName", chart->stack_name);
    buf_add_format(out, "\"milliseconds\":%lld,\"running\":%s,\"resources\":[",
        (long long)chart->length, chart->open ? "true" : "false");
    for (size_t i = 0; i < chart->bars.len; i++) {
        const ChartBar *bar = &chart->bars.items[i];
        buf_add_text(out, i ? ",{" : "{");
        add_field(out, "stackName", bar->stack_name);
        add_field(out, "logicalId", bar->logical_id);
        add_field(out, "type", bar->type);
        add_field(out, "status", bar->status);
        buf_add_format(out, "\"start\":%lld,\"end\":%lld,\"critical\":%s,\"running\":%s}",
            (long long)bar->start, (long long)bar->end, bar->critical ? "true" : "false",
            bar->open ? "true" : "false");
    }
    buf_add_text(out, "]}\n");
}
