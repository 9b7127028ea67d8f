#include "compiler/diag/pages.h"

#include "compiler/base/embedded.h"

#define ANSI_BOLD "\033[1m"
#define ANSI_CODE "\033[36m"
#define ANSI_RESET "\033[0m"

enum { NAME_SIZE = 48 };

Str diag_page(DiagCode code)
{
    static const Str folder = {"diagnostics/ALT", 15}, ending = {".md", 3};
    char name[NAME_SIZE];
    memcpy(name, folder.ptr, folder.len);
    size_t len = folder.len;
    int number = diag_number(code);
    for (int unit = 1000; unit; unit /= 10)
        name[len++] = (char)('0' + number / unit % 10);
    memcpy(name + len, ending.ptr, ending.len);
    const EmbeddedFile *file = embedded_find((Str){name, len + ending.len});
    return file ? file->text : STR("");
}

// ---- altc explain ----

typedef struct Explainer {
    Buf *out;
    bool colour;
    bool in_code;
} Explainer;

static void switch_to(Explainer *explainer, const char *ansi)
{
    if (explainer->colour)
        buf_add_text(explainer->out, ansi);
}

static void render_heading(Explainer *explainer, Str line)
{
    size_t start = 0;
    while (start < line.len && line.ptr[start] == '#')
        start++;
    switch_to(explainer, ANSI_BOLD);
    buf_add(explainer->out, str_trim(str_slice(line, start, line.len)));
    switch_to(explainer, ANSI_RESET);
}

// Text between backquotes is coloured; without colour the quotes stay, they still tell it apart.
static void render_prose(Explainer *explainer, Str line)
{
    if (!explainer->colour) {
        buf_add(explainer->out, line);
        return;
    }
    bool in_mark = false;
    for (size_t i = 0; i < line.len; i++) {
        bool closes = line.ptr[i] == '`' && in_mark;
        bool opens = line.ptr[i] == '`' && !in_mark && str_find(line, STR("`"), i + 1) != SIZE_MAX;
        if (opens || closes) {
            buf_add_text(explainer->out, opens ? ANSI_CODE : ANSI_RESET);
            in_mark = opens;
        } else {
            buf_add_char(explainer->out, line.ptr[i]);
        }
    }
}

static void render_line(Explainer *explainer, Str line)
{
    if (str_starts(line, STR("```"))) {
        explainer->in_code = !explainer->in_code;
        return;
    }
    if (explainer->in_code) {
        if (line.len)
            buf_add_text(explainer->out, "    ");
        buf_add(explainer->out, line);
    } else if (str_starts(line, STR("#"))) {
        render_heading(explainer, line);
    } else {
        render_prose(explainer, line);
    }
    buf_add_char(explainer->out, '\n');
}

static void render_without_page(Explainer *explainer, DiagCode code)
{
    Arena *arena = arena_new();
    Diag diag = {.code = code};
    switch_to(explainer, ANSI_BOLD);
    buf_add(explainer->out, diag_code_text(arena, code));
    buf_add_text(explainer->out, ": ");
    buf_add(explainer->out, diag_slug(arena, code));
    switch_to(explainer, ANSI_RESET);
    buf_add_text(explainer->out, "\n\n");
    buf_add(explainer->out, diag_severity_name(diag_default_severity(code)));
    buf_add_text(explainer->out, ": ");
    buf_add(explainer->out, diag_message(arena, &diag));
    buf_add_char(explainer->out, '\n');
    arena_free(arena);
}

void explain_render(Buf *out, DiagCode code, bool colour)
{
    Explainer explainer = {out, colour, false};
    Str page = diag_page(code);
    if (!page.len) {
        render_without_page(&explainer, code);
        return;
    }
    for (size_t at = 0; at < page.len;) {
        size_t end = str_find(page, STR("\n"), at);
        if (end == SIZE_MAX)
            end = page.len;
        render_line(&explainer, str_slice(page, at, end));
        at = end + 1;
    }
}
