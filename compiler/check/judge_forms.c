// oneOf, anyOf, allOf, not and if: forms that a value may have.
#include "compiler/check/judge.h"

typedef struct Forms {
    size_t fits;
    size_t unsure;
    size_t closest; // index of the form with the least that is wrong
    size_t least;
    bool is_clear; // no other form is as close
} Forms;

static Forms try_forms(Judge *judge, SchemaNodes nodes, const Datum *value, const Path *path)
{
    Forms forms = {.least = SIZE_MAX};
    for (size_t i = 0; i < nodes.len; i++) {
        size_t failures = 0;
        Verdict verdict = judge_try(judge, schema_node_at(nodes, i), value, path, &failures);
        forms.fits += verdict == VERDICT_FITS;
        forms.unsure += verdict == VERDICT_UNSURE;
        if (verdict != VERDICT_FAILS)
            continue;
        if (failures < forms.least) {
            forms.least = failures;
            forms.closest = i;
            forms.is_clear = true;
        } else if (failures == forms.least) {
            forms.is_clear = false;
        }
    }
    return forms;
}

// Forms that only say which property must be there, one each.
static bool are_choices(SchemaNodes nodes)
{
    for (size_t i = 0; i < nodes.len; i++) {
        SchemaFacts facts = schema_node_facts(schema_node_at(nodes, i));
        if (facts.required.len != 1 || facts.properties.len > 1)
            return false;
    }
    return nodes.len > 0;
}

static bool lacks_all(SchemaNodes nodes, const Datum *value)
{
    for (size_t i = 0; i < nodes.len; i++) {
        SchemaFacts facts = schema_node_facts(schema_node_at(nodes, i));
        if (judge_presence(value, schema_text_at(facts.required, 0)) != PRESENCE_ABSENT)
            return false;
    }
    return true;
}

static void report_lacking(
    Judge *judge, SchemaNodes nodes, const Datum *value, const Path *path, bool only_one)
{
    Buf names;
    buf_init(&names, 0);
    for (size_t i = 0; i < nodes.len; i++) {
        SchemaFacts facts = schema_node_facts(schema_node_at(nodes, i));
        buf_add_format(
            &names, "%s'%.*s'", i ? ", " : "", STR_FMT(schema_text_at(facts.required, 0)));
    }
    check_report(judge->check, DIAG_CHOICE_OF_PROPERTIES,
        path->origin ? path->origin : value->origin, path_text(judge, path),
        only_one ? STR("exactly one") : STR("at least one"), buf_copy(&names, judge->check->arena),
        DIAG_END);
    buf_release(&names);
}

static Verdict report_none(Judge *judge, SchemaNodes nodes, const Datum *value, const Path *path,
    const Forms *forms, bool only_one)
{
    if (!judge->report)
        return judge_fail(judge, forms->least);
    if (value->kind == DATUM_MAP && are_choices(nodes) && lacks_all(nodes, value)) {
        if (!judge->check->custom_macro)
            report_lacking(judge, nodes, value, path, only_one);
        return judge_fail(judge, forms->least);
    }
    if (forms->is_clear && forms->least < WEIGHT_TYPE) {
        size_t before = judge->failures;
        judge_node(judge, schema_node_at(nodes, forms->closest), value, path);
        judge->failures = before;
        return judge_fail(judge, forms->least);
    }
    check_report(judge->check, DIAG_NO_VARIANT, path_origin(path, value), path_text(judge, path),
        check_number(judge->check, nodes.len), DIAG_END);
    return judge_fail(judge, forms->least);
}

// Two forms at once are only certain where each asks for a property of its own: other forms
// overlap because scalars are coerced.
static Verdict judge_several(Judge *judge, SchemaNodes nodes, const Datum *value, const Path *path)
{
    if (value->kind != DATUM_MAP || !are_choices(nodes))
        return VERDICT_FITS;
    Str first = STR_NONE;
    for (size_t i = 0; i < nodes.len; i++) {
        SchemaFacts facts = schema_node_facts(schema_node_at(nodes, i));
        Str name = schema_text_at(facts.required, 0);
        if (judge_presence(value, name) != PRESENCE_SURE)
            continue;
        if (!first.ptr) {
            first = name;
            continue;
        }
        if (judge->report)
            judge_report_exclusive(judge, value, first, name, path);
        return judge_fail(judge, WEIGHT_UNKNOWN);
    }
    return VERDICT_FITS;
}

static Verdict judge_alternatives(
    Judge *judge, SchemaNodes nodes, const Datum *value, const Path *path, bool only_one)
{
    if (nodes.len == 0)
        return VERDICT_FITS;
    Forms forms = try_forms(judge, nodes, value, path);
    if (forms.fits == 0 && forms.unsure == 0)
        return report_none(judge, nodes, value, path, &forms, only_one);
    if (only_one && forms.fits > 1)
        return judge_several(judge, nodes, value, path);
    return forms.fits > 0 ? VERDICT_FITS : VERDICT_UNSURE;
}

// A `not` that names properties which may not be there is better told by their names.
static bool report_refused(Judge *judge, SchemaTexts required, const Datum *value, const Path *path)
{
    if (required.len != 1 || value->kind != DATUM_MAP)
        return false;
    Str name = schema_text_at(required, 0);
    if (judge_presence(value, name) != PRESENCE_SURE)
        return false;
    judge_report_not_here(judge, value, name, path);
    return true;
}

static void report_not(Judge *judge, SchemaNode node, const Datum *value, const Path *path)
{
    SchemaFacts facts = schema_node_facts(node);
    bool named = report_refused(judge, facts.required, value, path);
    for (size_t i = 0; i < facts.any_of.len; i++) {
        SchemaFacts form = schema_node_facts(schema_node_at(facts.any_of, i));
        named |= report_refused(judge, form.required, value, path);
    }
    if (!named)
        check_report(judge->check, DIAG_REFUSED_COMBINATION, path_origin(path, value),
            path_text(judge, path), DIAG_END);
}

static Verdict judge_not(Judge *judge, SchemaNode node, const Datum *value, const Path *path)
{
    if (!schema_node_exists(node))
        return VERDICT_FITS;
    size_t failures = 0;
    Verdict verdict = judge_try(judge, node, value, path, &failures);
    if (verdict != VERDICT_FITS)
        return verdict == VERDICT_UNSURE ? VERDICT_UNSURE : VERDICT_FITS;
    if (judge->report)
        report_not(judge, node, value, path);
    return judge_fail(judge, WEIGHT_VALUE);
}

static bool says_nothing(SchemaNode node)
{
    if (!schema_node_exists(node))
        return true;
    SchemaFacts facts = schema_node_facts(node);
    bool scalar = facts.types || facts.values.len || facts.has_constant || facts.pattern.len ||
                  facts.refused.len || facts.min_length.present || facts.max_length.present ||
                  facts.minimum.present || facts.maximum.present ||
                  facts.exclusive_minimum.present || facts.exclusive_maximum.present ||
                  facts.multiple_of.present;
    bool object = facts.properties.len || facts.required.len || facts.absent.len ||
                  facts.required_xor.len || facts.required_or.len || facts.dependent_required.len ||
                  facts.dependent_excluded.len || facts.min_items.present ||
                  facts.max_items.present || schema_node_exists(facts.items);
    bool forms = facts.one_of.len || facts.any_of.len || facts.all_of.len || facts.conditions.len ||
                 schema_node_exists(facts.not_node);
    return !scalar && !object && !forms;
}

static bool is_any_list(SchemaNode node)
{
    SchemaFacts facts = schema_node_facts(node);
    return facts.types == SCHEMA_LIST && !facts.min_items.present && !facts.max_items.present &&
           !schema_node_exists(facts.items) && !schema_node_exists(facts.not_node) &&
           facts.any_of.len == 0 && facts.one_of.len == 0 && facts.all_of.len == 0;
}

// AWS's published schemas have lost constraints: an `if` that names a property and asks nothing
// of it, not even to be there, or only to be a list (of what it has to contain, says nobody any
// more), asked something once. It cannot be told when it holds.
static bool is_vague(SchemaNode node)
{
    if (says_nothing(node))
        return true;
    SchemaFacts facts = schema_node_facts(node);
    for (size_t i = 0; i < facts.properties.len; i++) {
        SchemaProperty property = schema_property_at(facts.properties, i);
        if (!schema_texts_contain(facts.required, property.name) && says_nothing(property.node))
            return true;
        if (is_any_list(property.node))
            return true;
    }
    return false;
}

static Verdict judge_condition(
    Judge *judge, SchemaCondition condition, const Datum *value, const Path *path)
{
    if (is_vague(condition.if_node))
        return VERDICT_UNSURE;
    size_t failures = 0;
    switch (judge_try(judge, condition.if_node, value, path, &failures)) {
    case VERDICT_FITS:
        return judge_node(judge, condition.then_node, value, path);
    case VERDICT_FAILS:
        return judge_node(judge, condition.else_node, value, path);
    default:
        return VERDICT_UNSURE;
    }
}

Verdict judge_forms(
    Judge *judge, const SchemaFacts *facts, const Datum *value, const Path *path, bool whole)
{
    Verdict verdict = VERDICT_FITS;
    for (size_t i = 0; i < facts->all_of.len; i++)
        verdict = verdict_worse(
            verdict, judge_node(judge, schema_node_at(facts->all_of, i), value, path));
    verdict = verdict_worse(verdict, judge_alternatives(judge, facts->one_of, value, path, true));
    verdict = verdict_worse(verdict, judge_alternatives(judge, facts->any_of, value, path, false));
    if (!whole)
        return verdict;
    verdict = verdict_worse(verdict, judge_not(judge, facts->not_node, value, path));
    for (size_t i = 0; i < facts->conditions.len; i++)
        verdict = verdict_worse(verdict,
            judge_condition(judge, schema_condition_at(facts->conditions, i), value, path));
    return verdict;
}
