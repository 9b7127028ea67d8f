// Pieces of text that all who show notices share.
#ifndef ALTC_NOTICE_TEXT_H
#define ALTC_NOTICE_TEXT_H

#include "compiler/base/buf.h"

// A text that came from AWS, a template or a file, on one line and unable to steer a terminal: line
// breaks and tabs become a blank, the rest is as cell_add makes it. Gives the columns it takes.
size_t notice_add_clean(Buf *out, Str text);
// At most `most` columns of that; what is cut off leaves "…". Gives the columns it takes.
size_t notice_add_cut(Buf *out, Str text, size_t most);
// "12 s", "4 min 12 s", "1 h 03 min".
void notice_add_duration(Buf *out, int64_t milliseconds);

#endif
