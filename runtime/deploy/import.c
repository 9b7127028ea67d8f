#include "runtime/deploy/import.h"

#include "compiler/base/buf.h"
#include "runtime/deploy/references.h"

static bool refuse(ImportProblem *problem, Str logical_id, Str text, Str hint)
{
    *problem = (ImportProblem){.text = text, .hint = hint, .logical_id = logical_id};
    return false;
}

// ---- the command line ----

static const ImportTarget *find_target(const ImportTargets *targets, Str logical_id)
{
    for (size_t i = 0; i < targets->len; i++)
        if (str_equal(targets->items[i].logical_id, logical_id))
            return &targets->items[i];
    return NULL;
}

bool import_read(
    Arena *arena, const Str *texts, size_t count, ImportTargets *targets, ImportProblem *problem)
{
    Str usage = STR("--resource LOGICALID=NAME, or only LOGICALID when the program has the name");
    for (size_t i = 0; i < count; i++) {
        size_t equals = str_find(texts[i], STR("="), 0);
        bool bare = equals == SIZE_MAX;
        ImportTarget target = {.logical_id = str_slice(texts[i], 0, bare ? texts[i].len : equals)};
        if (!bare)
            target.given = str_slice(texts[i], equals + 1, texts[i].len);
        if (!target.logical_id.len || (!bare && !target.given.len))
            return refuse(problem, STR_NONE,
                str_format(arena, "'--resource %.*s' says no resource", STR_FMT(texts[i])), usage);
        if (find_target(targets, target.logical_id))
            return refuse(problem, STR_NONE,
                str_format(arena, "'--resource %.*s' comes twice", STR_FMT(target.logical_id)),
                STR_NONE);
        VEC_ADD(arena, targets, target);
    }
    if (!targets->len)
        return refuse(
            problem, STR_NONE, STR("nothing says which resources are to be imported"), usage);
    if (targets->len > IMPORT_MOST)
        return refuse(problem, STR_NONE,
            str_format(arena, "AWS imports at most %d resources at once, not %zu", IMPORT_MOST,
                targets->len),
            STR("import them in several goes"));
    return true;
}

// ---- the template ----

static const char *const SECTIONS[] = {"Parameters", "Mappings", "Conditions", "Resources"};

typedef VEC(Str) Names;

// What the targets need, gathered while their references are followed.
typedef struct Merge {
    Arena *arena;
    const Datum *program;
    const Datum *deployed;
    const ImportTargets *targets;
    const ImportTarget *target; // whose references are followed
    Names added[sizeof SECTIONS / sizeof *SECTIONS];
    ImportProblem *problem;
    bool failed;
} Merge;

enum { PARAMETERS, MAPPINGS, CONDITIONS, RESOURCES, SECTION_COUNT };

static const Datum *section_of(const Datum *template_, size_t section)
{
    return datum_get(template_, str_of(SECTIONS[section]));
}

// True when it has to be followed: it was not there, nor added.
static bool add(Merge *merge, size_t section, Str name)
{
    Names *names = &merge->added[section];
    if (datum_get(section_of(merge->deployed, section), name) ||
        !datum_get(section_of(merge->program, section), name))
        return false;
    for (size_t i = 0; i < names->len; i++)
        if (str_equal(names->items[i], name))
            return false;
    VEC_ADD(merge->arena, names, name);
    return true;
}

static void refer_to_resource(Merge *merge, Str name)
{
    if (merge->failed || datum_get(section_of(merge->deployed, RESOURCES), name) ||
        find_target(merge->targets, name))
        return;
    merge->failed = true;
    refuse(merge->problem, merge->target->logical_id,
        str_format(merge->arena, "'%.*s' refers to '%.*s', which is not deployed",
            STR_FMT(merge->target->logical_id), STR_FMT(name)),
        str_format(merge->arena,
            "an import makes nothing: import '%.*s' as well, or write the value in its place until "
            "it is deployed",
            STR_FMT(name)));
}

static void refer(void *context, Reference kind, Str name)
{
    Merge *merge = context;
    const Datum *conditions = section_of(merge->program, CONDITIONS);
    switch (kind) {
    case REFERENCE_VALUE:
        if (datum_get(section_of(merge->program, RESOURCES), name))
            refer_to_resource(merge, name);
        else
            add(merge, PARAMETERS, name);
        break;
    case REFERENCE_MAPPING:
        add(merge, MAPPINGS, name);
        break;
    case REFERENCE_CONDITION:
        if (add(merge, CONDITIONS, name))
            references_each(datum_get(conditions, name), refer, merge);
        break;
    }
}

static bool take_target(Merge *merge, ImportTarget *target)
{
    Arena *arena = merge->arena;
    Str id = target->logical_id;
    const Datum *block = datum_get(section_of(merge->program, RESOURCES), id);
    const Datum *type = datum_get(block, STR("Type"));
    if (!type)
        return refuse(merge->problem, id,
            str_format(
                arena, "the program has no resource with the logical id '%.*s'", STR_FMT(id)),
            STR("'altc build' shows the template with its logical ids"));
    if (datum_get(section_of(merge->deployed, RESOURCES), id))
        return refuse(merge->problem, id,
            str_format(arena, "'%.*s' is deployed already", STR_FMT(id)), STR_NONE);
    if (!datum_get(block, STR("DeletionPolicy")))
        return refuse(merge->problem, id,
            str_format(
                arena, "'%.*s' has no DeletionPolicy: AWS imports nothing without", STR_FMT(id)),
            STR("write @retain before it, or @DeletionPolicy with what its deletion shall mean"));
    target->type = type->text;
    merge->target = target;
    references_of_resource(block, refer, merge);
    add(merge, RESOURCES, id);
    return !merge->failed;
}

static void put_section(Merge *merge, Datum *root, size_t section)
{
    const Datum *before = section_of(merge->deployed, section);
    const Datum *from = section_of(merge->program, section);
    const Names *names = &merge->added[section];
    Datum *map = datum_map(merge->arena, NULL);
    for (size_t i = 0; before && i < before->entries.len; i++)
        datum_put(
            merge->arena, map, before->entries.items[i].key, NULL, before->entries.items[i].value);
    for (size_t i = 0; i < names->len; i++)
        datum_put(merge->arena, map, names->items[i], NULL, datum_get(from, names->items[i]));
    if (map->entries.len)
        datum_put(merge->arena, root, str_of(SECTIONS[section]), NULL, map);
}

static bool is_section(Str key)
{
    for (size_t i = 0; i < SECTION_COUNT; i++)
        if (str_is(key, SECTIONS[i]))
            return true;
    return false;
}

// Of a program that is not deployed only what says how the template is to be read.
static bool is_kept(const Merge *merge, Str key)
{
    return !is_section(key) && (merge->deployed || str_is(key, "AWSTemplateFormatVersion") ||
                                   str_is(key, "Description") || str_is(key, "Transform"));
}

Datum *import_template(Arena *arena, const Datum *program, const Datum *deployed,
    ImportTargets *targets, ImportProblem *problem)
{
    Merge merge = {.arena = arena,
        .program = program,
        .deployed = deployed,
        .targets = targets,
        .problem = problem};
    for (size_t i = 0; i < targets->len; i++)
        if (!take_target(&merge, &targets->items[i]))
            return NULL;
    Datum *root = datum_map(arena, NULL);
    const Datum *base = deployed ? deployed : program;
    for (size_t i = 0; i < base->entries.len; i++)
        if (is_kept(&merge, base->entries.items[i].key))
            datum_put(arena, root, base->entries.items[i].key, NULL, base->entries.items[i].value);
    for (size_t i = 0; i < SECTION_COUNT; i++)
        put_section(&merge, root, i);
    return root;
}

Datum *import_types(Arena *arena, const ImportTargets *targets)
{
    Datum *resources = datum_map(arena, NULL);
    for (size_t i = 0; i < targets->len; i++) {
        Datum *block = datum_map(arena, NULL);
        datum_put(
            arena, block, STR("Type"), NULL, datum_string(arena, NULL, targets->items[i].type));
        datum_put(arena, resources, targets->items[i].logical_id, NULL, block);
    }
    Datum *root = datum_map(arena, NULL);
    datum_put(arena, root, STR("Resources"), NULL, resources);
    return root;
}

// ---- identifiers ----

// Where "NAME=" begins, at the start or behind a comma, or SIZE_MAX.
static size_t find_name(Str text, Str name, size_t from)
{
    for (size_t at = str_find(text, name, from); at != SIZE_MAX; at = str_find(text, name, at + 1))
        if ((at == 0 || text.ptr[at - 1] == ',') && at + name.len < text.len &&
            text.ptr[at + name.len] == '=')
            return at;
    return SIZE_MAX;
}

// The value behind "NAME=", up to the next of the properties: values may have commas themselves.
static Str given_value(Str given, const CfnTexts *properties, Str name)
{
    size_t at = find_name(given, name, 0);
    if (at == SIZE_MAX)
        return STR_NONE;
    size_t start = at + name.len + 1;
    size_t end = given.len;
    for (size_t i = 0; i < properties->len; i++) {
        size_t next = find_name(given, properties->items[i], start);
        end = next != SIZE_MAX && next - 1 < end ? next - 1 : end;
    }
    return str_slice(given, start, end);
}

static Str stated_value(const Datum *program, const ImportTarget *target, Str name)
{
    const Datum *block = datum_get(section_of(program, RESOURCES), target->logical_id);
    const Datum *value = datum_get(datum_get(block, STR("Properties")), name);
    bool literal = value && (value->kind == DATUM_STRING || value->kind == DATUM_NUMBER);
    return literal ? value->text : STR_NONE;
}

static bool refuse_missing(Arena *arena, const ImportTarget *target, const CfnTexts *properties,
    Str name, ImportProblem *problem)
{
    Buf hint;
    buf_init(&hint, 0);
    buf_add_format(&hint, "--resource %.*s=", STR_FMT(target->logical_id));
    for (size_t i = 0; i < properties->len && properties->len > 1; i++)
        buf_add_format(&hint, "%s%.*s=VALUE", i ? "," : "", STR_FMT(properties->items[i]));
    if (properties->len == 1)
        buf_add_text(&hint, "VALUE");
    refuse(problem, target->logical_id,
        str_format(arena, "nothing says which %.*s '%.*s' is: AWS finds it by its %.*s",
            STR_FMT(target->type), STR_FMT(target->logical_id), STR_FMT(name)),
        buf_copy(&hint, arena));
    buf_release(&hint);
    return false;
}

bool import_identify(Arena *arena, const Datum *program, ImportTarget *target,
    const CfnTexts *properties, ImportProblem *problem)
{
    if (!properties->len)
        return refuse(problem, target->logical_id,
            str_format(arena, "AWS cannot import '%.*s': %.*s has no identifier",
                STR_FMT(target->logical_id), STR_FMT(target->type)),
            STR_NONE);
    bool used = !target->given.len;
    for (size_t i = 0; i < properties->len; i++) {
        Str name = properties->items[i];
        Str given = given_value(target->given, properties, name);
        Str stated = stated_value(program, target, name);
        if (!given.ptr && properties->len == 1)
            given = target->given;
        used = used || given.len;
        if (given.len && stated.len && !str_equal(given, stated))
            return refuse(problem, target->logical_id,
                str_format(arena, "%.*s of '%.*s' is '%.*s' in the program, not '%.*s'",
                    STR_FMT(name), STR_FMT(target->logical_id), STR_FMT(stated), STR_FMT(given)),
                STR("make the program say what is there before it is imported"));
        if (!given.len && !stated.len)
            return refuse_missing(arena, target, properties, name, problem);
        NamedText pair = {name, given.len ? given : stated};
        VEC_ADD(arena, &target->identifier, pair);
    }
    return used || refuse_missing(arena, target, properties, properties->items[0], problem);
}
