// The command line, parsed by two tables: commands.def and options.def.
#ifndef ALTC_CLI_ARGS_H
#define ALTC_CLI_ARGS_H

#include "compiler/base/buf.h"
#include "compiler/base/vec.h"

typedef enum Command {
    COMMAND_NONE,
#define COMMAND(ID, name, operands, summary, description) COMMAND_##ID,
#include "compiler/cli/commands.def"
#undef COMMAND
    COMMAND_COUNT
} Command;

typedef enum Option {
#define OPTION(ID, short_name, long_name, argument, commands, choices, help) OPTION_##ID,
#include "compiler/cli/options.def"
#undef OPTION
    OPTION_COUNT
} Option;

typedef struct CommandInfo {
    const char *name;
    const char *operands;
    const char *summary;
    const char *description;
} CommandInfo;

typedef struct OptionInfo {
    const char *short_name; // "o", "MD" or ""
    const char *long_name;  // "output" or ""
    const char *argument;   // "FILE" or ""
    const char *commands;   // "build check" or "*"
    const char *choices;
    const char *help;
} OptionInfo;

const CommandInfo *command_info(Command command);
const OptionInfo *option_info(Option option);
bool option_belongs(Option option, Command command);
// "--stage", or "-MD" of an option without a long name.
Str option_spelling(Arena *arena, Option option);

typedef VEC(Str) StrList;

typedef struct Args {
    Command command;
    bool command_named; // it was written, not left out
    StrList operands;
    bool given[OPTION_COUNT];
    StrList values[OPTION_COUNT]; // of options with an argument, in order
} Args;

// Parses as GNU programs do: options and operands may be mixed, `--` ends the options,
// --long=value and --long value, -ofile and -o file, -qo file. The first operand names the
// command unless it looks like a file; then it is `build`. False: `error` says what is wrong.
bool args_parse(Arena *arena, int argc, char *const *argv, Args *args, Buf *error);
// The last value given, or STR_NONE.
Str args_value(const Args *args, Option option);
// The nearest of the words to `word`, or STR_NONE when none is near enough.
Str nearest_word(Str word, const Str *words, size_t count);

#endif
