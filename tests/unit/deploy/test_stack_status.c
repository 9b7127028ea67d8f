// The table of statuses: each has an answer at the start and at the end of each operation.
#include "runtime/deploy/stack_status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void test_what_is_good_depends_on_what_was_asked(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        StackOperation operation;
        DeployResult result;
    } ROWS[] = {
        {"CREATE_COMPLETE", OPERATION_CREATE, RESULT_DONE},
        {"ROLLBACK_COMPLETE", OPERATION_CREATE, RESULT_ROLLED_BACK},
        {"ROLLBACK_FAILED", OPERATION_CREATE, RESULT_STUCK},
        {"CREATE_FAILED", OPERATION_CREATE, RESULT_STUCK},
        {"DELETE_COMPLETE", OPERATION_CREATE, RESULT_ROLLED_BACK},
        {"UPDATE_COMPLETE", OPERATION_UPDATE, RESULT_DONE},
        {"UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", OPERATION_UPDATE, RESULT_NONE},
        {"UPDATE_ROLLBACK_COMPLETE", OPERATION_UPDATE, RESULT_ROLLED_BACK},
        {"UPDATE_ROLLBACK_COMPLETE", OPERATION_CANCEL, RESULT_DONE},
        {"UPDATE_ROLLBACK_COMPLETE", OPERATION_CONTINUE, RESULT_DONE},
        {"UPDATE_ROLLBACK_FAILED", OPERATION_CONTINUE, RESULT_STUCK},
        {"UPDATE_FAILED", OPERATION_UPDATE, RESULT_STUCK},
        {"UPDATE_COMPLETE", OPERATION_ROLLBACK, RESULT_DONE},
        {"DELETE_COMPLETE", OPERATION_DELETE, RESULT_DONE},
        {"DELETE_FAILED", OPERATION_DELETE, RESULT_STUCK},
        {"", OPERATION_DELETE, RESULT_DONE},
        {"IMPORT_COMPLETE", OPERATION_IMPORT, RESULT_DONE},
        {"IMPORT_ROLLBACK_COMPLETE", OPERATION_IMPORT, RESULT_ROLLED_BACK},
        {"SOMETHING_NEW_IN_PROGRESS", OPERATION_UPDATE, RESULT_NONE},
        {"SOMETHING_NEW", OPERATION_UPDATE, RESULT_STUCK},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        DeployResult result = stack_status_result(str_of(ROWS[i].name), ROWS[i].operation);
        if (result != ROWS[i].result)
            fail_msg("%s: %.*s", ROWS[i].name, STR_FMT(notice_result(result)));
    }
}

static void test_who_cannot_begin_is_told_what_to_do(void **state)
{
    (void)state;
    static const char *const STUCK[] = {"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED",
        "UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED", "DELETE_FAILED", "IMPORT_ROLLBACK_FAILED",
        "SOMETHING_NEW"};
    for (size_t i = 0; i < sizeof STUCK / sizeof *STUCK; i++) {
        StackStatus status = stack_status(str_of(STUCK[i]));
        assert_true(status.phase == PHASE_STUCK || status.phase == PHASE_DEAD);
        assert_true(status.hint.len > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_good_depends_on_what_was_asked),
        cmocka_unit_test(test_who_cannot_begin_is_told_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
