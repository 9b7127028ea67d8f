// Patterns of file names, as in the options of a site's files.
#ifndef ALTC_ASSETS_GLOB_H
#define ALTC_ASSETS_GLOB_H

#include "compiler/base/str.h"

// "*" and "?" stay within a part of the path, "**" goes through any number of folders, "[a-z]" and
// "[!a-z]" are sets, "{a,b}" alternatives, "\" takes the next character as it is. The pattern has
// to match the whole path.
bool glob_match(Str pattern, Str path);

#endif
