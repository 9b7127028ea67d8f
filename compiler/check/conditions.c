// Whether one condition implies another, by trying values: each expression that is compared with
// texts is a variable whose values are those texts (a parameter's AllowedValues among them) and
// "something else". What has too many combinations is not decided.
#include "compiler/check/check_priv.h"

enum {
    MAX_COMBINATIONS = 4096,
    MAX_VARIABLES = 24,
    MAX_FORMULA_DEPTH = 64,
    MAX_CHAIN_DEPTH = 1000
};

typedef enum FormulaKind {
    FORMULA_CONSTANT,
    FORMULA_EQUALS, // variable == value
    FORMULA_NOT,
    FORMULA_AND,
    FORMULA_OR,
    FORMULA_NAMED // another condition
} FormulaKind;

// An expression that conditions compare. Its values count from 0; the last is "something else"
// unless the values are all there are.
typedef struct Variable {
    VEC(Str) values;
    bool closed;
    size_t slot; // among those of the query at hand
    size_t query;
    size_t value; // what is being tried
} Variable;

typedef struct Formula {
    FormulaKind kind;
    bool constant;
    Variable *variable;
    size_t value; // FORMULA_EQUALS: index in variable->values
    CheckCondition *named;
    VEC(struct Formula *) parts;
    // Of a condition's whole formula: the query that collected it last, and the combination for
    // which `answer` is known. Without them conditions that share others take exponential time.
    size_t collected;
    size_t tried;
    bool answer;
} Formula;

struct Implications {
    Map answers;        // texts "A&!B&=>C" to bool
    Map variables;      // compact JSON of the expression to Variable
    size_t query;       // counts them
    size_t combination; // counts those of all queries
};

typedef struct Query {
    Check *check;
    Variable *variables[MAX_VARIABLES];
    size_t count;
    size_t combinations;
    bool too_much;
} Query;

static Formula *formula_build(Check *check, const Datum *datum, int depth);

static size_t variable_value(Arena *arena, Variable *variable, Str text)
{
    for (size_t i = 0; i < variable->values.len; i++)
        if (str_equal(variable->values.items[i], text))
            return i;
    VEC_ADD(arena, &variable->values, text);
    return variable->values.len - 1;
}

static Str literal_text(const Datum *datum)
{
    if (datum->kind == DATUM_BOOL)
        return datum->boolean ? STR("true") : STR("false");
    return datum->text;
}

static bool is_literal(const Datum *datum)
{
    return datum->kind == DATUM_STRING || datum->kind == DATUM_NUMBER || datum->kind == DATUM_BOOL;
}

// A parameter that allows only some values has no others.
static void add_allowed_values(Check *check, Variable *variable, const Datum *expression)
{
    const DatumEntry *call = check_function(expression);
    if (!call || !str_is(call->key, "Ref") || call->value->kind != DATUM_STRING)
        return;
    const CheckParameter *parameter = map_find(&check->parameters, call->value->text);
    const Datum *allowed =
        parameter ? datum_get(parameter->entry->value, STR("AllowedValues")) : NULL;
    if (!allowed || allowed->kind != DATUM_LIST || parameter->kind == VALUE_LIST ||
        str_starts(parameter->type, STR("AWS::SSM::")))
        return;
    for (size_t i = 0; i < allowed->items.len; i++) {
        if (!is_literal(allowed->items.items[i]))
            return;
        variable_value(check->arena, variable, literal_text(allowed->items.items[i]));
    }
    variable->closed = variable->values.len > 0;
}

static Variable *variable_of(Check *check, const Datum *expression)
{
    Str key = check_json_key(check, expression);
    Map *variables = &check->implications->variables;
    Variable *variable = map_find(variables, key);
    if (!variable) {
        variable = ARENA_NEW(check->arena, Variable);
        map_set(variables, check->arena, key, variable);
        add_allowed_values(check, variable, expression);
    }
    return variable;
}

static Formula *formula_new(Check *check, FormulaKind kind)
{
    Formula *formula = ARENA_NEW(check->arena, Formula);
    formula->kind = kind;
    return formula;
}

// Something that may be true or false, about which nothing is known.
static Formula *formula_open(Check *check, const Datum *datum)
{
    Formula *formula = formula_new(check, FORMULA_EQUALS);
    formula->variable = variable_of(check, datum);
    formula->value = variable_value(check->arena, formula->variable, STR("true"));
    return formula;
}

static Formula *formula_equals(Check *check, const Datum *datum, const Datum *arguments)
{
    if (arguments->kind != DATUM_LIST || arguments->items.len != 2)
        return formula_open(check, datum);
    const Datum *left = arguments->items.items[0];
    const Datum *right = arguments->items.items[1];
    if (is_literal(left) && is_literal(right)) {
        Formula *formula = formula_new(check, FORMULA_CONSTANT);
        formula->constant = str_equal(literal_text(left), literal_text(right));
        return formula;
    }
    if (!is_literal(left) && !is_literal(right))
        return formula_open(check, datum);
    const Datum *expression = is_literal(left) ? right : left;
    Str text = literal_text(is_literal(left) ? left : right);
    Variable *variable = variable_of(check, expression);
    size_t known = variable->values.len;
    size_t value = variable_value(check->arena, variable, text);
    if (variable->closed && value == known) {
        variable->values.len = known;
        return formula_new(check, FORMULA_CONSTANT);
    }
    Formula *formula = formula_new(check, FORMULA_EQUALS);
    formula->variable = variable;
    formula->value = value;
    return formula;
}

static Formula *formula_parts(Check *check, FormulaKind kind, const Datum *arguments, int depth)
{
    Formula *formula = formula_new(check, kind);
    for (size_t i = 0; arguments->kind == DATUM_LIST && i < arguments->items.len; i++) {
        Formula *part = formula_build(check, arguments->items.items[i], depth + 1);
        VEC_ADD(check->arena, &formula->parts, part);
    }
    return formula;
}

static Formula *formula_named(Check *check, const Datum *datum, Str name)
{
    CheckCondition *condition = map_find(&check->conditions, name);
    if (!condition)
        return formula_open(check, datum);
    Formula *formula = formula_new(check, FORMULA_NAMED);
    formula->named = condition;
    return formula;
}

static Formula *formula_build(Check *check, const Datum *datum, int depth)
{
    const DatumEntry *entry = datum_only_entry(datum);
    if (!entry || depth > MAX_FORMULA_DEPTH)
        return formula_open(check, datum);
    if (str_is(entry->key, "Condition") && entry->value->kind == DATUM_STRING)
        return formula_named(check, datum, entry->value->text);
    if (str_is(entry->key, "Fn::And"))
        return formula_parts(check, FORMULA_AND, entry->value, depth);
    if (str_is(entry->key, "Fn::Or"))
        return formula_parts(check, FORMULA_OR, entry->value, depth);
    if (str_is(entry->key, "Fn::Not"))
        return formula_parts(check, FORMULA_NOT, entry->value, depth);
    if (str_is(entry->key, "Fn::Equals"))
        return formula_equals(check, datum, entry->value);
    return formula_open(check, datum);
}

// ---- one query ----

static Formula *formula_of(Check *check, CheckCondition *condition)
{
    if (!condition->formula)
        condition->formula = formula_build(check, condition->entry->value, 0);
    return condition->formula;
}

static bool spend(Query *query)
{
    if (query->check->implication_budget == 0)
        query->too_much = true;
    else
        query->check->implication_budget--;
    return !query->too_much;
}

static void query_add_variable(Query *query, Variable *variable)
{
    size_t number = query->check->implications->query;
    if (variable->query == number)
        return;
    variable->query = number;
    size_t values = variable->values.len + (variable->closed ? 0 : 1);
    if (query->count == MAX_VARIABLES || query->combinations * values > MAX_COMBINATIONS) {
        query->too_much = true;
        return;
    }
    query->combinations *= values;
    query->variables[query->count++] = variable;
}

// Also builds what is named, so that all values of a variable are known before any is tried.
static void query_collect(Query *query, Formula *formula, int depth)
{
    if (!spend(query))
        return;
    if (depth > MAX_CHAIN_DEPTH) {
        query->too_much = true;
        return;
    }
    if (formula->kind == FORMULA_EQUALS)
        query_add_variable(query, formula->variable);
    if (formula->kind == FORMULA_NAMED) {
        Formula *named = formula_of(query->check, formula->named);
        if (named->collected != query->check->implications->query) {
            named->collected = query->check->implications->query;
            query_collect(query, named, depth + 1);
        }
    }
    for (size_t i = 0; i < formula->parts.len; i++)
        query_collect(query, formula->parts.items[i], depth + 1);
}

static bool formula_holds(Query *query, const Formula *formula);

// With the answer kept for the combination at hand; a cycle counts as not holding.
static bool condition_holds(Query *query, const CheckCondition *condition)
{
    Formula *formula = condition->formula;
    size_t combination = query->check->implications->combination;
    if (formula->tried != combination) {
        formula->tried = combination;
        formula->answer = false;
        formula->answer = formula_holds(query, formula);
    }
    return formula->answer;
}

static bool formula_holds(Query *query, const Formula *formula)
{
    if (!spend(query))
        return true;
    switch (formula->kind) {
    case FORMULA_CONSTANT:
        return formula->constant;
    case FORMULA_EQUALS:
        return formula->variable->value == formula->value;
    case FORMULA_NAMED:
        return condition_holds(query, formula->named);
    case FORMULA_NOT:
        return formula->parts.len == 0 || !formula_holds(query, formula->parts.items[0]);
    default:
        break;
    }
    bool wanted = formula->kind == FORMULA_OR;
    for (size_t i = 0; i < formula->parts.len; i++)
        if (formula_holds(query, formula->parts.items[i]) == wanted)
            return wanted;
    return !wanted;
}

// The next combination of values; false after the last.
static bool query_step(Query *query)
{
    for (size_t i = 0; i < query->count; i++) {
        Variable *variable = query->variables[i];
        size_t values = variable->values.len + (variable->closed ? 0 : 1);
        if (++variable->value < values)
            return true;
        variable->value = 0;
    }
    return false;
}

typedef struct Goal {
    CheckCondition *condition;
    bool holds;
} Goal;

static bool facts_hold(Query *query, const Fact *facts)
{
    for (const Fact *fact = facts; fact; fact = fact->outer) {
        CheckCondition *condition = map_find(&query->check->conditions, fact->condition);
        if (condition && condition_holds(query, condition) != fact->holds)
            return false;
    }
    return true;
}

static bool query_refuted(Query *query, const Fact *facts, const Goal *goal)
{
    for (size_t i = 0; i < query->count; i++)
        query->variables[i]->value = 0;
    do {
        query->check->implications->combination++;
        if (condition_holds(query, goal->condition) != goal->holds && facts_hold(query, facts))
            return !query->too_much;
    } while (!query->too_much && query_step(query));
    return false;
}

static bool decide(Check *check, const Fact *facts, const Goal *goal)
{
    Query query = {.check = check, .combinations = 1};
    // All formulas first: building one may add values to a variable that another holds.
    for (size_t i = 0; i < check->condition_list.len; i++)
        formula_of(check, check->condition_list.items[i]);
    check->implications->query++;
    query_collect(&query, goal->condition->formula, 0);
    for (const Fact *fact = facts; fact && !query.too_much; fact = fact->outer) {
        CheckCondition *condition = map_find(&check->conditions, fact->condition);
        if (condition)
            query_collect(&query, condition->formula, 0);
    }
    return query.too_much || !query_refuted(&query, facts, goal);
}

// What is known of each question is kept: many references ask the same.
static bool follows(Check *check, const Fact *facts, const Goal *goal)
{
    Buf key;
    buf_init(&key, 0);
    for (const Fact *fact = facts; fact; fact = fact->outer)
        buf_add_format(&key, "%s%.*s&", fact->holds ? "" : "!", STR_FMT(fact->condition));
    buf_add_format(&key, "=>%s%.*s", goal->holds ? "" : "!", STR_FMT(goal->condition->name));
    if (!check->implications)
        check->implications = ARENA_NEW(check->arena, struct Implications);
    bool *known = map_find(&check->implications->answers, buf_str(&key));
    if (!known) {
        known = ARENA_NEW(check->arena, bool);
        *known = decide(check, facts, goal);
        map_set(&check->implications->answers, check->arena, buf_copy(&key, check->arena), known);
    }
    buf_release(&key);
    return *known;
}

bool condition_implies(Check *check, const Fact *facts, Str name)
{
    Goal goal = {map_find(&check->conditions, name), true};
    if (!goal.condition)
        return true;
    for (const Fact *fact = facts; fact; fact = fact->outer)
        if (fact->holds && str_equal(fact->condition, name))
            return true;
    return follows(check, facts, &goal);
}

bool condition_excludes(Check *check, Str a, Str b)
{
    Goal goal = {map_find(&check->conditions, b), false};
    Fact fact = {a, true, NULL};
    return !goal.condition || follows(check, &fact, &goal);
}
