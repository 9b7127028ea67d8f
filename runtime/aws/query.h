// Bodies of AWS's Query protocol: form fields, percent-encoded.
#ifndef ALTC_AWS_QUERY_H
#define ALTC_AWS_QUERY_H

#include "compiler/base/buf.h"

// Starts a body: Action and Version.
void query_start(Buf *out, Str action, Str version);
// Adds a field; an empty value is written, as it differs from leaving the field out.
void query_add(Buf *out, Str name, Str value);
void query_add_bool(Buf *out, Str name, bool value);
// "Name.member.N=…" from 1; an empty list is "Name=".
void query_add_list(Buf *out, Str name, const Str *values, size_t count);

#endif
