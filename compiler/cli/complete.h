// The manual page and shell completions, made from the tables of commands and options.
#ifndef ALTC_CLI_COMPLETE_H
#define ALTC_CLI_COMPLETE_H

#include "compiler/base/buf.h"

// altc.1, in man's macros.
void man_page_add(Buf *out);
void bash_completion_add(Buf *out);
void zsh_completion_add(Buf *out);
void fish_completion_add(Buf *out);

#endif
