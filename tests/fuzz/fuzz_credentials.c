// What credentials are read from: any bytes as the config file, the credentials file, the output
// of a process, the answer of a container and the cache of a sign-in are either keys or an error
// that shows nothing of a file. The first byte picks the source.
#include <stdlib.h>

#include "runtime/cred/cred.h"
#include "tests/support/fake_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef enum Source { CONFIG, CREDENTIALS, PROCESS, CONTAINER, SIGN_IN, SOURCES } Source;

#define SSO                                                                                        \
    "[default]\nsso_account_id=1\nsso_role_name=r\nsso_session=s\n"                                \
    "[sso-session s]\nsso_region=eu-west-1\nsso_start_url=u\n"

static void set_up(FakeWorld *fake, Source source, Str text, NamedText env[2], NamedText files[2],
    FakeAnswer answers[2])
{
    const Str config = STR("/h/.aws/config");
    env[0] = (NamedText){STR("HOME"), STR("/h")};
    *fake = (FakeWorld){.env = env, .env_count = 1, .files = files, .answers = answers};
    if (source == CONTAINER) {
        env[fake->env_count++] =
            (NamedText){STR("AWS_CONTAINER_CREDENTIALS_FULL_URI"), STR("http://127.0.0.1/x")};
        answers[fake->answer_count++] = (FakeAnswer){HTTP_ANSWERED, 200, text.ptr, NULL};
        return;
    }
    if (source == CONFIG) {
        files[fake->file_count++] = (NamedText){config, text};
    } else if (source == CREDENTIALS) {
        files[fake->file_count++] = (NamedText){STR("/h/.aws/credentials"), text};
    } else if (source == PROCESS) {
        files[fake->file_count++] = (NamedText){config, STR("[default]\ncredential_process = x\n")};
        fake->process = (ProcessResult){.ended = true, .output = text};
    } else {
        files[fake->file_count++] = (NamedText){config, STR(SSO)};
        files[fake->file_count++] = (NamedText){
            STR("/h/.aws/sso/cache/a0f1490a20d0211c997b44bc357e1972deab8ae3.json"), text};
        // the same bytes as the answers of the portal
        for (size_t i = 0; i < 2; i++)
            answers[fake->answer_count++] = (FakeAnswer){HTTP_ANSWERED, 200, text.ptr, NULL};
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    Arena *arena = arena_new();
    Str text = str_copy(arena, (Str){(const char *)data + 1, size - 1});
    NamedText env[2];
    NamedText files[2];
    FakeAnswer answers[2];
    FakeWorld fake;
    set_up(&fake, (Source)(data[0] % SOURCES), text, env, files, answers);
    fake.arena = arena;
    World world = fake_world(&fake);
    const CredOptions options = {.region = STR("eu-west-1")};
    Str error = STR_NONE;
    AwsKeys keys = {0};
    Cred *cred = cred_new(arena, &world, (HttpTransport){&fake, fake_world_send}, &options, &error);
    AwsKeySource source = cred ? cred_keys(cred) : (AwsKeySource){0};
    bool found = cred && source.get(source.context, arena, false, &keys, &error);
    if (found != (keys.key.access_key.len && keys.key.secret_key.len) || (!found && !error.len))
        abort();
    AwsClient client;
    if (cred)
        cred_client(cred, arena, STR("cloudformation"), STR_NONE, &client, &error);
    arena_free(arena);
    return 0;
}
