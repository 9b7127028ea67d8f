#include "compiler/cli/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "compiler/cli/output.h"

enum { WIDTH_LEAST = 40, WIDTH_MOST = 1000 };

// One write a message, so that lines of parallel runs do not mix. Nothing can be done when
// standard error itself fails.
__attribute__((format(printf, 4, 0))) static void say(
    const char *color, const char *kind, bool colored, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *text = base_alloc(len < 0 ? 1 : (size_t)len + 1);
    text[0] = '\0';
    vsnprintf(text, len < 0 ? 1 : (size_t)len + 1, format, again);
    va_end(again);
    Buf line;
    buf_init(&line, 0);
    buf_add_format(
        &line, "altc: %s%s:%s %s\n", colored ? color : "", kind, colored ? "\033[0m" : "", text);
    free(text);
    Str error;
    output_write_all(STDERR_FILENO, buf_str(&line), &error);
    buf_release(&line);
}

int cli_fail(const Cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say("\033[1;31m", "error", cli->color_err, format, args);
    va_end(args);
    return EXIT_TROUBLE;
}

void cli_note(const Cli *cli, const char *format, ...)
{
    if (cli->args->given[OPTION_QUIET])
        return;
    va_list args;
    va_start(args, format);
    say("\033[1;36m", "note", cli->color_err, format, args);
    va_end(args);
}

int cli_print(const Cli *cli, Str text)
{
    Str why;
    if (output_write_all(STDOUT_FILENO, text, &why))
        return EXIT_FINE;
    return cli_fail(cli, "cannot write standard output: %.*s", STR_FMT(why));
}

int cli_write(const Cli *cli, const StrList *inputs, Str path, Str bytes)
{
    if (str_is(path, "-"))
        return cli_print(cli, bytes);
    Str why;
    if (output_is_one_of(cli->arena, path, inputs->items, inputs->len))
        why = STR("the program was read from it");
    else if (output_write(cli->arena, path, bytes, &why))
        return EXIT_FINE;
    return cli_fail(cli, "cannot write '%.*s': %.*s", STR_FMT(path), STR_FMT(why));
}

size_t cli_width(void)
{
    const char *columns = getenv("COLUMNS");
    unsigned long width = columns ? strtoul(columns, NULL, 10) : 0;
    struct winsize size = {0};
    if (!width && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    return width >= WIDTH_LEAST && width < WIDTH_MOST ? (size_t)width : 0;
}

bool cli_one_of(const Cli *cli, Option option, const char *const *words)
{
    if (!cli->args->given[option])
        return true;
    Str given = args_value(cli->args, option);
    StrList known = {0};
    Buf list;
    buf_init(&list, 0);
    for (size_t i = 0; words[i]; i++) {
        if (str_is(given, words[i])) {
            buf_release(&list);
            return true;
        }
        VEC_ADD(cli->arena, &known, str_of(words[i]));
        buf_add_format(&list, "%s%s", i ? ", " : "", words[i]);
    }
    Str nearest = nearest_word(given, known.items, known.len);
    Str spelling = option_spelling(cli->arena, option);
    if (nearest.len)
        cli_fail(cli, "'%.*s' knows no '%.*s'; did you mean '%.*s'? It takes: %.*s",
            STR_FMT(spelling), STR_FMT(given), STR_FMT(nearest), STR_FMT(buf_str(&list)));
    else
        cli_fail(cli, "'%.*s' knows no '%.*s'; it takes: %.*s", STR_FMT(spelling), STR_FMT(given),
            STR_FMT(buf_str(&list)));
    buf_release(&list);
    return false;
}

bool cli_operands(const Cli *cli, size_t least, size_t most)
{
    size_t given = cli->args->operands.len;
    if (given >= least && given <= most)
        return true;
    const CommandInfo *info = command_info(cli->args->command);
    if (given > most)
        cli_fail(cli, "'%.*s' is one too many: altc %s %s",
            STR_FMT(cli->args->operands.items[most]), info->name, info->operands);
    else
        cli_fail(cli, "something is missing: altc %s %s", info->name, info->operands);
    return false;
}
