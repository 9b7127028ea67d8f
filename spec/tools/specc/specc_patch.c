// Corrections of AWS's schemas. A patch applies to a type, or to the node at a path of it; the
// nodes on the way are copied, so that no other type that shares them changes.
#include "spec/tools/specc/specc.h"

#include <string.h>

typedef struct Patch {
    Database *database;
    Lexer *lexer;
    Type *type;
    Str path;           // empty: the type itself
    Node *node;         // at the path
    Property *property; // that the path ends with; NULL for the root and items
    Node *parent;
    bool reasoned;
} Patch;

static Node *own_copy(Database *database, Node **slot)
{
    Node *copy = arena_copy(database->arena, node_behind(*slot), sizeof(Node));
    size_t size = copy->properties.len * sizeof *copy->properties.items;
    if (size) {
        copy->properties.items = arena_copy(database->arena, copy->properties.items, size);
        copy->properties.cap = copy->properties.len;
    }
    *slot = copy;
    return copy;
}

static Property *find_own_property(Node *node, Str name)
{
    for (size_t i = 0; i < node->properties.len; i++)
        if (str_equal(node->properties.items[i].name, name))
            return &node->properties.items[i];
    return NULL;
}

// Walks to the path, copying the nodes on the way.
static void open_path(Patch *patch)
{
    Node **slot = &patch->type->root;
    Node *node = own_copy(patch->database, slot);
    for (size_t start = 0; patch->path.len && start <= patch->path.len;) {
        size_t end = str_find(patch->path, STR("."), start);
        Str part = str_slice(patch->path, start, end);
        patch->property = str_is(part, "*") ? NULL : find_own_property(node, part);
        if (patch->property)
            slot = &patch->property->node;
        else if (str_is(part, "*") && node->items)
            slot = &node->items;
        else
            lexer_fail(patch->lexer, "'%.*s' has no '%.*s' on the way to '%.*s'",
                STR_FMT(patch->type->name), STR_FMT(part), STR_FMT(patch->path));
        patch->parent = node;
        node = own_copy(patch->database, slot);
        start = end == SIZE_MAX ? SIZE_MAX : end + 1;
    }
    patch->node = node;
}

static const struct {
    const char *word;
    uint32_t fields;
    uint32_t flags;
} drop_words[] = {
    {"pattern", 1U << FIELD_PATTERN, 0},
    {"format", 1U << FIELD_FORMAT, 0},
    {"values", 1U << FIELD_VALUES, NODE_IGNORE_CASE | NODE_GROWS},
    {"refused", 1U << FIELD_REFUSED, 0},
    {"length", 1U << FIELD_MIN_LENGTH | 1U << FIELD_MAX_LENGTH, 0},
    {"items", 1U << FIELD_MIN_ITEMS | 1U << FIELD_MAX_ITEMS, 0},
    {"size", 1U << FIELD_MIN_SIZE | 1U << FIELD_MAX_SIZE, 0},
    {"range", 1U << FIELD_MINIMUM | 1U << FIELD_MAXIMUM, 0},
    {"unique", 0, NODE_UNIQUE},
    {"closed", 0, NODE_CLOSED},
    {"conditions", 1U << FIELD_CONDITIONS, 0},
    {"one-of", 1U << FIELD_ONE_OF, 0},
    {"any-of", 1U << FIELD_ANY_OF, 0},
    {"all-of", 1U << FIELD_ALL_OF, 0},
    {"with", 1U << FIELD_WITH, 0},
    {"without", 1U << FIELD_WITHOUT, 0},
    {"exactly-one", 1U << FIELD_EXACTLY_ONE, 0},
    {"at-least-one", 1U << FIELD_AT_LEAST_ONE, 0},
};

static void drop_facts(Patch *patch)
{
    TextList words = {0};
    lexer_texts(patch->lexer, &words);
    for (size_t i = 0; i < words.len; i++) {
        size_t j = 0;
        while (j < sizeof drop_words / sizeof *drop_words &&
               !str_is(words.items[i], drop_words[j].word))
            j++;
        if (j == sizeof drop_words / sizeof *drop_words)
            lexer_fail(patch->lexer, "'%.*s' cannot be dropped", STR_FMT(words.items[i]));
        if (!(patch->node->fields & drop_words[j].fields) &&
            !(patch->node->types & drop_words[j].flags))
            lexer_fail(patch->lexer, "'%.*s' says no '%.*s': the patch is out of date",
                STR_FMT(patch->path), STR_FMT(words.items[i]));
        patch->node->fields &= ~drop_words[j].fields;
        patch->node->types &= ~drop_words[j].flags;
    }
}

static bool has_literal(const LiteralList *list, Str text)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_equal(list->items[i].text, text))
            return true;
    return false;
}

static void allow_values(Patch *patch)
{
    Arena *arena = patch->database->arena;
    LiteralList added = {0};
    LiteralList whole = {0};
    read_literals(patch->lexer, &added);
    if (!(patch->node->fields & 1U << FIELD_VALUES))
        lexer_fail(patch->lexer, "'%.*s' takes any value already", STR_FMT(patch->path));
    for (size_t i = 0; i < patch->node->values.len; i++)
        VEC_ADD(arena, &whole, patch->node->values.items[i]);
    for (size_t i = 0; i < added.len; i++) {
        if (has_literal(&whole, added.items[i].text))
            lexer_fail(patch->lexer, "'%.*s' is allowed already: the patch is out of date",
                STR_FMT(added.items[i].text));
        VEC_ADD(arena, &whole, added.items[i]);
    }
    patch->node->values = whole;
}

static void set_required(Patch *patch, bool required)
{
    if (!patch->property)
        lexer_fail(patch->lexer, "only a property can be required or optional");
    if (patch->property->required == required)
        lexer_fail(
            patch->lexer, "'%.*s' is so already: the patch is out of date", STR_FMT(patch->path));
    patch->property->required = required;
}

static void add_property(Patch *patch)
{
    Property property = {.name = lexer_text(patch->lexer, "a property")};
    if (find_own_property(patch->node, property.name))
        lexer_fail(patch->lexer, "'%.*s' is there already: the patch is out of date",
            STR_FMT(property.name));
    property.node = read_node(patch->lexer);
    VEC_ADD(patch->database->arena, &patch->node->properties, property);
    patch->node->fields |= 1U << FIELD_PROPERTIES;
}

// Before a statement that sets a flag which is set: the patch has become useless.
static void refuse_repeat(const Patch *patch)
{
    if (lexer_at_word(patch->lexer, "stateful") && (patch->type->flags & SCHEMA_TYPE_STATEFUL))
        lexer_fail(patch->lexer, "'%.*s' is stateful already: the patch is out of date",
            STR_FMT(patch->type->name));
}

static void read_change(Patch *patch)
{
    Lexer *lexer = patch->lexer;
    refuse_repeat(patch);
    if (lexer_take_word(lexer, "reason")) {
        patch->reasoned = lexer_text(lexer, "why, as a text").len > 0;
    } else if (lexer_take_word(lexer, "drop")) {
        drop_facts(patch);
    } else if (lexer_take_word(lexer, "allow")) {
        allow_values(patch);
    } else if (lexer_take_word(lexer, "grows")) {
        patch->node->types |= NODE_GROWS;
    } else if (lexer_take_word(lexer, "replace")) {
        *patch->node = *read_node(lexer);
    } else if (lexer_take_word(lexer, "require")) {
        set_required(patch, true);
    } else if (lexer_take_word(lexer, "optional")) {
        set_required(patch, false);
    } else if (lexer_take_word(lexer, "add")) {
        add_property(patch);
    } else if (patch->path.len || !read_type_statement(patch->database, lexer, patch->type)) {
        lexer_fail(lexer, "'%.*s' is no change", STR_FMT(lexer->value));
    }
}

static void read_patch(Database *database, Lexer *lexer)
{
    Patch patch = {.database = database, .lexer = lexer};
    Str name = lexer_text(lexer, "a type's name");
    patch.type = map_find(&database->types_by_name, name);
    if (!patch.type)
        lexer_fail(lexer, "there is no type '%.*s'", STR_FMT(name));
    if (lexer->token == TOKEN_WORD)
        patch.path = lexer_text(lexer, "a path");
    open_path(&patch);
    lexer_expect(lexer, '{');
    for (lexer_skip_lines(lexer); !lexer_take(lexer, '}'); lexer_skip_lines(lexer))
        read_change(&patch);
    if (!patch.reasoned)
        lexer_fail(lexer, "the patch of '%.*s' states no reason", STR_FMT(name));
    resolve_type_refs(database, patch.type);
}

void read_patches(Database *database, const char *file, Str text)
{
    Lexer lexer = {0};
    lexer_start(&lexer, database->arena, file, text);
    while (lexer.token != TOKEN_END) {
        if (!lexer_take_word(&lexer, "patch"))
            lexer_fail(&lexer, "found '%.*s', wanted patch", STR_FMT(lexer.value));
        read_patch(database, &lexer);
        lexer_skip_lines(&lexer);
    }
}
