#include "compiler/cli/cli.h"
#include "compiler/cli/findings.h"
#include "compiler/cli/print.h"
#include "compiler/cli/program.h"
#include "compiler/data/data.h"
#include "compiler/report/report.h"

enum { VALUE_SHOWN = 60 };

// The value in one line, cut when it is long.
static Str short_value(Arena *arena, const Datum *value)
{
    Buf out;
    buf_init(&out, 0);
    data_write_json_compact(&out, value);
    size_t cut = out.len;
    if (cut > VALUE_SHOWN) {
        cut = VALUE_SHOWN;
        while (cut > 0 && ((unsigned char)out.ptr[cut] & 0xC0) == 0x80)
            cut--;
    }
    Str text = str_format(arena, "%.*s%s", (int)cut, buf_str(&out).ptr, cut < out.len ? "…" : "");
    buf_release(&out);
    return text;
}

bool why_add(
    Arena *arena, Buf *out, Compilation *run, Str pointer, const PointerTarget *target, bool color)
{
    if (!target->origin)
        return false;
    DiagSink *sink = diag_sink_new(arena);
    Str value = short_value(arena, target->value);
    Diag *diag = diag_add(sink, DIAG_EMITTED_HERE, target->origin->span, pointer, value, DIAG_END);
    for (const Origin *origin = target->origin->from; origin; origin = origin->from)
        diag_note(sink, diag, origin->span, "the value comes from here");
    for (const Origin *origin = target->origin; origin->via; origin = origin->via)
        diag_note(
            sink, diag, origin->via->span, "in the component of '%.*s'", STR_FMT(origin->instance));
    ReportOptions options = {.colour = color, .quiet = true};
    report_render(out, REPORT_TEXT, &options, compilation_sources(run), sink);
    return true;
}

static int print_origin(const Cli *cli, Compilation *run, Str pointer, const PointerTarget *target)
{
    Buf out;
    buf_init(&out, 0);
    int status = EXIT_TROUBLE;
    if (why_add(cli->arena, &out, run, pointer, target, cli->color_out))
        status = cli_print(cli, buf_str(&out));
    else
        cli_fail(cli, "'%.*s' comes from altc, not from a line of the program", STR_FMT(pointer));
    buf_release(&out);
    return status;
}

static int leads_nowhere(const Cli *cli, Str pointer, const PointerTarget *target)
{
    Str reached = str_slice(pointer, 0, target->reached);
    Str rest = str_slice(pointer, target->reached, pointer.len);
    if (str_starts(rest, STR("/")))
        rest = str_slice(rest, 1, rest.len);
    size_t slash = str_find(rest, STR("/"), 0);
    Str missing = str_slice(rest, 0, slash == SIZE_MAX ? rest.len : slash);
    StrList keys = {0};
    for (size_t i = 0; target->last && i < target->last->entries.len; i++)
        VEC_ADD(cli->arena, &keys, target->last->entries.items[i].key);
    Str nearest = nearest_word(missing, keys.items, keys.len);
    Str hint =
        nearest.len ? str_format(cli->arena, "; did you mean '%.*s'?", STR_FMT(nearest)) : STR("");
    return cli_fail(cli, "there is no '%.*s' in '%.*s' of the template%.*s", STR_FMT(missing),
        STR_FMT(reached.len ? reached : STR("/")), STR_FMT(hint));
}

static int explain_pointer(const Cli *cli, Compilation *run, const StrList *inputs)
{
    (void)inputs;
    Str pointer = cli->args->operands.items[0];
    PointerTarget furthest = {0};
    const StageModel *model = compilation_stage(run, 0);
    for (size_t i = 0; i < model->stacks.len; i++) {
        PointerTarget target =
            pointer_follow(cli->arena, model->stacks.items[i]->template_, pointer);
        if (target.value)
            return print_origin(cli, run, pointer, &target);
        if (!furthest.last || target.reached > furthest.reached)
            furthest = target;
    }
    return leads_nowhere(cli, pointer, &furthest);
}

int command_why(Cli *cli)
{
    CompileOptions options;
    if (!cli_operands(cli, 1, 2) || !findings_options_valid(cli) ||
        !program_options(cli, cli->arena, program_operand(cli, 1), &options))
        return EXIT_TROUBLE;
    return program_use(cli, &options, explain_pointer);
}
