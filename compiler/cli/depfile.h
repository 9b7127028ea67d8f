// Dependencies as make and ninja read them.
#ifndef ALTC_CLI_DEPFILE_H
#define ALTC_CLI_DEPFILE_H

#include "compiler/base/buf.h"

// Adds a file's name with blanks, '#', '$' and ':' escaped.
void depfile_add_name(Buf *out, Str name);
// Adds "TARGETS: INPUT INPUT…", one input a line, repeated ones once. `targets` is written as it
// is (build it with depfile_add_name). With `phony`, an empty rule for every input but the first,
// so that a deleted file does not stop make.
void depfile_add(Buf *out, Str targets, const Str *inputs, size_t count, bool phony);

#endif
