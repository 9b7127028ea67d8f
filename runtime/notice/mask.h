// A listener before another one: what it knows as a secret does not get through. Services repeat
// values in what they say of them ("password 'hunter2' is too short"), and AWS passes it on.
#ifndef ALTC_NOTICE_MASK_H
#define ALTC_NOTICE_MASK_H

#include "compiler/base/arena.h"
#include "runtime/notice/notice.h"

typedef struct Mask Mask;

// Hands notices on to `next`, with "****" for each secret in `reason`, `text`, `hint` and
// `physical_id`. Lives in the arena.
Mask *mask_new(Arena *arena, Listener next);
// The text is copied; once more is fine. One of less than four bytes is no secret: it stands in
// ordinary words. `mask` may be NULL.
void mask_add(Mask *mask, Str secret);
Listener mask_listener(Mask *mask);

#endif
