// The view in a terminal: what stays scrolls up, below it the stacks at work are drawn anew in
// place. A frame is written in one piece and only where it differs from the one before.
#include <stdlib.h>

#include "runtime/notice/text.h"
#include "runtime/show/show_priv.h"

enum {
    REDRAW_EVERY = 100, // milliseconds
    NAME_COLUMNS = 44,  // at most, with the indent
    WIDE = 90,          // from here on types are shown
    TYPE_COLUMNS = 36,
    WORD_COLUMNS = 14,
    BAR_COLUMNS = 24,
    LINES_LEFT = 6,
    LEAST_ROWS = 3 // of resources for each stack
};

typedef struct Drawing {
    Buf *out;
    size_t columns; // that may be used
    int64_t now;
    bool color;
    size_t name_columns;
} Drawing;

// ---- which resources are shown ----

// What failed, then what is at work (the longest first), then what was done last.
static int compare_worth(const void *left, const void *right)
{
    static const int RANKS[ROW_STATE_COUNT] = {[ROW_FAILED] = 0, [ROW_WORKING] = 1, [ROW_DONE] = 2};
    const BoardRow *a = *(const BoardRow *const *)left;
    const BoardRow *b = *(const BoardRow *const *)right;
    int rank_a = a->reason.len ? 0 : RANKS[a->state];
    int rank_b = b->reason.len ? 0 : RANKS[b->state];
    if (rank_a != rank_b)
        return rank_a - rank_b;
    if (rank_a >= RANKS[ROW_DONE] && a->end != b->end)
        return a->end > b->end ? -1 : 1;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static size_t lines_of(const BoardRow *row)
{
    return row->reason.len ? 2 : 1;
}

// Marks those that fit into `most` lines; gives how many do not.
static size_t choose_rows(const BoardStack *stack, size_t most)
{
    size_t count = stack->rows.len;
    size_t needed = 0;
    for (size_t i = 0; i < count; i++)
        needed += lines_of(stack->rows.items[i]);
    for (size_t i = 0; i < count; i++)
        stack->rows.items[i]->shown = needed <= most;
    if (needed <= most || most == 0)
        return needed <= most ? 0 : count;
    BoardRow **rows = base_alloc(count * sizeof *rows);
    memcpy(rows, stack->rows.items, count * sizeof *rows);
    qsort(rows, count, sizeof *rows, compare_worth);
    size_t shown = 0;
    size_t left = most - 1; // a line is for what is left out
    for (; shown < count && lines_of(rows[shown]) <= left; shown++) {
        rows[shown]->shown = true;
        left -= lines_of(rows[shown]);
    }
    free(rows);
    return count - shown;
}

// ---- drawing lines ----

static void paint(const Drawing *drawing, const char *code)
{
    if (drawing->color)
        buf_add_text(drawing->out, code);
}

static void add_padded(Buf *out, Str text, size_t columns)
{
    size_t taken = notice_add_cut(out, text, columns);
    buf_add_repeat(out, ' ', columns - taken);
}

static Str duration_text(Buf *scratch, int64_t milliseconds)
{
    buf_clear(scratch);
    notice_add_duration(scratch, milliseconds);
    return buf_str(scratch);
}

static char mark_of(const BoardRow *row)
{
    if (row->state == ROW_FAILED || row->reason.len)
        return '!';
    if (row->state == ROW_WORKING)
        return '>';
    if (row->state == ROW_CANCELLED)
        return 'x';
    return str_starts(row->status, STR("DELETE_")) ? '-' : '+';
}

static const char *color_of(const BoardRow *row)
{
    if (row->state == ROW_FAILED || row->reason.len)
        return "\x1b[31m";
    if (row->state == ROW_CANCELLED)
        return "\x1b[2m";
    return row->state == ROW_WORKING ? "\x1b[36m" : "\x1b[32m";
}

static void draw_row(Drawing *drawing, const BoardRow *row)
{
    Buf *out = drawing->out;
    Buf scratch;
    buf_init(&scratch, 0);
    size_t indent = 2 + row->depth * 2;
    size_t left = drawing->columns;
    if (indent + 4 > left)
        indent = 0;
    buf_add_repeat(out, ' ', indent);
    paint(drawing, color_of(row));
    buf_add_char(out, mark_of(row));
    paint(drawing, "\x1b[0m");
    buf_add_char(out, ' ');
    left -= indent + 2;
    size_t name =
        drawing->name_columns > row->depth * 2 ? drawing->name_columns - row->depth * 2 : 1;
    name = name < left ? name : left;
    add_padded(out, row->logical_id, name);
    left -= name;
    if (drawing->columns >= WIDE && left > TYPE_COLUMNS + 1) {
        paint(drawing, "\x1b[2m ");
        if (!drawing->color)
            buf_add_char(out, ' ');
        add_padded(out, show_short_type(row->type), TYPE_COLUMNS);
        paint(drawing, "\x1b[0m");
        left -= TYPE_COLUMNS + 1;
    }
    if (left > WORD_COLUMNS + 1) {
        buf_add_char(out, ' ');
        bool cancelled = row->state == ROW_CANCELLED;
        add_padded(out, cancelled ? STR("cancelled") : show_status_word(row->status), WORD_COLUMNS);
        left -= WORD_COLUMNS + 1;
    }
    int64_t end = row->state == ROW_WORKING ? drawing->now : row->end;
    Str time = duration_text(&scratch, end - row->start);
    if (left > time.len) {
        buf_add_char(out, ' ');
        buf_add(out, time);
    }
    buf_add_char(out, '\n');
    if (row->reason.len && drawing->columns > indent + 4) {
        buf_add_repeat(out, ' ', indent + 2);
        notice_add_cut(out, row->reason, drawing->columns - indent - 2);
        buf_add_char(out, '\n');
    } else if (row->reason.len) {
        buf_add_char(out, '\n');
    }
    buf_release(&scratch);
}

static void draw_rows(Drawing *drawing, BoardRow *const *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i]->shown)
            draw_row(drawing, rows[i]);
        draw_rows(drawing, rows[i]->children.items, rows[i]->children.len);
    }
}

static void draw_head(Drawing *drawing, const BoardStack *stack)
{
    Buf text;
    buf_init(&text, 0);
    buf_add_format(&text, "%.*s (%.*s)  ", STR_FMT(stack->name), STR_FMT(stack->region));
    buf_add(&text, show_status_word(stack->status));
    buf_add_text(&text, "  ");
    notice_add_duration(&text, drawing->now - stack->start);
    paint(drawing, "\x1b[1m");
    notice_add_cut(drawing->out, buf_str(&text), drawing->columns);
    paint(drawing, "\x1b[0m");
    buf_add_char(drawing->out, '\n');
    buf_clear(&text);
    uint64_t total = board_total(stack);
    buf_add_text(&text, "  ");
    show_add_bar(&text, stack->count[ROW_DONE], total, BAR_COLUMNS);
    buf_add_format(&text, " %zu of %llu done", stack->count[ROW_DONE], (unsigned long long)total);
    if (stack->count[ROW_WORKING])
        buf_add_format(&text, ", %zu at work", stack->count[ROW_WORKING]);
    if (stack->count[ROW_FAILED])
        buf_add_format(&text, ", %zu failed", stack->count[ROW_FAILED]);
    if (stack->count[ROW_CANCELLED])
        buf_add_format(&text, ", %zu cancelled", stack->count[ROW_CANCELLED]);
    notice_add_cut(drawing->out, buf_str(&text), drawing->columns);
    buf_add_char(drawing->out, '\n');
    buf_release(&text);
}

static void draw_fold(Drawing *drawing, const BoardStack *stack, size_t left_out)
{
    size_t working = 0;
    for (size_t i = 0; i < stack->rows.len; i++)
        working += !stack->rows.items[i]->shown && stack->rows.items[i]->state == ROW_WORKING;
    Buf text;
    buf_init(&text, 0);
    buf_add_format(&text, "    and %zu more", left_out);
    if (working && working < left_out)
        buf_add_format(&text, ", %zu of them at work", working);
    else if (working)
        buf_add_text(&text, " at work");
    else
        buf_add_text(&text, " done");
    notice_add_cut(drawing->out, buf_str(&text), drawing->columns);
    buf_add_char(drawing->out, '\n');
    buf_release(&text);
}

static void fit_name(Drawing *drawing, const BoardRow *row)
{
    Buf name;
    buf_init(&name, 0);
    size_t columns = notice_add_cut(&name, row->logical_id, NAME_COLUMNS) + row->depth * 2;
    buf_release(&name);
    if (columns > drawing->name_columns)
        drawing->name_columns = columns < NAME_COLUMNS ? columns : NAME_COLUMNS;
}

// A stack at rest needs its head alone: what is to be said about it takes the place of its rows.
static bool is_at_rest(const BoardStack *stack)
{
    return stack->status.len > 0 && !str_ends(stack->status, STR("_IN_PROGRESS"));
}

static void draw_stack(Drawing *drawing, const BoardStack *stack, size_t lines)
{
    size_t left_out = choose_rows(stack, lines > 2 ? lines - 2 : 0);
    drawing->name_columns = 12;
    for (size_t i = 0; i < stack->rows.len; i++)
        if (stack->rows.items[i]->shown)
            fit_name(drawing, stack->rows.items[i]);
    draw_head(drawing, stack);
    if (is_at_rest(stack))
        return;
    draw_rows(drawing, stack->tops.items, stack->tops.len);
    if (left_out && lines > 2)
        draw_fold(drawing, stack, left_out);
}

static void draw_progress(Drawing *drawing, const BoardProgress *progress)
{
    Buf text;
    buf_init(&text, 0);
    show_add_bar(&text, progress->done, progress->total, BAR_COLUMNS);
    buf_add_char(&text, ' ');
    show_add_bytes(&text, progress->done);
    if (progress->total) {
        buf_add_text(&text, " of ");
        show_add_bytes(&text, progress->total);
    }
    int64_t passed = drawing->now - progress->start;
    if (passed >= 1000) {
        buf_add_text(&text, ", ");
        show_add_bytes(&text, (uint64_t)((double)progress->done * 1000 / (double)passed));
        buf_add_text(&text, "/s");
    }
    buf_add_text(&text, "  ");
    buf_add(&text, progress->text);
    notice_add_cut(drawing->out, buf_str(&text), drawing->columns);
    buf_add_char(drawing->out, '\n');
    buf_release(&text);
}

// Each stack gets the lines that it needs, or its share where there are not enough.
static size_t lines_needed(const BoardStack *stack)
{
    size_t lines = 2;
    if (is_at_rest(stack))
        return lines;
    for (size_t i = 0; i < stack->rows.len; i++)
        lines += lines_of(stack->rows.items[i]);
    return lines;
}

static void draw_board(Show *show, Drawing *drawing, size_t lines)
{
    Board *board = &show->board;
    for (size_t i = 0; i < board->progress.len && lines > 0; i++, lines--)
        draw_progress(drawing, &board->progress.items[i]);
    for (size_t i = 0; i < board->stacks.len && lines >= 2; i++) {
        size_t share = lines / (board->stacks.len - i);
        if (share < 2 + LEAST_ROWS)
            share = lines < 2 + LEAST_ROWS ? lines : 2 + LEAST_ROWS;
        size_t needed = lines_needed(board->stacks.items[i]);
        size_t used = needed < share ? needed : share;
        draw_stack(drawing, board->stacks.items[i], used);
        lines -= used;
    }
}

// ---- frames ----

static size_t count_lines(Str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '\n';
    return count;
}

// Lines that the frame takes now: a terminal that became narrower has folded them.
static size_t frame_lines(const Show *show, size_t columns)
{
    size_t lines = count_lines(buf_str(&show->frame));
    if (!columns || show->columns <= columns)
        return lines;
    return lines * ((show->columns + columns - 1) / columns);
}

static void add_go_up(Show *show, size_t columns)
{
    size_t lines = frame_lines(show, columns);
    if (lines)
        buf_add_format(&show->out, "\x1b[%zuA", lines);
    buf_add_text(&show->out, "\r");
}

static void terminal_size(Show *show, size_t *columns, size_t *rows)
{
    *columns = 80;
    *rows = 24;
    if (show->output.size && show->output.size(show->output.context, columns, rows))
        return;
    *columns = 80;
    *rows = 24;
}

static Str next_line(Str text, size_t *at)
{
    size_t end = str_find(text, STR("\n"), *at);
    end = end == SIZE_MAX ? text.len : end;
    Str line = str_slice(text, *at, end);
    *at = end + 1;
    return line;
}

// From the top of the old frame: lines that are the same are only passed.
static void add_difference(Show *show, Str old, Str fresh, bool resized)
{
    size_t old_at = 0;
    for (size_t at = 0; at < fresh.len;) {
        Str line = next_line(fresh, &at);
        Str before = old_at < old.len ? next_line(old, &old_at) : (Str){"\n", 1};
        if (resized || !str_equal(line, before)) {
            buf_add(&show->out, line);
            buf_add_text(&show->out, "\x1b[K");
        }
        buf_add_text(&show->out, "\r\n");
    }
    buf_add_text(&show->out, "\x1b[J");
}

// Some lines are left to what was said last, which else would scroll away before it is read.
static size_t lines_to_use(size_t rows)
{
    size_t left = rows / 4 < LINES_LEFT ? rows / 4 : LINES_LEFT;
    return rows > left + 2 ? rows - left - 1 : 1;
}

// Draws what is at work, below `text` which stays.
static void draw(Show *show, Str text)
{
    size_t columns;
    size_t rows;
    terminal_size(show, &columns, &rows);
    Buf fresh;
    buf_init(&fresh, 0);
    Drawing drawing = {.out = &fresh,
        .columns = columns > 8 ? columns - 1 : 7,
        .now = show_elapsed(show),
        .color = show->style.color};
    draw_board(show, &drawing, lines_to_use(rows));
    if (!show->hidden && fresh.len) {
        buf_add_text(&show->out, "\x1b[?25l");
        show->hidden = true;
    }
    add_go_up(show, columns);
    bool resized = show->columns != columns || text.len;
    if (text.len) {
        buf_add_text(&show->out, "\x1b[J");
        buf_add(&show->out, text);
    }
    add_difference(show, text.len ? STR_NONE : buf_str(&show->frame), buf_str(&fresh), resized);
    show_flush(show);
    buf_release(&show->frame);
    show->frame = fresh;
    show->columns = columns;
    show->drawn = show_elapsed(show);
    show->dirty = false;
}

void show_view_tick(Show *show)
{
    int64_t now = show_elapsed(show);
    bool counts = show->frame.len && now / 1000 != show->drawn / 1000;
    if ((show->dirty && now - show->drawn >= REDRAW_EVERY) || counts)
        draw(show, STR_NONE);
}

void show_view_print(Show *show, Str text)
{
    draw(show, text);
}

static bool is_message(const Notice *notice)
{
    return notice->kind != NOTICE_PROGRESS && notice->kind != NOTICE_STACK &&
           notice->kind != NOTICE_RESOURCE;
}

void show_view_notify(Show *show, const Notice *notice)
{
    bool message = is_message(notice);
    board_take(&show->board, notice, show_elapsed_at(show, message ? 0 : notice->time));
    if (message) {
        Buf text;
        buf_init(&text, 0);
        show_add_message(&text, notice, "  ", show->style.color);
        draw(show, buf_str(&text));
        buf_release(&text);
        return;
    }
    show->dirty = true;
    show_view_tick(show);
}

void show_view_pause(Show *show)
{
    size_t columns;
    size_t rows;
    terminal_size(show, &columns, &rows);
    if (show->frame.len) {
        add_go_up(show, columns);
        buf_add_text(&show->out, "\x1b[J");
    }
    if (show->hidden)
        buf_add_text(&show->out, "\x1b[?25h");
    show->hidden = false;
    buf_clear(&show->frame);
    show->dirty = show->board.stacks.len > 0;
    show_flush(show);
}

void show_view_end(Show *show)
{
    if (show->dirty)
        draw(show, STR_NONE);
    if (show->hidden)
        buf_add_text(&show->out, "\x1b[?25h");
    show->hidden = false;
    show_flush(show);
    buf_clear(&show->frame);
}
