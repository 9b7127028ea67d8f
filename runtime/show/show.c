#include "runtime/show/show.h"

#include "runtime/show/show_priv.h"

static bool is_for_quiet(NoticeKind kind)
{
    return kind == NOTICE_WARNING || kind == NOTICE_PROBLEM || kind == NOTICE_OUTPUT ||
           kind == NOTICE_RESULT;
}

static void remark(Show *show, const Notice *notice)
{
    const ShowOutput *output = &show->output;
    if (notice->kind == NOTICE_STACK || notice->kind == NOTICE_RESOURCE ||
        notice->kind == NOTICE_PROGRESS)
        return;
    show_add_message(&show->out, notice, "     = ", show->style.color);
    (output->remark ? output->remark : output->write)(output->context, buf_str(&show->out));
    buf_clear(&show->out);
}

static void notify(void *context, const Notice *notice)
{
    Show *show = context;
    if (show->style.quiet && !is_for_quiet(notice->kind))
        return;
    switch (show->kind) {
    case SHOW_LINES:
        show_lines_notify(show, notice);
        break;
    case SHOW_VIEW:
        show_view_notify(show, notice);
        break;
    case SHOW_JSON:
        show_json_notify(show, notice);
        break;
    case SHOW_REMARKS:
        remark(show, notice);
        break;
    }
}

Show *show_new(ShowKind kind, const ShowOutput *output, const ShowStyle *style)
{
    Arena *arena = arena_new();
    Show *show = ARENA_NEW(arena, Show);
    show->kind = kind;
    show->output = *output;
    show->style = *style;
    show->arena = arena;
    show->board.arena = arena;
    show->start = output->steady(output->context);
    buf_init(&show->out, 0);
    buf_init(&show->frame, 0);
    return show;
}

void show_free(Show *show)
{
    if (!show)
        return;
    buf_release(&show->out);
    buf_release(&show->frame);
    arena_free(show->arena);
}

Listener show_listener(Show *show)
{
    return (Listener){show, notify};
}

void show_tick(Show *show)
{
    if (show->kind == SHOW_VIEW)
        show_view_tick(show);
    else
        show_flush(show);
}

void show_text(Show *show, Str text)
{
    if (show->kind == SHOW_VIEW)
        show_view_print(show, text);
    else {
        show_flush(show);
        show->output.write(show->output.context, text);
    }
}

void show_pause(Show *show)
{
    if (show->kind == SHOW_VIEW)
        show_view_pause(show);
    else
        show_flush(show);
}

void show_end(Show *show)
{
    if (show->kind == SHOW_VIEW)
        show_view_end(show);
    else
        show_flush(show);
}

int64_t show_elapsed(const Show *show)
{
    return show->output.steady(show->output.context) - show->start + show->ahead;
}

int64_t show_elapsed_at(Show *show, int64_t aws_time)
{
    int64_t now = show_elapsed(show);
    if (!aws_time)
        return now;
    if (!show->aws_time) {
        show->aws_time = aws_time;
        show->aws_since = now;
    }
    int64_t elapsed = show->aws_since + (aws_time - show->aws_time);
    if (elapsed > now)
        show->ahead += elapsed - now;
    return elapsed > 0 ? elapsed : 0;
}

void show_flush(Show *show)
{
    if (show->out.len)
        show->output.write(show->output.context, buf_str(&show->out));
    buf_clear(&show->out);
}

bool show_wants_color(Str choice, bool terminal, Str no_color, Str term)
{
    if (str_is(choice, "always") || str_is(choice, "never"))
        return str_is(choice, "always");
    return terminal && !no_color.len && !str_is(term, "dumb");
}
