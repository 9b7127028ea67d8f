#include "runtime/notice/notice.h"

static const struct {
    const char *word;
    int exit_code;
} RESULTS[RESULT_COUNT] = {
    [RESULT_NONE] = {"unknown", 2},
    [RESULT_DONE] = {"done", 0},
    [RESULT_DIFFERENT] = {"different", 10},
    [RESULT_UNCHANGED] = {"unchanged", 0},
    [RESULT_UNFIT] = {"unfit", 2},
    [RESULT_DECLINED] = {"declined", 11},
    [RESULT_GUARDED] = {"guarded", 12},
    [RESULT_IDENTITY] = {"identity", 13},
    [RESULT_REFUSED] = {"refused", 14},
    [RESULT_ROLLED_BACK] = {"rolled-back", 15},
    [RESULT_STUCK] = {"stuck", 16},
    [RESULT_RUNNING] = {"running", 17},
    [RESULT_NOT_STARTED] = {"not-started", 14},
};

Str notice_result(DeployResult result)
{
    return str_of(RESULTS[result].word);
}

int notice_exit_code(DeployResult result)
{
    return RESULTS[result].exit_code;
}
