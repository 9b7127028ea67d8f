// How a change flows to what refers to it: a resource that is replaced has another id and other
// attributes; a parameter's default, a mapping or a condition may give another value.
#include "runtime/plan/plan_priv.h"

typedef enum SourceKind { SOURCE_NAME, SOURCE_CONDITION, SOURCE_MAPPING, SOURCE_COUNT } SourceKind;

// A place that refers to something: a value of a resource, or a condition.
typedef struct Site {
    size_t pair;   // SIZE_MAX: of a condition
    Str condition; // its name
    Str path;      // below the resource
    const Datum *value;
    bool changed;
} Site;

typedef struct Reference {
    Site *site;
    Str attribute; // of Fn::GetAtt; empty for Ref
    struct Reference *next;
} Reference;

typedef struct Change {
    SourceKind kind;
    Str name;
    Str attribute; // only this one; empty: all
} Change;

typedef struct Flow {
    Arena *arena;
    PlanPairs *pairs;
    Buf path;
    Site *site;                   // that is being read
    Map references[SOURCE_COUNT]; // name to Reference
    VEC(Change) changes;          // to be followed, as a queue
    size_t followed;
} Flow;

// ---- what refers to what ----

static void refer(Flow *flow, SourceKind kind, Str name, Str attribute)
{
    Reference *reference = ARENA_NEW(flow->arena, Reference);
    *reference = (Reference){flow->site, attribute, map_find(&flow->references[kind], name)};
    map_set(&flow->references[kind], flow->arena, name, reference);
}

// "Name" or "Name.Attribute".
static void refer_dotted(Flow *flow, Str text)
{
    size_t dot = str_find(text, STR("."), 0);
    if (dot == SIZE_MAX)
        refer(flow, SOURCE_NAME, text, STR_NONE);
    else
        refer(flow, SOURCE_NAME, str_slice(text, 0, dot), str_slice(text, dot + 1, text.len));
}

static void read_sub_text(Flow *flow, Str text, const Datum *own)
{
    for (size_t at = str_find(text, STR("${"), 0); at != SIZE_MAX;
         at = str_find(text, STR("${"), at + 2)) {
        size_t end = str_find(text, STR("}"), at);
        if (end == SIZE_MAX)
            return;
        Str name = str_trim(str_slice(text, at + 2, end));
        if (!str_starts(name, STR("!")) && !datum_get(own, name))
            refer_dotted(flow, name);
    }
}

static void read_references(Flow *flow, const Datum *value);

static void read_get_att(Flow *flow, const Datum *value)
{
    if (value->kind == DATUM_STRING) {
        refer_dotted(flow, value->text);
    } else if (value->kind == DATUM_LIST && value->items.len == 2 &&
               value->items.items[0]->kind == DATUM_STRING) {
        const Datum *attribute = value->items.items[1];
        // An attribute that is a function may be any of them.
        refer(flow, SOURCE_NAME, value->items.items[0]->text,
            attribute->kind == DATUM_STRING ? attribute->text : STR_NONE);
        read_references(flow, attribute);
    }
}

// The functions that name something; what else they hold is read as any other value.
static void read_function(Flow *flow, const DatumEntry *call)
{
    const Datum *value = call->value;
    const Datum *first =
        value->kind == DATUM_LIST && value->items.len ? value->items.items[0] : NULL;
    bool named = first && first->kind == DATUM_STRING;
    if (str_is(call->key, "Ref") && value->kind == DATUM_STRING) {
        refer(flow, SOURCE_NAME, value->text, STR_NONE);
    } else if (str_is(call->key, "Condition") && value->kind == DATUM_STRING) {
        refer(flow, SOURCE_CONDITION, value->text, STR_NONE);
    } else if (str_is(call->key, "Fn::GetAtt")) {
        read_get_att(flow, value);
    } else if (str_is(call->key, "Fn::Sub")) {
        if (value->kind == DATUM_STRING)
            read_sub_text(flow, value->text, NULL);
        else if (named)
            read_sub_text(flow, first->text, value->items.len > 1 ? value->items.items[1] : NULL);
        read_references(flow, value);
    } else {
        if (str_is(call->key, "Fn::If") && named)
            refer(flow, SOURCE_CONDITION, first->text, STR_NONE);
        if (str_is(call->key, "Fn::FindInMap") && named)
            refer(flow, SOURCE_MAPPING, first->text, STR_NONE);
        read_references(flow, value);
    }
}

static void read_references(Flow *flow, const Datum *value)
{
    const DatumEntry *only = datum_only_entry(value);
    if (only && (plan_is_function(value) || str_is(only->key, "Condition"))) {
        read_function(flow, only);
        return;
    }
    for (size_t i = 0; value->kind == DATUM_LIST && i < value->items.len; i++)
        read_references(flow, value->items.items[i]);
    for (size_t i = 0; value->kind == DATUM_MAP && i < value->entries.len; i++)
        read_references(flow, value->entries.items[i].value);
}

static Site *new_site(Flow *flow, size_t pair, Str path, const Datum *value)
{
    Site *site = ARENA_NEW(flow->arena, Site);
    *site = (Site){.pair = pair, .path = path, .value = value};
    return flow->site = site;
}

// Each outermost function below a resource's properties is a site.
static void read_sites(Flow *flow, size_t pair, const Datum *value)
{
    size_t len = flow->path.len;
    if (plan_is_function(value)) {
        new_site(flow, pair, buf_copy(&flow->path, flow->arena), value);
        read_references(flow, value);
        return;
    }
    for (size_t i = 0; value->kind == DATUM_LIST && i < value->items.len; i++) {
        buf_add_char(&flow->path, '/');
        buf_add_number(&flow->path, i);
        read_sites(flow, pair, value->items.items[i]);
        flow->path.len = len;
    }
    for (size_t i = 0; value->kind == DATUM_MAP && i < value->entries.len; i++) {
        plan_add_key(&flow->path, value->entries.items[i].key);
        read_sites(flow, pair, value->entries.items[i].value);
        flow->path.len = len;
    }
}

static void read_resource(Flow *flow, size_t index)
{
    const PlanPair *pair = &flow->pairs->items.items[index];
    const Datum *properties = datum_get(pair->after, STR("Properties"));
    const Datum *condition = datum_get(pair->after, STR("Condition"));
    if (!pair->before || !pair->after)
        return; // what comes or goes as a whole
    if (properties) {
        buf_clear(&flow->path);
        buf_add_text(&flow->path, "/Properties");
        read_sites(flow, index, properties);
    }
    if (condition && condition->kind == DATUM_STRING) {
        new_site(flow, index, STR("/Condition"), condition);
        refer(flow, SOURCE_CONDITION, condition->text, STR_NONE);
    }
}

static void read_all(Flow *flow, const Datum *after)
{
    const Datum *conditions = datum_get(after, STR("Conditions"));
    for (size_t i = 0; conditions && i < conditions->entries.len; i++) {
        const DatumEntry *entry = &conditions->entries.items[i];
        new_site(flow, SIZE_MAX, STR_NONE, entry->value)->condition = entry->key;
        read_references(flow, entry->value);
    }
    for (size_t i = 0; i < flow->pairs->items.len; i++)
        read_resource(flow, i);
}

// ---- where changes begin ----

static void begin(Flow *flow, SourceKind kind, Str name, Str attribute)
{
    Change change = {kind, name, attribute};
    VEC_ADD(flow->arena, &flow->changes, change);
}

// Top-level names of a section that differ on both sides.
static void begin_section(
    Flow *flow, SourceKind kind, Str section, const Datum *before, const Datum *after)
{
    const Datum *old = datum_get(before, section), *new = datum_get(after, section);
    if (!old || !new || old->kind != DATUM_MAP || new->kind != DATUM_MAP)
        return;
    PlanDifferences differences = {0};
    plan_compare(flow->arena, STR(""), old, new, NULL, &differences);
    Str last = STR_NONE;
    for (size_t i = 0; i < differences.len; i++) {
        Str path = differences.items[i].path;
        size_t end = str_find(path, STR("/"), 1);
        Str name = str_slice(path, 1, end), below = str_slice(path, end, path.len);
        bool counts = kind != SOURCE_NAME || str_is(below, "/Default") || str_is(below, "/Type");
        if (counts && path.len > 1 && end != SIZE_MAX && !str_equal(name, last))
            begin(flow, kind, last = name, STR_NONE);
        else if (kind == SOURCE_CONDITION && end == SIZE_MAX && path.len > 1)
            begin(flow, kind, name, STR_NONE);
    }
}

// The property of "/Properties/Name/…"; empty for other attributes.
static Str property_of(Str path)
{
    Str prefix = STR("/Properties/");
    if (!str_starts(path, prefix))
        return STR_NONE;
    return str_slice(path, prefix.len, str_find(path, STR("/"), prefix.len));
}

// Resources whose attributes may be anything after an update.
static bool is_free(const PlanPair *pair)
{
    return !schema_type_exists(pair->type) || str_is(pair->plan.type, "AWS::CloudFormation::Stack");
}

static void begin_resource(Flow *flow, PlanPair *pair)
{
    const PlanResource *plan = &pair->plan;
    if (!pair->before || !pair->after || !plan->properties.len)
        return;
    if (plan->effect > PLAN_IN_PLACE || is_free(pair)) {
        pair->replaced = true;
        begin(flow, SOURCE_NAME, plan->logical_id, STR_NONE);
        return;
    }
    for (size_t i = 0; i < plan->properties.len; i++) {
        Str property = property_of(plan->properties.items[i].path);
        if (property.len)
            begin(flow, SOURCE_NAME, plan->logical_id, property);
    }
}

// ---- following ----

// The value, or one around it, is changed as it stands.
static bool is_listed(Flow *flow, PlanPair *pair, Str path)
{
    for (size_t i = 0; !pair->indexed && i < pair->plan.properties.len; i++)
        map_set(&pair->paths, flow->arena, pair->plan.properties.items[i].path, pair);
    pair->indexed = true;
    for (size_t end = path.len; end > 0; end--)
        if ((end == path.len || path.ptr[end] == '/') &&
            map_find(&pair->paths, str_slice(path, 0, end)))
            return true;
    return false;
}

static void change_pair(Flow *flow, Site *site, Str cause)
{
    PlanPair *pair = &flow->pairs->items.items[site->pair];
    if (is_listed(flow, pair, site->path))
        return;
    PlanProperty property = {.path = site->path, .cause = cause, .unsure = true};
    property.before = property.after = plan_value(flow->arena, site->path, site->value);
    property.effect = plan_effect(pair->type, site->path, site->value, site->value);
    if (property.effect == PLAN_REPLACES)
        property.effect = PLAN_MAY_REPLACE; // the value could be the same in the end
    VEC_ADD(flow->arena, &pair->plan.properties, property);
    pair->plan.effect = plan_worse(pair->plan.effect, property.effect);
    if (pair->plan.action == PLAN_SAME)
        pair->plan.action = PLAN_MODIFY;
    if (pair->replaced)
        return;
    pair->replaced = pair->plan.effect > PLAN_IN_PLACE || is_free(pair);
    begin(flow, SOURCE_NAME, pair->plan.logical_id,
        pair->replaced ? STR_NONE : property_of(site->path));
}

static bool concerns(const Change *change, const Reference *reference)
{
    return !change->attribute.len || str_equal(change->attribute, reference->attribute);
}

static void follow(Flow *flow, Change change)
{
    for (Reference *reference = map_find(&flow->references[change.kind], change.name); reference;
         reference = reference->next) {
        Site *site = reference->site;
        if (site->changed || !concerns(&change, reference))
            continue;
        site->changed = true;
        if (site->pair == SIZE_MAX)
            begin(flow, SOURCE_CONDITION, site->condition, STR_NONE);
        else
            change_pair(flow, site, change.name);
    }
}

void plan_flow(Arena *arena, PlanPairs *pairs, const Datum *before, const Datum *after)
{
    Flow flow = {.arena = arena, .pairs = pairs};
    begin_section(&flow, SOURCE_NAME, STR("Parameters"), before, after);
    begin_section(&flow, SOURCE_MAPPING, STR("Mappings"), before, after);
    begin_section(&flow, SOURCE_CONDITION, STR("Conditions"), before, after);
    for (size_t i = 0; i < pairs->items.len; i++)
        begin_resource(&flow, &pairs->items.items[i]);
    if (!flow.changes.len)
        return;
    buf_init(&flow.path, 0);
    read_all(&flow, after);
    while (flow.followed < flow.changes.len)
        follow(&flow, flow.changes.items[flow.followed++]);
    buf_release(&flow.path);
}
