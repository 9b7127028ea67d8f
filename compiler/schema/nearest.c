// Names of types near to a mistyped one.
#include <stdlib.h>

#include "compiler/schema/schema.h"

// Names are no longer than this; what is longer has no neighbours.
#define NAME_MAX_BYTES 128
#define NEAREST_MAX 16

typedef struct Candidate {
    size_t distance;
    size_t index;
} Candidate;

static Str lower_into(char *space, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        space[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return (Str){space, text.len};
}

// The part behind the last "::".
static Str last_part(Str name)
{
    Str part = name;
    for (size_t at = str_find(name, STR("::"), 0); at != SIZE_MAX;
         at = str_find(name, STR("::"), at + 2))
        part = str_slice(name, at + 2, name.len);
    return part;
}

// How far the type is from what was written; above `limit` it does not matter by how much.
static size_t distance_of(Str wanted, Str name, size_t limit)
{
    char space[NAME_MAX_BYTES];
    if (name.len > sizeof space)
        return limit + 1;
    Str folded = lower_into(space, name);
    size_t distance = str_distance(wanted, folded, limit);
    // The right type of a service that was not named, or named wrongly, is near too.
    Str wanted_kind = last_part(wanted);
    if (str_ends(folded, wanted) && folded.len > wanted.len + 2 &&
        folded.ptr[folded.len - wanted.len - 1] == ':')
        return 1;
    if (distance > 2 && wanted_kind.len > 3 && str_equal(wanted_kind, last_part(folded)))
        distance = 3;
    return distance;
}

static void add_candidate(Candidate *best, size_t *count, size_t max, Candidate candidate)
{
    size_t at = *count;
    while (at && best[at - 1].distance > candidate.distance)
        at--;
    if (at >= max)
        return;
    if (*count < max)
        (*count)++;
    for (size_t i = *count - 1; i > at; i--)
        best[i] = best[i - 1];
    best[at] = candidate;
}

size_t schema_nearest_types(Schema schema, Str name, Str *names, size_t max)
{
    char space[NAME_MAX_BYTES];
    Candidate best[NEAREST_MAX];
    size_t count = 0;
    if (name.len > sizeof space || !name.len || !max)
        return 0;
    max = max < NEAREST_MAX ? max : NEAREST_MAX;
    Str wanted = lower_into(space, name);
    size_t limit = name.len / 5 < 2 ? 2 : name.len / 5;
    limit = limit > 5 ? 5 : limit;
    for (size_t i = 0; i < schema_type_count(schema); i++) {
        size_t distance = distance_of(wanted, schema_type_name(schema_type_at(schema, i)), limit);
        if (distance <= limit)
            add_candidate(best, &count, max, (Candidate){distance, i});
    }
    for (size_t i = 0; i < count; i++)
        names[i] = schema_type_name(schema_type_at(schema, best[i].index));
    return count;
}
