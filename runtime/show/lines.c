// A line for each notice. What happens may be found by its words in a log: they are AWS's own.
#include "runtime/notice/text.h"
#include "runtime/show/show_priv.h"

enum { PROGRESS_EVERY = 10 * 1000 };

#define INDENT "         "

// "   1:02  ", "1:00:02  ".
static void add_elapsed(Buf *out, int64_t elapsed)
{
    int64_t seconds = elapsed > 0 ? elapsed / 1000 : 0;
    if (seconds < 3600)
        buf_add_format(out, "%4d:%02d  ", (int)(seconds / 60), (int)(seconds % 60));
    else
        buf_add_format(out, "%d:%02d:%02d  ", (int)(seconds / 3600), (int)(seconds / 60 % 60),
            (int)(seconds % 60));
}

static void add_event(Buf *out, const Notice *notice)
{
    notice_add_clean(out, notice->stack_name.len ? notice->stack_name : notice->stack);
    if (notice->kind == NOTICE_RESOURCE) {
        buf_add_char(out, ' ');
        notice_add_clean(out, notice->logical_id);
        buf_add_text(out, " (");
        notice_add_clean(out, show_short_type(notice->type));
        buf_add_char(out, ')');
    }
    buf_add_char(out, ' ');
    notice_add_clean(out, notice->status);
    if (notice->reason.len) {
        buf_add_text(out, ": ");
        notice_add_clean(out, notice->reason);
    }
    buf_add_char(out, '\n');
}

static void add_progress(Buf *out, const Notice *notice)
{
    notice_add_clean(out, notice->text);
    buf_add_text(out, ": ");
    show_add_bytes(out, notice->done);
    if (notice->total) {
        buf_add_text(out, " of ");
        show_add_bytes(out, notice->total);
    }
    buf_add_char(out, '\n');
}

// Not each block that was sent: the end, and now and then.
static bool is_worth_a_line(Show *show, const Notice *notice, int64_t elapsed)
{
    bool complete = notice->total && notice->done >= notice->total;
    if (!complete && elapsed - show->progress_told < PROGRESS_EVERY)
        return false;
    show->progress_told = elapsed;
    return true;
}

void show_lines_notify(Show *show, const Notice *notice)
{
    bool is_event = notice->kind == NOTICE_RESOURCE || notice->kind == NOTICE_STACK;
    // What is said about the past is said now.
    int64_t elapsed = show_elapsed_at(show, is_event ? notice->time : 0);
    if (is_event && !notice->status.len)
        return; // tells only how much there is to do
    if (notice->kind == NOTICE_PROGRESS && !is_worth_a_line(show, notice, elapsed))
        return;
    add_elapsed(&show->out, elapsed);
    if (is_event)
        add_event(&show->out, notice);
    else if (notice->kind == NOTICE_PROGRESS)
        add_progress(&show->out, notice);
    else
        show_add_message(&show->out, notice, INDENT, show->style.color);
    if (!is_event)
        show_flush(show);
}
