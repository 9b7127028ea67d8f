#include "runtime/aws/query.h"

static void add_encoded(Buf *out, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
            c == '-' || c == '_' || c == '.' || c == '~')
            buf_add_char(out, c);
        else
            buf_add_format(out, "%%%02X", (unsigned)(unsigned char)c);
    }
}

void query_add(Buf *out, Str name, Str value)
{
    if (out->len)
        buf_add_char(out, '&');
    add_encoded(out, name);
    buf_add_char(out, '=');
    add_encoded(out, value);
}

void query_start(Buf *out, Str action, Str version)
{
    query_add(out, STR("Action"), action);
    query_add(out, STR("Version"), version);
}

void query_add_bool(Buf *out, Str name, bool value)
{
    query_add(out, name, value ? STR("true") : STR("false"));
}

void query_add_list(Buf *out, Str name, const Str *values, size_t count)
{
    if (count == 0)
        query_add(out, name, STR(""));
    for (size_t i = 0; i < count; i++) {
        Buf member;
        buf_init(&member, 0);
        buf_add_format(&member, "%.*s.member.%zu", STR_FMT(name), i + 1);
        query_add(out, buf_str(&member), values[i]);
        buf_release(&member);
    }
}
