#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "compiler/cli/args.h"

enum { WORDS_MAX = 8 };

typedef struct Fixture {
    Arena *arena;
    Args args;
    Buf error;
} Fixture;

static int set_up(void **state)
{
    Fixture *fixture = calloc(1, sizeof *fixture);
    fixture->arena = arena_new();
    buf_init(&fixture->error, 0);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    buf_release(&fixture->error);
    arena_free(fixture->arena);
    free(fixture);
    return 0;
}

// Parses words that are separated by blanks.
static bool parse(Fixture *fixture, const char *line)
{
    char program[] = "altc";
    char *words[WORDS_MAX + 2] = {program};
    int count = 1;
    Str rest = str_of(line);
    while (rest.len) {
        size_t end = str_find(rest, STR(" "), 0);
        Str word = str_slice(rest, 0, end);
        assert_true(count <= WORDS_MAX);
        words[count++] = arena_copy(fixture->arena, word.ptr, word.len);
        rest = end == SIZE_MAX ? STR("") : str_slice(rest, end + 1, rest.len);
    }
    buf_clear(&fixture->error);
    return args_parse(fixture->arena, count, words, &fixture->args, &fixture->error);
}

static void assert_value(const Fixture *fixture, Option option, const char *expected)
{
    Str value = args_value(&fixture->args, option);
    assert_string_equal(str_copy(fixture->arena, value).ptr, expected);
}

static void values_may_be_attached_or_follow(void **state)
{
    static const char *const LINES[] = {
        "x.alt -o out",
        "-oout x.alt",
        "--output=out x.alt",
        "x.alt --output out",
        "-qo out x.alt",
        "-qoout x.alt",
        "build -o out x.alt",
        "-o out build x.alt",
    };
    Fixture *fixture = *state;
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++) {
        assert_true(parse(fixture, LINES[i]));
        assert_int_equal(fixture->args.command, COMMAND_BUILD);
        assert_value(fixture, OPTION_OUTPUT, "out");
        assert_int_equal(fixture->args.operands.len, 1);
        assert_true(str_is(fixture->args.operands.items[0], "x.alt"));
    }
}

static void compilers_options_have_several_letters(void **state)
{
    Fixture *fixture = *state;
    assert_true(parse(fixture, "x.alt -MD -MFdeps -MT a -MT b -MP"));
    assert_true(fixture->args.given[OPTION_DEPS]);
    assert_true(fixture->args.given[OPTION_DEPS_PHONY]);
    assert_value(fixture, OPTION_DEPS_FILE, "deps");
    assert_value(fixture, OPTION_DEPS_TARGET, "b");
    assert_int_equal(fixture->args.values[OPTION_DEPS_TARGET].len, 2);
    assert_false(parse(fixture, "x.alt -MX"));
}

static void empty_values_are_values(void **state)
{
    Fixture *fixture = *state;
    assert_true(parse(fixture, "x.alt --stage="));
    assert_true(fixture->args.given[OPTION_STAGE]);
    assert_int_equal(args_value(&fixture->args, OPTION_STAGE).len, 0);
    assert_non_null(args_value(&fixture->args, OPTION_STAGE).ptr);
}

static void the_first_operand_names_the_command(void **state)
{
    Fixture *fixture = *state;
    assert_true(parse(fixture, "check a.alt check"));
    assert_int_equal(fixture->args.command, COMMAND_CHECK);
    assert_int_equal(fixture->args.operands.len, 2);
    assert_true(parse(fixture, "a.alt check"));
    assert_int_equal(fixture->args.command, COMMAND_BUILD);
    assert_int_equal(fixture->args.operands.len, 2);
    assert_true(parse(fixture, "-"));
    assert_int_equal(fixture->args.command, COMMAND_BUILD);
    assert_true(parse(fixture, ""));
    assert_false(fixture->args.command_named);
}

static void everything_behind_two_dashes_is_an_operand(void **state)
{
    Fixture *fixture = *state;
    assert_true(parse(fixture, "check -- -o --all"));
    assert_int_equal(fixture->args.operands.len, 2);
    assert_false(fixture->args.given[OPTION_ALL]);
}

static void mistakes_are_named(void **state)
{
    static const struct {
        const char *line;
        const char *message;
    } ROWS[] = {
        {"--stge dev", "unknown option '--stge'; did you mean '--stage'?"},
        {"-x a.alt", "unknown option '-x'; 'altc help' lists all"},
        {"chck", "unknown command 'chck'; did you mean 'check'?"},
        {"a.alt --stage", "option '--stage' wants a value: NAME"},
        {"a.alt -qo", "option '-o' wants a value: FILE"},
        {"a.alt --all=1", "option '--all' takes no value"},
        {"explain -MD ALT1001", "'altc explain' does not take '-MD'"},
    };
    Fixture *fixture = *state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        assert_false(parse(fixture, ROWS[i].line));
        assert_string_equal(buf_str(&fixture->error).ptr, ROWS[i].message);
    }
}

static void options_belong_to_whole_words(void **state)
{
    (void)state;
    assert_true(option_belongs(OPTION_STAGE, COMMAND_SAME));
    assert_false(option_belongs(OPTION_STAGE, COMMAND_STAGES));
    assert_true(option_belongs(OPTION_COLOR, COMMAND_EXPLAIN));
}

static void every_option_names_commands_that_exist(void **state)
{
    (void)state;
    for (Option option = 0; option < OPTION_COUNT; option++) {
        bool belongs = false;
        for (Command command = COMMAND_NONE + 1; command < COMMAND_COUNT; command++)
            belongs = belongs || option_belongs(option, command);
        assert_true(belongs);
        assert_true(option_info(option)->help[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_may_be_attached_or_follow, set_up, tear_down),
        cmocka_unit_test_setup_teardown(compilers_options_have_several_letters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(empty_values_are_values, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_first_operand_names_the_command, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            everything_behind_two_dashes_is_an_operand, set_up, tear_down),
        cmocka_unit_test_setup_teardown(mistakes_are_named, set_up, tear_down),
        cmocka_unit_test(options_belong_to_whole_words),
        cmocka_unit_test(every_option_names_commands_that_exist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
