#include "compiler/cli/pointer.h"

#include "compiler/base/buf.h"

void pointer_add_key(Buf *out, Str key)
{
    buf_add_char(out, '/');
    for (size_t i = 0; i < key.len; i++) {
        if (key.ptr[i] == '~')
            buf_add_text(out, "~0");
        else if (key.ptr[i] == '/')
            buf_add_text(out, "~1");
        else
            buf_add_char(out, key.ptr[i]);
    }
}

static Str unescape(Arena *arena, Str token)
{
    char *text = arena_alloc(arena, token.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < token.len; i++) {
        char c = token.ptr[i];
        if (c == '~' && i + 1 < token.len && (token.ptr[i + 1] == '0' || token.ptr[i + 1] == '1'))
            c = token.ptr[++i] == '0' ? '~' : '/';
        text[len++] = c;
    }
    return (Str){text, len};
}

static const Datum *item_at(const Datum *list, Str token)
{
    size_t index = 0;
    if (!token.len || token.len > 9)
        return NULL;
    for (size_t i = 0; i < token.len; i++) {
        if (token.ptr[i] < '0' || token.ptr[i] > '9')
            return NULL;
        index = index * 10 + (size_t)(token.ptr[i] - '0');
    }
    return index < list->items.len ? list->items.items[index] : NULL;
}

// The child of `from`; `origin` becomes that of its key or of itself when there is one.
static const Datum *step(const Datum *from, Str token, const Origin **origin)
{
    const Datum *child = NULL;
    if (from->kind == DATUM_LIST) {
        child = item_at(from, token);
    } else if (from->kind == DATUM_MAP) {
        for (size_t i = 0; i < from->entries.len; i++) {
            const DatumEntry *entry = &from->entries.items[i];
            if (!str_equal(entry->key, token))
                continue;
            child = entry->value;
            if (entry->origin)
                *origin = entry->origin;
        }
    }
    if (child && child->origin)
        *origin = child->origin;
    return child;
}

PointerTarget pointer_follow(Arena *arena, const Datum *root, Str pointer)
{
    PointerTarget target = {.origin = root->origin, .last = root};
    size_t at = 0;
    while (at < pointer.len) {
        size_t start = pointer.ptr[at] == '/' ? at + 1 : at;
        size_t end = str_find(pointer, STR("/"), start);
        if (end == SIZE_MAX)
            end = pointer.len;
        Str token = unescape(arena, str_slice(pointer, start, end));
        const Datum *child = step(target.last, token, &target.origin);
        if (!child)
            return target;
        target.last = child;
        target.reached = end;
        at = end;
    }
    target.value = target.last;
    return target;
}
