// altc-deploy, which altc starts for whatever needs AWS. It alone reads argv and exits.
#include <signal.h>
#include <stdio.h>

#include "runtime/deploy/commands.h"
#include "runtime/deploy/system.h"

int command_fail(int status, Str text)
{
    fprintf(stderr, "altc: error: %.*s\n", STR_FMT(text));
    return status;
}

Cred *command_credentials(const CommandContext *context, const CredOptions *options, Str *error)
{
    Cred *cred = cred_new(context->arena, context->world, context->http, options, error);
    if (!cred)
        return NULL;
    http_curl_trust(context->curl, cred_ca_bundle(cred));
    Str warning = cred_warning(cred);
    if (warning.len)
        fprintf(stderr, "altc: warning: %.*s\n", STR_FMT(warning));
    return cred;
}

AssetsSetup command_assets(const CommandContext *context, const DeployOptions *options, Cred *cred)
{
    Str bucket = options->asset_bucket;
    return (AssetsSetup){.world = context->world,
        .http = context->http,
        .parallel = context->parallel,
        .keys = cred_keys(cred),
        .s3 = cred_endpoint_options(cred, context->arena, "S3"),
        .cloudfront = cred_endpoint_options(cred, context->arena, "CLOUDFRONT"),
        .root = options->root,
        .region = cred_region(cred),
        .bucket = bucket.len ? bucket : world_env(context->world, "ALTC_ASSET_BUCKET"),
        .jobs = (size_t)options->jobs};
}

static int run_command(const CommandContext *context)
{
    static const struct {
        const char *name;
        int (*run)(const CommandContext *context);
    } COMMANDS[] = {{"plan", command_plan}, {"policy", command_policy}, {"deploy", command_deploy},
        {"whoami", command_whoami}, {"status", command_status}, {"outputs", command_outputs},
        {"watch", command_watch}, {"events", command_events}, {"history", command_history},
        {"drift", command_drift}, {"cancel", command_cancel}, {"continue", command_continue},
        {"rollback", command_rollback}, {"refactor", command_refactor},
        {"destroy", command_destroy}, {"import", command_import}};
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++)
        if (str_is(context->options->command, COMMANDS[i].name))
            return COMMANDS[i].run(context);
    return EXIT_TROUBLE;
}

static int start(Arena *arena, const DeployOptions *options)
{
    System system;
    system_init(&system, options->debug);
    if (!system_forbid_dumps() || !system_catch_interrupts(&system) || !http_curl_start())
        return command_fail(EXIT_TROUBLE, STR("cannot set up this process"));
    HttpCurl *curl = http_curl_new(STR_NONE);
    if (!curl)
        base_out_of_memory();
    CommandContext context = {.arena = arena,
        .world = &system.world,
        .http = http_curl_transport(curl),
        .parallel = http_curl_parallel(curl),
        .curl = curl,
        .options = options};
    int status = run_command(&context);
    http_curl_free(curl);
    http_curl_end();
    return status;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    base_keep_memory();
    Arena *arena = arena_new();
    DeployOptions options;
    Str error = STR_NONE;
    int status = options_read(arena, argc, argv, &options, &error)
                     ? start(arena, &options)
                     : command_fail(EXIT_TROUBLE, error);
    arena_free(arena);
    return status;
}
