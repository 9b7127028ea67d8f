// What needs AWS is a program of its own, altc-deploy, so that the compiler links no network code.
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "compiler/cli/cli.h"

enum { MAX_WORDS = 16 };

// Beside this program, else wherever PATH finds it. Comes back only when neither is there.
static void start(const Cli *cli, char **words)
{
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self);
    Str path = {self, len > 0 && (size_t)len < sizeof self ? (size_t)len : 0};
    size_t folder = path.len;
    while (folder > 0 && self[folder - 1] != '/')
        folder--;
    if (folder > 0)
        execv(str_format(cli->arena, "%.*s%s", STR_FMT(str_slice(path, 0, folder)), words[0]).ptr,
            words);
    execvp(words[0], words);
}

int command_whoami(Cli *cli)
{
    static const char *const FORMATS[] = {"text", "json", NULL};
    static const Option PASSED[] = {OPTION_PROFILE, OPTION_REGION, OPTION_FORMAT};
    if (!cli_operands(cli, 0, 0) || !cli_one_of(cli, OPTION_FORMAT, FORMATS))
        return EXIT_TROUBLE;
    char name[] = "altc-deploy";
    char command[] = "whoami";
    char *words[MAX_WORDS] = {name, command, NULL};
    size_t count = 2;
    for (size_t i = 0; i < sizeof PASSED / sizeof *PASSED; i++) {
        if (!cli->args->given[PASSED[i]])
            continue;
        Str option = option_spelling(cli->arena, PASSED[i]);
        Str value = args_value(cli->args, PASSED[i]);
        words[count++] = arena_copy(cli->arena, option.ptr, option.len);
        words[count++] = arena_copy(cli->arena, value.ptr, value.len);
    }
    if (cli->args->given[OPTION_DEBUG])
        words[count++] = arena_copy(cli->arena, "--debug", strlen("--debug"));
    start(cli, words);
    return cli_fail(cli, "cannot start altc-deploy, which talks to AWS: %s", strerror(errno));
}
