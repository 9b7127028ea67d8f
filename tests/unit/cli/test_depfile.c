#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "compiler/cli/depfile.h"

static void names_are_escaped_as_make_reads_them(void **state)
{
    static const struct {
        const char *name;
        const char *escaped;
    } ROWS[] = {
        {"a.alt", "a.alt"},
        {"a b", "a\\ b"},
        {"a#b", "a\\#b"},
        {"a$b", "a$$b"},
        {"c:d", "c\\:d"},
        {"a\\b", "a\\b"},
        {"a\\ b", "a\\\\\\ b"},
        {"a\\\\#", "a\\\\\\\\\\#"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        Buf out;
        buf_init(&out, 0);
        depfile_add_name(&out, str_of(ROWS[i].name));
        assert_string_equal(buf_str(&out).ptr, ROWS[i].escaped);
        buf_release(&out);
    }
}

static void repeated_inputs_stand_once(void **state)
{
    const Str inputs[] = {STR("a.alt"), STR("b.alt"), STR("a.alt"), STR("b.alt")};
    (void)state;
    Buf out;
    buf_init(&out, 0);
    depfile_add(&out, STR("out.json"), inputs, 4, false);
    assert_string_equal(buf_str(&out).ptr, "out.json: a.alt \\\n  b.alt\n");
    buf_release(&out);
}

static void phony_rules_leave_out_the_program(void **state)
{
    const Str inputs[] = {STR("a.alt"), STR("b c.alt"), STR("a.alt")};
    (void)state;
    Buf out;
    buf_init(&out, 0);
    depfile_add(&out, STR("x y"), inputs, 3, true);
    assert_string_equal(buf_str(&out).ptr, "x y: a.alt \\\n  b\\ c.alt\nb\\ c.alt:\n");
    buf_release(&out);
}

static void no_input_is_a_rule_without_any(void **state)
{
    (void)state;
    Buf out;
    buf_init(&out, 0);
    depfile_add(&out, STR("x"), NULL, 0, true);
    assert_string_equal(buf_str(&out).ptr, "x:\n");
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_escaped_as_make_reads_them),
        cmocka_unit_test(repeated_inputs_stand_once),
        cmocka_unit_test(phony_rules_leave_out_the_program),
        cmocka_unit_test(no_input_is_a_rule_without_any),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
