// Resources: their attributes and properties, tags, and references across stacks.
#include "compiler/lower/lower_priv.h"

// ---- references ----

static bool needs(const Stack *stack, Str id)
{
    for (size_t i = 0; i < stack->depends_on.len; i++)
        if (str_equal(stack->depends_on.items[i], id))
            return true;
    return false;
}

static Datum *own_reference(
    Arena *arena, const Resource *resource, Str attribute, const Origin *origin)
{
    if (!attribute.ptr)
        return single(arena, origin, "Ref", datum_string(arena, origin, resource->id));
    Datum *args = datum_list(arena, origin);
    datum_append(arena, args, datum_string(arena, origin, resource->id));
    datum_append(arena, args, datum_string(arena, origin, attribute));
    return single(arena, origin, "Fn::GetAtt", args);
}

static bool is_list_attribute(const Spot *spot, const Resource *resource, Str attribute)
{
    SchemaType type = schema_find_type(spot->lowerer->schema, resource->type);
    SchemaAttribute found;
    return attribute.ptr && schema_type_exists(type) &&
           schema_find_attribute(type, attribute, &found) && found.types == SCHEMA_LIST;
}

static Datum *comma_separated(Arena *arena, const Origin *origin, Datum *list)
{
    Datum *args = datum_list(arena, origin);
    datum_append(arena, args, datum_string(arena, origin, STR(",")));
    datum_append(arena, args, list);
    return single(arena, origin, "Fn::Join", args);
}

static bool is_program_output(const Evaluation *ev, Str name)
{
    for (size_t i = 0; i < ev->outputs.len; i++)
        if (str_equal(ev->outputs.items[i].id, name))
            return true;
    return false;
}

Str output_name(const Lowerer *lowerer, const StackBuild *build, Str name, const Datum *value)
{
    for (;; name = str_format(lowerer->arena, "%.*sReference", STR_FMT(name))) {
        const Datum *present = datum_get(build->outputs, name);
        if (present && datum_equal(datum_get(present, STR("Value")), value))
            return name;
        if (!present && !is_program_output(lowerer->ev, name))
            return name;
    }
}

// An output over there and a parameter here, which the deployer fills: never an export, which
// would lock both stacks together.
static Datum *cross_reference(
    const Spot *spot, const Resource *resource, Str attribute, const Origin *origin)
{
    Lowerer *lowerer = spot->lowerer;
    Arena *arena = lowerer->arena;
    StackBuild *there = build_of(lowerer, resource->stack);
    Str name = attribute.ptr ? str_format(arena, "%.*s%.*s", STR_FMT(resource->id),
                                   STR_FMT(evaluation_key_words(arena, attribute)))
                             : resource->id;
    Datum *value = own_reference(arena, resource, attribute, origin);
    bool is_list = is_list_attribute(spot, resource, attribute);
    if (is_list)
        value = comma_separated(arena, origin, value);
    name = output_name(lowerer, there, name, value);
    if (!datum_get(there->outputs, name))
        datum_put(arena, there->outputs, name, origin, single(arena, origin, "Value", value));
    if (!datum_get(spot->build->parameters, name)) {
        Str type = is_list ? STR("CommaDelimitedList") : STR("String");
        datum_put(arena, spot->build->parameters, name, origin,
            single(arena, origin, "Type", datum_string(arena, origin, type)));
        StackParameter parameter = {
            .stack = spot->build->part->id,
            .name = name,
            .source = PARAMETER_FROM_OUTPUT,
            .from_stack = there->part->id,
            .from_output = name,
            .span = origin ? origin->span : (Span){0},
        };
        VEC_ADD(arena, &lowerer->model->parameters, parameter);
    }
    if (!needs(spot->build->stack, there->part->id))
        VEC_ADD(arena, &spot->build->stack->depends_on, there->part->id);
    return single(arena, origin, "Ref", datum_string(arena, origin, name));
}

static Datum *interpolated_id(const Spot *spot, const Resource *resource, const Origin *origin)
{
    Spot inner = *spot;
    inner.node = (SchemaNode){0};
    Datum *id = lower_value(&inner, resource->id_value);
    id->origin = origin;
    return id;
}

Datum *lower_resource(
    const Spot *spot, const Resource *resource, Str attribute, const Origin *origin)
{
    Arena *arena = spot->lowerer->arena;
    if (resource->each && resource->id_value) {
        Datum *id = interpolated_id(spot, resource, origin);
        if (!attribute.ptr)
            return single(arena, origin, "Ref", id);
        Datum *args = datum_list(arena, origin);
        datum_append(arena, args, id);
        datum_append(arena, args, datum_string(arena, origin, attribute));
        return single(arena, origin, "Fn::GetAtt", args);
    }
    if (resource->stack != spot->build->part)
        return cross_reference(spot, resource, attribute, origin);
    return own_reference(arena, resource, attribute, origin);
}

// ---- DependsOn ----

// What is no target of '@DependsOn' is said to be none rather than dropped.
static void refuse_dependency(const Spot *spot, const Value *value)
{
    Evaluation *ev = spot->lowerer->ev;
    Span span = value->origin ? value->origin->span : (Span){0};
    Str found = value_describe(ev->arena, value);
    if (value->kind == VALUE_DEPLOY)
        diag_add(
            ev->diags, DIAG_NEEDS_KNOWN, span, found, STR("a target of '@DependsOn'"), DIAG_END);
    else if (!value_is_null(value) && !value_is_error(value))
        diag_add(ev->diags, DIAG_NOT_A_RESOURCE, span, found, DIAG_END);
}

static void add_dependency(const Spot *spot, Datum *ids, const Value *value)
{
    Arena *arena = spot->lowerer->arena;
    Evaluation *ev = spot->lowerer->ev;
    Str id = STR_NONE;
    if (value->kind == VALUE_RESOURCE) {
        StackBuild *there = build_of(spot->lowerer, value->resource->stack);
        if (there == spot->build)
            id = value->resource->id;
        else if (!needs(spot->build->stack, there->part->id))
            VEC_ADD(arena, &spot->build->stack->depends_on, there->part->id);
    } else if (value->kind == VALUE_STRING) {
        id = value->text;
    } else if (value->kind == VALUE_LIST) {
        for (size_t i = 0; i < value->list.len; i++)
            add_dependency(spot, ids, value->list.items[i]);
    } else if (value->kind == VALUE_MAP) {
        for (size_t i = 0; i < value->map.entries.len; i++)
            add_dependency(spot, ids, value->map.entries.items[i].value);
    } else if (value->kind == VALUE_INSTANCE) {
        for (size_t i = 0; i < ev->resources.len; i++)
            for (const Instance *in = ev->resources.items[i]->owner; in; in = in->owner)
                if (in == value->instance) {
                    Value one = {.kind = VALUE_RESOURCE, .resource = ev->resources.items[i]};
                    add_dependency(spot, ids, &one);
                }
    } else {
        refuse_dependency(spot, value);
    }
    for (size_t i = 0; id.ptr && i < ids->items.len; i++)
        if (str_equal(ids->items.items[i]->text, id))
            return;
    if (id.ptr)
        datum_append(arena, ids, datum_string(arena, spot_origin(spot, value->origin), id));
}

static Datum *lower_depends_on(const Spot *spot, const Attribute *attribute)
{
    Datum *ids = datum_list(spot->lowerer->arena, spot_origin(spot, attribute->origin));
    for (size_t i = 0; i < attribute->args.len; i++)
        add_dependency(spot, ids, attribute->args.items[i]);
    bool as_text = ids->items.len == 1 && attribute->args.items[0]->kind != VALUE_LIST;
    return as_text ? ids->items.items[0] : ids;
}

static void put_attributes(const Spot *spot, Datum *entry, const Resource *resource)
{
    Arena *arena = spot->lowerer->arena;
    for (size_t i = 0; i < resource->attributes.len; i++) {
        const Attribute *attribute = &resource->attributes.items[i];
        const Origin *origin = spot_origin(spot, attribute->origin);
        Str name = attribute->name;
        Datum *value;
        if (str_is(name, "DependsOn")) {
            value = lower_depends_on(spot, attribute);
            // What is not made in this stage leaves no list behind, but one written empty stays.
            const Value *first = attribute->args.items[0];
            bool written_empty = first->kind == VALUE_LIST && !first->list.len;
            if (value->kind == DATUM_LIST && !value->items.len && !written_empty)
                continue;
        } else if (str_is(name, "attribute")) {
            if (attribute->args.len < 2)
                continue;
            name = value_scalar_text(attribute->args.items[0]);
            value = lower_value(spot, attribute->args.items[1]);
        } else {
            value = lower_value(spot, attribute->args.items[0]);
        }
        if (name.ptr && !datum_get(entry, name))
            datum_put(arena, entry, name, origin, value);
    }
}

// ---- tags ----

static Datum *tag_datum(
    const Spot *spot, const SchemaTags *tags, const ValueEntry *entry, const Origin *origin)
{
    Arena *arena = spot->lowerer->arena;
    Datum *tag = datum_map(arena, origin);
    datum_put(arena, tag, tags->key_name, origin, datum_string(arena, origin, entry->key));
    datum_put(arena, tag, tags->value_name, origin, lower_value(spot, entry->value));
    if (tags->kind == SCHEMA_TAGS_PROPAGATE)
        datum_put(arena, tag, STR("PropagateAtLaunch"), origin, datum_bool(arena, origin, true));
    return tag;
}

static Datum *lower_tags(const Spot *spot, const SchemaTags *tags, const Value *value)
{
    const Origin *origin = spot_origin(spot, value->origin);
    if (tags->kind != SCHEMA_TAGS_LIST && tags->kind != SCHEMA_TAGS_PROPAGATE)
        return lower_value(spot, value);
    Datum *list = datum_list(spot->lowerer->arena, origin);
    Spot inner = *spot;
    inner.node = (SchemaNode){0};
    for (size_t i = 0; i < value->map.entries.len; i++) {
        const ValueEntry *entry = &value->map.entries.items[i];
        const Origin *at = spot_origin(spot, entry->origin ? entry->origin : value->origin);
        datum_append(spot->lowerer->arena, list, tag_datum(&inner, tags, entry, at));
    }
    return list;
}

// Tags given to a component around, over what the resource has itself.
static const Value *merged_tags(Arena *arena, const Value *own, const Value *around)
{
    if (!around)
        return own;
    Value *merged = value_map(arena, own ? own->origin : around->origin);
    for (int side = 0; side < 2; side++) {
        const Value *map = side ? around : own;
        for (size_t i = 0; map && i < map->map.entries.len; i++) {
            const ValueEntry *entry = &map->map.entries.items[i];
            value_put(arena, merged, entry->key, entry->origin, entry->value);
        }
    }
    return merged;
}

// ---- properties ----

Datum *lower_properties(const Spot *spot, const Resource *resource)
{
    const Value *properties = resource->properties;
    SchemaType type = schema_find_type(spot->lowerer->schema, resource->type);
    SchemaTags tags = {0};
    if (schema_type_exists(type))
        tags = schema_type_tags(type);
    bool tagged = tags.kind != SCHEMA_TAGS_NONE;
    if (!properties && !(resource->tags && tagged))
        return NULL;
    Arena *arena = spot->lowerer->arena;
    Spot inner = *spot;
    inner.node = schema_type_exists(type) ? schema_type_root(type) : (SchemaNode){0};
    if (properties && properties->kind != VALUE_MAP)
        return lower_value(&inner, properties);
    const Value *own = properties && tagged ? value_get(properties, tags.property) : NULL;
    const Value *all_tags = NULL;
    if (tagged && (!own || own->kind == VALUE_MAP))
        all_tags = merged_tags(arena, own, resource->tags);
    if (properties && all_tags && own) {
        // In place of the map that was written, where it was written.
        Value *without = value_map(arena, properties->origin);
        for (size_t i = 0; i < properties->map.entries.len; i++) {
            const ValueEntry *entry = &properties->map.entries.items[i];
            value_put(arena, without, entry->key, entry->origin,
                entry->value == own ? value_null(arena, NULL) : entry->value);
        }
        properties = without;
    }
    Datum *map = properties ? lower_value(&inner, properties) : datum_map(arena, resource->origin);
    if (!all_tags)
        return map;
    Spot tag_spot = *spot;
    if (all_tags->origin && all_tags->origin->suppressions)
        tag_spot.suppressions = all_tags->origin->suppressions;
    Datum *lowered = lower_tags(&tag_spot, &tags, all_tags);
    for (size_t i = 0; i < map->entries.len; i++)
        if (own && str_equal(map->entries.items[i].key, tags.property)) {
            map->entries.items[i].value = lowered;
            return map;
        }
    datum_put(arena, map, tags.property, lowered->origin, lowered);
    return map;
}

// ---- the entry in Resources ----

static Datum *resource_entry(const Spot *spot, const Resource *resource)
{
    Arena *arena = spot->lowerer->arena;
    const Origin *origin = spot_origin(spot, resource->origin);
    Origin *type_origin = ARENA_NEW(arena, Origin);
    if (origin)
        *type_origin = *origin;
    type_origin->span = resource->decl->resource_type.span;
    Datum *entry = datum_map(arena, origin);
    datum_put(
        arena, entry, STR("Type"), type_origin, datum_string(arena, type_origin, resource->type));
    if (resource->condition)
        datum_put(arena, entry, STR("Condition"), origin,
            datum_string(arena, origin, condition_name(spot, resource->condition)));
    put_attributes(spot, entry, resource);
    Datum *properties = lower_properties(spot, resource);
    if (properties)
        datum_put(arena, entry, STR("Properties"), origin, properties);
    return entry;
}

void lower_resources(Lowerer *lowerer)
{
    for (size_t i = 0; i < lowerer->ev->resources.len; i++) {
        const Resource *resource = lowerer->ev->resources.items[i];
        if (is_task(resource))
            continue;
        StackBuild *build = build_of(lowerer, resource->stack);
        Spot spot = spot_in(lowerer, build, PLACE_VALUE);
        spot.suppressions = resource->suppressions;
        spot.type = resource->type;
        spot.each = resource->each;
        Datum *entry = resource_entry(&spot, resource);
        const Loop loop = {resource->id, resource->id_value, resource->each, resource->origin};
        // An id that two have is reported where they are made.
        if (loop.each || !map_set(&build->resource_ids, lowerer->arena, loop.id, entry))
            put_repeated(&spot, build->resources, &loop, entry);
    }
}
