#include "runtime/plan/view.h"

#include "compiler/base/cell.h"

enum { COMMON_SHOWN = 12 };

// ---- words ----

static const struct {
    const char *symbol;
    const char *word;
    const char *sum;
} VERDICTS[VERDICT_COUNT] = {
    [VERDICT_ADD] = {"+", "added", "to add"},
    [VERDICT_IMPORT] = {"<", "imported", "to import"},
    [VERDICT_RENAME] = {">", "renamed", "to rename"},
    [VERDICT_IN_PLACE] = {"~", "in place", "to change in place"},
    [VERDICT_MAY_REPLACE] = {"±", "may be replaced", "that may be replaced"},
    [VERDICT_UNKNOWN] = {"?", "unknown", "with unknown effect"},
    [VERDICT_REPLACE] = {"±", "replaced", "to replace"},
    [VERDICT_REMOVE] = {"-", "removed", "to remove"},
};

PlanVerdict plan_verdict(const PlanResource *resource)
{
    switch (resource->action) {
    case PLAN_ADD:
        return VERDICT_ADD;
    case PLAN_REMOVE:
        return VERDICT_REMOVE;
    case PLAN_IMPORT:
        return VERDICT_IMPORT;
    case PLAN_DYNAMIC:
        return VERDICT_UNKNOWN;
    case PLAN_RENAME:
        if (resource->effect == PLAN_IN_PLACE)
            return VERDICT_RENAME;
        break;
    case PLAN_SAME:
    case PLAN_MODIFY:
        break;
    }
    switch (resource->effect) {
    case PLAN_MAY_REPLACE:
        return VERDICT_MAY_REPLACE;
    case PLAN_UNKNOWN:
        return VERDICT_UNKNOWN;
    case PLAN_REPLACES:
        return VERDICT_REPLACE;
    case PLAN_IN_PLACE:
        break;
    }
    return VERDICT_IN_PLACE;
}

const char *plan_symbol(PlanVerdict verdict)
{
    return VERDICTS[verdict].symbol;
}

const char *plan_word(PlanVerdict verdict)
{
    return VERDICTS[verdict].word;
}

const char *plan_effect_word(PlanEffect effect)
{
    switch (effect) {
    case PLAN_MAY_REPLACE:
        return "may replace";
    case PLAN_UNKNOWN:
        return "effect unknown";
    case PLAN_REPLACES:
        return "replaces";
    case PLAN_IN_PLACE:
        break;
    }
    return "";
}

// ---- sums ----

PlanSums plan_sums(const Plan *plan)
{
    PlanSums sums = {0};
    for (size_t i = 0; i < plan->stacks.len; i++) {
        const PlanStack *stack = &plan->stacks.items[i];
        for (size_t j = 0; j < stack->resources.len; j++)
            sums.verdicts[plan_verdict(&stack->resources.items[j])]++;
        sums.others += stack->others.len + stack->is_left;
    }
    return sums;
}

void plan_add_sums(Buf *out, const PlanSums *sums)
{
    size_t start = out->len;
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        if (!sums->verdicts[i])
            continue;
        buf_add_text(out, out->len > start ? ", " : "");
        buf_add_format(out, "%zu %s", sums->verdicts[i], VERDICTS[i].sum);
    }
    if (out->len == start)
        buf_add_text(out, sums->others ? "no resource changes" : "no changes");
}

bool plan_stack_changes(const PlanStack *stack)
{
    return stack->resources.len || stack->others.len || stack->is_left;
}

// ---- paths ----

static bool is_index(Str key)
{
    for (size_t i = 0; i < key.len; i++)
        if (key.ptr[i] < '0' || key.ptr[i] > '9')
            return false;
    return key.len > 0;
}

static void add_key(Buf *out, Str key)
{
    for (size_t i = 0; i < key.len; i++) {
        bool escape = key.ptr[i] == '~' && i + 1 < key.len;
        char c = escape ? (key.ptr[++i] == '1' ? '/' : '~') : key.ptr[i];
        buf_add_char(out, c);
    }
}

void plan_add_path(Buf *out, Str pointer)
{
    Buf path;
    buf_init(&path, 0);
    size_t start = str_starts(pointer, STR("/Properties/")) ? sizeof "/Properties" : 1;
    while (start <= pointer.len) {
        size_t end = str_find(pointer, STR("/"), start);
        Str key = str_slice(pointer, start, end);
        if (is_index(key)) {
            buf_add_format(&path, "[%.*s]", STR_FMT(key));
        } else {
            buf_add_text(&path, path.len ? "." : "");
            add_key(&path, key);
        }
        start = end == SIZE_MAX ? SIZE_MAX : end + 1;
    }
    cell_add_plain(out, buf_str(&path));
    buf_release(&path);
}

// ---- values ----

// What stands between the two ends, if nothing in it is quoted.
static bool between(Str json, Str left, Str right, Str *inner)
{
    if (json.len < left.len + right.len || !str_starts(json, left) || !str_ends(json, right))
        return false;
    *inner = str_slice(json, left.len, json.len - right.len);
    return str_find(*inner, STR("\\"), 0) == SIZE_MAX;
}

// Ref, Fn::GetAtt and Fn::Sub as alt writes them.
static void add_as_alt(Buf *out, Str json)
{
    Str inner;
    Str comma = STR("\",\"");
    if (between(json, STR("{\"Ref\":\""), STR("\"}"), &inner)) {
        buf_add(out, inner);
    } else if (between(json, STR("{\"Fn::GetAtt\":[\""), STR("\"]}"), &inner) &&
               str_find(inner, comma, 0) != SIZE_MAX) {
        size_t end = str_find(inner, comma, 0);
        buf_add(out, str_slice(inner, 0, end));
        buf_add_char(out, '.');
        buf_add(out, str_slice(inner, end + comma.len, inner.len));
    } else if (between(json, STR("{\"Fn::Sub\":"), STR("}"), &inner) && inner.len > 1 &&
               inner.ptr[0] == '"' && str_find(inner, STR("\""), 1) == inner.len - 1) {
        buf_add(out, inner);
    } else {
        buf_add(out, json);
    }
}

static size_t common_start(Str a, Str b)
{
    size_t len = 0;
    while (len < a.len && len < b.len && a.ptr[len] == b.ptr[len])
        len++;
    while (len > 0 && len < a.len && ((unsigned char)a.ptr[len] & 0xC0) == 0x80)
        len--;
    return len;
}

// As many characters as fit; behind them "…" when there are more.
static void add_cut(Buf *out, Str text, size_t columns)
{
    size_t used = 0;
    for (size_t at = 0; at < text.len;) {
        size_t before = out->len;
        uint32_t c = cell_next(text, &at);
        size_t width = c == '\n' || c == '\t' ? 1 : cell_add(out, c, 0);
        if (c == '\n' || c == '\t')
            buf_add_char(out, ' ');
        used += width;
        if (used > columns - 1 && (at < text.len || used > columns)) {
            out->len = before;
            buf_add_text(out, "…");
            return;
        }
    }
}

void plan_add_value(Buf *out, Str json, Str other, size_t columns)
{
    Buf text, reference;
    buf_init(&text, 0);
    buf_init(&reference, 0);
    add_as_alt(&text, json);
    add_as_alt(&reference, other);
    Str shown = buf_str(&text);
    size_t common = common_start(shown, buf_str(&reference));
    if (shown.len > columns && common > columns / 2) {
        size_t start = common - COMMON_SHOWN;
        while (start < shown.len && ((unsigned char)shown.ptr[start] & 0xC0) == 0x80)
            start++;
        buf_add_text(out, "…");
        shown = str_slice(shown, start, shown.len);
        columns--;
    }
    add_cut(out, shown, columns);
    buf_release(&text);
    buf_release(&reference);
}

// ---- the rest ----

void plan_add_place(Buf *out, const NoticePlace *place)
{
    if (!place->file.len)
        return;
    cell_add_plain(out, place->file);
    if (place->line)
        buf_add_format(out, ":%zu", place->line);
}

void plan_add_stake(Buf *out, const PlanResource *resource)
{
    if (!resource->data.len)
        return;
    bool removed = resource->action == PLAN_REMOVE;
    bool sure = removed || plan_verdict(resource) == VERDICT_REPLACE;
    buf_add_text(out, sure ? "" : "may ");
    if (resource->kept)
        buf_add_format(out, "%s %.*s, outside of the stack",
            removed ? "keeps"
            : sure  ? "leaves behind"
                    : "leave behind",
            STR_FMT(resource->data));
    else if (str_is(resource->policy, "Snapshot"))
        buf_add_format(out, "%s no more than a snapshot of %.*s", sure ? "leaves" : "leave",
            STR_FMT(resource->data));
    else
        buf_add_format(out, "%s %.*s", sure ? "loses" : "lose", STR_FMT(resource->data));
}

void plan_add_stack_name(Buf *out, const PlanStack *stack)
{
    cell_add_plain(out, stack->name.len ? stack->name : stack->id);
    if (stack->region.len) {
        buf_add_text(out, " in ");
        cell_add_plain(out, stack->region);
    }
}
