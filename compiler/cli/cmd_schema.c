#include <string.h>

#include "compiler/cli/cli.h"
#include "compiler/schema/schema.h"

enum { DOCUMENTATION_MAX = 256 * 1024 * 1024 };

// The texts are a file of their own, because they are larger than the program: beside it when it
// is installed, in the sources when it was built there. Seen from where the program lies.
static const char *const DOCUMENTATION_FILES[] = {
    "../share/altc/documentation.txt",
    "../spec/documentation.txt",
};

static Str documentation(const Cli *cli)
{
    const Host *host = cli->host;
    Str program = host->real_path(host->context, cli->arena, STR("/proc/self/exe"));
    size_t slash = program.len;
    while (slash > 0 && program.ptr[slash - 1] != '/')
        slash--;
    for (size_t i = 0; i < sizeof DOCUMENTATION_FILES / sizeof *DOCUMENTATION_FILES; i++) {
        Str path = str_format(
            cli->arena, "%.*s%s", STR_FMT(str_slice(program, 0, slash)), DOCUMENTATION_FILES[i]);
        FileResult file = host->read_file(host->context, cli->arena, path, DOCUMENTATION_MAX);
        if (file.status == FILE_OK)
            return file.text;
    }
    return STR_NONE;
}

static bool is_index(Str step)
{
    for (size_t i = 0; i < step.len; i++)
        if (step.ptr[i] < '0' || step.ptr[i] > '9')
            return false;
    return step.len > 0;
}

// "Tags.Key" of "/Tags/0/Key" and "Tags[0].Key" too, as templates and findings have them.
static Str plain_path(Arena *arena, Str path)
{
    // What has a step without a name is left as it is, and names no property.
    if (str_starts(path, STR(".")) || str_ends(path, STR(".")) ||
        str_find(path, STR(".."), 0) != SIZE_MAX)
        return path;
    Buf out;
    buf_init(&out, 0);
    for (size_t at = 0; at < path.len;) {
        size_t end = at;
        while (end < path.len && !memchr("./[]", path.ptr[end], 4))
            end++;
        Str step = str_slice(path, at, end);
        if (step.len && !is_index(step))
            buf_add_format(&out, "%s%.*s", out.len ? "." : "", STR_FMT(step));
        at = end + 1;
    }
    Str plain = buf_copy(&out, arena);
    buf_release(&out);
    return plain;
}

int command_schema(Cli *cli)
{
    if (!cli_operands(cli, 1, 2))
        return EXIT_TROUBLE;
    const StrList *operands = &cli->args->operands;
    Str path = operands->len > 1 ? plain_path(cli->arena, operands->items[1]) : STR_NONE;
    SchemaDescribe options = {
        .color = cli->color_out,
        .width = cli_width(),
        .documentation = documentation(cli),
    };
    Buf out;
    buf_init(&out, 0);
    SchemaDescribed described =
        schema_describe(&out, schema_builtin(), operands->items[0], path, &options);
    int status = EXIT_TROUBLE;
    if (described == SCHEMA_DESCRIBED)
        status = cli_print(cli, buf_str(&out));
    else if (described == SCHEMA_NO_SUCH_TYPE)
        cli_fail(cli, "there is no resource type '%.*s'%s%.*s", STR_FMT(operands->items[0]),
            out.len ? "; " : "", STR_FMT(str_trim(buf_str(&out))));
    else
        cli_fail(cli, "'%.*s' has no property '%.*s'%s%.*s", STR_FMT(operands->items[0]),
            STR_FMT(path), out.len ? "; " : "", STR_FMT(str_trim(buf_str(&out))));
    buf_release(&out);
    return status;
}
