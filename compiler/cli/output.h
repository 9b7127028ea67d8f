// Writing results so that nobody ever sees half a file, and that what has not changed keeps its
// time stamp (make and ninja then skip what depends on it).
#ifndef ALTC_CLI_OUTPUT_H
#define ALTC_CLI_OUTPUT_H

#include "compiler/base/buf.h"

// Writes all bytes to the file, or to standard output for "-". A regular file is written beside
// its place and renamed; one that holds these bytes already is not touched; links are followed;
// devices and FIFOs are written to as they are. False: `error` says why ("no space left …") and
// what was there before is still there.
bool output_write(Arena *arena, Str path, Str bytes, Str *error);
// Something is there that is no regular file: nothing can be written beside it.
bool output_is_device(Str path);
// The same as output_write for a descriptor.
bool output_write_all(int descriptor, Str bytes, Str *error);
// The path leads to one of the files, be it by another name or a link.
bool output_is_one_of(Arena *arena, Str path, const Str *files, size_t count);
// Writes a file that is not there yet. False: `error` says why, and what was there is as it was.
bool output_create(Arena *arena, Str path, Str bytes, Str *error);
// Makes the folder and those it lies in.
bool output_make_folder(Arena *arena, Str path, Str *error);
// Closes standard output: the last moment at which a full disk may show. False: `error` says why.
bool output_close_stdout(Str *error);

#endif
