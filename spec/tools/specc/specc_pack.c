// Trees to bytes. Every record and text is stored once: equal ones get equal offsets.
#define PCRE2_CODE_UNIT_WIDTH 8
#include "spec/tools/specc/specc.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef VEC(uint32_t) WordList;

typedef struct Packer {
    Arena *arena;
    WordList words; // header and records
    Buf texts;
    Map records;      // bytes of a record -> its offset + 1
    Map text_numbers; // text -> its number + 1
    Map usable;       // pattern -> whether PCRE2 takes it, 1 or 2
    size_t unusable;
    const Database *database;
} Packer;

static void *as_value(size_t number)
{
    return (void *)(uintptr_t)(number + 1);
}

static uint32_t pack_text(Packer *packer, Str text)
{
    if (!text.len)
        return 0;
    void *known = map_find(&packer->text_numbers, text);
    if (known)
        return (uint32_t)((uintptr_t)known - 1);
    size_t number = packer->texts.len;
    size_t rest = text.len;
    for (; rest >= 0x80; rest >>= 7)
        buf_add_char(&packer->texts, (char)(0x80 | (rest & 0x7F)));
    buf_add_char(&packer->texts, (char)rest);
    buf_add(&packer->texts, text);
    buf_add_char(&packer->texts, '\0');
    map_set(&packer->text_numbers, packer->arena, str_copy(packer->arena, text), as_value(number));
    return (uint32_t)number;
}

static uint32_t append_words(Packer *packer, const uint32_t *words, size_t count)
{
    uint32_t at = (uint32_t)(packer->words.len * sizeof(uint32_t));
    for (size_t i = 0; i < count; i++)
        VEC_ADD(packer->arena, &packer->words, words[i]);
    return at;
}

static uint32_t pack_words(Packer *packer, const uint32_t *words, size_t count)
{
    Str key = {(const char *)words, count * sizeof *words};
    void *known = map_find(&packer->records, key);
    if (known)
        return (uint32_t)((uintptr_t)known - 1);
    uint32_t at = append_words(packer, words, count);
    key.ptr = arena_copy(packer->arena, words, key.len);
    map_set(&packer->records, packer->arena, key, as_value(at));
    return at;
}

// A list: its count is put in front when it is packed.
static WordList list_start(Packer *packer, size_t count)
{
    WordList list = {.cap = 1 + 2 * count};
    list.items = ARENA_ARRAY(packer->arena, uint32_t, list.cap);
    list.items[list.len++] = (uint32_t)count;
    return list;
}

static void list_add(Packer *packer, WordList *list, uint32_t word)
{
    VEC_ADD(packer->arena, list, word);
}

static uint32_t list_pack(Packer *packer, const WordList *list)
{
    return list->items[0] ? pack_words(packer, list->items, list->len) : 0;
}

static uint32_t pack_texts(Packer *packer, const TextList *texts)
{
    WordList list = list_start(packer, texts->len);
    for (size_t i = 0; i < texts->len; i++)
        list_add(packer, &list, pack_text(packer, texts->items[i]));
    return list_pack(packer, &list);
}

static uint32_t pack_literals(Packer *packer, const LiteralList *literals)
{
    WordList list = list_start(packer, literals->len);
    for (size_t i = 0; i < literals->len; i++) {
        list_add(packer, &list, pack_text(packer, literals->items[i].text));
        list_add(packer, &list, literals->items[i].type);
    }
    return list_pack(packer, &list);
}

static uint32_t pack_number(Packer *packer, Str text)
{
    double value = strtod(text.ptr, NULL);
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    uint32_t words[] = {pack_text(packer, text), (uint32_t)bits, (uint32_t)(bits >> 32)};
    return pack_words(packer, words, 3);
}

// The same library with the same options as the program will use.
static bool pattern_usable(Packer *packer, Str pattern)
{
    void *known = map_find(&packer->usable, pattern);
    if (known)
        return (uintptr_t)known == 2;
    int code = 0;
    PCRE2_SIZE at = 0;
    pcre2_code *compiled = pcre2_compile(
        (PCRE2_SPTR)pattern.ptr, pattern.len, PCRE2_UTF | PCRE2_ALT_BSUX, &code, &at, NULL);
    packer->unusable += !compiled;
    map_set(&packer->usable, packer->arena, pattern, (void *)(uintptr_t)(compiled ? 2 : 1));
    bool usable = compiled != NULL;
    pcre2_code_free(compiled);
    return usable;
}

static uint32_t pack_node(Packer *packer, Node *node);

static int compare_properties(const void *a, const void *b)
{
    return str_compare(((const Property *)a)->name, ((const Property *)b)->name);
}

static uint32_t pack_properties(Packer *packer, PropertyList *properties)
{
    WordList list = list_start(packer, properties->len);
    if (properties->len)
        qsort(properties->items, properties->len, sizeof(Property), compare_properties);
    for (size_t i = 0; i < properties->len; i++) {
        const Property *property = &properties->items[i];
        if (i && str_equal(property->name, property[-1].name)) {
            fprintf(stderr, "specc: property '%.*s' stands twice\n", STR_FMT(property->name));
            exit(1);
        }
        uint32_t flags = (property->required ? PROPERTY_REQUIRED : 0) |
                         (property->deprecated ? PROPERTY_DEPRECATED : 0) |
                         (uint32_t)property->update << PROPERTY_UPDATE_SHIFT;
        list_add(packer, &list, pack_text(packer, property->name));
        list_add(packer, &list, pack_node(packer, property->node) * 4 + flags);
    }
    return list_pack(packer, &list);
}

// All that must be there, those of the properties too.
static uint32_t pack_required(Packer *packer, const Node *node)
{
    TextList all = {0};
    for (size_t i = 0; i < node->properties.len; i++)
        if (node->properties.items[i].required)
            VEC_ADD(packer->arena, &all, node->properties.items[i].name);
    for (size_t i = 0; i < node->required.len; i++)
        VEC_ADD(packer->arena, &all, node->required.items[i]);
    return pack_texts(packer, &all);
}

static uint32_t pack_keys(Packer *packer, const KeyList *keys)
{
    WordList list = list_start(packer, keys->len);
    for (size_t i = 0; i < keys->len; i++) {
        list_add(packer, &list, pack_text(packer, keys->items[i].pattern));
        list_add(packer, &list, pattern_usable(packer, keys->items[i].pattern));
        list_add(packer, &list, pack_node(packer, keys->items[i].node));
    }
    return list_pack(packer, &list);
}

static uint32_t pack_dependencies(Packer *packer, const DependencyList *dependencies)
{
    WordList list = list_start(packer, dependencies->len);
    for (size_t i = 0; i < dependencies->len; i++) {
        list_add(packer, &list, pack_text(packer, dependencies->items[i].name));
        list_add(packer, &list, pack_texts(packer, &dependencies->items[i].others));
    }
    return list_pack(packer, &list);
}

static uint32_t pack_nodes(Packer *packer, const NodeList *nodes)
{
    WordList list = list_start(packer, nodes->len);
    for (size_t i = 0; i < nodes->len; i++)
        list_add(packer, &list, pack_node(packer, nodes->items[i]));
    return list_pack(packer, &list);
}

static uint32_t pack_conditions(Packer *packer, const ConditionList *conditions)
{
    WordList list = list_start(packer, conditions->len);
    for (size_t i = 0; i < conditions->len; i++) {
        const Condition *condition = &conditions->items[i];
        list_add(packer, &list, pack_node(packer, condition->if_node));
        list_add(packer, &list, condition->then_node ? pack_node(packer, condition->then_node) : 0);
        list_add(packer, &list, condition->else_node ? pack_node(packer, condition->else_node) : 0);
    }
    return list_pack(packer, &list);
}

static uint32_t types_word(Packer *packer, const Node *node)
{
    bool bad = (node->fields & 1U << FIELD_PATTERN) && !pattern_usable(packer, node->pattern);
    return node->types | (bad ? NODE_PATTERN_UNUSABLE : 0);
}

static uint32_t pack_field(Packer *packer, Node *node, int field)
{
    switch (field) {
    case FIELD_TYPES:
        return types_word(packer, node);
    case FIELD_PROPERTIES:
        return pack_properties(packer, &node->properties);
    case FIELD_REQUIRED:
        return pack_required(packer, node);
    case FIELD_VALUES:
        return pack_literals(packer, &node->values);
    case FIELD_REFUSED:
        return pack_literals(packer, &node->refused);
    case FIELD_CONSTANT:
        return pack_literals(packer, &node->constant);
    case FIELD_PATTERN:
        return pack_text(packer, node->pattern);
    case FIELD_FORMAT:
        return pack_text(packer, node->format);
    case FIELD_ITEMS:
        return pack_node(packer, node->items);
    case FIELD_ADDITIONAL:
        return pack_node(packer, node->additional);
    case FIELD_NOT:
        return pack_node(packer, node->not_node);
    case FIELD_MINIMUM:
    case FIELD_MAXIMUM:
    case FIELD_EXCLUSIVE_MINIMUM:
    case FIELD_EXCLUSIVE_MAXIMUM:
    case FIELD_MULTIPLE:
        return pack_number(packer, node->numbers[field]);
    case FIELD_KEYS:
        return pack_keys(packer, &node->keys);
    case FIELD_WITH:
    case FIELD_WITHOUT:
    case FIELD_EXACTLY_ONE:
    case FIELD_AT_LEAST_ONE:
        return pack_dependencies(packer, &node->dependencies[field - FIELD_WITH]);
    case FIELD_ABSENT:
        return pack_texts(packer, &node->absent);
    case FIELD_ONE_OF:
    case FIELD_ANY_OF:
    case FIELD_ALL_OF:
        return pack_nodes(packer, &node->branches[field - FIELD_ONE_OF]);
    case FIELD_CONDITIONS:
        return pack_conditions(packer, &node->conditions);
    default:
        return node->counts[field]; // lengths, items and sizes
    }
}

static uint32_t fields_of(const Node *node)
{
    uint32_t fields = node->fields | 1U << FIELD_TYPES;
    for (size_t i = 0; i < node->properties.len; i++)
        if (node->properties.items[i].required)
            fields |= 1U << FIELD_REQUIRED;
    return node->required.len ? fields | 1U << FIELD_REQUIRED : fields;
}

static uint32_t pack_fields(Packer *packer, Node *node, bool cyclic)
{
    uint32_t words[FIELD_COUNT + 1] = {fields_of(node)};
    size_t count = 1;
    for (int field = 0; field < FIELD_COUNT; field++)
        count += words[0] >> field & 1;
    // A node of a cycle needs its place before what is below it is known.
    if (cyclic)
        node->packed = append_words(packer, words, count);
    size_t next = 1;
    for (int field = 0; field < FIELD_COUNT; field++)
        if (words[0] >> field & 1)
            words[next++] = pack_field(packer, node, field);
    if (cyclic)
        memcpy(packer->words.items + node->packed / sizeof(uint32_t), words, count * sizeof *words);
    else
        node->packed = pack_words(packer, words, count);
    return node->packed;
}

static uint32_t pack_node(Packer *packer, Node *node)
{
    bool cyclic = false;
    for (int hops = 0; node->def; hops++) {
        if (hops == 32) {
            fprintf(stderr, "specc: '%.*s' is nothing but itself\n", STR_FMT(node->ref));
            exit(1);
        }
        cyclic = node->def->cyclic;
        node = node->def->node;
    }
    return node->packed ? node->packed : pack_fields(packer, node, cyclic);
}

// ---- types ----

static SchemaTagKind tag_kind(Node *tags, Str *key, Str *value)
{
    static const char *const names[][2] = {
        {"Key", "Value"}, {"TagKey", "TagValue"}, {"key", "value"}};
    if (!tags)
        return SCHEMA_TAGS_NONE;
    Node *item = tags->items ? node_behind(tags->items) : NULL;
    if (!item)
        return tags->types & SCHEMA_OBJECT ? SCHEMA_TAGS_MAP : SCHEMA_TAGS_NONE;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        *key = str_of(names[i][0]);
        *value = str_of(names[i][1]);
        if (node_at(item, *key) && node_at(item, *value))
            return node_at(item, STR("PropagateAtLaunch")) ? SCHEMA_TAGS_PROPAGATE
                                                           : SCHEMA_TAGS_LIST;
    }
    *key = *value = STR_NONE;
    return SCHEMA_TAGS_NONE;
}

static bool lists(const TextList *list, Str text)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_equal(list->items[i], text))
            return true;
    return false;
}

static void pack_tags(Packer *packer, const Type *type, uint32_t *words)
{
    Str key = STR_NONE;
    Str value = STR_NONE;
    if (!type->tags.len || lists(&type->paths[SCHEMA_READ_ONLY], type->tags))
        return;
    SchemaTagKind kind = tag_kind(node_behind(node_at(type->root, type->tags)), &key, &value);
    if (kind == SCHEMA_TAGS_NONE)
        return;
    words[TYPE_TAGS_KIND] = kind;
    words[TYPE_TAGS_PROPERTY] = pack_text(packer, type->tags);
    words[TYPE_TAGS_KEY] = pack_text(packer, key);
    words[TYPE_TAGS_VALUE] = pack_text(packer, value);
}

static void pack_ref(Packer *packer, const Type *type, uint32_t *words)
{
    const TextList *id = &type->paths[SCHEMA_PRIMARY_IDENTIFIER];
    const TextList *source = type->ref.len ? &type->ref : id;
    if (!source->len)
        return;
    words[TYPE_REF_KIND] = type->ref.len == 1 ? SCHEMA_REF_PROPERTY : SCHEMA_REF_IDENTIFIER;
    if (source->len != 1)
        return;
    Node *node = node_at(type->root, source->items[0]);
    words[TYPE_REF_PROPERTY] = pack_text(packer, source->items[0]);
    words[TYPE_REF_NODE] = node ? pack_node(packer, node) : 0;
}

static int compare_attributes(const void *a, const void *b)
{
    return str_compare(((const AttributeText *)a)->name, ((const AttributeText *)b)->name);
}

static uint32_t pack_attributes(Packer *packer, Type *type)
{
    WordList list = list_start(packer, type->attributes.len);
    if (type->attributes.len)
        qsort(type->attributes.items, type->attributes.len, sizeof(AttributeText),
            compare_attributes);
    for (size_t i = 0; i < type->attributes.len; i++) {
        const AttributeText *attribute = &type->attributes.items[i];
        Node *node = node_at(type->root, attribute->name);
        list_add(packer, &list, pack_text(packer, attribute->name));
        list_add(packer, &list, attribute->types | attribute->item_types << 8);
        list_add(packer, &list, node ? pack_node(packer, node) : 0);
    }
    return list_pack(packer, &list);
}

static void pack_regions(const Database *database, const Type *type, uint32_t *words)
{
    if (!type->only && !type->regions.len)
        words[TYPE_REGIONS] = words[TYPE_REGIONS + 1] = UINT32_MAX;
    for (size_t i = 0; i < database->regions.len && type->regions.len; i++)
        if (lists(&type->regions, database->regions.items[i]) == type->only)
            words[TYPE_REGIONS + i / 32] |= 1U << i % 32;
}

// What AWS says of the type's future, for people.
static Str lifecycle_note(Packer *packer, const Type *type)
{
    Str day = type->lifecycle_date;
    const char *on = day.len ? " on " : "";
    if (str_is(type->lifecycle, "shutdown"))
        return str_format(packer->arena, "AWS shut this service down%s%.*s", on, STR_FMT(day));
    if (str_is(type->lifecycle, "sunset"))
        return str_format(packer->arena, "AWS is ending this service%s%.*s", on, STR_FMT(day));
    return str_format(packer->arena,
        "AWS only maintains this%s%.*s: no new features, often no new "
        "customers",
        day.len ? " since " : "", STR_FMT(day));
}

static void pack_lifecycle(Packer *packer, const Type *type, uint32_t *words)
{
    words[TYPE_FLAGS] = type->flags;
    if (type->lifecycle.len)
        words[TYPE_FLAGS] |= SCHEMA_TYPE_DEPRECATED;
    if (str_is(type->lifecycle, "shutdown"))
        words[TYPE_FLAGS] |= SCHEMA_TYPE_NOT_CREATABLE;
    Str note = type->note;
    if (!note.len && type->lifecycle.len)
        note = lifecycle_note(packer, type);
    words[TYPE_NOTE] = pack_text(packer, note);
}

// Marks that only top-level paths carry.
static void mark_deprecated(Type *type)
{
    for (size_t i = 0; i < type->root->properties.len; i++) {
        Property *property = &type->root->properties.items[i];
        property->deprecated = lists(&type->paths[SCHEMA_DEPRECATED], property->name);
    }
}

static uint32_t pack_type(Packer *packer, Type *type)
{
    uint32_t words[TYPE_WORDS] = {0};
    mark_deprecated(type);
    words[TYPE_NAME] = pack_text(packer, type->name);
    words[TYPE_ROOT] = pack_node(packer, type->root);
    pack_lifecycle(packer, type, words);
    for (size_t i = 0; i < SCHEMA_PATHS_COUNT; i++)
        words[TYPE_PATHS + i] = pack_texts(packer, &type->paths[i]);
    pack_tags(packer, type, words);
    pack_ref(packer, type, words);
    words[TYPE_ATTRIBUTES] = pack_attributes(packer, type);
    pack_regions(packer->database, type, words);
    words[TYPE_PHYSICAL_NAME] = pack_text(packer, physical_name(packer->arena, type));
    words[TYPE_PAGE] = pack_text(packer, type->page);
    return append_words(packer, words, TYPE_WORDS);
}

static int compare_types(const void *a, const void *b)
{
    return str_compare((*(Type *const *)a)->name, (*(Type *const *)b)->name);
}

static int compare_runtimes(const void *a, const void *b)
{
    return str_compare(((const Runtime *)a)->fields[0], ((const Runtime *)b)->fields[0]);
}

static uint32_t pack_runtimes(Packer *packer, Database *database)
{
    WordList list = list_start(packer, database->runtimes.len);
    if (database->runtimes.len)
        qsort(database->runtimes.items, database->runtimes.len, sizeof(Runtime), compare_runtimes);
    for (size_t i = 0; i < database->runtimes.len; i++)
        for (size_t j = 0; j < 5; j++)
            list_add(packer, &list, pack_text(packer, database->runtimes.items[i].fields[j]));
    return list_pack(packer, &list);
}

static Bytes join(Packer *packer)
{
    Bytes bytes = {.unusable = packer->unusable};
    size_t head = packer->words.len * sizeof(uint32_t);
    bytes.len = head + packer->texts.len;
    packer->words.items[HEADER_SIZE] = (uint32_t)bytes.len;
    packer->words.items[HEADER_TEXTS] = (uint32_t)head;
    bytes.ptr = arena_alloc(packer->arena, bytes.len);
    memcpy(bytes.ptr, packer->words.items, head);
    memcpy(bytes.ptr + head, packer->texts.ptr, packer->texts.len);
    return bytes;
}

Bytes pack_database(Database *database)
{
    Packer packer = {.arena = database->arena, .database = database};
    uint32_t header[HEADER_WORDS] = {0};
    buf_init(&packer.texts, 0);
    buf_add(&packer.texts, (Str){"\0", 2}); // number 0: the empty text
    memcpy(header, LAYOUT_MAGIC, sizeof LAYOUT_MAGIC - 1);
    append_words(&packer, header, HEADER_WORDS);
    qsort(database->types.items, database->types.len, sizeof(Type *), compare_types);
    WordList list = list_start(&packer, database->types.len);
    for (size_t i = 0; i < database->types.len; i++)
        list_add(&packer, &list, pack_type(&packer, database->types.items[i]));
    packer.words.items[HEADER_TYPES] = list_pack(&packer, &list);
    uint32_t regions = pack_texts(&packer, &database->regions);
    packer.words.items[HEADER_REGIONS] = regions;
    uint32_t runtimes = pack_runtimes(&packer, database);
    packer.words.items[HEADER_RUNTIMES] = runtimes;
    Bytes bytes = join(&packer);
    buf_release(&packer.texts);
    return bytes;
}
