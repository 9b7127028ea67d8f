#include "compiler/cli/cli.h"
#include "compiler/diag/pages.h"

int command_explain(Cli *cli)
{
    if (!cli_operands(cli, 1, 1))
        return EXIT_TROUBLE;
    Str word = cli->args->operands.items[0];
    DiagCode code = diag_code_of(word);
    if (code == DIAG_NONE) {
        StrList known = {0};
        for (DiagCode other = DIAG_NONE + 1; other < DIAG_COUNT; other++)
            VEC_ADD(cli->arena, &known, diag_code_text(cli->arena, other));
        Str nearest = nearest_word(str_upper(cli->arena, word), known.items, known.len);
        if (nearest.len)
            return cli_fail(cli, "there is no finding '%.*s'; did you mean '%.*s'?", STR_FMT(word),
                STR_FMT(nearest));
        return cli_fail(cli, "there is no finding '%.*s'; codes look like ALT1203", STR_FMT(word));
    }
    Buf out;
    buf_init(&out, 0);
    explain_render(&out, code, cli->color_out);
    int status = cli_print(cli, buf_str(&out));
    buf_release(&out);
    return status;
}
