// Files of spec/resources: types, definitions, regions and runtimes.
#include "spec/tools/specc/specc.h"

static const struct {
    const char *word;
    SchemaPaths kind;
} path_words[] = {
    {"id", SCHEMA_PRIMARY_IDENTIFIER},
    {"read-only", SCHEMA_READ_ONLY},
    {"create-only", SCHEMA_CREATE_ONLY},
    {"may-replace", SCHEMA_CONDITIONAL_CREATE_ONLY},
    {"write-only", SCHEMA_WRITE_ONLY},
    {"deprecated", SCHEMA_DEPRECATED},
};

static const struct {
    const char *word;
    SchemaTypeFlag flag;
} flag_words[] = {
    {"stateful", SCHEMA_TYPE_STATEFUL},
    {"snapshot", SCHEMA_TYPE_CAN_SNAPSHOT},
    {"deletes-first", SCHEMA_TYPE_DELETES_FIRST},
};

static bool read_flag(Lexer *lexer, Type *type)
{
    for (size_t i = 0; i < sizeof path_words / sizeof *path_words; i++) {
        if (!lexer_take_word(lexer, path_words[i].word))
            continue;
        lexer_texts(lexer, &type->paths[path_words[i].kind]);
        return true;
    }
    for (size_t i = 0; i < sizeof flag_words / sizeof *flag_words; i++) {
        if (!lexer_take_word(lexer, flag_words[i].word))
            continue;
        type->flags |= flag_words[i].flag;
        return true;
    }
    return false;
}

static void read_attributes(Lexer *lexer, Type *type)
{
    lexer_expect(lexer, '{');
    for (lexer_skip_lines(lexer); !lexer_take(lexer, '}'); lexer_skip_lines(lexer)) {
        AttributeText attribute = {.name = lexer_text(lexer, "an attribute")};
        if (lexer->token == TOKEN_WORD) {
            attribute.types = type_words(lexer_text(lexer, "a type"));
            if (!attribute.types)
                lexer_fail(lexer, "the attribute's type is not known");
        }
        if (lexer_take_word(lexer, "of"))
            attribute.item_types = type_words(lexer_text(lexer, "a type"));
        VEC_ADD(lexer->arena, &type->attributes, attribute);
    }
}

static void read_lifecycle(Lexer *lexer, Type *type)
{
    type->lifecycle = lexer_text(lexer, "maintenance, sunset or shutdown");
    if (lexer->token == TOKEN_WORD)
        type->lifecycle_date = lexer_text(lexer, "a day");
}

bool read_type_statement(Database *database, Lexer *lexer, Type *type)
{
    (void)database;
    if (read_flag(lexer, type))
        return true;
    if (lexer_take_word(lexer, "ref")) {
        type->ref = (TextList){0};
        lexer_texts(lexer, &type->ref);
    } else if (lexer_take_word(lexer, "tags")) {
        type->tags = lexer_text(lexer, "a property");
    } else if (lexer_take_word(lexer, "lifecycle")) {
        read_lifecycle(lexer, type);
    } else if (lexer_take_word(lexer, "page")) {
        type->page = lexer_text(lexer, "a page");
    } else if (lexer_take_word(lexer, "not-creatable")) {
        type->flags |= SCHEMA_TYPE_NOT_CREATABLE;
        type->note = lexer_text(lexer, "why");
    } else if (lexer_at_word(lexer, "missing-in") || lexer_at_word(lexer, "only-in")) {
        type->only = lexer_at_word(lexer, "only-in");
        type->regions = (TextList){0};
        lexer_next(lexer);
        lexer_texts(lexer, &type->regions);
    } else if (lexer_take_word(lexer, "attributes")) {
        read_attributes(lexer, type);
    } else {
        return false;
    }
    return true;
}

static void read_type(Database *database, Lexer *lexer, Map *defs)
{
    Type *type = ARENA_NEW(database->arena, Type);
    type->name = lexer_text(lexer, "a type's name");
    type->defs = defs;
    if (map_set(&database->types_by_name, database->arena, type->name, type))
        lexer_fail(lexer, "'%.*s' was described before", STR_FMT(type->name));
    VEC_ADD(database->arena, &database->types, type);
    lexer_expect(lexer, '{');
    for (lexer_skip_lines(lexer); !lexer_take(lexer, '}'); lexer_skip_lines(lexer)) {
        if (lexer_take_word(lexer, "body"))
            type->root = read_node(lexer);
        else if (!read_type_statement(database, lexer, type))
            lexer_fail(lexer, "'%.*s' is no statement about a type", STR_FMT(lexer->value));
    }
    if (!type->root)
        lexer_fail(lexer, "'%.*s' has no body", STR_FMT(type->name));
}

static void read_def(Database *database, Lexer *lexer, Map *defs)
{
    Def *def = ARENA_NEW(database->arena, Def);
    def->name = lexer_text(lexer, "a definition's name");
    def->node = read_node(lexer);
    if (map_set(defs, database->arena, def->name, def))
        lexer_fail(lexer, "'%.*s' was defined before", STR_FMT(def->name));
    VEC_ADD(database->arena, &database->defs, def);
}

static void read_runtime(Database *database, Lexer *lexer)
{
    static const char *const words[] = {
        "deprecated", "create-blocked", "update-blocked", "successor"};
    Runtime runtime = {{lexer_text(lexer, "a runtime"), STR(""), STR(""), STR(""), STR("")}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (lexer_take_word(lexer, words[i]))
            runtime.fields[i + 1] = lexer_text(lexer, "a day or a runtime");
    VEC_ADD(database->arena, &database->runtimes, runtime);
}

void read_resources(Database *database, const char *file, Str text)
{
    Lexer lexer = {0};
    Map *defs = ARENA_NEW(database->arena, Map);
    lexer_start(&lexer, database->arena, file, text);
    while (lexer.token != TOKEN_END) {
        if (lexer_take_word(&lexer, "type"))
            read_type(database, &lexer, defs);
        else if (lexer_take_word(&lexer, "def"))
            read_def(database, &lexer, defs);
        else if (lexer_take_word(&lexer, "regions"))
            lexer_texts(&lexer, &database->regions);
        else if (lexer_take_word(&lexer, "runtime"))
            read_runtime(database, &lexer);
        else
            lexer_fail(
                &lexer, "found '%.*s', wanted type, def, regions or runtime", STR_FMT(lexer.value));
        if (lexer.token != TOKEN_LINE && lexer.token != TOKEN_END)
            lexer_fail(&lexer, "found '%.*s', wanted the end of the line", STR_FMT(lexer.value));
        lexer_skip_lines(&lexer);
    }
}
