// The shared files ~/.aws/config and ~/.aws/credentials.
#ifndef ALTC_CRED_PROFILE_H
#define ALTC_CRED_PROFILE_H

#include "runtime/world/world.h"

typedef struct Profiles Profiles;

// Reads both files, at the places AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name if set.
// Missing files are empty. NULL: a file cannot be read or has a line that is none; `error` says
// which.
Profiles *profiles_read(Arena *arena, const World *world, Str *error);
// A value of a section: of a profile by its name, or of "sso-session NAME", "services NAME". The
// credentials file goes first. STR_NONE when it is not there. Nested values are "s3.name".
Str profile_get(const Profiles *profiles, Str section, const char *key);
// The value comes from the credentials file.
bool profile_is_shared(const Profiles *profiles, Str section, const char *key);
bool profile_exists(const Profiles *profiles, Str section);

#endif
