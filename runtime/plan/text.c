// The plan for people.
#include "compiler/base/cell.h"
#include "runtime/plan/view.h"

enum {
    ID_COLUMNS = 36,
    TYPE_COLUMNS = 44,
    PATH_COLUMNS = 36,
    VALUE_COLUMNS = 64,
    LINE_COLUMNS = 80
};

#define RESET "\033[0m"
#define BOLD "\033[1m"
#define DIM "\033[2m"
#define RED "\033[31m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define CYAN "\033[36m"

static const char *const COLORS[VERDICT_COUNT] = {
    [VERDICT_ADD] = GREEN,
    [VERDICT_IMPORT] = CYAN,
    [VERDICT_RENAME] = CYAN,
    [VERDICT_IN_PLACE] = YELLOW,
    [VERDICT_MAY_REPLACE] = RED,
    [VERDICT_UNKNOWN] = RED,
    [VERDICT_REPLACE] = RED,
    [VERDICT_REMOVE] = RED,
};

typedef struct Text {
    Buf *out;
    const PlanView *view;
    size_t id_columns;
    size_t type_columns;
} Text;

static void style(const Text *text, const char *code)
{
    if (text->view->color)
        buf_add_text(text->out, code);
}

static void add_styled(const Text *text, const char *code, const char *words)
{
    style(text, code);
    buf_add_text(text->out, words);
    style(text, RESET);
}

static size_t columns_of(Str shown)
{
    size_t columns = 0;
    for (size_t i = 0; i < shown.len; i++)
        columns += ((unsigned char)shown.ptr[i] & 0xC0) != 0x80;
    return columns;
}

static void pad(const Text *text, size_t used, size_t columns)
{
    buf_add_repeat(text->out, ' ', used < columns ? columns - used : 0);
}

// ---- properties ----

static void add_change(const Text *text, const PlanProperty *property, size_t indent)
{
    Buf *out = text->out;
    Str before = property->before, after = property->after;
    if (!before.len || !after.len) {
        bool added = after.len > 0;
        add_styled(text, added ? GREEN : RED, added ? "+ " : "- ");
        plan_add_value(out, added ? after : before, STR(""), VALUE_COLUMNS);
        return;
    }
    size_t start = out->len;
    if (str_equal(before, after) && property->cause.len) {
        plan_add_value(out, after, STR(""), VALUE_COLUMNS);
        return;
    }
    plan_add_value(out, before, after, VALUE_COLUMNS);
    // Both on one line when they fit.
    Buf new;
    buf_init(&new, 0);
    plan_add_value(&new, after, before, VALUE_COLUMNS);
    size_t columns = columns_of(str_slice(buf_str(out), start, out->len));
    if (columns + columns_of(buf_str(&new)) > LINE_COLUMNS) {
        buf_add_char(out, '\n');
        buf_add_repeat(out, ' ', indent - 2);
        buf_add_text(out, "→ ");
    } else {
        buf_add_text(out, " → ");
    }
    buf_add(out, buf_str(&new));
    buf_release(&new);
}

static void add_property(
    const Text *text, const PlanProperty *property, size_t columns, bool effects)
{
    Buf *out = text->out;
    enum { INDENT = 6 };
    buf_add_repeat(out, ' ', INDENT);
    size_t start = out->len;
    plan_add_path(out, property->path);
    pad(text, columns_of(str_slice(buf_str(out), start, out->len)), columns);
    buf_add_text(out, "  ");
    add_change(text, property, INDENT + columns + 2);
    if (property->cause.len) {
        style(text, DIM);
        buf_add_text(out, "  as ");
        cell_add_plain(out, property->cause);
        buf_add_text(out, " changes");
        style(text, RESET);
    }
    if (effects && property->effect != PLAN_IN_PLACE) {
        buf_add_text(out, "  ");
        add_styled(text, RED, plan_effect_word(property->effect));
    }
    buf_add_char(out, '\n');
}

static size_t path_columns(const PlanProperty *properties, size_t count)
{
    size_t most = 0;
    Buf path;
    buf_init(&path, 0);
    for (size_t i = 0; i < count; i++) {
        buf_clear(&path);
        plan_add_path(&path, properties[i].path);
        size_t columns = columns_of(buf_str(&path));
        if (columns > most)
            most = columns;
    }
    buf_release(&path);
    return most < PATH_COLUMNS ? most : PATH_COLUMNS;
}

static void add_properties(
    const Text *text, const PlanProperty *properties, size_t count, bool effects)
{
    size_t columns = path_columns(properties, count);
    for (size_t i = 0; i < count; i++)
        add_property(text, &properties[i], columns, effects);
}

// ---- resources ----

static void add_padded(const Text *text, Str word, size_t columns)
{
    pad(text, cell_add_plain(text->out, word), columns);
    buf_add_text(text->out, "  ");
}

static void add_note(const Text *text, Str note)
{
    if (!note.len)
        return;
    buf_add_text(text->out, "      ");
    add_styled(text, RED, "! ");
    buf_add(text->out, note);
    buf_add_char(text->out, '\n');
}

static void add_notes(const Text *text, const PlanResource *resource)
{
    Buf note;
    buf_init(&note, 0);
    if (resource->former_id.len) {
        buf_add_text(text->out, "      was ");
        cell_add_plain(text->out, resource->former_id);
        buf_add_char(text->out, '\n');
    }
    plan_add_stake(&note, resource);
    add_note(text, buf_str(&note));
    buf_clear(&note);
    if (resource->collides.len) {
        buf_add_text(&note, "the name ");
        cell_add_plain(&note, resource->collides);
        buf_add_text(&note, " is taken by ");
        if (str_equal(resource->collides_with, resource->logical_id))
            buf_add_text(&note, "the one that is deployed");
        else
            cell_add_plain(&note, resource->collides_with);
        add_note(text, buf_str(&note));
    }
    buf_release(&note);
}

static void add_resource(const Text *text, const PlanResource *resource)
{
    Buf *out = text->out;
    PlanVerdict verdict = plan_verdict(resource);
    buf_add_text(out, "  ");
    add_styled(text, COLORS[verdict], plan_symbol(verdict));
    buf_add_char(out, ' ');
    style(text, BOLD);
    add_padded(text, resource->logical_id, text->id_columns);
    style(text, RESET);
    style(text, DIM);
    add_padded(text, resource->type, text->type_columns);
    style(text, RESET);
    add_styled(text, COLORS[verdict], plan_word(verdict));
    if (resource->place.file.len) {
        enum { WORD_COLUMNS = 15 };
        pad(text, strlen(plan_word(verdict)), WORD_COLUMNS);
        style(text, DIM);
        buf_add_text(out, "  ");
        plan_add_place(out, &resource->place);
        if (resource->instance.len) {
            buf_add_text(out, " in ");
            cell_add_plain(out, resource->instance);
        }
        style(text, RESET);
    }
    buf_add_char(out, '\n');
    add_notes(text, resource);
    if (resource->action != PLAN_ADD || text->view->all)
        add_properties(text, resource->properties.items, resource->properties.len,
            resource->action != PLAN_ADD);
}

static size_t widest(const PlanStack *stack, bool types, size_t most)
{
    size_t columns = 0;
    Buf scratch;
    buf_init(&scratch, 0);
    for (size_t i = 0; i < stack->resources.len && columns < most; i++) {
        const PlanResource *resource = &stack->resources.items[i];
        buf_clear(&scratch);
        size_t own = cell_add_plain(&scratch, types ? resource->type : resource->logical_id);
        if (own > columns)
            columns = own;
    }
    buf_release(&scratch);
    return columns < most ? columns : most;
}

// ---- the whole ----

static void add_stack(Text *text, const Plan *plan, const PlanStack *stack)
{
    Buf *out = text->out;
    text->id_columns = widest(stack, false, ID_COLUMNS);
    text->type_columns = widest(stack, true, TYPE_COLUMNS);
    style(text, BOLD);
    if (plan->stage.len && str_is(stack->id, "main")) {
        cell_add_plain(out, plan->stage);
        buf_add_text(out, ": ");
    }
    plan_add_stack_name(out, stack);
    style(text, RESET);
    buf_add_text(out, stack->is_left  ? ", no longer of this stage, is left as it is\n"
                      : stack->is_new ? ", a new stack\n"
                                      : "\n");
    for (size_t i = 0; i < stack->resources.len; i++)
        add_resource(text, &stack->resources.items[i]);
    if (stack->others.len) {
        buf_add_text(out, stack->resources.len ? "\n" : "");
        add_properties(text, stack->others.items, stack->others.len, false);
    }
    buf_add_char(out, '\n');
}

static void add_obstacles(const Text *text, const Plan *plan)
{
    Buf *out = text->out;
    if (!plan->obstacles.len)
        return;
    add_styled(text, BOLD, "Forbidden");
    buf_add_char(out, '\n');
    for (size_t i = 0; i < plan->obstacles.len; i++) {
        const PlanObstacle *obstacle = &plan->obstacles.items[i];
        buf_add_text(out, "  ");
        add_styled(text, RED, "×");
        buf_add_char(out, ' ');
        cell_add_plain(out, obstacle->text);
        if (obstacle->place.file.len) {
            style(text, DIM);
            buf_add_text(out, "  ");
            plan_add_place(out, &obstacle->place);
            style(text, RESET);
        }
        buf_add_text(out, "\n    ");
        if (obstacle->allow.len) {
            buf_add_text(out, "allow it with: --allow ");
            cell_add_plain(out, obstacle->allow);
        } else {
            buf_add_text(out, "nothing lifts this");
        }
        buf_add_char(out, '\n');
    }
    buf_add_char(out, '\n');
}

void plan_write_text(Buf *out, const Plan *plan, const PlanView *view)
{
    Text text = {.out = out, .view = view};
    for (size_t i = 0; i < plan->stacks.len; i++)
        if (plan_stack_changes(&plan->stacks.items[i]))
            add_stack(&text, plan, &plan->stacks.items[i]);
    add_obstacles(&text, plan);
    PlanSums sums = plan_sums(plan);
    if (plan->stage.len) {
        cell_add_plain(out, plan->stage);
        buf_add_text(out, ": ");
    }
    plan_add_sums(out, &sums);
    if (plan->obstacles.len)
        buf_add_format(out, "; %zu forbidden", plan->obstacles.len);
    buf_add_char(out, '\n');
}
