// Files that the deployer writes. What is written here may be private, so that only the owner of
// the process may read it.
#ifndef ALTC_DEPLOY_FILES_H
#define ALTC_DEPLOY_FILES_H

#include "compiler/base/str.h"

// Makes the folder and those around it. False: `error` says why not.
bool files_make_folder(Arena *arena, Str path, Str *error);
// Writes the file at once: whoever reads it sees the old bytes or the new ones. A file that holds
// them already keeps its time. With `private_` it is mode 0600, else as the umask says.
bool files_write(Arena *arena, Str path, Str bytes, bool private_, Str *error);
// Opens a private file to be added to, made when it is missing; -1: `error` says why not.
int files_open_log(Arena *arena, Str path, Str *error);
// Adds bytes to the end of a log and waits until they are on the disk.
bool files_add(int log, Str bytes, Str *error);
// Opens the file and takes its lock, which goes with the process. -1: `error` says why not, or it
// is empty and somebody else has the lock, of whom `holder` says what files_set_holder wrote.
int files_lock(Arena *arena, Str path, Str *holder, Str *error);
void files_set_holder(int lock, Str text);

#endif
