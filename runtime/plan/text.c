// The plan for people.
#include "compiler/base/cell.h"
#include "runtime/plan/view.h"

enum {
    INDENT = 6, // of what stands below a resource
    ID_COLUMNS = 36,
    TYPE_COLUMNS = 44,
    PATH_COLUMNS = 36,
    VALUE_COLUMNS = 24, // at the least
    USUAL_COLUMNS = 100
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
    size_t width;
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

// What stands behind the values.
static void add_tail(Buf *out, const PlanProperty *property, bool effects, bool color)
{
    if (property->cause.len) {
        buf_add_text(out, color ? DIM "  as " : "  as ");
        cell_add_plain(out, property->cause);
        buf_add_text(out, color ? " changes" RESET : " changes");
    }
    if (effects && property->effect != PLAN_IN_PLACE)
        buf_add_format(out, "%s  %s%s", color ? RED : "", plan_effect_word(property->effect),
            color ? RESET : "");
}

static size_t tail_columns(const PlanProperty *property, bool effects)
{
    Buf tail;
    buf_init(&tail, 0);
    add_tail(&tail, property, effects, false);
    size_t columns = columns_of(buf_str(&tail));
    buf_release(&tail);
    return columns;
}

// Both values on one line when they fit, with the `tail` columns of what follows.
static void add_both(const Text *text, const PlanProperty *property, size_t indent, size_t tail)
{
    Buf old, new;
    buf_init(&old, 0);
    buf_init(&new, 0);
    size_t room = text->width > indent + VALUE_COLUMNS ? text->width - indent : VALUE_COLUMNS;
    size_t last = room > tail + VALUE_COLUMNS ? room - tail : VALUE_COLUMNS;
    plan_add_value(&old, property->before, property->after, room);
    plan_add_value(&new, property->after, property->before, last);
    buf_add(text->out, buf_str(&old));
    if (columns_of(buf_str(&old)) + 3 + columns_of(buf_str(&new)) > last) {
        buf_add_char(text->out, '\n');
        buf_add_repeat(text->out, ' ', indent - 2);
        buf_add_text(text->out, "→ ");
    } else {
        buf_add_text(text->out, " → ");
    }
    buf_add(text->out, buf_str(&new));
    buf_release(&old);
    buf_release(&new);
}

static void add_change(const Text *text, const PlanProperty *property, size_t indent, size_t tail)
{
    bool removed = property->after.len == 0, added = property->before.len == 0;
    Str value = removed ? property->before : property->after;
    bool only_refers = str_equal(property->before, property->after) && property->cause.len;
    if (!removed && !added && !only_refers) {
        add_both(text, property, indent, tail);
        return;
    }
    if (!only_refers) {
        add_styled(text, added ? GREEN : RED, added ? "+ " : "- ");
        indent += 2;
    }
    size_t taken = indent + tail + VALUE_COLUMNS;
    plan_add_value(text->out, value, STR(""),
        text->width > taken ? text->width - indent - tail : VALUE_COLUMNS);
}

static void add_property(
    const Text *text, const PlanProperty *property, size_t columns, bool effects)
{
    Buf *out = text->out;
    buf_add_repeat(out, ' ', INDENT);
    size_t start = out->len;
    plan_add_path(out, property->path);
    size_t own = columns_of(str_slice(buf_str(out), start, out->len));
    pad(text, own, columns);
    buf_add_text(out, "  ");
    add_change(text, property, INDENT + (own > columns ? own : columns) + 2,
        tail_columns(property, effects));
    add_tail(out, property, effects, text->view->color);
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
    Text text = {.out = out, .view = view, .width = view->width ? view->width : USUAL_COLUMNS};
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
