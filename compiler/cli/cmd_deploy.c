// What needs AWS is a program of its own, altc-deploy, so that the compiler links no network code.
// It knows templates and manifests alone: they are made here, below the project's folder .altc.
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "compiler/cli/artifacts.h"
#include "compiler/cli/deployer.h"
#include "compiler/cli/findings.h"
#include "compiler/cli/output.h"
#include "compiler/cli/program.h"

static const char DEPLOYER[] = "altc-deploy";
static const char MANIFEST_ENDING[] = ".manifest.json";

// What altc itself has taken in; the deployer would not know it.
static const Option OWN[] = {OPTION_STAGE, OPTION_SET, OPTION_VALUES, OPTION_MAX_ERRORS,
    OPTION_STDIN_FILENAME, OPTION_ROOT, OPTION_HELP, OPTION_VERSION};

typedef VEC(char *) Words;

typedef struct Handover {
    Artifacts artifacts;
    Str root;
    Str manifest;
} Handover;

// ---- starting the deployer ----

static void add_word(const Cli *cli, Words *words, Str word)
{
    VEC_ADD(cli->arena, words, arena_copy(cli->arena, word.ptr, word.len));
}

static bool is_own(Option option)
{
    for (size_t i = 0; i < sizeof OWN / sizeof *OWN; i++)
        if (OWN[i] == option)
            return true;
    return false;
}

static void add_options(const Cli *cli, Words *words)
{
    for (Option option = 0; option < OPTION_COUNT; option++) {
        if (!cli->args->given[option] || is_own(option))
            continue;
        Str spelling = option_spelling(cli->arena, option);
        const StrList *values = &cli->args->values[option];
        if (!option_info(option)->argument[0])
            add_word(cli, words, spelling);
        for (size_t i = 0; i < values->len; i++) {
            add_word(cli, words, spelling);
            add_word(cli, words, values->items[i]);
        }
    }
}

// Beside this program, else wherever PATH finds it. Comes back only when neither is there.
static int start(const Cli *cli, Words *words)
{
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self);
    Str path = {self, len > 0 && (size_t)len < sizeof self ? (size_t)len : 0};
    size_t folder = path.len;
    while (folder > 0 && self[folder - 1] != '/')
        folder--;
    VEC_ADD(cli->arena, words, NULL);
    if (folder > 0)
        execv(str_format(cli->arena, "%.*s%s", STR_FMT(str_slice(path, 0, folder)), DEPLOYER).ptr,
            words->items);
    execvp(DEPLOYER, words->items);
    return cli_fail(cli, "cannot start %s, which talks to AWS: %s", DEPLOYER, strerror(errno));
}

// ---- what it is handed ----

static void take_stage(void *context, Compilation *run, const StageModel *model)
{
    Handover *handover = context;
    Artifacts *artifacts = &handover->artifacts;
    handover->root = str_copy(artifacts->arena, compilation_root(run));
    artifacts->directory = str_format(artifacts->arena, "%.*s/.altc/%.*s", STR_FMT(handover->root),
        STR_FMT(model->stage.len ? model->stage : STR("template")));
    handover->manifest = artifacts_manifest_path(artifacts, model->stage);
    artifacts_take_stage(artifacts, run, model);
}

// The folder is the deployer's own: nothing in it is to be committed.
static int write_handover(const Cli *cli, Handover *handover)
{
    int status = artifacts_write(cli, &handover->artifacts);
    Str ignore = str_format(cli->arena, "%.*s/.altc/.gitignore", STR_FMT(handover->root));
    Str why;
    if (status == EXIT_FINE && !output_write(cli->arena, ignore, STR("*\n"), &why))
        return cli_fail(cli, "cannot write '%.*s': %.*s", STR_FMT(ignore), STR_FMT(why));
    return status;
}

static int compile_stage(const Cli *cli, Str file, Handover *handover)
{
    CompileOptions options;
    if (!program_options(cli, cli->arena, file, &options))
        return EXIT_TROUBLE;
    handover->artifacts = (Artifacts){.arena = cli->arena, .manifest = true};
    options.take_stage = take_stage;
    options.take_context = handover;
    Session *session = session_new(cli->host);
    Compilation *run = compile(session, &options);
    Findings *findings = findings_new(cli->arena);
    findings_add(findings, run);
    int status = findings_report(cli, findings);
    if (status == EXIT_FINE && compilation_ok(run))
        status = write_handover(cli, handover);
    artifacts_release(&handover->artifacts);
    compilation_free(run);
    session_free(session);
    return status;
}

int deployer_start(Cli *cli, const char *const *formats)
{
    if (!cli_operands(cli, 0, 1) || (formats && !cli_one_of(cli, OPTION_FORMAT, formats)))
        return EXIT_TROUBLE;
    Handover handover = {0};
    Str file = program_operand(cli, 0);
    bool is_manifest = str_ends(file, STR(MANIFEST_ENDING));
    if (cli->args->given[OPTION_ROOT] && !is_manifest)
        return cli_fail(cli, "'--root' goes with a manifest; a program says its root itself");
    if (is_manifest && (cli->args->given[OPTION_STAGE] || cli->args->given[OPTION_SET] ||
                           cli->args->given[OPTION_VALUES]))
        return cli_fail(cli,
            "'--stage', '--set' and '--values' are for compiling: the manifest "
            "'%.*s' is of one stage and has all values",
            STR_FMT(file));
    if (is_manifest) {
        Str root = args_value(cli->args, OPTION_ROOT);
        handover.manifest = file;
        handover.root = root.len ? root : STR(".");
    } else {
        int status = compile_stage(cli, file, &handover);
        if (status != EXIT_FINE)
            return status;
    }
    Words words = {0};
    add_word(cli, &words, str_of(DEPLOYER));
    add_word(cli, &words, str_of(command_info(cli->args->command)->name));
    add_word(cli, &words, STR("--manifest"));
    add_word(cli, &words, handover.manifest);
    add_word(cli, &words, STR("--root"));
    add_word(cli, &words, handover.root);
    add_options(cli, &words);
    return start(cli, &words);
}

int command_policy(Cli *cli)
{
    return deployer_start(cli, NULL);
}

int command_deploy(Cli *cli)
{
    static const char *const FORMATS[] = {"text", "json", NULL};
    return deployer_start(cli, FORMATS);
}

int command_operate(Cli *cli)
{
    return command_deploy(cli);
}

int command_whoami(Cli *cli)
{
    static const char *const FORMATS[] = {"text", "json", NULL};
    if (!cli_operands(cli, 0, 0) || !cli_one_of(cli, OPTION_FORMAT, FORMATS))
        return EXIT_TROUBLE;
    Words words = {0};
    add_word(cli, &words, str_of(DEPLOYER));
    add_word(cli, &words, STR("whoami"));
    add_options(cli, &words);
    return start(cli, &words);
}
