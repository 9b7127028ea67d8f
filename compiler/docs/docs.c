#include "compiler/docs/docs.h"

#include "compiler/docs/docs_priv.h"

// ---- the overview ----

static Str joined(Arena *arena, const Str *items, size_t count, bool as_code)
{
    if (as_code)
        return page_codes(arena, items, count);
    Str text = STR("");
    for (size_t i = 0; i < count; i++)
        text = str_format(arena, "%.*s%s%.*s", STR_FMT(text), i ? ", " : "", STR_FMT(items[i]));
    return text;
}

static bool has_page(const DocsStage *stages, size_t count, Str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(stages[i].inventory->name, name))
            return true;
    return false;
}

static Str stage_link(Arena *arena, const DocsStage *stages, size_t count, Str name)
{
    if (!has_page(stages, count, name))
        return name;
    if (!name.len)
        return STR("[template](template.md)");
    return str_format(arena, "[%.*s](%.*s.md)", STR_FMT(name), STR_FMT(name));
}

static void add_stage_row(Page *page, const DocsStage *stages, size_t count, const StageRow *row)
{
    Arena *arena = page->arena;
    Str state = row->is_pattern    ? STR("a pattern: any name that fits")
                : row->retired.len ? str_format(arena, "retired: %.*s", STR_FMT(row->retired))
                : row->hatch_of.len
                    ? str_format(arena, "escape hatch of %.*s", STR_FMT(row->hatch_of))
                    : STR("");
    Str resources =
        row->is_pattern || row->retired.len ? STR("") : str_format(arena, "%zu", row->resources);
    page_row(
        page, (Str[]){stage_link(arena, stages, count, row->name), row->aliases, row->attributes,
                  joined(arena, row->families.items, row->families.len, false),
                  joined(arena, row->hosts.items, row->hosts.len, true), resources, state});
}

static void add_stages(Page *page, const DocsStage *stages, size_t count, const StageMatrix *matrix)
{
    static const char *const HEAD[] = {
        "Stage", "Also called", "Attributes", "Holds", "Hosts it owns", "Resources", "State"};
    page_heading(page, 2, STR("Stages"));
    page_table(page, HEAD, 7);
    for (size_t i = 0; i < matrix->rows.len; i++)
        add_stage_row(page, stages, count, &matrix->rows.items[i]);
}

static Str stages_of_family(Arena *arena, const DocsStage *stages, size_t count, size_t family)
{
    Str text = STR("");
    for (size_t s = 0; s < count; s++) {
        const StageInventory *inventory = stages[s].inventory;
        bool used = false;
        for (size_t i = 0; i < inventory->resources.len; i++)
            used = used || inventory->resources.items[i].family == family;
        if (used)
            text = str_format(arena, "%.*s%s%.*s", STR_FMT(text), text.len ? ", " : "",
                STR_FMT(stage_link(arena, stages, count, inventory->name)));
    }
    return text;
}

static void add_families(Page *page, const DocsStage *stages, size_t count)
{
    static const char *const HEAD[] = {"Part", "About", "In the stages"};
    page_heading(page, 2, STR("Parts"));
    page_table(page, HEAD, 3);
    const StageInventory *inventory = stages[0].inventory;
    for (size_t i = 0; i < inventory->families.len; i++) {
        const InventoryFamily *family = &inventory->families.items[i];
        if (str_starts(family->file, STR("std/")))
            continue;
        page_row(page, (Str[]){page_code(page->arena, family->name), family->doc,
                           stages_of_family(page->arena, stages, count, i)});
    }
}

Page docs_overview(Arena *arena, const DocsStage *stages, size_t count, const StageMatrix *matrix)
{
    Page page = {.arena = arena};
    page_heading(&page, 1, stages[0].model->app);
    page_text(&page, stages[0].inventory->families.items[0].doc);
    add_stages(&page, stages, count, matrix);
    add_families(&page, stages, count);
    page_text(
        &page, STR("Written by `altc docs`; whatever is edited here is lost at its next run."));
    return page;
}

// ---- files ----

static Str markdown_of(Arena *arena, const Page *page)
{
    Buf out;
    buf_init(&out, 0);
    page_add_markdown(&out, page);
    Str text = buf_copy(&out, arena);
    buf_release(&out);
    return text;
}

static Str picture_of(Arena *arena, const StageModel *model)
{
    Buf out;
    buf_init(&out, 0);
    graph_add_svg(&out, graph_of_stage(arena, model), false);
    Str text = buf_copy(&out, arena);
    buf_release(&out);
    return text;
}

static const char STYLE[] =
    ":root{color-scheme:light dark}\n"
    "body{font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',Arial,sans-serif;"
    "margin:0;color:#1f2937;background:#fff}\n"
    "main{padding:0 2rem 4rem;max-width:120rem}\n"
    "nav{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:.2rem 1rem;"
    "padding:.6rem 2rem;background:#f1f5f9;border-bottom:1px solid #cbd5e1}\n"
    "h2,h3{scroll-margin-top:5rem}\n"
    "h2{margin-top:3rem;border-bottom:2px solid #cbd5e1;padding-bottom:.2rem}\n"
    "a{color:#1d4ed8;text-decoration:none}a:hover{text-decoration:underline}\n"
    ".wide,.picture{overflow-x:auto}\n.picture{margin:1rem 0}\n"
    "table{border-collapse:collapse;margin:.6rem 0;font-size:13px}\n"
    "th,td{border:1px solid #cbd5e1;padding:.25rem .6rem;text-align:left;vertical-align:top}\n"
    "th{background:#f1f5f9}\n"
    "tr:has(th:empty){display:none}\n"
    "code{font:12px/1.4 ui-monospace,SFMono-Regular,Menlo,'DejaVu Sans Mono',monospace;"
    "overflow-wrap:anywhere}\n"
    "li.level2{margin-left:1.5rem;list-style:circle}\n"
    "@media (prefers-color-scheme:dark){\n"
    "body{color:#d1d9e0;background:#0d1117}\n"
    "nav,th{background:#161b22}\n"
    "nav,h2,th,td{border-color:#30363d}\n"
    "a{color:#6cb0ff}\n}\n"
    "@media print{nav{display:none}}\n";

static void add_navigation(Buf *out, const DocsStage *stages, size_t count)
{
    buf_add_text(out, "<nav><a href=\"#README\">Overview</a>");
    for (size_t i = 0; i < count; i++) {
        Str stem = docs_stem(stages[i].model);
        buf_add_text(out, "<a href=\"#");
        buf_add_escaped(out, stem);
        buf_add_text(out, "\">");
        buf_add_escaped(out, stem);
        buf_add_text(out, "</a>");
    }
    buf_add_text(out, "</nav>\n");
}

static Str document_of(
    Arena *arena, const DocsStage *stages, size_t count, const Page *overview, const Page *pages)
{
    Buf out;
    buf_init(&out, 0);
    buf_add_text(&out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    buf_add_escaped(&out, stages[0].model->app);
    buf_add_format(&out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", STYLE);
    add_navigation(&out, stages, count);
    buf_add_text(&out, "<main>\n<section>\n");
    page_add_html(&out, overview, STR("README"));
    buf_add_text(&out, "</section>\n");
    for (size_t i = 0; i < count; i++) {
        buf_add_text(&out, "<section>\n");
        page_add_html(&out, &pages[i], docs_stem(stages[i].model));
        buf_add_text(&out, "</section>\n");
    }
    buf_add_text(&out, "</main>\n</body>\n</html>\n");
    Str text = buf_copy(&out, arena);
    buf_release(&out);
    return text;
}

static void add_file(Arena *arena, DocsFiles *files, Str name, Str text)
{
    DocsFile file = {.name = name, .text = text};
    VEC_ADD(arena, &files->items, file);
}

DocsFiles docs_make(Arena *arena, const DocsStage *stages, size_t count, const StageMatrix *matrix)
{
    DocsFiles files = {0};
    Page overview = docs_overview(arena, stages, count, matrix);
    Page *pages = ARENA_ARRAY(arena, Page, count);
    add_file(arena, &files, STR("README.md"), markdown_of(arena, &overview));
    for (size_t i = 0; i < count; i++) {
        Str stem = docs_stem(stages[i].model);
        pages[i] = docs_stage_page(arena, &stages[i]);
        add_file(arena, &files, str_format(arena, "%.*s.md", STR_FMT(stem)),
            markdown_of(arena, &pages[i]));
        add_file(arena, &files, str_format(arena, "%.*s.svg", STR_FMT(stem)),
            picture_of(arena, stages[i].model));
    }
    add_file(arena, &files, STR("index.html"), document_of(arena, stages, count, &overview, pages));
    return files;
}
