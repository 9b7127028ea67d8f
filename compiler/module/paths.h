// Paths as texts: nothing here looks at a file system.
#ifndef ALTC_MODULE_PATHS_H
#define ALTC_MODULE_PATHS_H

#include "compiler/base/str.h"

bool path_is_absolute(Str path);
// "./x", "../x", "." and "..": seen from the file that writes it.
bool path_is_relative_to_file(Str path);
// Without empty steps, "." and "a/..": what is left of ".." stands in front. "" for the folder
// itself; "/" stays.
Str path_normalise(Arena *arena, Str path);
// `path` seen from `folder`, normalised. An absolute `path` is given as it is.
Str path_join(Arena *arena, Str folder, Str path);
// All before the last step, "" when there is one step only; "/" of "/x".
Str path_folder(Str path);
// Begins with "..": of a normalised path.
bool path_leaves(Str path);
// What is behind `folder` in `path`, both normalised: "" for the folder itself; STR_NONE when
// `path` is not below it. Every path that neither leaves nor is absolute is below "".
Str path_below(Str folder, Str path);

#endif
