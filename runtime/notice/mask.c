#include "runtime/notice/mask.h"

#include "compiler/base/buf.h"
#include "compiler/base/vec.h"

enum { SHORTEST = 4 };

struct Mask {
    Arena *arena;
    Listener next;
    VEC(Str) secrets;
};

// The secret at the place, the longest of those that begin there; or STR_NONE.
static Str secret_at(const Mask *mask, Str text, size_t at)
{
    Str rest = str_slice(text, at, text.len);
    Str longest = STR_NONE;
    for (size_t i = 0; i < mask->secrets.len; i++)
        if (mask->secrets.items[i].len > longest.len && str_starts(rest, mask->secrets.items[i]))
            longest = mask->secrets.items[i];
    return longest;
}

static Str masked(const Mask *mask, Arena *scratch, Str text)
{
    Buf out;
    buf_init(&out, 0);
    for (size_t at = 0; at < text.len;) {
        Str secret = secret_at(mask, text, at);
        if (secret.len)
            buf_add_text(&out, "****");
        else
            buf_add_char(&out, text.ptr[at]);
        at += secret.len ? secret.len : 1;
    }
    Str result = text.len ? buf_copy(&out, scratch) : text;
    buf_release(&out);
    return result;
}

static void notify(void *context, const Notice *notice)
{
    const Mask *mask = context;
    if (!mask->secrets.len) {
        listener_notify(&mask->next, notice);
        return;
    }
    Arena *scratch = arena_new();
    Notice clean = *notice;
    Str *const texts[] = {&clean.reason, &clean.text, &clean.hint, &clean.physical_id};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = masked(mask, scratch, *texts[i]);
    listener_notify(&mask->next, &clean);
    arena_free(scratch);
}

Mask *mask_new(Arena *arena, Listener next)
{
    Mask *mask = ARENA_NEW(arena, Mask);
    mask->arena = arena;
    mask->next = next;
    return mask;
}

void mask_add(Mask *mask, Str secret)
{
    if (!mask || secret.len < SHORTEST)
        return;
    for (size_t i = 0; i < mask->secrets.len; i++)
        if (str_equal(mask->secrets.items[i], secret))
            return;
    VEC_ADD(mask->arena, &mask->secrets, str_copy(mask->arena, secret));
}

Listener mask_listener(Mask *mask)
{
    return (Listener){mask, notify};
}
