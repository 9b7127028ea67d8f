// The journal on a real disk: what is written is found again, also when it was broken off.
#include "runtime/deploy/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "runtime/deploy/system.h"

typedef struct Place {
    char folder[64];
    char path[96];
    System system;
    Arena *arena;
} Place;

static int set_up(void **state)
{
    Place *place = calloc(1, sizeof *place);
    strcpy(place->folder, "/tmp/altc-journal-XXXXXX");
    if (!mkdtemp(place->folder))
        return -1;
    snprintf(place->path, sizeof place->path, "%s/journal.jsonl", place->folder);
    system_init(&place->system, false);
    place->arena = arena_new();
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    Place *place = *state;
    char command[96];
    snprintf(command, sizeof command, "rm -rf %s", place->folder);
    int status = system(command);
    arena_free(place->arena);
    free(place);
    return status;
}

static Journal *open_journal(Place *place)
{
    Str error = STR_NONE;
    Journal *journal =
        journal_open(place->arena, &place->system.world, str_of(place->folder), &error);
    if (!journal)
        print_message("%.*s\n", STR_FMT(error));
    return journal;
}

static void add(Place *place, Journal *journal, JournalStep step, const char *stack)
{
    Str error = STR_NONE;
    JournalEntry entry = {.step = step,
        .deployment = STR("altc-1"),
        .account = STR("1"),
        .region = STR("eu-west-1"),
        .stack = str_of(stack),
        .subject = STR("a \"quoted\"\nname")};
    assert_true(journal_add(journal, place->arena, entry, &error));
}

static const JournalEntry *unfinished(const Journal *journal, const char *stack, JournalStep step)
{
    return journal_unfinished(journal, STR("1"), STR("eu-west-1"), str_of(stack), step);
}

static void test_what_was_begun_is_found_until_it_is_settled(void **state)
{
    Place *place = *state;
    Journal *journal = open_journal(place);
    assert_non_null(journal);
    add(place, journal, JOURNAL_CREATE_CHANGE_SET, "a");
    add(place, journal, JOURNAL_EXECUTE, "a");
    add(place, journal, JOURNAL_EXECUTE, "b");
    add(place, journal, JOURNAL_SETTLED, "b");
    journal_close(journal);
    journal = open_journal(place);
    assert_int_equal(unfinished(journal, "a", JOURNAL_NONE)->step, JOURNAL_EXECUTE);
    const JournalEntry *first = unfinished(journal, "a", JOURNAL_CREATE_CHANGE_SET);
    assert_string_equal(first->subject.ptr, "a \"quoted\"\nname");
    assert_null(unfinished(journal, "b", JOURNAL_NONE));
    assert_null(unfinished(journal, "c", JOURNAL_NONE));
    assert_null(journal_unfinished(
        journal, STR("2"), STR("eu-west-1"), STR("a"), JOURNAL_NONE)); // another account
    journal_close(journal);
    struct stat info;
    assert_int_equal(stat(place->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void test_a_line_that_was_torn_is_passed_over(void **state)
{
    Place *place = *state;
    FILE *file = fopen(place->path, "w");
    fputs("{\"step\":\"execute\",\"account\":\"1\",\"region\":\"eu-west-1\",\"stack\":\"a\"}\n"
          "garbage\n{\"step\":\"settled\",\"account\":\"1\",\"regi",
        file);
    fclose(file);
    Journal *journal = open_journal(place);
    assert_non_null(unfinished(journal, "a", JOURNAL_EXECUTE));
    add(place, journal, JOURNAL_SETTLED, "a");
    journal_close(journal);
    // The new line did not become part of the torn one.
    journal = open_journal(place);
    assert_null(unfinished(journal, "a", JOURNAL_NONE));
    journal_close(journal);
}

static void test_a_long_journal_is_cut_to_its_end(void **state)
{
    Place *place = *state;
    FILE *file = fopen(place->path, "w");
    for (int i = 0; i < 30000; i++)
        fprintf(file,
            "{\"step\":\"execute\",\"account\":\"1\",\"region\":\"eu-west-1\",\"stack\":\"s%d\"}\n",
            i);
    fclose(file);
    Journal *journal = open_journal(place);
    assert_non_null(unfinished(journal, "s29999", JOURNAL_EXECUTE));
    assert_null(unfinished(journal, "s0", JOURNAL_EXECUTE));
    journal_close(journal);
    struct stat info;
    assert_int_equal(stat(place->path, &info), 0);
    assert_true(info.st_size <= JOURNAL_KEEP_BYTES);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void test_only_one_at_a_time(void **state)
{
    Place *place = *state;
    Journal *journal = open_journal(place);
    journal_announce(journal, place->arena, STR("altc-7"));
    Str error = STR_NONE;
    assert_null(journal_open(place->arena, &place->system.world, str_of(place->folder), &error));
    assert_true(str_find(error, STR("another deployment"), 0) != SIZE_MAX);
    assert_true(str_find(error, STR("altc-7"), 0) != SIZE_MAX);
    journal_close(journal);
    journal = open_journal(place);
    assert_non_null(journal);
    journal_close(journal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_what_was_begun_is_found_until_it_is_settled, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_a_line_that_was_torn_is_passed_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_long_journal_is_cut_to_its_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_only_one_at_a_time, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
