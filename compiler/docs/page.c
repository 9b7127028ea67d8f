#include "compiler/docs/page.h"

static PageBlock *add_block(Page *page, BlockForm form, size_t level, Str text)
{
    PageBlock block = {.form = form, .level = level, .text = text};
    VEC_ADD(page->arena, &page->blocks, block);
    return &page->blocks.items[page->blocks.len - 1];
}

void page_heading(Page *page, size_t level, Str text)
{
    add_block(page, BLOCK_HEADING, level, text);
}

void page_text(Page *page, Str text)
{
    if (text.len)
        add_block(page, BLOCK_TEXT, 0, text);
}

void page_item(Page *page, size_t level, Str text)
{
    add_block(page, BLOCK_ITEM, level, text);
}

void page_picture(Page *page, const Graph *graph, Str file_name)
{
    add_block(page, BLOCK_PICTURE, 0, file_name)->graph = graph;
}

void page_table(Page *page, const char *const *head, size_t columns)
{
    PageBlock *table = add_block(page, BLOCK_TABLE, 0, STR(""));
    table->columns = columns;
    PageRow row = {0};
    for (size_t i = 0; i < columns; i++)
        row.cells[i] = str_of(head[i]);
    VEC_ADD(page->arena, &table->rows, row);
}

void page_row(Page *page, const Str *cells)
{
    PageBlock *table = &page->blocks.items[page->blocks.len - 1];
    PageRow row = {0};
    for (size_t i = 0; i < table->columns; i++)
        row.cells[i] = cells[i];
    VEC_ADD(page->arena, &table->rows, row);
}

// ---- code ----

Str page_code(Arena *arena, Str text)
{
    if (!text.len)
        return STR("");
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < text.len; i++) {
        run = text.ptr[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    static const char FENCE[] = "````````````````";
    int fence = (int)(longest + 1 < sizeof FENCE - 1 ? longest + 1 : sizeof FENCE - 1);
    const char *blank = text.ptr[0] == '`' || text.ptr[text.len - 1] == '`' ? " " : "";
    return str_format(
        arena, "%.*s%s%.*s%s%.*s", fence, FENCE, blank, STR_FMT(text), blank, fence, FENCE);
}

Str page_codes(Arena *arena, const Str *texts, size_t count)
{
    Str all = STR("");
    for (size_t i = 0; i < count; i++)
        all = str_format(
            arena, "%.*s%s%.*s", STR_FMT(all), i ? ", " : "", STR_FMT(page_code(arena, texts[i])));
    return all;
}

// Where a span of code that begins at `at` ends, and how long its fences are; false when none
// begins there.
static bool code_span(Str text, size_t at, size_t *fence, size_t *end)
{
    size_t len = 0;
    while (at + len < text.len && text.ptr[at + len] == '`')
        len++;
    for (size_t i = at + len, run = 0; len && i <= text.len; i++) {
        if (i < text.len && text.ptr[i] == '`') {
            run++;
        } else {
            if (run == len) {
                *fence = len;
                *end = i;
                return true;
            }
            run = 0;
        }
    }
    return false;
}

// ---- tables ----

static bool column_is_used(const PageBlock *table, size_t column)
{
    for (size_t i = 1; i < table->rows.len; i++)
        if (table->rows.items[i].cells[column].len)
            return true;
    return false;
}

// ---- Markdown ----

static void add_markdown_char(Buf *out, char c, bool in_code, bool in_table)
{
    if (in_table && c == '|')
        buf_add_text(out, "\\|");
    else if (c == '\n')
        buf_add_text(out, in_table ? " " : "\n");
    else if (!in_code && c == '<')
        buf_add_text(out, "&lt;");
    else if (c != '\r')
        buf_add_char(out, c);
}

static void add_markdown_text(Buf *out, Str text, bool in_table)
{
    for (size_t i = 0; i < text.len;) {
        size_t fence, end = i + 1;
        bool code = text.ptr[i] == '`' && code_span(text, i, &fence, &end);
        for (; i < end; i++)
            add_markdown_char(out, text.ptr[i], code, in_table);
    }
}

static void add_markdown_table(Buf *out, const PageBlock *table)
{
    for (size_t r = 0; r < table->rows.len; r++) {
        for (size_t c = 0; c < table->columns; c++) {
            if (!column_is_used(table, c))
                continue;
            buf_add_text(out, "| ");
            add_markdown_text(out, table->rows.items[r].cells[c], true);
            buf_add_char(out, ' ');
        }
        buf_add_text(out, "|\n");
        for (size_t c = 0; r == 0 && c < table->columns; c++)
            if (column_is_used(table, c))
                buf_add_text(out, "|---");
        if (r == 0)
            buf_add_text(out, "|\n");
    }
}

static void add_markdown_block(Buf *out, const PageBlock *block)
{
    switch (block->form) {
    case BLOCK_HEADING:
        buf_add_repeat(out, '#', block->level);
        buf_add_char(out, ' ');
        add_markdown_text(out, block->text, false);
        break;
    case BLOCK_TEXT:
        add_markdown_text(out, block->text, false);
        break;
    case BLOCK_ITEM:
        buf_add_repeat(out, ' ', 2 * (block->level - 1));
        buf_add_text(out, "- ");
        add_markdown_text(out, block->text, false);
        break;
    case BLOCK_TABLE:
        add_markdown_table(out, block);
        return;
    case BLOCK_PICTURE:
        buf_add_format(out, "![");
        add_markdown_text(out, block->graph->title, false);
        buf_add_format(out, "](%.*s)", STR_FMT(block->text));
        break;
    }
    buf_add_char(out, '\n');
}

void page_add_markdown(Buf *out, const Page *page)
{
    for (size_t i = 0; i < page->blocks.len; i++) {
        const PageBlock *block = &page->blocks.items[i];
        bool same_list =
            i && block->form == BLOCK_ITEM && page->blocks.items[i - 1].form == BLOCK_ITEM;
        if (i && !same_list)
            buf_add_char(out, '\n');
        add_markdown_block(out, block);
    }
}

// ---- HTML ----

static void add_html_code(Buf *out, Str text)
{
    bool padded = text.len > 2 && str_starts(text, STR(" `"));
    padded = padded || (text.len > 2 && str_ends(text, STR("` ")));
    buf_add_text(out, "<code>");
    buf_add_escaped(out, padded ? str_slice(text, 1, text.len - 1) : text);
    buf_add_text(out, "</code>");
}

// "[text](address)" at the place; gives where it ends, or `at`. Pages of the folder stand in the
// same document: "dev.md" is "#dev".
static size_t add_html_link(Buf *out, Str text, size_t at)
{
    size_t middle = str_find(text, STR("]("), at);
    size_t end = middle == SIZE_MAX ? SIZE_MAX : str_find(text, STR(")"), middle);
    if (end == SIZE_MAX)
        return at;
    Str shown = str_slice(text, at + 1, middle), address = str_slice(text, middle + 2, end);
    bool own_page = str_ends(address, STR(".md")) && str_find(address, STR(":"), 0) == SIZE_MAX;
    buf_add_text(out, own_page ? "<a href=\"#" : "<a href=\"");
    buf_add_escaped(out, own_page ? str_slice(address, 0, address.len - 3) : address);
    buf_add_text(out, "\">");
    buf_add_escaped(out, shown);
    buf_add_text(out, "</a>");
    return end + 1;
}

static void add_html_text(Buf *out, Str text)
{
    for (size_t i = 0; i < text.len;) {
        size_t fence, end;
        if (text.ptr[i] == '`' && code_span(text, i, &fence, &end)) {
            add_html_code(out, str_slice(text, i + fence, end - fence));
            i = end;
            continue;
        }
        if (text.ptr[i] == '[') {
            size_t behind = add_html_link(out, text, i);
            if (behind != i) {
                i = behind;
                continue;
            }
        }
        buf_add_escaped(out, str_slice(text, i, i + 1));
        i++;
    }
}

static void add_html_table(Buf *out, const PageBlock *table)
{
    buf_add_text(out, "<div class=\"wide\"><table>\n");
    for (size_t r = 0; r < table->rows.len; r++) {
        const char *cell = r ? "td" : "th";
        buf_add_text(out, "<tr>");
        for (size_t c = 0; c < table->columns; c++) {
            if (!column_is_used(table, c))
                continue;
            buf_add_format(out, "<%s>", cell);
            add_html_text(out, table->rows.items[r].cells[c]);
            buf_add_format(out, "</%s>", cell);
        }
        buf_add_text(out, "</tr>\n");
    }
    buf_add_text(out, "</table></div>\n");
}

// The page's own heading carries the prefix alone as its id.
static void add_html_heading(Buf *out, const PageBlock *block, Str prefix)
{
    size_t level = block->level + 1;
    buf_add_format(out, "<h%zu", level);
    if (block->level <= 2) {
        buf_add_text(out, " id=\"");
        buf_add_escaped(out, prefix);
        for (size_t i = 0; block->level == 2 && i < block->text.len; i++) {
            char c = block->text.ptr[i];
            bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (i == 0)
                buf_add_char(out, '-');
            if (c >= 'A' && c <= 'Z')
                buf_add_char(out, (char)(c - 'A' + 'a'));
            else
                buf_add_char(out, word ? c : '-');
        }
        buf_add_char(out, '"');
    }
    buf_add_char(out, '>');
    add_html_text(out, block->text);
    buf_add_format(out, "</h%zu>\n", level);
}

static void add_html_block(Buf *out, const PageBlock *block, Str prefix)
{
    switch (block->form) {
    case BLOCK_HEADING:
        add_html_heading(out, block, prefix);
        break;
    case BLOCK_TEXT:
        buf_add_text(out, "<p>");
        add_html_text(out, block->text);
        buf_add_text(out, "</p>\n");
        break;
    case BLOCK_ITEM:
        buf_add_format(out, "<li class=\"level%zu\">", block->level);
        add_html_text(out, block->text);
        buf_add_text(out, "</li>\n");
        break;
    case BLOCK_TABLE:
        add_html_table(out, block);
        break;
    case BLOCK_PICTURE:
        buf_add_text(out, "<div class=\"picture\">\n");
        graph_add_svg(out, block->graph, true);
        buf_add_text(out, "</div>\n");
        break;
    }
}

void page_add_html(Buf *out, const Page *page, Str prefix)
{
    bool listing = false;
    for (size_t i = 0; i < page->blocks.len; i++) {
        const PageBlock *block = &page->blocks.items[i];
        bool item = block->form == BLOCK_ITEM;
        if (item != listing)
            buf_add_text(out, item ? "<ul>\n" : "</ul>\n");
        listing = item;
        add_html_block(out, block, prefix);
    }
    if (listing)
        buf_add_text(out, "</ul>\n");
}
