// What the commands share. The command line alone reads argv and the environment, prints and
// chooses exit codes; everything it knows about programs comes through the driver.
#ifndef ALTC_CLI_CLI_H
#define ALTC_CLI_CLI_H

#include "compiler/cli/args.h"
#include "compiler/driver/altc.h"

enum {
    EXIT_FINE = 0,
    EXIT_FINDINGS = 1, // errors in a program, failed tests, differences
    EXIT_TROUBLE = 2   // wrong usage, files that cannot be read or written
};

enum { SOURCE_MAX = 64 * 1024 * 1024 }; // bytes taken from standard input

typedef struct Cli {
    Arena *arena;
    const Args *args;
    const Host *host;
    bool color_out; // standard output is to be coloured
    bool color_err;
} Cli;

// A file per command; each gives the exit code.
int command_new(Cli *cli);
int command_build(Cli *cli);
int command_check(Cli *cli);
int command_stages(Cli *cli);
int command_graph(Cli *cli);
int command_docs(Cli *cli);
int command_types(Cli *cli);
int command_test(Cli *cli);
int command_why(Cli *cli);
int command_same(Cli *cli);
int command_schema(Cli *cli);
int command_plan(Cli *cli);
int command_policy(Cli *cli);
int command_deploy(Cli *cli);
// All that only the deployer does: watch, destroy…
int command_operate(Cli *cli);
int command_whoami(Cli *cli);
int command_explain(Cli *cli);
int command_help(Cli *cli);
// The help of a command, or the overview for COMMAND_NONE.
void help_add(Buf *out, Command command);

// Prints "altc: error: …" to standard error and gives EXIT_TROUBLE.
int cli_fail(const Cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
// Prints "altc: note: …" unless --quiet.
void cli_note(const Cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
// Writes to standard output; gives EXIT_FINE, or EXIT_TROUBLE after saying why it failed.
int cli_print(const Cli *cli, Str text);
// Writes a result of programs to the file, or to standard output for "-". One of the `inputs`, the
// files that the programs were read from, is not written over. EXIT_FINE, or EXIT_TROUBLE after
// saying why it failed.
int cli_write(const Cli *cli, const StrList *inputs, Str path, Str bytes);
// Columns of the terminal that standard output is, or what COLUMNS says; 0 when neither tells.
size_t cli_width(void);
// As many operands as the command wants; else says so and gives false.
bool cli_operands(const Cli *cli, size_t least, size_t most);
// The value is one of the option's `words` (ended by NULL) or not given; else prints what would
// have been right and gives false.
bool cli_one_of(const Cli *cli, Option option, const char *const *words);

#endif
