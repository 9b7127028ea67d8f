// A page as a list of blocks, written as Markdown or as HTML. Texts hold code between backquotes
// and links as Markdown has them; everything else in them is shown as it is.
#ifndef ALTC_DOCS_PAGE_H
#define ALTC_DOCS_PAGE_H

#include "compiler/base/buf.h"
#include "compiler/base/vec.h"
#include "compiler/graph/graph.h"

enum { PAGE_COLUMNS = 7 };

typedef enum BlockForm {
    BLOCK_HEADING,
    BLOCK_TEXT,
    BLOCK_ITEM,
    BLOCK_TABLE,
    BLOCK_PICTURE
} BlockForm;

typedef struct PageRow {
    Str cells[PAGE_COLUMNS];
} PageRow;

typedef struct PageBlock {
    BlockForm form;
    size_t level;       // BLOCK_HEADING: 1 is the page's own; BLOCK_ITEM: 1 or 2
    Str text;           // of a heading, text or item; file name of a picture
    size_t columns;     // BLOCK_TABLE
    VEC(PageRow) rows;  // the first is the head
    const Graph *graph; // BLOCK_PICTURE
} PageBlock;

typedef struct Page {
    Arena *arena;
    VEC(PageBlock) blocks;
} Page;

void page_heading(Page *page, size_t level, Str text);
// Nothing when it is empty.
void page_text(Page *page, Str text);
void page_item(Page *page, size_t level, Str text);
void page_picture(Page *page, const Graph *graph, Str file_name);
// Begins a table with its head; rows follow. Columns that no row fills are left out.
void page_table(Page *page, const char *const *head, size_t columns);
void page_row(Page *page, const Str *cells);
// "`text`", with as many backquotes as it needs; empty for an empty text.
Str page_code(Arena *arena, Str text);
// Every text as code, with commas between.
Str page_codes(Arena *arena, const Str *texts, size_t count);

void page_add_markdown(Buf *out, const Page *page);
// The blocks alone, headings one level lower and with ids that begin with `prefix`.
void page_add_html(Buf *out, const Page *page, Str prefix);

#endif
