// The difference of two values.
#include "runtime/plan/plan_priv.h"

enum { SMALL_MAP = 16, ALIGNED_DEPTH = 8 };

// Finds keys of one map: mostly the next one is wanted, and large maps get an index.
typedef struct KeyFinder {
    const Datum *map;
    size_t next;
    Map index;
} KeyFinder;

typedef struct Comparison {
    Arena *arena;
    Buf path;     // where the walk is
    size_t lists; // it is in
    const SchemaTags *tags;
    PlanDifferences *differences;
} Comparison;

static const Datum *find_key(KeyFinder *finder, Arena *arena, Str key)
{
    const Datum *map = finder->map;
    if (finder->next < map->entries.len && str_equal(map->entries.items[finder->next].key, key))
        return map->entries.items[finder->next++].value;
    if (map->entries.len <= SMALL_MAP)
        return datum_get(map, key);
    for (size_t i = 0; !finder->index.len && i < map->entries.len; i++)
        map_set(&finder->index, arena, map->entries.items[i].key, &map->entries.items[i]);
    const DatumEntry *entry = map_find(&finder->index, key);
    if (!entry)
        return NULL;
    finder->next = (size_t)(entry - map->entries.items) + 1;
    return entry->value;
}

// ---- equality ----

// CloudFormation hands every scalar on as a text. Empty for what is none.
static Str scalar_text(const Datum *datum)
{
    switch (datum->kind) {
    case DATUM_STRING:
    case DATUM_NUMBER:
        return datum->text;
    case DATUM_BOOL:
        return datum->boolean ? STR("true") : STR("false");
    case DATUM_NULL:
    case DATUM_LIST:
    case DATUM_MAP:
    case DATUM_COUNT:
        break;
    }
    return STR_NONE;
}

// Keys may stand in another order, which means nothing.
static bool same_maps(const Datum *before, const Datum *after)
{
    if (before->entries.len != after->entries.len)
        return false;
    for (size_t i = 0; i < before->entries.len; i++) {
        const DatumEntry *entry = &before->entries.items[i];
        const DatumEntry *other = &after->entries.items[i];
        const Datum *value = other->value;
        if (!str_equal(other->key, entry->key)) {
            // Large maps in another order are gone through key by key, when they are compared.
            if (before->entries.len > SMALL_MAP)
                return false;
            value = datum_get(after, entry->key);
        }
        if (!plan_same(entry->value, value))
            return false;
    }
    return true;
}

bool plan_same(const Datum *before, const Datum *after)
{
    if (before == after)
        return true;
    if (!before || !after)
        return false;
    if (before->kind == DATUM_MAP && after->kind == DATUM_MAP)
        return same_maps(before, after) || plan_same_text(before, after);
    if (before->kind == DATUM_LIST && after->kind == DATUM_LIST) {
        if (before->items.len != after->items.len)
            return false;
        for (size_t i = 0; i < before->items.len; i++)
            if (!plan_same(before->items.items[i], after->items.items[i]))
                return false;
        return true;
    }
    if (before->kind == DATUM_MAP || after->kind == DATUM_MAP)
        return plan_same_text(before, after);
    Str left = scalar_text(before), right = scalar_text(after);
    return left.ptr && right.ptr ? str_equal(left, right)
                                 : before->kind == after->kind && before->kind == DATUM_NULL;
}

bool plan_is_function(const Datum *datum)
{
    const DatumEntry *only = datum_only_entry(datum);
    return only && (str_is(only->key, "Ref") || str_starts(only->key, STR("Fn::")));
}

void plan_add_key(Buf *path, Str key)
{
    buf_add_char(path, '/');
    bool plain = !key.len || (!memchr(key.ptr, '~', key.len) && !memchr(key.ptr, '/', key.len));
    if (plain)
        buf_add(path, key);
    for (size_t i = 0; !plain && i < key.len; i++) {
        if (key.ptr[i] == '~')
            buf_add_text(path, "~0");
        else if (key.ptr[i] == '/')
            buf_add_text(path, "~1");
        else
            buf_add_char(path, key.ptr[i]);
    }
}

Str plan_join(Arena *arena, Str path, Str key)
{
    Buf joined;
    buf_init(&joined, 0);
    buf_add(&joined, path);
    plan_add_key(&joined, key);
    Str copy = buf_copy(&joined, arena);
    buf_release(&joined);
    return copy;
}

// ---- walking ----

static void differ(Comparison *comparison, const Datum *before, const Datum *after)
{
    PlanDifference found = {buf_copy(&comparison->path, comparison->arena), before, after};
    VEC_ADD(comparison->arena, comparison->differences, found);
}

static void compare(Comparison *comparison, const Datum *before, const Datum *after);

static size_t enter(Comparison *comparison, Str key)
{
    size_t len = comparison->path.len;
    plan_add_key(&comparison->path, key);
    return len;
}

static void leave(Comparison *comparison, size_t len)
{
    comparison->path.len = len;
    comparison->path.ptr[len] = '\0';
}

static void compare_maps(Comparison *comparison, const Datum *before, const Datum *after)
{
    KeyFinder old = {.map = before}, new = {.map = after};
    for (size_t i = 0; i < after->entries.len; i++) {
        const DatumEntry *entry = &after->entries.items[i];
        size_t len = enter(comparison, entry->key);
        compare(comparison, find_key(&old, comparison->arena, entry->key), entry->value);
        leave(comparison, len);
    }
    for (size_t i = 0; i < before->entries.len; i++) {
        const DatumEntry *entry = &before->entries.items[i];
        if (find_key(&new, comparison->arena, entry->key))
            continue;
        size_t len = enter(comparison, entry->key);
        differ(comparison, entry->value, NULL);
        leave(comparison, len);
    }
}

// Lists of one length are compared by position. Of others, what both begin and end with is the
// same, so that an item that is put in or taken out shows as that and not as a change of all behind
// it: down to a depth, as the lists below are read again for it.
static void compare_lists(Comparison *comparison, const Datum *before, const Datum *after)
{
    size_t start = 0, old_end = before->items.len, new_end = after->items.len;
    bool aligned = old_end == new_end || comparison->lists > ALIGNED_DEPTH;
    while (!aligned && start < old_end && start < new_end &&
           plan_same(before->items.items[start], after->items.items[start]))
        start++;
    while (!aligned && old_end > start && new_end > start &&
           plan_same(before->items.items[old_end - 1], after->items.items[new_end - 1])) {
        old_end--;
        new_end--;
    }
    comparison->lists++;
    for (size_t i = start; i < new_end || i < old_end; i++) {
        size_t len = comparison->path.len;
        buf_add_char(&comparison->path, '/');
        buf_add_number(&comparison->path, i);
        compare(comparison, i < old_end ? before->items.items[i] : NULL,
            i < new_end ? after->items.items[i] : NULL);
        leave(comparison, len);
    }
    comparison->lists--;
}

// ---- lists of tags ----

// The list as a map of key to whole tag; NULL when it is no plain list of tags.
static const Datum *tags_by_key(Arena *arena, const Datum *list, Str key_name)
{
    Datum *map = datum_map(arena, NULL);
    Map seen = {0};
    for (size_t i = 0; i < list->items.len; i++) {
        const Datum *key = datum_get(list->items.items[i], key_name);
        if (!key || key->kind != DATUM_STRING || map_set(&seen, arena, key->text, &seen))
            return NULL;
        datum_put(arena, map, key->text, NULL, list->items.items[i]);
    }
    return map;
}

// Tags have no order: each is one value at the path of its key.
static bool compare_tags(Comparison *comparison, const Datum *before, const Datum *after)
{
    const SchemaTags *tags = comparison->tags;
    if (!tags || (tags->kind != SCHEMA_TAGS_LIST && tags->kind != SCHEMA_TAGS_PROPAGATE))
        return false;
    Str path = buf_str(&comparison->path);
    Str name = str_slice(path, sizeof "/Properties/" - 1, path.len);
    if (!str_starts(path, STR("/Properties/")) || !str_equal(name, tags->property))
        return false;
    const Datum *old = tags_by_key(comparison->arena, before, tags->key_name);
    const Datum *new = tags_by_key(comparison->arena, after, tags->key_name);
    if (!old || !new)
        return false;
    compare_maps(comparison, old, new);
    return true;
}

static void compare(Comparison *comparison, const Datum *before, const Datum *after)
{
    if (!before || !after || before->kind != after->kind || plan_is_function(before) ||
        plan_is_function(after)) {
        if (!plan_same(before, after))
            differ(comparison, before, after);
    } else if (before->kind == DATUM_MAP) {
        compare_maps(comparison, before, after);
    } else if (before->kind == DATUM_LIST) {
        if (!compare_tags(comparison, before, after))
            compare_lists(comparison, before, after);
    } else if (!plan_same(before, after)) {
        differ(comparison, before, after);
    }
}

void plan_compare(Arena *arena, Str path, const Datum *before, const Datum *after,
    const SchemaTags *tags, PlanDifferences *differences)
{
    Comparison comparison = {.arena = arena, .tags = tags, .differences = differences};
    buf_init(&comparison.path, 0);
    buf_add(&comparison.path, path);
    compare(&comparison, before, after);
    buf_release(&comparison.path);
}
