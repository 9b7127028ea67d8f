// Which property gives a resource its physical name.
#include "spec/tools/specc/specc.h"

static bool lists(const TextList *list, Str text)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_equal(list->items[i], text))
            return true;
    return false;
}

// "AutoScalingGroup" of "AWS::AutoScaling::AutoScalingGroup", in lower case.
static Str short_name(Arena *arena, Str name)
{
    size_t start = 0;
    for (size_t at = str_find(name, STR("::"), 0); at != SIZE_MAX;
         at = str_find(name, STR("::"), start))
        start = at + 2;
    return str_lower(arena, str_slice(name, start, name.len));
}

// How well a property looks like the name of the type itself rather than of another resource it
// belongs to: 2 for what ends in Name, 1 for other identifiers, 0 for what does not.
static int name_likeness(Arena *arena, Str property, Str short_type)
{
    static const char *const suffixes[] = {"name", "identifier", "id"};
    Str text = str_lower(arena, property);
    if (str_is(text, "name"))
        return 2;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        Str suffix = str_of(suffixes[i]);
        if (!str_ends(text, suffix) || text.len == suffix.len)
            continue;
        Str kind = str_slice(text, 0, text.len - suffix.len);
        // What it begins with may be the resource that it belongs to.
        if (str_ends(short_type, kind))
            return i == 0 ? 2 : 1;
    }
    return str_ends(short_type, text) ? 1 : 0;
}

Str physical_name(Arena *arena, const Type *type)
{
    const TextList *created = &type->paths[SCHEMA_CREATE_ONLY];
    Str short_type = short_name(arena, type->name);
    Str best = STR_NONE;
    int best_rank = 0;
    for (size_t i = 0; i < created->len; i++) {
        Str path = created->items[i];
        Node *node = node_behind(node_at(type->root, path));
        if (str_find(path, STR("."), 0) != SIZE_MAX || !node || !(node->types & SCHEMA_STRING) ||
            lists(&type->paths[SCHEMA_READ_ONLY], path))
            continue;
        int rank = name_likeness(arena, path, short_type);
        bool in_id = lists(&type->paths[SCHEMA_PRIMARY_IDENTIFIER], path);
        // Outside of the identifier only what calls itself a name is taken for one.
        if (!rank || (rank == 1 && !in_id))
            continue;
        rank += in_id ? 2 : 0;
        if (rank > best_rank) {
            best = path;
            best_rank = rank;
        }
    }
    return best;
}
