// The analysis as a list of passes over all modules.
#include "compiler/sema/sema_priv.h"

static void add_given(Sema *sema, const char *name, Given given)
{
    Symbol *symbol = ARENA_NEW(sema->arena, Symbol);
    symbol->kind = SYMBOL_GIVEN;
    symbol->name = str_of(name);
    symbol->given = given;
    map_set(&sema->given, sema->arena, symbol->name, symbol);
}

static void add_given_names(Sema *sema)
{
    add_given(sema, "app", GIVEN_APP);
    add_given(sema, "stage", GIVEN_STAGE);
    add_given(sema, "stages", GIVEN_STAGES);
    add_given(sema, "aws", GIVEN_AWS);
    add_given(sema, "self", GIVEN_SELF);
    add_given(sema, "cfn", GIVEN_CFN);
    add_given(sema, "template", GIVEN_TEMPLATE);
    add_given(sema, "templates", GIVEN_TEMPLATES);
    add_given(sema, "tasks", GIVEN_TASKS);
    add_given(sema, "env", GIVEN_ENV);
}

static void index_modules(Analysis *analysis, Arena *arena)
{
    const Program *program = analysis->program;
    analysis->file_count = sources_count(program->sources) + 1;
    analysis->module_indexes = ARENA_ARRAY(arena, uint32_t, analysis->file_count);
    for (size_t i = 0; i < program->modules.len; i++)
        analysis->module_indexes[program->modules.items[i]->file] = (uint32_t)i + 1;
}

const ModuleInfo *analysis_info_at(const Analysis *analysis, Span span)
{
    uint32_t index = span.file < analysis->file_count ? analysis->module_indexes[span.file] : 0;
    return index ? &analysis->modules[index - 1] : NULL;
}

Analysis *sema_analyse(Arena *arena, Program *program)
{
    size_t count = program->modules.len;
    Analysis *analysis = ARENA_NEW(arena, Analysis);
    analysis->program = program;
    analysis->modules = ARENA_ARRAY(arena, ModuleInfo, count);
    index_modules(analysis, arena);
    Sema sema = {.arena = arena, .program = program, .diags = program->diags, .analysis = analysis};
    sema.states = ARENA_ARRAY(arena, ModuleState, count);
    if (sound_gather(&sema))
        sema.diags = diag_sink_new(arena);
    add_given_names(&sema);
    builtins_gather(&sema);
    for (size_t i = 0; i < count; i++)
        scope_collect(&sema, program->modules.items[i]);
    for (size_t i = 0; i < count; i++)
        imports_link(&sema, program->modules.items[i]);
    stages_define(&sema);
    for (size_t i = 0; i < count; i++)
        resolve_module(&sema, program->modules.items[i]);
    common_settle(&sema);
    check_app(&sema);
    check_recursion(&sema);
    if (sema.diags != program->diags)
        sound_report(&sema);
    return analysis;
}
