#include "tests/unit/check/check_fixture.h"

static Datum *text_at(Arena *arena, const Origin *origin, const char *text)
{
    return datum_string(arena, origin, str_of(text));
}

// {"Resources": {"B": {"Type": …, "Properties": {"BucketNam": "x"}}}}, the property at `origin`.
static Stack stack_with_mistake(Fixture *fixture, const Origin *origin)
{
    Arena *arena = fixture->arena;
    Datum *properties = datum_map(arena, NULL);
    datum_put(arena, properties, STR("BucketNam"), origin, text_at(arena, origin, "x"));
    Datum *resource = datum_map(arena, NULL);
    datum_put(arena, resource, STR("Type"), NULL, text_at(arena, NULL, "AWS::S3::Bucket"));
    datum_put(arena, resource, STR("Properties"), NULL, properties);
    Datum *resources = datum_map(arena, NULL);
    datum_put(arena, resources, STR("B"), NULL, resource);
    Datum *template_ = datum_map(arena, NULL);
    datum_put(arena, template_, STR("Resources"), NULL, resources);
    return (Stack){.id = STR("main"), .name = STR("a"), .region = STR(""), .template_ = template_};
}

static Str check_stack(Fixture *fixture, const Stack *stack)
{
    CheckContext context = fixture_context(fixture);
    check_template(&context, stack);
    return fixture_findings(fixture, false, true);
}

static void test_instances_are_notes(void **state)
{
    (void)state;
    RegexCache *regexes = regex_cache_new();
    Fixture fixture = fixture_new(regexes);
    FileId file = sources_add(fixture.sources, STR("a.alt"), STR("one\ntwo\nthree\n"));
    Origin outer = {.span = {file, 8, 13}};
    Origin inner = {.span = {file, 4, 7}, .via = &outer, .instance = STR("Site")};
    Origin origin = {.span = {file, 0, 3}, .via = &inner, .instance = STR("Site.Cdn")};
    Stack stack = stack_with_mistake(&fixture, &origin);
    assert_string_equal(check_stack(&fixture, &stack).ptr,
        "3102 1:1 | 2:1 in the instance 'Site.Cdn' made here | 3:1 in the instance 'Site' made "
        "here | - did you mean 'BucketName'?");
    arena_free(fixture.arena);
    regex_cache_free(regexes);
}

static void test_suppressions(void **state)
{
    (void)state;
    RegexCache *regexes = regex_cache_new();
    Fixture fixture = fixture_new(regexes);
    FileId file = sources_add(fixture.sources, STR("a.alt"), STR("one\n"));
    bool used_outer = false;
    bool used_inner = false;
    Suppression outer = {.code = STR("ALT3102"), .used = &used_outer};
    Suppression inner = {.code = STR("ALT3105"), .outer = &outer, .used = &used_inner};
    Origin origin = {.span = {file, 0, 3}, .suppressions = &inner};
    Stack stack = stack_with_mistake(&fixture, &origin);
    assert_string_equal(check_stack(&fixture, &stack).ptr, "");
    assert_true(used_outer);
    assert_false(used_inner);
    arena_free(fixture.arena);
    regex_cache_free(regexes);
}

// What CloudFormation refuses beyond doubt cannot be silenced.
static void test_limits_are_not_suppressed(void **state)
{
    (void)state;
    RegexCache *regexes = regex_cache_new();
    Fixture fixture = fixture_new(regexes);
    bool used = false;
    Suppression suppression = {.code = STR("ALT6005"), .used = &used};
    Origin origin = {.suppressions = &suppression};
    Datum *template_ = fixture_read(&fixture, "{'Resources':{}}");
    Datum *resource = fixture_read(&fixture, "{'Type':'Custom::R'}");
    Datum *resources = datum_map(fixture.arena, NULL);
    datum_put(fixture.arena, resources, STR("a-b"), &origin, resource);
    template_->entries.items[0].value = resources;
    Stack stack = {.id = STR("main"), .name = STR("a"), .region = STR(""), .template_ = template_};
    assert_string_equal(check_stack(&fixture, &stack).ptr, "6005 -");
    assert_false(used);
    arena_free(fixture.arena);
    regex_cache_free(regexes);
}

// Without a database of types everything else is still checked.
static void test_without_schema(void **state)
{
    (void)state;
    Fixture fixture = fixture_new(NULL);
    Stack stack = {.id = STR("main"),
        .name = STR("a"),
        .region = STR(""),
        .template_ = fixture_read(&fixture,
            "{'Resources':{'A':{'Type':'AWS::S3::Buckett','Properties':{'X':{'Ref':'Nope'}}}}}")};
    CheckContext context = {fixture.arena, fixture.diags, NULL, {NULL, 0}};
    check_template(&context, &stack);
    assert_string_equal(fixture_findings(&fixture, false, false).ptr, "3200 1:71");
    arena_free(fixture.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instances_are_notes),
        cmocka_unit_test(test_suppressions),
        cmocka_unit_test(test_limits_are_not_suppressed),
        cmocka_unit_test(test_without_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
