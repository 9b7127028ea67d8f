// The project root: the folder that `app` names, seen from its own file, wherever in the program
// that file is. It says which files may be read, so it has to be known before the imports are:
// when the compiled file has no `app`, they are looked through for one first, into memory of
// their own. So a file that is one part of a program can be checked by itself.
#include "compiler/module/module_priv.h"
#include "compiler/module/paths.h"
#include "compiler/syntax/syntax.h"

static const Decl *find_app(const SyntaxTree *tree)
{
    for (size_t i = 0; i < tree->decls.len; i++)
        if (tree->decls.items[i]->kind == DECL_APP)
            return tree->decls.items[i];
    return NULL;
}

// The value of `root`, or NULL.
static const Expr *root_setting(const Decl *app)
{
    for (size_t i = 0; app && i < app->items.len; i++) {
        const Item *item = app->items.items[i];
        if (item->kind == ITEM_ENTRY && item->key && item->key->kind == EXPR_NAME &&
            str_is(item->key->name, "root"))
            return item->value;
    }
    return NULL;
}

static bool is_plain_text(const Expr *expr, Str *text)
{
    if (expr->kind != EXPR_STRING || expr->string.len > 1)
        return false;
    if (expr->string.len == 1 && expr->string.items[0].expr)
        return false;
    *text = expr->string.len ? expr->string.items[0].text : STR("");
    return true;
}

// The folder an `app` in this folder names, normalised; STR_NONE when it names none that can be
// used.
static Str named_root(Arena *arena, const Decl *app, Str folder)
{
    const Expr *setting = root_setting(app);
    Str written = STR("");
    if (setting && (!is_plain_text(setting, &written) || path_is_absolute(written)))
        return STR_NONE;
    return path_join(arena, folder, written);
}

// ---- looking through the imports ----

typedef struct Scout {
    Arena *arena;
    const Host *host;
    Sources *sources;
    DiagSink *diags; // nobody reads it: all of it is found again when the files are loaded
    Map seen;
    VEC(Str) paths;
    size_t left; // bytes that may still be read
} Scout;

static void scout_imports(Scout *scout, const SyntaxTree *tree, Str folder)
{
    for (size_t i = 0; i < tree->decls.len; i++) {
        const Decl *decl = tree->decls.items[i];
        // Other paths start at the root, which is not known yet.
        if (decl->kind != DECL_IMPORT || !path_is_relative_to_file(decl->name.text) ||
            memchr(decl->name.text.ptr, '\0', decl->name.text.len))
            continue;
        Str path = path_join(scout->arena, folder, decl->name.text);
        if (map_set(&scout->seen, scout->arena, path, scout) || scout->paths.len >= MAX_MODULES)
            continue;
        VEC_ADD(scout->arena, &scout->paths, path);
    }
}

static const SyntaxTree *scout_read(Scout *scout, Str path)
{
    size_t max = scout->left < MAX_FILE_BYTES ? scout->left : MAX_FILE_BYTES;
    FileResult result = scout->host->read_file(scout->host->context, scout->arena, path, max);
    if (result.status != FILE_OK)
        return NULL;
    scout->left -= result.text.len;
    FileId file = sources_add(scout->sources, path, result.text);
    return file ? syntax_parse(scout->arena, scout->sources, file, scout->diags) : NULL;
}

// The root that the nearest imported `app` names, seen as the compiled file is; or STR_NONE.
static Str scout_root(Program *program, const SyntaxTree *entry)
{
    Scout scout = {.arena = arena_new(), .host = program->host, .left = MAX_PROGRAM_BYTES};
    scout.sources = sources_new(scout.arena);
    scout.diags = diag_sink_new(scout.arena);
    scout_imports(&scout, entry, program->files->entry_folder);
    Str root = STR_NONE;
    for (size_t i = 0; i < scout.paths.len && !root.ptr; i++) {
        if (program->host->cancelled && program->host->cancelled(program->host->context))
            break;
        Str path = scout.paths.items[i];
        const SyntaxTree *tree = scout_read(&scout, path);
        if (!tree)
            continue;
        const Decl *app = find_app(tree);
        if (app)
            root = named_root(program->arena, app, path_folder(path));
        scout_imports(&scout, tree, path_folder(path));
    }
    arena_free(scout.arena);
    return root;
}

// ---- using it ----

static Str real_path_of(Program *program, Str folder)
{
    Str real = program->host->real_path(
        program->host->context, program->arena, folder.len ? folder : STR("."));
    return real.ptr ? path_normalise(program->arena, real) : STR_NONE;
}

// The compiled file's own folder is the root unless the other one can be used.
static void use_root(Program *program, Str root)
{
    ProgramFiles *files = program->files;
    Str folder = files->entry_folder;
    Str real_folder = real_path_of(program, folder);
    Str real = root.ptr ? real_path_of(program, root) : STR_NONE;
    Str place = real.ptr && real_folder.ptr ? path_below(real, real_folder) : STR_NONE;
    if (place.ptr) {
        program->root = root.len ? root : STR(".");
        program->real_root = real;
        files->entry_place = place;
    } else {
        program->root = folder.len ? folder : STR(".");
        program->real_root = real_folder;
        files->entry_place = STR("");
    }
}

void root_find(Program *program, const SyntaxTree *entry)
{
    const Decl *app = find_app(entry);
    use_root(program, app ? named_root(program->arena, app, program->files->entry_folder)
                          : scout_root(program, entry));
}

// ---- what is wrong with it ----

static void check_setting(Program *program, const Module *module, const Expr *setting)
{
    DiagSink *diags = program->diags;
    Str written;
    if (setting->kind == EXPR_ERROR)
        return;
    if (!is_plain_text(setting, &written)) {
        diag_add(diags, DIAG_ROOT_NOT_LITERAL, setting->span, DIAG_END);
        return;
    }
    if (path_is_absolute(written)) {
        diag_add(diags, DIAG_ABSOLUTE_PATH, setting->span, written, DIAG_END);
        return;
    }
    Str real = real_path_of(program, path_join(program->arena, module->folder, written));
    if (!real.ptr)
        diag_add(diags, DIAG_ROOT_NOT_FOUND, setting->span, written, DIAG_END);
    else if (!program->real_root.ptr || !str_equal(real, program->real_root))
        diag_add(diags, DIAG_ROOT_ELSEWHERE, setting->span, written,
            program->modules.items[0]->name, DIAG_END);
}

void root_check(Program *program)
{
    for (size_t i = 0; i < program->modules.len; i++) {
        const Module *module = program->modules.items[i];
        const Expr *setting = root_setting(find_app(module->tree));
        if (setting)
            check_setting(program, module, setting);
    }
}
