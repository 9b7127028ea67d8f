// Logical ids renamed in a template that is deployed.
#include "runtime/deploy/rename.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "compiler/data/data.h"

static const Datum *read_yaml(Arena *arena, const char *text)
{
    DataContext context = {arena, sources_new(arena), diag_sink_new(arena)};
    const Datum *datum =
        data_read_yaml(&context, sources_add(context.sources, STR("t.yaml"), str_of(text)));
    assert_non_null(datum);
    return datum;
}

static Str json_of(Arena *arena, const Datum *datum)
{
    Buf text;
    buf_init(&text, 0);
    data_write_json(&text, datum);
    Str result = buf_copy(&text, arena);
    buf_release(&text);
    return result;
}

// Old is New now, and Red is Blue.
static Renames two_renames(Arena *arena)
{
    static ManifestRename moved[2];
    moved[0] = (ManifestRename){.stack = STR("main"), .from = STR("Old"), .to = STR("New")};
    moved[1] = (ManifestRename){.stack = STR("main"), .from = STR("Red"), .to = STR("Blue")};
    Renames renames = {0};
    VEC_ADD(arena, &renames, &moved[0]);
    VEC_ADD(arena, &renames, &moved[1]);
    return renames;
}

static void test_every_mention_is_renamed(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        const char *before; // the properties of a resource
        const char *after;
    } ROWS[] = {
        {"Ref", "{A: {Ref: Old}}", "{A: {Ref: New}}"},
        {"Ref of what stays", "{A: {Ref: Older}}", "{A: {Ref: Older}}"},
        {"GetAtt as a list", "{A: {'Fn::GetAtt': [Old, Arn]}}", "{A: {'Fn::GetAtt': [New, Arn]}}"},
        {"GetAtt with a function", "{A: {'Fn::GetAtt': [Old, {Ref: Red}]}}",
            "{A: {'Fn::GetAtt': [New, {Ref: Blue}]}}"},
        {"Sub", "{A: {'Fn::Sub': 'a ${Old} ${Red.Arn} ${AWS::Region} ${!Old} ${Older} ${Old'}}",
            "{A: {'Fn::Sub': 'a ${New} ${Blue.Arn} ${AWS::Region} ${!Old} ${Older} ${Old'}}"},
        {"Sub with own names", "{A: {'Fn::Sub': ['${Old}${Red}', {Old: {Ref: Old}}]}}",
            "{A: {'Fn::Sub': ['${Old}${Blue}', {Old: {Ref: New}}]}}"},
        {"a name of Sub that looks like a function", "{A: {'Fn::Sub': ['${Ref}', {Ref: Old}]}}",
            "{A: {'Fn::Sub': ['${Ref}', {Ref: Old}]}}"},
        {"deep below", "{A: [1, {B: {'Fn::Join': [',', [Old, {Ref: Old}]]}}]}",
            "{A: [1, {B: {'Fn::Join': [',', [Old, {Ref: New}]]}}]}"},
        {"texts and keys that are none", "{Old: Old, Ref: Old, DependsOn: [Old]}",
            "{Old: Old, Ref: Old, DependsOn: [Old]}"},
    };
    Arena *arena = arena_new();
    Renames renames = two_renames(arena);
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        static const char FORM[] = "Resources: {X: {Type: T, Properties: %s}}";
        const Datum *before = read_yaml(arena, str_format(arena, FORM, ROWS[i].before).ptr);
        const Datum *after = read_yaml(arena, str_format(arena, FORM, ROWS[i].after).ptr);
        const Datum *found = rename_template(arena, before, &renames);
        if (!datum_equal(found, after))
            fail_msg("%s: %s", ROWS[i].what, json_of(arena, found).ptr);
    }
    arena_free(arena);
}

static void test_sections_of_a_template(void **state)
{
    (void)state;
    static const char BEFORE[] =
        "Parameters: {P: {Type: String, Default: Old}}\n"
        "Conditions: {Old: {'Fn::Equals': [{Ref: P}, Old]}}\n"
        "Metadata: {Old: {Ref: Old}}\n"
        "Resources:\n"
        "  Old: {Type: T, Condition: Old, DependsOn: Red}\n"
        "  Red: {Type: T, Metadata: {M: {Ref: Old}}}\n"
        "  Green: {Type: T, DependsOn: [Old, Red, P], UpdatePolicy: {U: !GetAtt Old.Outputs.A}}\n"
        "Outputs:\n"
        "  Old: {Value: {Ref: Old}, Condition: Old, Export: {Name: {'Fn::Sub': 'x-${Red}'}}}\n"
        "  Ref: {Value: {Ref: Red}}\n";
    static const char AFTER[] =
        "Parameters: {P: {Type: String, Default: Old}}\n"
        "Conditions: {Old: {'Fn::Equals': [{Ref: P}, Old]}}\n"
        "Metadata: {Old: {Ref: Old}}\n"
        "Resources:\n"
        "  New: {Type: T, Condition: Old, DependsOn: Blue}\n"
        "  Blue: {Type: T, Metadata: {M: {Ref: New}}}\n"
        "  Green: {Type: T, DependsOn: [New, Blue, P], UpdatePolicy: {U: !GetAtt New.Outputs.A}}\n"
        "Outputs:\n"
        "  Old: {Value: {Ref: New}, Condition: Old, Export: {Name: {'Fn::Sub': 'x-${Blue}'}}}\n"
        "  Ref: {Value: {Ref: Blue}}\n";
    Arena *arena = arena_new();
    Renames renames = two_renames(arena);
    const Datum *before = read_yaml(arena, BEFORE);
    Str untouched = json_of(arena, before);
    Str found = json_of(arena, rename_template(arena, before, &renames));
    assert_string_equal(found.ptr, json_of(arena, read_yaml(arena, AFTER)).ptr);
    assert_string_equal(json_of(arena, before).ptr, untouched.ptr);
    arena_free(arena);
}

// "Old>New Red>Blue"
static Str pending(Arena *arena, const char *before, const char *after)
{
    ManifestRename moved[] = {{.stack = STR("main"), .from = STR("Old"), .to = STR("New")},
        {.stack = STR("other"), .from = STR("Red"), .to = STR("Blue")},
        {.stack = STR("main"), .from = STR("Older"), .to = STR("New")}};
    Manifest manifest = {.renames = {moved, 3, 3}};
    ManifestStack stack = {.id = STR("main"), .template_ = read_yaml(arena, after)};
    Renames found =
        rename_pending(arena, &manifest, &stack, before ? read_yaml(arena, before) : NULL);
    Str text = STR("");
    for (size_t i = 0; i < found.len; i++)
        text = str_format(arena, "%.*s%.*s>%.*s ", STR_FMT(text), STR_FMT(found.items[i]->from),
            STR_FMT(found.items[i]->to));
    return text;
}

static void test_only_what_aws_has_not_done_is_pending(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        const char *after;
        const char *pending;
    } ROWS[] = {
        {"{Old: {Type: T}, Red: {Type: T}}", "{New: {Type: T}, Blue: {Type: T}}", "Old>New "},
        {"{New: {Type: T}}", "{New: {Type: T}}", ""},                 // done
        {"{Old: {Type: T}, New: {Type: T}}", "{New: {Type: T}}", ""}, // taken
        {"{Old: {Type: T}}", "{Old: {Type: T}, New: {Type: T}}", ""}, // another Old now
        {"{Old: {Type: T}}", "{New: {Type: U}}", ""},                 // something else
        {"{Old: {Type: T}}", "{Other: {Type: T}}", ""},               // no New in this stage
        {"{Old: {Type: T}, Older: {Type: T}}", "{New: {Type: T}}", "Old>New "}, // the first
    };
    Arena *arena = arena_new();
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        assert_string_equal(pending(arena, str_format(arena, "Resources: %s", ROWS[i].before).ptr,
                                str_format(arena, "Resources: %s", ROWS[i].after).ptr)
                                .ptr,
            ROWS[i].pending);
    assert_string_equal(pending(arena, NULL, "Resources: {New: {Type: T}}").ptr, "");
    assert_string_equal(pending(arena, "[]", "Resources: {New: {Type: T}}").ptr, "");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_mention_is_renamed),
        cmocka_unit_test(test_sections_of_a_template),
        cmocka_unit_test(test_only_what_aws_has_not_done_is_pending),
    };
    return cmocka_run_group_tests_name("deploy/rename", tests, NULL, NULL);
}
