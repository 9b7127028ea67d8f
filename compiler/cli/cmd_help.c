#include <string.h>

#include "compiler/cli/cli.h"
#include "compiler/cli/complete.h"

enum { HELP_COLUMN = 30, HELP_WIDTH = 96 };

// Adds words from column `indent` on, broken before `HELP_WIDTH`; the line already holds
// `column` columns.
static void add_wrapped(Buf *out, const char *text, size_t column, size_t indent)
{
    bool first = true;
    while (*text) {
        size_t word = strcspn(text, " ");
        if (!first && column + 1 + word > HELP_WIDTH) {
            buf_add_char(out, '\n');
            buf_add_repeat(out, ' ', indent);
            column = indent;
        } else if (!first) {
            buf_add_char(out, ' ');
            column++;
        }
        buf_add(out, (Str){text, word});
        column += word;
        first = false;
        text += word;
        text += strspn(text, " ");
    }
    buf_add_char(out, '\n');
}

static void add_row(Buf *out, Str left, const char *right)
{
    buf_add_text(out, "  ");
    buf_add(out, left);
    size_t column = left.len + 2;
    if (column + 2 > HELP_COLUMN) {
        buf_add_char(out, '\n');
        column = 0;
    }
    buf_add_repeat(out, ' ', HELP_COLUMN - column);
    add_wrapped(out, right, HELP_COLUMN, HELP_COLUMN);
}

// "-o, --output FILE"
static void add_option(Buf *out, Option option)
{
    const OptionInfo *info = option_info(option);
    Buf left;
    buf_init(&left, 0);
    if (info->short_name[0])
        buf_add_format(&left, "-%s%s", info->short_name, info->long_name[0] ? ", " : "");
    else
        buf_add_text(&left, "    ");
    if (info->long_name[0])
        buf_add_format(&left, "--%s", info->long_name);
    if (info->argument[0])
        buf_add_format(&left, " %s", info->argument);
    add_row(out, buf_str(&left), info->help);
    buf_release(&left);
}

static void add_overview(Buf *out)
{
    buf_add_text(out, "altc compiles alt programs to CloudFormation templates.\n\n"
                      "Usage: altc [COMMAND] [OPTION]… [FILE]…\n\n"
                      "  altc infra.alt -o out.json          the default stage's template\n"
                      "  altc --all -d out                   every stage's, of ./infra.alt\n"
                      "  altc check                          mistakes in any stage\n\n"
                      "Commands:\n");
    for (Command command = COMMAND_NONE + 1; command < COMMAND_COUNT; command++)
        add_row(out, str_of(command_info(command)->name), command_info(command)->summary);
    buf_add_text(out, "\n'altc help COMMAND' lists the options of a command. FILE is ./infra.alt "
                      "when none is given;\na folder stands for the infra.alt in it, '-' for "
                      "standard input.\n\n"
                      "Exit codes: 0 fine; 1 findings or differences; 2 wrong usage, or files that "
                      "cannot be\nread or written.\n");
}

void help_add(Buf *out, Command command)
{
    if (command == COMMAND_NONE) {
        add_overview(out);
        return;
    }
    const CommandInfo *info = command_info(command);
    buf_add_format(out, "Usage: altc %s [OPTION]… %s\n\n", info->name, info->operands);
    add_wrapped(out, info->description, 0, 0);
    buf_add_text(out, "\nOptions:\n");
    for (Option option = 0; option < OPTION_COUNT; option++) {
        if (option_belongs(option, command))
            add_option(out, option);
    }
}

// The command to explain: an operand of `help`, or the one that --help stands behind.
static bool chosen_command(const Cli *cli, Command *chosen)
{
    const Args *args = cli->args;
    *chosen = COMMAND_NONE;
    if (args->command != COMMAND_HELP) {
        // A bare `altc --help` is the overview, not the help of build.
        if (args->command != COMMAND_BUILD || args->operands.len || args->command_named)
            *chosen = args->command;
        return true;
    }
    if (!cli_operands(cli, 0, 1))
        return false;
    if (!args->operands.len)
        return true;
    StrList names = {0};
    for (Command command = COMMAND_NONE + 1; command < COMMAND_COUNT; command++) {
        VEC_ADD(cli->arena, &names, str_of(command_info(command)->name));
        if (str_is(args->operands.items[0], command_info(command)->name))
            *chosen = command;
    }
    if (*chosen != COMMAND_NONE)
        return true;
    Str nearest = nearest_word(args->operands.items[0], names.items, names.len);
    if (nearest.len)
        cli_fail(cli, "unknown command '%.*s'; did you mean '%.*s'?",
            STR_FMT(args->operands.items[0]), STR_FMT(nearest));
    else
        cli_fail(cli, "unknown command '%.*s'", STR_FMT(args->operands.items[0]));
    return false;
}

int command_help(Cli *cli)
{
    static const char *const FORMATS[] = {"text", "man", "bash", "zsh", "fish", NULL};
    bool is_help = cli->args->command == COMMAND_HELP;
    if (is_help && !cli_one_of(cli, OPTION_FORMAT, FORMATS))
        return EXIT_TROUBLE;
    Command command;
    if (!chosen_command(cli, &command))
        return EXIT_TROUBLE;
    Str format = is_help ? args_value(cli->args, OPTION_FORMAT) : STR_NONE;
    Buf out;
    buf_init(&out, 0);
    if (str_is(format, "man"))
        man_page_add(&out);
    else if (str_is(format, "bash"))
        bash_completion_add(&out);
    else if (str_is(format, "zsh"))
        zsh_completion_add(&out);
    else if (str_is(format, "fish"))
        fish_completion_add(&out);
    else
        help_add(&out, command);
    int status = cli_print(cli, buf_str(&out));
    buf_release(&out);
    return status;
}
