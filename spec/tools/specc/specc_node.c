// Nodes of the text form: terms, then perhaps a block of properties and conditions.
#include "spec/tools/specc/specc.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word;
    unsigned type;
} type_names[] = {{"string", SCHEMA_STRING}, {"integer", SCHEMA_INTEGER}, {"number", SCHEMA_NUMBER},
    {"boolean", SCHEMA_BOOLEAN}, {"object", SCHEMA_OBJECT}, {"list", SCHEMA_LIST},
    {"null", SCHEMA_NULL}};

unsigned type_words(Str word)
{
    unsigned types = 0;
    for (size_t start = 0; start <= word.len;) {
        size_t end = str_find(word, STR("|"), start);
        Str part = str_slice(word, start, end);
        unsigned type = 0;
        for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
            if (str_is(part, type_names[i].word))
                type = type_names[i].type;
        if (!type)
            return 0;
        types |= type;
        if (end == SIZE_MAX)
            break;
        start = end + 1;
    }
    return types;
}

static unsigned number_type(Str text)
{
    char *end = NULL;
    char copy[64] = {0};
    if (!text.len || text.len >= sizeof copy || !strchr("-0123456789", text.ptr[0]))
        return 0;
    memcpy(copy, text.ptr, text.len);
    strtod(copy, &end);
    if (*end)
        return 0;
    return strpbrk(copy, ".eE") ? SCHEMA_NUMBER : SCHEMA_INTEGER;
}

static SchemaLiteral read_literal(Lexer *lexer)
{
    SchemaLiteral literal = {SCHEMA_STRING, lexer->value};
    if (lexer->token == TOKEN_WORD) {
        unsigned number = number_type(literal.text);
        if (number)
            literal.type = number;
        else if (str_is(literal.text, "true") || str_is(literal.text, "false"))
            literal.type = SCHEMA_BOOLEAN;
        else if (str_is(literal.text, "null"))
            literal.type = SCHEMA_NULL;
    }
    lexer_text(lexer, "a value");
    return literal;
}

void read_literals(Lexer *lexer, LiteralList *list)
{
    lexer_expect(lexer, '(');
    for (;;) {
        lexer_skip_lines(lexer);
        if (lexer_take(lexer, ')'))
            return;
        SchemaLiteral literal = read_literal(lexer);
        VEC_ADD(lexer->arena, list, literal);
    }
}

static void set_count(Lexer *lexer, Node *node, int field, Str text)
{
    if (!text.len)
        return;
    if (number_type(text) != SCHEMA_INTEGER)
        lexer_fail(lexer, "'%.*s' is no count", STR_FMT(text));
    Str copy = str_copy(lexer->arena, text);
    double value = strtod(copy.ptr, NULL);
    // AWS states bounds beyond any that matter; they say nothing.
    if (value > UINT32_MAX)
        return;
    node->counts[field] = value < 0 ? 0 : (uint32_t)value;
    node->fields |= 1U << field;
}

static void set_number(Lexer *lexer, Node *node, int field, Str text)
{
    if (!text.len)
        return;
    if (!number_type(text))
        lexer_fail(lexer, "'%.*s' is no number", STR_FMT(text));
    node->numbers[field] = str_copy(lexer->arena, text);
    node->fields |= 1U << field;
}

// `low..high`, either of which may be missing.
static void read_bounds(
    Lexer *lexer, Node *node, int low, int high, void (*set)(Lexer *, Node *, int, Str))
{
    Str text = lexer_text(lexer, "bounds");
    size_t dots = str_find(text, STR(".."), 0);
    if (dots == SIZE_MAX)
        lexer_fail(lexer, "'%.*s' are no bounds: low..high", STR_FMT(text));
    set(lexer, node, low, str_slice(text, 0, dots));
    set(lexer, node, high, str_slice(text, dots + 2, text.len));
}

static const struct {
    const char *word;
    int low;
    int high;
    bool count;
} bound_words[] = {
    {"length", FIELD_MIN_LENGTH, FIELD_MAX_LENGTH, true},
    {"items", FIELD_MIN_ITEMS, FIELD_MAX_ITEMS, true},
    {"size", FIELD_MIN_SIZE, FIELD_MAX_SIZE, true},
    {"range", FIELD_MINIMUM, FIELD_MAXIMUM, false},
};

static const struct {
    const char *word;
    int field;
} number_words[] = {
    {"above", FIELD_EXCLUSIVE_MINIMUM},
    {"below", FIELD_EXCLUSIVE_MAXIMUM},
    {"multiple", FIELD_MULTIPLE},
};

static const struct {
    const char *word;
    uint32_t flag;
} flag_words[] = {
    {"unique", NODE_UNIQUE},
    {"closed", NODE_CLOSED},
    {"grows", NODE_GROWS},
};

static bool read_bound_term(Lexer *lexer, Node *node)
{
    for (size_t i = 0; i < sizeof bound_words / sizeof *bound_words; i++) {
        if (!lexer_take_word(lexer, bound_words[i].word))
            continue;
        read_bounds(lexer, node, bound_words[i].low, bound_words[i].high,
            bound_words[i].count ? set_count : set_number);
        return true;
    }
    for (size_t i = 0; i < sizeof number_words / sizeof *number_words; i++) {
        if (!lexer_take_word(lexer, number_words[i].word))
            continue;
        set_number(lexer, node, number_words[i].field, lexer_text(lexer, "a number"));
        return true;
    }
    for (size_t i = 0; i < sizeof flag_words / sizeof *flag_words; i++) {
        if (!lexer_take_word(lexer, flag_words[i].word))
            continue;
        node->types |= flag_words[i].flag;
        return true;
    }
    return false;
}

static void add_values(Lexer *lexer, Node *node, int field, LiteralList *list)
{
    read_literals(lexer, list);
    node->fields |= 1U << field;
}

static bool read_value_term(Lexer *lexer, Node *node)
{
    if (lexer_take_word(lexer, "in")) {
        add_values(lexer, node, FIELD_VALUES, &node->values);
    } else if (lexer_take_word(lexer, "in-any-case")) {
        node->types |= NODE_IGNORE_CASE;
        add_values(lexer, node, FIELD_VALUES, &node->values);
    } else if (lexer_take_word(lexer, "not-in")) {
        add_values(lexer, node, FIELD_REFUSED, &node->refused);
    } else if (lexer_take_word(lexer, "const")) {
        SchemaLiteral literal = read_literal(lexer);
        VEC_ADD(lexer->arena, &node->constant, literal);
        node->fields |= 1U << FIELD_CONSTANT;
    } else if (lexer_take_word(lexer, "pattern")) {
        node->pattern = lexer_text(lexer, "a pattern");
        node->fields |= 1U << FIELD_PATTERN;
    } else if (lexer_take_word(lexer, "format")) {
        node->format = lexer_text(lexer, "a format");
        node->fields |= 1U << FIELD_FORMAT;
    } else {
        return false;
    }
    return true;
}

static void read_property(Lexer *lexer, Node *node)
{
    static const char marks[] = "=~^";
    Property property = {0};
    Str name = lexer->value;
    Str suffix = STR_NONE;
    bool is_quoted = lexer->token == TOKEN_TEXT;
    lexer_text(lexer, "a property");
    if (is_quoted && lexer->glued) {
        suffix = lexer_text(lexer, "marks");
    } else if (!is_quoted) {
        size_t end = name.len;
        while (end && strchr("!=~^", name.ptr[end - 1]))
            end--;
        suffix = str_slice(name, end, name.len);
        name = str_slice(name, 0, end);
    }
    property.name = name;
    for (size_t i = 0; i < suffix.len; i++) {
        const char *mark = strchr(marks, suffix.ptr[i]);
        if (suffix.ptr[i] == '!')
            property.required = true;
        else if (mark)
            property.update = (SchemaUpdate)(SCHEMA_UPDATE_IN_PLACE + (mark - marks));
        else
            lexer_fail(lexer, "'%c' is no mark of a property", suffix.ptr[i]);
    }
    if (!name.len)
        lexer_fail(lexer, "found '%.*s', wanted a property", STR_FMT(lexer->value));
    property.node = read_node(lexer);
    VEC_ADD(lexer->arena, &node->properties, property);
    node->fields |= 1U << FIELD_PROPERTIES;
}

static void read_dependency(Lexer *lexer, Node *node, int field, bool named)
{
    Dependency dependency = {0};
    if (named)
        dependency.name = lexer_text(lexer, "a property");
    lexer_texts(lexer, &dependency.others);
    VEC_ADD(lexer->arena, &node->dependencies[field - FIELD_WITH], dependency);
    node->fields |= 1U << field;
}

static void read_branches(Lexer *lexer, Node *node, int field)
{
    lexer_expect(lexer, '{');
    for (lexer_skip_lines(lexer); !lexer_take(lexer, '}'); lexer_skip_lines(lexer))
        VEC_ADD(lexer->arena, &node->branches[field - FIELD_ONE_OF], read_node(lexer));
    node->fields |= 1U << field;
}

static Node *read_group(Lexer *lexer)
{
    lexer_expect(lexer, '(');
    Node *node = read_node(lexer);
    lexer_skip_lines(lexer);
    lexer_expect(lexer, ')');
    return node;
}

static void read_condition(Lexer *lexer, Node *node)
{
    Condition condition = {read_group(lexer), NULL, NULL};
    if (lexer_take_word(lexer, "then"))
        condition.then_node = read_group(lexer);
    if (lexer_take_word(lexer, "else"))
        condition.else_node = read_group(lexer);
    VEC_ADD(lexer->arena, &node->conditions, condition);
    node->fields |= 1U << FIELD_CONDITIONS;
}

static void read_key(Lexer *lexer, Node *node)
{
    KeyRule rule = {.pattern = lexer_text(lexer, "a pattern")};
    rule.node = read_node(lexer);
    VEC_ADD(lexer->arena, &node->keys, rule);
    node->fields |= 1U << FIELD_KEYS;
}

static const struct {
    const char *word;
    int field;
    bool named;
} dependency_words[] = {
    {".with", FIELD_WITH, true},
    {".without", FIELD_WITHOUT, true},
    {".exactly-one", FIELD_EXACTLY_ONE, false},
    {".at-least-one", FIELD_AT_LEAST_ONE, false},
};

static const char *const branch_words[] = {".one-of", ".any-of", ".all-of"};

static bool read_listed_entry(Lexer *lexer, Node *node)
{
    for (size_t i = 0; i < sizeof dependency_words / sizeof *dependency_words; i++) {
        if (!lexer_take_word(lexer, dependency_words[i].word))
            continue;
        read_dependency(lexer, node, dependency_words[i].field, dependency_words[i].named);
        return true;
    }
    for (int i = 0; i < 3; i++) {
        if (!lexer_take_word(lexer, branch_words[i]))
            continue;
        read_branches(lexer, node, FIELD_ONE_OF + i);
        return true;
    }
    return false;
}

static void read_entry(Lexer *lexer, Node *node)
{
    if (read_listed_entry(lexer, node))
        return;
    if (lexer_take_word(lexer, ".require")) {
        lexer_texts(lexer, &node->required);
    } else if (lexer_take_word(lexer, ".absent")) {
        lexer_texts(lexer, &node->absent);
        node->fields |= 1U << FIELD_ABSENT;
    } else if (lexer_take_word(lexer, ".not")) {
        node->not_node = read_node(lexer);
        node->fields |= 1U << FIELD_NOT;
    } else if (lexer_take_word(lexer, ".when")) {
        read_condition(lexer, node);
    } else if (lexer_take_word(lexer, ".key")) {
        read_key(lexer, node);
    } else if (lexer_take_word(lexer, ".other")) {
        node->additional = read_node(lexer);
        node->fields |= 1U << FIELD_ADDITIONAL;
    } else {
        read_property(lexer, node);
    }
}

static void read_block(Lexer *lexer, Node *node)
{
    lexer_expect(lexer, '{');
    for (lexer_skip_lines(lexer); !lexer_take(lexer, '}'); lexer_skip_lines(lexer))
        read_entry(lexer, node);
}

Node *read_node(Lexer *lexer)
{
    Node *node = ARENA_NEW(lexer->arena, Node);
    for (;;) {
        if (lexer_at(lexer, '{')) {
            read_block(lexer, node);
        } else if (lexer->token != TOKEN_WORD) {
            return node;
        } else if (lexer->value.ptr[0] == '@') {
            node->ref = str_slice(lexer->value, 1, lexer->value.len);
            lexer_next(lexer);
        } else if (lexer_take_word(lexer, "of")) {
            node->items = read_node(lexer);
            node->fields |= 1U << FIELD_ITEMS;
            return node;
        } else if (type_words(lexer->value)) {
            node->types |= type_words(lexer->value);
            lexer_next(lexer);
        } else if (!lexer_take_word(lexer, "any") && !read_bound_term(lexer, node) &&
                   !read_value_term(lexer, node)) {
            lexer_fail(lexer, "'%.*s' is no term of a node", STR_FMT(lexer->value));
        }
    }
}
