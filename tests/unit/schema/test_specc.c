// The compiler of the type database, run on small texts.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compiler/schema/schema.h"

#define SPECC "build/gen/tools/specc"

typedef struct Fixture {
    char folder[64];
    Arena *arena;
    Schema schema;
} Fixture;

static int start(void **state)
{
    Fixture *fixture = calloc(1, sizeof *fixture);
    strcpy(fixture->folder, "/tmp/altc-specc-XXXXXX");
    fixture->arena = arena_new();
    *state = fixture;
    return mkdtemp(fixture->folder) ? 0 : -1;
}

static int finish(void **state)
{
    Fixture *fixture = *state;
    Str command = str_format(fixture->arena, "rm -rf '%s'", fixture->folder);
    int status = system(command.ptr);
    arena_free(fixture->arena);
    free(fixture);
    return status;
}

static const char *path_of(Fixture *fixture, const char *name)
{
    return str_format(fixture->arena, "%s/%s", fixture->folder, name).ptr;
}

static void write_text(Fixture *fixture, const char *name, const char *text)
{
    FILE *file = fopen(path_of(fixture, name), "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static Str read_back(Fixture *fixture, const char *name)
{
    FILE *file = fopen(path_of(fixture, name), "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *bytes = arena_alloc(fixture->arena, size + 1);
    assert_int_equal(fread(bytes, 1, size, file), size);
    fclose(file);
    return (Str){bytes, size};
}

// Exit status; a good database is opened.
static int run(void **state, const char *resources, const char *patches)
{
    Fixture *fixture = *state;
    if (access(SPECC, X_OK) != 0)
        skip();
    write_text(fixture, "a.txt", resources);
    write_text(fixture, "a.patch", patches);
    const char *folder = fixture->folder;
    Str command = str_format(fixture->arena,
        SPECC " %s/a.bin %s/a.c %s/a.txt --patches %s/a.patch > %s/out 2> %s/err", folder, folder,
        folder, folder, folder, folder);
    int status = system(command.ptr);
    if (status == 0) {
        Str bytes = read_back(fixture, "a.bin");
        assert_true(schema_open(bytes.ptr, bytes.len, &fixture->schema));
    }
    return status == 0 ? 0 : 1;
}

static bool complained(void **state, const char *text)
{
    return str_find(read_back(*state, "err"), str_of(text), 0) != SIZE_MAX;
}

static SchemaFacts facts_at(void **state, const char *path)
{
    SchemaType type = schema_find_type(((Fixture *)*state)->schema, STR("AWS::A::B"));
    assert_true(schema_type_exists(type));
    return schema_node_facts(schema_node_at_path(type, str_of(path)));
}

static void terms_are_read(void **state)
{
    assert_int_equal(run(state,
                         "# a comment\n"
                         "type AWS::A::B {\n"
                         "    body object closed {\n"
                         "        One! string length 2..5 pattern `^\\d+$`\n"
                         "        Two= integer|string range -1.5.. in (1 \"1\" two \"a b\")\n"
                         "        \"odd-name\"!^ list items ..3 unique of list of boolean\n"
                         "        Three object size 1.. {\n"
                         "            .key \"\\u0041\\n\" string\n"
                         "        }\n"
                         "        .with One (Two)\n"
                         "    }\n"
                         "}\n",
                         ""),
        0);
    SchemaFacts one = facts_at(state, "One");
    assert_int_equal(one.min_length.value, 2);
    assert_int_equal(one.max_length.value, 5);
    assert_true(str_is(one.pattern, "^\\d+$"));
    SchemaFacts two = facts_at(state, "Two");
    assert_int_equal(two.types, SCHEMA_INTEGER | SCHEMA_STRING);
    assert_true(two.minimum.present && two.minimum.value == -1.5);
    assert_false(two.maximum.present);
    assert_int_equal(two.values.len, 4);
    assert_int_equal(schema_literal_at(two.values, 0).type, SCHEMA_INTEGER);
    assert_int_equal(schema_literal_at(two.values, 1).type, SCHEMA_STRING);
    SchemaFacts odd = facts_at(state, "odd-name");
    assert_true(odd.unique_items);
    assert_int_equal(schema_node_facts(schema_node_facts(odd.items).items).types, SCHEMA_BOOLEAN);
    SchemaFacts three = facts_at(state, "Three");
    assert_true(str_is(schema_pattern_rule_at(three.pattern_properties, 0).pattern, "A\n"));
    SchemaFacts root = facts_at(state, "");
    assert_int_equal(root.required.len, 2);
    assert_int_equal(root.dependent_required.len, 1);
}

static void patterns_that_cannot_be_used_are_marked(void **state)
{
    assert_int_equal(
        run(state,
            "type AWS::A::B {\n    body object {\n        X string pattern `[\\w-.]`\n    }\n}\n",
            ""),
        0);
    assert_false(facts_at(state, "X").pattern_usable);
    assert_true(str_is(facts_at(state, "X").pattern, "[\\w-.]"));
}

static void definitions_may_be_cyclic(void **state)
{
    assert_int_equal(run(state,
                         "type AWS::A::B {\n    body object {\n        X @S\n    }\n}\n"
                         "def S object {\n    Not @S\n    And list of @T\n}\n"
                         "def T object {\n    S @S\n}\n",
                         ""),
        0);
    assert_int_equal(facts_at(state, "X.Not.Not.And.*.S.Not").types, SCHEMA_OBJECT);
}

static const char two_types[] = "type AWS::A::B {\n    body object {\n        X @D\n    }\n}\n"
                                "type AWS::A::C {\n    body object {\n        X @D\n    }\n}\n"
                                "def D object {\n    Y string in (a)\n}\n";

static void a_patch_changes_one_type_only(void **state)
{
    assert_int_equal(run(state, two_types,
                         "patch AWS::A::B X.Y {\n    reason \"why\"\n    allow (b)\n}\n"
                         "patch AWS::A::B {\n    reason \"why\"\n    stateful\n"
                         "    add Z integer\n}\n"
                         "patch AWS::A::B X.Y {\n    reason \"why\"\n    require\n}\n"),
        0);
    assert_int_equal(facts_at(state, "X.Y").values.len, 2);
    assert_int_equal(facts_at(state, "X").required.len, 1);
    assert_int_equal(facts_at(state, "Z").types, SCHEMA_INTEGER);
    SchemaType other = schema_find_type(((Fixture *)*state)->schema, STR("AWS::A::C"));
    SchemaFacts facts = schema_node_facts(schema_node_at_path(other, STR("X.Y")));
    assert_int_equal(facts.values.len, 1);
    assert_false(schema_type_has(other, SCHEMA_TYPE_STATEFUL));
}

static void bad_patches_are_refused(void **state)
{
    static const struct {
        const char *patch;
        const char *why;
    } rows[] = {
        {"patch AWS::A::X {\n    reason \"why\"\n}\n", "there is no type 'AWS::A::X'"},
        {"patch AWS::A::B X.Q {\n    reason \"why\"\n}\n", "has no 'Q'"},
        {"patch AWS::A::B {\n    stateful\n}\n", "states no reason"},
        {"patch AWS::A::B X.Y {\n    reason \"why\"\n    allow (a)\n}\n", "out of date"},
        {"patch AWS::A::B X.Y {\n    reason \"why\"\n    drop (pattern)\n}\n", "out of date"},
        {"patch AWS::A::B X.Y {\n    reason \"why\"\n    optional\n}\n", "out of date"},
        {"patch AWS::A::B X.Y {\n    reason \"why\"\n    stateful\n}\n", "is no change"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_not_equal(run(state, two_types, rows[i].patch), 0);
        assert_true(complained(state, rows[i].why));
        assert_true(complained(state, "a.patch:"));
    }
}

static void bad_texts_are_refused(void **state)
{
    static const struct {
        const char *text;
        const char *why;
    } rows[] = {
        {"type AWS::A::B {\n    body object {\n        X strin\n    }\n}\n", "'strin' is no term"},
        {"type AWS::A::B {\n    body object {\n        X @D\n    }\n}\n", "no definition 'D'"},
        {"type AWS::A::B {\n    id (X)\n}\n", "has no body"},
        {"type AWS::A::B {\n    body object {\n        X string\n        X any\n    }\n}\n",
            "twice"},
        {"type AWS::A::B {\n    body object\n}\ntype AWS::A::B {\n    body object\n}\n", "before"},
        {"type AWS::A::B {\n    body object {\n        X string pattern \"a\n", "does not end"},
        {"type AWS::A::B {\n    body object {\n        X string length 5\n    }\n}\n", "bounds"},
        {"nonsense\n", "found 'nonsense'"},
        {"", "types are missing"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_not_equal(run(state, rows[i].text, ""), 0);
        assert_true(complained(state, rows[i].why));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(terms_are_read, start, finish),
        cmocka_unit_test_setup_teardown(patterns_that_cannot_be_used_are_marked, start, finish),
        cmocka_unit_test_setup_teardown(definitions_may_be_cyclic, start, finish),
        cmocka_unit_test_setup_teardown(a_patch_changes_one_type_only, start, finish),
        cmocka_unit_test_setup_teardown(bad_patches_are_refused, start, finish),
        cmocka_unit_test_setup_teardown(bad_texts_are_refused, start, finish),
    };
    return cmocka_run_group_tests_name("specc", tests, NULL, NULL);
}
