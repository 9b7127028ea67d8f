// The walk over all expressions of a template, and what names in them must be.
#include "compiler/check/check_priv.h"

static const Str pseudo_parameters[] = {
    {"AWS::AccountId", 14},
    {"AWS::NoValue", 12},
    {"AWS::NotificationARNs", 21},
    {"AWS::Partition", 14},
    {"AWS::Region", 11},
    {"AWS::StackId", 12},
    {"AWS::StackName", 14},
    {"AWS::URLSuffix", 14},
};

enum { PSEUDO_COUNT = sizeof pseudo_parameters / sizeof *pseudo_parameters };

// Attributes named in a note when there are no more than this.
enum { MAX_LISTED = 12 };

// ---- names that something else will make ----

static bool type_makes_names(Str type)
{
    return str_starts(type, STR("AWS::Serverless::")) || str_ends(type, STR("::MODULE"));
}

// SAM and modules make resources whose ids begin with that of what they are made from.
static bool is_generated_name(const Check *check, Str name)
{
    if (check->serverless &&
        (str_starts(name, STR("Serverless")) || str_is(name, "CodeDeployServiceRole")))
        return true;
    for (size_t i = 0; i < check->resource_list.len; i++) {
        const CheckResource *resource = check->resource_list.items[i];
        if (type_makes_names(resource->type) && str_starts(name, resource->id))
            return true;
    }
    return false;
}

bool check_is_loop_variable(const Scope *scope, Str name)
{
    for (const LoopVariable *at = scope->loops; at; at = at->outer)
        if (str_equal(at->name, name))
            return true;
    return false;
}

// In a loop a name may hold the loop's variable: "Topic${Name}".
bool check_is_loop_text(const Scope *scope, Str name)
{
    return scope->loops &&
           (str_find(name, STR("${"), 0) != SIZE_MAX || str_find(name, STR("&{"), 0) != SIZE_MAX);
}

// ---- suggestions ----

typedef VEC(Str) StrList;

static StrList names_of(const Check *check, bool parameters)
{
    StrList names = {0};
    for (size_t i = 0; i < check->resource_list.len; i++)
        VEC_ADD(check->arena, &names, check->resource_list.items[i]->id);
    for (size_t i = 0; parameters && i < check->parameter_list.len; i++)
        VEC_ADD(check->arena, &names, check->parameter_list.items[i]->name);
    return names;
}

static void report_unknown(Check *check, Str name, const Origin *origin, bool parameters)
{
    if (check_may_appear(check, name) || is_generated_name(check, name))
        return;
    DiagCode code = check_is_lenient(check) ? DIAG_UNSURE_REFERENCE : DIAG_UNKNOWN_REFERENCE;
    Diag *diag = check_report(check, code, origin, name, DIAG_END);
    StrList names = names_of(check, parameters);
    check_did_you_mean(check, diag, origin, name, names.items, names.len);
}

// ---- names ----

static void check_pseudo(Check *check, const Scope *scope, Str name, const Origin *origin, Str how)
{
    for (size_t i = 0; i < PSEUDO_COUNT; i++) {
        if (!str_equal(name, pseudo_parameters[i]))
            continue;
        if (str_is(name, "AWS::NoValue") && !scope->allows_no_value)
            check_report(check, DIAG_NO_VALUE_NOT_HERE, origin,
                str_is(how, "Fn::Sub") ? STR("'Fn::Sub'") : str_of(scope->place_name), DIAG_END);
        return;
    }
    Diag *diag = check_report(check, DIAG_UNKNOWN_REFERENCE, origin, name, DIAG_END);
    check_did_you_mean(check, diag, origin, name, pseudo_parameters, PSEUDO_COUNT);
}

static bool place_takes_resources(Place place)
{
    return place == PLACE_VALUE || place == PLACE_OUTPUT;
}

// SAM and macros write resources anew, so what needs what is not known before.
void check_add_edge(
    Check *check, const Scope *scope, const CheckResource *target, const Origin *origin, Str how)
{
    if (!scope->resource || scope->resource->index == SIZE_MAX || check->custom_macro ||
        type_makes_names(scope->resource->type))
        return;
    GraphEdge edge = {scope->resource->index, target->index, origin, how, scope->property};
    VEC_ADD(check->arena, &check->resource_graph.edges, edge);
}

// A resource is used where the walk stands: may it be, is it there, and what depends on what.
static void use_resource(
    Check *check, const Scope *scope, const CheckResource *target, const Origin *origin, Str how)
{
    if (!place_takes_resources(scope->place)) {
        check_report(
            check, DIAG_RESOURCE_NOT_HERE, origin, target->id, str_of(scope->place_name), DIAG_END);
        return;
    }
    if (target->condition.len && !condition_implies(check, scope->facts, target->condition)) {
        Diag *diag = check_report(
            check, DIAG_MAYBE_MISSING, origin, target->id, target->condition, DIAG_END);
        check_note(check, diag, check_key_origin(target->entry),
            str_format(check->arena, "'%.*s' is declared here", STR_FMT(target->id)));
    }
    check_add_edge(check, scope, target, origin, how);
}

void check_ref(Check *check, const Scope *scope, Str name, const Origin *origin, Str how)
{
    if (check_is_loop_variable(scope, name) || check_is_loop_text(scope, name))
        return;
    if (str_starts(name, STR("AWS::"))) {
        check_pseudo(check, scope, name, origin, how);
        return;
    }
    if (map_find(&check->parameters, name))
        return;
    const CheckResource *target = map_find(&check->resources, name);
    if (target)
        use_resource(check, scope, target, origin, how);
    else
        report_unknown(check, name, origin, true);
}

// What a type without a fixed list of attributes takes.
static bool attributes_are_open(const CheckResource *target, Str attribute)
{
    if (!schema_type_exists(target->schema))
        return true;
    return str_is(target->type, "AWS::CloudFormation::Stack") &&
           str_starts(attribute, STR("Outputs."));
}

// "A.B.C" is also known when "A.B" or "A" is an attribute that holds more than a text.
static bool attribute_is_known(SchemaType type, Str attribute)
{
    SchemaAttribute found;
    if (schema_find_attribute(type, attribute, &found))
        return true;
    for (size_t len = attribute.len; len > 0; len--) {
        if (attribute.ptr[len - 1] != '.')
            continue;
        if (schema_find_attribute(type, str_slice(attribute, 0, len - 1), &found))
            return found.types == 0 || (found.types & SCHEMA_OBJECT);
    }
    return false;
}

static void report_attribute(
    Check *check, const CheckResource *target, Str attribute, const Origin *origin)
{
    Diag *diag = check_report(
        check, DIAG_UNKNOWN_ATTRIBUTE, origin, target->id, target->type, attribute, DIAG_END);
    if (!diag)
        return;
    SchemaAttributes all = schema_type_attributes(target->schema);
    StrList names = {0};
    Buf listed;
    buf_init(&listed, 0);
    for (size_t i = 0; i < all.len; i++) {
        Str name = schema_attribute_at(all, i).name;
        VEC_ADD(check->arena, &names, name);
        buf_add_format(&listed, "%s%.*s", i ? ", " : "", STR_FMT(name));
    }
    check_did_you_mean(check, diag, origin, attribute, names.items, names.len);
    SchemaProperty property;
    if (schema_find_property(schema_type_root(target->schema), attribute, &property))
        check_note(
            check, diag, NULL, STR("it is a property: what was written cannot be read back"));
    else if (all.len == 0)
        check_note(check, diag, NULL, STR("the type has no attributes, only its 'Ref'"));
    else if (all.len <= MAX_LISTED)
        check_note(
            check, diag, NULL, str_format(check->arena, "it has %.*s", STR_FMT(buf_str(&listed))));
    buf_release(&listed);
}

void check_attribute(Check *check, const Scope *scope, Str id, Str attribute, const Origin *origin)
{
    if (check_is_loop_variable(scope, id) || check_is_loop_text(scope, id))
        return;
    const CheckResource *target = map_find(&check->resources, id);
    if (!target) {
        if (map_find(&check->parameters, id))
            check_report(check, DIAG_BAD_ARGUMENTS, origin, STR("Fn::GetAtt"), STR("a resource"),
                str_format(check->arena, "the parameter '%.*s'", STR_FMT(id)), DIAG_END);
        else
            report_unknown(check, id, origin, false);
        return;
    }
    use_resource(check, scope, target, origin, STR("Fn::GetAtt"));
    if (check->custom_macro || check_is_loop_text(scope, attribute) ||
        attributes_are_open(target, attribute) || attribute_is_known(target->schema, attribute))
        return;
    report_attribute(check, target, attribute, origin);
}

void check_condition_name(Check *check, const Scope *scope, Str name, const Origin *origin)
{
    const CheckCondition *condition = map_find(&check->conditions, name);
    if (condition) {
        if (scope->condition) {
            GraphEdge edge = {
                scope->condition->index, condition->index, origin, STR("Condition"), (Str){"", 0}};
            VEC_ADD(check->arena, &check->condition_graph.edges, edge);
        }
        return;
    }
    if (check_is_loop_text(scope, name) || check_may_appear(check, name) || check->custom_macro ||
        check->includes)
        return;
    Diag *diag = check_report(check, DIAG_UNKNOWN_CONDITION, origin, name, DIAG_END);
    StrList names = {0};
    for (size_t i = 0; i < check->condition_list.len; i++)
        VEC_ADD(check->arena, &names, check->condition_list.items[i]->name);
    check_did_you_mean(check, diag, origin, name, names.items, names.len);
}

// ---- Fn::ForEach ----

static void walk_entry(Check *check, const Scope *scope, const DatumEntry *entry)
{
    check_walk(check, scope, entry->value);
}

static Scope with_variable(const Scope *scope, LoopVariable *variable, Str name)
{
    *variable = (LoopVariable){name, scope->loops};
    Scope inner = *scope;
    inner.loops = variable;
    return inner;
}

void check_foreach(Check *check, const Scope *scope, const DatumEntry *loop, EntryVisitor visit)
{
    const Origin *origin = check_key_origin(loop);
    if (!check->language_extensions) {
        check_needs_extensions(check, loop->key, origin);
        return;
    }
    const Datum *arguments = loop->value;
    if (arguments->kind != DATUM_LIST || arguments->items.len != 3 ||
        arguments->items.items[0]->kind != DATUM_STRING ||
        arguments->items.items[2]->kind != DATUM_MAP) {
        check_report(check, DIAG_BAD_ARGUMENTS, origin, loop->key, STR("a name, a list and a map"),
            check_show(check, arguments), DIAG_END);
        return;
    }
    check_walk(check, scope, arguments->items.items[1]);
    LoopVariable variable;
    Scope inner = with_variable(scope, &variable, arguments->items.items[0]->text);
    const Datum *body = arguments->items.items[2];
    for (size_t i = 0; i < body->entries.len; i++) {
        const DatumEntry *entry = &body->entries.items[i];
        if (check_is_foreach(entry->key))
            check_foreach(check, &inner, entry, visit);
        else
            visit(check, &inner, entry);
    }
}

// ---- the walk ----

static void walk_map(Check *check, const Scope *scope, const Datum *map)
{
    for (size_t i = 0; i < map->entries.len; i++) {
        const DatumEntry *entry = &map->entries.items[i];
        if (check_is_foreach(entry->key))
            check_foreach(check, scope, entry, walk_entry);
        else
            check_walk(check, scope, entry->value);
    }
}

void check_walk(Check *check, const Scope *scope, const Datum *datum)
{
    if (datum->kind != DATUM_LIST && datum->kind != DATUM_MAP)
        return;
    const DatumEntry *call = check_function(datum);
    if (call) {
        check_call(check, scope, datum, call);
        return;
    }
    if (check_named_condition(check, scope, datum))
        return;
    Scope inner = *scope;
    inner.allows_no_value = true;
    if (datum->kind == DATUM_MAP) {
        walk_map(check, &inner, datum);
        return;
    }
    for (size_t i = 0; i < datum->items.len; i++)
        check_walk(check, &inner, datum->items.items[i]);
}
