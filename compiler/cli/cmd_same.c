#include <unistd.h>

#include "compiler/cli/cli.h"
#include "compiler/cli/findings.h"
#include "compiler/cli/pointer.h"
#include "compiler/cli/side.h"
#include "compiler/data/data.h"

enum { DIFFERENCES_SHOWN = 5, VALUE_SHOWN = 60 };

typedef struct Difference {
    Str pointer;
    const Datum *left; // NULL: not there
    const Datum *right;
} Difference;

typedef struct Comparison {
    Arena *arena;
    Buf pointer; // where the walk is
    VEC(Difference) differences;
    bool reordered;
} Comparison;

// ---- comparing ----

static void differ(Comparison *comparison, const Datum *left, const Datum *right)
{
    Difference found = {buf_copy(&comparison->pointer, comparison->arena), left, right};
    VEC_ADD(comparison->arena, &comparison->differences, found);
}

static void compare(Comparison *comparison, const Datum *left, const Datum *right);

static void compare_below(Comparison *comparison, Str key, const Datum *left, const Datum *right)
{
    size_t len = comparison->pointer.len;
    pointer_add_key(&comparison->pointer, key);
    compare(comparison, left, right);
    comparison->pointer.len = len;
    comparison->pointer.ptr[len] = '\0';
}

// The order of keys means nothing to CloudFormation, but it is noted.
static void compare_maps(Comparison *comparison, const Datum *left, const Datum *right)
{
    for (size_t i = 0; i < left->entries.len; i++) {
        const DatumEntry *entry = &left->entries.items[i];
        compare_below(comparison, entry->key, entry->value, datum_get(right, entry->key));
        if (i < right->entries.len && !str_equal(right->entries.items[i].key, entry->key))
            comparison->reordered = true;
    }
    for (size_t i = 0; i < right->entries.len; i++) {
        const DatumEntry *entry = &right->entries.items[i];
        if (!datum_get(left, entry->key))
            compare_below(comparison, entry->key, NULL, entry->value);
    }
}

static void compare_lists(Comparison *comparison, const Datum *left, const Datum *right)
{
    size_t longer = left->items.len > right->items.len ? left->items.len : right->items.len;
    for (size_t i = 0; i < longer; i++) {
        const Datum *a = i < left->items.len ? left->items.items[i] : NULL;
        const Datum *b = i < right->items.len ? right->items.items[i] : NULL;
        compare_below(comparison, str_format(comparison->arena, "%zu", i), a, b);
    }
}

static void compare(Comparison *comparison, const Datum *left, const Datum *right)
{
    if (!left || !right || left->kind != right->kind) {
        if (left != right)
            differ(comparison, left, right);
    } else if (left->kind == DATUM_MAP) {
        compare_maps(comparison, left, right);
    } else if (left->kind == DATUM_LIST) {
        compare_lists(comparison, left, right);
    } else if (!datum_equal(left, right)) {
        differ(comparison, left, right);
    }
}

static const Stack *find_stack(const StageModel *model, Str id)
{
    for (size_t i = 0; i < model->stacks.len; i++) {
        if (str_equal(model->stacks.items[i]->id, id))
            return model->stacks.items[i];
    }
    return NULL;
}

static void compare_texts(Comparison *comparison, const char *what, Str left, Str right)
{
    if (str_equal(left, right))
        return;
    size_t len = comparison->pointer.len;
    buf_add_text(&comparison->pointer, what);
    differ(comparison, datum_string(comparison->arena, NULL, left),
        datum_string(comparison->arena, NULL, right));
    comparison->pointer.len = len;
    comparison->pointer.ptr[len] = '\0';
}

static void compare_stages(Comparison *comparison, const StageModel *left, const StageModel *right)
{
    for (size_t i = 0; i < left->stacks.len; i++) {
        const Stack *stack = left->stacks.items[i];
        const Stack *other = find_stack(right, stack->id);
        buf_clear(&comparison->pointer);
        if (i > 0)
            buf_add_format(&comparison->pointer, "%.*s:", STR_FMT(stack->id));
        else
            buf_add_text(&comparison->pointer, "");
        compare(comparison, stack->template_, other ? other->template_ : NULL);
        // Without stages the stack is called like the file, which says nothing of the program.
        if (other && left->stage.len)
            compare_texts(comparison, "(stack name)", stack->name, other->name);
        if (other)
            compare_texts(comparison, "(region)", stack->region, other->region);
    }
    for (size_t i = 0; i < right->stacks.len; i++) {
        const Stack *stack = right->stacks.items[i];
        if (find_stack(left, stack->id))
            continue;
        buf_clear(&comparison->pointer);
        buf_add_format(&comparison->pointer, "%.*s:", STR_FMT(stack->id));
        compare(comparison, NULL, stack->template_);
    }
}

// ---- printing ----

static void add_value(Buf *out, const Datum *value)
{
    if (!value) {
        buf_add_text(out, "nothing");
        return;
    }
    Buf text;
    buf_init(&text, 0);
    data_write_json_compact(&text, value);
    Str shown = str_slice(buf_str(&text), 0, VALUE_SHOWN);
    while (shown.len < text.len && shown.len && ((unsigned char)text.ptr[shown.len] & 0xC0) == 0x80)
        shown.len--;
    buf_add(out, shown);
    if (shown.len < text.len)
        buf_add_text(out, "…");
    buf_release(&text);
}

static void add_differences(Buf *out, const Comparison *comparison)
{
    size_t count = comparison->differences.len;
    for (size_t i = 0; i < count && i < DIFFERENCES_SHOWN; i++) {
        const Difference *found = &comparison->differences.items[i];
        buf_add_format(
            out, "  %.*s: ", STR_FMT(found->pointer.len ? found->pointer : STR("(the template)")));
        add_value(out, found->left);
        buf_add_text(out, " -> ");
        add_value(out, found->right);
        buf_add_char(out, '\n');
    }
    if (count > DIFFERENCES_SHOWN)
        buf_add_format(out, "  … and %zu more\n", count - DIFFERENCES_SHOWN);
}

// True when the stage is the same on both sides.
static bool add_stage(Arena *arena, Buf *out, const StageModel *left, const StageModel *right)
{
    Comparison comparison = {.arena = arena};
    buf_init(&comparison.pointer, 0);
    compare_stages(&comparison, left, right);
    bool same = comparison.differences.len == 0;
    const char *verdict = same ? "same" : "different";
    const char *order = same && comparison.reordered ? " (in another order)" : "";
    Str name = left->stage.len ? left->stage : STR("(the only stage)");
    buf_add_format(out, "%.*s: %s%s\n", STR_FMT(name), verdict, order);
    add_differences(out, &comparison);
    buf_release(&comparison.pointer);
    return same;
}

static bool add_all(Arena *arena, Buf *out, const Side *left, const Side *right)
{
    bool same = true;
    for (size_t i = 0; i < left->stages.len; i++) {
        const StageModel *model = left->stages.items[i];
        const StageModel *other = side_stage(right, model->stage);
        if (other) {
            same = add_stage(arena, out, model, other) && same;
            continue;
        }
        same = false;
        buf_add_format(out, "%.*s: only in %.*s\n", STR_FMT(model->stage), STR_FMT(left->name));
    }
    for (size_t i = 0; i < right->stages.len; i++) {
        Str stage = right->stages.items[i]->stage;
        if (side_stage(left, stage))
            continue;
        same = false;
        buf_add_format(out, "%.*s: only in %.*s\n", STR_FMT(stage), STR_FMT(right->name));
    }
    return same;
}

// ---- what is compared ----

static bool is_bare_revision(const Cli *cli, Str operand)
{
    Str error;
    bool may_be = operand.len && !str_is(operand, "-") && access(operand.ptr, F_OK) != 0 &&
                  str_find(operand, STR(":"), 0) == SIZE_MAX;
    GitHost *git = may_be ? git_host_new(cli->arena, cli->host, operand, &error) : NULL;
    git_host_free(git);
    return git != NULL;
}

// A revision alone is the state in it of the other side's file, or of infra.alt when both are
// revisions.
static Str side_operand(const Cli *cli, size_t index)
{
    const Str *operands = cli->args->operands.items;
    Str other = operands[1 - index];
    Str revision, file = other;
    if (!is_bare_revision(cli, operands[index]))
        return operands[index];
    if (!side_split(other, &revision, &file) &&
        (str_is(other, "-") || is_bare_revision(cli, other)))
        file = STR("infra.alt");
    return str_format(cli->arena, "%.*s:%.*s", STR_FMT(operands[index]), STR_FMT(file));
}

int command_same(Cli *cli)
{
    if (!cli_operands(cli, 2, 2) || !findings_options_valid(cli))
        return EXIT_TROUBLE;
    Side left = {0}, right = {0};
    int status = EXIT_TROUBLE;
    const StrList *stages = &cli->args->values[OPTION_STAGE];
    StageChoice choice = stages->len ? STAGES_NAMED : STAGES_ALL;
    if (side_open(cli, &left, side_operand(cli, 0), choice, stages) == EXIT_FINE &&
        side_open(cli, &right, side_operand(cli, 1), choice, stages) == EXIT_FINE) {
        Buf out;
        buf_init(&out, 0);
        status = add_all(cli->arena, &out, &left, &right) ? EXIT_FINE : EXIT_FINDINGS;
        if (cli_print(cli, buf_str(&out)) != EXIT_FINE)
            status = EXIT_TROUBLE;
        buf_release(&out);
    }
    side_close(&left);
    side_close(&right);
    return status;
}
