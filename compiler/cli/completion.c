#include <string.h>

#include "compiler/cli/args.h"
#include "compiler/cli/complete.h"

// 'text' for a shell: a single quote ends the string, is escaped, and begins it again.
static void add_quoted(Buf *out, const char *text, const char *quote)
{
    buf_add_char(out, '\'');
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            buf_add_text(out, quote);
        else
            buf_add_char(out, *c);
    }
    buf_add_char(out, '\'');
}

// ---- bash ----

static void add_spellings(Buf *out, Option option, const char *separator)
{
    const OptionInfo *info = option_info(option);
    if (info->short_name[0])
        buf_add_format(out, "-%s", info->short_name);
    if (info->short_name[0] && info->long_name[0])
        buf_add_text(out, separator);
    if (info->long_name[0])
        buf_add_format(out, "--%s", info->long_name);
}

static void add_bash_values(Buf *out)
{
    for (Option option = 0; option < OPTION_COUNT; option++) {
        const OptionInfo *info = option_info(option);
        if (!info->argument[0])
            continue;
        buf_add_text(out, "    ");
        add_spellings(out, option, "|");
        if (strcmp(info->choices, "@file") == 0)
            buf_add_text(out, ") COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n");
        else if (strcmp(info->choices, "@dir") == 0)
            buf_add_text(out, ") COMPREPLY=($(compgen -d -- \"$current\")); return ;;\n");
        else
            buf_add_format(out, ") COMPREPLY=($(compgen -W '%s' -- \"$current\")); return ;;\n",
                info->choices);
    }
}

void bash_completion_add(Buf *out)
{
    buf_add_text(out, "# bash completion of altc; made by `altc help --format bash`\n"
                      "_altc() {\n"
                      "    local current=\"${COMP_WORDS[COMP_CWORD]}\"\n"
                      "    local previous=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
                      "    local command=build word\n"
                      "    compopt -o filenames 2>/dev/null\n"
                      "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                      "        case $word in\n        ");
    for (Command command = COMMAND_NONE + 1; command < COMMAND_COUNT; command++)
        buf_add_format(
            out, "%s%s", command > COMMAND_NONE + 1 ? "|" : "", command_info(command)->name);
    buf_add_text(out, ") command=$word; break ;;\n        esac\n    done\n"
                      "    case $previous in\n");
    add_bash_values(out);
    buf_add_text(out, "    esac\n    local options=\n    case $command in\n");
    for (Command command = COMMAND_NONE + 1; command < COMMAND_COUNT; command++) {
        buf_add_format(out, "    %s) options='", command_info(command)->name);
        for (Option option = 0; option < OPTION_COUNT; option++) {
            if (!option_belongs(option, command))
                continue;
            add_spellings(out, option, " ");
            buf_add_char(out, ' ');
        }
        buf_add_text(out, "' ;;\n");
    }
    buf_add_text(out, "    esac\n"
                      "    if [[ $current == -* ]]; then\n"
                      "        COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
                      "        return\n    fi\n"
                      "    COMPREPLY=($(compgen -d -- \"$current\") "
                      "$(compgen -f -X '!*.alt' -- \"$current\"))\n"
                      "    if [[ $COMP_CWORD -eq 1 || $command == help ]]; then\n"
                      "        COMPREPLY+=($(compgen -W '");
    for (Command command = COMMAND_NONE + 1; command < COMMAND_COUNT; command++)
        buf_add_format(out, "%s ", command_info(command)->name);
    buf_add_text(out, "' -- \"$current\"))\n    fi\n}\ncomplete -F _altc altc\n");
}

// ---- zsh ----

// Brackets and colons have a meaning in _arguments' specifications.
static void add_zsh_text(Buf *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            buf_add_text(out, "'\\''");
        else if (*c == '[' || *c == ']' || *c == ':')
            buf_add_format(out, "\\%c", *c);
        else
            buf_add_char(out, *c);
    }
}

static void add_zsh_spec(Buf *out, Option option, const char *spelling, bool is_long)
{
    const OptionInfo *info = option_info(option);
    bool has_value = info->argument[0] != '\0';
    buf_add_format(
        out, "    '*%s%s%s[", is_long ? "--" : "-", spelling, has_value && is_long ? "=" : "");
    add_zsh_text(out, info->help);
    buf_add_char(out, ']');
    if (has_value) {
        buf_add_char(out, ':');
        add_zsh_text(out, info->argument);
        buf_add_char(out, ':');
        if (strcmp(info->choices, "@file") == 0)
            buf_add_text(out, "_files");
        else if (strcmp(info->choices, "@dir") == 0)
            buf_add_text(out, "_files -/");
        else if (info->choices[0])
            buf_add_format(out, "(%s)", info->choices);
    }
    buf_add_text(out, "' \\\n");
}

void zsh_completion_add(Buf *out)
{
    buf_add_text(out, "#compdef altc\n# zsh completion of altc; made by `altc help --format zsh`\n"
                      "_altc_first() {\n  local -a commands\n  commands=(\n");
    for (Command command = COMMAND_NONE + 1; command < COMMAND_COUNT; command++) {
        buf_add_format(out, "    '%s:", command_info(command)->name);
        add_zsh_text(out, command_info(command)->summary);
        buf_add_text(out, "'\n");
    }
    buf_add_text(out, "  )\n  _describe command commands\n  _files -g '*.alt'\n}\n"
                      "_arguments \\\n");
    for (Option option = 0; option < OPTION_COUNT; option++) {
        const OptionInfo *info = option_info(option);
        if (info->short_name[0])
            add_zsh_spec(out, option, info->short_name, false);
        if (info->long_name[0])
            add_zsh_spec(out, option, info->long_name, true);
    }
    buf_add_text(out, "    '1: :_altc_first' \\\n    '*:file:_files -g \"*.alt\"'\n");
}

// ---- fish ----

static void add_fish_option(Buf *out, Option option)
{
    const OptionInfo *info = option_info(option);
    buf_add_text(out, "complete -c altc");
    if (info->commands[0] != '*') {
        // Without a command it is build.
        bool of_build = option_belongs(option, COMMAND_BUILD);
        buf_add_format(out, " -n '%s__fish_seen_subcommand_from %s'",
            of_build ? "__altc_no_command; or " : "", info->commands);
    }
    if (info->short_name[0])
        buf_add_format(out, " %s %s", info->short_name[1] ? "-o" : "-s", info->short_name);
    if (info->long_name[0])
        buf_add_format(out, " -l %s", info->long_name);
    if (strcmp(info->choices, "@file") == 0)
        buf_add_text(out, " -rF");
    else if (strcmp(info->choices, "@dir") == 0)
        buf_add_text(out, " -xa '(__fish_complete_directories)'");
    else if (info->argument[0])
        buf_add_format(out, " -xa '%s'", info->choices);
    buf_add_text(out, " -d ");
    add_quoted(out, info->help, "\\'");
    buf_add_char(out, '\n');
}

void fish_completion_add(Buf *out)
{
    buf_add_text(out, "# fish completion of altc; made by `altc help --format fish`\n"
                      "function __altc_no_command\n"
                      "    not __fish_seen_subcommand_from");
    for (Command command = COMMAND_NONE + 1; command < COMMAND_COUNT; command++)
        buf_add_format(out, " %s", command_info(command)->name);
    buf_add_text(out, "\nend\n");
    for (Command command = COMMAND_NONE + 1; command < COMMAND_COUNT; command++) {
        buf_add_format(
            out, "complete -c altc -n __altc_no_command -a %s -d ", command_info(command)->name);
        add_quoted(out, command_info(command)->summary, "\\'");
        buf_add_char(out, '\n');
    }
    for (Option option = 0; option < OPTION_COUNT; option++)
        add_fish_option(out, option);
}
