// The import graph, breadth first from the root file.
#include "compiler/base/embedded.h"
#include "compiler/base/sha256.h"
#include "compiler/module/module_priv.h"
#include "compiler/module/paths.h"
#include "compiler/syntax/syntax.h"

static Module *add_module(Program *program, FileId file, Str name, Str place)
{
    Module *module = ARENA_NEW(program->arena, Module);
    module->index = (uint32_t)program->modules.len;
    module->file = file;
    module->name = name;
    module->folder = path_folder(name);
    module->place = place;
    module->tree = syntax_parse(program->arena, program->sources, file, program->diags);
    VEC_ADD(program->arena, &program->modules, module);
    return module;
}

static bool may_add_module(Program *program, Span span)
{
    if (program->modules.len < MAX_MODULES)
        return true;
    if (!program->files->too_many)
        diag_add(program->diags, DIAG_TOO_MANY_FILES, span,
            str_format(program->arena, "%d", MAX_MODULES), DIAG_END);
    program->files->too_many = true;
    return false;
}

// ---- the standard library ----

static void report_unknown_std(Program *program, Str name, Span span)
{
    Diag *diag = diag_add(program->diags, DIAG_UNKNOWN_STD_FILE, span, name, DIAG_END);
    size_t count;
    const EmbeddedFile *files = embedded_list(STR("std/"), &count);
    Str *names = ARENA_ARRAY(program->arena, Str, count + 1);
    for (size_t i = 0; i < count; i++)
        names[i] = files[i].name;
    // The fix replaces the text between the quotes.
    Span text = span.end - span.start >= 2 ? (Span){span.file, span.start + 1, span.end - 1} : span;
    diag_did_you_mean(program->diags, diag, text, name, names, count);
}

static Module *import_std(Program *program, Str name, Span span)
{
    Module *module = map_find(&program->files->std_modules, name);
    if (module)
        return module;
    // Other files than these are embedded too.
    const EmbeddedFile *embedded = str_starts(name, STR("std/")) ? embedded_find(name) : NULL;
    if (!embedded) {
        report_unknown_std(program, name, span);
        return NULL;
    }
    if (!may_add_module(program, span))
        return NULL;
    FileId file = sources_add(program->sources, embedded->name, embedded->text);
    if (!file)
        return NULL;
    module = add_module(program, file, embedded->name, STR(""));
    module->is_std = true;
    map_set(&program->files->std_modules, program->arena, embedded->name, module);
    return module;
}

// ---- files of the project ----

static Module *import_file(Program *program, const Module *from, Str path, Span span)
{
    Str place;
    if (!files_locate(program, from, path, span, &place))
        return NULL;
    if (!files_is_confined(program, files_open_path(program, place))) {
        diag_add(program->diags, DIAG_OUTSIDE_ROOT, span, path, program->root, DIAG_END);
        return NULL;
    }
    FileRecord *record = files_read(program, place, MAX_FILE_BYTES, STR("source"));
    if (record->status != FILE_OK) {
        files_report(program, record, path, span, MAX_FILE_BYTES);
        return NULL;
    }
    if (!record->module && may_add_module(program, span))
        record->module = add_module(program, record->file, record->path, path_folder(place));
    return record->module;
}

static Module *import_target(Program *program, const Module *from, const Decl *decl)
{
    Str path = decl->name.text;
    Span span = decl->name.span;
    // A missing text was reported by the parser.
    if (!path.len && span.end - span.start < 2)
        return NULL;
    if (from->is_std)
        return import_std(program, path_join(program->arena, STR("std"), path), span);
    if (str_starts(path, STR("std/")))
        return import_std(program, path, span);
    return import_file(program, from, path, span);
}

static void load_imports(Program *program, Module *module)
{
    const DeclList *decls = &module->tree->decls;
    for (size_t i = 0; i < decls->len; i++) {
        const Decl *decl = decls->items[i];
        if (decl->kind != DECL_IMPORT)
            continue;
        Import import = {.decl = decl, .target = import_target(program, module, decl)};
        VEC_ADD(program->arena, &module->imports, import);
    }
}

// ---- the program ----

static bool load_root(Program *program, const ProgramOptions *options)
{
    ProgramFiles *files = program->files;
    FileRecord *record = ARENA_NEW(program->arena, FileRecord);
    record->path = options->file;
    FileResult result = {.status = FILE_OK, .text = options->text};
    if (!options->has_text)
        result = program->host->read_file(
            program->host->context, program->arena, options->file, MAX_FILE_BYTES);
    if (result.status == FILE_OK)
        record->file = sources_add(program->sources, options->file, result.text);
    ProgramInput input = {.path = options->file, .file = record->file, .kind = STR("source")};
    VEC_ADD(program->arena, &program->inputs, input);
    if (!record->file) {
        diag_add(program->diags, DIAG_CANNOT_READ_FILE, (Span){0}, options->file,
            result.status == FILE_OK ? STR("the file is too large") : result.error, DIAG_END);
        return false;
    }
    files->total_bytes = result.text.len;
    files->entry_folder = path_normalise(program->arena, path_folder(options->file));
    record->module = add_module(program, record->file, options->file, STR(""));
    record->module->folder = files->entry_folder;
    root_find(program, record->module->tree);
    record->module->place = files->entry_place;
    Str below = path_below(files->entry_folder, path_normalise(program->arena, options->file));
    if (below.ptr)
        map_set(&files->records, program->arena,
            path_join(program->arena, files->entry_place, below), record);
    return true;
}

Program *program_load(Arena *arena, const Host *host, Sources *sources, DiagSink *diags,
    const ProgramOptions *options)
{
    Program *program = ARENA_NEW(arena, Program);
    program->arena = arena;
    program->host = host;
    program->sources = sources;
    program->diags = diags;
    program->files = ARENA_NEW(arena, ProgramFiles);
    program->root = STR(".");
    if (!load_root(program, options))
        return program;
    for (size_t i = 0; i < program->modules.len; i++) {
        if (host->cancelled && host->cancelled(host->context))
            break;
        load_imports(program, program->modules.items[i]);
    }
    root_check(program);
    return program;
}
