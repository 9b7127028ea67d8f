// The plan for a pull request, in GitHub Flavored Markdown: a table, and what changes of each
// resource folded away. All texts stand as HTML that Markdown leaves alone.
#include "compiler/base/cell.h"
#include "runtime/plan/view.h"

// GitHub takes 65,536 characters in a comment.
enum { BYTES_MAX = 60000, VALUE_COLUMNS = 200 };

// Characters that Markdown, HTML or a table takes for more than themselves, as their numbers; those
// that nobody would see, spelled out.
static void add_escaped(Buf *out, Str text)
{
    Buf clean;
    buf_init(&clean, 0);
    cell_add_plain(&clean, text);
    for (size_t i = 0; i < clean.len; i++) {
        unsigned char c = (unsigned char)clean.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == ' ' || c == '.' || c == ':' || c == '-' || c == '/' || c == ',' ||
                     c == '\'' || c >= 0x80;
        if (plain)
            buf_add_char(out, (char)c);
        else
            buf_add_format(out, "&#%u;", (unsigned)c);
    }
    buf_release(&clean);
}

static void add_code(Buf *out, Str text)
{
    buf_add_text(out, "<code>");
    add_escaped(out, text);
    buf_add_text(out, "</code>");
}

static void add_place(Buf *out, const NoticePlace *place)
{
    Buf text;
    buf_init(&text, 0);
    plan_add_place(&text, place);
    if (text.len)
        add_code(out, buf_str(&text));
    buf_release(&text);
}

static void add_value(Buf *out, Str json, Str other)
{
    if (!json.len)
        return;
    Buf text;
    buf_init(&text, 0);
    plan_add_value(&text, json, other, VALUE_COLUMNS);
    add_code(out, buf_str(&text));
    buf_release(&text);
}

// ---- properties ----

static void add_property(Buf *out, const PlanProperty *property)
{
    Buf path;
    buf_init(&path, 0);
    plan_add_path(&path, property->path);
    buf_add_text(out, "| ");
    add_code(out, buf_str(&path));
    buf_add_text(out, " | ");
    add_value(out, property->before, property->after);
    buf_add_text(out, " | ");
    add_value(out, property->after, property->before);
    buf_add_format(out, " | %s", plan_effect_word(property->effect));
    if (property->cause.len) {
        buf_add_text(out, property->effect == PLAN_IN_PLACE ? "as " : ", as ");
        add_code(out, property->cause);
        buf_add_text(out, " changes");
    }
    buf_add_text(out, " |\n");
    buf_release(&path);
}

static void add_details(Buf *out, Str title, const PlanProperty *properties, size_t count)
{
    buf_add_text(out, "<details><summary>");
    add_code(out, title);
    buf_add_text(out, "</summary>\n\n");
    buf_add_text(out, "| Property | Before | After | |\n|---|---|---|---|\n");
    size_t shown = 0;
    for (; shown < count && out->len < BYTES_MAX; shown++)
        add_property(out, &properties[shown]);
    if (shown < count)
        buf_add_format(out, "\n%zu more properties change.\n", count - shown);
    buf_add_text(out, "\n</details>\n");
}

// ---- stacks ----

static void add_row(Buf *out, const PlanResource *resource)
{
    PlanVerdict verdict = plan_verdict(resource);
    buf_add_text(out, "| ");
    add_escaped(out, str_of(plan_symbol(verdict)));
    buf_add_text(out, " | ");
    add_code(out, resource->logical_id);
    if (resource->former_id.len) {
        buf_add_text(out, " was ");
        add_code(out, resource->former_id);
    }
    buf_add_text(out, " | ");
    add_escaped(out, resource->type);
    bool grave = verdict >= VERDICT_MAY_REPLACE;
    buf_add_format(out, " | %s%s%s", grave ? "**" : "", plan_word(verdict), grave ? "**" : "");
    Buf stake;
    buf_init(&stake, 0);
    plan_add_stake(&stake, resource);
    if (stake.len) {
        buf_add_text(out, "; ");
        add_escaped(out, buf_str(&stake));
    }
    buf_release(&stake);
    buf_add_text(out, " | ");
    add_place(out, &resource->place);
    buf_add_text(out, " |\n");
}

static bool has_details(const PlanResource *resource)
{
    return resource->action != PLAN_ADD && resource->properties.len;
}

static void add_stack(Buf *out, const PlanStack *stack)
{
    Buf name;
    buf_init(&name, 0);
    plan_add_stack_name(&name, stack);
    buf_add_text(out, "\n#### ");
    add_escaped(out, buf_str(&name));
    buf_add_text(out, stack->is_left  ? ", no longer of this stage, is left as it is\n\n"
                      : stack->is_new ? ", a new stack\n\n"
                                      : "\n\n");
    buf_release(&name);
    if (stack->resources.len)
        buf_add_text(out, "| | Resource | Type | | Where |\n|---|---|---|---|---|\n");
    size_t start = out->len, shown = 0;
    for (; shown < stack->resources.len && out->len < BYTES_MAX; shown++)
        add_row(out, &stack->resources.items[shown]);
    if (shown < stack->resources.len)
        buf_add_format(out, "\n%zu more resources change.\n", stack->resources.len - shown);
    buf_add_text(out, out->len > start ? "\n" : "");
    size_t hidden = 0;
    for (size_t i = 0; i < shown; i++) {
        const PlanResource *resource = &stack->resources.items[i];
        if (!has_details(resource))
            continue;
        if (out->len < BYTES_MAX)
            add_details(
                out, resource->logical_id, resource->properties.items, resource->properties.len);
        else
            hidden++;
    }
    if (stack->others.len && out->len < BYTES_MAX)
        add_details(out, STR("outside of the resources"), stack->others.items, stack->others.len);
    if (hidden)
        buf_add_format(out, "\nThe properties of %zu more resources are left out.\n", hidden);
}

static void add_obstacles(Buf *out, const Plan *plan)
{
    if (!plan->obstacles.len)
        return;
    buf_add_text(out, "\n#### Forbidden\n\n");
    for (size_t i = 0; i < plan->obstacles.len; i++) {
        const PlanObstacle *obstacle = &plan->obstacles.items[i];
        buf_add_text(out, "- ");
        add_escaped(out, obstacle->text);
        if (obstacle->allow.len) {
            buf_add_text(out, ": ");
            Buf option;
            buf_init(&option, 0);
            buf_add_format(&option, "--allow %.*s", STR_FMT(obstacle->allow));
            add_code(out, buf_str(&option));
            buf_release(&option);
        }
        buf_add_char(out, '\n');
    }
}

void plan_write_markdown(Buf *out, const Plan *plan)
{
    buf_add_text(out, "### Plan");
    if (plan->app.len || plan->stage.len) {
        buf_add_text(out, " of ");
        add_escaped(out, plan->app);
        buf_add_text(out, plan->app.len && plan->stage.len ? ", stage " : "");
        add_escaped(out, plan->stage);
    }
    PlanSums sums = plan_sums(plan);
    buf_add_text(out, "\n\n**");
    plan_add_sums(out, &sums);
    if (plan->obstacles.len)
        buf_add_format(out, "; %zu forbidden", plan->obstacles.len);
    buf_add_text(out, "**\n");
    add_obstacles(out, plan);
    for (size_t i = 0; i < plan->stacks.len; i++)
        if (plan_stack_changes(&plan->stacks.items[i]))
            add_stack(out, &plan->stacks.items[i]);
}
