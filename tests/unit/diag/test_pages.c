#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/base/embedded.h"
#include "compiler/diag/pages.h"

static bool has(const Buf *buf, const char *text)
{
    return str_find(buf_str(buf), str_of(text), 0) != SIZE_MAX;
}

static void a_page_is_found_by_its_code(void **state)
{
    (void)state;
    assert_true(str_starts(diag_page(DIAG_CANNOT_READ_FILE), STR("# ALT1001: ")));
}

static void embedded_files_are_sorted(void **state)
{
    (void)state;
    for (size_t i = 1; i < embedded_count; i++)
        assert_true(str_compare(embedded_files[i - 1].name, embedded_files[i].name) < 0);
    for (size_t i = 0; i < embedded_count; i++) {
        assert_ptr_equal(embedded_find(embedded_files[i].name), &embedded_files[i]);
        assert_int_equal(strlen(embedded_files[i].text.ptr), embedded_files[i].text.len);
    }
    assert_null(embedded_find(STR("")));
    assert_null(embedded_find(STR("diagnostics/")));
    assert_null(embedded_find(STR("zzz")));
}

static void embedded_files_are_listed_by_prefix(void **state)
{
    (void)state;
    size_t count = 0;
    const EmbeddedFile *files = embedded_list(STR("diagnostics/ALT1001"), &count);
    assert_int_equal(count, 1);
    assert_true(str_is(files[0].name, "diagnostics/ALT1001.md"));
    embedded_list(STR("nothing/"), &count);
    assert_int_equal(count, 0);
    embedded_list(STR(""), &count);
    assert_int_equal(count, embedded_count);
}

static void a_page_is_laid_out_for_a_terminal(void **state)
{
    (void)state;
    Buf out;
    buf_init(&out, 0);
    explain_render(&out, DIAG_CANNOT_READ_FILE, false);
    assert_true(str_starts(buf_str(&out), STR("ALT1001: ")));
    assert_true(has(&out, "\nWhy\n"));
    assert_true(has(&out, "\n    $ altc"));
    assert_true(has(&out, "`import`"));
    assert_false(has(&out, "```"));
    assert_false(has(&out, "\n#"));
    assert_false(has(&out, "\033"));
    buf_clear(&out);
    explain_render(&out, DIAG_CANNOT_READ_FILE, true);
    assert_true(has(&out, "\033[1mWhy\033[0m\n"));
    assert_true(has(&out, "\033[36mimport\033[0m"));
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_found_by_its_code),
        cmocka_unit_test(embedded_files_are_sorted),
        cmocka_unit_test(embedded_files_are_listed_by_prefix),
        cmocka_unit_test(a_page_is_laid_out_for_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
