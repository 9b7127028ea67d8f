#include "compiler/check/judge.h"

Verdict verdict_worse(Verdict a, Verdict b)
{
    return a > b ? a : b;
}

Verdict judge_fail(Judge *judge, size_t weight)
{
    judge->failures += weight;
    return VERDICT_FAILS;
}

const Origin *path_origin(const Path *path, const Datum *value)
{
    return value->origin ? value->origin : path->origin;
}

static void write_path(Buf *out, const Path *path)
{
    if (!path->parent)
        return;
    write_path(out, path->parent);
    if (!path->name.len)
        buf_add_format(out, "[%zu]", path->index);
    else
        buf_add_format(out, "%s%.*s", out->len ? "." : "", STR_FMT(path->name));
}

Str path_text(const Judge *judge, const Path *path)
{
    if (!path->parent)
        return judge->resource->type;
    Buf text;
    buf_init(&text, 0);
    write_path(&text, path);
    Str copy = buf_copy(&text, judge->check->arena);
    buf_release(&text);
    return copy;
}

Str judge_type_names(const Judge *judge, unsigned types)
{
    static const char *const names[] = {
        "a string", "an integer", "a number", "a boolean", "a map", "a list", "null"};
    Buf text;
    buf_init(&text, 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (types & (1u << i))
            buf_add_format(&text, "%s%s", text.len ? " or " : "", names[i]);
    Str copy = buf_copy(&text, judge->check->arena);
    buf_release(&text);
    return copy;
}

// ---- types ----

static bool type_fits(const SchemaFacts *facts, const Datum *value)
{
    if (facts->types == 0)
        return true;
    switch (value->kind) {
    case DATUM_LIST:
        return facts->types & SCHEMA_LIST;
    case DATUM_MAP:
        return facts->types & SCHEMA_OBJECT;
    case DATUM_NULL:
        return facts->types & SCHEMA_NULL;
    default:
        break;
    }
    if (judge_scalar_type(facts->types, value))
        return true;
    // A document as its JSON text.
    return (facts->types & SCHEMA_OBJECT) && facts->properties.len == 0 &&
           value->kind == DATUM_STRING;
}

static Verdict report_type(
    Judge *judge, const SchemaFacts *facts, const Datum *value, const Path *path)
{
    if (judge->report)
        check_report(judge->check, DIAG_WRONG_PROPERTY_TYPE, path_origin(path, value),
            path_text(judge, path), judge_type_names(judge, facts->types),
            check_show(judge->check, value), DIAG_END);
    return judge_fail(judge, WEIGHT_TYPE);
}

// ---- lists ----

static Verdict report_count(Judge *judge, const Datum *value, const Path *path, size_t found,
    const char *bound, size_t limit)
{
    if (judge->report)
        check_report(judge->check, DIAG_WRONG_ITEM_COUNT, path_origin(path, value),
            path_text(judge, path), check_number(judge->check, found),
            found == 1 ? STR("item") : STR("items"),
            str_format(judge->check->arena, "at %s %zu", bound, limit), DIAG_END);
    return judge_fail(judge, WEIGHT_VALUE);
}

static Verdict judge_unique(Judge *judge, const Datum *list, const Path *path)
{
    Map seen = {0};
    Verdict verdict = VERDICT_FITS;
    for (size_t i = 0; i < list->items.len; i++) {
        const Datum *item = list->items.items[i];
        if (judge_value_presence(item) != PRESENCE_SURE)
            continue;
        Str key = check_json_key(judge->check, item);
        if (!map_set(&seen, judge->check->arena, key, judge))
            continue;
        if (judge->report)
            check_report(judge->check, DIAG_ITEM_TWICE, path_origin(path, item),
                path_text(judge, path), check_show(judge->check, item), DIAG_END);
        verdict = judge_fail(judge, WEIGHT_VALUE);
    }
    return verdict;
}

static Verdict judge_list(
    Judge *judge, const SchemaFacts *facts, const Datum *list, const Path *path)
{
    Verdict verdict = VERDICT_FITS;
    size_t sure = 0;
    size_t possible = 0;
    for (size_t i = 0; i < list->items.len; i++) {
        const Datum *item = list->items.items[i];
        Presence presence = judge_value_presence(item);
        sure += presence == PRESENCE_SURE;
        possible += presence != PRESENCE_ABSENT;
        if (presence == PRESENCE_ABSENT)
            continue;
        Path at = {path, {"", 0}, i, path_origin(path, item)};
        verdict = verdict_worse(verdict, judge_node(judge, facts->items, item, &at));
        if (facts->format.len && check_function(item))
            judge_flow(judge, facts, item, &at);
    }
    if (facts->min_items.present && possible < facts->min_items.value)
        verdict = report_count(judge, list, path, possible, "least", facts->min_items.value);
    if (facts->max_items.present && sure > facts->max_items.value)
        verdict = report_count(judge, list, path, sure, "most", facts->max_items.value);
    if (facts->unique_items)
        verdict = verdict_worse(verdict, judge_unique(judge, list, path));
    return verdict;
}

// ---- nodes ----

// Both sides of a Fn::If must fit; what only one side breaks depends on the deployment.
static Verdict judge_if(Judge *judge, SchemaNode node, const Datum *arguments, const Path *path)
{
    if (arguments->kind != DATUM_LIST || arguments->items.len != 3)
        return VERDICT_UNSURE;
    Verdict sides[2] = {VERDICT_FITS, VERDICT_FITS};
    judge->conditional++;
    for (size_t i = 0; i < 2; i++) {
        const Datum *side = arguments->items.items[i + 1];
        if (!check_is_no_value(side))
            sides[i] = judge_node(judge, node, side, path);
    }
    judge->conditional--;
    return sides[0] == sides[1] ? sides[0] : VERDICT_UNSURE;
}

// A value can be refused by the property's own node and by a rule of the type that names the
// property again: it is told once.
static Str refused_key(const Judge *judge, const Datum *value, const Path *path)
{
    return str_format(
        judge->check->arena, "%p %.*s", (const void *)value, STR_FMT(path_text(judge, path)));
}

static Verdict judge_scalar_once(
    Judge *judge, const SchemaFacts *facts, const Datum *value, const Path *path)
{
    if (judge->report && judge->refused.len &&
        map_find(&judge->refused, refused_key(judge, value, path)))
        return judge_fail(judge, WEIGHT_VALUE);
    Verdict verdict = type_fits(facts, value) ? judge_scalar(judge, facts, value, path)
                                              : report_type(judge, facts, value, path);
    if (verdict == VERDICT_FAILS && judge->report)
        map_set(&judge->refused, judge->check->arena, refused_key(judge, value, path), judge);
    return verdict == VERDICT_FAILS
               ? verdict
               : verdict_worse(verdict, judge_forms(judge, facts, value, path, true));
}

static Verdict judge_plain(Judge *judge, SchemaNode node, const Datum *value, const Path *path)
{
    if (value->hole)
        return VERDICT_UNSURE;
    SchemaFacts facts = schema_node_facts(node);
    if (check_function(value)) {
        Verdict verdict = judge_call(judge, &facts, value, path);
        if (verdict == VERDICT_FAILS)
            return verdict;
        return verdict_worse(verdict, judge_forms(judge, &facts, value, path, false));
    }
    bool is_scalar =
        value->kind != DATUM_MAP && value->kind != DATUM_LIST && value->kind != DATUM_NULL;
    if (is_scalar)
        return judge_scalar_once(judge, &facts, value, path);
    if (!type_fits(&facts, value))
        return report_type(judge, &facts, value, path);
    Verdict verdict = VERDICT_FITS;
    if (value->kind == DATUM_MAP)
        verdict = judge_object(judge, &facts, value, path);
    else if (value->kind == DATUM_LIST)
        verdict = judge_list(judge, &facts, value, path);
    return verdict_worse(verdict, judge_forms(judge, &facts, value, path, true));
}

typedef struct Tried {
    Verdict verdict;
    size_t failures;
} Tried;

// Trials of forms within forms would take exponential time if each were made anew.
static Verdict judge_tried(Judge *judge, SchemaNode node, const Datum *value, const Path *path)
{
    struct {
        uintptr_t value;
        uintptr_t node;
    } pair = {(uintptr_t)value, node.at};
    Str key = {(const char *)&pair, sizeof pair};
    Tried *tried = map_find(&judge->tried, key);
    if (!tried) {
        size_t before = judge->failures;
        Verdict verdict = judge_plain(judge, node, value, path);
        tried = ARENA_NEW(judge->check->arena, Tried);
        *tried = (Tried){verdict, judge->failures - before};
        judge->failures = before;
        Str kept = {arena_copy(judge->check->arena, &pair, sizeof pair), sizeof pair};
        map_set(&judge->tried, judge->check->arena, kept, tried);
    }
    judge->failures += tried->failures;
    return tried->verdict;
}

Verdict judge_node(Judge *judge, SchemaNode node, const Datum *value, const Path *path)
{
    if (!schema_node_exists(node))
        return VERDICT_FITS;
    if (judge->steps == 0)
        return VERDICT_UNSURE;
    judge->steps--;
    const DatumEntry *call = check_function(value);
    if (call && str_is(call->key, "Fn::If"))
        return judge_if(judge, node, call->value, path);
    bool is_small = value->kind != DATUM_MAP && value->kind != DATUM_LIST;
    if (judge->report || is_small || call)
        return judge_plain(judge, node, value, path);
    return judge_tried(judge, node, value, path);
}

Verdict judge_try(
    Judge *judge, SchemaNode node, const Datum *value, const Path *path, size_t *failures)
{
    bool report = judge->report;
    size_t before = judge->failures;
    judge->report = false;
    judge->failures = 0;
    Verdict verdict = judge_node(judge, node, value, path);
    *failures = judge->failures;
    judge->failures = before;
    judge->report = report;
    return verdict;
}
