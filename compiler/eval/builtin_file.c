// Functions that read files of the project.
#include "compiler/base/utf8.h"
#include "compiler/eval/builtin_priv.h"

static bool read_file(const CallContext *call, const char *function, Str *path, FileId *file)
{
    return builtin_text(call, function, 0, path) && program_read(call->program, call->module, *path,
                                                        call->arg_spans[0], BUILTIN_TEXT_MAX, file);
}

Value *builtin_file(CallContext *call)
{
    Str path;
    FileId file;
    if (!read_file(call, "file", &path, &file))
        return builtin_fail(call);
    Str text = source_text(call->program->sources, file);
    size_t invalid = utf8_find_invalid(text);
    if (invalid == SIZE_MAX)
        return builtin_string(call, text);
    Diag *diag = diag_add(call->diags, DIAG_FILE_NOT_TEXT, call->arg_spans[0], path,
        str_format(call->arena, "%zu", invalid), DIAG_END);
    builtin_explain(call, diag);
    return builtin_fail(call);
}

static Value *read_data(
    CallContext *call, const char *function, Datum *(*read)(const DataContext *, FileId))
{
    Str path;
    FileId file;
    if (!read_file(call, function, &path, &file))
        return builtin_fail(call);
    DataContext context = {
        .arena = call->arena, .sources = call->program->sources, .diags = call->diags};
    const Datum *datum = read(&context, file);
    return datum ? value_of_datum(call->arena, datum) : builtin_fail(call);
}

Value *builtin_json(CallContext *call)
{
    return read_data(call, "json", data_read_json);
}

Value *builtin_yaml(CallContext *call)
{
    return read_data(call, "yaml", data_read_yaml);
}
