#include "runtime/notice/text.h"

#include "compiler/base/cell.h"

static size_t add_next(Buf *out, Str text, size_t *at)
{
    uint32_t code = cell_next(text, at);
    return cell_add(out, code == '\n' || code == '\r' || code == '\t' ? ' ' : code, 0);
}

size_t notice_add_clean(Buf *out, Str text)
{
    size_t columns = cell_plain_run(text);
    buf_add(out, str_slice(text, 0, columns));
    for (size_t at = columns; at < text.len;)
        columns += add_next(out, text, &at);
    return columns;
}

static void cut_to(Buf *out, size_t len)
{
    if (out->ptr)
        out->ptr[len] = '\0';
    out->len = len;
}

size_t notice_add_cut(Buf *out, Str text, size_t most)
{
    size_t columns = 0;
    size_t cut_len = out->len; // where it is cut if it does not fit: one column is for the mark
    size_t cut_columns = 0;
    for (size_t at = 0; at < text.len;) {
        size_t taken = add_next(out, text, &at);
        if (columns + taken > most) {
            cut_to(out, cut_len);
            buf_add_text(out, most ? "…" : "");
            return cut_columns + (most > 0);
        }
        columns += taken;
        if (columns < most) {
            cut_len = out->len;
            cut_columns = columns;
        }
    }
    return columns;
}

void notice_add_duration(Buf *out, int64_t milliseconds)
{
    int64_t seconds = milliseconds > 0 ? milliseconds / 1000 : 0;
    if (seconds < 60)
        buf_add_format(out, "%d s", (int)seconds);
    else if (seconds < 3600)
        buf_add_format(out, "%d min %02d s", (int)(seconds / 60), (int)(seconds % 60));
    else
        buf_add_format(
            out, "%lld h %02d min", (long long)(seconds / 3600), (int)(seconds / 60 % 60));
}
