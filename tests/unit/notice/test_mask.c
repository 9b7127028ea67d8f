#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/notice/mask.h"

typedef struct Heard {
    Arena *arena;
    Str reason;
    Str text;
} Heard;

static void hear(void *context, const Notice *notice)
{
    Heard *heard = context;
    heard->reason = str_copy(heard->arena, notice->reason);
    heard->text = str_copy(heard->arena, notice->text);
}

static void test_secrets_do_not_get_through(void **state)
{
    (void)state;
    static const struct {
        const char *said;
        const char *heard;
    } ROWS[] = {
        {"", ""},
        {"nothing of it", "nothing of it"},
        {"hunter2", "****"},
        {"'hunter2' and hunter2", "'****' and ****"},
        {"hunter2-long is the longer one", "**** is the longer one"},
        {"abc is too short to be a secret", "abc is too short to be a secret"},
        {"hunter", "hunter"},
    };
    Arena *arena = arena_new();
    Heard heard = {.arena = arena};
    Mask *mask = mask_new(arena, (Listener){&heard, hear});
    mask_add(mask, STR("hunter2"));
    mask_add(mask, STR("hunter2-long"));
    mask_add(mask, STR("hunter2"));
    mask_add(mask, STR("abc"));
    mask_add(mask, STR(""));
    mask_add(NULL, STR("hunter2"));
    Listener listener = mask_listener(mask);
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        Str said = str_of(ROWS[i].said);
        listener_notify(&listener, &(Notice){.reason = said, .text = said});
        assert_string_equal(heard.reason.ptr, ROWS[i].heard);
        assert_string_equal(heard.text.ptr, ROWS[i].heard);
    }
    arena_free(arena);
}

static void test_without_secrets_all_gets_through(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Heard heard = {.arena = arena};
    Listener listener = mask_listener(mask_new(arena, (Listener){&heard, hear}));
    listener_notify(&listener, &(Notice){.reason = STR("as it is")});
    assert_string_equal(heard.reason.ptr, "as it is");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secrets_do_not_get_through),
        cmocka_unit_test(test_without_secrets_all_gets_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
