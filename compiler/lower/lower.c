// Puts templates together, section by section, and gathers what the deployer needs beside them.
#include "compiler/lower/lower.h"

#include "compiler/lower/lower_priv.h"

StackBuild *build_of(Lowerer *lowerer, const StackPart *part)
{
    return &lowerer->builds[part->index];
}

// ---- parameters, mappings, rules, outputs ----

static void add_stack_parameter(Lowerer *lowerer, StackBuild *build, const Parameter *parameter)
{
    StackParameter row = {
        .stack = build->part->id,
        .name = parameter->id,
        .source = parameter->source,
        .variable = parameter->variable,
        .values_path = parameter->key,
        .given = parameter->given,
        .span = parameter->origin ? parameter->origin->span : (Span){0},
    };
    for (size_t i = 0; i < parameter->env.len; i++)
        VEC_ADD(lowerer->arena, &row.env, parameter->env.items[i]);
    if (parameter->asset)
        row.asset = parameter->asset->id;
    VEC_ADD(lowerer->arena, &lowerer->model->parameters, row);
}

// Where the type of a `param` is written.
static const Origin *type_origin(Arena *arena, const Parameter *parameter)
{
    const Decl *decl = parameter->decl;
    if (!parameter->origin || !decl || decl->kind != DECL_PARAM || !decl->type)
        return parameter->origin;
    Origin *origin = ARENA_NEW(arena, Origin);
    *origin = *parameter->origin;
    origin->span = decl->type->span;
    return origin;
}

static Datum *parameter_entry(Lowerer *lowerer, StackBuild *build, const Parameter *parameter)
{
    Arena *arena = lowerer->arena;
    const Origin *origin = type_origin(arena, parameter);
    Datum *entry = datum_map(arena, parameter->origin);
    datum_put(arena, entry, STR("Type"), origin, datum_string(arena, origin, parameter->type));
    const Value *attributes = parameter->attributes;
    if (!attributes || attributes->kind != VALUE_MAP)
        return entry;
    Spot spot = spot_in(lowerer, build, PLACE_VALUE);
    for (size_t i = 0; i < attributes->map.entries.len; i++) {
        const ValueEntry *attribute = &attributes->map.entries.items[i];
        if (!datum_get(entry, attribute->key))
            datum_put(arena, entry, attribute->key, attribute->origin,
                lower_value(&spot, attribute->value));
    }
    return entry;
}

void declare_parameter(Lowerer *lowerer, StackBuild *build, Parameter *parameter)
{
    Arena *arena = lowerer->arena;
    Str key = str_format(arena, "p %.*s", STR_FMT(parameter->id));
    const Parameter *other = map_find(&build->known, key);
    if (other == parameter)
        return;
    const Origin *origin = parameter->origin;
    if (other || datum_get(build->parameters, parameter->id)) {
        diag_add(lowerer->ev->diags, DIAG_PARAMETER_TWICE, origin ? origin->span : (Span){0},
            parameter->id, DIAG_END);
        return;
    }
    map_set(&build->known, arena, key, parameter);
    datum_put(arena, build->parameters, parameter->id, origin,
        parameter_entry(lowerer, build, parameter));
    add_stack_parameter(lowerer, build, parameter);
}

void declare_mapping(Lowerer *lowerer, StackBuild *build, Mapping *mapping)
{
    Arena *arena = lowerer->arena;
    Str key = str_format(arena, "m %.*s", STR_FMT(mapping->id));
    if (map_set(&build->known, arena, key, mapping))
        return;
    Spot spot = spot_in(lowerer, build, PLACE_VALUE);
    datum_put(
        arena, build->mappings, mapping->id, mapping->origin, lower_value(&spot, mapping->value));
}

static void lower_declared(Lowerer *lowerer)
{
    Evaluation *ev = lowerer->ev;
    for (size_t i = 0; i < ev->parameters.len; i++)
        if (ev->parameters.items[i]->source == PARAMETER_FROM_USER)
            declare_parameter(lowerer, build_of(lowerer, ev->parameters.items[i]->stack),
                ev->parameters.items[i]);
    for (size_t i = 0; i < ev->mappings.len; i++)
        declare_mapping(
            lowerer, build_of(lowerer, ev->mappings.items[i]->stack), ev->mappings.items[i]);
    for (size_t i = 0; i < ev->conditions.len; i++)
        declare_condition(
            lowerer, build_of(lowerer, ev->conditions.items[i]->stack), ev->conditions.items[i]);
    for (size_t i = 0; i < ev->rules.len; i++) {
        const CfnRule *rule = &ev->rules.items[i];
        StackBuild *build = build_of(lowerer, rule->stack);
        Spot spot = spot_in(lowerer, build, PLACE_RULE);
        datum_put(
            lowerer->arena, build->rules, rule->id, rule->origin, lower_value(&spot, rule->value));
    }
}

static void lower_output(Lowerer *lowerer, const Output *output)
{
    Arena *arena = lowerer->arena;
    StackBuild *build = build_of(lowerer, output->stack);
    Spot spot = spot_in(lowerer, build, PLACE_VALUE);
    spot.each = output->each;
    Datum *entry = datum_map(arena, output->origin);
    const Value *attributes = output->attributes;
    if (output->condition)
        datum_put(arena, entry, STR("Condition"), output->origin,
            datum_string(arena, output->origin, condition_name(&spot, output->condition)));
    const Value *description = attributes && attributes->kind == VALUE_MAP
                                   ? value_get(attributes, STR("Description"))
                                   : NULL;
    if (description)
        datum_put(
            arena, entry, STR("Description"), description->origin, lower_value(&spot, description));
    datum_put(arena, entry, STR("Value"), output->origin, lower_value(&spot, output->value));
    for (size_t i = 0;
         attributes && attributes->kind == VALUE_MAP && i < attributes->map.entries.len; i++) {
        const ValueEntry *attribute = &attributes->map.entries.items[i];
        if (!datum_get(entry, attribute->key))
            datum_put(arena, entry, attribute->key, attribute->origin,
                lower_value(&spot, attribute->value));
    }
    const Loop loop = {output->id, output->id_value, output->each, output->origin};
    if (loop.each || !datum_get(build->outputs, loop.id))
        put_repeated(&spot, build->outputs, &loop, entry);
}

// ---- the template ----

static void put_section(Arena *arena, Datum *template_, const char *name, Datum *section)
{
    if (section->entries.len)
        datum_put(arena, template_, str_of(name), section->origin, section);
}

static bool section_comes_after(Str name)
{
    // Sections that a macro makes stand behind CloudFormation's own head, before Resources.
    static const char *const head[] = {
        "AWSTemplateFormatVersion", "Description", "Metadata", "Transform"};
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        if (str_is(name, head[i]))
            return false;
    return true;
}

static void put_stated(Lowerer *lowerer, StackBuild *build, const Value *stated, const char *name)
{
    const Value *value = stated ? value_get(stated, str_of(name)) : NULL;
    if (!value)
        return;
    bool everywhere =
        str_is(str_of(name), "Transform") || str_is(str_of(name), "AWSTemplateFormatVersion");
    if (build->part->index && !everywhere)
        return;
    Spot spot = spot_in(lowerer, build, PLACE_VALUE);
    datum_put(lowerer->arena, build->stack->template_, str_of(name), value->origin,
        lower_value(&spot, value));
}

static Datum *declared_section(const StackBuild *build, Str name)
{
    const struct {
        const char *name;
        Datum *section;
    } sections[] = {{"Parameters", build->parameters}, {"Rules", build->rules},
        {"Mappings", build->mappings}, {"Conditions", build->conditions},
        {"Resources", build->resources}, {"Outputs", build->outputs}};
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        if (str_is(name, sections[i].name))
            return sections[i].section;
    return NULL;
}

// Into a section of declarations `template` puts what a transform adds there, nothing else.
static void put_transforms(
    Lowerer *lowerer, Datum *section, const ValueEntry *entry, const Datum *stated)
{
    DiagSink *diags = lowerer->ev->diags;
    Span span = entry->origin ? entry->origin->span : (Span){0};
    if (stated->kind != DATUM_MAP)
        diag_add(diags, DIAG_SECTION_IS_DECLARED, span, entry->key, entry->key, DIAG_END);
    for (size_t i = 0; stated->kind == DATUM_MAP && i < stated->entries.len; i++) {
        const DatumEntry *part = &stated->entries.items[i];
        if (str_is(part->key, "Fn::Transform"))
            datum_put(lowerer->arena, section, part->key, part->origin, part->value);
        else
            diag_add(diags, DIAG_SECTION_IS_DECLARED, part->origin ? part->origin->span : span,
                part->key, entry->key, DIAG_END);
    }
}

static void put_stated_sections(Lowerer *lowerer, StackBuild *build, const Value *stated)
{
    Spot spot = spot_in(lowerer, build, PLACE_VALUE);
    for (size_t i = 0; stated && !build->part->index && i < stated->map.entries.len; i++) {
        const ValueEntry *entry = &stated->map.entries.items[i];
        Datum *section = declared_section(build, entry->key);
        if (section)
            put_transforms(lowerer, section, entry, lower_value(&spot, entry->value));
    }
}

static void put_other_sections(Lowerer *lowerer, StackBuild *build, const Value *stated)
{
    Spot spot = spot_in(lowerer, build, PLACE_VALUE);
    for (size_t i = 0; stated && !build->part->index && i < stated->map.entries.len; i++) {
        const ValueEntry *entry = &stated->map.entries.items[i];
        if (section_comes_after(entry->key) && !declared_section(build, entry->key))
            datum_put(lowerer->arena, build->stack->template_, entry->key, entry->origin,
                lower_value(&spot, entry->value));
    }
}

static void assemble(Lowerer *lowerer, StackBuild *build, const Value *stated)
{
    Arena *arena = lowerer->arena;
    Datum *template_ = build->stack->template_;
    put_stated_sections(lowerer, build, stated);
    put_stated(lowerer, build, stated, "AWSTemplateFormatVersion");
    put_stated(lowerer, build, stated, "Description");
    put_stated(lowerer, build, stated, "Metadata");
    put_section(arena, template_, "Parameters", build->parameters);
    put_section(arena, template_, "Rules", build->rules);
    put_section(arena, template_, "Mappings", build->mappings);
    put_section(arena, template_, "Conditions", build->conditions);
    put_stated(lowerer, build, stated, "Transform");
    put_other_sections(lowerer, build, stated);
    put_section(arena, template_, "Resources", build->resources);
    put_section(arena, template_, "Outputs", build->outputs);
}

// ---- stacks ----

static Str stack_name(Evaluation *ev, const StackPart *part)
{
    Str name = evaluation_app_text(ev, "stackName");
    if (!part->index || !name.len)
        return name;
    return str_format(ev->arena, "%.*s-%.*s", STR_FMT(name), STR_FMT(part->id));
}

static void open_stack(Lowerer *lowerer, StackPart *part)
{
    Arena *arena = lowerer->arena;
    Evaluation *ev = lowerer->ev;
    StackBuild *build = &lowerer->builds[part->index];
    Stack *stack = ARENA_NEW(arena, Stack);
    Str home = evaluation_app_text(ev, "region");
    *stack = (Stack){
        .id = part->id,
        .name = stack_name(ev, part),
        .region = part->region ? value_scalar_text(part->region)
                  : home.ptr   ? home
                               : STR(""),
        .template_ = datum_map(arena, NULL),
    };
    *build = (StackBuild){
        .part = part,
        .stack = stack,
        .parameters = datum_map(arena, NULL),
        .rules = datum_map(arena, NULL),
        .mappings = datum_map(arena, NULL),
        .conditions = datum_map(arena, NULL),
        .resources = datum_map(arena, NULL),
        .outputs = datum_map(arena, NULL),
    };
    VEC_ADD(arena, &lowerer->model->stacks, stack);
}

// ---- the stage ----

static void fill_app(Lowerer *lowerer)
{
    Evaluation *ev = lowerer->ev;
    StageModel *model = lowerer->model;
    Str name = evaluation_app_text(ev, "name"), account = evaluation_app_text(ev, "account");
    model->app = name.ptr ? name : STR("");
    model->account = account.ptr ? account : STR("");
    model->stage = ev->options.stage_name;
    Value *protection = evaluation_app_field(ev, STR("terminationProtection"));
    model->termination_protection =
        protection && protection->kind == VALUE_BOOL && protection->boolean;
    Value *tags = evaluation_app_field(ev, STR("tags"));
    if (tags && tags->kind == VALUE_MAP) {
        Spot spot = spot_in(lowerer, &lowerer->builds[0], PLACE_VALUE);
        model->tags = lower_value(&spot, tags);
    }
}

static void fill_assets(Lowerer *lowerer)
{
    for (size_t i = 0; i < lowerer->ev->assets.len; i++) {
        const AssetFile *file = lowerer->ev->assets.items[i];
        bool used = false;
        for (size_t p = 0; p < lowerer->model->parameters.len && !used; p++)
            used = str_equal(lowerer->model->parameters.items[p].asset, file->id);
        Asset asset = {.id = file->id, .kind = STR("zip"), .path = file->path, .span = file->span};
        if (used)
            VEC_ADD(lowerer->arena, &lowerer->model->assets, asset);
    }
}

static void fill_inputs(Lowerer *lowerer)
{
    Evaluation *ev = lowerer->ev;
    StageModel *model = lowerer->model;
    for (size_t i = 0; i < ev->program->inputs.len; i++) {
        const ProgramInput *file = &ev->program->inputs.items[i];
        Input input = {.kind = file->kind, .name = file->path, .file = file->file};
        if (file->file)
            VEC_ADD(lowerer->arena, &model->inputs, input);
    }
    for (size_t i = 0; i < ev->inputs.len; i++)
        VEC_ADD(lowerer->arena, &model->inputs, ev->inputs.items[i]);
}

static bool is_in(const Resource *resource, const Instance *instance)
{
    const Instance *around = resource->owner;
    while (around && around != instance)
        around = around->owner;
    return around != NULL;
}

// Of a component everything in it moves, but what has a logical id of its own.
static void fill_renames(Lowerer *lowerer, const Moved *moved)
{
    Arena *arena = lowerer->arena;
    for (size_t i = 0; i < lowerer->ev->resources.len; i++) {
        const Resource *resource = lowerer->ev->resources.items[i];
        Rename rename = {.stack = resource->stack->id, .to = resource->id, .span = moved->span};
        if (resource == moved->resource) {
            rename.from = moved->from;
        } else if (moved->instance && is_in(resource, moved->instance) &&
                   str_starts(resource->id, moved->instance->id)) {
            Str rest = str_slice(resource->id, moved->instance->id.len, resource->id.len);
            rename.from = str_format(arena, "%.*s%.*s", STR_FMT(moved->from), STR_FMT(rest));
        } else {
            continue;
        }
        VEC_ADD(arena, &lowerer->model->renames, rename);
    }
}

StageModel *lower_stage(Evaluation *ev, Schema schema)
{
    Lowerer lowerer = {.arena = ev->arena, .ev = ev, .schema = schema};
    lowerer.model = ARENA_NEW(ev->arena, StageModel);
    lowerer.build_count = ev->stacks.len;
    lowerer.builds = ARENA_ARRAY(ev->arena, StackBuild, ev->stacks.len);
    for (size_t i = 0; i < ev->stacks.len; i++)
        open_stack(&lowerer, ev->stacks.items[i]);
    fill_app(&lowerer);
    const Value *stated = evaluation_template(ev);
    if (stated && stated->kind != VALUE_MAP)
        stated = NULL;
    lower_declared(&lowerer);
    lower_resources(&lowerer);
    for (size_t i = 0; i < ev->outputs.len; i++)
        lower_output(&lowerer, &ev->outputs.items[i]);
    lower_tasks(&lowerer);
    for (size_t i = 0; i < lowerer.build_count; i++)
        assemble(&lowerer, &lowerer.builds[i], stated);
    lower_denials(&lowerer);
    fill_assets(&lowerer);
    fill_inputs(&lowerer);
    for (size_t i = 0; i < ev->moves.len; i++)
        fill_renames(&lowerer, &ev->moves.items[i]);
    return lowerer.model;
}
