#include "runtime/deploy/options.h"

#include <string.h>

typedef enum Kind { KIND_FLAG, KIND_TEXT, KIND_NUMBER, KIND_LIST, KIND_PAIRS, KIND_FORMAT } Kind;

typedef struct Row {
    const char *spelling;
    Kind kind;
    size_t offset; // of the field in DeployOptions
    const char *commands;
} Row;

static const Row ROWS[] = {
#define OPTION(spelling, kind, field, commands)                                                    \
    {spelling, KIND_##kind, offsetof(DeployOptions, field), commands},
#include "runtime/deploy/options.def"
#undef OPTION
};

static const char *const COMMANDS[] = {"plan", "policy", "deploy", "whoami", "status", "outputs",
    "watch", "events", "history", "drift", "cancel", "continue", "rollback", "refactor", "destroy",
    "import"};

typedef VEC(Str) Texts;
typedef VEC(NamedText) Pairs;

static bool has_word(const char *words, Str word)
{
    if (strcmp(words, "*") == 0)
        return true;
    for (const char *at = words; (at = strstr(at, word.ptr)) != NULL; at += word.len)
        if ((at == words || at[-1] == ' ') && (at[word.len] == ' ' || at[word.len] == '\0'))
            return true;
    return false;
}

static const Row *find_row(Str command, const char *spelling)
{
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        if (strcmp(ROWS[i].spelling, spelling) == 0 && has_word(ROWS[i].commands, command))
            return &ROWS[i];
    return NULL;
}

static bool read_number(Str text, int64_t *number)
{
    enum { MAX_DIGITS = 9 };
    *number = 0;
    if (!text.len || text.len > MAX_DIGITS)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        *number = *number * 10 + (text.ptr[i] - '0');
    }
    return true;
}

// False: the value is not of the option's kind.
static bool set_field(Arena *arena, const Row *row, DeployOptions *options, Str value)
{
    void *field = (char *)options + row->offset;
    size_t equals = str_find(value, STR("="), 0);
    switch (row->kind) {
    case KIND_FLAG:
        *(bool *)field = true;
        return true;
    case KIND_TEXT:
        *(Str *)field = value;
        return true;
    case KIND_NUMBER:
        return read_number(value, field);
    case KIND_LIST:
        VEC_ADD(arena, (Texts *)field, value);
        return true;
    case KIND_PAIRS:
        if (equals == SIZE_MAX || equals == 0)
            return false;
        NamedText pair = {str_copy(arena, str_slice(value, 0, equals)),
            str_copy(arena, str_slice(value, equals + 1, value.len))};
        VEC_ADD(arena, (Pairs *)field, pair);
        return true;
    case KIND_FORMAT:
        *(bool *)field = str_is(value, "json");
        options->markdown = str_is(value, "markdown") && str_is(options->command, "plan");
        return options->markdown || str_is(value, "json") || str_is(value, "text");
    }
    return false;
}

static bool is_command(Str word)
{
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++)
        if (str_is(word, COMMANDS[i]))
            return true;
    return false;
}

bool options_read(Arena *arena, int argc, char *const *argv, DeployOptions *options, Str *error)
{
    *options = (DeployOptions){.command = str_of(argc > 1 ? argv[1] : NULL)};
    *error = STR("altc-deploy is started by altc: see 'altc help deploy'");
    if (!is_command(options->command))
        return false;
    for (int i = 2; i < argc; i++) {
        if (argv[i][0] != '-') {
            VEC_ADD(arena, &options->operands, str_of(argv[i]));
            continue;
        }
        const Row *row = find_row(options->command, argv[i]);
        *error = str_format(arena, "'%.*s' has no option '%s'", STR_FMT(options->command), argv[i]);
        if (!row)
            return false;
        Str value = row->kind == KIND_FLAG ? STR_NONE : str_of(i + 1 < argc ? argv[++i] : NULL);
        *error = str_format(arena, "option '%s' needs a value%s", row->spelling,
            row->kind == KIND_PAIRS    ? ", NAME=VALUE"
            : row->kind == KIND_NUMBER ? ", a whole number"
            : row->kind == KIND_FORMAT ? ", text or json"
                                       : "");
        if ((row->kind != KIND_FLAG && !value.ptr) || !set_field(arena, row, options, value))
            return false;
    }
    return true;
}
