#include "compiler/cli/args.h"
#include "compiler/cli/complete.h"

// Text with roff's special characters escaped.
static void add_roff(Buf *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\\')
            buf_add_text(out, "\\e");
        else if (*c == '-')
            buf_add_text(out, "\\-");
        else if (c == text && (*c == '.' || *c == '\''))
            buf_add_format(out, "\\&%c", *c);
        else
            buf_add_char(out, *c);
    }
}

static void add_commands(Buf *out)
{
    buf_add_text(out, ".SH COMMANDS\n");
    for (Command command = COMMAND_NONE + 1; command < COMMAND_COUNT; command++) {
        const CommandInfo *info = command_info(command);
        buf_add_format(out, ".TP\n\\fB%s\\fR ", info->name);
        add_roff(out, info->operands);
        buf_add_char(out, '\n');
        add_roff(out, info->description);
        buf_add_char(out, '\n');
    }
}

static void add_option_line(Buf *out, Option option)
{
    const OptionInfo *info = option_info(option);
    buf_add_text(out, ".TP\n");
    if (info->short_name[0])
        buf_add_format(out, "\\fB\\-%s\\fR%s", info->short_name, info->long_name[0] ? ", " : "");
    if (info->long_name[0]) {
        buf_add_text(out, "\\fB\\-\\-");
        add_roff(out, info->long_name);
        buf_add_text(out, "\\fR");
    }
    if (info->argument[0])
        buf_add_format(out, " \\fI%s\\fR", info->argument);
    buf_add_char(out, '\n');
    add_roff(out, info->help);
    if (info->commands[0] != '*') {
        buf_add_text(out, " (");
        add_roff(out, info->commands);
        buf_add_char(out, ')');
    }
    buf_add_text(out, ".\n");
}

void man_page_add(Buf *out)
{
    buf_add_text(out, ".TH ALTC 1 \"\" \"altc " ALTC_VERSION "\" \"User Commands\"\n"
                      ".SH NAME\naltc \\- compile alt programs to CloudFormation templates\n"
                      ".SH SYNOPSIS\n.B altc\n[\\fICOMMAND\\fR] [\\fIOPTION\\fR]... "
                      "[\\fIFILE\\fR]...\n"
                      ".SH DESCRIPTION\n"
                      "A program in the alt language says which stages exist, which hosts they "
                      "own, and which resources each of them holds. altc resolves it for a stage "
                      "and writes the CloudFormation template of that stage. It reads no network "
                      "and no clock: the same sources and settings give the same bytes.\n"
                      ".PP\n\\fIFILE\\fR is \\fIinfra.alt\\fR when none is given; a folder stands "
                      "for the \\fIinfra.alt\\fR in it, \\- for standard input. Options may stand "
                      "before and behind files; \\-\\- ends them.\n");
    add_commands(out);
    buf_add_text(out, ".SH OPTIONS\nBehind each, in parentheses, the commands that take it.\n");
    for (Option option = 0; option < OPTION_COUNT; option++)
        add_option_line(out, option);
    buf_add_text(out, ".SH EXIT STATUS\n"
                      ".TP\n0\nFine.\n"
                      ".TP\n1\nErrors in a program, failed tests, differences.\n"
                      ".TP\n2\nWrong usage, or files that cannot be read or written.\n"
                      ".SH ENVIRONMENT\n"
                      ".TP\nNO_COLOR\nWhen set and not empty, messages are not coloured.\n"
                      ".TP\nTERM\nMessages are not coloured when it is \"dumb\".\n"
                      ".PP\nA program reads those variables that it declares, no others.\n"
                      ".SH EXAMPLES\n"
                      ".TP\n.B altc infra.alt \\-o out.json\nThe template of the default stage.\n"
                      ".TP\n.B altc \\-\\-all \\-d out\nEvery stage of ./infra.alt.\n"
                      ".TP\n.B altc same HEAD:infra.alt infra.alt\n"
                      "Does the change in the work tree change any template?\n");
}
