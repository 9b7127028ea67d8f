// Maps: which properties there are, which there must be, and which go together.
#include "compiler/check/judge.h"

// ---- presence ----

Presence judge_value_presence(const Datum *value)
{
    if (check_is_no_value(value))
        return PRESENCE_ABSENT;
    const DatumEntry *call = check_function(value);
    if (!call || !str_is(call->key, "Fn::If") || call->value->kind != DATUM_LIST ||
        call->value->items.len != 3)
        return PRESENCE_SURE;
    Presence yes = judge_value_presence(call->value->items.items[1]);
    Presence no = judge_value_presence(call->value->items.items[2]);
    return yes == no ? yes : PRESENCE_MAYBE;
}

// Keys that make other keys when the template is processed.
static bool is_open_map(const Datum *map)
{
    for (size_t i = 0; i < map->entries.len; i++)
        if (str_starts(map->entries.items[i].key, STR("Fn::")))
            return true;
    return false;
}

Presence judge_presence(const Datum *map, Str name)
{
    const Datum *value = datum_get(map, name);
    if (value)
        return judge_value_presence(value);
    return is_open_map(map) ? PRESENCE_MAYBE : PRESENCE_ABSENT;
}

static const Origin *entry_origin(const Datum *map, Str name, const Path *path)
{
    for (size_t i = 0; i < map->entries.len; i++)
        if (str_equal(map->entries.items[i].key, name))
            return check_key_origin(&map->entries.items[i]);
    return path_origin(path, map);
}

// What lacks something is shown at its own name rather than over all of its lines.
static const Origin *missing_origin(const Datum *map, const Path *path)
{
    return path->origin ? path->origin : map->origin;
}

// ---- properties ----

static Verdict report_unknown(
    Judge *judge, const SchemaFacts *facts, const DatumEntry *entry, const Path *path)
{
    if (!judge->report)
        return judge_fail(judge, WEIGHT_UNKNOWN);
    const Origin *origin = check_key_origin(entry);
    DiagCode code = judge->check->custom_macro ? DIAG_UNSURE_PROPERTY : DIAG_UNKNOWN_PROPERTY;
    Diag *diag =
        check_report(judge->check, code, origin, path_text(judge, path), entry->key, DIAG_END);
    VEC(Str) names = {0};
    for (size_t i = 0; diag && i < facts->properties.len; i++)
        VEC_ADD(judge->check->arena, &names, schema_property_at(facts->properties, i).name);
    check_did_you_mean(judge->check, diag, origin, entry->key, names.items, names.len);
    // Where the names are the program's own, it is a matter of their spelling.
    for (size_t i = 0; diag && !names.len && i < facts->pattern_properties.len; i++)
        check_note(judge->check, diag, NULL,
            str_format(judge->check->arena, "a name that matches '%.*s' may stand here",
                STR_FMT(schema_pattern_rule_at(facts->pattern_properties, i).pattern)));
    return judge_fail(judge, WEIGHT_UNKNOWN);
}

// The node that a property without a name of its own must fit; false when it may not be there.
static bool find_other(Judge *judge, const SchemaFacts *facts, Str name, SchemaNode *node)
{
    RegexCache *cache = judge->check->context->regexes;
    for (size_t i = 0; i < facts->pattern_properties.len; i++) {
        SchemaPatternRule rule = schema_pattern_rule_at(facts->pattern_properties, i);
        const Regex *regex =
            rule.pattern_usable && cache ? regex_get(cache, rule.pattern, NULL) : NULL;
        if (!regex || regex_matches(regex, name) != REGEX_NO_MATCH) {
            *node = rule.node;
            return true;
        }
    }
    *node = facts->additional;
    return !facts->closed;
}

static void report_deprecated(Judge *judge, const DatumEntry *entry, const Path *path)
{
    if (judge->report)
        check_report(judge->check, DIAG_DEPRECATED_PROPERTY, check_key_origin(entry),
            path_text(judge, path), DIAG_END);
}

static bool is_policy_name(Str name)
{
    return str_ends(name, STR("Policy")) || str_ends(name, STR("PolicyDocument")) ||
           str_ends(name, STR("PolicyText"));
}

static bool find_property(const SchemaFacts *facts, Str name, SchemaProperty *property)
{
    size_t low = 0;
    size_t high = facts->properties.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        *property = schema_property_at(facts->properties, middle);
        int order = str_compare(property->name, name);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static Verdict judge_property(
    Judge *judge, const SchemaFacts *facts, const DatumEntry *entry, const Path *path)
{
    if (str_starts(entry->key, STR("Fn::")) || check_is_no_value(entry->value))
        return VERDICT_FITS;
    Path at = {path, entry->key, 0, check_entry_origin(entry)};
    if (!at.origin)
        at.origin = path->origin;
    SchemaProperty property;
    SchemaNode node;
    if (find_property(facts, entry->key, &property)) {
        node = property.node;
        if (property.deprecated)
            report_deprecated(judge, entry, &at);
    } else if (!find_other(judge, facts, entry->key, &node)) {
        return report_unknown(judge, facts, entry, path);
    }
    if (judge->report && is_policy_name(entry->key))
        check_policy_document(judge->check, entry->value);
    return judge_node(judge, node, entry->value, &at);
}

// ---- what must be there ----

// Is there an unknown property that was meant to be this one? Its own finding says so.
static bool is_misspelt(Judge *judge, const SchemaFacts *facts, const Datum *map, Str name)
{
    for (size_t i = 0; i < map->entries.len; i++) {
        Str key = map->entries.items[i].key;
        SchemaProperty property;
        SchemaNode node;
        size_t limit = key.len / 3;
        if (str_distance(key, name, limit) <= limit && !find_property(facts, key, &property) &&
            !find_other(judge, facts, key, &node))
            return true;
    }
    return false;
}

static Verdict judge_required(
    Judge *judge, const SchemaFacts *facts, const Datum *map, const Path *path)
{
    Verdict verdict = VERDICT_FITS;
    for (size_t i = 0; i < facts->required.len; i++) {
        Str name = schema_text_at(facts->required, i);
        Presence presence = judge_presence(map, name);
        if (presence == PRESENCE_MAYBE)
            verdict = verdict_worse(verdict, VERDICT_UNSURE);
        if (presence != PRESENCE_ABSENT)
            continue;
        if (judge->check->custom_macro) {
            verdict = verdict_worse(verdict, VERDICT_UNSURE);
            continue;
        }
        if (judge->report && !is_misspelt(judge, facts, map, name))
            check_report(judge->check, DIAG_MISSING_PROPERTY, missing_origin(map, path),
                path_text(judge, path), name, DIAG_END);
        verdict = judge_fail(judge, WEIGHT_MISSING);
    }
    return verdict;
}

static Verdict judge_dependent(
    Judge *judge, const SchemaFacts *facts, const Datum *map, const Path *path)
{
    Verdict verdict = VERDICT_FITS;
    for (size_t i = 0; i < facts->dependent_required.len; i++) {
        SchemaDependency rule = schema_dependency_at(facts->dependent_required, i);
        if (judge_presence(map, rule.name) != PRESENCE_SURE)
            continue;
        for (size_t j = 0; j < rule.others.len; j++) {
            Str other = schema_text_at(rule.others, j);
            if (judge_presence(map, other) != PRESENCE_ABSENT)
                continue;
            if (judge->report)
                check_report(judge->check, DIAG_DEPENDENT_PROPERTY,
                    entry_origin(map, rule.name, path), rule.name, other, DIAG_END);
            verdict = judge_fail(judge, WEIGHT_MISSING);
        }
    }
    return verdict;
}

void judge_report_exclusive(
    const Judge *judge, const Datum *map, Str one, Str other, const Path *path)
{
    bool in_order = str_compare(one, other) < 0;
    Str first = in_order ? one : other;
    Str second = in_order ? other : one;
    check_report(judge->check, DIAG_EXCLUSIVE_PROPERTIES, entry_origin(map, second, path), first,
        second, DIAG_END);
}

static Verdict judge_excluded(
    Judge *judge, const SchemaFacts *facts, const Datum *map, const Path *path)
{
    Verdict verdict = VERDICT_FITS;
    for (size_t i = 0; i < facts->dependent_excluded.len; i++) {
        SchemaDependency rule = schema_dependency_at(facts->dependent_excluded, i);
        if (judge_presence(map, rule.name) != PRESENCE_SURE)
            continue;
        for (size_t j = 0; j < rule.others.len; j++) {
            Str other = schema_text_at(rule.others, j);
            if (judge_presence(map, other) != PRESENCE_SURE)
                continue;
            if (judge->report)
                judge_report_exclusive(judge, map, rule.name, other, path);
            verdict = judge_fail(judge, WEIGHT_UNKNOWN);
        }
    }
    return verdict;
}

void judge_report_not_here(const Judge *judge, const Datum *map, Str name, const Path *path)
{
    check_report(judge->check, DIAG_PROPERTY_NOT_HERE, entry_origin(map, name, path),
        path_text(judge, path), name, DIAG_END);
}

static Verdict judge_absent(
    Judge *judge, const SchemaFacts *facts, const Datum *map, const Path *path)
{
    Verdict verdict = VERDICT_FITS;
    for (size_t i = 0; i < facts->absent.len; i++) {
        Str name = schema_text_at(facts->absent, i);
        Presence presence = judge_presence(map, name);
        if (presence == PRESENCE_MAYBE)
            verdict = verdict_worse(verdict, VERDICT_UNSURE);
        if (presence != PRESENCE_SURE)
            continue;
        if (judge->report)
            judge_report_not_here(judge, map, name, path);
        verdict = judge_fail(judge, WEIGHT_UNKNOWN);
    }
    return verdict;
}

static Str name_list(const Judge *judge, SchemaTexts names)
{
    Buf text;
    buf_init(&text, 0);
    for (size_t i = 0; i < names.len; i++)
        buf_add_format(&text, "%s'%.*s'", i ? ", " : "", STR_FMT(schema_text_at(names, i)));
    Str copy = buf_copy(&text, judge->check->arena);
    buf_release(&text);
    return copy;
}

static Verdict judge_choice(
    Judge *judge, SchemaTexts names, const Datum *map, const Path *path, bool only_one)
{
    size_t sure = 0;
    size_t possible = 0;
    Str two[2] = {STR_NONE, STR_NONE};
    for (size_t i = 0; i < names.len; i++) {
        Presence presence = judge_presence(map, schema_text_at(names, i));
        if (presence == PRESENCE_SURE && sure < 2)
            two[sure] = schema_text_at(names, i);
        sure += presence == PRESENCE_SURE;
        possible += presence != PRESENCE_ABSENT;
    }
    if (possible > 0 && (!only_one || sure < 2))
        return sure == 1 || possible == 1 || !only_one ? VERDICT_FITS : VERDICT_UNSURE;
    if (possible == 0 && judge->check->custom_macro)
        return VERDICT_UNSURE;
    if (judge->report && sure >= 2)
        judge_report_exclusive(judge, map, two[0], two[1], path);
    else if (judge->report)
        check_report(judge->check, DIAG_CHOICE_OF_PROPERTIES, missing_origin(map, path),
            path_text(judge, path), only_one ? STR("exactly one") : STR("at least one"),
            name_list(judge, names), DIAG_END);
    return judge_fail(judge, WEIGHT_MISSING);
}

static Verdict judge_size(
    Judge *judge, const SchemaFacts *facts, const Datum *map, const Path *path)
{
    size_t sure = 0;
    for (size_t i = 0; i < map->entries.len; i++)
        sure += judge_value_presence(map->entries.items[i].value) == PRESENCE_SURE;
    bool few = facts->min_properties.present && map->entries.len < facts->min_properties.value &&
               !is_open_map(map);
    bool many = facts->max_properties.present && sure > facts->max_properties.value;
    if (!few && !many)
        return VERDICT_FITS;
    size_t limit = few ? facts->min_properties.value : facts->max_properties.value;
    if (judge->report)
        check_report(judge->check, DIAG_WRONG_ITEM_COUNT, path_origin(path, map),
            path_text(judge, path), check_number(judge->check, few ? map->entries.len : sure),
            STR("entries"),
            str_format(judge->check->arena, "at %s %zu", few ? "least" : "most", limit), DIAG_END);
    return judge_fail(judge, WEIGHT_VALUE);
}

Verdict judge_object(Judge *judge, const SchemaFacts *facts, const Datum *map, const Path *path)
{
    Verdict verdict = VERDICT_FITS;
    for (size_t i = 0; i < map->entries.len; i++)
        verdict =
            verdict_worse(verdict, judge_property(judge, facts, &map->entries.items[i], path));
    verdict = verdict_worse(verdict, judge_required(judge, facts, map, path));
    verdict = verdict_worse(verdict, judge_dependent(judge, facts, map, path));
    verdict = verdict_worse(verdict, judge_excluded(judge, facts, map, path));
    verdict = verdict_worse(verdict, judge_absent(judge, facts, map, path));
    for (size_t i = 0; i < facts->required_xor.len; i++)
        verdict = verdict_worse(
            verdict, judge_choice(judge, schema_dependency_at(facts->required_xor, i).others, map,
                         path, true));
    for (size_t i = 0; i < facts->required_or.len; i++)
        verdict = verdict_worse(
            verdict, judge_choice(judge, schema_dependency_at(facts->required_or, i).others, map,
                         path, false));
    return verdict_worse(verdict, judge_size(judge, facts, map, path));
}
