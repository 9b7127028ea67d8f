// Where a path leads, and reading what is there: only below the project root.
#include "compiler/module/module_priv.h"
#include "compiler/module/paths.h"

static Str show_size(Arena *arena, size_t bytes)
{
    const size_t mib = 1024 * 1024;
    return bytes % mib ? str_format(arena, "%zu bytes", bytes)
                       : str_format(arena, "%zu MiB", bytes / mib);
}

Str files_open_path(const Program *program, Str place)
{
    const ProgramFiles *files = program->files;
    Str below = path_below(files->entry_place, place);
    Str path = below.ptr ? path_join(program->arena, files->entry_folder, below)
                         : path_join(program->arena, program->root, place);
    return path.len ? path : STR(".");
}

static void report_outside(Program *program, Str path, Span span)
{
    diag_add(program->diags, DIAG_OUTSIDE_ROOT, span, path, program->root, DIAG_END);
}

bool files_locate(Program *program, const Module *from, Str path, Span span, Str *place)
{
    if (!path.len || memchr(path.ptr, '\0', path.len)) {
        diag_add(program->diags, DIAG_BAD_PATH, span, DIAG_END);
        return false;
    }
    if (path_is_absolute(path)) {
        diag_add(program->diags, DIAG_ABSOLUTE_PATH, span, path, DIAG_END);
        return false;
    }
    Str folder = from && path_is_relative_to_file(path) ? from->place : STR("");
    *place = path_join(program->arena, folder, path);
    if (path_leaves(*place)) {
        report_outside(program, path, span);
        return false;
    }
    return true;
}

static bool is_below_real_root(const Program *program, Str real)
{
    return path_below(program->real_root, path_normalise(program->arena, real)).ptr != NULL;
}

bool files_is_confined(const Program *program, Str open_path)
{
    if (!program->real_root.ptr)
        return true;
    // What is not there yet may still be reached through a link that leads out.
    for (Str path = open_path;; path = path_folder(path)) {
        Str asked = path.len ? path : STR(".");
        Str real = program->host->real_path(program->host->context, program->arena, asked);
        if (real.ptr)
            return is_below_real_root(program, real);
        if (!path.len || str_is(path, "/"))
            return true;
    }
}

static void note_input(Program *program, FileRecord *record, Str kind)
{
    ProgramInput input = {.path = record->path, .kind = kind};
    record->input = program->inputs.len;
    VEC_ADD(program->arena, &program->inputs, input);
}

static void read_into(Program *program, FileRecord *record, size_t max)
{
    ProgramFiles *files = program->files;
    size_t left = MAX_PROGRAM_BYTES - files->total_bytes;
    FileResult result = program->host->read_file(
        program->host->context, program->arena, record->path, max < left ? max : left);
    record->status = result.status;
    record->error = result.error;
    record->refused = result.status == FILE_TOO_LARGE && left < max;
    if (result.status != FILE_OK)
        return;
    files->total_bytes += result.text.len;
    record->file = sources_add(program->sources, record->path, result.text);
    if (!record->file) {
        record->status = FILE_TOO_LARGE;
        record->refused = true;
        return;
    }
    program->inputs.items[record->input].file = record->file;
}

FileRecord *files_read(Program *program, Str place, size_t max, Str kind)
{
    FileRecord *record = map_find(&program->files->records, place);
    // A file that was too large for one reader may be small enough for another.
    if (record && record->status != FILE_TOO_LARGE)
        return record;
    if (!record) {
        record = ARENA_NEW(program->arena, FileRecord);
        record->path = files_open_path(program, place);
        map_set(&program->files->records, program->arena, place, record);
        note_input(program, record, kind);
    }
    read_into(program, record, max);
    return record;
}

void files_report(Program *program, const FileRecord *record, Str path, Span span, size_t max)
{
    DiagSink *diags = program->diags;
    Arena *arena = program->arena;
    Diag *diag = NULL;
    switch (record->status) {
    case FILE_MISSING:
        diag = diag_add(diags, DIAG_FILE_NOT_FOUND, span, path, DIAG_END);
        diag_note(diags, diag, (Span){0}, "looked for at '%.*s'", STR_FMT(record->path));
        break;
    case FILE_NOT_REGULAR:
        diag_add(diags, DIAG_NOT_REGULAR_FILE, span, path, DIAG_END);
        break;
    case FILE_TOO_LARGE:
        if (record->refused)
            diag_add(diags, DIAG_PROGRAM_TOO_LARGE, span, path, show_size(arena, MAX_PROGRAM_BYTES),
                DIAG_END);
        else
            diag_add(diags, DIAG_FILE_TOO_LARGE, span, path, show_size(arena, max), DIAG_END);
        break;
    case FILE_UNREADABLE:
    case FILE_OK:
        diag_add(diags, DIAG_CANNOT_READ_FILE, span, path, record->error, DIAG_END);
        break;
    }
}

// Each place is followed through its links once, however many stages ask for it.
static bool check_confined(Program *program, Str place, Str path, Span span)
{
    ProgramFiles *files = program->files;
    if (map_find(&files->confined, place))
        return true;
    if (files_is_confined(program, files_open_path(program, place))) {
        map_set(&files->confined, program->arena, place, files);
        return true;
    }
    report_outside(program, path, span);
    return false;
}

bool program_read(
    Program *program, const Module *from, Str path, Span span, size_t max, FileId *file)
{
    Str place;
    if (!files_locate(program, from, path, span, &place) ||
        !check_confined(program, place, path, span))
        return false;
    FileRecord *record = files_read(program, place, max, STR("file"));
    bool fits = record->status == FILE_OK && source_text(program->sources, record->file).len <= max;
    if (fits) {
        *file = record->file;
        return true;
    }
    FileRecord shown = *record;
    if (shown.status == FILE_OK)
        shown.status = FILE_TOO_LARGE;
    files_report(program, &shown, path, span, max);
    return false;
}

bool program_read_optional(
    Program *program, Str path_below_root, Span span, size_t max, FileId *file, bool *missing)
{
    *missing = false;
    Str place;
    if (!files_locate(program, NULL, path_below_root, span, &place) ||
        !check_confined(program, place, path_below_root, span))
        return false;
    FileRecord *record = files_read(program, place, max, STR("values"));
    if (record->status == FILE_MISSING) {
        *missing = true;
        return false;
    }
    return program_read(program, NULL, path_below_root, span, max, file);
}

Str program_asset_path(Program *program, const Module *from, Str path, Span span)
{
    Str place;
    if (!files_locate(program, from, path, span, &place) ||
        !check_confined(program, place, path, span))
        return STR_NONE;
    return place.len ? place : STR(".");
}
