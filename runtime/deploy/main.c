// altc-deploy, which altc starts for whatever needs AWS. It alone reads argv, prints and exits.
// Its options come from altc, which has checked them; a wrong one is refused all the same.
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "compiler/base/buf.h"
#include "compiler/cli/host.h"
#include "compiler/data/data.h"
#include "runtime/aws/query.h"
#include "runtime/cred/cred.h"
#include "runtime/deploy/machine.h"

enum { EXIT_FINE = 0, EXIT_REFUSED = 1, EXIT_TROUBLE = 2 };

typedef struct Options {
    CredOptions cred;
    bool json;
    bool debug;
} Options;

static int fail_with(int status, const char *kind, Str text)
{
    fprintf(stderr, "altc: error: %s%.*s\n", kind, STR_FMT(text));
    return status;
}

static bool read_options(int argc, char **argv, Options *options)
{
    if (argc < 2 || strcmp(argv[1], "whoami") != 0)
        return false;
    for (int i = 2; i < argc; i++) {
        Str value = str_of(i + 1 < argc ? argv[i + 1] : NULL);
        if (strcmp(argv[i], "--debug") == 0) {
            options->debug = true;
            continue;
        }
        if (strcmp(argv[i], "--quiet") == 0)
            continue;
        if (!value.ptr)
            return false;
        if (strcmp(argv[i], "--profile") == 0)
            options->cred.profile = value;
        else if (strcmp(argv[i], "--region") == 0)
            options->cred.region = value;
        else if (strcmp(argv[i], "--format") == 0)
            options->json = str_is(value, "json");
        else if (strcmp(argv[i], "--color") == 0)
            ; // nothing is coloured
        else
            return false;
        i++;
    }
    return true;
}

static void add_row(Buf *out, bool json, const char *name, Str value)
{
    if (!json) {
        buf_add_format(out, "%-12s", name);
        // What came over the network must not move the cursor.
        for (size_t i = 0; i < value.len; i++)
            buf_add_char(out, (unsigned char)value.ptr[i] < ' ' ? '?' : value.ptr[i]);
        buf_add_char(out, '\n');
        return;
    }
    buf_add_format(out, "%s  \"%s\": ", out->len ? ",\n" : "{\n", name);
    data_write_json_string(out, value);
}

static int print_identity(const Options *options, Cred *cred, const AwsReply *reply, Str source)
{
    const XmlNode *result = xml_child(reply->root, "GetCallerIdentityResult");
    if (!xml_text(result, "Account").len)
        return fail_with(EXIT_REFUSED, "", STR("the answer of STS holds no account"));
    Buf out;
    buf_init(&out, 0);
    add_row(&out, options->json, "account", xml_text(result, "Account"));
    add_row(&out, options->json, "arn", xml_text(result, "Arn"));
    add_row(&out, options->json, "user", xml_text(result, "UserId"));
    add_row(&out, options->json, "partition", endpoint_partition(cred_region(cred)));
    add_row(&out, options->json, "region", cred_region(cred));
    add_row(&out, options->json, "profile", cred_profile(cred));
    add_row(&out, options->json, "credentials", source);
    if (options->json)
        buf_add_text(&out, "\n}\n");
    bool written = fwrite(out.ptr, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
    buf_release(&out);
    return written ? EXIT_FINE : fail_with(EXIT_TROUBLE, "", STR("cannot write standard output"));
}

static int who_am_i(Arena *arena, const World *world, HttpTransport http, const Options *options)
{
    Str error = STR_NONE;
    Endpoint endpoint;
    Cred *cred = cred_new(arena, world, http, &options->cred, &error);
    if (!cred || !cred_endpoint(cred, arena, STR("sts"), "STS", &endpoint, &error))
        return fail_with(EXIT_TROUBLE, "", error);
    AwsKeySource source = cred_keys(cred);
    AwsKeys keys;
    if (!source.get(source.context, arena, false, &keys, &error))
        return fail_with(EXIT_TROUBLE, "", error);
    AwsClient client;
    aws_client_init(&client, world, http, source, STR("sts"), cred_region(cred), endpoint);
    Buf form;
    buf_init(&form, 0);
    query_start(&form, STR("GetCallerIdentity"), STR("2011-06-15"));
    AwsReply reply = aws_call(&client, arena, buf_str(&form));
    buf_release(&form);
    if (!reply.ok)
        return fail_with(EXIT_REFUSED, "AWS does not say who you are: ",
            str_format(arena, "%.*s%s%.*s", STR_FMT(reply.code), reply.code.len ? ": " : "",
                STR_FMT(reply.message)));
    return print_identity(options, cred, &reply, keys.source);
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    Options options = {0};
    if (!read_options(argc, argv, &options)) {
        return fail_with(
            EXIT_TROUBLE, "", STR("altc-deploy is started by altc: see 'altc help whoami'"));
    }
    if (!machine_forbid_dumps() || !http_curl_start())
        return fail_with(EXIT_TROUBLE, "", STR("cannot set up this process"));
    World world = machine_world(host_real(), options.debug);
    HttpCurl *curl = http_curl_new(world_env(&world, "AWS_CA_BUNDLE"));
    if (!curl)
        base_out_of_memory();
    Arena *arena = arena_new();
    int status = who_am_i(arena, &world, http_curl_transport(curl), &options);
    arena_free(arena);
    http_curl_free(curl);
    http_curl_end();
    return status;
}
