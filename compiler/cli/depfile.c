#include "compiler/cli/depfile.h"

// GNU make reads a backslash as an escape only before a blank, '#' or another special character;
// backslashes right before such a one must then be doubled.
void depfile_add_name(Buf *out, Str name)
{
    size_t backslashes = 0;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (c == ' ' || c == '\t' || c == '#') {
            buf_add_repeat(out, '\\', backslashes + 1);
        } else if (c == '$') {
            buf_add_char(out, '$');
        } else if (c == ':') {
            buf_add_char(out, '\\');
        }
        buf_add_char(out, c);
        backslashes = c == '\\' ? backslashes + 1 : 0;
    }
}

static bool seen_before(const Str *inputs, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (str_equal(inputs[i], inputs[index]))
            return true;
    }
    return false;
}

void depfile_add(Buf *out, Str targets, const Str *inputs, size_t count, bool phony)
{
    buf_add(out, targets);
    buf_add_char(out, ':');
    for (size_t i = 0; i < count; i++) {
        if (seen_before(inputs, i))
            continue;
        buf_add_text(out, i ? " \\\n  " : " ");
        depfile_add_name(out, inputs[i]);
    }
    buf_add_char(out, '\n');
    for (size_t i = 1; phony && i < count; i++) {
        if (seen_before(inputs, i))
            continue;
        depfile_add_name(out, inputs[i]);
        buf_add_text(out, ":\n");
    }
}
