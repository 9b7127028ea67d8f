// Names that may be taken only once: physical names of one type, exports, and, across the stacks
// of a stage, both of them per region.
#include "compiler/check/check_priv.h"

typedef struct NameUse {
    Str subject;        // "'Assets'", "'Assets' of the stack 'edge'"
    const Stack *stack; // NULL: the only one looked at
    Str condition;
    const Origin *origin;
    const struct NameUse *next; // the same name, earlier
} NameUse;

// What names stand for, once the functions in them are written out: equal texts, equal names.
static Str name_text(const Check *check, const Datum *name)
{
    if (name->kind == DATUM_STRING || name->kind == DATUM_NUMBER)
        return name->text;
    if (!check_function(name) || check_is_no_value(name))
        return STR_NONE;
    return check_json_key(check, name);
}

static NameUse *name_use_new(Check *check, Str id, const Stack *stack)
{
    NameUse *use = ARENA_NEW(check->arena, NameUse);
    use->stack = stack;
    use->subject = stack ? str_format(check->arena, "'%.*s' of the stack '%.*s'", STR_FMT(id),
                               STR_FMT(stack->id))
                         : str_format(check->arena, "'%.*s'", STR_FMT(id));
    return use;
}

// Two that exist under conditions which exclude each other may share a name. Conditions of two
// stacks have nothing to do with each other, and each stack has been looked at alone before.
static bool may_meet(Check *check, const NameUse *a, const NameUse *b)
{
    if (a->stack != b->stack)
        return a->condition.len == 0 && b->condition.len == 0;
    if (a->stack)
        return false;
    if (a->condition.len == 0 || b->condition.len == 0)
        return true;
    if (str_equal(a->condition, b->condition))
        return true;
    return !condition_excludes(check, a->condition, b->condition);
}

// An expression as a name is too long to be read; that it is the same one is what counts.
static Str show_name(const Check *check, Str name)
{
    return str_starts(name, STR("{")) ? STR("by the same expression")
                                      : str_format(check->arena, "'%.*s'", STR_FMT(name));
}

static void add_use(Check *check, Map *uses, DiagCode code, Str key, Str name, NameUse *use)
{
    const NameUse *earlier = map_find(uses, key);
    for (const NameUse *at = earlier; at; at = at->next) {
        if (!may_meet(check, at, use))
            continue;
        Diag *diag = check_report(
            check, code, use->origin, at->subject, use->subject, show_name(check, name), DIAG_END);
        check_note(check, diag, at->origin,
            str_format(check->arena, "%.*s has it here", STR_FMT(at->subject)));
        return;
    }
    use->next = earlier;
    map_set(uses, check->arena, key, use);
}

static bool ends_alike(Str type, Str property)
{
    size_t colon = type.len;
    while (colon > 0 && type.ptr[colon - 1] != ':')
        colon--;
    Str last = str_slice(type, colon, type.len);
    return str_starts(property, last) &&
           str_is(str_slice(property, last.len, property.len), "Name");
}

// Only names that are surely unique in a region: what identifies the resource all by itself, or
// is called after its type (the QueueName of a Queue).
static bool name_is_unique(const CheckResource *resource, Str property)
{
    SchemaTexts parts = schema_type_paths(resource->schema, SCHEMA_PRIMARY_IDENTIFIER);
    if (parts.len != 1)
        return false;
    return str_equal(schema_text_at(parts, 0), property) || ends_alike(resource->type, property);
}

static const Datum *physical_name(const CheckResource *resource)
{
    if (!schema_type_exists(resource->schema))
        return NULL;
    Str property = schema_type_physical_name(resource->schema);
    if (!property.len || !name_is_unique(resource, property))
        return NULL;
    return datum_get(datum_get(resource->body, STR("Properties")), property);
}

static void check_physical_names(Check *check, Map *uses)
{
    for (size_t i = 0; i < check->resource_list.len; i++) {
        const CheckResource *resource = check->resource_list.items[i];
        const Datum *name = physical_name(resource);
        Str text = name ? name_text(check, name) : STR_NONE;
        if (!text.ptr)
            continue;
        NameUse *use = name_use_new(check, resource->id, NULL);
        use->condition = resource->condition;
        use->origin = name->origin ? name->origin : check_key_origin(resource->entry);
        Str key = str_format(check->arena, "%.*s %.*s", STR_FMT(resource->type), STR_FMT(text));
        add_use(check, uses, DIAG_NAME_TAKEN_TWICE, key, text, use);
    }
}

static void check_exports(Check *check, Map *uses)
{
    const Datum *outputs = check->sections[SECTION_OUTPUTS];
    for (size_t i = 0; outputs && i < outputs->entries.len; i++) {
        const DatumEntry *entry = &outputs->entries.items[i];
        const Datum *name = datum_get(datum_get(entry->value, STR("Export")), STR("Name"));
        Str text = name ? name_text(check, name) : STR_NONE;
        if (!text.ptr)
            continue;
        const Datum *condition = datum_get(entry->value, STR("Condition"));
        NameUse *use = name_use_new(check, entry->key, NULL);
        if (condition && condition->kind == DATUM_STRING)
            use->condition = condition->text;
        use->origin = name->origin ? name->origin : check_key_origin(entry);
        add_use(check, uses, DIAG_EXPORT_TAKEN_TWICE, text, text, use);
    }
}

// Ref could not tell them apart.
static void check_shared_ids(Check *check)
{
    for (size_t i = 0; i < check->resource_list.len; i++) {
        const CheckResource *resource = check->resource_list.items[i];
        const CheckParameter *parameter = map_find(&check->parameters, resource->id);
        if (!parameter)
            continue;
        Diag *diag = check_report(
            check, DIAG_ID_TAKEN_TWICE, check_key_origin(resource->entry), resource->id, DIAG_END);
        check_note(
            check, diag, check_key_origin(parameter->entry), STR("the parameter is declared here"));
    }
}

void check_names(Check *check)
{
    Map names = {0};
    Map exports = {0};
    check_shared_ids(check);
    check_physical_names(check, &names);
    check_exports(check, &exports);
}

// ---- a whole stage ----

// Only texts are compared: what functions give differs from stack to stage.
static void add_stage_names(Check *check, Map *uses, const Stack *stack)
{
    for (size_t i = 0; i < check->resource_list.len; i++) {
        const CheckResource *resource = check->resource_list.items[i];
        const Datum *name = physical_name(resource);
        if (!name || name->kind != DATUM_STRING)
            continue;
        NameUse *use = name_use_new(check, resource->id, stack);
        use->condition = resource->condition;
        use->origin = name->origin ? name->origin : check_key_origin(resource->entry);
        Str key = str_format(check->arena, "%.*s %.*s %.*s", STR_FMT(stack->region),
            STR_FMT(resource->type), STR_FMT(name->text));
        add_use(check, uses, DIAG_NAME_TAKEN_TWICE, key, name->text, use);
    }
}

static void add_stage_exports(Check *check, Map *uses, const Stack *stack)
{
    const Datum *outputs = check->sections[SECTION_OUTPUTS];
    for (size_t i = 0; outputs && i < outputs->entries.len; i++) {
        const DatumEntry *entry = &outputs->entries.items[i];
        const Datum *name = datum_get(datum_get(entry->value, STR("Export")), STR("Name"));
        if (!name || name->kind != DATUM_STRING)
            continue;
        NameUse *use = name_use_new(check, entry->key, stack);
        use->origin = name->origin ? name->origin : check_key_origin(entry);
        Str key =
            str_format(check->arena, "%.*s %.*s", STR_FMT(stack->region), STR_FMT(name->text));
        add_use(check, uses, DIAG_EXPORT_TAKEN_TWICE, key, name->text, use);
    }
}

static size_t stack_index(const StageModel *model, Str id)
{
    for (size_t i = 0; i < model->stacks.len; i++)
        if (str_equal(model->stacks.items[i]->id, id))
            return i;
    return SIZE_MAX;
}

// Every parameter that another stack's output fills: is there such an output?
static void check_flow(Check *check, const StageModel *model, Graph *graph)
{
    for (size_t i = 0; i < model->parameters.len; i++) {
        const StackParameter *parameter = &model->parameters.items[i];
        if (parameter->source != PARAMETER_FROM_OUTPUT)
            continue;
        Origin *origin = ARENA_NEW(check->arena, Origin);
        origin->span = parameter->span;
        size_t from = stack_index(model, parameter->stack);
        size_t to = stack_index(model, parameter->from_stack);
        const Datum *outputs =
            to == SIZE_MAX ? NULL : datum_get(model->stacks.items[to]->template_, STR("Outputs"));
        if (!datum_get(outputs, parameter->from_output)) {
            check_report(check, DIAG_NO_SUCH_OUTPUT, origin, parameter->name,
                parameter->from_output, parameter->from_stack, DIAG_END);
        } else if (from != SIZE_MAX) {
            GraphEdge edge = {from, to, origin, parameter->from_output, (Str){"", 0}};
            VEC_ADD(check->arena, &graph->edges, edge);
        }
    }
}

void check_stage(const CheckContext *context, const StageModel *model)
{
    if (model->stacks.len < 2)
        return;
    Map names = {0};
    Map exports = {0};
    Check check = {0};
    VEC(Str) ids = {0};
    for (size_t i = 0; i < model->stacks.len; i++) {
        const Stack *stack = model->stacks.items[i];
        check_index(&check, context, stack);
        add_stage_names(&check, &names, stack);
        add_stage_exports(&check, &exports, stack);
        VEC_ADD(context->arena, &ids, stack->id);
    }
    Graph graph = {.count = model->stacks.len};
    check_flow(&check, model, &graph);
    check_graph(&check, &graph, ids.items, DIAG_STACK_CYCLE);
}
