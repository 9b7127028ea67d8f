#include "compiler/cli/args.h"

#include <string.h>
#include <unistd.h>

static const CommandInfo COMMANDS[COMMAND_COUNT] = {
    [COMMAND_NONE] = {"", "", "", ""},
#define COMMAND(ID, name, operands, summary, description)                                          \
    [COMMAND_##ID] = {name, operands, summary, description},
#include "compiler/cli/commands.def"
#undef COMMAND
};

static const OptionInfo OPTIONS[OPTION_COUNT] = {
#define OPTION(ID, short_name, long_name, argument, commands, choices, help)                       \
    [OPTION_##ID] = {short_name, long_name, argument, commands, choices, help},
#include "compiler/cli/options.def"
#undef OPTION
};

const CommandInfo *command_info(Command command)
{
    return &COMMANDS[command];
}

const OptionInfo *option_info(Option option)
{
    return &OPTIONS[option];
}

bool option_belongs(Option option, Command command)
{
    const char *commands = OPTIONS[option].commands;
    if (strcmp(commands, "*") == 0)
        return true;
    size_t len = strlen(COMMANDS[command].name);
    while (*commands) {
        size_t word = strcspn(commands, " ");
        if (word == len && memcmp(commands, COMMANDS[command].name, len) == 0)
            return true;
        commands += word + (commands[word] == ' ');
    }
    return false;
}

Str option_spelling(Arena *arena, Option option)
{
    const OptionInfo *info = &OPTIONS[option];
    if (info->long_name[0])
        return str_format(arena, "--%s", info->long_name);
    return str_format(arena, "-%s", info->short_name);
}

Str args_value(const Args *args, Option option)
{
    const StrList *values = &args->values[option];
    return values->len ? values->items[values->len - 1] : STR_NONE;
}

Str nearest_word(Str word, const Str *words, size_t count)
{
    size_t limit = word.len / 3 + 1;
    Str best = STR_NONE;
    for (size_t i = 0; i < count; i++) {
        size_t distance = str_distance(word, words[i], limit);
        // A word of one letter is near to everything.
        if (distance <= limit && distance < words[i].len) {
            best = words[i];
            if (distance == 0)
                break;
            limit = distance - 1;
        }
    }
    return best;
}

typedef struct Parser {
    Arena *arena;
    Args *args;
    Buf *error;
    char *const *rest; // what is still to be read
    size_t left;
} Parser;

// Gives false, for the caller to pass on.
static bool fail_with_nearest(Parser *parser, const char *what, Str word, const StrList *known)
{
    buf_add_format(parser->error, "unknown %s '%.*s'", what, STR_FMT(word));
    Str nearest = nearest_word(word, known->items, known->len);
    if (nearest.len)
        buf_add_format(parser->error, "; did you mean '%.*s'?", STR_FMT(nearest));
    else
        buf_add_text(parser->error, "; 'altc help' lists all");
    return false;
}

static bool unknown_option(Parser *parser, Str written)
{
    StrList known = {0};
    for (Option option = 0; option < OPTION_COUNT; option++)
        VEC_ADD(parser->arena, &known, option_spelling(parser->arena, option));
    return fail_with_nearest(parser, "option", written, &known);
}

// Takes the option's value out of `attached` (behind '=' or the short letter) or the next word.
static bool take_option(Parser *parser, Option option, Str written, Str attached)
{
    const OptionInfo *info = &OPTIONS[option];
    Args *args = parser->args;
    args->given[option] = true;
    if (!info->argument[0]) {
        if (attached.ptr) {
            buf_add_format(parser->error, "option '%.*s' takes no value", STR_FMT(written));
            return false;
        }
        return true;
    }
    if (!attached.ptr) {
        if (!parser->left) {
            buf_add_format(
                parser->error, "option '%.*s' wants a value: %s", STR_FMT(written), info->argument);
            return false;
        }
        attached = str_of(*parser->rest++);
        parser->left--;
    }
    VEC_ADD(parser->arena, &args->values[option], attached);
    return true;
}

static bool parse_long(Parser *parser, Str word)
{
    size_t equals = str_find(word, STR("="), 0);
    Str name = str_slice(word, 2, equals == SIZE_MAX ? word.len : equals);
    Str written = str_slice(word, 0, 2 + name.len);
    Str attached = equals == SIZE_MAX ? STR_NONE : str_slice(word, equals + 1, word.len);
    for (Option option = 0; option < OPTION_COUNT; option++) {
        if (OPTIONS[option].long_name[0] && str_is(name, OPTIONS[option].long_name))
            return take_option(parser, option, written, attached);
    }
    return unknown_option(parser, written);
}

// The option of exactly this short name, or OPTION_COUNT.
static Option find_short(Str name)
{
    for (Option option = 0; option < OPTION_COUNT; option++) {
        if (OPTIONS[option].short_name[0] && str_is(name, OPTIONS[option].short_name))
            return option;
    }
    return OPTION_COUNT;
}

// -MD and its like first, then letters, of which the first that wants a value takes the rest.
static bool parse_short(Parser *parser, Str word)
{
    if (word.ptr[1] == 'M' && word.len > 2) {
        Option option = find_short(str_slice(word, 1, 3));
        if (option == OPTION_COUNT)
            return unknown_option(parser, word);
        Str attached = word.len > 3 ? str_slice(word, 3, word.len) : STR_NONE;
        return take_option(parser, option, str_slice(word, 0, 3), attached);
    }
    for (size_t i = 1; i < word.len; i++) {
        Str letter = str_slice(word, i, i + 1);
        Option option = find_short(letter);
        if (option == OPTION_COUNT)
            return unknown_option(parser, word);
        Str written = str_format(parser->arena, "-%.*s", STR_FMT(letter));
        bool takes_rest = OPTIONS[option].argument[0] && i + 1 < word.len;
        Str attached = takes_rest ? str_slice(word, i + 1, word.len) : STR_NONE;
        if (!take_option(parser, option, written, attached))
            return false;
        if (takes_rest)
            break;
    }
    return true;
}

static Command find_command(Str word)
{
    for (Command command = COMMAND_NONE + 1; command < COMMAND_COUNT; command++) {
        if (str_is(word, COMMANDS[command].name))
            return command;
    }
    return COMMAND_NONE;
}

static bool looks_like_file(Str word)
{
    return str_is(word, "-") || str_find(word, STR("."), 0) != SIZE_MAX ||
           str_find(word, STR("/"), 0) != SIZE_MAX || access(word.ptr, F_OK) == 0;
}

// Decides on the command by the first operand and takes it off the operands.
static bool choose_command(Parser *parser)
{
    Args *args = parser->args;
    args->command = COMMAND_BUILD;
    if (!args->operands.len)
        return true;
    Str word = args->operands.items[0];
    Command command = find_command(word);
    if (command != COMMAND_NONE) {
        args->command = command;
        args->command_named = true;
        args->operands.items++;
        args->operands.len--;
        args->operands.cap--;
        return true;
    }
    if (looks_like_file(word))
        return true;
    StrList known = {0};
    for (Command other = COMMAND_NONE + 1; other < COMMAND_COUNT; other++)
        VEC_ADD(parser->arena, &known, str_of(COMMANDS[other].name));
    return fail_with_nearest(parser, "command", word, &known);
}

static bool options_belong(Parser *parser)
{
    const Args *args = parser->args;
    for (Option option = 0; option < OPTION_COUNT; option++) {
        if (!args->given[option] || option_belongs(option, args->command))
            continue;
        Str spelling = option_spelling(parser->arena, option);
        buf_add_format(parser->error, "'altc %s' does not take '%.*s'",
            COMMANDS[args->command].name, STR_FMT(spelling));
        return false;
    }
    return true;
}

bool args_parse(Arena *arena, int argc, char *const *argv, Args *args, Buf *error)
{
    *args = (Args){0};
    Parser parser = {arena, args, error, argv + 1, argc > 0 ? (size_t)argc - 1 : 0};
    bool only_operands = false;
    while (parser.left) {
        Str word = str_of(*parser.rest++);
        parser.left--;
        bool fine = true;
        if (only_operands || word.len < 2 || word.ptr[0] != '-')
            VEC_ADD(arena, &args->operands, word);
        else if (str_is(word, "--"))
            only_operands = true;
        else if (word.ptr[1] == '-')
            fine = parse_long(&parser, word);
        else
            fine = parse_short(&parser, word);
        if (!fine)
            return false;
    }
    return choose_command(&parser) && options_belong(&parser);
}
