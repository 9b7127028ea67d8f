#include "compiler/cli/cli.h"
#include "compiler/cli/findings.h"
#include "compiler/cli/print.h"
#include "compiler/cli/program.h"
#include "compiler/data/data.h"

// ---- a table of texts ----

enum { COLUMNS = 5, GAP = 2 };

// A row of the table; a cell of several lines makes the row as high.
typedef struct Row {
    StrList cells[COLUMNS];
} Row;

typedef VEC(Row) Rows;

static const char *const HEADINGS[COLUMNS] = {
    "STAGE", "ATTRIBUTES", "FAMILIES", "HOSTS", "RESOURCES"};

// In code points, which is what most names take on a terminal.
static size_t width_of(Str text)
{
    size_t width = 0;
    for (size_t i = 0; i < text.len; i++)
        width += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
    return width;
}

static size_t height_of(const Row *row)
{
    size_t height = 0;
    for (size_t i = 0; i < COLUMNS; i++)
        height = row->cells[i].len > height ? row->cells[i].len : height;
    return height;
}

static void add_line(Buf *out, const Row *row, size_t line, const size_t *widths)
{
    size_t owed = 0; // blanks that only count when something follows
    for (size_t i = 0; i < COLUMNS; i++) {
        Str cell = line < row->cells[i].len ? row->cells[i].items[line] : STR("");
        if (cell.len) {
            buf_add_repeat(out, ' ', owed);
            buf_add(out, cell);
            owed = 0;
        }
        owed += widths[i] - width_of(cell) + GAP;
    }
    buf_add_char(out, '\n');
}

static void add_table(Buf *out, const Rows *rows)
{
    size_t widths[COLUMNS] = {0};
    for (size_t i = 0; i < rows->len; i++) {
        for (size_t column = 0; column < COLUMNS; column++) {
            const StrList *cell = &rows->items[i].cells[column];
            for (size_t j = 0; j < cell->len; j++) {
                size_t width = width_of(cell->items[j]);
                widths[column] = width > widths[column] ? width : widths[column];
            }
        }
    }
    for (size_t i = 0; i < rows->len; i++) {
        for (size_t line = 0; line < height_of(&rows->items[i]); line++)
            add_line(out, &rows->items[i], line, widths);
    }
}

// Splits a list written with commas, so that each stands on a line of its own.
static void add_parts(Arena *arena, StrList *cell, Str list)
{
    size_t start = 0;
    while (start < list.len) {
        size_t comma = str_find(list, STR(", "), start);
        size_t end = comma == SIZE_MAX ? list.len : comma;
        VEC_ADD(arena, cell, str_slice(list, start, end));
        start = comma == SIZE_MAX ? list.len : comma + 2;
    }
}

static Row row_of(Arena *arena, const StageRow *stage)
{
    Row row = {0};
    VEC_ADD(arena, &row.cells[0], stage->name);
    StrList aliases = {0};
    add_parts(arena, &aliases, stage->aliases);
    for (size_t i = 0; i < aliases.len; i++)
        VEC_ADD(arena, &row.cells[0], str_format(arena, "  = %.*s", STR_FMT(aliases.items[i])));
    add_parts(arena, &row.cells[1], stage->attributes);
    if (stage->hatch_of.len)
        VEC_ADD(arena, &row.cells[1], str_format(arena, "hatch of %.*s", STR_FMT(stage->hatch_of)));
    if (stage->retired.len)
        VEC_ADD(arena, &row.cells[1], str_format(arena, "retired: %.*s", STR_FMT(stage->retired)));
    if (stage->is_pattern)
        VEC_ADD(arena, &row.cells[1], STR("pattern"));
    for (size_t i = 0; i < stage->families.len; i++)
        VEC_ADD(arena, &row.cells[2], stage->families.items[i]);
    for (size_t i = 0; i < stage->hosts.len; i++)
        VEC_ADD(arena, &row.cells[3], stage->hosts.items[i]);
    if (!stage->is_pattern && !stage->retired.len)
        VEC_ADD(arena, &row.cells[4], str_format(arena, "%zu", stage->resources));
    return row;
}

void stages_add_text(Arena *arena, Buf *out, const StageMatrix *matrix)
{
    Rows rows = {0};
    Row heading = {0};
    for (size_t i = 0; i < COLUMNS; i++)
        VEC_ADD(arena, &heading.cells[i], str_of(HEADINGS[i]));
    VEC_ADD(arena, &rows, heading);
    for (size_t i = 0; i < matrix->rows.len; i++) {
        Row row = row_of(arena, &matrix->rows.items[i]);
        VEC_ADD(arena, &rows, row);
    }
    add_table(out, &rows);
}

// ---- JSON ----

static void put_text(Arena *arena, Datum *map, const char *key, Str text)
{
    datum_put(arena, map, str_of(key), NULL,
        text.len ? datum_string(arena, NULL, text) : datum_null(arena, NULL));
}

static void put_list(Arena *arena, Datum *map, const char *key, const Str *items, size_t count)
{
    Datum *list = datum_list(arena, NULL);
    for (size_t i = 0; i < count; i++)
        datum_append(arena, list, datum_string(arena, NULL, items[i]));
    datum_put(arena, map, str_of(key), NULL, list);
}

static Datum *stage_datum(Arena *arena, const StageRow *stage)
{
    Datum *map = datum_map(arena, NULL);
    put_text(arena, map, "name", stage->name);
    StrList parts = {0};
    add_parts(arena, &parts, stage->aliases);
    put_list(arena, map, "aliases", parts.items, parts.len);
    parts = (StrList){0};
    add_parts(arena, &parts, stage->attributes);
    put_list(arena, map, "attributes", parts.items, parts.len);
    put_text(arena, map, "hatchOf", stage->hatch_of);
    put_text(arena, map, "retired", stage->retired);
    datum_put(arena, map, STR("pattern"), NULL, datum_bool(arena, NULL, stage->is_pattern));
    put_list(arena, map, "families", stage->families.items, stage->families.len);
    put_list(arena, map, "hosts", stage->hosts.items, stage->hosts.len);
    datum_put(arena, map, STR("resources"), NULL,
        datum_number(arena, NULL, str_format(arena, "%zu", stage->resources)));
    return map;
}

void stages_add_json(Arena *arena, Buf *out, const StageMatrix *matrix)
{
    Datum *stages = datum_list(arena, NULL);
    for (size_t i = 0; i < matrix->rows.len; i++)
        datum_append(arena, stages, stage_datum(arena, &matrix->rows.items[i]));
    Datum *root = datum_map(arena, NULL);
    datum_put(arena, root, STR("stages"), NULL, stages);
    data_write_json(out, root);
}

int command_stages(Cli *cli)
{
    static const char *const FORMATS[] = {"text", "json", NULL};
    CompileOptions options;
    if (!cli_operands(cli, 0, 1) || !findings_options_valid(cli) ||
        !cli_one_of(cli, OPTION_FORMAT, FORMATS) ||
        !program_options(cli, cli->arena, program_operand(cli, 0), &options))
        return EXIT_TROUBLE;
    options.choice = STAGES_ALL;
    Session *session = session_new(cli->host);
    Compilation *run = compile(session, &options);
    const StageMatrix *matrix = compilation_matrix(run);
    Findings *findings = findings_new(cli->arena);
    findings_add(findings, run);
    int status = findings_report(cli, findings);
    if (matrix->rows.len) {
        Buf out;
        buf_init(&out, 0);
        if (str_is(args_value(cli->args, OPTION_FORMAT), "json"))
            stages_add_json(cli->arena, &out, matrix);
        else
            stages_add_text(cli->arena, &out, matrix);
        if (cli_print(cli, buf_str(&out)) != EXIT_FINE)
            status = EXIT_TROUBLE;
        buf_release(&out);
    }
    compilation_free(run);
    session_free(session);
    return status;
}
