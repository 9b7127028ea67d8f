// Credentials looked for in a scripted world.
#ifndef ALTC_TESTS_CRED_FIXTURE_H
#define ALTC_TESTS_CRED_FIXTURE_H

#include "runtime/cred/cred.h"
#include "tests/support/fake_world.h"

#define ROLE_BODY                                                                                  \
    "<R><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s"          \
    "</SecretAccessKey><SessionToken>t</SessionToken><Expiration>1970-01-01T01:00:00Z"             \
    "</Expiration></Credentials></AssumeRoleResult></R>"
#define WEB_BODY                                                                                   \
    "<R><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIA</AccessKeyId>"             \
    "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>"               \
    "1970-01-01T01:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></R>"
#define PROCESS_JSON "{\"Version\":1,\"AccessKeyId\":\"AP\",\"SecretAccessKey\":\"s\"}"

typedef struct Found {
    bool ok;
    AwsKeys keys;
    Str error;
    Cred *cred;
} Found;

// The keys of a world with one config file.
static inline Found look_up(Arena *arena, FakeWorld *fake, const char *config, const char *profile)
{
    NamedText *file = ARENA_NEW(arena, NamedText);
    *file = (NamedText){STR("/h/.aws/config"), str_of(config)};
    if (!fake->files) {
        fake->files = file;
        fake->file_count = 1;
    }
    World *world = ARENA_NEW(arena, World);
    *world = fake_world(fake);
    CredOptions options = {.profile = str_of(profile), .region = STR("eu-west-1")};
    Found found = {0};
    found.cred =
        cred_new(arena, world, (HttpTransport){fake, fake_world_send}, &options, &found.error);
    if (!found.cred)
        return found;
    AwsKeySource source = cred_keys(found.cred);
    found.ok = source.get(source.context, arena, false, &found.keys, &found.error);
    return found;
}

// Asks again, as a client does before each request.
static inline bool ask_again(Found *found, bool renew)
{
    AwsKeySource source = cred_keys(found->cred);
    found->error = STR_NONE;
    return source.get(source.context, NULL, renew, &found->keys, &found->error);
}

#define HOME                                                                                       \
    {                                                                                              \
        STR("HOME"), STR("/h")                                                                     \
    }

#endif
